/**
 * Which part of a representation a client asks for: `Range: bytes=…`.
 *
 * ```text
 * bytes=0-499      the first 500 octets       bytes=500-      all behind those
 * bytes=-500       the last 500               bytes=0-0,1-9   several, here one
 * ```
 *
 * | asked for                                     | answer            |
 * | --------------------------------------------- | ----------------- |
 * | one range that begins before the end          | 206               |
 * | ranges that together are one, in any order    | 206, that one     |
 * | ranges with something between them            | 200, all of it    |
 * | nothing that is there                         | 416               |
 * | another unit, a malformed field, too many     | 200, all of it    |
 * | anything of what is empty                     | 200, all of it    |
 *
 * A server may always send all of it (RFC 9110 §14.2), and does so rather than
 * several parts in one answer, which nobody but old PDF readers asks for, and
 * which made servers send a file a hundred times over (CVE-2011-3192).
 *
 * The one surprise: numbers may have any number of digits, so they are compared
 * as digits before they are numbers. A last position beyond the end is the end.
 *
 * RFC 9110 §14.1, §14.2, §14.4 and §15.5.17.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { listMembers } from "./list.ts";

/** A part, both ends included. */
export interface ByteRange {
  /** The position of the first octet, from 0. */
  readonly first: number;
  /** The position of the last one. */
  readonly last: number;
}

/** More than that is not a wish but an attack. */
const MOST_RANGES: number = FIXED.ranges.default;

const UNIT = "bytes=";

/** One member: an int-range, or a suffix-range that has no first position. */
interface Spec {
  readonly first: string;
  readonly last: string;
}

/**
 * What to send of `size` octets to a GET with `field` for its `Range`: a part,
 * `"all"`, or `"none"`, which is a 416.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(selectRange("bytes=2-", 10), { first: 2, last: 9 });
 * assertEquals(selectRange("bytes=-3", 10), { first: 7, last: 9 });
 * assertEquals(selectRange("bytes=10-", 10), "none");
 * assertEquals(selectRange("lines=1-2", 10), "all");
 * ```
 */
export function selectRange(
  field: string | undefined,
  size: number,
): ByteRange | "all" | "none" {
  const specs = field === undefined ? undefined : parseSpecs(field);
  if (specs === undefined || size === 0) return "all";
  const ranges = specs.map((spec) => satisfied(spec, size))
    .filter((range) => range !== undefined);
  return ranges.length === 0 ? "none" : joined(ranges) ?? "all";
}

/** The value of `Content-Range` beside a part. */
export function contentRange({ first, last }: ByteRange, size: number): string {
  return `bytes ${first}-${last}/${size}`;
}

/** The value of `Content-Range` beside a 416. */
export function unsatisfiedRange(size: number): string {
  return `bytes */${size}`;
}

/** The members of the set; `undefined` where one is invalid (RFC 9110 §14.1.1). */
function parseSpecs(field: string): Spec[] | undefined {
  // A unit minds no case (RFC 9110 §14.1).
  if (field.slice(0, UNIT.length).toLowerCase() !== UNIT) return undefined;
  const members = listMembers(field.slice(UNIT.length), MOST_RANGES + 1);
  if (members.length === 0 || members.length > MOST_RANGES) return undefined;
  const specs: Spec[] = [];
  for (const member of members) {
    const spec = parseSpec(member);
    if (spec === undefined) return undefined;
    specs.push(spec);
  }
  return specs;
}

function parseSpec(member: string): Spec | undefined {
  const dash = member.indexOf("-");
  if (dash === -1) return undefined;
  const first = member.slice(0, dash);
  const last = member.slice(dash + 1);
  if (!isDigits(first) || !isDigits(last)) return undefined;
  if (first === "" && last === "") return undefined;
  const valid = first === "" || last === "" || compare(first, last) <= 0;
  return valid ? { first, last } : undefined;
}

/** The part that a member is; `undefined` where nothing of it is there. */
function satisfied({ first, last }: Spec, size: number): ByteRange | undefined {
  const end = size - 1;
  if (first === "") {
    const count = Math.min(numberOf(last), size);
    return count === 0 ? undefined : { first: size - count, last: end };
  }
  const from = numberOf(first);
  if (from >= size) return undefined;
  return {
    first: from,
    last: last === "" ? end : Math.min(numberOf(last), end),
  };
}

/** The one part that all of them are; `undefined` where there is a gap. */
function joined(ranges: readonly ByteRange[]): ByteRange | undefined {
  const [head, ...tail] = ranges.toSorted((a, b) => a.first - b.first);
  let { first, last } = head!;
  for (const range of tail) {
    if (range.first > last + 1) return undefined;
    last = Math.max(last, range.last);
  }
  return { first, last };
}

/** Whether there are only digits, or nothing. */
function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Of what is beyond all sizes, nothing but that is of interest. */
function numberOf(digits: string): number {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : Infinity;
}

/** Which of two numbers is the greater, however long they are. */
function compare(a: string, b: string): number {
  const [x, y] = [significant(a), significant(b)];
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}

function significant(digits: string): string {
  let zeros = 0;
  while (digits.charCodeAt(zeros) === 0x30) zeros++;
  return digits.slice(zeros);
}
