/**
 * Tags for what is made anew for each request, so that a client that has it
 * already is told so and not sent it again.
 *
 * ```text
 *   200 to GET or HEAD, text or bytes ── SHA-256 ─▶ ETag: "…"
 *                                                     │ conditions of the request
 *                                                     └▶ 200, 304 or 412
 * ```
 *
 * The answer is made all the same; what is spared is its way. A tag that a handler
 * has set is taken as it is, on a stream as well; then, and with `Last-Modified`,
 * conditions are evaluated as RFC 9110 §13.2.2 has it. What is streamed, and what
 * is longer than `limit`, gets no tag: it would have to be kept whole.
 *
 * **Where.** Next to what makes the content, inside of `compress()`, which makes a
 * weak tag of a strong one.
 *
 * The one surprise: conditions of PUT, DELETE and the like are not evaluated here,
 * for when the answer is known, it is done. `If-Match` of these is the handler's.
 *
 * RFC 9110 §8.8.3, §13 and §15.4.5.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { FIXED } from "../limits.ts";
import type { Context } from "../request.ts";
import { Answer } from "../response/answer.ts";
import { type Body, discard, lengthOf } from "../response/body.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { parseDate } from "../wire/date.ts";
import { parseEntityTag, writeEntityTag } from "../wire/etag.ts";
import { Fields } from "../wire/fields.ts";
import { evaluate, type Validators } from "../wire/preconditions.ts";

/** What {@linkcode etag} may be told. */
export interface EtagOptions {
  /** Whether the tags it makes are weak; default false: they are of the very bytes. */
  readonly weak?: boolean;
  /** Bytes of content up to which it makes one; default 1 MiB. */
  readonly limit?: number;
}

const OPTIONS: Kinds<EtagOptions> = {
  weak: ["true or false"],
  limit: ["a number"],
};

const ENCODER = new TextEncoder();

/** Fields that speak of content that a 304 does not have (RFC 9110 §15.4.5). */
const ABOUT_CONTENT = [
  "content-digest",
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-range",
  "content-type",
  "last-modified",
];

/**
 * Middleware that gives answers an entity-tag and heeds the conditions of requests.
 *
 * @throws {TypeError} when an option is not known or of another kind
 * @throws {RangeError} when the limit is no number from 0
 *
 * @example
 * ```ts
 * import { etag, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(etag());
 * app.get("/", () => "Hello");
 *
 * const tag = (await app.request("/")).headers.get("etag")!;
 * const headers = { "if-none-match": tag };
 * assertEquals((await app.request("/", { headers })).status, 304);
 * ```
 */
export function etag(options: EtagOptions = {}): Middleware {
  checkOptions("tag answers", options, OPTIONS);
  const { weak = false, limit = FIXED.tagged.default } = options;
  if (!(limit >= 0)) {
    throw new RangeError(
      `Cannot tag up to ${limit} bytes: it is a number from 0`,
    );
  }
  return async function etag(c, next) {
    const answer = await next();
    if (c.method !== "GET" && c.method !== "HEAD") return;
    if (answer.status !== 200) return;
    const { headers, body } = answer;
    if (!headers.has("etag")) {
      const bytes = bytesOf(body, limit);
      if (bytes !== undefined) {
        const opaque = await digestOf(bytes);
        headers.set("etag", writeEntityTag({ weak, opaque }));
      }
    }
    conclude(c, answer);
  };
}

/** Content of up to `most` bytes; text has as many as characters, or more. */
function bytesOf(body: Body, most: number): Uint8Array | undefined {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    return undefined;
  }
  if (body.length > most) return undefined;
  const bytes = typeof body === "string" ? ENCODER.encode(body) : body;
  return bytes.length > most ? undefined : bytes;
}

/** 128 bits of SHA-256: enough for no two to be the same by chance or by malice. */
async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    bytes as Uint8Array<ArrayBuffer>,
  );
  return new Uint8Array(digest, 0, 16).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function conclude(c: Context, answer: Answer): void {
  const { headers } = answer;
  const current = validatorsOf(headers);
  // Of what nothing is known, nothing can be asked.
  if (!current.etag && current.lastModified === undefined) return;
  const verdict = evaluate(c, current, Date.now());
  if (verdict === "go on") return;
  discard(answer.body);
  if (verdict === 412) {
    throw new HttpError(412, "This is not what If-Match or its like asks for");
  }
  Answer.spare(answer, whole(answer));
  answer.status = 304;
  answer.body = null;
  const tagged = headers.has("etag");
  for (const name of ABOUT_CONTENT) {
    if (name !== "last-modified" || tagged) headers.delete(name);
  }
}

/** The fields of an answer, and its length. */
function whole({ body, headers }: Answer): Fields {
  const fields = new Fields(headers);
  const length = body === null ? undefined : lengthOf(body);
  if (length !== undefined) fields.set("content-length", `${length}`);
  return fields;
}

function validatorsOf(headers: Fields): Validators {
  const tag = headers.get("etag");
  const date = headers.get("last-modified");
  return {
    etag: tag === null ? undefined : parseEntityTag(tag),
    lastModified: date === null ? undefined : parseDate(date, Date.now()),
  };
}
