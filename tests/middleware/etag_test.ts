import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { compress, type Context, etag, file, json, Router } from "../../mod.ts";

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

Deno.test("etag() takes the digest of the content from a 304, which has none", async () => {
  const app = appOf((_input, c) => {
    c.headers.set("content-digest", "sha-256=:eA==:");
    c.headers.set("repr-digest", "sha-256=:eA==:");
    return "x";
  });
  const headers = { "if-none-match": "*" };
  const { headers: fields } = await app.request("/", { headers });
  assertEquals(fields.has("content-digest"), false);
  assertEquals(fields.has("repr-digest"), true);
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
  const long = await appOf(() => "é".repeat(3), { limit: 5 }).request("/");
  assertEquals([await long.text(), long.headers.get("etag")], ["ééé", null]);
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

// ── together with compress() ───────────────────────────────────────────────

const PNG = { "content-type": "image/png" };
const NOISE = crypto.getRandomValues(new Uint8Array(3000));

/** What is tagged, and how the answer to who knows no coding varies. */
const TAGGED: [
  name: string,
  handler: (input: object, c: Context) => unknown,
  vary: string | null,
][] = [
  ["a long text", () => LONG, "accept-encoding"],
  ["a short text", () => "Hello", null],
  ["a picture", () => json(LONG, { headers: PNG }), null],
  ["noise", own("content-type", "text/plain", NOISE), "accept-encoding"],
  [
    "what is not to be changed",
    own("cache-control", "no-transform", LONG),
    null,
  ],
  ["what is tagged already", own("etag", '"a"', LONG), "accept-encoding"],
  ["what has a weak tag", own("etag", 'W/"a"', LONG), "accept-encoding"],
  [
    "a stream",
    () =>
      new Response(new Blob([LONG, LONG]).stream(), {
        headers: { "content-type": "text/plain", etag: '"a"' },
      }),
    "accept-encoding",
  ],
  ["a long file", (_input, c) => file(pathOf(c, "wire/html.ts")), null],
  [
    "a file that gains",
    (_input, c) => file(pathOf(c, "LICENSE"), { type: "text/plain" }),
    "accept-encoding",
  ],
];

function pathOf({ url }: Context, path: string): URL {
  assertEquals(url.pathname, "/");
  return new URL(`../../${path}`, import.meta.url);
}

const ORDERS = {
  "compress(), etag()": [compress(), etag()],
  "etag(), compress()": [etag(), compress()],
};

for (const [order, middleware] of Object.entries(ORDERS)) {
  Deno.test.each(TAGGED)(
    `${order}: the 304 of %s has the tag and the Vary of the 200`,
    async (_name, handler, vary) => {
      const app = new Router();
      app.use(...middleware);
      app.get("/", handler);
      for (const accept of ["gzip", "br, identity;q=0.5", "identity", ""]) {
        for (const method of ["GET", "HEAD"]) {
          const headers = { "accept-encoding": accept };
          const told = (answer: Response) =>
            ["etag", "vary", "cache-control"].map((name) =>
              answer.headers.get(name)
            );
          const found = await app.request("/", { method, headers });
          await found.body?.cancel();
          assertEquals(told(found)[1], vary);
          const known = { ...headers, "if-none-match": told(found)[0]! };
          const spared = await app.request("/", { method, headers: known });
          assertEquals([spared.status, ...told(spared)], [304, ...told(found)]);
        }
      }
    },
  );
}

Deno.test("compress(), etag(): who takes nothing gets 406, whether known or not", async () => {
  const app = new Router();
  app.use(compress(), etag());
  app.get("/", () => LONG);
  const headers = { "accept-encoding": "*;q=0", "if-none-match": "*" };
  const answer = await app.request("/", { headers });
  assertEquals(answer.status, 406);
  assertEquals(answer.headers.get("vary"), "accept, accept-encoding");
});
