/**
 * What a handler is given beside its input: the {@linkcode Context}.
 *
 * It is built for each request and builds nothing that is not asked for. The
 * plain members (`method`, `path`, `header()`, `json()` …) read the parsed head
 * and pull the content; the standard objects (`request`, `url`, `signal`) are
 * made on first use. The other half is the answer's: `status`, `headers` and
 * `cookies` are merged into whatever the handler returns.
 *
 * ```text
 *   socket ◀─pull─ ContentSource ◀─pull─ Content ◀─── bytes() text() json() …
 *                  (knows framing)      (knows limit)  content (lends views)
 *                                                      request.body
 * ```
 *
 * Content is pulled, never pushed: until one of those readers asks, nothing
 * behind the head is taken from the socket. It is read once and kept, so a
 * middleware that looked at it does not take it from the handler.
 *
 * @module
 */

import { Fault } from "./errors.ts";
import type {
  Address,
  ContentSource,
  Exchange,
  RequestHead,
  RouteInfo,
  TrailerValue,
} from "./messages.ts";
import { type Accepts, acceptsOf } from "./request/accepts.ts";
import { Content, NO_CONTENT } from "./request/content.ts";
import { Cookies } from "./request/cookies.ts";
import {
  boundaryFor,
  requireForm,
  requireJson,
  requireText,
} from "./request/described.ts";
import { formDataOf, readPairs, readParts } from "./request/form.ts";
import { type Forwarding, forwardingOf } from "./request/forwarding.ts";
import { parseJson } from "./request/json.ts";
import { handled } from "./request/handled.ts";
import { type HintInit, hintLines } from "./request/hints.ts";
import { type Part, Parts } from "./request/parts.ts";
import { FetchHead, sourceOf } from "./request/platform.ts";
import { decoderFor, decodeUtf8 } from "./request/text.ts";
import { trailerName, trailersOf } from "./request/trailers.ts";
import { Fields } from "./wire/fields.ts";
import { parseForm } from "./wire/form.ts";
import { MULTIPART, URLENCODED } from "./wire/form_type.ts";
import { normalPath } from "./wire/path.ts";
import { earlyHints } from "./writer.ts";

/** The answer that a context's headers and status go to, once there is one. */
interface Draft {
  status: number;
  readonly headers: Fields;
}

/** What became of a request, as far as its context is told. */
export interface Outcome {
  /** The answer that went out, or began to; `undefined` where none did. */
  readonly answer: unknown;
  /** Why not all of it did. */
  readonly cut: "left" | "broken" | undefined;
  /** Whether the request is over. */
  readonly over: boolean;
}

/**
 * What the server adds to a request for its handler.
 *
 * @example
 * ```ts
 * import { Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/agent", (_input, c) => {
 *   c.headers.set("cache-control", "no-store");
 *   return c.header("user-agent") ?? "nobody";
 * });
 *
 * const answer = await app.request("/agent", { headers: { "user-agent": "me" } });
 * assertEquals(await answer.text(), "me");
 * assertEquals(answer.headers.get("cache-control"), "no-store");
 * ```
 */
export class Context {
  #route: RouteInfo | undefined;
  #patience: number | undefined;
  readonly #head: RequestHead;
  readonly #exchange: Exchange;
  readonly #source: ContentSource;
  #content: Content | undefined;
  #json: Promise<unknown> | undefined;
  #form: Promise<URLSearchParams> | undefined;
  #formData: Promise<FormData> | undefined;
  #text: Promise<string> | undefined;
  #query: URLSearchParams | undefined;
  #url: URL | undefined;
  readonly #platform: Request | undefined;
  #request: Request | undefined;
  /** The body that `#request` was made with. */
  #stream: ReadableStream<Uint8Array> | undefined;
  #signal: AbortSignal | undefined;
  #cookies: Cookies | undefined;
  #status: number | undefined;
  #headers: Fields | undefined;
  #draft: Draft | undefined;
  /** The draft's fields, as the handler is given them. */
  #view: Fields | undefined;
  /** What is to be done when the request is over. */
  #left: (() => void)[] | undefined;
  #over = false;
  /** The answer that goes out. */
  #answer: unknown;
  #cut: Outcome["cut"];

  /**
   * The context of one request: what its head tells, what its connection lends,
   * where its content comes from, and the platform's own `Request` if there is one.
   *
   * @internal
   */
  constructor(
    head: RequestHead,
    exchange: Exchange,
    source: ContentSource = NO_CONTENT,
    platform?: Request,
  ) {
    this.#head = head;
    this.#exchange = exchange;
    this.#source = source;
    this.#platform = platform;
  }

