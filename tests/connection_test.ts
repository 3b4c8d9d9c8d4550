/**
 * One connection against a peer in the hands of the test: what is sent when,
 * what is read when, and what ends it. No network, no router.
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { type Respond, serveConnection } from "../connection.ts";
import type { ConnectionOptions } from "../connection/settings.ts";
import type { Fault } from "../errors.ts";
import { Context } from "../request.ts";
import { toAnswer, upgrade } from "../response.ts";
import type { Transport } from "../messages.ts";
import { Peer } from "./peer.ts";
import { Buffer } from "node:buffer";

const HOST = "Host: h\r\n";
const get = (path: string, fields = ""): string =>
  `GET ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`;
const post = (content: string, fields = ""): string =>
  `POST / HTTP/1.1\r\n${HOST}Content-Length: ${content.length}\r\n${fields}\r\n${content}`;
const CHUNKED = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;

/** Serves `handle` to a peer while `act` goes on; the connection has to end. */
async function talk(
  handle: (c: Context) => unknown,
  act: (peer: Peer) => Promise<void> | void,
  options: ConnectionOptions = {},
): Promise<{ peer: Peer; said: string; errors: unknown[] }> {
  const peer = new Peer();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const respond: Respond = (c) => {
    const result = handle(c);
    return result instanceof Promise ? result.then(toAnswer) : toAnswer(result);
  };
  const served = serveConnection(peer, respond, { onError, ...options });
  await act(peer);
  await served;
  assert(peer.closed, "the connection is closed in the end");
  return { peer, said: peer.said, errors };
}

/** What is said to `wire` when no more comes behind it. */
async function say(
  handle: (c: Context) => unknown,
  wire: string,
  options: ConnectionOptions = {},
): Promise<string> {
  const act = (peer: Peer) => {
    peer.send(wire);
    peer.end();
  };
  return (await talk(handle, act, options)).said;
}

/** The contents of answers with a length, and the last field of interest. */
function contents(said: string): string[] {
  return said.split(/HTTP\/1\.1 \d{3} [\w -]*\r\n(?:[^\r\n]+\r\n)*\r\n/).slice(
    1,
  );
}

function statuses(said: string): number[] {
  return Array.from(
    said.matchAll(/HTTP\/1\.1 (\d{3}) /g),
    ([, status]) => Number(status),
  );
}

// ── one after the other ────────────────────────────────────────────────────

Deno.test("serveConnection() answers requests that came at once in order, with one write", async () => {
  const { peer } = await talk((c) => c.path, (peer) => {
    peer.send(get("/a") + get("/b") + get("/c"));
    peer.end();
  });
  assertEquals(contents(peer.said), ["/a", "/b", "/c"]);
  assertEquals(peer.writes, 1);
});

Deno.test("serveConnection() keeps the order when the first handler is slow", async () => {
  const slow = Promise.withResolvers<string>();
  const { said } = await talk(
    (c) => c.path === "/slow" ? slow.promise : c.path,
    async (peer) => {
      peer.send(get("/a") + get("/slow") + get("/b"));
      // What was ready goes out although the next is not.
      await peer.hears("/a");
      slow.resolve("slow");
      await peer.hears("/b");
      peer.end();
    },
  );
  assertEquals(contents(said), ["/a", "slow", "/b"]);
});

Deno.test("serveConnection() answers handlers that wait for nothing with one write, too", async () => {
  // deno-lint-ignore require-await
  const { peer } = await talk(async (c) => c.path, (peer) => {
    peer.send(get("/a") + get("/b"));
    peer.end();
  });
  assertEquals([contents(peer.said), peer.writes], [["/a", "/b"], 1]);
});

Deno.test("serveConnection() gives others a turn within a flood of requests", async () => {
  const { peer } = await talk((c) => c.path, (peer) => {
    peer.send(get("/a").repeat(100));
    peer.end();
  });
  assertEquals(contents(peer.said).length, 100);
  assert(peer.writes > 3, `${peer.writes} writes`);
});

Deno.test("serveConnection() answers a client that has closed its half", async () => {
  const gate = Promise.withResolvers<void>();
  const { said } = await talk(
    () => gate.promise.then(() => "late"),
    async (peer) => {
      peer.send(get("/"));
      peer.end();
      await peer.isRead();
      gate.resolve();
    },
  );
  assertEquals(contents(said), ["late"]);
});

Deno.test("serveConnection() closes after HTTP/1.0, unless it is asked to keep alive", async () => {
  const plain = await say(
    (c) => c.path,
    "GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
  );
  assertEquals(contents(plain), ["/a"]);
  const kept = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const said = await say((c) => c.path, kept + kept);
  assertEquals(contents(said), ["/a", "/a"]);
  assertStringIncludes(said, "Connection: keep-alive\r\n");
});

Deno.test("serveConnection() parses nothing behind Connection: close", async () => {
  const seen: string[] = [];
  const said = await say(
    (c) => void seen.push(c.path),
    get("/a", "Connection: close\r\n") + get("/b"),
  );
  assertEquals([seen, statuses(said)], [["/a"], [204]]);
  assertStringIncludes(said, "Connection: close\r\n");
});

Deno.test("serveConnection() keeps the context whole after the answer", async () => {
  const kept: Context[] = [];
  await say(
    (c) => void kept.push(c),
    get("/a?b=1", "X: 1\r\n") + get("/other", "X: 2\r\n"),
  );
  const first = kept[0]!;
  assertEquals(
    [first.path, first.query.get("b"), first.header("x"), first.url.href],
    ["/a", "1", "1", "http://h/a?b=1"],
  );
  await assertRejects(
    () =>
      first.bytes().then(() => first.content.bytes()).then(() => {
        throw new TypeError("content of a GET is empty");
      }),
    TypeError,
  );
});

// ── content ────────────────────────────────────────────────────────────────

Deno.test("serveConnection() gives content and finds the next request behind it", async () => {
  const said = await say(
    (c) => c.text(),
    post("hello") + CHUNKED + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n" + get("/"),
  );
  assertEquals(contents(said), ["hello", "abc", ""]);
});

