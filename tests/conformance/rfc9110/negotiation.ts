/**
 * RFC 9110 §8.4, §11 and §12: content codings, authentication and negotiation, as
 * the middleware and `c.accepts` have them.
 *
 * @module
 */

import * as zlib from "node:zlib";
import { valueOf, type WireResponse } from "../../wire_client.ts";
import {
  answered,
  type Case,
  get,
  head,
  type Section,
  served,
} from "../rows.ts";

/** What `/coded` says, long enough to be worth it. */
export const CODED: string = "Pokarekare ana nga wai o Rotorua. ".repeat(50);

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  deflate: (bytes) => zlib.inflateSync(bytes),
  gzip: (bytes) => zlib.gunzipSync(bytes),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes),
};

/** `/coded` comes in `coding`, and can be decoded by others. */
function codedIn(coding: string, field: string, path = "/coded"): Case {
  return served(field, get(path, `Accept-Encoding: ${field}`), {
    fields: { "content-encoding": coding, vary: /accept-encoding/i },
    check: (answer) => wrongIn(answer, coding),
  });
}

function wrongIn(answer: WireResponse, coding: string): string | undefined {
  const bytes = Uint8Array.from(answer.content, (c) => c.charCodeAt(0));
  const text = new TextDecoder().decode(DECODERS[coding]!(bytes));
  return text === CODED ? undefined : `decoded to ${text.length} characters`;
}

/** `/coded` comes as it is. */
function plain(name: string, ...lines: string[]): Case {
  return served(name, get("/coded", ...lines), {
    content: CODED,
    fields: { "content-encoding": null, vary: /accept-encoding/i },
  });
}

/** What `path` chooses by a field. */
function chosen(path: string, line: string, best: string): Case {
  const [name = ""] = line.toLowerCase().split(":");
  return served(line, get(path, ...line === "" ? [] : [line]), {
    content: best,
    ...name !== "" && { fields: { vary: name } },
  });
}

const BASIC = 'Basic realm="Restricted", charset="UTF-8"';

export const CODINGS: Section = {
  number: "8.4",
  title: "Content-Encoding",
  rows: [
    {
      id: "9110-8.4-1",
      section: "8.4",
      level: "MUST",
      says: "Who applies codings lists them, in the order applied.",
      cases: ["gzip", "br", "deflate", "zstd"].map((coding) =>
        codedIn(coding, coding)
      ),
    },
    {
      id: "9110-8.4.1.3-1",
      section: "8.4.1.3",
      level: "SHOULD",
      says: "x-gzip is the same as gzip.",
      cases: [codedIn("gzip", "x-gzip"), codedIn("gzip", "X-GZIP;q=0.3")],
    },
    {
      id: "9110-8.8.3.3-1",
      section: "8.8.3.3",
      level: "is",
      says: "A coded representation has no strong tag of another one.",
      cases: [
        served("coded", get("/coded/tagged", "Accept-Encoding: gzip"), {
          fields: { etag: 'W/"a"', "content-encoding": "gzip" },
        }),
        served("as it is", get("/coded/tagged"), { fields: { etag: '"a"' } }),
        answered(
          "known",
          get("/coded/tagged", "Accept-Encoding: gzip", 'If-None-Match: W/"a"'),
          304,
          { fields: { etag: 'W/"a"', vary: /accept-encoding/i } },
        ),
      ],
    },
  ],
};

