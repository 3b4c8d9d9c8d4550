/**
 * The parameters behind a semicolon, as media types and dispositions have them:
 * `*( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )`.
 *
 * What a quoted string means is for each field to say: that of a media type is of
 * RFC 9110 §5.6.4, that of a part of a form is what clients write.
 *
 * RFC 9110 §5.6.6.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { isSpace } from "./list.ts";
import { TCHAR } from "./octets.ts";

/**
 * What is behind the opening quote of the parameter `name`, from `start` on: its
 * value, and where it ends behind the closing one. `undefined` where it is malformed.
 */
export type Quoted = (
  text: string,
  start: number,
  name: string,
) => { readonly value: string; readonly end: number } | undefined;

/** No registered field has more than a handful. */
const MOST: number = FIXED.parameters.default;

const QUOTE = 0x22;
const SEMICOLON = 0x3B;
const EQUALS = 0x3D;

/**
 * Reads parameters from a semicolon, or from the end of `text`, on: names in lower
 * case, in the order sent. `undefined` when they are malformed, one is there twice,
 * or there are more than 32. One pass over `text`, whatever it holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const none = () => undefined;
 * const read = readParameters("a/b; Charset=utf-8;", 3, none);
 * assertEquals([...read!], [["charset", "utf-8"]]);
 * assertEquals(readParameters("a/b; x=1; x=2", 3, none), undefined);
 * ```
 */
export function readParameters(
  text: string,
  start: number,
  quoted: Quoted,
): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  let at = start;
  while (at < text.length) {
    if (text.charCodeAt(at) !== SEMICOLON) return undefined;
    at = skipSpace(text, at + 1);
    if (at < text.length && text.charCodeAt(at) !== SEMICOLON) {
      at = readParameter(text, at, parameters, quoted);
      if (at === -1) return undefined;
      at = skipSpace(text, at);
    }
  }
  return parameters;
}

/** One parameter: where it ends, -1 when it is none. */
function readParameter(
  text: string,
  start: number,
  into: Map<string, string>,
  quoted: Quoted,
): number {
  const equals = tokenEnd(text, start);
  if (equals === start || text.charCodeAt(equals) !== EQUALS) return -1;
  const name = text.slice(start, equals).toLowerCase();
  if (into.has(name) || into.size === MOST) return -1;
  if (text.charCodeAt(equals + 1) === QUOTE) {
    const read = quoted(text, equals + 2, name);
    if (read === undefined) return -1;
    into.set(name, read.value);
    return read.end;
  }
  const end = tokenEnd(text, equals + 1);
  if (end === equals + 1) return -1;
  into.set(name, text.slice(equals + 1, end));
  return end;
}

function tokenEnd(text: string, start: number): number {
  let i = start;
  while (TCHAR[text.charCodeAt(i)] === 1) i++;
  return i;
}

function skipSpace(text: string, start: number): number {
  let i = start;
  while (isSpace(text.charCodeAt(i))) i++;
  return i;
}