Deno.test("serveConnection() pulls no content before somebody asks", async () => {
  const gate = Promise.withResolvers<void>();
  await talk(async (c) => {
    await gate.promise;
    return (await c.bytes()).length;
  }, async (peer) => {
    const head =
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 100000\r\nConnection: close\r\n\r\n`;
    peer.send(head);
    await peer.isRead();
    for (let i = 0; i < 10; i++) peer.send("x".repeat(10_000));
    await turns(50);
    // A little is read ahead, to see that the client is still there.
    assert(peer.taken < head.length + 20_000);
    gate.resolve();
    await peer.hears("100000");
    peer.end();
  });
});

Deno.test("serveConnection() clears what a handler left unread", async () => {
  const said = await say((c) => c.method, post("x".repeat(5_000)) + get("/"));
  assertEquals(contents(said), ["POST", "GET"]);
});

Deno.test("serveConnection() says so and closes where too much was left unread", async () => {
  const said = await say((c) => c.method, post("x".repeat(101)) + get("/"), {
    limits: { unread: 100 },
  });
  assertEquals(contents(said), ["POST"]);
  assertStringIncludes(said, "Connection: close\r\n");
});

Deno.test("serveConnection() closes where chunks turn out to be too much to clear", async () => {
  const wire = CHUNKED + `64\r\n${"x".repeat(100)}\r\n`.repeat(3) +
    "0\r\n\r\n" + get("/");
  assertEquals(
    contents(await say((c) => c.method, wire, { limits: { unread: 200 } })),
    ["POST"],
  );
  assertEquals(
    contents(await say((c) => c.method, wire, { limits: { unread: 300 } })),
    ["POST", "GET"],
  );
});

Deno.test("serveConnection() answers before it clears, as a client may wait for that", async () => {
  const { said } = await talk((c) => c.method, async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nab`);
    await peer.hears("POST");
    peer.send("cde" + get("/"));
    peer.end();
  });
  assertEquals(contents(said), ["POST", "GET"]);
});

Deno.test("serveConnection() lends content piece by piece, and echoes it as it comes", async () => {
  const { said } = await talk((c) => c.content, async (peer) => {
    peer.send(CHUNKED + "1\r\na\r\n");
    await peer.hears("1\r\na\r\n");
    peer.send("1\r\nb\r\n");
    await peer.hears("1\r\nb\r\n");
    peer.send("0\r\n\r\n" + get("/", "Connection: close\r\n"));
    peer.end();
  });
  assertStringIncludes(said, "1\r\na\r\n1\r\nb\r\n0\r\n\r\nHTTP/1.1 200 OK");
});

Deno.test("serveConnection() refuses announced content past the limit from the head", async () => {
  const { said, peer } = await talk((c) => c.bytes(), async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 11\r\n\r\n`);
    await peer.hears("413");
    peer.end();
  }, { limits: { body: 10 } });
  assertEquals(statuses(said), [413]);
  assertStringIncludes(said, "limits.body");
  assert(peer.ended);
});

Deno.test("serveConnection() refuses chunked content when it passes the limit", async () => {
  const said = await say(
    (c) => c.bytes(),
    CHUNKED + "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n" + get("/"),
    {
      limits: { body: 10 },
    },
  );
  assertEquals(statuses(said)[0], 413);
});

Deno.test("serveConnection() tells a handler of a fault in the content, and closes", async () => {
  const { said, errors } = await talk((c) => c.bytes(), (peer) => {
    peer.send(CHUNKED + "x\r\n" + get("/"));
    peer.end();
  });
  assertEquals(statuses(said), [400]);
  assertEquals(errors.map((error) => (error as Fault).code), ["chunk-size"]);
});

Deno.test("serveConnection() takes no part of the content for the whole", async () => {
  const said = await say(
    (c) => c.text(),
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nabc`,
  );
  assertEquals(statuses(said), [400]);
  assertStringIncludes(said, "in the middle of the content");
});

Deno.test("serveConnection() ends the content of a request with its answer", async () => {
  let kept: Context | undefined;
  const { said } = await talk((c) => {
    kept ??= c;
    return "ok";
  }, async (peer) => {
    peer.send(post("abc") + post("secret"));
    await peer.hears("ok", 2);
    await assertRejects(() => kept!.text(), TypeError, "answered");
    peer.end();
  });
  assertEquals(statuses(said), [200, 200]);
});

// ── Expect ─────────────────────────────────────────────────────────────────

const EXPECT =
  `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`;

