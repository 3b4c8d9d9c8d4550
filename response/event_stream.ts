/**
 * Events as the body of an answer: each is sent when it is there, and while none
 * is, a comment now and then, so that nobody between takes the silence for an end.
 *
 * ```text
 *   generator ──yield──▶ eventText ──▶ next()     pulled: a slow reader makes it wait
 *                        silence   ──▶            one timer a stream, none an event
 *   generator ◀─return()─ the client has left, the server stops, nobody wants it
 * ```
 *
 * The one surprise: who reads never waits for the generator to end. A `return()`
 * takes effect only where it yields, so one that waits for something that never
 * comes would be waited for as long; it is told by `c.signal`, and left.
 *
 * HTML Standard §9.2.
 *
 * @module
 */

import { eventText, SILENCE } from "../wire/event_stream.ts";

/** The media type. It has no charset: it is always UTF-8. */
export const EVENTS = "text/event-stream";

/** So many turns of the microtask queue a source has to refuse before its head. */
const TURNS = 24;
/** The longest that a timer of the platform can wait. */
const LONGEST_WAIT = 2 ** 31 - 1;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What a stream of events is told beside its source. */
export interface EventStreamInit {
  /** Milliseconds of silence after which a comment is sent. */
  readonly keepAlive: number;
  /** Ends it when it fires. */
  readonly signal: AbortSignal;
  /** Is told what goes wrong in the source when nobody reads any more. */
  readonly report: (error: unknown) => void;
}

/** A body that can be iterated once. */
export class EventStream implements AsyncIterableIterator<string, undefined> {
  readonly #source: AsyncIterator<unknown>;
  readonly #init: EventStreamInit;
  /** What was made of an event that nobody has taken yet. */
  #found: string | undefined;
  #failure: { readonly error: unknown } | undefined;
  #advancing = false;
  #over = false;
  #reader: PromiseWithResolvers<IteratorResult<string, undefined>> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silentSince = 0;
  readonly #end = () => this.end();

  /** A stream of what `source` yields. */
  constructor(source: AsyncIterable<unknown>, init: EventStreamInit) {
    this.#source = source[Symbol.asyncIterator]();
    this.#init = init;
    init.signal.addEventListener("abort", this.#end);
    if (init.signal.aborted) this.end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Starts the source before anybody reads, so that what it refuses at once can
   * still be answered.
   *
   * @throws whatever the source throws before it lets wait
   */
  async start(): Promise<void> {
    if (!this.#over) void this.#advance();
    for (let turn = 0; turn < TURNS && this.#advancing; turn++) await null;
    if (this.#failure) throw this.#failure.error;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    if (this.#reader) {
      const reason = "Cannot read an event stream twice at a time";
      return Promise.reject(new TypeError(reason));
    }
    const reader = this.#reader = Promise.withResolvers();
    if (!this.#give()) this.#wait();
    return reader.promise;
  }

  return(): Promise<IteratorResult<string, undefined>> {
    this.end();
    return Promise.resolve(DONE);
  }

  /** Ends it now: who reads is told, and the source. */
  end(): void {
    if (this.#over) return;
    this.#close();
    void this.#leave();
    this.#give();
  }

  /** Gives the reader what there is. Whether there was something, or nobody asks. */
  #give(): boolean {
    const reader = this.#reader;
    if (!reader) return true;
    if (this.#found !== undefined) {
      reader.resolve({ done: false, value: this.#found });
      this.#found = undefined;
    } else if (this.#failure) reader.reject(this.#failure.error);
    else if (this.#over) reader.resolve(DONE);
    else return false;
    this.#reader = undefined;
    return true;
  }

  #wait(): void {
    if (!this.#advancing) void this.#advance();
    const { keepAlive } = this.#init;
    if (keepAlive > LONGEST_WAIT) return;
    this.#silentSince = performance.now();
    this.#timer ??= setTimeout(this.#alarm, keepAlive);
  }

  async #advance(): Promise<void> {
    this.#advancing = true;
    try {
      const { done, value } = await this.#source.next();
      if (!done && !this.#over) this.#found = this.#textOf(value);
      else if (done) this.#close();
    } catch (error) {
      if (this.#over) this.#late(error);
      else {
        this.#failure = { error };
        this.#close();
      }
    }
    this.#advancing = false;
    this.#give();
  }

  /** What is no event is the source's mistake, which does not know that it is over. */
  #textOf(value: unknown): string {
    try {
      return eventText(value);
    } catch (error) {
      void this.#leave();
      throw error;
    }
  }

  /** The one timer: it was set at an earlier wait, so it may be too early. */
  readonly #alarm = (): void => {
    const { keepAlive } = this.#init;
    const silent = performance.now() - this.#silentSince;
    const early = this.#reader === undefined || silent < keepAlive;
    if (!early) {
      this.#found = SILENCE;
      this.#give();
    }
    const rest = this.#reader === undefined ? keepAlive : keepAlive - silent;
    this.#timer = setTimeout(this.#alarm, rest);
  };

  /** Nothing comes any more. */
  #close(): void {
    this.#over = true;
    this.#init.signal.removeEventListener("abort", this.#end);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #leave(): Promise<void> {
    try {
      await this.#source.return?.();
    } catch (error) {
      this.#late(error);
    }
  }

  /** To be told that it is over is not to fail. */
  #late(error: unknown): void {
    const { signal, report } = this.#init;
    const told = error === signal.reason ||
      error instanceof Error && error.name === "AbortError";
    if (!told) report(error);
  }
}
