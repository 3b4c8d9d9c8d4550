/**
 * Deadlines of all the connections of a server, watched by one timer.
 *
 * A timer for each wait would cost more than the wait: requests come a hundred
 * thousand a second, and their deadlines are hardly ever met. So everybody who
 * waits writes down until when, and one sweep looks at all of them a few times
 * a second.
 *
 * Time is counted in sweeps, too: to ask the clock costs 0.1 µs, and it would be
 * asked three times a request. A deadline is never early, and late by two
 * sweeps at most, which is half a second with the default timeouts. While the
 * process is held up (a handler computes, the machine sleeps) no time passes:
 * nobody is late because we were.
 *
 * @module
 */

import { type Member, Roster } from "./roster.ts";

/** Somebody who has deadlines. */
export interface Expiring extends Member {
  /** Called with every sweep; a deadline is met when `now` has come to it. */
  check(now: number): void;
}

/** The deadline of what may take for ever. */
export const NEVER = 2 ** 30 - 1;

/** The longest that a sweep waits, in milliseconds. */
const LONGEST_TICK = 250;
/** The shortest: timeouts of less are for tests. */
const SHORTEST_TICK = 10;

/** The one timer, and who is watched. It runs while anybody is. */
export class Deadlines {
  /** How often it sweeps, in milliseconds. */
  readonly tick: number;
  #now = 0;
  readonly #watched: Roster<Expiring> = new Roster();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** What stands for the timer until the first sweep. */
  #first: AbortSignal | undefined;
  readonly #started: (timer: ReturnType<typeof setInterval>) => void;
  readonly #swept: () => void;

  /**
   * `shortest` is the shortest timeout there is, in milliseconds; `started` is
   * told of the timer, so that it need not keep a process alive; `swept` is called
   * with every sweep, and when the first one is waited for.
   */
  constructor(
    shortest: number,
    started: (timer: ReturnType<typeof setInterval>) => void = () => {},
    swept: () => void = () => {},
  ) {
    this.tick = Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, shortest / 4));
    this.#started = started;
    this.#swept = swept;
  }

  /** How many sweeps there were. */
  get now(): number {
    return this.#now;
  }

  /**
   * The deadline of a wait of `ms` that starts now, or that started at `since`. It
   * is a small integer: these lie in their fields, other numbers beside them.
   */
  after(ms: number, since: number = this.#now): number {
    return Math.min(since + 1 + Math.ceil(ms / this.tick), NEVER);
  }

  /** Calls `check` with every sweep from now on. */
  watch(who: Expiring): void {
    this.#watched.add(who);
    if (this.#timer !== undefined || this.#first !== undefined) return;
    this.#swept();
    if (this.#now > 0) return this.#begin();
    this.#first = AbortSignal.timeout(Math.ceil(this.tick));
    this.#first.addEventListener("abort", this.#firstSweep);
  }

  /**
   * Deno loads its timers with the first that is set, for 4 ms, in which a server
   * that has just started would answer nobody. A signal has a timer without them,
   * though none that need not keep a process alive.
   */
  readonly #firstSweep = (): void => {
    this.#first = undefined;
    this.#begin();
    this.#sweep();
  };

  #begin(): void {
    this.#timer = setInterval(() => this.#sweep(), this.tick);
    this.#started(this.#timer);
  }

  /** The opposite of `watch`; the timer stops with the next sweep, or `stop`. */
  forget(who: Expiring): void {
    this.#watched.delete(who);
  }

  /** Stops the timer unless somebody is watched. */
  stop(): void {
    if (this.#watched.size > 0) return;
    this.#first?.removeEventListener("abort", this.#firstSweep);
    clearInterval(this.#timer);
    this.#first = this.#timer = undefined;
  }

  #sweep(): void {
    this.#now++;
    this.#swept();
    for (const who of this.#watched) who.check(this.#now);
    this.stop();
  }
}
