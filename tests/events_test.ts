/**
 * Streams of events as a client meets them: when they are sent, and what ends
 * them. What an event looks like is in `wire/event_stream_test.ts`.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type App,
  type Context,
  controller,
  type EventContext,
  type EventOptions,
  events,
  HttpError,
  type RouteOptions,
  Router,
  serve,
  serveConnection,
  toHandler,
} from "../mod.ts";
import type { ConnectionOptions } from "../connection/settings.ts";
import { Peer } from "./peer.ts";
import { readEvents } from "./event_source.ts";

const GET = "GET /e HTTP/1.1\r\nHost: h\r\n\r\n";

/** Serves `app` to a peer while `act` goes on; the connection has to end. */
async function talk(
  app: App,
  act: (peer: Peer) => Promise<void> | void,
  options: ConnectionOptions = {},
): Promise<{ peer: Peer; said: string; errors: unknown[] }> {
  const peer = new Peer();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const served = serveConnection(peer, toHandler(app), { onError, ...options });
  await act(peer);
  await served;
  assert(peer.closed, "the connection is closed in the end");
  return { peer, said: peer.said, errors };
}

/** An application with events at `/e`. */
function appOf(
  handler: (input: object, c: EventContext) => AsyncIterable<unknown>,
  options: EventOptions = {},
): Router {
  const app = new Router();
  app.events("/e", options, handler);
  return app;
}

/** The contents of a chunked answer, and whether its last chunk came. */
function chunksOf(said: string): { content: string; whole: boolean } {
  let rest = said.slice(said.indexOf("\r\n\r\n") + 4);
  let content = "";
  while (rest !== "") {
    const [size] = rest.split("\r\n", 1) as [string];
    const length = parseInt(size, 16);
    const from = size.length + 2;
    if (length === 0) return { content, whole: true };
    content += rest.slice(from, from + length);
    rest = rest.slice(from + length + 2);
  }
  return { content, whole: false };
}

/** Something that a test lets happen. */
function gate<Value = void>(): PromiseWithResolvers<Value> {
  return Promise.withResolvers<Value>();
}

const never = new Promise<never>(() => {});

// ── sending ─────────────────────────────────────────────────────────────────

Deno.test("app.events() sends the head before there is an event, and each event when it is there", async () => {
  const gates = [gate<string>(), gate<string>()];
  const app = appOf(async function* () {
    for (const { promise } of gates) yield await promise;
  });
  const { said } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("\r\n\r\n");
    assertEquals(peer.said.includes("data:"), false);
    gates[0]!.resolve("one");
    await peer.hears("data: one\n\n");
    gates[1]!.resolve("two");
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
  assertEquals(chunksOf(said), {
    content: "data: one\n\ndata: two\n\n",
    whole: true,
  });
  const fields = said.slice(0, said.indexOf("\r\n\r\n")).split("\r\n");
  for (
    const line of [
      "HTTP/1.1 200 OK",
      "content-type: text/event-stream",
      "cache-control: no-store",
      "x-accel-buffering: no",
      "Transfer-Encoding: chunked",
    ]
  ) assert(fields.includes(line), `${line} in ${said}`);
});

Deno.test("app.events() sends ten thousand events with few writes, and no timer for each", async () => {
  const app = appOf(async function* () {
    for (let id = 0; id < 10_000; id++) yield { id, data: [id] };
  });
  const real = globalThis.setTimeout;
  let timers = 0;
  globalThis.setTimeout = ((...given: Parameters<typeof real>) => {
    timers++;
    return real(...given);
  }) as typeof real;
  try {
    const { said, peer } = await talk(app, async (peer) => {
      peer.send(GET);
      await peer.hears("0\r\n\r\n");
      peer.end();
    });
    const { events, lastEventId } = readEvents(chunksOf(said).content);
    assertEquals([events.length, events.at(-1)?.data, lastEventId], [
      10_000,
      "[9999]",
      "9999",
    ]);
    assert(peer.writes < 500, `${peer.writes} writes`);
    // Others get a turn now and then, which without a platform's help is a timer.
    assert(timers < 100, `${timers} timers`);
  } finally {
    globalThis.setTimeout = real;
  }
});

