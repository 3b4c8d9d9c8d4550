/**
 * Which of the languages on offer the client likes best: `Accept-Language`.
 *
 * ```text
 * Accept-Language: de-CH, en;q=0.8, *;q=0.1
 *
 * offer     what speaks for it
 * de-CH     de-CH        it is the range itself                         1
 * de-CH-x   de-CH        the range and more: basic filtering            1
 * de        de-CH        the range is more of the same: lookup          1
 * fr        *            nothing else does                              0.1
 * ```
 *
 * Each offer is weighed by one range: by the longest that it is or begins with
 * (RFC 4647 §3.3.1); where there is none, by the heaviest that begins with it,
 * which is what lookup falls back to (§3.4); where there is none of these either,
 * by `*`. So `de;q=0` refuses `de` though `de-CH` is wished for.
 *
 * The heaviest offer wins. The one surprise: between equals the order of the field
 * decides, and only then that of the offers. User agents list languages as their
 * users prefer them, and many give all the same weight.
 *
 * RFC 9110 §12.5.4.
 *
 * @module
 */

import { parseWeighted, type Weighted } from "./weighted.ts";

/** The range that speaks for an offer, and its place in the field. */
interface Spoken {
  readonly weight: number;
  readonly place: number;
}

/**
 * The best of `offers`, which are language tags; `undefined` when the client takes
 * none of them. Without the field it takes any, so the first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const offers = ["en", "de", "fr-CA"];
 * assertEquals(preferredLanguage("de-CH, en;q=0.9", offers), "de");
 * assertEquals(preferredLanguage("fr", offers), "fr-CA");
 * assertEquals(preferredLanguage("mi", offers), undefined);
 * ```
 */
export function preferredLanguage<Tag extends string>(
  field: string | undefined,
  offers: readonly Tag[],
): Tag | undefined {
  const ranges = parseWeighted(field ?? "").filter(({ value }) =>
    isRange(value)
  );
  if (ranges.length === 0) return offers[0];
  let best: Tag | undefined;
  let won: Spoken = { weight: 0, place: Infinity };
  for (const offer of offers) {
    const spoken = speaksFor(offer.toLowerCase(), ranges);
    if (spoken === undefined || spoken.weight === 0) continue;
    if (!isBetter(spoken, won)) continue;
    best = offer;
    won = spoken;
  }
  return best;
}

function isBetter(one: Spoken, other: Spoken): boolean {
  return one.weight > other.weight ||
    one.weight === other.weight && one.place < other.place;
}

/** Filtering, else lookup, else `*`. */
function speaksFor(
  tag: string,
  ranges: readonly Weighted[],
): Spoken | undefined {
  let filtered = -1, lookedUp = -1, any = -1;
  ranges.forEach(({ value, weight }, at) => {
    if (value === "*") any = any === -1 ? at : any;
    else if (isWithin(tag, value)) {
      const longer = value.length > (ranges[filtered]?.value.length ?? 0);
      if (longer) filtered = at;
    } else if (isWithin(value, tag)) {
      const heavier = weight > (ranges[lookedUp]?.weight ?? 0);
      if (heavier) lookedUp = at;
    }
  });
  const place = [filtered, lookedUp, any].find((at) => at !== -1);
  return place === undefined
    ? undefined
    : { weight: ranges[place]!.weight, place };
}

/** Whether `tag` is `range`, or goes on behind it with another subtag. */
function isWithin(tag: string, range: string): boolean {
  return tag.startsWith(range) &&
    (tag.length === range.length || tag[range.length] === "-");
}

/** `language-range` of RFC 4647 §2.1, in lower case. */
function isRange(text: string): boolean {
  if (text === "*") return true;
  return text.split("-").every((subtag, at) =>
    /^[a-z0-9]{1,8}$/.test(subtag) && (at > 0 || /^[a-z]+$/.test(subtag))
  );
}