  /** The route that matched; `undefined` before routing and where none did. */
  get route(): RouteInfo | undefined {
    return this.#route;
  }

  /** The method as sent (RFC 9110 §9). */
  get method(): string {
    return this.#head.method;
  }

  /**
   * The path, percent-encoded, without the query; `*` for `OPTIONS *`.
   *
   * It is as sent, but for escapes of letters, digits and `-._~`, which say nothing
   * (RFC 3986 §6.2.2.2): `/%70rivate` is `/private` to whoever compares it, as it is
   * to the router. As it was sent, it is in `target`.
   */
  get path(): string {
    return normalPath(this.#head.path);
  }

  /** The request target as sent (RFC 9112 §3.2). */
  get target(): string {
    return this.#head.target;
  }

  /** `"1.1"` or `"1.0"`. */
  get version(): "1.0" | "1.1" {
    return this.#head.version;
  }

  /**
   * The query of the target.
   *
   * @throws {HttpError} 400 when it has more pairs than `limits.pairs`
   */
  get query(): URLSearchParams {
    return this.#query ??= parseForm(
      this.#head.query,
      this.#exchange.limits.pairs,
    );
  }

  /** The value of a request field, several lines joined by `", "`; any case. */
  header(name: string): string | undefined {
    return this.#head.header(name);
  }

  /**
   * What the client likes best of what there is: `c.accepts("html", "json")`, and
   * the same for `languages`, `encodings` and `charsets` (RFC 9110 §12.5). What is
   * asked for is told in `Vary` of the answer.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const app = new Router();
   * app.get("/", (_input, c) =>
   *   c.accepts.languages("en", "mi") === "mi" ? "Kia ora" : "Hello");
   *
   * const headers = { "accept-language": "mi-NZ, en;q=0.5" };
   * const answer = await app.request("/", { headers });
   * assertEquals(await answer.text(), "Kia ora");
   * assertEquals(answer.headers.get("vary"), "accept-language");
   * ```
   */
  get accepts(): Accepts {
    return acceptsOf(this);
  }

  /** The request's fields in order, names in lower case, a line each. */
  fields(): Iterable<[name: string, value: string]> {
    return this.#head.fields();
  }

  /**
   * The client's address; `undefined` where only the platform or a proxy knows
   * it. With `trustProxy`, what trusted proxies tell decides.
   *
   * @throws {HttpError} 400 when what they tell is malformed or contradicts itself
   */
  get remote(): Address | undefined {
    return this.#forwarding.remote;
  }

  /** The address that the client connected to. */
  get local(): Address | undefined {
    return this.#exchange.local;
  }

  /**
   * Whether the request came under TLS; with `trustProxy`, whether the client sent
   * it so.
   *
   * @throws {HttpError} 400 as {@linkcode Context.remote}
   */
  get secure(): boolean {
    return this.#forwarding.secure;
  }