Deno.test("app.events() breaks the silence with comments, also between events", async () => {
  const go = gate();
  const app = appOf(async function* () {
    yield "one";
    await go.promise;
    yield "two";
  }, { keepAlive: 5 });
  const { said } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears(":\n\n", 3);
    go.resolve();
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
  const { content } = chunksOf(said);
  assertEquals(content.replaceAll(":\n\n", ""), "data: one\n\ndata: two\n\n");
  assertEquals(readEvents(content).events.map(({ data }) => data), [
    "one",
    "two",
  ]);
});

Deno.test("app.events() keeps silent with keepAlive: Infinity", async () => {
  const real = globalThis.setTimeout;
  const waits: unknown[] = [];
  globalThis.setTimeout = ((...given: Parameters<typeof real>) => {
    waits.push(given[1]);
    return real(...given);
  }) as typeof real;
  const app = appOf(async function* (_input, c) {
    yield "one";
    await new Promise((resolve) => c.signal.onabort = resolve);
  }, { keepAlive: Infinity });
  try {
    await talk(app, async (peer) => {
      peer.send(GET);
      await peer.hears("data: one\n\n");
      peer.end();
    });
  } finally {
    globalThis.setTimeout = real;
  }
  assertEquals(waits, []);
});

Deno.test("app.events() lets a slow reader make the generator wait", async () => {
  let yielded = 0;
  const piece = "x".repeat(8 * 1024);
  const app = appOf(async function* () {
    for (; yielded < 1000; yielded++) yield piece;
  });
  const { said } = await talk(app, async (peer) => {
    peer.stall();
    peer.send(GET);
    await peer.isRead();
    for (let turn = 0; turn < 2000; turn++) await null;
    assert(yielded < 20, `${yielded} pieces were made`);
    peer.resume();
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
  assertEquals(readEvents(chunksOf(said).content).events.length, 1000);
});

Deno.test("app.events() is sent to HTTP/1.0 until the end", async () => {
  const app = appOf(async function* () {
    yield "one";
    await new Promise((resolve) => setTimeout(resolve));
    yield "two";
  });
  const { said } = await talk(app, async (peer) => {
    peer.send("GET /e HTTP/1.0\r\n\r\n");
    await peer.hears("data: two");
    peer.end();
  });
  assert(!/transfer-encoding/i.test(said), said);
  assertEquals(said.split("\r\n\r\n")[1], "data: one\n\ndata: two\n\n");
});

Deno.test("app.events() answers HEAD without starting the generator", async () => {
  let started = 0;
  const app = appOf(async function* () {
    yield started++;
  });
  const { said } = await talk(app, (peer) => {
    peer.send("HEAD /e HTTP/1.1\r\nHost: h\r\n\r\n");
    peer.end();
  });
  assert(said.includes("content-type: text/event-stream\r\n"), said);
  assert(said.endsWith("\r\n\r\n"), said);
  const answer = await app.request("/e", { method: "HEAD" });
  assertEquals([answer.status, await answer.text(), started], [200, "", 0]);
});

// ── the end ─────────────────────────────────────────────────────────────────

/** How a client leaves, or is left; what `c.signal` says of it. */
const LEAVES: [
  name: string,
  act: (peer: Peer, stop: AbortController) => void,
  reason: string,
][] = [
  ["a FIN", (peer) => peer.end(), "AbortError: The client has left"],
  ["a reset", (peer) => peer.reset(), "Error: Connection reset by peer"],
  ["a server that stops", (peer, stop) => {
    stop.abort();
    peer.end();
  }, "AbortError: The server stops"],
];

/** What a generator waits for when its client leaves. */
const WAITS: [name: string, wait: (c: Context) => Promise<unknown>][] = [
  [
    "the signal",
    (c) => new Promise((resolve) => c.signal.onabort = resolve),
  ],
  [
    "the signal, which throws",
    (c) =>
      new Promise((_, reject) => {
        c.signal.onabort = () => reject(c.signal.reason);
      }),
  ],
];

for (const [leaving, act, reason] of LEAVES) {
  Deno.test(`app.events() calls return() on ${leaving}, and tells c.signal`, async () => {
    for (const [waiting, wait] of WAITS) {
      const log: string[] = [];
      const over = gate();
      const app = appOf(async function* (_input, c) {
        try {
          yield "one";
          await wait(c);
          log.push("woken");
          yield "two";
          log.push("never");
        } finally {
          log.push(`${c.signal.reason}`);
          over.resolve();
        }
      });
      const stop = new AbortController();
      const { said, errors } = await talk(app, async (peer) => {
        peer.send(GET);
        await peer.hears("data: one\n\n");
        act(peer, stop);
      }, { signal: stop.signal });
      await over.promise;
      const woken = waiting === "the signal" ? ["woken"] : [];
      assertEquals([waiting, log, errors], [waiting, [...woken, reason], []]);
      assertEquals(said.includes("two"), false);
    }
  });

  Deno.test(`app.events() waits for no generator on ${leaving}`, async () => {
    const app = appOf(async function* () {
      yield "one";
      await never;
    });
    const stop = new AbortController();
    const { errors } = await talk(app, async (peer) => {
      peer.send(GET);
      await peer.hears("data: one\n\n");
      act(peer, stop);
    }, { signal: stop.signal });
    assertEquals(errors, []);
  });

  Deno.test(`app.events() calls return() on ${leaving} through a middleware`, async () => {
    const over = gate();
    const app = appOf(async function* (_input, c) {
      try {
        yield "one";
        await new Promise((resolve) => c.signal.onabort = resolve);
      } finally {
        over.resolve();
      }
    });
    app.use(async (_c, next) => {
      const answer = await next();
      const body = answer.body as AsyncIterable<string>;
      answer.body = async function* () {
        for await (const text of body) yield text.toUpperCase();
      }();
    });
    const stop = new AbortController();
    await talk(app, async (peer) => {
      peer.send(GET);
      await peer.hears("DATA: ONE\n\n");
      act(peer, stop);
    }, { signal: stop.signal });
    await over.promise;
  });
}

Deno.test("app.events() ends the stream in order when the server stops", async () => {
  const stop = new AbortController();
  const app = appOf(async function* () {
    yield "one";
    await never;
  });
  const { said } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("data: one\n\n");
    stop.abort();
    await peer.hears("0\r\n\r\n");
    peer.end();
  }, { signal: stop.signal });
  assertEquals(chunksOf(said).whole, true);
});