Deno.test("serveConnection() sends 100 when the handler reads", async () => {
  const gate = Promise.withResolvers<void>();
  const { said } = await talk(async (c) => {
    await gate.promise;
    return c.text();
  }, async (peer) => {
    peer.send(EXPECT);
    await peer.isRead();
    await turns(50);
    assertEquals(peer.said, "");
    gate.resolve();
    await peer.hears("HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("ab" + get("/"));
    peer.end();
  });
  assertEquals(statuses(said), [100, 200, 200]);
});

Deno.test("serveConnection() sends no 100 when the handler does not read, and closes", async () => {
  const { said } = await talk(() => "no", async (peer) => {
    peer.send(EXPECT);
    await peer.hears("no");
    peer.send("ab" + get("/"));
    peer.end();
  });
  assertEquals(statuses(said), [200]);
  assertStringIncludes(said, "Connection: close\r\n");
});

Deno.test("serveConnection() goes on where content came that was not asked for", async () => {
  const said = await say(() => "no", EXPECT + "ab" + get("/"));
  assertEquals(statuses(said), [200, 200]);
});

Deno.test("serveConnection() sends no 100 when the content is there already", async () => {
  assertEquals(statuses(await say((c) => c.text(), EXPECT + "ab")), [200]);
});

Deno.test("serveConnection() sends 100 behind the answers of earlier requests", async () => {
  const { said } = await talk((c) => c.text(), async (peer) => {
    peer.send(post("first") + EXPECT);
    await peer.hears("100 Continue");
    peer.send("ab");
    peer.end();
  });
  assertEquals(statuses(said), [200, 100, 200]);
});

Deno.test("serveConnection() sends no 100 into an answer that has begun", async () => {
  const { said } = await talk((c) =>
    (async function* () {
      yield "begun ".repeat(6_000);
      for await (const piece of c.content) yield piece;
    })(), async (peer) => {
    peer.send(EXPECT);
    await peer.hears("begun");
    peer.send("ab");
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
  assertEquals(statuses(said), [200]);
});

// ── streams ────────────────────────────────────────────────────────────────

Deno.test("serveConnection() streams in chunks, and to HTTP/1.0 until it closes", async () => {
  async function* pieces() {
    yield "a";
    await turns(100);
    yield new Uint8Array([0x62]);
  }
  const chunked = await say(pieces, get("/"));
  assertMatch(
    chunked,
    /Transfer-Encoding: chunked\r\n[^]*\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n$/,
  );
  const closed = await say(
    pieces,
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  );
  assertMatch(closed, /Connection: close\r\n\r\nab$/);
  assert(!closed.includes("chunked"));
});

Deno.test("serveConnection() tells the length of a stream of one short piece", async () => {
  const said = await say(() => new Response("hello"), get("/") + get("/"));
  assertEquals(contents(said), ["hello", "hello"]);
  assertStringIncludes(said, "Content-Length: 5\r\n");
});

Deno.test("serveConnection() writes large pieces as they are", async () => {
  const large = new Uint8Array(100_000).fill(0x78);
  async function* pieces() {
    yield large;
    await turns(100);
    yield large;
  }
  const said = await say(pieces, get("/") + get("/"));
  assertEquals(
    said.split("186a0\r\n" + "x".repeat(100_000) + "\r\n").length,
    5,
  );
  const whole = await say(() => large, get("/") + get("/"));
  assertEquals(whole.split("x".repeat(100_000)).length, 3);
});

Deno.test("serveConnection() gives others a turn within a stream that never waits", async () => {
  for (const [size, times] of [[1, 5_000], [100_000, 30]] as const) {
    const piece = new Uint8Array(size).fill(120);
    let given = 0;
    const { said } = await talk(() => {
      setTimeout(() => given = -given);
      return (async function* () {
        for (let i = 0; i < times; i++) {
          given += Math.sign(given) || 1;
          yield piece;
        }
      })();
    }, (peer) => {
      peer.send(get("/", "Connection: close\r\n"));
    });
    assert(said.endsWith("\r\n0\r\n\r\n"), "the stream is whole");
    assert(
      given < -times / 2,
      `the timer fired with ${given} of ${times} given`,
    );
  }
});

Deno.test("serveConnection() waits for the client before it pulls on", async () => {
  let pulled = 0;
  function* pieces() {
    for (; pulled < 1_000; pulled++) yield "x".repeat(10_000);
  }
  await talk(() => pieces(), async (peer) => {
    peer.stall();
    peer.send(get("/"));
    await turns(2_000);
    assert(pulled > 0 && pulled < 20, `${pulled} pieces wait in memory`);
    peer.resume();
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
  assertEquals(pulled, 1_000);
});

Deno.test("serveConnection() breaks off an answer whose stream breaks", async () => {
  async function* pieces() {
    yield "a";
    await turns(100);
    throw new Error("broken");
  }
  const { said, errors } = await talk(pieces, (peer) => {
    peer.send(get("/") + get("/"));
    peer.end();
  });
  assertEquals(statuses(said), [200]);
  assert(!said.includes("0\r\n\r\n"));
  assertEquals(errors.map((error) => (error as Error).message), ["broken"]);
});

Deno.test("serveConnection() answers 500 when a stream breaks before its first piece", async () => {
  // deno-lint-ignore require-yield
  async function* pieces(): AsyncGenerator<string> {
    await turns(3);
    throw new Error("broken");
  }
  const said = await say(pieces, get("/") + get("/"));
  assertEquals(statuses(said), [500, 500]);
  assert(!said.includes("broken"));
});

Deno.test("serveConnection() holds a stream to the length that was announced", async () => {
  // What is wrong before the head is sent is a 500, and later it is cut off.
  const cases: [pieces: string[], statuses: number[], end: string][] = [
    [["ab", "c"], [200, 200], "\r\n\r\nabc"],
    [["abc"], [200, 200], "\r\n\r\nabc"],
    [["ab"], [500, 500], "}"],
    [[], [500, 500], "}"],
    [["abcd"], [500, 500], "}"],
    [["abcd", "e"], [500, 500], "}"],
    [["ab", "cd"], [200], "\r\n\r\nab"],
    [["a", "b"], [200], "\r\n\r\nab"],
  ];
  for (const [pieces, answers, end] of cases) {
    const answer = () => {
      const result = toAnswer((async function* () {
        for (const piece of pieces) {
          await turns(50);
          yield piece;
        }
      })());
      result.headers.set("content-length", "3");
      return result;
    };
    const said = await say(answer, get("/") + get("/"));
    assertEquals([pieces, statuses(said)], [pieces, answers]);
    assert(said.endsWith(end));
  }
});

Deno.test("serveConnection() sends the head of a stream before its first piece", async () => {
  const gate = Promise.withResolvers<void>();
  const body = () =>
    new ReadableStream({
      async pull(controller) {
        await gate.promise;
        controller.enqueue(new TextEncoder().encode("late"));
        controller.close();
      },
    }, { highWaterMark: 0 });
  const { said } = await talk(body, async (peer) => {
    peer.send(get("/"));
    await peer.hears("\r\n\r\n");
    gate.resolve();
    await peer.hears("late");
    peer.end();
  });
  assert(said.endsWith("4\r\nlate\r\n0\r\n\r\n"));
});

Deno.test("serveConnection() copies the first piece, a Buffer too", async () => {
  const said = await say(() =>
    (async function* () {
      const buffer = Buffer.from("aaaa");
      yield buffer;
      buffer.fill("b");
      yield buffer;
    })(), get("/"));
  assertStringIncludes(said, "aaaa");
});

Deno.test("serveConnection() answers 500 to a body that cannot be sent", async () => {
  const locked = new ReadableStream();
  locked.getReader();
  const throwing = {
    [Symbol.asyncIterator]() {
      throw new Error("broken");
    },
  };
  for (
    const body of [5, undefined, { a: 1 }, new FormData(), locked, throwing]
  ) {
    const said = await say(async () => {
      await turns(1);
      const answer = toAnswer("ok");
      answer.body = body as never;
      return answer;
    }, get("/") + get("/"));
    assertEquals(statuses(said), [500, 500]);
  }
});

Deno.test("serveConnection() answers 500 to a status that is none, and lets go of the body", async () => {
  for (const status of [0, 42, 101, 200.5, 600, NaN]) {
    let cancelled = false;
    const said = await say(() => {
      const answer = toAnswer(
        new ReadableStream({ cancel: () => void (cancelled = true) }),
      );
      answer.status = status;
      return answer;
    }, get("/") + get("/"));
    assertEquals([statuses(said), cancelled], [[500, 500], true]);
  }
});

Deno.test("serveConnection() answers 400 to content that is malformed and not read", async () => {
  const bad = CHUNKED + "zz\r\n";
  assertEquals(statuses(await say(() => "ok", bad)), [400]);
  // A refusal stays what it is.
  const refused = () => {
    const answer = toAnswer("no");
    answer.status = 403;
    return answer;
  };
  assertEquals(statuses(await say(refused, bad)), [403]);
});

Deno.test("serveConnection() streams nothing to HEAD, and tells the source", async () => {
  let cancelled = false;
  const said = await say(
    () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => void (cancelled = true),
      }, { highWaterMark: 0 }),
    `HEAD / HTTP/1.1\r\n${HOST}\r\n` +
      get("/", "Connection: close\r\n").replace("GET", "HEAD"),
  );
  assertEquals(statuses(said), [200, 200]);
  assert(said.endsWith("\r\n\r\n") && cancelled);
});

Deno.test("serveConnection() closes a generator whose client has left", async () => {
  const returned = Promise.withResolvers<void>();
  async function* ticks() {
    try {
      for (;;) {
        yield "tick";
        await turns(40);
      }
    } finally {
      returned.resolve();
    }
  }
  await talk(ticks, async (peer) => {
    peer.send(get("/"));
    await peer.hears("tick", 3);
    peer.reset();
    await returned.promise;
  });
});

// ── leaving ────────────────────────────────────────────────────────────────

Deno.test("c.signal fires with the reason when the client resets", async () => {
  const reasons: string[] = [];
  const wires = [
    get("/"),
    post("content"),
    // Content that nobody asks for, and requests behind it.
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nabc`,
    get("/").repeat(150),
    get("/", `X: ${"x".repeat(2_010)}\r\n`),
  ];
  for (const wire of wires) {
    const { errors, said } = await talk(async (c) => {
      if (wire.endsWith("content")) await c.bytes();
      await new Promise<string>((_, reject) => {
        c.signal.onabort = () => {
          reasons.push(c.signal.reason.message);
          reject(c.signal.reason);
        };
      });
    }, async (peer) => {
      for (const part of wire.match(/[^]{1,1000}/g)!) peer.send(part);
      await turns(200);
      peer.reset();
    });
    // What comes back of the reason is no error of ours.
    assertEquals([said, errors], ["", []]);
  }
  assertEquals(reasons, wires.map(() => "Connection reset by peer"));
});

Deno.test("c.signal fires when the client resets behind content that was read", async () => {
  let reason: unknown;
  await talk(async (c) => {
    c.signal.onabort = () => reason = c.signal.reason;
    await c.bytes();
    await new Promise(() => {});
  }, async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n`);
    await turns(100);
    peer.send("ab");
    await turns(100);
    peer.reset();
  });
  assertEquals((reason as Error).message, "Connection reset by peer");
});

Deno.test("c.signal has fired for who asks when the client has left", async () => {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<unknown>();
  await talk(async (c) => {
    await gate.promise;
    asked.resolve([c.signal.aborted, c.signal.reason.message]);
  }, async (peer) => {
    peer.send(get("/"));
    await turns(100);
    peer.reset();
  });
  gate.resolve();
  assertEquals(await asked.promise, [true, "Connection reset by peer"]);
});

Deno.test("serveConnection() lets go of an answer that comes too late", async () => {
  for (const handler of [Infinity, 20]) {
    const gate = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<string>();
    await talk(async () => {
      await gate.promise;
      return new ReadableStream({ cancel: (why) => cancelled.resolve(why) });
    }, async (peer) => {
      peer.send(get("/"));
      await turns(100);
      if (handler === Infinity) peer.reset();
      else await peer.hears("503");
      peer.end();
    }, { timeouts: { handler, linger: 20 } });
    gate.resolve();
    assertEquals(await cancelled.promise, "The answer is not sent");
  }
});

Deno.test("serveConnection() lends content to one reader at a time", async () => {
  let said = "";
  await talk(async (c) => {
    const { content } = c;
    const pieces = content[Symbol.asyncIterator]();
    const first = pieces.next();
    // Another iterator comes too late, and a source knows one pull at a time.
    said = await content[Symbol.asyncIterator]().next().then(
      () => "",
      (error) => error.message,
    );
    return (await first).value?.length;
  }, async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n`);
    await turns(50);
    peer.send("ab");
    peer.end();
  });
  assertStringIncludes(said, "somebody else pulls it");
});

Deno.test("serveConnection() holds many requests that came in one packet", async () => {
  const many = 3_000; // more than any buffer has room for, so that it moves
  const wire = get("/").repeat(many);
  const { said } = await talk(async (c) => {
    await null;
    return c.path;
  }, (peer) => {
    for (const part of wire.match(/[^]{1,50021}/g)!) peer.send(part);
    peer.end();
  });
  assertEquals(statuses(said).length, many);
});

Deno.test("serveConnection() gives a Fault to who reads content that is cut by a reset", async () => {
  let thrown: unknown;
  await talk(
    (c) => c.bytes().catch((error) => thrown = error),
    async (peer) => {
      peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nab`);
      await turns(100);
      peer.reset();
    },
  );
  assertEquals((thrown as Fault).code, "content-cut");
  const { cause } = thrown as Fault;
  assertEquals((cause as Error).message, "Connection reset by peer");
});

