import { assertEquals } from "@std/assert";
import { checkTarget } from "../../wire/target.ts";
import { watched } from "../fuzz/cost.ts";
import { octets } from "../wire_client.ts";

// Which targets are right is in the rows of `parser_test.ts`.

Deno.test("checkTarget() looks at nothing behind the end", () => {
  for (const target of ["a", "http", "h:", "http://h", "http://[::1"]) {
    const [bytes, looks] = watched(octets(target.padEnd(5_000, "\n") + ":]"));
    checkTarget("GET", false, bytes, 0, target.length);
    assertEquals(looks() < 100, true, target);
  }
});
