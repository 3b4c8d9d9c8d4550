import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { converse } from "../../features/testing.ts";
import {
  basicAuth,
  type Context,
  cors,
  type CorsOptions,
  HttpError,
  Router,
} from "../../mod.ts";

const A = "https://a.example";
const B = "https://b.example:8443";

function appOf(options?: CorsOptions): Router {
  const app = new Router({ onError() {} });
  app.use(cors(options));
  app.get("/", () => "Hello");
  app.get("/own", (_input, c) => {
    c.headers.set("access-control-allow-origin", "https://own.example");
    return "Hello";
  });
  app.get(
    "/response",
    () => new Response("Hello", { headers: { vary: "Accept" } }),
  );
  app.get("/refusal", () => {
    throw new HttpError(403);
  });
  return app;
}

const ORIGINS: [
  origin: CorsOptions["origin"],
  asked: string | undefined,
  allowed: string | null,
  vary: string | null,
][] = [
  [undefined, undefined, "*", null],
  [undefined, A, "*", null],
  ["*", "null", "*", null],
  [A, A, A, null],
  [A, B, A, null],
  [[A, B], A, A, "origin"],
  [[A, B], B, B, "origin"],
  [[A, B], "https://c.example", null, "origin"],
  [[A, B], undefined, null, "origin"],
  [[A, B], "HTTPS://A.EXAMPLE", null, "origin"],
  [[A, B], `${A}.evil.example`, null, "origin"],
  [[A, B], `${A}:443`, null, "origin"],
  [[A, B], `${A}/`, null, "origin"],
  [[A, B], `${A}, ${B}`, null, "origin"],
  [[A, B], "null", null, "origin"],
  [[A, B], "", null, "origin"],
  [["null"], "null", "null", "origin"],
  [["app://localhost"], "app://localhost", "app://localhost", "origin"],
  [[], A, null, "origin"],
  [(origin) => origin.endsWith(".example"), A, A, "origin"],
  [(origin) => Promise.resolve(origin === B), A, null, "origin"],
  [() => true, undefined, null, "origin"],
  [() => true, "null", "null", "origin"],
];

Deno.test.each(ORIGINS)(
  "cors({ origin: %j }) for %j allows %j",
  async (origin, asked, allowed, vary) => {
    const app = appOf(origin === undefined ? {} : { origin });
    const headers: HeadersInit = asked === undefined ? {} : { origin: asked };
    for (
      const [path, status] of [["/", 200], ["/refusal", 403], [
        "/none",
        404,
      ]] as const
    ) {
      const answer = await app.request(path, { headers });
      await answer.body?.cancel();
      assertEquals(
        [answer.status, answer.headers.get("access-control-allow-origin")],
        [status, allowed],
      );
      const told = (answer.headers.get("vary") ?? "").split(", ");
      assertEquals(told.includes("origin"), vary !== null);
    }
  },
);

const PREFLIGHTS: [
  name: string,
  options: CorsOptions,
  fields: Record<string, string>,
  expected: Record<string, string | null>,
][] = [
  ["the usual", {}, {}, {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
    "access-control-allow-headers": null,
    "access-control-max-age": null,
    "access-control-allow-credentials": null,
    "vary": "access-control-request-headers",
  }],
  ["fields that it asks for", {}, {
    "access-control-request-headers": "x-a,x-b",
  }, {
    "access-control-allow-headers": "x-a, x-b",
  }],
  ["fields in no good form", {}, {
    "access-control-request-headers": "x-a, x b",
  }, {
    "access-control-allow-headers": null,
  }],
  [
    "fields, methods and age of its own",
    {
      headers: ["x-c"],
      methods: ["PURGE"],
      maxAge: 600,
      expose: ["x-d"],
    },
    { "access-control-request-headers": "x-a" },
    {
      "access-control-allow-headers": "x-c",
      "access-control-allow-methods": "PURGE",
      "access-control-max-age": "600",
      "access-control-expose-headers": null,
      "vary": null,
    },
  ],
  ["credentials", { origin: [A], credentials: true }, {}, {
    "access-control-allow-origin": A,
    "access-control-allow-credentials": "true",
    "vary": "origin, access-control-request-headers",
  }],
  ["an origin that may not", { origin: [B], maxAge: 5 }, {}, {
    "access-control-allow-origin": null,
    "access-control-allow-methods": null,
    "access-control-max-age": null,
  }],
];

