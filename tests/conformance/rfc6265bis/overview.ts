/**
 * RFC 6265bis §3: where cookies are sent, and what they leave as it is.
 *
 * @module
 */

import { linesOf } from "../../wire_client.ts";
import type { CookieStep } from "../app.ts";
import { answered, get, head, lastServed, served } from "../rows.ts";
import type { Section } from "../rows.ts";
import { type Attributes, cookieLines, GONE, steps, written } from "./cases.ts";

const ONE: readonly CookieStep[] = [["set", "a", "1", { path: "/" }]];
const LINE = cookieLines("a=1; Path=/");

/** Statuses of every class that a handler may answer with. */
const STATUSES = [200, 201, 202, 204, 205, 206, 300, 301, 302, 303, 304, 307]
  .concat([308, 400, 401, 403, 404, 410, 418, 429, 500, 501, 503, 599]);

/** What names a cookie beside its name: to delete it, it is said again. */
const SCOPES: readonly (readonly [scope: Attributes, text: string])[] = [
  [{}, ""],
  [{ path: "/" }, "; Path=/"],
  [{ path: "/a/b" }, "; Path=/a/b"],
  [{ domain: "a.example" }, "; Domain=a.example"],
  [{ domain: "a.example", path: "/a" }, "; Domain=a.example; Path=/a"],
];

export const SECTIONS: readonly Section[] = [
  {
    number: "3",
    title: "Overview",
    rows: [
      {
        id: "6265-3-1",
        section: "3",
        level: "MAY",
        says:
          "Set-Cookie is sent with any response, and with an error just as well.",
        cases: [
          ...STATUSES.map((status) =>
            answered(
              `${status}`,
              steps(ONE, `/cookies/with/${status}`),
              status,
              LINE,
            )
          ),
          ...[400, 404, 503].map((status) =>
            answered(
              `${status} that is thrown`,
              steps(ONE, `/cookies/refuses/${status}`),
              status,
              LINE,
            )
          ),
          answered("an error", steps(ONE, "/cookies/throws"), 500, LINE),
          served("a stream", steps(ONE, "/cookies/stream"), LINE),
          served(
            "HEAD",
            head("HEAD /cookies HTTP/1.1", "Host: a"),
            cookieLines("a=1", "b=2"),
          ),
          lastServed("HTTP/1.0", steps(ONE, "/cookies", "1.0"), LINE),
        ],
      },
      {
        id: "6265-3-2",
        section: "3",
        level: "is",
        says:
          "One response may have several Set-Cookie lines; they stand in the order in which they were set.",
        cases: [2, 3, 50].map((count) => {
          const names = Array.from({ length: count }, (_, at) => `n${at}`);
          return written(
            `${count}`,
            names.map((name) => ["set", name, "1"]),
            ...names.map((name) => `${name}=1`),
          );
        }),
      },
      {
        id: "6265-3-3",
        section: "3",
        level: "SHOULD NOT",
        says: "Several Set-Cookie lines are not folded into one.",
        cases: [
          served("set", get("/cookies"), cookieLines("a=1", "b=2")),
          served(
            "of a Response, and set beside it",
            get("/cookies/response"),
            cookieLines("a=1", "b=2", "c=3"),
          ),
          written(
            "with commas in their dates",
            [["delete", "a", ""], ["delete", "b", ""]],
            `a=; ${GONE}`,
            `b=; ${GONE}`,
          ),
          answered(
            "with an error",
            steps([["set", "a", "1"], ["set", "b", "2"]], "/cookies/throws"),
            500,
            cookieLines("a=1", "b=2"),
          ),
        ],
      },
      {
        id: "6265-3-4",
        section: "3",
        level: "is",
        says:
          "Neither Cookie nor Set-Cookie keeps a cache from storing a response, so neither changes what is said to caches.",
        cases: [
          served(
            "a file asked for with a cookie",
            get("/file/cached/a.js", "Cookie: a=1"),
            {
              fields: {
                "cache-control": "max-age=60",
                "vary": "accept-encoding",
              },
            },
          ),
          answered(
            "and asked for again",
            get(
              "/file/cached/a.js",
              "Cookie: a=1",
              `If-Modified-Since: ${new Date().toUTCString()}`,
            ),
            304,
            { fields: { "cache-control": "max-age=60" } },
          ),
          served("an answer that sets some", get("/cookies"), {
            fields: { "cache-control": null, "vary": null, "expires": null },
          }),
        ],
      },
      {
        id: "6265-3-5",
        section: "3",
        level: "is",
        says:
          "A server may ignore the Cookie field: what nobody reads is no fault, whatever its value.",
        cases: [
          "",
          "a",
          "=",
          ";",
          ",",
          '"',
          "=;=;=",
          "a=1; a=1",
          "a;".repeat(200),
          "\xFF=\xFE",
          "x".repeat(8000),
        ].map((cookie, at) =>
          served(`${at + 1}`, get("/hello", `Cookie: ${cookie}`), "hello")
        ),
      },
      {
        id: "6265-3-6",
        section: "3",
        level: "is",
        says:
          "A cookie is stored for a handler that sets it, and for none else.",
        cases: ["/hello", "/json", "/stream", "/empty", "/nowhere", "/throws"]
          .map((target) =>
            answered(
              target,
              get(target, "Cookie: a=1; __Host-b=2"),
              [200, 204, 404, 500],
              { check: (answer) => linesOf(answer, "set-cookie")[0] },
            )
          ),
      },
    ],
  },
  {
    number: "3.1",
    title: "Examples",
    rows: [
      {
        id: "6265-3.1-1",
        section: "3.1",
        level: "is",
        says:
          "A cookie is removed by one with an end in the past, and the Path and the Domain with which it was made.",
        cases: [
          ...SCOPES.map(([scope, text]) =>
            written(
              `deleted${text}`,
              [["delete", "a", "", scope]],
              `a=${text}; ${GONE}`,
            )
          ),
          ...SCOPES.map(([scope, text]) =>
            written(
              `set, then deleted${text}`,
              [["set", "a", "1", scope], ["delete", "a", "", scope]],
              `a=${text}; ${GONE}`,
            )
          ),
          written(
            "in a jar of its own",
            [["delete", "a", "", { secure: true, partitioned: true }]],
            `a=; ${GONE}; Secure; Partitioned`,
          ),
          written(
            "with an age and an end to come",
            [["delete", "a", "", { maxAge: 60, expires: "2030-01-01" }]],
            `a=; ${GONE}`,
          ),
          ...([
            ["__Secure-a", "Secure"],
            ["__Http-a", "Secure; HttpOnly"],
          ] as const).map(([name, kept]) =>
            written(name, [["delete", name, ""]], `${name}=; ${GONE}; ${kept}`)
          ),
          ...([
            ["__Host-a", "Secure"],
            ["__Host-Http-a", "Secure; HttpOnly"],
          ] as const).map(([name, kept]) =>
            written(
              name,
              [["delete", name, ""]],
              `${name}=; Path=/; ${GONE}; ${kept}`,
            )
          ),
        ],
      },
    ],
  },
  {
    number: "3.2",
    title: "Which Requirements to Implement",
    rows: [
      {
        id: "6265-3.2.1-1",
        section: "3.2.1",
        level: "ought",
        says:
          "Whoever makes cookies for user agents holds to §4, and not to what user agents put up with.",
        elsewhere: "the rows of §4, none of which has a way around it",
        cases: [],
      },
    ],
  },
];
