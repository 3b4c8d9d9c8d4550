/** `basicAuth()` and `bearerAuth()`: who is let in, and what others are told. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { converse } from "../../features/testing.ts";
import {
  basicAuth,
  type BasicAuthOptions,
  bearerAuth,
  type BearerTokens,
  HttpError,
  Router,
} from "../../mod.ts";
import { equalOctets } from "../../wire/constant_time.ts";
import { challenge } from "../../wire/credentials.ts";

const USERS = { Ada: "a:b", "Zoë": "pässword", __proto__x: "p" };
const base64 = (text: string) => new TextEncoder().encode(text).toBase64();

const BASIC: [name: string, lines: string[], user: string | undefined][] = [
  ["right", [`Basic ${base64("Ada:a:b")}`], "Ada"],
  ["right, in another case", [`bASIC ${base64("Ada:a:b")}`], "Ada"],
  ["right, with spaces", [`Basic   ${base64("Ada:a:b")}`], "Ada"],
  ["in UTF-8", [`Basic ${base64("Zoë:pässword")}`], "Zoë"],
  [
    "decomposed",
    [`Basic ${base64("Zoë:pässword".normalize("NFD"))}`],
    "Zoë",
  ],
  ["an empty password", [`Basic ${base64("Ada:")}`], undefined],
  ["nothing", [], undefined],
  ["an empty field", [""], undefined],
  ["the scheme alone", ["Basic"], undefined],
  ["another scheme", [`Bearer ${base64("Ada:a:b")}`], undefined],
  ["a wrong password", [`Basic ${base64("Ada:a:c")}`], undefined],
  ["a part of it", [`Basic ${base64("Ada:a")}`], undefined],
  ["more than it", [`Basic ${base64("Ada:a:b:c")}`], undefined],
  ["a wrong user", [`Basic ${base64("ada:a:b")}`], undefined],
  ["the user of an object", [`Basic ${base64("__proto__:x")}`], undefined],
  ["its constructor", [`Basic ${base64("constructor:")}`], undefined],
  ["no user", [`Basic ${base64(":a:b")}`], undefined],
  ["no colon", [`Basic ${base64("Ada")}`], undefined],
  ["no base64", ["Basic ####"], undefined],
  [
    "base64 without its end",
    [`Basic ${base64("Ada:a:b!").slice(0, -1)}`],
    undefined,
  ],
  ["base64url", ["Basic QWRhOmE6Yg"], undefined],
  ["base64 with a space", [`Basic QWRh OmE6Yg==`], undefined],
  ["latin1", ["Basic Wm/rOnDkc3N3b3Jk"], undefined],
  ["a control character", [`Basic ${base64("Ada:a:b\n")}`], undefined],
  ["parameters", [`Basic realm="a"`], undefined],
  [
    "two lines",
    [`Basic ${base64("Ada:a:b")}`, `Basic ${base64("Ada:a:b")}`],
    undefined,
  ],
  ["much", [`Basic ${base64("x".repeat(8_000))}`], undefined],
];

Deno.test.each(BASIC)("basicAuth() of %s", async (_name, lines, user) => {
  for (
    const options of [{ users: USERS }, {
      users: new Map(Object.entries(USERS)),
    }]
  ) {
    const app = new Router();
    app.with(basicAuth(options)).get("/", (_input, c) => encodeURI(c.user));
    const said = await converse(
      app,
      [
        "GET / HTTP/1.1",
        "Host: a",
        "Connection: close",
        ...lines.map((line) => `Authorization: ${line}`),
        "",
        "",
      ].join("\r\n"),
    );
    if (user !== undefined) {
      assertEquals(said.split("\r\n\r\n")[1], encodeURI(user));
    } else {
      assertStringIncludes(said, "HTTP/1.1 401 ");
      assertStringIncludes(
        said,
        '\r\nwww-authenticate: Basic realm="Restricted", charset="UTF-8"\r\n',
      );
    }
  }
});

Deno.test("basicAuth() asks verify, which may wait, refuse otherwise, or fail", async () => {
  const seen: string[] = [];
  const app = new Router({ onError() {} });
  app.use(basicAuth({
    realm: 'the "shed"',
    verify: async (user, password, c) => {
      seen.push(`${user} ${password} ${c.path}`);
      await null;
      if (user === "banned") throw new HttpError(403, "Not you");
      if (user === "broken") throw new Error("The database is down");
      return password === "right";
    },
  }));
  app.get("/", () => "Hello");
  const ask = async (text: string) => {
    const headers = { authorization: `Basic ${base64(text)}` };
    const answer = await app.request("/", { headers });
    await answer.body?.cancel();
    return [answer.status, answer.headers.get("www-authenticate")];
  };
  assertEquals(await ask("a:right"), [200, null]);
  assertEquals(await ask("a:wrong"), [
    401,
    'Basic realm="the \\"shed\\"", charset="UTF-8"',
  ]);
  assertEquals(await ask("banned:right"), [403, null]);
  assertEquals(await ask("broken:right"), [500, null]);
  assertEquals(seen[0], "a right /");
});

const WRONG_BASIC: BasicAuthOptions[] = [
  {},
  { users: {}, verify: () => true },
  { users: { "a:b": "c" } },
  { users: { a: "b\n" } },
  { users: { a: "b" }, realm: "é" },
  { users: { a: "b" }, realm: "a\r\nb" },
];

Deno.test.each(WRONG_BASIC)("basicAuth() refuses %j", (options) => {
  assertThrows(() => basicAuth(options), TypeError, "Cannot");
});

const REALM = 'Bearer realm="Restricted"';
const BEARER: [
  name: string,
  lines: string[],
  status: number,
  challenge?: string,
][] = [
  ["right", ["Bearer abc"], 200],
  ["the other", ["bearer d.e_f~g+h/i=="], 200],
  ["nothing", [], 401, `${REALM}, scope="songs"`],
  ["another scheme", ["Basic abc"], 401, `${REALM}, scope="songs"`],
  ["wrong", ["Bearer abd"], 401, `${REALM}, error="invalid_token"`],
  ["a part of it", ["Bearer ab"], 401, `${REALM}, error="invalid_token"`],
  ["the scheme alone", ["Bearer"], 400, `${REALM}, error="invalid_request"`],
  ["two tokens", ["Bearer abc abc"], 400, `${REALM}, error="invalid_request"`],
  [
    "two lines",
    ["Bearer abc", "Bearer abc"],
    400,
    `${REALM}, error="invalid_request"`,
  ],
  ["no token", ['Bearer "abc"'], 400, `${REALM}, error="invalid_request"`],
  ["parameters", ["Bearer a=b"], 400, `${REALM}, error="invalid_request"`],
];

Deno.test.each(BEARER)(
  "bearerAuth() of %s",
  async (_name, lines, status, told) => {
    const app = new Router();
    app.use(bearerAuth({ tokens: ["abc", "d.e_f~g+h/i=="], scope: "songs" }));
    app.get("/", () => "Hello");
    const said = await converse(
      app,
      [
        "GET /?access_token=abc HTTP/1.1",
        "Host: a",
        "Connection: close",
        ...lines.map((line) => `Authorization: ${line}`),
        "",
        "",
      ].join("\r\n"),
    );
    assertEquals(Number(said.slice(9, 12)), status);
    assertEquals(
      said.match(/^www-authenticate: (.*)\r$/m)?.[1],
      status === 200 ? undefined : told,
    );
  },
);

Deno.test("bearerAuth() asks verify, adds what it found, and explains its 403", async () => {
  const app = new Router({ onError() {} });
  const signedIn = bearerAuth({
    scope: "songs",
    verify: async (token) => {
      await null;
      if (token === "reader") throw new HttpError(403, "You may read only");
      if (token === "broken") throw new Error("The database is down");
      return token === "right" && { user: "Ada" };
    },
  });
  app.with(signedIn).get("/", (_input, c) => c.user);
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, accept: "text/plain" };
    const answer = await app.request("/", { headers });
    return [
      answer.status,
      await answer.text(),
      answer.headers.get("www-authenticate"),
    ];
  };
  assertEquals(await ask("right"), [200, "Ada", null]);
  assertEquals((await ask("wrong"))[0], 401);
  assertEquals(await ask("reader"), [
    403,
    "403 Forbidden: You may read only\n",
    `${REALM}, scope="songs", error="insufficient_scope"`,
  ]);
  assertEquals((await ask("broken"))[0], 500);
});

const WRONG_BEARER: unknown[] = [
  {},
  { tokens: "a", verify: () => ({}) },
  { tokens: "" },
  { tokens: ["a b"] },
  { tokens: ["é"] },
  { tokens: "a", realm: "é" },
];

Deno.test.each(WRONG_BEARER)("bearerAuth() refuses %j", (options) => {
  assertThrows(() => bearerAuth(options as BearerTokens), TypeError, "Cannot");
});

Deno.test("equalOctets() tells octets that are the same", () => {
  const rows: [a: number[], b: number[], same: boolean][] = [
    [[], [], true],
    [[1], [1], true],
    [[1], [2], false],
    [[1, 2], [1, 3], false],
    [[2, 1], [3, 1], false],
    [[1], [1, 1], false],
    [[0], [256], true], // an octet is all there is
  ];
  for (const [a, b, same] of rows) {
    assertEquals(equalOctets(Uint8Array.from(a), Uint8Array.from(b)), same);
  }
});

Deno.test("challenge() writes what can be sent, and nothing else", () => {
  assertEquals(challenge("Basic", {}), "Basic");
  assertEquals(
    challenge("A", { a: "\\", b: undefined, c: "" }),
    'A a="\\\\", c=""',
  );
  for (const value of ["\r\n", "\x00", "é", "\u{1F600}"]) {
    assertThrows(() => challenge("A", { a: value }), TypeError, "printable");
  }
});
