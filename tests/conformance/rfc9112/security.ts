/**
 * RFC 9112 §11 and Appendix C: what an attacker writes, and what old clients wrote.
 *
 * The smuggling rows are classes of octets that two readers have been seen to
 * understand differently. Each must earn one refusal and an end, with nothing
 * parsed behind it: the hidden request would be recorded by its handler.
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
import type { Section } from "../rows.ts";
import { FIELDS, RESPONSE_FIELDS } from "../answer_fields.ts";

const HIDDEN = get("/behind/smuggled");
const CHUNKED = "Transfer-Encoding: chunked";
const LENGTH = `Content-Length: ${4 + HIDDEN.length}`;
/** Nothing to a reader of chunks; the hidden request to a reader of lengths. */
const EMPTY_THEN_HIDDEN = `0\r\n\r\n${HIDDEN}`;

/** Both framings, the coding spelled as given. */
function both(...lines: string[]): string {
  return echo(
    [`Content-Length: ${EMPTY_THEN_HIDDEN.length}`, ...lines],
    EMPTY_THEN_HIDDEN,
  );
}

/** A coding alone: a reader that misses it takes the content for a request. */
function coding(...lines: string[]): string {
  return echo(lines, EMPTY_THEN_HIDDEN);
}

const BAD_FIELDS = Object.keys(FIELDS).filter((name) =>
  /^(cr|lf|crlf|split|fold|nul|bell|del|wide|name-)/.test(name)
);

