/**
 * The whole over real sockets, as a user sees it: one import, a server on port
 * 0, and clients that do what clients do.
 */

import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import * as wire from "./mod.ts";
import {
  type Context,
  get,
  html,
  HttpError,
  json,
  post,
  redirect,
  Router,
  serve,
  type ServeOptions,
  type Server,
  upgrade,
} from "./mod.ts";
import {
  TLS_AUTHORITY,
  TLS_CERT,
  TLS_KEY,
} from "./tests/conformance/certificate.ts";

/** A server on a free port that ends with its test. */
function start(
  app: Parameters<typeof serve>[0],
  options: ServeOptions = {},
): Server {
  return serve(app, {
    ...(options.path === undefined && { hostname: "127.0.0.1", port: 0 }),
    signals: false,
    onListen() {},
    onError() {},
    ...options,
  });
}

function urlOf(server: Server, path = "/", scheme = "http"): string {
  return `${scheme}://127.0.0.1:${server.addr.port}${path}`;
}

/** What the server says to `sent`, once the client has ended its half. */
async function say(server: Server, sent: string): Promise<string> {
  const { hostname, port, path } = server.addr;
  using conn = path === undefined
    ? await Deno.connect({ hostname: hostname!, port: port! })
    : await Deno.connect({ transport: "unix", path });
  await conn.write(new TextEncoder().encode(sent));
  await conn.closeWrite();
  return await new Response(conn.readable).text();
}

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// ── a first application ────────────────────────────────────────────────────

class Songs {
  readonly #titles = new Map([["1", "Pokarekare Ana"]]);

