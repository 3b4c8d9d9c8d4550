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

import { Fault, HttpError } from "./errors.ts";
import type { Transport } from "./messages.ts";
import { preferred } from "./wire/accept.ts";
import { Fields, type FieldsInit } from "./wire/fields.ts";
import { escapeHtml, Html } from "./wire/html.ts";
import { reasonOf } from "./wire/status.ts";

/** Bytes or text that come one after the other. */
export type Streamed = AsyncIterable<string | Uint8Array>;

/** What an answer may carry. `null` is no content at all. */
export type Body =
  | null
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | Streamed
  | Upgrade;

/**
 * Takes a connection over after the answer's head has been sent. `early` is
 * what the client had sent behind its request, already read. The connection
 * stays counted and is closed when the promise settles.
 */
export type Take = (
  transport: Transport,
  early: Uint8Array,
) => void | Promise<void>;

/** The hand-over of a connection to another protocol; see {@linkcode upgrade}. */
export class Upgrade {
  /** The name of the protocol, as in `Upgrade: websocket`. */
  readonly protocol: string;
  /** Who has the connection from now on. */
  readonly take: Take;

  /** A hand-over to `take`. */
  constructor(protocol: string, take: Take) {
    this.protocol = protocol;
    this.take = take;
  }
}

/**
 * An answer: status, fields and body, all of which a middleware may change.
 *
 * @example
 * ```ts
 * import { Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(async (_c, next) => {
 *   const answer = await next();
 *   answer.headers.set("x-powered-by", "wire");
 *   return answer;
 * });
 * app.get("/", () => "Hello");
 *
 * const answer = await app.request("/");
 * assertEquals(answer.headers.get("x-powered-by"), "wire");
 * ```
 */
export class Answer {
  /** The status, 200 to 599. */
  status: number;
  /** What is sent as the content. */
  body: Body;
  /** The media type that goes out unless `headers` names another. */
  #type: string | undefined;
  #headers: Fields | undefined;

  /** An answer; `type` is the media type unless `headers` has one. */
  constructor(status: number, body: Body, type?: string, headers?: Fields) {
    this.status = status;
    this.body = body;
    this.#type = type;
    this.#headers = headers;
  }

  /** The fields of the answer; framing fields are the writer's. */
  get headers(): Fields {
    this.#headers ??= new Fields();
    if (this.#type !== undefined) {
      if (!this.#headers.has("content-type")) {
        this.#headers.set("content-type", this.#type);
      }
      this.#type = undefined;
    }
    return this.#headers;
  }

  /** The media type where it is the only field there is, for the fast path. */
  static soleType(answer: Answer): string | undefined {
    return answer.#headers === undefined ? answer.#type : undefined;
  }

  /** Gives the answer a media type unless it has one. */
  static suggestType(answer: Answer, type: string | undefined): void {
    if (type === undefined) return;
    if (answer.#headers === undefined) answer.#type ??= type;
    else if (!answer.#headers.has("content-type")) {
      answer.#headers.set("content-type", type);
    }
  }

  /** Whether there are no fields beside the type. */
  static isPlain(answer: Answer): boolean {
    return answer.#headers === undefined;
  }

  /** The same as a standard `Response`. */
  toResponse(): Response {
    const { body, status } = this;
    if (body instanceof Upgrade) {
      throw new TypeError("Cannot make a Response of an upgrade");
    }
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(
      empty
        ? null
        : isStreamed(body) || body instanceof ReadableStream
        ? ReadableStream.from(encoded(body))
        : body as BodyInit | null,
      { status, headers: [...this.headers] },
    );
  }
}

const ENCODER = new TextEncoder();

/**
 * A body as it is sent: pieces of bytes, one after the other, of which the next
 * may be looked at before it is taken.
 */
export class Pieces {
  /** The length in bytes where it is known before the first piece. */
  readonly length: number | undefined;
  /** The media type that the first piece tells, for bodies that have none. */
  type: string | undefined;
  readonly #source: AsyncIterator<string | Uint8Array> | Iterator<Uint8Array>;
  readonly #cancel: ((reason: unknown) => unknown) | undefined;
  readonly #told: boolean;
  #next: Promise<void> | undefined;
  #found: { readonly piece: Uint8Array | undefined } | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;

  constructor(body: Exclude<Body, null | Upgrade>) {
    this.#told = !isStreamed(body);
    if (typeof body === "string" || body instanceof Uint8Array) {
      const bytes = typeof body === "string" ? ENCODER.encode(body) : body;
      this.length = bytes.length;
      this.#source = [bytes].values();
    } else if (isStreamed(body)) {
      this.#source = body[Symbol.asyncIterator]();
      this.#cancel = () => this.#source.return?.();
    } else {
      this.length = body instanceof Blob ? body.size : undefined;
      const stream = body instanceof Blob ? body.stream() : body;
      const reader = stream.getReader();
      this.#source = {
        next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
      };
      this.#cancel = (reason) => reader.cancel(reason);
    }
  }

