/**
 * RFC 9112 §2: the message as lines of octets, and its version.
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
  octetRange,
  refused,
  served,
  table,
} from "../rows.ts";
import type { Case, Section } from "../rows.ts";

const HELLO = get("/hello");

/** Two requests, the second behind what was put between them. */
function between(name: string, first: string, gap: string): Case {
  return {
    name,
    send: first + gap + HELLO,
    answers: [{ status: 200 }, { status: 200, content: "hello" }],
    then: "persists",
  };
}

/** A request line that ends in `version`. */
function versioned(version: string): string {
  return head(`GET /hello ${version}`, "Host: a");
}

export const SECTIONS: readonly Section[] = [
  {
    number: "2.1",
    title: "Message Format",
    rows: [
      {
        id: "9112-2.1-1",
        section: "2.1",
        level: "is",
        says:
          "A message is a start-line, field lines, an empty line and an optional body, each line with CRLF.",
        cases: [
          served("one field line", HELLO, "hello"),
          served(
            "several field lines",
            get("/hello", "A: 1", "B: 2", "C: 3"),
            "hello",
          ),
          served(
            "no field line at all, in 1.0",
            "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "hello",
          ),
          lastServed(
            "nothing but a request line",
            "GET /hello HTTP/1.0\r\n\r\n",
            {
              content: "hello",
            },
          ),
          served("a body", echo("Content-Length: 5", "hello"), "hello"),
          served(
            "a body of lines that look like a request",
            echo(`Content-Length: ${HELLO.length}`, HELLO),
            HELLO,
          ),
        ],
      },
      {
        id: "9112-2.1-2",
        section: "2.1",
        level: "is",
        says:
          "A server only expects a request: a response is an invalid request method.",
        cases: table(refused, [
          [
            "a response",
            head("HTTP/1.1 200 OK", "Host: a", "Content-Length: 0"),
          ],
          ["a response of HTTP/1.0", head("HTTP/1.0 404 Not Found", "Host: a")],
        ]),
      },
    ],
  },
  {
    number: "2.2",
    title: "Message Parsing",
    rows: [
      {
        id: "9112-2.2-1",
        section: "2.2",
        level: "MUST",
        says:
          "A recipient parses octets in a superset of US-ASCII, not decoded text.",
        cases: [
          served(
            "octets that are no UTF-8 stay as they are",
            ask("x-a", "X-A: \xff\x80\xc3("),
            {
              seen: { fields: { "x-a": "\xff\x80\xc3(" } },
            },
          ),
          served(
            "UTF-8 stays one octet a character",
            ask("x-a", "X-A: \xc3\xa9"),
            {
              seen: { fields: { "x-a": "\xc3\xa9" } },
            },
          ),
          served(
            "U+560A and U+560D, which lose their high octet to CRLF",
            ask("x-a", "X-A: a\xe5\x98\x8d\xe5\x98\x8aX-B: b"),
            {
              seen: {
                fields: { "x-a": "a\xe5\x98\x8d\xe5\x98\x8aX-B: b" },
              },
            },
          ),
          served(
            "an overlong LF",
            ask("x-a,x-b", "X-A: a\xc0\x8aX-B: b"),
            {
              seen: { fields: { "x-a": "a\xc0\x8aX-B: b", "x-b": null } },
            },
          ),
          served(
            "NEL, which is a line end to Unicode",
            ask("x-a,x-b", "X-A: a\x85X-B: b"),
            {
              seen: { fields: { "x-a": "a\x85X-B: b", "x-b": null } },
            },
          ),
          served(
            "the octets of U+2028",
            ask("x-a,x-b", "X-A: a\xe2\x80\xa8X-B: b"),
            {
              seen: { fields: { "x-a": "a\xe2\x80\xa8X-B: b", "x-b": null } },
            },
          ),
          served(
            "every octet in the content",
            echo("Content-Length: 256", allOctets()),
            allOctets(),
          ),
          refused(
            "UTF-16",
            [...HELLO].map((char) => `\0${char}`).join(""),
          ),
          refused("a byte order mark", `\xef\xbb\xbf${HELLO}`),
        ],
      },
      {
        id: "9112-2.2-2",
        section: "2.2",
        level: "MAY",
        says:
          "A single LF may be taken for a line end; here it is refused, because two readers can differ on it.",
        cases: table(refused, [
          ["behind the request line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n"],
          ["behind a field line", "GET /hello HTTP/1.1\r\nHost: a\n\r\n"],
          ["behind the last field line", get("/hello", "A: 1\nB: 2")],
          ["as the empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n\n"],
          ["everywhere", "GET /hello HTTP/1.1\nHost: a\n\n"],
          [
            "twice in a field line",
            get("/hello", "A: 1\n\nGET /hello HTTP/1.1"),
          ],
          ["before the request line", `\n${HELLO}`],
          ["in the method", "GE\nT /hello HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["in the target", "GET /hel\nlo HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["behind the target", "GET /hello\n HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["in the version", "GET /hello HTTP/\n1.1\r\nHost: a\r\n\r\n"],
          ["in a field name", get("/hello", "A\nB: 1")],
          ["before the colon", get("/hello", "A\n: 1")],
          ["behind the colon", get("/hello", "A:\n 1")],
          ["before the CR of a line", get("/hello", "A: 1\n")],
          ["behind a chunk size", chunked("5\nhello\r\n0\r\n\r\n")],
          ["behind chunk data", chunked("5\r\nhello\n0\r\n\r\n")],
          ["behind the last chunk", chunked("5\r\nhello\r\n0\n\r\n")],
          ["behind a trailer field", chunked("0\r\nX-T: 1\n\r\n")],
          ["as the end of a chunked body", chunked("5\r\nhello\r\n0\r\n\n")],
        ]),
      },
      {
        id: "9112-2.2-3",
        section: "2.2",
        level: "MUST",
        says:
          "A bare CR makes its element invalid (or is replaced by SP; here it is refused).",
        cases: table(refused, [
          ["as every line end", "GET /hello HTTP/1.1\rHost: a\r\r\n\r\n"],
          ["before the request line", `\r${HELLO}`],
          ["doubled before the request line", `\r\r\n${HELLO}`],
          ["in the method", "G\rET /hello HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["before the target", "GET \r/hello HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["instead of SP", "GET\r/hello\rHTTP/1.1\r\nHost: a\r\n\r\n"],
          ["in the target", "GET /hel\rlo HTTP/1.1\r\nHost: a\r\n\r\n"],
          ["behind the version", "GET /hello HTTP/1.1\r\r\nHost: a\r\n\r\n"],
          ["in a field name", get("/hello", "A\rB: 1")],
          ["before a field name", get("/hello", "\rA: 1")],
          ["before the colon", get("/hello", "A\r: 1")],
          ["behind the colon", get("/hello", "A:\r1")],
          ["in a field value", get("/hello", "A: 1\rB: 2")],
          ["at the end of a field value", get("/hello", "A: 1\r")],
          ["in the value of Host", "GET /hello HTTP/1.1\r\nHost: a\rb\r\n\r\n"],
          [
            "in the value of Transfer-Encoding",
            echo("Transfer-Encoding: chunked\r", "0\r\n\r\n"),
          ],
          [
            "in the value of Content-Length",
            echo("Content-Length: 5\r", "hello"),
          ],
          [
            "doubled in the empty line",
            "GET /hello HTTP/1.1\r\nHost: a\r\n\r\r\n",
          ],
          ["in a chunk size", chunked("5\r\r\nhello\r\n0\r\n\r\n")],
          ["in a chunk extension", chunked("5;a=\rb\r\nhello\r\n0\r\n\r\n")],
          ["behind chunk data", chunked("5\r\nhello\r\r\n0\r\n\r\n")],
          ["in a trailer field", chunked("0\r\nX-T: 1\r2\r\n\r\n")],
          ["before the end of a chunked body", chunked("0\r\n\r\r\n")],
        ]),
      },
      {
        id: "9112-2.2-4",
        section: "2.2",
        level: "SHOULD",
        says:
          "At least one empty line (CRLF) before the request-line is ignored.",
        cases: [
          served("one", `\r\n${HELLO}`, "hello"),
          served("two", `\r\n\r\n${HELLO}`, "hello"),
          between("one between two requests", HELLO, "\r\n"),
          between("two between two requests", HELLO, "\r\n\r\n"),
          between(
            "one behind a POST, as old clients sent it",
            echo("Content-Length: 5", "hello"),
            "\r\n",
          ),
          between("one behind a chunked POST", chunked("0\r\n\r\n"), "\r\n"),
          {
            ...refused("a flood of them", "\r\n".repeat(20_000), [400, 431]),
            feedings: ["at once", "in pieces"],
          },
          ...table(refused, [
            ["a line of SP", ` \r\n${HELLO}`],
            ["a line of HTAB", `\t\r\n${HELLO}`],
            ["an empty line and SP", `\r\n ${HELLO}`],
            ["a line of NUL", `\0\r\n${HELLO}`],
          ]),
        ],
      },
      {
        id: "9112-2.2-5",
        section: "2.2",
        level: "MUST",
        says:
          "White space between the start-line and the first field is rejected (or its lines are dropped; here it is refused).",
        cases: table(refused, [
          ["SP before Host", head("GET /hello HTTP/1.1", " Host: a")],
          ["HTAB before Host", head("GET /hello HTTP/1.1", "\tHost: a")],
          ["a line of SP", head("GET /hello HTTP/1.1", " ", "Host: a")],
          ["a line of HTAB", head("GET /hello HTTP/1.1", "\t", "Host: a")],
          [
            "a field that hides behind SP",
            head("GET /hello HTTP/1.1", " X-A: 1", "Host: a"),
          ],
          [
            "a framing field that hides behind SP",
            head("POST /echo HTTP/1.1", " Content-Length: 5", "Host: a") +
            "hello",
          ],
          ["SP in place of fields", "GET /hello HTTP/1.0\r\n \r\n\r\n"],
        ]),
      },
      {
        id: "9112-2.2-6",
        section: "2.2",
        level: "SHOULD",
        says:
          "Octets that match no HTTP-message are answered with 400, and the connection is closed.",
        cases: [
          ...table(refused, [
            ["a word", "hello\r\n\r\n"],
            ["SMTP", "EHLO mail.example\r\n"],
            ["SSH", "SSH-2.0-OpenSSH_9.2\r\n"],
            ["only a method", "GET\r\n\r\n"],
            ["a field line first", "Host: a\r\n\r\n"],
            ["NUL", "\0\0\0\0\r\n\r\n"],
            ["high octets", "\xff\xfe\xfd\r\n\r\n"],
            ["a request behind a word", `x ${HELLO}`],
          ]),
          // No line end comes, so that a server may wait for one.
          cutOff(
            "a TLS greeting",
            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
          ),
          cutOff("octets without a line", "\x80\x80\x80\x80"),
        ],
      },
      {
        id: "9112-2.2-7",
        section: "2.2",
        level: "MUST NOT",
        says:
          "A sender writes no bare CR, and no white space between the start-line and the first field.",
        cases: [
          served("a string", get("/hello")),
          served("a stream", get("/stream"), "one two"),
          served("JSON", get("/json"), '{"a":1}'),
          answered("an error", get("/nowhere"), 404),
          answered("a failing handler", get("/throws"), 500),
          refused("a refusal", get("/a b")),
        ],
      },
    ],
  },
  {
    number: "2.3",
    title: "HTTP Version",
    rows: [
      {
        id: "9112-2.3-1",
        section: "2.3",
        level: "is",
        says: "HTTP-version is case-sensitive.",
        cases: ["http/1.1", "Http/1.1", "HTTp/1.1", "hTTP/1.1"].map((version) =>
          refused(version, versioned(version))
        ),
      },
      {
        id: "9112-2.3-2",
        section: "2.3",
        level: "is",
        says: 'HTTP-version is "HTTP/", one digit, ".", one digit.',
        cases: [
          "HTTP/1.10",
          "HTTP/1.01",
          "HTTP/01.1",
          "HTTP/11.1",
          "HTTP/10.1",
          "HTTP/1.1.",
          "HTTP/1.1.1",
          "HTTP/1.",
          "HTTP/1",
          "HTTP/.1",
          "HTTP/",
          "HTTP",
          "HTTP1.1",
          "HTTP/1,1",
          "HTTP/1_1",
          "HTTP\\1.1",
          "HTTP//1.1",
          "HTTP/-1.1",
          "HTTP/+1.1",
          "HTTP/ 1.1",
          "HTTP/1 .1",
          "HTTP/1.a",
          "HTTP/a.1",
          "HTTP/1.\xb2",
          "HTTP/1.1\0",
          "HTTP/1.1;",
          "HTTP/2",
          "HTTPS/1.1",
          "HTTX/1.1",
          "XHTTP/1.1",
          "ICAP/1.0",
          "RTSP/1.0",
          "SHTTP/1.1",
        ].map((version) => refused(version, versioned(version))),
      },
      {
        id: "9112-2.3-3",
        section: "2.3",
        level: "is",
        says:
          "A higher minor version is served as the highest minor version that is implemented (RFC 9110 §2.5).",
        cases: ["2", "3", "4", "5", "6", "7", "8", "9"].map((minor) =>
          served(`HTTP/1.${minor}`, versioned(`HTTP/1.${minor}`), "hello")
        ),
      },
      {
        id: "9112-2.3-4",
        section: "2.3",
        level: "is",
        says: "Another major version is not supported: 505 (RFC 9110 §15.6.6).",
        cases: [
          ...["0.9", "0.0", "2.0", "2.1", "3.0", "4.2", "9.9"].map((version) =>
            refused(`HTTP/${version}`, versioned(`HTTP/${version}`), 505)
          ),
          refused(
            "the preface of HTTP/2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            505,
          ),
        ],
      },
      {
        id: "9112-2.3-5",
        section: "2.3",
        level: "is",
        says:
          "HTTP/0.9, whose request had no version, is not spoken (Appendix C.1).",
        cases: table(refused, [
          ["a simple request", "GET /hello\r\n"],
          ["with an empty line", "GET /hello\r\n\r\n"],
          ["with SP behind the target", "GET /hello \r\n\r\n"],
          ["with fields behind it", "GET /hello\r\nHost: a\r\n\r\n"],
        ]),
      },
      {
        id: "9112-2.3-6",
        section: "2.3",
        level: "is",
        says:
          "What goes to an HTTP/1.0 recipient is valid HTTP/1.0 when newer features are ignored.",
        cases: [
          lastServed("a string", head("GET /hello HTTP/1.0"), "hello"),
          lastServed(
            "a stream, ended by the end",
            head("GET /stream HTTP/1.0"),
            {
              content: "one two",
              fields: { "transfer-encoding": null },
            },
          ),
          {
            ...answered("no content", head("GET /empty HTTP/1.0"), 204),
            then: "closes",
          },
        ],
      },
      {
        id: "9112-2.3-7",
        section: "2.3",
        level: "SHOULD NOT",
        says:
          "A server does not downgrade its own version: every response says HTTP/1.1.",
        cases: [
          lastServed("to HTTP/1.0", head("GET /hello HTTP/1.0"), "hello"),
          served(
            "to an old user agent",
            get("/hello", "User-Agent: Mozilla/4.0 (compatible; MSIE 5.0)"),
            "hello",
          ),
          refused("in a refusal of HTTP/1.0", "GET /a b HTTP/1.0\r\n\r\n"),
        ],
      },
    ],
  },
];

/** A message that is cut off by the end: refused, or left in silence. */
function cutOff(name: string, send: string): Case {
  return {
    name,
    send,
    answers: [{ status: 400, optional: true }],
    then: "closes",
    fin: true,
  };
}

function allOctets(): string {
  return octetRange(0, 255).join("");
}
