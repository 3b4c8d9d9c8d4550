/**
 * What `c.hint` takes, as the lines of a 103 Early Hints (RFC 8297): a browser
 * may fetch what a page needs while the page is still being made.
 *
 * ```ts
 * import { Router } from "@no8/wire";
 * import { converse } from "@no8/wire/testing";
 * import { assertMatch } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/", async (_input, c) => {
 *   await c.hint({ link: "</app.css>; rel=preload; as=style" });
 *   return "the page, which took a while";
 * });
 *
 * const said = await converse(app, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
 * assertMatch(said, /^HTTP\/1.1 103 Early Hints\r\nlink: <\/app.css>/);
 * ```
 *
 * The fields are not put on the answer as well: what holds for it is set on
 * `c.headers`. Not every client is ready for an answer that is not the last (RFC
 * 8297 §3): browsers heed it over HTTP/2 alone, which a proxy in front speaks, and
 * that proxy has to pass it on.
 *
 * @module
 */

import { Fields, type FieldsInit } from "../wire/fields.ts";

/**
 * Fields to hint at: `Headers`, pairs, or a record in which a name may have several
 * values, a line each.
 */
export type HintInit =
  | FieldsInit
  | Readonly<Record<string, string | readonly string[]>>;

/**
 * The field lines, name and value in turn.
 *
 * @throws {TypeError} when there is none, or `init` is nothing that makes fields
 */
export function hintLines(init: HintInit): readonly string[] {
  if (typeof init !== "object" || init === null) {
    const given = init ? `a ${typeof init}` : init;
    throw new TypeError(
      `Cannot hint at ${given}: give fields, as { link: "</app.css>; …" }`,
    );
  }
  const fields = isRecord(init) ? ofRecord(init) : new Fields(init);
  if (fields.count > 0) return fields.lines;
  throw new TypeError("Cannot hint at nothing: no field was given");
}

function isRecord(
  init: HintInit,
): init is Readonly<Record<string, string | readonly string[]>> {
  return !(Symbol.iterator in init);
}

function ofRecord(
  record: Readonly<Record<string, string | readonly string[]>>,
): Fields {
  const fields = new Fields();
  for (const [name, values] of Object.entries(record)) {
    const all = Array.isArray(values) ? values : [values];
    for (const value of all) fields.append(name, value);
  }
  return fields;
}
