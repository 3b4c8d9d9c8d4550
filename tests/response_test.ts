/**
 * What a handler gives back, in rows: the value, and what is made of it.
 *
 * The order of the rows is the contract: a value that is of two kinds is sent as
 * the first of them.
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Fault, HttpError } from "../errors.ts";
import { json, redirect, toAnswer, upgrade } from "../response.ts";
import { Answer } from "../response/answer.ts";
import { type Body, Pieces, type Streamed, Upgrade } from "../response/body.ts";
import { renderError } from "../response/error_page.ts";
import { Fields } from "../wire/fields.ts";
import { html, raw } from "../wire/html.ts";

const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const BYTES = "application/octet-stream";
const JSON_TYPE = "application/json";
const PROBLEM = "application/problem+json";

type Row = [
  name: string,
  make: () => unknown,
  status: number,
  type: string | null,
  content: string,
];

const RESULTS: Row[] = [
  ["a string", () => "Hello", 200, TEXT, "Hello"],
  ["an empty string", () => "", 200, TEXT, ""],
  ["a string beyond ASCII", () => "\u20AC", 200, TEXT, "\u20AC"],
  ["html", () => html`<p>${"<"}</p>`, 200, HTML, "<p>&lt;</p>"],
  ["raw", () => raw("<br>"), 200, HTML, "<br>"],
  ["bytes", () => bytesOf("abc"), 200, BYTES, "abc"],
  ["no bytes", () => new Uint8Array(0), 200, BYTES, ""],
  [
    "a part of a buffer",
    () => bytesOf("abcde").subarray(1, 3),
    200,
    BYTES,
    "bc",
  ],
  ["an ArrayBuffer", () => bytesOf("abc").buffer, 200, BYTES, "abc"],
  [
    "a DataView",
    () => new DataView(bytesOf("abcde").buffer, 1, 2),
    200,
    BYTES,
    "bc",
  ],
  ["another view", () => Uint16Array.of(0x6161, 0x6262), 200, BYTES, "aabb"],
  [
    "a Response",
    () => new Response("Hello", { status: 201 }),
    201,
    "text/plain;charset=UTF-8",
    "Hello",
  ],
  [
    "a Response of nothing",
    () => new Response(null, { status: 204 }),
    204,
    null,
    "",
  ],
  ["Response.json()", () => Response.json({ a: 1 }), 200, JSON_TYPE, '{"a":1}'],
  [
    "Response.redirect()",
    () => Response.redirect("http://h/a", 307),
    307,
    null,
    "",
  ],
  [
    "a Blob",
    () => new Blob(["abc"], { type: "text/css" }),
    200,
    "text/css",
    "abc",
  ],
  ["a Blob without a type", () => new Blob(["abc"]), 200, BYTES, "abc"],
  [
    "a File",
    () => new File(["abc"], "a.txt", { type: "text/x" }),
    200,
    "text/x",
    "abc",
  ],
  [
    "URLSearchParams",
    () => new URLSearchParams({ a: "b c" }),
    200,
    "application/x-www-form-urlencoded;charset=UTF-8",
    "a=b+c",
  ],
  [
    "a ReadableStream",
    () => ReadableStream.from([bytesOf("ab"), bytesOf("c")]),
    200,
    BYTES,
    "abc",
  ],
  ["a stream of no bytes", () => ReadableStream.from([]), 200, BYTES, ""],
  [
    "an async generator of text",
    () => textually("a", "\u20AC"),
    200,
    TEXT,
    "a\u20AC",
  ],
  [
    "an async generator of bytes",
    () => textually(bytesOf("a"), "b"),
    200,
    BYTES,
    "ab",
  ],
  ["an async generator of nothing", () => textually(), 200, null, ""],
  ["a generator of text", () => generator("a", "b"), 200, TEXT, "ab"],
  [
    "a generator of bytes",
    () => generator(bytesOf("a"), bytesOf("b")),
    200,
    BYTES,
    "ab",
  ],
  [
    "an iterator that maps another",
    () => ["a", "b"].values().map((v) => v + v),
    200,
    TEXT,
    "aabb",
  ],
  [
    "an instance that is iterated asynchronously",
    () => new Ticker(),
    200,
    TEXT,
    "tick",
  ],
  [
    "an object that is iterated asynchronously",
    () => ({ a: 1, [Symbol.asyncIterator]: () => textually("a") }),
    200,
    TEXT,
    "a",
  ],
  ["an array", () => [1, "a", null], 200, JSON_TYPE, '[1,"a",null]'],
  ["an object", () => ({ a: { b: [1] } }), 200, JSON_TYPE, '{"a":{"b":[1]}}'],
  [
    "an object without a prototype",
    () => Object.assign(Object.create(null), { a: 1 }),
    200,
    JSON_TYPE,
    '{"a":1}',
  ],
  [
    "an object that can be iterated",
    () => ({ a: 1, *[Symbol.iterator]() {} }),
    200,
    JSON_TYPE,
    '{"a":1}',
  ],
  [
    "an object with a next of its own",
    () => ({ next: "b" }),
    200,
    JSON_TYPE,
    '{"next":"b"}',
  ],
  [
    "data with dates and toJSON",
    () => ({ at: new Date(0) }),
    200,
    JSON_TYPE,
    '{"at":"1970-01-01T00:00:00.000Z"}',
  ],
  ["a number", () => 7.5, 200, JSON_TYPE, "7.5"],
  ["NaN, which JSON has not", () => NaN, 200, JSON_TYPE, "null"],
  ["true", () => true, 200, JSON_TYPE, "true"],
  ["false", () => false, 200, JSON_TYPE, "false"],
  ["null", () => null, 200, JSON_TYPE, "null"],
  ["undefined", () => undefined, 204, null, ""],
];

Deno.test("toAnswer() makes an answer of every kind of result", async () => {
  for (const [name, make, status, type, content] of RESULTS) {
    const answer = toAnswer(make());
    const sent = await collected(answer);
    assertEquals(
      [answer.status, sent.type, sent.text],
      [status, type, content],
      name,
    );
  }
});

Deno.test("Answer.toResponse() carries the same as is sent", async () => {
  for (const [name, make, status, type, content] of RESULTS) {
    const response = toAnswer(make()).toResponse();
    assertEquals(
      [response.status, await response.text()],
      [status, content],
      name,
    );
    // What only its first piece tells, a Response has to do without.
    if (!isStreamedRow(make())) {
      assertEquals(response.headers.get("content-type"), type, name);
    }
  }
});

Deno.test("toAnswer() gives an Answer back as it is", () => {
  const answer = new Answer(202, "a");
  assertEquals(toAnswer(answer) === answer, true);
});

Deno.test("toAnswer() makes multipart/form-data of FormData", async () => {
  const form = new FormData();
  form.append("a", "1");
  form.append("file", new File(["abc"], "a.txt", { type: "text/plain" }));
  const response = toAnswer(form).toResponse();
  assertMatch(
    response.headers.get("content-type") ?? "",
    /^multipart\/form-data; boundary=/,
  );
  const read = await response.formData();
  assertEquals(read.get("a"), "1");
  assertEquals(await (read.get("file") as File).text(), "abc");
});

Deno.test("toAnswer() keeps the fields of a Response, each on its line", () => {
  const headers = new Headers({ "x-a": "1" });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  const answer = toAnswer(new Response(null, { headers }));
  assertEquals(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  assertEquals(answer.headers.get("x-a"), "1");
  answer.headers.set("x-a", "2"); // never immutable
  assertEquals(answer.headers.get("x-a"), "2");
  const sealed = toAnswer(Response.redirect("http://h/"));
  sealed.headers.set("x-a", "3");
  assertEquals(sealed.headers.get("location"), "http://h/");
});

Deno.test("toAnswer() makes 101 of an upgrade", () => {
  const answer = toAnswer(upgrade("echo", () => {}));
  assertEquals(answer.status, 101);
  assertInstanceOf(answer.body, Upgrade);
});

class Song {
  title = "a";
}
class Ticker {
  async *[Symbol.asyncIterator]() {
    yield "tick";
  }
  toJSON() {
    return "json";
  }
}

const REFUSED: [name: string, make: () => unknown, says: string][] = [
  ["a function", () => () => "a", "a function"],
  ["a class", () => Song, "a function"],
  ["a symbol", () => Symbol("a"), "a symbol"],
  ["a bigint", () => 1n, "a bigint"],
  ["a Map", () => new Map([["a", "b"]]), "Map"],
  ["a Set", () => new Set(["a"]), "Set"],
  ["a Date", () => new Date(0), "Date"],
  ["a URL", () => new URL("http://h/"), "URL"],
  ["a RegExp", () => /a/, "RegExp"],
  ["an Error", () => new TypeError("a"), "TypeError"],
  ["a promise", () => Promise.resolve("a"), "Promise"],
  ["an instance", () => new Song(), "Song"],
  ["an instance of a class without a name", () => new (class {})(), "unnamed"],
  [
    "an object over a bare one",
    () => Object.create(Object.create(null)),
    "unnamed",
  ],
  ["a String object", () => Object("a"), "String"],
  ["Headers", () => new Headers(), "Headers"],
  ["a Request", () => new Request("http://h/"), "Request"],
  ["Response.error()", () => Response.error(), "Response.error()"],
  ["a bigint in data", () => ({ a: 1n }), ""],
  ["a cycle", () => {
    const cycle: Record<string, unknown> = {};
    return cycle.self = cycle;
  }, ""],
  [
    "data that takes itself out of JSON",
    () => ({ toJSON: () => undefined }),
    "JSON",
  ],
];

Deno.test("toAnswer() refuses what cannot be sent, and names it", () => {
  for (const [name, make, says] of REFUSED) {
    assertThrows(() => toAnswer(make()), TypeError, says, name);
  }
});

Deno.test("toAnswer() refuses a Response whose body was read", async () => {
  const used = new Response("a");
  await used.text();
  assertThrows(() => toAnswer(used), TypeError, "was read");
});

Deno.test("toAnswer() refuses a Response whose body somebody reads", async () => {
  const locked = new Response("a");
  const reader = locked.body!.getReader();
  try {
    assertThrows(() => toAnswer(locked), TypeError);
  } finally {
    await reader.cancel();
  }
});

Deno.test("json() takes a status and fields", async () => {
  const plain = json({ a: 1 });
  assertEquals([plain.status, plain.body], [200, '{"a":1}']);
  assertEquals(Answer.soleType(plain), JSON_TYPE);
  const own = json([1], {
    status: 201,
    headers: { "Content-Type": "application/geo+json", "X-A": "1" },
  });
  assertEquals((await collected(own)).type, "application/geo+json");
  assertEquals([own.status, own.headers.get("x-a")], [201, "1"]);
  const pairs = json(null, { headers: [["x-a", "1"], ["x-a", "2"]] });
  assertEquals([...pairs.headers], [
    ["x-a", "1"],
    ["x-a", "2"],
    ["content-type", JSON_TYPE],
  ]);
  assertEquals(
    json(1, { headers: new Headers({ "X-B": "3" }) }).headers.get("x-b"),
    "3",
  );
});

Deno.test("json() refuses what JSON has no form for", () => {
  for (const value of [undefined, () => 1, Symbol("a")]) {
    assertThrows(() => json(value), TypeError, "in JSON");
  }
  assertThrows(() => json(1n), TypeError);
});

const LOCATIONS: [location: string | URL, sent: string][] = [
  ["/songs", "/songs"],
  ["songs?a=b&c#d", "songs?a=b&c#d"],
  ["../up", "../up"],
  ["", ""],
  ["https://h.example:8080/a?b", "https://h.example:8080/a?b"],
  [new URL("http://h/\xE9 b"), "http://h/%C3%A9%20b"],
  ["/caf\xE9/\u20AC/\u{1F600}", "/caf%C3%A9/%E2%82%AC/%F0%9F%98%80"],
  ["/a b", "/a%20b"],
  ["/100%25/%zz", "/100%25/%zz"],
  ["/a\r\nset-cookie: b=1", "/a%0D%0Aset-cookie:%20b=1"],
  ["/a\n\n", "/a%0A%0A"],
  ["\0\t\x7F", "%00%09%7F"],
  ["/\uD83D", "/%EF%BF%BD"],
  ["/a\x85\u2028b", "/a%C2%85%E2%80%A8b"],
];

Deno.test("redirect() sends a location that is one line", () => {
  for (const [location, sent] of LOCATIONS) {
    const { status, headers, body } = redirect(location);
    assertEquals([status, headers.get("location"), body], [303, sent, null]);
    assertEquals(headers.count, 1);
  }
});

Deno.test("redirect() encodes what no URI reference has", () => {
  // A browser takes the backslash of "/\h" for a slash, and so for another host.
  for (const c of '"<>\\^`{|}') {
    const sent = redirect(`/${c}h`).headers.get("location");
    assertEquals(sent, `/%${c.charCodeAt(0).toString(16).toUpperCase()}h`);
  }
});

Deno.test("redirect() takes a status that redirects", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    assertEquals(redirect("/", status).status, status);
  }
  for (const status of [200, 300, 304, 305, 306, 309, 400, NaN]) {
    assertThrows(() => redirect("/", status), RangeError, `${status}`);
  }
});

const PROTOCOLS: [protocol: string, right: boolean][] = [
  ["websocket", true],
  ["h2c", true],
  ["TLS/1.0", true],
  ["!#$%&'*+-.^_`|~", true],
  [`${"a".repeat(64)}/${"b".repeat(64)}`, true],
  ["", false],
  ["a b", false],
  ["a,b", false],
  ["a/", false],
  ["/a", false],
  ["a/b/c", false],
  ["a\r\nb: c", false],
  ["websocket\n", false],
  ["\xE9", false],
  ["a".repeat(65), false],
];

Deno.test("upgrade() takes the name of a protocol", () => {
  const take = () => {};
  for (const [protocol, right] of PROTOCOLS) {
    if (right) {
      const made = upgrade(protocol, take);
      assertEquals([made.protocol, made.take], [protocol, take]);
    } else {
      assertThrows(() => upgrade(protocol, take), TypeError, "protocol");
    }
  }
});

const ACCEPTS: [accept: string | undefined, type: string][] = [
  ["text/plain;charset=utf-8", TEXT],
  ["text/html; charset=UTF-8", HTML],
  [undefined, PROBLEM],
  ["*/*", PROBLEM],
  ["", PROBLEM],
  ["application/problem+json", PROBLEM],
  ["application/json", PROBLEM],
  ["application/*", PROBLEM],
  ["text/html", HTML],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML],
  ["text/plain", TEXT],
  ["text/*", HTML],
  ["text/html;q=0.5, text/plain", TEXT],
  ["image/png", PROBLEM],
  ["text/html;q=0", PROBLEM],
];

