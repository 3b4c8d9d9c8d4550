import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Fault, HttpError } from "../errors.ts";
import { converse } from "../features/testing.ts";
import { resolveLimits } from "../limits.ts";
import type { Exchange, RequestHead } from "../messages.ts";
import { Context } from "../request.ts";
import { json, upgrade } from "../response.ts";
import { Answer } from "../response/answer.ts";
import {
  type App,
  catches,
  controller,
  del,
  get,
  type Middleware,
  on,
  patch,
  post,
  put,
  Router,
  toHandler,
} from "../router.ts";

const BAD_PATH =
  "400 ! The path has a dot segment, a backslash, an encoded NUL or escapes that are no text (RFC 3986 §6.2.2)";
const SENDABLE = "return text, bytes, data, a Response, a stream or nothing";

class Missing extends Error {}
class Lost extends Missing {}

/** A context as a connection makes it, and what was reported through it. */
function asked(line: string, fields: Record<string, string> = {}) {
  const [method, target] = line.split(" ") as [string, string];
  const [path, query = ""] = target.split("?") as [string, string?];
  const head: RequestHead = {
    method,
    target,
    path,
    query,
    authority: "localhost",
    version: "1.1",
    header: (name) => fields[name.toLowerCase()],
    fields: () => Object.entries(fields),
  };
  const reported: unknown[] = [];
  const exchange: Exchange = {
    remote: undefined,
    local: undefined,
    secure: false,
    development: false,
    offers: () => true,
    limits: resolveLimits({ body: 1000, pairs: 100, cookies: 10 }),
    signal: () => new AbortController().signal,
    report: (error) => reported.push(error),
  };
  return { c: new Context(head, exchange), reported };
}

/** An answer in one line: status, text, and the fields that are asked for. */
async function told(
  answer: Answer | Response,
  ...names: string[]
): Promise<string> {
  const response = answer instanceof Answer ? answer.toResponse() : answer;
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const said = type.startsWith("application/problem+json")
    ? `! ${JSON.parse(text).detail ?? ""}`
    : text;
  const fields = names.map((name) => `${name}: ${response.headers.get(name)}`);
  return [`${response.status} ${said}`.trim(), ...fields].join(" | ");
}

/** Asks an application as a connection does. */
async function ask(
  app: App,
  line: string,
  names: string[] = [],
  fields: Record<string, string> = {},
): Promise<string> {
  const { c } = asked(line, fields);
  return await told(await toHandler(app)(c), ...names);
}

/** The message of what `make` throws. */
function refused(make: () => unknown): string {
  return assertThrows(make, TypeError).message;
}

const silent = { onError: () => {} };

// ── Routes ──────────────────────────────────────────────────────────────────

/** An application with a route of every sort. */
function sorts(): Router {
  const app = new Router();
  app.get("/", () => "root");
  app.get("/hello/:name", ({ name }) => `Hello, ${name}.`);
  app.get("/n/:n<int>", ({ n }) => `${typeof n} ${n}`);
  app.post("/n/:n<int>", ({ n }) => ({ n }));
  app.get("/page/:page<int>?", (input) => input);
  app.get("/files/*path", ({ path }) => path);
  app.get("/slash/", () => "slash");
  app.put("/put", () => "put");
  app.patch("/patch", () => "patch");
  app.delete("/delete", () => "delete");
  app.query("/query", async (_input, c) => await c.text() || "query");
  app.on("PURGE", "/purge", () => "purge");
  app.on("*", "/any", (_input, c) => c.method);
  app.on("TRACE", "/trace", () => "trace");
  app.on("OPTIONS", "/options", () => "own");
  return app;
}

const NORMAL: [line: string, answer: string][] = [
  ["GET /", "200 root"],
  ["GET /hello/Ada", "200 Hello, Ada."],
  ["GET /hello/caf%C3%A9", "200 Hello, café."],
  ["GET /hello/a%2Fb", "200 Hello, a/b."],
  ["GET /hello/a%252Fb", "200 Hello, a%2Fb."],
  ["GET /h%65llo/Ada", "200 Hello, Ada."],
  ["GET /hello/...", "200 Hello, ...."],
  ["GET /n/7", "200 number 7"],
  ["GET /n/%37", "200 number 7"],
  ["POST /n/7", '200 {"n":7}'],
  ["GET /n/x", "404 ! There is nothing here"],
  ["GET /page", "200 {}"],
  ["GET /page/2", '200 {"page":2}'],
  ["GET /files/", "200"],
  ["GET /files/a//b/", "200 a//b/"],
  ["GET /files/a%2Fb", "200 a/b"],
  ["GET /slash/", "200 slash"],
  ["PUT /put", "200 put"],
  ["PATCH /patch", "200 patch"],
  ["DELETE /delete", "200 delete"],
  ["QUERY /query", "200 query"],
  ["PURGE /purge", "200 purge"],
  ["BREW /any", "200 BREW"],
  ["OPTIONS /any", "200 OPTIONS"],
  ["TRACE /trace", "200 trace"],
  ["OPTIONS /options", "200 own"],
  ["HEAD /hello/Ada", "200 Hello, Ada."], // the writer drops what HEAD does not get
  // What no route answers.
  ["GET /nothing", "404 ! There is nothing here"],
  ["GET //", "404 ! There is nothing here"],
  ["GET /hello//", "404 ! There is nothing here"],
  [
    "GET /hello/%FF",
    BAD_PATH,
  ],
  [
    "GET /%FF",
    BAD_PATH,
  ],
  ["DELETE /purge", "405 ! The method is not allowed here"],
  ["BREW /hello/x", "501 !"],
  ["BREW /nothing", "501 !"],
  ["PURGE /nothing", "404 ! There is nothing here"],
  ["get /", "501 !"],
  ["TRACE /", "405 ! The method is not allowed here"],
  ["TRACE /nothing", "404 ! There is nothing here"],
  ["CONNECT example.com:443", "501 !"],
];

Deno.test.each(NORMAL)("Router answers %s with %s", async (line, answer) => {
  assertEquals(await ask(sorts(), line), answer);
});

const BAD_PATHS = [
  "/files/../x",
  "/files/%2e%2E/x",
  "/files/.",
  "/files/x/..",
  "/hello/.",
  "/hello/%2e",
  "/hello/..",
  "/hello/a\\b",
  "/hello/%00",
  "/hello/%",
  "/hello/%zz",
  "/nothing/../x",
  "/files/a/./b",
];

Deno.test.each(BAD_PATHS)(
  "Router refuses the path %s before it is routed",
  async (path) => {
    let called = false;
    const app = sorts();
    app.get("/*rest", () => called = true);
    for (const each of [app, () => (called = true, new Response())]) {
      assertMatch(
        await ask(each, `GET ${path}`),
        /^400 ! The path has a dot segment/,
      );
    }
    assertEquals(called, false);
  },
);

Deno.test("Router says what is allowed, sorted, from the one table", async () => {
  const app = sorts();
  app.delete("/hello/:name", () => {});
  const allow = (line: string) => ask(app, line, ["allow"]);
  assertEquals(
    await allow("POST /hello/x"),
    "405 ! The method is not allowed here | allow: DELETE, GET, HEAD, OPTIONS",
  );
  assertEquals(
    await allow("OPTIONS /hello/x"),
    "204 | allow: DELETE, GET, HEAD, OPTIONS",
  );
  assertEquals(await allow("OPTIONS /purge"), "204 | allow: OPTIONS, PURGE");
  assertEquals(
    await allow("OPTIONS *"),
    "204 | allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PURGE, PUT, QUERY, TRACE",
  );
  const small = new Router();
  small.get("/", () => 1);
  assertEquals(
    await ask(small, "OPTIONS *", ["allow"]),
    "204 | allow: GET, HEAD, OPTIONS",
  );
  assertEquals(
    await ask(small, "OPTIONS /x", ["allow"]),
    "404 ! There is nothing here | allow: null",
  );
});

const SLASHES: [line: string, answer: string][] = [
  ["GET /hello/Ada/", "308 | location: /hello/Ada"],
  ["GET /hello/caf%C3%A9/?q=%2F&r", "308 | location: /hello/caf%C3%A9?q=%2F&r"],
  ["GET /hello/x/?", "308 | location: /hello/x?"],
  ["HEAD /hello/x/", "308 | location: /hello/x"],
  ["OPTIONS /hello/x/", "308 | location: /hello/x"],
  ["POST /n/7/", "308 | location: /n/7"],
  ["GET /slash", "308 | location: /slash/"],
  ["GET /files", "308 | location: /files/"],
  ["GET /page/", "308 | location: /page"],
  ["POST /hello/x/", "404 ! There is nothing here | location: null"],
  ["GET /nothing/", "404 ! There is nothing here | location: null"],
  ["GET //hello/x/", "404 ! There is nothing here | location: null"],
];

Deno.test.each(SLASHES)("Router answers %s with %s", async (line, answer) => {
  assertEquals(await ask(sorts(), line, ["location"]), answer);
});

Deno.test("Router never redirects to another host", async () => {
  const app = new Router();
  app.get("/*rest/".replace("/*rest/", "/:a/:b"), () => "two");
  app.get("/x/*rest", () => "rest");
  for (
    const line of ["GET //evil.example/", "GET //evil.example", "GET ///x"]
  ) {
    assertMatch(await ask(app, line, ["location"]), /^404 .* location: null$/);
  }
});

Deno.test("Router answers an absolute-form target's query, too", async () => {
  const app = new Router();
  app.get("/a", () => 1);
  const { c } = asked("GET /a/");
  Object.defineProperty(c, "target", { value: "http://h/a/?q=1" });
  assertEquals(
    await told(await toHandler(app)(c), "location"),
    "308 | location: /a?q=1",
  );
});

Deno.test("Router.on() takes CONNECT for the target that is no path", async () => {
  const app = new Router();
  app.on("CONNECT", "*", (_input, c) => `to ${c.target}`);
  app.on("OPTIONS", "*", () => "own");
  app.on("*", "/*all", () => "all");
  assertEquals(
    await ask(app, "CONNECT example.com:443"),
    "200 to example.com:443",
  );
  assertEquals(await ask(app, "OPTIONS *"), "200 own");
});

Deno.test("Router gives the parts of a path in one shape", async () => {
  const inputs: object[] = [];
  const app = new Router();
  app.get("/static", (input) => void inputs.push(input));
  app.get("/:b/:a", (input) => void inputs.push(input));
  for (const line of ["GET /static", "GET /static", "GET /1/2"]) {
    await ask(app, line);
  }
  assert(inputs[0] === inputs[1] && Object.isFrozen(inputs[0]));
  assertEquals(Object.keys(inputs[2]!), ["b", "a"]);
});

Deno.test("Router tells a handler its route", async () => {
  const app = new Router();
  app.get(
    "/a/:b",
    (_input, c) => `${c.route?.method} ${c.route?.path} ${c.route?.source}`,
  );
  app.use((c, next) => {
    c.headers.set("x-route", c.route?.path ?? "none");
    return next();
  });
  assertMatch(
    await ask(app, "GET /a/1"),
    /^200 GET \/a\/:b .*router_test\.ts:\d+:\d+$/,
  );
  assertEquals(
    await ask(app, "GET /x", ["x-route"]),
    "404 ! There is nothing here | x-route: none",
  );
});

// ── What is refused when it is declared ─────────────────────────────────────

// deno-lint-ignore no-explicit-any
const any = (value: unknown): any => value;

