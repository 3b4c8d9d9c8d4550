import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { converse } from "../../features/testing.ts";
import {
  accessLog,
  type AccessLogOptions,
  type Context,
  HttpError,
  requestId,
  Router,
  serveConnection,
  toHandler,
  upgrade,
} from "../../mod.ts";
import { Peer } from "../peer.ts";
import { everything } from "./everything.ts";

function logged(
  options: AccessLogOptions = {},
): { app: Router; lines: string[] } {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { app: everything(accessLog({ write, ...options })), lines };
}

/** A line less what differs each time. */
function steady(line: string | undefined): string | undefined {
  return line?.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, "").replace(
    / \d+\.\dms /,
    " ",
  );
}

const LINES: [request: string, line: string][] = [
  ["GET /text", "GET /text 200 4 192.0.2.1"],
  ["GET /text?token=secret", "GET /text 200 4 192.0.2.1"],
  ["HEAD /text", "HEAD /text 200 0 192.0.2.1"],
  ["HEAD /stream", "HEAD /stream 200 0 192.0.2.1"],
  ["GET /blob", "GET /blob 200 4 192.0.2.1"],
  ["GET /stream", "GET /stream 200 7 192.0.2.1"],
  ["GET /platform", "GET /platform 200 8 192.0.2.1"],
  ["GET /response", "GET /response 202 8 192.0.2.1"],
  ["GET /nothing", "GET /nothing 204 0 192.0.2.1"],
  ["GET /not-modified", "GET /not-modified 304 0 192.0.2.1"],
  ["GET /caught", "GET /caught 418 6 192.0.2.1"],
  ["OPTIONS *", "OPTIONS * 204 0 192.0.2.1"],
  ["FOO`BAR /text", "FOO`BAR /text 501"],
  ["GET /%1b%0a%0dtext", "GET /%1b%0a%0dtext 404"],
  ["GET /%zz", "GET /%zz 400"],
];

