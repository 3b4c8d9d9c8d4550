import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../errors.ts";
import { parseForm } from "../../wire/form.ts";

const FORMS: [text: string, pairs: [name: string, value: string][]][] = [
  ["", []],
  ["a=1", [["a", "1"]]],
  ["a=1&b=2", [["a", "1"], ["b", "2"]]],
  ["b=1&a=2&b=3", [["b", "1"], ["a", "2"], ["b", "3"]]],
  ["a", [["a", ""]]],
  ["a=", [["a", ""]]],
  ["=", [["", ""]]],
  ["=1", [["", "1"]]],
  ["a=1=2", [["a", "1=2"]]],
  ["&&a=1&", [["a", "1"]]],
  ["a+b=c+d%2B", [["a b", "c d+"]]],
  ["caf%C3%A9=%E2%82%AC", [["caf\xE9", "\u20AC"]]],
  ["a=%26%3D", [["a", "&="]]],
  ["a;b=1", [["a;b", "1"]]],
  ["a[]=1&a[b]=2", [["a[]", "1"], ["a[b]", "2"]]],
  ["__proto__=1&constructor=2", [["__proto__", "1"], ["constructor", "2"]]],
  // A question mark is text.
  ["?a=1", [["?a", "1"]]],
  ["??a=1", [["??a", "1"]]],
  ["?", [["?", ""]]],
  ["a=?", [["a", "?"]]],
  // What is malformed is kept, as everywhere on the web.
  ["a=%", [["a", "%"]]],
  ["a=%2", [["a", "%2"]]],
  ["a=%zz", [["a", "%zz"]]],
  ["a=%FF", [["a", "\uFFFD"]]],
  ["a=%C0%AF", [["a", "\uFFFD\uFFFD"]]],
  ["a=%00", [["a", "\0"]]],
  ["a=%EF%BB%BFb", [["a", "\uFEFFb"]]],
];

Deno.test("parseForm() reads pairs as the web does", () => {
  for (const [text, pairs] of FORMS) {
    assertEquals([...parseForm(text, 1000)], pairs, JSON.stringify(text));
    assertEquals(
      [...new URL(`http://host/?${text}`).searchParams],
      pairs,
      text,
    );
  }
});

const BOUNDS: [text: string, most: number, fits: boolean][] = [
  ["", 0, true],
  ["a", 0, false],
  ["&", 0, false],
  ["a=1", 1, true],
  ["a=1&", 1, false],
  ["a=1&b=2", 1, false],
  ["a=1&b=2", 2, true],
  ["&&", 2, false],
  ["&&", 3, true],
  ["a=%26%26%26", 1, true],
  ["a&".repeat(999) + "a", 1000, true],
  ["a&".repeat(1000) + "a", 1000, false],
  ["a&".repeat(1000) + "a", Infinity, true],
  ["&".repeat(10_000_000), 1000, false],
];

Deno.test("parseForm() refuses more than its bound with a 400", {
  timeout: 5_000,
}, () => {
  for (const [text, most, fits] of BOUNDS) {
    if (fits) {
      parseForm(text, most);
    } else {
      const error = assertThrows(
        () => parseForm(text, most),
        HttpError,
        "limits.pairs",
      );
      assertEquals(error.status, 400);
    }
  }
});