Deno.test("serveConnection() does not wait for a reader that was left alone", async () => {
  // Its pull is in flight when the answer is sent, and the client is silent.
  for (const handler of [Infinity, 30]) {
    let thrown: unknown;
    const { said } = await talk(async (c) => {
      const reading = c.bytes().catch((error) => thrown = error);
      if (handler < Infinity) await reading;
      await turns(50);
      return "early";
    }, async (peer) => {
      peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 900000\r\n\r\nab`);
      await peer.hears(handler === Infinity ? "early" : "503");
      await turns(50);
      peer.send("c");
    }, { timeouts: { handler, linger: 30 } });
    assertEquals(statuses(said), [handler === Infinity ? 200 : 503]);
    const why = handler === Infinity
      ? "the request is answered"
      : "timeouts.handler";
    assertStringIncludes(`${thrown}`, why);
  }
});

Deno.test("serveConnection() takes what came while an answer was written", async () => {
  // A slow write, and a read that was waiting since the handler was at work.
  const wires: [first: string, then: string, answers: number[]][] = [
    [get("/a"), get("/b"), [200, 200]],
    [EXPECT, "ab" + get("/b"), [100, 200, 200]],
  ];
  for (const [first, then, answers] of wires) {
    for (const fin of [false, true]) {
      const { said } = await talk(async (c) => {
        await turns(60);
        return c.method === "GET" ? c.path : await c.text();
      }, async (peer) => {
        peer.most = 10;
        peer.send(first);
        await peer.hears("HTTP/1.1");
        peer.send(then);
        if (fin) peer.end();
        await peer.hears("/b");
        peer.end();
      }, { timeouts: { head: 60_000, body: 60_000 } });
      assertEquals(statuses(said), answers);
    }
  }
});

Deno.test("serveConnection() gives a reader that comes late a refusal, never an end", async () => {
  let got = "";
  let end: unknown;
  const chunk = (text: string) => `1\r\n${text}\r\n`;
  const wire = CHUNKED + chunk("a") + chunk("b") + chunk("c") + "0\r\n\r\n";
  await talk((c) => {
    (async () => {
      for await (const piece of c.content) {
        got += String.fromCharCode(...piece);
        await turns(2);
      }
      end = "complete";
    })().catch((error) => end = error);
    return (async function* () {
      yield "ok";
    })();
  }, async (peer) => {
    peer.send(wire);
    peer.end();
    await peer.hears("ok");
  });
  await turns(20);
  if (end === "complete") assertEquals(got, "abc");
  else assertStringIncludes(`${end}`, "the request is answered");
});

Deno.test("serveConnection() sends 100 for a stream that reads late", async () => {
  const { said } = await talk((c) => {
    const body = new ReadableStream({
      async pull(controller) {
        await turns(100);
        controller.enqueue(await c.bytes());
        controller.close();
      },
    }, { highWaterMark: 0 });
    return new Response(body, { headers: { "content-type": "a/b" } });
  }, async (peer) => {
    peer.send(EXPECT);
    await peer.hears("100 Continue");
    peer.send("ab");
    peer.end();
  });
  assertEquals(statuses(said), [100, 200]);
});

Deno.test("serveConnection() reports a 503, and not its own words to the handler", async () => {
  const { errors } = await talk((c) => c.bytes(), async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\n`);
    await peer.hears("503");
    peer.end();
  }, { timeouts: { handler: 20, linger: 20 } });
  const told = errors.map((error) => (error as { status?: number }).status);
  assertEquals(told, [503]);
});

