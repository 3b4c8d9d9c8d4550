/**
 * What the Content-Type of a form says: which of the two kinds it is, and where
 * one of many parts is cut.
 *
 * ```text
 * multipart/form-data; boundary=----WebKitFormBoundaryc9   →  the boundary
 * application/x-www-form-urlencoded                        →  pairs
 * ```
 *
 * RFC 2046 §5.1.1, RFC 7578 §4.1.
 *
 * @module
 */

import { consistsOf, octets } from "./octets.ts";
import type { MediaType } from "./media_type.ts";

/** The type of a form whose content is pairs. */
export const URLENCODED = "application/x-www-form-urlencoded";
/** The type of a form whose content is parts. */
export const MULTIPART = "multipart/form-data";

/** The two kinds of form. */
export type FormKind = typeof URLENCODED | typeof MULTIPART;

/** RFC 2046 §5.1.1: `bchars`; the last may be no space. */
const BCHARS: Uint8Array = octets(
  "'()+_,-./:=? ",
  ["0", "9"],
  ["A", "Z"],
  ["a", "z"],
);
const LONGEST = 70;

/**
 * The boundary of a form's type; `undefined` when it has none, or one that no
 * multipart may have: it is 1 to 70 characters of a few, and the last is no
 * space.
 *
 * @example
 * ```ts
 * import { parseMediaType } from "./media_type.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const of = (text: string) => boundaryOf(parseMediaType(text)!);
 * assertEquals(of("multipart/form-data; boundary=abc"), "abc");
 * assertEquals(of('multipart/form-data; boundary="a;c"'), undefined);
 * ```
 */
export function boundaryOf(type: MediaType): string | undefined {
  const boundary = type.parameters.get("boundary") ?? "";
  const fits = boundary.length >= 1 && boundary.length <= LONGEST &&
    consistsOf(BCHARS, boundary) && !boundary.endsWith(" ");
  return fits ? boundary : undefined;
}