const REFUSED: [name: string, make: (app: Router) => unknown, said: RegExp][] =
  [
    [
      "a bad path",
      (app) => app.get(any("/:"), () => 1),
      /^Cannot read the path "\/:": a part has no name, as :name or \*rest$/,
    ],
    [
      "no handler",
      (app) => any(app).get("/a"),
      /^Cannot take undefined for the handler of "\/a"$/,
    ],
    [
      "a handler that is text",
      (app) => app.get("/a", any("x")),
      /^Cannot take a string for the handler of "\/a"$/,
    ],
    [
      "a method that is no token",
      (app) => app.on("a b", "/", () => 1),
      /^Cannot route the method "a b": it is no token$/,
    ],
    [
      "a method in small letters",
      (app) => app.on("get", "/", () => 1),
      /it is written in capitals$/,
    ],
    [
      "an unknown option",
      (app) => app.get("/a", any({ bdy: 1 }), () => 1),
      /^Cannot route "\/a": there is no option "bdy"$/,
    ],
    [
      "a schema that is none",
      (app) => app.get("/a", any({ body: {} }), () => 1),
      /"body" is no Standard Schema$/,
    ],
    [
      "middleware that is none",
      (app) => app.get("/a", any({ use: [1] }), () => 1),
      /^Cannot take a number for middleware$/,
    ],
    [
      "a bound that is none",
      (app) => app.get("/a", { limits: { body: -1 } }, () => 1),
      /a bound of -1 is no number from 0$/,
    ],
    [
      "use() of nothing",
      (app) => app.use(any(null)),
      /^Cannot take null for middleware$/,
    ],
    [
      "with() of text",
      (app) => app.with(any("x")),
      /^Cannot take a string for middleware$/,
    ],
    [
      "catch() of text",
      (app) => app.catch(any("x"), () => 1),
      /^Cannot catch a string: it is neither a class nor a status from 400 to 599$/,
    ],
    [
      "catch() without a handler",
      (app) => app.catch(any(404)),
      /^Cannot take a number for a handler of errors$/,
    ],
    [
      "mount() of a class",
      (app) => app.mount("/", any(class Songs {})),
      /^Cannot mount the class Songs: give an instance of it, new Songs\(\)$/,
    ],
    [
      "mount() of what has no routes",
      (app) => app.mount("/", new Date()),
      /^Cannot mount an instance of Date: it has no routes; give a Router, or an instance of a class/,
    ],
    [
      "mount() of nothing",
      (app) => app.mount("/", Object.create(null)),
      /^Cannot mount an instance of no class/,
    ],
    [
      "mount() of itself",
      (app) => app.mount("/a", app),
      /^Cannot mount a router in itself$/,
    ],
    [
      "a prefix with a slash",
      (app) => app.mount("/a/", new Router()),
      /a prefix does not end with '\/'$/,
    ],
    [
      "middleware in the place of options",
      (app) => app.get("/", any(() => {}), () => 1),
      /^Cannot route "\/": its options are a function; middleware goes in \{ use: \[\] \}$/,
    ],
    [
      "two handlers",
      (app) => any(app).get("/", {}, () => 1, () => 2),
      /^Cannot route "\/": it takes one handler/,
    ],
    ["no options", (app) => app.get("/", any(null), () => 1), /are null/],
    [
      "use of no list",
      (app) => app.get("/", any({ use: () => {} }), () => 1),
      /"use" is a function, no list$/,
    ],
    [
      "several methods",
      (app) => app.on(any(["GET", "POST"]), "/", () => 1),
      /^Cannot route a method that is an array: name one, as "GET"$/,
    ],
    [
      "a schema that is null",
      (app) => app.post("/", any({ body: null }), () => 1),
      /"body" is no Standard Schema$/,
    ],
    [
      "a bound of another name",
      (app) => app.post("/", any({ limits: { bdy: 1 } }), () => 1),
      /there is no bound "limits.bdy"$/,
    ],
    [
      "a bound as text",
      (app) => app.post("/", any({ limits: { body: "10" } }), () => 1),
      /a bound of 10 is no number from 0$/,
    ],
    [
      "braces",
      (app) => app.get(any("/hello/{name}"), () => 1),
      /a part is written :name, without braces$/,
    ],
    [
      "a part of a segment",
      (app) => app.get(any("/song-:id"), () => 1),
      /'song-:id' has a ':' inside; a part stands for a whole segment/,
    ],
    [
      "a kind that is none",
      (app) => app.get(any("/:id<string>"), () => 1),
      /unknown kind <string>; the kinds are int, num, uuid, date$/,
    ],
    [
      "mount() without a prefix",
      (app) => any(app).mount(new Router()),
      /^Cannot mount without a prefix: mount\(prefix, app\)$/,
    ],
    [
      "mount() of a function",
      (app) => app.mount("/", any(() => new Response())),
      /^Cannot mount a function: give a Router/,
    ],
    [
      "catch() of a function",
      (app) => app.catch(any((e: unknown) => e), () => 1),
      /^Cannot catch a function/,
    ],
    [
      "catch() of what is no status of an error",
      (app) => app.catch(9999, () => 1),
      /^Cannot catch 9999/,
    ],
    [
      "a class for a handler",
      (app) => app.get("/", any(class {})),
      /^Cannot take a class for the handler of "\/"$/,
    ],
    [
      "catch() of a class alone",
      (app) => app.catch(any(Missing)),
      /^Cannot take a class for a handler of errors$/,
    ],
    [
      "kinds that are none",
      () => new Router({ kinds: any({ int: String }) }),
      /^Cannot register the kind <int>/,
    ],
  ];

Deno.test.each(REFUSED)("Router refuses %s", (_name, make, said) => {
  assertMatch(refused(() => make(new Router())), said);
});

Deno.test("Router refuses two routes that tie, with both places and a path", () => {
  const app = new Router();
  app.get("/songs/:id", function show() {});
  const message = refused(() => app.get("/songs/:song", function other() {}));
  assertMatch(
    message,
    /^Cannot add GET \/songs\/:song {2}other {2}\S+router_test\.ts:\d+:\d+: GET \/songs\/:id {2}show {2}\S+router_test\.ts:\d+:\d+ answers "\/songs\/x" as well, and neither says more$/,
  );
});

Deno.test("Router.request() asks for a URL or a path", async () => {
  await assertRejects(
    () => new Router().request("songs"),
    TypeError,
    "a path starts with '/'",
  );
});

Deno.test("what is set on the context late outlives the answer that was there", async () => {
  const app = new Router(silent);
  app.use(async (_c, next) => {
    const inner = (await next()).toResponse();
    return new Response(inner.body, { headers: { wrapped: "1" } });
  });
  app.use(async (c, next) => {
    const answer = await next();
    c.cookies.set("late", "1");
    c.headers.set("x", c.status === 418 ? "teapot" : "late");
    answer.headers.set("inner", "1");
    return answer;
  });
  app.get("/", (_input, c) => {
    c.cookies.set("early", "1");
    c.status = 418;
    return "tea";
  });
  const fields = ["set-cookie", "x", "wrapped", "inner"];
  assertEquals(
    await ask(app, "GET /", fields),
    "418 tea | set-cookie: early=1, late=1 | x: teapot | wrapped: 1 | inner: null",
  );

  const failing = new Router(silent);
  failing.use(async (c, next) => {
    await next();
    c.headers.set("x", "late");
    throw new HttpError(409, "No");
  });
  failing.get("/", () => "ok");
  assertEquals(await ask(failing, "GET /", ["x"]), "409 ! No | x: late");

  const rethrown = new Router(silent);
  const inner = new Router();
  inner.get("/", () => {
    throw new HttpError(409, "No");
  });
  inner.catch((error, c) => {
    c.headers.set("x", "caught");
    throw error;
  });
  rethrown.mount("/", inner);
  assertEquals(await ask(rethrown, "GET /", ["x"]), "409 ! No | x: caught");
});

Deno.test("a middleware that has answered cannot go on", async () => {
  const said = Promise.withResolvers<string>();
  const app = new Router(silent);
  app.use((_c, next) => {
    setTimeout(() => next().catch((error) => said.resolve(error.message)));
    return new Response("answered");
  });
  app.get("/", () => said.resolve("handled"));
  app.use((_c, next) => next());
  const late = () => app.request("/");
  assertEquals(await (await late()).text(), "answered");
  assertStringIncludes(await said.promise, "when the answer is given");
});

Deno.test("with() is around all of what is mounted through it", async () => {
  const guard: Middleware = (c, next) => {
    if (c.header("x-key") === undefined) throw new HttpError(401, "Who");
    return next();
  };
  const sub = new Router();
  sub.get("/secret", () => "secret");
  const guarded = sub.with(guard);
  const app = new Router();
  app.mount("/admin", guarded);
  app.mount("/open", sub);
  sub.get("/later", () => "later");
  for (const path of ["/admin/secret", "/admin/later"]) {
    assertEquals(await ask(app, `GET ${path}`), "401 ! Who");
  }
  assertEquals(await ask(app, "GET /open/later"), "200 later");
  assertEquals((await guarded.request("/secret")).status, 401);
  assertEquals(
    (await guarded.fetch(new Request("http://h/later"))).status,
    401,
  );
});

Deno.test("with() keeps its order through views, and is around what is astray", async () => {
  const named = (name: string): Middleware => async (c, next) => {
    const answer = await next();
    answer.headers.append("x", name);
    c.headers.set("y", name);
    return answer;
  };
  const base = new Router();
  base.use(named("use"));
  base.catch(404, () => "caught");
  const inner = base.with(named("a"));
  const outer = inner.with(named("b"));
  base.get("/base", () => "");
  inner.get("/inner", () => "");
  outer.get("/outer", () => "");
  const order = async (path: string) =>
    (await outer.request(path)).headers.get("x");
  for (const path of ["/base", "/inner", "/outer", "/astray"]) {
    assertEquals([path, await order(path)], [path, "b, a, use"]);
  }
  assertEquals(await (await outer.request("/astray")).text(), "caught");
  assertEquals(outer.routes[0]!.middleware.length, 3);
});

Deno.test("a middleware that goes on twice, and late, ends nobody's process", async () => {
  const said = Promise.withResolvers<string>();
  const app = new Router(silent);
  app.use(async (_c, next) => {
    await next();
    setTimeout(() => next().catch((error) => said.resolve(error.message)));
  });
  app.get("/", () => "ok");
  assertEquals((await app.request("/")).status, 200);
  assertStringIncludes(await said.promise, "when the answer is given");
});

Deno.test("upgrade() that was not offered is an error like another", async () => {
  const app = new Router(silent);
  app.use(async (c, next) => {
    const answer = await next();
    c.headers.set("x", `${answer.status}`);
    return answer;
  });
  app.get("/", () => upgrade("echo", () => {}));
  app.catch(426, () => "caught");
  const said = await converse(app, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  assertMatch(
    said,
    /^HTTP\/1.1 426 [^]*upgrade: echo\r\n[^]*x: 426\r\n[^]*caught$/,
  );
});

Deno.test("a kind of one's own is asked about decoded text, and not about bad paths", async () => {
  const seen: string[] = [];
  const app = new Router({
    kinds: {
      word: (text) => {
        seen.push(text);
        return text;
      },
    },
  });
  app.get("/:w<word>", ({ w }) => w);
  assertEquals(await ask(app, "GET /caf%C3%A9"), "200 café");
  assertEquals((await ask(app, "GET /%00")).slice(0, 3), "400");
  assertEquals(seen, ["café"]);
});

Deno.test("the place of a route is told whatever the application does to stacks", () => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    const app = new Router();
    app.get("/", () => 1);
    assertMatch(app.routes[0]!.source, /router_test\.ts:\d+:\d+$/);
    Error.prepareStackTrace = (_error, sites) => sites;
    const other = new Router();
    other.get("/", () => 1);
    assertEquals(other.routes[0]!.source, "");
    assertStringIncludes(String(other), "GET  /");
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
});

