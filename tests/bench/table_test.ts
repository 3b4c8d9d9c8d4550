import { assertEquals } from "@std/assert";
import { table } from "../../bench/table.ts";

Deno.test("table() sets the first column left and the others right", () => {
  const rows = [["ours", "60"], ["llhttp", "161"]];
  assertEquals(
    table("Heads", ["parser", "ns"], rows, ["Lower is better."]),
    `### Heads

| parser |  ns |
| ------ | --: |
| ours   |  60 |
| llhttp | 161 |

Lower is better.
`,
  );
});
