/**
 * From an address to served connections: listen, accept, the set of those that
 * are alive, and the end of it all. `Deno` appears here and in no room below.
 *
 * ```text
 * serve ─▶ listen ─▶ accept ─▶ (TLS handshake) ─▶ Connection.run()
 *             ▲          │ failed: go on; when descriptors run out, who is idle
 *             └──────────┘ for longest closes, and we back off
 * shutdown ─▶ no more is accepted, idle connections close, the others get
 *             `timeouts.drain` to finish what they are at
 * ```
 *
 * Nothing that happens on a connection reaches the accept loop. The loop is by
 * hand because `for await` over a listener ends with the first peer that
 * resets before it was accepted (denoland/deno#8499).
 *
 * @module
 */

import type { Connection, Respond } from "./connection.ts";
import { Roster } from "./connection/roster.ts";
import { type ConnectionOptions, Settings } from "./connection/settings.ts";
import { FIXED } from "./limits.ts";
import type { Address } from "./messages.ts";
import { useDecoder } from "./parser/latin1.ts";
import { type App, optionsOf, toHandler } from "./router.ts";
import {
  type AnyListener,
  listen,
  type ListenOptions,
} from "./server/listen.ts";
import { checkOptions, type Kinds } from "./routing/options.ts";
import { addressOf, quietly, ServedConn } from "./server/served_conn.ts";
import { onSignals } from "./server/signals.ts";

/** What {@linkcode serve} takes beside the application. */
export interface ServeOptions
  extends ListenOptions, Omit<ConnectionOptions, "signal"> {
  /** When it fires, the server shuts down as with {@linkcode Server.shutdown}. */
  readonly signal?: AbortSignal;
  /** Whether SIGINT and SIGTERM shut the server down; default true. */
  readonly signals?: boolean;
  /** Is told where the server listens; default: a line on the console. */
  readonly onListen?: (address: Address) => void;
}

/** Figures of a server, for monitoring. */
export interface ServerStats {
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Requests whose head was received whole since the start. */
  readonly requests: number;
}

/** A server that runs. */
export interface Server extends AsyncDisposable {
  /** Where it listens. */
  readonly addr: Address;
  /** Resolves when the server has shut down and its last connection has ended. */
  readonly finished: Promise<void>;
  /** Figures, as of now. */
  readonly stats: ServerStats;
  /**
   * Accepts no more, lets what is in flight finish within `timeouts.drain`, and
   * cuts what is left. Resolves as {@linkcode Server.finished} does.
   */
  shutdown(): Promise<void>;
  /** Keeps the process alive again, after `unref`. */
  ref(): void;
  /** Lets the process end while the server still listens. */
  unref(): void;
}

/**
 * Serves `app` from now on: a router, controllers, or a fetch handler.
 *
 * @throws {Deno.errors.AddrInUse} when somebody listens there already
 * @throws {Deno.errors.PermissionDenied} when the port is reserved for root
 * @throws {Deno.errors.NotCapable} without `--allow-net`
 * @throws {RangeError} when a limit or timeout is not a number from 0, or
 *   `trustProxy` is malformed
 * @throws {TypeError} when options contradict each other or one is not known, or
 *   `app` is nothing that can be served
 *
 * @example
 * ```ts
 * import { serve } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = serve(() => new Response("Hello"), {
 *   hostname: "127.0.0.1",
 *   port: 0,
 *   onListen() {},
 * });
 * const answer = await fetch(`http://127.0.0.1:${server.addr.port}/`);
 * assertEquals(await answer.text(), "Hello");
 * ```
 */
export function serve(app: App, options: ServeOptions = {}): Server {
  const respond = toHandler(app);
  checkOptions("serve", options, OPTIONS);
  const settings = new Settings(
    optionsOf(app, options),
    {
      started: (timer) => {
        Deno.unrefTimer(timer);
        hurried ??= hurry();
      },
      // To import it would load it before anybody streams.
      // deno-lint-ignore no-node-globals
      later: (turn) => void setImmediate(turn),
    },
  );
  const secure = options.cert !== undefined;
  const server = new TcpServer(listen(options), respond, settings, secure);
  try {
    // First: who is told where we listen may at once send a signal to stop.
    server.start(options);
    (options.onListen ?? announce(options))(server.addr);
  } catch (error) {
    void server.shutdown();
    throw error;
  }
  return server;
}