  @get("/songs")
  list() {
    return Object.fromEntries(this.#titles);
  }

  @get("/songs/:id")
  show({ id }: { id: string }) {
    const title = this.#titles.get(id);
    if (title === undefined) throw new HttpError(404, "No such song");
    return { id, title };
  }

  @post("/songs/:id")
  async store({ id }: { id: string }, c: Context) {
    this.#titles.set(id, await c.text());
    c.status = 201;
    return this.show({ id });
  }
}

Deno.test("serve() answers with what a controller returns", async () => {
  await using server = start(new Songs());
  assertEquals(await (await fetch(urlOf(server, "/songs/1"))).json(), {
    id: "1",
    title: "Pokarekare Ana",
  });
  const stored = await fetch(urlOf(server, "/songs/2"), {
    method: "POST",
    body: "Hine e Hine",
  });
  assertEquals([stored.status, await stored.json()], [201, {
    id: "2",
    title: "Hine e Hine",
  }]);
  const missing = await fetch(urlOf(server, "/songs/3"));
  assertEquals(
    [
      missing.status,
      missing.headers.get("content-type"),
      (await missing.json()).detail,
    ],
    [404, "application/problem+json", "No such song"],
  );
});

Deno.test("serve() answers with each kind of result", async () => {
  const app = new Router();
  const bytes = Uint8Array.of(1, 2, 3);
  const rows: [
    path: string,
    result: () => unknown,
    type: string | null,
    content: string,
  ][] = [
    ["/string", () => "é", "text/plain; charset=utf-8", "é"],
    [
      "/html",
      () => html`<b>${"<"}</b>`,
      "text/html; charset=utf-8",
      "<b>&lt;</b>",
    ],
    ["/bytes", () => bytes, "application/octet-stream", "\x01\x02\x03"],
    [
      "/view",
      () => new DataView(bytes.buffer, 1, 1),
      "application/octet-stream",
      "\x02",
    ],
    ["/buffer", () => bytes.buffer, "application/octet-stream", "\x01\x02\x03"],
    [
      "/response",
      () => new Response("r", { headers: { "content-type": "a/b" } }),
      "a/b",
      "r",
    ],
    ["/blob", () => new Blob(["b"], { type: "a/b" }), "a/b", "b"],
    [
      "/pairs",
      () => new URLSearchParams({ a: "é" }),
      "application/x-www-form-urlencoded;charset=UTF-8",
      "a=%C3%A9",
    ],
    [
      "/stream",
      () => ReadableStream.from([bytes]),
      "application/octet-stream",
      "\x01\x02\x03",
    ],
    [
      "/async",
      async function* () {
        yield "a";
        await Promise.resolve();
        yield "b";
      },
      "text/plain; charset=utf-8",
      "ab",
    ],
    [
      "/generator",
      function* () {
        yield bytes;
      },
      "application/octet-stream",
      "\x01\x02\x03",
    ],
    ["/array", () => [1], "application/json", "[1]"],
    ["/object", () => ({ a: 1 }), "application/json", '{"a":1}'],
    ["/number", () => 1, "application/json", "1"],
    ["/boolean", () => false, "application/json", "false"],
    ["/null", () => null, "application/json", "null"],
    ["/json", () => json("a"), "application/json", '"a"'],
    ["/nothing", () => undefined, null, ""],
  ];
  for (const [path, result] of rows) app.get(path, result);
  await using server = start(app);
  for (const [path, , type, content] of rows) {
    const answer = await fetch(urlOf(server, path));
    const told = [
      path,
      answer.headers.get("content-type"),
      await answer.text(),
    ];
    assertEquals(told, [path, type, content]);
    const head = await fetch(urlOf(server, path), { method: "HEAD" });
    assertEquals([path, head.status, await head.text()], [
      path,
      answer.status,
      "",
    ]);
  }
});

Deno.test("serve() answers 500 to what cannot be sent, and says nothing of it", async () => {
  const app = new Router();
  const results = [
    () => () => 1,
    () => Symbol("a"),
    () => 1n,
    () => new Map(),
    () => new Date(0),
  ];
  results.forEach((result, i) =>
    app.get(`/${i}`, result as unknown as () => null)
  );
  const errors: unknown[] = [];
  await using server = start(app, {
    onError: (error) => void errors.push(error),
  });
  for (let i = 0; i < results.length; i++) {
    const answer = await fetch(urlOf(server, `/${i}`));
    assertEquals([i, answer.status, Object.keys(await answer.json())], [
      i,
      500,
      ["type", "title", "status"],
    ]);
  }
  assertEquals(errors.length, results.length);
});

Deno.test("serve() merges status, headers and cookies into results, responses and errors", async () => {
  const app = new Router();
  const set = (c: Context) => {
    c.headers.set("x-a", "1");
    c.cookies.set("a", "1");
    c.cookies.set("b", "2");
  };
  app.get("/text", (_, c) => (set(c), c.status = 202, "t"));
  app.get(
    "/response",
    (_, c) => (set(c), new Response("r", { headers: { "set-cookie": "c=3" } })),
  );
  app.get("/error", (_, c) => {
    set(c);
    throw new HttpError(409);
  });
  await using server = start(app);
  const rows: [path: string, status: number, cookies: string[]][] = [
    ["/text", 202, ["a=1", "b=2"]],
    ["/response", 200, ["a=1", "b=2", "c=3"]],
    ["/error", 409, ["a=1", "b=2"]],
  ];
  for (const [path, status, cookies] of rows) {
    const { headers, ...answer } = await asked(urlOf(server, path));
    assertEquals([
      path,
      answer.status,
      headers.get("x-a"),
      headers.getSetCookie().toSorted(),
    ], [
      path,
      status,
      "1",
      cookies,
    ]);
  }
});

async function asked(
  url: string,
): Promise<{ status: number; headers: Headers; text: string }> {
  const answer = await fetch(url);
  return {
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  };
}

Deno.test("serve() takes a fetch handler, which gets a genuine Request", async () => {
  await using server = start(async (request) => {
    assertInstanceOf(request, Request);
    const copy = new Request(request.clone());
    return Response.json({
      method: request.method,
      url: request.url,
      x: request.headers.get("x"),
      content: await copy.text(),
      same: await request.text(),
    });
  });
  const answer = await fetch(urlOf(server, "/a?b=c"), {
    method: "POST",
    body: "content",
    headers: { x: "1" },
  });
  assertEquals(await answer.json(), {
    method: "POST",
    url: urlOf(server, "/a?b=c"),
    x: "1",
    content: "content",
    same: "content",
  });
});

Deno.test("serve() forwards a request with fetch(c.request)", async () => {
  await using origin = start((request) =>
    new Response(request.body, {
      headers: { "x-path": new URL(request.url).pathname },
    })
  );
  const app = new Router();
  app.on(
    "*",
    "/*path",
    (_, c) => fetch(new Request(urlOf(origin, c.path), c.request)),
  );
  await using proxy = start(app);
  const answer = await fetch(urlOf(proxy, "/deep/path"), {
    method: "POST",
    body: "x".repeat(200_000),
  });
  assertEquals([answer.headers.get("x-path"), (await answer.text()).length], [
    "/deep/path",
    200_000,
  ]);
});

Deno.test("serve() streams uploads and downloads, whole", async () => {
  const app = new Router();
  app.post("/size", { limits: { body: Infinity } }, async (_, c) => {
    let size = 0;
    for await (const piece of c.content) size += piece.length;
    return size;
  });
  app.get("/many", function* () {
    for (let i = 0; i < 64; i++) yield new Uint8Array(256 * 1024);
  });
  await using server = start(app);
  const pieces = Array.from({ length: 64 }, () => new Uint8Array(256 * 1024));
  const up = await fetch(urlOf(server, "/size"), {
    method: "POST",
    body: ReadableStream.from(pieces),
  });
  assertEquals(await up.json(), 64 * 256 * 1024);
  const down = await fetch(urlOf(server, "/many"));
  assertEquals((await down.bytes()).length, 64 * 256 * 1024);
});

Deno.test("serve() redirects, and a form that was posted is followed by GET", async () => {
  const app = new Router();
  app.post("/form", () => redirect("/done?a=ü"));
  app.get("/done", (_, c) => `${c.method} ${c.query.get("a")}`);
  await using server = start(app);
  const answer = await fetch(urlOf(server, "/form"), {
    method: "POST",
    body: new URLSearchParams({ a: "1" }),
  });
  assertEquals([answer.redirected, await answer.text()], [true, "GET ü"]);
});

Deno.test("serve() hands the connection over with upgrade()", async () => {
  const app = new Router();
  app.get("/echo", () =>
    upgrade("echo", async (transport, early) => {
      await transport.write(early);
      const buffer = new Uint8Array(100);
      for (
        let n = await transport.read(buffer);
        n !== null;
        n = await transport.read(buffer)
      ) {
        await transport.write(buffer.subarray(0, n));
      }
    }));
  await using server = start(app);
  const said = await say(
    server,
    "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhello",
  );
  assertMatch(said, /^HTTP\/1.1 101 Switching Protocols\r\n[^]*\r\n\r\nhello$/);
});

Deno.test("serve() sends the second of two small pieces at once", async () => {
  const { listen } = Deno;
  const told: boolean[] = [];
  Deno.listen = ((options: Deno.TcpListenOptions) => {
    const listener = listen(options);
    const accept = listener.accept.bind(listener);
    listener.accept = async () => {
      const conn = await accept();
      const setNoDelay = conn.setNoDelay.bind(conn);
      conn.setNoDelay = (on = true) => {
        told.push(on);
        setNoDelay(on);
      };
      return conn;
    };
    return listener;
  }) as typeof Deno.listen;
  try {
    const taken = Promise.withResolvers<void>();
    const app = new Router();
    app.get("/", async function* () {
      yield "a";
      await taken.promise;
      yield "b";
    });
    await using server = start(app);
    assertStringIncludes(await say(server, "\0"), "400");
    assertEquals(told, []);
    using conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.addr.port!,
    });
    await conn.write(new TextEncoder().encode(GET));
    await conn.read(new Uint8Array(500));
    taken.resolve();
    await conn.closeWrite();
    await new Response(conn.readable).text();
    assertEquals(told, [true]);
  } finally {
    Deno.listen = listen;
  }
});

