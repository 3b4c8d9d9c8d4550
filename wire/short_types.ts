/**
 * Short names for media types, for who offers them: `"json"` is
 * `application/json`.
 *
 * The one surprise: a name is short for one type alone. Who offers `text/xml` as
 * well as `application/xml` writes them out.
 *
 * @module
 */

const TYPES: ReadonlyMap<string, string> = new Map([
  ["atom", "application/atom+xml"],
  ["avif", "image/avif"],
  ["bin", "application/octet-stream"],
  ["css", "text/css"],
  ["csv", "text/csv"],
  ["events", "text/event-stream"],
  ["form", "application/x-www-form-urlencoded"],
  ["gif", "image/gif"],
  ["html", "text/html"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["js", "text/javascript"],
  ["json", "application/json"],
  ["jsonld", "application/ld+json"],
  ["markdown", "text/markdown"],
  ["md", "text/markdown"],
  ["mp3", "audio/mpeg"],
  ["mp4", "video/mp4"],
  ["multipart", "multipart/form-data"],
  ["ogg", "audio/ogg"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["problem", "application/problem+json"],
  ["rss", "application/rss+xml"],
  ["svg", "image/svg+xml"],
  ["text", "text/plain"],
  ["txt", "text/plain"],
  ["wasm", "application/wasm"],
  ["webp", "image/webp"],
  ["xml", "application/xml"],
  ["yaml", "application/yaml"],
  ["zip", "application/zip"],
]);

/**
 * The media type that `name` is short for; `undefined` where it is for none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(typeOfShort("html"), "text/html");
 * assertEquals(typeOfShort("text/html"), undefined);
 * ```
 */
export function typeOfShort(name: string): string | undefined {
  return TYPES.get(name);
}
