/**
 * The content of one request, for as long as the request is alive: pulled by
 * its reader, bounded in time, and cleared when it was left unread.
 *
 * ```text
 *   untouched ──pull──▶ pulled … ──▶ ended        another request may follow
 *       │                  │
 *       └─── the answer is sent: what is left is cleared, or nothing follows
 * ```
 *
 * Nothing is read before somebody pulls; the first pull that has to wait sends
 * 100 Continue where the client asked for it (RFC 9110 §10.1.1).
 *
 * @module
 */

import { Fault } from "../errors.ts";
import { CONTENT_FLOOR } from "../limits.ts";
import type { ContentSource } from "../messages.ts";
import type { End } from "../parser.ts";
import type { Head } from "../parser/head.ts";
import { putContinue } from "../writer.ts";
import type { Channel } from "./channel.ts";
import { NEVER } from "./deadlines.ts";
import type { Settings } from "./settings.ts";

/** There will be more, and nothing of it is here. */
const MORE = Symbol("more");

/** Whose request the content is of. */
export interface Reader {
  /** All of the content has come. */
  contentEnded(): void;
  /** The content did not come in time. */
  giveUp(reason: Fault): void;
}

/** A source of content over the channel of a connection. */
export class Incoming implements ContentSource {
  readonly length: number | undefined;
  /** Whether the end was seen. */
  ended = false;
  /** Whether nobody has pulled: then nothing of it is lent. */
  untouched = true;
  /** What went wrong while the rest was cleared. */
  failure: unknown;
  readonly #channel: Channel;
  readonly #settings: Settings;
  readonly #reader: Reader;
  /** The deadline of head and content together. */
  readonly #requestBy: number;
  /** Whether the client waits for 100 Continue. */
  #expected: boolean;
  /** Whether nothing behind it can be trusted, or is wanted. */
  #broken = false;
  #closed = false;
  /** Why it was taken from its reader, where not for an answer of the reader's. */
  #reason: unknown;
  #trailers: End["trailers"] | undefined;
  #taken = 0;
  /** Bytes that nobody wanted. */
  #dropped = 0;
  #pulling: Promise<Uint8Array | undefined> | undefined;
  #interrupt: ((reason: unknown) => void) | undefined;
  /** Milliseconds that pulls have waited for the peer. */
  #waited = 0;
  #waitsSince = 0;

  constructor(
    channel: Channel,
    head: Head,
    settings: Settings,
    reader: Reader,
    requestBy: number,
  ) {
    this.#channel = channel;
    this.#reader = reader;
    this.#settings = settings;
    this.#requestBy = requestBy;
    this.length = head.length;
    this.#expected = head.expectsContinue;
  }