export const SECTIONS: readonly Section[] = [
  {
    number: "11.1",
    title: "Response Splitting",
    rows: [
      {
        id: "9112-11.1-1",
        section: "11.1",
        level: "is",
        says:
          "Nothing but the server's core sends CR or LF in a header section: a handler's field with them is a 500.",
        cases: [
          ...BAD_FIELDS.map((name) =>
            answered(
              `a field of a handler: ${name}`,
              get(`/field/${name}`),
              500,
              {
                fields: { "set-cookie": null, "x-b": null },
              },
            )
          ),
          ...Object.keys(RESPONSE_FIELDS).filter((name) =>
            /bell|del|esc/.test(name)
          ).map((name) =>
            answered(
              `a field of a Response: ${name}`,
              get(`/response/${name}`),
              500,
            )
          ),
          served("a good field", get("/field/good"), {
            fields: { "x-a": "a\tb c" },
          }),
          answered(
            "CR LF in a target, encoded",
            get("/hello%0d%0aX-A:%201"),
            404,
            {
              fields: { "x-a": null },
            },
          ),
          answered(
            "CR LF in a query, encoded",
            get("/hello?a=%0d%0aX-A:%201"),
            200,
            {
              fields: { "x-a": null },
            },
          ),
          answered(
            "CR LF before a slash that is redirected",
            get("/hello%0d%0aX-A:%201/"),
            [308, 404],
            {
              fields: { "x-a": null },
            },
          ),
        ],
      },
    ],
  },
  {
    number: "11.2",
    title: "Request Smuggling",
    rows: [
      {
        id: "9112-11.2-1",
        section: "11.2",
        level: "is",
        says:
          "Content-Length and Transfer-Encoding together, however they are spelled, hide no request.",
        cases: [
          ...table(refused, [
            ["CL.TE", both(CHUNKED)],
            [
              "TE.CL",
              echo(
                [CHUNKED, "Content-Length: 4"],
                `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
              ),
            ],
            ["CL.0", echo(["Content-Length: 0", CHUNKED], EMPTY_THEN_HIDDEN)],
            [
              "GET",
              head("GET /hello HTTP/1.1", "Host: a", LENGTH, CHUNKED) +
              EMPTY_THEN_HIDDEN,
            ],
            ["SP before the colon", both("Transfer-Encoding : chunked")],
            ["HTAB before the colon", both("Transfer-Encoding\t: chunked")],
            ["VT before the value", both("Transfer-Encoding: \x0bchunked")],
            ["FF behind the value", both("Transfer-Encoding: chunked\x0c")],
            ["NUL behind the value", both("Transfer-Encoding: chunked\0")],
            [
              "a bare CR behind the value",
              both("Transfer-Encoding: chunked\r"),
            ],
            ["a bare CR before the value", both("Transfer-Encoding:\rchunked")],
            [
              "a bare LF before the name",
              both("X: 1\nTransfer-Encoding: chunked"),
            ],
            [
              "a bare CR before the name",
              both("X: 1\rTransfer-Encoding: chunked"),
            ],
            ["SP before the name", both(" Transfer-Encoding: chunked")],
            [
              "HTAB before the name",
              both("X: 1", "\tTransfer-Encoding: chunked"),
            ],
            ["folded", both("Transfer-Encoding:", " chunked")],
            ["NUL in the name", both("Transfer-Encoding\0: chunked")],
            ["NUL before the name", both("\0Transfer-Encoding: chunked")],
            [
              "an underscore in the name, and a length",
              both("Transfer_Encoding: chunked", CHUNKED),
            ],
            ["a colon too many", both("Transfer-Encoding:: chunked")],
            ["no colon", both("Transfer-Encoding chunked")],
            ["quoted", both('Transfer-Encoding: "chunked"')],
            ["a comma first", both("Transfer-Encoding: , chunked")],
            ["an unknown coding first", both("Transfer-Encoding: x, chunked")],
            ["an unknown coding last", both("Transfer-Encoding: chunked, x")],
            ["identity", both("Transfer-Encoding: identity")],
            [
              "identity in a second line",
              both(CHUNKED, "Transfer-Encoding: identity"),
            ],
            ["cow", both(CHUNKED, "Transfer-encoding: cow")],
            ["a parameter", both("Transfer-Encoding: chunked;a=b")],
            ["a high octet behind", both("Transfer-Encoding: chunked\xff")],
            ["empty", both("Transfer-Encoding:")],
            [
              "two lengths",
              echo(
                ["Content-Length: 0", `Content-Length: ${HIDDEN.length}`],
                HIDDEN,
              ),
            ],
            [
              "a list of lengths",
              echo(`Content-Length: 0, ${HIDDEN.length}`, HIDDEN),
            ],
            [
              "a signed length",
              echo(`Content-Length: +${HIDDEN.length}`, HIDDEN),
            ],
            [
              "a length with SP before the colon",
              echo(`Content-Length : ${HIDDEN.length}`, HIDDEN),
            ],
            [
              "a length in a fold",
              echo(["X: 1", ` Content-Length: ${HIDDEN.length}`], HIDDEN),
            ],
            [
              "a length behind a bare LF",
              echo(`X: 1\nContent-Length: ${HIDDEN.length}`, HIDDEN),
            ],
            [
              "a length behind a bare CR",
              echo(`X: 1\rContent-Length: ${HIDDEN.length}`, HIDDEN),
            ],
            [
              "a length with NUL",
              echo(`Content-Length: \0${HIDDEN.length}`, HIDDEN),
            ],
          ]),
          refused(
            "a length that overflows to 0",
            echo("Content-Length: 18446744073709551616", HIDDEN),
            413,
          ),
        ],
      },
      {
        id: "9112-11.2-2",
        section: "11.2",
        level: "is",
        says: "A coding that one reader might miss hides no request.",
        cases: [
          ...table(refused, [
            ["SP before the colon", coding("Transfer-Encoding : chunked")],
            ["VT", coding("Transfer-Encoding: \x0bchunked")],
            ["quoted", coding('Transfer-Encoding: "chunked"')],
            ["twice", coding(CHUNKED, CHUNKED)],
            [
              "in HTTP/1.0",
              head("POST /echo HTTP/1.0", CHUNKED, "Connection: keep-alive") +
              EMPTY_THEN_HIDDEN,
            ],
            ["a bare LF before it", coding("X: 1\nTransfer-Encoding: chunked")],
            ["folded", coding("Transfer-Encoding:", "\tchunked")],
            [
              "chunked, identity",
              coding("Transfer-Encoding: chunked, identity"),
            ],
            ["empty", coding("Transfer-Encoding:")],
          ]),
          refused("a letter more", coding("Transfer-Encoding: xchunked"), [
            400,
            501,
          ]),
        ],
      },
      {
        id: "9112-11.2-3",
        section: "11.2",
        level: "is",
        says:
          "A chunked body that two readers could cut differently hides no request.",
        cases: table(refused, [
          [
            "a size that overflows to 0",
            chunked(`10000000000000000\r\n\r\n${HIDDEN}`),
          ],
          ["a size of 0x0", chunked(`0x0\r\n\r\n${HIDDEN}`)],
          ["a size of -0", chunked(`-0\r\n\r\n${HIDDEN}`)],
          [
            "a size that is read to its first bad digit",
            chunked(`0g\r\n\r\n${HIDDEN}`),
          ],
          [
            "a bare LF behind an extension",
            chunked(
              `2;a\nxx\r\n${
                HIDDEN.length.toString(16)
              }\r\n${HIDDEN}\r\n0\r\n\r\n`,
            ),
          ],
          [
            "a bare CR behind an extension",
            chunked(`2;a\rxx\r\n0\r\n\r\n${HIDDEN}`),
          ],
          ["data without its CRLF", chunked(`5\r\nhelloXX0\r\n\r\n${HIDDEN}`)],
          ["data with LF alone", chunked(`5\r\nhello\n0\r\n\r\n${HIDDEN}`)],
          ["a last chunk with LF alone", chunked(`0\n\n${HIDDEN}`)],
          ["an end with LF alone", chunked(`0\r\n\n${HIDDEN}`)],
          [
            "a trailer with SP before its colon",
            chunked(`0\r\nX : 1\r\n\r\n${HIDDEN}`),
          ],
          ["a trailer that is a request line", chunked(`0\r\n${HIDDEN}`)],
          [
            "a bare CR in a trailer",
            chunked(`0\r\nX: 1\rY: 2\r\n\r\n${HIDDEN}`),
          ],
          ["an empty size", chunked(`\r\n\r\n${HIDDEN}`)],
          ["a size of SP", chunked(` \r\n\r\n${HIDDEN}`)],
        ]),
      },
      {
        id: "9112-11.2-4",
        section: "11.2",
        level: "is",
        says:
          "A request line or a field that two readers could cut differently hides no request.",
        cases: table(refused, [
          ["a line in the target", `GET /hello HTTP/1.1\nHost: a\n\n${HIDDEN}`],
          [
            "CR LF encoded in no way",
            `GET /hello?a=b\r\nHost: a\r\n\r\n${HIDDEN}`,
          ],
          [
            "a method behind the version",
            `GET /hello HTTP/1.1 GET /behind/x HTTP/1.1\r\nHost: a\r\n\r\n`,
          ],
          ["a field of SP and a name", get("/hello", " ", "X: 1") + HIDDEN],
          [
            "an empty line of SP",
            `GET /hello HTTP/1.1\r\nHost: a\r\n \r\n\r\n${HIDDEN}`,
          ],
          [
            "an empty line of a bare CR",
            `GET /hello HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n${HIDDEN}`,
          ],
          ["LF CR", `GET /hello HTTP/1.1\r\nHost: a\n\r\n\r\n${HIDDEN}`],
          [
            "NUL in the request line",
            `GET /hello\0 HTTP/1.1\r\nHost: a\r\n\r\n${HIDDEN}`,
          ],
          [
            "two Hosts",
            head("GET /hello HTTP/1.1", "Host: a", "Host: b") + HIDDEN,
          ],
          [
            "a Host in a fold",
            head("GET /hello HTTP/1.1", "X: 1", " Host: b", "Host: a") + HIDDEN,
          ],
        ]),
      },
      {
        id: "9112-11.2-5",
        section: "11.2",
        level: "is",
        says:
          "What is well-formed is content, however much it looks like a request.",
        cases: [
          served(
            "in a length",
            echo(`Content-Length: ${HIDDEN.length}`, HIDDEN),
            HIDDEN,
          ),
          served(
            "in a chunk",
            chunked(`${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`),
            HIDDEN,
          ),
          served(
            "in content that is not read",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) + HIDDEN,
            "ignored",
          ),
          served(
            "in the content of a GET",
            head(
              "GET /hello HTTP/1.1",
              "Host: a",
              `Content-Length: ${HIDDEN.length}`,
            ) + HIDDEN,
            "hello",
          ),
          answered(
            "in content for an upgrade that is not made",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              "Connection: Upgrade",
              "Upgrade: h2c",
              `Content-Length: ${HIDDEN.length}`,
            ) + HIDDEN,
            200,
          ),
          answered(
            "behind an expectation",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              "Expect: 100-continue",
              `Content-Length: ${HIDDEN.length}`,
            ) + HIDDEN,
            200,
          ),
        ],
      },
    ],
  },
  {
    number: "C.2.1",
    title: "Multihomed Web Servers",
    rows: [
      {
        id: "9112-C.2.1-1",
        section: "C.2.1",
        level: "is",
        says:
          "Host is demanded of HTTP/1.1, absolute URIs are accepted, and HTTP/1.0 needs neither.",
        cases: [
          refused("HTTP/1.1 without Host", head("GET /hello HTTP/1.1")),
          served("an absolute URI", get("http://a/hello"), "hello"),
          lastServed("HTTP/1.0", head("GET /hello HTTP/1.0"), "hello"),
          lastServed(
            "HTTP/1.0 with Host",
            head("GET /seen HTTP/1.0", "Host: b"),
            {
              seen: { url: "http://b/seen", version: "1.0" },
            },
          ),
        ],
      },
    ],
  },
  {
    number: "C.2.2",
    title: "Keep-Alive Connections",
    rows: [
      {
        id: "9112-C.2.2-1",
        section: "C.2.2",
        level: "is",
        says:
          "A server that keeps an HTTP/1.0 connection says keep-alive, and only for a response with a length of its own.",
        cases: [
          served(
            "a string",
            head("GET /hello HTTP/1.0", "Connection: keep-alive"),
            {
              content: "hello",
              fields: { connection: /keep-alive/i, "content-length": "5" },
            },
          ),
          lastServed(
            "a stream",
            head("GET /stream HTTP/1.0", "Connection: keep-alive"),
            {
              content: "one two",
              fields: { connection: /^close$/i },
            },
          ),
          {
            name: "twice on a connection",
            send: head("GET /hello HTTP/1.0", "Connection: keep-alive").repeat(
              2,
            ),
            answers: [
              { status: 200, content: "hello", to: "GET /hello HTTP/1.0" },
              { status: 200, content: "hello", to: "GET /hello HTTP/1.0" },
            ],
            then: "persists",
          },
          served(
            "the Keep-Alive field of a request is ignored",
            get("/hello", "Keep-Alive: timeout=0, max=1"),
            "hello",
          ),
        ],
      },
    ],
  },
];
