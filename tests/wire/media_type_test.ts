import { assertEquals } from "@std/assert";
import { charsetOf, parseMediaType } from "../../wire/media_type.ts";

/** What was sent, and `type|name=value|…` of what was understood. */
const TYPES: [text: string, story: string | undefined][] = [
  ["text/html", "text/html"],
  ["TEXT/HTML", "text/html"],
  ["application/vnd.api+json", "application/vnd.api+json"],
  ["*/*", "*/*"],
  ["text/html;charset=utf-8", "text/html|charset=utf-8"],
  ["text/html; Charset=UTF-8", "text/html|charset=UTF-8"],
  ['text/html; charset="utf-8"', "text/html|charset=utf-8"],
  ["text/html \t;\t charset=utf-8 ; a=b", "text/html|charset=utf-8|a=b"],
  ["text/html;", "text/html"],
  ["text/html;;; ;a=b;", "text/html|a=b"],
  ["text/html ", "text/html"],
  ['a/b;c=""', "a/b|c="],
  ['a/b;c="d e;f=g,h"', "a/b|c=d e;f=g,h"],
  ['a/b;c="d\\"e\\\\f\\g"', 'a/b|c=d"e\\fg'],
  ['a/b;c="\t\xE4"', "a/b|c=\t\xE4"],
  ['a/b;c="x";d=e', "a/b|c=x|d=e"],
  ["a/b;__proto__=c;constructor=d", "a/b|__proto__=c|constructor=d"],
  ["multipart/form-data; boundary=----X'()+_,-./:=?", undefined],
  [
    'multipart/form-data; boundary="--X:=?"',
    "multipart/form-data|boundary=--X:=?",
  ],
  // The type.
  ["", undefined],
  [" ", undefined],
  [" text/html", undefined],
  ["text", undefined],
  ["text/", undefined],
  ["/html", undefined],
  ["/", undefined],
  ["text /html", undefined],
  ["text/ html", undefined],
  ["text/html/x", undefined],
  ["text/html, text/plain", undefined],
  ["te\0xt/html", undefined],
  ["t\xE4xt/html", undefined],
  ["text/\u212A", undefined],
  ["text/html\n", undefined],
  [";charset=utf-8", undefined],
  // Its parameters.
  ["a/b;c", undefined],
  ["a/b;c=", undefined],
  ["a/b;=d", undefined],
  ["a/b; =", undefined],
  ["a/b;c =d", undefined],
  ["a/b;c= d", undefined],
  ["a/b;c=d e", undefined],
  ["a/b c=d", undefined],
  ["a/b;c=d,e/f", undefined],
  ["a/b;c==d", undefined],
  ["a/b;c=\xE4", undefined],
  ['a/b;c="', undefined],
  ['a/b;c="d', undefined],
  ['a/b;c="d\\', undefined],
  ['a/b;c="d\\"', undefined],
  ['a/b;c="d"e', undefined],
  ['a/b;c="d""e"', undefined],
  ['a/b;c=d"e"', undefined],
  ['a/b;"c"=d', undefined],
  ['a/b;c="\n"', undefined],
  ['a/b;c="\\\0"', undefined],
  ['a/b;c="\u0131"', undefined],
  ["a/b;c='d e'", undefined],
  ["a/b;c=d;c=d", undefined],
  ["a/b;charset=utf-8;CHARSET=utf-7", undefined],
];

function story(text: string): string | undefined {
  const read = parseMediaType(text);
  if (read === undefined) return undefined;
  return [
    read.type,
    ...Array.from(read.parameters, ([name, value]) => `${name}=${value}`),
  ]
    .join("|");
}

Deno.test("parseMediaType() reads type and parameters, or nothing", () => {
  for (const [text, expected] of TYPES) {
    assertEquals(story(text), expected, JSON.stringify(text));
  }
});

Deno.test("parseMediaType() reads 32 parameters and not one more", () => {
  const parameters = Array.from({ length: 33 }, (_, i) => `;p${i}=v`);
  assertEquals(
    parseMediaType("a/b" + parameters.slice(1).join(""))?.parameters.size,
    32,
  );
  assertEquals(parseMediaType("a/b" + parameters.join("")), undefined);
});

Deno.test("parseMediaType() is linear", { timeout: 5_000 }, () => {
  for (const piece of [";", "; ", "a", '"', "\\a", " "]) {
    parseMediaType("a/b" + piece.repeat(1_000_000));
    parseMediaType('a/b;c="' + piece.repeat(1_000_000));
  }
});

const CHARSETS: [text: string, charset: string | undefined][] = [
  ["text/html", undefined],
  ["text/html;charset=UTF-8", "utf-8"],
  ['text/html;a=b;CharSet="ISO-8859-1"', "iso-8859-1"],
  ["broken", undefined],
];

Deno.test("charsetOf() is in lower case", () => {
  for (const [text, charset] of CHARSETS) {
    assertEquals(charsetOf(parseMediaType(text)), charset);
  }
});
