/**
 * What an answer carries, and how it is taken apart into pieces of bytes to be
 * sent one after the other.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import type { Transport } from "../messages.ts";
import { Html } from "../wire/html.ts";

export const TEXT = "text/plain; charset=utf-8";
export const HTML = "text/html; charset=utf-8";
export const BYTES = "application/octet-stream";

/** Bytes or text that come one after the other. */
export type Streamed = AsyncIterable<string | Uint8Array>;

/**
 * Bytes that are fetched when they are sent, and how many is known before: a file,
 * or a part of one. Whoever does not send it lets it go, as any stream.
 */
export abstract class Fetched implements AsyncIterable<Uint8Array> {
  /** How many bytes there are. */
  abstract readonly length: number;
  /** Whether they are so few, and so near, that nobody waits for `fill`. */
  abstract readonly isShort: boolean;
  /**
   * Puts all of them into `into`, which has their length, and lets go of where they
   * are from.
   *
   * @throws {Error} when there are fewer by now
   */
  abstract fill(into: Uint8Array): void;
  /** Lends piece after piece. */
  abstract [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
}

/** What an answer may carry. `null` is no content at all. */
export type Body =
  | null
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | Streamed
  | Upgrade;

/**
 * Takes a connection over after the answer's head has been sent. `early` is
 * what the client had sent behind its request, already read. The connection
 * stays counted and is closed when the promise settles.
 */
export type Take = (
  transport: Transport,
  early: Uint8Array,
) => void | Promise<void>;

/** The hand-over of a connection to another protocol; see {@linkcode upgrade}. */
export class Upgrade {
  /** The name of the protocol, as in `Upgrade: websocket`. */
  readonly protocol: string;
  /** Who has the connection from now on. */
  readonly take: Take;

  /** A hand-over to `take`. */
  constructor(protocol: string, take: Take) {
    this.protocol = protocol;
    this.take = take;
  }
}

/** What answers a client that did not offer the protocol (RFC 9110 §15.5.22). */
export function notOffered(protocol: string): HttpError {
  return new HttpError(426, `This resource speaks ${protocol}`, {
    headers: { upgrade: protocol },
  });
}

const ENCODER = new TextEncoder();

/**
 * A body as it is sent: pieces of bytes, one after the other, of which the next
 * may be looked at before it is taken.
 */
export class Pieces {
  /** The length in bytes where it is known before the first piece. */
  readonly length: number | undefined;
  /** The media type that the first piece tells, for bodies that have none. */
  type: string | undefined;
  readonly #source: AsyncIterator<string | Uint8Array> | Iterator<Uint8Array>;
  readonly #cancel: ((reason: unknown) => unknown) | undefined;
  /** Whether the type is known without the first piece. */
  readonly typed: boolean;
  #next: Promise<void> | undefined;
  #found: { readonly piece: Uint8Array | undefined } | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;

  constructor(body: Exclude<Body, null | Upgrade>) {
    this.typed = !isStreamed(body);
    if (typeof body === "string" || body instanceof Uint8Array) {
      const bytes = typeof body === "string" ? ENCODER.encode(body) : body;
      this.length = bytes.length;
      this.#source = [bytes].values();
    } else if (isStreamed(body)) {
      if (body instanceof Fetched) this.length = body.length;
      this.#source = body[Symbol.asyncIterator]();
      this.#cancel = () => this.#source.return?.();
    } else {
      checkBody(body);
      this.length = body instanceof Blob ? body.size : undefined;
      const stream = body instanceof Blob ? body.stream() : body;
      const reader = stream.getReader();
      this.#source = {
        next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
      };
      this.#cancel = (reason) => reader.cancel(reason);
    }
  }

