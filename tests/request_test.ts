/**
 * The context of a handler, over a head, an exchange and content made by hand.
 *
 * The content is a script: pieces that a source lends one by one out of the same
 * buffer, as a connection does, and a count of how often it was asked.
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Fault, HttpError } from "../errors.ts";
import { resolveLimits } from "../limits.ts";
import type { ContentSource, Exchange, RequestHead } from "../messages.ts";
import { Context, contextOf } from "../request.ts";
import { Content } from "../request/content.ts";
import { Fields } from "../wire/fields.ts";

const LIMITS = resolveLimits({ body: 100, pairs: 10, cookies: 5 });

Deno.test("Context tells what the head tells", () => {
  const route = { method: "GET", path: "/a", source: "" };
  const c = context({
    ...{ method: "BREW", target: "/a%20b?c=d", path: "/a%20b", query: "c=d" },
    ...{
      version: "1.0" as const,
      fields: [["x", "1"], ["y", "2"], ["x", "3"]],
    },
  });
  assertEquals(
    [c.method, c.target, c.path, c.version],
    ["BREW", "/a%20b?c=d", "/a%20b", "1.0"],
  );
  assertEquals([c.header("X"), c.header("z")], ["1, 3", undefined]);
  assertEquals([...c.fields()], [["x", "1"], ["y", "2"], ["x", "3"]]);
  assertEquals([c.route, Context.patience(c)], [undefined, undefined]);
  Context.enter(c, route);
  Context.grant(c, 7);
  assertEquals([c.route, Context.patience(c)], [route, 7]);
});

Deno.test("Context tells what the connection lends", () => {
  const remote = { transport: "tcp", hostname: "192.0.2.1", port: 50_000 };
  const local = { transport: "unix", path: "/run/a.sock" };
  const lent = exchange({ remote, local, secure: true });
  const c = context({ exchange: lent });
  assertEquals([c.remote, c.local, c.secure], [remote, local, true]);
  assert(Context.exchange(c) === lent);
});

Deno.test("Context.signal is asked for once, and by its owner", () => {
  const owners: object[] = [];
  const { signal } = new AbortController();
  const c = context({
    exchange: exchange({
      signal: (owner) => {
        owners.push(owner);
        return signal;
      },
    }),
  });
  assertEquals(owners.length, 0);
  assert(c.signal === signal && c.signal === signal);
  assert(owners.length === 1 && owners[0] === c);
});

Deno.test("Context.query reads the pairs, within limits.pairs", () => {
  const c = context({ query: "a=1&b=%C3%A9+c&a=2" });
  assertEquals([...c.query], [["a", "1"], ["b", "\xE9 c"], ["a", "2"]]);
  sameTwice(() => c.query);
  assertEquals([...context({ query: "" }).query], []);
  const pairs = (count: number) => context({ query: "a&".repeat(count) + "a" });
  assertEquals([...pairs(9).query].length, 10);
  assertEquals(assertThrows(() => pairs(10).query, HttpError).status, 400);
});

Deno.test("Context.cookies reads the client's, within limits.cookies", () => {
  const c = context({ fields: [["cookie", "a=1; b=2; a=3"]] });
  assertEquals([...c.cookies], [["a", "1"], ["b", "2"], ["a", "3"]]);
  assertEquals(["a", "b", "c"].map((name) => c.cookies.get(name)), [
    "1",
    "2",
    undefined,
  ]);
  assertEquals([c.cookies.has("b"), c.cookies.has("c")], [true, false]);
  sameTwice(() => c.cookies);
  assertEquals([...context().cookies], []);

  const many = context({ fields: [["cookie", "a=1;".repeat(6)]] });
  for (const read of [() => [...many.cookies], () => many.cookies.get("a")]) {
    assertEquals(assertThrows(read, HttpError).status, 400);
  }
  many.cookies.set("b", "2"); // the answer's are not the client's
});

Deno.test("Context.cookies sets the answer's", () => {
  const c = context();
  c.cookies.set("a", "1");
  c.cookies.set("b", "2", { path: "/", httpOnly: true });
  c.cookies.delete("c");
  c.cookies.delete("d", { path: "/d", domain: "h.example" });
  assertEquals(c.headers.getSetCookie(), [
    "a=1",
    "b=2; Path=/; HttpOnly",
    "c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "d=; Domain=h.example; Path=/d; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ]);
  assertThrows(() => c.cookies.set("a b", "1"), TypeError);
  assertThrows(() => c.cookies.set("a", "1;2"), TypeError);
  assertEquals(c.headers.count, 4);
});

Deno.test("Context.status and headers wait for the answer, then are the answer's", () => {
  const c = context();
  assert(Context.isPlain(c));
  assertEquals(Context.pending(c), { status: undefined, headers: undefined });
  assertEquals(c.status, undefined);
  c.status = 201;
  assertEquals([c.status, Context.isPlain(c)], [201, false]);
  c.headers.set("x", "1");
  assertEquals(Context.pending(c).status, 201);
  assert(Context.pending(c).headers === c.headers);

  const draft = { status: 404, headers: new Fields({ y: "2" }) };
  Context.settle(c, draft);
  assertEquals([c.status, c.headers.get("y")], [404, "2"]);
  c.status = 410;
  c.headers.append("y", "3");
  c.cookies.set("a", "1");
  assertEquals([draft.status, [...draft.headers]], [410, [
    ["y", "2"],
    ["y", "3"],
    ["set-cookie", "a=1"],
  ]]);
});

Deno.test("Context.headers alone make a context that is not plain", () => {
  const c = context();
  assertEquals([...c.headers], []);
  assertEquals(Context.isPlain(c), false);
});

// ── content ──────────────────────────────────────────────────────────────────

Deno.test("Context reads nothing until it is asked", () => {
  const source = script(["abc"]);
  const c = context({ source });
  const { length, limit, used } = c.content;
  assertEquals([length, limit, used], [undefined, 100, false]);
  c.request;
  assertEquals(source.pulls, 0);
});

Deno.test("Context reads content once and keeps it by kind", async () => {
  const source = script(['{"a"', ":1", "", "}"]);
  const c = context({ source, fields: typed("json") });
  const [bytes, text, json] = [c.bytes(), c.text(), c.json()];
  assertEquals(await text, '{"a":1}');
  assertEquals(await json, { a: 1 });
  assertEquals(await bytes, bytesOf('{"a":1}'));
  assert(await c.bytes() === await bytes, "other bytes");
  assert(await c.json() === await json, "another value");
  sameTwice(() => c.form());
  assertEquals(source.pulls, 5);
});

Deno.test("Context without content gives none", async () => {
  for (const c of [context(), context({ source: script([]) })]) {
    assertEquals(await c.bytes(), new Uint8Array(0));
    assertEquals(await c.text(), "");
    assertEquals(await piecesOf(c.content), [""]);
  }
});

Deno.test("Context.bytes() owns what it gives", async () => {
  for (const pieces of [["abc"], ["abc", "de", "fghijklmnop"], ["", "abc"]]) {
    const source = script(pieces);
    const bytes = await context({ source }).bytes();
    source.buffer.fill(0);
    assertEquals(bytes, bytesOf(pieces.join("")));
    assertEquals(bytes.buffer.byteLength, bytes.length, "a view of a larger");
  }
});

Deno.test("Context.text() is UTF-8", async () => {
  const textOf = (bytes: Uint8Array[]) =>
    context({ source: script(bytes) }).text();
  assertEquals(
    await textOf([bytesOf("\u20AC").slice(0, 1), bytesOf("\u20AC").slice(1)]),
    "\u20AC",
  );
  assertEquals(await textOf([Uint8Array.of(0xEF, 0xBB, 0xBF, 0x61)]), "a");
  assertEquals(await textOf([bytesOf("a\uFFFD")]), "a\uFFFD");
  const error = await refuses(() => textOf([Uint8Array.of(0x61, 0xFF)]), 400);
  assertEquals(error.message, "The content is not UTF-8 at octet 1");
  assertEquals(error.details, { position: 1 });
});

Deno.test("Context.json() refuses what is not JSON", async () => {
  for (const text of ["", "{", "undefined", "{'a':1}", '{"a":1}x', "NaN"]) {
    const c = context({ source: script([text]), fields: typed("json") });
    const error = await refuses(() => c.json(), 400);
    assertInstanceOf(error.cause, SyntaxError);
    assertEquals(error.message.includes(text || "\0"), false);
    assertEquals(await c.text(), text, "the text is there all the same");
  }
  const source = script(['{"__proto__":{"a":1}}']);
  const proto = await context({ source, fields: typed("json") })
    .json<{ a?: number }>();
  assertEquals(proto.a, undefined);
});

Deno.test("Context.form() reads pairs, within limits.pairs", async () => {
  const fields = typed("form");
  const c = context({ source: script(["a=1&b=", "2+3&a=4"]), fields });
  assertEquals([...await c.form()], [["a", "1"], ["b", "2 3"], ["a", "4"]]);
  const many = context({ source: script(["a&".repeat(10) + "a"]), fields });
  await refuses(() => many.form(), 400);
});

const JSON_TYPE = "application/json";
const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = [
  "--b\r\n",
  'content-disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n',
  'content-disposition: form-data; name="f"; filename="f.txt"\r\n',
  "content-type: text/x\r\n\r\nabc\r\n--b--\r\n",
];

Deno.test("Context.formData() reads both kinds of form", async () => {
  for (
    const type of [
      URLENCODED,
      `${URLENCODED};charset=UTF-8`,
      `${URLENCODED.toUpperCase()} ; a=b`,
    ]
  ) {
    const form = await formOf(type, ["a=1&b", "=2"]).formData();
    assertEquals([...form], [["a", "1"], ["b", "2"]], type);
  }
  const c = formOf("multipart/form-data; boundary=b", MULTIPART, 1000);
  const form = await c.formData();
  const file = form.get("f") as File;
  assertEquals([form.get("a"), file.name, file.type], ["1", "f.txt", "text/x"]);
  assertEquals(await file.text(), "abc");
  assert(await c.formData() === form, "read twice");
});

Deno.test("Context.formData() has a type for each file", async () => {
  const types: [sent: string, type: string][] = [
    ["Image/PNG; X=Y", "image/png; x=y"],
    ["text/plain;\tcharset=utf-8", "text/plain"],
    ['text/x; a="\xC3\xA9"', "text/x"],
  ];
  for (const [sent, type] of types) {
    const wire = MULTIPART.join("").replace("text/x", sent);
    const c = formOf("multipart/form-data; boundary=b", [wire], 1000);
    assertEquals(((await c.formData()).get("f") as File).type, type);
  }
});

Deno.test("Context.formData() refuses another type with 415, unread", async () => {
  const types = [
    ...[undefined, "", "text/plain", "application/json", "multipart/mixed"],
    ...["multipart/form-datax", "x-multipart/form-data", `a, ${URLENCODED}`],
  ];
  for (const type of types) {
    const c = formOf(type, ["a=1"]);
    await refuses(() => c.formData(), 415);
    assertEquals(c.content.used, false);
    assertEquals(await c.text(), "a=1");
  }
});

Deno.test("Context.formData() refuses a malformed form with 400", async () => {
  const cases: [type: string, content: string[]][] = [
    ["multipart/form-data", MULTIPART],
    ["multipart/form-data; boundary=other", MULTIPART],
    ["multipart/form-data; boundary=b", ["nothing of that kind"]],
    ["multipart/form-data; boundary=b", []],
    // The platform's parser takes what is there for the whole.
    ["multipart/form-data; boundary=b", [MULTIPART.join("").slice(0, -8)]],
    ['multipart/form-data; boundary="b"', ["--b\r\n\r\n--b-"]],
    [
      `multipart/form-data; boundary=${"b".repeat(71)}`,
      [`--${"b".repeat(71)}--\r\n`],
    ],
  ];
  for (const [type, content] of cases) {
    await refuses(() => formOf(type, content, 1000).formData(), 400);
  }
});

Deno.test("Context.formData() compares no long boundary with the content", {
  timeout: 20_000,
}, async () => {
  // Each octet could be the end of this one: a minute of work, if it were tried.
  const type = `multipart/form-data; boundary="x${"-".repeat(15_000)}"`;
  const content = Array.from({ length: 128 }, () => "-".repeat(8192));
  await refuses(() => formOf(type, content, 1024 * 1024).formData(), 400);
});

Deno.test("Context.formData() takes an epilogue, and a quoted boundary", async () => {
  const wire = MULTIPART.join("").replaceAll("--b", "--b c");
  const type = 'multipart/form-data; boundary="b c"';
  const form = await formOf(type, [wire + "an epilogue"], 1000).formData();
  assert([...form].length > 0);
});

Deno.test("Context.request has the lines of Cookie as one", () => {
  const c = context({
    fields: [["cookie", "a=1"], ["x", "1"], ["cookie", "b=2"], ["x", "2"]],
  });
  assertEquals(c.request.headers.get("cookie"), "a=1; b=2");
  assertEquals(c.request.headers.get("x"), "1, 2");
});

Deno.test("Context.bytes() of nothing is the caller's own", async () => {
  const [one, other] = [await context().bytes(), await context().bytes()];
  assert(one !== other && one.buffer !== other.buffer);
});

Deno.test("Context.formData() counts pairs as form() does", async () => {
  const c = formOf(URLENCODED, ["a&".repeat(10) + "a"]);
  await refuses(() => c.formData(), 400);
});

Deno.test("Context.formData() passes on what the reader found", async () => {
  const c = formOf(URLENCODED, ["a".repeat(101)]);
  assertEquals(await faultOf(() => c.formData()), "content-size");
});

// ── limits ───────────────────────────────────────────────────────────────────

type Reader = (c: Context) => Promise<unknown>;

const READERS: Record<string, Reader> = {
  bytes: (c) => c.bytes(),
  text: (c) => c.text(),
  json: (c) => c.json(),
  form: (c) => c.form(),
  content: (c) => piecesOf(c.content),
  stream: async (c) => await new Response(c.content.stream()).bytes(),
  request: (c) => c.request.text(),
};

const TYPES: Record<string, string> = { json: JSON_TYPE, form: URLENCODED };

Deno.test("Content refuses an announced length before anything is pulled", async () => {
  for (const [name, read] of Object.entries(READERS)) {
    const source = script(["1"], 101);
    const c = context({ method: "POST", source, fields: typed(name) });
    assertEquals(await faultOf(() => read(c)), "content-size", name);
    assertEquals(source.pulls, 0, name);
  }
});

Deno.test("Content refuses what comes beyond its limit", async () => {
  for (const [name, read] of Object.entries(READERS)) {
    const source = script(["1".repeat(60), "1".repeat(41), "1"]);
    const c = context({ method: "POST", source, fields: typed(name) });
    assertEquals(await faultOf(() => read(c)), "content-size", name);
    assertEquals(source.pulls, 2, name);
  }
});

Deno.test("Content takes what is as long as its limit", async () => {
  for (const [name, read] of Object.entries(READERS)) {
    for (const length of [undefined, 100]) {
      const source = script(["1".repeat(60), "1".repeat(40)], length);
      await read(context({ method: "POST", source, fields: typed(name) }));
      assertEquals(source.pulls, 3, name);
    }
  }
});

Deno.test("Content.limit may be changed until the first pull", async () => {
  const raised = context({ source: script(["a".repeat(101)], 101) });
  raised.content.limit = 101;
  assertEquals((await raised.bytes()).length, 101);
  const lowered = context({ source: script(["ab"], 2) });
  lowered.content.limit = 1;
  assertEquals(await faultOf(() => lowered.bytes()), "content-size");
  const none = context({ source: script(["a"]) });
  none.content.limit = 0;
  assertEquals(await faultOf(() => none.bytes()), "content-size");
  const empty = context({ source: script([], 0) });
  empty.content.limit = 0;
  assertEquals((await empty.bytes()).length, 0);
  const open = context({ source: script(["a".repeat(5000)]) });
  open.content.limit = Infinity;
  assertEquals((await open.bytes()).length, 5000);
});

Deno.test("Content keeps a failure for whoever asks again", async () => {
  for (const type of Object.values(TYPES)) {
    const source = script(["abc", new Fault("content-cut")]);
    const fields: [string, string][] = [["content-type", type]];
    const c = context({ method: "POST", source, fields });
    for (const [name, read] of Object.entries(READERS)) {
      if (TYPES[name] !== undefined && TYPES[name] !== type) continue;
      assertEquals(await faultOf(() => read(c)), "content-cut");
    }
    assertEquals(source.pulls, 2);
  }
});

// ── lent, and to one alone ───────────────────────────────────────────────────

Deno.test("Content lends views of one buffer", async () => {
  const source = script(["abc", "xy"]);
  const { content } = context({ source });
  const views: Uint8Array[] = [];
  const seen: string[] = [];
  for await (const piece of content) {
    views.push(piece);
    seen.push(textOf(piece));
  }
  assertEquals(seen, ["abc", "xy"]);
  assertEquals(textOf(views[0]!), "xyc"); // overwritten, as the doc warns
});

Deno.test("Content is pulled by one alone", async () => {
  const fields: [string, string][] = [["content-type", JSON_TYPE]];
  const c = context({ method: "POST", source: script(["abc", "de"]), fields });
  const first = c.content[Symbol.asyncIterator]();
  await first.next();
  assert(c.content.used);
  await assertRejects(() => piecesOf(c.content), TypeError, "somebody else");
  await assertRejects(() => c.bytes(), TypeError, "pulled already");
  await assertRejects(() => c.json(), TypeError, "pulled already");
  await assertRejects(() => c.request.text(), TypeError);
  assertEquals((await first.next()).value, bytesOf("de"));
  await assertRejects(() => c.bytes(), TypeError);
});

Deno.test("Content that was collected is pulled as one piece, again and again", async () => {
  const c = context({ source: script(["abc", "de"]) });
  const pending = c.bytes();
  assertEquals(await piecesOf(c.content), ["abcde"]);
  assertEquals(await piecesOf(c.content), ["abcde"]);
  assertEquals(c.content.used, false);
  assertEquals(textOf(await pending), "abcde");
});

Deno.test("Content that has come whole is read as pulled content is", async () => {
  const text = JSON.stringify({ a: "1=2&3" });
  const names = Object.keys(READERS);
  for (const first of names) {
    for (const second of names) {
      const [whole, pulled] = [wholeScript(text), script([text], text.length)];
      const read = await Promise.all([whole, pulled].map(async (source) => {
        const fields = typed(first).concat(typed(second)).slice(0, 1);
        const c = context({ method: "POST", source, fields });
        return [await said(c, first), await said(c, second)];
      }));
      assertEquals(read[0], read[1], `${first}, then ${second}`);
      const pulls = ["content", "stream", "request"].includes(first);
      assertEquals(whole.pulls > 0, pulls, first);
    }
  }
});

Deno.test("Content that has come whole is owned by whoever takes its bytes", async () => {
  for (const length of [1, 4096, 4097]) {
    const source = wholeScript("a".repeat(length));
    const lent = exchange({ limits: { ...LIMITS, body: length } });
    const c = context({ method: "POST", source, exchange: lent });
    const text = await c.text();
    const bytes = await c.bytes();
    source.buffer.fill(0);
    assertEquals(bytes.buffer.byteLength, length, "more than the content");
    bytes.fill(0x62);
    assertEquals(await c.bytes(), bytes);
    assertEquals([text, await c.text()], [text, "a".repeat(length)]);
  }
});

Deno.test("Content gives concurrent readers the same", async () => {
  const source = script(["[1,", "2]"]);
  const c = context({ method: "POST", source, fields: typed("json") });
  const [bytes, json, text, pieces, body] = await Promise.all([
    c.bytes(),
    c.json(),
    c.text(),
    piecesOf(c.content),
    c.request.text(),
  ]);
  assertEquals([textOf(bytes), json, text], ["[1,2]", [1, 2], "[1,2]"]);
  assertEquals([pieces, body], [["[1,2]"], "[1,2]"]);
  assertEquals(source.pulls, 3);
});

Deno.test("Content left in the middle stays used", async () => {
  const source = script(["abc", "de"]);
  const { content } = context({ source });
  for await (const _ of content) break;
  assertEquals([content.used, source.pulls], [true, 1]);
  await assertRejects(() => content.bytes(), TypeError);
});

Deno.test("Content.stream() gives owned chunks, when they are pulled", async () => {
  const source = script(["abc", "xy"]);
  const stream = context({ source }).content.stream();
  assertEquals(source.pulls, 0);
  const reader = stream.getReader();
  const { value } = await reader.read();
  assertEquals(source.pulls, 1);
  await reader.read();
  assertEquals(textOf(value!), "abc");
  assertEquals((await reader.read()).done, true);
});

Deno.test("Content.stream() fills buffers that the reader brings", async () => {
  const stream = context({ source: script(["abcde", "f"]) }).content.stream();
  const reader = stream.getReader({ mode: "byob" });
  let all = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(2));
    if (done) break;
    all += textOf(value);
  }
  assertEquals(all, "abcdef");
});

Deno.test("Content.stream() does not take an empty piece for the end", async () => {
  const stream = context({ source: script(["ab", "", "c"]) }).content.stream();
  assertEquals(await new Response(stream).text(), "abc");
});

Deno.test("Content.stream() can be cancelled before and after a pull", async () => {
  const untouched = script(["abc"]);
  const c = context({ source: untouched });
  await c.content.stream().cancel();
  assertEquals([untouched.pulls, c.content.used], [0, false]);
  assertEquals(await c.text(), "abc");

  const source = script(["abc", "de"]);
  const { content } = context({ source });
  const reader = content.stream().getReader();
  await reader.read();
  await reader.cancel();
  assertEquals([source.pulls, content.used], [1, true]);
});

Deno.test("Content takes a source and a limit", async () => {
  const content = new Content(script(["abc"], 3), 3);
  assertEquals([content.length, content.limit], [3, 3]);
  assertEquals(await piecesOf(content), ["abc"]);
});

// ── standard objects ─────────────────────────────────────────────────────────

type UrlRow = [
  name: string,
  head: Partial<Head>,
  lent: Partial<Exchange>,
  url: string,
];

const v6 = { transport: "tcp", hostname: "::1", port: 8080 };
const v4 = { transport: "tcp", hostname: "127.0.0.1", port: 80 };

const URLS: UrlRow[] = [
  ["path and query", { path: "/a", query: "b=c" }, {}, "http://h/a?b=c"],
  ["under TLS", { path: "/" }, { secure: true }, "https://h/"],
  ["a port", { authority: "h.example:8080" }, {}, "http://h.example:8080/"],
  ["the scheme's own port", { authority: "h:80" }, {}, "http://h/"],
  ["IPv6", { authority: "[::1]:1" }, {}, "http://[::1]:1/"],
  ["escapes stay", { path: "/a%2Fb%20c" }, {}, "http://h/a%2Fb%20c"],
  ["two slashes are no host", { path: "//evil/a" }, {}, "http://h//evil/a"],
  ["octets that a URL escapes", { path: '/"<>' }, {}, "http://h/%22%3C%3E"],
  ["asterisk-form", { path: "*" }, {}, "http://h/"],
  ["authority-form", { path: "", authority: "b:443" }, {}, "http://b:443/"],
  ["an empty query", { query: "" }, {}, "http://h/"],
  ["no Host", { authority: "" }, { local: v4 }, "http://127.0.0.1/"],
  ["no Host on IPv6", { authority: "" }, { local: v6 }, "http://[::1]:8080/"],
  ["no Host on a path", { authority: "" }, {
    local: { transport: "unix", path: "/run/a" },
  }, "http://localhost/"],
  ["no Host, nowhere", { authority: "" }, {}, "http://localhost/"],
  ["no Host, no port", { authority: "" }, {
    local: { transport: "script", hostname: "h" },
  }, "http://h/"],
];

Deno.test("Context.url is what the client asked for", () => {
  for (const [name, head, lent, url] of URLS) {
    const c = context({ ...head, exchange: exchange(lent) });
    assertEquals([name, c.url.href], [name, url]);
    sameTwice(() => c.url);
  }
});

Deno.test("Context.url refuses a host that no URL can have", () => {
  for (
    const authority of [
      "a b",
      "%",
      "%zz",
      "1.2.3.4.5",
      "[::",
      "h:99999",
      "a|b",
      "xn--a",
    ]
  ) {
    const c = context({ authority, method: "POST" });
    for (const read of [() => c.url, () => c.request]) {
      const fault = assertThrows(read, Fault);
      assertEquals([fault.code, fault.status], ["host", 400], authority);
    }
  }
});

Deno.test("Context.request is a genuine Request", async () => {
  const c = context({
    ...{
      method: "POST",
      path: "/a",
      query: "b=c",
      source: script(["ab", "c"]),
    },
    fields: [["x", "1"], ["x", "2"], ["content-type", "text/plain"]],
  });
  const { request } = c;
  assertInstanceOf(request, Request);
  assert(c.request === request);
  assertEquals([request.method, request.url], ["POST", "http://h/a?b=c"]);
  assertEquals([...request.headers], [
    ["content-type", "text/plain"],
    ["x", "1, 2"],
  ]);
  assertEquals(request.redirect, "manual");
  const clone = request.clone();
  const again = new Request(request, { headers: { y: "3" } });
  assertEquals([again.url, again.headers.get("y")], ["http://h/a?b=c", "3"]);
  assertEquals([await clone.text(), await again.text()], ["abc", "abc"]);
});

/** What somebody does with the Request before the readers of the context. */
const LOOKS: Record<string, (request: Request) => Promise<unknown>> = {
  "was cloned": async (request) => request.clone(),
  "was cloned and read": (request) => request.clone().text(),
  "was cloned and read in part": (request) =>
    request.clone().body!.getReader().read(),
  "was cloned and left": async (request) => {
    const reader = request.clone().body!.getReader();
    await reader.read();
    void reader.cancel();
  },
  "was made into another": async (request) => new Request(request),
  "was made into another that was read": (request) =>
    new Request(request).text(),
  "was read": (request) => request.text(),
};

