import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../errors.ts";
import {
  type CookieAttributes,
  parseCookies,
  promised,
  serializeCookie,
} from "../../wire/cookies.ts";

const FIELDS: [field: string, pairs: [name: string, value: string][]][] = [
  ["", []],
  [" ", []],
  [";;; ;", []],
  ["a=1", [["a", "1"]]],
  ["a=1; b=2", [["a", "1"], ["b", "2"]]],
  ["a=1;b=2;", [["a", "1"], ["b", "2"]]],
  [" a\t= 1 ;\tb =2 ", [["a", "1"], ["b", "2"]]],
  ["a=", [["a", ""]]],
  ["a=1=2==", [["a", "1=2=="]]],
  ["a=1; a=2", [["a", "1"], ["a", "2"]]],
  ["A=1; a=2", [["A", "1"], ["a", "2"]]],
  // Quotes are kept, and hide nothing.
  ['a="1"', [["a", '"1"']]],
  ['a="1; b=2"', [["a", '"1'], ["b", '2"']]],
  ['a="', [["a", '"']]],
  // Nothing is decoded.
  ["a=%20+%3B", [["a", "%20+%3B"]]],
  ["%61=1", [["%61", "1"]]],
  // No name, no pair.
  ["a", []],
  ["=1", []],
  [" = 1; b=2; c", [["b", "2"]]],
  ["__Host-id", []],
  ["=__Host-id=1", []],
  // What others set is given as it is.
  ["a b=c d", [["a b", "c d"]]],
  ["a,b=c,d", [["a,b", "c,d"]]],
  ["a=1, b=2", [["a", "1, b=2"]]],
  ["a[b]={}", [["a[b]", "{}"]]],
  ["a=caf\xE9", [["a", "caf\xE9"]]],
  ["\xA0a=1\xA0", [["\xA0a", "1\xA0"]]],
  ["__proto__=1; constructor=2", [["__proto__", "1"], ["constructor", "2"]]],
  ["$Version=1; a=1; $Path=/", [["$Version", "1"], ["a", "1"], ["$Path", "/"]]],
];

Deno.test("parseCookies() reads pairs in order", () => {
  for (const [field, pairs] of FIELDS) {
    assertEquals(parseCookies(field, 128), pairs, JSON.stringify(field));
  }
});

const BOUNDS: [field: string, most: number, pairs: number | undefined][] = [
  ["", 0, 0],
  ["a=1", 0, undefined],
  ["a=1", 1, 1],
  ["a=1;", 1, 1],
  ["a=1; ", 1, undefined],
  ["a=1;b=2", 1, undefined],
  ["a=1;b=2", 2, 2],
  [";;;", 2, undefined],
  ["a;b;c", 2, undefined],
  ["a=1;".repeat(1000), Infinity, 1000],
  ["a=1;".repeat(1_000_000), 128, undefined],
];

Deno.test("parseCookies() refuses more than its bound with a 400", {
  timeout: 5_000,
}, () => {
  for (const [field, most, pairs] of BOUNDS) {
    if (pairs === undefined) {
      const error = assertThrows(
        () => parseCookies(field, most),
        HttpError,
        "limits.cookies",
      );
      assertEquals(error.status, 400);
    } else {
      assertEquals(parseCookies(field, most).length, pairs);
    }
  }
});

