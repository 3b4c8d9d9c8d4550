/**
 * Lists in which each member may have a weight: what the fields
 * `Accept-Encoding`, `Accept-Language` and `Accept-Charset` are.
 *
 * ```text
 * br, gzip;q=0.5, *;q=0    →   br 1 · gzip 0.5 · * 0
 * ```
 *
 * Values come out in lower case, for none of these fields minds the case. Without
 * a weight it is 1.
 *
 * The one surprise: a member that cannot be read is skipped, and so is one that is
 * behind the 64th. To refuse a request for a wish would help nobody.
 *
 * RFC 9110 §12.4.2.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { listMembers, trimSpace } from "./list.ts";
import { isToken } from "./octets.ts";

/** A member of such a list. */
export interface Weighted {
  /** What is wished for, in lower case; `*` is whatever no other member names. */
  readonly value: string;
  /** How much it is liked, 0 (not at all) to 1. */
  readonly weight: number;
}

const MOST_MEMBERS: number = FIXED.accept.default;

/**
 * The well-formed members in the order sent, at most 64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseWeighted("GZIP ; q=0.5, b r"), [{ value: "gzip", weight: 0.5 }]);
 * ```
 */
export function parseWeighted(text: string): Weighted[] {
  const read: Weighted[] = [];
  for (const member of listMembers(text, MOST_MEMBERS)) {
    const one = parseMember(member);
    if (one !== undefined) read.push(one);
  }
  return read;
}

/** `token [ OWS ";" OWS "q=" qvalue ]` */
function parseMember(member: string): Weighted | undefined {
  const end = member.indexOf(";");
  const value = trimSpace(end === -1 ? member : member.slice(0, end));
  if (!isToken(value)) return undefined;
  const weight = end === -1 ? 1 : weightIn(trimSpace(member.slice(end + 1)));
  if (weight === undefined) return undefined;
  return { value: value.toLowerCase(), weight };
}

function weightIn(text: string): number | undefined {
  if (!text.startsWith("q=") && !text.startsWith("Q=")) return undefined;
  return parseWeight(text.slice(2));
}

/**
 * `qvalue`: 0 to 1 with up to three digits behind the point; `undefined` for what
 * is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([parseWeight("0.25"), parseWeight("2")], [0.25, undefined]);
 * ```
 */
export function parseWeight(text: string): number | undefined {
  if (text.length > 5 || !/^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(text)) {
    return undefined;
  }
  return Number(text);
}
