/**
 * Codes the content of answers, so that it is shorter on its way.
 *
 * ```text
 *   Accept-Encoding: gzip, br ─┐
 *   the answer's type ─────────┼─▶ nothing, or   Content-Encoding: br
 *   its length, its fields ────┘                 Vary: Accept-Encoding
 *                                                ETag: W/"…"
 * ```
 *
 * | coded is                                   | left as it is                            |
 * | ------------------------------------------ | ---------------------------------------- |
 * | what gains: text, JSON, XML, scripts …     | pictures, films, archives                |
 * | whole content from 1 KiB on, and streams   | less; a stream that ends within its first piece counts as whole |
 * | answers of any status that have content    | 206 and whatever has `Content-Range`     |
 * |                                            | what has `Content-Encoding` already      |
 * |                                            | `Cache-Control: no-transform`, digests   |
 *
 * Among the codings that the client likes equally it is zstd, br, gzip, deflate:
 * zstd makes content as short as br does in a third of the time. HEAD is answered
 * with the fields of GET. Up to 64 KiB are coded at once; what is longer, and
 * every stream, is coded as it is sent: without `Content-Length`, flushed whenever
 * the source lets wait (so events arrive), and with turns for others in between.
 *
 * **Tags.** A coded answer is another representation, so a strong ETag becomes a
 * weak one, and `Accept-Ranges` goes (RFC 9110 §8.8.1, §14.3). A 304 of `etag()` or
 * of a file has the tag and the `Vary` of what would have been sent. Put `etag()`
 * inside of this.
 *
 * **Where.** Around all that makes content, inside of what logs or counts bytes.
 *
 * **BREACH.** Who can make a page say what he likes beside a secret, and can
 * see how long the page is on its way, can guess the secret letter by letter. Do
 * not code what shows both: answer with `Cache-Control: no-transform`, or mask
 * the secret anew each time.
 *
 * The one surprise: a client that refuses `identity` and takes no coding that
 * there is gets 406 for GET and HEAD; what other methods have done is done, and
 * they are answered as they would be.
 *
 * RFC 9110 §8.4 and §12.5.3.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { FIXED } from "../limits.ts";
import type { Context } from "../request.ts";
import { Answer } from "../response/answer.ts";
import {
  type Body,
  discard,
  Fetched,
  isStream,
  isStreamed,
  lengthOf,
  NOT_SENT,
  Pieces,
  type Streamed,
  Upgrade,
} from "../response/body.ts";
import type { Middleware } from "../router/types.ts";
import { mergeLines } from "../routing/merge.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { acceptedCodings } from "../wire/accept_encoding.ts";
import {
  isStronglyEqual,
  parseEntityTag,
  parseEntityTags,
} from "../wire/etag.ts";
import { Fields } from "../wire/fields.ts";
import { gains } from "../wire/gains.ts";
import { listMembers } from "../wire/list.ts";
import { declaredLength } from "../writer.ts";
import { coded, TURNS } from "./compress/coded.ts";
import {
  type Coder,
  type Coding,
  CODINGS,
  loadCoders,
} from "./compress/coders.ts";

/** What {@linkcode compress} may be told. */
export interface CompressOptions {
  /**
   * The codings to choose from, the one that is preferred first; default
   * `["zstd", "br", "gzip", "deflate"]`, as far as the platform has them.
   */
  readonly codings?: readonly Coding[];
  /** Bytes from which on it is worth it, where they are known; default 1,024. */
  readonly threshold?: number;
  /** Whether a media type gains, its parameters included; default: what is known to. */
  readonly gains?: (type: string) => boolean;
}

const OPTIONS: Kinds<CompressOptions> = {
  codings: ["a list"],
  threshold: ["a number"],
  gains: ["a function"],
};

/** Content of up to so many bytes is coded at once, which takes a millisecond. */
const AT_ONCE: number = FIXED.codedAtOnce.default;

/** Fields that speak of these very bytes, or forbid to change them. */
const FIXED_BY = [
  "content-encoding",
  "content-range",
  "content-digest",
  "repr-digest",
  "digest",
  "content-md5",
] as const;

const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array(0);

/**
 * Middleware that codes content by what the client accepts: zstd, br, gzip or
 * deflate.
 *
 * @throws {TypeError} when a coding is none of these, or an option is not known or of
 *   another kind
 * @throws {RangeError} when the threshold is no number from 0
 *
 * @example
 * ```ts
 * import { compress, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(compress());
 * app.get("/", () => "Hello. ".repeat(1_000));
 *
 * const headers = { "accept-encoding": "gzip" };
 * const answer = await app.request("/", { headers });
 * assertEquals(answer.headers.get("content-encoding"), "gzip");
 *
 * const plain = answer.body!.pipeThrough(new DecompressionStream("gzip"));
 * assertEquals((await new Response(plain).text()).length, 7_000);
 * ```
 */