  /** Asked for by few, so it has no place in the context: each would pay for it. */
  get #forwarding(): Forwarding {
    if (this.#exchange.trusts === undefined) return this.#exchange;
    let told = FORWARDINGS.get(this);
    if (told === undefined) {
      told = forwardingOf(this.#head, this.#exchange);
      FORWARDINGS.set(this, told);
    }
    return told;
  }

  /** The cookies: the client's to read, the answer's to set. */
  get cookies(): Cookies {
    return this.#cookies ??= new Cookies(this, this.#exchange.limits.cookies);
  }

  /** The content, to be pulled piece by piece; each piece is lent. */
  get content(): Content {
    if (this.#stream !== undefined) this.#readBesideClones();
    return this.#content ??= new Content(
      this.#source,
      this.#exchange.limits.body,
    );
  }

  /**
   * All of the content. Every call gives the same array.
   *
   * @throws {HttpError} 413 past the limit; 400 or 408 for what the client did
   */
  bytes(): Promise<Uint8Array> {
    return this.content.bytes();
  }

  /**
   * The content as text, in the charset that its type names, or else UTF-8.
   *
   * @throws {HttpError} 400 with the place of what is no such text, 415 for a charset
   *   that is not known and for a content coding; and as {@linkcode Context.bytes}
   */
  text(): Promise<string> {
    return this.#text ??= this.#read(() => decoderFor(requireText(this)));
  }

  /**
   * The content as JSON (RFC 8259). Every call gives the same value.
   *
   * @throws {HttpError} 415 unless its type is `application/json` or ends in `+json`,
   *   and for a content coding; 400 with line and column when it is not JSON; and as
   *   {@linkcode Context.bytes}
   */
  json<T = unknown>(): Promise<T> {
    this.#json ??= this.#read(() => {
      requireJson(this);
      return (bytes) => parseJson(decodeUtf8(bytes));
    });
    return this.#json as Promise<T>;
  }

  /**
   * What `prepare` gives makes of the content. It is asked before anything is read,
   * so that what nobody takes is not pulled; and all of it waits only where it must.
   */
  #read<T>(prepare: () => (bytes: Uint8Array) => T): Promise<T> {
    try {
      const make = prepare();
      const bytes = this.content.collected();
      return bytes instanceof Uint8Array
        ? Promise.resolve(make(bytes))
        : handled(bytes.then(make));
    } catch (error) {
      return handled(Promise.reject(error));
    }
  }

  /**
   * The pairs of an `application/x-www-form-urlencoded` content.
   *
   * @throws {HttpError} 415 for another type and for a content coding; 400 with more
   *   than `limits.pairs`, and with the place of what is no UTF-8; and as
   *   {@linkcode Context.bytes}
   */
  form(): Promise<URLSearchParams> {
    return this.#form ??= this.#read(() => {
      requireForm(this, [URLENCODED]);
      return (bytes) => readPairs(bytes, this.#exchange.limits.pairs);
    });
  }

  /**
   * A form of either type, files included, collected in memory.
   *
   * @throws {HttpError} 415 when the content is no form and for a content coding, 400
   *   when it is malformed or cut, 413 past a limit; and as {@linkcode Context.bytes}
   */
  formData(): Promise<FormData> {
    return this.#formData ??= this.#readFormData();
  }

  /**
   * The parts of a `multipart/form-data` content, streamed as they come. Nothing is
   * kept: each part is read before the next is asked for, or passed over.
   *
   * @throws {HttpError} 415 when the content is no such form, 400 when its type has
   *   no boundary. The iteration throws 400 for what is malformed or cut, 413 past
   *   `limits.parts`, `files`, `partHead` or `partHeadFields`, and as
   *   {@linkcode Context.content}
   * @throws {TypeError} when they were asked for before
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const app = new Router();
   * app.post("/songs", async (_input, c) => {
   *   const found: string[] = [];
   *   for await (const { name, filename, content } of c.parts()) {
   *     let size = 0;
   *     for await (const piece of content) size += piece.length;
   *     found.push(`${name}, ${filename ?? "no file"}: ${size}`);
   *   }
   *   return found;
   * });
   *
   * const body = new FormData();
   * body.set("title", "Hine");
   * body.set("song", new File(["abcdef"], "hine.mp3"));
   * const answer = await app.request("/songs", { method: "POST", body });
   * assertEquals(await answer.json(), ["title, no file: 4", "song, hine.mp3: 6"]);
   * ```
   */
  parts(): AsyncIterableIterator<Part, void, void> {
    requireForm(this, [MULTIPART]);
    const boundary = boundaryFor(this);
    if (PARTED.has(this)) {
      throw new TypeError("Cannot give the parts: they were asked for before");
    }
    PARTED.add(this);
    return new Parts(this.content, boundary, this.#exchange.limits);
  }

  /**
   * The URL that the client asked for: the scheme of the connection, the
   * authority of the target or of Host, path and query. With `trustProxy`, scheme
   * and authority are those that trusted proxies tell.
   *
   * @throws {HttpError} 400 when no URL can have that host; and as
   *   {@linkcode Context.remote}
   */
  get url(): URL {
    return this.#url ??= urlOf(this.#head, this.#forwarding, this.local);
  }

  /**
   * The same request as a standard `Request`, for `fetch(c.request)` and for
   * code written for the Fetch API. What it cannot carry (content of a GET,
   * the methods TRACE and CONNECT) is on the context only.
   *
   * It may be cloned and read, as may its clones, and the content is there for the
   * readers of the context all the same, and the other way around. Of more than
   * 1 MiB only a clone is: who reads the Request itself has that alone.
   *
   * @throws {HttpError} 501 for the methods TRACE and CONNECT
   */
  get request(): Request {
    // The platform's own knows no limit, so it will do only where it has no body.
    if (this.#platform?.body === null) return this.#platform;
    // One that was read is of no use to who comes next.
    if (this.#request?.bodyUsed) this.#request = undefined;
    return this.#request ??= this.#toRequest();
  }

  /** Fires, with the reason, when the client leaves or a deadline passes. */
  get signal(): AbortSignal {
    return this.#signal ??= this.#exchange.signal(this);
  }

  /** The status for the answer; until it is set, the result decides. */
  get status(): number | undefined {
    return this.#draft?.status ?? this.#status;
  }

  set status(status: number) {
    if (this.#draft) this.#draft.status = status;
    this.#status = status;
  }

  /** Fields for the answer, whatever the handler returns or throws. */
  get headers(): Fields {
    const own = this.#headers ??= new Fields();
    if (this.#draft === undefined) return own;
    // Another answer may take its place: what is set here holds for that as well.
    return this.#view ??= Fields.view(this.#draft.headers, own);
  }

  /**
   * Sends a 103 Early Hints at once, before the answer (RFC 8297): what to fetch
   * while the handler is at work. May be called again with more. Gives whether it
   * was sent: not to HTTP/1.0, not when the answer has begun or the client has left,
   * and not in `app.fetch`. The answer's own fields are set apart, on `c.headers`.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const app = new Router();
   * app.get("/", async (_input, c) => {
   *   await c.hint({ link: "</app.css>; rel=preload; as=style" });
   *   return "the page, which took a while";
   * });
   *
   * const answer = await app.fetch(new Request("http://a/")); // takes no hint
   * assertEquals(await answer.text(), "the page, which took a while");
   * ```
   *
   * @throws {TypeError} when a field cannot be sent, or frames the answer
   */
  async hint(fields: HintInit): Promise<boolean> {
    const head = earlyHints(hintLines(fields));
    return await this.#exchange.inform?.(this, head) ?? false;
  }

  /**
   * Puts a field behind the content of the answer, which then goes out in chunks
   * (RFC 9110 §6.5). A function is called when the content has ended; one that
   * throws breaks the answer off. To be called before the answer begins, or the
   * field may not be announced, or not be sent.
   *
   * It is left out where nothing can carry it: to HTTP/1.0, behind answers without
   * content, and in `app.fetch`. Clients may drop it, and browsers show few.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { converse } from "@no8/wire/testing";
   * import { assert } from "@std/assert";
   *
   * const app = new Router();
   * app.get("/", (_input, c) => {
   *   c.trailer("server-timing", () => "db;dur=3");
   *   return "rows";
   * });
   *
   * const said = await converse(app, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
   * assert(said.endsWith("\r\n0\r\nserver-timing: db;dur=3\r\n\r\n"));
   * ```
   *
   * @throws {TypeError} for a field that belongs into the head (RFC 9110 §6.5.1),
   *   or a value that cannot be sent
   */
  trailer(name: string, value: TrailerValue): void {
    const key = trailerName(name, value); // checked without a connection, too
    this.#exchange.trail?.(this, key, value);
  }

  /**
   * The fields that came behind chunked content, once that was read to its end;
   * none behind other content. They are never among the request's `fields()`.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { converse } from "@no8/wire/testing";
   * import { assert } from "@std/assert";
   *
   * const app = new Router();
   * app.post("/", async (_input, c) => {
   *   const text = await c.text();
   *   return `${text}, checked by ${c.trailers().get("x-sum")}`;
   * });
   *
   * const said = await converse(
   *   app,
   *   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
   *     "2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n",
   * );
   * assert(said.endsWith("hi, checked by 7"));
   * ```
   *
   * @throws {TypeError} when the content was not read to its end
   */
  trailers(): Fields {
    return trailersOf(this.#source);
  }

  /**
   * What was set for the answer so far. For the router, which merges it.
   *
   * @internal
   */
  static pending(
    c: Context,
  ): { status: number | undefined; headers: Fields | undefined } {
    return { status: c.#status, headers: c.#headers };
  }

  /**
   * Whether anything was set for the answer so far.
   *
   * @internal
   */
  static isPlain(c: Context): boolean {
    return c.#status === undefined && c.#headers === undefined;
  }

  /**
   * From now on, `status` and `headers` are those of `draft`.
   *
   * @internal
   */
  static settle(c: Context, draft: Draft): void {
    c.#draft = draft;
    c.#view = undefined;
  }

  /**
   * Has `close` called when the request is over: as for the body of an answer that
   * another took the place of. Whether it is read all the same is known only then.
   *
   * @internal
   */
  static leave(c: Context, close: () => void): void {
    if (c.#over) close();
    else (c.#left ??= []).push(close);
  }

  /**
   * The request is over: what was left is closed.
   *
   * @internal
   */
  static letGo(c: Context): void {
    c.#over = true;
    for (const close of c.#left ?? []) close();
    c.#left = undefined;
  }

  /**
   * That answer goes out, in the place of one before it whose sending failed.
   *
   * @internal
   */
  static answers(c: Context, answer: unknown): void {
    c.#answer = answer;
  }

  /**
   * The answer that goes out will not be whole.
   *
   * @internal
   */
  static cutShort(c: Context, cut: Outcome["cut"]): void {
    c.#cut = cut;
  }

  /**
   * What became of the request until now.
   *
   * @internal
   */
  static outcome(c: Context): Outcome {
    return { answer: c.#answer, cut: c.#cut, over: c.#over };
  }

  /**
   * A route has matched. For the router.
   *
   * @internal
   */
  static enter(c: Context, route: RouteInfo): void {
    c.#route = route;
  }

  /**
   * The route's own `timeouts.handler`. For the router.
   *
   * @internal
   */
  static grant(c: Context, patience: number): void {
    c.#patience = patience;
  }

  /**
   * Milliseconds that the handler may take, where the route says its own.
   *
   * @internal
   */
  static patience(c: Context): number | undefined {
    return c.#patience;
  }

  /**
   * What the connection lends. For the router, which reports errors.
   *
   * @internal
   */
  static exchange(c: Context): Exchange {
    return c.#exchange;
  }

  #toRequest(): Request {
    const { method } = this;
    const name = method.toUpperCase();
    if (name === "TRACE" || name === "CONNECT" || name === "TRACK") {
      throw new Fault("method-unknown");
    }
    const empty = this.#source.length === 0 || name === "GET" ||
      name === "HEAD";
    this.#stream = empty ? undefined : this.content.stream();
    return new Request(this.url, {
      method,
      headers: oneCookieLine(this.fields()),
      body: this.#stream ?? null,
      signal: this.signal,
      redirect: "manual",
    });
  }

  /**
   * A Request that was cloned has another body than it was made with: then the clone
   * and it get what is pulled through that, and who pulls past it takes it from them.
   */
  #readBesideClones(): void {
    const request = this.#request;
    const own = this.#content;
    if (request === undefined || own === undefined || own.kept) return;
    if (request.body === this.#stream || request.bodyUsed) return;
    if (request.body?.locked !== false) return;
    this.#stream = undefined;
    const { length, limit } = own;
    const { pull } = sourceOf(request.clone());
    this.#content = new Content({ length, pull }, limit);
  }

  #readFormData(): Promise<FormData> {
    return this.#read(() => {
      if (requireForm(this, [URLENCODED, MULTIPART]) === URLENCODED) {
        const { pairs } = this.#exchange.limits;
        return (bytes) => formDataOf(readPairs(bytes, pairs));
      }
      const boundary = boundaryFor(this);
      return (bytes) => readParts(bytes, boundary, this.#exchange.limits);
    });
  }
}

/** What trusted proxies told, of the contexts that were asked. */
const FORWARDINGS: WeakMap<Context, Forwarding> = new WeakMap();

/** The contexts whose parts were asked for, as few are. */
const PARTED: WeakSet<Context> = new WeakSet();

/** `Headers` would join the lines of Cookie with commas (RFC 6265 §5.4). */
function oneCookieLine(
  fields: Iterable<[name: string, value: string]>,
): [name: string, value: string][] {
  const lines: [string, string][] = [];
  let cookie: [string, string] | undefined;
  for (const line of fields) {
    if (line[0] !== "cookie") lines.push(line);
    else if (cookie !== undefined) cookie[1] += `; ${line[1]}`;
    else lines.push(cookie = [...line]);
  }
  return lines;
}

function urlOf(
  head: RequestHead,
  { secure, host }: Forwarding,
  local: Address | undefined,
): URL {
  const authority = host ?? (head.authority || authorityOf(local));
  const path = head.path.startsWith("/") ? normalPath(head.path) : "/";
  const query = head.query && `?${head.query}`;
  try {
    return new URL(
      `${secure ? "https" : "http"}://${authority}${path}${query}`,
    );
  } catch {
    throw new Fault("host");
  }
}

/** What stands for Host where the client sent none (RFC 9112 §3.3). */
function authorityOf(local: Address | undefined): string {
  if (local?.hostname === undefined) return "localhost";
  const { hostname, port } = local;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return port === undefined ? host : `${host}:${port}`;
}

/**
 * The context of a platform `Request`: what only a connection has (`remote`,
 * `local`) is absent, and all else is the same.
 */
export function contextOf(
  request: Request,
  exchange: Pick<Exchange, "report" | "limits" | "development">,
): Context {
  const head = new FetchHead(request);
  const platform: Exchange = {
    ...exchange,
    remote: undefined,
    local: undefined,
    secure: head.url.protocol === "https:",
    signal: () => request.signal,
  };
  return new Context(head, platform, sourceOf(request), request);
}
