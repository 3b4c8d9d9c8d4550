import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  readSigned,
  signedOctets,
  textOf,
  valueOf,
  withSignature,
} from "../../wire/signed_value.ts";

const SIGNATURE = new Uint8Array(32).fill(0xFB);

const VALUES: [value: string, until: number | undefined, text: string][] = [
  ["", undefined, "."],
  ["", 0, "0."],
  ["Ada", undefined, ".QWRh"],
  ["Ada", 1764045637, "1764045637.QWRh"],
  ['a.b;c, "d"\\\r\n\0', 1, "1.YS5iO2MsICJkIlwNCgA"],
  ["\u00E9\u20AC\u{1F600}", 7, "7.w6nigqzwn5iA"],
  ["\uFEFFbom", undefined, ".77u_Ym9t"],
];

Deno.test("textOf() writes any text, which valueOf() and readSigned() read", () => {
  for (const [value, until, text] of VALUES) {
    assertEquals(textOf(value, until), text);
    assertEquals(valueOf(text), value);
    const read = readSigned(withSignature(text, SIGNATURE));
    assertEquals(read, { text, until, signature: SIGNATURE });
  }
});

Deno.test("textOf() refuses what is not well-formed text", () => {
  for (const value of ["\uD800", "a\uDC00b", 7, undefined, null]) {
    assertThrows(() => textOf(value as string, 1), TypeError, "well-formed");
  }
});

Deno.test("signedOctets() are others for every name and text", () => {
  const pairs: [name: string, text: string][] = [
    ["a", "1.b"],
    ["a1", ".b"],
    ["a", ".1.b"],
    ["A", "1.b"],
    ["a=", "1.b"],
  ];
  const all = pairs.map(([name, text]) => signedOctets(name, text).toHex());
  assertEquals(new Set(all).size, pairs.length);
});

const GOOD = withSignature("1764045637.QWRh", SIGNATURE);
const MAC = GOOD.slice(-43);

const FOREIGN: [name: string, cookie: string][] = [
  ["nothing", ""],
  ["a plain value", "Ada"],
  ["dots alone", "..."],
  ["a signature alone", MAC],
  ["no end and no value", `.${MAC}`],
  ["a truncated signature", GOOD.slice(0, -1)],
  ["an extended one", `${GOOD}A`],
  ["a padded one", `${GOOD}=`],
  ["white space in it", `${GOOD.slice(0, -1)} `],
  ["another alphabet", GOOD.slice(0, -1) + "/"],
  ["bits that nobody needs", GOOD.slice(0, -1) + "t"],
  ["no base64", GOOD.slice(0, -1) + "!"],
  ["no octets", GOOD.slice(0, -1) + "\u20AC"],
  ["obs-text", GOOD.slice(0, -1) + "\xE9"],
  ["an end that is no number", `x.QWRh.${MAC}`],
  ["a negative one", `-1.QWRh.${MAC}`],
  ["one with a sign", `+1.QWRh.${MAC}`],
  ["one with zeros in front", `01.QWRh.${MAC}`],
  ["one with a fraction", `1e3.QWRh.${MAC}`],
  ["one of too many digits", `${"9".repeat(16)}.QWRh.${MAC}`],
  ["one in other digits", `\u0661.QWRh.${MAC}`],
  ["something in front", `a${GOOD}`],
  ["quotes around", `"${GOOD}"`],
  ["more than a cookie holds", `.${"A".repeat(4096)}.${MAC}`],
];

Deno.test("readSigned() takes one spelling, and what is foreign for no fault", () => {
  assert(readSigned(GOOD) !== undefined);
  for (const [name, cookie] of FOREIGN) {
    assertEquals([name, readSigned(cookie)], [name, undefined]);
  }
  for (let end = 0; end < GOOD.length; end++) {
    assertEquals(readSigned(GOOD.slice(0, end)), undefined);
  }
});

Deno.test("valueOf() gives nothing for what textOf() did not write", () => {
  const foreign = [".Q", ".QQ==", ".Q W", ".!!!!", "1.gA", ".wyg", ".a.b", "."];
  assertEquals(foreign.map(valueOf), [
    ...Array(7).fill(undefined),
    "",
  ]);
});
