/**
 * Pairs as a query and an `application/x-www-form-urlencoded` content have them.
 *
 * ```text
 * name=Ada+Lovelace&lang=en&lang=caf%C3%A9   →  URLSearchParams
 * ```
 *
 * The platform's own parser decodes them; here their number is bounded before it
 * starts, because each pair costs it far more than the one octet it takes to
 * send.
 *
 * The one surprise: `URLSearchParams` drops a `?` at the beginning of what it is
 * given. A query does not have its `?` any more when it comes here, so one that
 * begins with `?` means it, and it is kept.
 *
 * A malformed escape stays as it is and octets that are not UTF-8 become U+FFFD,
 * as everywhere on the web (URL Standard §5.1).
 *
 * @module
 */

import { HttpError } from "../errors.ts";

/**
 * The pairs in `text`, which is a query without its `?` or the content of a form.
 *
 * @param most how many pairs there may be; what stands between two `&` is one,
 *   also where it is empty
 * @throws {HttpError} 400 when there are more, before any is decoded
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pairs = parseForm("name=Ada+Lovelace&lang=en&lang=fr", 1000);
 * assertEquals(pairs.get("name"), "Ada Lovelace");
 * assertEquals(pairs.getAll("lang"), ["en", "fr"]);
 * ```
 */
export function parseForm(text: string, most: number): URLSearchParams {
  if (hasMorePairs(text, most)) {
    throw new HttpError(
      400,
      "The query or form has more pairs than limits.pairs",
    );
  }
  return new URLSearchParams(text.startsWith("?") ? `?${text}` : text);
}

function hasMorePairs(text: string, most: number): boolean {
  let pairs = text === "" ? 0 : 1;
  for (
    let i = text.indexOf("&");
    i !== -1 && pairs <= most;
    i = text.indexOf("&", i + 1)
  ) {
    pairs++;
  }
  return pairs > most;
}