// ── where it listens ───────────────────────────────────────────────────────

Deno.test("serve() tells where it listens", async () => {
  let told: unknown;
  await using server = start(() => new Response(), {
    onListen: (address) => told = address,
  });
  assertEquals(told, server.addr);
  assertEquals([server.addr.transport, server.addr.hostname], [
    "tcp",
    "127.0.0.1",
  ]);
});

Deno.test("serve() speaks TLS", async () => {
  await using server = start(
    (request) => new Response(request.url),
    { cert: TLS_CERT, key: TLS_KEY },
  );
  using client = Deno.createHttpClient({ caCerts: [TLS_AUTHORITY] });
  const answer = await fetch(urlOf(server, "/a", "https"), { client });
  assertEquals(await answer.text(), urlOf(server, "/a", "https"));
  // Plain HTTP to a port of TLS costs nobody else anything.
  await say(server, GET).catch(() => {});
  const next = await fetch(urlOf(server, "/b", "https"), { client });
  assertEquals(await next.text(), urlOf(server, "/b", "https"));
});

Deno.test("serve() gives up on a TLS client that says nothing", async () => {
  await using server = start(() => new Response(), {
    cert: TLS_CERT,
    key: TLS_KEY,
    timeouts: { handshake: 20 },
  });
  using _silent = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port!,
  });
  await until(() => server.stats.accepted === 1);
  await until(() => server.stats.connections === 0);
});

