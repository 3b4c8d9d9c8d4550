/**
 * A body that is coded piece by piece, as it is pulled.
 *
 * ```text
 *   source ◀─pull─ Pieces ◀─ 64 KiB ─ transform ─ 16 KiB ─▶ who sends it
 *                    │                    ▲
 *                    └ lets wait ─ flush ─┘
 * ```
 *
 * What the source gives is kept back until there is enough of it, or until the
 * source lets wait: then all of it is flushed, so that an event arrives when it
 * happens, and a page that is made of many short pieces is coded as well as a
 * long one.
 *
 * A coder runs where everything runs, and so after each 64 KiB others get a turn.
 * Nothing is pulled that nobody waits for. Whoever stops pulling says so with
 * `return`, which frees the coder and ends the source, also while a pull is
 * pending; a generator would only hear of it afterwards. What breaks, the source or
 * the coder, ends both as well.
 *
 * @module
 */

import { FIXED } from "../../limits.ts";
import type { Pieces, Streamed } from "../../response/body.ts";
import type { Coder } from "./coders.ts";

/** A pending promise gets so many turns before it counts as slow. */
export const TURNS = 24;
/** So much is coded before others get a turn. */
const STRETCH: number = FIXED.codedStretch.default;
/** So much is kept back for the sake of fewer and longer pieces. */
const ENOUGH: number = FIXED.codedPiece.default;

const DONE = { done: true, value: undefined } as const;

/** `pieces`, coded. */
export function coded(coder: Coder, pieces: Pieces): Streamed {
  return { [Symbol.asyncIterator]: () => new Coded(coder, pieces) };
}

type Transform = ReturnType<Coder["transform"]>;

class Coded implements AsyncIterator<Uint8Array> {
  readonly #coder: Coder;
  readonly #pieces: Pieces;
  /** What is being coded, and how much of it was. */
  #piece: Uint8Array | undefined;
  #at = 0;
  /** Made when the first piece is coded: a body may be let go of unread. */
  #made: Transform | undefined;
  #out: Uint8Array[] = [];
  #size = 0;
  /** Whether something was written since the last flush. */
  #kept = false;
  /** What was coded since others had a turn. */
  #stretch = 0;
  #over = false;
  /** Settles the step that is being waited for. */
  #settle: ((error?: unknown) => void) | undefined;

  constructor(coder: Coder, pieces: Pieces) {
    this.#coder = coder;
    this.#pieces = pieces;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      while (!this.#over && this.#size < ENOUGH && await this.#go()) continue;
    } catch (error) {
      // A source that broke may still hold what it read from, as a file.
      this.#pieces.stop(error);
      this.#free();
      throw error;
    }
    return this.#size === 0 ? DONE : { done: false, value: this.#take() };
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#over) this.#pieces.stop(undefined);
    this.#free();
    this.#out = [];
    this.#size = 0;
    return Promise.resolve(DONE);
  }

  /** One step. Whether to go on, or to give what there is. */
  async #go(): Promise<boolean> {
    if (this.#piece !== undefined) {
      await this.#code(this.#piece);
      return true;
    }
    let found = await this.#pieces.soon(TURNS);
    if (found === undefined) {
      if (this.#kept) {
        await this.#flush();
        return this.#size === 0;
      }
      found = await this.#pieces.soon(Infinity);
    }
    if (found === "end") {
      await this.#end();
      return false;
    }
    this.#piece = this.#pieces.take();
    return true;
  }

  async #code(piece: Uint8Array): Promise<void> {
    const slice = piece.subarray(this.#at, this.#at + STRETCH);
    this.#at += slice.length;
    if (this.#at === piece.length) {
      this.#piece = undefined;
      this.#at = 0;
    }
    if (slice.length === 0) return;
    this.#kept = true;
    await this.#step((done) => this.#transform.write(slice, done));
    this.#stretch += slice.length;
    if (this.#stretch < STRETCH) return;
    this.#stretch = 0;
    // deno-lint-ignore no-node-globals -- a timer of no time takes 2 ms
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async #flush(): Promise<void> {
    this.#kept = false;
    await this.#step((done) => this.#transform.flush(this.#coder.flush, done));
  }

  async #end(): Promise<void> {
    await this.#step((done) => {
      this.#transform.once("end", done);
      this.#transform.end();
    });
    this.#free();
  }

  get #transform(): Transform {
    if (this.#made !== undefined) return this.#made;
    const made = this.#made = this.#coder.transform();
    made.on("data", (bytes: Uint8Array) => {
      this.#out.push(bytes);
      this.#size += bytes.length;
    });
    made.on("error", (error: unknown) => this.#settle?.(error));
    return made;
  }

  /** Waits until `begin` is done, the coder breaks, or nobody wants it any more. */
  #step(begin: (done: (error?: unknown) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => error ? reject(error) : resolve();
      this.#settle = settle;
      if (this.#over) settle();
      else begin(settle);
    });
  }

  #free(): void {
    this.#over = true;
    this.#piece = undefined;
    this.#made?.destroy();
    this.#settle?.();
  }

  #take(): Uint8Array {
    const [only] = this.#out;
    const all = this.#out.length === 1 && only !== undefined
      ? only
      : joined(this.#out, this.#size);
    this.#out = [];
    this.#size = 0;
    return all;
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