export function compress(options: CompressOptions = {}): Middleware {
  const settings = resolved(options);
  return async function compress(c, next) {
    const answer = await next();
    if (answer.status === 304) await conditional(c, answer, settings);
    else if (answer.status === 206) partial(answer, settings);
    else if (mayBeCoded(c, answer)) await negotiate(c, answer, settings);
  };
}

type Settings = Required<CompressOptions>;
type Stream = Streamed | ReadableStream<Uint8Array>;

function resolved(options: CompressOptions): Settings {
  checkOptions("compress", options, OPTIONS);
  const { codings = CODINGS, threshold = 1024 } = options;
  for (const coding of codings) {
    if (CODINGS.includes(coding)) continue;
    throw new TypeError(
      `Cannot compress with "${coding}": the codings are ${CODINGS.join(", ")}`,
    );
  }
  if (!(threshold >= 0)) {
    throw new RangeError(
      `Cannot compress from ${threshold} bytes on: it is a number from 0`,
    );
  }
  return { codings: [...codings], threshold, gains: options.gains ?? gains };
}

/** A 304 has the tag and the Vary that the 200 would have (RFC 9110 §15.4.5). */
async function conditional(
  c: Context,
  answer: Answer,
  settings: Settings,
): Promise<void> {
  const fields = Answer.spared(answer);
  if (!fields?.has("content-type")) return conditionalByHand(c, answer);
  const whole = new Answer(200, null, undefined, fields);
  if (!isFree(whole)) return;
  const field = c.header("accept-encoding");
  if (!refusesIdentity(field) && !mayGain(whole, settings)) return;
  const coder = await choose(field, settings.codings);
  if (coder === undefined) return refuse(c, whole);
  vary(answer.headers);
  if (coder !== "identity" && !holdsPlain(c, fields)) weaken(answer.headers);
}

/** Whether the client has the content as it is, which then did not get shorter. */
function holdsPlain(c: Context, fields: Fields): boolean {
  const tag = parseEntityTag(fields.get("etag") ?? "");
  const held = parseEntityTags(c.header("if-none-match") ?? "");
  return tag !== undefined && held !== "*" &&
    held.some((one) => isStronglyEqual(one, tag));
}

/** Of a 200 that nobody knows, the client may have what was coded. */
function conditionalByHand(c: Context, { headers }: Answer): void {
  vary(headers);
  const tag = headers.get("etag");
  if (tag === null || !tag.startsWith('"')) return;
  if (c.header("if-none-match")?.includes(`W/${tag}`)) weaken(headers);
}

/** The whole might have been coded, and have said so (RFC 9110 §15.3.7). */
function partial(answer: Answer, settings: Settings): void {
  const fields = new Fields(answer.headers);
  const size = /\/(\d+)$/.exec(fields.get("content-range") ?? "")?.[1];
  fields.delete("content-range");
  fields.delete("content-length");
  if (size !== undefined) fields.set("content-length", size);
  const whole = new Answer(200, null, undefined, fields);
  if (isFree(whole) && mayGain(whole, settings)) vary(answer.headers);
}

/** Whether there is content that nothing fixes as it is. */
function mayBeCoded(c: Context, answer: Answer): boolean {
  const { status, body } = answer;
  if (body instanceof Upgrade) return false;
  // A HEAD of a file has the length of a content that was not even opened.
  if (body === null && (c.method !== "HEAD" || !knownLength(answer))) {
    return false;
  }
  return status !== 204 && status !== 205 && isFree(answer);
}

/** Whether nothing fixes the content as it is. */
function isFree(answer: Answer): boolean {
  if (Answer.isPlain(answer)) return true;
  const { headers } = answer;
  return !FIXED_BY.some((name) => headers.has(name)) &&
    !forbidsChange(headers.get("cache-control"));
}

/** RFC 9111 §5.2.2.6. */
function forbidsChange(control: string | null): boolean {
  return control !== null &&
    listMembers(control.toLowerCase(), 32).includes("no-transform");
}

async function negotiate(
  c: Context,
  answer: Answer,
  settings: Settings,
): Promise<void> {
  const field = c.header("accept-encoding");
  const forced = refusesIdentity(field);
  if (!forced && !mayGain(answer, settings)) return;
  const coder = await choose(field, settings.codings);
  if (coder === "identity") return vary(answer.headers);
  if (coder === undefined) return refuse(c, answer);
  const { body } = answer;
  if (body instanceof Fetched) fetchShort(c, answer, body);
  else if (isStream(body)) await open(c, answer, body);
  if (!forced && !(Answer.isTyped(answer) && mayGain(answer, settings))) return;
  vary(answer.headers);
  code(answer, coder, forced);
}

/** Only who gives weights can refuse to take content as it is. */
function refusesIdentity(field: string | undefined): boolean {
  return field !== undefined && field.includes(";") &&
    acceptedCodings(field, ["identity"]).length === 0;
}