Deno.test("Router refuses routers that would contain each other", () => {
  const [a, b, c] = [new Router(), new Router(), new Router()];
  a.mount("/b", b);
  b.mount("/c", c);
  assertMatch(refused(() => c.mount("/a", a)), /in itself$/);
});

// ── Results ─────────────────────────────────────────────────────────────────

type Write = (c: Context) => unknown;

const MERGES: [name: string, write: Write, answer: string][] = [
  [
    "text",
    () => "text",
    "200 text | content-type: text/plain; charset=utf-8 | x: null | set-cookie: null",
  ],
  [
    "a status for text",
    (c) => (c.status = 201, "text"),
    "201 text | content-type: text/plain; charset=utf-8 | x: null | set-cookie: null",
  ],
  [
    "a status for nothing",
    (c) => void (c.status = 202),
    "202 | content-type: null | x: null | set-cookie: null",
  ],
  [
    "nothing",
    () => {},
    "204 | content-type: null | x: null | set-cookie: null",
  ],
  [
    "a type for text",
    (c) => (c.headers.set("content-type", "text/csv"), "a,b"),
    "200 a,b | content-type: text/csv | x: null | set-cookie: null",
  ],
  [
    "fields for data",
    (c) => (c.headers.set("x", "1"), [1]),
    "200 [1] | content-type: application/json | x: 1 | set-cookie: null",
  ],
  [
    "several lines",
    (c) => (c.headers.append("x", "1"), c.headers.append("x", "2"), "t"),
    "200 t | content-type: text/plain; charset=utf-8 | x: 1, 2 | set-cookie: null",
  ],
  [
    "cookies",
    (c) => (c.cookies.set("a", "1"), c.cookies.set("b", "2"), "t"),
    "200 t | content-type: text/plain; charset=utf-8 | x: null | set-cookie: a=1, b=2",
  ],
  [
    "a Response's own fields",
    (c) => {
      c.status = 201;
      c.headers.set("x", "ours");
      c.headers.set("content-type", "text/csv");
      c.cookies.set("b", "2");
      return new Response("r", {
        status: 404,
        headers: { x: "theirs", "set-cookie": "a=1" },
      });
    },
    "404 r | content-type: text/plain;charset=UTF-8 | x: theirs | set-cookie: a=1, b=2",
  ],
  [
    "a status for a plain Response",
    (c) => (c.status = 201, new Response("r")),
    "201 r | content-type: text/plain;charset=UTF-8 | x: null | set-cookie: null",
  ],
  [
    "a status for a plain Answer",
    (c) => (c.status = 201, json(1)),
    "201 1 | content-type: application/json | x: null | set-cookie: null",
  ],
  [
    "an Answer's own status and fields",
    (
      c,
    ) => (c.status = 201,
      c.headers.set("x", "ours"),
      json(1, { status: 400, headers: { x: "theirs" } })),
    "400 1 | content-type: application/json | x: theirs | set-cookie: null",
  ],
  [
    "fields and cookies of a refusal",
    (c) => {
      c.status = 201;
      c.headers.set("x", "1");
      c.headers.set("content-type", "text/csv");
      c.cookies.set("a", "1");
      throw new HttpError(409, "No", { headers: { "set-cookie": "z=1" } });
    },
    "409 ! No | content-type: application/problem+json | x: 1 | set-cookie: z=1, a=1",
  ],
];

Deno.test.each(MERGES)("Router merges %s", async (_name, write, answer) => {
  const names = ["content-type", "x", "set-cookie"];
  const plain = new Router();
  plain.get("/", (_input, c) => write(c));
  assertEquals(await ask(plain, "GET /", names), answer);

  const late = new Router();
  late.get("/", async (_input, c) => {
    await Promise.resolve();
    return write(c);
  });
  assertEquals(await ask(late, "GET /", names), answer);

  const wrapped = new Router();
  wrapped.use((_c, next) => next());
  wrapped.get("/", (_input, c) => write(c));
  assertEquals(await ask(wrapped, "GET /", names), answer);
});

Deno.test("Router never writes to an answer that is returned again and again", async () => {
  const shared = json({ a: 1 }, { headers: { x: "shared" } });
  const app = new Router();
  app.get("/", (_input, c) => {
    c.cookies.set("a", "1");
    return shared;
  });
  app.get("/around", () => shared);
  app.use(async (_c, next) => {
    const answer = await next();
    answer.headers.set("x-mark", "1");
    answer.status = 201;
    return answer;
  });
  await ask(app, "GET /");
  await ask(app, "GET /around");
  assertEquals([shared.status, [...shared.headers]], [
    200,
    [["x", "shared"], ["content-type", "application/json"]],
  ]);
});

const WRONG: [name: string, write: Write, said: string][] = [
  [
    "a status too small",
    (c) => (c.status = 99, "x"),
    "Cannot answer with the status 99: it is not 200 to 599",
  ],
  [
    "a status too large",
    (c) => (c.status = 600, "x"),
    "Cannot answer with the status 600: it is not 200 to 599",
  ],
  [
    "a status that is no number",
    (c) => (c.status = any("x"), "x"),
    "Cannot answer with the status x: it is not 200 to 599",
  ],
  [
    "half a status",
    (c) => (c.status = 200.5, "x"),
    "Cannot answer with the status 200.5: it is not 200 to 599",
  ],
  [
    "101 without an upgrade",
    (c) => (c.status = 101, "x"),
    "Cannot answer with the status 101: it is not 200 to 599",
  ],
  [
    "an answer with a bad status",
    () => json(1, { status: 42 }),
    "Cannot answer with the status 42: it is not 200 to 599",
  ],
  ["a function", () => () => 1, `Cannot answer with a function: ${SENDABLE}`],
  [
    "an instance",
    () => new Map(),
    `Cannot answer with an instance of Map: ${SENDABLE}`,
  ],
  ["an error that is thrown", () => {
    throw new Error("inside");
  }, "inside"],
  ["a refusal of 5xx", () => {
    throw new HttpError(503, "busy");
  }, "busy"],
];

Deno.test.each(WRONG)(
  "Router answers %s with a 5xx and reports it",
  async (_name, write, said) => {
    for (const wait of [false, true]) {
      for (const around of [false, true]) {
        const app = new Router();
        app.get(
          "/",
          (_input, c) =>
            wait ? Promise.resolve().then(() => write(c)) : write(c),
        );
        if (around) app.use((_c, next) => next());
        const { c, reported } = asked("GET /");
        const answer = await toHandler(app)(c);
        assertMatch(await told(answer), /^50[03] !$/);
        assertEquals(reported.map((error) => (error as Error).message), [said]);
      }
    }
  },
);

Deno.test("Router reports no refusal, and no method that is not there", async () => {
  const app = new Router();
  app.get("/", () => {
    throw new HttpError(418, "teapot");
  });
  for (const line of ["GET /", "GET /x", "POST /", "BREW /", "GET /%"]) {
    const { c, reported } = asked(line);
    await toHandler(app)(c);
    assertEquals([line, reported], [line, []]);
  }
});

Deno.test("Router answers an upgrade with 101, whatever the status was set to", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.headers.set("x", "1");
    c.status = 202;
    return upgrade("echo", () => {});
  });
  const answer = await toHandler(app)(asked("GET /").c);
  assertEquals([answer.status, answer.headers.get("x")], [101, "1"]);
});

Deno.test("toHandler() answers without a promise where nothing waits", () => {
  const handle = toHandler(sorts());
  for (const [line] of NORMAL) {
    if (line.startsWith("QUERY")) continue;
    assertInstanceOf(handle(asked(line).c), Answer);
  }
});

Deno.test("Router waits for anything that can be waited for", async () => {
  const app = new Router();
  // deno-lint-ignore no-explicit-any
  app.get("/", () => ({ then: (go: any) => go("later") }) as any);
  assertEquals(await ask(app, "GET /"), "200 later");
});

// ── Middleware ──────────────────────────────────────────────────────────────

/** A middleware that writes its name when it is entered and left. */
function named(name: string, log: string[]): Middleware {
  return async (_c, next) => {
    log.push(`+${name}`);
    const answer = await next();
    log.push(`-${name}`);
    return answer;
  };
}

Deno.test("middleware goes from the application to the route, in order of addition", async () => {
  const log: string[] = [];
  const mark = (name: string) => named(name, log);
  const api = controller("/songs", mark("controller 1"), mark("controller 2"));

  @api
  class Songs {
    @api.get("/:id", { use: [mark("route 1"), mark("route 2")] })
    show() {
      log.push("handler");
    }
  }
  const inner = new Router();
  inner.mount("/", new Songs());
  inner.use(mark("mounted"));
  const app = new Router();
  app.use(mark("app 1"));
  app.mount("/api", inner);
  app.use(mark("app 2"));

  assertEquals(await ask(app, "GET /api/songs/7"), "204");
  const order = [
    "app 1",
    "app 2",
    "mounted",
    "controller 1",
    "controller 2",
    "route 1",
    "route 2",
  ];
  assertEquals(log, [
    ...order.map((name) => `+${name}`),
    "handler",
    ...order.toReversed().map((name) => `-${name}`),
  ]);
});

Deno.test("middleware of the application sees what no route answers", async () => {
  const seen: string[] = [];
  const app = sorts();
  app.use(async (c, next) => {
    const answer = await next();
    seen.push(`${c.method} ${c.path} ${answer.status}`);
    answer.headers.set("access-control-allow-origin", "*");
    return answer;
  });
  const lines = [
    "GET /nothing",
    "POST /hello/x",
    "OPTIONS /n/7",
    "GET /slash",
    "GET /%",
    "BREW /",
    "OPTIONS *",
  ];
  for (const line of lines) {
    assertMatch(await ask(app, line, ["access-control-allow-origin"]), /\*$/);
  }
  assertEquals(
    seen.map((line) => line.slice(-3)).join(" "),
    "404 405 204 308 400 501 204",
  );
});

Deno.test("middleware of a mounted router is for its routes alone", async () => {
  const inner = new Router();
  inner.get("/a", () => "a");
  inner.use(async (_c, next) => {
    const answer = await next();
    answer.headers.set("x", "inner");
    return answer;
  });
  const app = new Router();
  app.mount("/in", inner);
  app.get("/out", () => "out");
  assertEquals(await ask(app, "GET /in/a", ["x"]), "200 a | x: inner");
  assertEquals(await ask(app, "GET /out", ["x"]), "200 out | x: null");
  assertEquals(
    await ask(app, "GET /in/b", ["x"]),
    "404 ! There is nothing here | x: null",
  );
  assertEquals(await ask(inner, "GET /a", ["x"]), "200 a | x: inner");
});

const AROUND: [name: string, middleware: Middleware, answer: string][] = [
  ["goes on", (_c, next) => next(), "200 inside"],
  [
    "answers itself",
    () => new Response("itself", { status: 403 }),
    "403 itself",
  ],
  [
    "answers later",
    async () => await Promise.resolve(json("later")),
    '200 "later"',
  ],
  [
    "returns nothing after next()",
    async (_c, next) => void await next(),
    "200 inside",
  ],
  ["does not wait for next()", (_c, next) => void next(), "200 inside"],
  ["changes the body", async (_c, next) => {
    const answer = await next();
    answer.body = `<${answer.body}>`;
    return answer;
  }, "200 <inside>"],
  ["changes the status through c", async (c, next) => {
    await next();
    c.status = 203;
  }, "203 inside"],
  ["answers something else after next()", async (_c, next) => {
    await next();
    return new Response("else");
  }, "200 else"],
  [
    "answers with text",
    any(async (_c: Context, next: () => Promise<Answer>) => {
      await next();
      return "text";
    }),
    "200 text",
  ],
];