/** Waits for what no event tells. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("serve() listens on a unix socket, and leaves no file behind", async () => {
  const path = await Deno.makeTempFile({ prefix: "no8wire", suffix: ".sock" });
  await Deno.remove(path);
  {
    await using server = start((request) => new Response(request.url), {
      path,
    });
    assertEquals(server.addr, { transport: "unix", path });
    assertStringIncludes(await say(server, GET), "http://a/");
    assertThrows(
      () => start(() => new Response(), { path }),
      Deno.errors.AddrInUse,
      path,
    );
    assertStringIncludes(await say(server, GET), "200 OK");
  }
  await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
});

Deno.test("serve() tells the addresses of a connection, one object for each", async () => {
  const app = new Router();
  const seen = new Set<unknown>();
  app.get("/", (_input, c) => {
    for (let i = 0; i < 2; i++) seen.add(c.remote).add(c.local);
    return [c.remote?.hostname, c.local?.port];
  });
  await using server = start(app);
  const answer = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  assertEquals(await answer.json(), ["127.0.0.1", server.addr.port]);
  assertEquals(seen.size, 2);
});

Deno.test("serve() believes the proxies that it is told to trust, and no others", async () => {
  const app = new Router();
  app.get("/", (_input, c) => `${c.remote?.hostname} ${c.url} ${c.secure}`);
  const sent = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n" +
    "X-Forwarded-Proto: https\r\nX-Forwarded-Host: b.example\r\n\r\n";
  const client = "192.0.2.7 https://b.example/ true";
  const itself = "127.0.0.1 http://a/ false";
  const rows: [ServeOptions["trustProxy"], string][] = [
    [undefined, itself],
    [["private"], itself],
    [["loopback"], client],
    [1, client],
  ];
  for (const [trustProxy, expected] of rows) {
    await using server = start(
      app,
      trustProxy === undefined ? {} : { trustProxy },
    );
    assertStringIncludes(await say(server, sent), expected);
  }
});

Deno.test("serve() trusts the peer on a unix socket where it trusts any", async () => {
  const path = await Deno.makeTempFile({ prefix: "no8wire", suffix: ".sock" });
  await Deno.remove(path);
  const app = new Router();
  app.get("/", (_input, c) => `from ${c.remote?.hostname}`);
  const sent = "GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=192.0.2.7\r\n\r\n";
  await using server = start(app, { path, trustProxy: [] });
  assertStringIncludes(await say(server, sent), "from 192.0.2.7");
});

Deno.test("serve() says what is wrong with its options, in a sentence", async () => {
  await using taken = start(() => new Response());
  const app = () => new Response();
  const rows: [ServeOptions, new () => Error, string][] = [
    [{ port: taken.addr.port! }, Deno.errors.AddrInUse, "it is in use"],
    [{ port: 65_536 }, RangeError, "a port is 0 to 65535"],
    [{ port: 1.5 }, RangeError, "a port is 0 to 65535"],
    [
      { hostname: "192.0.2.1" },
      Deno.errors.AddrNotAvailable,
      "does not have that address",
    ],
    [{ port: "8000" as never }, TypeError, "give Number(port)"],
    [{ hostname: "no such host" }, Error, "Cannot listen on no such host:"],
    [{ prot: 1, other: false } as never, TypeError, 'Cannot serve with "prot"'],
    [{ cert: "cert.pem", key: TLS_KEY }, TypeError, "cert is no PEM text"],
    [{ cert: TLS_CERT, key: "key.pem" }, TypeError, "key is no PEM text"],
    [{ cert: TLS_CERT }, TypeError, "cert and key go together"],
    [{ path: "/tmp/a", port: 1 }, TypeError, "choose one"],
    [
      { path: "/tmp/a", cert: TLS_CERT, key: TLS_KEY },
      TypeError,
      "leave out cert and key",
    ],
    [{ path: "/tmp/a", backlog: 1 }, TypeError, "they are of TCP"],
    [{ backlog: -1 }, RangeError, "it is a number from 1"],
    [{ reusePort: true }, TypeError, "--unstable-net"],
    [{ limits: { body: -1 } }, RangeError, "limits.body"],
    [{ timeouts: { idle: NaN } }, RangeError, "timeouts.idle"],
    [{ trustProxy: true as never }, TypeError, "true would trust anybody"],
    [{ trustProxy: ["10.0.0.1/8"] }, RangeError, "bits behind its prefix"],
  ];
  for (const [options, type, sentence] of rows) {
    assertThrows(() => start(app, options), type, sentence);
  }
  for (const port of [3000, null, true]) {
    const says = `Cannot serve with ${port}: options are an object, as { port`;
    assertThrows(() => serve(app, port as never), TypeError, says);
  }
});

Deno.test("serve() leaves nothing behind when onListen throws", async () => {
  let port = 0;
  const app = () => new Response();
  assertThrows(
    () =>
      start(app, {
        onListen: (address) => {
          port = address.port!;
          throw new Error("no");
        },
      }),
    Error,
    "no",
  );
  // Nobody listens there; whether the port is free is for the system to say.
  const url = `http://127.0.0.1:${port}/`;
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("serve() takes the options of its router where it is given none", async () => {
  const errors: unknown[] = [];
  const app = new Router({
    development: true,
    limits: { body: 2 },
    onError: (error) => errors.push(error),
  });
  app.post("/", (_, c) => c.text());
  app.get("/", () => {
    throw new Error("shown");
  });
  const post = { method: "POST", body: "abc" };
  {
    await using server = start(app, { onError: undefined as never });
    const refused = await fetch(urlOf(server), post);
    assertEquals([refused.status, !!await refused.text()], [413, true]);
    const failed = await fetch(urlOf(server));
    assertStringIncludes(await failed.text(), "shown");
    assertEquals(errors.length, 1);
  }
  await using server = start(app, { development: false, limits: { body: 3 } });
  assertEquals(await (await fetch(urlOf(server), post)).text(), "abc");
  assertEquals(
    (await (await fetch(urlOf(server))).text()).includes("shown"),
    false,
  );
  assertEquals(errors.length, 1);
});

Deno.test("serve() survives an observer that rejects", async () => {
  const logged: unknown[] = [];
  const real = console.error;
  console.error = (...what) => void logged.push(...what);
  try {
    await using server = start(() => {
      throw new Error("ours");
    }, { onError: () => Promise.reject(new Error("observer")) });
    assertEquals((await fetch(urlOf(server)).then(drained)).status, 500);
    assertEquals((await fetch(urlOf(server)).then(drained)).status, 500);
  } finally {
    console.error = real;
  }
  assertEquals(logged[0], "onError threw:");
});

Deno.test("serve() survives a reader of content that is left alone", async () => {
  const app = new Router();
  app.post("/pieces", (_, c) => {
    c.content.limit = 10;
    c.content[Symbol.asyncIterator]().next();
    throw new HttpError(401, "no");
  });
  app.post("/", (_, c) => {
    c.json();
    c.form();
    c.formData();
    throw new HttpError(401, "no");
  });
  await using server = start(app);
  for (const body of ["{", "x".repeat(2_000_000)]) {
    const answer = await fetch(urlOf(server), { method: "POST", body });
    assertEquals((await drained(answer)).status, 401);
  }
  const url = new URL("/pieces", urlOf(server));
  const answer = await fetch(url, { method: "POST", body: "x".repeat(11) });
  assertEquals((await drained(answer)).status, 401);
});

async function drained(answer: Response): Promise<Response> {
  await answer.text();
  return answer;
}

Deno.test("serve() says which permission is missing, and listens on 8000 by default", async () => {
  const program = `import { serve } from "${
    import.meta.resolve("./mod.ts")
  }"; serve(() => new Response());`;
  const { stderr, success } = await run(program, "--allow-read");
  assertEquals(success, false);
  assertStringIncludes(
    new TextDecoder().decode(stderr),
    "Cannot listen on 0.0.0.0:8000: run with deno run --allow-net",
  );
});

/** Runs a program of its own, without permissions. */
async function run(
  program: string,
  ...flags: string[]
): Promise<Deno.CommandOutput> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, program);
  try {
    const args = ["run", "--no-prompt", "--no-check", ...flags, file];
    return await new Deno.Command(Deno.execPath(), {
      args,
      env: { NO_COLOR: "1" },
    }).output();
  } finally {
    await Deno.remove(file);
  }
}

