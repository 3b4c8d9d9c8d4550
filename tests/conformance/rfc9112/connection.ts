/**
 * RFC 9112 §8 to §10: messages that break off, and the life of a connection.
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

const HELLO = get("/hello");
/** A message that may be folded, because it is content. */
const FOLDED = "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n";
const LAST = get("/hello", "Connection: close");

/** A request of HTTP/1.0 with `lines`. */
function old(...lines: string[]): string {
  return head("GET /hello HTTP/1.0", ...lines);
}

/** Requests in one go, and what each is answered with. */
function pipelined(
  name: string,
  requests: readonly (readonly [send: string, content: string])[],
): Case {
  return {
    name,
    send: requests.map(([send]) => send).join(""),
    answers: requests.map(([send, content]) => ({
      status: 200,
      content,
      to: send.slice(0, send.indexOf("\r\n")),
    })),
    then: "persists",
  };
}

/** The end comes too soon: a refusal or silence, but no 200. */
function cutOff(name: string, send: string): Case {
  return {
    name,
    send,
    answers: [{ status: [400, 408], optional: true }],
    then: "closes",
    fin: true,
  };
}

/** Half-closed behind the octets, and still answered. */
function halfClosed(name: string, send: string, content: string): Case {
  return {
    name,
    send,
    answers: [{ status: 200, content }],
    then: "closes",
    fin: true,
  };
}

/** The server loses patience. */
function slow(name: string, send: string, status?: number): Case {
  return {
    name,
    send,
    answers: status === undefined ? [] : [{ status }],
    then: "closes",
    hurried: true,
    feedings: ["at once"],
    ...status !== undefined && { refused: true },
  };
}