Deno.test("renderError() drops what an error says of other content", () => {
  const headers = {
    "content-type": "text/html",
    "content-encoding": "gzip",
    "content-length": "1",
    "retry-after": "3",
  };
  const answer = renderError(
    new HttpError(400, "x", { headers }),
    "*/*",
    false,
  );
  assertEquals([...answer.headers], [
    ["retry-after", "3"],
    ["vary", "accept"],
    ["content-type", "application/problem+json"],
  ]);
});

Deno.test("renderError() keeps the shape of a problem, whatever the details are", () => {
  const details = { toJSON: () => ({ leaked: 1 }), status: 7, id: 1 };
  const { body } = renderError(new HttpError(409, "x", { details }), "", false);
  assertEquals(JSON.parse(body as string), {
    id: 1,
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "x",
  });
});

Deno.test("toAnswer() forgets the coding of what fetch has decoded", () => {
  const fetched = (coding: string, body: string | null) => {
    const headers = { "content-encoding": coding, "content-length": "9" };
    const response = new Response(body, { headers });
    return Object.defineProperty(response, "url", { value: "http://h/" });
  };
  const names = (response: Response) => toAnswer(response).headers.count;
  assertEquals(names(fetched("gzip", null)), 2);
  for (const coding of ["gzip", "BR"]) {
    const { headers } = toAnswer(fetched(coding, "x"));
    assertEquals([...headers.keys()], ["content-type"]);
  }
  // Deno decodes no other, and what is made here is as it says.
  assertEquals(names(fetched("zstd", "x")), 3);
  const made = new Response("x", { headers: { "content-encoding": "gzip" } });
  assertEquals(names(made), 2);
});