// ── what may go wrong, and how it ends ─────────────────────────────────────

Deno.test("serve() goes on accepting after peers that reset before they were accepted", async () => {
  const errors: unknown[] = [];
  await using server = start(() => new Response("still here"), {
    onError: (error) => errors.push(error),
  });
  const program = `
    import { connect } from "node:net";
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => {
        const socket = connect(${server.addr.port}, "127.0.0.1", () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
    }`;
  // Nothing is accepted while this waits, so that the resets come first.
  const { success } = new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
  }).outputSync();
  assertEquals(success, true);
  assertEquals(await (await fetch(urlOf(server))).text(), "still here");
  assertEquals(server.stats.accepted, 1);
  assertEquals(errors, []);
});

Deno.test({
  name: "serve() makes room when descriptors run out, and goes on",
  ignore: Deno.build.os === "windows", // which has no such bound
  fn: async () => {
    await using child = await startChild(
      `serve(() => new Response("still here"), {
         hostname: "127.0.0.1",
         port: 0,
         onListen: ({ port }) => console.log(port),
         onError: ({ code }) => console.log(code),
       });`,
      "ulimit -n 100; ",
    );
    const port = Number(await child.line());
    const clients = await Promise.all(
      Array.from(
        { length: 150 },
        () => Deno.connect({ hostname: "127.0.0.1", port }),
      ),
    );
    assertEquals(await child.line(), "EMFILE");
    // Who is idle for longest makes room; then all leave.
    const ask = async () => {
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(`http://127.0.0.1:${port}/`, { signal });
      return await answer.text();
    };
    assertEquals(await ask(), "still here");
    for (const client of clients) client.close();
    assertEquals(await ask(), "still here");
  },
});

