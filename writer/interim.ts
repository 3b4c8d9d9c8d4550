/**
 * Answers that are not the last to their request (RFC 9110 §15.2): 100 Continue
 * and 103 Early Hints. Each is a head without content, so nothing in it frames.
 *
 * @module
 */

import { FRAMING_FIELDS } from "../wire/fields.ts";
import { FieldError, fieldLine } from "./field_lines.ts";
import type { Output } from "./output.ts";

/** Fields of the connection: they say of it what only the final answer may. */
const OF_CONNECTION = new Set(["connection", "te", "trailer", "upgrade"]);

/** Appends 100 Continue (RFC 9110 §15.2.1). */
export function putContinue(out: Output): void {
  out.putLatin1("HTTP/1.1 100 Continue\r\n\r\n");
}

/**
 * The head of a 103 Early Hints (RFC 8297 §2) with these fields, name and value in
 * turn.
 *
 * @throws {FieldError} when one cannot be sent, or is about the framing or the
 *   connection (RFC 9110 §8.6, RFC 9112 §6.1)
 */
export function earlyHints(lines: readonly string[]): string {
  let text = "HTTP/1.1 103 Early Hints\r\n";
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i]!;
    if (FRAMING_FIELDS.has(name) || OF_CONNECTION.has(name)) {
      throw new FieldError(
        `Cannot hint at the field "${name}": it is the final answer's`,
      );
    }
    text += fieldLine(name, lines[i + 1]!);
  }
  return `${text}\r\n`;
}
