/**
 * Entity-tags: opaque names for what a representation is at the moment.
 *
 * ```text
 * ETag: "5f3-18c9"                 octet for octet the same       strong
 * ETag: W/"5f3-18c9"               good for the same purpose      weak
 * If-None-Match: "a", W/"b", "c"   a list of them, or *
 * ```
 *
 * | first | second | strongly the same | weakly the same |
 * | ----- | ------ | ----------------- | --------------- |
 * | `"1"` | `"1"`  | yes               | yes             |
 * | W/"1" | `"1"`  | no                | yes             |
 * | W/"1" | W/"1"  | no                | yes             |
 * | W/"1" | W/"2"  | no                | no              |
 *
 * The one surprise: a backslash in a tag is a backslash. A tag is between quotes
 * and yet no quoted string, so the lists of `wire/list.ts` read it wrong.
 *
 * RFC 9110 §8.8.3, §13.1.1 and §13.1.2.
 *
 * @module
 */

import { isSpace, trimSpace } from "./list.ts";
import { consistsOf, octets } from "./octets.ts";

/** A tag that was read. */
export interface EntityTag {
  /** Whether it says no more than that two things are good for the same. */
  readonly weak: boolean;
  /** What is between the quotes. */
  readonly opaque: string;
}

const QUOTE = 0x22;
const COMMA = 0x2C;

/** `etagc`: visible ASCII without the quote, and obs-text (RFC 9110 §8.8.3). */
const ETAGC: Uint8Array = octets("!", ["#", "~"], ["\x80", "\xFF"]);

/**
 * A tag as it is sent.
 *
 * @throws {TypeError} when it has a quote, white space, a control, or what is no
 *   octet
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(writeEntityTag({ weak: true, opaque: "7" }), 'W/"7"');
 * ```
 */
export function writeEntityTag({ weak, opaque }: EntityTag): string {
  if (!consistsOf(ETAGC, opaque)) {
    throw new TypeError(
      "Cannot write an entity-tag: it has a quote, white space or a control",
    );
  }
  return `${weak ? "W/" : ""}"${opaque}"`;
}

/**
 * One tag; `undefined` when it is malformed. `W` is upper case.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseEntityTag('W/"7"'), { weak: true, opaque: "7" });
 * assertEquals(parseEntityTag("7"), undefined);
 * ```
 */
export function parseEntityTag(text: string): EntityTag | undefined {
  const weak = text.startsWith("W/");
  const start = weak ? 2 : 0;
  const last = text.length - 1;
  if (last <= start) return undefined;
  if (text.charCodeAt(start) !== QUOTE || text.charCodeAt(last) !== QUOTE) {
    return undefined;
  }
  const opaque = text.slice(start + 1, last);
  return consistsOf(ETAGC, opaque) ? { weak, opaque } : undefined;
}

/**
 * The tags of `If-Match` or `If-None-Match` in their order, `"*"` for any tag at
 * all. What is malformed is left out, and so matches nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseEntityTags('"a,b", W/"c", d'), [
 *   { weak: false, opaque: "a,b" },
 *   { weak: true, opaque: "c" },
 * ]);
 * assertEquals(parseEntityTags("*"), "*");
 * ```
 */
export function parseEntityTags(text: string): "*" | EntityTag[] {
  if (trimSpace(text) === "*") return "*";
  const tags: EntityTag[] = [];
  for (let start = 0; start < text.length;) {
    const end = memberEnd(text, start);
    const tag = parseEntityTag(trimSpace(text.slice(start, end)));
    if (tag !== undefined) tags.push(tag);
    start = end + 1;
  }
  return tags;
}

/**
 * Where the next comma outside of a tag stands. A quote opens a tag at its start
 * alone, so that one that is astray does not take the rest of the list with it.
 */
function memberEnd(text: string, start: number): number {
  let from = start;
  while (isSpace(text.charCodeAt(from))) from++;
  if (text.startsWith("W/", from)) from += 2;
  if (text.charCodeAt(from) === QUOTE) {
    const close = text.indexOf('"', from + 1);
    if (close !== -1) from = close + 1;
  }
  while (from < text.length && text.charCodeAt(from) !== COMMA) from++;
  return from;
}

/** Strong comparison: the same, and neither is weak (RFC 9110 §8.8.3.2). */
export function isStronglyEqual(a: EntityTag, b: EntityTag): boolean {
  return !a.weak && !b.weak && a.opaque === b.opaque;
}

/** Weak comparison: the same, whether weak or not (RFC 9110 §8.8.3.2). */
export function isWeaklyEqual(a: EntityTag, b: EntityTag): boolean {
  return a.opaque === b.opaque;
}
