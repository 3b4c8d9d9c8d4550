/**
 * Routes whose answer is a stream of events: what their handler is given, and what
 * becomes of what it returns.
 *
 * ```text
 *   async function* ─▶ 200, text/event-stream, an event for each value it yields
 *   nothing, Answer, Response ─▶ as anywhere; 204 keeps the client from coming again
 *   an error before the first wait ─▶ as anywhere
 *   an error behind it ─▶ the stream breaks off, and the client comes again
 * ```
 *
 * @module
 */

import { Context } from "../request.ts";
import { Answer } from "../response/answer.ts";
import { EVENTS, EventStream } from "../response/event_stream.ts";
import { isThenable } from "../routing/schema.ts";
import { readLastEventId } from "../wire/event_stream.ts";
import { Fields } from "../wire/fields.ts";
import { report } from "./rescue.ts";
import { type AnyHandler, isComplete } from "./scope.ts";

/** A handler of events as any other: it gives answers. */
export function withEvents(handler: AnyHandler, keepAlive: number): AnyHandler {
  return (input, c) => {
    const lastEventId = readLastEventId(c.header("last-event-id"));
    const result = handler(input, Object.assign(c, { lastEventId }));
    return isThenable(result)
      ? result.then((events) => streamed(c, events, keepAlive))
      : streamed(c, result, keepAlive);
  };
}

function streamed(c: Context, result: unknown, keepAlive: number): unknown {
  if (result === undefined || isComplete(result)) return result;
  if (!isIterable(result)) {
    throw new TypeError(
      "Cannot send what is no async iterable as events: " +
        "the handler of events is an async function*",
    );
  }
  const events = new EventStream(result, {
    keepAlive,
    signal: c.signal,
    report: (error) => report(c, error),
  });
  Context.leave(c, () => events.end());
  return c.method === "HEAD" ? answerOf(c, events) : started(c, events);
}

async function started(c: Context, events: EventStream): Promise<Answer> {
  Context.exchange(c).endless?.(c);
  await events.start();
  return answerOf(c, events);
}

/** What is set on the context goes first: it may be kept after all. */
function answerOf(c: Context, events: EventStream): Answer {
  const headers = new Fields();
  const own = Context.pending(c).headers;
  if (!own?.has("cache-control")) headers.set("cache-control", "no-store");
  // nginx collects what it is sent before it sends on, unless it is told.
  if (!own?.has("x-accel-buffering")) headers.set("x-accel-buffering", "no");
  return new Answer(200, events, EVENTS, headers);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null &&
    Symbol.asyncIterator in value;
}