Deno.test("toAnswer() copies bytes that others may write, and refuses what is gone", () => {
  const shared = new SharedArrayBuffer(2);
  for (const value of [shared, new Uint8Array(shared)]) {
    const { body } = toAnswer(value);
    assertInstanceOf(body, Uint8Array);
    assertInstanceOf(body.buffer, ArrayBuffer);
  }
  const gone = new Uint8Array(2);
  structuredClone(gone, { transfer: [gone.buffer] });
  for (const value of [gone, gone.buffer]) {
    assertThrows(() => toAnswer(value), TypeError, "transferred away");
  }
});

Deno.test("toAnswer() says what to do with an error that is returned", () => {
  assertThrows(() => toAnswer(new HttpError(404)), TypeError, "throw it");
});

Deno.test("Answer.toResponse() is held to what an answer on the wire is", async () => {
  const answer = new Answer(200, "x", TEXT);
  answer.headers.set("connection", "close");
  answer.headers.set("transfer-encoding", "chunked");
  answer.headers.set("content-length", "9");
  answer.headers.set("x", "1");
  const names = [...answer.toResponse().headers.keys()];
  assertEquals(names, ["content-type", "x"]);
  answer.headers.set("x", "a\x01");
  assertThrows(() => answer.toResponse(), TypeError, "control");

  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  assertEquals(new Answer(204, body).toResponse().body, null);
  await Promise.resolve();
  assert(cancelled);
});

