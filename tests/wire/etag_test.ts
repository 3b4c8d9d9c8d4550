import { assertEquals, assertThrows } from "@std/assert";
import {
  type EntityTag,
  isStronglyEqual,
  isWeaklyEqual,
  parseEntityTag,
  parseEntityTags,
  writeEntityTag,
} from "../../wire/etag.ts";

const strong = (opaque: string): EntityTag => ({ weak: false, opaque });
const weak = (opaque: string): EntityTag => ({ weak: true, opaque });

const TAGS: [text: string, tag: EntityTag | undefined][] = [
  ['"7"', strong("7")],
  ['""', strong("")],
  ['W/"7"', weak("7")],
  ['W/""', weak("")],
  ['"a,b"', strong("a,b")],
  ['"a\\"', strong("a\\")],
  ['"a\\b"', strong("a\\b")],
  ['"\x80\xFF"', strong("\x80\xFF")],
  ['"!#~"', strong("!#~")],
  ["", undefined],
  ["7", undefined],
  ['"', undefined],
  ['"7', undefined],
  ['7"', undefined],
  ['w/"7"', undefined],
  ["W/7", undefined],
  ["W/", undefined],
  ['W/"', undefined],
  ['W /"7"', undefined],
  ['W/ "7"', undefined],
  ['"a b"', undefined],
  ['"a"b"', undefined],
  ['"a"b', undefined],
  ['"a\tb"', undefined],
  ['"a\x7F"', undefined],
  ['"a\x00"', undefined],
  ['"€"', undefined],
  ["'7'", undefined],
  ["*", undefined],
  [' "7"', undefined],
];

Deno.test("parseEntityTag() reads a tag, and nothing else", () => {
  for (const [text, tag] of TAGS) {
    assertEquals(parseEntityTag(text), tag, JSON.stringify(text));
  }
});

Deno.test("writeEntityTag() writes what parseEntityTag() reads", () => {
  for (const [text, tag] of TAGS) {
    if (tag) assertEquals(writeEntityTag(tag), text);
  }
  for (const opaque of ['"', " ", "\t", "\r\n", "€", "\x7F"]) {
    assertThrows(() => writeEntityTag(strong(opaque)), TypeError);
  }
});

const LISTS: [text: string, tags: "*" | EntityTag[]][] = [
  ["", []],
  [" ,, ,", []],
  ["*", "*"],
  [" * ", "*"],
  ['"*"', [strong("*")]],
  ['*, "a"', [strong("a")]],
  ['"a", *', [strong("a")]],
  ['"a"', [strong("a")]],
  ['"a","b" , W/"c",', [strong("a"), strong("b"), weak("c")]],
  [', "a"', [strong("a")]],
  ['"a,b","c"', [strong("a,b"), strong("c")]],
  ['W/"a,b","c"', [weak("a,b"), strong("c")]],
  ['"a\\", "b"', [strong("a\\"), strong("b")]],
  ['a, "b"', [strong("b")]],
  ['a"x, "b"', [strong("b")]],
  ['"a" "x", "b"', [strong("b")]],
  ['"a, "b"', []],
  ['"a b", "c"', [strong("c")]],
  ['"a", "b', [strong("a")]],
  ['w/"a", "b"', [strong("b")]],
  ["W/", []],
];

Deno.test("parseEntityTags() leaves out what is malformed", () => {
  for (const [text, tags] of LISTS) {
    assertEquals(parseEntityTags(text), tags, JSON.stringify(text));
  }
});

Deno.test("parseEntityTags() is linear", { timeout: 5_000 }, () => {
  for (const piece of [",", '"', 'W/"', '"a",', '"a,', " ", 'a"', '"" ']) {
    parseEntityTags(piece.repeat(300_000));
  }
});

// RFC 9110 §8.8.3.2, table 3.
const PAIRS: [
  a: EntityTag,
  b: EntityTag,
  strongly: boolean,
  weakly: boolean,
][] = [
  [weak("1"), weak("1"), false, true],
  [weak("1"), weak("2"), false, false],
  [weak("1"), strong("1"), false, true],
  [strong("1"), weak("1"), false, true],
  [strong("1"), strong("1"), true, true],
  [strong("1"), strong("2"), false, false],
  [strong("a"), strong("A"), false, false],
];

Deno.test("entity-tags compare strongly and weakly", () => {
  for (const [a, b, strongly, weakly] of PAIRS) {
    assertEquals(isStronglyEqual(a, b), strongly);
    assertEquals(isWeaklyEqual(a, b), weakly);
  }
});
