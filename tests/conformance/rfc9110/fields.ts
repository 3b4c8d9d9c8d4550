/**
 * RFC 9110 §2 to §6: versions, fields, messages and what they are made of.
 *
 * @module
 */

import {
  answered,
  ask,
  chunked,
  echo,
  get,
  head,
  lastServed,
  refused,
  served,
} from "../rows.ts";
import type { Case, Expected, Section } from "../rows.ts";
import { isImfFixdate } from "../date.ts";

/** An answer that has one Date field in the one form that is generated. */
function dated(name: string, send: string, status: Expected["status"]): Case {
  return answered(name, send, status, {
    check: ({ fields }) => {
      const dates = fields.filter(([name]) => name.toLowerCase() === "date");
      return dates.length === 1 && isImfFixdate(dates[0]?.[1])
        ? undefined
        : `its dates are ${
          dates.map(([, value]) => value).join(" | ") || "none"
        }`;
    },
  });
}

/** Lines of fields, as many as asked for. */
function lines(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `X-${at}: ${at}`);
}

/** Content with one trailer field behind it, announced. */
function trailed(name: string, content: string): Omit<Expected, "status"> {
  return {
    content,
    fields: { trailer: name },
    check: ({ trailers }) =>
      trailers.length === 1 && trailers[0]![0] === name
        ? undefined
        : "it has other trailers",
  };
}

