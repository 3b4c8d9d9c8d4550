/**
 * Events for browsers (`EventSource`), one after the other as text.
 *
 * ```text
 * "tap"                                →  data: tap\n\n
 * ["a", 1]                             →  data: ["a",1]\n\n
 * { event: "tap", id: 7, data: song }  →  event: tap\nid: 7\ndata: {"title":…}\n\n
 * { data: "two\nlines" }               →  data: two\ndata: lines\n\n
 * { comment: "still here" }            →  : still here\n\n
 * ```
 *
 * A line may end with CR, LF or both, and so may those of what is sent: text and
 * comments are cut there, and in a name or an id there can be none, or a value
 * could bring an event of its own.
 *
 * The one surprise: a browser drops an event that has no data, whatever its name
 * is. So an event with a name and no data is given empty data here, which arrives.
 *
 * HTML Standard §9.2.5 and §9.2.6.
 *
 * @module
 */

import { Html } from "./html.ts";

/** An event with more than its data. One of these at least is there. */
export interface ServerSentEvent {
  /** What the page gets: text as it is, markup as text, all else as JSON. */
  readonly data?: unknown;
  /** The name that the page listens to; by default `message`. */
  readonly event?: string | undefined;
  /**
   * What `Last-Event-ID` says when the client comes again; `""` forgets it. It has
   * neither line breaks nor NUL.
   */
  readonly id?: string | number | undefined;
  /** How long the client waits before it comes again, in whole milliseconds. */
  readonly retry?: number | undefined;
  /** What the page never sees. */
  readonly comment?: string | undefined;
}

/**
 * What is sent as an event: text, markup, or what is its own JSON. An object is
 * always a {@linkcode ServerSentEvent}, so that objects go into its `data`.
 */
export type EventValue =
  | string
  | number
  | boolean
  | null
  | Html
  | readonly unknown[]
  | ServerSentEvent;

/** What keeps a connection alive on which nothing happens; no page sees it. */
export const SILENCE = ":\n\n";

/**
 * One event as it is sent.
 *
 * @throws {TypeError} when it is no event, has a member that none has, or one
 *   that cannot be sent
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(eventText("tap"), "data: tap\n\n");
 * assertEquals(
 *   eventText({ event: "tap", id: 7, data: { song: "Frog" } }),
 *   'event: tap\nid: 7\ndata: {"song":"Frog"}\n\n',
 * );
 * ```
 */
export function eventText(value: unknown): string {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return `${dataLines(value)}\n`;
    case "object":
      if (value === null || Array.isArray(value) || value instanceof Html) {
        return `${dataLines(value)}\n`;
      }
      return `${linesOf(value)}\n`;
    default:
      throw new TypeError(`Cannot send ${kindOf(value)} as an event`);
  }
}

/** What `Last-Event-ID` has: octets, each a character, that are UTF-8. */
export function readLastEventId(field: string | undefined): string {
  if (field === undefined) return "";
  const octets = Uint8Array.from(field, (octet) => octet.charCodeAt(0));
  return new TextDecoder().decode(octets);
}

/** How each member of an event is written, in the order in which it is sent. */
const MEMBERS: ReadonlyMap<string, (value: unknown) => string> = new Map([
  ["comment", (text) => prefixed(": ", textOf("comment", text))],
  ["event", (name) => `event: ${oneLine("name", textOf("name", name))}\n`],
  ["id", (id) => `id: ${readId(id)}\n`],
  ["retry", (ms) => `retry: ${readRetry(ms)}\n`],
  ["data", dataLines],
]);

function linesOf(event: object): string {
  const members = new Map(Object.entries(event));
  for (const [name, value] of members) {
    if (!MEMBERS.has(name)) {
      throw new TypeError(
        `Cannot send an event with "${name}": it has data, event, id, retry ` +
          "and comment, and what is sent goes into its data",
      );
    }
    if (value === undefined) members.delete(name);
  }
  if (members.has("event") && !members.has("data")) members.set("data", "");
  let lines = "";
  for (const [name, write] of MEMBERS) {
    if (members.has(name)) lines += write(members.get(name));
  }
  if (lines !== "") return lines;
  const name = event.constructor?.name ?? "";
  throw new TypeError(
    name === "" || name === "Object"
      ? "Cannot send an event in which there is nothing"
      : `Cannot send an instance of ${name} as an event: put it into its data`,
  );
}

function dataLines(data: unknown): string {
  if (typeof data === "string") return prefixed("data: ", data);
  if (data instanceof Html) return prefixed("data: ", String(data));
  // There is no line break in JSON, but for those that we would put there.
  const json = JSON.stringify(data) as string | undefined;
  if (json !== undefined) return `data: ${json}\n`;
  throw new TypeError(
    `Cannot send ${kindOf(data)} as the data of an event: it has no JSON`,
  );
}

/** Each line of `text` behind `prefix`, whatever it ends with. */
function prefixed(prefix: string, text: string): string {
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  return `${prefix}${lines.replaceAll("\n", `\n${prefix}`)}\n`;
}

function textOf(what: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`Cannot send an event whose ${what} is no text`);
}

function oneLine(what: string, text: string): string {
  if (!text.includes("\n") && !text.includes("\r")) return text;
  throw new TypeError(
    `Cannot send an event whose ${what} has a line break in it`,
  );
}

function readId(id: unknown): string {
  const text = oneLine(
    "id",
    typeof id === "number" ? `${id}` : textOf("id", id),
  );
  // The client would ignore it, and come again with the one before.
  if (!text.includes("\0")) return text;
  throw new TypeError("Cannot send an event whose id has a NUL in it");
}

function readRetry(ms: unknown): number {
  if (Number.isSafeInteger(ms) && Number(ms) >= 0) return Number(ms);
  throw new TypeError(
    "Cannot send an event whose retry is no whole number of milliseconds",
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return "undefined";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
