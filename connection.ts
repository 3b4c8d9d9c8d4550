/**
 * One connection, from its first byte to its last: the only loop.
 *
 * ```text
 *          ┌──────────── persists ◀───────────┐
 *          ▼                                  │
 *   waiting ──head──▶ handling ──answer──▶ clearing
 *      │ quiet, eof      │ upgrade            │ close, too much unread
 *      ▼                 ▼                    ▼
 *    close            handed over         staged close
 * ```
 *
 * What bytes mean is `parser.ts`, what they become is `writer.ts`; how they come
 * and go is `connection/channel.ts`, and content is `connection/incoming.ts`.
 * Requests that arrive early (RFC 9112 §9.3.2) wait in the parser, so answers
 * keep their order for free; answers that are ready together leave with one
 * write.
 *
 * Nothing behind a head is read until somebody pulls. While a handler is
 * pending and its content has ended, one read is kept waiting: it tells when
 * the client is gone, and holds what comes next.
 *
 * @module
 */

import { Channel, type Owner, type Waiting } from "./connection/channel.ts";
import { type Expiring, NEVER } from "./connection/deadlines.ts";
import { Incoming, type Reader } from "./connection/incoming.ts";
import { type ConnectionOptions, Settings } from "./connection/settings.ts";
import {
  LARGE_PIECE,
  type Stage,
  stream,
  TURNS,
} from "./connection/streaming.ts";
import { Fault, HttpError } from "./errors.ts";
import { FIXED, type Limits } from "./limits.ts";
import type { Address, Exchange, Transport, Trusts } from "./messages.ts";
import type { Head } from "./parser.ts";
import { Context } from "./request.ts";
import { Answer } from "./response/answer.ts";
import {
  type Body,
  discard,
  NOT_SENT,
  notOffered,
  Pieces,
  type Take,
  Upgrade,
} from "./response/body.ts";
import { renderError } from "./response/error_page.ts";
import { listMembers } from "./wire/list.ts";
import {
  declaredLength,
  mayHaveContent,
  type Reply,
  type Written,
} from "./writer.ts";

/**
 * From a request to its answer. What `toHandler` makes never throws; where
 * another does, the client gets a 500.
 */
export type Respond = (c: Context) => Answer | Promise<Answer>;

/**
 * Serves HTTP over any transport. Settles when the connection has ended, and
 * rejects for wrong options alone.
 *
 * @throws {RangeError} when a limit or timeout is not a number from 0, or
 *   `trustProxy` is malformed
 * @throws {TypeError} when there is no limit or timeout of a name
 *
 * @example A scripted conversation
 * ```ts
 * import { serveConnection, toHandler } from "@no8/wire";
 * import { assertMatch } from "@std/assert";
 *
 * const sent: string[] = [];
 * let wire: string | null = "GET / HTTP/1.0\r\n\r\n";
 * await serveConnection({
 *   read(into) {
 *     if (wire === null) return Promise.resolve(null);
 *     const { written } = new TextEncoder().encodeInto(wire, into);
 *     wire = null;
 *     return Promise.resolve(written);
 *   },
 *   write(bytes) {
 *     sent.push(new TextDecoder().decode(bytes));
 *     return Promise.resolve(bytes.length);
 *   },
 *   close() {},
 * }, toHandler(() => new Response("Hello")));
 *
 * assertMatch(sent.join(""), /^HTTP\/1.1 200 OK\r\n.*\r\n\r\nHello$/s);
 * ```
 */
export async function serveConnection(
  transport: Transport,
  respond: Respond,
  options: ConnectionOptions = {},
): Promise<void> {
  const settings = new Settings(options);
  const connection = new Connection(transport, respond, settings);
  const stop = () => connection.stop();
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) connection.stop();
  await connection.run();
  options.signal?.removeEventListener("abort", stop);
  settings.deadlines.stop();
}

/** So many requests that came at once are answered before others get a turn. */
const MOST_AT_ONCE: number = FIXED.atOnce.default;
/** Why nobody waits any more for the answer to a request. */
const GIVEN_UP: WeakMap<object, unknown> = new WeakMap();
const NO_LINES: readonly string[] = [];

