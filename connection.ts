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
 * and go is `connection/channel.ts`, from a request to its answer is
 * `connection/exchanges.ts`, and content is `connection/incoming.ts`.
 * Requests that arrive early (RFC 9112 §9.3.2) wait in the parser, so answers
 * keep their order for free; answers that are ready together leave with one
 * write.
 *
 * Nothing behind a head is read until somebody pulls.
 *
 * @module
 */

import { Channel, type Owner, type Waiting } from "./connection/channel.ts";
import { type Expiring, NEVER } from "./connection/deadlines.ts";
import { Exchanges, type Respond } from "./connection/exchanges.ts";
import { type ConnectionOptions, Settings } from "./connection/settings.ts";
import { Fault } from "./errors.ts";
import type { Transport } from "./messages.ts";

export type { Respond } from "./connection/exchanges.ts";

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

/** One connection and the request that is alive on it. */
export class Connection implements Expiring, Owner {
  /** Its place among those that are watched. */
  place = -1;
  readonly #channel: Channel;
  readonly #exchanges: Exchanges;
  readonly #settings: Settings;
  /** When the head that is read began, or -1. */
  #headSince = -1;
  #idleTurn = 0;

  constructor(transport: Transport, respond: Respond, settings: Settings) {
    this.#settings = settings;
    this.#channel = new Channel(transport, settings, this);
    this.#exchanges = new Exchanges(
      transport,
      this.#channel,
      respond,
      settings,
    );
  }

  /** When it became idle, in turns of the server; `undefined` while it is not. */
  get idleSince(): number | undefined {
    return this.#channel.waiting === "idle" ? this.#idleTurn : undefined;
  }

  /** Answers the request that is alive, and no other. */
  stop(): void {
    this.#exchanges.stop();
    if (this.#channel.waiting === "idle") this.#channel.close();
  }

  /** Ends the connection at once. */
  cut(reason: unknown): void {
    this.#channel.cut(reason);
  }

  /** Nobody waits for the answer any more. */
  lost(reason: unknown): void {
    this.#exchanges.lost(reason);
  }

  /** What a missed deadline means depends on what was waited for. */
  late(waiting: Waiting): void {
    if (waiting === "head") this.#refuseLate();
    else if (waiting === "content") this.#exchanges.contentLate();
    else this.#channel.close();
  }

  /** Looks at the deadlines. */
  check(now: number): void {
    this.#channel.check(now);
    this.#exchanges.check(now);
  }

  /**
   * Serves until the connection ends; never rejects. It waits for the socket
   * itself, with no promise of ours between: see `Channel.send`.
   */
  async run(): Promise<void> {
    const channel = this.#channel;
    const exchanges = this.#exchanges;
    const { parser } = channel;
    this.#settings.deadlines.watch(this);
    try {
      for (;;) {
        const piece = parser.next();
        if (piece.kind === "head") {
          const since = this.#headSince;
          this.#headSince = -1;
          const goesOn = exchanges.handle(piece, since);
          if (goesOn === true || (goesOn !== false && await goesOn)) continue;
          return await this.#end();
        }
        if (piece.kind === "fault") return await this.#refuse(piece);
        try {
          const had = parser.buffered;
          exchanges.atOnce = 0;
          if (channel.busy) await channel.flush();
          else if (channel.buffered > 0) {
            while (!channel.sent(await channel.send()));
          }
          // A read that was waiting may have brought more meanwhile.
          if (parser.buffered > had) continue;
          if (channel.over || exchanges.stopping && !parser.inHead) return;
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
      this.#settings.report(error, exchanges.current);
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#settings.deadlines.forget(this);
    this.#channel.release();
    this.#exchanges.release();
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
    if (this.#exchanges.isLastSaid && channel.parser.buffered === 0) return;
    channel.beginLinger();
    await channel.linger();
  }
}