const FORM =
  "--b\r\ncontent-disposition: form-data; name=a\r\n\r\nabc\r\n--b--";

const READ_BESIDE: Record<string, (c: Context) => Promise<unknown>> = {
  "bytes()": async (c) => textOf(await c.bytes()),
  "text()": (c) => c.text(),
  "request": (c) => c.request.text(),
  "content": async (c) => {
    let text = "";
    for await (const piece of c.content) text += textOf(piece);
    return text;
  },
  "parts()": async (c) => {
    let text = "";
    for await (const part of c.parts()) text += await part.text();
    return text === "abc" ? FORM : "";
  },
  "formData()": async (c) =>
    (await c.formData()).get("a") === "abc" ? FORM : "",
};

for (const [what, look] of Object.entries(LOOKS)) {
  Deno.test(`Context reads content whose Request ${what}`, async () => {
    const media = "multipart/form-data; boundary=b";
    for (const [reader, read] of Object.entries(READ_BESIDE)) {
      const source = script([FORM.slice(0, 9), FORM.slice(9)]);
      const fields: [string, string][] = [["content-type", media]];
      const c = context({ method: "POST", source, fields });
      await look(c.request);
      assertEquals([reader, await read(c)], [reader, FORM]);
    }
  });
}

Deno.test("Context.request that was cloned gives all to the clone, whoever reads besides", async () => {
  for (const read of [READ_BESIDE["parts()"]!, READ_BESIDE["text()"]!]) {
    const source = script([FORM.slice(0, 9), FORM.slice(9)]);
    const c = context({
      method: "POST",
      source,
      fields: [["content-type", "multipart/form-data; boundary=b"]],
    });
    const { request } = c;
    const clone = request.clone();
    assertEquals(await read(c), FORM);
    assertEquals(await clone.text(), FORM);
    assertEquals(await request.text(), FORM);
  }
});