Deno.test("serve() keeps the fault of one client from another", async () => {
  const faults: unknown[] = [];
  await using server = start(() => new Response("fine"), {
    onError: (error) => void faults.push(error),
  });
  const said = await Promise.all([
    say(server, "\0\0\0"),
    say(server, GET),
    say(server, "GET / HTTP/1.1\r\n\r\n"),
    say(server, GET),
  ]);
  assertEquals(said.map((text) => text.slice(9, 12)), [
    "400",
    "200",
    "400",
    "200",
  ]);
  assertEquals(faults.map((fault) => fault instanceof wire.Fault), [
    true,
    true,
  ]);
});

Deno.test("serve() makes room at the cap by the connection that is idle for longest", async () => {
  await using server = start(() => new Response("served"), {
    limits: { connections: 2 },
  });
  const idle = await Promise.all(
    [0, 1].map(() =>
      Deno.connect({ hostname: "127.0.0.1", port: server.addr.port! })
    ),
  );
  for (const conn of idle) {
    await conn.write(new TextEncoder().encode(GET));
    await conn.read(new Uint8Array(500));
  }
  assertStringIncludes(await say(server, GET), "served");
  assertEquals(await idle[0]!.read(new Uint8Array(1)), null);
  for (const conn of idle) conn.close();
});

