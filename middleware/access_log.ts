/**
 * A line for each answer: for people, or as JSON for machines.
 *
 * ```text
 * 2026-11-25T09:00:00.000Z GET /songs/7 200 1234 0.8ms 192.0.2.1
 * time                     method path status bytes duration client
 * ```
 *
 * What is logged is what was sent, when it was: a stream that breaks in time for a
 * 500 is a 500, and so is an answer that cannot be written. Of one that is not whole
 * it says how it ended, `left` (by the client) or `broken` (by its source), and what
 * was sent until then. Bytes are those of the content.
 *
 * A line is ASCII: what else a client sends, as the escapes that would talk to a
 * terminal or begin a line of their own, is written as `\x1b`.
 *
 * The query is left out unless it is asked for, for it is where secrets are put
 * that end in logs. What the log costs and what it throws never reaches an answer:
 * the error goes where errors go (`onError`).
 *
 * **Where.** Outermost, so that it sees what is sent.
 *
 * The one surprise: a request that never became one, as a head that is malformed,
 * is answered before there is any middleware. `onError` is told of those.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { Context } from "../request.ts";
import type { Answer } from "../response/answer.ts";
import { isStream, lengthOf, Upgrade } from "../response/body.ts";
import { type Ending, watched, type Watcher } from "../response/watched.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";

/** What is known of an answer when it is logged. */
export interface AccessLogEntry {
  /** When the request came, as in RFC 3339. */
  readonly time: string;
  /** The method as sent. */
  readonly method: string;
  /** The path as sent; with `query`, and the query. */
  readonly path: string;
  /** The path of the route, as `/songs/:id`. */
  readonly route: string | undefined;
  /** The status of the answer. */
  readonly status: number;
  /** Bytes of content that were sent; `undefined` where nobody knows. */
  readonly bytes: number | undefined;
  /** Milliseconds from the request to the end of the answer. */
  readonly ms: number;
  /** The address of the client; with `trustProxy`, what proxies say. */
  readonly client: string | undefined;
  /** `User-Agent`. */
  readonly agent: string | undefined;
  /** `Referer`. */
  readonly referrer: string | undefined;
  /** What `requestId()` named the request; else `X-Request-Id` of the answer. */
  readonly id: string | undefined;
  /** How a stream ended that is not whole. */
  readonly ended: "left" | "broken" | undefined;
}

/** What {@linkcode accessLog} may be told. */
export interface AccessLogOptions {
  /** `"line"` for people, `"json"` for machines, or a form of your own; default `"line"`. */
  readonly format?: "line" | "json" | ((entry: AccessLogEntry) => string);
  /** Takes each line, without its end; default `console.log`. */
  readonly write?: (line: string) => unknown;
  /** Whether the query is logged; default false. */
  readonly query?: boolean;
}

const OPTIONS: Kinds<AccessLogOptions> = {
  format: ["text", "a function"],
  write: ["a function"],
  query: ["true or false"],
};

/** What a client may fill a field of the log with. */
const MOST: number = FIXED.logged.default;

/**
 * Middleware that logs each answer as a line.
 *
 * @throws {TypeError} when the format is none, or an option is not known or of
 *   another kind
 *
 * @example
 * ```ts
 * import { accessLog, Router } from "@no8/wire";
 * import { assertMatch } from "@std/assert";
 *
 * const lines: string[] = [];
 * const app = new Router();
 * app.use(accessLog({ write: (line) => lines.push(line) }));
 * app.get("/", () => "Hello");
 *
 * await app.request("/");
 * assertMatch(lines[0]!, /^\S+Z GET \/ 200 5 [\d.]+ms -$/);
 * ```
 */
export function accessLog(options: AccessLogOptions = {}): Middleware {
  checkOptions("log answers", options, OPTIONS);
  const { format = "line", write = console.log, query = false } = options;
  const print = format === "line"
    ? lineOf
    : format === "json"
    ? jsonOf
    : format;
  if (typeof print !== "function") {
    throw new TypeError(
      `Cannot log in the format "${format}": it is "line", "json" or a function`,
    );
  }
  return async function accessLog(c, next) {
    const began = performance.now();
    const time = new Date().toISOString();
    const made: Made = {};
    let logged = false;
    const log = (answer: Answer) => {
      if (logged) return;
      logged = true;
      guarded(c, () =>
        write(print(entryOf(c, answer, {
          time,
          ms: endOf(answer, made) - began,
          path: cut(query ? pathAndQuery(c) : c.path),
          ...sentOf(c, answer, made),
        }))));
    };
    // Before there is an answer: a handler may be at work for longer than others wait.
    Context.leave(c, () => {
      const answer = Context.outcome(c).answer ?? made.answer;
      if (answer !== undefined) log(answer as Answer);
    });
    const answer = await next();
    Object.assign(made, { answer, at: performance.now() });
    if (isStream(answer.body)) answer.body = watched(answer.body, noting(made));
    if (answer.body instanceof Upgrade || Context.outcome(c).over) log(answer);
  };
}

