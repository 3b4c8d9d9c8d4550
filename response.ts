/**
 * What a handler gives back, described and not yet sent.
 *
 * Whatever a handler returns becomes an {@linkcode Answer}: a status, fields
 * and a body. Middleware sees and changes it there; `writer.ts` turns it into
 * bytes and alone decides on framing.
 *
 * The order of the tests in {@linkcode toAnswer} is the contract: a string is
 * text, bytes are bytes, a `Response` is sent as it is, what can be iterated
 * streams, data is JSON, nothing is 204, and anything else is a mistake.
 *
 * @module
 */

import { Answer } from "./response/answer.ts";
import {
  BYTES,
  HTML,
  type Streamed,
  type Take,
  TEXT,
  Upgrade,
} from "./response/body.ts";
import { Fields, type FieldsInit } from "./wire/fields.ts";
import { Html } from "./wire/html.ts";
import { HtmlPieces } from "./wire/html_pieces.ts";

const SENDABLE = "return text, bytes, data, a Response, a stream or nothing";
const JSON_TYPE = "application/json";

/**
 * What a handler returned, as an answer.
 *
 * @throws {TypeError} when the value is of a kind that cannot be sent
 */
export function toAnswer(result: unknown): Answer {
  if (typeof result === "string") return new Answer(200, result, TEXT);
  if (result === undefined) return new Answer(204, null);
  if (typeof result === "object" && result !== null) return fromObject(result);
  if (
    typeof result === "number" || typeof result === "boolean" || result === null
  ) {
    return json(result);
  }
  throw new TypeError(`Cannot answer with a ${typeof result}: ${SENDABLE}`);
}

function fromObject(result: object): Answer {
  if (result instanceof Answer) return result;
  if (Array.isArray(result) || isPlainObject(result)) return fromData(result);
  if (result instanceof Html) return fromHtml(result);
  if (ArrayBuffer.isView(result) || isBuffer(result)) {
    return new Answer(200, bytesIn(result), BYTES);
  }
  if (result instanceof Response) return fromResponse(result);
  if (result instanceof Blob) {
    return new Answer(200, result, result.type || BYTES);
  }
  if (result instanceof URLSearchParams || result instanceof FormData) {
    return fromResponse(new Response(result));
  }
  if (result instanceof Upgrade) return new Answer(101, result);
  return fromPieces(result);
}

/** What waits for nothing is text; the rest is sent while it waits. */
function fromHtml(page: Html): Answer {
  const parts = Html.partsOf(page);
  if (typeof parts === "string") return new Answer(200, parts, HTML);
  const answer = new Answer(200, new HtmlPieces(parts), HTML);
  // What is known is sent; where that is nothing, what is waited for may fail.
  const first = parts.find((part) => part !== "");
  if (typeof first !== "string") Answer.hold(answer);
  return answer;
}

