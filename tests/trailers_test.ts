/**
 * Fields behind the content, out and in, byte by byte (RFC 9110 §6.5, RFC 9112
 * §7.1.2).
 */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { serveConnection } from "../connection.ts";
import { HttpError } from "../errors.ts";
import { converse } from "../features/testing.ts";
import type { TrailerValue } from "../messages.ts";
import type { Context } from "../request.ts";
import { json, toAnswer } from "../response.ts";
import { Router } from "../router.ts";
import { checkTrailerName } from "../wire/trailers.ts";
import { Peer } from "./peer.ts";

const get = (path = "/", fields = ""): string =>
  `GET ${path} HTTP/1.1\r\nHost: h\r\n${fields}\r\n`;
const chunked = (body: string, fields = ""): string =>
  `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n${fields}\r\n${body}`;

interface Said {
  readonly head: string;
  readonly body: string;
  readonly errors: readonly string[];
}

/** What `handle` makes the server say to `wire`, and what is reported. */
async function say(
  handle: (c: Context) => unknown,
  wire: string | string[] = get(),
  around?: (c: Context) => unknown,
): Promise<Said> {
  const app = new Router();
  app.use(async (c, next) => {
    const answer = await next();
    await around?.(c);
    return answer;
  });
  app.on("*", "/*rest", (_input, c) => handle(c));
  const errors: string[] = [];
  const onError = (error: unknown) => void errors.push(String(error));
  const said = await converse(app, wire, { onError });
  const end = said.indexOf("\r\n\r\n");
  return { head: said.slice(0, end + 2), body: said.slice(end + 4), errors };
}

// ── out ────────────────────────────────────────────────────────────────────

const CARRIED: [name: string, result: () => unknown, chunks: string][] = [
  ["text", () => "text", "4\r\ntext\r\n"],
  ["text beyond ASCII", () => "\u20AC", "3\r\n\xE2\x82\xAC\r\n"],
  ["no text", () => "", ""],
  ["bytes", () => Uint8Array.of(0, 255), "2\r\n\0\xFF\r\n"],
  ["JSON", () => ({ a: 1 }), '7\r\n{"a":1}\r\n'],
  ["json()", () => json([1]), "3\r\n[1]\r\n"],
  ["a Response", () => new Response("text"), "4\r\ntext\r\n"],
  ["a Response without content", () => new Response(null), ""],
  ["a Blob", () => new Blob(["blob"]), "4\r\nblob\r\n"],
  ["one piece", async function* () {
    yield "one";
  }, "3\r\none\r\n"],
  ["no piece", async function* () {}, ""],
  ["several", async function* () {
    yield "one";
    yield "";
    yield "two";
  }, "3\r\none\r\n3\r\ntwo\r\n"],
  [
    "a ReadableStream",
    () => new Response("text").body,
    "4\r\ntext\r\n",
  ],
];

Deno.test("Context.trailer() comes behind whatever a handler returns, in chunks", async () => {
  for (const [name, result, chunks] of CARRIED) {
    const { head, body } = await say((c) => {
      c.trailer("X-End", "1");
      return result();
    });
    assertMatch(head, /^HTTP\/1\.1 200 OK\r\n/);
    assertMatch(head, /^Transfer-Encoding: chunked\r$/m);
    assertMatch(head, /^Trailer: x-end\r$/m);
    assertEquals(/^content-length/im.test(head), false);
    assertEquals([name, body], [name, `${chunks}0\r\nx-end: 1\r\n\r\n`]);
  }
});

Deno.test("Context.trailer() of a large text follows all of it", async () => {
  const large = "a".repeat(100_000);
  const { body } = await say((c) => (c.trailer("x", "1"), large));
  assertEquals(body, `186a0\r\n${large}\r\n0\r\nx: 1\r\n\r\n`);
});