Deno.test("renderError() is of the type that the client accepts", () => {
  for (const [accept, type] of ACCEPTS) {
    const answer = renderError(new HttpError(404), accept, false);
    assertEquals([answer.status, answer.headers.get("content-type")], [
      404,
      type,
    ], accept);
  }
});

const refused = () =>
  new HttpError(404, "No such <song>", {
    cause: "SECRET cause",
    headers: { "x-a": "1" },
    details: { id: 7, status: 200, title: "SECRET title", type: "SECRET type" },
  });
const failed = () =>
  new HttpError(503, "SECRET of 5xx", { headers: { "retry-after": "3" } });
const broken = () => new TypeError("SECRET bug");

Deno.test("renderError() tells a problem of what was refused", () => {
  const answer = renderError(refused(), undefined, false);
  assertEquals(JSON.parse(answer.body as string), {
    type: "about:blank",
    title: "Not Found",
    status: 404,
    detail: "No such <song>",
    id: 7,
  });
  assertEquals(answer.headers.get("x-a"), "1");
});

Deno.test("renderError() tells a text of what was refused", () => {
  const told = (error: unknown) => renderError(error, "text/plain", false).body;
  assertEquals(told(refused()), "404 Not Found: No such <song>\n");
  assertEquals(told(new HttpError(404)), "404 Not Found\n");
  assertEquals(told(failed()), "503 Service Unavailable\n");
});