Deno.test.each(PREFLIGHTS)(
  "cors() answers a preflight with %s",
  async (_name, options, fields, expected) => {
    for (const path of ["/", "/refusal", "/none"]) {
      const answer = await appOf(options).request(path, {
        method: "OPTIONS",
        headers: {
          origin: A,
          "access-control-request-method": "PUT",
          ...fields,
        },
      });
      assertEquals(answer.status, 204);
      for (const [name, value] of Object.entries(expected)) {
        assertEquals([name, answer.headers.get(name)], [name, value]);
      }
    }
  },
);

Deno.test("cors() lets any other OPTIONS pass, and exposes fields to who asks", async () => {
  const app = appOf({ expose: ["x-a", "x-b"] });
  const options = await app.request("/", {
    method: "OPTIONS",
    headers: { origin: A },
  });
  assertEquals([options.status, options.headers.get("allow")], [
    204,
    "GET, HEAD, OPTIONS",
  ]);
  const answer = await app.request("/", { headers: { origin: A } });
  assertEquals(answer.headers.get("access-control-expose-headers"), "x-a, x-b");
  await answer.body?.cancel();
});

Deno.test("cors() keeps what a handler set itself, and the Vary of a Response", async () => {
  const app = appOf({ origin: [A] });
  const headers = { origin: A };
  const own = await app.request("/own", { headers });
  assertEquals(
    own.headers.get("access-control-allow-origin"),
    "https://own.example",
  );
  const response = await app.request("/response", { headers });
  assertEquals(response.headers.get("vary"), "Accept, origin");
  assertEquals(response.headers.get("access-control-allow-origin"), A);
  await Promise.all([own.text(), response.text()]);
});

Deno.test("cors() outside of what refuses answers preflights, and is on its refusals", async () => {
  const app = new Router();
  app.use(
    cors({ origin: [A], credentials: true }),
    basicAuth({ users: { a: "b" } }),
  );
  app.get("/", () => "Hello");
  const preflight = { origin: A, "access-control-request-method": "GET" };
  assertEquals(
    (await app.request("/", { method: "OPTIONS", headers: preflight })).status,
    204,
  );
  const refused = await app.request("/", { headers: { origin: A } });
  assertEquals([
    refused.status,
    refused.headers.get("access-control-allow-origin"),
  ], [401, A]);
  await refused.body?.cancel();
});

Deno.test("cors() answers preflights with use on the served router alone", async () => {
  const inner = new Router();
  inner.get("/", () => "Hello");
  const on: Record<string, (app: Router) => void> = {
    served(app) {
      app.use(cors());
      app.mount("/", inner);
    },
    route: (app) => app.get("/", { use: [cors()] }, () => "Hello"),
    with: (app) => app.with(cors()).get("/", () => "Hello"),
    mounted(app) {
      const guarded = new Router();
      guarded.use(cors());
      guarded.get("/", () => "Hello");
      app.mount("/", guarded);
    },
  };
  const headers = { origin: A, "access-control-request-method": "GET" };
  for (const [where, put] of Object.entries(on)) {
    const app = new Router();
    put(app);
    for (const method of ["OPTIONS", "GET"]) {
      const answer = await app.request("/", { method, headers });
      const allowed = answer.headers.has("access-control-allow-origin");
      assertEquals(allowed, where === "served" || method === "GET", where);
      await answer.body?.cancel();
    }
  }
});