Deno.test.each(LINES)("accessLog() of %j is %j", async (request, line) => {
  const { app, lines } = logged();
  await converse(
    app,
    `${request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  assertEquals(lines.length, 1);
  assertEquals(steady(lines[0])!.slice(0, line.length), line);
});

Deno.test("accessLog() of app.fetch knows no client", async () => {
  const { app, lines } = logged();
  await (await app.request("/text")).text();
  assertEquals(steady(lines[0]), "GET /text 200 4 -");
});

Deno.test("accessLog() writes JSON of ASCII, whatever the client sent", async () => {
  const { app, lines } = logged({ format: "json", query: true });
  const agent = '\x9b31m"}\xe9\t</script>';
  await converse(
    app,
    `GET /text?a=%0A HTTP/1.1\r\nHost: a\r\nUser-Agent: ${agent}\r\n` +
      `Referer: ${"x".repeat(5_000)}\r\nConnection: close\r\n\r\n`,
  );
  const [line] = lines;
  assertMatch(line!, /^[\x20-\x7e]+$/);
  const { time, ms, referrer, ...entry } = JSON.parse(line!);
  assertMatch(time, /^\d{4}-.*Z$/);
  assertEquals([typeof ms, referrer], ["number", `${"x".repeat(2048)}...`]);
  assertEquals(entry, {
    method: "GET",
    path: "/text?a=%0A",
    route: "/text",
    status: 200,
    bytes: 4,
    client: "192.0.2.1",
    agent,
  });
});

Deno.test("accessLog() has the id of requestId(), whatever its field is called", async () => {
  const ids: (string | undefined)[] = [];
  const app = new Router();
  app.use(
    accessLog({
      write() {},
      format: ({ id }) => {
        ids.push(id);
        return "";
      },
    }),
    requestId({ header: "x-trace", generate: () => "abc" }),
  );
  const headers = { "x-request-id": "of another server" };
  app.get("/", () => new Response("", { headers }));
  await (await app.request("/")).body?.cancel();
  await (await app.request("/nowhere")).body?.cancel();
  assertEquals(ids, ["abc", "abc"]);
});

Deno.test("accessLog() writes a form of one's own, and the id of the request", async () => {
  const lines: string[] = [];
  const app = new Router();
  app.use(
    accessLog({
      format: ({ id, status }) => `${id} ${status}`,
      write: (line) => lines.push(line),
    }),
    requestId({ generate: () => "abc" }),
  );
  app.get("/", () => "Hello");
  await app.request("/");
  assertEquals(lines, ["abc 200"]);
  assertThrows(
    () => accessLog({ format: "xml" as "json" }),
    TypeError,
    'Cannot log in the format "xml"',
  );
});

Deno.test("accessLog() makes what is no ASCII harmless in a line of its own form", async () => {
  const { app, lines } = logged();
  const remote = { transport: "unix", path: "/run/\x1b[2J\n.sock" };
  const peer = Object.assign(new Peer(), { remote });
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  peer.end();
  await served;
  assertEquals(steady(lines[0]), "GET /text 200 4 /run/\\x1b[2J\\x0a.sock");
});

Deno.test("accessLog() says that the client left, and what it was sent until then", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const app = new Router();
  app.use(accessLog({ write: resolve }));
  app.get("/", () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    }));
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await peer.hears("\0".repeat(10));
  peer.reset();
  assertEquals(steady(await promise), "GET / 200 10 - left");
  await served;
});

Deno.test("accessLog() says that the source broke", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const app = new Router({ onError() {} });
  app.use(accessLog({ write: resolve }));
  app.get("/", async function* () {
    yield "é";
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    throw new Error("Broken");
  });
  const answer = await app.request("/");
  await answer.bytes().catch(() => {});
  assertEquals(steady(await promise), "GET / 200 2 - broken");
});

Deno.test("accessLog() does not let a log that fails reach an answer", async () => {
  const errors: unknown[] = [];
  const writes = [
    () => {
      throw new Error("The disk is full");
    },
    () => Promise.reject(new Error("The disk is full")),
  ];
  for (const write of writes) {
    const app = new Router({ onError: (error) => errors.push(error) });
    app.use(accessLog({ write }));
    app.get("/", () => "Hello");
    assertEquals(await (await app.request("/")).text(), "Hello");
  }
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  assertEquals(errors.map(String), Array(2).fill("Error: The disk is full"));
});

Deno.test("accessLog() logs what proxies say of the client, unless it is malformed", async () => {
  const ask = async (forwarded: string) => {
    const { app, lines } = logged();
    const said = await converse(
      app,
      `GET /text HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${forwarded}\r\nConnection: close\r\n\r\n`,
      { trustProxy: 1 },
    );
    return [said.slice(9, 12), steady(lines[0])];
  };
  assertEquals(await ask("203.0.113.9"), [
    "200",
    "GET /text 200 4 203.0.113.9",
  ]);
  assertEquals(await ask("\x1b[2J"), ["400", undefined]);
  assertEquals(await ask("no address"), ["200", "GET /text 200 4 -"]);
});

/** What breaks, and what is logged of it: over a connection, and on a platform. */
const BREAKING: [
  name: string,
  handler: (input: object, c: Context) => unknown,
  said: string,
  line: string,
  onPlatform?: string,
][] = [
  [
    "a stream that breaks at once",
    // deno-lint-ignore require-yield
    async function* () {
      throw new Error("Broken");
    },
    "HTTP/1.1 500 ",
    "GET / 500 67 -",
  ],
  [
    "a stream that breaks before its first piece",
    // deno-lint-ignore require-yield
    async function* () {
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      throw new HttpError(404, "It is gone");
    },
    "HTTP/1.1 404 ",
    "GET / 404 77 -",
  ],
  [
    "a platform stream that breaks at once",
    () =>
      new ReadableStream({
        pull() {
          throw new Error("Broken");
        },
      }),
    "HTTP/1.1 500 ",
    "GET / 500 67 -",
    "GET / 200 0 - broken",
  ],
  [
    "a stream of what cannot be sent",
    async function* () {
      yield "one";
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
      yield 7;
    },
    "HTTP/1.1 200 ",
    "GET / 200 3 - broken",
  ],
  [
    "a field that cannot be sent",
    (_input, c) => {
      c.headers.set("x-a", "a\r\nb");
      return "Hello";
    },
    "HTTP/1.1 500 ",
    "GET / 500 67 -",
  ],
  [
    "another length than was told",
    () => new Response("Hello", { headers: { "content-length": "7" } }),
    "HTTP/1.1 500 ",
    "GET / 500 67 -",
    "GET / 200 5 -",
  ],
];

for (const [name, handler, begins, line, onPlatform = line] of BREAKING) {
  Deno.test(`accessLog() says what was sent for ${name}`, async () => {
    const lines: string[] = [];
    const app = new Router({ onError() {} });
    app.use(accessLog({ write: (line) => lines.push(line) }));
    app.get("/", handler);
    const said = await converse(
      app,
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    assertEquals(said.slice(0, begins.length), begins);
    const answer = await app.request("/");
    await answer.bytes().catch(() => {});
    assertEquals(lines.map((line) => steady(line)!.replace("192.0.2.1", "-")), [
      line,
      onPlatform,
    ]);
  });
}

Deno.test("accessLog() says that a trailer broke", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const app = new Router({ onError() {} });
  app.use(accessLog({ write: resolve }));
  app.get("/", (_input, c) => {
    c.trailer("x-sum", () => Promise.reject(new Error("Broken")));
    return (async function* () {
      yield "abc";
    })();
  });
  await converse(app, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(steady(await promise), "GET / 200 3 192.0.2.1 broken");
});

Deno.test("accessLog() logs a handler that nobody waits for, when nobody does", async () => {
  const handler = Promise.withResolvers<string>();
  const logged = Promise.withResolvers<string>();
  const lines: string[] = [];
  const app = new Router({ onError() {} });
  const write = (line: string) => {
    lines.push(line);
    logged.resolve(line);
  };
  app.use(accessLog({ write }));
  app.get("/", () => handler.promise);
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), {
    onError() {},
    timeouts: { handler: 20, linger: 20 },
  });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(steady(await logged.promise), "GET / 503 65 -");
  handler.resolve("Hello");
  peer.end();
  await served;
  assertEquals(lines.length, 1);
});

Deno.test("accessLog() says that the client left before there was an answer", async () => {
  const handler = Promise.withResolvers<string>();
  const called = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const app = new Router();
  app.use(accessLog({ write: resolve }));
  app.get("/", () => {
    called.resolve();
    return handler.promise;
  });
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await called.promise;
  peer.reset();
  await served;
  handler.resolve("Hello");
  assertEquals(steady(await promise), "GET / 200 0 - left");
});

Deno.test("accessLog() says that the client left in the midst of a long text", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const app = new Router();
  app.use(accessLog({ write: resolve }));
  app.get("/", () => "x".repeat(1_000_000));
  const peer = new Peer();
  const served = serveConnection(peer, toHandler(app), { onError() {} });
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await peer.hears("xxx");
  peer.reset();
  await served;
  assertEquals(steady(await promise), "GET / 200 - - left");
});

Deno.test("accessLog() logs an upgrade when it is made", async () => {
  const lines: string[] = [];
  const app = new Router();
  app.use(accessLog({ write: (line) => lines.push(line) }));
  const echo = () =>
    upgrade("echo", async (transport) => {
      await transport.write(new TextEncoder().encode(`${lines.length} line`));
    });
  app.get("/", echo);
  app.on("CONNECT", "*", echo);
  const upgrades = "Connection: upgrade\r\nUpgrade: echo\r\n\r\n";
  const asked: [head: string, status: string, line: string][] = [
    ["GET / HTTP/1.1\r\nHost: a\r\n", "101", "GET / 101 - 192.0.2.1"],
    [
      "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n",
      "200",
      "CONNECT a:1 200 - 192.0.2.1",
    ],
  ];
  for (const [head, status, line] of asked) {
    const said = await converse(app, head + upgrades);
    assertEquals([said.slice(9, 12), said.slice(-6)], [status, "1 line"]);
    assertEquals(lines.splice(0).map(steady), [line]);
  }
});
