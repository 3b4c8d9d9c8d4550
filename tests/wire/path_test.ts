import { assertEquals, assertThrows } from "@std/assert";
import {
  canonicalPath,
  checkPath,
  decodeSegment,
  encodeSegment,
} from "../../wire/path.ts";

const DOTS = "The path has a dot segment";
const ESCAPE = "The path has a % without two hexadecimal digits";
const NUL = "The path has an encoded NUL";
const BACKSLASH = "The path has a backslash";

const PATHS: [path: string, says: string | undefined][] = [
  ["", undefined],
  ["*", undefined],
  ["/", undefined],
  ["//", undefined],
  ["/a/b", undefined],
  ["/a/b/", undefined],
  ["/a//b", undefined],
  ["/index.html", undefined],
  ["/.well-known/x", undefined],
  ["/..a", undefined],
  ["/a..", undefined],
  ["/a./b", undefined],
  ["/...", undefined],
  ["/..../", undefined],
  ["/..;/a", undefined],
  ["/a%2Fb", undefined],
  ["/a%2fb%5C", undefined],
  ["/%2F..", undefined],
  ["/..%2F", undefined],
  ["/%252e%252e/a", undefined],
  ["/%252e", undefined],
  ["/%2ea", undefined],
  ["/%2e%2e%2e", undefined],
  ["/%2e%2ea", undefined],
  ["/%20", undefined],
  ["/%FF", undefined],
  ["/%C3%A9", undefined],
  ["/%01", undefined],
  // Dot segments in every spelling and place.
  [".", DOTS],
  ["..", DOTS],
  ["/.", DOTS],
  ["/..", DOTS],
  ["/./", DOTS],
  ["/../", DOTS],
  ["/../a", DOTS],
  ["/a/.", DOTS],
  ["/a/..", DOTS],
  ["/a/../b", DOTS],
  ["/a/./b", DOTS],
  ["//..//", DOTS],
  ["/%2e", DOTS],
  ["/%2E", DOTS],
  ["/%2e/", DOTS],
  ["/.%2e", DOTS],
  ["/%2e.", DOTS],
  ["/.%2E/a", DOTS],
  ["/%2E./a", DOTS],
  ["/%2e%2e", DOTS],
  ["/%2E%2e/a", DOTS],
  ["/a/%2e%2e/admin", DOTS],
  ["%2e%2e/a", DOTS],
  // Backslashes.
  ["\\", BACKSLASH],
  ["/a\\b", BACKSLASH],
  ["/..\\", BACKSLASH],
  ["/\\..", BACKSLASH],
  // NUL.
  ["/%00", NUL],
  ["/a%00.html", NUL],
  ["/%2500", undefined],
  // Escapes cut short or of other letters.
  ["/%", ESCAPE],
  ["/a%", ESCAPE],
  ["/%2", ESCAPE],
  ["/%2/a", ESCAPE],
  ["/%g0", ESCAPE],
  ["/%0g", ESCAPE],
  ["/%%", ESCAPE],
  ["/%%32%65", ESCAPE],
  ["/%u002e", ESCAPE],
  ["/%\u0132\u0165", ESCAPE],
  ["/%+2", ESCAPE],
  ["/% 2", ESCAPE],
  ["/.%2", ESCAPE],
  ["/%2e%2", ESCAPE],
];

Deno.test("checkPath() refuses what has a second spelling", () => {
  for (const [path, says] of PATHS) assertEquals(checkPath(path), says, path);
});

Deno.test("checkPath() lets nothing pass that the platform's URL would rewrite", () => {
  const pieces = [
    ".",
    "..",
    "%2e",
    "%2E",
    "/",
    "/",
    "a",
    "%2f",
    "%5c",
    "\\",
    "%",
    "2",
    "e",
    "%25",
  ];
  let seed = 7;
  const pick = () =>
    pieces[(seed = seed * 48271 % 2147483647) % pieces.length]!;
  let passed = 0;
  for (let round = 0; round < 50_000; round++) {
    const path = "/" + Array.from({ length: round % 9 }, pick).join("");
    if (checkPath(path) !== undefined) continue;
    passed++;
    assertEquals(new URL(`http://host${path}`).pathname, path);
  }
  assertEquals(passed > 1_000, true);
});