Deno.test("serve() makes room at the cap although nobody is idle for too long", async () => {
  await using server = start(() => new Response("served"), {
    limits: { connections: 1 },
    timeouts: { idle: Infinity },
  });
  using idle = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port!,
  });
  await idle.write(new TextEncoder().encode(GET));
  await idle.read(new Uint8Array(500));
  assertStringIncludes(await say(server, GET), "served");
});

Deno.test("serve() lets a client that is still sending read the refusal", async () => {
  await using server = start(() => new Response("x", { status: 413 }));
  const size = 20_000_000;
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port!,
  });
  const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`;
  await conn.write(new TextEncoder().encode(head));
  const content = new Uint8Array(size);
  for (let sent = 0; sent < size;) {
    sent += await conn.write(content.subarray(sent));
  }
  await conn.closeWrite();
  const said = await new Response(conn.readable).text();
  assertMatch(said, /^HTTP\/1.1 413 [^]*connection: close[^]*\r\n\r\nx$/i);
});

Deno.test("serve() counts what it does", async () => {
  const server = start(() => new Response());
  await say(server, GET + GET);
  await say(server, GET);
  await server.shutdown();
  assertEquals(server.stats, { connections: 0, accepted: 2, requests: 3 });
});

Deno.test("Server.shutdown() lets what is in flight finish, and frees the port", async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const server = start(async () => {
    begun.resolve();
    await gate.promise;
    return new Response("finished");
  });
  const answer = fetch(urlOf(server));
  await begun.promise;
  const down = server.shutdown();
  assertEquals(server.shutdown() instanceof Promise, true);
  await assertRejects(() =>
    Deno.connect({ hostname: "127.0.0.1", port: server.addr.port! })
  );
  gate.resolve();
  const { headers } = await answer.then(async (
    a,
  ) => (assertEquals(await a.text(), "finished"), a));
  assertEquals(headers.get("connection"), "close");
  await down;
  await server.finished;
  await using again = start(() => new Response(), { port: server.addr.port! });
  assertEquals(await (await fetch(urlOf(again))).text(), "");
});

Deno.test("Server.shutdown() cuts what is not finished within timeouts.drain", async () => {
  let reason: unknown;
  const begun = Promise.withResolvers<void>();
  const app = new Router();
  app.get("/", (_, c) => {
    c.signal.onabort = () => reason = c.signal.reason;
    begun.resolve();
    return new Promise(() => {});
  });
  const server = start(app, { timeouts: { drain: 20 } });
  const answer = fetch(urlOf(server)).then((a) => a.text(), () => "cut");
  await begun.promise;
  await server.shutdown();
  assertEquals([await answer, (reason as Error).name], ["cut", "AbortError"]);
});

Deno.test("Server.shutdown() cuts an upgraded connection whose owner does not end", async () => {
  const app = new Router();
  app.get("/", () => upgrade("x", () => new Promise(() => {})));
  const server = start(app, { timeouts: { drain: 20 } });
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.addr.port!,
  });
  const wire =
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
  await conn.write(new TextEncoder().encode(wire));
  await conn.read(new Uint8Array(500));
  await server.shutdown();
  assertEquals(server.stats.connections, 0);
});

Deno.test("Server.shutdown() waits for no handshake, and for as long as it is told", async () => {
  const tls = { cert: TLS_CERT, key: TLS_KEY };
  const silent = start(() => new Response(), tls);
  using _conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: silent.addr.port!,
  });
  await until(() => silent.stats.connections === 1);
  await silent.shutdown();

  const begun = Promise.withResolvers<void>();
  const patient = start(async () => {
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 30));
    return new Response("finished");
  }, { timeouts: { drain: 2 ** 40 } });
  const answer = fetch(urlOf(patient));
  await begun.promise;
  const down = patient.shutdown();
  assertEquals(await (await answer).text(), "finished");
  await down;
});

Deno.test("serve() shuts down when its signal fires", async () => {
  const stop = new AbortController();
  const server = start(() => new Response(), { signal: stop.signal });
  stop.abort();
  await server.finished;
  await start(() => new Response(), { signal: AbortSignal.abort() }).finished;
});

/** A server in a process of its own, and the lines that it prints. */
async function startChild(program: string, before = "") {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  const wire = import.meta.resolve("./mod.ts");
  await Deno.writeTextFile(file, `import { serve } from "${wire}";${program}`);
  const config = new URL("deno.json", import.meta.url).pathname;
  const run =
    `${before}exec "$0" run --no-check --allow-net --config="$1" "$2"`;
  const child = new Deno.Command("sh", {
    args: ["-c", run, Deno.execPath(), config, file],
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  return {
    line: async () => (await lines.read()).value,
    kill: (signal: Deno.Signal) => child.kill(signal),
    status: child.status,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await child.status;
      await lines.cancel();
      await Deno.remove(file);
    },
  };
}

/** Text as its lines. */
class TextLineStream extends TransformStream<string, string> {
  constructor() {
    let rest = "";
    super({
      transform(text, controller) {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line);
      },
    });
  }
}

Deno.test("examples/hello.ts says hello", async () => {
  // As it is, but for the port, which may be taken here.
  await using child = await startChild(`
    const { listen } = Deno;
    Deno.listen = (options) => listen({ ...options, hostname: "127.0.0.1", port: 0 });
    await import("${import.meta.resolve("./examples/hello.ts")}");
  `);
  const [url] = /http:\S+/.exec((await child.line())!)!;
  const ask = async (path: string) => await (await fetch(url + path)).text();
  assertStringIncludes(await ask(""), "/hello/Ada");
  assertEquals(await ask("hello/Ada"), "Hello, Ada.");
  child.kill("SIGINT");
  assertEquals((await child.status).code, 0);
});

Deno.test("serve() drains on SIGTERM and exits with 0", async () => {
  await using child = await startChild(`
    serve(async () => {
      console.log("begun");
      await new Promise((resolve) => setTimeout(resolve, 100));
      return new Response("finished");
    }, { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) });
  `);
  const answer = fetch(`http://127.0.0.1:${await child.line()}/`);
  assertEquals(await child.line(), "begun");
  child.kill("SIGTERM");
  assertEquals(await (await answer).text(), "finished");
  assertEquals((await child.status).code, 0);
});

