/**
 * `compress()`: what is coded and what is not, by tables; and that what is coded
 * can be decoded by others, arrives when it happens, and ends when nobody reads.
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { clearImmediate, setImmediate } from "node:timers";
import * as zlib from "node:zlib";
import { converse } from "../../features/testing.ts";
import {
  type Coding,
  compress,
  type CompressOptions,
  type Context,
  file,
  HttpError,
  json,
  Router,
  serveConnection,
  toHandler,
  upgrade,
} from "../../mod.ts";
import { TestFolder } from "../folder.ts";
import { Peer } from "../peer.ts";

const CODINGS: readonly Coding[] = ["zstd", "br", "gzip", "deflate"];
const LONG = "Pokarekare ana nga wai o Rotorua. ".repeat(100);
const ENCODER = new TextEncoder();

/** An application of one route, its handler in the middleware. */
function appOf(
  handler: (input: object, c: Context) => unknown,
  options?: CompressOptions,
): Router {
  const app = new Router({ onError() {} });
  app.use(compress(options));
  app.on("*", "/", handler);
  return app;
}

/** Decoders that are not ours: the platform's where it has one, else Node's. */
const DECODERS: Record<Coding, (bytes: Uint8Array) => Promise<Uint8Array>> = {
  gzip: (bytes) => decoded(bytes, "gzip"),
  deflate: (bytes) => decoded(bytes, "deflate"),
  br: (bytes) => Promise.resolve(zlib.brotliDecompressSync(bytes)),
  zstd: (bytes) => Promise.resolve(zlib.zstdDecompressSync(bytes)),
};

async function decoded(
  bytes: Uint8Array,
  format: CompressionFormat,
): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream();
  return await new Response(
    stream.pipeThrough(new DecompressionStream(format)),
  ).bytes();
}

async function textOf(response: Response, coding: Coding): Promise<string> {
  const bytes = await DECODERS[coding](await response.bytes());
  return new TextDecoder().decode(bytes);
}

// ── what is coded ──────────────────────────────────────────────────────────

const typed = (type: string) => (): unknown =>
  new Response(LONG, { headers: { "content-type": type } });
const withField = (name: string, value: string) => (): unknown =>
  json(LONG, { headers: { [name]: value } });
async function* streamed(...pieces: (string | Uint8Array)[]) {
  yield* pieces;
}

