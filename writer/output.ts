/**
 * Bytes on their way out, in buffers that go from one answer to the next: a new
 * one of 16 KiB would cost 5 µs, more than all else that is done for an answer.
 *
 * @module
 */

/** Room that an output begins with; most answers need less. */
const OUTPUT_SIZE = 4 * 1024;
/** A larger buffer is not kept for the next who needs one. */
const LARGEST_KEPT = 64 * 1024;
const MOST_KEPT = 64;

const kept: Uint8Array[] = [];

/** Bytes on their way out, in a buffer that is lent by those that went before. */
export class Output {
  /** The bytes, of which the first `length` are meant. */
  bytes: Uint8Array = kept.pop() ?? new Uint8Array(OUTPUT_SIZE);
  length = 0;

  /** Makes room for `more` bytes behind `length`. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const size = Math.max(this.bytes.length * 2, this.length + more);
    const longer = new Uint8Array(size);
    longer.set(this.written());
    this.release();
    this.bytes = longer;
  }

  /** What was written so far, lent. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Appends bytes. */
  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends text that has an octet a character. */
  putLatin1(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      this.bytes[this.length + i] = text.charCodeAt(i);
    }
    this.length += text.length;
  }

  /** Gives the buffer back; the output is not used again. */
  release(): void {
    if (this.bytes.length <= LARGEST_KEPT && kept.length < MOST_KEPT) {
      kept.push(this.bytes);
    }
    this.bytes = NOTHING;
  }
}

/** No bytes at all. */
export const NOTHING = new Uint8Array(0);