Deno.test("cors() varies by origin whatever a handler says of Vary", async () => {
  for (const origin of [[A], () => true]) {
    const app = new Router();
    app.use(cors({ origin }));
    app.get("/set", (_input, c) => {
      c.headers.set("vary", "cookie");
      return "own";
    });
    app.get("/response", () => new Response("", { headers: { vary: "a" } }));
    app.get("/throws", (_input, c) => {
      c.headers.set("vary", "cookie");
      throw new HttpError(403, "no");
    });
    for (const path of ["/set", "/response", "/throws", "/nowhere"]) {
      for (const headers of [{}, { origin: A }]) {
        const answer = await app.request(path, { headers });
        await answer.body?.cancel();
        const vary = answer.headers.get("vary")?.toLowerCase().split(/, */);
        assertEquals([path, vary?.filter((one) => one === "origin")], [path, [
          "origin",
        ]]);
      }
    }
  }
});

Deno.test("cors() makes a 500 of a function that fails", async () => {
  const app = appOf({
    origin: () => {
      throw new Error("A mistake");
    },
  });
  const answer = await app.request("/", { headers: { origin: A } });
  assertEquals(answer.status, 500);
  await answer.body?.cancel();
});

Deno.test("cors() gives no credentials to the origin null, whatever a function says", async () => {
  const app = appOf({ origin: () => true, credentials: true });
  for (const [asked, allowed] of [[A, A], ["null", null]] as const) {
    const { headers, body } = await app.request("/", {
      headers: { origin: asked },
    });
    await body?.cancel();
    assertEquals(headers.get("access-control-allow-origin"), allowed);
    const credentials = headers.get("access-control-allow-credentials");
    assertEquals(credentials, allowed && "true");
  }
});

const WRONG: [options: CorsOptions, says: string][] = [
  [{ credentials: true }, 'Cannot allow credentials to the origin "*"'],
  [
    { origin: ["null"], credentials: true },
    'Cannot allow credentials to the origin "null"',
  ],
  [{ origin: `${A}/` }, `Cannot allow the origin "${A}/"`],
  [{ origin: "a.example" }, 'Cannot allow the origin "a.example"'],
  [{ origin: ["*"] }, 'Cannot allow the origin "*"'],
  [{ origin: "https://A.example" }, "Cannot allow the origin"],
  [{ origin: "https://a.example:443" }, "Cannot allow the origin"],
  [{ methods: ["GET POST"] }, "it is no token"],
  [{ headers: ["x:y"] }, "it is no token"],
  [{ expose: ["x\r\ny"] }, "it is no token"],
  [{ origin: A, credentials: true, headers: ["*"] }, "there it is a name"],
  [{ maxAge: -1 }, "Cannot remember a preflight for -1 seconds"],
  [{ maxAge: 0.5 }, "whole number"],
  [
    { origins: [A] } as CorsOptions,
    'Cannot let other origins ask with "origins": the options are origin, ',
  ],
];

Deno.test.each(WRONG)("cors() refuses %j", (options, says) => {
  assertThrows(() => cors(options), Error, says);
});

/** Answers that are made because the one that was made could not be sent. */
const INSTEAD: [
  name: string,
  handler: (input: object, c: Context) => unknown,
  status: number,
][] = [
  [
    "a stream that breaks at once",
    // deno-lint-ignore require-yield
    async function* () {
      throw new Error("Broken");
    },
    500,
  ],
  [
    "a field that cannot be sent",
    (_input, c) => {
      c.headers.set("x-a", "a\r\nb");
      c.headers.set("etag", '"a"');
      return "Hello";
    },
    500,
  ],
  ["a handler that takes too long", () => new Promise(() => {}), 503],
];

for (const [name, handler, status] of INSTEAD) {
  Deno.test(`cors() is heeded where ${name} is an error`, async () => {
    const app = new Router({ onError() {} });
    app.use(cors());
    app.get("/", handler);
    const said = await converse(
      app,
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      { timeouts: { handler: 10, linger: 10 } },
    );
    assertEquals(said.slice(9, 12), `${status}`);
    assertStringIncludes(said, "\r\naccess-control-allow-origin: *\r\n");
    assertEquals([/\r\n(x-a|etag):/.test(said)], [false]);
    if (status === 503) return; // a platform has deadlines of its own
    const answer = await app.request("/");
    assertEquals(answer.status, status);
    assertEquals(answer.headers.get("access-control-allow-origin"), "*");
    assertEquals(answer.headers.get("etag"), null);
  });
}
