/**
 * The chunked transfer coding, as it is written: what stands around the data.
 *
 * ```text
 * 1a CRLF  (26 octets)  CRLF      a chunk: its size in hexadecimal, its data
 * 0 CRLF  CRLF                    the last chunk, and no trailer section
 * ```
 *
 * The one surprise: a chunk of no octets is not written. Its size is 0, so it
 * would be the last, and what comes behind it would be taken for the next
 * answer; a size of 0 throws here.
 *
 * Reading is the parser's. RFC 9112 §7.1.
 *
 * @module
 */

/** What ends the data of a chunk. */
export const CRLF = "\r\n";

/** The last chunk and the empty trailer section behind it. */
export const LAST_CHUNK = "0\r\n\r\n";

/** The most octets that the head of a chunk takes: 14 digits and CRLF. */
export const CHUNK_HEAD_MOST = 16;

const CR = 0x0D;
const LF = 0x0A;

/**
 * The line before the data of a chunk.
 *
 * @param size the octets of the data, from 1
 * @throws {RangeError} when no chunk can have that size
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chunkHead(26), "1a\r\n");
 * ```
 */
export function chunkHead(size: number): string {
  checkSize(size);
  return size.toString(16) + CRLF;
}

/**
 * Writes the line before the data of a chunk into `into` from `at` on, without
 * an allocation, and gives the offset behind it.
 *
 * @param size the octets of the data, from 1
 * @throws {RangeError} when no chunk can have that size, or the line does not
 *   fit; {@linkcode CHUNK_HEAD_MOST} octets are always enough
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array(8);
 * assertEquals(writeChunkHead(bytes, 1, 26), 5);
 * assertEquals(bytes, Uint8Array.of(0, 0x31, 0x61, 0x0D, 0x0A, 0, 0, 0));
 * ```
 */
export function writeChunkHead(
  into: Uint8Array,
  at: number,
  size: number,
): number {
  checkSize(size);
  const end = at + digitsOf(size);
  if (end + 2 > into.length) {
    // A write beyond the end of an array is dropped without a word.
    throw new RangeError(
      "Cannot write the head of a chunk: there is no room for it",
    );
  }
  let rest = size;
  for (let i = end - 1; i >= at; i--) {
    const digit = rest % 16;
    into[i] = digit < 10 ? 0x30 + digit : 0x57 + digit;
    rest = (rest - digit) / 16;
  }
  into[end] = CR;
  into[end + 1] = LF;
  return end + 2;
}

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(
      `Cannot write a chunk of the size ${size}: it is not a whole number from 1`,
    );
  }
}

/** How many hexadecimal digits `size` has. */
function digitsOf(size: number): number {
  let digits = 1;
  for (let beyond = 16; size >= beyond; beyond *= 16) digits++;
  return digits;
}