  /**
   * The next piece if it is there within so many turns of the microtask queue,
   * `"end"` if there is none, `undefined` if it lets wait.
   *
   * @throws whatever the source threw
   */
  async soon(turns: number): Promise<Uint8Array | "end" | undefined> {
    if (this.#ended) return "end";
    this.#next ??= this.#pull();
    if (turns === Infinity) await this.#next;
    for (let turn = 0; turn < turns && !this.#found && !this.#failure; turn++) {
      await null;
    }
    if (this.#failure) throw this.#failure.error;
    return this.#found && (this.#found.piece ?? "end");
  }

  /** Takes the piece that was looked at. */
  take(): Uint8Array | undefined {
    if (this.#failure) throw this.#failure.error;
    const piece = this.#found?.piece;
    this.#next = this.#found = undefined;
    return piece;
  }

  /** Tells the source that no more is wanted, and does not wait for it. */
  stop(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const ignore = () => {};
    try {
      Promise.resolve(this.#cancel?.(reason)).catch(ignore);
    } catch {
      // A source that cannot be told will find out by itself.
    }
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = await this.#source.next();
      this.#ended ||= done === true;
      this.#found = {
        piece: this.#ended ? undefined : this.#bytesOf(value),
      };
    } catch (error) {
      this.#failure = { error };
    }
  }

  #bytesOf(piece: unknown): Uint8Array {
    if (!this.typed) {
      this.type ??= piece instanceof Html
        ? HTML
        : typeof piece === "string"
        ? TEXT
        : BYTES;
    }
    return bytesOf(piece);
  }
}

function bytesOf(piece: unknown): Uint8Array {
  if (typeof piece === "string") return ENCODER.encode(piece);
  if (piece instanceof Uint8Array) return piece;
  if (piece instanceof Html) return ENCODER.encode(piece.toString());
  throw new TypeError(
    "Cannot send a piece that is neither a string nor a Uint8Array",
  );
}

/**
 * A body that is sent piece by piece, as a stream of the platform. `ended` is
 * told when it has come to its end, with the error where its source broke.
 */
export function streamOf(
  pieces: Pieces,
  ended: (error?: unknown) => void = () => {},
): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const found = await pieces.soon(Infinity);
        if (left) return;
        if (found === "end") {
          ended();
          return controller.close();
        }
      } catch (error) {
        // A piece that cannot be sent is no end of its source.
        pieces.stop(error);
        ended(error);
        throw error;
      }
      // A copy: the source may use its bytes for the next piece.
      controller.enqueue(new Uint8Array(pieces.take()!));
    },
    cancel: (reason) => {
      left = true;
      pieces.stop(reason);
      ended();
    },
  }, { highWaterMark: 0 });
}

/**
 * Checks that something can be sent as a body.
 *
 * @throws {TypeError} when it is of another kind, or somebody else reads it
 */
export function checkBody(body: unknown): void {
  if (body === null || typeof body === "string") return;
  if (body instanceof ReadableStream) {
    if (!body.locked) return;
    throw new TypeError("Cannot answer with a stream that somebody reads");
  }
  const known = body instanceof Uint8Array || body instanceof Blob ||
    body instanceof Upgrade || isStreamed(body as Body);
  if (known) return;
  throw new TypeError(
    "Cannot answer with a body that is neither text, bytes, a Blob nor a stream",
  );
}

/** How many bytes a body has, where that is known before they are sent. */
export function lengthOf(body: Body): number | undefined {
  if (body === null) return 0;
  if (typeof body === "string") return ENCODER.encode(body).length;
  if (body instanceof Uint8Array || body instanceof Fetched) return body.length;
  return body instanceof Blob ? body.size : undefined;
}

/** Nobody will send it: what it holds is let go. */
export function discard(body: Body): void {
  if (!isStream(body)) return;
  try {
    new Pieces(body).stop(NOT_SENT);
  } catch {
    // Somebody else reads it, and will let it go.
  }
}

/** Why a stream is cancelled that nobody waits for. */
export const NOT_SENT = "The answer is not sent";

/** Whether a body comes piece by piece. */
export function isStream(
  body: Body,
): body is Streamed | ReadableStream<Uint8Array> {
  return body instanceof ReadableStream || isStreamed(body);
}

/** Whether a body is neither text, bytes nor a platform object. */
export function isStreamed(body: Body): body is Streamed {
  return typeof body === "object" && body !== null &&
    !(body instanceof ReadableStream) && Symbol.asyncIterator in body;
}
