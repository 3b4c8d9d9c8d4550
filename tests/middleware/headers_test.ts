/** `secureHeaders()` and `requestId()`: fields on every answer. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { converse } from "../../features/testing.ts";
import {
  json,
  requestId,
  type RequestIdOptions,
  Router,
  secureHeaders,
  type SecureHeadersOptions,
} from "../../mod.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

function secured(options?: SecureHeadersOptions): Router {
  const app = new Router({ onError() {} });
  app.use(secureHeaders(options));
  app.get("/", () => "Hello");
  app.get("/set", (_input, c) => {
    c.headers.set("x-frame-options", "DENY");
    return "Hello";
  });
  app.get("/delete", (_input, c) => {
    c.headers.delete("x-frame-options");
    return "Hello";
  });
  const headers = { "x-frame-options": "DENY" };
  app.get("/response", () => new Response("Hello", { headers }));
  app.get("/answer", () => json(1, { headers }));
  return app;
}

Deno.test("secureHeaders() has defaults, each of which can be set or left out", async () => {
  const ask = async (options?: SecureHeadersOptions) => {
    const { headers, body } = await secured(options).request("/");
    await body?.cancel();
    return [...headers].map(([name, value]) => `${name}: ${value}`)
      .filter((line) => !line.startsWith("content-type"));
  };
  assertEquals(await ask(), [
    "cross-origin-opener-policy: same-origin",
    "cross-origin-resource-policy: same-origin",
    "referrer-policy: strict-origin-when-cross-origin",
    "x-content-type-options: nosniff",
    "x-frame-options: SAMEORIGIN",
  ]);
  assertEquals(
    await ask({
      contentTypeOptions: false,
      frameOptions: false,
      referrerPolicy: "no-referrer",
      crossOriginOpenerPolicy: false,
      crossOriginResourcePolicy: "cross-origin",
      crossOriginEmbedderPolicy: "require-corp",
      contentSecurityPolicy: "default-src 'self'",
      permissionsPolicy: "camera=()",
    }),
    [
      "content-security-policy: default-src 'self'",
      "cross-origin-embedder-policy: require-corp",
      "cross-origin-resource-policy: cross-origin",
      "permissions-policy: camera=()",
      "referrer-policy: no-referrer",
    ],
  );
});

Deno.test("secureHeaders() overrides nothing that a handler says", async () => {
  const rows = [["/set", "DENY"], ["/response", "DENY"], ["/answer", "DENY"], [
    "/delete",
    null,
  ]] as const;
  for (const [path, value] of rows) {
    const { headers, body } = await secured().request(path);
    await body?.cancel();
    assertEquals([path, headers.get("x-frame-options")], [path, value]);
  }
});

Deno.test("secureHeaders() sends Strict-Transport-Security under TLS alone", async () => {
  const strict = /\r\nstrict-transport-security: max-age=31536000\r\n/;
  const asked = async (options: object, lines = "") =>
    strict.test(await converse(secured(), `${GET}${lines}\r\n`, options));
  const proto = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
  assertEquals(await asked({}), false);
  assertEquals(await asked({ secure: true }), true);
  assertEquals(await asked({}, proto), false);
  assertEquals(await asked({ trustProxy: 1 }, proto), true);
  assertEquals(
    await asked({ trustProxy: 1 }, `${proto}Forwarded: for=x;\r\n`),
    false,
  );
});

Deno.test("secureHeaders() refuses options that are none, and values that cannot be sent", () => {
  assertThrows(
    () => secureHeaders({ csp: "x" } as SecureHeadersOptions),
    TypeError,
    'Cannot set security fields with "csp"',
  );
  assertThrows(
    () => secureHeaders({ frameOptions: "DENY\r\nset-cookie: a=1" }),
    TypeError,
    "control character",
  );
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const IDS: [
  options: RequestIdOptions,
  sent: string | undefined,
  id: string | RegExp,
][] = [
  [{}, undefined, UUID],
  [{}, "abc", UUID],
  [{ trusted: true }, undefined, UUID],
  [{ trusted: true }, "abc-1_2.3~4+5/6=7:8@9", "abc-1_2.3~4+5/6=7:8@9"],
  [{ trusted: true }, "a".repeat(128), "a".repeat(128)],
  [{ trusted: true }, "a".repeat(129), UUID],
  [{ trusted: true }, "", UUID],
  [{ trusted: true }, "a b", UUID],
  [{ trusted: true }, "a,b", UUID],
  [{ trusted: true }, "\x9b2J", UUID],
  [{ trusted: true }, "\xe9", UUID],
  [{ trusted: true }, '"><script>', UUID],
  [{ trusted: (c) => c.header("host") === "a" }, "abc", "abc"],
  [{ trusted: () => false }, "abc", UUID],
  [{ generate: () => "7" }, "abc", "7"],
];

Deno.test.each(IDS)("requestId(%j) for %j is %s", async (options, sent, id) => {
  const app = new Router();
  app.with(requestId(options)).get("/", (_input, c) => c.requestId);
  const line = sent === undefined ? "" : `X-Request-Id: ${sent}\r\n`;
  const said = await converse(app, `${GET}${line}\r\n`);
  const [head = "", told = ""] = said.split("\r\n\r\n");
  if (typeof id === "string") assertEquals(told, id);
  else assertMatch(told, id);
  assertEquals(head.match(/^x-request-id: (.*)$/m)?.[1]?.trim(), told);
});

Deno.test("requestId() takes two lines for none, and a field of another name", async () => {
  const app = new Router();
  app.use(requestId({ header: "Trace-Id", trusted: true }));
  app.get("/", () => "Hello");
  const said = await converse(app, `${GET}Trace-Id: a\r\nTrace-Id: b\r\n\r\n`);
  assertMatch(said.match(/^trace-id: (\S+)/m)![1]!, UUID);
  assertThrows(() => requestId({ header: "a b" }), TypeError, "no token");
});