Deno.test("Context.request is cloned within the limit of content", async () => {
  const c = context({ method: "POST", source: script(["a".repeat(101)]) });
  const clone = c.request.clone();
  assertEquals(await faultOf(() => c.bytes()), "content-size");
  assertEquals(await faultOf(() => clone.text()), "content-size");
});

Deno.test("Context.request keeps nothing of a long content for others, unless it is cloned", async () => {
  const long = [...Array(128).fill("a".repeat(8192)), "b"];
  const lent = {
    exchange: exchange({ limits: resolveLimits({ body: Infinity }) }),
    method: "POST",
  };
  const read = context({ ...lent, source: script(long) });
  assertEquals((await read.request.text()).length, 1_048_577);
  await assertRejects(() => read.text(), TypeError, "pulled already, or was");
  const cloned = context({ ...lent, source: script(long) });
  assertEquals((await cloned.request.clone().text()).length, 1_048_577);
  assertEquals((await cloned.text()).length, 1_048_577);
});

Deno.test("Context.request is aborted with the context's signal", () => {
  const controller = new AbortController();
  const c = context({
    exchange: exchange({ signal: () => controller.signal }),
  });
  const { signal } = c.request;
  controller.abort("left");
  assertEquals([signal.aborted, signal.reason], [true, "left"]);
});