Deno.test("Context.trailer() takes the place of a length that the application told", async () => {
  const { head, body } = await say((c) => {
    c.trailer("x", "1");
    c.headers.set("content-length", "3");
    return (async function* () {
      yield "abc";
    })();
  });
  assertEquals(/^content-length/im.test(head), false);
  assertEquals(body, "3\r\nabc\r\n0\r\nx: 1\r\n\r\n");
});

Deno.test("Context.trailer() calls functions when the content has ended, in order", async () => {
  const order: string[] = [];
  const tell = (name: string) => {
    order.push(name);
    return name;
  };
  const { head, body } = await say((c) => {
    c.trailer("b", () => tell("first"));
    c.trailer("a", async () => {
      await new Promise((resolve) => setTimeout(resolve));
      return tell("second");
    });
    c.trailer("B", () => tell("third"));
    return (async function* () {
      yield tell("one");
      yield tell("two");
    })();
  });
  assertEquals(order, ["one", "two", "first", "second", "third"]);
  assertMatch(head, /^Trailer: b, a\r$/m);
  assert(body.endsWith("0\r\nb: first\r\na: second\r\nb: third\r\n\r\n"));
});

Deno.test("Context.trailer() may be said behind next(), and while a stream is sent", async () => {
  const { head, body } = await say(
    (c) =>
      (async function* () {
        yield "a";
        yield "b";
        c.trailer("late", "2");
      })(),
    get(),
    (c) => c.trailer("around", "1"),
  );
  assertMatch(head, /^Trailer: around\r$/m);
  assert(body.endsWith("\r\n0\r\naround: 1\r\nlate: 2\r\n\r\n"));
});

Deno.test("Context.trailer() holds for the answer to an error as well", async () => {
  const { head, body } = await say((c) => {
    c.trailer("server-timing", () => "db;dur=3");
    throw new Error("no");
  });
  assertMatch(head, /^HTTP\/1\.1 500 /);
  assert(body.endsWith("\r\n0\r\nserver-timing: db;dur=3\r\n\r\n"));
});

