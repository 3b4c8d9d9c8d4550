/**
 * The exchanges of one connection, one after the other: each from a head to
 * where another may follow, or none.
 *
 * ```text
 *   head ──▶ handler ──▶ whole answer ────────┐
 *               │   └──▶ piece by piece ──────┼──▶ what is unread is cleared
 *               │   └──▶ upgrade ──▶ over     │
 *               └ pending: one read is kept waiting, which tells when the client
 *                 is gone and holds what comes next
 * ```
 *
 * It knows which request is alive, what it has been given up for, and how long
 * its handler may take. When to read the next is `connection.ts`.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import { FIXED, type Limits } from "../limits.ts";
import type {
  Address,
  Exchange,
  TrailerValue,
  Transport,
  Trusts,
} from "../messages.ts";
import type { Head } from "../parser.ts";
import { Context } from "../request.ts";
import type { Answer } from "../response/answer.ts";
import {
  type Body,
  discard,
  Fetched,
  notOffered,
  Pieces,
  Upgrade,
} from "../response/body.ts";
import { renderError, sendableLines } from "../response/error_page.ts";
import { mayHaveContent } from "../writer.ts";
import type { Channel } from "./channel.ts";
import { NEVER } from "./deadlines.ts";
import { giveUp, isOwnWord, signalOf } from "./given_up.ts";
import { cleared, Incoming, type Reader } from "./incoming.ts";
import type { Settings } from "./settings.ts";
import { Sending } from "./sending.ts";
import { LARGE_PIECE, TURNS } from "./streaming.ts";
import { Trailers } from "./trailers.ts";
import { clearContent, handOver, offers } from "./upgrading.ts";
import { Wait } from "./wait.ts";

/**
 * From a request to its answer. What `toHandler` makes never throws; where
 * another does, the client gets a 500.
 */
export type Respond = (c: Context) => Answer | Promise<Answer>;

/** So many requests that came at once are answered before others get a turn. */
const MOST_AT_ONCE: number = FIXED.atOnce.default;
/** Requests whose answer does not end by itself. */
const ENDLESS: WeakSet<object> = new WeakSet();

/** The exchange that is alive on a connection. */
export class Exchanges implements Exchange, Reader {
  /** How many were answered since others had a turn. */
  atOnce = 0;
  /** Whether the client has said that its request is the last, and a head is all. */
  isLastSaid = false;
  readonly #transport: Transport;
  readonly #channel: Channel;
  readonly #respond: Respond;
  readonly #settings: Settings;
  readonly #wait: Wait;
  readonly #sending: Sending;

  #current: Context | undefined;
  #head: Head | undefined;
  #incoming: Incoming | undefined;
  /** Until when the handler may take. */
  #answerBy = NEVER;
  /** Whether it has taken longer: then it is a 503, whatever it makes of `c.signal`. */
  #isLate = false;

  constructor(
    transport: Transport,
    channel: Channel,
    respond: Respond,
    settings: Settings,
  ) {
    this.#transport = transport;
    this.#channel = channel;
    this.#respond = respond;
    this.#settings = settings;
    this.#wait = new Wait(channel, () => this.#mayRead());
    this.#sending = new Sending(channel, settings, this.#wait);
  }

  /** Not where a reader of content has bytes that the read would overwrite. */
  #mayRead(): boolean {
    if (this.#channel.eof) this.#endEndless();
    return this.#incoming?.ended !== false || this.#incoming.untouched;
  }

  /** Answers the request that is alive, and no other. */
  stop(): void {
    this.#sending.stopping = true;
    this.#endEndless();
  }

  /** Whether no other request is answered. */
  get stopping(): boolean {
    return this.#sending.stopping;
  }