Deno.test.each(AROUND)(
  "middleware that %s",
  async (_name, middleware, answer) => {
    const app = new Router();
    app.get("/", () => "inside");
    app.use(middleware);
    assertEquals(await ask(app, "GET /"), answer);
  },
);

const AMISS: [name: string, middleware: Middleware, said: string][] = [
  [
    "returns nothing",
    () => {},
    "Cannot answer: a middleware returned nothing and did not call next()",
  ],
  [
    "returns nothing later",
    async () => {},
    "Cannot answer: a middleware returned nothing and did not call next()",
  ],
  ["calls next() twice", async (_c, next) => {
    await next();
    return next();
  }, "Cannot call next() twice in a middleware"],
  ["calls next() twice at once", (_c, next) => {
    next();
    return next();
  }, "Cannot call next() twice in a middleware"],
  ["throws", () => {
    throw new Error("before");
  }, "before"],
  ["throws after next()", async (_c, next) => {
    await next();
    throw new Error("after");
  }, "after"],
  ["sets a bad status", async (_c, next) => {
    const answer = await next();
    answer.status = 1000;
    return answer;
  }, "Cannot answer with the status 1000: it is not 200 to 599"],
  [
    "adds what is there",
    any((_c: Context, next: (adds: object) => Promise<Answer>) =>
      next({ path: "/" })
    ),
    'Cannot add "path" to the context: it has one of its own',
  ],
  [
    "adds what a request owns",
    any((_c: Context, next: (adds: object) => Promise<Answer>) =>
      next({ route: 1 })
    ),
    'Cannot add "route" to the context: it has one of its own',
  ],
  [
    "adds a constructor",
    any((_c: Context, next: (adds: object) => Promise<Answer>) =>
      next({ constructor: 1 })
    ),
    'Cannot add "constructor" to the context: it has one of its own',
  ],
];

Deno.test.each(AMISS)(
  "middleware that %s is a 500, seen by those outside",
  async (_name, middleware, said) => {
    const app = new Router();
    const seen: number[] = [];
    app.get("/", () => "inside");
    app.use(async (_c, next) => {
      const answer = await next();
      seen.push(answer.status);
      return answer;
    });
    app.use(middleware);
    const { c, reported } = asked("GET /");
    assertMatch(await told(await toHandler(app)(c)), /^500 !$/);
    assertEquals(seen, [500]);
    assertEquals(reported.map((error) => (error as Error).message), [said]);
  },
);

Deno.test("isOwnName knows every name that a context has by itself", async () => {
  const app = new Router();
  const own = Object.keys(asked("GET /").c);
  for (const name of [...own, "toString", "__proto__", "json", "request"]) {
    const route = new Router();
    route.with(
      any((_c: Context, next: (adds: object) => unknown) =>
        next({ [name]: 1 })
      ),
    )
      .get("/", () => "added");
    assertEquals([name, await ask(route, "GET /")], [name, "500 !"]);
  }
  assertEquals(app.routes, []);
});

Deno.test("middleware keeps what was set early when the answer is another one", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.cookies.set("session", "1");
    c.headers.set("x", "early");
    return "first";
  });
  app.use(async (_c, next) => {
    await next();
    return new Response("second");
  });
  assertEquals(
    await ask(app, "GET /", ["x", "set-cookie"]),
    "200 second | x: early | set-cookie: session=1",
  );
});

Deno.test("middleware does not double cookies when it makes a Response of the answer", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.cookies.set("a", "1");
    return "text";
  });
  app.use(async (_c, next) => (await next()).toResponse());
  app.use(async (_c, next) => (await next()).toResponse());
  assertEquals(
    await ask(app, "GET /", ["set-cookie"]),
    "200 text | set-cookie: a=1",
  );
});

Deno.test("middleware that sets fields after next() sets the answer's", async () => {
  const app = new Router();
  app.get("/", () => new Response("r", { headers: { x: "theirs" } }));
  app.get("/boom", () => {
    throw new HttpError(404, "No");
  });
  app.use(async (c, next) => {
    await next();
    c.headers.set("x", `late ${c.status}`);
    c.cookies.set("a", "1");
  });
  assertEquals(
    await ask(app, "GET /", ["x", "set-cookie"]),
    "200 r | x: late 200 | set-cookie: a=1",
  );
  assertEquals(await ask(app, "GET /boom", ["x"]), "404 ! No | x: late 404");
});

Deno.test("with() adds typed values for what is declared on it, and nothing else", async () => {
  const user: Middleware<{ user: string }> = (_c, next) =>
    next({ user: "Ada" });
  const shout: Middleware<{ loud: string }, { user: string }> = (c, next) =>
    next({ loud: c.user.toUpperCase() });
  const app = new Router();
  const known = app.with(user);
  known.get("/me", (_input, c) => c.user);
  known.with(shout).get("/loud", (_input, c) => `${c.user} ${c.loud}`);
  app.with(user, shout).get("/both", (_input, c) => `${c.user} ${c.loud}`);
  app.get("/other", (_input, c) => String("user" in c));
  app.get("/used", { use: [user] }, (_input, c) => c.user);
  assertEquals(await ask(app, "GET /me"), "200 Ada");
  assertEquals(await ask(app, "GET /loud"), "200 Ada ADA");
  assertEquals(await ask(app, "GET /both"), "200 Ada ADA");
  assertEquals(await ask(app, "GET /other"), "200 false");
  assertEquals(await ask(app, "GET /used"), "200 Ada");
  // Served or mounted, it is around all of it; who is inside has it once.
  assertEquals(await ask(known, "GET /other"), "200 true");
  assertEquals(await ask(known, "GET /both"), "200 Ada ADA");
  assertEquals(known.routes.length, 5);
});

Deno.test("use() and catch() after the first request still count", async () => {
  const inner = new Router();
  inner.get("/", () => {
    throw new RangeError("x");
  });
  const app = new Router(silent);
  app.mount("/in", inner);
  assertEquals(await ask(app, "GET /in"), "500 !");
  inner.catch(RangeError, () => "caught");
  assertEquals(await ask(app, "GET /in"), "500 caught");
  inner.use((c, next) => {
    c.headers.set("x", "1");
    return next();
  });
  assertEquals(await ask(app, "GET /in", ["x"]), "500 caught | x: 1");
  assertEquals(
    await ask(app, "GET /x", ["x"]),
    "404 ! There is nothing here | x: null",
  );
  app.use((c, next) => {
    c.headers.set("y", "1");
    return next();
  });
  assertEquals(
    await ask(app, "GET /x", ["y"]),
    "404 ! There is nothing here | y: 1",
  );
});

// ── Errors ──────────────────────────────────────────────────────────────────

Deno.test("catch() goes by class, the most specific first, then status, then any", async () => {
  const app = new Router();
  app.get("/missing", () => {
    throw new Missing();
  });
  app.get("/lost", () => {
    throw new Lost();
  });
  app.get("/range", () => {
    throw new RangeError();
  });
  app.get("/409", () => {
    throw new HttpError(409);
  });
  app.get("/410", () => {
    throw new HttpError(410);
  });
  app.get("/text", () => {
    throw any("text");
  });
  app.catch((error) => `any ${error}`);
  app.catch(Missing, (_error, c) => (c.status = 404, "missing"));
  app.catch(Lost, () => new Response("lost", { status: 404 }));
  app.catch(410, (error) => `status ${error.status}`);
  app.catch(500, () => "five hundred");
  assertEquals(await ask(app, "GET /missing"), "404 missing");
  assertEquals(await ask(app, "GET /lost"), "404 lost");
  assertEquals(await ask(app, "GET /range"), "500 five hundred");
  assertEquals(await ask(app, "GET /409"), "409 any HttpError");
  assertEquals(await ask(app, "GET /410"), "410 status 410");
  assertEquals(await ask(app, "GET /text"), "500 five hundred");
  assertEquals(
    await ask(app, "GET /nothing"),
    "404 any HttpError: There is nothing here",
  );
  app.catch(HttpError, (error) => `refused ${error.status}`);
  assertEquals(await ask(app, "GET /410"), "410 refused 410");
  assertEquals(
    await ask(app, "POST /410", ["allow"]),
    "405 refused 405 | allow: GET, HEAD, OPTIONS",
  );
});

Deno.test("catch() takes the later of two that say the same", async () => {
  const app = new Router();
  app.get("/", () => {
    throw new Missing();
  });
  app.catch(Missing, () => "first");
  app.catch(Missing, () => "second");
  assertEquals(await ask(app, "GET /"), "500 second");
});

Deno.test("catch() is asked nearest first: route's scope, mounted router, application", async () => {
  class Songs {
    @get("/lost")
    lost() {
      throw new Lost();
    }

    @get("/range")
    range() {
      throw new RangeError();
    }

    @get("/type")
    async type() {
      await Promise.resolve();
      throw new TypeError();
    }

    @catches(Missing)
    missing(error: Missing, c: Context) {
      return `${this.constructor.name} ${error.constructor.name} ${c.path}`;
    }
  }
  const inner = new Router();
  inner.mount("/songs", new Songs());
  inner.catch(RangeError, () => "inner");
  inner.get("/own", () => {
    throw new Lost();
  });
  const app = new Router();
  app.mount("/in", inner);
  app.catch(Lost, () => "app lost");
  app.catch(RangeError, () => "app range");
  app.catch(TypeError, () => Promise.resolve("app type"));
  assertEquals(
    await ask(app, "GET /in/songs/lost"),
    "500 Songs Lost /in/songs/lost",
  );
  assertEquals(await ask(app, "GET /in/songs/range"), "500 inner");
  assertEquals(await ask(app, "GET /in/songs/type"), "500 app type");
  assertEquals(await ask(app, "GET /in/own"), "500 app lost");
});

Deno.test("catch() on what with() gives is for its routes alone", async () => {
  const app = new Router();
  const view = app.with((_c, next) => next());
  view.get("/in", () => {
    throw new Missing();
  });
  app.get("/out", () => {
    throw new Missing();
  });
  view.catch(Missing, () => "view");
  assertEquals(await ask(app, "GET /in"), "500 view");
  assertEquals(await ask(app, "GET /out"), "500 !");
});

const FAILING: [
  name: string,
  catcher: (error: unknown, c: Context) => unknown,
  answer: string,
  reports: string[],
][] = [
  [
    "throws",
    () => {
      throw new Error("second");
    },
    "500 outer second",
    ["first", "second"],
  ],
  ["rejects", () => Promise.reject(new Error("second")), "500 outer second", [
    "first",
    "second",
  ]],
  [
    "throws the same again",
    (error) => {
      throw error;
    },
    "500 outer first",
    ["first"],
  ],
  [
    "turns it into a refusal",
    () => {
      throw new HttpError(409, "taken");
    },
    "409 outer taken",
    [],
  ],
  [
    "returns what cannot be sent",
    () => new Map(),
    `500 outer Cannot answer with an instance of Map: ${SENDABLE}`,
    ["first", `Cannot answer with an instance of Map: ${SENDABLE}`],
  ],
  [
    "sets a bad status",
    (_error, c) => (c.status = 7, "x"),
    "500 outer Cannot answer with the status 7: it is not 200 to 599",
    ["first", "Cannot answer with the status 7: it is not 200 to 599"],
  ],
];