Deno.test("Context.request streams its body", async () => {
  const source = script(["abc", "de"]);
  const { request } = context({ method: "PUT", source });
  const reader = request.body!.getReader();
  assertEquals(textOf((await reader.read()).value!), "abc");
  assertEquals(source.pulls, 1);
  await reader.cancel();
});

Deno.test("Context.request carries no content of GET and HEAD; the context does", async () => {
  for (const method of ["GET", "HEAD"]) {
    const c = context({ method, source: script(["abc"], 3) });
    assertEquals([c.request.method, c.request.body], [method, null]);
    assertEquals(await c.text(), "abc");
  }
});

Deno.test("Context.request has no body where nothing was sent", () => {
  assertEquals(context({ method: "POST" }).request.body, null);
  const source = script([], 0);
  assertEquals(context({ method: "POST", source }).request.body, null);
});

Deno.test("Context.request carries any method but three", () => {
  for (const method of ["DELETE", "OPTIONS", "PATCH", "BREW", "M-SEARCH"]) {
    assertEquals(context({ method }).request.method, method);
  }
  for (const method of ["TRACE", "CONNECT", "TRACK"]) {
    const error = assertThrows(() => context({ method }).request, HttpError);
    assertEquals(error.status, 501);
  }
});

Deno.test("Context.request refuses methods that a Request takes for others", () => {
  // The Fetch Standard normalizes six methods and forbids three, in any case.
  for (const method of ["trace", "Connect", "tRACK"]) {
    const error = assertThrows(() => context({ method }).request, HttpError);
    assertEquals(error.status, 501);
  }
});