/** Once for all servers, though timers come and go. */
let hurried: Promise<void> | undefined;

/**
 * Brings a faster decoder for heads. Node's `Buffer` takes 4 ms to load, so this is
 * done when the server has answered for a while.
 */
async function hurry(): Promise<void> {
  try {
    const { Buffer } = await import("node:buffer");
    useDecoder((bytes, start, end) =>
      Buffer.prototype.latin1Slice.call(bytes, start, end)
    );
  } catch {
    // The one that is there will do.
  }
}

/** A bound that is misspelled would not bound anything. */
const OPTIONS: Kinds<ServeOptions> = {
  port: ["anything"],
  hostname: ["text"],
  path: ["text"],
  cert: ["text"],
  key: ["text"],
  signal: ["an object"],
  signals: ["true or false"],
  onListen: ["a function"],
  onError: ["a function"],
  development: ["true or false"],
  limits: ["an object"],
  timeouts: ["an object"],
  trustProxy: ["anything"],
  backlog: ["a number"],
  reusePort: ["true or false"],
};

function announce({ cert }: ServeOptions): (address: Address) => void {
  return ({ hostname, port, path }) => {
    if (path !== undefined) return console.log(`Listening on ${path}`);
    // Nobody can browse to 0.0.0.0; localhost is where it can be reached.
    const anywhere = hostname === "0.0.0.0" || hostname === "::";
    const host = anywhere
      ? "localhost"
      : hostname!.includes(":")
      ? `[${hostname}]`
      : hostname;
    console.log(
      `Listening on ${
        cert === undefined ? "http" : "https"
      }://${host}:${port}/`,
    );
  };
}

// ── serving ────────────────────────────────────────────────────────────────

/** The shortest and longest waits when descriptors have run out, milliseconds. */
const BACK_OFF = {
  from: FIXED.backOffFrom.default,
  to: FIXED.backOffTo.default,
} as const;
/** How often it is told that accepting fails, milliseconds. */
const REPORT_EVERY: number = FIXED.reportEvery.default;
/** How often somebody idle is looked for when there is no room, milliseconds. */
const AT_CAP: number = FIXED.atCap.default;

class TcpServer implements Server {
  readonly addr: Address;
  readonly finished: Promise<void>;
  readonly #listener: AnyListener;
  readonly #respond: Respond;
  readonly #settings: Settings;
  readonly #secure: boolean;
  readonly #connections: Roster<ServedConn> = new Roster();
  #keepsAlive = true;
  /** TLS clients that are not known to speak at all. */
  readonly #shaking: Set<Deno.TlsConn> = new Set();
  readonly #finish: () => void;
  #accepted = 0;
  #stopping = false;
  #stopped: Promise<void> | undefined;
  #ended: (() => void) | undefined;
  #drain: ReturnType<typeof setTimeout> | undefined;
  #pause: (() => void) | undefined;
  /** Until when nothing more is said of accepting that fails. */
  #quietUntil = -Infinity;
  #forgetSignals: () => void = () => {};

  constructor(
    listener: AnyListener,
    respond: Respond,
    settings: Settings,
    secure: boolean,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#finish = resolve;
    this.#listener = listener;
    this.#respond = respond;
    this.#settings = settings;
    this.#secure = secure;
    this.addr = addressOf(listener.addr);
  }

  get stats(): ServerStats {
    return {
      connections: this.#connections.size,
      accepted: this.#accepted,
      requests: this.#settings.requests,
    };
  }

