import { assertEquals } from "@std/assert";
import {
  consistsOf,
  FIELD_VALUE,
  HEX,
  isFieldValue,
  isToken,
  NOT_HEX,
  octets,
  REG_NAME,
  TARGET,
  TCHAR,
} from "../../wire/octets.ts";

/** Every octet of a class, drawn, with controls and what is not ASCII as ranges. */
const CLASSES: [name: string, table: Uint8Array, drawing: string][] = [
  [
    "TCHAR",
    TCHAR,
    "21 23-27 2a-2b 2d-2e 30-39 41-5a 5e-7a 7c 7e",
  ],
  ["TARGET", TARGET, "21-22 24-7e"],
  ["FIELD_VALUE", FIELD_VALUE, "09 20-7e 80-ff"],
  ["REG_NAME", REG_NAME, "21 24 26-2e 30-39 3b 3d 41-5a 5f 61-7a 7e"],
];

/** The members of a class as hexadecimal runs: `21 23-27`. */
function draw(table: Uint8Array): string {
  const runs: string[] = [];
  for (let first = 0; first < 256; first++) {
    if (table[first] !== 1) continue;
    let last = first;
    while (table[last + 1] === 1) last++;
    runs.push(first === last ? hex(first) : `${hex(first)}-${hex(last)}`);
    first = last;
  }
  return runs.join(" ");
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}

for (const [name, table, drawing] of CLASSES) {
  Deno.test(`${name} has the octets of its rule and no other`, () => {
    assertEquals(table.length, 256);
    assertEquals(draw(table), drawing);
  });
}

Deno.test("HEX has the value of 22 digits, and none for the other octets", () => {
  for (let octet = 0; octet < 256; octet++) {
    const digit = String.fromCharCode(octet);
    const value = /^[0-9A-Fa-f]$/.test(digit) ? parseInt(digit, 16) : NOT_HEX;
    assertEquals(HEX[octet], value, hex(octet));
  }
});

Deno.test("octets() takes single characters and ranges", () => {
  assertEquals(
    draw(octets("\0z", ["a", "c"], ["\xFE", "\xFF"])),
    "00 61-63 7a fe-ff",
  );
  assertEquals(draw(octets("")), "");
});

const TOKENS: [text: string, is: boolean][] = [
  ["GET", true],
  ["x-forwarded-for", true],
  ["!#$%&'*+-.^_`|~09AZaz", true],
  ["", false],
  [" ", false],
  ["a b", false],
  ["a:", false],
  ["a\0", false],
  ["a\r\n", false],
  ["(a)", false],
  ["a,b", false],
  ['"a"', false],
  ["a/b", false],
  ["a\x7F", false],
  ["\xE4", false],
  ["\u212A", false], // KELVIN SIGN, which toLowerCase() turns into "k"
  ["\u0161", false], // whose low byte is "a"
  ["\uD83D\uDE00", false],
];

Deno.test("isToken() takes one tchar or more", () => {
  for (const [text, is] of TOKENS) {
    assertEquals(isToken(text), is, JSON.stringify(text));
  }
});

const VALUES: [text: string, is: boolean][] = [
  ["", true],
  [" a ", true],
  ["a\tb", true],
  ["\x20\x7E\x80\xFF", true],
  ["a\rb", false],
  ["a\nb", false],
  ["a\r\nSet-Cookie: b", false],
  ["a\0", false],
  ["\x1B[2J", false],
  ["\x7F", false],
  ["\u0100", false],
  ["a\u010D\u010A", false], // whose low bytes are CR LF
  ["\u20AC", false],
  ["\uD800", false],
];

Deno.test("isFieldValue() refuses controls and what is not an octet", () => {
  for (const [text, is] of VALUES) {
    assertEquals(isFieldValue(text), is, JSON.stringify(text));
  }
});

Deno.test("consistsOf() holds for the empty text", () => {
  assertEquals(consistsOf(TCHAR, ""), true);
});