Deno.test("Context.trailer() of a digest does not outlive the content", async () => {
  for (const caught of [false, true]) {
    const app = new Router({ onError() {} });
    if (caught) app.catch(Error, () => "sorry");
    app.get("/", (_input, c) => {
      c.trailer("repr-digest", () => "sha-256=:of the page:");
      c.trailer("etag", '"1"');
      if (c.header("timed")) c.trailer("server-timing", "db;dur=3");
      throw new HttpError(404, "no");
    });
    const plain = await converse(app, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertEquals(/digest|etag|Trailer|chunked/i.test(plain), false, plain);
    const timed = await converse(
      app,
      "GET / HTTP/1.1\r\nHost: a\r\nTimed: 1\r\n\r\n",
    );
    assertMatch(timed, /^Trailer: server-timing\r$/m);
    assert(timed.endsWith("\r\n0\r\nserver-timing: db;dur=3\r\n\r\n"));
  }
});

const LEFT_OUT: [
  name: string,
  wire: string,
  result: (c: Context) => unknown,
  framing: RegExp | null,
][] = [
  [
    "HTTP/1.0",
    "GET / HTTP/1.0\r\n\r\n",
    () => "text",
    /^Content-Length: 4\r$/m,
  ],
  ["a stream to HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", async function* () {
    yield "one";
    await new Promise((resolve) => setTimeout(resolve));
    yield "two";
  }, /^Connection: close\r$/m],
  ["204", get(), () => undefined, null],
  ["205", get(), (c) => (c.status = 205, ""), /^Content-Length: 0\r$/m],
  ["304", get(), () => new Response(null, { status: 304 }), null],
];

Deno.test("Context.trailer() is left out where nothing can carry it, and not announced", async () => {
  for (const [name, wire, result, framing] of LEFT_OUT) {
    let called = false;
    const { head, body } = await say((c) => {
      c.trailer("x", () => {
        called = true;
        return "1";
      });
      return result(c);
    }, wire);
    assertEquals([name, called, /^trailer/im.test(head)], [name, false, false]);
    assertEquals(/^transfer-encoding/im.test(head), false);
    assertMatch(head, framing ?? /^HTTP/);
    assertEquals(body.includes("x: "), false);
  }
});

Deno.test("Context.trailer() is announced to HEAD, and not computed", async () => {
  let called = false;
  const wire = `HEAD / HTTP/1.1\r\nHost: h\r\n\r\n${get("/second")}`;
  const { head, body } = await say((c) => {
    if (c.method !== "HEAD") return "second";
    c.trailer("x", () => {
      called = true;
      return "1";
    });
    return "text";
  }, wire);
  assertMatch(head, /^Trailer: x\r$/m);
  assertEquals(/^(content-length|transfer-encoding)/im.test(head), false);
  assert(body.startsWith("HTTP/1.1 200 OK\r\n"));
  assertEquals(called, false);
});

Deno.test("Context.trailer() belongs to its own request", async () => {
  let first: Context | undefined;
  const { body } = await say((c) => {
    if (first === undefined) (first = c).trailer("x", "1");
    else first.trailer("y", "2");
    return c.path;
  }, get("/1") + get("/2"));
  assertMatch(body, /^2\r\n\/1\r\n0\r\nx: 1\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  assertMatch(body, /Content-Length: 2\r\n\r\n\/2$/);
});

const BROKEN: [name: string, value: () => unknown, says: RegExp][] = [
  ["throws", () => {
    throw new Error("no checksum");
  }, /no checksum/],
  ["rejects", () => Promise.reject(new Error("no checksum")), /no checksum/],
  ["is no text", () => 7, /no text/],
  ["is nothing", () => undefined, /no text/],
  ["splits", () => "1\r\n\r\nHTTP/1.1 200 OK", /control character/],
  ["is no octets", () => "\u20AC", /not an octet/],
];

Deno.test("a trailer that fails breaks the answer off, and is reported", async () => {
  for (const [name, value, says] of BROKEN) {
    const { body, errors } = await say((c) => {
      c.trailer("before", "1");
      c.trailer("x", value as () => string);
      return "text";
    }, get("/1") + get("/2"));
    assertEquals([name, body], [name, "4\r\ntext\r\n"]);
    assertEquals(errors.length, 1);
    assertMatch(errors[0]!, says);
  }
});

Deno.test("a stream that fails has no trailers, so nobody takes it for whole", async () => {
  let called = false;
  const { body, errors } = await say((c) => {
    c.trailer("x", () => {
      called = true;
      return "1";
    });
    return (async function* () {
      yield "a".repeat(70_000);
      throw new Error("broken");
    })();
  });
  assertEquals(body.includes("\r\n0\r\n"), false);
  assertEquals([called, errors], [false, ["Error: broken"]]);
});

Deno.test("a client that leaves is not waited for by a trailer", async () => {
  const peer = new Peer();
  const errors: unknown[] = [];
  const called = Promise.withResolvers<void>();
  const served = serveConnection(peer, (c) => {
    c.trailer("x", () => {
      called.resolve();
      return new Promise<string>(() => {});
    });
    return toAnswer("text");
  }, { onError: (error) => void errors.push(error) });
  peer.send(get());
  await called.promise;
  await peer.hears("4\r\ntext\r\n");
  peer.reset();
  await served;
  assertEquals(errors, []);
});

const NAMES: [name: unknown, says: string | undefined][] = [
  ...[
    ...["Server-Timing", "etag", "content-digest", "repr-digest", "x-a", "a"],
    ...["accept-ranges", "grpc-status", "signature", "!#$%&'*+-.^_`|~"],
  ].map((name) => [name, undefined] as [string, undefined]),
  ...[
    ...["Content-Length", "TRANSFER-ENCODING", "host", "connection", "te"],
    ...["upgrade", "trailer", "keep-alive", "proxy-authenticate", "cookie"],
    ...["set-cookie", "authorization", "www-authenticate", "if-match", "age"],
    ...["content-type", "content-encoding", "content-range", "cache-control"],
    ...["location", "vary", "date", "expires", "retry-after", "range"],
    ...["expect", "max-forwards", "sec-websocket-accept", "link"],
    ...["access-control-allow-origin", "content-security-policy"],
  ].map((name) => [name, "it belongs into the head"] as [string, string]),
  ...["", "a b", "a:", "a\r\nb", "\u20AC", "caf\xE9", " a", 7, null, undefined]
    .map((name) => [name, "its name is not a token"] as [unknown, string]),
];

Deno.test("checkTrailerName() refuses what belongs into the head", () => {
  for (const [name, says] of NAMES) {
    const wrong = checkTrailerName(name as string);
    assertEquals([name, wrong === undefined], [name, says === undefined]);
    if (says !== undefined) assert(wrong!.includes(says));
  }
});

Deno.test("Context.trailer() refuses in a sentence what cannot be sent, and changes nothing", async () => {
  const refused: [name: unknown, value: unknown, says: string][] = [
    ["content-length", "1", "it belongs into the head (RFC 9110 §6.5.1)"],
    ["a b", "1", "its name is not a token"],
    ["x", "1\r\n", "its value has a control character"],
    ["x", "\u20AC", "not an octet"],
    ["x", 7, "neither text nor a function"],
    ["x", undefined, "neither text nor a function"],
    ["x", null, "neither text nor a function"],
  ];
  const { head, body } = await say((c) => {
    for (const [name, value, says] of refused) {
      const set = () => c.trailer(name as string, value as TrailerValue);
      assertThrows(set, TypeError, says);
    }
    return "text";
  });
  assertMatch(head, /^Content-Length: 4\r$/m);
  assertEquals(body, "text");
});

Deno.test("Context.trailer() is checked and left out in app.fetch", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    assertThrows(() => c.trailer("host", "1"), TypeError);
    c.trailer("x", () => "1");
    return "text";
  });
  const answer = await app.fetch(new Request("http://h/"));
  assertEquals(await answer.text(), "text");
  assertEquals([answer.headers.get("trailer"), answer.headers.get("x")], [
    null,
    null,
  ]);
});