const SET: [
  name: string,
  value: string,
  attributes: CookieAttributes,
  text: string,
][] = [
  ["a", "1", {}, "a=1"],
  ["a", "", {}, "a="],
  ["!#$%&'*+-.^_`|~9Z", "!#+-:<[]~", {}, "!#$%&'*+-.^_`|~9Z=!#+-:<[]~"],
  ["a", '"1"', {}, 'a="1"'],
  ["a", '""', {}, 'a=""'],
  ["a", "b=c", {}, "a=b=c"],
  ["a", "1", { domain: "example.com" }, "a=1; Domain=example.com"],
  [
    "a",
    "1",
    { domain: "xn--caf-dma.example" },
    "a=1; Domain=xn--caf-dma.example",
  ],
  ["a", "1", { domain: "localhost" }, "a=1; Domain=localhost"],
  ["a", "1", { path: "/" }, "a=1; Path=/"],
  ["a", "1", { path: "/a b,c=" }, "a=1; Path=/a b,c="],
  ["a", "1", { maxAge: 0 }, "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
  [
    "a",
    "1",
    { maxAge: 0, expires: new Date(784_111_777_000) },
    "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ],
  ["a", "1", { maxAge: 31_536_000 }, "a=1; Max-Age=31536000"],
  [
    "a",
    "1",
    { expires: new Date(0) },
    "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ],
  ["a", "1", { secure: true, httpOnly: true }, "a=1; Secure; HttpOnly"],
  ["a", "1", { secure: false, httpOnly: false, partitioned: false }, "a=1"],
  [
    "a",
    "1",
    { domain: undefined, sameSite: undefined, maxAge: undefined },
    "a=1",
  ],
  ["a", "1", { sameSite: "Strict" }, "a=1; SameSite=Strict"],
  ["a", "1", { sameSite: "Lax" }, "a=1; SameSite=Lax"],
  ["a", "1", { sameSite: "None", secure: true }, "a=1; Secure; SameSite=None"],
  ["a", "1", { partitioned: true, secure: true }, "a=1; Secure; Partitioned"],
  ["a", "1", { priority: "High" }, "a=1; Priority=High"],
  ["__Secure-a", "1", { secure: true }, "__Secure-a=1; Secure"],
  ["__Host-a", "1", { secure: true, path: "/" }, "__Host-a=1; Path=/; Secure"],
  [
    "__Http-a",
    "1",
    { secure: true, httpOnly: true },
    "__Http-a=1; Secure; HttpOnly",
  ],
  [
    "__Host-Http-a",
    "1",
    { secure: true, httpOnly: true, path: "/" },
    "__Host-Http-a=1; Path=/; Secure; HttpOnly",
  ],
  ["__Hosta", "1", {}, "__Hosta=1"],
  ["a", "1".repeat(4095), {}, "a=" + "1".repeat(4095)],
  [
    "id",
    "7",
    {
      priority: "Low",
      partitioned: true,
      sameSite: "None",
      httpOnly: true,
      secure: true,
      expires: new Date(784_111_777_000),
      maxAge: 60,
      path: "/a",
      domain: "example.com",
    },
    "id=7; Domain=example.com; Path=/a; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT; " +
    "Secure; HttpOnly; SameSite=None; Partitioned; Priority=Low",
  ],
];

Deno.test("serializeCookie() writes what parseCookies() reads", () => {
  for (const [name, value, attributes, text] of SET) {
    assertEquals(serializeCookie(name, value, attributes), text);
    assertEquals(parseCookies(text.split(";")[0]!, 1), [[name, value]]);
  }
});

const NAME = "its name is not a token";
const VALUE = "its value has a character that a cookie cannot have";
const DOMAIN = "its domain is not a host name";
const PATH = 'its path does not begin with "/"';
const AGE = "its maxAge is not a whole number";
const EXPIRES = "its expires is not a valid Date";
const HOST = 'its prefix needs secure and the path "/" and no domain';

/** What JavaScript may hand in is not always what the type says. */
const REFUSED: [
  name: unknown,
  value: unknown,
  attributes: object,
  reason: string,
][] = [
  ["", "1", {}, NAME],
  ["a b", "1", {}, NAME],
  ["a=", "1", {}, NAME],
  ["a;", "1", {}, NAME],
  ["a\r\n", "1", {}, NAME],
  ["caf\xE9", "1", {}, NAME],
  [7, "1", {}, NAME],
  ["a", "1;2", {}, VALUE],
  ["a", "1; Domain=evil.example", {}, VALUE],
  ["a", "1,2", {}, VALUE],
  ["a", "1 2", {}, VALUE],
  ["a", " 1", {}, VALUE],
  ["a", "1\\2", {}, VALUE],
  ["a", '1"', {}, VALUE],
  ["a", '"', {}, VALUE],
  ["a", '"1', {}, VALUE],
  ["a", '"1"2"', {}, VALUE],
  ["a", "1\r\nSet-Cookie: b=2", {}, VALUE],
  ["a", "1\0", {}, VALUE],
  ["a", "1\t", {}, VALUE],
  ["a", "1\x7F", {}, VALUE],
  ["a", "caf\xE9", {}, VALUE],
  ["a", "\u20AC", {}, VALUE],
  ["a", 7, {}, VALUE],
  ["a", undefined, {}, VALUE],
  ["a", "1".repeat(4096), {}, "longer than 4096 octets"],
  ["a", "1", { httponly: true }, 'with "httponly": the options are domain, '],
  ["a", "1", { secure: "no" }, "secure is text, and not true or false"],
  ["a", "1", { httpOnly: 1 }, "httpOnly is 1, and not true or false"],
  [
    "a",
    "1",
    { partitioned: "" },
    "partitioned is empty text, and not true or false",
  ],
  ["a", "1", ["secure"], "with a list: options are an object"],
  ["a", "1", { domain: "" }, DOMAIN],
  ["a", "1", { domain: ".example.com" }, DOMAIN],
  ["a", "1", { domain: "example.com." }, DOMAIN],
  ["a", "1", { domain: "example..com" }, DOMAIN],
  ["a", "1", { domain: "-a.com" }, DOMAIN],
  ["a", "1", { domain: "a-.com" }, DOMAIN],
  ["a", "1", { domain: "a.com; Path=/" }, DOMAIN],
  ["a", "1", { domain: "a.com:80" }, DOMAIN],
  ["a", "1", { domain: "caf\xE9.example" }, DOMAIN],
  ["a", "1", { domain: "a".repeat(64) + ".com" }, DOMAIN],
  ["a", "1", { domain: "a.".repeat(126) + "com" }, DOMAIN],
  ["a", "1", { domain: null }, DOMAIN],
  ["a", "1", { path: "" }, PATH],
  ["a", "1", { path: "a" }, PATH],
  ["a", "1", { path: "/;Secure" }, PATH],
  ["a", "1", { path: "/\n" }, PATH],
  ["a", "1", { path: "/ " }, PATH],
  ["a", "1", { path: "/a b  " }, PATH],
  ["__Host-a", "1", { secure: true, path: "/ " }, PATH],
  ["a", "1", { path: "/caf\xE9" }, PATH],
  ["a", "1", { path: "/" + "a".repeat(1024) }, PATH],
  ["a", "1", { path: 7 }, PATH],
  ["a", "1", { maxAge: 1.5 }, AGE],
  ["a", "1", { maxAge: -1 }, AGE],
  ["a", "1", { maxAge: NaN }, AGE],
  ["a", "1", { maxAge: Infinity }, AGE],
  ["a", "1", { maxAge: 1e21 }, AGE],
  ["a", "1", { maxAge: "60; Domain=x" }, AGE],
  ["a", "1", { expires: new Date(NaN) }, EXPIRES],
  ["a", "1", { expires: new Date(8.64e15) }, EXPIRES],
  ["a", "1", { expires: new Date(-8.64e15) }, EXPIRES],
  ["a", "1", { expires: 0 }, EXPIRES],
  ["a", "1", { expires: "tomorrow" }, EXPIRES],
  ["a", "1", { sameSite: "lax" }, "its sameSite is not"],
  ["a", "1", { sameSite: "Lax; Secure" }, "its sameSite is not"],
  ["a", "1", { sameSite: true }, "its sameSite is not"],
  ["a", "1", { priority: "high" }, "its priority is not"],
  ["a", "1", { sameSite: "None" }, 'sameSite "None" needs secure'],
  ["a", "1", { partitioned: true }, "partitioned needs secure"],
  ["__Secure-a", "1", {}, "its prefix needs secure"],
  ["__SECURE-a", "1", {}, "its prefix needs secure"],
  ["__Host-a", "1", {}, HOST],
  ["__Host-a", "1", { secure: true }, HOST],
  ["__Host-a", "1", { secure: true, path: "/a" }, HOST],
  ["__Host-a", "1", { secure: true, path: "/", domain: "a.com" }, HOST],
  ["__host-a", "1", { path: "/" }, HOST],
  ["__Http-a", "1", { secure: true }, "its prefix needs secure and httpOnly"],
  [
    "__Host-Http-a",
    "1",
    { secure: true, path: "/" },
    'its prefix needs secure and the path "/" and no domain and httpOnly',
  ],
  ["__Host-Http-a", "1", { secure: true, httpOnly: true }, HOST],
];

Deno.test("serializeCookie() refuses what a browser would drop or misread", () => {
  for (const [name, value, attributes, reason] of REFUSED) {
    const set = () =>
      serializeCookie(name as string, value as string, attributes);
    const { message } = assertThrows(set, TypeError, reason);
    assertEquals(message.startsWith("Cannot set the cookie "), true);
  }
});

Deno.test("serializeCookie() names the cookie, and never its value", () => {
  const { message } = assertThrows(
    () => serializeCookie("a\nb", "secret;"),
    TypeError,
  );
  assertEquals(
    message,
    'Cannot set the cookie "a\\nb": its name is not a token',
  );
  const other = assertThrows(() => serializeCookie("a", "secret;"), TypeError);
  assertEquals(other.message.includes("secret"), false);
});

Deno.test("promised() gives what a prefix asks for, in any case", () => {
  const host = { secure: true, path: "/", domain: undefined };
  const table: [name: string, asks: CookieAttributes][] = [
    ["", {}],
    ["id", {}],
    ["__Secure", {}],
    ["x__Secure-id", {}],
    ["__Secure-id", { secure: true }],
    ["__SECURE-", { secure: true }],
    ["__Host-id", host],
    ["__hOsT-id", host],
    ["__Http-id", { secure: true, httpOnly: true }],
    ["__Host-Http-id", { ...host, httpOnly: true }],
    ["__Host-Https", host],
  ];
  for (const [name, asks] of table) {
    assertEquals(promised(name), asks);
    if (name !== "") serializeCookie(name, "1", asks);
  }
});
