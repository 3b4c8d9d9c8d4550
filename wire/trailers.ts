/**
 * Which fields may come behind the content, in its trailer section.
 *
 * A recipient may merge trailers into the head, drop them, or pass them on, and
 * has acted on the head long before: so nothing goes there that frames or routes
 * the message, changes what the request means, proves who somebody is, says what
 * is to be done with the answer, or how its content is to be read (RFC 9110
 * §6.5.1).
 *
 * ```text
 * server-timing, content-digest, etag, x-rows     may
 * content-length, set-cookie, cache-control       may not
 * ```
 *
 * The one surprise: this is a list of what is known to be wrong. Of any other
 * field, whoever sends it has to know that its definition permits it.
 *
 * @module
 */

import { isToken } from "./octets.ts";

/** RFC 9110 §6.5.1 and, by name, RFC 7230 §4.1.2. */
const REFUSED: ReadonlySet<string> = new Set([
  // framing and the connection
  "connection",
  "content-length",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // routing
  "host",
  "forwarded",
  "via",
  // what modifies a request
  "expect",
  "max-forwards",
  "pragma",
  "range",
  // who somebody is
  "authorization",
  "cookie",
  "set-cookie",
  "www-authenticate",
  // what is to be done with an answer
  "age",
  "allow",
  "alt-svc",
  "cache-control",
  "clear-site-data",
  "content-security-policy",
  "content-security-policy-report-only",
  "date",
  "expires",
  "link",
  "location",
  "refresh",
  "retry-after",
  "strict-transport-security",
  "vary",
  "warning",
  "x-content-type-options",
  "x-frame-options",
  // how the content is to be read; not all of content-*: content-digest may
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-location",
  "content-range",
  "content-type",
]);

/** Conditions, what proxies and browsers alone send, and permissions across origins. */
const PREFIXES = ["if-", "proxy-", "sec-", "access-control-"];

/**
 * What is wrong with the name of a trailer field, as a sentence; `undefined` when
 * nothing is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(checkTrailerName("Server-Timing"), undefined);
 * assertEquals(
 *   checkTrailerName("Content-Length"),
 *   'Cannot send the trailer "Content-Length": it belongs into the head (RFC 9110 §6.5.1)',
 * );
 * ```
 */
export function checkTrailerName(name: string): string | undefined {
  if (typeof name !== "string" || !isToken(name)) {
    return cannotSend(name, "its name is not a token");
  }
  const key = name.toLowerCase();
  const refused = REFUSED.has(key) ||
    PREFIXES.some((prefix) => key.startsWith(prefix));
  return refused
    ? cannotSend(name, "it belongs into the head (RFC 9110 §6.5.1)")
    : undefined;
}

function cannotSend(name: string, reason: string): string {
  const told = JSON.stringify(`${name}`.slice(0, 64));
  return `Cannot send the trailer ${told}: ${reason}`;
}
