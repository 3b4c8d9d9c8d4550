/**
 * Which content codings a client takes, best first: `Accept-Encoding`.
 *
 * | the field says          | codings that it takes                             |
 * | ----------------------- | ------------------------------------------------- |
 * | nothing: it is not sent | none, so only `identity`                          |
 * | nothing: it is empty    | only `identity`, which is no coding at all        |
 * | `gzip, br;q=0.5`        | gzip, then br, then `identity`                    |
 * | `*`                     | whatever there is                                 |
 * | `gzip;q=0`              | `identity`                                        |
 * | `gzip, identity;q=0`    | gzip alone                                        |
 * | `*;q=0`                 | nothing, not even `identity`                      |
 *
 * `identity` needs not be named to be taken; it is refused by a weight of 0 of its
 * own, or of `*`. Where nothing is said of its weight, it is the last resort.
 *
 * The one surprise: without the field RFC 9110 lets a server send any coding.
 * Clients that do not send it are those that can decode none, so none is sent.
 *
 * RFC 9110 §8.4.1 and §12.5.3.
 *
 * @module
 */

import { parseWeighted, type Weighted } from "./weighted.ts";

/** A weight for what is taken, but not wished for: below all that can be said. */
const LAST_RESORT = 0.0001;

/**
 * Those of `offers` that a client takes which sent `field`, best first; among
 * equals in the order of `offers`. `identity` is there only if it is offered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const offers = ["br", "gzip", "identity"];
 * assertEquals(acceptedCodings("gzip, br", offers), ["br", "gzip", "identity"]);
 * assertEquals(acceptedCodings("x-gzip, *;q=0", offers), ["gzip"]);
 * assertEquals(acceptedCodings(undefined, offers), ["identity"]);
 * ```
 */
export function acceptedCodings<Coding extends string>(
  field: string | undefined,
  offers: readonly Coding[],
): Coding[] {
  const said = parseWeighted(field ?? "");
  const weights = offers.map((offer) => weightOf(offer, said));
  return offers.map((_, at) => at).filter((at) => weights[at]! > 0)
    .sort((a, b) => weights[b]! - weights[a]!)
    .map((at) => offers[at]!);
}

function weightOf(offer: string, said: readonly Weighted[]): number {
  const coding = canonical(offer);
  const own = said.find(({ value }) => canonical(value) === coding);
  const any = own ?? said.find(({ value }) => value === "*");
  if (any !== undefined) return any.weight;
  return coding === "identity" ? LAST_RESORT : 0;
}

/** RFC 9110 §8.4.1: the names that old software has for two of them. */
function canonical(coding: string): string {
  const name = coding.toLowerCase();
  return name === "x-gzip" || name === "x-compress" ? name.slice(2) : name;
}
