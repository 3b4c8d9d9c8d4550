/**
 * From bytes to requests: heads, content, and faults. Pure and synchronous.
 *
 * The parser is fed bytes however they were cut and gives {@linkcode Piece}s.
 * That it needs more is a piece, too: incomplete is no error.
 *
 * ```text
 *        feed(bytes)                      ┌──▶ more    feed me
 *             │                           ├──▶ head    a request begins
 *   ┌─────────▼──────────┐    next()      ├──▶ data    some of its content, lent
 *   │  one buffer, once  │ ───────────────┼──▶ end     the request is whole
 *   └────────────────────┘                └──▶ fault   and nothing behind it
 * ```
 *
 * What the octets of a head mean is found by `wire/head_scan.ts`, what stands
 * between chunks by `wire/chunk_scan.ts`; here is what follows from it, in the
 * order of RFC 9112 §6.3. The story is the same for every way of cutting the
 * bytes. It is of use alone, in a proxy, a test or a browser:
 *
 * ```ts
 * import { RequestParser } from "@no8/wire/parser";
 * import { assertEquals } from "@std/assert";
 *
 * const parser = new RequestParser();
 * parser.feed(new TextEncoder().encode("GET /a HTTP/1.1\r\nHost: b\r\n\r\n"));
 * const head = parser.next();
 * assertEquals(head.kind === "head" && head.path, "/a");
 * assertEquals(parser.next().kind, "end");
 * assertEquals(parser.next().kind, "more");
 * ```
 *
 * @module
 */

import { Fault, type FaultCode } from "./errors.ts";
import { CHUNK_OVERHEAD, type Limits, resolveLimits } from "./limits.ts";
import { Head, lines } from "./parser/head.ts";
import { decoded, latin1 } from "./parser/latin1.ts";
import { ChunkScan } from "./wire/chunk_scan.ts";
import { HeadScan, TARGET_END, TARGET_START } from "./wire/head_scan.ts";
import { checkTarget } from "./wire/target.ts";

export { Fault, type FaultCode, FAULTS, HttpError } from "./errors.ts";
export { LIMITS, type Limits } from "./limits.ts";
export type { RequestHead } from "./messages.ts";
export { Head } from "./parser/head.ts";

/** The bytes do not tell yet: feed more. */
export interface More {
  /** Tells it from the other pieces. */
  readonly kind: "more";
}

/** Some of the content. The bytes are lent until the next `feed` or `space`. */
export interface Data {
  /** Tells it from the other pieces. */
  readonly kind: "data";
  /** The bytes, lent. */
  readonly bytes: Uint8Array;
}

/** The request is whole, with the trailer fields that came behind chunks. */
export interface End {
  /** Tells it from the other pieces. */
  readonly kind: "end";
  /** The trailer section, names in lower case; empty where there was none. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** What {@linkcode RequestParser.next} found. */
export type Piece = More | Head | Data | End | Fault;

const MORE: More = { kind: "more" };
const END: End = { kind: "end", trailers: [] };

/** What {@linkcode RequestParser} takes. */
export interface ParserOptions {
  /** Bounds, by their names in `serve`; the defaults are the same. */
  readonly limits?: Partial<Limits>;
  /** Whether the bytes came under TLS: `https` is then the scheme of targets. */
  readonly secure?: boolean;
}

/** Where the parser is in a message. */
type State =
  | "head"
  | "fixed"
  | "chunked"
  | "data"
  | "trailers"
  | "end"
  | "failed";

/** Enough for a head of few fields; a buffer grows while it is found full. */
const SMALL = 1024;
/** What an idle connection keeps where its requests have needed it. */
const KEPT = 4 * SMALL;
/** What bulk content is read with: the least that keeps a socket busy. */
const LARGE = 64 * 1024;

/** Turns the bytes of one connection into requests, one after the other. */
export class RequestParser {
  readonly #limits: Limits;
  readonly #secure: boolean;
  readonly #scan: HeadScan;

  /** `#bytes` from `#start` to `#end` have come and are not yet consumed. */
  #bytes: Uint8Array = new Uint8Array(SMALL);
  #start = 0;
  #end = 0;
  #full = false;

  /** Decoded `#bytes` from `#pageStart` on, for the heads that lie there. */
  #page = "";
  #pageStart = 0;
  /** Whether what has come is not all ASCII, so that no page can be made of it. */
  #mixed = false;

  #state: State = "head";
  #left = 0;
  /** Whether bytes were lent to somebody who may have kept them. */
  #lent = false;
  #chunks: ChunkScan | undefined;
  #trailers: HeadScan | undefined;
  #fault: Fault | undefined;

