/**
 * What all the connections of a server share: bounds, the writer with its kept
 * heads, the one timer, and who is told of errors. Resolved once.
 *
 * @module
 */

import {
  type Limits,
  resolveLimits,
  resolveTimeouts,
  type Timeouts,
} from "../limits.ts";
import type { Trusts } from "../messages.ts";
import type { Context } from "../request.ts";
import type { RequestParser } from "../parser.ts";
import { resolveTrust, type TrustProxy } from "../request/forwarding.ts";
import { type Observe, observer } from "../request/observe.ts";
import { Writer } from "../writer.ts";
import { Deadlines } from "./deadlines.ts";

/** What `serveConnection` takes, and `serve` as well. */
export interface ConnectionOptions {
  /** Bounds in bytes and counts; the defaults are in `limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** Bounds in milliseconds; the defaults are in `limits.ts`. */
  readonly timeouts?: Partial<Timeouts>;
  /** Is told of faults and errors; default: errors go to the console. */
  readonly onError?: Observe;
  /** Whether error answers may show what went wrong inside; default false. */
  readonly development?: boolean;
  /**
   * The proxies in front, as their number or as a list of addresses and ranges:
   * what they tell decides on `c.remote`, `c.secure` and `c.url`. By default
   * nobody is believed. See {@linkcode TrustProxy}.
   */
  readonly trustProxy?: TrustProxy;
  /** When it fires, the request that is alive is answered and no other. */
  readonly signal?: AbortSignal;
}

/** What the platform has beyond web standards. */
export interface Platform {
  /** Is told of the timer of the deadlines, which need not keep a process alive. */
  started?(timer: ReturnType<typeof setInterval>): void;
  /** Calls back when all who wait for the event loop had a turn. */
  later?(turn: () => void): void;
}

/** The options of a server, checked and with their defaults. */
export class Settings {
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly development: boolean;
  readonly trusts: Trusts | undefined;
  readonly writer: Writer;
  readonly deadlines: Deadlines;
  /**
   * What connections that have ended left to those that come: where each request
   * has one of its own, that is a quarter of its cost.
   */
  readonly parsers: RequestParser[] = [];
  /** Requests whose head was whole. */
  requests = 0;
  /** Counts whoever became idle, so that the one of longest can be told. */
  turns = 0;
  /** Calls back when others had a turn. */
  readonly later: (turn: () => void) => void;
  /** Tells the observer, which cannot disturb. */
  readonly report: (error: unknown, c?: Context) => void;

  /**
   * @throws {RangeError} when a bound is not a number from 0 to Infinity, or
   *   `trustProxy` trusts what is no number of hops and no address
   */
  constructor(options: ConnectionOptions, platform: Platform = {}) {
    this.limits = resolveLimits(options.limits);
    this.timeouts = resolveTimeouts(options.timeouts);
    this.development = options.development ?? false;
    this.trusts = resolveTrust(options.trustProxy);
    this.writer = new Writer(this.timeouts.idle);
    const shortest = Math.min(...Object.values(this.timeouts));
    // `Date` is right to a sweep: to ask the clock for each answer costs 0.05 µs.
    const tellTime = () => this.writer.tell(Date.now());
    this.deadlines = new Deadlines(shortest, platform.started, tellTime);
    this.later = platform.later ?? sometimes();
    this.report = observer(options.onError);
  }
}

/** Without a platform's help a turn takes a timer, and 2 ms: so only one in eight. */
function sometimes(): (turn: () => void) => void {
  let times = 0;
  return (turn) => {
    if (++times % 8 === 0) setTimeout(turn);
    else queueMicrotask(turn);
  };
}
