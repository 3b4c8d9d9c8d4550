/**
 * Media types, as `Content-Type` has them: `type "/" subtype` and parameters.
 *
 * ```text
 * Text/HTML; Charset="utf-8"  →  { type: "text/html", parameters: charset → utf-8 }
 * ```
 *
 * Type, subtype and the names of parameters come out in lower case; the values
 * of parameters are kept, because only some of them ignore case.
 *
 * The one surprise: a parameter that is there twice makes the whole of it
 * malformed (RFC 6838 §4.3). Of two charsets or two boundaries, one reader takes
 * the first and the next one the last, and a filter is passed by that.
 *
 * RFC 9110 §8.3.1 and §5.6.6.
 *
 * @module
 */

import { isSpace } from "./list.ts";
import { FIELD_VALUE, isToken } from "./octets.ts";
import { type Quoted, readParameters } from "./parameters.ts";

/** A media type that was read. */
export interface MediaType {
  /** Type and subtype in lower case, as `text/html`. */
  readonly type: string;
  /** The parameters, their names in lower case, in the order sent. */
  readonly parameters: ReadonlyMap<string, string>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5C;

/**
 * Reads a media type; `undefined` when it is malformed, has a parameter twice,
 * or more than 32 of them. One pass over `text`, whatever it holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const read = parseMediaType('Text/Plain; charset="UTF-8"');
 * assertEquals(read?.type, "text/plain");
 * assertEquals(read?.parameters.get("charset"), "UTF-8");
 * assertEquals(parseMediaType("text"), undefined);
 * ```
 */
export function parseMediaType(text: string): MediaType | undefined {
  const end = text.indexOf(";");
  const name = trimEnd(end === -1 ? text : text.slice(0, end));
  const slash = name.indexOf("/");
  if (
    slash === -1 || !isToken(name.slice(0, slash)) ||
    !isToken(name.slice(slash + 1))
  ) {
    return undefined;
  }
  const parameters = readParameters(
    text,
    end === -1 ? text.length : end,
    quoted,
  );
  if (parameters === undefined) return undefined;
  return { type: name.toLowerCase(), parameters };
}

/**
 * The charset that a media type names, in lower case; `undefined` where it names
 * none. What is the default then is for the type to say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(charsetOf(parseMediaType("text/html;charset=UTF-8")), "utf-8");
 * ```
 */
export function charsetOf(type: MediaType | undefined): string | undefined {
  return type?.parameters.get("charset")?.toLowerCase();
}

/** The rest of a quoted string, its quoted pairs undone (RFC 9110 §5.6.4). */
const quoted: Quoted = (text, start) => {
  let value = "";
  let from = start;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      return { value: value + text.slice(from, i), end: i + 1 };
    }
    if (code === BACKSLASH) {
      value += text.slice(from, i);
      from = ++i;
    }
    if (FIELD_VALUE[text.charCodeAt(i)] !== 1) return undefined;
  }
  return undefined;
};

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}