Deno.test("app.events() begins nothing on a server that stops", async () => {
  const stop = new AbortController();
  const app = new Router();
  let started = false;
  app.events("/e", async (_input, c) => {
    stop.abort();
    await null;
    return async function* () {
      started = true;
      yield c.signal.aborted;
      await never;
    }();
  });
  const { said } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.sees("ended");
    peer.end();
  }, { signal: stop.signal });
  assertEquals([started, said.startsWith("HTTP/1.1 200")], [false, true]);
});

Deno.test("app.events() takes a client for gone that half-closed before", async () => {
  const over = gate();
  const app = appOf(async function* (_input, c) {
    try {
      yield "one";
      await new Promise((resolve) => c.signal.onabort = resolve);
    } finally {
      over.resolve();
    }
  });
  const { said } = await talk(app, (peer) => {
    peer.send(GET);
    peer.end();
  });
  await over.promise;
  assertEquals(chunksOf(said).content, "data: one\n\n");
});

Deno.test("app.events() takes a client for gone that half-closes and reads on", async () => {
  for (const size of [1, 1_000, 65_536]) {
    const over = gate<unknown>();
    let turns = 0;
    const app = appOf(async function* (_input, c) {
      try {
        // It never waits; the bound is for a test that fails.
        for (; turns < 20_000; turns++) yield "x".repeat(size);
      } finally {
        over.resolve(c.signal.reason);
      }
    });
    const { said, errors } = await talk(app, async (peer) => {
      peer.send(GET);
      await peer.hears("data: x");
      peer.end();
    });
    assertEquals(`${await over.promise}`, "AbortError: The client has left");
    assertEquals([turns < 20_000, errors], [true, []]);
    assert(said.startsWith("HTTP/1.1 200"), said.slice(0, 20));
  }
});