Deno.test("c.signal tells of what a listener throws, and does not end the process", async () => {
  let heard = 0;
  const { errors } = await talk((c) => {
    c.signal.addEventListener("abort", () => {
      throw new Error("a listener");
    });
    c.signal.addEventListener("abort", () => heard++);
    return new Promise(() => {});
  }, async (peer) => {
    peer.send(get("/"));
    await peer.isRead();
    peer.reset();
  });
  assertEquals(errors.map((error) => (error as Error).message), [
    "a listener",
  ]);
  assertEquals(heard, 1);
});

Deno.test("c.signal stays quiet when only the clearing comes too late", async () => {
  let signal: AbortSignal | undefined;
  const { said } = await talk((c) => {
    signal = c.signal;
    return "ok";
  }, async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\n`);
    await peer.sees("ended");
    peer.end();
  }, { timeouts: { body: 20, linger: 20 } });
  assertEquals([statuses(said), signal!.aborted], [[200], false]);
});

Deno.test("serveConnection() writes one after the other, whoever flushes", async () => {
  const bit = (octet: number) => String.fromCharCode(65 + octet % 26);
  const { said } = await talk((c) => {
    const sent: string[] = [];
    let wake = () => {};
    let done = false;
    (async () => {
      for await (const piece of c.content) {
        sent.push(bit(sent.length).repeat(piece.length * 50));
        wake();
      }
      done = true;
      wake();
    })();
    return (async function* () {
      let at = 0;
      while (!done || at < sent.length) {
        if (at < sent.length) yield sent[at++]!;
        else await new Promise<void>((resolve) => wake = resolve);
      }
    })();
  }, async (peer) => {
    peer.most = 300;
    peer.send(
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
    );
    for (let i = 0; i < 50; i++) {
      peer.send("c8\r\n" + "x".repeat(200) + "\r\n");
      await turns(20);
    }
    peer.send("0\r\n\r\n");
    peer.end();
  });
  const [head, ...chunks] = said.split("\r\n\r\n");
  assertStringIncludes(head!, "chunked");
  // Not assertMatch, which would show all of it.
  assert(/^([0-9a-f]+\r\n([A-Z])\2+\r\n)+0$/.test(chunks.join("")));
});

Deno.test("c.signal stays quiet while the client listens, FIN or not", async () => {
  let signal: AbortSignal | undefined;
  await talk(async (c) => {
    signal = c.signal;
    await turns(200);
    return "ok";
  }, (peer) => {
    peer.send(get("/"));
    peer.end();
  });
  assertEquals(signal!.aborted, false);
});

Deno.test("serveConnection() ends although the handler of a client that left does not", async () => {
  await talk(() => new Promise(() => {}), async (peer) => {
    peer.send(get("/"));
    await peer.isRead();
    await turns(50);
    peer.reset();
  });
});

Deno.test("serveConnection() ends when a write fails", async () => {
  const { errors } = await talk(() => "x".repeat(100_000), async (peer) => {
    peer.stall();
    peer.send(get("/") + get("/"));
    await turns(100);
    peer.reset();
  });
  assertEquals(errors, []);
});

// ── refusals ───────────────────────────────────────────────────────────────

Deno.test("serveConnection() refuses a fault once, closes its half, and drains", async () => {
  const { peer, said, errors } = await talk(() => "ok", async (peer) => {
    peer.send(get("/") + "GET / HTTP/1.1\r\n\r\n" + get("/smuggled"));
    await peer.sees("ended");
    peer.send("more that nobody reads as a request" + get("/smuggled"));
    await peer.isRead();
    peer.end();
  });
  assertEquals(statuses(said), [200, 400]);
  assertMatch(
    said,
    /\r\nDate: [^\r]+ GMT\r\n[^]*Connection: close\r\n\r\n400 Bad Request: .+\(RFC 9112 .+3\.2\)\n$/,
  );
  assertEquals(errors.map((error) => (error as Fault).code), ["host-missing"]);
  assert(peer.ended);
});

Deno.test("serveConnection() sends HEAD no content, whatever is wrong with it", async () => {
  const said = await say(() => "ok", "HEAD / HTTP/1.1\r\n\r\n");
  assertMatch(said, /^HTTP\/1.1 400 [^]*Content-Length: \d+\r\n[^]*\r\n\r\n$/);
});

Deno.test("serveConnection() answers a head that was cut off", async () => {
  assertEquals(statuses(await say(() => "ok", "GET / HT")), [400]);
  assertEquals(await say(() => "ok", ""), "");
  assertEquals(await say(() => "ok", "\r\n"), "");
});

Deno.test("serveConnection() answers 500 to fields that cannot be sent", async () => {
  const { said, errors } = await talk((c) => {
    c.headers.set("x", "a\r\nset-cookie: b");
    const answer = toAnswer("ok");
    answer.headers.set("x", "a\r\nset-cookie: b");
    return c.path === "/stream"
      ? Object.assign(answer, { body: upgrade("a", () => {}) })
      : answer;
  }, (peer) => {
    peer.send(
      get("/") + get("/stream", "Connection: upgrade\r\nUpgrade: a\r\n"),
    );
    peer.end();
  });
  assertEquals(statuses(said), [500, 500]);
  assert(!said.includes("set-cookie"));
  assertEquals(errors.length, 2);
});

Deno.test("serveConnection() survives a respond that throws, and an observer that does", async () => {
  const said = await say(() => {
    throw new Error("secret");
  }, get("/") + get("/"));
  assertEquals(statuses(said), [500, 500]);
  assert(!said.includes("secret"));
});

Deno.test("serveConnection() logs what is ours to mend, and no fault of a peer", async () => {
  const logged: unknown[] = [];
  const real = console.error;
  console.error = (...what) => void logged.push(...what);
  try {
    for (const wire of ["\0", get("/")]) {
      const peer = new Peer();
      peer.send(wire);
      peer.end();
      await serveConnection(peer, () => Promise.reject(new Error("ours")));
    }
    const peer = new Peer();
    peer.send("\0");
    peer.end();
    await serveConnection(peer, () => toAnswer("ok"), {
      onError() {
        throw new Error("observer");
      },
    });
  } finally {
    console.error = real;
  }
  const messages = logged.map((what) =>
    what instanceof Error ? what.message : what
  );
  assertEquals(messages, ["GET /:", "ours", "onError threw:", "observer"]);
});

Deno.test("serveConnection() says what is thrown and should be returned", async () => {
  const logged: unknown[] = [];
  const real = console.error;
  console.error = (...what) => void logged.push(...what);
  const peer = new Peer();
  peer.send(get("/"));
  peer.end();
  try {
    await serveConnection(peer, () => {
      throw new Response();
    });
  } finally {
    console.error = real;
  }
  assertEquals(logged, ["GET /:", "A Response was thrown: return it"]);
  assertEquals(statuses(peer.said), [500]);
});

Deno.test("serveConnection() never rejects, whatever the transport does", async () => {
  const odd: Partial<Transport>[] = [
    { write: () => Promise.resolve(0) },
    { write: () => Promise.resolve(undefined as never) },
    {
      write() {
        throw new Error("write");
      },
    },
    {
      read() {
        throw new Error("read");
      },
    },
    {
      close() {
        throw new Error("close");
      },
    },
    {
      closeWrite() {
        throw new Error("closeWrite");
      },
    },
    { closeWrite: undefined as never },
  ];
  for (const ways of odd) {
    const peer = new Peer();
    const transport: Transport = Object.assign({
      read: (into: Uint8Array) => peer.read(into),
      write: (bytes: Uint8Array) => peer.write(bytes),
      close: () => peer.close(),
      closeWrite: () => peer.closeWrite(),
    }, ways);
    peer.send(get("/") + "\0");
    peer.end();
    await serveConnection(transport, () => toAnswer("ok"), { onError() {} });
  }
});

// ── deadlines ──────────────────────────────────────────────────────────────

Deno.test("serveConnection() closes an idle connection in silence", async () => {
  const { said } = await talk(() => "ok", () => {}, { timeouts: { idle: 20 } });
  assertEquals(said, "");
  const after = await talk(() => "ok", (peer) => peer.send(get("/")), {
    timeouts: { idle: 20 },
  });
  assertEquals(statuses(after.said), [200]);
});

Deno.test("serveConnection() answers 408 to a head that takes too long, however it trickles", async () => {
  const { said, errors } = await talk(() => "ok", async (peer) => {
    peer.send("GET /");
    const trickle = setInterval(() => peer.send("a"), 5);
    try {
      await peer.hears("408");
    } finally {
      clearInterval(trickle);
    }
  }, { timeouts: { head: 40, linger: 40 } });
  assertStringIncludes(said, "timeouts.head");
  assertStringIncludes(said, "Connection: close\r\n");
  assertEquals(errors.map((error) => (error as Fault).code), ["head-late"]);
});

Deno.test("serveConnection() answers 408 to content that stops", async () => {
  const { said } = await talk((c) => c.text(), async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nab`);
    await peer.hears("408");
    peer.end();
  }, { timeouts: { body: 20 } });
  assertStringIncludes(said, "timeouts.body");
});

