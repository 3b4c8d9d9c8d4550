/**
 * The content of a form with files, `multipart/form-data`: octets into the heads
 * of parts, their data, and their ends.
 *
 * ```text
 *   feed(octets) ──▶ next() ──▶ more │ part │ data │ part-end │ end │ Fault
 *
 *   --b CRLF                                         ┐ part { name: "title" }
 *   Content-Disposition: form-data; name="title" CRLF┘
 *   CRLF
 *   Hine e Hine                                        data
 *   CRLF --b-- CRLF                                    part-end, end
 * ```
 *
 * Octets may come cut anywhere, and the pieces tell the same story (data in other
 * cuts). Nothing is kept but a head that has not ended yet: data are views of what
 * was fed, lent until the next piece is asked for.
 *
 * Between parts stands the delimiter, `CRLF "--" boundary`. It is looked for by
 * its last octet, in strides of its own length (Horspool). The one surprise is
 * why that needs no more care: CR stands in a delimiter only at its first place,
 * as no boundary may have one. So where a likely place turns out to be none, none
 * begins within what was compared; no octet is compared twice, whatever boundary
 * and content are; and of a delimiter that is cut, a number is all that is kept.
 *
 * Strict where two readers might disagree: lines end with CRLF; what follows a
 * delimiter is white space and CRLF, or else it is refused, because content that
 * has the delimiter in it was made by nobody who chose a boundary that has not.
 * What stands before the first and behind the last delimiter is dropped, up to
 * 8 KiB each. A form that ends before its closing delimiter is refused, however
 * much of it came.
 *
 * RFC 2046 §5.1.1, RFC 7578 §4.1.
 *
 * @module
 */

import { Fault, type FaultCode } from "../errors.ts";
import { FIXED, type Limits } from "../limits.ts";
import { type PartHead, PartHeadReader } from "./part_head.ts";

/** What {@linkcode MultipartReader.next} found. */
export type MultipartPiece =
  /** What was fed is used up: feed more, or say that it was all. */
  | { readonly kind: "more" }
  /** A part begins. */
  | { readonly kind: "part"; readonly head: PartHead }
  /** Data of it, lent until the next piece is asked for. */
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** The part has come whole. */
  | { readonly kind: "part-end" }
  /** The form has come whole. */
  | { readonly kind: "end" }
  /** It is refused; nothing follows. */
  | Fault;

/** The bounds on the parts of a form. */
export type PartLimits = Pick<
  Limits,
  "parts" | "files" | "partHead" | "partHeadFields"
>;

/** What is read next. */
type State =
  /** What stands before the first delimiter. */
  | "preamble"
  /** What follows a delimiter: two hyphens, or white space and CRLF. */
  | "delimited"
  /** The white space and CRLF behind a closing delimiter. */
  | "closed"
  | "epilogue"
  | "head"
  | "data"
  | "over";

const CR = 0x0D;
const LF = 0x0A;
const SP = 0x20;
const HTAB = 0x09;
const HYPHEN = 0x2D;

/** The length of the line end with which a delimiter begins. */
const CRLF = 2;
const NOTHING = new Uint8Array(0);
const MORE: MultipartPiece = { kind: "more" };
const PART_END: MultipartPiece = { kind: "part-end" };
const END: MultipartPiece = { kind: "end" };

/** So much may stand outside of the delimiters, on either side. */
const MOST_OUTSIDE: number = FIXED.formMargin.default;

/**
 * Reads a form part by part. The boundary is what `boundaryOf` of `form_type.ts`
 * lets pass.
 *
 * @example
 * ```ts
 * import { resolveLimits } from "../limits.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new MultipartReader("b", resolveLimits());
 * reader.feed(new TextEncoder().encode(
 *   '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
 * ));
 * const story: string[] = [];
 * for (let piece = reader.next(); piece.kind !== "more"; piece = reader.next()) {
 *   story.push(piece.kind === "part" ? `part ${piece.head.name}` : piece.kind);
 *   if (piece.kind === "end") break;
 * }
 * assertEquals(story, ["part a", "data", "part-end", "end"]);
 * ```
 */
export class MultipartReader {
  readonly #limits: PartLimits;
  /** `CRLF "--" boundary`. */
  readonly #delimiter: Uint8Array;
  /** How far the next place may be, by the octet at the last one; 0: look closer. */
  readonly #strides: Uint8Array;
  #head: PartHeadReader;

