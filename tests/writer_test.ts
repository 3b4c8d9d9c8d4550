/**
 * The writer, in rows: what is answered to whom, and every byte of it.
 *
 * A row is written twice, by the short way of the common answers and by the
 * long way of those with fields of their own, and both have to say the same.
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertThrows,
} from "@std/assert";
import { Fault, type FaultCode, FAULTS } from "../errors.ts";
import {
  type Asked,
  declaredLength,
  FieldError,
  type Framing,
  mayHaveContent,
  putChunk,
  putContinue,
  putLastChunk,
  type Reply,
  Writer,
} from "../writer.ts";
import { Output } from "../writer/output.ts";

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37, 999);
const DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT";
const KEEP = "Connection: keep-alive";
const TIMEOUT = "Keep-Alive: timeout=65";
const CLOSE = "Connection: close";
const TEXT = "text/plain; charset=utf-8";
const TEXT_LINE = `Content-Type: ${TEXT}`;

const GET: Asked = { method: "GET", version: "1.1" };
const HEAD: Asked = { method: "HEAD", version: "1.1" };
const CONNECT: Asked = { method: "CONNECT", version: "1.1" };
const OLD: Asked = { method: "GET", version: "1.0" };
const OLD_HEAD: Asked = { method: "HEAD", version: "1.0" };

type Row = [
  name: string,
  asked: Asked,
  reply: Partial<Reply>,
  body: string | Uint8Array | null,
  head: string[],
  content: string,
];

/** Answers without fields of their own: the short way. */
const PLAIN: Row[] = [
  ["text", GET, { type: TEXT }, "Hello", [
    "200 OK",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
    "Content-Length: 5",
  ], "Hello"],
  ["text, the last", GET, { type: TEXT, persists: false }, "Hello", [
    "200 OK",
    DATE,
    TEXT_LINE,
    CLOSE,
    "Content-Length: 5",
  ], "Hello"],
  ["text to 1.0", OLD, { type: TEXT }, "Hello", [
    "200 OK",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
    "Content-Length: 5",
  ], "Hello"],
  ["text to 1.0, the last", OLD, { type: TEXT, persists: false }, "Hello", [
    "200 OK",
    DATE,
    TEXT_LINE,
    CLOSE,
    "Content-Length: 5",
  ], "Hello"],
  ["no type", GET, {}, "Hello", [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
    "Content-Length: 5",
  ], "Hello"],
  ["empty text", GET, { type: TEXT }, "", [
    "200 OK",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
    "Content-Length: 0",
  ], ""],
  [
    "bytes",
    GET,
    { type: "application/octet-stream" },
    Uint8Array.of(0, 13, 10, 255),
    [
      "200 OK",
      DATE,
      "Content-Type: application/octet-stream",
      KEEP,
      TIMEOUT,
      "Content-Length: 4",
    ],
    "\0\r\n\xFF",
  ],
  ["no bytes", GET, {}, new Uint8Array(0), [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
    "Content-Length: 0",
  ], ""],
  ["nothing", GET, {}, null, [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
    "Content-Length: 0",
  ], ""],
  ["nothing, 404", GET, { status: 404, persists: false }, null, [
    "404 Not Found",
    DATE,
    CLOSE,
    "Content-Length: 0",
  ], ""],
  ["HEAD tells the length of text", HEAD, { type: TEXT }, "H\xE9llo", [
    "200 OK",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
    "Content-Length: 6",
  ], ""],
  ["HEAD tells the length of bytes", HEAD, {}, new Uint8Array(300), [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
    "Content-Length: 300",
  ], ""],
  ["HEAD of nothing", HEAD, {}, null, [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
    "Content-Length: 0",
  ], ""],
  ["HEAD of 1.0, the last", OLD_HEAD, { persists: false }, "Hello", [
    "200 OK",
    DATE,
    CLOSE,
    "Content-Length: 5",
  ], ""],
  ["a refused CONNECT", CONNECT, { status: 405, type: TEXT }, "No", [
    "405 Method Not Allowed",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
    "Content-Length: 2",
  ], "No"],
  ["obs-text in the type", GET, { type: "text/\xE9" }, "a", [
    "200 OK",
    DATE,
    "Content-Type: text/\xE9",
    KEEP,
    TIMEOUT,
    "Content-Length: 1",
  ], "a"],
  ["white space around the type", GET, { type: " \ttext/plain \t" }, "a", [
    "200 OK",
    DATE,
    "Content-Type: text/plain",
    KEEP,
    TIMEOUT,
    "Content-Length: 1",
  ], "a"],
];

