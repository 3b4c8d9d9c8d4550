/**
 * Which octets may stand where: one table of 256 entries a class.
 *
 * The grammar of HTTP is written in classes of octets (`tchar`, `field-vchar`,
 * `unreserved`). Each is a `Uint8Array` with 1 for every octet that belongs to
 * it, built once from the ranges that the standard gives, so that a scanner asks
 * with one load and no branch:
 *
 * ```text
 * TCHAR[bytes[i]] === 1
 * ```
 *
 * The one surprise: the question has to be `=== 1`. A code unit above 0xFF is
 * outside the table, which answers `undefined`, and so does not belong.
 *
 * RFC 9110 §5.5 and §5.6.2, RFC 9112 §3.2, RFC 3986 §2.2 and §2.3, RFC 5234 §B.1.
 *
 * @module
 */

/** A range of characters, both ends included. */
export type OctetRange = readonly [first: string, last: string];

/** ALPHA and DIGIT of RFC 5234 §B.1. */
const ALPHANUMERIC: readonly OctetRange[] = [["0", "9"], ["A", "Z"], [
  "a",
  "z",
]];

/**
 * A class of octets: the characters of `singles` and those in the `ranges`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const digit = octets("", ["0", "9"]);
 * assertEquals([digit[0x30], digit[0x41]], [1, 0]);
 * ```
 */
export function octets(
  singles: string,
  ...ranges: readonly OctetRange[]
): Uint8Array {
  const table = new Uint8Array(256);
  for (const single of singles) table[single.charCodeAt(0)] = 1;
  for (const [first, last] of ranges) {
    table.fill(1, first.charCodeAt(0), last.charCodeAt(0) + 1);
  }
  return table;
}

/** `tchar`, what methods, field names and other tokens are made of (RFC 9110 §5.6.2). */
export const TCHAR: Uint8Array = octets("!#$%&'*+-.^_`|~", ...ALPHANUMERIC);

/**
 * What a request target may have: visible ASCII without `#`, because a fragment
 * is never sent (RFC 9112 §3.2).
 */
export const TARGET: Uint8Array = octets("", ["!", '"'], ["$", "~"]);

/**
 * What the value of a field line may have: HTAB, SP, VCHAR and obs-text (RFC 9110
 * §5.5). CR, LF, NUL, the other controls and DEL are left out.
 */
export const FIELD_VALUE: Uint8Array = octets("\t", [" ", "~"], [
  "\x80",
  "\xFF",
]);

/** `unreserved / sub-delims`, a registered name without its escapes (RFC 3986 §3.2.2). */
export const REG_NAME: Uint8Array = octets("-._~!$&'()*+,;=", ...ALPHANUMERIC);

/** `pchar / "/"`, a path without its escapes (RFC 3986 §3.3). */
export const PCHAR_OR_SLASH: Uint8Array = octets(
  "-._~!$&'()*+,;=:@/",
  ...ALPHANUMERIC,
);

/** What {@linkcode HEX} has for an octet that is no hexadecimal digit. */
export const NOT_HEX = 0xFF;

/** The value of each hexadecimal digit of either case, else {@linkcode NOT_HEX}. */
export const HEX: Uint8Array = hexValues();

function hexValues(): Uint8Array {
  const table = new Uint8Array(256).fill(NOT_HEX);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    table[digit.charCodeAt(0)] = value;
    table[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return table;
}

/**
 * Whether `text` is a token: one `tchar` or more (RFC 9110 §5.6.2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isToken("Content-Type"), isToken("a b"), isToken("")], [true, false, false]);
 * ```
 */
export function isToken(text: string): boolean {
  return text !== "" && consistsOf(TCHAR, text);
}

/**
 * Whether `text` can be sent as the value of a field line: every code unit is
 * HTAB or from 0x20 to 0xFF without DEL (RFC 9110 §5.5). It may be empty, and
 * white space around it is no fault: a recipient drops that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([isFieldValue("a\tb"), isFieldValue("a\r\nb"), isFieldValue("€")], [true, false, false]);
 * ```
 */
export function isFieldValue(text: string): boolean {
  return consistsOf(FIELD_VALUE, text);
}

/** Whether every character of `text` belongs to the class `table`. */
export function consistsOf(table: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (table[text.charCodeAt(i)] !== 1) return false;
  }
  return true;
}
