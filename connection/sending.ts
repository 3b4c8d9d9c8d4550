/**
 * How an answer goes out: whole, or its head and then piece by piece. What the
 * head says of the connection is decided here, and how it is framed in
 * `writer.ts`.
 *
 * @module
 */

import { Answer } from "../response/answer.ts";
import { Fetched, NOT_SENT, type Pieces } from "../response/body.ts";
import type { Head } from "../parser.ts";
import {
  declaredLength,
  mayHaveContent,
  mayHaveTrailers,
  putLastChunk,
  type Reply,
  type Written,
} from "../writer.ts";
import type { Channel } from "./channel.ts";
import type { Incoming } from "./incoming.ts";
import type { Settings } from "./settings.ts";
import { type Stage, stream } from "./streaming.ts";
import type { Trailers } from "./trailers.ts";
import type { Wait } from "./wait.ts";

const NO_LINES: readonly string[] = [];

/** Sends the answers of one connection. */
export class Sending {
  /** Whether the final answer has begun: an error cannot be answered any more. */
  begun = false;
  /** What comes behind the content of the answer. */
  trailers: Trailers | undefined;
  /** Whether no other request is answered. */
  stopping = false;
  readonly #channel: Channel;
  readonly #settings: Settings;
  readonly #wait: Wait;

  constructor(channel: Channel, settings: Settings, wait: Wait) {
    this.#channel = channel;
    this.#settings = settings;
    this.#wait = wait;
  }

  /** Whether fields come behind the content of an answer of that status. */
  trails(head: Head, status: number): boolean {
    return this.trailers !== undefined && mayHaveTrailers(head, status);
  }

  /** Puts a whole answer. Whether another request may follow. */
  whole(
    head: Head,
    answer: Answer,
    body: string | Uint8Array | Fetched | null,
    incoming: Incoming | undefined,
  ): boolean {
    const { writer } = this.#settings;
    this.#settle(answer.status, incoming);
    const reply = this.#replyOf(head, answer, incoming);
    const out = this.#channel.output();
    const persists = body instanceof Fetched
      ? writer.filled(out, head, reply, body)
      : writer.whole(out, head, reply, body);
    this.#began(incoming);
    return persists;
  }

  /** Sends an answer piece by piece. Whether another request may follow. */
  async long(
    head: Head,
    answer: Answer,
    pieces: Pieces,
    incoming: Incoming | undefined,
  ): Promise<boolean> {
    // Trailers come behind chunks alone (RFC 9112 §7.1.2).
    const length = this.trails(head, answer.status)
      ? undefined
      : pieces.length ?? lengthSet(answer);
    if (head.method !== "HEAD" && mayHaveContent(head, answer.status)) {
      const stage = this.#stageFor(head, answer, incoming);
      return await stream(stage, answer, pieces, length);
    }
    pieces.stop(NOT_SENT);
    return this.#putHead(head, answer, length, incoming).persists;
  }

  /**
   * Whoever reads the answer must not take a part of it for the whole: the
   * connection ends without the last chunk, or short of the length.
   */
  async breakOff(): Promise<false> {
    await this.#channel.flush();
    this.#channel.over = true;
    return false;
  }

  #putHead(
    head: Head,
    answer: Answer,
    length: number | undefined,
    incoming: Incoming | undefined,
  ): Written {
    const { writer } = this.#settings;
    const reply = this.#replyOf(head, answer, incoming);
    const out = this.#channel.output();
    const trailers = this.trailers?.names;
    const written = writer.head(out, head, reply, length, trailers);
    this.#began(incoming);
    return written;
  }

  #putEnd(): void | Promise<void> {
    if (this.trailers === undefined) putLastChunk(this.#channel.output());
    else return this.trailers.send(this.#channel, this.#wait);
  }

  /** Content that came and is malformed makes a 400 of what would be a success. */
  #settle(status: number, incoming: Incoming | undefined): void {
    try {
      incoming?.settle(this.#settings.limits.unread);
    } catch (fault) {
      if (status < 400) throw fault;
    }
  }

  #began(incoming: Incoming | undefined): void {
    this.begun = true;
    incoming?.answered();
  }

  #replyOf(
    head: Head,
    answer: Answer,
    incoming: Incoming | undefined,
  ): Reply {
    const { unread } = this.#settings.limits;
    return {
      status: answer.status,
      type: Answer.soleType(answer),
      lines: Answer.isPlain(answer) ? NO_LINES : answer.headers.lines,
      persists: head.persists && !this.stopping && !this.#isLast &&
        (incoming === undefined || incoming.canBeCleared(unread)),
    };
  }

  /** Whether the client has ended its way, and nothing of it waits here. */
  get #isLast(): boolean {
    return this.#channel.eof && this.#channel.parser.buffered === 0;
  }

  #stageFor(
    head: Head,
    answer: Answer,
    incoming: Incoming | undefined,
  ): Stage {
    return {
      channel: this.#channel,
      buffered: this.#settings.limits.buffered,
      isAwaited: incoming?.isAwaited === true,
      putWhole: (body) => this.whole(head, answer, body, incoming),
      trails: this.trails(head, answer.status),
      putHead: (length) => this.#putHead(head, answer, length, incoming),
      putEnd: () => this.#putEnd(),
      later: this.#settings.later,
      wait: (promise) => this.#wait.until(promise),
    };
  }
}

/** The length that the application set for what it streams. */
function lengthSet(answer: Answer): number | undefined {
  return Answer.isPlain(answer)
    ? undefined
    : declaredLength(answer.headers.lines);
}