Deno.test("renderError() tells a page of what was refused, escaped", () => {
  const page = renderError(refused(), "text/html", false).body as string;
  assertStringIncludes(page, "<title>404 Not Found</title>");
  assertStringIncludes(page, "<pre>No such &lt;song&gt;</pre>");
  assertEquals(/<song|SECRET/.test(page), false);
  const bare = renderError(failed(), "text/html", false).body as string;
  assertEquals(/<pre>|SECRET/.test(bare), false);
});

Deno.test("renderError() names the rule that a fault broke", () => {
  const fault = new Fault("content-size");
  const { status, body } = renderError(fault, "text/plain", false);
  assertEquals([status, body], [
    413,
    `413 Content Too Large: ${fault.message} (RFC 9110 \xA715.5.14)\n`,
  ]);
});

Deno.test("renderError() says nothing of the inside", () => {
  const things = [broken(), failed(), "SECRET", { SECRET: 1 }, null, undefined];
  for (const error of things) {
    for (const accept of [undefined, "text/html", "text/plain"]) {
      const answer = renderError(error, accept, false);
      assertEquals(answer.status, error instanceof HttpError ? 503 : 500);
      assertEquals(`${answer.body}`.includes("SECRET"), false);
      assertEquals(`${answer.body}`.includes("response.ts"), false);
    }
  }
  const problem = renderError(broken(), undefined, false).body as string;
  assertEquals(JSON.parse(problem), {
    type: "about:blank",
    title: "Internal Server Error",
    status: 500,
  });
  const { headers } = renderError(failed(), undefined, false);
  assertEquals(headers.get("retry-after"), "3");
});

Deno.test("renderError() says what went wrong in development", () => {
  for (const accept of [undefined, "text/html", "text/plain"]) {
    for (const error of [broken(), failed()]) {
      const body = renderError(error, accept, true).body as string;
      assertStringIncludes(body, "SECRET");
      assertStringIncludes(body, "response_test.ts");
    }
  }
  const stackless = Object.assign(broken(), { stack: undefined });
  const told = (error: unknown) =>
    renderError(error, "text/plain", true).body as string;
  assertEquals(told(stackless), "500 Internal Server Error: SECRET bug\n");
  const route = { method: "GET", path: "/a", source: "" };
  const routed = renderError("thrown", "text/plain", true, route).body;
  assertEquals(
    routed,
    "500 Internal Server Error: thrown\n\nin the route GET /a\n",
  );
  assertEquals(told("thrown text"), "500 Internal Server Error: thrown text\n");
  assertEquals(told(undefined), "500 Internal Server Error: undefined\n");
  assertEquals(told(Symbol("s")), "500 Internal Server Error: Symbol(s)\n");
  const cause = new Deno.errors.NotFound("no such file: 'public/a.css'");
  const missing = new HttpError(404, "Nothing is here", { cause });
  assertEquals(
    told(missing),
    `404 Not Found: Nothing is here (${cause.message})\n`,
  );
  assertEquals(
    renderError(missing, "text/plain", false).body,
    "404 Not Found: Nothing is here\n",
  );
  const page = renderError(new Error("<b>"), "text/html", true).body as string;
  assertStringIncludes(page, "&lt;b&gt;");
});