function isBuffer(value: object): value is ArrayBuffer | SharedArrayBuffer {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

/** The bytes of a buffer or a view; a copy where somebody else may write to it. */
function bytesIn(
  value: ArrayBufferView | ArrayBuffer | SharedArrayBuffer,
): Uint8Array {
  const view = ArrayBuffer.isView(value);
  const buffer = view ? value.buffer : value;
  if ("detached" in buffer && buffer.detached) {
    throw new TypeError("Cannot answer with bytes that were transferred away");
  }
  const bytes = value instanceof Uint8Array
    ? value
    : view
    ? new Uint8Array(buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(buffer);
  return buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}

/** A plain object is data, unless it was made to be iterated. */
function fromData(result: object): Answer {
  if (Symbol.asyncIterator in result) {
    return new Answer(200, result as Streamed);
  }
  return json(result);
}

function fromPieces(result: object): Answer {
  if (result instanceof ReadableStream) return new Answer(200, result, BYTES);
  // Text or bytes: the first piece will tell.
  if (Symbol.asyncIterator in result) {
    return new Answer(200, result as Streamed);
  }
  if (isGenerator(result)) return new Answer(200, each(result));
  const name = result.constructor?.name || "an unnamed class";
  throw new TypeError(
    result instanceof Error
      ? `Cannot answer with a returned ${name}: throw it`
      : `Cannot answer with an instance of ${name}: ${SENDABLE}`,
  );
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isGenerator(value: object): value is Generator<string | Uint8Array> {
  return Symbol.iterator in value && "next" in value &&
    typeof value.next === "function";
}

async function* each(pieces: Iterable<string | Uint8Array>): Streamed {
  yield* pieces;
}

/** A `Response` as it is: its fields, its body, its status. */
function fromResponse(response: Response): Answer {
  if (response.bodyUsed || response.body?.locked) {
    throw new TypeError("Cannot answer with a Response whose body was read");
  }
  if (response.status < 200) {
    throw new TypeError(
      response.status === 101
        ? "Cannot answer with a Response of 101: return upgrade()"
        : "Cannot answer with Response.error(): throw an HttpError",
    );
  }
  const headers = new Fields(response.headers);
  if (wasDecoded(response)) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return new Answer(response.status, response.body, undefined, headers);
}

/**
 * Whether `fetch` has undone the coding of the content and left the fields that
 * speak of it. What comes from the network is told by its URL.
 */
function wasDecoded({ url, body, headers }: Response): boolean {
  return url !== "" && body !== null &&
    /^(gzip|br)$/i.test(headers.get("content-encoding") ?? "");
}

/** What {@linkcode json} takes beside its value. */
export interface AnswerInit {
  /** The status; default 200. */
  readonly status?: number;
  /** Fields of the answer. */
  readonly headers?: HeadersInit;
}

/**
 * An answer in JSON with a status or fields of its own. Without these, return
 * the value itself.
 *
 * @throws {TypeError} when the value has no JSON form, as a cycle, or `init` is no
 *   object
 *
 * @example
 * ```ts
 * import { json } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = json({ id: 7 }, { status: 201 });
 * assertEquals([answer.status, answer.body], [201, '{"id":7}']);
 * ```
 */
export function json(value: unknown, init: AnswerInit = {}): Answer {
  if (typeof init !== "object" || init === null) {
    throw new TypeError(
      `Cannot answer in JSON with ${init}: status and headers go in an object, ` +
        "as { status: 404 }",
    );
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) {
    throw new TypeError(
      `Cannot answer in JSON: what was given, a ${typeof value}, has no such form`,
    );
  }
  return new Answer(
    init.status ?? 200,
    text,
    JSON_TYPE,
    init.headers && new Fields(init.headers as FieldsInit),
  );
}

/**
 * Sends the client elsewhere: 303 See Other, so that a form that was posted is
 * followed by a GET, or the status given (RFC 9110 §15.4).
 *
 * `location` is a URL or a path, relative ones too; what a URL cannot carry as
 * it is, as spaces and letters beyond ASCII, is percent-encoded.
 *
 * @throws {RangeError} when the status is no redirection
 *
 * @example
 * ```ts
 * import { redirect } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = redirect("/songs");
 * assertEquals([answer.status, answer.headers.get("location")], [303, "/songs"]);
 * ```
 */
export function redirect(location: string | URL, status = 303): Answer {
  if (![301, 302, 303, 307, 308].includes(status)) {
    throw new RangeError(`Cannot redirect with the status ${status}`);
  }
  const headers = new Fields();
  headers.set("location", uriReference(String(location)));
  return new Answer(status, null, undefined, headers);
}

/** Percent-encodes what no URI reference has; leaves escapes as they are. */
function uriReference(text: string): string {
  return Array.from(text, (c) => {
    const code = c.charCodeAt(0);
    return code > 0x20 && code < 0x7F && !'"<>\\^`{|}'.includes(c)
      ? c
      : encodeURIComponent(c.toWellFormed());
  }).join("");
}

/**
 * Hands the connection over: answers 101 Switching Protocols and then calls
 * `take` with the transport (RFC 9110 §7.8). For CONNECT the answer is 200.
 *
 * A client that did not ask for `protocol` is answered 426 Upgrade Required.
 * The connection is counted and drained by the server until `take` settles.
 *
 * @throws {TypeError} when the protocol is not a token, with `/version` at most
 *
 * @example
 * ```ts
 * import { Router, upgrade } from "@no8/wire";
 * import { converse } from "@no8/wire/testing";
 * import { assertMatch } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/echo", () =>
 *   upgrade("echo", async (transport, early) => {
 *     await transport.write(early);
 *   }));
 *
 * const asked = "GET /echo HTTP/1.1\r\nHost: a\r\n" +
 *   "Connection: upgrade\r\nUpgrade: echo\r\n\r\n";
 * const said = await converse(app, asked + "hello");
 * assertMatch(said, /^HTTP\/1.1 101 [^]*\r\n\r\nhello$/);
 * ```
 */
export function upgrade(protocol: string, take: Take): Upgrade {
  if (
    !/^[\w!#$%&'*+.^`|~-]{1,64}(\/[\w!#$%&'*+.^`|~-]{1,64})?$/.test(protocol)
  ) {
    throw new TypeError(
      `Cannot upgrade to "${protocol}": it is no protocol name`,
    );
  }
  return new Upgrade(protocol, take);
}
