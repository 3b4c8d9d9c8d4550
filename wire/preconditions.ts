/**
 * Conditions of a request: whether it is to be done at all, and how.
 *
 * ```text
 *   If-Match ─────────────┬ false ──▶ 412
 *   or If-Unmodified-Since┘
 *        │ true, or not there
 *   If-None-Match ────────┬ false ──▶ 304 to GET and HEAD, 412 to others
 *   or If-Modified-Since ─┘           (If-Modified-Since: GET and HEAD alone)
 *        │ true, or not there
 *   Range ── If-Range false ──▶ as if there were no Range
 * ```
 *
 * The order is that of RFC 9110 §13.2.2: who may not lose an update is asked
 * first, and a tag says more than a date, which then is not looked at.
 *
 * | field               | with        | compares                               |
 * | ------------------- | ----------- | -------------------------------------- |
 * | If-Match            | tags or `*` | strongly                               |
 * | If-Unmodified-Since | a date      | the file is not newer                  |
 * | If-None-Match       | tags or `*` | weakly                                 |
 * | If-Modified-Since   | a date      | the file is newer                      |
 * | If-Range            | a tag       | strongly                               |
 * |                     | a date      | the very same, and its second was over |
 *
 * Dates have whole seconds, so what is compared with them is cut to these. One
 * that is malformed is no condition (§13.1.3, §13.1.4).
 *
 * The one surprise: a malformed tag is not ignored but matches nothing. To
 * If-Match that is a 412, for a client that asks for care gets no less of it.
 *
 * These are conditions on what the answer would be without them: who would not
 * answer with a success does not ask here (§13.2.1).
 *
 * @module
 */

import { parseDate } from "./date.ts";
import {
  type EntityTag,
  isStronglyEqual,
  isWeaklyEqual,
  parseEntityTag,
  parseEntityTags,
} from "./etag.ts";

/** What tells one state of a representation from another. */
export interface Validators {
  /** Its tag, where it has one. */
  readonly etag?: EntityTag | undefined;
  /** When it was last changed in milliseconds, where that is known. */
  readonly lastModified?: number | undefined;
}

/** The request, as far as conditions are about it. */
export interface Conditional {
  /** The method as sent. */
  readonly method: string;
  /** The value of a field, several lines joined by `", "`. */
  header(name: string): string | undefined;
}

/** What the conditions come to: that is the status, unless the request goes on. */
export type Verdict = "go on" | 304 | 412;

/**
 * Whether a request goes on, by its conditions on the state of what it is about.
 *
 * @param current what is there now; `undefined` where there is nothing
 * @param now what time it is, for dates whose year has two digits
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const asked = (method: string, fields: Record<string, string>) => ({
 *   method,
 *   header: (name: string) => fields[name],
 * });
 * const current = { etag: { weak: false, opaque: "7" } };
 * const known = { "if-none-match": '"7"' };
 * assertEquals(evaluate(asked("GET", known), current, 0), 304);
 * assertEquals(evaluate(asked("PUT", known), current, 0), 412);
 * assertEquals(evaluate(asked("GET", { "if-none-match": '"8"' }), current, 0), "go on");
 * ```
 */
export function evaluate(
  asked: Conditional,
  current: Validators | undefined,
  now: number,
): Verdict {
  if (!mayBeDone(asked, current, now)) return 412;
  const reads = asked.method === "GET" || asked.method === "HEAD";
  const noneMatch = asked.header("if-none-match");
  if (noneMatch !== undefined) {
    if (!matches(noneMatch, current, isWeaklyEqual)) return "go on";
    return reads ? 304 : 412;
  }
  if (!reads) return "go on";
  const since = dateIn(asked, "if-modified-since", now);
  return isNotNewer(current, since) === true ? 304 : "go on";
}

/** Steps 1 and 2: nobody's update is lost. */
function mayBeDone(
  asked: Conditional,
  current: Validators | undefined,
  now: number,
): boolean {
  const match = asked.header("if-match");
  if (match !== undefined) return matches(match, current, isStronglyEqual);
  const since = dateIn(asked, "if-unmodified-since", now);
  return isNotNewer(current, since) !== false;
}

/** Whether one of the tags of `field` is that of what is there. */
function matches(
  field: string,
  current: Validators | undefined,
  isEqual: (a: EntityTag, b: EntityTag) => boolean,
): boolean {
  if (current === undefined) return false;
  const tags = parseEntityTags(field);
  if (tags === "*") return true;
  const { etag } = current;
  return etag !== undefined && tags.some((tag) => isEqual(tag, etag));
}

function dateIn(
  asked: Conditional,
  name: string,
  now: number,
): number | undefined {
  const field = asked.header(name);
  return field === undefined ? undefined : parseDate(field, now);
}

/** Whether what is there was not changed after `since`; `undefined` where nobody knows. */
function isNotNewer(
  current: Validators | undefined,
  since: number | undefined,
): boolean | undefined {
  const changed = current?.lastModified;
  if (changed === undefined || since === undefined) return undefined;
  return wholeSecond(changed) <= since;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/**
 * Whether `Range` is to be heeded: where there is no `If-Range`, and where it
 * names what is there now, so that the parts that the client has fit the ones to
 * come (RFC 9110 §13.1.5).
 *
 * A date does so only if its second was over when we looked: a file that may still
 * be changed within it is not told by it (§8.8.2.2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const asked = (tag: string) => ({ method: "GET", header: () => tag });
 * const current = { etag: { weak: false, opaque: "7" } };
 * assertEquals(isRangeWanted(asked('"7"'), current, 0), true);
 * assertEquals(isRangeWanted(asked('W/"7"'), current, 0), false);
 * ```
 */
export function isRangeWanted(
  asked: Conditional,
  { etag, lastModified }: Validators,
  now: number,
): boolean {
  const field = asked.header("if-range");
  if (field === undefined) return true;
  const tag = parseEntityTag(field);
  if (tag !== undefined) {
    return etag !== undefined && isStronglyEqual(tag, etag);
  }
  const date = parseDate(field, now);
  if (date === undefined || lastModified === undefined) return false;
  return wholeSecond(lastModified) === date && date + 1000 <= now;
}
