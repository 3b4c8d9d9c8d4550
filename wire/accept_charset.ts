/**
 * Which of the charsets on offer the client likes best: `Accept-Charset`.
 *
 * ```text
 * Accept-Charset: utf-8, iso-8859-1;q=0.5, *;q=0.1
 * ```
 *
 * The heaviest offer wins, between equals the first. A charset that the field does
 * not name is taken as far as `*` is.
 *
 * The one surprise: no user agent of today sends the field, and servers are free
 * to disregard it. All text is UTF-8 unless there is a reason.
 *
 * RFC 9110 §12.5.2.
 *
 * @module
 */

import { parseWeighted } from "./weighted.ts";

/**
 * The best of `offers`; `undefined` when the client takes none of them. Without the
 * field it takes any, so the first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const offers = ["utf-8", "iso-8859-1"];
 * assertEquals(preferredCharset("ISO-8859-1, *;q=0.5", offers), "iso-8859-1");
 * assertEquals(preferredCharset("koi8-r", offers), undefined);
 * ```
 */
export function preferredCharset<Charset extends string>(
  field: string | undefined,
  offers: readonly Charset[],
): Charset | undefined {
  const said = parseWeighted(field ?? "");
  if (said.length === 0) return offers[0];
  let best: Charset | undefined;
  let heaviest = 0;
  for (const offer of offers) {
    const name = offer.toLowerCase();
    const own = said.find(({ value }) => value === name) ??
      said.find(({ value }) => value === "*");
    const weight = own?.weight ?? 0;
    if (weight <= heaviest) continue;
    best = offer;
    heaviest = weight;
  }
  return best;
}
