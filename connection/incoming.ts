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
import type { Head } from "../parser/head.ts";
import { putContinue } from "../writer.ts";
import type { Channel } from "./channel.ts";
import type { Settings } from "./settings.ts";

/** A source of content over the channel of a connection. */
export class Incoming implements ContentSource {
  readonly length: number | undefined;
  /** Whether the end was seen. */
  ended = false;
  readonly #channel: Channel;
  readonly #settings: Settings;
  /** The deadline of head and content together. */
  readonly #requestBy: number;
  /** Whether the client waits for 100 Continue. */
  #expected: boolean;
  /** Whether nothing behind it can be trusted, or is wanted. */
  #broken = false;
  #closed = false;
  #taken = 0;
  #pulling: Promise<Uint8Array | undefined> | undefined;
  #interrupt: ((reason: unknown) => void) | undefined;
  /** Since when a pull waits for the peer, or -1; and what all of them waited. */
  #waitsSince = -1;
  #waited = 0;

  constructor(
    channel: Channel,
    head: Head,
    settings: Settings,
    requestBy: number,
  ) {
    this.#channel = channel;
    this.#settings = settings;
    this.#requestBy = requestBy;
    this.length = head.length;
    this.#expected = head.expectsContinue;
  }

  pull(): Promise<Uint8Array | undefined> {
    if (this.#closed) return refused("the request is answered");
    if (this.#pulling) return refused("a read is pending");
    if (this.ended) return Promise.resolve(undefined);
    return this.#pulling = this.#pullOnce();
  }

  refuse(): void {
    this.#broken = true;
  }

  /** The final answer has begun: it is too late to tell the client to go on. */
  answered(): void {
    this.#expected = false;
  }

  /** Ends the pull that waits, if one does, with `reason`. */
  interrupt(reason: unknown): void {
    this.#interrupt?.(reason);
  }

  /** The client let wait for content, or for all of the request. */
  late(now: number): void {
    const whole = now > this.#requestBy;
    this.interrupt(new Fault(whole ? "request-late" : "content-late"));
  }

  /** Content that trickles keeps a handler for as long as its sender likes. */
  check(now: number): void {
    if (this.#waitsSince < 0 || this.#settings.timeouts.body === Infinity) {
      return;
    }
    const waited = this.#waited + now - this.#waitsSince;
    if (waited < CONTENT_FLOOR.after) return;
    if (this.#taken * 1000 < CONTENT_FLOOR.bytesPerSecond * waited) {
      this.interrupt(new Fault("content-slow"));
    }
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

  /** Takes it from its reader and drops what is left, up to `most` bytes. */
  async close(most: number): Promise<boolean> {
    this.#closed = true;
    if (this.ended || most < 0) return this.ended;
    await this.#pulling?.catch(() => {});
    try {
      for (let dropped = 0; !this.ended && dropped <= most;) {
        dropped += (await this.#pullOnce())?.length ?? 0;
      }
    } catch {
      // It broke off: there is nothing to be found behind it.
    }
    return this.ended;
  }

  async #pullOnce(): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#next();
      this.ended = bytes === undefined;
      this.#taken += bytes?.length ?? 0;
      return bytes;
    } catch (error) {
      this.#broken = true;
      throw error;
    } finally {
      this.#pulling = undefined;
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { parser } = this.#channel;
    for (;;) {
      const piece = parser.next();
      if (piece.kind === "data") return piece.bytes;
      if (piece.kind === "end") return undefined;
      if (piece.kind === "fault") throw piece;
      if (this.#channel.eof) throw parser.finish() ?? new Fault("content-cut");
      await this.#continue();
      await this.#more();
    }
  }

  /** RFC 9110 §10.1.1: in the order of the answers, and only once. */
  async #continue(): Promise<void> {
    if (this.#expected) putContinue(this.#channel.output());
    this.#expected = false;
    await this.#channel.flush();
  }

  /** The clock runs only here: a slow reader is not a stalled client. */
  async #more(): Promise<void> {
    const { deadlines, timeouts } = this.#settings;
    const until = Math.min(deadlines.after(timeouts.body), this.#requestBy);
    this.#channel.await("content", until);
    this.#waitsSince = performance.now();
    try {
      await new Promise<void>((resolve, reject) => {
        this.#interrupt = reject;
        this.#channel.read().then(resolve);
      });
    } finally {
      this.#interrupt = undefined;
      this.#waited += performance.now() - this.#waitsSince;
      this.#waitsSince = -1;
      this.#channel.await("nothing", Infinity);
    }
  }
}

function refused(reason: string): Promise<never> {
  return Promise.reject(new TypeError(`Cannot read the content: ${reason}`));
}