const CODED: [
  name: string,
  accept: string | undefined,
  handler: (input: object, c: Context) => unknown,
  coding: string | null,
  vary: string | null,
][] = [
  // By what the client accepts.
  ["text", "gzip, deflate, br, zstd", () => LONG, "zstd", "accept-encoding"],
  [
    "text, to who knows no zstd",
    "gzip, br",
    () => LONG,
    "br",
    "accept-encoding",
  ],
  ["text, by weight", "gzip, br;q=0.5", () => LONG, "gzip", "accept-encoding"],
  ["text, by an old name", "X-GZIP", () => LONG, "gzip", "accept-encoding"],
  ["text, for a star", "*", () => LONG, "zstd", "accept-encoding"],
  ["text, for nobody", undefined, () => LONG, null, "accept-encoding"],
  ["text, for an empty field", "", () => LONG, null, "accept-encoding"],
  ["text, to who refuses", "gzip;q=0", () => LONG, null, "accept-encoding"],
  [
    "text, to who likes it plain",
    "identity, gzip;q=0.5",
    () => LONG,
    null,
    "accept-encoding",
  ],
  [
    "text, to who speaks unclearly",
    "gzip;q=7",
    () => LONG,
    null,
    "accept-encoding",
  ],
  // By type.
  ["data", "gzip", () => [LONG], "gzip", "accept-encoding"],
  [
    "a problem",
    "gzip",
    () => {
      throw new HttpError(404, LONG);
    },
    "gzip",
    "accept, accept-encoding",
  ],
  ["events", "gzip", typed("text/event-stream"), "gzip", "accept-encoding"],
  ["SVG", "gzip", typed("image/svg+xml"), "gzip", "accept-encoding"],
  ["WebAssembly", "gzip", typed("application/wasm"), "gzip", "accept-encoding"],
  [
    "a type with parameters",
    "gzip",
    typed("Application/JSON ; charset=utf-8"),
    "gzip",
    "accept-encoding",
  ],
  [
    "a form",
    "gzip",
    () => new URLSearchParams({ LONG }),
    "gzip",
    "accept-encoding",
  ],
  ["a picture", "gzip", typed("image/png"), null, null],
  ["a film", "gzip", typed("video/mp4"), null, null],
  ["a song", "gzip", typed("audio/mpeg"), null, null],
  ["an archive", "gzip", typed("application/zip"), null, null],
  ["bytes", "gzip", () => ENCODER.encode(LONG), null, null],
  [
    "a Response without a type",
    "gzip",
    () => new Response(new Blob([LONG]).stream()),
    null,
    null,
  ],
  ["a type that is none", "gzip", typed("json"), null, null],
  // By length.
  ["1,023 bytes", "gzip", () => "a".repeat(1023), null, null],
  ["1,024 bytes", "gzip", () => "a".repeat(1024), "gzip", "accept-encoding"],
  [
    "1,024 bytes in fewer characters",
    "gzip",
    () => "é".repeat(512),
    "gzip",
    "accept-encoding",
  ],
  [
    "1,022 bytes in fewer characters",
    "gzip",
    () => "é".repeat(511),
    null,
    null,
  ],
  [
    "a Blob of 1,023 bytes",
    "gzip",
    () => new Blob(["a".repeat(1023)], { type: "text/css" }),
    null,
    null,
  ],
  [
    "a Blob of 1,024 bytes",
    "gzip",
    () => new Blob(["a".repeat(1024)], { type: "text/css" }),
    "gzip",
    "accept-encoding",
  ],
  ["nothing", "gzip", () => undefined, null, null],
  ["a short Response", "gzip", () => new Response("Hello"), null, null],
  [
    "a stream that announces little",
    "gzip",
    (_input, c) => {
      c.headers.set("content-length", "5");
      c.headers.set("content-type", "text/plain");
      return streamed("Hello");
    },
    null,
    null,
  ],
  // Streams tell their type with the first piece.
  [
    "a stream of text",
    "gzip",
    () => streamed("a", LONG),
    "gzip",
    "accept-encoding",
  ],
  [
    "a stream of bytes",
    "gzip",
    () => streamed(Uint8Array.of(1), ENCODER.encode(LONG)),
    null,
    null,
  ],
  ["a stream of one short piece", "gzip", () => streamed("Hello"), null, null],
  [
    "a stream of one long piece",
    "gzip",
    () => streamed(LONG),
    "gzip",
    "accept-encoding",
  ],
  ["an empty stream", "gzip", () => streamed(), null, null],
  // What nobody may change.
  ["what is coded", "gzip", withField("content-encoding", "x"), "x", null],
  ["a part", "gzip", withField("content-range", "bytes 0-9/10"), null, null],
  [
    "what is not to be changed",
    "gzip",
    withField("cache-control", "public, No-Transform"),
    null,
    null,
  ],
  [
    "what has a digest",
    "gzip",
    withField("content-digest", "sha-256=:a=:"),
    null,
    null,
  ],
  [
    "a 206",
    "gzip",
    (_input, c) => {
      c.status = 206;
      return LONG;
    },
    null,
    "accept-encoding",
  ],
  [
    "a 205",
    "gzip",
    (_input, c) => {
      c.status = 205;
      return LONG;
    },
    null,
    null,
  ],
  [
    "a 500",
    "gzip",
    (_input, c) => {
      c.status = 500;
      return LONG;
    },
    "gzip",
    "accept-encoding",
  ],
  // Who refuses identity gets it coded, whatever it is.
  [
    "little, to who wants no identity",
    "gzip, *;q=0",
    () => "Hello",
    "gzip",
    "accept-encoding",
  ],
  [
    "a picture, to who wants no identity",
    "gzip, *;q=0",
    typed("image/png"),
    "gzip",
    "accept-encoding",
  ],
  // Vary grows and is not repeated.
  [
    "what varies already",
    "gzip",
    withField("vary", "Origin, Accept-Encoding"),
    "gzip",
    "Origin, Accept-Encoding",
  ],
  [
    "what varies otherwise",
    "gzip",
    withField("vary", "Origin"),
    "gzip",
    "Origin, accept-encoding",
  ],
];

Deno.test.each(CODED)(
  "compress() of %s for %j",
  async (_name, accept, handler, coding, vary) => {
    const app = appOf(handler);
    const headers: HeadersInit = accept === undefined
      ? {}
      : { "accept-encoding": accept };
    const plain = await appOf(handler).request("/");
    const answer = await app.request("/", { headers });
    const content = await answer.bytes();
    assertEquals(answer.headers.get("content-encoding"), coding);
    assertEquals(answer.headers.get("vary"), vary);
    assertEquals(answer.status, plain.status);
    if (coding === null || coding === "x") {
      assertEquals(content, await plain.bytes());
      return;
    }
    const told = await DECODERS[coding as Coding](content);
    assertEquals(told.length, (await plain.bytes()).length);
    // HEAD is answered with the same fields.
    const head = await app.request("/", { method: "HEAD", headers });
    assertEquals(
      [...head.headers].filter(([name]) => name !== "content-length"),
      [
        ...answer.headers,
      ],
    );
    assertEquals((await head.bytes()).length, 0);
  },
);