  /**
   * A parser for one connection.
   *
   * @throws {RangeError} when a limit is not a number from 0 to Infinity
   * @throws {TypeError} when there is no limit of a name
   */
  constructor(options: ParserOptions = {}) {
    this.#limits = resolveLimits(options.limits);
    this.#secure = options.secure ?? false;
    this.#scan = new HeadScan(this.#limits);
  }

  /** Whether a request has begun and its head has not ended. */
  get inHead(): boolean {
    return this.#state === "head" &&
      (!this.#scan.waiting || this.#end > this.#start + this.#scan.skipped);
  }

  /** The method of the head that is read or was read last; `""` before it is known. */
  get method(): string {
    return this.#scan.method;
  }

  /** How many bytes have come and are not consumed. */
  get buffered(): number {
    return this.#end - this.#start;
  }

  /**
   * Whether it may serve another connection: nothing has begun, and nobody has
   * a part of its buffer, who would see there what the other peer sends.
   *
   * @internal
   */
  get isReusable(): boolean {
    return this.#state === "head" && this.buffered === 0 && !this.inHead &&
      !this.#lent && this.#bytes.length <= KEPT;
  }

  /** Feeds a copy of `bytes`. A socket reads into `space()` instead. */
  feed(bytes: Uint8Array): void {
    for (let fed = 0; fed < bytes.length;) {
      const part = bytes.subarray(fed, fed + LARGE);
      this.#ensure(part.length);
      this.#bytes.set(part, this.#end);
      this.filled(part.length);
      fed += part.length;
    }
  }

  /**
   * Room for the next bytes, at least one. What was lent by `next()` is gone
   * with this call. Say with {@linkcode RequestParser.filled} how many came.
   */
  space(): Uint8Array {
    this.#ensure(1);
    // A view costs as much as a line of a head.
    return this.#end === 0 ? this.#bytes : this.#bytes.subarray(this.#end);
  }

  /** That many bytes were put at the start of the last `space()`. */
  filled(count: number): void {
    this.#end += count;
    this.#full = this.#end === this.#bytes.length;
  }

  /** Takes up to `most` bytes that were not consumed, for who takes the connection over. */
  takeRest(most = Infinity): Uint8Array {
    const end = Math.min(this.#end, this.#start + most);
    const rest = this.#bytes.slice(this.#start, end);
    this.#start = end;
    return rest;
  }

  /** The next piece of what has come. A fault is the last one, for ever. */
  next(): Piece {
    switch (this.#state) {
      case "head":
        return this.#nextHead();
      case "fixed":
      case "data":
        return this.#nextData();
      case "chunked":
        return this.#nextChunk();
      case "trailers":
        return this.#nextTrailers();
      case "end":
        return this.#endMessage(END);
      case "failed":
        return this.#fault!;
    }
  }

  /**
   * The peer sends no more: the fault that this is, or `undefined` where no
   * request has begun (RFC 9112 §8).
   */
  finish(): Fault | undefined {
    if (this.#state === "head") {
      return this.inHead ? this.#fail("head-cut") : undefined;
    }
    return this.#state === "failed" ? this.#fault : this.#fail("content-cut");
  }

  #nextHead(): Piece {
    const scan = this.#scan;
    const found = scan.scan(this.#bytes, this.#start, this.#end);
    if (found === "more") return MORE;
    if (found !== "head") return this.#fail(found);

    const base = this.#start + scan.skipped;
    const wrong = this.#checkHead(base);
    if (wrong !== undefined) return this.#fail(wrong);

    this.#state = scan.chunked ? "chunked" : scan.length > 0 ? "fixed" : "end";
    this.#left = Math.max(scan.length, 0);
    this.#start = base + scan.at;
    return new Head(scan, this.#textAt(base), scan.at);
  }

  /** What only the whole head can tell, in the order of RFC 9112 §3 and §6.3. */
  #checkHead(base: number): FaultCode | undefined {
    const scan = this.#scan;
    const { table } = scan;
    const wrong = checkTarget(
      scan.method,
      this.#secure,
      this.#bytes,
      base + table[TARGET_START]!,
      base + table[TARGET_END]!,
    );
    if (wrong !== undefined) return wrong;
    if (scan.hosts === 0 && scan.minor > 0) return "host-missing";
    if (scan.codings > 0) return this.#checkCodings();
    return scan.unmet && scan.minor > 0 ? "expectation" : undefined;
  }

  /** RFC 9112 §6.1 and §6.3: what else would be read two ways is refused. */
  #checkCodings(): FaultCode | undefined {
    const scan = this.#scan;
    if (scan.minor === 0) return "coding-version";
    if (scan.length !== -1) return "framing";
    if (!scan.chunked) return "coding";
    if (scan.unknownCoding) return "coding-unknown";
    return scan.unmet ? "expectation" : undefined;
  }

  /** RFC 9112 §6.2, and the data of one chunk. */
  #nextData(): Piece {
    const count = Math.min(this.#left, this.#end - this.#start);
    if (count === 0) return MORE;
    const bytes = this.#bytes.subarray(this.#start, this.#start + count);
    this.#start += count;
    this.#left -= count;
    this.#lent = true;
    if (this.#left === 0) this.#endData();
    return { kind: "data", bytes };
  }

  #endData(): void {
    if (this.#state === "fixed") {
      this.#state = "end";
    } else {
      this.#chunks!.endData();
      this.#state = "chunked";
    }
  }

  /** RFC 9112 §7.1: chunks, the last of which has no data. */
  #nextChunk(): Piece {
    const chunks = this.#chunks ??= new ChunkScan({
      chunkExtensions: this.#limits.chunkExtensions,
      overhead: CHUNK_OVERHEAD,
    });
    const found = chunks.scan(this.#bytes, this.#start, this.#end);
    this.#start = chunks.at;
    if (found === "more") return MORE;
    if (found !== "chunk") return this.#fail(found);
    this.#left = chunks.size;
    this.#state = chunks.size > 0 ? "data" : "trailers";
    return this.next();
  }

