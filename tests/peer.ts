/**
 * The other end of a connection, in the hands of a test: it sends when the test
 * says so, and takes what the server writes unless it is told to stall.
 *
 * @module
 */

import type { Transport } from "../messages.ts";

/** A transport in memory, seen from the peer's side. */
export class Peer implements Transport {
  /** What the server has written, a character an octet. */
  said = "";
  /** How many writes that took. */
  writes = 0;
  closed = false;
  /** Whether the server has ended its way. */
  ended = false;
  /** How many bytes one write takes: a socket takes what fits. */
  most = 40_000;
  /** How many bytes the server has taken. */
  taken = 0;
  readonly #parts: Uint8Array[] = [];
  #eof = false;
  #broken: Error | undefined;
  #stalled = false;
  #reader: (() => void) | undefined;
  #writer: (() => void) | undefined;
  readonly #watchers: Set<() => void> = new Set();

  /** Sends text, an octet a character. */
  send(text: string): void {
    this.#parts.push(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    this.#reader?.();
  }

  /** Ends the peer's way, as a FIN does. */
  end(): void {
    this.#eof = true;
    this.#reader?.();
  }

  /** Breaks both ways, as a RST does. */
  reset(): void {
    this.#broken = new Error("Connection reset by peer");
    this.#wake();
  }

  /** Takes no more of what the server writes, until `resume`. */
  stall(): void {
    this.#stalled = true;
  }

  /** Takes it again. */
  resume(): void {
    this.#stalled = false;
    this.#writer?.();
  }

  /** Waits until the server has said `text`, as often as `times`. */
  async hears(text: string, times = 1): Promise<void> {
    await this.#until(() => this.said.split(text).length > times);
  }

  /** Waits until the server has closed. */
  async sees(what: "closed" | "ended"): Promise<void> {
    await this.#until(() => this[what]);
  }

  /** Waits until the server has taken all that was sent. */
  async isRead(): Promise<void> {
    await this.#until(() => this.#parts.length === 0);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.closed) {
        throw new Error(`Closed after ${JSON.stringify(this.said)}`);
      }
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (
      this.#parts.length === 0 && !this.#eof && !this.#broken && !this.closed
    ) {
      await new Promise<void>((resolve) => this.#reader = resolve);
    }
    if (this.closed) throw new Error("Interrupted");
    const part = this.#parts.shift();
    if (part === undefined) {
      if (this.#broken) throw this.#broken;
      return null;
    }
    const fits = part.subarray(0, into.length);
    into.set(fits);
    if (fits.length < part.length) {
      this.#parts.unshift(part.subarray(fits.length));
    }
    this.taken += fits.length;
    this.#tell();
    return fits.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    while (this.#stalled && !this.#broken && !this.closed) {
      await new Promise<void>((resolve) => this.#writer = resolve);
    }
    if (this.closed) throw new Error("Interrupted");
    if (this.#broken) throw this.#broken;
    this.writes++;
    const fits = bytes.subarray(0, this.most);
    if (this.most < 40_000) await new Promise((resolve) => setTimeout(resolve));
    for (const octet of fits) this.said += String.fromCharCode(octet);
    this.#tell();
    return fits.length;
  }

  close(): void {
    this.closed = true;
    this.#wake();
  }

  closeWrite(): Promise<void> {
    this.ended = true;
    this.#tell();
    return Promise.resolve();
  }

  #wake(): void {
    this.#reader?.();
    this.#writer?.();
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}
