/**
 * RFC 9112 §6: whether a message has a body, and where it ends.
 *
 * @module
 */

import {
  answered,
  chunked,
  echo,
  get,
  head,
  lastServed,
  refused,
  served,
  table,
} from "../rows.ts";
import type { Case, Section } from "../rows.ts";

const BODY = "5\r\nhello\r\n0\r\n\r\n";
/** What a smuggler hopes to have taken for a request. */
const HIDDEN = get("/behind/hidden");

/** A chunked body behind a Transfer-Encoding of other values. */
function coded(...values: string[]): string {
  return echo(values.map((value) => `Transfer-Encoding:${value}`), BODY);
}

/** Content of five octets behind a Content-Length of other values. */
function sized(...values: string[]): string {
  return echo(values.map((value) => `Content-Length:${value}`), "hello");
}

/** A request that is cut off: no answer is a 200, and none need come. */
function cutOff(name: string, send: string): Case {
  return {
    name,
    send,
    answers: [{ status: [400, 408], optional: true }],
    then: "closes",
    fin: true,
  };
}

export const SECTIONS: readonly Section[] = [
  {
    number: "6",
    title: "Message Body",
    rows: [
      {
        id: "9112-6-1",
        section: "6",
        level: "is",
        says:
          "Content-Length or Transfer-Encoding signals a body, whatever the method means.",
        cases: [
          ...["GET", "POST", "PUT", "PATCH", "DELETE"].flatMap((method) => [
            served(
              `${method} with a length`,
              head(`${method} /seen HTTP/1.1`, "Host: a", "Content-Length: 5") +
                "hello",
              { seen: { method, content: "hello" } },
            ),
            served(
              `${method} in chunks`,
              head(
                `${method} /seen HTTP/1.1`,
                "Host: a",
                "Transfer-Encoding: chunked",
              ) + BODY,
              { seen: { method, content: "hello" } },
            ),
            served(
              `${method} without`,
              head(`${method} /seen HTTP/1.1`, "Host: a"),
              { seen: { method, content: "" } },
            ),
          ]),
          served(
            "HEAD with content",
            head(
              "HEAD /hello HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) + HIDDEN,
          ),
          {
            ...answered(
              "OPTIONS with content",
              head(
                "OPTIONS /hello HTTP/1.1",
                "Host: a",
                `Content-Length: ${HIDDEN.length}`,
              ) +
                HIDDEN,
              204,
            ),
            then: "persists",
          },
          ...[["FOO", 501], ["PROPFIND", 501], ["TRACE", 405]].map((
            [method, status],
          ) =>
            answered(
              `${method} with content`,
              head(
                `${method} /hello HTTP/1.1`,
                "Host: a",
                `Content-Length: ${HIDDEN.length}`,
              ) +
                HIDDEN,
              Number(status),
            )
          ),
          answered(
            "a path that is not there, with content",
            head(
              "POST /nowhere HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) +
              HIDDEN,
            404,
          ),
          served(
            "content that the handler does not read",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) +
              HIDDEN,
            "ignored",
          ),
          served(
            "chunks that the handler does not read",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) +
              `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
            "ignored",
          ),
          answered(
            "content that the handler reads in part",
            head(
              "POST /first HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) +
              HIDDEN,
            200,
            { content: "first" },
          ),
        ],
      },
    ],
  },
  {
    number: "6.1",
    title: "Transfer-Encoding",
    rows: [
      {
        id: "9112-6.1-1",
        section: "6.1",
        level: "MUST",
        says: "A recipient is able to parse the chunked transfer coding.",
        cases: [
          served("one chunk", chunked(BODY), "hello"),
          served("several", chunked("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), "abc"),
          served("none", chunked("0\r\n\r\n"), ""),
        ],
      },
      {
        id: "9112-6.1-2",
        section: "6.1",
        level: "MUST NOT",
        says: "chunked is not applied more than once to a message.",
        cases: [
          ...table(refused, [
            ["in one line", coded(" chunked, chunked")],
            ["without SP", coded(" chunked,chunked")],
            ["in two lines", coded(" chunked", " chunked")],
            ["three times", coded(" chunked, chunked, chunked")],
            ["in other cases", coded(" chunked, Chunked")],
          ]),
          served("our answers", get("/stream"), {
            content: "one two",
            fields: { "transfer-encoding": "chunked" },
          }),
          answered("a handler that sets it itself", get("/field/chunked"), [
            200,
            500,
          ]),
        ],
      },
      {
        id: "9112-6.1-3",
        section: "6.1",
        level: "MUST NOT",
        says:
          "A server sends no Transfer-Encoding with 1xx, 204 or a 2xx to CONNECT.",
        cases: [
          {
            ...answered("204", get("/empty"), 204, {
              fields: { "transfer-encoding": null, "content-length": null },
            }),
            then: "persists",
          },
          {
            ...answered("204 as a Response", get("/status/204"), 204, {
              fields: { "transfer-encoding": null },
            }),
            then: "persists",
          },
          {
            name: "100",
            send: "",
            talk: [
              { send: echo(["Expect: 100-continue", "Content-Length: 2"]) },
              { interim: 100 },
              { send: "hi" },
              { answer: { status: 200, content: "hi" } },
            ],
            answers: [],
            then: "persists",
          },
        ],
      },
      {
        id: "9112-6.1-4",
        section: "6.1",
        level: "SHOULD",
        says:
          "A transfer coding that the server does not understand is answered with 501.",
        cases: [
          ...[
            "gzip",
            "x-gzip",
            "compress",
            "deflate",
            "br",
            "identity",
            "foo",
            "x",
            "Chunke",
          ]
            .map((coding) =>
              refused(`${coding}, chunked`, coded(` ${coding}, chunked`), 501)
            ),
          refused("in two lines", coded(" gzip", " chunked"), 501),
          refused("two codings", coded(" gzip, deflate, chunked"), 501),
        ],
      },
      {
        id: "9112-6.1-5",
        section: "6.1",
        level: "MUST NOT",
        says:
          "A server sends Transfer-Encoding only where the request says HTTP/1.1 or later.",
        cases: [
          lastServed("a stream to 1.0", head("GET /stream HTTP/1.0"), {
            content: "one two",
            fields: { "transfer-encoding": null },
          }),
          lastServed(
            "to 1.0 with keep-alive",
            head("GET /stream HTTP/1.0", "Connection: keep-alive"),
            { content: "one two", fields: { "transfer-encoding": null } },
          ),
          lastServed(
            "an empty stream to 1.0",
            head("GET /stream/empty HTTP/1.0"),
            {
              content: "",
            },
          ),
          served("a stream to 1.1", get("/stream"), {
            content: "one two",
            fields: { "transfer-encoding": "chunked" },
          }),
          served(
            "a stream to 1.2",
            head("GET /stream HTTP/1.2", "Host: a"),
            "one two",
          ),
        ],
      },
      {
        id: "9112-6.1-6",
        section: "6.1",
        level: "MUST",
        says:
          "A request with both Content-Length and Transfer-Encoding is rejected (or read as chunked), and the connection closes either way.",
        cases: table(refused, [
          [
            "a right length",
            echo(["Content-Length: 15", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "a length of the content",
            echo(["Content-Length: 5", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "the coding first",
            echo(["Transfer-Encoding: chunked", "Content-Length: 15"], BODY),
          ],
          [
            "a length of 0",
            echo(["Content-Length: 0", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "a long length",
            echo(["Content-Length: 999", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "far apart",
            echo([
              "Content-Length: 5",
              "A: 1",
              "B: 2",
              "Transfer-Encoding: chunked",
            ], BODY),
          ],
          [
            "in other cases",
            echo(["content-LENGTH: 5", "TRANSFER-encoding: CHUNKED"], BODY),
          ],
          [
            "an empty length",
            echo(["Content-Length:", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "a bad length",
            echo(["Content-Length: x", "Transfer-Encoding: chunked"], BODY),
          ],
          [
            "two lengths",
            echo([
              "Content-Length: 5",
              "Content-Length: 5",
              "Transfer-Encoding: chunked",
            ], BODY),
          ],
          [
            "GET",
            head(
              "GET /hello HTTP/1.1",
              "Host: a",
              "Content-Length: 15",
              "Transfer-Encoding: chunked",
            ) + BODY,
          ],
          [
            "HTTP/1.0",
            head(
              "POST /echo HTTP/1.0",
              "Content-Length: 15",
              "Transfer-Encoding: chunked",
            ) + BODY,
          ],
        ]),
      },
      {
        id: "9112-6.1-7",
        section: "6.1",
        level: "MUST",
        says:
          "An HTTP/1.0 request with Transfer-Encoding has faulty framing: the connection closes behind it.",
        cases: [
          refused(
            "chunked",
            head("POST /echo HTTP/1.0", "Transfer-Encoding: chunked") + BODY,
          ),
          refused(
            "with keep-alive",
            head(
              "POST /echo HTTP/1.0",
              "Transfer-Encoding: chunked",
              "Connection: keep-alive",
            ) + BODY,
          ),
          refused(
            "identity",
            head("POST /echo HTTP/1.0", "Transfer-Encoding: identity"),
          ),
          refused(
            "GET",
            head("GET /hello HTTP/1.0", "Transfer-Encoding: chunked") +
              "0\r\n\r\n",
          ),
          refused("empty", head("GET /hello HTTP/1.0", "Transfer-Encoding:")),
        ],
      },
      {
        id: "9112-6.1-8",
        section: "6.1",
        level: "is",
        says:
          "Transfer-Encoding is a list of transfer-coding names; what is no such list is refused, and never guessed at.",
        cases: [
          ...table(refused, [
            ["an empty value", coded("")],
            ["only SP", coded("  ")],
            ["only a comma", coded(" ,")],
            ["VT first", coded(" \x0bchunked")],
            ["VT last", coded(" chunked\x0b")],
            ["FF first", coded(" \x0cchunked")],
            ["NUL last", coded(" chunked\0")],
            ["LF last", coded(" chunked\n")],
          ]),
          ...table((name, send) => refused(name, send, [400, 501]), [
            // What is neither a token nor chunked breaks two rules with a code each.
            ["quoted", coded(' "chunked"')],
            ["single quotes", coded(" 'chunked'")],
            ["a letter more", coded(" xchunked")],
            ["a letter less", coded(" chunke")],
            ["a letter behind", coded(" chunkedx")],
            ["two words", coded(" x chunked")],
            ["two words, the other way", coded(" chunked x")],
            ["a semicolon behind", coded(" chunked;")],
            ["a dot behind", coded(" chunked.")],
            ["a hyphen", coded(" chun-ked")],
            ["no-break space first", coded(" \xa0chunked")],
            ["no-break space last", coded(" chunked\xa0")],
            ["high octets", coded(" chunk\xe9d")],
            ["a colon first", coded(":chunked")],
            ["brackets", coded(" [chunked]")],
            ["an equals sign", coded(" =chunked")],
            ["a cow", coded(" cow")],
          ]),
        ],
      },
      {
        id: "9112-6.1-9",
        section: "6.1",
        level: "MUST",
        says:
          "Empty members of a list are ignored (RFC 9110 §5.6.1.2), also those of a second line.",
        cases: [
          served("a comma behind", coded(" chunked,"), "hello"),
          served("a comma first", coded(" ,chunked"), "hello"),
          served("commas around", coded(" , chunked ,"), "hello"),
          served("an empty line before", coded("", " chunked"), "hello"),
          served("an empty line behind", coded(" chunked", ""), "hello"),
        ],
      },
    ],
  },
  {
    number: "6.2",
    title: "Content-Length",
    rows: [
      {
        id: "9112-6.2-1",
        section: "6.2",
        level: "is",
        says:
          "Content-Length is the size of the content in octets, as a decimal number.",
        cases: [
          served("0", echo("Content-Length: 0"), ""),
          served("5", sized(" 5"), "hello"),
          served("a leading zero", sized(" 05"), "hello"),
          served("many leading zeros", sized(` ${"0".repeat(30)}5`), "hello"),
          served("zeros", echo("Content-Length: 000"), ""),
          served(
            "1,000",
            echo("Content-Length: 1000", "a".repeat(1_000)),
            "a".repeat(1_000),
          ),
          served(
            "100,000",
            echo("Content-Length: 100000", "a".repeat(100_000)),
            "a".repeat(100_000),
          ),
          served(
            "octets, not characters",
            echo("Content-Length: 2", "\xc3\xa9"),
            "\xc3\xa9",
          ),
        ],
      },
      {
        id: "9112-6.2-2",
        section: "6.2",
        level: "MUST NOT",
        says: "No Content-Length is sent where there is a Transfer-Encoding.",
        cases: [
          served("a stream", get("/stream"), {
            fields: { "content-length": null },
          }),
          served(
            "a stream for HEAD",
            head("HEAD /stream HTTP/1.1", "Host: a"),
            {
              check: notBoth,
            },
          ),
          answered("a handler that sets a coding", get("/field/coding"), [
            200,
            500,
          ], { check: notBoth }),
          answered("a Response that sets a coding", get("/response/coding"), [
            200,
            500,
          ], {
            check: notBoth,
          }),
        ],
      },
    ],
  },
  {
    number: "6.3",
    title: "Message Body Length",
    rows: [
      {
        id: "9112-6.3-1",
        section: "6.3",
        level: "is",
        says:
          "A response to HEAD and any 1xx, 204 and 304 end with their head and have no body.",
        cases: [
          ...["/hello", "/stream", "/json", "/bytes", "/"].map((path) =>
            served(`HEAD ${path}`, head(`HEAD ${path} HTTP/1.1`, "Host: a"))
          ),
          {
            ...answered(
              "HEAD of what is not there",
              head("HEAD /nowhere HTTP/1.1", "Host: a"),
              404,
            ),
            then: "persists",
          },
          {
            ...answered(
              "HEAD of a failing handler",
              head("HEAD /throws HTTP/1.1", "Host: a"),
              500,
            ),
            then: "persists",
          },
          refused(
            "HEAD with a bad Host",
            head("HEAD /hello HTTP/1.1", "Host: a b"),
          ),
          refused(
            "HEAD with a bad field",
            head("HEAD /hello HTTP/1.1", "Host: a", "X : 1"),
          ),
          refused("HEAD without Host", head("HEAD /hello HTTP/1.1")),
          refused(
            "HEAD that is too long",
            head(`HEAD /${"a".repeat(9_000)} HTTP/1.1`, "Host: a"),
            414,
          ),
          lastServed("HEAD in 1.0", head("HEAD /hello HTTP/1.0")),
          lastServed("HEAD of a stream in 1.0", head("HEAD /stream HTTP/1.0")),
          { ...answered("204", get("/empty"), 204), then: "persists" },
          { ...answered("304", get("/not-modified"), 304), then: "persists" },
          {
            ...answered(
              "304 for HEAD",
              head("HEAD /not-modified HTTP/1.1", "Host: a"),
              304,
            ),
            then: "persists",
          },
        ],
      },
      {
        id: "9112-6.3-2",
        section: "6.3",
        level: "MUST",
        says:
          "A request with a Transfer-Encoding whose last coding is not chunked is answered with 400, then the connection closes.",
        cases: [
          ...table(refused, [
            ["gzip", coded(" gzip")],
            ["identity", coded(" identity")],
            ["an unknown coding", coded(" foo")],
            ["none", coded(" none")],
          ]),
          ...table(refused, [
            ["chunked, gzip", coded(" chunked, gzip")],
            ["chunked, identity", coded(" chunked, identity")],
            ["gzip, chunked, gzip", coded(" gzip, chunked, gzip")],
            ["chunked, then gzip in a second line", coded(" chunked", " gzip")],
            [
              "chunked, then identity in a second line",
              coded(" chunked", " identity"),
            ],
            ["chunked, x", coded(" chunked, x")],
          ]),
        ],
      },
      {
        id: "9112-6.3-3",
        section: "6.3",
        level: "MUST",
        says:
          "An invalid Content-Length is answered with 400, then the connection closes; a list of the same number may be one, and is refused here.",
        cases: [
          ...table(refused, [
            ["empty", sized("")],
            ["only SP", sized("  ")],
            ["a sign", sized(" +5")],
            ["negative", sized(" -5")],
            ["negative zero", sized(" -0")],
            ["hexadecimal", sized(" 0x5")],
            ["hexadecimal letters", sized(" A")],
            ["octal", sized(" 0o5")],
            ["a fraction", sized(" 5.0")],
            ["a fraction's dot", sized(" 5.")],
            ["an exponent", sized(" 5e0")],
            ["a word", sized(" five")],
            ["SP inside", sized(" 5 5")],
            ["SP inside zeros", sized(" 0 5")],
            ["HTAB inside", sized(" 5\t5")],
            ["a word behind", sized(" 5 hello")],
            ["a letter behind", sized(" 5a")],
            ["a semicolon", sized(" 5;")],
            ["a parameter", sized(" 5;a=b")],
            ["quoted", sized(' "5"')],
            ["an underscore", sized(" 1_0")],
            ["a thousands comma", sized(" 1,000")],
            ["VT", sized(" \x0b5")],
            ["FF", sized(" 5\x0c")],
            ["NUL", sized(" 5\0")],
            ["no-break space", sized(" \xa05")],
            ["a superscript", sized(" \xb2")],
            ["full-width digits", sized(" \xef\xbc\x95")],
            ["infinity", sized(" Infinity")],
            ["not a number", sized(" NaN")],
            ["null", sized(" null")],
            ["a list of the same", sized(" 5, 5")],
            ["a list without SP", sized(" 5,5")],
            ["a list of others", sized(" 5, 6")],
            ["an empty member first", sized(" ,5")],
            ["an empty member last", sized(" 5,")],
            ["only a comma", sized(" ,")],
            ["two lines of the same", sized(" 5", " 5")],
            ["two lines of others", sized(" 5", " 6")],
            ["two lines, the first 0", sized(" 0", " 5")],
            ["two lines, the second 0", sized(" 5", " 0")],
            ["two lines, one empty", sized(" 5", "")],
            ["two lines, one leading zero", sized(" 5", " 05")],
            ["three lines", sized(" 5", " 5", " 5")],
            [
              "in GET",
              head("GET /hello HTTP/1.1", "Host: a", "Content-Length: x"),
            ],
            [
              "in HTTP/1.0",
              head("POST /echo HTTP/1.0", "Content-Length: +5") + "hello",
            ],
            [
              "two lines in HTTP/1.0",
              head(
                "POST /echo HTTP/1.0",
                "Content-Length: 5",
                "Content-Length: 5",
              ) + "hello",
            ],
          ]),
          ...[
            "18446744073709551616",
            "9223372036854775808",
            "99999999999999999999",
            "9007199254740993",
            "4294967296",
            "9".repeat(100),
            "1".padEnd(1_000, "0"),
          ]
            .map((length) =>
              refused(
                length.slice(0, 24),
                echo(`Content-Length: ${length}`, "hello"),
                413,
              )
            ),
        ],
      },
      {
        id: "9112-6.3-4",
        section: "6.3",
        level: "MUST",
        says:
          "When the sender closes before the announced octets came, the message is incomplete and the connection is closed.",
        cases: [
          cutOff("no content at all", echo("Content-Length: 5")),
          cutOff("a part", echo("Content-Length: 5", "hell")),
          cutOff(
            "a part, for a handler that streams",
            head("POST /seen HTTP/1.1", "Host: a", "Content-Length: 9") +
              "hell",
          ),
          {
            ...cutOff(
              "a part, for a handler that does not read",
              head("POST /ignore HTTP/1.1", "Host: a", "Content-Length: 9") +
                "hell",
            ),
            answers: [{ status: [200, 400, 408], optional: true }],
          },
        ],
      },
      {
        id: "9112-6.3-5",
        section: "6.3",
        level: "is",
        says: "A request with neither field has no body.",
        cases: [
          ...["POST", "PUT", "PATCH", "DELETE"].map((method) =>
            served(method, head(`${method} /seen HTTP/1.1`, "Host: a"), {
              seen: { content: "" },
            })
          ),
          served(
            "POST with a Content-Type",
            head("POST /seen HTTP/1.1", "Host: a", "Content-Type: text/plain"),
            {
              seen: { content: "" },
            },
          ),
          {
            name: "what follows is the next request",
            send: head("POST /echo HTTP/1.1", "Host: a") + get("/hello"),
            answers: [{ status: 200, content: "" }, {
              status: 200,
              content: "hello",
            }],
            then: "persists",
          },
          lastServed("POST in 1.0", head("POST /echo HTTP/1.0"), ""),
        ],
      },
      {
        id: "9112-6.3-6",
        section: "6.3",
        level: "SHOULD",
        says:
          "Responses are delimited by a length or by chunks wherever that is possible.",
        cases: [
          served("a string", get("/hello"), {
            content: "hello",
            fields: { "content-length": "5" },
          }),
          served("bytes", get("/bytes"), {
            content: "\x00\xff",
            fields: { "content-length": "2" },
          }),
          served("JSON", get("/json"), { fields: { "content-length": "7" } }),
          served("a stream", get("/stream"), {
            fields: { "transfer-encoding": "chunked" },
          }),
          served("an empty stream", get("/stream/empty"), ""),
          {
            ...answered("an error", get("/nowhere"), 404, {
              fields: { "content-length": /^\d+$/ },
            }),
            then: "persists",
          },
          lastServed("a string to 1.0", head("GET /hello HTTP/1.0"), {
            fields: { "content-length": "5" },
          }),
        ],
      },
      {
        id: "9112-6.3-7",
        section: "6.3",
        level: "MAY",
        says:
          "A body without a length may be answered with 411; it is read here.",
        cases: [served("chunked", chunked(BODY), "hello")],
      },
    ],
  },
];

function notBoth(
  { fields }: { fields: readonly (readonly [string, string])[] },
) {
  const names = fields.map(([name]) => name.toLowerCase());
  return names.includes("content-length") && names.includes("transfer-encoding")
    ? "both framing fields were sent"
    : undefined;
}
