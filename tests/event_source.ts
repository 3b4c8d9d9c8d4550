/**
 * What a browser makes of a stream of events, step by step as HTML Standard §9.2.6
 * has it, and without a line of ours: who reads here must agree with who writes.
 *
 * @module
 */

/** An event that a page is given. */
export interface Dispatched {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** What a browser knows after a part of a stream. */
export class EventSourceReader {
  /** What the page was given. */
  readonly events: Dispatched[] = [];
  /** What `Last-Event-ID` says when it comes again. */
  lastEventId = "";
  /** The reconnection time, if the stream has set one. */
  retry: number | undefined;
  /** The comments, which no page sees. */
  readonly comments: string[] = [];
  #data = "";
  #type = "";
  #id = "";
  #line = "";
  #afterCr = false;
  #first = true;
  // Deno's own takes a BOM for the first character of any piece.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  /** Reads bytes, however they were cut. */
  feed(bytes: Uint8Array): this {
    for (const char of this.#decoder.decode(bytes, { stream: true })) {
      const bom = this.#first && char === "\uFEFF";
      this.#first = false;
      if (bom) continue;
      if (char === "\n" && this.#afterCr) {
        this.#afterCr = false;
        continue;
      }
      this.#afterCr = char === "\r";
      if (char !== "\n" && char !== "\r") this.#line += char;
      else {
        this.#interpret(this.#line);
        this.#line = "";
      }
    }
    return this;
  }

  #interpret(line: string): void {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return void this.comments.push(line.slice(1));
    const colon = line.indexOf(":");
    if (colon === -1) return this.#process(line, "");
    const value = line.slice(colon + 1);
    this.#process(
      line.slice(0, colon),
      value.startsWith(" ") ? value.slice(1) : value,
    );
  }

  #process(field: string, value: string): void {
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data += `${value}\n`;
    else if (field === "id") {
      if (!value.includes("\0")) this.#id = value;
    } else if (field === "retry") {
      if (/^[0-9]+$/.test(value)) this.retry = parseInt(value, 10);
    }
  }

  #dispatch(): void {
    this.lastEventId = this.#id;
    const data = this.#data;
    const type = this.#type;
    this.#data = this.#type = "";
    if (data === "") return;
    this.events.push({
      type: type === "" ? "message" : type,
      data: data.slice(0, -1),
      lastEventId: this.lastEventId,
    });
  }
}

/** What a browser knows after all of `text`. */
export function readEvents(text: string): EventSourceReader {
  return new EventSourceReader().feed(new TextEncoder().encode(text));
}