  /** Begins to accept, and to listen to what may end it. */
  start({ signal, signals = true }: ServeOptions): void {
    const stop = () => void this.shutdown();
    signal?.addEventListener("abort", stop);
    const forget = signals ? onSignals(stop) : () => {};
    this.#forgetSignals = () => {
      forget();
      signal?.removeEventListener("abort", stop);
    };
    this.#stopped = this.#accept();
    if (signal?.aborted) stop();
  }

  ref(): void {
    this.#keepAlive(true);
  }

  unref(): void {
    this.#keepAlive(false);
  }

  /** The listener and every connection, those of now and those to come. */
  #keepAlive(keeps: boolean): void {
    this.#keepsAlive = keeps;
    const call = keeps ? "ref" : "unref";
    this.#listener[call]();
    for (const { conn } of this.#connections) conn[call]?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  shutdown(): Promise<void> {
    if (!this.#stopping) void this.#shutdown();
    return this.finished;
  }

  async #shutdown(): Promise<void> {
    this.#stopping = true;
    this.#listener.close();
    this.#pause?.();
    const { drain } = this.#settings.timeouts;
    for (const { connection } of this.#connections) connection.stop();
    for (const conn of this.#shaking) quietly(() => conn.close());
    this.#drain = timer(() => this.#cut(), drain);
    // The port is free only when the pending accept has been told.
    await this.#stopped;
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => this.#ended = resolve);
    }
    clearTimeout(this.#drain);
    this.#settings.deadlines.stop();
    this.#forgetSignals();
    this.#finish();
  }

  #cut(): void {
    const reason = new DOMException("The server has shut down", "AbortError");
    for (const { connection } of this.#connections) connection.cut(reason);
  }

  async #accept(): Promise<void> {
    let wait: number = BACK_OFF.from;
    while (!this.#stopping) {
      try {
        const conn = await this.#listener.accept();
        wait = BACK_OFF.from;
        this.#accepted++;
        if (this.#hasRoom) this.#serve(conn);
        else await this.#admit(conn);
      } catch (error) {
        if (this.#stopping || error instanceof Deno.errors.BadResource) return;
        if (isOfPeer(error)) continue;
        this.#reportShortage(error);
        // Where it is one of descriptors, that frees one, and ends the wait.
        longestIdle(this.#connections)?.stop();
        await this.#sleep(wait);
        wait = Math.min(wait * 2, BACK_OFF.to);
      }
    }
  }

  /** Once in a while: who keeps us short would fill the log as well. */
  #reportShortage(error: unknown): void {
    const now = performance.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + REPORT_EVERY;
    this.#settings.report(error, undefined);
  }

  get #hasRoom(): boolean {
    return this.#connections.size < this.#settings.limits.connections;
  }

  /** At the cap, the one that was idle for longest makes room, or we wait. */
  async #admit(conn: Deno.Conn): Promise<void> {
    while (!this.#hasRoom && !this.#stopping) {
      longestIdle(this.#connections)?.stop();
      await this.#sleep(AT_CAP);
    }
    this.#serve(conn);
  }

  #serve(conn: Deno.Conn): void {
    if (this.#stopping) return quietly(() => conn.close());
    const served = new ServedConn(
      conn,
      this.#secure,
      this.#respond,
      this.#settings,
    );
    this.#connections.add(served);
    if (!this.#keepsAlive) served.conn.unref?.();
    const ended = this.#secure
      ? this.#serveTls(served)
      : served.connection.run();
    ended.then(() => this.#forget(served));
  }

  async #serveTls({ conn, connection }: ServedConn): Promise<void> {
    if (await this.#shakeHands(conn as Deno.TlsConn)) await connection.run();
  }

  #forget(served: ServedConn): void {
    served.close();
    this.#connections.delete(served);
    if (this.#connections.size === 0) this.#ended?.();
    this.#pause?.();
  }

  /**
   * A client that connects to a TLS port and says nothing is given up. The
   * platform keeps its socket until it leaves: a `TlsConn` that is closed in
   * the middle of a handshake goes on waiting for it (Deno 2.9).
   */
  async #shakeHands(conn: Deno.TlsConn): Promise<boolean> {
    const { handshake } = this.#settings.timeouts;
    const late = timer(() => quietly(() => conn.close()), handshake);
    this.#shaking.add(conn);
    try {
      await conn.handshake();
      return true;
    } catch {
      return false;
    } finally {
      this.#shaking.delete(conn);
      clearTimeout(late);
    }
  }

  /** Waits so long, or until a connection or the server ends. */
  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = setTimeout(resolve, ms);
    this.#pause = resolve;
    await promise;
    clearTimeout(late);
    this.#pause = undefined;
  }
}

/** Later than this, a timer of the platform fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function timer(
  then: () => void,
  ms: number,
): ReturnType<typeof setTimeout> | undefined {
  return ms === Infinity
    ? undefined
    : setTimeout(then, Math.min(ms, LONGEST_TIMER));
}

function longestIdle(all: Iterable<ServedConn>): Connection | undefined {
  let found: Connection | undefined;
  let since = Infinity;
  for (const { connection } of all) {
    const { idleSince = Infinity } = connection;
    if (idleSince < since) {
      found = connection;
      since = idleSince;
    }
  }
  return found;
}

/** A peer that went away before it was accepted is no reason to wait. */
function isOfPeer(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}
