/**
 * Fields that a handler sets, fit to be sent or not: a route of the application
 * under test each, and the names by which cases ask for them.
 *
 * @module
 */

/** Fields that a handler sets on its context. */
export const FIELDS = {
  "cr": ["X-A", "a\rb"],
  "lf": ["X-A", "a\nb"],
  "crlf": ["X-A", "a\r\nSet-Cookie: evil=1"],
  "split": ["X-A", "a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  "fold": ["X-A", "a\r\n b"],
  "nul": ["X-A", "a\0b"],
  "bell": ["X-A", "a\x07b"],
  "del": ["X-A", "a\x7fb"],
  "wide": ["X-A", "a\u560a\u560db"],
  "name-colon": ["X-A: b", "c"],
  "name-space": ["X A", "b"],
  "name-empty": ["", "b"],
  "name-crlf": ["X-A\r\nX-B", "c"],
  "name-wide": ["X-Ä", "b"],
  "good": ["X-A", "a\tb c"],
  "obs-text": ["X-A", "\xe9"],
  "close": ["Connection", "close"],
  "date": ["Date", "Tue, 15 Nov 1994 08:12:31 GMT"],
  "length": ["Content-Length", "3"],
  "length-long": ["Content-Length", "9"],
  "coding": ["Transfer-Encoding", "gzip"],
  "chunked": ["Transfer-Encoding", "chunked"],
  "trailer": ["Trailer", "X-T"],
  "keep-alive": ["Connection", "keep-alive"],
  "upgrade": ["Upgrade", "h2c"],
} as const satisfies Record<string, readonly [string, string]>;

/** Fields that a handler sets on a `Response`; `Headers` lets these through. */
export const RESPONSE_FIELDS = {
  "bell": ["X-A", "a\x07b"],
  "del": ["X-A", "a\x7fb"],
  "esc": ["X-A", "a\x1bb"],
  "good": ["X-A", "a b"],
  "close": ["Connection", "close"],
  "length-long": ["Content-Length", "9"],
  "coding": ["Transfer-Encoding", "gzip"],
} as const satisfies Record<string, readonly [string, string]>;