  /** RFC 9112 §7.1.2: trailer fields are bounded, and never merged into the head. */
  #nextTrailers(): Piece {
    const scan = this.#trailers ??= new HeadScan({
      target: 0,
      head: this.#limits.trailers,
      fields: this.#limits.trailerFields,
    }, true);
    const found = scan.scan(this.#bytes, this.#start, this.#end);
    if (found === "more") return MORE;
    if (found !== "head") return this.#fail(TRAILER_FAULTS[found] ?? found);
    if (scan.count === 0) {
      this.#start += scan.at;
      return this.#endMessage(END);
    }
    const text = latin1(this.#bytes, this.#start, this.#start + scan.at);
    this.#start += scan.at;
    return this.#endMessage({
      kind: "end",
      trailers: [...lines(scan.table, scan.count, text)],
    });
  }

  #endMessage(end: End): End {
    this.#scan.reset();
    this.#chunks = this.#trailers = undefined;
    this.#state = "head";
    return end;
  }

  #fail(code: FaultCode): Fault {
    this.#state = "failed";
    return this.#fault = new Fault(code);
  }

  /**
   * The head at `base` as text, a character an octet. Where several heads came
   * at once they are decoded at once: a decoder costs more to call than to use.
   */
  #textAt(base: number): string {
    const scan = this.#scan;
    const end = base + scan.at;
    if (scan.obsText) return latin1(this.#bytes, base, end);
    if (base < this.#pageStart || end > this.#pageStart + this.#page.length) {
      this.#pageStart = base;
      const whole = this.#state === "end" && !this.#mixed;
      this.#page = decoded(this.#bytes, base, whole ? this.#end : end);
      // Only once for what has come: otherwise each head would pay for the rest.
      this.#mixed ||= this.#page.length === 0;
      if (this.#page.length === 0) return latin1(this.#bytes, base, end);
    }
    const from = base - this.#pageStart;
    return from === 0 && this.#page.length === scan.at
      ? this.#page
      : this.#page.slice(from, from + scan.at);
  }

  /** Makes room: forgets what was consumed, then moves, then grows. */
  #ensure(least: number): void {
    // Nothing behind a fault is ever looked at.
    if (this.#start === this.#end || this.#state === "failed") {
      this.#start = this.#end = 0;
    }
    this.#page = "";
    this.#mixed = false;
    this.#resize();
    if (this.#bytes.length - this.#end >= least) return;
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#bytes.length - this.#end < least) {
      this.#replace(Math.max(this.#bytes.length * 2, this.#end + least));
    }
  }

  /** A buffer that was found full gets larger; an idle one gets small again. */
  #resize(): void {
    const size = this.#bytes.length;
    if (this.#full && size < LARGE) this.#replace(Math.min(size * 4, LARGE));
    else if (
      this.#end === 0 && size > KEPT && this.#state === "head" && !this.#full
    ) {
      this.#replace(KEPT);
    }
  }

  #replace(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = bytes;
    this.#scan.release();
    this.#full = false;
  }
}

/** What the bounds of a head are called when a trailer section breaks them. */
const TRAILER_FAULTS: Partial<Record<FaultCode, FaultCode>> = {
  "head-size": "trailer-size",
  "fields": "trailer-fields",
};