  #state: State = "preamble";
  #bytes: Uint8Array = NOTHING;
  #at = 0;
  /** Octets of a delimiter that have come; at first as if its CRLF had. */
  #matched = CRLF;
  /** Which of these are no data whatever follows: the CRLF of the line before. */
  #borrowed = CRLF;
  /** What of the line behind a delimiter has come: a hyphen or a CR. */
  #half = 0;
  /** White space of that line, which counts as head. */
  #padding = 0;
  #outside = 0;
  #preamble: Uint8Array[] = [];
  #parts = 0;
  #files = 0;
  #fault: Fault | undefined;

  constructor(boundary: string, limits: PartLimits) {
    this.#limits = limits;
    this.#delimiter = Uint8Array.from(
      `\r\n--${boundary}`,
      (c) => c.charCodeAt(0),
    );
    this.#strides = stridesOf(this.#delimiter);
    this.#head = new PartHeadReader(limits);
  }

  /** Takes the next octets, once those before are used up. They are lent. */
  feed(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  /** All has come. What is wrong with that, or `undefined`. */
  finish(): Fault | undefined {
    if (this.#fault) return this.#fault;
    const complete = this.#state === "epilogue" || this.#state === "over" ||
      this.#state === "closed" && this.#half === 0;
    if (complete) {
      this.#state = "over";
      return undefined;
    }
    return this.#refuse("form-cut");
  }

  /** The next piece. The end of the form comes once, and then `more` for ever. */
  next(): MultipartPiece {
    if (this.#fault) return this.#fault;
    const whole = this.#delimiter.length;
    while (this.#at < this.#bytes.length || this.#matched === whole) {
      const piece = this.#step();
      if (piece !== undefined) return piece;
    }
    return MORE;
  }

  #step(): MultipartPiece | undefined {
    switch (this.#state) {
      case "preamble":
      case "data":
        return this.#untilDelimiter();
      case "delimited":
        return this.#behindDelimiter();
      case "head":
        return this.#inHead();
      case "closed":
        return this.#behindClosing();
      default:
        return this.#drop();
    }
  }

  // ── data ───────────────────────────────────────────────────────────────────

  /** What comes before a delimiter, or that it has ended. */
  #untilDelimiter(): MultipartPiece | undefined {
    if (this.#matched > 0) return this.#goOn();
    const from = this.#at;
    const found = this.#find(from);
    // What of the delimiter is here belongs to nobody until the rest has come.
    this.#at = Math.min(found + this.#delimiter.length, this.#bytes.length);
    this.#matched = this.#at - found;
    if (found > from) return this.#give(this.#bytes.subarray(from, found));
    return this.#matched === this.#delimiter.length
      ? this.#delimited()
      : undefined;
  }

  /** More of a delimiter that was cut; or it was none, and its octets are data. */
  #goOn(): MultipartPiece | undefined {
    const delimiter = this.#delimiter;
    const bytes = this.#bytes;
    let matched = this.#matched;
    let at = this.#at;
    while (
      matched < delimiter.length && at < bytes.length &&
      bytes[at] === delimiter[matched]
    ) {
      matched++;
      at++;
    }
    this.#at = at;
    this.#matched = matched;
    if (matched === delimiter.length) return this.#delimited();
    if (at === bytes.length) return undefined;
    const from = this.#borrowed;
    this.#matched = 0;
    this.#borrowed = 0;
    // A copy: who is lent it may write to it.
    return matched > from
      ? this.#give(delimiter.slice(from, matched))
      : undefined;
  }

  #delimited(): MultipartPiece | undefined {
    const within = this.#state === "data";
    this.#matched = 0;
    this.#borrowed = 0;
    this.#half = 0;
    this.#padding = 0;
    this.#state = "delimited";
    return within ? PART_END : undefined;
  }

  #give(bytes: Uint8Array): MultipartPiece | undefined {
    if (this.#state === "data") return { kind: "data", bytes };
    const fault = this.#leaveOut(bytes.length);
    if (fault === undefined) this.#preamble.push(bytes.slice());
    return fault;
  }

  /** Whether the preamble has a delimiter that is not at the begin of a line. */
  #hidesDelimiter(): boolean {
    const text = (octets: Uint8Array) => String.fromCharCode(...octets);
    const preamble = this.#preamble.map(text).join("");
    return preamble.includes(text(this.#delimiter.subarray(CRLF)));
  }

  /** Where the delimiter stands, or begins at the end of what is here. */
  #find(from: number): number {
    const delimiter = this.#delimiter;
    const strides = this.#strides;
    const bytes = this.#bytes;
    const last = delimiter.length - 1;
    const stop = bytes.length - last;
    let at = from;
    while (at < stop) {
      const stride = strides[bytes[at + last]!]!;
      if (stride > 0) {
        at += stride;
      } else if (bytes[at] !== CR) {
        at++;
      } else {
        let same = 1;
        while (same <= last && bytes[at + same] === delimiter[same]) same++;
        if (same > last) return at;
        at += same;
      }
    }
    return this.#beginning(Math.max(at, from));
  }

  /** Where the last octets are the first of a delimiter; else the end. */
  #beginning(from: number): number {
    const delimiter = this.#delimiter;
    const bytes = this.#bytes;
    let at = bytes.indexOf(CR, from);
    while (at !== -1) {
      let same = 1;
      while (at + same < bytes.length && bytes[at + same] === delimiter[same]) {
        same++;
      }
      if (at + same === bytes.length) return at;
      at = bytes.indexOf(CR, at + same);
    }
    return bytes.length;
  }

  // ── delimiters ─────────────────────────────────────────────────────────────

  /** `"--"` of a closing delimiter, or `*LWSP CRLF` and then a part. */
  #behindDelimiter(): MultipartPiece | undefined {
    const octet = this.#bytes[this.#at++]!;
    if (octet === HYPHEN && this.#padding === 0 && this.#half !== CR) {
      if (this.#half === HYPHEN) {
        // Browsers send a form of nothing so. Where another delimiter stands in a
        // line before, what is behind that was meant to be parts.
        if (this.#parts === 0 && this.#hidesDelimiter()) {
          return this.#refuse("form-empty");
        }
        this.#half = 0;
        this.#state = "closed";
        return END;
      }
      this.#half = HYPHEN;
      return undefined;
    }
    if (this.#half === HYPHEN) return this.#refuse("form-delimiter");
    if (!this.#isLineEnd(octet)) return this.#fault;
    if (this.#parts === this.#limits.parts) return this.#refuse("parts");
    this.#parts++;
    this.#head = new PartHeadReader(this.#limits, this.#padding);
    this.#state = "head";
    return undefined;
  }

  /** `*LWSP [CRLF epilogue]`. */
  #behindClosing(): MultipartPiece | undefined {
    if (this.#isLineEnd(this.#bytes[this.#at++]!)) this.#state = "epilogue";
    return this.#fault;
  }

  /** Whether white space and CRLF have come to their end. */
  #isLineEnd(octet: number): boolean {
    if (this.#half === CR && octet === LF) return true;
    if (this.#half === 0 && octet === CR) {
      this.#half = CR;
    } else if (this.#half === 0 && (octet === SP || octet === HTAB)) {
      if (++this.#padding > this.#limits.partHead) this.#refuse("part-head");
    } else {
      this.#refuse("form-delimiter");
    }
    return false;
  }

  #drop(): MultipartPiece | undefined {
    const count = this.#bytes.length - this.#at;
    this.#at = this.#bytes.length;
    return this.#state === "over" ? undefined : this.#leaveOut(count);
  }

  #leaveOut(count: number): MultipartPiece | undefined {
    this.#outside += count;
    if (this.#outside <= MOST_OUTSIDE) return undefined;
    return this.#refuse("form-margin");
  }

  // ── heads ──────────────────────────────────────────────────────────────────

  #inHead(): MultipartPiece | undefined {
    this.#at = this.#head.read(this.#bytes, this.#at);
    const { result } = this.#head;
    if (result === undefined) return undefined;
    if (result instanceof Fault) return this.#stop(result);
    if (result.filename !== undefined && ++this.#files > this.#limits.files) {
      return this.#refuse("files");
    }
    this.#state = "data";
    // A part may have nothing behind its lines, `[CRLF *OCTET]`: then the CRLF of
    // the empty line is that of the delimiter.
    this.#matched = CRLF;
    this.#borrowed = CRLF;
    return { kind: "part", head: result };
  }

  #refuse(code: FaultCode): Fault {
    return this.#stop(new Fault(code));
  }

  #stop(fault: Fault): Fault {
    this.#fault = fault;
    this.#bytes = NOTHING;
    return fault;
  }
}

/**
 * How far the delimiter may be moved when its last place meets an octet: to the
 * last of its other places that has this octet, or all of it.
 */
function stridesOf(delimiter: Uint8Array): Uint8Array {
  const last = delimiter.length - 1;
  const strides = new Uint8Array(256).fill(delimiter.length);
  for (let i = 0; i < last; i++) strides[delimiter[i]!] = last - i;
  strides[delimiter[last]!] = 0;
  return strides;
}