  pull(): Promise<Uint8Array | undefined> {
    if (this.#closed) {
      return Promise.reject(this.#reason ?? refused("the request is answered"));
    }
    if (this.#pulling) return Promise.reject(refused("a read is pending"));
    this.untouched = false;
    try {
      const piece = this.#here();
      return piece === MORE ? this.#wait() : Promise.resolve(piece);
    } catch (fault) {
      return Promise.reject(fault);
    }
  }

  /** No promise, where no byte is waited for: a small JSON costs 1 µs less. */
  readWhole(read: (bytes: Uint8Array) => void): boolean {
    const { length } = this;
    const { parser } = this.#channel;
    if (!this.untouched || this.#closed || this.ended) return false;
    if (length === undefined || parser.buffered < length) return false;
    const piece = parser.next();
    if (piece.kind !== "data") return false;
    read(piece.bytes);
    parser.next(); // its end
    this.#taken = length;
    this.untouched = false;
    this.ended = true;
    this.#reader.contentEnded();
    return true;
  }

  refuse(): void {
    this.#broken = true;
  }

  /** None behind content of a length (RFC 9112 §7.1.2). */
  trailers(): End["trailers"] | undefined {
    return this.length === undefined ? this.#trailers : [];
  }

  /** Whether the client waits for 100 Continue. */
  get isAwaited(): boolean {
    return this.#expected;
  }

  /** The final answer has begun: it is too late to tell the client to go on. */
  answered(): void {
    this.#expected = false;
  }

  /** Ends the pull that waits, if one does, with `reason`. */
  interrupt(reason: unknown): void {
    this.#interrupt?.(reason);
  }

  /** Takes it from its reader, who is told `reason` now or when it asks again. */
  withdraw(reason: unknown): void {
    this.#closed = true;
    this.#reason = reason;
    this.interrupt(reason);
  }

  /** The client let wait for content, or for all of the request. */
  late(now: number): void {
    const whole = now >= this.#requestBy;
    const fault = new Fault(whole ? "request-late" : "content-late");
    if (!this.#closed) this.#reader.giveUp(fault);
    this.interrupt(fault);
  }

  /**
   * Whether the connection may persist behind this content: it came whole, or
   * what is left is announced to be little. A client that was not told to
   * continue may send its content or not, so nobody knows what comes next.
   */
  canBeCleared(most: number): boolean {
    if (this.ended) return true;
    if (this.#broken || this.#expected) return false;
    return this.length === undefined || this.length - this.#taken <= most;
  }

  /**
   * Drops what has come already, up to `most` bytes, before the answer is written:
   * what is wrong with it can still be answered, and whether the connection may
   * persist is known better.
   *
   * @throws {Fault} when the content is malformed
   */
  settle(most: number): void {
    if (this.#pulling || this.#closed || this.ended) return;
    // From here on no reader gets anything: it would take the rest for the whole.
    this.#closed = true;
    while (this.#dropped <= most) {
      const piece = this.#channel.parser.next();
      if (piece.kind === "data") {
        this.#taken += piece.bytes.length;
        this.#dropped += piece.bytes.length;
      } else if (piece.kind === "fault") {
        this.#broken = true;
        throw piece;
      } else {
        this.ended = piece.kind === "end";
        return;
      }
    }
    this.#broken = true;
  }

  /**
   * Takes it from its reader, who may still be at work, and drops what is left, up
   * to `most` bytes; none of it for -1. Whether the end was found.
   */
  async close(most: number): Promise<boolean> {
    this.shut();
    if (this.ended || most < 0) return this.ended;
    await this.#pulling?.catch(() => {});
    try {
      while (!this.ended && this.#dropped <= most) {
        const piece = this.#here();
        this.#dropped +=
          (piece === MORE ? await this.#wait() : piece)?.length ?? 0;
      }
    } catch (error) {
      // It broke off: there is nothing to be found behind it.
      this.failure = error;
    }
    this.#broken ||= !this.ended;
    return this.ended;
  }

  /** Takes it from its reader. */
  shut(): void {
    this.#closed = true;
    this.#interrupt?.(refused("the request is answered"));
  }

  /** The next piece, if it is here: so no promise is made for what has come. */
  #here(): Uint8Array | undefined | typeof MORE {
    if (this.ended) return undefined;
    const piece = this.#channel.parser.next();
    switch (piece.kind) {
      case "data":
        this.#taken += piece.bytes.length;
        return piece.bytes;
      case "end":
        this.ended = true;
        if (!this.#closed) this.#trailers = piece.trailers;
        this.#reader.contentEnded();
        return undefined;
      case "fault":
        this.#broken = true;
        throw piece;
      default:
        return MORE;
    }
  }

  #wait(): Promise<Uint8Array | undefined> {
    return this.#pulling = this.#waitForPiece();
  }

  async #waitForPiece(): Promise<Uint8Array | undefined> {
    const channel = this.#channel;
    try {
      for (;;) {
        if (channel.eof) {
          throw channel.parser.finish() ?? new Fault("content-cut");
        }
        const had = channel.parser.buffered;
        if (this.#expected || channel.buffered > 0) await this.#continue();
        // A read that was waiting may have brought some meanwhile.
        if (channel.parser.buffered === had && !channel.eof) {
          this.#beginWait();
          await this.#arrival();
          this.#endWait();
        }
        const piece = this.#here();
        if (piece !== MORE) return piece;
      }
    } catch (error) {
      this.#broken = true;
      if (this.#interrupt) this.#endWait();
      throw error;
    } finally {
      this.#pulling = undefined;
    }
  }

  /** RFC 9110 §10.1.1: in the order of the answers, and only once. */
  async #continue(): Promise<void> {
    if (this.#expected) putContinue(this.#channel.output());
    this.#expected = false;
    await this.#channel.flush();
  }

  /** Time is counted only here: a slow reader is not a stalled client. */
  #beginWait(): void {
    this.#checkPace();
    const { deadlines, timeouts } = this.#settings;
    const until = Math.min(deadlines.after(timeouts.body), this.#requestBy);
    this.#channel.expect("content", until);
    this.#waitsSince = deadlines.now;
  }

  /** Who trickles is waited for at nearly every sweep, so sweeps tell for how long. */
  #endWait(): void {
    const { deadlines } = this.#settings;
    this.#interrupt = undefined;
    this.#channel.expect("nothing", NEVER);
    this.#waited += (deadlines.now - this.#waitsSince) * deadlines.tick;
  }

  /** Until a read has brought something, or somebody interrupts. */
  #arrival(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject;
      this.#channel.read().then(resolve);
    });
  }

  /**
   * Content that trickles keeps a handler for as long as its sender likes. It is
   * judged when some has come and was not the last: while none comes, the timeout
   * for no progress holds.
   */
  #checkPace(): void {
    if (this.#settings.timeouts.body === Infinity) return;
    if (this.#waited < CONTENT_FLOOR.after) return;
    const came = this.#taken + this.#channel.parser.buffered;
    if (came * 1000 >= CONTENT_FLOOR.bytesPerSecond * this.#waited) return;
    const fault = new Fault("content-slow");
    if (!this.#closed) this.#reader.giveUp(fault);
    throw fault;
  }
}

/**
 * Whether what is left of content was cleared. The answer goes out first: a client
 * may wait for it before it sends on.
 */
export async function cleared(
  incoming: Incoming,
  most: number,
  channel: Channel,
): Promise<boolean> {
  if (!incoming.ended && !await channel.flush()) return false;
  return await incoming.close(most);
}

function refused(reason: string): TypeError {
  return new TypeError(`Cannot read the content: ${reason}`);
}