export const SECTIONS: readonly Section[] = [
  {
    number: "11",
    title: "HTTP Authentication",
    rows: [
      {
        id: "9110-11.1-1",
        section: "11.1",
        level: "is",
        says: "The name of a scheme ignores case.",
        cases: [
          served("basic", get("/basic", "Authorization: bASIC YTpi"), "a"),
          served(
            "bearer",
            get("/bearer", "Authorization: BEARER abc"),
            "let in",
          ),
        ],
      },
      {
        id: "9110-11.6.1-1",
        section: "11.6.1",
        level: "MUST",
        says: "A 401 has a challenge.",
        cases: [
          answered("none", get("/basic"), 401, {
            fields: { "www-authenticate": BASIC },
          }),
          answered(
            "malformed",
            get("/basic", "Authorization: Basic ###"),
            401,
            {
              fields: { "www-authenticate": BASIC },
            },
          ),
          answered("wrong", get("/basic", "Authorization: Basic YTpj"), 401, {
            fields: { "www-authenticate": BASIC },
          }),
          answered(
            "another scheme",
            get("/bearer", "Authorization: Basic YTpi"),
            401,
            {
              fields: { "www-authenticate": 'Bearer realm="Restricted"' },
            },
          ),
          answered("to HEAD", head("HEAD /basic HTTP/1.1", "Host: a"), 401, {
            fields: { "www-authenticate": BASIC },
          }),
        ],
      },
      {
        id: "9110-11.6.2-1",
        section: "11.6.2",
        level: "is",
        says: "There is one Authorization, and no list of them.",
        cases: [
          answered(
            "two of Basic",
            get(
              "/basic",
              "Authorization: Basic YTpi",
              "Authorization: Basic YTpi",
            ),
            401,
          ),
          answered(
            "two of Bearer",
            get(
              "/bearer",
              "Authorization: Bearer abc",
              "Authorization: Bearer abc",
            ),
            400,
          ),
        ],
      },
    ],
  },
  {
    number: "12.4",
    title: "Content Negotiation Field Features",
    rows: [
      {
        id: "9110-12.4.2-1",
        section: "12.4.2",
        level: "is",
        says:
          "A weight is from 0 to 1 with at most three digits; without one it is 1.",
        cases: [
          chosen(
            "/type",
            "Accept: application/json;q=0.999, text/html",
            "html",
          ),
          chosen(
            "/type",
            "Accept: application/json;q=0.002, text/html;q=0.001",
            "json",
          ),
          chosen(
            "/type",
            "Accept: application/json;q=1.001, text/html;q=0.1",
            "html",
          ),
          chosen(
            "/type",
            "Accept: application/json;q=0.0001, text/html;q=0.1",
            "html",
          ),
        ],
      },
      {
        id: "9110-12.4.2-2",
        section: "12.4.2",
        level: "is",
        says: "A weight of 0 is not acceptable.",
        cases: [
          chosen("/type", "Accept: text/html;q=0", "none"),
          chosen("/language", "Accept-Language: mi;q=0.000", "none"),
          plain("gzip;q=0", "Accept-Encoding: gzip;q=0"),
        ],
      },
    ],
  },
  {
    number: "12.5",
    title: "Content Negotiation Fields",
    rows: [
      {
        id: "9110-12.5.1-1",
        section: "12.5.1",
        level: "is",
        says: "Of the ranges that fit a type, the most specific counts.",
        cases: [
          chosen("/type", "Accept: */*, text/html;q=0.1", "json"),
          chosen(
            "/type",
            "Accept: text/*;q=0.1, text/html, application/*;q=0.5",
            "html",
          ),
          chosen("/type", "Accept: image/*", "none"),
        ],
      },
      {
        id: "9110-12.5.3-1",
        section: "12.5.3",
        level: "is",
        says:
          "Without Accept-Encoding any coding is acceptable; identity among them.",
        cases: [plain("none")],
      },
      {
        id: "9110-12.5.3-2",
        section: "12.5.3",
        level: "is",
        says: "identity is acceptable unless it is excluded.",
        cases: [
          plain("a coding that there is not", "Accept-Encoding: compress"),
          answered(
            "by itself",
            get("/coded", "Accept-Encoding: identity;q=0"),
            406,
          ),
          answered("by a star", get("/coded", "Accept-Encoding: *;q=0"), 406),
          plain("and named", "Accept-Encoding: *;q=0, identity"),
          codedIn("gzip", "gzip, identity;q=0"),
        ],
      },
      {
        id: "9110-12.5.3-3",
        section: "12.5.3",
        level: "is",
        says:
          "A coding that is named is acceptable unless its weight is 0; * is the others.",
        cases: [
          codedIn("br", "gzip;q=0.5, br"),
          codedIn("deflate", "zstd;q=0, br;q=0, gzip;q=0, *"),
          plain("refused", "Accept-Encoding: gzip;q=0, br;q=0.0"),
          codedIn("gzip", "br;q=2, gzip"),
        ],
      },
      {
        id: "9110-12.5.3-4",
        section: "12.5.3",
        level: "is",
        says: "An empty Accept-Encoding wants no coding.",
        cases: [plain("empty", "Accept-Encoding:")],
      },
      {
        id: "9110-12.5.3-5",
        section: "12.5.3",
        level: "SHOULD",
        says:
          "Where no coding is acceptable, the answer has none, unless identity is refused.",
        cases: [plain("unknown", "Accept-Encoding: foo, bar;q=0.5")],
      },
      {
        id: "9110-12.5.4-1",
        section: "12.5.4",
        level: "is",
        says: "Language ranges match by filtering or by lookup (RFC 4647).",
        cases: [
          chosen("/language", "Accept-Language: de", "de-CH"),
          chosen("/language", "Accept-Language: mi-NZ", "mi"),
          chosen("/language", "Accept-Language: MI;q=0.5, de-ch", "de-CH"),
          chosen("/language", "Accept-Language: d", "none"),
          chosen("/language", "Accept-Language: *", "mi"),
        ],
      },
      {
        id: "9110-12.5.5-1",
        section: "12.5.5",
        level: "SHOULD",
        says: "Vary is sent where the answer was chosen by fields.",
        cases: [
          served("by nothing that was sent", get("/type"), {
            content: "json",
            fields: { vary: "accept" },
          }),
          served("by several", get("/both", "Accept: text/html"), {
            content: "html mi",
            check: (answer) =>
              valueOf(answer, "vary") === "accept, accept-language"
                ? undefined
                : `Vary is ${valueOf(answer, "vary")}`,
          }),
        ],
      },
    ],
  },
];