  /**
   * The next piece if it is there within so many turns of the microtask queue,
   * `"end"` if there is none, `undefined` if it lets wait.
   *
   * @throws whatever the source threw
   */
  async soon(turns: number): Promise<Uint8Array | "end" | undefined> {
    if (this.#ended) return "end";
    this.#next ??= this.#pull();
    if (turns === Infinity) await this.#next;
    for (let turn = 0; turn < turns && !this.#found && !this.#failure; turn++) {
      await null;
    }
    if (this.#failure) throw this.#failure.error;
    return this.#found && (this.#found.piece ?? "end");
  }

  /** Takes the piece that was looked at. */
  take(): Uint8Array | undefined {
    if (this.#failure) throw this.#failure.error;
    const piece = this.#found?.piece;
    this.#next = this.#found = undefined;
    return piece;
  }

  /** Tells the source that no more is wanted, and does not wait for it. */
  stop(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const ignore = () => {};
    try {
      Promise.resolve(this.#cancel?.(reason)).catch(ignore);
    } catch {
      // A source that cannot be told will find out by itself.
    }
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = await this.#source.next();
      this.#ended ||= done === true;
      this.#found = {
        piece: this.#ended ? undefined : this.#bytesOf(value),
      };
    } catch (error) {
      this.#failure = { error };
    }
  }

  #bytesOf(piece: unknown): Uint8Array {
    if (!this.#told) {
      this.type ??= piece instanceof Html
        ? HTML
        : typeof piece === "string"
        ? TEXT
        : BYTES;
    }
    return bytesOf(piece);
  }
}

function bytesOf(piece: unknown): Uint8Array {
  if (typeof piece === "string") return ENCODER.encode(piece);
  if (piece instanceof Uint8Array) return piece;
  if (piece instanceof Html) return ENCODER.encode(piece.toString());
  throw new TypeError(
    "Cannot send a piece that is neither a string nor a Uint8Array",
  );
}

async function* encoded(
  pieces: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield bytesOf(piece);
  }
}

/** Whether a body is neither text, bytes nor a platform object. */
function isStreamed(body: Body): body is Streamed {
  return typeof body === "object" && body !== null &&
    !(body instanceof ReadableStream) && Symbol.asyncIterator in body;
}

const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const BYTES = "application/octet-stream";
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
  throw new TypeError(`Cannot answer with a ${typeof result}`);
}

function fromObject(result: object): Answer {
  if (result instanceof Answer) return result;
  if (Array.isArray(result) || isPlainObject(result)) return fromData(result);
  if (result instanceof Html) return new Answer(200, result.toString(), HTML);
  if (result instanceof Uint8Array) return new Answer(200, result, BYTES);
  if (ArrayBuffer.isView(result)) {
    const { buffer, byteOffset, byteLength } = result;
    return new Answer(
      200,
      new Uint8Array(buffer, byteOffset, byteLength),
      BYTES,
    );
  }
  if (result instanceof ArrayBuffer) {
    return new Answer(200, new Uint8Array(result), BYTES);
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
  throw new TypeError(
    `Cannot answer with an instance of ${
      result.constructor?.name || "an unnamed class"
    }`,
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
  return new Answer(
    response.status,
    response.body,
    undefined,
    new Fields(response.headers),
  );
}

/** What {@linkcode json} and {@linkcode redirect} take beside their subject. */
export interface AnswerInit {
  /** The status. */
  readonly status?: number;
  /** Fields of the answer. */
  readonly headers?: HeadersInit;
}

/**
 * An answer in JSON with a status or fields of its own. Without these, return
 * the value itself.
 *
 * @throws {TypeError} when the value has no JSON form, as a cycle
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
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) {
    throw new TypeError(`Cannot write a ${typeof value} as JSON`);
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
 * ```ts ignore
 * app.get("/echo", () =>
 *   upgrade("echo", async (transport, early) => {
 *     await transport.write(early);
 *   }));
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

const PROBLEM = "application/problem+json";
const OFFERS = [
  PROBLEM,
  "application/json",
  "text/html",
  "text/plain",
] as const;

/**
 * An error as the client may see it: a problem document (RFC 9457), a page or
 * text, by what it accepts.
 *
 * What an {@linkcode HttpError} of 4xx says is for the client. Any other error
 * is a 500 without a word of the inside, unless in development.
 */
export function renderError(
  error: unknown,
  accept: string | undefined,
  development: boolean,
): Answer {
  const { status, detail } = disclosed(error, development);
  const headers = new Fields(
    error instanceof HttpError ? error.headers : undefined,
  );
  headers.append("vary", "accept");
  const type = preferred(accept, OFFERS) ?? PROBLEM;
  const title = reasonOf(status);
  if (type === "text/html") {
    return new Answer(status, page(status, title, detail), HTML, headers);
  }
  if (type === "text/plain") {
    const text = detail === ""
      ? `${status} ${title}\n`
      : `${status} ${title}: ${detail}\n`;
    return new Answer(status, text, TEXT, headers);
  }
  const problem = {
    type: "about:blank",
    title,
    status,
    ...(detail && { detail }),
  };
  const shown = error instanceof HttpError && (status < 500 || development);
  const text = documentOf(problem, shown ? error.details : undefined);
  return new Answer(status, text, PROBLEM, headers);
}

/** Details are the application's; where they have no JSON form, they are left out. */
function documentOf(problem: object, details: object | undefined): string {
  try {
    return JSON.stringify({ ...details, ...problem });
  } catch {
    return JSON.stringify(problem);
  }
}

function disclosed(
  error: unknown,
  development: boolean,
): { status: number; detail: string } {
  const status = error instanceof HttpError ? error.status : 500;
  if (error instanceof HttpError && status < 500) {
    const rule = error instanceof Fault ? ` (${error.rule})` : "";
    return { status, detail: error.message + rule };
  }
  if (!development) return { status, detail: "" };
  const detail = error instanceof Error
    ? error.stack ?? error.message
    : textOf(error);
  return { status, detail };
}

function page(status: number, title: string, detail: string): string {
  const said = detail && `<pre>${escapeHtml(detail)}</pre>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status} ${escapeHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui;margin:12vh auto;max-width:40rem;padding:0 1rem}pre{white-space:pre-wrap;color:#555;font:inherit}</style>
<h1>${status} ${escapeHtml(title)}</h1>
${said}</html>
`;
}

/** `String()` calls code of the thrown object, which may throw in turn. */
function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an object without a text";
  }
}