/** An answer as it was made, once it was, and what is known of its stream. */
interface Made {
  readonly answer?: Answer;
  readonly at?: number;
  bytes?: number;
  ending?: Ending;
}

function noting(made: Made): Watcher {
  return (bytes, ending) => {
    made.bytes = bytes;
    made.ending = ending;
  };
}

/** When an answer ended, which is now unless it was whole when it was made. */
function endOf(answer: Answer, made: Made): number {
  const whole = answer === made.answer && !isStream(answer.body);
  return whole && made.at || performance.now();
}

/** What went out of an answer, and how it ended. */
function sentOf(
  c: Context,
  answer: Answer,
  made: Made,
): Pick<AccessLogEntry, "bytes" | "ended"> {
  const { body } = answer;
  if (body instanceof Upgrade) return { bytes: undefined, ended: undefined };
  const { answer: begun, cut: ended } = Context.outcome(c);
  if (begun === undefined || !isSent(c, answer)) return { bytes: 0, ended };
  if (!isStream(body)) {
    return { bytes: ended ? undefined : lengthOf(body), ended };
  }
  const { bytes, ending } = made;
  return { bytes, ended: ended ?? (ending === "whole" ? undefined : ending) };
}

/** Whether there is content to be sent. */
function isSent({ method }: Context, { status }: Answer): boolean {
  return method !== "HEAD" && status !== 204 && status !== 205 &&
    status !== 304;
}

type Measured = Pick<
  AccessLogEntry,
  "time" | "bytes" | "ms" | "ended" | "path"
>;

function entryOf(
  c: Context,
  { status, headers, body }: Answer,
  { time, path, bytes, ms, ended }: Measured,
): AccessLogEntry {
  return {
    time,
    method: cut(c.method),
    path,
    route: c.route?.path,
    status: body instanceof Upgrade ? upgradeOf(c) : status,
    bytes,
    ms: Math.round(ms * 1000) / 1000,
    client: clientOf(c),
    agent: cut(c.header("user-agent")),
    referrer: cut(c.header("referer")),
    id: idOf(c) ?? headers.get("x-request-id") ?? undefined,
    ended,
  };
}

/** What is on the context is of `requestId()`, whatever its field is called. */
function idOf(
  c: Context & { readonly requestId?: unknown },
): string | undefined {
  return typeof c.requestId === "string" ? c.requestId : undefined;
}

/** What stands before a hand-over (RFC 9110 §7.8 and §9.3.6). */
function upgradeOf({ method }: Context): number {
  return method === "CONNECT" ? 200 : 101;
}

/** What a proxy says of the client may be malformed, which is no reason not to log. */
function clientOf(c: Context): string | undefined {
  try {
    return c.remote?.hostname ?? c.remote?.path;
  } catch {
    return undefined;
  }
}

function pathAndQuery({ target, path }: Context): string {
  const query = target.indexOf("?");
  return query === -1 ? path : path + target.slice(query);
}

function cut(text: string): string;
function cut(text: string | undefined): string | undefined;
function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > MOST
    ? `${text.slice(0, MOST)}...`
    : text;
}

/** `time method path status bytes duration client`, and how it ended. */
function lineOf(entry: AccessLogEntry): string {
  const { time, method, path, status, bytes, ms, client, ended } = entry;
  const line = `${time} ${method} ${path} ${status} ${bytes ?? "-"} ${
    ms.toFixed(1)
  }ms ${client ?? "-"}${ended === undefined ? "" : ` ${ended}`}`;
  return line.replace(
    /[^\x20-\x7e]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function jsonOf(entry: AccessLogEntry): string {
  return JSON.stringify(entry).replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whatever the log does, the answer is not its concern. */
function guarded(c: Context, log: () => unknown): void {
  const report = (error: unknown) => Context.exchange(c).report(error, c);
  try {
    Promise.resolve(log()).catch(report);
  } catch (error) {
    report(error);
  }
}