Deno.test.each(FAILING)(
  "an error handler that %s hands on to the one outside",
  async (_name, catcher, answer, reports) => {
    const inner = new Router();
    inner.get("/", () => {
      throw new Missing("first");
    });
    inner.catch(Missing, catcher);
    const app = new Router();
    app.mount("/", inner);
    const { c, reported } = asked("GET /");
    assertMatch(await told(await toHandler(app)(c)), /^(500|409) !/);
    const messages = (errors: unknown[]) =>
      errors.map((error) => (error as Error).message);
    assertEquals(messages(reported), reports);

    app.catch((error) => `outer ${(error as Error).message}`);
    assertEquals(await ask(app, "GET /"), answer);
  },
);

Deno.test("an error is reported unless a handler for its class made no 5xx of it", async () => {
  const reports = async (set: (app: Router) => void) => {
    const app = new Router();
    app.get("/", () => {
      throw new Missing();
    });
    set(app);
    const { c, reported } = asked("GET /");
    const answer = await toHandler(app)(c);
    return `${answer.status} ${reported.length}`;
  };
  assertEquals(await reports(() => {}), "500 1");
  assertEquals(await reports((app) => app.catch(Missing, () => "x")), "500 1");
  assertEquals(
    await reports((app) => app.catch(Missing, () => new Response("x"))),
    "200 0",
  );
  assertEquals(
    await reports((app) =>
      app.catch(Missing, () => new Response(null, { status: 404 }))
    ),
    "404 0",
  );
  assertEquals(
    await reports((app) => app.catch(() => new Response("x"))),
    "200 1",
  );
  assertEquals(
    await reports((app) => app.catch(500, () => new Response("x"))),
    "200 1",
  );
});

Deno.test("an error handler merges what was set, and keeps the fields of the error", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.headers.set("x", "early");
    c.status = 201;
    throw new HttpError(401, "Who", {
      headers: { "www-authenticate": "Basic" },
    });
  });
  app.catch(401, (_error, c) => {
    c.headers.set("y", String(c.status));
    return "caught";
  });
  app.use((_c, next) => next());
  assertEquals(
    await ask(app, "GET /", ["x", "y", "www-authenticate"]),
    "401 caught | x: early | y: 401 | www-authenticate: Basic",
  );
  app.catch(
    401,
    () =>
      new Response("other", { status: 302, headers: { location: "/login" } }),
  );
  assertEquals(
    await ask(app, "GET /", ["x", "location", "www-authenticate"]),
    "302 other | x: early | location: /login | www-authenticate: null",
  );
});

Deno.test("an error drops what was said of the content that it takes the place of", async () => {
  const app = new Router();
  app.get("/", (_input, c) => {
    c.headers.set("etag", '"1"');
    c.headers.set("content-type", "text/csv");
    c.headers.set("content-encoding", "gzip");
    c.headers.set("content-security-policy", "default-src 'none'");
    throw new HttpError(409, "No");
  });
  const names = [
    "etag",
    "content-type",
    "content-encoding",
    "content-security-policy",
  ];
  assertEquals(
    await ask(app, "GET /", names),
    "409 ! No | etag: null | content-type: application/problem+json | content-encoding: null | content-security-policy: default-src 'none'",
  );
  app.catch(409, () => ({ no: 1 }));
  assertEquals(
    await ask(app, "GET /", names),
    "409 {\"no\":1} | etag: null | content-type: application/json | content-encoding: null | content-security-policy: default-src 'none'",
  );
  app.catch(409, (_error, c) => {
    c.headers.set("content-type", "text/x");
    return "no";
  });
  assertEquals(
    await ask(app, "GET /", ["content-type"]),
    "409 no | content-type: text/x",
  );
});

Deno.test("an error has no digest and no ranges of another content", async () => {
  const names = [
    "accept-ranges",
    "content-digest",
    "content-md5",
    "content-range",
    "digest",
    "repr-digest",
  ];
  const left = async (status: number) => {
    const app = new Router();
    app.get("/", (_input, c) => {
      for (const name of names) c.headers.set(name, "early");
      const headers = {
        "accept-ranges": "bytes",
        "content-range": "bytes */9",
      };
      throw new HttpError(status, "No", { headers });
    });
    const { headers } = await app.request("/");
    return names.filter((name) => headers.has(name));
  };
  assertEquals(await left(409), []);
  assertEquals(await left(416), ["accept-ranges", "content-range"]);
});

Deno.test("errors are rendered by what the client accepts", async () => {
  const app = new Router();
  const type = async (accept: string) =>
    (await ask(app, "GET /", ["content-type"], { accept })).split(" | ")[1];
  assertEquals(
    await type("text/html"),
    "content-type: text/html; charset=utf-8",
  );
  assertEquals(
    await type("text/plain"),
    "content-type: text/plain; charset=utf-8",
  );
  assertEquals(await type("*/*"), "content-type: application/problem+json");
});

Deno.test("whatever is thrown is answered", async () => {
  for (
    const thrown of [
      undefined,
      null,
      "text",
      7,
      Object.create(null),
      new Response(),
    ]
  ) {
    const app = new Router({ ...silent, development: true });
    app.get("/", () => {
      throw thrown;
    });
    assertEquals((await app.request("/")).status, 500);
    app.catch(() => {
      throw thrown;
    });
    assertEquals((await app.request("/")).status, 500);
  }
});

Deno.test("in development an error is shown with the route that it came from", async () => {
  const fail = () => {
    throw new Error("secret");
  };
  for (const development of [true, false]) {
    const app = new Router({ ...silent, development });
    app.get("/songs/:id", fail);
    const said = await (await app.request("/songs/7")).text();
    const place = /in the route GET \/songs\/:id of .*router_test\.ts:\d+:\d+/;
    assertEquals(place.test(said), development);
    assertEquals(said.includes("secret"), development);
  }
});

Deno.test("Vary grows, whoever answers", async () => {
  const app = new Router();
  app.use((c, next) => {
    c.headers.append("vary", "origin");
    return next();
  });
  app.get("/text", () => "text");
  app.get(
    "/response",
    () => new Response(null, { headers: { vary: "cookie" } }),
  );
  assertEquals(
    await ask(app, "GET /text", ["vary"]),
    "200 text | vary: origin",
  );
  assertEquals(
    await ask(app, "GET /response", ["vary"]),
    "200 | vary: cookie, origin",
  );
  assertMatch(await ask(app, "GET /x", ["vary"]), /vary: accept, origin$/);
});

Deno.test("next() gives the answer that an error became", async () => {
  const seen: unknown[] = [];
  const api = controller(
    "/",
    async (_c: Context, next: () => Promise<Answer>) => {
      const answer = await next();
      seen.push(answer.status, answer.body);
      return answer;
    },
  );

  @api
  class Songs {
    @api.get("/a", {
      use: [() => {
        throw new Missing();
      }],
    })
    a() {}

    @catches(Missing)
    missing() {
      return new Response(null, { status: 410 });
    }
  }
  assertEquals(await ask(new Songs(), "GET /a"), "410");
  assertEquals(seen, [410, null]);
});

// ── Controllers ─────────────────────────────────────────────────────────────

Deno.test("a controller answers with its methods, with its own this", async () => {
  class Songs {
    #count = 0;
    readonly name = "songs";

    @get("/get")
    get() {
      return this.name + ++this.#count;
    }

    @post("/post")
    async post() {
      return await Promise.resolve(this.name);
    }

    @put("/put")
    put() {
      return this.name;
    }

    @patch("/patch")
    patch() {
      return this.name;
    }

    @del("/del")
    del() {
      return this.name;
    }

    @on("PURGE", "/on")
    on() {
      return this.name;
    }

    @get("/private")
    #hidden() {
      return `hidden ${this.name}`;
    }

    @get("/static")
    static all() {
      return `static ${this.name}`;
    }

    @get("/generator")
    *pieces() {
      yield this.name;
      yield "!";
    }

    @get("/a")
    @get("/b")
    @post("/c")
    several() {
      return this.#hidden();
    }
  }
  const songs = new Songs();
  const lines: [string, string][] = [
    ["GET /get", "200 songs1"],
    ["GET /get", "200 songs2"],
    ["POST /post", "200 songs"],
    ["PUT /put", "200 songs"],
    ["PATCH /patch", "200 songs"],
    ["DELETE /del", "200 songs"],
    ["PURGE /on", "200 songs"],
    ["GET /private", "200 hidden songs"],
    ["GET /static", "200 static Songs"],
    ["GET /generator", "200 songs!"],
    ["GET /a", "200 hidden songs"],
    ["GET /b", "200 hidden songs"],
    ["POST /c", "200 hidden songs"],
  ];
  for (const [line, answer] of lines) {
    assertEquals([line, await ask(songs, line)], [line, answer]);
  }
});

Deno.test("an array of controllers is served side by side", async () => {
  class A {
    @get("/a")
    a() {
      return "a";
    }
  }
  class B {
    @get("/b")
    b() {
      return "b";
    }
  }
  const both = [new A(), new B()];
  assertEquals(await ask(both, "GET /a"), "200 a");
  assertEquals(await ask(both, "GET /b"), "200 b");
  assertMatch(
    refused(() => toHandler([new A(), new A()])),
    /^Cannot add GET \/a {2}A\.a/,
  );
});

class Base {
  @get("/kept")
  kept() {
    return "base kept";
  }

  @get("/overridden")
  overridden() {
    return "base overridden";
  }

  @get("/moved")
  moved() {
    return "base moved";
  }

  @get("/hidden/base")
  #hidden() {
    return "base hidden";
  }

  @get("/static")
  static shared() {
    return `shared by ${this.name}`;
  }

  twice() {
    return this.#hidden();
  }
}

class Derived extends Base {
  override overridden() {
    return "derived overridden";
  }

  @get("/moved/here")
  override moved() {
    return "derived moved";
  }

  @get("/hidden/derived")
  #hidden() {
    return "derived hidden";
  }

  @get("/added")
  added() {
    return this.#hidden();
  }
}

Deno.test("a subclass inherits routes, overrides methods and replaces what it decorates again", async () => {
  const base = new Base();
  const derived = new Derived();
  const lines: [string, base: string, derived: string][] = [
    ["GET /kept", "200 base kept", "200 base kept"],
    ["GET /overridden", "200 base overridden", "200 derived overridden"],
    ["GET /moved", "200 base moved", "404 ! There is nothing here"],
    ["GET /moved/here", "404 ! There is nothing here", "200 derived moved"],
    ["GET /hidden/base", "200 base hidden", "200 base hidden"],
    [
      "GET /hidden/derived",
      "404 ! There is nothing here",
      "200 derived hidden",
    ],
    ["GET /static", "200 shared by Base", "200 shared by Derived"],
    ["GET /added", "404 ! There is nothing here", "200 derived hidden"],
  ];
  for (const [line, ...wanted] of lines) {
    assertEquals([line, await ask(base, line), await ask(derived, line)], [
      line,
      ...wanted,
    ]);
  }
});

Deno.test("a subclass adds nothing to its parent, whatever decorates it", async () => {
  const api = controller("/api");

  @api
  class Parent {
    @get("/a")
    a() {
      return "parent";
    }
  }

  @controller("/v2")
  class Child extends Parent {
    @get("/b")
    b() {
      return "child";
    }
  }

  class Grandchild extends Child {
    @get("/c")
    c() {
      return "grandchild";
    }
  }
  const paths = (instance: object) => {
    const app = new Router();
    app.mount("/", instance);
    return app.routes.map(({ path }) => path).join(" ");
  };
  assertEquals(paths(new Parent()), "/api/a");
  assertEquals(paths(new Child()), "/v2/a /v2/b");
  assertEquals(paths(new Grandchild()), "/v2/a /v2/b /v2/c");
  assertEquals(
    await ask(new Parent(), "GET /api/b"),
    "404 ! There is nothing here",
  );
});

