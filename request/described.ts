/**
 * What the fields of a request say of its content, and which readers may have it.
 *
 * | reader | Content-Type | else |
 * | --- | --- | --- |
 * | `bytes()` `content` | anything | |
 * | `text()` | anything; its `charset` is used, UTF-8 without | 415 for an unknown one |
 * | `json()` | `application/json`, `…+json`, in UTF-8 | 415 |
 * | `form()` | `application/x-www-form-urlencoded` | 415 |
 * | `parts()` | `multipart/form-data` | 415 |
 * | `formData()` | either of these | 415 |
 *
 * Where neither a type nor content was sent, it is a 400 that says so. Each 415
 * tells in `Accept` what would have been taken.
 *
 * The one surprise: a content coding is undone by nobody here, because a few
 * octets of it can become gigabytes. So all but the first row answer 415 for one,
 * with `Accept-Encoding: identity`.
 *
 * RFC 9110 §8.3, §8.4, §12.5.3 and §15.5.16, RFC 6839 §3.1, RFC 8259 §8.1.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import { FIXED } from "../limits.ts";
import { boundaryOf, type FormKind } from "../wire/form_type.ts";
import { listMembers, trimSpace } from "../wire/list.ts";
import { charsetOf, parseMediaType } from "../wire/media_type.ts";

/** A request, as far as it tells of its content. */
export interface Described {
  readonly content: { readonly length: number | undefined };
  header(name: string): string | undefined;
}

const JSON_TYPE = "application/json";
/** Nobody codes content more often. */
const MOST_CODINGS: number = FIXED.codings.default;

/**
 * Lets JSON pass.
 *
 * @throws {HttpError} 415 for what is none by its fields, 400 where nothing was sent
 */
export function requireJson(c: Described): void {
  const field = c.header("content-type");
  if (field !== JSON_TYPE) checkJson(c, field);
  requirePlain(c);
}

function checkJson(c: Described, field: string | undefined): void {
  const media = parseMediaType(typeField(c, field, JSON_TYPE));
  if (media?.type !== JSON_TYPE && !media?.type.endsWith("+json")) {
    throw unsupported("The content is not JSON by its Content-Type", JSON_TYPE);
  }
  const charset = charsetOf(media);
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8") {
    throw unsupported("JSON is in UTF-8, and in no other charset", JSON_TYPE);
  }
}

/**
 * The charset of what is read as text; `undefined` where none is named.
 *
 * @throws {HttpError} 415 when the content is coded
 */
export function requireText(c: Described): string | undefined {
  requirePlain(c);
  const field = c.header("content-type");
  // Few have one, and text may be of a type that is malformed.
  if (field === undefined || !/charset/i.test(field)) return undefined;
  return charsetOf(parseMediaType(field));
}

/**
 * Which of `kinds` a form is.
 *
 * @throws {HttpError} 415 for none of them, 400 where nothing was sent
 */
export function requireForm(
  c: Described,
  kinds: readonly FormKind[],
): FormKind {
  const accept = kinds.join(", ");
  const field = typeField(c, c.header("content-type"), accept);
  const [name] = field.split(";", 1) as [string];
  const type = trimSpace(name).toLowerCase();
  const kind = kinds.find((one) => one === type);
  if (kind === undefined) {
    throw unsupported(
      "The content is no such form by its Content-Type",
      accept,
    );
  }
  requirePlain(c);
  return kind;
}

/**
 * The boundary of a multipart form.
 *
 * @throws {HttpError} 400 when its type has none
 */
export function boundaryFor(c: Described): string {
  const media = parseMediaType(c.header("content-type") ?? "");
  const boundary = media && boundaryOf(media);
  if (boundary === undefined) throw new Fault("form-boundary");
  return boundary;
}

/** The field, if it or content was sent. */
function typeField(
  c: Described,
  field: string | undefined,
  accept: string,
): string {
  if (field !== undefined) return field;
  if (c.content.length === 0) throw new HttpError(400, "There is no content");
  throw unsupported("The content has no Content-Type", accept);
}

/** RFC 9110 §8.4: `identity` is reserved for Accept-Encoding, and harmless. */
function requirePlain(c: Described): void {
  const field = c.header("content-encoding");
  if (field === undefined) return;
  const codings = listMembers(field, MOST_CODINGS);
  if (
    codings.length < MOST_CODINGS &&
    codings.every((coding) => coding.toLowerCase() === "identity")
  ) return;
  throw new HttpError(415, "The content has a coding, which is not undone", {
    headers: { "accept-encoding": "identity" },
  });
}

function unsupported(message: string, accept: string): HttpError {
  return new HttpError(415, message, { headers: { accept } });
}
