/**
 * A stream that tells how it ended, and how much of it was sent.
 *
 * ```text
 *   source ──▶ piece, piece, piece … ──▶ who sends it
 *                 │ counted    └ end · broken · left
 * ```
 *
 * Pieces pass as they are. Whoever sends the answer pulls to the end, or calls
 * `return` (of a stream of the platform, `cancel`) when the client has left, also
 * while a pull is pending.
 *
 * The one surprise: a platform stream stays one, and what can be iterated stays
 * that, for the one has no media type of its own and the other tells it with its
 * first piece. So does what is fetched, whose length is known before.
 *
 * @module
 */

import { Html } from "../wire/html.ts";
import { Fetched, type Streamed } from "./body.ts";

/** How a stream ended: whole, because its source broke, or its reader left. */
export type Ending = "whole" | "broken" | "left";

/** Is told once, with the bytes that were pulled until then. */
export type Watcher = (bytes: number, ending: Ending) => void;

/** The same stream, watched. */
export function watched(
  body: Streamed | ReadableStream<Uint8Array>,
  tell: Watcher,
): Streamed | ReadableStream<Uint8Array> {
  const tally = new Tally(tell);
  if (body instanceof ReadableStream) return watchedStream(body, tally);
  return body instanceof Fetched
    ? new WatchedFetch(body, tally)
    : watchedPieces(body, tally);
}

/** What was pulled, and whether the end was told. */
class Tally {
  #bytes = 0;
  #tell: Watcher | undefined;

  constructor(tell: Watcher) {
    this.#tell = tell;
  }

  /** What is no piece is counted by nobody: it breaks the stream. */
  count(piece: unknown): void {
    if (piece instanceof Uint8Array) this.#bytes += piece.length;
    else if (typeof piece === "string" || piece instanceof Html) {
      this.#bytes += ENCODER.encode(piece.toString()).length;
    }
  }

  end(ending: Ending): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(this.#bytes, ending);
  }
}

const ENCODER = new TextEncoder();

function watchedPieces(body: Streamed, tally: Tally): Streamed {
  return {
    [Symbol.asyncIterator]: () => {
      const source = body[Symbol.asyncIterator]();
      return {
        next: async () => {
          try {
            const result = await source.next();
            if (result.done) tally.end("whole");
            else tally.count(result.value);
            return result;
          } catch (error) {
            tally.end("broken");
            throw error;
          }
        },
        return: async () => {
          tally.end("left");
          await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** What is fetched, watched: as long as it was, and as near. */
class WatchedFetch extends Fetched {
  readonly length: number;
  readonly isShort: boolean;
  readonly #body: Fetched;
  readonly #tally: Tally;

  constructor(body: Fetched, tally: Tally) {
    super();
    this.length = body.length;
    this.isShort = body.isShort;
    this.#body = body;
    this.#tally = tally;
  }

  fill(into: Uint8Array): void {
    try {
      this.#body.fill(into);
    } catch (error) {
      this.#tally.end("broken");
      throw error;
    }
    this.#tally.count(into);
    this.#tally.end("whole");
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const pieces = watchedPieces(this.#body, this.#tally);
    return pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }
}

function watchedStream(
  body: ReadableStream<Uint8Array>,
  tally: Tally,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          tally.end("whole");
          return controller.close();
        }
        tally.count(value);
        controller.enqueue(value);
      } catch (error) {
        tally.end("broken");
        throw error;
      }
    },
    cancel: (reason) => {
      tally.end("left");
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