Deno.test("compress() tells the length of what it codes at once, and of nothing else", async () => {
  const ask = (method: string) =>
    `${method} / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n`;
  const short = await converse(appOf(() => LONG), ask("GET") + ask("HEAD"));
  const lengths = short.match(/^Content-Length: \d+/gm)!;
  assertEquals([lengths.length, lengths[0]], [2, lengths[1]]);
  const long = appOf(() => LONG.repeat(100));
  const said = await converse(long, ask("GET"));
  assertStringIncludes(said, "\r\nTransfer-Encoding: chunked\r\n");
  const head = await converse(long, ask("HEAD"));
  assert(!/content-length|transfer-encoding/i.test(head), head);
  assertStringIncludes(head, "\r\ncontent-encoding: gzip\r\n");
});

Deno.test("compress() leaves an upgrade to itself", async () => {
  const app = appOf(() => upgrade("echo", (transport) => transport.close()));
  const said = await converse(
    app,
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n" +
      "Accept-Encoding: gzip\r\n\r\n",
  );
  assertStringIncludes(said, "HTTP/1.1 101 ");
  assert(!/content-encoding|vary/i.test(said), said);
});

Deno.test("compress() answers 406 to who takes nothing, unless it has had an effect", async () => {
  const app = appOf(() => LONG);
  const headers = { "accept-encoding": "identity;q=0, foo" };
  const refused = await app.request("/", { headers });
  assertEquals([refused.status, refused.headers.get("vary")], [
    406,
    "accept, accept-encoding",
  ]);
  await refused.body?.cancel();
  const stored = await app.request("/", { method: "POST", headers });
  assertEquals([stored.status, await stored.text()], [200, LONG]);
});

Deno.test("compress() does what its options say", async () => {
  const ask = async (options: CompressOptions, accept: string) => {
    const headers = { "accept-encoding": accept };
    const app = appOf(() => LONG, options);
    const answer = await app.request("/", { headers });
    await answer.body?.cancel();
    return answer.headers.get("content-encoding");
  };
  const all = CODINGS.join(", ");
  assertEquals(await ask({ codings: ["gzip", "br"] }, all), "gzip");
  assertEquals(await ask({ codings: ["gzip"] }, "br"), null);
  assertEquals(await ask({ codings: [] }, all), null);
  assertEquals(await ask({ threshold: 100_000 }, all), null);
  assertEquals(await ask({ threshold: Infinity }, all), null);
  assertEquals(await ask({ gains: () => false }, all), null);
  assertThrows(
    () => compress({ codings: ["lzma" as Coding] }),
    TypeError,
    'Cannot compress with "lzma": the codings are zstd, br, gzip, deflate',
  );
  for (const threshold of [-1, NaN]) {
    assertThrows(() => compress({ threshold }), RangeError, "from 0");
  }
});

// ── tags ───────────────────────────────────────────────────────────────────

Deno.test("compress() makes a strong tag weak, and takes its ranges away", async () => {
  const tagged = (tag: string) => (): unknown =>
    json(LONG, {
      headers: { etag: tag, "accept-ranges": "bytes", "content-length": "9" },
    });
  const ask = async (tag: string, accept: string) => {
    const headers = { "accept-encoding": accept };
    const answer = await appOf(tagged(tag)).request("/", { headers });
    await answer.body?.cancel();
    const { headers: fields } = answer;
    return [fields.get("etag"), fields.get("accept-ranges")];
  };
  assertEquals(await ask('"a"', "gzip"), ['W/"a"', null]);
  assertEquals(await ask('W/"a"', "gzip"), ['W/"a"', null]);
  assertEquals(await ask("a", "gzip"), ["a", null]);
  assertEquals(await ask('"a"', "identity"), ['"a"', "bytes"]);
});

Deno.test("compress() gives a 304 the tag that the client has, and the Vary of the 200", async () => {
  const app = appOf(() =>
    new Response(null, { status: 304, headers: { etag: '"a"' } })
  );
  const rows: [held: string, told: string][] = [
    ['W/"a"', 'W/"a"'],
    ['"b", W/"a"', 'W/"a"'],
    ['"a"', '"a"'],
    ['W/"aa"', '"a"'],
    ["*", '"a"'],
  ];
  for (const [held, told] of rows) {
    const headers = { "if-none-match": held, "accept-encoding": "gzip" };
    const answer = await app.request("/", { headers });
    assertEquals([answer.status, answer.headers.get("etag")], [304, told]);
    assertEquals(answer.headers.get("vary"), "accept-encoding");
  }
});