Deno.test("Context.request carries no content of get, which becomes GET", async () => {
  const c = context({ method: "get", source: script(["abc"], 3) });
  assertEquals(c.request.body, null);
  assertEquals(await c.text(), "abc");
});

// ── app.fetch ────────────────────────────────────────────────────────────────

Deno.test("contextOf() is the context of a platform Request", async () => {
  const request = new Request("https://h.example:8443/a%20b?c=d&e", {
    method: "PUT",
    headers: { "X-A": "1", cookie: "k=v" },
    body: "abc",
  });
  const c = contextOf(request, platform());
  assertEquals(
    [c.method, c.target, c.path, c.version, c.secure],
    ["PUT", "/a%20b?c=d&e", "/a%20b", "1.1", true],
  );
  assertEquals([...c.query], [["c", "d"], ["e", ""]]);
  assertEquals([c.header("x-a"), c.header("x-b")], ["1", undefined]);
  assertEquals([...c.fields()].find(([name]) => name === "x-a"), ["x-a", "1"]);
  assertEquals(c.url.href, request.url);
  assertEquals(c.cookies.get("k"), "v");
  assertEquals([c.remote, c.local], [undefined, undefined]);
  assert(c.signal === request.signal);
  assertEquals(await c.text(), "abc");
});

Deno.test("contextOf() leaves the body alone until it is asked for", async () => {
  const request = new Request("http://h/", { method: "POST", body: "abc" });
  const c = contextOf(request, platform());
  assertEquals([c.method, c.path, c.secure], ["POST", "/", false]);
  assertEquals([request.bodyUsed, request.body?.locked], [false, false]);
  const { request: same } = c;
  assert(c.request === same);
  assertEquals([request.bodyUsed, request.body?.locked], [false, false]);
  assertEquals(await c.request.text(), "abc");
  assertEquals(request.bodyUsed, true);
});

