/**
 * RFC 9112 §4 and §5: the status line that we write, the field lines that we read.
 *
 * @module
 */

import {
  answered,
  ask,
  echo,
  get,
  head,
  lastServed,
  octetName,
  octetRange,
  refused,
  served,
  sweep,
  table,
  TCHARS,
} from "../rows.ts";
import type { Case, Section } from "../rows.ts";

/** An answer of `code`, its status line with this reason. */
function reason(code: number, reason: RegExp): Case {
  return {
    ...answered(`${code}`, get(`/status/${code}`), code, {
      check: (answer) =>
        reason.test(answer.reason)
          ? undefined
          : `the reason is "${answer.reason}"`,
    }),
    then: "persists",
  };
}

/** The value of X-A as the handler got it, when the line was `X-A:` and `raw`. */
function value(name: string, raw: string, value: string | null): Case {
  return served(name, ask("x-a", `X-A:${raw}`), {
    seen: { fields: { "x-a": value } },
  });
}

const NOT_TCHARS: readonly string[] = octetRange(0, 255)
  .filter((octet) => !TCHARS.includes(octet));

/** Controls but HTAB (RFC 9110 §5.5). */
const CONTROLS: readonly string[] = [
  ...octetRange(0x00, 0x08),
  ...octetRange(0x0a, 0x1f),
  "\x7f",
];

/** What a recipient might take for white space, and is not. */
const WHITE: readonly string[] = [
  " ",
  "\t",
  "  ",
  " \t ",
  "\x0b",
  "\x0c",
  "\xa0",
  "\x85",
];