Deno.test("a method that a subclass made something else is refused", () => {
  class Odd extends Base {}
  Object.defineProperty(Odd.prototype, "kept", { value: 1 });
  assertEquals(
    refused(() => toHandler(new Odd())),
    "Cannot mount Base.kept: it is no method any more",
  );
});

Deno.test("a handle is a prefix, middleware and kinds for its methods", async () => {
  const user: Middleware<{ user: string }> = (_c, next) =>
    next({ user: "Ada" });
  const slug = (text: string) =>
    /^[a-z-]+$/.test(text) ? { slug: text } : undefined;
  const api = controller("/api/:house", user).kinds({ slug });

  @api
  class Rooms {
    @api.get("/")
    index({ house }: { house: string }) {
      return `index of ${house}`;
    }

    @api.get("/rooms/:room<int>")
    show(
      { house, room }: { house: string; room: number },
      c: Context & { user: string },
    ) {
      return `${house} ${room} ${c.user}`;
    }

    @api.post("/rooms/:name<slug>")
    named({ name }: { name: { slug: string } }) {
      return name;
    }

    @api.put("")
    empty() {
      return "empty";
    }

    @get("/plain")
    plain() {
      return "plain";
    }

    @api.patch("/p")
    @api.del("/d")
    @api.on("PURGE", "/o")
    rest(_input: object, c: Context) {
      return c.method;
    }
  }
  const rooms = new Rooms();
  assertEquals(await ask(rooms, "GET /api/home"), "200 index of home");
  assertEquals(
    await ask(rooms, "GET /api/home/", ["location"]),
    "308 | location: /api/home",
  );
  assertEquals(await ask(rooms, "GET /api/home/rooms/2"), "200 home 2 Ada");
  assertEquals(
    await ask(rooms, "POST /api/home/rooms/big-one"),
    '200 {"slug":"big-one"}',
  );
  assertEquals(
    await ask(rooms, "POST /api/home/rooms/Big"),
    "404 ! There is nothing here",
  );
  assertEquals(await ask(rooms, "PUT /api/home"), "200 empty");
  assertEquals(await ask(rooms, "GET /api/home/plain"), "200 plain");
  assertEquals(await ask(rooms, "PATCH /api/home/p"), "200 PATCH");
  assertEquals(await ask(rooms, "DELETE /api/home/d"), "200 DELETE");
  assertEquals(await ask(rooms, "PURGE /api/home/o"), "200 PURGE");
});

Deno.test("a handle's methods stay under it without the class decorator", async () => {
  let guarded = 0;
  const api = controller("/api", (_c: Context, next: () => Promise<Answer>) => {
    guarded++;
    return next();
  });
  class Forgotten {
    @api.get("/a")
    a() {
      return "a";
    }
  }
  assertEquals(await ask(new Forgotten(), "GET /api/a"), "200 a");
  assertEquals(guarded, 1);
});

// ── Decorators where they cannot be ─────────────────────────────────────────

Deno.test("decorators of one method are read from the top down", () => {
  class Songs {
    @get("/x")
    @get("/y")
    x() {}

    @get("/z")
    z() {}
  }
  const app = new Router();
  app.mount("/", new Songs());
  assertEquals(app.routes.map(({ path }) => path), ["/x", "/y", "/z"]);
});

Deno.test("a class has one controller, whose kinds may differ by method", async () => {
  const guard: Middleware = () => {
    throw new HttpError(401, "Who");
  };
  const [guarded, api] = [controller("/g", guard), controller("/api")];
  assertMatch(
    refused(() => {
      @api
      @guarded
      class Twice {
        @get("/a")
        a() {}
      }
      return Twice;
    }),
    /^Cannot decorate the class Twice: it has a controller already$/,
  );
  const slugged = api.kinds({ slug: (text) => text.toUpperCase() });
  @api
  class Songs {
    @slugged.get("/:s<slug>")
    show({ s }: { s: string }) {
      return s;
    }
  }
  const app = new Router();
  app.mount("/", new Songs());
  assertEquals(await ask(app, "GET /api/a"), "200 A");
});

Deno.test("mount() is not misled by an own property of an instance", async () => {
  class Songs {
    @get("/")
    list() {
      return "songs";
    }
  }
  const songs = Object.defineProperty(new Songs(), "constructor", { value: 1 });
  const app = new Router();
  app.mount("/", songs);
  assertEquals(await ask(app, "GET /"), "200 songs");
});

const MISPLACED: [name: string, make: () => unknown, said: RegExp][] = [
  [
    "@get on a field",
    () => any(get("/a"))(undefined, { kind: "field", name: "a", metadata: {} }),
    /^Cannot decorate the field "a" with @get\("\/a"\): it is for methods$/,
  ],
  [
    "@get on a getter",
    () => any(get("/a"))(() => 1, { kind: "getter", metadata: {} }),
    /^Cannot decorate the getter with/,
  ],
  [
    "@get on a class",
    () => any(get("/a"))(class {}, { kind: "class", metadata: {} }),
    /^Cannot decorate the class with/,
  ],
  [
    "@get without its path",
    () => any(get)(() => 1, { kind: "method" }),
    /^Cannot decorate with @get alone: it takes a path, as @get\("\/"\)$/,
  ],
  [
    "@catches on a field",
    () =>
      any(catches(Error))(undefined, {
        kind: "field",
        name: "a",
        metadata: {},
      }),
    /^Cannot decorate the field "a" with @catches/,
  ],
  [
    "a controller that is called",
    () => any(controller("/"))(),
    /^Cannot call a controller: put it above the class as it is, @api$/,
  ],
  [
    "@del and @on by their names",
    () => any(del("/a"))(undefined, { kind: "field", name: "f", metadata: {} }),
    /^Cannot decorate the field "f" with @del\("\/a"\)/,
  ],
  [
    "@catches of no class",
    () => catches(any(404)),
    /^Cannot catch a number: it is no class$/,
  ],
  [
    "a controller on a method",
    () => any(controller("/"))(() => 1, { kind: "method", metadata: {} }),
    /^Cannot decorate the method with a controller: it is for classes$/,
  ],
  [
    "an experimental method decorator",
    () => any(get("/a"))({}, "name", {}),
    /take the option "experimentalDecorators" out of the compiler options$/,
  ],
  [
    "an experimental class decorator",
    () => any(controller("/"))(class {}),
    /take the option "experimentalDecorators" out/,
  ],
  [
    "a platform without metadata",
    () => any(get("/a"))(() => 1, { kind: "method" }),
    /there is no Symbol\.metadata here$/,
  ],
  [
    "a bad path",
    () => get(any("/:")),
    /^Cannot read the path "\/:": a part has no name, as :name or \*rest$/,
  ],
  ["a bad prefix", () => controller(any("api")), /a path starts with '\/'$/],
  [
    "a name that the prefix has",
    () => controller("/:a").get(any("/:a")),
    /':a' is in the path twice$/,
  ],
  [
    "middleware that is none",
    () => controller("/a", any(1)),
    /^Cannot take a number for middleware$/,
  ],
];

Deno.test.each(MISPLACED)("decorators refuse %s", (_name, make, said) => {
  assertMatch(refused(make), said);
});

Deno.test("a class cannot be of one controller and its method of another", () => {
  const [a, b] = [controller("/a"), controller("/b")];
  const message = refused(() => {
    @a
    class Mixed {
      @b.get("/x")
      x() {}
    }
    return Mixed;
  });
  assertEquals(
    message,
    'Cannot decorate the class Mixed: its method "x" is of another controller',
  );
});

// ── Mounting ────────────────────────────────────────────────────────────────

Deno.test("mount() puts a router under a prefix, parts and all, then and later", async () => {
  const inner = new Router();
  inner.get("/", () => "index");
  inner.get("/:id<int>", (input) => input);
  const app = new Router();
  app.mount("/songs/:book", inner);
  app.mount("/again", inner);
  inner.get("/late", () => "late");
  assertEquals(await ask(app, "GET /songs/red"), "200 index");
  assertEquals(await ask(app, "GET /songs/red/7"), '200 {"book":"red","id":7}');
  assertEquals(await ask(app, "GET /songs/red/late"), "200 late");
  assertEquals(await ask(app, "GET /again/7"), '200 {"id":7}');
  assertEquals(await ask(inner, "GET /7"), '200 {"id":7}');
  assertMatch(
    refused(() => app.get("/again/late", () => 1)),
    /^Cannot add GET \/again\/late/,
  );
  assertMatch(
    refused(() => app.mount("/:id", inner)),
    /':id' is in the path twice, which was declared at .*router_test\.ts:\d+:\d+$/,
  );
});

Deno.test("mount() is seen through with()", async () => {
  const app = new Router();
  const inner = new Router();
  inner.get("/a", (_input, c) => String(any(c).user));
  app.with((_c, next) => any(next)({ user: "Ada" })).mount("/in", inner);
  assertEquals(await ask(app, "GET /in/a"), "200 Ada");
});

Deno.test("mount() of kinds of one's own keeps each router's", async () => {
  const a = new Router({
    kinds: { word: (text) => text === "a" ? 1 : undefined },
  });
  const b = new Router({
    kinds: { word: (text) => text === "b" ? 2 : undefined },
  });
  a.get("/a/:x<word>", ({ x }) => x);
  b.get("/b/:x<word>", ({ x }) => x);
  const app = new Router();
  app.mount("/", a);
  app.mount("/", b);
  assertEquals(await ask(app, "GET /a/a"), "200 1");
  assertEquals(await ask(app, "GET /b/b"), "200 2");
  assertEquals(await ask(app, "GET /b/a"), "404 ! There is nothing here");
  b.get("/a/:y<word>/z", () => 1);
  assertMatch(
    refused(() => b.get("/a/:y<word>", () => 1)),
    /^Cannot add GET \/a\/:y<word> .*: GET \/a\/:x<word> .* answers "\/a\/<word>" as well/,
  );
});

Deno.test("a kind that throws is a 500 and is reported", async () => {
  const app = new Router({
    kinds: {
      odd: () => {
        throw new Error("odd");
      },
    },
  });
  app.get("/:x<odd>", () => 1);
  const { c, reported } = asked("GET /a");
  assertEquals(await told(await toHandler(app)(c)), "500 !");
  assertEquals((reported[0] as Error).message, "odd");
});

// ── For people ──────────────────────────────────────────────────────────────

Deno.test("routes tells what was declared", () => {
  function show() {}
  function log(_c: unknown, next: () => Promise<Answer>) {
    return next();
  }
  const app = new Router();
  app.use(log);
  app.get("/songs/:id", { use: [log] }, show);
  const [route] = app.routes;
  assertMatch(route!.source, /^\/.*tests\/router_test\.ts:\d+:\d+$/);
  assertEquals({ ...route, source: "" }, {
    method: "GET",
    path: "/songs/:id",
    source: "",
    handler: "show",
    middleware: ["log", "log"],
  });
});

Deno.test("every way to declare a route tells its file, line and column", () => {
  const app = new Router();
  const api = controller("/api");
  class Songs {
    @get("/a")
    a() {}
    @api.get("/b")
    b() {}
    @on("PURGE", "/c")
    c() {}
  }
  app.get("/d", () => {});
  app.on("PURGE", "/e", () => {});
  app.with((_c, next) => next()).get("/f", () => {});
  app.mount("/", new Songs());
  const { line } = /(?<line>\d+):\d+$/.exec(app.routes[0]!.source)!.groups!;
  const first = Number(line) - 10;
  assertEquals(
    Object.fromEntries(app.routes.map(({ path, source }) => [
      path,
      source.replace(
        /^.*?(\d+):(\d+)$/,
        (_all, row, column) => `+${row - first}:${column}`,
      ),
    ])),
    {
      "/d": "+10:7",
      "/e": "+11:7",
      "/f": "+12:34",
      "/a": "+3:6",
      "/api/b": "+5:10",
      "/c": "+7:6",
    },
  );
});