Deno.test("json() refuses a status that is not in an object", () => {
  for (const init of [404, null, "404"]) {
    const says = "status and headers go in an object, as { status: 404 }";
    assertThrows(() => json({}, init as never), TypeError, says);
  }
});

Deno.test("renderError() renders whatever was thrown", () => {
  const thrown = [
    Object.create(null),
    {
      toString() {
        throw new Error("no text");
      },
    },
  ];
  for (const error of thrown) {
    assertEquals(renderError(error, undefined, true).status, 500);
  }
});

Deno.test("renderError() renders a refusal whose details are not JSON", () => {
  const error = new HttpError(409, "Taken", { details: { id: 7n } });
  assertEquals(renderError(error, undefined, false).status, 409);
});

Deno.test("Answer.headers has the type, unless there is another", () => {
  const plain = new Answer(200, "a", TEXT);
  assertEquals([Answer.isPlain(plain), Answer.soleType(plain)], [true, TEXT]);
  assertEquals([...plain.headers], [["content-type", TEXT]]);
  assertEquals([Answer.isPlain(plain), Answer.soleType(plain)], [
    false,
    undefined,
  ]);
  plain.headers.delete("content-type");
  assertEquals([...plain.headers], [], "a type that was taken out came back");

  const own = new Answer(
    200,
    "a",
    TEXT,
    new Fields({ "Content-Type": "text/css" }),
  );
  assertEquals([...own.headers], [["content-type", "text/css"]]);
  assertEquals([...new Answer(200, null).headers], []);
});

Deno.test("Answer.suggestType() yields to a type that is there", () => {
  const typeAfter = (answer: Answer, type: string | undefined) => {
    Answer.suggestType(answer, type);
    return answer.headers.get("content-type");
  };
  assertEquals(typeAfter(new Answer(200, "a"), TEXT), TEXT);
  assertEquals(typeAfter(new Answer(200, "a"), undefined), null);
  assertEquals(typeAfter(new Answer(200, "a", HTML), TEXT), HTML);
  const asked = new Answer(200, "a");
  asked.headers.set("x", "y");
  assertEquals(typeAfter(asked, TEXT), TEXT);
  assertEquals(typeAfter(asked, HTML), TEXT);
  const plain = new Answer(200, "a");
  Answer.suggestType(plain, TEXT);
  assertEquals(Answer.soleType(plain), TEXT);
});

Deno.test("Answer.toResponse() has no content where the status has none", async () => {
  for (const status of [204, 205, 304]) {
    const response = new Answer(status, "Hello", TEXT).toResponse();
    assertEquals([response.status, response.body], [status, null]);
  }
  const found = new Answer(404, "Hello", TEXT).toResponse();
  assertEquals([found.status, await found.text()], [404, "Hello"]);
});

Deno.test("Answer.toResponse() keeps set-cookie lines apart", () => {
  const answer = new Answer(200, null);
  answer.headers.append("set-cookie", "a=1");
  answer.headers.append("set-cookie", "b=2");
  assertEquals(answer.toResponse().headers.getSetCookie(), ["a=1", "b=2"]);
});

Deno.test("Answer.toResponse() refuses an upgrade and what cannot be sent", () => {
  assertThrows(
    () => toAnswer(upgrade("echo", () => {})).toResponse(),
    TypeError,
    "upgrade",
  );
  const split = new Answer(200, null);
  split.headers.set("x", "a\r\nb: c");
  assertThrows(() => split.toResponse(), TypeError);
});

Deno.test("Answer.toResponse() carries html pieces, as a connection does", async () => {
  const page = async function* () {
    yield html`<p>${"<"}</p>`;
  };
  assertEquals(await toAnswer(page()).toResponse().text(), "<p>&lt;</p>");
});