export const SECTIONS: readonly Section[] = [
  {
    number: "4",
    title: "Status Line",
    rows: [
      {
        id: "9112-4-1",
        section: "4",
        level: "is",
        says:
          "A status-line is HTTP-version SP three digits SP and an optional reason-phrase.",
        cases: [
          200,
          201,
          202,
          226,
          299,
          300,
          308,
          399,
          400,
          418,
          431,
          451,
          499,
          500,
          511,
          599,
        ]
          .map((code) => reason(code, /^[\t\x20-\x7e]*$/)),
      },
      {
        id: "9112-4-2",
        section: "4",
        level: "MUST",
        says:
          "The space behind the status-code is sent even where there is no reason-phrase.",
        cases: [
          reason(299, /^/),
          reason(599, /^/),
          answered("a reason of the handler's", get("/reason/Fine%20so"), 200),
          answered("a refusal", get("/a b"), 400),
        ],
      },
    ],
  },
  {
    number: "5",
    title: "Field Syntax",
    rows: [
      {
        id: "9112-5-1",
        section: "5",
        level: "is",
        says: "A field name is case-insensitive.",
        cases: [
          ...["X-A", "x-a", "X-a", "x-A"].flatMap((sent) =>
            ["X-A", "x-a"].map((asked) =>
              served(
                `${sent} asked for as ${asked}`,
                ask(asked, `${sent}: 1`),
                {
                  seen: { fields: { [asked]: "1" } },
                },
              )
            )
          ),
          served("HOST", head("GET /hello HTTP/1.1", "HOST: a"), "hello"),
          served("CONTENT-LENGTH", echo("CONTENT-LENGTH: 2", "hi"), "hi"),
          served("content-length", echo("content-length: 2", "hi"), "hi"),
          served(
            "TRANSFER-ENCODING",
            echo("TRANSFER-ENCODING: chunked", "2\r\nhi\r\n0\r\n\r\n"),
            "hi",
          ),
          lastServed("CONNECTION", get("/hello", "CONNECTION: close"), "hello"),
        ],
      },
      {
        id: "9112-5-2",
        section: "5",
        level: "is",
        says:
          'A field-line is field-name ":" OWS field-value OWS, the name a token.',
        cases: [
          ...TCHARS.map((octet) =>
            ({
              ...served(octet, ask(`X${octet}Y`, `X${octet}Y: 1`), {
                seen: { fields: { [`X${octet}Y`]: "1" } },
              }),
              feedings: ["at once"],
            }) satisfies Case
          ),
          ...sweep(
            NOT_TCHARS.filter((octet) => octet !== ":"),
            (name, octet) =>
              refused(`${name} inside`, get("/hello", `X${octet}Y: 1`)),
          ),
          ...sweep(
            NOT_TCHARS.filter((octet) => !":\r\n".includes(octet)),
            (name, octet) =>
              refused(`${name} first`, get("/hello", `${octet}X: 1`)),
          ),
          ...sweep(
            NOT_TCHARS.filter((octet) => octet !== ":"),
            (name, octet) =>
              refused(`${name} last`, get("/hello", `X${octet}: 1`)),
          ),
          ...table(refused, [
            ["an empty name", get("/hello", ": 1")],
            ["an empty name and value", get("/hello", ":")],
            ["two colons first", get("/hello", ":: 1")],
            ["no colon", get("/hello", "X-A")],
            ["no colon but a value", get("/hello", "X-A 1")],
            ["= for a colon", get("/hello", "X-A= 1")],
            ["a request line", get("/hello", "GET /probe HTTP/1.1")],
            ["UTF-8", get("/hello", "X-\xc3\x84: 1")],
            ["a full-width colon", get("/hello", "X-A\xef\xbc\x9a 1")],
            ["a quoted name", get("/hello", '"X-A": 1')],
          ]),
        ],
      },
      {
        id: "9112-5-3",
        section: "5",
        level: "is",
        says:
          "A field-value has no CR, LF or NUL, and other controls are refused as well (RFC 9110 §5.5).",
        cases: [
          ...sweep(
            CONTROLS,
            (name, octet) =>
              refused(`${name} inside`, get("/hello", `X-A: a${octet}b`)),
          ),
          ...sweep(
            CONTROLS,
            (name, octet) =>
              refused(`${name} first`, get("/hello", `X-A: ${octet}b`)),
          ),
          ...sweep(
            CONTROLS.filter((octet) => octet !== "\r"),
            (name, octet) =>
              refused(`${name} last`, get("/hello", `X-A: a${octet}`)),
          ),
          ...CONTROLS.filter((octet) => !"\r\n".includes(octet)).map((octet) =>
            ({
              ...refused(
                `${octetName(octet.charCodeAt(0))} alone`,
                get("/hello", `X-A:${octet}`),
              ),
              feedings: ["at once"],
            }) satisfies Case
          ),
        ],
      },
      {
        id: "9112-5-4",
        section: "5",
        level: "is",
        says: "Every other octet may be in a field-value and is kept.",
        cases: [
          ...[...octetRange(0x21, 0x7e), ...octetRange(0x80, 0xff)].map((
            octet,
          ) =>
            ({
              ...value(
                octetName(octet.charCodeAt(0)),
                ` a${octet}b`,
                `a${octet}b`,
              ),
              feedings: ["at once"],
            }) satisfies Case
          ),
          value("an empty value", "", ""),
          value("a colon first", ":1", ":1"),
          value("colons inside", " a:b:c", "a:b:c"),
          value("8,000 octets", ` ${"a".repeat(8_000)}`, "a".repeat(8_000)),
        ],
      },
    ],
  },
  {
    number: "5.1",
    title: "Field Line Parsing",
    rows: [
      {
        id: "9112-5.1-1",
        section: "5.1",
        level: "MUST",
        says:
          "A request with white space between a field name and its colon is answered with 400.",
        cases: [
          ...WHITE.flatMap((white) => [
            refused(
              `${JSON.stringify(white)} in any field`,
              get("/hello", `X-A${white}: 1`),
            ),
            refused(
              `${JSON.stringify(white)} in Host`,
              head("GET /hello HTTP/1.1", `Host${white}: a`),
            ),
            refused(
              `${JSON.stringify(white)} in Content-Length`,
              echo(`Content-Length${white}: 5`, "hello"),
            ),
            refused(
              `${JSON.stringify(white)} in Transfer-Encoding`,
              echo(`Transfer-Encoding${white}: chunked`, "0\r\n\r\n"),
            ),
          ]),
          refused("in HTTP/1.0", head("GET /hello HTTP/1.0", "X-A : 1")),
        ],
      },
      {
        id: "9112-5.1-2",
        section: "5.1",
        level: "is",
        says:
          "White space around a field value, SP and HTAB and no other, is no part of it.",
        cases: [
          value("none", "1", "1"),
          value("SP first", " 1", "1"),
          value("HTAB first", "\t1", "1"),
          value("SP last", "1 ", "1"),
          value("HTAB last", "1\t", "1"),
          value("much of it", " \t \t 1 \t \t ", "1"),
          value("only SP", "   ", ""),
          value("only HTAB", "\t\t", ""),
          value("SP inside stays", " a b  c ", "a b  c"),
          value("HTAB inside stays", " a\tb\t\tc ", "a\tb\t\tc"),
          value("no-break space stays", " \xa0a\xa0 ", "\xa0a\xa0"),
          value("NEL stays", " \x85a\x85 ", "\x85a\x85"),
          value("1,000 SP", `${" ".repeat(1_000)}1${" ".repeat(1_000)}`, "1"),
          served(
            "around Host",
            head("GET /hello HTTP/1.1", "Host:\t a \t"),
            "hello",
          ),
          served(
            "around Content-Length",
            echo("Content-Length: \t 2\t ", "hi"),
            "hi",
          ),
          served(
            "around Transfer-Encoding",
            echo("Transfer-Encoding:\tchunked \t", "0\r\n\r\n"),
            "",
          ),
        ],
      },
      {
        id: "9112-5.1-3",
        section: "5.1",
        level: "is",
        says:
          "Field lines are read by one algorithm, whatever their names; values are not looked into.",
        cases: [
          value("quotes that do not end", ' "a', '"a'),
          value("a value like a field line", " X-B: 1", "X-B: 1"),
          served(
            "names of an object's own",
            ask(
              "__proto__,constructor",
              "__proto__: 1",
              "constructor: 2",
              "toString: 3",
            ),
            // The names as keys of a plain object would be lost in the telling.
            {
              check: ({ content }) =>
                content.includes('"constructor":"2"') ? undefined : content,
            },
          ),
          served(
            "a field that was not sent",
            ask("constructor,hasownproperty,x-none"),
            {
              seen: {
                fields: {
                  constructor: null,
                  hasownproperty: null,
                  "x-none": null,
                } as never,
              },
            },
          ),
          served(
            "fields of other protocols",
            get(
              "/hello",
              "Close: 1",
              "HTTP2-Settings: a",
              "Proxy-Connection: close",
              "Keep-Alive: 5",
            ),
            "hello",
          ),
        ],
      },
    ],
  },
  {
    number: "5.2",
    title: "Obsolete Line Folding",
    rows: [
      {
        id: "9112-5.2-1",
        section: "5.2",
        level: "MUST",
        says:
          "A request with obs-fold is answered with 400 (or the fold becomes SP; here it is refused).",
        cases: table(refused, [
          ["SP", get("/hello", "X-A: 1", " 2")],
          ["HTAB", get("/hello", "X-A: 1", "\t2")],
          ["SP and HTAB", get("/hello", "X-A: 1", " \t 2")],
          ["white space before it", get("/hello", "X-A: 1 ", " 2")],
          ["twice", get("/hello", "X-A: 1", " 2", " 3")],
          ["a fold of nothing", get("/hello", "X-A: 1", " ")],
          ["a fold of HTAB alone", get("/hello", "X-A: 1", "\t")],
          ["behind an empty value", get("/hello", "X-A:", " 1")],
          ["a field line in the fold", get("/hello", "X-A: 1", " X-B: 2")],
          ["in Host", head("GET /hello HTTP/1.1", "Host: a", " b")],
          ["Host in a fold", head("GET /hello HTTP/1.1", "X-A: 1", " Host: a")],
          ["in Content-Length", echo(["Content-Length:", " 5"], "hello")],
          ["in a number", echo(["Content-Length: 1", " 0"], "hello hello")],
          [
            "in Transfer-Encoding",
            echo(["Transfer-Encoding:", " chunked"], "0\r\n\r\n"),
          ],
          [
            "behind chunked",
            echo(["Transfer-Encoding: chunked", " , identity"], "0\r\n\r\n"),
          ],
          ["as the last line", get("/hello", "X-A: 1", " 2")],
          ["in HTTP/1.0", head("GET /hello HTTP/1.0", "X-A: 1", " 2")],
          [
            "in a trailer",
            echo("Transfer-Encoding: chunked", "0\r\nX-T: 1\r\n 2\r\n\r\n"),
          ],
        ]),
      },
      {
        id: "9112-5.2-2",
        section: "5.2",
        level: "MUST NOT",
        says: "A sender generates no line folding.",
        cases: [
          answered("a handler that folds a value", get("/field/fold"), 500),
        ],
      },
    ],
  },
];
