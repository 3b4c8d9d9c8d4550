/**
 * What a file is sent as: all of it, a part, that it is known already, or why not.
 *
 * ```text
 *   conditions ──▶ 304 412          (GET and HEAD, RFC 9110 §13)
 *   range      ──▶ 206 416          (GET, RFC 9110 §14)
 *   else       ──▶ 200
 * ```
 *
 * Nothing is opened for a HEAD, a 304, a 412 or a 416.
 *
 * The tag is made of size and time of change, which the system gives in
 * milliseconds here: a file that is written twice within one, with as many octets,
 * keeps its tag. A tag may be called strong only if that does not happen (§8.8.1),
 * so that of a file that was changed within the last two seconds is weak. Two,
 * because there are file systems that count no finer.
 *
 * The one surprise: a file may have a date from the future. As `Last-Modified` must
 * not be later than `Date` (§8.8.2.1), the time of the answer stands for it.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";
import { Answer } from "../../response/answer.ts";
import type { Asking } from "../../response/prepared.ts";
import { imfDate } from "../../wire/date.ts";
import { type EntityTag, writeEntityTag } from "../../wire/etag.ts";
import { Fields } from "../../wire/fields.ts";
import {
  evaluate,
  isRangeWanted,
  type Validators,
} from "../../wire/preconditions.ts";
import {
  type ByteRange,
  contentRange,
  selectRange,
  unsatisfiedRange,
} from "../../wire/range.ts";
import { FileBody } from "./file_body.ts";
import { type Found, openFound } from "./locate.ts";

/** What is said of a file beside what it is. */
export interface Described {
  /** The media type. */
  readonly type: string;
  readonly cacheControl?: string | undefined;
  readonly disposition?: string | undefined;
  /** The coding in which the file is stored. */
  readonly coding?: string | undefined;
  /** The request fields that the choice of the file depends on. */
  readonly vary?: string | undefined;
}

/** A file is young for so long, in milliseconds: it may be changed unseen. */
const YOUNG = 2_000;

/**
 * The answer with a file; `undefined` where it was changed between two looks.
 *
 * @throws {HttpError} 412 and 416, and what opening it throws
 */
export function replyWith(
  found: Found,
  asked: Asking,
  described: Described,
  now: number,
): Answer | undefined {
  const { size } = found.info;
  const state = stateOf(found.info, described, now);
  const { status } = asked;
  // Conditions and ranges are about successes alone (RFC 9110 §13.2.1, §14.2).
  const heeds = status === undefined || status === 200;
  const headers = fieldsOf(heeds ? state : {}, described, now);
  if (heeds && isRead(asked)) {
    const verdict = evaluate(asked, state, now);
    if (verdict === 412) throw failed();
    if (verdict === 304) return notModified(headers, described, size);
  }
  const range = heeds ? rangeOf(asked, state, size, now) : "all";
  if (range === "none") throw outside(size);
  describe(headers, described);
  if (heeds) headers.set("accept-ranges", "bytes");
  if (asked.method === "HEAD") {
    headers.set("content-length", `${size}`);
    return new Answer(200, null, undefined, headers);
  }
  const file = openFound(found);
  if (file === undefined) return undefined;
  if (range === "all") {
    return new Answer(200, new FileBody(file, 0, size), undefined, headers);
  }
  headers.set("content-range", contentRange(range, size));
  const length = range.last - range.first + 1;
  const body = new FileBody(file, range.first, length);
  return new Answer(206, body, undefined, headers);
}

function isRead({ method }: Asking): boolean {
  return method === "GET" || method === "HEAD";
}

function rangeOf(
  asked: Asking,
  state: Validators,
  size: number,
  now: number,
): ByteRange | "all" | "none" {
  const field = asked.method === "GET" ? asked.header("range") : undefined;
  if (field === undefined || !isRangeWanted(asked, state, now)) return "all";
  return selectRange(field, size);
}

function stateOf(
  { size, mtime }: Deno.FileInfo,
  { coding }: Described,
  now: number,
): Validators {
  if (mtime === null) return {};
  const changed = mtime.getTime();
  const opaque = [size.toString(16), changed.toString(16), coding ?? []].flat()
    .join("-");
  const etag: EntityTag = { weak: now - changed < YOUNG, opaque };
  return { etag, lastModified: Math.min(changed, now) };
}

/** What a 304 has as well as a 200 (RFC 9110 §15.4.5). */
function fieldsOf(
  { etag, lastModified }: Validators,
  { cacheControl, vary }: Described,
  now: number,
): Fields {
  const headers = new Fields();
  if (lastModified !== undefined) {
    headers.set("last-modified", imfDate(lastModified));
    // The writer's clock may be a second behind, and no date is later than it.
    if (now - lastModified < YOUNG) headers.set("date", imfDate(now));
  }
  if (etag !== undefined) headers.set("etag", writeEntityTag(etag));
  if (cacheControl !== undefined) headers.set("cache-control", cacheControl);
  if (vary !== undefined) headers.set("vary", vary);
  return headers;
}

function notModified(
  headers: Fields,
  described: Described,
  size: number,
): Answer {
  const answer = new Answer(304, null, undefined, headers);
  const whole = new Fields(headers);
  describe(whole, described);
  whole.set("content-length", `${size}`);
  Answer.spare(answer, whole);
  return answer;
}

/** What only those have who get content, or would. */
function describe(
  headers: Fields,
  { type, coding, disposition }: Described,
): void {
  headers.set("content-type", type);
  if (coding !== undefined) headers.set("content-encoding", coding);
  if (disposition !== undefined) {
    headers.set("content-disposition", disposition);
  }
}

function failed(): HttpError {
  return new HttpError(412, "The file is not in the state that was asked for");
}

function outside(size: number): HttpError {
  return new HttpError(416, "The file has nothing in that range", {
    headers: {
      "accept-ranges": "bytes",
      "content-range": unsatisfiedRange(size),
    },
  });
}
