/**
 * Field lines on their way out: each is checked here, once, and those that are
 * the writer's own are left out.
 *
 * @module
 */

import { checkFieldLine, FRAMING_FIELDS } from "../wire/fields.ts";
import { listMembers, trimSpace } from "../wire/list.ts";

/** A field that cannot be sent: the application's mistake, a 500. */
export class FieldError extends TypeError {
  override readonly name: string = "FieldError";
}

/** The fields of a head, as text and as far as they concern it. */
export interface FieldText {
  readonly text: string;
  readonly close: boolean;
  readonly upgrade: boolean;
  readonly date: boolean;
}

/**
 * The field lines of a head as text, without those that are the writer's own.
 *
 * @throws {FieldError} when one cannot be sent
 */
export function fieldText(
  type: string | undefined,
  lines: readonly string[],
): FieldText {
  let text = !type ? "" : fieldLine("Content-Type", type);
  let close = false, upgrade = false, date = false;
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i]!, value = lines[i + 1]!;
    if (name === "connection") {
      close ||= listMembers(value, 16).some((option) =>
        option.toLowerCase() === "close"
      );
    } else if (!FRAMING_FIELDS.has(name)) {
      text += fieldLine(name, value);
      upgrade ||= name === "upgrade";
      date ||= name === "date";
    }
  }
  return { text, close, upgrade, date };
}

/**
 * One line with its end.
 *
 * @throws {FieldError} when it cannot be sent
 */
export function fieldLine(name: string, value: string): string {
  const wrong = checkFieldLine(name, value);
  if (wrong !== undefined) throw new FieldError(wrong);
  return `${name}: ${trimSpace(value)}\r\n`;
}
