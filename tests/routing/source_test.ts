import { assertEquals, assertMatch } from "@std/assert";
import { CallSite, placeOf } from "../../routing/source.ts";

const ROUTER = new URL("../../router.ts", import.meta.url);
const INSIDE = `Error
    at new CallSite (${new URL("../../routing/source.ts", import.meta.url)}:1:2)
    at Router.get (${ROUTER}:3:4)`;

/** What stands above our own frames, and the place that it tells. */
const CASES: [frame: string, place: string][] = [
  ["    at file:///app/songs.ts:5:6", "/app/songs.ts:5:6"],
  ["    at new Songs (file:///app/songs.ts:5:6)", "/app/songs.ts:5:6"],
  ["    at async file:///app/songs.ts:5:6", "/app/songs.ts:5:6"],
  ["    at f (file:///app/a%20b%20(c)/d.ts:5:6)", "/app/a b (c)/d.ts:5:6"],
  ["    at f (file:///app/50%/d.ts:5:6)", "file:///app/50%/d.ts:5:6"],
  ["    at https://example.com/a.ts:5:6", "https://example.com/a.ts:5:6"],
  ["    at Array.map (<anonymous>)\n    at file:///b.ts:1:1", "/b.ts:1:1"],
  [`    at f (${ROUTER}:9:9)\n    at file:///b.ts:1:1`, "/b.ts:1:1"],
  ["    at Array.map (<anonymous>)", ""],
  ["", ""],
];

Deno.test.each(CASES)("placeOf() of %s", (frame, place) => {
  assertEquals(placeOf(`${INSIDE}\n${frame}`), place);
});

Deno.test("CallSite tells its place, again and again", () => {
  const site = new CallSite();
  assertMatch(String(site), /source_test\.ts:\d+:\d+$/);
  assertEquals(String(site), String(site));
});
