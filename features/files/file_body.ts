/**
 * A file that is open, or a part of it, as the content of an answer.
 *
 * | length    | is read                                                        |
 * | --------- | -------------------------------------------------------------- |
 * | to 64 KiB | at once, into the place that it is sent from                   |
 * | above     | in pieces of 256 KiB; between two of them others have a turn   |
 *
 * It is read synchronously as long as it comes from memory: that takes 6 µs a piece
 * where a promise takes 60. A read that took longer than a millisecond came from a
 * disk. Then whatever is long is read asynchronously for a second, before one piece
 * is tried again. So a disk that sleeps keeps the loop waiting once a second at
 * most for long files, and once for each short one.
 *
 * Just the announced bytes are sent. Where the file became shorter meanwhile, the
 * connection is broken off, for what would fill the gap is not in the file.
 *
 * The file is closed when all of it is read, when the client leaves, and when
 * nobody sends it. Should somebody lose it, it is closed when it is collected.
 *
 * The one surprise: pieces are lent in buffers that go from one transfer to the
 * next. There are 64 of 256 KiB; who comes when all are lent gets one of 16 KiB, so
 * that ten thousand slow clients hold 160 MiB and not 2.5 GiB.
 *
 * @module
 */

import { FIXED } from "../../limits.ts";
import { Fetched } from "../../response/body.ts";

/** Up to here a file is read at once. */
const SHORT: number = FIXED.fileAtOnce.default;
/** The best size of a piece: larger ones are not faster. */
const LARGE: number = FIXED.filePiece.default;
/** The size when many are sent at the same time. */
const SMALL: number = FIXED.fileShortPiece.default;
/** So many large buffers there are at most. */
const MOST_LARGE: number = FIXED.filePieces.default;

const kept: Uint8Array<ArrayBuffer>[] = [];
let lent = 0;

function takeBuffer(length: number): Uint8Array<ArrayBuffer> {
  if (length <= SMALL || lent === MOST_LARGE) return new Uint8Array(SMALL);
  lent++;
  return kept.pop() ?? new Uint8Array(LARGE);
}

function giveBack(buffer: Uint8Array<ArrayBuffer>): void {
  if (buffer.length !== LARGE) return;
  lent--;
  kept.push(buffer);
}

/** A read that takes so many milliseconds is none from memory. */
const SLOW: number = FIXED.fileSlow.default;
/** For so long nobody is kept waiting again. */
const WARY: number = FIXED.fileWary.default;

/** Until when long files are read asynchronously. */
let waryUntil = -Infinity;

/** What has to be let go of: a file, and a buffer once it is read. */
interface Held {
  readonly file: Deno.FsFile;
  buffer?: Uint8Array<ArrayBuffer> | undefined;
}

/** Closes what nobody closed. Another buffer will be made for that which is lost. */
const FORGOTTEN = new FinalizationRegistry<Held>(({ file, buffer }) => {
  file.close();
  if (buffer?.length === LARGE) lent--;
});

/** The content of an open file. */
export class FileBody extends Fetched {
  readonly length: number;
  readonly isShort: boolean;
  readonly #first: number;
  #file: Deno.FsFile | undefined;

  /** `length` bytes of `file` from `first` on. The file is closed by the body. */
  constructor(file: Deno.FsFile, first: number, length: number) {
    super();
    this.#file = file;
    this.#first = first;
    this.length = length;
    this.isShort = length <= SHORT;
    FORGOTTEN.register(this, { file }, this);
  }

  fill(into: Uint8Array): void {
    const file = this.#takeFile();
    try {
      for (let rest = into; rest.length > 0;) {
        const count = file.readSync(rest);
        if (count === null) throw shorter();
        rest = rest.subarray(count);
      }
    } finally {
      file.close();
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return new Reading(this.#takeFile(), this.length);
  }

  /** The file, where the part begins; whoever has it closes it. */
  #takeFile(): Deno.FsFile {
    const file = this.#file;
    if (file === undefined) {
      throw new TypeError("Cannot send a file twice: return file() again");
    }
    this.#file = undefined;
    FORGOTTEN.unregister(this);
    if (this.#first > 0) {
      try {
        file.seekSync(this.#first, Deno.SeekMode.Start);
      } catch (error) {
        file.close();
        throw error;
      }
    }
    return file;
  }
}

function shorter(): Error {
  return new Error(
    "Cannot send the rest of a file: it became shorter while it was sent",
  );
}

/** Reads piece after piece into one buffer. */
class Reading implements AsyncIterator<Uint8Array> {
  readonly #held: Held;
  #left: number;
  /** Whether a read is at work, in the buffer and on the file. */
  #reading = false;
  #over = false;

  constructor(file: Deno.FsFile, length: number) {
    this.#held = { file };
    this.#left = length;
    FORGOTTEN.register(this, this.#held, this);
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#left === 0) this.#end();
    if (this.#over) return { done: true, value: undefined };
    const buffer = this.#held.buffer ??= takeBuffer(this.#left);
    const most = Math.min(this.#left, buffer.length);
    const into = buffer.subarray(0, most);
    const count = performance.now() < waryUntil
      ? await this.#read(into)
      : this.#readNow(into);
    if (count === null) throw shorter();
    this.#left -= count;
    return { done: false, value: buffer.subarray(0, count) };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#end();
    return { done: true, value: undefined };
  }

  #readNow(into: Uint8Array): number | null {
    const start = performance.now();
    const count = this.#held.file.readSync(into);
    const end = performance.now();
    if (end - start > SLOW) waryUntil = end + WARY;
    return count;
  }

  /** What fails here, or comes to an end too early, is closed by `return`. */
  async #read(into: Uint8Array): Promise<number | null> {
    this.#reading = true;
    try {
      return await this.#held.file.read(into);
    } finally {
      this.#reading = false;
      if (this.#over) this.#free();
    }
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    // A read that is at work writes into the buffer until it has ended.
    if (!this.#reading) this.#free();
  }

  #free(): void {
    FORGOTTEN.unregister(this);
    const { file, buffer } = this.#held;
    file.close();
    if (buffer !== undefined) giveBack(buffer);
    this.#held.buffer = undefined;
  }
}
