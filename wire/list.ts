/**
 * The list rule of HTTP: `#element`, members between commas.
 *
 * ```text
 * text/html, text/plain;note="a, b" , ,image/png      the value of a field
 * text/html | text/plain;note="a, b" | image/png      its members
 * ```
 *
 * A comma inside of a quoted string does not part members, white space around a
 * member is not of it, and empty members count for nothing.
 *
 * The one surprise: a quoted string that never ends takes the rest of the list
 * with it. Its member is malformed, and what would come behind it is unknowable.
 *
 * RFC 9110 §5.6.1 and §5.6.4.
 *
 * @module
 */

const QUOTE = 0x22;
const COMMA = 0x2C;
const BACKSLASH = 0x5C;

/**
 * The members of a list, as written, at most `most` of them: who asks for a list
 * says how much of it is worth reading.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listMembers('a, , b;c="d,e" ,f', 10), ["a", 'b;c="d,e"', "f"]);
 * assertEquals(listMembers("a,b,c", 2), ["a", "b"]);
 * ```
 */
export function listMembers(text: string, most: number): string[] {
  const members: string[] = [];
  for (let start = 0; start < text.length && members.length < most;) {
    const end = memberEnd(text, start);
    const member = trimSpace(text.slice(start, end));
    if (member !== "") members.push(member);
    start = end + 1;
  }
  return members;
}

/** Where the next comma outside of quotes stands. */
function memberEnd(text: string, start: number): number {
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (code === BACKSLASH && quoted) i++;
    else if (code === COMMA && !quoted) return i;
  }
  return text.length;
}

/**
 * `text` without the SP and HTAB around it, which is all that HTTP trims
 * (RFC 9110 §5.6.3); `trim()` would take NBSP and line ends as well.
 */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Whether a code unit is white space in HTTP: SP or HTAB. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