export const SECTIONS: readonly Section[] = [
  {
    number: "8",
    title: "Handling Incomplete Messages",
    rows: [
      {
        id: "9112-8-1",
        section: "8",
        level: "MAY",
        says:
          "An incomplete request may be answered with an error before the connection closes; it is never served.",
        cases: table(cutOff, [
          ["a part of the method", "GE"],
          ["the method", "GET "],
          ["a part of the target", "GET /hel"],
          ["a part of the version", "GET /hello HTTP/1."],
          ["a request line without its end", "GET /hello HTTP/1.1"],
          ["half of its end", "GET /hello HTTP/1.1\r"],
          ["only a request line", "GET /hello HTTP/1.1\r\n"],
          ["a part of a field name", "GET /hello HTTP/1.1\r\nHo"],
          ["a part of a field value", "GET /hello HTTP/1.1\r\nHost: a"],
          ["no empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n"],
          ["half of the empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n\r"],
          ["a part of HTTP/1.0", "GET /hello HTTP/1.0\r\n"],
        ]),
      },
      {
        id: "9112-8-2",
        section: "8",
        level: "is",
        says:
          "A chunked body without its zero-sized chunk and end is incomplete.",
        cases: table(cutOff, [
          ["nothing", chunked("")],
          ["a part of a size", chunked("1")],
          ["a size", chunked("5\r\n")],
          ["half of its end", chunked("5\r")],
          ["a part of the data", chunked("5\r\nhel")],
          ["the data", chunked("5\r\nhello")],
          ["half of its end, too", chunked("5\r\nhello\r")],
          ["no last chunk", chunked("5\r\nhello\r\n")],
          ["a part of the last chunk", chunked("5\r\nhello\r\n0")],
          ["the last chunk without its end", chunked("5\r\nhello\r\n0\r\n")],
          [
            "a trailer without its end",
            chunked("5\r\nhello\r\n0\r\nX-T: 1\r\n"),
          ],
          ["half of the end", chunked("5\r\nhello\r\n0\r\n\r")],
        ]),
      },
      {
        id: "9112-8-3",
        section: "8",
        level: "is",
        says: "Content shorter than its Content-Length is incomplete.",
        cases: table(cutOff, [
          ["an octet too few", echo("Content-Length: 6", "hello")],
          ["none", echo("Content-Length: 1")],
          ["1,000 too few", echo("Content-Length: 2000", "a".repeat(1_000))],
          [
            "in HTTP/1.0",
            head("POST /echo HTTP/1.0", "Content-Length: 6") + "hello",
          ],
        ]),
      },
    ],
  },
  {
    number: "9.2",
    title: "Associating a Response to a Request",
    rows: [
      {
        id: "9112-9.2-1",
        section: "9.2",
        level: "is",
        says:
          "Responses come in the order of their requests, one final response each.",
        cases: [
          pipelined("two", [[HELLO, "hello"], [get("/"), "root"]]),
          pipelined("a HEAD among them", [
            [HELLO, "hello"],
            [head("HEAD /hello HTTP/1.1", "Host: a"), ""],
            [get("/stream"), "one two"],
            [HELLO, "hello"],
          ]),
          {
            name: "an error among them",
            send: HELLO + get("/nowhere") + get("/throws") + HELLO,
            answers: [{ status: 200 }, { status: 404 }, { status: 500 }, {
              status: 200,
            }],
            then: "persists",
          },
          {
            name: "204 and 304 among them",
            send: get("/empty") + get("/not-modified") + HELLO,
            answers: [{ status: 204 }, { status: 304 }, {
              status: 200,
              content: "hello",
            }],
            then: "persists",
          },
        ],
      },
    ],
  },
  {
    number: "9.3",
    title: "Persistence",
    rows: [
      {
        id: "9112-9.3-1",
        section: "9.3",
        level: "SHOULD",
        says:
          "Persistent connections are supported; HTTP/1.1 persists by default.",
        cases: [
          served("a string", HELLO, "hello"),
          served("a stream", get("/stream"), "one two"),
          served("content", echo("Content-Length: 5", "hello"), "hello"),
          served("chunks", chunked("5\r\nhello\r\n0\r\n\r\n"), "hello"),
          { ...answered("404", get("/nowhere"), 404), then: "persists" },
          {
            ...answered("405", head("POST /hello HTTP/1.1", "Host: a"), 405),
            then: "persists",
          },
          { ...answered("500", get("/throws"), 500), then: "persists" },
          served(
            "keep-alive",
            get("/hello", "Connection: keep-alive"),
            "hello",
          ),
          served(
            "unknown options",
            get("/hello", "Connection: foo, bar"),
            "hello",
          ),
          served("an empty Connection", get("/hello", "Connection:"), "hello"),
          served(
            "closed, which is another token",
            get("/hello", "Connection: closed"),
            "hello",
          ),
          served(
            "close in another field",
            get("/hello", "X-Connection: close"),
            "hello",
          ),
          served(
            "Proxy-Connection, which is no field of HTTP",
            get("/hello", "Proxy-Connection: close"),
            "hello",
          ),
        ],
      },
      {
        id: "9112-9.3-2",
        section: "9.3",
        level: "is",
        says:
          "With the close option the connection does not persist, whatever else is there.",
        cases: [
          ...[
            "close",
            "Close",
            "CLOSE",
            "cLoSe",
            "close, keep-alive",
            "keep-alive, close",
            "foo,close",
            "close,foo",
            ",close",
            "close,",
            ", ,close, ,",
            "\tclose\t",
            "foo , \t close",
          ].map((value) =>
            lastServed(
              JSON.stringify(value),
              get("/hello", `Connection: ${value}`),
              "hello",
            )
          ),
          lastServed(
            "in a second line",
            get("/hello", "Connection: keep-alive", "Connection: close"),
            "hello",
          ),
          lastServed(
            "in the first of two lines",
            get("/hello", "Connection: close", "Connection: keep-alive"),
            "hello",
          ),
          lastServed(
            "in a line far below",
            get(
              "/hello",
              "Connection: foo",
              "A: 1",
              "B: 2",
              "Connection: close",
            ),
            "hello",
          ),
          lastServed(
            "twice",
            get("/hello", "Connection: close", "Connection: close"),
            "hello",
          ),
          lastServed("in 1.0", old("Connection: close"), "hello"),
          lastServed(
            "in 1.0 with keep-alive",
            old("Connection: keep-alive, close"),
            "hello",
          ),
          lastServed(
            "in 1.2",
            head("GET /hello HTTP/1.2", "Host: a", "Connection: close"),
            "hello",
          ),
        ],
      },
      {
        id: "9112-9.3-3",
        section: "9.3",
        level: "is",
        says:
          "HTTP/1.0 persists with the keep-alive option where a server honors it, and we do.",
        cases: [
          ...[
            "keep-alive",
            "Keep-Alive",
            "KEEP-ALIVE",
            "foo, keep-alive",
            "keep-alive,foo",
          ].map((value) =>
            served(value, old(`Connection: ${value}`), {
              content: "hello",
              fields: { connection: /keep-alive/i },
            })
          ),
          served(
            "in a second line",
            old("Connection: foo", "Connection: keep-alive"),
            "hello",
          ),
          served(
            "with content",
            head(
              "POST /echo HTTP/1.0",
              "Connection: keep-alive",
              "Content-Length: 2",
            ) + "hi",
            "hi",
          ),
          served(
            "HEAD",
            head("HEAD /hello HTTP/1.0", "Connection: keep-alive"),
          ),
        ],
      },
      {
        id: "9112-9.3-4",
        section: "9.3",
        level: "is",
        says: "Otherwise the connection closes after the current response.",
        cases: [
          lastServed("1.0", old(), "hello"),
          lastServed("1.0 with other options", old("Connection: foo"), "hello"),
          lastServed(
            "1.0 with a Keep-Alive field",
            old("Keep-Alive: timeout=5"),
            "hello",
          ),
          lastServed(
            "1.0 with an option that is longer",
            old("Connection: keep-alives"),
            "hello",
          ),
          lastServed(
            "1.0 with content",
            head("POST /echo HTTP/1.0", "Content-Length: 2") + "hi",
            "hi",
          ),
          {
            ...answered("404 to 1.0", head("GET /nowhere HTTP/1.0"), 404),
            then: "closes",
          },
        ],
      },
      {
        id: "9112-9.3-5",
        section: "9.3",
        level: "MUST",
        says:
          "A server reads the entire request message body, or closes the connection after its response.",
        cases: [
          served(
            "a little that the handler leaves",
            head("POST /ignore HTTP/1.1", "Host: a", "Content-Length: 1000") +
              "a".repeat(1_000),
            "ignored",
          ),
          answered(
            "content that looks like a request",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              `Content-Length: ${HELLO.length}`,
            ) + HELLO,
            200,
          ),
          answered(
            "100,000 octets",
            head("POST /ignore HTTP/1.1", "Host: a", "Content-Length: 100000") +
              "a".repeat(100_000),
            200,
          ),
          answered(
            "much",
            head("POST /ignore HTTP/1.1", "Host: a", "Content-Length: 900000") +
              "a".repeat(900_000),
            200,
          ),
          {
            ...answered(
              "much, in chunks",
              head(
                "POST /ignore HTTP/1.1",
                "Host: a",
                "Transfer-Encoding: chunked",
              ) +
                `10000\r\n${"a".repeat(0x10000)}\r\n`.repeat(8) + "0\r\n\r\n",
              200,
            ),
            then: "closes",
            unsaid: true,
          },
          answered(
            "a part that the handler leaves",
            head("POST /first HTTP/1.1", "Host: a", "Content-Length: 100000") +
              "a".repeat(100_000),
            200,
            { content: "first" },
          ),
          answered(
            "for a path that is not there",
            head("POST /nowhere HTTP/1.1", "Host: a", "Content-Length: 1000") +
              "a".repeat(1_000),
            404,
          ),
          answered(
            "for a method that is not there",
            head("DELETE /hello HTTP/1.1", "Host: a", "Content-Length: 1000") +
              "a".repeat(1_000),
            405,
          ),
          {
            ...lastServed(
              "broken chunks that the handler leaves",
              head(
                "POST /ignore HTTP/1.1",
                "Host: a",
                "Transfer-Encoding: chunked",
              ) + `x\r\n${HELLO}`,
              "ignored",
            ),
            answers: [{ status: [200, 400] }],
            then: "closes",
            unsaid: true,
          },
        ],
      },
    ],
  },
  {
    number: "9.3.2",
    title: "Pipelining",
    rows: [
      {
        id: "9112-9.3.2-1",
        section: "9.3.2",
        level: "MUST",
        says:
          "The responses to pipelined requests are sent in the order of the requests.",
        cases: [
          pipelined("a slow one first", [
            [
              head("POST /late HTTP/1.1", "Host: a", "Content-Length: 4") +
              "slow",
              "slow",
            ],
            [HELLO, "hello"],
            [get("/"), "root"],
          ]),
          pipelined("with content", [
            [echo("Content-Length: 1", "a"), "a"],
            [chunked("1\r\nb\r\n0\r\n\r\n"), "b"],
            [echo("Content-Length: 1", "c"), "c"],
            [HELLO, "hello"],
          ]),
          pipelined("content that is left unread", [
            [
              head("POST /ignore HTTP/1.1", "Host: a", "Content-Length: 3") +
              "abc",
              "ignored",
            ],
            [
              head(
                "POST /ignore HTTP/1.1",
                "Host: a",
                "Transfer-Encoding: chunked",
              ) + "1\r\na\r\n0\r\n\r\n",
              "ignored",
            ],
            [HELLO, "hello"],
          ]),
          {
            ...pipelined(
              "100 of them",
              Array.from({ length: 100 }, (_, at) =>
                [
                  echo(`Content-Length: ${`${at}`.length}`, `${at}`),
                  `${at}`,
                ] as const),
            ),
            feedings: ["at once", "in pieces", "with a request behind"],
          },
          {
            name: "a refusal ends the row",
            send: HELLO + get("/hello", "X : 1") + get("/behind/refusal"),
            answers: [{ status: 200 }, { status: 400 }],
            then: "closes",
            refused: true,
          },
          {
            name: "close ends the row",
            send: HELLO + LAST + get("/behind/close"),
            answers: [{ status: 200 }, { status: 200 }],
            then: "closes",
          },
          {
            name: "HTTP/1.0 ends the row",
            send: HELLO + old() + get("/behind/old"),
            answers: [{ status: 200 }, {
              status: 200,
              to: "GET /hello HTTP/1.0",
            }],
            then: "closes",
          },
          {
            name: "a fault in content ends the row",
            send: HELLO + chunked("x\r\n") + get("/behind/fault"),
            answers: [{ status: 200 }, { status: 400 }],
            then: "closes",
            refused: true,
          },
        ],
      },
    ],
  },
  {
    number: "9.4",
    title: "Concurrency",
    rows: [
      {
        id: "9112-9.4-1",
        section: "9.4",
        level: "is",
        says:
          "A server might reject traffic that it deems abusive, such as too many connections.",
        elsewhere: "limits.connections, in the tests of server.ts",
        cases: [],
      },
    ],
  },
  {
    number: "9.5",
    title: "Failures and Timeouts",
    rows: [
      {
        id: "9112-9.5-1",
        section: "9.5",
        level: "SHOULD",
        says: "A server that times out closes the connection gracefully.",
        cases: [
          slow("an idle connection ends in silence", ""),
          slow("empty lines are no request", "\r\n"),
          slow(
            "a head that does not end",
            "GET /hello HTTP/1.1\r\nHost: a\r\n",
            408,
          ),
          slow("a request line that does not end", "GET /hel", 408),
          slow(
            "content that does not come",
            echo("Content-Length: 5", "hel"),
            408,
          ),
          slow("chunks that do not come", chunked("5\r\nhe"), 408),
          slow(
            "a last chunk that does not come",
            chunked("5\r\nhello\r\n"),
            408,
          ),
        ],
      },
      {
        id: "9112-9.5-2",
        section: "9.5",
        level: "SHOULD",
        says:
          "A closure signal is noticed and answered, so that both sides are freed.",
        cases: [
          { ...cutOff("an end before any octet", ""), answers: [] },
          { ...cutOff("an end behind an empty line", "\r\n"), answers: [] },
          halfClosed("an end behind a request", HELLO, "hello"),
        ],
      },
      {
        id: "9112-9.5-3",
        section: "9.5",
        level: "SHOULD",
        says: "Persistent connections are sustained where that is possible.",
        cases: [
          {
            ...pipelined(
              "1,000 requests",
              Array.from({ length: 1_000 }, () => [HELLO, "hello"] as const),
            ),
            feedings: ["at once"],
          },
        ],
      },
    ],
  },
  {
    number: "9.6",
    title: "Tear-down",
    rows: [
      {
        id: "9112-9.6-1",
        section: "9.6",
        level: "SHOULD",
        says: "A sender that intends to close says so with the close option.",
        cases: [
          lastServed("asked to close", LAST, {
            fields: { connection: /^close$/i },
          }),
          lastServed("to HTTP/1.0", old(), {
            fields: { connection: /^close$/i },
          }),
          refused("in a refusal", get("/a b")),
          refused("in a refusal of content", chunked("x\r\n")),
          {
            ...answered("204", get("/empty", "Connection: close"), 204, {
              fields: { connection: /^close$/i },
            }),
            then: "closes",
          },
          {
            ...answered("304", get("/not-modified", "Connection: close"), 304, {
              fields: { connection: /^close$/i },
            }),
            then: "closes",
          },
          lastServed(
            "HEAD",
            head("HEAD /hello HTTP/1.1", "Host: a", "Connection: close"),
            { fields: { connection: /^close$/i } },
          ),
          lastServed("a stream", get("/stream", "Connection: close"), {
            content: "one two",
            fields: { connection: /^close$/i },
          }),
        ],
      },
      {
        id: "9112-9.6-2",
        section: "9.6",
        level: "MUST",
        says:
          "After the final response to a request with the close option the server closes, and processes nothing that follows.",
        cases: [
          lastServed("behind GET", LAST, "hello"),
          lastServed(
            "behind content",
            echo(["Connection: close", "Content-Length: 5"], "hello"),
            "hello",
          ),
          lastServed(
            "behind chunks",
            echo(
              ["Connection: close", "Transfer-Encoding: chunked"],
              "5\r\nhello\r\n0\r\n\r\n",
            ),
            "hello",
          ),
          lastServed(
            "behind content that is left unread",
            head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              "Connection: close",
              "Content-Length: 5",
            ) + "hello",
            "ignored",
          ),
          {
            ...answered(
              "behind 404",
              get("/nowhere", "Connection: close"),
              404,
            ),
            then: "closes",
          },
          {
            ...answered("behind 500", get("/throws", "Connection: close"), 500),
            then: "closes",
          },
          lastServed(
            "a whole request behind it",
            LAST + get("/behind/whole"),
            "hello",
          ),
          lastServed(
            "octets that are no request behind it",
            `${LAST}\0\0 no request\r\n\r\n`,
            "hello",
          ),
        ],
      },
      {
        id: "9112-9.6-3",
        section: "9.6",
        level: "MUST",
        says:
          "A server that sends the close option closes behind that response, and processes nothing that follows.",
        cases: [
          lastServed("a handler that sets it", get("/field/close"), {
            content: "field",
            fields: { connection: /^close$/i },
          }),
          lastServed("a Response that has it", get("/response/close"), {
            content: "field",
            fields: { connection: /^close$/i },
          }),
          ...table(refused, [
            ["a refused request line", get("/a b")],
            ["a refused field", get("/hello", "X : 1")],
            ["a refused chunk", chunked("x\r\n")],
            [
              "a refused framing",
              echo(
                ["Content-Length: 5", "Transfer-Encoding: chunked"],
                "0\r\n\r\n",
              ),
            ],
          ]),
        ],
      },
      {
        id: "9112-9.6-4",
        section: "9.6",
        level: "is",
        says:
          "A connection is closed in stages, so that a reset does not erase the last response.",
        cases: [
          {
            ...refused(
              "the client sends on: 100,000 octets behind a refused head",
              get("/hello", "X : 1") + "a".repeat(100_000),
            ),
            feedings: ["at once", "in pieces"],
          },
          {
            ...answered(
              "content that is refused by its length is still sent",
              echo("Content-Length: 2000000", "a".repeat(200_000)),
              413,
            ),
            then: "closes",
            feedings: ["at once", "in pieces"],
          },
          lastServed(
            "the client sends on behind close",
            LAST + "a".repeat(50_000),
            "hello",
          ),
        ],
      },
      {
        id: "9112-9.6-5",
        section: "9.6",
        level: "is",
        says:
          "A connection that the client has half-closed does not delimit a request, nor say that no response is wanted.",
        cases: [
          halfClosed("GET", HELLO, "hello"),
          halfClosed("content", echo("Content-Length: 5", "hello"), "hello"),
          halfClosed("chunks", chunked("5\r\nhello\r\n0\r\n\r\n"), "hello"),
          halfClosed("a stream", get("/stream"), "one two"),
          halfClosed(
            "a slow handler",
            head("POST /late HTTP/1.1", "Host: a", "Content-Length: 4") +
              "late",
            "late",
          ),
          halfClosed("HTTP/1.0", old(), "hello"),
          {
            name: "several requests",
            send: HELLO + get("/") + HELLO,
            answers: [{ status: 200 }, { status: 200, content: "root" }, {
              status: 200,
            }],
            then: "closes",
            fin: true,
          },
          {
            name: "a request and a part of one",
            send: HELLO + "GET /hello HT",
            answers: [{ status: 200, content: "hello" }, {
              status: [400, 408],
              optional: true,
            }],
            then: "closes",
            fin: true,
          },
        ],
      },
    ],
  },
  {
    number: "9.7",
    title: "TLS Connection Initiation",
    rows: [
      {
        id: "9112-9.7-1",
        section: "9.7",
        level: "MUST",
        says:
          "Under TLS, HTTP is application data and otherwise the same, persistence included.",
        cases: [
          { ...served("GET", HELLO, "hello"), tls: true },
          {
            ...served("content", echo("Content-Length: 5", "hello"), "hello"),
            tls: true,
          },
          { ...served("a stream", get("/stream"), "one two"), tls: true },
          { ...lastServed("close", LAST, "hello"), tls: true },
          { ...refused("a refusal", get("/a b")), tls: true },
        ],
      },
    ],
  },
  {
    number: "9.8",
    title: "TLS Connection Closure",
    rows: [
      {
        id: "9112-9.8-1",
        section: "9.8",
        level: "MUST",
        says:
          "A server initiates an exchange of closure alerts before it closes: without one the client would see an error, not an end.",
        cases: [
          { ...lastServed("asked to close", LAST, "hello"), tls: true },
          { ...lastServed("HTTP/1.0", old(), "hello"), tls: true },
          { ...refused("a refusal", get("/hello", "X : 1")), tls: true },
        ],
      },
      {
        id: "9112-9.8-2",
        section: "9.8",
        level: "SHOULD",
        says:
          "A server is prepared for a client that closes without waiting for the alert.",
        cases: [
          {
            ...served(
              "the probe of the others is such a client",
              HELLO,
              "hello",
            ),
            tls: true,
          },
        ],
      },
    ],
  },
  {
    number: "10.1",
    title: "Media Type message/http",
    rows: [
      {
        id: "9112-10.1-1",
        section: "10.1",
        level: "MUST",
        says:
          "A recipient of message/http replaces line folding when the message is consumed.",
        elsewhere:
          "content is octets to the server, and no part of it consumes that type",
        cases: [
          served(
            "the content stays as it is",
            echo([
              "Content-Type: message/http",
              `Content-Length: ${FOLDED.length}`,
            ], FOLDED),
            FOLDED,
          ),
        ],
      },
    ],
  },
];