// ── in ─────────────────────────────────────────────────────────────────────

const BODY = "3\r\nabc\r\n2\r\nde\r\n0\r\nX-A: 1\r\nx-b:\t2 \r\nX-A: 3\r\n\r\n";
const FIELDS = "x-a: 1|x-b: 2|x-a: 3";

const told = (c: Context): string =>
  [...c.trailers()].map((line) => line.join(": ")).join("|");

const READERS: [name: string, read: (c: Context) => unknown][] = [
  ["text", (c) => c.text()],
  ["bytes", (c) => c.bytes()],
  ["pieces", async (c) => {
    for await (const piece of c.content) piece.length;
  }],
  ["the body of the Request", (c) => c.request.arrayBuffer()],
];

Deno.test("Context.trailers() gives what came behind the content, for every way of reading and cutting", async () => {
  const wire = chunked(BODY, "Trailer: X-A\r\n");
  for (const [name, read] of READERS) {
    for (let at = wire.indexOf("3\r\nabc"); at < wire.length; at++) {
      const { body } = await say(async (c) => {
        await read(c);
        assertEquals([c.header("x-a"), c.header("x-b")], [
          undefined,
          undefined,
        ]);
        return told(c);
      }, [wire.slice(0, at), wire.slice(at)]);
      assertEquals([name, at, body], [name, at, FIELDS]);
    }
  }
});