Deno.test("Answer.toResponse() carries a ReadableStream of text, as a connection does", async () => {
  const stream = ReadableStream.from(["a", "b"]);
  assertEquals(await toAnswer(stream).toResponse().text(), "ab");
});

Deno.test("Answer.toResponse() passes on what a stream throws", async () => {
  const response = toAnswer(failing("a")).toResponse();
  await assertRejects(() => response.text(), Error, "broke");
});

Deno.test("Answer.toResponse() returns a generator that is cancelled", async () => {
  const { pieces, returned } = watched("a", "b");
  const body = toAnswer(pieces).toResponse().body!;
  const reader = body.getReader();
  assertEquals((await reader.read()).value, bytesOf("a"));
  await reader.cancel();
  assertEquals(returned(), 1);
});

Deno.test("Answer.toResponse() returns a generator of what cannot be sent", async () => {
  let ended = false;
  const body = async function* () {
    try {
      yield 7 as unknown as string;
    } finally {
      ended = true;
    }
  }();
  const response = toAnswer(body).toResponse();
  await assertRejects(() => response.text(), TypeError, "Cannot send a piece");
  assertEquals(ended, true);
});

Deno.test("Pieces knows the length of what has one", () => {
  const streams = [textually("a"), new Response("a").body!];
  assertEquals(new Pieces("\u20AC").length, 3);
  assertEquals(new Pieces("").length, 0);
  assertEquals(new Pieces(new Uint8Array(7)).length, 7);
  const blob = new Pieces(new Blob(["abc"]));
  assertEquals(blob.length, 3);
  for (const stream of streams) {
    const pieces = new Pieces(stream);
    assertEquals(pieces.length, undefined);
    pieces.stop("done");
  }
  blob.stop("done");
});

Deno.test("Pieces.soon() looks at a piece until it is taken", async () => {
  const pieces = new Pieces(textually("a", "b"));
  assertEquals(await pieces.soon(Infinity), bytesOf("a"));
  assertEquals(await pieces.soon(0), bytesOf("a"));
  assertEquals(pieces.take(), bytesOf("a"));
  assertEquals(await pieces.soon(Infinity), bytesOf("b"));
  assertEquals(pieces.take(), bytesOf("b"));
  assertEquals(await pieces.soon(Infinity), "end");
  assertEquals(await pieces.soon(0), "end");
  assertEquals(pieces.take(), undefined);
});

Deno.test("Pieces.soon() does not wait for a piece that lets wait", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const pieces = new Pieces((async function* () {
    await promise;
    yield "late";
  })());
  assertEquals(await pieces.soon(0), undefined);
  assertEquals(await pieces.soon(10), undefined);
  resolve();
  assertEquals(await pieces.soon(Infinity), bytesOf("late"));
});

Deno.test("Pieces.soon() finds what is there within some turns", async () => {
  for (const body of ["a", bytesOf("a"), textually("a")] as Body[]) {
    const pieces = new Pieces(body as string);
    assertEquals(await pieces.soon(20), bytesOf("a"));
  }
});

Deno.test("Pieces tells the type of a stream by its first piece", async () => {
  const typeOf = async (body: Streamed | string) => {
    const pieces = new Pieces(body);
    while (await pieces.soon(Infinity) !== "end") pieces.take();
    return pieces.type;
  };
  assertEquals(await typeOf(textually("a", bytesOf("b"))), TEXT);
  assertEquals(await typeOf(textually(bytesOf("a"), "b")), BYTES);
  assertEquals(await typeOf(textually()), undefined);
  assertEquals(await typeOf("a"), undefined);
});

Deno.test("Pieces takes a piece of html for text/html", async () => {
  const pieces = new Pieces(textually(html`<p>` as unknown as string));
  assertEquals(await pieces.soon(Infinity), bytesOf("<p>"));
  assertEquals(pieces.type, HTML);
});

Deno.test("Pieces throws what its source threw, as often as it is asked", async () => {
  const pieces = new Pieces(failing("a"));
  assertEquals(await pieces.soon(Infinity), bytesOf("a"));
  pieces.take();
  for (const turns of [Infinity, 0, 3]) {
    await assertRejects(() => pieces.soon(turns), Error, "broke");
  }
  assertThrows(() => pieces.take(), Error, "broke");
  pieces.stop("gone");
});

Deno.test("Pieces throws what a stream was broken off with", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("broke")),
  });
  await assertRejects(() => new Pieces(stream).soon(Infinity), Error, "broke");
});

