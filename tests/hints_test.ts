/**
 * 103 Early Hints, byte by byte: when they are sent, in which order, and when
 * they are not (RFC 8297, RFC 9110 §15.2).
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { serveConnection } from "../connection.ts";
import { converse } from "../features/testing.ts";
import type { Context } from "../request.ts";
import type { HintInit } from "../request/hints.ts";
import { toAnswer, upgrade } from "../response.ts";
import { Router } from "../router.ts";
import { Peer } from "./peer.ts";

const LINK = "</app.css>; rel=preload; as=style";
const HINT = `HTTP/1.1 103 Early Hints\r\nlink: ${LINK}\r\n\r\n`;
const get = (path: string, fields = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: h\r\n${fields}\r\n`;

/** What `handle` makes the server say to `wire`. */
async function say(
  handle: (c: Context) => unknown,
  wire: string | string[] = get("/"),
): Promise<string> {
  const app = new Router();
  app.on("*", "/*rest", (_input, c) => handle(c));
  return await converse(app, wire);
}

Deno.test("Context.hint() sends the fields at once, and then the answer as it is", async () => {
  const said = await say(async (c) => {
    assertEquals(await c.hint({ link: LINK }), true);
    c.headers.set("x", "1");
    return "text";
  });
  assert(said.startsWith(HINT + "HTTP/1.1 200 OK\r\n"));
  const answer = said.slice(HINT.length);
  assertMatch(answer, /^x: 1\r$/m);
  assertMatch(answer, /^Content-Length: 4\r$/m);
  assertEquals(/link/.test(answer), false);
  assert(answer.endsWith("\r\n\r\ntext"));
});

const GIVEN: [name: string, fields: HintInit, lines: string[]][] = [
  ["a record", { Link: LINK }, [`link: ${LINK}`]],
  ["several of a name", { link: ["<a>", "<b>"] }, ["link: <a>", "link: <b>"]],
  ["several names", { link: "<a>", "x-a": "1" }, ["link: <a>", "x-a: 1"]],
  ["pairs", [["link", "<a>"], ["link", "<b>"]], ["link: <a>", "link: <b>"]],
  ["Headers", new Headers({ link: "<a>" }), ["link: <a>"]],
  ["white space around", { link: " <a>\t" }, ["link: <a>"]],
  ["obs-text", { x: "caf\xE9" }, ["x: caf\xE9"]],
];

Deno.test("Context.hint() takes whatever makes fields", async () => {
  for (const [name, fields, lines] of GIVEN) {
    const said = await say((c) => c.hint(fields));
    const hint = said.slice(0, said.indexOf("\r\n\r\n")).split("\r\n");
    assertEquals([name, ...hint], [name, "HTTP/1.1 103 Early Hints", ...lines]);
  }
});

const REFUSED: [fields: unknown, says: string][] = [
  [{ "content-length": "5" }, 'Cannot hint at the field "content-length"'],
  [{ "Transfer-Encoding": "chunked" }, "transfer-encoding"],
  [{ connection: "close" }, "connection"],
  [{ "keep-alive": "timeout=5" }, "keep-alive"],
  [{ upgrade: "h2c" }, "upgrade"],
  [{ trailer: "x" }, "trailer"],
  [{ te: "trailers" }, "te"],
  [{ link: "<a>\r\n\r\nHTTP/1.1 200 OK" }, "control character"],
  [{ link: "<a>\0" }, "control character"],
  [{ link: "<\u20AC>" }, "not an octet"],
  [{ "a b": "1" }, "not a token"],
  [{ "a\r\n": "1" }, "not a token"],
  [{}, "no field was given"],
  [{ link: [] }, "no field was given"],
  ["link: <a>", "Cannot hint at a string: give fields, as { link: "],
  [undefined, "Cannot hint at undefined"],
  [null, "Cannot hint at null"],
  [["link"], "Cannot make fields"],
];

Deno.test("Context.hint() refuses what would frame, split or end the answer, and sends none of it", async () => {
  for (const [fields, says] of REFUSED) {
    const said = await say(async (c) => {
      await assertRejects(() => c.hint(fields as HintInit), TypeError, says);
      return "fine";
    });
    assertMatch(said, /^HTTP\/1\.1 200 /);
  }
});

Deno.test("Context.hint() sends several in a row, in order", async () => {
  const said = await say(async (c) => {
    for (const n of [1, 2, 3]) assert(await c.hint({ x: `${n}` }));
    return "text";
  });
  const x = [1, 2, 3].map((n) => `HTTP/1.1 103 Early Hints\r\nx: ${n}\r\n\r\n`);
  assert(said.startsWith(x.join("") + "HTTP/1.1 200 "));
});

Deno.test("Context.hint() keeps its place though nobody waits for it", async () => {
  const wire = get("/1") + get("/2") + get("/3");
  const said = await say((c) => {
    c.hint({ x: `${c.path}a` });
    c.hint({ x: `${c.path}b` });
    return `${c.path}c`;
  }, wire);
  assertEquals(said.match(/\/\d[abc]/g), [
    ...["/1a", "/1b", "/1c"],
    ...["/2a", "/2b", "/2c"],
    ...["/3a", "/3b", "/3c"],
  ]);
  assertEquals(
    said.match(/HTTP\/1.1 \d+/g)!.map((line) => line.slice(9)).join(),
    "103,103,200,103,103,200,103,103,200",
  );
});

Deno.test("Context.hint() is behind the answers to earlier requests", async () => {
  const wire = get("/a") + get("/hints") + get("/b");
  const said = await say(async (c) => {
    if (c.path === "/hints") await c.hint({ link: LINK });
    return `(${c.path})`;
  }, wire);
  assertEquals(said.match(/\(\/\w+\)|Early/g), [
    "(/a)",
    "Early",
    "(/hints)",
    "(/b)",
  ]);
});

