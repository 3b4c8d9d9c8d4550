/**
 * Runs and words of octets, as they lie in a buffer: what a scanner asks of them
 * without making a string.
 *
 * @module
 */

import { isSpace } from "./list.ts";

/** The octets of ASCII text. */
export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** Where the first octet stands that is not of `table`; `stop` if there is none. */
export function skip(
  table: Uint8Array,
  bytes: Uint8Array,
  from: number,
  stop: number,
): number {
  let i = from;
  while (i < stop && table[bytes[i]!] === 1) i++;
  return i;
}

/** Where white space ends. */
export function skipSpace(
  bytes: Uint8Array,
  from: number,
  stop: number,
): number {
  let i = from;
  while (i < stop && isSpace(bytes[i]!)) i++;
  return i;
}

/**
 * Of four octets those that are controls, DEL or above 0x7F, each by its highest
 * bit; the subtractions may mark an octet above such a one as well.
 */
export function othersOf(word: number): number {
  const controls = word - 0x20202020;
  const deletes = (word ^ 0x7F7F7F7F) - 0x01010101;
  return (controls | deletes | word) & 0x80808080;
}

/** Whether the octets are `word`, which is in lower case, in any case. */
export function equals(
  bytes: Uint8Array,
  start: number,
  end: number,
  word: Uint8Array,
): boolean {
  return end - start === word.length && startsWith(bytes, start, end, word);
}

/**
 * Setting bit 0x20 folds ASCII letters and leaves digits and `-` alone. It
 * folds some controls to those as well, and a scanned octet is none.
 */
export function startsWith(
  bytes: Uint8Array,
  start: number,
  end: number,
  word: Uint8Array,
): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if ((bytes[start + i]! | 0x20) !== word[i]) return false;
  }
  return true;
}

/** RFC 9110 §5.6.1: each member of a list, trimmed; empty ones are passed over. */
export function eachMember(
  bytes: Uint8Array,
  start: number,
  end: number,
  member: (start: number, end: number) => void,
): void {
  for (let from = start, i = start; i <= end; i++) {
    if (i < end && bytes[i] !== 0x2C) continue;
    let to = i;
    while (from < to && isSpace(bytes[from]!)) from++;
    while (to > from && isSpace(bytes[to - 1]!)) to--;
    if (to > from) member(from, to);
    from = i + 1;
  }
}

/** Whether the octets from `start` on are `text`, in its case. */
export function matches(
  bytes: Uint8Array,
  start: number,
  text: string,
): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
