/**
 * Waiting for the application, be it for its answer or for a piece of it, and
 * no longer than the client is there.
 *
 * Meanwhile one read is kept waiting on the socket, unless the application reads
 * content itself: it tells that the client has left, and holds what comes next.
 *
 * @module
 */

import type { Channel } from "./channel.ts";

/** The one wait of a connection. */
export class Wait {
  readonly #channel: Channel;
  readonly #mayRead: () => boolean;
  #wake: (() => void) | undefined;

  /** `mayRead` is asked before each read that nobody asked for. */
  constructor(channel: Channel, mayRead: () => boolean) {
    this.#channel = channel;
    this.#mayRead = mayRead;
  }

  /** Waits for `promise`, or until somebody wakes it. */
  async until(promise: Promise<unknown>): Promise<void> {
    const woken = new Promise<void>((resolve) => this.#wake = resolve);
    this.watch();
    try {
      await Promise.race([promise, woken]);
    } finally {
      this.#wake = undefined;
    }
  }

  /** Keeps a read waiting for as long as somebody waits. */
  watch(): void {
    this.#channel.watch(() => this.#mayRead() && this.#wake !== undefined);
  }

  /** Ends the wait, if there is one. */
  wake(): void {
    this.#wake?.();
  }
}