// ── streams ────────────────────────────────────────────────────────────────

/** `text` in pieces of `size` bytes. */
async function* inPieces(text: string, size: number, slowly: boolean) {
  const bytes = ENCODER.encode(text);
  const lent = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    lent.set(piece);
    if (slowly) await new Promise<void>((resolve) => setTimeout(resolve, 0));
    yield lent.subarray(0, piece.length);
  }
  lent.fill(0);
}

const CUT = "He toki ki te kete, he toki ki te rima: 石斧. ".repeat(8);

for (const coding of CODINGS) {
  const headers = { "accept-encoding": coding };

  Deno.test(`compress() codes in ${coding} however its source is cut`, async () => {
    for (const slowly of [false, true]) {
      const sizes = slowly ? [7, 100] : [1, 2, 3, 16, 100, 399, 1000];
      for (const size of sizes) {
        const app = appOf((_input, c) => {
          c.headers.set("content-type", "text/plain");
          return inPieces(CUT, size, slowly);
        }, { threshold: 0 });
        const answer = await app.request("/", { headers });
        assertEquals(answer.headers.get("content-encoding"), coding);
        assertEquals(await textOf(answer, coding), CUT);
      }
    }
  });

  Deno.test(`compress() codes in ${coding} what is long, with turns for others`, async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `line ${i * 7919}\n`)
      .join("");
    const app = appOf(() => text);
    let turns = 0;
    let immediate = setImmediate(function turn() {
      turns++;
      immediate = setImmediate(turn);
    });
    const answer = await app.request("/", { headers });
    assertEquals(answer.headers.get("content-encoding"), coding);
    const bytes = await answer.bytes();
    clearImmediate(immediate);
    assertEquals(new TextDecoder().decode(await DECODERS[coding](bytes)), text);
    assert(turns >= text.length / 65_536 - 1, `${turns} turns`);
    assert(bytes.length < text.length / 2);
  });

  Deno.test(`compress() lets events through ${coding} one by one`, async () => {
    let release = Promise.withResolvers<void>();
    const app = appOf(async function* (_input, c) {
      c.headers.set("content-type", "text/event-stream");
      for (let i = 0; i < 5; i++) {
        await release.promise;
        release = Promise.withResolvers();
        yield `data: ${i}\n\n`;
      }
    });
    const answer = await app.request("/", { headers });
    const decoder = {
      zstd: zlib.createZstdDecompress,
      br: zlib.createBrotliDecompress,
      gzip: zlib.createGunzip,
      deflate: zlib.createInflate,
    }[coding]();
    let told = "";
    decoder.on(
      "data",
      (bytes: Uint8Array) => told += new TextDecoder().decode(bytes),
    );
    const reader = answer.body!.getReader();
    for (let i = 0; i < 5; i++) {
      release.resolve();
      const { value } = await reader.read();
      await new Promise<void>((resolve) =>
        decoder.write(value!, () => resolve())
      );
      assertEquals(
        told,
        Array.from({ length: i + 1 }, (_, n) => `data: ${n}\n\n`).join(""),
      );
    }
    const last = await reader.read();
    decoder.end(last.value);
    await new Promise((resolve) => decoder.once("end", resolve));
    assertEquals((await reader.read()).done, true);
  });

  Deno.test(`compress() in ${coding} passes on that its source broke`, async () => {
    const app = appOf(async function* () {
      yield LONG;
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      throw new Error("Broken");
    });
    const answer = await app.request("/", { headers });
    assertEquals(answer.status, 200);
    await assertRejects(() => answer.bytes(), Error, "Broken");
  });
}

Deno.test("compress() makes a 500 of a stream that breaks before it began", async () => {
  const app = appOf(async function* () {
    yield* [];
    throw new Error("Broken");
  });
  const headers = { "accept-encoding": "gzip" };
  const answer = await app.request("/", { headers });
  assertEquals(answer.status, 500);
  await answer.body?.cancel();
});