/** One connection and the request that is alive on it. */
export class Connection implements Exchange, Expiring, Owner, Reader {
  /** Its place among those that are watched. */
  place = -1;
  readonly #transport: Transport;
  readonly #channel: Channel;
  readonly #respond: Respond;
  readonly #settings: Settings;

  #stopping = false;
  #atOnce = 0;
  /** When the head that is read began, or -1. */
  #headSince = -1;
  #idleTurn = 0;

  #current: Context | undefined;
  #head: Head | undefined;
  #incoming: Incoming | undefined;
  #headSent = false;
  /** Whether the client has said that its request is the last, and a head is all. */
  #isLastSaid = false;
  #abort: AbortController | undefined;
  /** Until when the handler may take. */
  #answerBy = NEVER;
  /** Whether it has taken longer: then it is a 503, whatever it makes of `c.signal`. */
  #isLate = false;
  /** Wakes who waits for the handler, or for a piece of its answer. */
  #wake: (() => void) | undefined;

  constructor(transport: Transport, respond: Respond, settings: Settings) {
    this.#respond = respond;
    this.#settings = settings;
    this.#transport = transport;
    this.#channel = new Channel(transport, settings, this);
  }

  /** The client's address. */
  get remote(): Address | undefined {
    return this.#transport.remote;
  }

  /** The address that the client connected to. */
  get local(): Address | undefined {
    return this.#transport.local;
  }

  /** Whether the bytes travel under TLS. */
  get secure(): boolean {
    return this.#transport.secure ?? false;
  }

  /** Which proxies are believed, for the request. */
  get trusts(): Trusts | undefined {
    return this.#settings.trusts;
  }

  /** The bounds, for the request. */
  get limits(): Limits {
    return this.#settings.limits;
  }

  /** Whether error answers may show what went wrong inside. */
  get development(): boolean {
    return this.#settings.development;
  }

  /** When it became idle, in turns of the server; `undefined` while it is not. */
  get idleSince(): number | undefined {
    return this.#channel.waiting === "idle" ? this.#idleTurn : undefined;
  }

