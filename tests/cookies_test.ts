/**
 * Cookies as an application has them, and what becomes of those that a client
 * made, changed or moved. The codecs have tables of their own in `tests/wire/`.
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { converse } from "../features/testing.ts";
import type { Context } from "../request.ts";
import { Router } from "../router.ts";

const KEY = "a key of thirty-two octets or more";
const OLD = "the key of last year, which is retired";

/** The fields that `handle` sets, over the wire. */
async function setBy(
  handle: (c: Context) => unknown,
  around?: (c: Context) => unknown,
): Promise<string[]> {
  const app = new Router();
  app.use(async (c, next) => {
    const answer = await next();
    await around?.(c);
    return answer;
  });
  app.get("/", (_input, c) => handle(c));
  const said = await converse(app, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  assertMatch(said, /^HTTP\/1.1 20[04] /);
  return [...said.matchAll(/^set-cookie: (.*)\r$/gm)].map((line) => line[1]!);
}

/** What `read` makes of the client's cookies. */
async function readOf(
  cookie: string,
  read: (c: Context) => unknown,
): Promise<string> {
  const app = new Router();
  app.get("/", async (_input, c) => String(await read(c)));
  const said = await converse(
    app,
    `GET / HTTP/1.1\r\nHost: h\r\nCookie: ${cookie}\r\n\r\n`,
  );
  assertMatch(said, /^HTTP\/1.1 200 /);
  return said.slice(said.indexOf("\r\n\r\n") + 4);
}

/** The name and value that `value` is signed to. */
async function signed(
  name: string,
  value: string,
  keys: Parameters<Context["cookies"]["signed"]>[0] = KEY,
  attributes = {},
): Promise<string> {
  const [line] = await setBy((c) =>
    c.cookies.signed(keys).set(name, value, attributes)
  );
  return line!.split(";")[0]!;
}

const opens = (cookie: string, name = "id", keys: string | string[] = KEY) =>
  readOf(cookie, (c) => c.cookies.signed(keys).get(name));

Deno.test("Cookies.set() replaces what was set of that name, domain and path", async () => {
  const lines = await setBy((c) => {
    c.cookies.set("a", "1");
    c.cookies.set("b", "1", { path: "/" });
    c.cookies.set("a", "2", { httpOnly: true });
    c.cookies.set("a", "3", { path: "/x" });
    c.cookies.set("a", "4", { domain: "Example.com" });
    c.cookies.set("a", "5", { domain: "example.com" });
    c.cookies.delete("b", { path: "/" });
  });
  assertEquals(lines, [
    "a=2; HttpOnly",
    "a=3; Path=/x",
    "a=5; Domain=example.com",
    "b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ]);
});

Deno.test("Cookies.set() replaces behind next() what was set before, and no line of others", async () => {
  const lines = await setBy((c) => {
    c.cookies.set("a", "1");
    return new Response("", { headers: { "set-cookie": "theirs=1" } });
  }, (c) => {
    c.cookies.set("a", "2");
    c.cookies.set("a", "3");
  });
  assertEquals(lines, ["theirs=1", "a=3"]);
});

Deno.test("Cookies.set() replaces also on the answer that takes another's place", async () => {
  const app = new Router();
  app.use(async (c, next) => {
    await next();
    c.cookies.set("a", "2");
    throw new Error("lost");
  });
  app.get("/", (_input, c) => {
    c.cookies.set("a", "1");
    return new Response("", { headers: { "set-cookie": "theirs=1" } });
  });
  const said = await converse(app, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  assertEquals(said.match(/^set-cookie: .*$/gm), ["set-cookie: a=2"]);
});

Deno.test("Cookies.delete() keeps the promise of a prefix", async () => {
  const gone = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
  const lines = await setBy((c) => {
    c.cookies.delete("__Host-a");
    c.cookies.delete("__Secure-a", { path: "/x", domain: "h.example" });
    c.cookies.delete("__Http-a");
    c.cookies.delete("__Host-Http-a");
    c.cookies.delete("a", { sameSite: "None", secure: true });
    assertThrows(() => c.cookies.delete("__Host-a", { path: "/x" }), TypeError);
    assertThrows(() => c.cookies.delete("a b"), TypeError);
  });
  assertEquals(lines, [
    `__Host-a=; Path=/; ${gone}; Secure`,
    `__Secure-a=; Domain=h.example; Path=/x; ${gone}; Secure`,
    `__Http-a=; ${gone}; Secure; HttpOnly`,
    `__Host-Http-a=; Path=/; ${gone}; Secure; HttpOnly`,
    `a=; ${gone}; Secure; SameSite=None`,
  ]);
});

const READ: [cookie: string, pairs: string][] = [
  ["", ""],
  ["a", ""],
  ["=1; ;;b=2", "b=2"],
  ['a="1"; a=2', 'a="1"|a=2'],
  [
    "__proto__=1; constructor=2; toString=3",
    "__proto__=1|constructor=2|toString=3",
  ],
  ["caf\xE9=\xFF; a=1", "caf\xE9=\xFF|a=1"],
  ["a=1\r\nCookie: b=2", "a=1|b=2"],
  ["a=%00%0d%0a", "a=%00%0d%0a"],
];

Deno.test("Context.cookies reads what clients send, and nothing is a key of an object", async () => {
  for (const [cookie, pairs] of READ) {
    const seen = await readOf(cookie, (c) => {
      assertEquals(c.cookies.get("hasOwnProperty"), undefined);
      const all = [...c.cookies].map((pair) => pair.join("=")).join("|");
      return new TextEncoder().encode(all).toHex();
    });
    assertEquals(seen, new TextEncoder().encode(pairs).toHex());
  }
});

Deno.test("SignedCookies.get() reads any text that set() signed", async () => {
  const values = [
    "",
    "7",
    'a b;c,d"e\\',
    "\r\n\0",
    "\u20AC\u{1F600}",
    "x".repeat(2900),
  ];
  for (const value of values) {
    const cookie = await signed("id", value);
    const app = new Router();
    let seen: string | undefined;
    app.get("/", async (_input, c) => {
      seen = await c.cookies.signed(KEY).get("id");
    });
    await converse(app, `GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`);
    assertEquals(seen, value);
  }
});

Deno.test("SignedCookies.set() sends every attribute, also behind next()", async () => {
  const attributes = { path: "/", secure: true, httpOnly: true } as const;
  const [line] = await setBy(() => "text", async (c) => {
    const cookies = c.cookies.signed(KEY);
    await cookies.set("__Host-id", "0", attributes);
    await cookies.set("__Host-id", "7", attributes);
  });
  assertMatch(line!, /^__Host-id=\.Nw\.[\w-]{43}; Path=\/; Secure; HttpOnly$/);
  assertEquals(await opens(line!.split(";")[0]!, "__Host-id"), "7");
  const gone = await setBy((c) => c.cookies.signed(KEY).delete("__Host-id"));
  assertMatch(gone[0]!, /^__Host-id=; Path=\/; Expires=Thu, 01 Jan 1970/);
});

Deno.test("SignedCookies gives nothing for what a client made or changed", async () => {
  const one = await signed("id", "7");
  const other = await signed("id", "8");
  const moved = await signed("admin", "7");
  const [name, value] = one.split("=") as [string, string];
  const [until, payload, mac] = value.split(".") as [string, string, string];
  const otherMac = other.split(".")[2]!;
  const forged: [name: string, cookie: string][] = [
    ["nothing", ""],
    ["no signature", "id=7"],
    ["an empty one", `id=${until}.${payload}.`],
    ["of another value", `id=${until}.${payload}.${otherMac}`],
    ["another value", `id=${until}.OA.${mac}`],
    ["another name", `id=${moved.split("=")[1]}`],
    ["the name in another case", `ID=${value}`],
    ["an end of one's own", `id=9999999999.${payload}.${mac}`],
    ["with another key", await signed("id", "7", OLD)],
    ["truncated", one.slice(0, -1)],
    ["extended", `${one}A`],
    ["extended in front", `id=A${value}`],
    ["with a dot", `id=${until}.${payload}..${mac}`],
    ["quoted", `id="${value}"`],
    ["percent-encoded", `id=${value.replaceAll(".", "%2E")}`],
    ["zeros for a signature", `id=${until}.${payload}.${"A".repeat(43)}`],
    ["huge", `id=.${"A".repeat(9000)}.${mac}`],
    ["not base64", `id=${until}.${payload}.${"*".repeat(43)}`],
    ["octets beyond ASCII", `id=${until}.${payload}.${"\xE9".repeat(43)}`],
    ["in front of it, too many", `${"id=x; ".repeat(4)}${one}`],
  ];
  assertEquals([name, await opens(one)], ["id", "7"]);
  for (const [name, cookie] of forged) {
    assertEquals([name, await opens(cookie)], [name, "undefined"]);
  }
  for (let at = 3; at < one.length; at++) {
    const flipped = one[at] === "B" ? "C" : "B";
    const cookie = one.slice(0, at) + flipped + one.slice(at + 1);
    assertEquals([at, await opens(cookie)], [at, "undefined"]);
  }
});

Deno.test("SignedCookies.get() takes the first of a name that holds", async () => {
  const one = await signed("id", "7");
  const two = await signed("id", "8");
  assertEquals(await opens(`id=tossed; ${one}; ${two}`), "7");
  assertEquals(await opens(`id=a; x=1; id=b; id=c; ${two}`), "8");
});

Deno.test("SignedCookies changes keys: the first signs, all verify", async () => {
  const old = await signed("id", "7", OLD);
  assertEquals(await opens(old, "id", [KEY, OLD]), "7");
  const now = await signed("id", "7", [KEY, OLD]);
  assertEquals(await opens(now, "id", [KEY]), "7");
  assertEquals(await opens(now, "id", [OLD]), "undefined");
});

Deno.test("SignedCookies ends a cookie where it said to, whatever the client keeps", async () => {
  const table: [attributes: object, seen: string][] = [
    [{}, "7"],
    [{ maxAge: 60 }, "7"],
    [{ maxAge: Number.MAX_SAFE_INTEGER }, "7"],
    [{ maxAge: 0 }, "undefined"],
    [{ expires: new Date(Date.now() + 60_000) }, "7"],
    [{ expires: new Date(Date.now() - 1000) }, "undefined"],
    [{ expires: new Date("1650-01-01") }, "undefined"],
    [{ expires: new Date(0), maxAge: 60 }, "7"],
  ];
  for (const [attributes, seen] of table) {
    const cookie = await signed("id", "7", KEY, attributes);
    assertEquals(await opens(cookie), seen);
  }
});

Deno.test("Cookies.signed() takes text, octets and keys of the platform", async () => {
  const octets = new TextEncoder().encode(KEY);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const full = await crypto.subtle.importKey("raw", octets, algorithm, false, [
    "sign",
    "verify",
  ]);
  const verifies = await crypto.subtle.importKey(
    "raw",
    octets,
    algorithm,
    false,
    ["verify"],
  );
  const cookie = await signed("id", "7");
  for (const key of [KEY, octets, full, [OLD, octets], [OLD, verifies]]) {
    const seen = await readOf(cookie, (c) => c.cookies.signed(key).get("id"));
    assertEquals(seen, "7");
  }
  assertEquals(await signed("id", "7", octets), cookie);
  assertEquals(await signed("id", "7", full), cookie);
});

Deno.test("Cookies.signed() refuses keys that are weak or for something else, and tells none", async () => {
  const hmac = (hash: string, length: number, usages: KeyUsage[]) =>
    crypto.subtle.generateKey({ name: "HMAC", hash, length }, false, usages);
  const aes = await crypto.subtle.generateKey(
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const refused: [keys: unknown, says: string][] = [
    [[], "the list is empty"],
    ["", "key 0: it has less than 32 octets"],
    ["keyboard cat", "key 0: it has less than 32 octets"],
    [[KEY, "secret"], "key 1: it has less than 32 octets"],
    [new Uint8Array(31), "less than 32 octets"],
    [undefined, "neither text, octets nor a CryptoKey"],
    [[KEY, null], "key 1: it is neither"],
    [{ keys: [KEY] }, "neither text"],
    [[[KEY]], "neither text"],
    [aes, "not for HMAC with SHA-256"],
    [await hmac("SHA-1", 512, ["sign", "verify"]), "not for HMAC"],
    [await hmac("SHA-256", 128, ["sign", "verify"]), "less than 32 octets"],
    [await hmac("SHA-256", 256, ["sign"]), "it may not verify"],
    [await hmac("SHA-256", 256, ["verify"]), "it may not sign"],
  ];
  await setBy((c) => {
    for (const [keys, says] of refused) {
      const { message } = assertThrows(
        () => c.cookies.signed(keys as string),
        TypeError,
        says,
      );
      assert(!/keyboard|secret/.test(message));
    }
  });
});

Deno.test("SignedCookies.set() refuses what cannot be sent, in a sentence", async () => {
  await setBy(async (c) => {
    const cookies = c.cookies.signed(KEY);
    const table: [
      name: string,
      value: unknown,
      attributes: object,
      says: string,
    ][] = [
      ["a b", "1", {}, "not a token"],
      ["a", "\uD800", {}, "not well-formed text"],
      ["a", 7, {}, "not well-formed text"],
      ["a", "x".repeat(3100), {}, "longer than 4096 octets"],
      ["a", "1", { maxAge: NaN }, "not a whole number"],
      ["a", "1", { expires: new Date(NaN) }, "not a valid Date"],
      ["__Host-a", "1", {}, "its prefix needs"],
    ];
    for (const [name, value, attributes, says] of table) {
      const set = () => cookies.set(name, value as string, attributes);
      const { message } = await assertRejects(set, TypeError, says);
      assert(!message.includes("xxx"));
    }
  });
});

Deno.test("SignedCookies may be awaited late: what a client sent ends no process", async () => {
  const app = new Router();
  app.get("/", async (_input, c) => {
    const cookies = c.cookies.signed(KEY);
    const reading = cookies.get("id");
    const setting = cookies.set("id", c.query.get("id") ?? "");
    await new Promise((later) => setTimeout(later));
    await assertRejects(() => setting, TypeError, "longer than 4096 octets");
    return await reading;
  });
  const headers = { cookie: "a=1;".repeat(200) };
  const answer = await app.request(`/?id=${"x".repeat(4096)}`, { headers });
  await answer.body?.cancel();
  assertEquals(answer.status, 400);
});

Deno.test("SignedCookies works the same in app.fetch", async () => {
  const app = new Router();
  app.get("/set", (_input, c) => c.cookies.signed(KEY).set("id", "\u20AC"));
  app.get("/get", (_input, c) => c.cookies.signed(KEY).get("id"));
  const { headers } = await app.fetch(new Request("http://h/set"));
  const cookie = headers.getSetCookie()[0]!;
  const answer = await app.fetch(
    new Request("http://h/get", { headers: { cookie } }),
  );
  assertEquals(await answer.text(), "\u20AC");
});
