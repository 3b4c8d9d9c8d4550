/**
 * The parts of a multipart content, one after the other, as they come.
 *
 * ```text
 *   Content ◀─pull─ Parts (octets → pieces, by wire/multipart.ts)
 *                     │
 *       for await (part of c.parts())          name, filename, type, headers
 *          for await (piece of part.content)   lent views
 *          part.body                           a stream of owned chunks
 *          await part.bytes(), part.text()     collected
 * ```
 *
 * Nothing is pulled until somebody asks, for a part or for data of one, so that a
 * client is only read as fast as its upload is dealt with. A part that was left
 * unread, or in the middle, is passed over when the next one is asked for.
 *
 * The one surprise: there is one stream of octets below, and so one part at a
 * time. Whoever asks a part for more after the next one was asked for gets a
 * `TypeError`, and never another part's data.
 *
 * What the client did wrong is thrown where it was met, in the loop over the parts
 * or over a part's content: content that breaks off never looks like the whole.
 *
 * @module
 */

import { Fault } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Fields } from "../wire/fields.ts";
import { charsetOf } from "../wire/media_type.ts";
import {
  type MultipartPiece,
  MultipartReader,
  type PartLimits,
} from "../wire/multipart.ts";
import type { PartHead } from "../wire/part_head.ts";
import { handled } from "./handled.ts";
import { gathered, lent, OVER, owned, type Pieces } from "./pieces.ts";
import { decoderFor } from "./text.ts";

/**
 * One part of a multipart form: a field, or a file where it has a `filename`.
 *
 * Its data are read in one of four ways, and by one reader: `content`, `body`,
 * `bytes()` or `text()`, until the next part is asked for. What `bytes()` has
 * collected stays.
 */
export interface Part {
  /** The name of the field, as the client has it. */
  readonly name: string;
  /**
   * The name of the file as the client sent it, `undefined` where there is none.
   * It is text of somebody else's, which may be empty, `../../etc/passwd`,
   * `C:\con` or have line breaks: to show, and never a path to write to.
   */
  readonly filename: string | undefined;
  /** The media type in lower case, without parameters; default `text/plain`. */
  readonly type: string;
  /** Its field lines, the values read as UTF-8. */
  readonly headers: Fields;
  /** Its data piece by piece, each lent until the next is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Its data as a stream of chunks that are the reader's; made when asked for. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * All of its data. Every call gives the same array.
   *
   * @throws {HttpError} 413 beyond `limits.partField` for a part that is no file;
   *   and as the content throws
   * @throws {TypeError} when another reader has begun, or the part is over
   */
  bytes(): Promise<Uint8Array>;
  /**
   * All of its data as text, in the charset that its type names, or UTF-8.
   *
   * @throws {HttpError} 400 when it is not in that charset, 415 when there is no
   *   such charset; and as {@linkcode Part.bytes}
   */
  text(): Promise<string>;
}

/** The bounds that act on parts. */
type Bounds = PartLimits & Pick<Limits, "partField">;

/** The parts of one content. It is iterated once. */
export class Parts implements AsyncIterableIterator<Part, void, void> {
  readonly #pieces: AsyncIterator<Uint8Array, void>;
  readonly #reader: MultipartReader;
  readonly #mostInField: number;
  #current: PartReader | undefined;
  #state: "open" | "busy" | "over" = "open";
  /** Whether nobody wants any more, though a read may be pending. */
  #left = false;
  #failure: { readonly error: unknown } | undefined;

  /** The parts in `content` between these boundaries. */
  constructor(
    content: AsyncIterable<Uint8Array, void>,
    boundary: string,
    limits: Bounds,
  ) {
    this.#pieces = content[Symbol.asyncIterator]();
    this.#reader = new MultipartReader(boundary, limits);
    this.#mostInField = limits.partField;
  }

