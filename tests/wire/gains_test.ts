import { assertEquals } from "@std/assert";
import { gains } from "../../wire/gains.ts";

const TYPES: [type: string, gains: boolean][] = [
  ["text/html; charset=utf-8", true],
  ["TEXT/PLAIN", true],
  ["application/json", true],
  ["application/ld+json", true],
  ["application/x-ndjson", true],
  ["application/vnd.apple.mpegurl", true],
  ["image/svg+xml", true],
  ["image/x-icon", true],
  ["application/wasm", true],
  ["image/png", false],
  ["audio/mpeg", false],
  ["application/gzip", false],
  ["application/octet-stream", false],
  ["font/woff2", false],
  ["", false],
];

Deno.test("gains() tells text from what is packed already", () => {
  for (const [type, does] of TYPES) assertEquals(gains(type), does, type);
});