Deno.test("String(router) is the table of routes", () => {
  const app = new Router();
  app.post("/songs", function add() {});
  app.get("/songs/:id", function show() {});
  app.get("/", function root() {});
  assertEquals(
    String(app).replaceAll(/\S+\/(router_test\.ts):\d+:\d+/g, "$1"),
    `GET   /           root  router_test.ts
POST  /songs      add   router_test.ts
GET   /songs/:id  show  router_test.ts`,
  );
  assertEquals(String(new Router()), "");
});

Deno.test("explain() says which route answers, and why others do not", () => {
  const app = new Router();
  app.get("/songs/:id<int>", function byId() {});
  app.get("/songs/:name", function byName() {});
  app.post("/songs/:id<int>", function add() {});
  app.get("/songs/:id<int>/parts", function parts() {});
  app.get("/albums", function albums() {});
  const said = (method: string, path: string) =>
    app.explain(method, path).replaceAll(/ {2}\S+router_test\.ts:\d+:\d+/g, "");
  assertEquals(
    said("GET", "/songs/7"),
    `GET /songs/7 is answered by GET /songs/:id<int>  byId
  not by GET /songs/:name  byName: it says less of the path
  not by POST /songs/:id<int>  add: it is for another method
  not by GET /songs/:id<int>/parts  parts: the path ends too soon
  not by 1 with other paths`,
  );
  assertStringIncludes(said("GET", "/songs/x"), "byId: no <int> for :id");
  for (
    const [asked, answer] of [
      ["GET /x", "no route: 404"],
      ["GET /%FF", "no route: 400"],
      ["GET /songs/%2e%2e/7", "no route: 400"],
      ["DELETE /albums", "no route: 405, Allow: GET, HEAD, OPTIONS"],
      ["OPTIONS /albums", "no route: 204 with Allow: GET, HEAD, OPTIONS"],
      ["BREW /albums", "no route: 501"],
      ["GET /albums/", "no route: 308 to /albums"],
      ["GET /albums?page=1", "GET /albums  albums"],
    ] as const
  ) {
    const [line] = said(...asked.split(" ") as [string, string]).split("\n");
    assertEquals(line, `${asked} is answered by ${answer}`);
  }
});

// ── In process ──────────────────────────────────────────────────────────────

Deno.test("request() asks in process, by path, URL or Request", async () => {
  const app = new Router();
  app.get("/a", (_input, c) => `${c.url}`);
  app.post("/a", (_input, c) => c.text());
  const text = async (...args: Parameters<typeof app.request>) =>
    await (await app.request(...args)).text();
  assertEquals(await text("/a?b"), "http://localhost/a?b");
  assertEquals(await text("http://example.com/a"), "http://example.com/a");
  assertEquals(
    await text(new URL("https://example.com/a")),
    "https://example.com/a",
  );
  assertEquals(
    await text(new Request("http://h/a", { method: "POST", body: "b" })),
    "b",
  );
  assertEquals(await text("/a", { method: "POST", body: "c" }), "c");
  assertEquals((await app.request("//evil.example/a")).status, 404);
});

Deno.test("fetch() is a fetch handler that stands alone", async () => {
  const app = new Router();
  app.get("/a", () => "a");
  const { fetch } = app;
  assertEquals(await (await fetch(new Request("http://h/a"))).text(), "a");
});

Deno.test("fetch() gives HEAD no body, and cancels the one that there is", async () => {
  let cancelled = false;
  const app = new Router();
  app.get("/text", () => "text");
  app.get(
    "/stream",
    () =>
      new Response(
        new ReadableStream({ cancel: () => void (cancelled = true) }, {
          highWaterMark: 0,
        }),
      ),
  );
  const answer = await app.request("/text", { method: "HEAD" });
  assertEquals(
    [answer.status, answer.body, answer.headers.get("content-type")],
    [200, null, "text/plain; charset=utf-8"],
  );
  assertEquals(answer.headers.get("content-length"), "4");
  const stream = await app.request("/stream", { method: "HEAD" });
  assertEquals([await stream.text(), cancelled], ["", true]);
  assertEquals(stream.headers.get("content-length"), null);

  app.get("/broken", () =>
    new ReadableStream({
      cancel: () => {
        throw new Error("cannot stop");
      },
    }));
  const broken = await app.request("/broken", { method: "HEAD" });
  assertEquals([broken.status, await broken.text()], [200, ""]);
});

Deno.test("fetch() tells HEAD the length that GET would have", async () => {
  const app = new Router();
  app.get("/text", () => "€");
  app.get("/bytes", () => new Uint8Array(5));
  app.get("/blob", () => new Blob(["abcd"]));
  app.get(
    "/declared",
    () => new Response(null, { headers: { "content-length": "7" } }),
  );
  app.get("/none", () => {});
  const lengths = [];
  for (const path of ["/text", "/bytes", "/blob", "/declared", "/none"]) {
    const { headers } = await app.request(path, { method: "HEAD" });
    lengths.push(headers.get("content-length"));
  }
  assertEquals(lengths, ["3", "5", "4", "7", null]);
});

Deno.test("an error that cannot even be rendered is a 500", async () => {
  const app = new Router({ ...silent, development: true });
  app.get("/", () => {
    throw Object.defineProperty(new Error("x"), "stack", {
      get() {
        throw new Error("no stack");
      },
    });
  });
  assertEquals((await app.request("/")).status, 500);
});

Deno.test("fetch() streams as a socket does: its type, its errors, its end", async () => {
  const errors: string[] = [];
  const app = new Router({
    onError: (error) => errors.push((error as Error).message),
  });
  app.get("/text", async function* () {
    yield "<b>";
  });
  app.get("/first", function* () {
    yield* [];
    throw new Error("first");
  });
  app.get("/later", async function* () {
    yield "a";
    throw new Error("later");
  });
  app.get("/reused", async function* () {
    const bytes = new Uint8Array(1);
    for (bytes[0] = 65; bytes[0] < 68; bytes[0]++) yield bytes;
  });
  const text = await app.request("/text");
  assertEquals(text.headers.get("content-type"), "text/plain; charset=utf-8");
  assertEquals(await text.text(), "<b>");
  assertEquals((await app.request("/first")).status, 500);
  const later = await app.request("/later");
  assertEquals(later.status, 200);
  await assertRejects(() => later.text(), Error, "later");
  assertEquals(await (await app.request("/reused")).text(), "ABC");
  assertEquals(errors, ["first", "later"]);
});

Deno.test("fetch() answers 500 to a body or a field that cannot be sent", async () => {
  const app = new Router(silent);
  app.use(async (c, next) => {
    const answer = await next();
    if (c.path === "/body") answer.body = { a: 1 } as never;
    return answer;
  });
  app.get("/body", () => "x");
  app.get("/field", () => new Response("x", { headers: { "x-a": "a\x01b" } }));
  for (const path of ["/body", "/field"]) {
    assertEquals((await app.request(path)).status, 500);
  }
});

Deno.test("a fetch handler sees no method in another case than it was sent in", async () => {
  const methods: string[] = [];
  const handler = (request: Request) => {
    methods.push(request.method);
    return new Response();
  };
  for (const method of ["get", "head", "post", "GET", "patch"]) {
    const status = (await ask(handler, `${method} /`)).slice(0, 3);
    assertEquals([method, status], [
      method,
      method === "GET" || method === "patch" ? "200" : "501",
    ]);
  }
  assertEquals(methods, ["GET", "patch"]);
});

Deno.test("a body that is not sent is let go when the request is over", async () => {
  const closed: string[] = [];
  const app = new Router(silent);
  app.use(async (c, next) => {
    if (c.path === "/unawaited") {
      next();
      throw new HttpError(409, "No");
    }
    const answer = await next();
    if (c.path === "/error") throw new HttpError(409, "No");
    if (c.path === "/status") answer.status = 42;
    if (c.path === "/field") answer.headers.set("x", "a\x01");
    if (c.path.startsWith("/body")) answer.body = "other";
    if (c.path === "/body/returned") return answer;
    return c.path === "/replaced" ? new Response("other") : undefined;
  });
  const paths = [
    "/replaced",
    "/error",
    "/status",
    "/field",
    "/body",
    "/body/returned",
    "/unawaited",
  ];
  for (const path of [...paths, "/kept"]) {
    app.get(path, () =>
      new ReadableStream({
        pull: (controller) =>
          path === "/kept"
            ? controller.close()
            : controller.enqueue(new Uint8Array(1)),
        cancel: () => void closed.push(path),
      }, { highWaterMark: 0 }));
  }
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
  await converse(app, [...paths, "/kept"].map(get).join(""));
  assertEquals(closed, paths);
  closed.length = 0;
  for (const path of [...paths, "/kept"]) {
    await (await app.request(path)).text();
  }
  await Promise.resolve();
  assertEquals(closed, paths);
});

Deno.test("a body that is a part of what takes its place is sent", async () => {
  const closed: string[] = [];
  const app = new Router(silent);
  app.use(async (c, next) => {
    const answer = await next();
    const { body } = answer;
    answer.body = (async function* () {
      yield "<";
      yield* body as AsyncIterable<Uint8Array>;
      yield ">";
    })();
    return c.path === "/returned" ? answer : undefined;
  });
  for (const path of ["/", "/returned"]) {
    app.get(path, async function* () {
      try {
        yield "a";
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        yield "b";
      } finally {
        closed.push(path);
      }
    });
    assertEquals(await told(await app.request(path)), "200 <ab>");
  }
  assertEquals(closed, ["/", "/returned"]);
});

Deno.test("fetch() cannot upgrade", async () => {
  const app = new Router(silent);
  app.get("/", () => upgrade("echo", () => {}));
  assertEquals(await told(await app.request("/")), "501 !");
});

Deno.test("fetch() answers fields that no Response can have with a 500", async () => {
  const errors: unknown[] = [];
  const app = new Router({ onError: (error) => errors.push(error) });
  app.get("/", (_input, c) => c.headers.set("a b", "1"));
  assertEquals(await told(await app.request("/")), "500 !");
  assertEquals(errors.length, 1);
});

Deno.test("Router options are for fetch(): observer, development and limits", async () => {
  const seen: [unknown, string | undefined][] = [];
  const app = new Router({
    onError: (error, c) => {
      seen.push([error, c?.path]);
      throw new Error("the observer is wrong, too");
    },
    development: true,
    limits: { body: 2 },
  });
  app.get("/", () => {
    throw new RangeError("inside");
  });
  app.post("/", (_input, c) => c.text());
  const said = console.error;
  console.error = () => {};
  try {
    assertStringIncludes(
      await told(await app.request("/")),
      "500 ! RangeError: inside",
    );
  } finally {
    console.error = said;
  }
  assertEquals(seen.map(([error, path]) => [(error as Error).message, path]), [[
    "inside",
    "/",
  ]]);
  assertMatch(
    await told(await app.request("/", { method: "POST", body: "abc" })),
    /^413 /,
  );
  assertThrows(() => new Router({ limits: { body: -1 } }), RangeError);
  const wrong: [options: unknown, says: string][] = [
    [
      { developement: true },
      'with "developement": the options are development',
    ],
    [{ development: "no" }, "development is text, and not true or false"],
    [{ onError: console }, "onError is an object, and not a function"],
    [{ kinds: [] }, "kinds is a list, and not an object"],
    [3000, "with 3000: options are an object"],
  ];
  for (const [options, says] of wrong) {
    assertThrows(() => new Router(options as never), TypeError, says);
  }
});

