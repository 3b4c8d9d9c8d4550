/**
 * The content of a request on its way to whoever asks for it: bounded, read
 * once, and kept where it was collected.
 *
 * ```text
 *   socket ◀─pull─ ContentSource ◀─pull─ Content ◀─── bytes() text() json() …
 *                  (knows framing)      (knows limit)  content (lends views)
 *                                                      request.body
 * ```
 *
 * @module
 */

import { Fault } from "../errors.ts";
import { FIXED } from "../limits.ts";
import type { ContentSource } from "../messages.ts";
import { handled } from "./handled.ts";
import { gathered, lent, owned, type Pieces } from "./pieces.ts";

/** A source with nothing in it. */
export const NO_CONTENT: ContentSource = {
  length: 0,
  pull: () => Promise.resolve(undefined),
};

/**
 * The content of one request, pulled piece by piece.
 *
 * Iterating lends each piece: the bytes are overwritten by the next pull, so
 * copy what is kept. `limit` may be changed until the first pull.
 */
export class Content implements AsyncIterable<Uint8Array> {
  /** Bytes after which reading fails with 413; `Infinity` for no bound. */
  limit: number;
  /** The announced length in bytes, `undefined` for chunked content. */
  readonly length: number | undefined;
  readonly #source: ContentSource;
  #state: "untouched" | "pulled" | "collected" = "untouched";
  #taken = 0;
  /** All of it, once somebody asked. */
  #all: Uint8Array | Promise<Uint8Array> | undefined;
  /** Whether `#all` is a part of a buffer that others have parts of. */
  #shared = false;
  #bytes: Promise<Uint8Array> | undefined;

  /**
   * Content from `source`, up to `limit` bytes.
   *
   * @internal
   */
  constructor(source: ContentSource, limit: number) {
    this.#source = source;
    this.length = source.length;
    this.limit = limit;
  }

  /** Whether somebody pulled, so that another reader comes too late. */
  get used(): boolean {
    return this.#state === "pulled";
  }

  /**
   * Whether all of it is kept, or will be.
   *
   * @internal
   */
  get kept(): boolean {
    return this.#state === "collected";
  }

  /**
   * All of it, in bytes that are the caller's. Collected once: every call
   * gives the same array.
   *
   * @throws {TypeError} when somebody else has begun to pull
   * @throws {HttpError} 413 past the limit; 400 or 408 for what the peer did
   */
  bytes(): Promise<Uint8Array> {
    if (this.#state === "pulled") return Promise.reject(pulledAlready());
    return this.#bytes ??= handled(this.#own());
  }

  async #own(): Promise<Uint8Array> {
    const all = await this.collected();
    return this.#shared ? all.slice() : all;
  }

  /**
   * All of it, to be read and neither kept nor written to. It is no promise where
   * all has come; then it may throw what `bytes` rejects with.
   *
   * @internal
   */
  collected(): Uint8Array | Promise<Uint8Array> {
    if (this.#all !== undefined) return this.#all;
    if (this.#state === "pulled") throw pulledAlready();
    this.#state = "collected";
    if ((this.length ?? 0) > this.limit) throw this.#tooLong();
    const whole = this.#source.readWhole?.((bytes) => {
      this.#shared = bytes.length <= MOST_SHELVED;
      this.#all = this.#shared ? shelved(bytes) : new Uint8Array(bytes);
    });
    return whole
      ? this.#all!
      : this.#all = handled(gathered(() => this.#pull()));
  }

  /** Each piece, lent until the next is asked for. */
  [Symbol.asyncIterator](): Pieces {
    return lent({
      kept: () => this.kept ? this.bytes() : undefined,
      begin: () => this.#begin(),
      pull: () => this.#pull(),
    });
  }

  #begin(): void {
    if (this.#state === "pulled") {
      throw new TypeError("Cannot pull the content: somebody else pulls it");
    }
    this.#state = "pulled";
  }

  /**
   * A stream of owned chunks for `request.body`; it pulls when it is pulled. What
   * went through it from start to end is kept, unless it is long, for whoever reads
   * it did perhaps no more than look.
   */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let passed: Uint8Array[] | undefined = [];
    return owned(() => this[Symbol.asyncIterator](), (piece) => {
      if (piece === undefined) this.#keep(passed);
      else if (this.#taken > MOST_KEPT) passed = undefined;
      else passed?.push(new Uint8Array(piece));
    });
  }

  /** All that was pulled is there again, as if it had been collected. */
  #keep(passed: readonly Uint8Array[] | undefined): void {
    if (passed === undefined || this.#state !== "pulled") return;
    this.#all = new Uint8Array(this.#taken);
    let at = 0;
    for (const piece of passed) {
      this.#all.set(piece, at);
      at += piece.length;
    }
    this.#state = "collected";
  }

  /**
   * Enforces the limit on the announced length, before anything is read, and on what
   * has come.
   */
  async #pull(): Promise<Uint8Array | undefined> {
    if ((this.length ?? 0) > this.limit) throw this.#tooLong();
    const piece = await this.#source.pull();
    this.#taken += piece?.length ?? 0;
    if (this.#taken > this.limit) throw this.#tooLong();
    return piece;
  }

  #tooLong(): Fault {
    this.#source.refuse?.();
    return new Fault("content-size");
  }
}

function pulledAlready(): TypeError {
  return new TypeError(
    "Cannot collect the content: it is being pulled already, or was",
  );
}

/** So much of what went through a stream is kept. */
const MOST_KEPT: number = FIXED.requestKept.default;
/** Contents up to here are put on a shelf. */
const MOST_SHELVED = 4 * 1024;
const SHELF = 64 * 1024;
let shelf = new Uint8Array(0);
let shelvedTo = 0;

/**
 * A copy, in one buffer with others: to make a buffer of 1 KiB costs 0.7 µs, and
 * a part of one 0.2. Never for who could reach the rest, through `buffer`.
 */
function shelved(bytes: Uint8Array): Uint8Array {
  if (shelvedTo + bytes.length > shelf.length) {
    shelf = new Uint8Array(SHELF);
    shelvedTo = 0;
  }
  const copy = shelf.subarray(shelvedTo, shelvedTo += bytes.length);
  copy.set(bytes);
  return copy;
}
