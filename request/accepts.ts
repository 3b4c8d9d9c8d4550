/**
 * What the client would rather have, of what there is: `c.accepts(…)`.
 *
 * | asked                                   | by which field    | codec               |
 * | --------------------------------------- | ----------------- | ------------------- |
 * | `c.accepts("html", "application/json")` | `Accept`          | `accept.ts`         |
 * | `c.accepts.languages("en", "de-CH")`    | `Accept-Language` | `accept_language.ts` |
 * | `c.accepts.encodings("br", "identity")` | `Accept-Encoding` | `accept_encoding.ts` |
 * | `c.accepts.charsets("utf-8")`           | `Accept-Charset`  | `accept_charset.ts` |
 *
 * Each answers with one of the offers, as it was given, or with `undefined` where
 * the client takes none: then the handler sends what it has all the same, or
 * throws a 406 (RFC 9110 §15.5.7).
 *
 * The one surprise: to ask is to vary. What was looked at is told in `Vary` of the
 * answer, so that no cache gives one client what another one wanted.
 *
 * RFC 9110 §12.
 *
 * @module
 */

import { mergeLines } from "../routing/merge.ts";
import { preferred } from "../wire/accept.ts";
import { preferredCharset } from "../wire/accept_charset.ts";
import { acceptedCodings } from "../wire/accept_encoding.ts";
import { preferredLanguage } from "../wire/accept_language.ts";
import type { Fields } from "../wire/fields.ts";
import { parseMediaType } from "../wire/media_type.ts";
import { typeOfShort } from "../wire/short_types.ts";

/** What negotiation reads and writes; a context is one. */
export interface Negotiation {
  /** The fields of the answer. */
  readonly headers: Fields;
  /** The value of a field of the request. */
  header(name: string): string | undefined;
}

/** Chooses among offers by what the client accepts; `c.accepts` is one. */
export interface Accepts {
  /**
   * The media type that the client likes best, as it was given: a type as in
   * `Content-Type`, or a short name (`"html"`, `"json"`, `"text"`, `"xml"`,
   * `"png"` …). Between equals the one that the client names most closely, then the
   * first.
   *
   * @throws {TypeError} when an offer is neither
   */
  <const Offer extends string>(...offers: readonly Offer[]): Offer | undefined;
  /** The language tag that the client likes best. */
  languages<const Offer extends string>(
    ...offers: readonly Offer[]
  ): Offer | undefined;
  /**
   * The content coding that the client likes best. `"identity"` is what a client
   * takes that says nothing, so it should be among the offers.
   */
  encodings<const Offer extends string>(
    ...offers: readonly Offer[]
  ): Offer | undefined;
  /** The charset that the client likes best. */
  charsets<const Offer extends string>(
    ...offers: readonly Offer[]
  ): Offer | undefined;
}

/** What chooses for the client of `exchange`. */
export function acceptsOf(exchange: Negotiation): Accepts {
  const ask = (
    name: string,
    offers: readonly unknown[],
  ): string | undefined => {
    const wrong = offers.find((offer) => typeof offer !== "string");
    if (wrong !== undefined) {
      throw new TypeError(
        `Cannot offer ${
          Array.isArray(wrong) ? "a list" : `a ${typeof wrong}`
        }: ` +
          'each offer is an argument of its own, as c.accepts("html", "json")',
      );
    }
    mergeLines(exchange.headers, ["vary", name], true);
    return exchange.header(name);
  };
  const types = <Offer extends string>(...offers: readonly Offer[]) => {
    const asked = ask("accept", offers);
    const all = offers.map(typeOf);
    const best = preferred(asked, all);
    return best === undefined ? undefined : offers[all.indexOf(best)];
  };
  return Object.assign(types, {
    languages: <Offer extends string>(...offers: readonly Offer[]) =>
      preferredLanguage(ask("accept-language", offers), offers),
    encodings: <Offer extends string>(...offers: readonly Offer[]) =>
      acceptedCodings(ask("accept-encoding", offers), offers)[0],
    charsets: <Offer extends string>(...offers: readonly Offer[]) =>
      preferredCharset(ask("accept-charset", offers), offers),
  });
}

function typeOf(offer: string): string {
  const type = typeOfShort(offer) ?? offer;
  const media = parseMediaType(type);
  if (media !== undefined && !media.type.includes("*")) return type;
  throw new TypeError(
    `Cannot offer "${offer}": it is neither a media type nor short for one`,
  );
}
