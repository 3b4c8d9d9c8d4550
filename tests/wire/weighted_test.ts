import { assertEquals } from "@std/assert";
import { parseWeighted } from "../../wire/weighted.ts";

const READ: [text: string, said: string][] = [
  ["", ""],
  [" , ,\t,", ""],
  ["gzip", "gzip 1"],
  ["GZip,BR", "gzip 1 · br 1"],
  ["gzip;q=0.5", "gzip 0.5"],
  ["gzip ;\tQ=0.5 ", "gzip 0.5"],
  ["gzip;q=0", "gzip 0"],
  ["gzip;q=0.", "gzip 0"],
  ["gzip;q=1.000", "gzip 1"],
  ["gzip;q=0.123", "gzip 0.123"],
  ["*", "* 1"],
  ["de-CH, *;q=0.1", "de-ch 1 · * 0.1"],
  ["gzip, gzip;q=0", "gzip 1 · gzip 0"],
  // What is malformed is skipped, and what is beside it counts.
  ["gzip;q=2, br", "br 1"],
  ["gzip;q=1.001, br", "br 1"],
  ["gzip;q=-1, br", "br 1"],
  ["gzip;q=.5, br", "br 1"],
  ["gzip;q=0.1234, br", "br 1"],
  ["gzip;q=0,5, br", "gzip 0 · 5 1 · br 1"],
  ["gzip;q= 0.5, br", "br 1"],
  ["gzip;q =0.5, br", "br 1"],
  ['gzip;q="0.5", br', "br 1"],
  ["gzip;q=0.5;q=1, br", "br 1"],
  ["gzip;level=9, br", "br 1"],
  ["gzip;q=0.5;level=9, br", "br 1"],
  ["gzip;, br", "br 1"],
  ["gzip br, br", "br 1"],
  ["gzip/9, br", "br 1"],
  [";q=1, br", "br 1"],
  ["é, br", "br 1"],
  ["gz\u0000ip, br", "br 1"],
  // A quote that never ends takes the rest with it.
  ['br, "gzip, deflate', "br 1"],
];

Deno.test.each(READ)("parseWeighted() reads %j as %j", (text, said) => {
  assertEquals(
    parseWeighted(text).map(({ value, weight }) => `${value} ${weight}`)
      .join(" · "),
    said,
  );
});

Deno.test("parseWeighted() reads 64 members and no more, whatever they are", () => {
  assertEquals(parseWeighted("gzip,".repeat(1_000_000)).length, 64);
  assertEquals(parseWeighted("a b,".repeat(64) + "gzip").length, 0);
  assertEquals(parseWeighted(",".repeat(1_000_000)).length, 0);
  assertEquals(parseWeighted("a".repeat(1_000_000)).length, 1);
});