Deno.test("app.events() sees a FIN on a socket whose client reads on", {
  timeout: 30_000,
}, async () => {
  const over = gate<unknown>();
  const app = appOf(async function* (_input, c) {
    try {
      for (;;) yield "x".repeat(65_536);
    } finally {
      over.resolve(c.signal.reason);
    }
  });
  await using server = serve(app, {
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
  });
  const { port } = server.addr as Deno.NetAddr;
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(GET));
  const into = new Uint8Array(65_536);
  await conn.read(into);
  await conn.closeWrite();
  while (await conn.read(into) !== null);
  assertEquals(`${await over.promise}`, "AbortError: The client has left");
});

Deno.test("what is no stream of events goes on to a client that half-closes", async () => {
  const app = new Router();
  let aborted = false;
  app.get("/e", (_input, c) => {
    c.signal.onabort = () => aborted = true;
    return async function* () {
      for (let i = 0; i < 1_000; i++) yield "x".repeat(1_000);
    }();
  });
  const { said } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("x");
    peer.end();
  });
  const { content, whole } = chunksOf(said);
  assertEquals([content.length, whole, aborted], [1_000_000, true, false]);
});

Deno.test("app.events() is cut when a client takes nothing for timeouts.write", async () => {
  const over = gate();
  const app = appOf(async function* () {
    try {
      for (;;) yield "x".repeat(8 * 1024);
    } finally {
      over.resolve();
    }
  });
  await talk(app, async (peer) => {
    peer.stall();
    peer.send(GET);
    await over.promise;
  }, { timeouts: { write: 20 } });
});

Deno.test("app.events() reports what fails after the client has left", async () => {
  const app = appOf(async function* (_input, c) {
    try {
      yield "one";
      await new Promise((resolve) => c.signal.onabort = resolve);
    } finally {
      await Promise.reject(new Error("while it cleaned up"));
    }
  });
  const { errors } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("data: one\n\n");
    peer.end();
  });
  assertEquals(errors.map(String), ["Error: while it cleaned up"]);
});

Deno.test("Server.shutdown() does not wait for streams of events", async () => {
  const app = appOf(async function* () {
    yield "one";
    await never;
  });
  const server = serve(app, {
    hostname: "127.0.0.1",
    port: 0,
    signals: false,
    onListen() {},
    timeouts: { drain: Infinity },
  });
  const answers = await Promise.all(
    [1, 2, 3].map(() => fetch(`http://127.0.0.1:${server.addr.port}/e`)),
  );
  await server.shutdown();
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  assertEquals(texts, Array(3).fill("data: one\n\n"));
});

// ── refusals and errors ─────────────────────────────────────────────────────

class Missing extends Error {}

Deno.test("app.events() answers what is refused before the first wait", async () => {
  const app = new Router();
  const errors: unknown[] = [];
  const refuse = (name: string) => {
    if (name === "http") throw new HttpError(404, "No such song");
    if (name === "class") throw new Missing();
    throw new Error("ours");
  };
  app.events("/generator/:name", async function* ({ name }) {
    yield* [];
    await null;
    refuse(name);
  });
  app.events("/plain/:name", ({ name }) => {
    refuse(name);
    return undefined;
  });
  app.events("/async/:name", async ({ name }) => {
    await new Promise((resolve) => setTimeout(resolve));
    refuse(name);
    return undefined;
  });
  app.catch(Missing, () => new Response("missing", { status: 410 }));
  const quiet = new Router({ onError: (error) => errors.push(error) });
  quiet.mount("", app);
  for (const kind of ["generator", "plain", "async"]) {
    const statuses = [];
    for (const name of ["http", "class", "ours"]) {
      statuses.push((await quiet.request(`/${kind}/${name}`)).status);
    }
    assertEquals([kind, statuses], [kind, [404, 410, 500]]);
  }
  assertEquals(errors.map(String), Array(3).fill("Error: ours"));
});

Deno.test("app.events() breaks off at what fails later, and tells of it once", async () => {
  const app = appOf(async function* () {
    yield "one";
    await new Promise((resolve) => setTimeout(resolve));
    throw new HttpError(503, "too late");
  });
  const { said, errors } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("data: one\n\n");
  });
  assertEquals(chunksOf(said), { content: "data: one\n\n", whole: false });
  assertEquals(errors.map(String), ["HttpError: too late"]);
});