Deno.test("compress() pulls its source no further than the client reads", async () => {
  let pulled = 0;
  const app = appOf(async function* (_input, c) {
    c.headers.set("content-type", "text/plain");
    for (; pulled < 1_000; pulled++) {
      yield crypto.getRandomValues(new Uint8Array(32_768)); // does not get shorter
    }
  });
  const headers = { "accept-encoding": "gzip" };
  const answer = await app.request("/", { headers });
  const reader = answer.body!.getReader();
  let read = 0;
  while (read < 1_000_000) read += (await reader.read()).value!.length;
  assert(pulled * 32_768 < read + 4 * 65_536, `${pulled} pieces for ${read}`);
  await reader.cancel();
});

/** Resolves when the client that is lost has been noticed. */
function leftBehind(quiet: boolean): { app: Router; ended: Promise<void> } {
  const ended = Promise.withResolvers<void>();
  const app = appOf((_input, c) => {
    c.headers.set("content-type", "text/event-stream");
    let pulls = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (pulls++ > 0 && quiet) return new Promise(() => {});
        controller.enqueue(ENCODER.encode(LONG));
        return undefined;
      },
      cancel: () => ended.resolve(),
    });
  });
  return { app, ended: ended.promise };
}

for (const quiet of [false, true]) {
  const what = quiet ? "a quiet source" : "a source that goes on";
  Deno.test(`compress() ends ${what} when the client leaves`, async () => {
    const { app, ended } = leftBehind(quiet);
    const peer = new Peer();
    const served = serveConnection(peer, toHandler(app), { onError() {} });
    peer.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
    await peer.hears("\r\ncontent-encoding: br\r\n");
    peer.reset();
    await ended;
    await served;
  });

  Deno.test(`compress() ends ${what} when a platform cancels`, async () => {
    const { app, ended } = leftBehind(quiet);
    const headers = { "accept-encoding": "gzip" };
    const reader = (await app.request("/", { headers })).body!.getReader();
    await reader.read();
    await reader.cancel();
    await ended;
  });
}

Deno.test("compress() ends a source that the client did not wait for the type of", async () => {
  const ended = Promise.withResolvers<void>();
  const app = appOf(() => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => {
        ended.resolve();
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  }));
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
  await peer.isRead();
  for (let turn = 0; turn < 200; turn++) await null;
  peer.reset();
  await ended.promise;
  await served;
});

Deno.test("compress() ends a source that comes when the client has left", async () => {
  const ended = Promise.withResolvers<void>();
  const app = appOf(async (_input, c) => {
    await new Promise((left) => c.signal.addEventListener("abort", left));
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          ended.resolve();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
  });
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n");
  await peer.isRead();
  for (let turn = 0; turn < 200; turn++) await null;
  peer.reset();
  await ended.promise;
  await served;
});

Deno.test("compress() closes a file that becomes shorter", async () => {
  using folder = new TestFolder();
  const size = 2 ** 20;
  const path = folder.write("long.txt", LONG.repeat(size / LONG.length));
  const app = appOf(() => file(path));
  for (const coding of CODINGS) {
    Deno.truncateSync(path, size);
    const headers = { "accept-encoding": coding };
    const answer = await app.request("/", { headers });
    Deno.truncateSync(path, 0);
    await assertRejects(() => answer.bytes(), Error, "became shorter");
  } // were one open still, the test would fail for it
});

Deno.test("compress() ends a source of what cannot be sent", async () => {
  const ended = Promise.withResolvers<void>();
  const app = appOf((_input, c) => {
    c.headers.set("content-type", "text/plain");
    return new ReadableStream({
      start: (controller) => {
        controller.enqueue(crypto.getRandomValues(new Uint8Array(65_536)));
        controller.enqueue(ENCODER.encode(LONG));
        controller.enqueue(7);
      },
      cancel: () => ended.resolve(),
    });
  });
  const headers = { "accept-encoding": "gzip" };
  const answer = await app.request("/", { headers });
  await assertRejects(() => answer.bytes());
  await ended.promise;
});

Deno.test("compress() ends a source that is never read, as of HEAD", async () => {
  const { app, ended } = leftBehind(true);
  const headers = { "accept-encoding": "gzip" };
  const answer = await app.request("/", { method: "HEAD", headers });
  assertEquals(answer.headers.get("content-encoding"), "gzip");
  await ended;
});

Deno.test("compress() frees the coders of streams that nobody reads to their end", async () => {
  const { app } = leftBehind(true);
  const leave = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const headers = { "accept-encoding": CODINGS[i % CODINGS.length]! };
      const reader = (await app.request("/", { headers })).body!.getReader();
      await reader.read();
      await reader.cancel();
    }
  };
  await leave(200);
  const before = Deno.memoryUsage().rss;
  await leave(800); // some 180 MB, if they were kept
  const grown = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(grown < 60, `grown by ${grown} MiB`);
});
