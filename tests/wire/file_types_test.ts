import { assertEquals } from "@std/assert";
import { fileType } from "../../wire/file_types.ts";
import { parseMediaType } from "../../wire/media_type.ts";

const UNKNOWN = "application/octet-stream";

const NAMES: [name: string, type: string][] = [
  ["a.html", "text/html; charset=utf-8"],
  ["a.HTM", "text/html; charset=utf-8"],
  ["a/b.js", "text/javascript; charset=utf-8"],
  ["a.mjs", "text/javascript; charset=utf-8"],
  ["a.json", "application/json"],
  ["a.js.map", "application/json"],
  ["a.svg", "image/svg+xml"],
  ["a.tar.gz", "application/gzip"],
  ["a.mp3", "audio/mpeg"],
  ["a.webmanifest", "application/manifest+json"],
  [".html", "text/html; charset=utf-8"],
  ["a", UNKNOWN],
  ["", UNKNOWN],
  ["a.", UNKNOWN],
  ["html", UNKNOWN],
  ["a.html.", UNKNOWN],
  ["a.html/b", UNKNOWN],
  ["a.constructor", UNKNOWN],
  ["a.__proto__", UNKNOWN],
  [`a.${"x".repeat(1_000_000)}`, UNKNOWN],
];

Deno.test("fileType() knows a type by the end of a name", () => {
  for (const [name, type] of NAMES) {
    assertEquals(fileType(name), type, name.slice(0, 40));
    assertEquals(parseMediaType(fileType(name)) !== undefined, true);
  }
});
