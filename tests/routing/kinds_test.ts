import { assertEquals, assertThrows } from "@std/assert";
import { KINDS, readKinds } from "../../routing/kinds.ts";

/** A kind, a text, and what becomes of it. */
const CASES: [kind: keyof typeof KINDS, text: string, value: unknown][] = [
  ["int", "0", 0],
  ["int", "7", 7],
  ["int", "-12", -12],
  ["int", "9007199254740991", 9007199254740991],
  ["int", "9007199254740992", undefined],
  ["int", "-9007199254740992", undefined],
  ["int", "99999999999999999999", undefined],
  ["int", "007", undefined],
  ["int", "-0", undefined],
  ["int", "+1", undefined],
  ["int", "1e3", undefined],
  ["int", "1.0", undefined],
  ["int", "0x10", undefined],
  ["int", " 1", undefined],
  ["int", "١", undefined],
  ["int", "", undefined],
  ["num", "1.5", 1.5],
  ["num", "-0.25", -0.25],
  ["num", "10", 10],
  ["num", "01.5", undefined],
  ["num", ".5", undefined],
  ["num", "5.", undefined],
  ["num", "1e9", undefined],
  ["num", "NaN", undefined],
  ["num", "Infinity", undefined],
  ["num", "9".repeat(64), 1e64],
  ["num", "9".repeat(65), undefined],
  [
    "uuid",
    "0190163d-8694-739b-aea5-966c26f8ad91",
    "0190163d-8694-739b-aea5-966c26f8ad91",
  ],
  [
    "uuid",
    "0190163D-8694-739B-AEA5-966C26F8AD91",
    "0190163D-8694-739B-AEA5-966C26F8AD91",
  ],
  ["uuid", "0190163d8694739baea5966c26f8ad91", undefined],
  ["uuid", "0190163d-8694-739b-aea5-966c26f8ad9g", undefined],
  ["date", "2024-02-29", "2024-02-29"],
  ["date", "2023-02-29", undefined],
  ["date", "2024-02-30", undefined],
  ["date", "2024-13-01", undefined],
  ["date", "2024-00-10", undefined],
  ["date", "2024-1-1", undefined],
  ["date", "0000-01-01", "0000-01-01"],
  ["date", "20240101", undefined],
];

Deno.test.each(CASES)("<%s> reads %s", (kind, text, value) => {
  assertEquals(KINDS[kind].parse(text), value);
});

Deno.test("readKinds() keeps the kinds that are always there", () => {
  const kinds = readKinds({ slug: (text) => text });
  assertEquals([...kinds.keys()], ["int", "num", "uuid", "date", "slug"]);
});

Deno.test("readKinds() gives every kind that is always there a sample", () => {
  for (const { name, parse, sample } of Object.values(KINDS)) {
    assertEquals([name, parse(sample) !== undefined], [name, true]);
  }
});

Deno.test("readKinds() refuses what is no kind", () => {
  const refused = (table: object, said: string) =>
    assertThrows(() => readKinds(table as never), TypeError, said);
  refused({ int: () => 1 }, "Cannot register the kind <int>: there is one");
  refused({ "a-b": () => 1 }, "its name is no identifier");
  refused({ slug: /x/ }, "it is not a function");
});