Deno.test("app.events() breaks off at what is no event, and calls return()", async () => {
  let over = false;
  const app = appOf(async function* () {
    try {
      yield "one";
      await new Promise((resolve) => setTimeout(resolve));
      yield { song: "Frog" };
    } finally {
      over = true;
    }
  });
  const { said, errors } = await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("data: one\n\n");
  });
  assertEquals([chunksOf(said).whole, over], [false, true]);
  assertEquals(errors.map((error) => `${error}`.split(":")[1]), [
    ' Cannot send an event with "song"',
  ]);
});

Deno.test("app.events() lets a handler answer in another way", async () => {
  const app = new Router({ onError() {} });
  app.events("/nothing", () => undefined);
  app.events("/later", () => Promise.resolve(undefined));
  app.events("/response", () => new Response("no", { status: 403 }));
  app.events("/status", async function* (_input, c) {
    c.status = 204;
    yield* [];
  });
  app.events("/text", () => "text" as never);
  app.events("/list", () => ["a"] as never);
  const rows: [path: string, status: number][] = [
    ["/nothing", 204],
    ["/later", 204],
    ["/response", 403],
    ["/status", 204],
    ["/text", 500],
    ["/list", 500],
  ];
  for (const [path, status] of rows) {
    const answer = await app.request(path);
    await answer.body?.cancel();
    assertEquals([path, answer.status], [path, status]);
  }
});

Deno.test("app.events() ends a generator whose answer another takes the place of", async () => {
  const over = gate();
  const app = appOf(async function* () {
    try {
      yield "one";
      yield "two";
    } finally {
      over.resolve();
    }
  });
  app.use(async (_c, next) => {
    await next();
    return new Response("instead");
  });
  assertEquals(await (await app.request("/e")).text(), "instead");
  await over.promise;
});

// ── without a connection ────────────────────────────────────────────────────

Deno.test("app.fetch streams events, and its reader ends them", async () => {
  const over = gate();
  const app = appOf(async function* () {
    try {
      for (let id = 1;; id++) yield { id, data: "a" };
    } finally {
      over.resolve();
    }
  }, { keepAlive: 5 });
  const answer = await app.request("/e");
  assertEquals(answer.headers.get("content-type"), "text/event-stream");
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, "id: 1\ndata: a\n\n");
  await reader.cancel();
  await over.promise;
});

Deno.test("app.fetch ends events that are waited for, and tells nobody", async () => {
  const errors: unknown[] = [];
  const over = gate();
  const app = new Router({ onError: (error) => errors.push(error) });
  app.events("/e", async function* () {
    try {
      yield "one";
      await over.promise;
      yield "two";
    } finally {
      errors.push("over");
    }
  });
  const answer = await app.request("/e");
  const reader = answer.body!.getReader();
  await reader.read();
  const pending = reader.read();
  await reader.cancel();
  assertEquals((await pending).done, true);
  over.resolve();
  for (let turn = 0; turn < 50; turn++) await null;
  assertEquals(errors, ["over"]);
});

Deno.test("app.fetch ends events when its request is aborted", async () => {
  const left = new AbortController();
  const over = gate();
  const app = appOf(async function* (_input, c) {
    try {
      yield "one";
      await new Promise((resolve) => c.signal.onabort = resolve);
    } finally {
      over.resolve();
    }
  });
  const answer = await app.request("/e", { signal: left.signal });
  left.abort();
  await over.promise;
  assertEquals(await answer.text(), "data: one\n\n");
});

Deno.test("app.fetch keeps silence from lasting, and leaves no timer behind", async () => {
  const go = gate();
  const app = appOf(async function* () {
    await go.promise;
    yield "one";
  }, { keepAlive: 5 });
  const answer = await app.request("/e");
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, ":\n\n");
  go.resolve();
  let text = "";
  for (let at = await reader.read(); !at.done; at = await reader.read()) {
    text += at.value;
  }
  assertEquals(text.replaceAll(":\n\n", ""), "data: one\n\n");
});

// ── declaring ───────────────────────────────────────────────────────────────