Deno.test("serveConnection() bounds head and content together", async () => {
  const { said } = await talk((c) => c.text(), async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5000\r\n\r\n`);
    const trickle = setInterval(() => peer.send("x"), 5);
    try {
      await peer.hears("408");
    } finally {
      clearInterval(trickle);
      peer.end();
    }
  }, { timeouts: { request: 60 } });
  assertStringIncludes(said, "timeouts.request");
});

Deno.test("serveConnection() answers 408 to content that trickles", async () => {
  const real = performance.now;
  // A hundred times as fast, so that five seconds of patience are soon over.
  performance.now = () => real.call(performance) * 100;
  try {
    const { said, errors } = await talk((c) => c.text(), async (peer) => {
      peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 5000\r\n\r\n`);
      const trickle = setInterval(() => peer.send("x"), 10);
      try {
        await peer.hears("408");
      } finally {
        clearInterval(trickle);
        peer.end();
      }
    }, { timeouts: { body: 10_000, linger: 40 } });
    assertEquals(statuses(said), [408]);
    assertEquals((errors[0] as Fault).code, "content-slow");
  } finally {
    performance.now = real;
  }
});

Deno.test("c.signal fires with the fault when content comes too late", async () => {
  let reason: unknown;
  await talk((c) => {
    c.signal.onabort = () => reason = c.signal.reason;
    return c.bytes();
  }, async (peer) => {
    peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nab`);
    await peer.hears("408");
    peer.end();
  }, { timeouts: { body: 20, linger: 20 } });
  assertEquals((reason as Fault).code, "content-late");
});

Deno.test("serveConnection() has patience with content that keeps coming", async () => {
  const real = performance.now;
  performance.now = () => real.call(performance) * 100;
  // Fast enough, and however slow where that bound is switched off.
  const rows: [piece: string, body: number][] = [
    ["x".repeat(100_000), 6_000_000],
    ["x", Infinity],
  ];
  try {
    for (const [piece, body] of rows) {
      const length = 8 * piece.length;
      const { said } = await talk(
        async (c) => (await c.bytes()).length,
        async (peer) => {
          peer.send(
            `POST / HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\n`,
          );
          for (let i = 0; i < 8; i++) {
            await new Promise((resolve) => setTimeout(resolve, 10));
            peer.send(piece);
          }
          peer.end();
        },
        { timeouts: { body } },
      );
      assertEquals(contents(said), [`${length}`]);
    }
  } finally {
    performance.now = real;
  }
});

Deno.test("serveConnection() takes content that came late and whole", async () => {
  const real = performance.now;
  performance.now = () => real.call(performance) * 100;
  try {
    const { said } = await talk((c) => c.text(), async (peer) => {
      peer.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 80));
      peer.send("ab");
      peer.end();
    }, { timeouts: { body: 6_000_000 } });
    assertEquals(contents(said), ["ab"]);
  } finally {
    performance.now = real;
  }
});

Deno.test("serveConnection() does not count a slow handler as a stalled client", async () => {
  const { said } = await talk(async (c) => {
    await new Promise((resolve) => setTimeout(resolve, 80));
    return c.text();
  }, (peer) => {
    peer.send(post("hello"));
    peer.end();
  }, { timeouts: { body: 20, write: 20, head: 20 } });
  assertEquals(contents(said), ["hello"]);
});

Deno.test("serveConnection() cuts a client that takes nothing", async () => {
  let reason: unknown;
  await talk((c) => {
    c.signal.onabort = () => reason = c.signal.reason;
    return (function* () {
      for (;;) yield "x".repeat(50_000);
    })();
  }, (peer) => {
    peer.stall();
    peer.send(get("/"));
  }, { timeouts: { write: 20 } });
  assertEquals((reason as DOMException).name, "TimeoutError");
});

Deno.test("serveConnection() answers 503 for a handler past its deadline", async () => {
  let reason: unknown;
  const { said } = await talk((c) => {
    c.signal.onabort = () => reason = c.signal.reason;
    return new Promise(() => {});
  }, async (peer) => {
    peer.send(get("/"));
    await peer.hears("503");
    peer.end();
  }, { timeouts: { handler: 20 } });
  assertEquals([statuses(said), (reason as DOMException).name], [
    [503],
    "TimeoutError",
  ]);
  assertStringIncludes(said, "Connection: close\r\n");
});

Deno.test("serveConnection() answers 503 whatever a handler makes of its deadline", async () => {
  const ends: Record<string, (reason: unknown) => unknown> = {
    "answers": () => "late",
    "rejects": (reason) => Promise.reject(reason),
    "breaks": () => Promise.reject(new Error("broken")),
  };
  for (const [how, end] of Object.entries(ends)) {
    const { said, errors } = await talk((c) =>
      new Promise((resolve) => {
        c.signal.onabort = () => resolve(end(c.signal.reason));
      }), async (peer) => {
      peer.send(get("/"));
      await peer.hears("\r\n\r\n");
      peer.end();
    }, { timeouts: { handler: 20 } });
    const told = errors.map((error) => (error as Error).message);
    assertEquals([how, statuses(said)], [how, [503]]);
    assertEquals([how, told], [how, [
      ...how === "breaks" ? ["broken"] : [],
      "The handler took longer than timeouts.handler",
    ]]);
  }
});

Deno.test("serveConnection() gives a route its own deadline", async () => {
  const { said } = await talk((c) => {
    Context.grant(c, 20);
    return new Promise(() => {});
  }, async (peer) => {
    peer.send(get("/"));
    await peer.hears("503");
    peer.end();
  });
  assertEquals(statuses(said), [503]);
});

Deno.test("serveConnection() does not wait for ever for a client to close", async () => {
  const { said } = await talk(() => "ok", (peer) => peer.send("\0"), {
    timeouts: { linger: 20 },
  });
  assertEquals(statuses(said), [400]);
});

/** What was sent, and whether the server may close without waiting for the peer. */
const LAST_WORDS: readonly [sent: string, atOnce: boolean][] = [
  [get("/", "Connection: close\r\n"), true],
  ["GET / HTTP/1.0\r\n\r\n", true],
  [get("/", "Connection: close\r\n") + get("/"), false],
  [get("/", "Connection: close\r\n") + "\r\n", false],
  ["\0", false],
  [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nConnection: close\r\n\r\na`,
    false,
  ],
  [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\nConnection: close\r\n\r\na`,
    false,
  ],
];

Deno.test("serveConnection() closes in stages, unless no more can come", async () => {
  for (const [sent, atOnce] of LAST_WORDS) {
    const { peer } = await talk(() => "ok", async (peer) => {
      peer.send(sent);
      if (!atOnce) await peer.sees("ended");
      if (!atOnce) peer.end();
    });
    assertEquals(peer.ended, !atOnce, sent);
  }
});

// ── stopping ───────────────────────────────────────────────────────────────

Deno.test("serveConnection() stops at once when it is idle", async () => {
  const stop = new AbortController();
  await talk(() => "ok", async (peer) => {
    peer.send(get("/"));
    await peer.hears("ok");
    await turns(20);
    stop.abort();
  }, { signal: stop.signal });
});

Deno.test("serveConnection() answers the request that is alive when it stops", async () => {
  const stop = new AbortController();
  const gate = Promise.withResolvers<void>();
  const { said } = await talk(
    () => gate.promise.then(() => "last"),
    async (peer) => {
      peer.send(get("/") + get("/"));
      await peer.isRead();
      await turns(50);
      stop.abort();
      gate.resolve();
      await peer.hears("last");
      peer.end();
    },
    { signal: stop.signal },
  );
  assertEquals(contents(said), ["last"]);
  assertStringIncludes(said, "Connection: close\r\n");
});

Deno.test("serveConnection() serves nothing when it was stopped before", async () => {
  const { said } = await talk(() => "ok", (peer) => {
    peer.send(get("/"));
    peer.end();
  }, { signal: AbortSignal.abort() });
  assertEquals(said, "");
});

// ── handing over ───────────────────────────────────────────────────────────

const UPGRADE = "Connection: Upgrade\r\nUpgrade: echo\r\n";

const echo = () =>
  upgrade("echo", async (transport, early) => {
    await transport.write(early);
    const buffer = new Uint8Array(4);
    for (;;) {
      const count = await transport.read(buffer);
      if (count === null) return await transport.closeWrite!();
      await transport.write(buffer.subarray(0, count));
    }
  });

Deno.test("upgrade() hands over the transport with the bytes already read", async () => {
  const { said } = await talk(echo, async (peer) => {
    peer.send(get("/", UPGRADE) + "early");
    await peer.hears("early");
    peer.send("and late");
    peer.end();
  });
  assertMatch(
    said,
    /^HTTP\/1.1 101 Switching Protocols\r\n[^]*Connection: Upgrade\r\nUpgrade: echo\r\n\r\nearlyand late$/,
  );
});

Deno.test("upgrade() loses nothing to a read that was pending", async () => {
  const gate = Promise.withResolvers<void>();
  const { said } = await talk(() => gate.promise.then(echo), async (peer) => {
    peer.send(get("/", UPGRADE));
    await peer.isRead();
    await turns(50);
    gate.resolve();
    await peer.hears("101");
    peer.send("first bytes, ");
    await peer.hears("bytes");
    peer.send("last bytes");
    peer.end();
  });
  assert(said.endsWith("\r\n\r\nfirst bytes, last bytes"));
});

Deno.test("upgrade() is refused with 426 to a client that did not offer it", async () => {
  const said = await say(
    echo,
    get("/") + get("/", "Connection: upgrade\r\nUpgrade: other\r\n") +
      "GET / HTTP/1.0\r\n" + UPGRADE + "\r\n",
  );
  assertEquals(statuses(said), [426, 426, 426]);
  assertStringIncludes(said, "upgrade: echo\r\n");
});

Deno.test("upgrade() comes behind the content of its request", async () => {
  const said = await say(echo, post("content", UPGRADE) + "early");
  assert(said.endsWith("\r\n\r\nearly"), said);
});

Deno.test("upgrade() answers content that is bad or too much", async () => {
  const fields = "Connection: upgrade\r\nUpgrade: echo\r\n";
  const rows: [fields: string, content: string, status: number][] = [
    ["Transfer-Encoding: chunked\r\n", "zz\r\n", 400],
    ["Content-Length: 5\r\n", "ab", 400],
    ["Content-Length: 400000\r\n", "x".repeat(400_000), 413],
    ["Transfer-Encoding: chunked\r\n", `61a80\r\n${"x".repeat(400_000)}`, 413],
  ];
  for (const [framing, content, status] of rows) {
    const wire = `POST / HTTP/1.1\r\n${HOST}${fields}${framing}\r\n${content}`;
    const { said } = await talk(() => echo(), (peer) => {
      for (const part of wire.match(/[^]{1,60000}/g)!) peer.send(part);
      peer.end();
    }, { timeouts: { linger: 30 } });
    assertEquals([wire.slice(0, 200), statuses(said)], [
      wire.slice(0, 200),
      [status],
    ]);
  }
});

Deno.test("upgrade() that fails swallows no request behind it", async () => {
  const wire = get("/", "Connection: upgrade\r\nUpgrade: echo\r\n");
  const said = await say((c) => {
    if (c.path !== "/") return c.path;
    const answer = toAnswer(echo());
    answer.headers.set("x", "a\x01b");
    return answer;
  }, wire + get("/a") + get("/b"));
  assertEquals(statuses(said), [500, 200, 200]);
});

Deno.test("upgrade() reports what its owner throws, and closes", async () => {
  const { errors } = await talk(
    () => upgrade("echo", () => Promise.reject(new Error("owner"))),
    (peer) => {
      peer.send(get("/", UPGRADE));
    },
  );
  assertEquals(errors.map((error) => (error as Error).message), ["owner"]);
});

Deno.test("upgrade() does not report that the client has left", async () => {
  const wire = get("/", "Connection: upgrade\r\nUpgrade: x\r\n");
  for (const owner of ["reads", "writes"]) {
    const { errors } = await talk(() =>
      upgrade("x", async (transport) => {
        await transport.read(new Uint8Array(1));
        if (owner === "writes") await transport.write(new Uint8Array(1));
        else await transport.read(new Uint8Array(1));
      }), async (peer) => {
      peer.send(wire);
      await peer.hears("101");
      peer.send("a");
      peer.reset();
    });
    assertEquals([owner, errors], [owner, []]);
  }
});

Deno.test("upgrade() answers CONNECT with 200 and no framing", async () => {
  const said = await say(echo, `CONNECT a:1 HTTP/1.1\r\n${HOST}\r\nearly`);
  assertMatch(said, /^HTTP\/1.1 200 OK\r\nDate: [^\r]+\r\n\r\nearly$/);
});

/** Lets everybody else run for so many turns. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await null;
}