  /** Passes over what is left of the part before, and gives the next one. */
  next(): Promise<IteratorResult<Part, void>> {
    return handled(this.#next());
  }

  async #next(): Promise<IteratorResult<Part, void>> {
    if (this.#left || this.#state === "over") return OVER;
    if (this.#state === "busy") {
      throw new TypeError("Cannot give the next part: a read is pending");
    }
    this.#current = undefined;
    for (;;) {
      const piece = await this.#piece();
      if (this.#left) return OVER;
      if (piece.kind === "end") {
        await this.#finish();
        return OVER;
      }
      if (piece.kind !== "part") continue;
      const part = new PartReader(this, piece.head, this.#mostInField);
      this.#current = part;
      return { done: false, value: part };
    }
  }

  /** Leaves the rest: the connection clears it, or closes. */
  async return(): Promise<IteratorResult<Part, void>> {
    this.#left = true;
    this.#current = undefined;
    await this.#pieces.return?.();
    return OVER;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next data of `part`; `undefined` at its end.
   *
   * @internal
   */
  async dataOf(part: PartReader): Promise<Uint8Array | undefined> {
    if (this.#failure) throw this.#failure.error;
    if (this.#current !== part) {
      throw new TypeError(
        "Cannot read the part: its time is over, and another was asked for",
      );
    }
    if (this.#state === "busy") {
      throw new TypeError("Cannot read the part: a read is pending");
    }
    const piece = await this.#piece();
    if (piece.kind === "data") return piece.bytes;
    return undefined;
  }

  async #piece(): Promise<Exclude<MultipartPiece, Fault | { kind: "more" }>> {
    if (this.#failure) throw this.#failure.error;
    this.#state = "busy";
    try {
      for (;;) {
        const piece = this.#reader.next();
        if (piece.kind === "fault") throw piece;
        if (piece.kind !== "more") return piece;
        await this.#feed();
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#state = "open";
    }
  }

  /** Takes more of the content, or says that it was all. */
  async #feed(): Promise<boolean> {
    const { value } = await this.#pieces.next();
    if (value !== undefined) {
      this.#reader.feed(value);
      return true;
    }
    const fault = this.#reader.finish();
    if (fault) throw fault;
    return false;
  }

  /** What follows the last delimiter is read as well: its framing may be wrong. */
  async #finish(): Promise<void> {
    this.#state = "busy";
    try {
      let more = true;
      while (more) {
        const piece = this.#reader.next();
        if (piece.kind === "fault") throw piece;
        more = await this.#feed();
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#state = "over";
    }
  }
}

/** A part over the pieces that come. */
class PartReader implements Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string;
  readonly headers: Fields;
  readonly #parts: Parts;
  readonly #most: number;
  readonly #charset: string | undefined;
  #state: "untouched" | "pulled" | "ended" = "untouched";
  #bytes: Promise<Uint8Array> | undefined;
  #body: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;

  constructor(parts: Parts, head: PartHead, mostInField: number) {
    this.name = head.name;
    this.filename = head.filename;
    this.type = head.media.type;
    this.headers = head.headers;
    this.#parts = parts;
    this.#charset = charsetOf(head.media);
    this.#most = head.filename === undefined ? mostInField : Infinity;
  }

  get content(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#pieces() };
  }

  #pieces(): Pieces {
    return lent({
      kept: () => this.#bytes,
      begin: () => this.#begin(),
      pull: () => this.#pull(),
    });
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#body ??= owned(() => this.#pieces());
  }

  bytes(): Promise<Uint8Array> {
    return this.#bytes ??= handled(this.#collect());
  }

  text(): Promise<string> {
    return handled(this.#decoded());
  }

  async #decoded(): Promise<string> {
    const decode = decoderFor(this.#charset, "part");
    return decode(await this.bytes());
  }

  #begin(): void {
    if (this.#state !== "untouched") {
      throw new TypeError("Cannot read the part: it is being read already");
    }
    this.#state = "pulled";
  }

  async #pull(): Promise<Uint8Array | undefined> {
    if (this.#state === "ended") return undefined;
    const piece = await this.#parts.dataOf(this);
    if (piece === undefined) this.#state = "ended";
    return piece;
  }

  async #collect(): Promise<Uint8Array> {
    this.#begin();
    let size = 0;
    return await gathered(async () => {
      const piece = await this.#pull();
      size += piece?.length ?? 0;
      if (size > this.#most) throw new Fault("part-field");
      return piece;
    });
  }
}