Deno.test("contextOf() lends the Request of the platform where it has no body", () => {
  const request = new Request("http://h/");
  assert(contextOf(request, platform()).request === request);
});

Deno.test("contextOf() takes no part of a body for the whole", async () => {
  const request = new Request("http://h/", { method: "POST", body: "abc" });
  const c = contextOf(request, platform());
  await request.text();
  await assertRejects(() => c.text(), TypeError, "was read before");

  const pieces = ["part1", "part2"];
  const body = ReadableStream.from(
    pieces.map((p) => new TextEncoder().encode(p)),
  );
  const half = contextOf(
    new Request("http://h/", { method: "POST", body }),
    platform(),
  );
  const reader = half.request.body!.getReader();
  await reader.read();
  reader.releaseLock();
  await assertRejects(() => half.text(), TypeError);
});

Deno.test("contextOf() refuses a body of other than bytes", async () => {
  const body = ReadableStream.from(["text"]) as ReadableStream;
  const request = new Request("http://h/", { method: "POST", body });
  const c = contextOf(request, platform());
  await assertRejects(() => c.text(), TypeError, "no bytes");
});

Deno.test("contextOf() makes another Request once content was read", async () => {
  const request = new Request("http://h/a", {
    method: "POST",
    headers: { x: "1" },
    body: "abc",
  });
  const c = contextOf(request, platform());
  assertEquals(await c.text(), "abc");
  const other = c.request;
  assert(other !== request && c.request === other);
  assertEquals([other.url, other.headers.get("x")], [request.url, "1"]);
  assertEquals(await other.text(), "abc");
});