  /** Answers the request that is alive, and no other. */
  stop(): void {
    this.#stopping = true;
    if (this.#channel.waiting === "idle") this.#channel.close();
  }

  /** Ends the connection at once. */
  cut(reason: unknown): void {
    this.#channel.cut(reason);
  }

  /** Tells the application's observer, unless it is our own word come back. */
  report(error: unknown, owner: object | undefined): void {
    const ours = owner !== undefined && GIVEN_UP.has(owner) &&
      GIVEN_UP.get(owner) === error && !(error instanceof Fault);
    if (!ours) this.#settings.report(error, owner as Context | undefined);
  }

  /** A signal that fires when the client leaves before `owner` is answered. */
  signal(owner: object): AbortSignal {
    if (GIVEN_UP.has(owner)) return AbortSignal.abort(GIVEN_UP.get(owner));
    if (owner !== this.#current) return new AbortController().signal;
    return (this.#abort ??= new AbortController()).signal;
  }

  /** Whether the client of the request that is alive offers `protocol`. */
  offers(protocol: string): boolean {
    return this.#head !== undefined && offers(this.#head, protocol);
  }

  /** Nobody waits for the answer any more. */
  lost(reason: unknown): void {
    this.giveUp(reason);
    this.#incoming?.interrupt(new Fault("content-cut", { cause: reason }));
    this.#wake?.();
  }

  /** Tells who is at work for the request, now or when it asks. */
  giveUp(reason: unknown): void {
    if (this.#current === undefined || GIVEN_UP.has(this.#current)) return;
    GIVEN_UP.set(this.#current, reason);
    if (this.#abort === undefined) return;
    const c = this.#current;
    fire(this.#abort, reason, (error) => this.report(error, c));
  }

  /** What a missed deadline means depends on what was waited for. */
  late(waiting: Waiting): void {
    if (waiting === "head") this.#refuseLate();
    else if (waiting === "content") {
      this.#incoming?.late(this.#settings.deadlines.now);
    } else this.#channel.close();
  }

  /** Looks at the deadlines. */
  check(now: number): void {
    this.#channel.check(now);
    if (now >= this.#answerBy) this.#answerLate();
  }

  /**
   * Serves until the connection ends; never rejects. It waits for the socket
   * itself, with no promise of ours between: see `Channel.send`.
   */
  async run(): Promise<void> {
    const channel = this.#channel;
    const { parser } = channel;
    this.#settings.deadlines.watch(this);
    try {
      for (;;) {
        const piece = parser.next();
        if (piece.kind === "head") {
          const goesOn = this.#handle(piece);
          if (goesOn === true || (goesOn !== false && await goesOn)) continue;
          return await this.#end();
        }
        if (piece.kind === "fault") return await this.#refuse(piece);
        try {
          const had = parser.buffered;
          this.#atOnce = 0;
          if (channel.busy) await channel.flush();
          else if (channel.buffered > 0) {
            while (!channel.sent(await channel.send()));
          }
          // A read that was waiting may have brought more meanwhile.
          if (parser.buffered > had) continue;
          if (channel.over || this.#stopping && !parser.inHead) return;
          this.#awaitRequest();
          if (channel.busy) await channel.read();
          else if (!channel.eof) channel.received(await channel.receive());
        } catch (error) {
          channel.failed(error);
        }
        if (channel.over) return await channel.linger();
        channel.expect("nothing", NEVER);
        if (channel.eof) return await this.#ended();
      }
    } catch (error) {
      this.#settings.report(error, this.#current);
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#settings.deadlines.forget(this);
    this.#channel.release();
    if (this.#current === undefined) return;
    this.lost(new DOMException("The connection has ended", "AbortError"));
    this.#answered();
  }

  /** The client has ended its way: in the midst of a request, or where it may. */
  async #ended(): Promise<void> {
    const fault = this.#channel.parser.finish();
    if (fault) await this.#refuse(fault);
  }

  // ── waiting ──────────────────────────────────────────────────────────────

  /** Says what the next read waits for. */
  #awaitRequest(): void {
    const { deadlines, timeouts } = this.#settings;
    const channel = this.#channel;
    if (channel.parser.inHead) {
      // The head timeout runs from the first byte on, and no byte moves it.
      if (this.#headSince < 0) this.#headSince = deadlines.now;
      const most = Math.min(timeouts.head, timeouts.request);
      channel.expect("head", deadlines.after(most, this.#headSince));
    } else {
      this.#idleTurn = ++this.#settings.turns;
      channel.expect("idle", deadlines.after(timeouts.idle));
    }
  }

  // ── handling ─────────────────────────────────────────────────────────────

  /** Whether another request may follow. A promise only where one is waited for. */
  #handle(head: Head): boolean | Promise<boolean> {
    this.#settings.requests++;
    this.#incoming = head.length === 0 ? undefined : this.#contentOf(head);
    this.#headSince = -1;
    this.#headSent = false;
    this.#isLastSaid = !head.persists && this.#incoming === undefined;
    this.#head = head;
    const c = this.#current = new Context(head, this, this.#incoming);
    try {
      const answer = this.#respond(c);
      if (answer instanceof Promise) return this.#pend(c, head, answer);
      return this.#answer(c, head, answer);
    } catch (error) {
      return this.#answer(c, head, this.#mistake(error, c));
    }
  }

  #contentOf(head: Head): Incoming {
    const { deadlines, timeouts: { request } } = this.#settings;
    const since = this.#headSince < 0 ? deadlines.now : this.#headSince;
    const until = deadlines.after(request, since);
    return new Incoming(this.#channel, head, this.#settings, this, until);
  }

  /** What went wrong on our side of the road, reported and rendered. */
  #mistake(error: unknown, c: Context): Answer {
    this.report(error, c);
    return renderError(
      error,
      c.header("accept"),
      this.development,
      c.route,
    );
  }

  async #pend(
    c: Context,
    head: Head,
    pending: Promise<Answer>,
  ): Promise<boolean> {
    let answer: Answer | undefined;
    let wanted = true;
    const done = pending.then(
      (value) => {
        if (wanted && !this.#isLate) answer = value;
        else discard(value.body);
      },
      (error) => {
        const mistake = this.#mistake(error, c);
        if (!this.#isLate) answer = mistake;
      },
    );
    // Most handlers that are pending are so by form: no I/O, a few awaits.
    for (let turn = 0; turn < TURNS && answer === undefined; turn++) await null;
    if (answer === undefined && await this.#channel.flush()) {
      await this.#waitFor(c, done);
    }
    wanted = false;
    answer ??= this.#channel.over ? undefined : this.#givenUp(c);
    return answer !== undefined && await this.#answer(c, head, answer);
  }

  /** Waits for a handler, the client's leave, or the handler's deadline. */
  async #waitFor(c: Context, done: Promise<void>): Promise<void> {
    const patience = Context.patience(c) ?? this.#settings.timeouts.handler;
    this.#answerBy = this.#settings.deadlines.after(patience);
    await this.#wakenBy(done);
    this.#answerBy = NEVER;
  }

  #answerLate(): void {
    this.#answerBy = NEVER;
    this.#isLate = true;
    const says = "The handler took longer than timeouts.handler";
    const reason = new DOMException(says, "TimeoutError");
    this.giveUp(reason);
    this.#incoming?.withdraw(reason);
    this.#wake?.();
  }

  /** The handler may still be at work, so nothing follows on this connection. */
  #givenUp(c: Context): Answer {
    this.#stopping = true;
    return this.#mistake(
      new HttpError(503, "The handler took longer than timeouts.handler"),
      c,
    );
  }

  /** Keeps a read waiting while somebody waits for the application. */
  #watch(): void {
    this.#channel.watch(() => {
      const lent = this.#incoming?.ended === false && !this.#incoming.untouched;
      return this.#wake !== undefined && !lent;
    });
  }

  /** From here on a read tells again that the client has left. */
  contentEnded(): void {
    this.#watch();
  }

  // ── answering ────────────────────────────────────────────────────────────

  /** Writes an answer, or begins to. Whether another request may follow. */
  #answer(c: Context, head: Head, answer: Answer): boolean | Promise<boolean> {
    const { body, status } = answer;
    if (this.#channel.over) {
      discard(body);
      return false;
    }
    if (body instanceof Upgrade) return this.#upgrade(c, head, answer, body);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      discard(body);
      const error = new RangeError(`Cannot answer with the status ${status}`);
      return this.#answer(c, head, this.#mistake(error, c));
    }
    if (body === null) return this.#answerWhole(c, head, answer, body);
    if (typeof body === "string" || body instanceof Uint8Array) {
      if (body.length < LARGE_PIECE) {
        return this.#answerWhole(c, head, answer, body);
      }
    }
    return this.#answerLong(c, head, answer, body);
  }

  #answerWhole(
    c: Context,
    head: Head,
    answer: Answer,
    body: string | Uint8Array | null,
  ): boolean | Promise<boolean> {
    let persists: boolean;
    try {
      persists = this.#putWhole(head, answer, body);
    } catch (error) {
      return this.#answer(c, head, this.#mistake(error, c));
    }
    return this.#incoming === undefined
      ? this.#finish(persists)
      : this.#finishContent(persists);
  }

  #putWhole(
    head: Head,
    answer: Answer,
    body: string | Uint8Array | null,
  ): boolean {
    const { writer } = this.#settings;
    this.#settle(answer.status);
    const reply = this.#replyOf(head, answer);
    const persists = writer.whole(this.#channel.output(), head, reply, body);
    this.#began();
    return persists;
  }

  #putHead(head: Head, answer: Answer, length: number | undefined): Written {
    const { writer } = this.#settings;
    const reply = this.#replyOf(head, answer);
    const written = writer.head(this.#channel.output(), head, reply, length);
    this.#began();
    return written;
  }

  /** Content that came and is malformed makes a 400 of what would be a success. */
  #settle(status: number): void {
    try {
      this.#incoming?.settle(this.limits.unread);
    } catch (fault) {
      if (status < 400) throw fault;
    }
  }