Deno.test("Pieces refuses a piece that is neither text nor bytes", async () => {
  for (const piece of [1, null, {}, ["a"]]) {
    const pieces = new Pieces(textually(piece as unknown as string));
    await assertRejects(() => pieces.soon(Infinity), TypeError, "piece");
  }
});

Deno.test("Pieces.stop() cancels a stream, with the reason", async () => {
  const reasons: unknown[] = [];
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytesOf("a")),
    cancel: (reason) => void reasons.push(reason),
  });
  const pieces = new Pieces(stream);
  await pieces.soon(Infinity);
  pieces.take();
  pieces.stop("gone");
  pieces.stop("again");
  await turns();
  assertEquals(reasons, ["gone"]);
  assertEquals(await pieces.soon(Infinity), "end");
});

Deno.test("Pieces.stop() returns a generator, and only once", async () => {
  const { pieces: source, returned } = watched("a", "b");
  const pieces = new Pieces(source);
  await pieces.soon(Infinity);
  pieces.stop("gone");
  pieces.stop("again");
  await turns();
  assertEquals(returned(), 1);
});

Deno.test("Pieces.stop() returns a generator of the synchronous kind", async () => {
  let returned = 0;
  const source = function* () {
    try {
      yield "a";
      yield "b";
    } finally {
      returned++;
    }
  };
  const pieces = new Pieces(toAnswer(source()).body as Streamed);
  await pieces.soon(Infinity);
  pieces.stop("gone");
  await turns();
  assertEquals(returned, 1);
});

Deno.test("Pieces.stop() leaves what has ended alone", async () => {
  const { pieces: source, returned } = watched();
  const pieces = new Pieces(source);
  assertEquals(await pieces.soon(Infinity), "end");
  assertEquals(returned(), 1); // its finally, at its own end
  pieces.stop("gone");
  await turns();
  assertEquals(returned(), 1);
});

Deno.test("Pieces.stop() is final for a pull that is under way", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const pieces = new Pieces((async function* () {
    await promise;
    yield "late";
  })());
  assertEquals(await pieces.soon(0), undefined);
  const waiting = pieces.soon(Infinity);
  pieces.stop("gone");
  resolve();
  assertEquals(await waiting, "end");
  assertEquals(await pieces.soon(Infinity), "end");
});

Deno.test("Pieces.stop() survives a source that cannot be stopped", async () => {
  const next = () => Promise.resolve({ done: false, value: "a" } as const);
  const sources = [
    { next },
    { next, return: () => Promise.reject(new Error("no")) },
    {
      next,
      return: () => {
        throw new Error("no");
      },
    },
  ];
  for (const source of sources) {
    const iterable = { [Symbol.asyncIterator]: () => source };
    const pieces = new Pieces(iterable as Streamed);
    await pieces.soon(Infinity);
    pieces.stop("gone");
    await turns();
  }
  new Pieces("text").stop("gone");
});

/** What goes out: the type, from the first piece where nothing else tells. */
async function collected(
  answer: Answer,
): Promise<{ type: string | null; text: string }> {
  const { body } = answer;
  assert(!(body instanceof Upgrade));
  if (body === null) {
    return { type: answer.headers.get("content-type"), text: "" };
  }
  const pieces = new Pieces(body);
  const all: Uint8Array[] = [];
  while (await pieces.soon(Infinity) !== "end") all.push(pieces.take()!);
  Answer.suggestType(answer, pieces.type);
  const text = await new Blob(all as BlobPart[]).text();
  return { type: answer.headers.get("content-type"), text };
}

function isStreamedRow(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    (Symbol.asyncIterator in value || "next" in value);
}

async function* textually(
  ...pieces: (string | Uint8Array)[]
): AsyncGenerator<string | Uint8Array> {
  yield* pieces;
}

function* generator(
  ...pieces: (string | Uint8Array)[]
): Generator<string | Uint8Array> {
  yield* pieces;
}

async function* failing(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
  throw new Error("broke");
}

/** A generator that counts how often it was left. */
function watched(
  ...pieces: string[]
): { pieces: AsyncGenerator<string>; returned: () => number } {
  let count = 0;
  const source = async function* () {
    try {
      yield* pieces;
    } finally {
      count++;
    }
  };
  return { pieces: source(), returned: () => count };
}

/** Lets what was begun come to its end: some turns of the microtask queue. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await null;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
