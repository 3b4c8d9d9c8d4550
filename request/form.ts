/**
 * A form of either kind, collected, as the platform reads it; and held to what the
 * platform lets pass.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import { boundaryOf, MULTIPART } from "../wire/form_type.ts";
import { trimSpace } from "../wire/list.ts";
import { parseMediaType } from "../wire/media_type.ts";

/** RFC 2046 §5.1.1; a longer one would be compared over and over with the content. */
const LONGEST_BOUNDARY = 70;

/**
 * Which of the two kinds of form a `Content-Type` names.
 *
 * @throws {HttpError} 415 when it is neither
 */
export function kindOfForm(type: string): "multipart" | "urlencoded" {
  const [name] = type.split(";", 1) as [string];
  switch (trimSpace(name).toLowerCase()) {
    case "multipart/form-data":
      return "multipart";
    case "application/x-www-form-urlencoded":
      return "urlencoded";
  }
  throw new HttpError(415, "The content is neither of the two kinds of form");
}

/**
 * The boundary that a `Content-Type` names.
 *
 * @throws {HttpError} 415 when it is no multipart form, 400 when it has none
 */
export function boundaryFor(field: string | undefined): string {
  const [name] = (field ?? "").split(";", 1) as [string];
  if (trimSpace(name).toLowerCase() !== MULTIPART) {
    throw new HttpError(415, "The content is no multipart form", {
      headers: { accept: MULTIPART },
    });
  }
  const type = parseMediaType(field ?? "");
  const boundary = type && boundaryOf(type);
  if (boundary === undefined) throw new Fault("form-boundary");
  return boundary;
}

/**
 * The pairs and files of a form.
 *
 * @throws {HttpError} 400 when it is malformed
 */
export async function readForm(
  type: string,
  bytes: Uint8Array,
): Promise<FormData> {
  const boundary = parseMediaType(type)?.parameters.get("boundary");
  if (boundary !== undefined) checkDelimiters(boundary, bytes);
  const headers = { "content-type": type };
  try {
    return await new Response(bytes as BodyInit, { headers }).formData();
  } catch (cause) {
    throw new HttpError(400, "The content is not a well-formed form", {
      cause,
    });
  }
}

/**
 * A multipart content has to have its closing delimiter (RFC 2046 §5.1.1): the
 * platform's parser takes what is there for the whole.
 */
function checkDelimiters(boundary: string, bytes: Uint8Array): void {
  if (boundary.length > LONGEST_BOUNDARY) {
    throw new HttpError(
      400,
      "The boundary of the form is longer than 70 octets",
    );
  }
  // It stands at the end, but for white space and an epilogue, which is rare.
  const closing = new TextEncoder().encode(`--${boundary}--`);
  if (lastIndexOf(bytes, closing) === -1) {
    throw new HttpError(400, "The form ends before its closing delimiter");
  }
}

function lastIndexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const last = wanted.length - 1;
  let end = bytes.lastIndexOf(wanted[last]!);
  for (; end >= last; end = bytes.lastIndexOf(wanted[last]!, end - 1)) {
    let i = last;
    while (i >= 0 && bytes[end - last + i] === wanted[i]) i--;
    if (i < 0) return end - last;
    if (end === 0) break;
  }
  return -1;
}
