/**
 * JSON as a client sent it, or the place where it stops being that.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { notJsonAt } from "../wire/json_position.ts";

/**
 * The value of a JSON text.
 *
 * @throws {HttpError} 400 with line and column, both from 1 and the column in UTF-16
 *   code units, as editors count; nothing of the text is in the sentence
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(text, cause);
  }
}

function notJson(text: string, cause: unknown): HttpError {
  const position = notJsonAt(text);
  if (text === "") return new HttpError(400, "There is no content", { cause });
  if (position === -1) return new HttpError(400, NOT_JSON, { cause });
  const { line, column } = placeOf(text, position);
  const where = `line ${line}, column ${column}`;
  return new HttpError(400, `${NOT_JSON} at ${where}`, {
    cause,
    details: { line, column },
  });
}

const NOT_JSON = "The content is not JSON";

function placeOf(
  text: string,
  position: number,
): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (
    let at = text.indexOf("\n");
    at !== -1 && at < position;
    at = text.indexOf("\n", start)
  ) {
    line++;
    start = at + 1;
  }
  return { line, column: position - start + 1 };
}
