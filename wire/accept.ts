/**
 * Which of the media types on offer the client likes best: `Accept`.
 *
 * ```text
 * Accept: text/html, application/json;q=0.9, text/*;q=0.1
 * offers: application/json, text/plain                  →  application/json
 * ```
 *
 * Each offer is weighed by the most specific range that fits it, and by that one
 * alone: `text/html;level=1` before `text/html` before `text/*` before the range
 * of everything. The heaviest offer wins, between equals the one met by the more
 * specific range, then the first.
 *
 * The one surprise: a field without one well-formed member is as good as no
 * field, and takes the first offer. A member that cannot be read is skipped; to
 * refuse a request for a wish would help nobody.
 *
 * RFC 9110 §12.4.2 and §12.5.1.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { listMembers } from "./list.ts";
import { type MediaType, parseMediaType } from "./media_type.ts";
import { parseWeight } from "./weighted.ts";

/** What a member of `Accept` says. */
export interface MediaRange extends MediaType {
  /** How much it is liked, 0 (not at all) to 1. */
  readonly weight: number;
}

/** Browsers send up to eight; what is beyond 64 is not read. */
const MOST_RANGES: number = FIXED.accept.default;

const ANYTHING = "*/*";

/**
 * The best of `offers` for a client that sent `accept`; `undefined` when it takes
 * none of them (406). Without the field it takes anything, so the first.
 *
 * An offer is a media type as it would be sent in `Content-Type`. A parameter of
 * a range has to be on the offer as well, its case aside.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const offers = ["application/json", "text/html"];
 * assertEquals(preferred(undefined, offers), "application/json");
 * assertEquals(preferred("text/*, application/*;q=0.1", offers), "text/html");
 * assertEquals(preferred("image/png", offers), undefined);
 * ```
 */
export function preferred(
  accept: string | undefined,
  offers: readonly string[],
): string | undefined {
  const ranges = accept === undefined ? [] : parseAccept(accept);
  if (ranges.length === 0) return offers[0];
  let best: string | undefined;
  let [weight, rank] = [0, 0];
  for (const offer of offers) {
    const range = closest(ranges, offer);
    if (range === undefined || range.weight === 0) continue;
    if (
      range.weight < weight ||
      (range.weight === weight && rankOf(range) <= rank)
    ) continue;
    [best, weight, rank] = [offer, range.weight, rankOf(range)];
  }
  return best;
}

/**
 * The well-formed members of an `Accept` field in the order sent, at most 64.
 * The weight is taken out of the parameters, wherever it stands among them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [range] = parseAccept("text/html;q=0.5;level=1");
 * assertEquals([range?.type, range?.weight, range?.parameters.size], ["text/html", 0.5, 1]);
 * ```
 */
export function parseAccept(accept: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const member of listMembers(accept, MOST_RANGES)) {
    const range = parseRange(member);
    if (range !== undefined) ranges.push(range);
  }
  return ranges;
}

function parseRange(member: string): MediaRange | undefined {
  const read = parseMediaType(member);
  if (read === undefined) return undefined;
  if (read.type.startsWith("*/") && read.type !== ANYTHING) return undefined;
  const q = read.parameters.get("q");
  if (q === undefined) return { ...read, weight: 1 };
  const weight = parseWeight(q);
  if (weight === undefined) return undefined;
  const parameters = new Map(read.parameters);
  parameters.delete("q");
  return { type: read.type, parameters, weight };
}

/** The most specific of the ranges that fit `offer`, the first among equals. */
function closest(
  ranges: readonly MediaRange[],
  offer: string,
): MediaRange | undefined {
  const type = parseMediaType(offer);
  if (type === undefined) return undefined;
  let found: MediaRange | undefined;
  for (const range of ranges) {
    if (!fits(range, type)) continue;
    if (found === undefined || rankOf(range) > rankOf(found)) found = range;
  }
  return found;
}

function fits(range: MediaRange, offer: MediaType): boolean {
  if (range.type.endsWith("/*")) {
    if (
      range.type !== ANYTHING && !offer.type.startsWith(range.type.slice(0, -1))
    ) return false;
  } else if (range.type !== offer.type) {
    return false;
  }
  for (const [name, value] of range.parameters) {
    if (offer.parameters.get(name)?.toLowerCase() !== value.toLowerCase()) {
      return false;
    }
  }
  return true;
}

/** Anything, any subtype, a type; and among those of one kind by parameters. */
function rankOf(range: MediaRange): number {
  const kind = range.type === ANYTHING ? 1 : range.type.endsWith("/*") ? 2 : 3;
  return kind * 100 + range.parameters.size;
}