export const SECTIONS: readonly Section[] = [
  {
    number: "2.4",
    title: "Error Handling",
    rows: [
      {
        id: "9110-2.4-1",
        section: "2.4",
        level: "MUST",
        says:
          "A received protocol element is parsed as the grammar defines it, without interpreting it further.",
        cases: [
          served("a value of any content", ask("x-a", 'X-A: "\\x, (;=" '), {
            seen: { fields: { "x-a": '"\\x, (;="' } },
          }),
        ],
      },
    ],
  },
  {
    number: "2.5",
    title: "Protocol Version",
    rows: [
      {
        id: "9110-2.5-1",
        section: "2.5",
        level: "SHOULD",
        says:
          "A server answers in the highest version that it conforms to whose major version is not above the request's.",
        cases: [
          served("1.1", get("/hello"), "hello"),
          lastServed("1.0", head("GET /hello HTTP/1.0"), "hello"),
          served("1.9", head("GET /hello HTTP/1.9", "Host: a"), "hello"),
        ],
      },
      {
        id: "9110-2.5-2",
        section: "2.5",
        level: "SHOULD",
        says:
          "A message of a higher minor version is processed as if of the highest that the recipient knows.",
        cases: [
          served(
            "chunks",
            head(
              "POST /echo HTTP/1.5",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) + "2\r\nhi\r\n0\r\n\r\n",
            "hi",
          ),
          served("persistence", head("GET /seen HTTP/1.9", "Host: a"), {
            seen: { version: "1.1" },
          }),
          refused("Host", head("GET /hello HTTP/1.9")),
        ],
      },
      {
        id: "9110-2.5-3",
        section: "2.5",
        level: "MAY",
        says: "505 answers a major version that the server refuses.",
        cases: [
          refused("HTTP/2.0", head("GET /hello HTTP/2.0", "Host: a"), 505),
        ],
      },
    ],
  },
  {
    number: "4.2",
    title: "HTTP-Related URI Schemes",
    rows: [
      {
        id: "9110-4.2.1-1",
        section: "4.2.1",
        level: "MUST",
        says: "An http URI with an empty host is rejected as invalid.",
        cases: [
          refused("a path", get("http:///hello")),
          refused("a port", get("http://:80/hello")),
        ],
      },
      {
        id: "9110-4.2.4-1",
        section: "4.2.4",
        level: "SHOULD",
        says:
          "Userinfo in a URI from an untrusted source is treated as an error.",
        cases: [
          refused("in a target", get("http://user@a/hello")),
          refused("in Host", head("GET /hello HTTP/1.1", "Host: user@a")),
          refused("with a password", get("http://a:b@c/hello")),
        ],
      },
    ],
  },
  {
    number: "5.1",
    title: "Field Names",
    rows: [
      {
        id: "9110-5.1-1",
        section: "5.1",
        level: "SHOULD",
        says: "Unrecognized fields are ignored by recipients.",
        cases: [
          served(
            "in a head",
            get("/hello", "X-Unknown: 1", "Foo: bar"),
            "hello",
          ),
          served(
            "with odd values",
            get("/hello", 'Foo: ,;=()"', "Bar: \xff"),
            "hello",
          ),
        ],
      },
    ],
  },
  {
    number: "5.2",
    title: "Field Lines and Combined Field Value",
    rows: [
      {
        id: "9110-5.2-1",
        section: "5.2",
        level: "is",
        says:
          "The field value of several lines is their values in order, joined by comma and optional white space.",
        cases: [
          served("two lines", ask("x-a", "X-A: 1", "X-A: 2"), {
            seen: { fields: { "x-a": "1, 2" } },
          }),
          served(
            "in other cases and apart",
            ask("x-a", "X-A: 1", "X-B: 0", "x-a: 2", "X-a: 3"),
            {
              seen: { fields: { "x-a": "1, 2, 3" } },
            },
          ),
          served(
            "empty ones among them",
            ask("x-a", "X-A: 1", "X-A:", "X-A: 2"),
            {
              seen: { fields: { "x-a": "1, , 2" } },
            },
          ),
          served("a list and a line", ask("x-a", "X-A: 1, 2", "X-A: 3"), {
            seen: { fields: { "x-a": "1, 2, 3" } },
          }),
        ],
      },
    ],
  },
  {
    number: "5.3",
    title: "Field Order",
    rows: [
      {
        id: "9110-5.3-1",
        section: "5.3",
        level: "MUST NOT",
        says:
          "A request is not applied to the target before the whole header section was received.",
        cases: [
          {
            name: "a head without its end",
            send: "GET /behind/half HTTP/1.1\r\nHost: a\r\n",
            answers: [{ status: [400, 408], optional: true }],
            then: "closes",
            fin: true,
          },
        ],
      },
      {
        id: "9110-5.3-2",
        section: "5.3",
        level: "MUST NOT",
        says:
          "A sender does not generate several lines of a field that is not a list; Set-Cookie is the exception.",
        cases: [
          served("two cookies are two lines", get("/cookies"), {
            check: ({ fields }) => {
              const cookies = fields.filter(([name]) =>
                name.toLowerCase() === "set-cookie"
              );
              return cookies.length === 2
                ? undefined
                : `${cookies.length} lines of Set-Cookie`;
            },
          }),
        ],
      },
    ],
  },
  {
    number: "5.4",
    title: "Field Limits",
    rows: [
      {
        id: "9110-5.4-1",
        section: "5.4",
        level: "MUST",
        says:
          "A field line, value or set of fields larger than the server wishes to process is answered with a 4xx.",
        cases: [
          served(
            "100 fields",
            head("GET /hello HTTP/1.1", "Host: a", ...lines(99)),
            "hello",
          ),
          refused(
            "101 fields",
            head("GET /hello HTTP/1.1", "Host: a", ...lines(100)),
            431,
          ),
          refused("1,000 fields", get("/hello", ...lines(1_000)), 431),
          refused(
            "a value of 20,000 octets",
            get("/hello", `X-A: ${"a".repeat(20_000)}`),
            431,
          ),
          refused(
            "a name of 20,000 octets",
            get("/hello", `${"a".repeat(20_000)}: 1`),
            431,
          ),
          refused(
            "a value without an end",
            `GET /hello HTTP/1.1\r\nHost: a\r\nX-A: ${"a".repeat(60_000)}`,
            431,
          ),
          refused(
            "a name without an end",
            `GET /hello HTTP/1.1\r\nHost: a\r\n${"a".repeat(60_000)}`,
            431,
          ),
          refused(
            "much white space",
            get("/hello", `X-A: ${" ".repeat(20_000)}1`),
            431,
          ),
          refused(
            "many small ones",
            get("/hello", ...Array<string>(5_000).fill("a:")),
            431,
          ),
        ],
      },
    ],
  },
  {
    number: "5.5",
    title: "Field Values",
    rows: [
      {
        id: "9110-5.5-1",
        section: "5.5",
        level: "MUST",
        says:
          "A value with CR, LF or NUL is rejected (or they become SP; here it is refused).",
        cases: [
          refused("CR", get("/hello", "X-A: a\rb")),
          refused("LF", get("/hello", "X-A: a\nb")),
          refused("NUL", get("/hello", "X-A: a\0b")),
        ],
      },
      {
        id: "9110-5.5-2",
        section: "5.5",
        level: "is",
        says:
          "Other controls are invalid, too; none is generated, and a handler that sets one gets a 500.",
        cases: ["nul", "bell", "del", "cr", "lf", "crlf", "wide"].map((name) =>
          answered(name, get(`/field/${name}`), 500, {
            fields: { "x-a": null },
          })
        ),
      },
      {
        id: "9110-5.5-3",
        section: "5.5",
        level: "SHOULD",
        says: "obs-text is opaque data, and stays as it came.",
        cases: [
          served("in a request", ask("x-a", "X-A: \x80\xff"), {
            seen: { fields: { "x-a": "\x80\xff" } },
          }),
          served("in an answer", get("/field/obs-text"), {
            fields: { "x-a": "\xe9" },
          }),
        ],
      },
      {
        id: "9110-5.5-4",
        section: "5.5",
        level: "is",
        says: "Leading and trailing white space is no part of a value.",
        cases: [
          served("SP and HTAB", ask("x-a", "X-A: \t 1 \t "), {
            seen: { fields: { "x-a": "1" } },
          }),
        ],
      },
    ],
  },
  {
    number: "5.6",
    title: "Common Rules for Defining Field Values",
    rows: [
      {
        id: "9110-5.6.1-1",
        section: "5.6.1.2",
        level: "MUST",
        says:
          "A reasonable number of empty list elements is parsed and ignored.",
        cases: [
          lastServed(
            "Connection, first",
            get("/hello", "Connection: ,close"),
            "hello",
          ),
          lastServed(
            "Connection, last",
            get("/hello", "Connection: close,"),
            "hello",
          ),
          lastServed(
            "Connection, many",
            get("/hello", "Connection: , ,,\t, close ,, ,"),
            "hello",
          ),
          lastServed(
            "Connection, an empty line",
            get("/hello", "Connection:", "Connection: close"),
            "hello",
          ),
          served(
            "Connection, nothing else",
            get("/hello", "Connection: ,"),
            "hello",
          ),
          served(
            "Expect",
            echo(["Expect: , 100-continue ,", "Content-Length: 2"], "hi"),
            "hi",
          ),
        ],
      },
      {
        id: "9110-5.6.1-2",
        section: "5.6.1.1",
        level: "MUST NOT",
        says: "A sender generates no empty list elements.",
        cases: [
          {
            ...answered("Allow", head("POST /hello HTTP/1.1", "Host: a"), 405, {
              fields: { allow: /^[A-Z]+(, ?[A-Z]+)*$/ },
            }),
            then: "persists",
          },
          lastServed("Connection", get("/hello", "Connection: close"), {
            fields: { connection: /^[^,\s]+(, ?[^,\s]+)*$/ },
          }),
        ],
      },
      {
        id: "9110-5.6.7-1",
        section: "5.6.7",
        level: "MUST",
        says: "A sender generates timestamps as IMF-fixdate.",
        cases: [
          dated("200", get("/hello"), 200),
          dated("404", get("/nowhere"), 404),
          dated("a refusal", get("/a b"), 400),
        ],
      },
    ],
  },
  {
    number: "6.1",
    title: "Framing and Completeness",
    rows: [
      {
        id: "9110-6.1-1",
        section: "6.1",
        level: "is",
        says:
          "A message whose content is shorter than its framing says is incomplete, and not served as if it were whole.",
        cases: [
          {
            name: "a length",
            send: echo("Content-Length: 9", "hello"),
            answers: [{ status: [400, 408], optional: true }],
            then: "closes",
            fin: true,
          },
          {
            name: "chunks",
            send: chunked("5\r\nhello\r\n"),
            answers: [{ status: [400, 408], optional: true }],
            then: "closes",
            fin: true,
          },
        ],
      },
      {
        id: "9110-6.1-2",
        section: "6.1",
        level: "is",
        says:
          "An answer that fails in its middle ends short of its framing, so that it is not taken for whole.",
        cases: [
          {
            name: "a stream that throws late",
            send: get("/stream/throws"),
            answers: [{ status: 200, brokenOff: true }],
            then: "closes",
          },
          {
            ...answered(
              "a stream that throws before anything was sent",
              get("/stream/throws-first"),
              500,
            ),
            then: "persists",
          },
        ],
      },
    ],
  },
  {
    number: "6.4",
    title: "Content",
    rows: [
      {
        id: "9110-6.4.1-1",
        section: "6.4.1",
        level: "is",
        says:
          "Responses to HEAD, and those of 1xx, 204 and 304, have no content.",
        cases: [
          served("HEAD", head("HEAD /hello HTTP/1.1", "Host: a")),
          { ...answered("204", get("/empty"), 204), then: "persists" },
          { ...answered("304", get("/not-modified"), 304), then: "persists" },
          {
            ...answered("204 that a handler gives", get("/status/204"), 204),
            then: "persists",
          },
          { ...answered("a string with 204", get("/with/204"), 204) },
          { ...answered("a string with 304", get("/with/304"), 304) },
          {
            ...answered("a string with 205", get("/with/205"), 205, {
              content: "",
            }),
          },
          {
            ...answered("a stream with 204", get("/stream-with/204"), [
              204,
              500,
            ]),
          },
          {
            ...answered("a stream with 304", get("/stream-with/304"), [
              304,
              500,
            ]),
          },
        ],
      },
    ],
  },
  {
    number: "6.5",
    title: "Trailer Fields",
    rows: [
      {
        id: "9110-6.5.1-1",
        section: "6.5.1",
        level: "MUST NOT",
        says:
          "Trailer fields are not merged into the header section unless their definition permits it; here none is.",
        cases: [
          served(
            "a field of its own",
            head(
              "POST /seen HTTP/1.1",
              "Host: a",
              "Ask: x-t",
              "Transfer-Encoding: chunked",
            ) +
              "0\r\nX-T: 1\r\n\r\n",
            { seen: { fields: { "x-t": null } } },
          ),
          served(
            "a field that the head has",
            head(
              "POST /seen HTTP/1.1",
              "Host: a",
              "Ask: x-t",
              "X-T: 0",
              "Transfer-Encoding: chunked",
            ) +
              "0\r\nX-T: 1\r\n\r\n",
            { seen: { fields: { "x-t": "0" } } },
          ),
        ],
      },
      {
        id: "9110-6.5.1-2",
        section: "6.5.1",
        level: "MUST NOT",
        says:
          "A sender generates no trailer field unless it knows that its definition permits it: we send what a handler asks for, and refuse what no definition permits.",
        cases: [
          served("a stream", get("/stream", "TE: trailers", "Connection: TE"), {
            check: ({ trailers }) =>
              trailers.length === 0 ? undefined : "it has trailers",
          }),
          ...[
            ...["content-length", "transfer-encoding", "host", "if-match"],
            ...["authorization", "set-cookie", "content-type", "age"],
          ].map((name): Case => ({
            name,
            send: get(`/trailed/name/${name}`),
            answers: [{ status: 500 }],
            then: "persists",
          })),
          served("etag", get("/trailed/name/etag"), trailed("etag", "text")),
        ],
      },
    ],
  },
  {
    number: "6.6",
    title: "Message Metadata",
    rows: [
      {
        id: "9110-6.6.1-1",
        section: "6.6.1",
        level: "MUST",
        says:
          "An origin server with a clock sends Date with 2xx, 3xx and 4xx; it may with 1xx and 5xx, and does with 5xx.",
        cases: [
          dated("200", get("/hello"), 200),
          dated("204", get("/empty"), 204),
          dated("304", get("/not-modified"), 304),
          dated("308", get("/status/308"), 308),
          dated("404", get("/nowhere"), 404),
          dated("405", head("POST /hello HTTP/1.1", "Host: a"), 405),
          dated("500", get("/throws"), 500),
          dated("501", head("FOO /hello HTTP/1.1", "Host: a"), 501),
          dated("HEAD", head("HEAD /hello HTTP/1.1", "Host: a"), 200),
          dated("OPTIONS *", head("OPTIONS * HTTP/1.1", "Host: a"), 204),
          dated("a stream", get("/stream"), 200),
          dated("1.0", head("GET /hello HTTP/1.0"), 200),
          dated("a refused request line", get("/a b"), 400),
          dated("a refused field", get("/hello", "X : 1"), 400),
          dated("a refused target", get(`/${"a".repeat(9_000)}`), 414),
          dated(
            "a refused head",
            get("/hello", `X-A: ${"a".repeat(20_000)}`),
            431,
          ),
          dated("a refused version", head("GET / HTTP/2.0", "Host: a"), 505),
          dated("a refused expectation", get("/hello", "Expect: wonders"), 417),
          dated("refused content", chunked("x\r\n"), 400),
          dated(
            "a Date of the handler's is the only one",
            get("/field/date"),
            200,
          ),
        ],
      },
      {
        id: "9110-6.6.2-1",
        section: "6.6.2",
        level: "is",
        says: "Trailer only announces: in a request it changes nothing.",
        cases: [
          served(
            "announced and sent",
            echo(
              ["Trailer: X-T", "Transfer-Encoding: chunked"],
              "0\r\nX-T: 1\r\n\r\n",
            ),
            "",
          ),
          served(
            "announced and not sent",
            echo(["Trailer: X-T", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
            "",
          ),
          served(
            "announced without chunks",
            echo(["Trailer: X-T", "Content-Length: 0"]),
            "",
          ),
        ],
      },
      {
        id: "9110-6.6.2-2",
        section: "6.6.2",
        level: "SHOULD",
        says: "A sender that means to send trailers announces them in Trailer.",
        cases: [
          served("text", get("/trailed/text"), trailed("x-t", "text")),
          served("a stream", get("/trailed/stream"), {
            fields: { trailer: "x-t" },
          }),
          served("HEAD", head("HEAD /trailed/text HTTP/1.1", "Host: a"), {
            fields: { trailer: "x-t" },
          }),
          served("without any", get("/stream"), { fields: { trailer: null } }),
        ],
      },
    ],
  },
];
