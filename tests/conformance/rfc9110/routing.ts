/**
 * RFC 9110 §7 and §8: who a request is for, what of it is only for the
 * connection, and how long content is.
 *
 * @module
 */

import {
  answered,
  echo,
  get,
  head,
  lastServed,
  refused,
  served,
  table,
} from "../rows.ts";
import { CODINGS } from "./negotiation.ts";
import type { Case, Section } from "../rows.ts";
import { valueOf } from "../../wire_client.ts";

/** HEAD and GET on one connection: their Content-Length must be the same. */
function sameLength(path: string, length: string | null): Case {
  return {
    name: path,
    send: head(`HEAD ${path} HTTP/1.1`, "Host: a") + get(path),
    answers: [
      {
        status: 200,
        check: (answer) => {
          const value = valueOf(answer, "content-length");
          return value === undefined || value === length
            ? undefined
            : `the Content-Length for HEAD is ${value}`;
        },
      },
      { status: 200, fields: { "content-length": length } },
    ],
    then: "persists",
  };
}

export const SECTIONS: readonly Section[] = [
  {
    number: "7.2",
    title: "Host and :authority",
    rows: [
      {
        id: "9110-7.2-1",
        section: "7.2",
        level: "is",
        says:
          'Host is uri-host [ ":" port ], and tells the authority of the target.',
        cases: [
          served("a name", head("GET /seen HTTP/1.1", "Host: Example.COM"), {
            seen: { url: "http://example.com/seen" },
          }),
          served("a port", head("GET /seen HTTP/1.1", "Host: a:8080"), {
            seen: { url: "http://a:8080/seen" },
          }),
          refused("a path", head("GET /hello HTTP/1.1", "Host: a/b")),
        ],
      },
      {
        id: "9110-7.2-2",
        section: "7.2",
        level: "ought",
        says: "Host is read wherever it stands among the fields.",
        cases: [
          served(
            "last",
            head("GET /seen HTTP/1.1", "A: 1", "B: 2", "Host: z"),
            { seen: { url: "http://z/seen" } },
          ),
        ],
      },
    ],
  },
  {
    number: "7.4",
    title: "Rejecting Misdirected Requests",
    rows: [
      {
        id: "9110-7.4-1",
        section: "7.4",
        level: "MUST",
        says:
          "A request for an https resource is rejected unless it came over a secured connection.",
        cases: [
          refused("https in the clear", get("https://a/hello"), 400),
          refused("in any case", get("HTTPS://a/hello"), 400),
          {
            ...served("https under TLS", get("https://a/hello"), "hello"),
            tls: true,
          },
        ],
      },
    ],
  },
  {
    number: "7.6",
    title: "Message Forwarding",
    rows: [
      {
        id: "9110-7.6.1-1",
        section: "7.6.1",
        level: "is",
        says: "Connection options are case-insensitive.",
        cases: ["close", "Close", "CLOSE"].map((option) =>
          lastServed(option, get("/hello", `Connection: ${option}`), "hello")
        ),
      },
      {
        id: "9110-7.6.1-2",
        section: "7.6.1",
        level: "MUST",
        says:
          "A field that is about the connection is listed in Connection by its sender.",
        cases: [
          served("whatever we send", get("/hello"), {
            check: (answer) =>
              valueOf(answer, "keep-alive") !== undefined &&
                !/keep-alive/i.test(valueOf(answer, "connection") ?? "")
                ? "Keep-Alive is not listed"
                : undefined,
          }),
          served(
            "to HTTP/1.0",
            head("GET /hello HTTP/1.0", "Connection: keep-alive"),
            {
              check: (answer) =>
                /keep-alive/i.test(valueOf(answer, "connection") ?? "")
                  ? undefined
                  : "keep-alive is not listed",
            },
          ),
        ],
      },
      {
        id: "9110-7.6.1-3",
        section: "7.6.1",
        level: "MUST NOT",
        says:
          "No connection option names a field for all recipients; one that does takes no field from the handler.",
        cases: [
          served("Host", get("/seen", "Connection: host"), {
            seen: { url: "http://a/seen" },
          }),
          served(
            "a length",
            echo(["Connection: content-length", "Content-Length: 5"], "hello"),
            "hello",
          ),
          served(
            "a coding",
            echo([
              "Connection: transfer-encoding",
              "Transfer-Encoding: chunked",
            ], "2\r\nhi\r\n0\r\n\r\n"),
            "hi",
          ),
        ],
      },
      {
        id: "9110-7.6.1-4",
        section: "7.6.1",
        level: "is",
        says: "Connection is a list of tokens; what is no token is no option.",
        cases: table((name, send) => served(name, send, "hello"), [
          ["quoted", get("/hello", 'Connection: "close"')],
          ["two words", get("/hello", "Connection: keep alive")],
          ["a semicolon", get("/hello", "Connection: a;b")],
          ["high octets", get("/hello", "Connection: \xff")],
        ]),
      },
      {
        id: "9110-7.6.2-1",
        section: "7.6.2",
        level: "is",
        says:
          "Max-Forwards binds TRACE and OPTIONS at intermediaries; other recipients may ignore it.",
        cases: [
          served("GET", get("/hello", "Max-Forwards: 0"), "hello"),
          {
            ...answered(
              "OPTIONS",
              head("OPTIONS /hello HTTP/1.1", "Host: a", "Max-Forwards: 0"),
              204,
            ),
            then: "persists",
          },
        ],
      },
    ],
  },
  {
    number: "7.8",
    title: "Upgrade",
    rows: [
      {
        id: "9110-7.8-1",
        section: "7.8",
        level: "MAY",
        says:
          "An Upgrade is ignored where the server wishes to go on with the protocol in use.",
        cases: [
          ...["h2c", "websocket", "TLS/1.0", "HTTP/2.0, HTTP/3.0", "foo/1"].map(
            (protocol) =>
              served(
                protocol,
                get("/hello", `Upgrade: ${protocol}`, "Connection: Upgrade"),
                {
                  content: "hello",
                  fields: { upgrade: null },
                },
              ),
          ),
          served(
            "h2c with its settings",
            get(
              "/hello",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABk",
              "Connection: Upgrade, HTTP2-Settings",
            ),
            "hello",
          ),
          served(
            "without Connection",
            get("/hello", "Upgrade: websocket"),
            "hello",
          ),
          served(
            "with content",
            echo(
              ["Upgrade: h2c", "Connection: Upgrade", "Content-Length: 2"],
              "hi",
            ),
            "hi",
          ),
        ],
      },
      {
        id: "9110-7.8-2",
        section: "7.8",
        level: "MUST NOT",
        says:
          "A server does not switch to a protocol that the client did not offer.",
        cases: [
          answered("no Upgrade", get("/upgrade"), 426),
          answered(
            "another protocol",
            get("/upgrade", "Upgrade: other", "Connection: Upgrade"),
            426,
          ),
          answered(
            "Upgrade that Connection does not list",
            get("/upgrade", "Upgrade: echo"),
            426,
          ),
        ].map((one) => ({
          ...one,
          answers: one.answers.map((answer) => ({
            ...answer,
            check: notSwitched,
          })),
        })),
      },
      {
        id: "9110-7.8-3",
        section: "7.8",
        level: "MUST",
        says:
          "A 101 names the new protocol in Upgrade, and lists Upgrade in Connection.",
        cases: [
          {
            name: "an offer that is taken",
            send: "",
            talk: [
              { send: get("/upgrade", "Upgrade: echo", "Connection: Upgrade") },
              {
                answer: {
                  status: 101,
                  fields: {
                    upgrade: "echo",
                    connection: /upgrade/i,
                    "content-length": null,
                    "transfer-encoding": null,
                  },
                },
              },
              { fin: true },
            ],
            answers: [],
            then: "closes",
            fin: true,
          },
        ],
      },
      {
        id: "9110-7.8-4",
        section: "7.8",
        level: "MUST",
        says: "Upgrade in an HTTP/1.0 request is ignored.",
        cases: [
          lastServed(
            "a route that takes none",
            head("GET /hello HTTP/1.0", "Upgrade: echo", "Connection: Upgrade"),
            "hello",
          ),
          {
            ...answered(
              "a route that takes it",
              head(
                "GET /upgrade HTTP/1.0",
                "Upgrade: echo",
                "Connection: Upgrade",
              ),
              426,
            ),
            then: "closes",
          },
        ],
      },
    ],
  },
  {
    number: "8.3",
    title: "Content-Type",
    rows: [
      {
        id: "9110-8.3-1",
        section: "8.3",
        level: "SHOULD",
        says:
          "A message with content says its media type, when the sender knows it.",
        cases: [
          served("a string", get("/hello"), {
            fields: { "content-type": /^text\/plain; ?charset=utf-8$/i },
          }),
          served("JSON", get("/json"), {
            fields: { "content-type": /^application\/json/ },
          }),
          served("bytes", get("/bytes"), {
            fields: { "content-type": "application/octet-stream" },
          }),
          answered("404", get("/nowhere"), 404, {
            fields: { "content-type": /^[a-z]+\/[a-z+.-]+/ },
          }),
        ],
      },
    ],
  },
  CODINGS,
  {
    number: "8.6",
    title: "Content-Length",
    rows: [
      {
        id: "9110-8.6-1",
        section: "8.6",
        level: "MUST NOT",
        says:
          "For HEAD, Content-Length is what GET would have sent, or it is absent.",
        cases: [
          sameLength("/hello", "5"),
          sameLength("/json", "7"),
          sameLength("/bytes", "2"),
          sameLength("/stream", null),
          sameLength("/stream/empty", "0"),
          sameLength("/field/length", "5"),
          sameLength("/field/length-long", "5"),
        ],
      },
      {
        id: "9110-8.6-2",
        section: "8.6",
        level: "MUST NOT",
        says:
          "For 304, Content-Length is what the 200 would have sent, or it is absent.",
        cases: [
          {
            ...answered("304", get("/not-modified"), 304, {
              fields: { "content-length": null },
            }),
            then: "persists",
          },
        ],
      },
      {
        id: "9110-8.6-3",
        section: "8.6",
        level: "MUST NOT",
        says: "No Content-Length is sent with 1xx, 204 or a 2xx to CONNECT.",
        cases: [
          {
            ...answered("204", get("/empty"), 204, {
              fields: { "content-length": null },
            }),
            then: "persists",
          },
          {
            ...answered("204 as a Response", get("/status/204"), 204, {
              fields: { "content-length": null },
            }),
            then: "persists",
          },
          {
            ...answered(
              "204 for HEAD",
              head("HEAD /empty HTTP/1.1", "Host: a"),
              204,
              { fields: { "content-length": null } },
            ),
            then: "persists",
          },
          answered("204 to 1.0", head("GET /empty HTTP/1.0"), 204, {
            fields: { "content-length": null },
          }),
          {
            ...answered(
              "204 where a handler sets a length",
              get("/length-with/204"),
              [204, 500],
            ),
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
        id: "9110-8.6-4",
        section: "8.6",
        level: "SHOULD",
        says:
          "Where the content is known when the head is sent, Content-Length is sent.",
        cases: [
          served("a string", get("/hello"), {
            fields: { "content-length": "5" },
          }),
          served("no content", echo("Content-Length: 0"), {
            fields: { "content-length": "0" },
          }),
          answered("an error", get("/nowhere"), 404, {
            fields: { "content-length": /^[1-9]\d*$/ },
          }),
          answered("200 without content", get("/status/200"), 200, {
            fields: { "content-length": "3" },
          }),
        ],
      },
      {
        id: "9110-8.6-5",
        section: "8.6",
        level: "MUST NOT",
        says:
          "No message is sent with a Content-Length that is known to be wrong.",
        cases: [
          {
            ...answered(
              "a handler that says too little",
              get("/field/length"),
              200,
              { content: "field" },
            ),
          },
          {
            ...answered(
              "a handler that says too much",
              get("/field/length-long"),
              200,
              { content: "field" },
            ),
          },
          {
            ...answered(
              "a Response that says too much, and whose content is at hand",
              get("/response/length-long"),
              500,
            ),
          },
          {
            // That a stream ends too soon is seen when its head is gone, and
            // told by the end of the connection.
            name: "a stream that says too much is broken off",
            send: get("/stream/length-long"),
            answers: [{ status: 200, brokenOff: true }],
            then: "closes",
            feedings: ["at once", "byte by byte", "in pieces"],
          },
        ],
      },
      {
        id: "9110-8.6-6",
        section: "8.6",
        level: "MUST",
        says:
          "Large numerals are anticipated: no overflow, no loss of precision; any number from 0 is valid grammar.",
        cases: [
          "1048577",
          "2147483648",
          "4294967296",
          "4294967301",
          "9007199254740992",
          "18446744073709551621",
          "9".repeat(40),
        ]
          .map((length) =>
            refused(
              length.slice(0, 24),
              echo(`Content-Length: ${length}`, "hello"),
              413,
            )
          ),
      },
    ],
  },
];

function notSwitched({ status }: { status: number }): string | undefined {
  return status === 101 ? "it switched" : undefined;
}