  /** From here on an error cannot be answered any more. */
  #began(): void {
    this.#headSent = true;
    this.#incoming?.answered();
  }

  #replyOf(head: Head, answer: Answer): Reply {
    const incoming = this.#incoming;
    return {
      status: answer.status,
      type: Answer.soleType(answer),
      lines: Answer.isPlain(answer) ? NO_LINES : answer.headers.lines,
      persists: head.persists && !this.#stopping && !this.#isLast &&
        (incoming === undefined || incoming.canBeCleared(this.limits.unread)),
    };
  }

  /** Whether the client has ended its way, and nothing of it waits here. */
  get #isLast(): boolean {
    return this.#channel.eof && this.#channel.parser.buffered === 0;
  }

  /** The request is over: its `end` is taken, and its owner forgotten. */
  #finish(persists: boolean): boolean | Promise<boolean> {
    const channel = this.#channel;
    // Its end: nothing comes behind a head without content.
    if (this.#incoming === undefined) channel.parser.next();
    this.#answered();
    if (!persists) return false;
    const room = channel.buffered < this.limits.buffered;
    if (++this.#atOnce < MOST_AT_ONCE && room) return true;
    this.#atOnce = 0;
    return channel.flush();
  }

  #answered(): void {
    if (this.#current !== undefined) Context.letGo(this.#current);
    this.#current =
      this.#head =
      this.#incoming =
      this.#abort =
        undefined;
  }

  /** Clears what the handler left, so that it is not taken for a request. */
  #finishContent(persists: boolean): boolean | Promise<boolean> {
    if (!this.#incoming!.ended) return this.#finishUnread(persists);
    this.#incoming!.shut();
    return this.#finish(persists);
  }

  async #finishUnread(persists: boolean): Promise<boolean> {
    if (await this.#clear(persists ? this.limits.unread : -1)) {
      return await this.#finish(persists);
    }
    this.#answered();
    return false;
  }

  /** The answer goes out first: a client may wait for it before it sends on. */
  async #clear(most: number): Promise<boolean> {
    const incoming = this.#incoming!;
    if (!incoming.ended && !await this.#channel.flush()) return false;
    return await incoming.close(most);
  }

  // ── answering piece by piece ─────────────────────────────────────────────

  async #answerLong(
    c: Context,
    head: Head,
    answer: Answer,
    body: Exclude<Body, null | Upgrade>,
  ): Promise<boolean> {
    let persists: boolean;
    let pieces: Pieces | undefined;
    try {
      pieces = new Pieces(body);
      persists = await this.#putLong(head, answer, pieces);
    } catch (error) {
      pieces?.stop(error);
      if (this.#channel.over) return false;
      if (!this.#headSent) {
        return await this.#answer(c, head, this.#mistake(error, c));
      }
      this.report(error, c);
      return await this.#breakOff();
    }
    return this.#incoming === undefined
      ? await this.#finish(persists)
      : await this.#finishContent(persists);
  }

  /**
   * Whoever reads the answer must not take a part of it for the whole: the
   * connection ends without the last chunk, or short of the length.
   */
  async #breakOff(): Promise<false> {
    await this.#channel.flush();
    this.#channel.over = true;
    return false;
  }

  async #putLong(head: Head, answer: Answer, pieces: Pieces): Promise<boolean> {
    const length = pieces.length ?? lengthSet(answer);
    if (head.method !== "HEAD" && mayHaveContent(head, answer.status)) {
      return await stream(this.#stageFor(head, answer), answer, pieces, length);
    }
    pieces.stop(NOT_SENT);
    return this.#putHead(head, answer, length).persists;
  }

  #stageFor(head: Head, answer: Answer): Stage {
    return {
      channel: this.#channel,
      buffered: this.limits.buffered,
      isAwaited: this.#incoming?.isAwaited === true,
      putWhole: (body) => this.#putWhole(head, answer, body),
      putHead: (length) => this.#putHead(head, answer, length),
      later: this.#settings.later,
      wait: (promise) => this.#wakenBy(promise),
    };
  }

  /** Waits for the application, or until the client has left. */
  async #wakenBy(promise: Promise<unknown>): Promise<void> {
    const woken = new Promise<void>((resolve) => this.#wake = resolve);
    this.#watch();
    try {
      await Promise.race([promise, woken]);
    } finally {
      this.#wake = undefined;
    }
  }

  // ── ending ───────────────────────────────────────────────────────────────

  /** A peer's fault is answered here, with fixed bytes, and nothing behind it. */
  async #refuse(fault: Fault): Promise<void> {
    this.#putRefusal(fault);
    await this.#end();
  }

  /** The read goes on pending while the refusal is sent: sockets are duplex. */
  #refuseLate(): void {
    if (this.#channel.over) return;
    const { head, request } = this.#settings.timeouts;
    this.#putRefusal(new Fault(head <= request ? "head-late" : "request-late"));
    this.#channel.flush().then((sent) => sent && this.#channel.beginLinger());
    this.#channel.over = true;
  }

  #putRefusal(fault: Fault): void {
    const { parser } = this.#channel;
    this.#settings.report(fault, undefined);
    const headOnly = parser.method === "HEAD";
    this.#settings.writer.refusal(this.#channel.output(), fault, headOnly);
  }

  /**
   * The last bytes, then the staged close of RFC 9112 §9.6, unless the client has
   * sent all that it said it would: then nothing comes that could be reset. Behind
   * content an empty line may (§2.2).
   */
  async #end(): Promise<void> {
    const channel = this.#channel;
    if (channel.over || !await channel.flush()) return;
    if (this.#isLastSaid && channel.parser.buffered === 0) return;
    channel.beginLinger();
    await channel.linger();
  }

  // ── handing over ─────────────────────────────────────────────────────────

  async #upgrade(
    c: Context,
    head: Head,
    answer: Answer,
    { protocol, take }: Upgrade,
  ): Promise<boolean> {
    const channel = this.#channel;
    if (!offers(head, protocol)) {
      const refusal = notOffered(protocol);
      return await this.#answer(c, head, this.#mistake(refusal, c));
    }
    try {
      await this.#clearForUpgrade();
      const { lines } = answer.headers;
      this.#settings.writer.upgrade(channel.output(), head, protocol, lines);
    } catch (error) {
      return await this.#answer(c, head, this.#mistake(error, c));
    }
    this.#headSent = true;
    if (this.#incoming === undefined) channel.parser.next();
    if (await channel.flush()) await this.#handOver(c, take);
    channel.over = true;
    return false;
  }

  /** The content comes first; the protocol changes behind it (RFC 9110 §7.8). */
  async #clearForUpgrade(): Promise<void> {
    const incoming = this.#incoming;
    if (incoming === undefined) return;
    const { unread } = this.limits;
    if ((incoming.length ?? 0) > unread || !await this.#clear(unread)) {
      const says = "Content before an upgrade is at most limits.unread long";
      throw incoming.failure ?? new HttpError(413, says);
    }
  }

  /** Until who has it is done, or the connection is cut. */
  async #handOver(c: Context, take: Take): Promise<void> {
    const channel = this.#channel;
    const done = (async () => {
      try {
        await take(channel.handedOver(), channel.parser.takeRest());
      } catch (error) {
        if (!channel.over) this.report(error, c);
      }
    })();
    await this.#wakenBy(done);
  }
}

/**
 * Fires, and tells what listeners throw: the platform takes that for an error of
 * the program, and ends it, though all it took was a client that left.
 */
function fire(
  controller: AbortController,
  reason: unknown,
  report: (error: unknown) => void,
): void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    report(event.error);
  };
  addEventListener("error", onError);
  controller.abort(reason);
  removeEventListener("error", onError);
}

/** RFC 9110 §7.8: only to what the client offered; CONNECT offers anything. */
function offers(head: Head, protocol: string): boolean {
  if (head.method === "CONNECT") return true;
  if (!head.upgrades) return false;
  const offered = listMembers(head.header("upgrade") ?? "", 16);
  return offered.some((name) => name.toLowerCase() === protocol.toLowerCase());
}

/** The length that the application set for what it streams. */
function lengthSet(answer: Answer): number | undefined {
  return Answer.isPlain(answer)
    ? undefined
    : declaredLength(answer.headers.lines);
}