  /** The request that is alive. */
  get current(): Context | undefined {
    return this.#current;
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

  /** Tells the application's observer, unless it is our own word come back. */
  report(error: unknown, owner: object | undefined): void {
    if (isOwnWord(error, owner)) return;
    this.#settings.report(error, owner as Context | undefined);
  }

  /** A signal that fires when the client leaves before `owner` is answered. */
  signal(owner: object): AbortSignal {
    return signalOf(owner, owner === this.#current);
  }

  /** Its answer ends when the client has ended its way, or the server stops. */
  endless(owner: object): void {
    ENDLESS.add(owner);
    if (this.stopping) this.#endEndless();
  }

  #endEndless(): void {
    if (this.#current === undefined || !ENDLESS.has(this.#current)) return;
    const says = this.stopping ? "The server stops" : "The client has left";
    this.giveUp(new DOMException(says, "AbortError"));
  }

  /** Whether the client of the request that is alive offers `protocol`. */
  offers(protocol: string): boolean {
    return this.#head !== undefined && offers(this.#head, protocol);
  }

  /** Sends an answer of 1xx, unless the final one has begun or nobody takes it. */
  async inform(owner: object, interim: string): Promise<boolean> {
    // RFC 9110 §15.2: an HTTP/1.0 client knows none.
    const knows = owner === this.#current && this.#head?.version === "1.1";
    if (!knows || this.#sending.begun || this.#channel.over) return false;
    this.#channel.output().putLatin1(interim);
    return await this.#channel.flush();
  }

  /** Puts a field behind the content, for as long as that has not ended. */
  trail(owner: object, name: string, value: TrailerValue): void {
    if (owner !== this.#current) return;
    (this.#sending.trailers ??= new Trailers()).add(name, value);
  }

  /** What was to be said of content that an error takes the place of is not. */
  failed(owner: object): void {
    if (owner !== this.#current) return;
    this.#sending.trailers = this.#sending.trailers?.besidesContent();
  }

  /** Nobody waits for the answer any more. */
  lost(reason: unknown): void {
    this.giveUp(reason);
    this.#incoming?.interrupt(new Fault("content-cut", { cause: reason }));
    this.#wait.wake();
  }

  /** Tells who is at work for the request, now or when it asks. */
  giveUp(reason: unknown): void {
    const c = this.#current;
    if (c !== undefined) giveUp(c, reason, (error) => this.report(error, c));
  }

  /** The client let wait for content. */
  contentLate(): void {
    this.#incoming?.late(this.#settings.deadlines.now);
  }

  /** Looks at the deadline of the handler. */
  check(now: number): void {
    if (now >= this.#answerBy) this.#answerLate();
  }

  /** The connection has ended: so has the request that was alive. */
  release(): void {
    if (this.#current === undefined) return;
    if (!this.#sending.begun) Context.cutShort(this.#current, "left");
    this.lost(new DOMException("The connection has ended", "AbortError"));
    this.#answered();
  }

  // ── handling ─────────────────────────────────────────────────────────────

  /**
   * Answers one request, the head of which began at `since`, or -1. Whether another
   * may follow; a promise only where one is waited for.
   */
  handle(head: Head, since: number): boolean | Promise<boolean> {
    this.#settings.requests++;
    this.#incoming = head.length === 0
      ? undefined
      : this.#contentOf(head, since);
    this.#sending.begun = false;
    this.#sending.trailers = undefined;
    this.isLastSaid = !head.persists && this.#incoming === undefined;
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

  #contentOf(head: Head, since: number): Incoming {
    const { deadlines, timeouts: { request } } = this.#settings;
    const until = deadlines.after(request, since < 0 ? deadlines.now : since);
    return new Incoming(this.#channel, head, this.#settings, this, until);
  }

  /** What went wrong on our side of the road, reported and rendered. */
  #mistake(error: unknown, c: Context): Answer {
    this.report(error, c);
    this.failed(c);
    return renderError(
      error,
      c.header("accept"),
      this.development,
      c.route,
      sendableLines(Context.pending(c).headers?.lines ?? []),
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
    await this.#wait.until(done);
    this.#answerBy = NEVER;
  }

  #answerLate(): void {
    this.#answerBy = NEVER;
    this.#isLate = true;
    const says = "The handler took longer than timeouts.handler";
    const reason = new DOMException(says, "TimeoutError");
    this.giveUp(reason);
    this.#incoming?.withdraw(reason);
    this.#wait.wake();
  }

  /** The handler may still be at work, so nothing follows on this connection. */
  #givenUp(c: Context): Answer {
    this.#sending.stopping = true;
    return this.#mistake(
      new HttpError(503, "The handler took longer than timeouts.handler"),
      c,
    );
  }

  /** From here on a read tells again that the client has left. */
  contentEnded(): void {
    this.#wait.watch();
  }

  // ── answering ────────────────────────────────────────────────────────────

  /** Writes an answer, or begins to. Whether another request may follow. */
  #answer(c: Context, head: Head, answer: Answer): boolean | Promise<boolean> {
    const { body, status } = answer;
    if (this.#channel.over) {
      discard(body);
      return false;
    }
    Context.answers(c, answer);
    if (body instanceof Upgrade) return this.#upgrade(c, head, answer, body);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      discard(body);
      const error = new RangeError(`Cannot answer with the status ${status}`);
      return this.#answer(c, head, this.#mistake(error, c));
    }
    if (this.#sending.trails(head, status)) {
      return this.#answerLong(c, head, answer, body ?? "");
    }
    if (body === null) return this.#answerWhole(c, head, answer, body);
    if (typeof body === "string" || body instanceof Uint8Array) {
      if (body.length < LARGE_PIECE) {
        return this.#answerWhole(c, head, answer, body);
      }
    }
    const sent = head.method !== "HEAD" && mayHaveContent(head, status);
    if (body instanceof Fetched && body.isShort && sent) {
      return this.#answerWhole(c, head, answer, body);
    }
    return this.#answerLong(c, head, answer, body);
  }

  #answerWhole(
    c: Context,
    head: Head,
    answer: Answer,
    body: string | Uint8Array | Fetched | null,
  ): boolean | Promise<boolean> {
    let persists: boolean;
    try {
      persists = this.#sending.whole(head, answer, body, this.#incoming);
    } catch (error) {
      if (body instanceof Fetched) discard(body);
      return this.#answer(c, head, this.#mistake(error, c));
    }
    return this.#incoming === undefined
      ? this.#finish(persists)
      : this.#finishContent(persists);
  }

  /** The request is over: its `end` is taken, and its owner forgotten. */
  #finish(persists: boolean): boolean | Promise<boolean> {
    const channel = this.#channel;
    // Its end: nothing comes behind a head without content.
    if (this.#incoming === undefined) channel.parser.next();
    this.#answered();
    if (!persists) return false;
    const room = channel.buffered < this.limits.buffered ||
      channel.parser.buffered === 0;
    if (++this.atOnce < MOST_AT_ONCE && room) return true;
    this.atOnce = 0;
    return channel.flush();
  }

  #answered(): void {
    if (this.#current !== undefined) Context.letGo(this.#current);
    this.#current =
      this.#head =
      this.#incoming =
        undefined;
  }

  /** Clears what the handler left, so that it is not taken for a request. */
  #finishContent(persists: boolean): boolean | Promise<boolean> {
    if (!this.#incoming!.ended) return this.#finishUnread(persists);
    this.#incoming!.shut();
    return this.#finish(persists);
  }

  async #finishUnread(persists: boolean): Promise<boolean> {
    const most = persists ? this.limits.unread : -1;
    if (await cleared(this.#incoming!, most, this.#channel)) {
      return await this.#finish(persists);
    }
    this.#answered();
    return false;
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
      persists = await this.#sending.long(
        head,
        answer,
        pieces,
        this.#incoming,
      );
    } catch (error) {
      pieces?.stop(error);
      if (this.#channel.over) {
        Context.cutShort(c, "left");
        return false;
      }
      if (!this.#sending.begun) {
        return await this.#answer(c, head, this.#mistake(error, c));
      }
      this.report(error, c);
      Context.cutShort(c, "broken");
      return await this.#sending.breakOff();
    }
    return this.#incoming === undefined
      ? await this.#finish(persists)
      : await this.#finishContent(persists);
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
      const incoming = this.#incoming;
      if (incoming !== undefined) {
        await clearContent(incoming, this.limits.unread, this.#channel);
      }
      const { lines } = answer.headers;
      this.#settings.writer.upgrade(channel.output(), head, protocol, lines);
    } catch (error) {
      return await this.#answer(c, head, this.#mistake(error, c));
    }
    this.#sending.begun = true;
    if (this.#incoming === undefined) channel.parser.next();
    if (await channel.flush()) {
      const report = (error: unknown) => this.report(error, c);
      await this.#wait.until(handOver(channel, take, report));
    }
    channel.over = true;
    return false;
  }
}