Deno.test("serve() ends at once on a second signal, with 0", async () => {
  await using child = await startChild(`
    serve((request) => {
      console.log("begun");
      request.signal.onabort = () => console.log("aborted");
      addEventListener("unload", () => console.log("unload"));
      return new Promise(() => {});
    }, {
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) => console.log(port),
      timeouts: { drain: Infinity },
    });
  `);
  const answer = fetch(`http://127.0.0.1:${await child.line()}/`)
    .then(() => "answered", () => "cut");
  assertEquals(await child.line(), "begun");
  child.kill("SIGTERM");
  child.kill("SIGINT");
  assertEquals(await child.line(), "unload");
  assertEquals([(await child.status).code, await answer], [0, "cut"]);
});

Deno.test("serve() ends on a second signal when all is drained, with 0", async () => {
  await using child = await startChild(`
    const server = serve(() => new Response(), {
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) => console.log(port),
    });
    setInterval(() => {}, 60_000); // the application's own
    await server.finished;
    console.log("drained");
  `);
  await child.line();
  child.kill("SIGTERM");
  assertEquals(await child.line(), "drained");
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
});

Deno.test("Server.unref() lets the process end", async () => {
  const { code } = await run(
    `import { serve } from "${import.meta.resolve("./mod.ts")}";
     const server = serve(() => new Response(), { hostname: "127.0.0.1", port: 0, signals: false });
     const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
     await conn.write(new TextEncoder().encode("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"));
     await conn.read(new Uint8Array(500));
     server.ref();
     server.unref();
     const later = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
     await later.write(new TextEncoder().encode("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"));
     await later.read(new Uint8Array(500));`,
    "--allow-net",
  );
  assertEquals(code, 0);
});

Deno.test("mod.ts exports what its users were promised, and nothing else", () => {
  const promised = [
    "serve Router get post put patch del on events controller catches",
    "HttpError Fault html raw json redirect file files upgrade",
    "serveConnection toHandler LIMITS TIMEOUTS",
    "accessLog basicAuth bearerAuth compress cors etag requestId secureHeaders",
  ].join(" ").split(" ");
  assertEquals(Object.keys(wire).sort(), promised.sort());
});