Deno.test("contextOf() holds the limit of content for a Request as well", async () => {
  const body = "a".repeat(101);
  const request = new Request("http://h/", { method: "POST", body });
  const c = contextOf(request, platform());
  assertEquals(await faultOf(() => c.request.text()), "content-size");
});

Deno.test("contextOf() holds the limit of content", async () => {
  const request = new Request("http://h/", {
    method: "POST",
    body: "a".repeat(101),
  });
  const c = contextOf(request, platform());
  assertEquals(await faultOf(() => c.bytes()), "content-size");
});

Deno.test("contextOf() without a body has no content", async () => {
  const c = contextOf(new Request("http://h/"), platform());
  assertEquals([c.content.length, await c.text()], [0, ""]);
  const other = contextOf(new Request("http://h/"), platform());
  assertEquals(other.request.body, null);
});

// ── by hand ──────────────────────────────────────────────────────────────────

interface Head extends Omit<RequestHead, "header" | "fields"> {
  fields: [string, string][];
}

interface Given extends Head {
  exchange: Exchange;
  source: ContentSource;
}

function context(given: Partial<Given> = {}): Context {
  const { fields = [], exchange: lent = exchange(), source, ...head } = given;
  const lines = new Fields(fields);
  return new Context(
    {
      ...{ method: "GET", target: "/", path: "/", query: "", authority: "h" },
      version: "1.1",
      ...head,
      header: (name) => lines.get(name) ?? undefined,
      fields: () => lines,
    },
    lent,
    source,
  );
}