const SILENT: [name: string, wire: string][] = [
  ["HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"],
  [
    "HTTP/1.0 that persists",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  ],
];

Deno.test("Context.hint() sends nothing to HTTP/1.0, and says so", async () => {
  for (const [name, wire] of SILENT) {
    const seen: boolean[] = [];
    const said = await say(async (c) => {
      seen.push(await c.hint({ link: LINK }));
      return "text";
    }, wire);
    assertEquals([name, seen], [name, [false]]);
    assertMatch(said, /^HTTP\/1\.1 200 /);
  }
});

Deno.test("Context.hint() works for HEAD and for any status", async () => {
  const wire = `HEAD / HTTP/1.1\r\nHost: h\r\n\r\n`;
  const said = await say(async (c) => {
    await c.hint({ link: LINK });
    c.status = 404;
    return "none";
  }, wire);
  assert(said.startsWith(HINT + "HTTP/1.1 404 Not Found\r\n"));
  assertEquals(said.endsWith("Content-Length: 4\r\n\r\n"), true);
});

Deno.test("Context.hint() goes with 100 Continue, on either side of it", async () => {
  const peer = new Peer();
  const served = serveConnection(peer, async (c) => {
    await c.hint({ x: "before" });
    const text = await c.text();
    await c.hint({ x: "behind" });
    return toAnswer(text);
  });
  peer.send(
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
  );
  await peer.hears("100 Continue");
  peer.send("hi");
  await peer.hears("\r\n\r\nhi");
  peer.end();
  await served;
  const order = peer.said.match(/before|100 Continue|behind|200 OK/g);
  assertEquals(order, ["before", "100 Continue", "behind", "200 OK"]);
});

Deno.test("Context.hint() is too late when the answer has begun, and when it is over", async () => {
  const late: boolean[] = [];
  let first: Context | undefined;
  const said = await say((c) => {
    if (first !== undefined) return first.hint({ x: "other" }).then(String);
    first = c;
    return (async function* () {
      yield "a".repeat(40_000);
      late.push(await c.hint({ x: "1" }));
    })();
  }, get("/1") + get("/2"));
  assertEquals(late, [false]);
  assert(said.endsWith("\r\n\r\nfalse"));
  assertEquals(said.includes("103"), false);
});

Deno.test("Context.hint() tells that the client has left", async () => {
  const peer = new Peer();
  const seen: boolean[] = [];
  const gone = Promise.withResolvers<void>();
  const served = serveConnection(peer, async (c) => {
    c.signal.onabort = () => gone.resolve();
    seen.push(await c.hint({ x: "1" }));
    peer.reset();
    await gone.promise;
    seen.push(await c.hint({ x: "2" }));
    return toAnswer("nobody");
  }, { onError() {} });
  peer.send(get("/"));
  await served;
  assertEquals(seen, [true, false]);
});

Deno.test("Context.hint() waits for a client that is slow to take it", async () => {
  const peer = new Peer();
  let sent = 0;
  const served = serveConnection(peer, async (c) => {
    while (sent < 3) {
      await c.hint({ x: "1".repeat(30_000) });
      sent++;
    }
    return toAnswer("done");
  });
  peer.stall();
  peer.send(get("/"));
  await peer.isRead();
  for (let turn = 0; turn < 100; turn++) await null;
  assertEquals(sent, 0);
  peer.resume();
  await peer.hears("done");
  peer.end();
  await served;
  assertEquals(sent, 3);
});

Deno.test("Context.hint() stays with an answer that fails, and one by a middleware", async () => {
  const app = new Router();
  app.use(async (c, next) => {
    await c.hint({ x: "outer" });
    return await next();
  });
  app.get("/", async (_input, c) => {
    await c.hint({ x: "inner" });
    throw new Error("late");
  });
  const said = await converse(app, get("/"));
  const order = said.match(/outer|inner|HTTP\/1.1 500/g);
  assertEquals(order, ["outer", "inner", "HTTP/1.1 500"]);
});

Deno.test("Context.hint() comes before an upgrade", async () => {
  const app = new Router();
  app.get("/", async (_input, c) => {
    await c.hint({ x: "1" });
    return upgrade("echo", async (transport) => {
      await transport.write(new TextEncoder().encode("hello"));
    });
  });
  const fields = "Connection: upgrade\r\nUpgrade: echo\r\n";
  const said = await converse(app, get("/", fields));
  assertMatch(said, /^HTTP\/1.1 103 [^]*\r\n\r\nHTTP\/1.1 101 [^]*hello$/);
});

Deno.test("Context.hint() checks the fields in app.fetch, and sends none", async () => {
  const app = new Router();
  app.get("/", async (_input, c) => {
    await assertRejects(() => c.hint({ "content-length": "1" }), TypeError);
    return String(await c.hint({ link: LINK }));
  });
  const answer = await app.fetch(new Request("http://h/"));
  assertEquals(await answer.text(), "false");
  assertEquals(answer.headers.get("link"), null);
});

Deno.test("Context.hint() is the same for every way of cutting the request", async () => {
  const wire = get("/", "X-A: 1\r\n");
  const app = new Router();
  app.get("/", async (_input, c) => {
    await c.hint({ link: LINK });
    return "text";
  });
  const whole = await converse(app, wire);
  for (let at = 1; at < wire.length; at++) {
    const parts = [wire.slice(0, at), wire.slice(at)];
    const said = await converse(app, parts);
    assertEquals(statusesOf(said), statusesOf(whole));
    assertStringIncludes(said, HINT);
  }
});

function statusesOf(said: string): string[] {
  return said.match(/HTTP\/1\.1 \d+/g) ?? [];
}
