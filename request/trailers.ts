/**
 * Fields behind content, as a handler has them: those of the request to read,
 * those of the answer to give.
 *
 * ```ts
 * import { Router } from "@no8/wire";
 * import { converse } from "@no8/wire/testing";
 * import { assertMatch } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/", (_input, c) => {
 *   let rows = 0;
 *   c.trailer("x-rows", () => `${rows}`);
 *   return (async function* () {
 *     for (; rows < 3; rows++) yield `row ${rows}\n`;
 *   })();
 * });
 *
 * const said = await converse(app, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
 * assertMatch(said, /\r\n0\r\nx-rows: 3\r\n\r\n$/);
 * ```
 *
 * @module
 */

import type { ContentSource, TrailerValue } from "../messages.ts";
import { checkFieldLine, Fields } from "../wire/fields.ts";
import { checkTrailerName } from "../wire/trailers.ts";

/**
 * What came behind the content.
 *
 * @throws {TypeError} when the content was not read to its end
 */
export function trailersOf(source: ContentSource): Fields {
  if (source.trailers === undefined) return new Fields();
  const lines = source.trailers();
  if (lines !== undefined) return new Fields(lines);
  throw new TypeError(
    "Cannot read the trailers: they come behind the content, which was not read to its end",
  );
}

/**
 * The name of a trailer field as it is sent.
 *
 * @throws {TypeError} when it may not come behind content, or the value is nothing
 *   that a field can have
 */
export function trailerName(name: string, value: TrailerValue): string {
  const wrong = checkTrailerName(name) ??
    (typeof value === "function" ? undefined : checkValue(name, value));
  if (wrong !== undefined) throw new TypeError(wrong);
  return name.toLowerCase();
}

function checkValue(name: string, value: unknown): string | undefined {
  if (typeof value === "string") return checkFieldLine(name, value);
  return `Cannot send the trailer "${name}": its value is neither text nor a function`;
}
