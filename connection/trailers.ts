/**
 * What an answer says behind its content: fields whose values are known only
 * then, told by functions that are called when the content has ended, one after
 * the other.
 *
 * A function that fails breaks the answer off: its content is whole, but nobody
 * may take an answer for whole that lacks what was announced.
 *
 * @module
 */

import type { TrailerValue } from "../messages.ts";
import { isAboutContent } from "../routing/merge.ts";
import { putTrailers } from "../writer.ts";
import type { Channel } from "./channel.ts";
import { LEFT } from "./streaming.ts";
import type { Wait } from "./wait.ts";

/** The trailer fields of one answer. */
export class Trailers {
  #fields: [name: string, value: TrailerValue][] = [];

  /** Adds a field behind the others; its name is in lower case. */
  add(name: string, value: TrailerValue): void {
    this.#fields.push([name, value]);
  }

  /** Those that hold though the content is another, so no digest; if there are any. */
  besidesContent(): Trailers | undefined {
    const kept = new Trailers();
    kept.#fields = this.#fields.filter(([name]) => !isAboutContent(name));
    return kept.#fields.length > 0 ? kept : undefined;
  }

  /** The names, as the field `Trailer` announces them (RFC 9110 §6.6.2). */
  get names(): string {
    return [...new Set(this.#fields.map(([name]) => name))].join(", ");
  }

  /** Puts the last chunk and the fields. */
  async send(channel: Channel, wait: Wait): Promise<void> {
    const lines: string[] = [];
    // By index: a function may add another.
    for (let i = 0; i < this.#fields.length; i++) {
      const [name, value] = this.#fields[i]!;
      lines.push(name, await told(value, channel, wait));
    }
    putTrailers(channel.output(), lines);
  }
}

/** A value, and what was put before goes out while it lets wait. */
async function told(
  value: TrailerValue,
  channel: Channel,
  wait: Wait,
): Promise<string> {
  let text = typeof value === "function" ? value() : value;
  if (text instanceof Promise) {
    const pending = text;
    pending.catch(() => {}); // it may fail when nobody waits any more
    if (!await channel.flush()) throw new Error(LEFT);
    await wait.until(pending);
    if (channel.over) throw new Error(LEFT);
    text = await pending;
  }
  if (typeof text === "string") return text;
  throw new TypeError("Cannot send a trailer whose value is no text");
}