Deno.test("checkPath() is linear", { timeout: 5_000 }, () => {
  for (const piece of ["/", "%2e", ".", "%2E%2e%2e/", "a"]) {
    checkPath(piece.repeat(1_000_000).replaceAll("%2e/", "%2ea/"));
  }
});

const SEGMENTS: [segment: string, text: string | undefined][] = [
  ["", ""],
  ["a", "a"],
  ["a+b", "a+b"],
  ["caf%C3%A9", "caf\xE9"],
  ["%c3%a9", "\xE9"],
  ["%F0%9F%98%80", "\u{1F600}"],
  ["a%2Fb", "a/b"],
  ["a%5cb", "a\\b"],
  ["%252F", "%2F"],
  ["%25", "%"],
  ["%EF%BB%BFa", "\uFEFFa"],
  ["%FF", undefined],
  ["%C3", undefined],
  ["%C3a", undefined],
  ["%A9", undefined],
  ["%C0%AF", undefined], // an overlong "/"
  ["%E0%80%AF", undefined],
  ["%ED%A0%80", undefined], // half of a surrogate pair
  ["%F4%90%80%80", undefined], // beyond U+10FFFF
  ["%F8%88%80%80%80", undefined],
  ["%", undefined],
  ["%2", undefined],
  ["%zz", undefined],
];

Deno.test("decodeSegment() decodes once, and only UTF-8", () => {
  for (const [segment, text] of SEGMENTS) {
    assertEquals(decodeSegment(segment), text, segment);
  }
});

const TEXTS = [
  "",
  "a",
  "a b",
  "a/b",
  "\\",
  "%",
  "%2e",
  "...",
  ".a",
  "caf\xE9",
  "\u{1F600}",
  "?#&=+;:@",
  "\x01\n\x7F",
];

Deno.test("encodeSegment() gives what checkPath() passes and decodeSegment() undoes", () => {
  for (const text of TEXTS) {
    const segment = encodeSegment(text);
    assertEquals(checkPath(`/${segment}/`), undefined, text);
    assertEquals(decodeSegment(segment), text);
    assertEquals(new URL(`http://host/${segment}/`).pathname, `/${segment}/`);
  }
});

const CANONICAL: [path: string, canonical: string | undefined][] = [
  ["/", "/"],
  ["*", "*"],
  ["/a/b-._~", "/a/b-._~"],
  ["/%61/%62%2D%2e%5F%7e", "/a/b-._~"],
  ["/!$&'()*+,;=:@", "/!$&'()*+,;=:@"],
  ["/%21%24%26%27%28%29%2a%2b%2c%3b%3d%3A%40", "/!$&'()*+,;=:@"],
  ["/caf%c3%a9", "/caf%C3%A9"],
  ['/"<>[]^`{|}', "/%22%3C%3E%5B%5D%5E%60%7B%7C%7D"],
  ["/a%2fb/%5c/%3f%23", "/a%2Fb/%5C/%3F%23"],
  ["/%2561/%252e%252E", "/%2561/%252e%252E"],
  ["//%61", "//a"],
  ["/%FF", undefined],
  ["/%c0%ae", undefined],
  ["/a%", undefined],
  ["/%zz", undefined],
  ["/\uD800", undefined],
];

Deno.test("canonicalPath() gives one spelling to what decodes to the same", () => {
  for (const [path, canonical] of CANONICAL) {
    assertEquals(canonicalPath(path), canonical, path);
    if (canonical === undefined) continue;
    assertEquals(canonicalPath(canonical), canonical);
    const decoded = (text: string) => text.split("/").map(decodeSegment);
    assertEquals(decoded(canonical), decoded(path));
  }
});

Deno.test("canonicalPath() gives what URL parsers leave as it is", () => {
  for (let octet = 1; octet < 0x80; octet++) {
    if (octet === 0x2E) continue; // alone it is a step, and nobody's name
    const escape = `%${octet.toString(16).padStart(2, "0")}`;
    const path = canonicalPath(`/${escape}`)!;
    assertEquals(new URL(path, "http://host").pathname, path);
    assertEquals(canonicalPath(`/${escape.toUpperCase()}`), path);
  }
});

Deno.test("encodeSegment() refuses what no path can carry", () => {
  for (const text of [".", "..", "\0", "a\0b", "\uD800", "a\uDC00"]) {
    assertThrows(() => encodeSegment(text), TypeError, "Cannot write");
  }
});
