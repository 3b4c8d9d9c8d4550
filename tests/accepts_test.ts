/** `c.accepts`: which field it asks, what it answers with, what it tells caches. */

import { assertEquals } from "@std/assert";
import { type Context, HttpError, Router } from "../mod.ts";
import { converse } from "../features/testing.ts";
import { typeOfShort } from "../wire/short_types.ts";
import { parseMediaType } from "../wire/media_type.ts";

type Ask = (c: Context) => unknown;

const TYPES: Ask = (c) => c.accepts("html", "application/json", "png");
const LANGUAGES: Ask = (c) => c.accepts.languages("en", "de-CH");
const ENCODINGS: Ask = (c) => c.accepts.encodings("br", "gzip", "identity");
const CHARSETS: Ask = (c) => c.accepts.charsets("utf-8", "utf-16");

const ANSWERS: [
  ask: Ask,
  lines: string[],
  best: string | undefined,
  vary: string,
][] = [
  [TYPES, [], "html", "accept"],
  [TYPES, ["Accept: application/*"], "application/json", "accept"],
  [TYPES, ["Accept: image/*, text/html;q=0.9"], "png", "accept"],
  [TYPES, ["Accept: text/plain"], undefined, "accept"],
  [TYPES, ["Accept: text/plain", "ACCEPT: image/png"], "png", "accept"],
  [TYPES, ["Accept: html"], "html", "accept"],
  [LANGUAGES, ["Accept-Language: de"], "de-CH", "accept-language"],
  [LANGUAGES, ["Accept-Language: fr"], undefined, "accept-language"],
  [ENCODINGS, [], "identity", "accept-encoding"],
  [ENCODINGS, ["Accept-Encoding: x-gzip"], "gzip", "accept-encoding"],
  [ENCODINGS, ["Accept-Encoding: *;q=0"], undefined, "accept-encoding"],
  [CHARSETS, ["Accept-Charset: utf-16"], "utf-16", "accept-charset"],
];

Deno.test.each(ANSWERS)(
  "c.accepts %# answers as the fields of the client say",
  async (ask, lines, best, vary) => {
    const app = new Router();
    app.get("/", (_input, c) => String(ask(c)));
    const said = await converse(
      app,
      ["GET / HTTP/1.1", "Host: a", ...lines, "", ""].join("\r\n"),
    );
    assertEquals(said.split("\r\n\r\n")[1], String(best));
    assertEquals(said.match(/^vary: .*$/gim), [`vary: ${vary}`]);
  },
);

Deno.test("c.accepts tells each field once, whatever the handler tells itself", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.headers.set("vary", "Origin, Accept");
    c.accepts("html");
    c.accepts("json");
    c.accepts.languages("en");
    return new Response("", { headers: { vary: "accept-language" } });
  });
  const { headers } = await app.request("/");
  assertEquals(headers.get("vary"), "accept-language, Origin, Accept");
});

Deno.test("c.accepts tells what was looked at of refusals, too", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    if (!c.accepts("png")) throw new HttpError(406, "There is a picture alone");
  });
  const answer = await app.request("/", { headers: { accept: "text/html" } });
  assertEquals([answer.status, answer.headers.get("vary")], [406, "accept"]);
});

Deno.test("c.accepts refuses to offer what is no media type", async () => {
  const app = new Router();
  app.get("/:offer", ({ offer }, c) => {
    try {
      return c.accepts(offer);
    } catch (error) {
      return error instanceof TypeError ? error.message : "?";
    }
  });
  const says = "it is neither a media type nor short for one";
  for (
    const offer of [
      "htm",
      "__proto__",
      "constructor",
      "text%2F",
      "*%2F*",
      "text%2F*",
    ]
  ) {
    assertEquals(
      await (await app.request(`/${offer}`)).text(),
      `Cannot offer "${decodeURIComponent(offer)}": ${says}`,
    );
  }
});

Deno.test("c.accepts refuses a list, which would be one offer", async () => {
  const asks: Ask[] = [
    (c) => c.accepts(["a"] as never),
    (c) => c.accepts.languages(["a"] as never),
    (c) => c.accepts.encodings(["a"] as never),
    (c) => c.accepts.charsets(["a"] as never),
  ];
  for (const ask of asks) {
    const errors: unknown[] = [];
    const app = new Router({ onError: (error) => errors.push(error) });
    app.get("/", (_input, c) => void ask(c));
    await (await app.request("/")).body?.cancel();
    assertEquals(
      `${errors[0]}`,
      "TypeError: Cannot offer a list: each offer is an argument of its own, " +
        'as c.accepts("html", "json")',
    );
  }
});

Deno.test("every short name is short for a media type", () => {
  for (const name of ["html", "json", "text", "xml", "png", "svg", "events"]) {
    assertEquals(
      parseMediaType(typeOfShort(name) ?? "")?.type,
      typeOfShort(name),
    );
  }
});
