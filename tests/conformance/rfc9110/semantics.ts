/**
 * RFC 9110 §9, §10 and §15: methods, expectations and status codes.
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
import type { Case, Section, Turn } from "../rows.ts";

/** A POST to `path` that waits for 100 (Continue) before its content. */
function waiting(path: string, ...lines: string[]): string {
  return head(
    `POST ${path} HTTP/1.1`,
    "Host: a",
    "Expect: 100-continue",
    ...lines,
  );
}

/** A conversation, turn by turn. */
function talk(
  name: string,
  turns: readonly Turn[],
  then: Case["then"] = "persists",
): Case {
  return { name, send: "", talk: turns, answers: [], then };
}

/** HEAD must be answered as GET is, but for the content. */
function likeGet(path: string): Case {
  return {
    name: path,
    send: head(`HEAD ${path} HTTP/1.1`, "Host: a") + get(path),
    answers: [{ status: 200, content: "" }, { status: 200 }],
    then: "persists",
  };
}

const GET_ALLOW = /^(?=.*\bGET\b)(?=.*\bHEAD\b)(?!.*\bPOST\b)/;
const POST_ALLOW = /^(?=.*\bPOST\b)(?!.*\bGET\b)/;

export const SECTIONS: readonly Section[] = [
  {
    number: "9.1",
    title: "Methods: Overview",
    rows: [
      {
        id: "9110-9.1-1",
        section: "9.1",
        level: "MUST",
        says: "GET and HEAD are supported by all general-purpose servers.",
        cases: [
          served("GET", get("/hello"), "hello"),
          served("HEAD", head("HEAD /hello HTTP/1.1", "Host: a")),
        ],
      },
      {
        id: "9110-9.1-2",
        section: "9.1",
        level: "SHOULD",
        says:
          "A method that is not recognized or not implemented is answered with 501.",
        cases: [
          "FOO",
          "get",
          "Get",
          "PROPFIND",
          "X-A",
          "!",
          "GETT",
          "GE",
          "PRI",
        ].map((method) => ({
          ...answered(
            method,
            head(`${method} /hello HTTP/1.1`, "Host: a"),
            501,
          ),
          then: "persists" as const,
        })),
      },
      {
        id: "9110-9.1-3",
        section: "9.1",
        level: "SHOULD",
        says:
          "A method that is recognized and not allowed for the target is answered with 405.",
        cases: [
          ...["POST", "PUT", "DELETE", "PATCH"].map((method) => ({
            ...answered(
              `${method} /hello`,
              head(`${method} /hello HTTP/1.1`, "Host: a"),
              405,
            ),
            then: "persists" as const,
          })),
          { ...answered("GET /echo", get("/echo"), 405), then: "persists" },
          {
            ...answered(
              "HEAD /echo",
              head("HEAD /echo HTTP/1.1", "Host: a"),
              405,
            ),
            then: "persists",
          },
        ],
      },
    ],
  },
  {
    number: "9.3",
    title: "Method Definitions",
    rows: [
      {
        id: "9110-9.3.1-1",
        section: "9.3.1",
        level: "is",
        says:
          "Content of a GET has no meaning, and does not change what is answered.",
        cases: [
          served(
            "a length",
            head("GET /hello HTTP/1.1", "Host: a", "Content-Length: 3") + "abc",
            "hello",
          ),
          served(
            "chunks",
            head(
              "GET /hello HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) + "1\r\na\r\n0\r\n\r\n",
            "hello",
          ),
        ],
      },
      {
        id: "9110-9.3.2-1",
        section: "9.3.2",
        level: "MUST NOT",
        says: "The answer to HEAD has no content.",
        cases: [
          ...["/hello", "/json", "/bytes", "/stream", "/status/299"].map((
            path,
          ) => ({
            ...answered(path, head(`HEAD ${path} HTTP/1.1`, "Host: a"), [
              200,
              299,
            ]),
            then: "persists" as const,
          })),
          ...[["/nowhere", 404], ["/throws", 500], ["/refuses/403", 403], [
            "/echo",
            405,
          ]].map(([path, status]) => ({
            ...answered(
              `${path}`,
              head(`HEAD ${path} HTTP/1.1`, "Host: a"),
              Number(status),
            ),
            then: "persists" as const,
          })),
          refused("a refusal", head("HEAD /a b HTTP/1.1", "Host: a")),
          refused(
            "a refused expectation",
            head("HEAD /hello HTTP/1.1", "Host: a", "Expect: wonders"),
            417,
          ),
        ],
      },
      {
        id: "9110-9.3.2-2",
        section: "9.3.2",
        level: "SHOULD",
        says: "HEAD is answered with the fields that GET would have had.",
        cases: [
          likeGet("/hello"),
          likeGet("/json"),
          likeGet("/stream"),
          served("the type", head("HEAD /json HTTP/1.1", "Host: a"), {
            fields: { "content-type": /^application\/json/ },
          }),
          served(
            "a field of the handler's",
            head("HEAD /field/good HTTP/1.1", "Host: a"),
            { fields: { "x-a": "a\tb c" } },
          ),
        ],
      },
      {
        id: "9110-9.3.6-1",
        section: "9.3.6",
        level: "MUST",
        says:
          "CONNECT to an empty or invalid port is rejected; an origin server need not implement it.",
        cases: [
          ...["a:", "a:b", "a:65536", "a:-1", ":80", "a"].map((target) =>
            refused(target, head(`CONNECT ${target} HTTP/1.1`, "Host: a"))
          ),
          answered(
            "a tunnel is not opened",
            head("CONNECT a:80 HTTP/1.1", "Host: a"),
            501,
          ),
        ],
      },
      {
        id: "9110-9.3.7-1",
        section: "9.3.7",
        level: "SHOULD",
        says: "OPTIONS of a resource tells its methods in Allow.",
        cases: [
          {
            ...answered(
              "GET",
              head("OPTIONS /hello HTTP/1.1", "Host: a"),
              204,
              { fields: { allow: GET_ALLOW } },
            ),
            then: "persists",
          },
          {
            ...answered(
              "POST",
              head("OPTIONS /echo HTTP/1.1", "Host: a"),
              204,
              { fields: { allow: POST_ALLOW } },
            ),
            then: "persists",
          },
          {
            ...answered(
              "a path that is not there",
              head("OPTIONS /nowhere HTTP/1.1", "Host: a"),
              404,
            ),
            then: "persists",
          },
          {
            ...answered(
              "in absolute-form",
              head("OPTIONS http://a/hello HTTP/1.1", "Host: a"),
              204,
              { fields: { allow: GET_ALLOW } },
            ),
            then: "persists",
          },
        ],
      },
      {
        id: "9110-9.3.7-2",
        section: "9.3.7",
        level: "is",
        says: "OPTIONS * is about the server as a whole.",
        cases: [
          {
            ...answered("a ping", head("OPTIONS * HTTP/1.1", "Host: a"), 204),
            then: "persists",
          },
        ],
      },
      {
        id: "9110-9.3.8-1",
        section: "9.3.8",
        level: "SHOULD",
        says: "The final recipient of TRACE reflects the request.",
        unmet:
          "TRACE shows a client fields that it should not see (cookies, what a proxy added), and no client needs it: without a route of its own it is refused, as nearly everywhere.",
        cases: [
          answered(
            "a path",
            head("TRACE /hello HTTP/1.1", "Host: a", "Cookie: a=b"),
            405,
            {
              check: ({ content }) =>
                content.includes("a=b") ? "it reflects the cookie" : undefined,
            },
          ),
        ],
      },
    ],
  },
  {
    number: "10.1.1",
    title: "Expect",
    rows: [
      {
        id: "9110-10.1.1-1",
        section: "10.1.1",
        level: "is",
        says: "The expectation is case-insensitive.",
        cases: ["100-continue", "100-Continue", "100-CONTINUE"].map((
          expectation,
        ) =>
          talk(expectation, [
            {
              send: head(
                "POST /echo HTTP/1.1",
                "Host: a",
                `Expect: ${expectation}`,
                "Content-Length: 2",
              ),
            },
            { interim: 100 },
            { send: "hi" },
            { answer: { status: 200, content: "hi", interim: [] } },
          ])
        ),
      },
      {
        id: "9110-10.1.1-2",
        section: "10.1.1",
        level: "MAY",
        says: "Another expectation is answered with 417.",
        cases: table((name, send) => refused(name, send, 417), [
          ["a word", get("/hello", "Expect: wonders")],
          [
            "a word, with content",
            echo(["Expect: wonders", "Content-Length: 2"], "hi"),
          ],
          [
            "two",
            echo(["Expect: 100-continue, wonders", "Content-Length: 2"], "hi"),
          ],
          [
            "in two lines",
            echo([
              "Expect: 100-continue",
              "Expect: wonders",
              "Content-Length: 2",
            ], "hi"),
          ],
          ["a longer word", get("/hello", "Expect: 100-continued")],
          ["a shorter word", get("/hello", "Expect: 100-continu")],
          ["with a value", get("/hello", "Expect: 100-continue=1")],
          ["with a parameter", get("/hello", "Expect: 100-continue;a=b")],
          ["200-ok", get("/hello", "Expect: 200-ok")],
        ]),
      },
      {
        id: "9110-10.1.1-3",
        section: "10.1.1",
        level: "MUST",
        says: "100-continue in an HTTP/1.0 request is ignored.",
        cases: [
          {
            ...lastServed(
              "with content",
              head(
                "POST /echo HTTP/1.0",
                "Expect: 100-continue",
                "Content-Length: 2",
              ) + "hi",
              "hi",
            ),
          },
          talk("no 100 comes", [
            {
              send: head(
                "POST /echo HTTP/1.0",
                "Expect: 100-continue",
                "Content-Length: 2",
              ) + "h",
            },
            { send: "i" },
            {
              answer: {
                status: 200,
                content: "hi",
                interim: [],
                to: "POST /echo HTTP/1.0",
              },
            },
          ], "closes"),
        ],
      },
      {
        id: "9110-10.1.1-4",
        section: "10.1.1",
        level: "MUST",
        says:
          "With 100-continue, either 100 is sent before the content is read, or a final status.",
        cases: [
          talk("a handler that reads", [
            { send: waiting("/echo", "Content-Length: 5") },
            { interim: 100 },
            { send: "hello" },
            { answer: { status: 200, content: "hello", interim: [] } },
          ]),
          talk("a handler that reads chunks", [
            { send: waiting("/echo", "Transfer-Encoding: chunked") },
            { interim: 100 },
            { send: "5\r\nhello\r\n0\r\n\r\n" },
            { answer: { status: 200, content: "hello", interim: [] } },
          ]),
          talk("a handler that pulls", [
            { send: waiting("/first", "Content-Length: 5") },
            { interim: 100 },
            { send: "hello" },
            { answer: { status: 200, content: "first", interim: [] } },
          ], "as it says"),
          talk("two on a connection", [
            { send: waiting("/echo", "Content-Length: 1") },
            { interim: 100 },
            { send: "a" },
            { answer: { status: 200, content: "a", interim: [] } },
            { send: waiting("/echo", "Content-Length: 1") },
            { interim: 100 },
            { send: "b" },
            { answer: { status: 200, content: "b", interim: [] } },
          ]),
        ],
      },
      {
        id: "9110-10.1.1-5",
        section: "10.1.1",
        level: "MAY",
        says:
          "100 is omitted where content has come already, or where there is none.",
        cases: [
          served(
            "content at once",
            waiting("/echo", "Content-Length: 2") + "hi",
            "hi",
          ),
          served(
            "chunks at once",
            waiting("/echo", "Transfer-Encoding: chunked") +
              "2\r\nhi\r\n0\r\n\r\n",
            "hi",
          ),
          served("a length of 0", waiting("/echo", "Content-Length: 0"), {
            content: "",
            interim: [],
          }),
          served("no content", waiting("/echo"), { content: "", interim: [] }),
          served("GET", get("/hello", "Expect: 100-continue"), {
            content: "hello",
            interim: [],
          }),
        ],
      },
      {
        id: "9110-10.1.1-6",
        section: "10.1.1",
        level: "SHOULD",
        says:
          "A final status instead of 100 says whether the connection closes or the content will be read.",
        cases: [
          talk("a handler that does not read", [
            { send: waiting("/ignore", "Content-Length: 5") },
            { answer: { status: 200, content: "ignored", interim: [] } },
          ], "as it says"),
          talk("a path that is not there", [
            { send: waiting("/nowhere", "Content-Length: 5") },
            { answer: { status: 404, interim: [] } },
          ], "as it says"),
          talk("a method that is not there", [
            { send: waiting("/hello", "Content-Length: 5") },
            { answer: { status: 405, interim: [] } },
          ], "as it says"),
          talk("content that is too long", [
            { send: waiting("/echo", "Content-Length: 5000000") },
            { answer: { status: 413, interim: [] } },
          ], "as it says"),
          talk("a handler that refuses", [
            {
              send: head(
                "POST /refuses HTTP/1.1",
                "Host: a",
                "Expect: 100-continue",
                "Content-Length: 5",
              ),
            },
            { answer: { status: 403, interim: [] } },
          ], "as it says"),
        ].map((one) => ({ ...one, owes: "hello" })),
      },
      {
        id: "9110-10.1.1-7",
        section: "10.1.1",
        level: "MUST NOT",
        says:
          "The server does not wait for the content before it sends 100, nor send 100 before its turn among pipelined requests.",
        cases: [
          talk("behind another request", [
            { send: get("/hello") + waiting("/echo", "Content-Length: 2") },
            {
              answer: {
                status: 200,
                content: "hello",
                interim: [],
                to: "GET /hello HTTP/1.1",
              },
            },
            { interim: 100 },
            { send: "hi" },
            { answer: { status: 200, content: "hi", interim: [] } },
          ]),
          talk("behind a slow one", [
            {
              send:
                head("POST /late HTTP/1.1", "Host: a", "Content-Length: 4") +
                "slow" +
                waiting("/echo", "Content-Length: 2"),
            },
            {
              answer: {
                status: 200,
                content: "slow",
                interim: [],
                to: "POST /late HTTP/1.1",
              },
            },
            { interim: 100 },
            { send: "hi" },
            { answer: { status: 200, content: "hi", interim: [] } },
          ]),
          talk("behind content", [
            {
              send: echo("Content-Length: 5", "hello") +
                waiting("/echo", "Content-Length: 2"),
            },
            {
              answer: {
                status: 200,
                content: "hello",
                interim: [],
                to: "POST /echo HTTP/1.1",
              },
            },
            { interim: 100 },
            { send: "hi" },
            { answer: { status: 200, content: "hi", interim: [] } },
          ]),
        ],
      },
      {
        id: "9110-10.1.1-8",
        section: "10.1.1",
        level: "is",
        says: "A request that is refused by its head gets no 100.",
        cases: [
          {
            ...refused(
              "a bad Host",
              head(
                "POST /echo HTTP/1.1",
                "Host: a b",
                "Expect: 100-continue",
                "Content-Length: 2",
              ),
            ),
            answers: [{ status: 400, interim: [] }],
          },
          {
            ...refused(
              "both framings",
              waiting(
                "/echo",
                "Content-Length: 2",
                "Transfer-Encoding: chunked",
              ),
            ),
            answers: [{ status: 400, interim: [] }],
          },
          {
            ...refused(
              "a length that no content has",
              waiting("/echo", "Content-Length: 99999999999999999999"),
            ),
            answers: [{ status: 413, interim: [] }],
          },
        ],
      },
    ],
  },
  {
    number: "10.1.4",
    title: "TE",
    rows: [
      {
        id: "9110-10.1.4-1",
        section: "10.1.4",
        level: "is",
        says:
          "TE tells what transfer codings are acceptable; chunked always is, so it changes nothing here.",
        cases: ["trailers", "gzip, trailers", "", "gzip;q=0.5"].map((te) =>
          served(
            `TE: ${te}`,
            get("/hello", `TE: ${te}`, "Connection: TE"),
            "hello",
          )
        ),
      },
    ],
  },
  {
    number: "10.2.1",
    title: "Allow",
    rows: [
      {
        id: "9110-10.2.1-1",
        section: "10.2.1",
        level: "MUST",
        says: "Allow is sent with 405.",
        cases: [
          {
            ...answered(
              "POST /hello",
              head("POST /hello HTTP/1.1", "Host: a"),
              405,
              { fields: { allow: GET_ALLOW } },
            ),
            then: "persists",
          },
          {
            ...answered("GET /echo", get("/echo"), 405, {
              fields: { allow: POST_ALLOW },
            }),
            then: "persists",
          },
          {
            ...answered("several", head("TRACE /seen HTTP/1.1", "Host: a"), [
              405,
              501,
            ], {
              check: ({ status, fields }) =>
                status === 501 ||
                  fields.some(([name]) => name.toLowerCase() === "allow")
                  ? undefined
                  : "no Allow",
            }),
          },
        ],
      },
    ],
  },
  {
    number: "15",
    title: "Status Codes",
    rows: [
      {
        id: "9110-15-1",
        section: "15",
        level: "is",
        says:
          "A status code is three digits from 100 to 599; others are not sent.",
        cases: [
          ...[200, 299, 308, 400, 499, 599].map((code) => ({
            ...answered(`${code}`, get(`/status/${code}`), code),
            then: "persists" as const,
          })),
          ...[600, 999, 199, 42].map((code) =>
            answered(`${code} of a handler`, get(`/code/${code}`), 500)
          ),
        ],
      },
      {
        id: "9110-15.2-1",
        section: "15.2",
        level: "MUST NOT",
        says: "No 1xx is sent to an HTTP/1.0 client.",
        cases: [
          lastServed(
            "100",
            head(
              "POST /echo HTTP/1.0",
              "Expect: 100-continue",
              "Content-Length: 2",
            ) + "hi",
            { content: "hi", interim: [] },
          ),
          lastServed("103", head("GET /hint HTTP/1.0"), {
            content: "false",
            interim: [],
          }),
        ],
      },
      {
        id: "9110-15.2-2",
        section: "15.2",
        level: "is",
        says:
          "A 1xx ends with its head: it has neither content nor trailers, and comes before the final answer.",
        cases: [
          served("103", get("/hint"), { content: "true", interim: [103] }),
          {
            name: "between two answers",
            send: get("/hello") + get("/hint") + get("/hello"),
            answers: [
              { status: 200, content: "hello", interim: [] },
              { status: 200, content: "true", interim: [103] },
              { status: 200, content: "hello", interim: [] },
            ],
            then: "persists",
          },
          served("not behind a head", get("/hint/late"), {
            interim: [],
            check: ({ content }) =>
              content.endsWith("false") ? undefined : "a hint was sent",
          }),
          ...["Content-Length", "Transfer-Encoding", "Connection"].map(
            (name): Case => ({
              name: `${name} in one: the application's mistake`,
              send: get(`/hint/${name}`),
              answers: [{ status: 500, interim: [] }],
              then: "persists",
            }),
          ),
        ],
      },
      {
        id: "9110-15.3.6-1",
        section: "15.3.6",
        level: "MUST NOT",
        says: "205 has no content.",
        cases: [
          {
            ...answered("205", get("/status/205"), 205, { content: "" }),
            then: "persists",
          },
          {
            ...answered(
              "205 for HEAD",
              head("HEAD /status/205 HTTP/1.1", "Host: a"),
              205,
            ),
            then: "persists",
          },
        ],
      },
      {
        id: "9110-15.5.1-1",
        section: "15.5.1",
        level: "is",
        says:
          "400 is for what is perceived as a client error, such as malformed syntax and invalid framing.",
        cases: [
          refused("syntax", get("/hello", "X")),
          refused("framing", echo("Content-Length: x")),
        ],
      },
      {
        id: "9110-15.5.5-1",
        section: "15.5.5",
        level: "is",
        says: "404 is for a target that has no representation here.",
        cases: [{ ...answered("GET", get("/nowhere"), 404), then: "persists" }],
      },
      {
        id: "9110-15.5.6-1",
        section: "15.5.6",
        level: "MUST",
        says: "405 carries Allow.",
        cases: [
          {
            ...answered(
              "DELETE",
              head("DELETE /hello HTTP/1.1", "Host: a"),
              405,
              { fields: { allow: GET_ALLOW } },
            ),
            then: "persists",
          },
        ],
      },
      {
        id: "9110-15.5.9-1",
        section: "15.5.9",
        level: "is",
        says:
          "408 is for a request that did not come in time, and the connection closes.",
        cases: [
          {
            ...refused("a head", "GET /hello HTTP/1.1\r\n", 408),
            hurried: true,
            feedings: ["at once"],
          },
          {
            ...refused("content", echo("Content-Length: 5", "hel"), 408),
            hurried: true,
            feedings: ["at once"],
          },
        ],
      },
      {
        id: "9110-15.5.14-1",
        section: "15.5.14",
        level: "MAY",
        says:
          "413 refuses content that is too large; the connection may be closed, so that no more of it is sent.",
        cases: [
          answered("a length", echo("Content-Length: 1048577"), 413),
          answered(
            "one more than the limit, in chunks",
            head(
              "POST /echo HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) + `100001\r\n${"a".repeat(0x100001)}\r\n0\r\n\r\n`,
            413,
          ),
          {
            ...served(
              "the limit itself",
              echo("Content-Length: 1048576", "a".repeat(1_048_576)),
              {
                check: ({ content }) =>
                  content.length === 1_048_576
                    ? undefined
                    : `${content.length} octets`,
              },
            ),
            feedings: ["at once"],
          },
        ],
      },
      {
        id: "9110-15.5.15-1",
        section: "15.5.15",
        level: "is",
        says: "414 refuses a target that is too long.",
        cases: [refused("9,000 octets", get(`/${"a".repeat(9_000)}`), 414)],
      },
      {
        id: "9110-15.5.18-1",
        section: "15.5.18",
        level: "is",
        says: "417 refuses an expectation.",
        cases: [refused("wonders", get("/hello", "Expect: wonders"), 417)],
      },
      {
        id: "9110-15.5.22-1",
        section: "15.5.22",
        level: "MUST",
        says: "426 carries Upgrade.",
        cases: [
          answered("a route that wants an upgrade", get("/upgrade"), [
            400,
            426,
            500,
          ], {
            check: ({ status, fields }) =>
              status !== 426 ||
                fields.some(([name]) => name.toLowerCase() === "upgrade")
                ? undefined
                : "no Upgrade",
          }),
        ],
      },
      {
        id: "9110-15.6.1-1",
        section: "15.6.1",
        level: "is",
        says:
          "500 is for a condition that was not expected; what a client did wrong is not one.",
        cases: [
          {
            ...answered("a handler that throws", get("/throws"), 500),
            then: "persists",
          },
          refused(
            "broken content is a 400",
            echo("Transfer-Encoding: chunked", "x\r\n"),
          ),
          answered("a nonsense escape is a 400", get("/hello/%ff"), [400, 404]),
          answered("a nonsense query is no fault", get("/hello?%zz=%"), [
            200,
            400,
          ]),
        ],
      },
      {
        id: "9110-15.6.2-1",
        section: "15.6.2",
        level: "is",
        says: "501 is for a method that is not recognized.",
        cases: [{
          ...answered("FOO", head("FOO /hello HTTP/1.1", "Host: a"), 501),
          then: "persists",
        }],
      },
      {
        id: "9110-15.6.6-1",
        section: "15.6.6",
        level: "SHOULD",
        says: "505 says why, and what is spoken instead.",
        cases: [
          {
            ...refused("HTTP/3.0", head("GET /hello HTTP/3.0", "Host: a"), 505),
            answers: [{
              status: 505,
              check: ({ content }) =>
                /HTTP\/1\.1/.test(content)
                  ? undefined
                  : `the content is ${content}`,
            }],
          },
        ],
      },
    ],
  },
];
