import { assertEquals } from "@std/assert";
import { isSpace, listMembers, trimSpace } from "../../wire/list.ts";

const LISTS: [text: string, members: string[]][] = [
  ["", []],
  [" \t", []],
  [",", []],
  [",,, ,\t,", []],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  [" a , b\t,c ", ["a", "b", "c"]],
  [",a,,b,", ["a", "b"]],
  ["a b,c", ["a b", "c"]],
  ['"a,b"', ['"a,b"']],
  ['x="a,b" , c', ['x="a,b"', "c"]],
  ['"a\\",b",c', ['"a\\",b"', "c"]],
  ['"a\\\\",b', ['"a\\\\"', "b"]],
  ["a\\,b", ["a\\", "b"]],
  ['"a,b', ['"a,b']],
  ['a,"b,c\\', ["a", '"b,c\\']],
  ['"",a', ['""', "a"]],
  ["a\u00A0,\u2003b", ["a\u00A0", "\u2003b"]],
  ["a\r\n,b", ["a\r\n", "b"]],
];

Deno.test("listMembers() parts at commas outside of quotes", () => {
  for (const [text, members] of LISTS) {
    assertEquals(listMembers(text, 100), members, JSON.stringify(text));
  }
});

Deno.test("listMembers() stops at its bound, and counts no empty members", () => {
  assertEquals(listMembers("a,b,c", 0), []);
  assertEquals(listMembers("a,,b,c", 2), ["a", "b"]);
  assertEquals(listMembers("a,b,c", 3), ["a", "b", "c"]);
  assertEquals(listMembers("a,".repeat(1_000_000), 5).length, 5);
});

Deno.test("listMembers() is linear", { timeout: 5_000 }, () => {
  for (const piece of [",", " ,", '"', '\\"', "a"]) {
    listMembers(piece.repeat(1_000_000), Infinity);
  }
});

Deno.test("trimSpace() takes SP and HTAB alone", () => {
  const rows = [["", ""], [" \t ", ""], ["\ta b ", "a b"], [
    "\xA0a\n",
    "\xA0a\n",
  ]] as const;
  for (const [text, trimmed] of rows) assertEquals(trimSpace(text), trimmed);
  assertEquals([isSpace(0x20), isSpace(0x09), isSpace(0x0A), isSpace(NaN)], [
    true,
    true,
    false,
    false,
  ]);
});