/** The answers that end with their head, whatever was given as content. */
const BARE: Row[] = [
  ["204 has no length", GET, { status: 204 }, null, [
    "204 No Content",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  ["204 has no content", GET, { status: 204 }, "Hello", [
    "204 No Content",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  [
    "204 has no length that was set",
    GET,
    { status: 204, lines: ["content-length", "5"] },
    null,
    ["204 No Content", DATE, KEEP, TIMEOUT],
    "",
  ],
  ["204, the last", GET, { status: 204, persists: false }, null, [
    "204 No Content",
    DATE,
    CLOSE,
  ], ""],
  ["204 to 1.0", OLD, { status: 204 }, null, [
    "204 No Content",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  ["205 has a length of 0", GET, { status: 205 }, "Hello", [
    "205 Reset Content",
    DATE,
    "Content-Length: 0",
    KEEP,
    TIMEOUT,
  ], ""],
  [
    "205 has a length of 0, whatever was set",
    GET,
    { status: 205, lines: ["content-length", "5"] },
    null,
    ["205 Reset Content", DATE, "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
  ["304 has no length", GET, { status: 304, type: TEXT }, "Hello", [
    "304 Not Modified",
    DATE,
    TEXT_LINE,
    KEEP,
    TIMEOUT,
  ], ""],
  [
    "304 has the length that was set",
    GET,
    { status: 304, lines: ["etag", '"a"', "content-length", "5"] },
    null,
    [
      "304 Not Modified",
      DATE,
      'etag: "a"',
      "Content-Length: 5",
      KEEP,
      TIMEOUT,
    ],
    "",
  ],
  ["304 to 1.0 persists", OLD, { status: 304 }, null, [
    "304 Not Modified",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  ["204 to HEAD", HEAD, { status: 204 }, null, [
    "204 No Content",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  ["CONNECT 200 has no length", CONNECT, {}, "Hello", [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
  ], ""],
  [
    "CONNECT 204 has none that was set",
    CONNECT,
    { status: 204, lines: ["content-length", "5"] },
    null,
    ["204 No Content", DATE, KEEP, TIMEOUT],
    "",
  ],
];

/** Answers with fields: the long way. */
const FIELDS: Row[] = [
  [
    "fields in their order, each on its line",
    GET,
    {
      lines: ["set-cookie", "a=1", "vary", "accept", "set-cookie", "b=2"],
    },
    "Hello",
    [
      "200 OK",
      DATE,
      "set-cookie: a=1",
      "vary: accept",
      "set-cookie: b=2",
      "Content-Length: 5",
      KEEP,
      TIMEOUT,
    ],
    "Hello",
  ],
  [
    "a Date of the application's",
    GET,
    { lines: ["date", "Thu, 01 Jan 1970 00:00:00 GMT"] },
    null,
    [
      "200 OK",
      "date: Thu, 01 Jan 1970 00:00:00 GMT",
      "Content-Length: 0",
      KEEP,
      TIMEOUT,
    ],
    "",
  ],
  [
    "a type among the fields",
    GET,
    { lines: ["content-type", "text/css"] },
    "a{}",
    [
      "200 OK",
      DATE,
      "content-type: text/css",
      "Content-Length: 3",
      KEEP,
      TIMEOUT,
    ],
    "a{}",
  ],
  [
    "a type beside the fields",
    GET,
    { type: TEXT, lines: ["x", "y"] },
    "Hello",
    ["200 OK", DATE, TEXT_LINE, "x: y", "Content-Length: 5", KEEP, TIMEOUT],
    "Hello",
  ],
  [
    "white space around values",
    GET,
    { lines: ["x", "\t  y z \t", "empty", "  "] },
    null,
    ["200 OK", DATE, "x: y z", "empty: ", "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
  [
    "obs-text, an octet a character",
    GET,
    { lines: ["x", "\x80\xE9\xFF"] },
    null,
    ["200 OK", DATE, "x: \x80\xE9\xFF", "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
  [
    "framing and fields of the connection are dropped",
    GET,
    {
      lines: [
        ...["transfer-encoding", "chunked", "keep-alive", "timeout=1"],
        ...["proxy-connection", "close", "content-length", "99"],
        ...["connection", "keep-alive, x-mine", "x-mine", "kept"],
      ],
    },
    "Hello",
    ["200 OK", DATE, "x-mine: kept", "Content-Length: 5", KEEP, TIMEOUT],
    "Hello",
  ],
  [
    "what is dropped is not looked at",
    GET,
    { lines: ["content-length", "5\r\n", "connection", "\0, x\r\nb: c"] },
    "Hello",
    ["200 OK", DATE, "Content-Length: 5", KEEP, TIMEOUT],
    "Hello",
  ],
  [
    "close is heeded",
    GET,
    { lines: ["connection", "close"] },
    "Hello",
    ["200 OK", DATE, "Content-Length: 5", CLOSE],
    "Hello",
  ],
  [
    "close in a list, in any case",
    GET,
    { lines: ["connection", "x, , CLOSE ,y", "connection", "keep-alive"] },
    null,
    ["200 OK", DATE, "Content-Length: 0", CLOSE],
    "",
  ],
  [
    "close on the second line",
    OLD,
    { lines: ["connection", "keep-alive", "connection", "close"] },
    null,
    ["200 OK", DATE, "Content-Length: 0", CLOSE],
    "",
  ],
  [
    "closed is not close",
    GET,
    { lines: ["connection", "closed"] },
    null,
    ["200 OK", DATE, "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
  [
    "upgrade is an option of the connection",
    GET,
    { status: 426, lines: ["upgrade", "websocket"] },
    null,
    [
      "426 Upgrade Required",
      DATE,
      "upgrade: websocket",
      "Content-Length: 0",
      "Connection: keep-alive, upgrade",
    ],
    "",
  ],
  [
    "upgrade with the last answer",
    GET,
    { status: 426, lines: ["upgrade", "a"], persists: false },
    null,
    [
      "426 Upgrade Required",
      DATE,
      "upgrade: a",
      "Content-Length: 0",
      "Connection: close, upgrade",
    ],
    "",
  ],
  [
    "HEAD with the length that was set",
    HEAD,
    { lines: ["content-length", "12345"] },
    null,
    ["200 OK", DATE, "Content-Length: 12345", KEEP, TIMEOUT],
    "",
  ],
  [
    "HEAD with content and a length that was set",
    HEAD,
    { lines: ["content-length", "12345"] },
    "Hello",
    ["200 OK", DATE, "Content-Length: 5", KEEP, TIMEOUT],
    "",
  ],
  [
    "HEAD with a length that is none",
    HEAD,
    { lines: ["content-length", "1, 1"] },
    null,
    ["200 OK", DATE, "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
  [
    "a status without a phrase of its own",
    GET,
    { status: 299, lines: ["x", "y"] },
    null,
    ["299 ", DATE, "x: y", "Content-Length: 0", KEEP, TIMEOUT],
    "",
  ],
];

const TABLES: [of: string, rows: Row[]][] = [
  ["answers without fields", PLAIN],
  ["answers without content", BARE],
  ["answers with fields", FIELDS],
];

for (const [of, rows] of TABLES) {
  Deno.test(`Writer.whole() writes ${of}`, () => {
    for (const [name, asked, given, body, head, content] of rows) {
      const out = new Output();
      const persists = writer().whole(out, asked, reply(given), body);
      assertEquals(text(out), wire(head, content), name);
      const closes = head.some((line) => line.startsWith(CLOSE));
      assertEquals(persists, !closes, name);
    }
  });
}

Deno.test("Writer.whole() says the same the short way and the long way", () => {
  for (const [name, asked, given, body] of PLAIN) {
    const [short, long] = [new Output(), new Output()];
    const one = writer();
    const persists = one.whole(short, asked, reply(given), body);
    // A line that is dropped takes the long way.
    const lines = ["keep-alive", "timeout=1"];
    assertEquals(
      one.whole(long, asked, reply({ ...given, lines }), body),
      persists,
      name,
    );
    assertEquals(inOrder(text(long)), inOrder(text(short)), name);
  }
});

Deno.test("Writer.head() and the content are the same as Writer.whole()", () => {
  for (const [name, asked, given, body] of PLAIN) {
    if (asked.method === "HEAD") continue;
    const [whole, parts] = [new Output(), new Output()];
    const bytes = body === null ? new Uint8Array(0) : encoded(body);
    writer().whole(whole, asked, reply(given), body);
    const written = writer().head(parts, asked, reply(given), bytes.length);
    parts.put(bytes);
    assertEquals(inOrder(text(parts)), inOrder(text(whole)), name);
    assertEquals(written.length, bytes.length, name);
    assertEquals(written.framing, "length", name);
  }
});

const TEXTS: [name: string, text: string][] = [
  ["39 of ASCII", "a".repeat(39)],
  ["40 of ASCII", "a".repeat(40)],
  ["41 of ASCII", "a".repeat(41)],
  ["40 that end in e acute", "a".repeat(39) + "\xE9"],
  ["41 that end in e acute", "a".repeat(40) + "\xE9"],
  ["40 that begin with the euro", "\u20AC" + "a".repeat(39)],
  ["41 that begin with the euro", "\u20AC" + "a".repeat(40)],
  ["DEL and NUL", "\x7F\0"],
  ["the first that is not ASCII", "\x80"],
  ["a pair of surrogates", "\u{1F600}"],
  ["half a pair", "\uD83D"],
  ["half a pair at the end of 41", "a".repeat(40) + "\uD83D"],
  ["pairs over 40", "\u{1F600}".repeat(30)],
  ["5,000 of ASCII", "b".repeat(5000)],
  ["5,000 of three bytes each", "\u20AC".repeat(5000)],
  ["4,000, then one that is not ASCII", "b".repeat(4000) + "\xE9"],
  ["100,000 of ASCII", "b".repeat(100_000)],
  ["100,000 of three bytes each", "\u20AC".repeat(100_000)],
];

Deno.test("Writer.whole() writes text of every length and alphabet", () => {
  for (const [name, content] of TEXTS) {
    const out = new Output();
    const bytes = encoded(content);
    // Twice, so that the second does not begin at the start of the buffer.
    for (let round = 0; round < 2; round++) {
      writer().whole(out, GET, reply(), content);
    }
    const { length } = bytes;
    const head = ["200 OK", DATE, KEEP, TIMEOUT, `Content-Length: ${length}`];
    const once = wire(head, latin1(bytes));
    assert(text(out) === once + once, name);
  }
});

const UNSENDABLE: [name: string, reply: Partial<Reply>, says: string][] = [
  ["CR in a value", { lines: ["x", "a\rb"] }, "control"],
  ["LF in a value", { lines: ["x", "a\nb"] }, "control"],
  ["CR LF at the end of a value", { lines: ["x", "a\r\n"] }, "control"],
  ["NUL in a value", { lines: ["x", "a\0b"] }, "control"],
  ["ESC in a value", { lines: ["x", "\x1B[0m"] }, "control"],
  ["DEL in a value", { lines: ["x", "\x7F"] }, "control"],
  ["a euro in a value", { lines: ["x", "5 \u20AC"] }, "not an octet"],
  ["U+0100, one past", { lines: ["x", "\u0100"] }, "not an octet"],
  ["U+010A, an LF when cut", { lines: ["x", "a\u010Ab"] }, "not an octet"],
  ["no name", { lines: ["", "a"] }, "not a token"],
  ["a space in a name", { lines: ["x y", "a"] }, "not a token"],
  ["a colon in a name", { lines: ["x:", "a"] }, "not a token"],
  ["CR LF in a name", { lines: ["x\r\ny", "a"] }, "not a token"],
  ["the kelvin sign in a name", { lines: ["\u212A", "a"] }, "not a token"],
  ["the second of two", { lines: ["x", "y", "z", "\n"] }, "control"],
  ["a type with CR LF", { type: "a\r\nb: c" }, "control"],
  ["a type with CR LF and fields", { type: "\n", lines: ["x", "y"] }, ""],
  ["a type that is not of octets", { type: "\u20AC" }, "not an octet"],
  ["a field of a 204", { status: 204, lines: ["x", "\n"] }, "control"],
];

Deno.test("Writer refuses a field that cannot be sent and appends nothing", () => {
  for (const [name, given, says] of UNSENDABLE) {
    const one = writer();
    const out = new Output();
    putContinue(out);
    const before = text(out);
    const refused = [
      () => one.whole(out, GET, reply(given), "Hello"),
      () => one.whole(out, HEAD, reply(given), null),
      () => one.head(out, GET, reply(given), undefined),
      () => one.head(out, GET, reply(given), 5),
      () => one.whole(out, GET, reply(given), "Hello"),
    ];
    for (const write of refused) assertThrows(write, FieldError, says, name);
    assertEquals(text(out), before, name);
    one.whole(out, GET, reply(), null);
    assertEquals(text(out).split("HTTP/1.1").length, 3, name);
  }
});

Deno.test("FieldError is a TypeError with its own name, and tells no value", () => {
  const lines = ["set-cookie", "secret\n"];
  const write = () => writer().whole(new Output(), GET, reply({ lines }), "a");
  const error = assertThrows(write, FieldError);
  assertInstanceOf(error, TypeError);
  assertEquals([error.name, error.message.includes("secret")], [
    "FieldError",
    false,
  ]);
});

Deno.test("Writer keeps heads, and their date moves on", () => {
  const one = writer();
  const dates: (string | undefined)[] = [];
  for (const now of [NOW, NOW, NOW + 1, NOW + 1000, NOW + 3_600_000]) {
    const out = new Output();
    one.tell(now);
    one.whole(out, GET, reply({ type: TEXT }), "Hello");
    assertEquals(
      text(out).replace(/^Date.*$/m, DATE),
      wire(
        ["200 OK", DATE, TEXT_LINE, KEEP, TIMEOUT, "Content-Length: 5"],
        "Hello",
      ),
    );
    dates.push(/^Date: (.*)\r$/m.exec(text(out))?.[1]);
  }
  assertEquals(dates, [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "Sun, 06 Nov 1994 09:49:37 GMT",
  ]);
});

Deno.test("Writer tells kept heads apart", () => {
  const one = writer();
  const asked = [GET, OLD];
  const replies = [
    reply(),
    reply({ type: TEXT }),
    reply({ type: "text/html" }),
    reply({ status: 201 }),
    reply({ persists: false }),
    reply({ status: 404, type: TEXT, persists: false }),
  ];
  const written = () =>
    asked.flatMap((ask) =>
      replies.map((given) => {
        const out = new Output();
        one.whole(out, ask, given, "a");
        return text(out);
      })
    );
  const first = written();
  assertEquals(written(), first);
  assertEquals(new Set(first).size, 6); // KEEP makes 1.0 and 1.1 alike
  const fresh = asked.flatMap((ask) =>
    replies.map((given) => {
      const out = new Output();
      writer().whole(out, ask, given, "a");
      return text(out);
    })
  );
  assertEquals(first, fresh);
});

Deno.test("Writer writes an empty type alike, whatever it wrote before", () => {
  const one = writer();
  for (const type of [undefined, "", undefined]) {
    const [out, fresh] = [new Output(), new Output()];
    one.whole(out, GET, reply({ type }), "a");
    writer().whole(fresh, GET, reply({ type }), "a");
    assertEquals(text(out), text(fresh));
  }
});

Deno.test("Writer keeps the heads of late, not of ever", () => {
  class Watched extends Output {
    first: Uint8Array | undefined;
    override put(bytes: Uint8Array): void {
      this.first ??= bytes;
      super.put(bytes);
    }
  }
  const one = writer();
  const headOf = (type: string) => {
    const out = new Watched();
    one.whole(out, GET, reply({ type }), null);
    out.release();
    return out.first;
  };
  const kept = headOf(TEXT);
  assert(kept !== undefined && headOf(TEXT) === kept, "made anew");
  for (let i = 0; i < 1000; i++) headOf(`text/x-${i}`);
  assert(headOf(TEXT) !== kept, "kept with a thousand others");
  const again = headOf(TEXT);
  assert(headOf(TEXT) === again, "made anew");
});

Deno.test("Writer writes right however many types and statuses there are", () => {
  const one = writer();
  for (let i = 0; i < 1000; i++) {
    const type = `text/x-${i % 700}`;
    const status = 200 + i % 3 * 100;
    const out = new Output();
    one.whole(out, GET, reply({ type, status }), "a");
    const [line, , typeLine] = text(out).split("\r\n");
    assertEquals(typeLine, `Content-Type: ${type}`);
    assertEquals(line?.slice(0, 12), `HTTP/1.1 ${status}`);
    out.release();
  }
});

const IDLE: [idle: number, old: string[], now: string[]][] = [
  [65_000, [KEEP, TIMEOUT], [KEEP, TIMEOUT]],
  [5_999, [KEEP, "Keep-Alive: timeout=5"], [KEEP, "Keep-Alive: timeout=5"]],
  [1_000, [KEEP, "Keep-Alive: timeout=1"], [KEEP, "Keep-Alive: timeout=1"]],
  [500, [KEEP], []],
  [0, [KEEP], []],
  [Infinity, [KEEP], []],
];

Deno.test("Writer says how long it waits for the next request", () => {
  for (const [idle, old, now] of IDLE) {
    const one = new Writer(idle);
    one.tell(NOW);
    for (const [asked, keep] of [[OLD, old], [GET, now]] as const) {
      const [short, long] = [new Output(), new Output()];
      one.whole(short, asked, reply(), null);
      assertEquals(
        text(short),
        wire(["200 OK", DATE, ...keep, "Content-Length: 0"], ""),
      );
      one.whole(long, asked, reply({ lines: ["x", "y"] }), null);
      assertEquals(
        text(long),
        wire(["200 OK", DATE, "x: y", "Content-Length: 0", ...keep], ""),
      );
    }
  }
});

type Framed = [
  name: string,
  asked: Asked,
  status: number,
  length: number | undefined,
  framing: Framing,
  head: string[],
];

const FRAMINGS: Framed[] = [
  ["a stream to 1.1", GET, 200, undefined, "chunked", [
    "200 OK",
    DATE,
    "Transfer-Encoding: chunked",
    KEEP,
    TIMEOUT,
  ]],
  ["a stream to 1.0", OLD, 200, undefined, "close", ["200 OK", DATE, CLOSE]],
  ["a stream of a length", GET, 200, 70_000, "length", [
    "200 OK",
    DATE,
    "Content-Length: 70000",
    KEEP,
    TIMEOUT,
  ]],
  ["a stream of a length to 1.0", OLD, 200, 7, "length", [
    "200 OK",
    DATE,
    "Content-Length: 7",
    KEEP,
    TIMEOUT,
  ]],
  ["a stream to HEAD", HEAD, 200, undefined, "none", [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
  ]],
  ["a stream to HEAD of 1.0", OLD_HEAD, 200, undefined, "none", [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
  ]],
  ["a stream of a length to HEAD", HEAD, 200, 7, "length", [
    "200 OK",
    DATE,
    "Content-Length: 7",
    KEEP,
    TIMEOUT,
  ]],
  ["a stream with 204", GET, 204, undefined, "none", [
    "204 No Content",
    DATE,
    KEEP,
    TIMEOUT,
  ]],
  ["a stream with 304", OLD, 304, undefined, "none", [
    "304 Not Modified",
    DATE,
    KEEP,
    TIMEOUT,
  ]],
  ["a stream to CONNECT", CONNECT, 200, undefined, "none", [
    "200 OK",
    DATE,
    KEEP,
    TIMEOUT,
  ]],
  ["a stream to a refused CONNECT", CONNECT, 400, undefined, "chunked", [
    "400 Bad Request",
    DATE,
    "Transfer-Encoding: chunked",
    KEEP,
    TIMEOUT,
  ]],
];

Deno.test("Writer.head() frames streams by who asked", () => {
  for (const [name, asked, status, length, framing, head] of FRAMINGS) {
    const out = new Output();
    assertEquals(writer().head(out, asked, reply({ status }), length), {
      framing,
      persists: !head.includes(CLOSE),
      length: length ?? -1,
    }, name);
    assertEquals(text(out), wire(head, ""), name);
  }
});

Deno.test("Writer.head() never leaves a 205 without its length of 0", () => {
  // RFC 9112 §6.3 has no rule that ends a 205 with its head.
  const out = new Output();
  writer().head(out, GET, reply({ status: 205 }), undefined);
  assertEquals(inOrder(text(out)).includes("Content-Length: 0"), true);
});

Deno.test("Writer.head() heeds close in a stream", () => {
  const out = new Output();
  const lines = ["connection", "close"];
  const written = writer().head(out, GET, reply({ lines }), undefined);
  assertEquals(written.persists, false);
  assertEquals(
    text(out),
    wire(["200 OK", DATE, "Transfer-Encoding: chunked", CLOSE], ""),
  );
});

const UPGRADES: [
  name: string,
  asked: Asked,
  lines: string[],
  head: string[],
][] = [
  ["101", GET, [], [
    "101 Switching Protocols",
    DATE,
    "Connection: Upgrade",
    "Upgrade: echo/1",
  ]],
  ["101 with fields", GET, ["sec-x", "y", "set-cookie", "a=1"], [
    "101 Switching Protocols",
    DATE,
    "Connection: Upgrade",
    "Upgrade: echo/1",
    "sec-x: y",
    "set-cookie: a=1",
  ]],
  ["200 to CONNECT", CONNECT, ["x", "y"], ["200 OK", DATE, "x: y"]],
  [
    "no framing, nothing of the connection",
    GET,
    ["content-length", "5", "transfer-encoding", "chunked", "connection", "a"],
    [
      "101 Switching Protocols",
      DATE,
      "Connection: Upgrade",
      "Upgrade: echo/1",
    ],
  ],
  ["no framing to CONNECT", CONNECT, ["content-length", "5"], [
    "200 OK",
    DATE,
  ]],
];

Deno.test("Writer.upgrade() writes the head behind which HTTP ends", () => {
  for (const [name, asked, lines, head] of UPGRADES) {
    const out = new Output();
    writer().upgrade(out, asked, "echo/1", lines);
    assertEquals(text(out), wire(head, ""), name);
  }
});

Deno.test("Writer.upgrade() refuses a field that cannot be sent", () => {
  const out = new Output();
  assertThrows(
    () => writer().upgrade(out, GET, "echo", ["x", "\r\n"]),
    FieldError,
  );
  assertEquals(out.length, 0);
});

Deno.test("Writer.upgrade() sends one Date and one protocol", () => {
  const out = new Output();
  const date = "Thu, 01 Jan 1970 00:00:00 GMT";
  const lines = ["date", date, "upgrade", "other"];
  writer().upgrade(out, GET, "echo", lines);
  const names = text(out).split("\r\n").map((line) =>
    line.split(":")[0]!.toLowerCase()
  );
  assertEquals(
    ["date", "upgrade"].map((name) => names.filter((n) => n === name).length),
    [1, 1],
  );
});

Deno.test("Writer.refusal() writes every fault of the catalogue", () => {
  for (const code of Object.keys(FAULTS) as FaultCode[]) {
    const fault = new Fault(code);
    const out = new Output();
    writer().refusal(out, fault, false);
    const [head = "", content = ""] = utf8(out).split("\r\n\r\n");
    const [line, ...fields] = head.split("\r\n");
    assertEquals(line?.slice(0, 12), `HTTP/1.1 ${fault.status}`, code);
    assertEquals(fields, [
      DATE,
      TEXT_LINE,
      `Content-Length: ${encoded(content).length}`,
      CLOSE,
    ], code);
    assertEquals(
      content,
      `${line?.slice(9)}: ${fault.message} (${fault.rule})\n`,
      code,
    );
  }
});

Deno.test("Writer.refusal() writes these bytes", () => {
  const out = new Output();
  writer().refusal(out, new Fault("host-missing"), false);
  assertEquals(
    utf8(out),
    wire(
      ["400 Bad Request", DATE, TEXT_LINE, "Content-Length: 72", CLOSE],
      "400 Bad Request: An HTTP/1.1 request has no Host field (RFC 9112 \xA73.2)\n",
    ),
  );
});

Deno.test("Writer.refusal() has no content for HEAD, and tells its length", () => {
  const [full, bare] = [new Output(), new Output()];
  writer().refusal(full, new Fault("host-missing"), false);
  writer().refusal(bare, new Fault("host-missing"), true);
  const all = text(full);
  assertEquals(text(bare), all.slice(0, all.indexOf("\r\n\r\n") + 4));
});

const CHUNKS: [bytes: number, head: string][] = [
  [1, "1"],
  [9, "9"],
  [10, "a"],
  [16, "10"],
  [255, "ff"],
  [4_096, "1000"],
  [70_000, "11170"],
];

Deno.test("putChunk() writes a chunk", () => {
  for (const [length, head] of CHUNKS) {
    const out = new Output();
    putChunk(out, new Uint8Array(length).fill(0x78));
    assert(
      text(out).toLowerCase() === `${head}\r\n${"x".repeat(length)}\r\n`,
      head,
    );
  }
});

Deno.test("putChunk() writes no chunk of no bytes, which would be the last", () => {
  const out = new Output();
  putChunk(out, new Uint8Array(0));
  assertEquals(out.length, 0);
});

Deno.test("putChunk() copies, so that a lent piece may be overwritten", () => {
  const out = new Output();
  const piece = encoded("abc");
  putChunk(out, piece);
  piece.fill(0);
  putLastChunk(out);
  assertEquals(text(out), "3\r\nabc\r\n0\r\n\r\n");
});

Deno.test("putContinue() writes 100 without fields", () => {
  const out = new Output();
  putContinue(out);
  assertEquals(text(out), "HTTP/1.1 100 Continue\r\n\r\n");
});

Deno.test("mayHaveContent() knows the answers that end with their head", () => {
  const bare = [100, 200, 204, 205, 206, 299, 300, 304, 404, 500];
  const of = (asked: Asked) =>
    bare.filter((status) => status >= 200 && !mayHaveContent(asked, status));
  assertEquals(of(GET), [204, 205, 304]);
  assertEquals(of(CONNECT), [200, 204, 205, 206, 299, 304]);
});

const DECLARED: [lines: string[], length: number | undefined][] = [
  [[], undefined],
  [["x", "5"], undefined],
  [["content-length", "5"], 5],
  [["x", "y", "content-length", "0"], 0],
  [["content-length", "007"], 7],
  [["content-length", ""], undefined],
  [["content-length", "-1"], undefined],
  [["content-length", "1.5"], undefined],
  [["content-length", "1e3"], undefined],
  [["content-length", "5\n"], undefined],
  [["content-length", "999999999999999"], 999_999_999_999_999],
  [["content-length", "9999999999999999"], undefined],
  // What stands in the place of a value is no name.
  [["x", "content-length", "5", "7"], undefined],
];

Deno.test("declaredLength() reads the length that was set", () => {
  for (const [lines, length] of DECLARED) {
    assertEquals(declaredLength(lines), length, lines.join());
  }
});

Deno.test("Output grows and keeps what was put", () => {
  const out = new Output();
  let all = "";
  for (let i = 0; i < 40; i++) {
    const part = `${i}-`.repeat(i * 10);
    if (i % 2) out.put(encoded(part));
    else out.putLatin1(part);
    all += part;
  }
  assert(text(out) === all, "what was put");
  assertEquals(out.written().length, all.length);
});

Deno.test("Output.putLatin1() writes an octet a character", () => {
  const out = new Output();
  out.putLatin1("\0\x7F\x80\xFF");
  assertEquals([...out.written()], [0, 0x7F, 0x80, 0xFF]);
});

Deno.test("Output.release() gives its buffer to the next", () => {
  const [out, other] = [Output.take(), Output.take()];
  const { bytes } = out;
  assert(other.bytes !== bytes, "two live outputs share a buffer");
  out.putLatin1("secret");
  out.release();
  const next = Output.take();
  assert(next.bytes === bytes, "the buffer was not kept");
  assertEquals([next.length, next.written().length], [0, 0]);
  next.release();
  other.release();
});

Deno.test("Output.release() keeps neither large buffers nor many", () => {
  const large = new Output();
  large.reserve(64 * 1024 + 1);
  const { bytes } = large;
  large.release();
  const outputs = Array.from({ length: 200 }, () => Output.take());
  assert(outputs.every((out) => out.bytes !== bytes), "a large one was kept");
  const buffers = new Set(outputs.map((out) => out.bytes));
  assertEquals(buffers.size, 200);
  for (const out of outputs) out.release();
  const again = Array.from({ length: 200 }, () => Output.take());
  assertEquals(again.filter((out) => buffers.has(out.bytes)).length, 64);
});

function writer(): Writer {
  const one = new Writer(65_000);
  one.tell(NOW);
  return one;
}

function reply(given: Partial<Reply> = {}): Reply {
  return { status: 200, type: undefined, lines: [], persists: true, ...given };
}

function wire([status, ...lines]: string[], content: string): string {
  return [`HTTP/1.1 ${status}`, ...lines, "", content].join("\r\n");
}

/** The head's lines in order of the alphabet, then the content. */
function inOrder(message: string): string[] {
  const end = message.indexOf("\r\n\r\n");
  const [line = "", ...fields] = message.slice(0, end).split("\r\n");
  return [line, ...fields.sort(), message.slice(end)];
}

function text(out: Output): string {
  return latin1(out.written());
}

function utf8(out: Output): string {
  return new TextDecoder().decode(out.written());
}

function latin1(bytes: Uint8Array): string {
  let all = "";
  for (const byte of bytes) all += String.fromCharCode(byte);
  return all;
}

function encoded(content: string | Uint8Array): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}
