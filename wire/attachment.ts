/**
 * `Content-Disposition` for a download: under which name a client may save it.
 *
 * ```text
 * song.mp3      attachment; filename="song.mp3"
 * Ärger.txt     attachment; filename="_rger.txt"; filename*=UTF-8''%C3%84rger.txt
 * ```
 *
 * Both are sent where the name is not plain, for clients that know only the first
 * (RFC 6266 §4.3 and appendix D); who knows both takes the second.
 *
 * The one surprise: a percent sign is not plain. Some clients decode the first
 * form as well, although they must not.
 *
 * RFC 6266, RFC 8187 §3.2.
 *
 * @module
 */

import { consistsOf, octets } from "./octets.ts";

/** What the quoted form has as it is: no quote, backslash, percent or slash. */
const PLAIN: Uint8Array = octets("", [" ", "!"], ["#", "$"], ["&", "."], [
  "0",
  "[",
], ["]", "~"]);

/**
 * The value of the field; without a name, the client makes one of the URL.
 * Slashes, backslashes and controls in a name become underscores, for it names a
 * file and no place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(attachment("a b.txt"), 'attachment; filename="a b.txt"');
 * assertEquals(
 *   attachment("€.txt"),
 *   "attachment; filename=\"_.txt\"; filename*=UTF-8''%E2%82%AC.txt",
 * );
 * ```
 */
export function attachment(name?: string): string {
  if (name === undefined || name === "") return "attachment";
  const safe = Array.from(name.toWellFormed(), (c) => isUnsafe(c) ? "_" : c);
  const text = safe.join("");
  const plain = Array.from(safe, (c) => consistsOf(PLAIN, c) ? c : "_").join(
    "",
  );
  const quoted = `attachment; filename="${plain}"`;
  return plain === text
    ? quoted
    : `${quoted}; filename*=UTF-8''${extValue(text)}`;
}

function isUnsafe(char: string): boolean {
  const code = char.charCodeAt(0);
  return code < 0x20 || code === 0x7F || char === "/" || char === "\\";
}

/** `value-chars` (RFC 8187 §3.2.1), of which `encodeURIComponent` leaves four too many. */
function extValue(text: string): string {
  return encodeURIComponent(text).replaceAll("*", "%2A")
    .replaceAll("'", "%27").replaceAll("(", "%28").replaceAll(")", "%29");
}
