/**
 * The two ways of a connection: bytes in, bytes out, and their deadlines. What
 * the bytes mean is for the parser it fills and for the one who owns it.
 *
 * ```text
 *   transport ──read──▶ parser      one read at a time, whoever waits for it
 *   transport ◀─write── Output      what was put together goes out together
 * ```
 *
 * A wait on the network always has a deadline that only progress moves. A read
 * cannot be taken back; what ends it early is that the transport is closed.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import type { Transport } from "../messages.ts";
import { RequestParser } from "../parser.ts";
import { Output } from "../writer/output.ts";
import { NEVER } from "./deadlines.ts";
import type { Settings } from "./settings.ts";

/** What the peer is waited for. */
export type Waiting = "nothing" | "idle" | "head" | "content" | "end";

/** Who is told of what happens on the channel. */
export interface Owner {
  /** The peer is gone, or must go: nothing can be sent any more. */
  lost(reason: unknown): void;
  /** The peer let wait for too long. */
  late(waiting: Waiting): void;
}

/**
 * What is read and dropped at the most so that a last answer arrives: so many
 * bytes, and so many times `timeouts.linger`. A client that writes all of an
 * upload before it reads loses the answer otherwise. nginx lingers for 30 s.
 */
const MOST_LINGERED = {
  bytes: FIXED.lingered.default,
  times: FIXED.lingerTimes.default,
} as const;
/** Where that is read to. All share it: nobody looks at what is there. */
const SINK: Uint8Array = new Uint8Array(64 * 1024);
/** What is read ahead while a handler is at work. */
const MOST_AHEAD: number = FIXED.readAhead.default;

/** So many parsers wait for the next connections. */
const MOST_PARSERS: number = FIXED.parsers.default;
/** Stands for a parser that was given to another connection, or might be. */
const GONE = new RequestParser();

/** The bytes of one connection. */
export class Channel {
  /** What has come. */
  parser: RequestParser;
  /** Nothing more is sent, but for what a refusal has put already. */
  over = false;
  /** The peer has ended its way. */
  eof = false;

  readonly #transport: Transport;
  readonly #settings: Settings;
  readonly #owner: Owner;
  #out: Output | undefined;
  /** What `send` is at. */
  #sending: Output | undefined;
  #reading: Promise<void> | undefined;
  /** The last write that was begun and has not ended. */
  #writing: Promise<boolean> | undefined;
  #lost = false;
  /** Whether the transport has another owner, who reads from it. */
  #handedOver = false;
  #waiting: Waiting = "nothing";
  #readBy = NEVER;
  #writeBy = NEVER;

  constructor(transport: Transport, settings: Settings, owner: Owner) {
    this.#transport = transport;
    this.#settings = settings;
    this.#owner = owner;
    this.parser = settings.parsers.pop() ?? new RequestParser({
      limits: settings.limits,
      secure: transport.secure ?? false,
    });
  }

  /** What the peer is waited for. */
  get waiting(): Waiting {
    return this.#waiting;
  }

