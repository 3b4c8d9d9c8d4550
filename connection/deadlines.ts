/**
 * Deadlines of all the connections of a server, watched by one timer.
 *
 * A timer for each wait would cost more than the wait: requests come a hundred
 * thousand a second, and their deadlines are hardly ever met. So everybody who
 * waits writes down until when, and one sweep looks at all of them a few times
 * a second. A deadline is never early, and late by two sweeps at most, which
 * is half a second with the default timeouts.
 *
 * @module
 */

/** Somebody who has deadlines. */
export interface Expiring {
  /** Called with every sweep; `now` is in milliseconds of `performance.now()`. */
  check(now: number): void;
}

/** The longest that a sweep waits, in milliseconds. */
const LONGEST_TICK = 250;
/** The shortest: timeouts of less are for tests. */
const SHORTEST_TICK = 10;

/** The one timer, and who is watched. It runs while anybody is. */
export class Deadlines {
  readonly #tick: number;
  readonly #watched: Set<Expiring> = new Set();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #started: (timer: ReturnType<typeof setInterval>) => void;

  /**
   * `shortest` is the shortest timeout there is, in milliseconds; `started` is
   * told of the timer, so that it need not keep a process alive.
   */
  constructor(
    shortest: number,
    started: (timer: ReturnType<typeof setInterval>) => void = () => {},
  ) {
    this.#tick = Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, shortest / 4));
    this.#started = started;
  }

  /** The deadline of a wait of `ms` that starts now. */
  after(ms: number): number {
    return performance.now() + ms + this.#tick;
  }

  /** Calls `check` with every sweep from now on. */
  watch(who: Expiring): void {
    this.#watched.add(who);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#sweep(), this.#tick);
    this.#started(this.#timer);
  }

  /** The opposite of `watch`; the timer stops with the next sweep, or `stop`. */
  forget(who: Expiring): void {
    this.#watched.delete(who);
  }

  /** Stops the timer unless somebody is watched. */
  stop(): void {
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const now = performance.now();
    for (const who of this.#watched) who.check(now);
    this.stop();
  }
}