/** By what is known so far: a stream may tell its type, or its end, with its first piece. */
function mayGain(answer: Answer, { threshold, gains }: Settings): boolean {
  const { body } = answer;
  // At most three bytes a character, so that short text need not be encoded.
  if (typeof body === "string" && body.length * 3 < threshold) return false;
  const length = knownLength(answer);
  if (length !== undefined && length < threshold) return false;
  if (!Answer.isTyped(answer)) return isStreamed(body);
  return gains(answer.headers.get("content-type") ?? "");
}

/** The length of the content in bytes where it is known. */
function knownLength(answer: Answer): number | undefined {
  const { body } = answer;
  const length = body === null ? undefined : lengthOf(body);
  if (length !== undefined || Answer.isPlain(answer)) return length;
  return declaredLength(answer.headers.lines);
}

/** The best coding that the client takes, `undefined` where it takes nothing. */
async function choose(
  field: string | undefined,
  codings: readonly Coding[],
): Promise<[Coding, Coder] | "identity" | undefined> {
  const accepted = acceptedCodings(field, [...codings, "identity"]);
  const [best] = accepted;
  if (best === undefined || best === "identity") return best;
  const coders = await loadCoders();
  for (const name of accepted) {
    if (name === "identity") return name;
    const coder = coders.get(name);
    if (coder !== undefined) return [name, coder];
  }
  return undefined;
}

/** RFC 9110 §15.5.7; what has had an effect is not answered as if it had not. */
function refuse(c: Context, { status, body, headers }: Answer): void {
  const safe = c.method === "GET" || c.method === "HEAD";
  if (!safe || status >= 300) return vary(headers);
  discard(body);
  vary(c.headers);
  throw new HttpError(406, "There is no content coding that the client takes");
}

/** What is coded at once is fetched at once; a HEAD has the length without. */
function fetchShort({ method }: Context, answer: Answer, body: Fetched): void {
  if (method === "HEAD" || body.length > AT_ONCE) return;
  const bytes = new Uint8Array(body.length);
  body.fill(bytes);
  answer.body = bytes;
}

/**
 * Looks at the first pieces of a stream: they tell its type where it has none, and
 * whether it is one in name alone, as the body of `new Response("Hello")`.
 */
async function open(c: Context, answer: Answer, body: Stream): Promise<void> {
  const pieces = new Pieces(body);
  let found = await pieces.soon(TURNS);
  if (found === undefined && !pieces.typed && !Answer.isTyped(answer)) {
    found = await firstOf(c, pieces);
  }
  Answer.suggestType(answer, pieces.type);
  let first: Uint8Array | undefined;
  if (found instanceof Uint8Array) {
    // A copy: its source may use the bytes for the next one.
    first = new Uint8Array(pieces.take()!);
    found = await pieces.soon(TURNS);
  }
  answer.body = found === "end" ? first ?? NOTHING : rest(first, pieces);
}

/** As the connection does, it waits for the type, unless nobody waits for content. */
async function firstOf(
  c: Context,
  pieces: Pieces,
): Promise<Uint8Array | "end" | undefined> {
  if (c.method === "HEAD") return undefined;
  const { signal } = c;
  const stop = () => pieces.stop(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  // Who has left already fires nothing any more.
  if (signal.aborted) stop();
  const found = await pieces.soon(Infinity);
  signal.removeEventListener("abort", stop);
  return found;
}

/** A stream of which the first piece was taken. */
function rest(first: Uint8Array | undefined, pieces: Pieces): Streamed {
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const piece = first;
    first = undefined;
    if (piece !== undefined) return { done: false, value: piece };
    const found = await pieces.soon(Infinity);
    return found === "end" || found === undefined
      ? { done: true, value: undefined }
      : { done: false, value: pieces.take()! };
  };
  const stop = (): Promise<IteratorResult<Uint8Array>> => {
    pieces.stop(NOT_SENT);
    return Promise.resolve({ done: true, value: undefined });
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: stop }) };
}

function code(
  answer: Answer,
  [name, coder]: [Coding, Coder],
  forced: boolean,
): void {
  const { body, headers } = answer;
  const whole = typeof body === "string" ? ENCODER.encode(body) : body;
  if (whole instanceof Uint8Array && whole.length <= AT_ONCE) {
    const shorter = coder.whole(whole);
    if (shorter.length >= whole.length && !forced) return;
    answer.body = shorter;
  } else {
    const content = (whole ?? NOTHING) as Exclude<Body, null | Upgrade>;
    answer.body = coded(coder, new Pieces(content));
  }
  headers.set("content-encoding", name);
  headers.delete("content-length");
  headers.delete("accept-ranges");
  weaken(headers);
}

function vary(headers: Fields): void {
  mergeLines(headers, ["vary", "accept-encoding"], true);
}

/** The octets are others, and mean the same (RFC 9110 §8.8.1). */
function weaken(headers: Fields): void {
  const tag = headers.get("etag");
  if (tag !== null && tag.startsWith('"')) headers.set("etag", `W/${tag}`);
}
