import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { compress, type Context, etag, json, Router } from "../../mod.ts";

const LONG = "Hine e Hine. ".repeat(1_000);
const DATE = "Tue, 24 Nov 2026 09:00:00 GMT";

function appOf(
  handler: (input: object, c: Context) => unknown,
  options?: Parameters<typeof etag>[0],
): Router {
  const app = new Router({ onError() {} });
  app.use(etag(options));
  app.on("*", "/", handler);
  return app;
}

async function* pieces() {
  yield "one";
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  yield "two";
}

Deno.test("etag() names text, data and bytes, the same by the same name", async () => {
  const tagOf = async (handler: () => unknown, method = "GET") => {
    const answer = await appOf(handler).request("/", { method });
    await answer.body?.cancel();
    return answer.headers.get("etag");
  };
  const tag = await tagOf(() => "Hello");
  assertMatch(tag!, /^"[\w-]{22}"$/);
  assertEquals(await tagOf(() => "Hello"), tag);
  assertEquals(await tagOf(() => "Hello", "HEAD"), tag);
  assertEquals(await tagOf(() => new TextEncoder().encode("Hello")), tag);
  assert(await tagOf(() => "Hello!") !== tag);
  assert(await tagOf(() => ["Hello"]) !== tag);
  assertEquals(await tagOf(() => "Hello", "POST"), null);
  assertEquals(await tagOf(() => pieces()), null);
  assertEquals(await tagOf(() => json(1, { status: 201 })), null);
  assertEquals(await tagOf(() => new Response("Hello")), null);
  assertEquals(
    await tagOf(() => json(1, { headers: { etag: 'W/"own"' } })),
    'W/"own"',
  );
});

const own =
  (name: string, value: string, body: unknown = "Hello") =>
  (_input: object, c: Context) => {
    c.headers.set(name, value);
    return body;
  };

const CONDITIONS: [
  name: string,
  handler: (input: object, c: Context) => unknown,
  method: string,
  fields: Record<string, string>,
  status: number,
][] = [
  ["a tag it has", own("etag", '"a"'), "GET", { "if-none-match": '"a"' }, 304],
  ["a weak one", own("etag", '"a"'), "GET", { "if-none-match": 'W/"a"' }, 304],
  [
    "one of several",
    own("etag", '"a"'),
    "GET",
    { "if-none-match": '"b", "a"' },
    304,
  ],
  ["any", own("etag", '"a"'), "GET", { "if-none-match": "*" }, 304],
  ["another", own("etag", '"a"'), "GET", { "if-none-match": '"b"' }, 200],
  ["a malformed one", own("etag", '"a"'), "GET", { "if-none-match": "a" }, 200],
  ["HEAD", own("etag", '"a"'), "HEAD", { "if-none-match": '"a"' }, 304],
  [
    "what was done",
    own("etag", '"a"'),
    "POST",
    { "if-none-match": '"a"' },
    200,
  ],
  ["care", own("etag", '"a"'), "GET", { "if-match": '"b"' }, 412],
  ["care that fits", own("etag", '"a"'), "GET", { "if-match": '"a"' }, 200],
  [
    "care of a weak tag",
    own("etag", 'W/"a"'),
    "GET",
    { "if-match": 'W/"a"' },
    412,
  ],
  [
    "a date",
    own("last-modified", DATE),
    "GET",
    { "if-modified-since": DATE },
    304,
  ],
  ["a stream with a tag", own("etag", '"a"', pieces()), "GET", {
    "if-none-match": '"a"',
  }, 304],
  ["a stream without", () => pieces(), "GET", { "if-match": '"a"' }, 200],
];

Deno.test.each(CONDITIONS)(
  "etag() with %s",
  async (_name, handler, method, headers, status) => {
    const answer = await appOf(handler).request("/", { method, headers });
    const content = await answer.text();
    assertEquals(answer.status, status);
    if (status !== 304) return;
    assertEquals([content, answer.headers.get("content-type")], ["", null]);
    assert(answer.headers.has("etag"));
  },
);

Deno.test("etag() ends a stream that is known already", async () => {
  const ended = Promise.withResolvers<void>();
  const body = new ReadableStream({ cancel: () => ended.resolve() });
  const app = appOf(own("etag", '"a"', body));
  const headers = { "if-none-match": '"a"' };
  assertEquals((await app.request("/", { headers })).status, 304);
  await ended.promise;
});

Deno.test("etag() does what its options say", async () => {
  const tag = async (options: Parameters<typeof etag>[0]) => {
    const answer = await appOf(() => "Hello", options).request("/");
    await answer.body?.cancel();
    return answer.headers.get("etag");
  };
  assertMatch((await tag({ weak: true }))!, /^W\/"/);
  assertMatch((await tag({ limit: 5 }))!, /^"/);
  assertEquals(await tag({ limit: 4 }), null);
  for (const limit of [-1, NaN]) {
    assertThrows(() => etag({ limit }), RangeError, "from 0");
  }
});

Deno.test("etag() inside of compress() is one tag for the client, also on its 304", async () => {
  const app = new Router();
  app.use(compress(), etag());
  app.get("/", () => LONG);
  const headers = { "accept-encoding": "gzip" };
  const first = await app.request("/", { headers });
  await first.body?.cancel();
  const tag = first.headers.get("etag")!;
  assertMatch(tag, /^W\/"/);
  const again = await app.request("/", {
    headers: { ...headers, "if-none-match": tag },
  });
  assertEquals([again.status, again.headers.get("etag")], [304, tag]);
  assertEquals(again.headers.get("vary"), first.headers.get("vary"));
  const plain = await app.request("/", { headers: { "if-none-match": tag } });
  assertEquals(plain.status, 304);
});