  /** Says what the next reads wait for, and until when. The end is the last. */
  expect(what: Waiting, until: number): void {
    if (this.#waiting === "end") return;
    this.#waiting = what;
    this.#readBy = until;
  }

  /**
   * Reads what there is into the parser, up to `most` bytes unless a read waits
   * already; at the end of it, `eof` is set.
   */
  read(most = Infinity): Promise<void> {
    return this.#reading ??= this.#readOnce(most);
  }

  async #readOnce(most: number): Promise<void> {
    try {
      const space = this.parser.space();
      const into = space.length > most ? space.subarray(0, most) : space;
      this.received(await this.#transport.read(into));
    } catch (error) {
      this.failed(error);
    } finally {
      this.#reading = undefined;
    }
  }

  /**
   * Keeps a read waiting for as long as `wanted` says, which is while nothing is
   * lent: it tells when the peer is gone, and holds some of what comes next.
   */
  watch(wanted: () => boolean): void {
    if (!wanted() || this.#reading || this.eof || this.over) return;
    const room = MOST_AHEAD - this.parser.buffered;
    if (this.#handedOver || room <= 0) return;
    this.read(room).then(() => this.watch(wanted));
  }

  /** Where answers are put, until `flush`. */
  output(): Output {
    return this.#out ??= Output.take();
  }

  /** How many bytes were put and not yet sent. */
  get buffered(): number {
    return this.#out?.length ?? 0;
  }

  /** Whether a read or a write is pending that others may have begun. */
  get busy(): boolean {
    return this.#reading !== undefined || this.#writing !== undefined;
  }

  /**
   * Begins to send what was put, for the loop of a connection that is not `busy`;
   * `sent` takes what comes of it. The promise is the transport's own: with one
   * of ours around it a request costs 0.15 µs more, and so with `receive`.
   */
  send(): Promise<number> {
    const out = this.#sending ??= this.#takeOutput();
    const { deadlines, timeouts } = this.#settings;
    this.#writeBy = deadlines.after(timeouts.write);
    return this.#transport.write(out.written());
  }

  /** So many bytes were taken of what is sent. False where there is a rest to `send`. */
  sent(count: number): boolean {
    const out = this.#sending!;
    this.#writeBy = NEVER;
    if (!out.sent(checkTaken(count))) return false;
    this.#sending = undefined;
    out.release();
    return true;
  }

  /** Begins to read, as `send` begins to write; `received` takes what has come. */
  receive(): Promise<number | null> {
    return this.#transport.read(this.parser.space());
  }

  /** So many bytes have come, or the peer has ended its way. */
  received(count: number | null): void {
    if (count === null) this.eof = true;
    else this.parser.filled(count);
  }

  /** A read or a write has failed. */
  failed(error: unknown): void {
    this.eof = true;
    // Between requests a reset is a way to say good-bye.
    if (this.#waiting === "idle" || this.#waiting === "head") return;
    this.#lose(error);
  }

  /** Sends what was put. False when the peer does not take it any more. */
  async flush(): Promise<boolean> {
    if (this.buffered === 0) {
      return await this.#writing !== false && !this.over;
    }
    const out = this.#takeOutput();
    const sent = await this.write(out.written());
    out.release();
    return sent;
  }

  #takeOutput(): Output {
    const out = this.#out!;
    this.#out = undefined;
    return out;
  }

  /**
   * Sends bytes from where they are, behind those of an earlier write: a socket
   * takes a part of them, and who reads content may flush while an answer is
   * written, so that two writes at once would mix.
   */
  async write(bytes: Uint8Array): Promise<boolean> {
    const before = this.#writing;
    const writing = before === undefined
      ? this.#writeAll(bytes)
      : before.then((sent) => sent && this.#writeAll(bytes));
    this.#writing = writing;
    const sent = await writing;
    if (this.#writing === writing) this.#writing = undefined;
    return sent;
  }

  async #writeAll(bytes: Uint8Array): Promise<boolean> {
    if (this.#lost) return false;
    const { deadlines, timeouts } = this.#settings;
    try {
      for (let rest = bytes; rest.length > 0;) {
        this.#writeBy = deadlines.after(timeouts.write);
        const count = checkTaken(await this.#transport.write(rest));
        if (count >= rest.length) break;
        rest = rest.subarray(count);
      }
      return !this.#lost;
    } catch (error) {
      this.#lose(error);
      return false;
    } finally {
      this.#writeBy = NEVER;
    }
  }

  /**
   * Closes our way alone (RFC 9112 §9.6). Were the socket closed with bytes
   * unread, the reset would take the answer from the peer before it was read.
   */
  beginLinger(): void {
    const { deadlines, timeouts } = this.#settings;
    this.expect("end", deadlines.after(timeouts.linger));
    this.#endWrite().catch(() => {});
  }

  async #endWrite(): Promise<void> {
    await this.#transport.closeWrite?.();
  }

  /** Reads and drops until the peer closes, too: for a while, and only so much. */
  async linger(): Promise<void> {
    const { deadlines, timeouts } = this.#settings;
    const last = deadlines.after(timeouts.linger * MOST_LINGERED.times);
    await this.#reading;
    if (this.#lost) return;
    try {
      for (let dropped = 0; !this.eof && dropped < MOST_LINGERED.bytes;) {
        const count = await this.#transport.read(SINK);
        if (count === null) break;
        dropped += count;
        this.#readBy = Math.min(deadlines.after(timeouts.linger), last);
      }
    } catch {
      // Reset, or closed by the deadline: the end either way.
    }
  }

  /** Ends both ways at once. */
  cut(reason: unknown): void {
    this.#lose(reason);
    this.close();
  }

  /** Ends both ways in silence; a read that waits finds the end. */
  close(): void {
    try {
      this.#transport.close();
    } catch {
      // A transport that cannot be closed is not ours any more, either way.
    }
  }

  /** Frees what it holds; nothing is sent or read after. */
  release(): void {
    this.over = this.eof = true;
    this.close();
    this.#out?.release();
    this.#out = this.#sending = undefined;
    const { parsers } = this.#settings;
    const read = this.#reading !== undefined;
    if (!read && this.parser.isReusable && parsers.length < MOST_PARSERS) {
      parsers.push(this.parser);
    }
    this.parser = GONE;
  }

  /** Looks at the deadlines. */
  check(now: number): void {
    if (now >= this.#readBy) {
      this.#readBy = NEVER;
      this.#owner.late(this.#waiting);
    }
    if (now >= this.#writeBy) {
      this.cut(new DOMException("The answer made no progress", "TimeoutError"));
    }
  }

  /** The transport as its next owner sees it: a read that is pending comes first. */
  handedOver(): Transport {
    this.#handedOver = true;
    const transport = this.#transport;
    const read = async (into: Uint8Array): Promise<number | null> => {
      await this.#reading;
      const early = this.parser.takeRest(into.length);
      into.set(early);
      if (early.length > 0) return early.length;
      return this.eof ? null : await this.#handed(transport.read(into));
    };
    return {
      read,
      write: (bytes) => this.#handed(transport.write(bytes)),
      close: () => transport.close(),
      closeWrite: async () => await transport.closeWrite?.(),
      remote: transport.remote,
      local: transport.local,
      secure: transport.secure ?? false,
    };
  }

  /** A failure tells that the peer is gone, unless it is of who asked for too much. */
  async #handed<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      this.over ||= !(error instanceof TypeError);
      throw error;
    }
  }

  #lose(reason: unknown): void {
    this.over = this.#lost = true;
    this.#owner.lost(reason);
  }
}

/** A write that takes nothing would be tried for ever. */
function checkTaken(count: number): number {
  if (count > 0) return count;
  throw new TypeError("Cannot write on: the transport took nothing");
}
