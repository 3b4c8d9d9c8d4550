/**
 * From octets to text, in the charset that was named, or not at all: what is
 * malformed is refused with its place, and never becomes U+FFFD in silence.
 *
 * | charset | what |
 * | --- | --- |
 * | none, `utf-8`, `utf8` | UTF-8; a BOM at its beginning is dropped |
 * | another that `TextDecoder` knows | that one, malformed octets refused without a place |
 * | any other | 415 |
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { malformedAt } from "../wire/utf8.ts";

const UTF8 = new TextDecoder();
const REPLACEMENT = "\uFFFD";

/**
 * Octets of UTF-8 as text. The decoder that forgives is thrice as fast as the one
 * that does not, and what it forgives can be seen.
 *
 * @throws {HttpError} 400 with the place of the first octet that is malformed
 */
export function decodeUtf8(bytes: Uint8Array, what = "content"): string {
  const text = UTF8.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  const position = malformedAt(bytes);
  if (position === -1) return text; // it was sent
  throw new HttpError(400, `The ${what} is not UTF-8 at octet ${position}`, {
    details: { position },
  });
}

/**
 * What decodes text of `charset`.
 *
 * @throws {HttpError} 415 when there is no such charset
 */
export function decoderFor(
  charset: string | undefined,
  what = "content",
): (bytes: Uint8Array) => string {
  if (charset === undefined || charset === "utf-8") {
    return (bytes) => decodeUtf8(bytes, what);
  }
  const decoder = decoderOf(charset, what);
  if (decoder.encoding === "utf-8") return (bytes) => decodeUtf8(bytes, what);
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new HttpError(400, `The ${what} is not in its charset`, { cause });
    }
  };
}

function decoderOf(charset: string, what: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new HttpError(415, `The charset of the ${what} is not known`);
  }
}
