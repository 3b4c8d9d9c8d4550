/**
 * What a handler set on its context, put on the answer that it returned.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import type { Fields } from "../wire/fields.ts";
import { listMembers } from "../wire/list.ts";

/**
 * Adds `lines` (name, value, name, value …) to the fields of an answer. Cookies
 * join, and so does Vary, which grows by what everybody looked at (RFC 9110
 * §12.5.5). Of any other name, what the answer had stays with `keep`, and gives
 * way without.
 */
export function mergeLines(
  own: Fields,
  lines: readonly string[],
  keep: boolean,
): void {
  const had = new Set(own.lines.filter((_, i) => i % 2 === 0));
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i]!;
    const value = lines[i + 1]!;
    if (name === "set-cookie") addOnce(own, name, value);
    else if (name === "vary") addVary(own, value);
    else if (!had.has(name)) own.append(name, value);
    else if (!keep) {
      own.set(name, value);
      had.delete(name);
    }
  }
}

/** An answer that was made of an earlier one has its lines already. */
function addOnce(own: Fields, name: string, value: string): void {
  const { lines } = own;
  for (let i = 0; i < lines.length; i += 2) {
    if (lines[i] === name && lines[i + 1] === value) return;
  }
  own.append(name, value);
}

function addVary(own: Fields, value: string): void {
  const had = listMembers(own.get("vary")?.toLowerCase() ?? "", MOST_VARY);
  const news = listMembers(value, MOST_VARY).filter((member) =>
    !had.includes(member.toLowerCase())
  );
  if (news.length > 0) own.append("vary", news.join(", "));
}

const MOST_VARY: number = FIXED.varied.default;

/** Fields about the content that an error takes the place of (RFC 9110 §8). */
const ABOUT_CONTENT = new Set([
  "accept-ranges",
  "age",
  "cache-control",
  "content-digest",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-md5",
  "content-range",
  "content-type",
  "digest",
  "etag",
  "expires",
  "last-modified",
  "repr-digest",
]);

/** What a 416 says of what may be asked for (RFC 9110 §14.3 and §15.5.17). */
const ABOUT_RANGES = new Set(["accept-ranges", "content-range"]);

/**
 * The lines that hold for an error as well: not those about what was not sent.
 */
export function besidesContent(
  lines: readonly string[],
  status?: number,
): string[] {
  return lines.filter((_, i) => {
    const name = lines[i - i % 2]!;
    if (status === 416 && ABOUT_RANGES.has(name)) return true;
    return !isAboutContent(name);
  });
}

/** Whether a field speaks of content that an error takes the place of. */
export function isAboutContent(name: string): boolean {
  return ABOUT_CONTENT.has(name);
}