Deno.test("Context.trailers() is a TypeError before the content was read to its end", async () => {
  const says = "Cannot read the trailers: they come behind the content";
  const { body } = await say(async (c) => {
    assertThrows(() => c.trailers(), TypeError, says);
    for await (const _piece of c.content) {
      assertThrows(() => c.trailers(), TypeError, says);
      break;
    }
    assertThrows(() => c.trailers(), TypeError, says);
    return "fine";
  }, chunked(BODY));
  assertEquals(body, "fine");
});

const WITHOUT: [name: string, wire: string][] = [
  ["no content", get()],
  [
    "content of a length",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab",
  ],
  ["HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab"],
  ["chunks and no trailers", chunked("2\r\nab\r\n0\r\n\r\n")],
  ["chunks without data", chunked("0\r\n\r\n")],
  ["an announcement alone", chunked("0\r\n\r\n", "Trailer: X-A\r\n")],
];

Deno.test("Context.trailers() is empty where none came", async () => {
  for (const [name, wire] of WITHOUT) {
    const { body } = await say(async (c) => {
      await c.bytes();
      return `${c.trailers().count}`;
    }, wire);
    assertEquals([name, body], [name, "0"]);
  }
});

Deno.test("Context.trailers() keeps apart what would frame, route or prove, and is no object's key", async () => {
  const lines = [
    ...["Content-Length: 9", "Transfer-Encoding: gzip", "Host: evil"],
    ...["Authorization: Basic eA==", "Cookie: a=1", "Connection: close"],
    ...["__proto__: 1", "X: caf\xE9"],
  ].map((line) => `${line}\r\n`).join("");
  const names =
    "content-length,transfer-encoding,host,authorization,cookie,connection,__proto__,x";
  const wire = chunked(`0\r\n${lines}\r\n`) + get("/next");
  const { body } = await say(async (c) => {
    await c.bytes();
    if (c.path === "/next") return "next";
    assertEquals(c.url.host, "h");
    assertEquals([...c.cookies], []);
    assertEquals(c.header("authorization"), undefined);
    assertEquals(c.trailers().get("x"), "caf\xE9");
    return [...c.trailers().keys()].join();
  }, wire);
  assert(body.startsWith(names));
  assert(body.endsWith("next"));
});

Deno.test("trailers that are malformed or too many refuse the request, whoever waits for them", async () => {
  const refused: [name: string, body: string, status: string][] = [
    ["no colon", "0\r\nX\r\n\r\n", "400"],
    ["a control", "0\r\nX: \x01\r\n\r\n", "400"],
    ["a fold", "0\r\nX: 1\r\n 2\r\n\r\n", "400"],
    ["too many", `0\r\n${"X: 1\r\n".repeat(33)}\r\n`, "431"],
    ["too long", `0\r\nX: ${"1".repeat(9000)}\r\n\r\n`, "431"],
    ["cut off", "0\r\nX: 1\r\n", "400"],
  ];
  for (const [name, body, status] of refused) {
    const { head } = await say(async (c) => {
      await c.bytes();
      return told(c);
    }, chunked(body));
    assertEquals([name, head.slice(9, 12)], [name, status]);
  }
});

Deno.test("Context.trailers() goes round with Context.trailer()", async () => {
  const { body } = await say(async (c) => {
    const text = await c.text();
    for (const [name, value] of c.trailers()) c.trailer(name, value);
    return text;
  }, chunked(BODY));
  assertEquals(
    body,
    "5\r\nabcde\r\n0\r\nx-a: 1\r\nx-b: 2\r\nx-a: 3\r\n\r\n",
  );
});

Deno.test("Context.trailers() is empty in app.fetch", async () => {
  const app = new Router();
  app.post("/", async (_input, c) => {
    const before = c.trailers().count;
    await c.text();
    return `${before} ${c.trailers().count}`;
  });
  const init = { method: "POST", body: "text" };
  const answer = await app.fetch(new Request("http://h/", init));
  assertEquals(await answer.text(), "0 0");
});