Deno.test("app.events() gives c.lastEventId, and keeps what was set on c", async () => {
  const app = appOf(async function* (_input, c) {
    c.headers.set("cache-control", "no-cache");
    c.headers.set("x-a", "1");
    yield [c.lastEventId];
  });
  app.use((c, next) => {
    c.headers.set("x-accel-buffering", "yes");
    return next();
  });
  const rows: [sent: string | undefined, id: string][] = [
    [undefined, ""],
    ["7", "7"],
    ["caf\xC3\xA9", "caf\xE9"],
  ];
  for (const [sent, id] of rows) {
    const headers = sent === undefined ? {} : { "last-event-id": sent };
    const answer = await app.request("/e", { headers });
    assertEquals(await answer.text(), `data: ${JSON.stringify([id])}\n\n`);
    const names = ["cache-control", "x-a", "x-accel-buffering"];
    assertEquals(names.map((name) => answer.headers.get(name)), [
      "no-cache",
      "1",
      "yes",
    ]);
  }
});

const api = controller("/api/:house");

@api
class Player {
  name = "player";

  @api.events("/taps")
  async *taps({ house }: { house: string }, c: EventContext) {
    yield [this.name, house, c.lastEventId];
  }

  @events("/more/:n<int>", { keepAlive: 1000 })
  async *more({ n }: { n: number }) {
    yield n + 1;
  }
}

class Other extends Player {
  override name = "other";
}

Deno.test("@events makes routes of generator methods, under a controller and inherited", async () => {
  const app = new Router();
  app.mount("/a", new Player());
  app.mount("/b", new Other());
  const rows: [path: string, text: string][] = [
    ["/a/api/home/taps", 'data: ["player","home",""]\n\n'],
    ["/a/api/home/more/1", "data: 2\n\n"],
    ["/b/api/home/taps", 'data: ["other","home",""]\n\n'],
  ];
  for (const [path, text] of rows) {
    assertEquals(await (await app.request(path)).text(), text);
  }
  assertEquals(
    app.routes.slice(0, 2).map(({ method, path, handler }) =>
      [method, path, handler].join(" ")
    ),
    [
      "GET /a/api/:house/taps Player.taps",
      "GET /a/api/:house/more/:n<int> Player.more",
    ],
  );
});

Deno.test("app.events() runs middleware and schemas as any route does", async () => {
  const app = new Router();
  const use = [
    (c: Context, next: (adds: { user: string }) => Promise<never>) =>
      c.header("x-user") ? next({ user: "Ada" }) : new Response("who"),
  ];
  app.events("/e/:id", { use }, async function* ({ id }, c) {
    yield [id, (c as unknown as { user: string }).user];
  });
  assertEquals(await (await app.request("/e/1")).text(), "who");
  const answer = await app.request("/e/1", { headers: { "x-user": "a" } });
  assertEquals(await answer.text(), 'data: ["1","Ada"]\n\n');
  assertEquals((await app.request("/e/1", { method: "POST" })).status, 405);
});

/** Options that make no sense, and what is said of them. */
const WRONG: [options: unknown, message: string][] = [
  [{ keepAlive: 0 }, '"keepAlive" is no number of milliseconds above 0'],
  [{ keepAlive: -1 }, '"keepAlive" is no number of milliseconds above 0'],
  [{ keepAlive: NaN }, '"keepAlive" is no number of milliseconds above 0'],
  [{ keepAlive: "1" }, '"keepAlive" is no number of milliseconds above 0'],
  [{ body: {} }, 'there is no option "body"'],
  [{ returns: {} }, 'there is no option "returns"'],
  [{ limits: {} }, 'there is no option "limits"'],
  [{ keepalive: 1 }, 'there is no option "keepalive"'],
  [null, "its options are null; middleware goes in { use: [] }"],
  [() => 1, "its options are a function; middleware goes in { use: [] }"],
];

Deno.test("app.events() refuses options that make no sense", () => {
  for (const [options, message] of WRONG) {
    const handler = async function* () {};
    const declares = [
      () => new Router().events("/e", options as EventOptions, handler),
      () => events("/e", options as EventOptions),
    ];
    for (const declare of declares.slice(0, options === null ? 1 : 2)) {
      const error = assertThrows(declare, TypeError);
      assertEquals(error.message, `Cannot route "/e": ${message}`);
    }
  }
  assertThrows(
    () => new Router().get("/e", { keepAlive: 1 } as RouteOptions, () => 1),
    TypeError,
    'there is no option "keepAlive"',
  );
});
