/**
 * Where octets stop being UTF-8.
 *
 * `TextDecoder` says that they are not, and not where. This is asked only once
 * that is known, so it is simple rather than fast.
 *
 * ```text
 * 61 C3 A9 C0 80   →  3      well-formed up to there (Unicode §3.9, Table 3-7)
 * ```
 *
 * The one surprise: a character that is cut at the end is wrong at its first
 * octet, and so is one whose second octet is out of its range, as in an overlong
 * form, a surrogate, or what is beyond U+10FFFF.
 *
 * RFC 3629 §4.
 *
 * @module
 */

/**
 * The place, from 0, of the first octet that begins no character; -1 where all is
 * UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(malformedAt(Uint8Array.of(0x61, 0xC3, 0xA9, 0xFF)), 3);
 * assertEquals(malformedAt(Uint8Array.of(0x61, 0xC3, 0xA9)), -1);
 * ```
 */
export function malformedAt(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at]! < 0x80 ? 1 : characterAt(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** The length of the character of several octets at `at`; 0 where there is none. */
function characterAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (first < 0xC2 || first > 0xF4) return 0;
  const second = bytes[at + 1] ?? 0;
  if (second < lowest(first) || second > highest(first)) return 0;
  for (let i = at + 2; i < at + length; i++) {
    if (((bytes[i] ?? 0) & 0xC0) !== 0x80) return 0;
  }
  return length;
}

function lowest(first: number): number {
  return first === 0xE0 ? 0xA0 : first === 0xF0 ? 0x90 : 0x80;
}

function highest(first: number): number {
  return first === 0xED ? 0x9F : first === 0xF4 ? 0x8F : 0xBF;
}
