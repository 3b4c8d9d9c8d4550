/**
 * Which media types gain by a content coding.
 *
 * | gains                                                | does not                    |
 * | ---------------------------------------------------- | --------------------------- |
 * | `text/*`, `*+json`, `*+xml` (`image/svg+xml`), `*+yaml` | other images, audio, video |
 * | JSON, JavaScript, XML, WebAssembly, forms            | zip, gzip, PDF, `font/woff2` |
 * | fonts and pictures that are not packed by themselves | `application/octet-stream`  |
 *
 * The one surprise: what is not known does not gain. To code what is packed costs
 * time and makes it longer; not to code what is not costs bytes alone.
 *
 * @module
 */

const GAIN: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/graphql",
  "application/javascript",
  "application/json",
  "application/json-seq",
  "application/jsonl",
  "application/rtf",
  "application/sql",
  "application/toml",
  "application/vnd.apple.mpegurl",
  "application/vnd.ms-fontobject",
  "application/wasm",
  "application/x-javascript",
  "application/x-ndjson",
  "application/x-sh",
  "application/x-www-form-urlencoded",
  "application/xml",
  "application/xml-dtd",
  "application/yaml",
  "font/collection",
  "font/otf",
  "font/ttf",
  "image/bmp",
  "image/vnd.microsoft.icon",
  "image/x-icon",
]);

/**
 * Whether content of a type, as `Content-Type` names it, gains by a coding.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gains("Text/HTML; charset=utf-8"), true);
 * assertEquals(gains("image/png"), false);
 * ```
 */
export function gains(contentType: string): boolean {
  const end = contentType.indexOf(";");
  const type = (end === -1 ? contentType : contentType.slice(0, end))
    .trim().toLowerCase();
  return type.startsWith("text/") || GAIN.has(type) ||
    type.endsWith("+json") || type.endsWith("+xml") || type.endsWith("+yaml");
}
