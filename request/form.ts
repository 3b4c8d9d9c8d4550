/**
 * A form of either kind that has come whole: as pairs, or as the `FormData` that
 * the Fetch API knows.
 *
 * Parts are read by the reader of `c.parts()`, so what is refused there is refused
 * here, and with the same words. The platform's own parser takes a form that is
 * cut for a whole one, and compares a long boundary at every octet.
 *
 * | part | becomes |
 * | --- | --- |
 * | with a filename | a `File`: the name as it was sent, the type in lower case, or `text/plain` |
 * | without | text, in the charset of its type or UTF-8, up to `limits.partField` |
 *
 * Octets that are not UTF-8, sent as they are or escaped, are a 400 with their
 * place. A percent sign that begins no escape is one, as everywhere on the web
 * (URL Standard §5.1).
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { parseForm } from "../wire/form.ts";
import { charsetOf } from "../wire/media_type.ts";
import { MultipartReader, type PartLimits } from "../wire/multipart.ts";
import { HEX, NOT_HEX } from "../wire/octets.ts";
import type { PartHead } from "../wire/part_head.ts";
import { malformedAt } from "../wire/utf8.ts";
import { decoderFor, decodeUtf8 } from "./text.ts";

/**
 * The pairs of an urlencoded content.
 *
 * @throws {HttpError} 400 for more than `most`, and with its place for what is no
 *   UTF-8
 */
export function readPairs(bytes: Uint8Array, most: number): URLSearchParams {
  const text = decodeUtf8(bytes);
  const pairs = parseForm(text, most);
  // An escape of an octet beyond ASCII, without which nothing can be malformed.
  if (/%[89A-Fa-f]/.test(text)) checkEscapes(bytes);
  return pairs;
}

/** The URL Standard has U+FFFD for these, and then nobody knows what was meant. */
function checkEscapes(bytes: Uint8Array): void {
  const plain = new Uint8Array(bytes.length);
  const count = unescape(bytes, bytes.length, plain);
  const wrong = malformedAt(plain.subarray(0, count));
  if (wrong === -1) return;
  const position = placeOf(bytes, wrong);
  throw new HttpError(400, `The form is not UTF-8 at octet ${position}`, {
    details: { position },
  });
}

/** Puts up to `most` octets, their escapes undone, into `into`; how many. */
function unescape(bytes: Uint8Array, most: number, into: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length && count < most; count++) {
    const escape = escapeAt(bytes, at);
    into[count] = escape ?? bytes[at]!;
    at += escape === undefined ? 1 : 3;
  }
  return count;
}

/** Where the octet comes from that is `count` octets behind the first. */
function placeOf(bytes: Uint8Array, count: number): number {
  let at = 0;
  for (let left = count; left > 0; left--) {
    at += escapeAt(bytes, at) === undefined ? 1 : 3;
  }
  return at;
}

function escapeAt(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 0x25) return undefined;
  const high = HEX[bytes[at + 1] ?? 0]!;
  const low = HEX[bytes[at + 2] ?? 0]!;
  return high === NOT_HEX || low === NOT_HEX ? undefined : high * 16 + low;
}

/** The pairs as a `FormData`. */
export function formDataOf(pairs: URLSearchParams): FormData {
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, value);
  return form;
}

/**
 * The fields and files of a multipart content.
 *
 * @throws {HttpError} 400 when it is malformed or cut, 413 beyond a limit, 415 for
 *   a field in a charset that is not known
 */
export function readParts(
  bytes: Uint8Array,
  boundary: string,
  limits: PartLimits & Pick<Limits, "partField">,
): FormData {
  const form = new FormData();
  const reader = new MultipartReader(boundary, limits);
  let head: PartHead | undefined;
  let data: Uint8Array[] = [];
  reader.feed(bytes);
  for (;;) {
    const piece = reader.next();
    switch (piece.kind) {
      case "part":
        head = piece.head;
        data = [];
        break;
      case "data":
        data.push(piece.bytes);
        break;
      case "part-end":
        append(form, head!, data, limits.partField);
        break;
      case "fault":
        throw piece;
      case "more": {
        const fault = reader.finish();
        if (fault) throw fault;
        return form;
      }
    }
  }
}

function append(
  form: FormData,
  { name, filename, headers, media }: PartHead,
  data: readonly Uint8Array[],
  mostInField: number,
): void {
  if (filename !== undefined) {
    const sent = headers.get("content-type") ?? media.type;
    // For what is beyond these, a File has no type at all (File API §4.1).
    const type = /^[\x20-\x7E]*$/.test(sent) ? sent : media.type;
    const file = new File([...data] as BlobPart[], filename, { type });
    return form.append(name, file);
  }
  const size = data.reduce((sum, { length }) => sum + length, 0);
  if (size > mostInField) throw new Fault("part-field");
  const decode = decoderFor(charsetOf(media), "field");
  form.append(name, decode(joined(data, size)));
}

function joined(data: readonly Uint8Array[], size: number): Uint8Array {
  if (data.length === 1) return data[0]!;
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of data) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