// ── Plain fetch handlers ────────────────────────────────────────────────────

Deno.test("toHandler() gives a fetch handler the request", async () => {
  const handler = (request: Request) =>
    new Response(`${request.method} ${new URL(request.url).pathname}`);
  assertEquals(await ask(handler, "GET /a"), "200 GET /a");
  assertEquals(
    await ask(
      async (r: Request) => await Promise.resolve(handler(r)),
      "PUT /b",
    ),
    "200 PUT /b",
  );
  assertInstanceOf(toHandler(handler)(asked("GET /a").c), Answer);
});

Deno.test("toHandler() answers for a fetch handler what a Request cannot carry", async () => {
  let called = 0;
  const handler = () => (called++, new Response());
  assertEquals(await ask(handler, "OPTIONS *"), "204");
  assertEquals(await ask(handler, "TRACE /"), "501 !");
  assertEquals(await ask(handler, "CONNECT a:1"), "501 !");
  assertEquals(
    await ask(handler, "GET /../a"),
    BAD_PATH,
  );
  assertEquals(called, 0);
});

Deno.test("toHandler() reports a fetch handler that gives no Response", async () => {
  const wrong: [App, string][] = [
    [
      any(() => "text"),
      "Cannot answer with what the fetch handler returned: it is no Response",
    ],
    [
      any(async () => await Promise.resolve()),
      "Cannot answer with what the fetch handler returned: it is no Response",
    ],
    [() => {
      throw new Error("sync");
    }, "sync"],
    [() => Promise.reject(new Error("late")), "late"],
  ];
  for (const [handler, said] of wrong) {
    const { c, reported } = asked("GET /");
    assertEquals(await told(await toHandler(handler)(c)), "500 !");
    assertEquals(reported.map((error) => (error as Error).message), [said]);
  }
});

Deno.test("toHandler() refuses what cannot be served", () => {
  class Songs {
    @get("/")
    a() {}
  }
  assertMatch(
    refused(() => toHandler(any(Songs))),
    /^Cannot mount the class Songs: give an instance of it, new Songs\(\)$/,
  );
  assertMatch(
    refused(() => toHandler(any(undefined))),
    /^Cannot mount undefined: give a Router, or an instance of a class with/,
  );
  assertMatch(refused(() => toHandler(any(null))), /^Cannot mount null/);
  assertMatch(
    refused(() => toHandler({})),
    /^Cannot mount an instance of Object: it has no routes; give a Router, or an instance of a class/,
  );
  assertMatch(refused(() => toHandler([])), /^Cannot serve an empty list$/);
});

// ── Options of a route ──────────────────────────────────────────────────────

/** A schema in a few lines. */
function schema<Out>(read: (value: unknown) => Out | undefined, wait = false) {
  return {
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: (value: unknown) => {
        const found = read(value);
        const result = found === undefined
          ? {
            issues: [{
              message: "does not fit",
              path: ["a", { key: "b" }, 0, Symbol("s")],
            }],
          }
          : { value: found };
        return wait ? Promise.resolve(result) : result;
      },
      types: undefined as { input: Out; output: Out } | undefined,
    },
  };
}

const Title = schema((value) => {
  const title = (value as { title?: unknown } | undefined)?.title;
  return typeof title === "string" ? { title } : undefined;
});

const JSON_TYPE = { "content-type": "application/json" };
const ISSUES =
  '{"issues":[{"message":"does not fit","path":["a","b",0,"Symbol(s)"]}],';

const BODIES: [name: string, init: RequestInit, answer: string][] = [
  [
    "JSON",
    { body: '{"title":"a","more":1}', headers: JSON_TYPE },
    '200 {"body":{"title":"a"}}',
  ],
  ["JSON by its suffix", {
    body: '{"title":"a"}',
    headers: { "content-type": 'Application/vnd.x+JSON; charset="utf-8"' },
  }, '200 {"body":{"title":"a"}}'],
  [
    "a form",
    { body: new URLSearchParams({ title: "a" }) },
    '200 {"body":{"title":"a"}}',
  ],
  [
    "a multipart form",
    { body: form({ title: "a" }) },
    '200 {"body":{"title":"a"}}',
  ],
  [
    "malformed JSON",
    { body: "{", headers: JSON_TYPE },
    "400 ! The content is not JSON at line 1, column 2",
  ],
  [
    "a malformed form",
    {
      body: "x",
      headers: { "content-type": "multipart/form-data" },
    },
    "400 ! The Content-Type of the form has no boundary of 1 to 70 characters" +
    " (RFC 2046 §5.1.1)",
  ],
  [
    "what does not fit",
    { body: "1", headers: JSON_TYPE },
    "422 ! The content does not fit its schema",
  ],
  ["a name twice", {
    body: "title=a&title=b",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  }, "422 ! The content does not fit its schema"],
  [
    "another type",
    { body: "a", headers: { "content-type": "text/plain" } },
    "415 ! The content is neither JSON nor a form by its Content-Type",
  ],
  [
    "a type that is none",
    { body: "a", headers: { "content-type": "json" } },
    "415 ! The content is neither JSON nor a form by its Content-Type",
  ],
  [
    "no type",
    { body: new Uint8Array([123, 125]) },
    "415 ! The content is neither JSON nor a form by its Content-Type",
  ],
  ["nothing", {}, "422 ! The content does not fit its schema"],
];

function form(pairs: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(pairs)) form.set(name, value);
  return form;
}

Deno.test.each(BODIES)(
  "the option body reads %s",
  async (_name, init, answer) => {
    for (const wait of [false, true]) {
      const body = schema((value) => {
        const { validate } = Title["~standard"];
        return (validate(value) as { value?: { title: string } }).value;
      }, wait);
      const app = new Router();
      app.post("/", { body }, (input) => input);
      assertEquals(
        await told(await app.request("/", { method: "POST", ...init })),
        answer,
      );
    }
  },
);

Deno.test("the option body tells the issues to the client", async () => {
  const app = new Router();
  app.post("/", { body: Title }, () => 1);
  const answer = await app.request("/", {
    method: "POST",
    body: "{}",
    headers: JSON_TYPE,
  });
  assertStringIncludes(await answer.text(), ISSUES);
});

Deno.test("the option body gives a form without a prototype, and repeated names as a list", async () => {
  const seen: unknown[] = [];
  const app = new Router();
  const body = schema((value) => {
    seen.push(value);
    return 1;
  });
  app.post("/", { body }, () => 1);
  const send = (body: BodyInit) => app.request("/", { method: "POST", body });
  await send(new URLSearchParams("a=1&b=2&a=3&a=4&__proto__=x"));
  const record = seen[0] as Record<string, unknown>;
  assertEquals(Object.getPrototypeOf(record), null);
  assertEquals(Object.entries(record), [["a", ["1", "3", "4"]], ["b", "2"], [
    "__proto__",
    "x",
  ]]);
  const data = new FormData();
  data.append("file", new File(["text"], "a.txt"));
  await send(data);
  assertEquals((seen[1] as { file: File }).file.name, "a.txt");
});

Deno.test("the option query reads the query, and refuses with 400", async () => {
  const query = schema((value) => {
    const { page } = value as { page?: string };
    return page === undefined || Object.getPrototypeOf(value) !== null
      ? undefined
      : { page: Number(page) };
  });
  const app = new Router();
  app.get("/:a", { query }, (input) => input);
  assertEquals(
    await ask(app, "GET /x?page=2&more"),
    '200 {"a":"x","query":{"page":2}}',
  );
  assertEquals(
    await ask(app, "GET /x"),
    "400 ! The query does not fit its schema",
  );
  assertInstanceOf(toHandler(app)(asked("GET /x?page=2").c), Answer);
  const slow = new Router();
  slow.get(
    "/",
    { query: schema((value) => value, true) },
    ({ query }) => query,
  );
  assertEquals(await ask(slow, "GET /?a=1&a=2"), '200 {"a":["1","2"]}');
});

Deno.test("the option body is read behind the middleware", async () => {
  const app = new Router();
  app.use(() => {
    throw new HttpError(401, "Who");
  });
  app.post("/", { body: Title }, () => 1);
  const answer = await app.request("/", { method: "POST", body: "{" });
  assertEquals(await told(answer), "401 ! Who");
});

Deno.test("the option returns holds data to a schema at run time", async () => {
  const returns = Title;
  const app = new Router();
  app.get("/good", { returns }, () => ({ title: "a", secret: 1 }));
  app.get(
    "/late",
    { returns },
    async () => await Promise.resolve({ title: "a", secret: 1 }),
  );
  app.get("/bad", { returns }, () => any({}));
  app.get("/worse", { returns }, any(() => Promise.resolve(1)));
  app.get("/response", { returns }, () => new Response("whole"));
  app.get("/answer", { returns }, () => json({ whole: 1 }));
  assertEquals(await ask(app, "GET /good"), '200 {"title":"a"}');
  assertEquals(await ask(app, "GET /late"), '200 {"title":"a"}');
  assertEquals(await ask(app, "GET /response"), "200 whole");
  assertEquals(await ask(app, "GET /answer"), '200 {"whole":1}');
  for (const path of ["/bad", "/worse"]) {
    const { c, reported } = asked(`GET ${path}`);
    assertEquals(await told(await toHandler(app)(c)), "500 !");
    assertEquals(
      (reported[0] as Error).message,
      'Cannot answer: the result does not fit "returns" at a.b.0.Symbol(s): does not fit',
    );
  }
});

Deno.test("the options limits and timeouts hold before any middleware", async () => {
  const app = new Router();
  app.use((c, next) => {
    c.headers.set("x", `${c.content.limit} ${Context.patience(c)}`);
    return next();
  });
  app.post(
    "/own",
    { limits: { body: 3 }, timeouts: { handler: 50 } },
    (_input, c) => c.text(),
  );
  app.post("/none", (_input, c) => c.text());
  const send = async (path: string, body: string) =>
    await told(await app.request(path, { method: "POST", body }), "x");
  assertEquals(await send("/own", "abc"), "200 abc | x: 3 50");
  assertMatch(await send("/own", "abcd"), /^413 .*x: 3 50$/);
  assertEquals(await send("/none", "abcd"), "200 abcd | x: 1048576 undefined");
});

Deno.test("a schema that throws is our side's error", async () => {
  const body = schema<number>(() => {
    throw new Error("the schema is wrong");
  });
  const app = new Router(silent);
  app.post("/", { body }, () => 1);
  const answer = await app.request("/", {
    method: "POST",
    body: "1",
    headers: JSON_TYPE,
  });
  assertEquals(await told(answer), "500 !");
});

Deno.test("an error of the peer's while content is read is no report of ours", async () => {
  const app = new Router();
  app.post("/", () => {
    throw new Fault("content-cut");
  });
  const { c, reported } = asked("POST /");
  assertMatch(await told(await toHandler(app)(c)), /^400 /);
  assertEquals(reported, []);
});

Deno.test("request() rejects only what is no request", async () => {
  await assertRejects(() => new Router().request("not a url"), TypeError);
});

Deno.test("Context.path and Context.url are what the router matched, however letters are escaped", async () => {
  const app = new Router();
  app.use((c, next) => {
    const both = [c.path, c.url.pathname];
    if (both.some((path) => path.startsWith("/admin"))) {
      throw new HttpError(403);
    }
    return next();
  });
  app.get("/admin/:name", () => "let in");
  for (const target of ["/%61dmin/a", "/adm%69n/a", "/%61%64%6d%69%6E/%61"]) {
    assertStringIncludes(
      await converse(app, `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`),
      "HTTP/1.1 403 ",
    );
    assertEquals((await app.request(target)).status, 403);
  }
});