function formOf(type: string | undefined, pieces: string[], body = 100) {
  return context({
    method: "POST",
    fields: type === undefined ? [] : [["content-type", type]],
    source: script(pieces),
    exchange: exchange({ limits: { ...LIMITS, body } }),
  });
}

function exchange(given: Partial<Exchange> = {}): Exchange {
  return {
    ...{ remote: undefined, local: undefined, secure: false },
    ...{ development: false, limits: LIMITS, report: () => {} },
    signal: () => new AbortController().signal,
    ...given,
  };
}

function platform(): Pick<Exchange, "report" | "limits" | "development"> {
  return { report: () => {}, limits: LIMITS, development: false };
}

/** The type that a reader asks for. */
function typed(reader: string): [name: string, value: string][] {
  const type = TYPES[reader];
  return type === undefined ? [] : [["content-type", type]];
}

/** A source that lends its pieces out of one buffer; a fault is thrown. */
interface Script extends ContentSource {
  readonly pulls: number;
  readonly buffer: Uint8Array;
}

function script(
  pieces: (string | Uint8Array | Fault)[],
  length?: number,
): Script {
  const left = [...pieces];
  const buffer = new Uint8Array(8192);
  let pulls = 0;
  return {
    length,
    buffer,
    get pulls() {
      return pulls;
    },
    pull: async () => {
      pulls++;
      await null;
      const piece = left.shift();
      if (piece === undefined) return undefined;
      if (piece instanceof Fault) throw piece;
      const bytes = typeof piece === "string" ? bytesOf(piece) : piece;
      buffer.set(bytes);
      return buffer.subarray(0, bytes.length);
    },
  };
}

/** A source whose only piece has come before anybody asks. */
function wholeScript(text: string): Script {
  const source = script([text], text.length);
  return Object.assign(source, {
    readWhole(read: (bytes: Uint8Array) => void): boolean {
      source.buffer.set(bytesOf(text));
      read(source.buffer.subarray(0, text.length));
      source.buffer.fill(0);
      return true;
    },
  });
}

/** What a reader gives, or refuses with, as text. */
async function said(c: Context, reader: string): Promise<string> {
  try {
    const result = await READERS[reader]!(c);
    if (result instanceof Uint8Array) return textOf(result);
    return result instanceof URLSearchParams
      ? String(result)
      : JSON.stringify(result);
  } catch (error) {
    return String(error);
  }
}

async function piecesOf(content: Content): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of content) pieces.push(textOf(piece));
  return pieces;
}

async function refuses(
  read: () => Promise<unknown>,
  status: number,
): Promise<HttpError> {
  const error = await assertRejects(read, HttpError);
  assertEquals(error.status, status);
  return error;
}

async function faultOf(read: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(read, Fault)).code;
}

function sameTwice(read: () => unknown): void {
  const first = read();
  assert(read() === first, "made anew");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
