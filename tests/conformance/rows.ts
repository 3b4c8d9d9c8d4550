/**
 * How a requirement is written down: a sentence of a standard, and the octets
 * that show whether it is kept.
 *
 * A {@linkcode Requirement} is a row. Its cases are rows, too: what is sent, what
 * must be answered, and whether the connection is open afterwards. Nothing here
 * runs; `harness.ts` owns the loop, and `tools/conformance.ts` prints the rows as
 * `docs/conformance.md`.
 *
 * @module
 */

import type { WireResponse } from "../wire_client.ts";

/** How strongly the standard speaks (BCP 14). `is` marks grammar and definitions. */
export type Level =
  | "MUST"
  | "MUST NOT"
  | "SHOULD"
  | "SHOULD NOT"
  | "RECOMMENDED"
  | "MAY"
  | "ought"
  | "is";

/** One sentence of a standard that binds a server. */
export interface Requirement {
  /** RFC, section, number in the section: `9112-2.2-3`. */
  readonly id: string;
  readonly section: string;
  readonly level: Level;
  /** The sentence, in our words or in a few of its own. */
  readonly says: string;
  readonly cases: readonly Case[];
  /** Not followed, on purpose: why. The cases show what is done instead. */
  readonly unmet?: string;
  /** Why there is no case: where the sentence is kept, or why it cannot bind. */
  readonly elsewhere?: string;
}

/** A section of a standard and its requirements, in its order. */
export interface Section {
  readonly number: string;
  readonly title: string;
  readonly rows: readonly Requirement[];
}

/** A standard. */
export interface Standard {
  readonly name: string;
  readonly title: string;
  /** The titles of its top sections, by their numbers. */
  readonly chapters: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

/** The sections of a top section, as `3`, `3.1` and `3.2.4` of `3`. */
export function sectionsOf({ sections }: Standard, chapter: string): Section[] {
  return sections.filter(({ number }) => number.split(".")[0] === chapter);
}

/** How the octets of a case may arrive. */
export type Feeding =
  | "at once"
  | "byte by byte"
  | "in pieces"
  | "with a request behind";

/** What becomes of the connection after the last answer. */
export type Ending =
  /** It is open: another request on it is answered. */
  | "persists"
  /** It ends in order, with nothing behind the answer. */
  | "closes"
  /** Either, and the Connection field of the last answer says which. */
  | "as it says";

/** One conversation on a connection of its own. */
export interface Case {
  readonly name: string;
  /** The octets, one a character. */
  readonly send: string;
  /** The final answers, in order. */
  readonly answers: readonly Expected[];
  readonly then: Ending;
  /** A refusal: it must carry Date, Content-Length and `Connection: close`. */
  readonly refused?: true;
  /** The client half-closes behind the octets. */
  readonly fin?: true;
  /** Turns of a conversation that waits for answers, instead of `send`. */
  readonly talk?: readonly Turn[];
  /** Default: all four. */
  readonly feedings?: readonly Feeding[];
  /** The end cannot be foreseen when the head is sent, so Connection is silent. */
  readonly unsaid?: true;
  /** What the client still has to send before another request, if it may. */
  readonly owes?: string;
  /** Over TLS. */
  readonly tls?: true;
  /** With timeouts that are short enough to be waited for. */
  readonly hurried?: true;
  /** Known to fail: why. It is an error when it passes. */
  readonly fails?: string;
}

/** A turn of a conversation: sent, awaited, or half-closed. */
export type Turn =
  | { readonly send: string }
  | { readonly interim: number }
  | { readonly answer: Expected }
  | { readonly fin: true };

/** What a handler at `/seen` tells of its request. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly target: string;
  readonly version: string;
  readonly url: string;
  /** The fields that the request's `Ask` field names. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly content: string;
}

/** What is demanded of one answer. */
export interface Expected {
  /** One status, or those that the standard leaves open. */
  readonly status: number | readonly number[];
  /** The exact content, as octets. */
  readonly content?: string;
  /** Exact values, patterns, or `null` for a field that must not be there. */
  readonly fields?: Readonly<Record<string, string | RegExp | null>>;
  /** What the handler at `/seen` saw. */
  readonly seen?: Partial<Seen>;
  /** The 1xx that must come before it; default: whatever comes. */
  readonly interim?: readonly number[];
  /** The request line that it answers; default: the first one sent, then GETs. */
  readonly to?: string;
  /** The connection may end without it. */
  readonly optional?: true;
  /** The connection must end in its middle. */
  readonly brokenOff?: true;
  /** Anything else: what is wrong, or nothing. */
  readonly check?: (answer: WireResponse) => string | undefined;
}

/** Octet by octet is for heads and small contents; a case may ask for more. */
const BYTEWISE_MOST = 400;

/** A conversation is fed as it is told, and nothing follows what is cut off. */
export function feedingsOf(one: Case): readonly Feeding[] {
  if (one.talk) return ["at once"];
  const all: Feeding[] = ["at once", "in pieces"];
  if (one.send.length <= BYTEWISE_MOST) all.push("byte by byte");
  if (!one.fin) all.push("with a request behind");
  return one.feedings ?? all;
}

/** `"%x0B"` for an octet, as the grammar of the standards writes it. */
export function octetName(code: number): string {
  return `%x${code.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** The octets from `first` to `last`, as strings. */
export function octetRange(first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, at) => String.fromCharCode(first + at),
  );
}

/** RFC 9110 §5.6.2. */
export const TCHARS: readonly string[] = [
  ..."!#$%&'*+-.^_`|~",
  ..."0123456789",
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
];

/** Octets that end or cut a line, so that a sweep over octets leaves them out. */
export const LINE_ENDS: readonly string[] = ["\r", "\n"];

/** Lines, each with its CRLF, and the empty line. */
export function head(...lines: string[]): string {
  return [...lines, "", ""].join("\r\n");
}

/** A GET of `target` with Host and `lines`. */
export function get(target = "/hello", ...lines: string[]): string {
  return head(`GET ${target} HTTP/1.1`, "Host: a", ...lines);
}

/** A GET of `/seen` that tells of the fields in `lines`. */
export function ask(names: string, ...lines: string[]): string {
  return get("/seen", `Ask: ${names}`, ...lines);
}

/** A POST to `/echo` with framing fields and raw octets behind the head. */
export function echo(fields: string | readonly string[], raw = ""): string {
  return head("POST /echo HTTP/1.1", "Host: a", ...[fields].flat()) + raw;
}

/** A POST to `/echo` with a raw chunked body. */
export function chunked(raw: string): string {
  return echo("Transfer-Encoding: chunked", raw);
}

/** A POST to `/echo` of one chunk, its size line as given, that holds `hello`. */
export function chunk(sizeLine: string): string {
  return chunked(`${sizeLine}\r\nhello\r\n0\r\n\r\n`);
}

/** A case that a handler answers with 200, and the connection persists. */
export function served(
  name: string,
  send: string,
  expected: string | Omit<Expected, "status"> = {},
): Case {
  const rest = typeof expected === "string" ? { content: expected } : expected;
  return { name, send, answers: [{ status: 200, ...rest }], then: "persists" };
}

/** As {@linkcode served}, and then the connection ends. */
export function lastServed(
  name: string,
  send: string,
  expected: string | Omit<Expected, "status"> = {},
): Case {
  return { ...served(name, send, expected), then: "closes" };
}

/** A case that earns one refusal, after which nothing is parsed. */
export function refused(
  name: string,
  send: string,
  status: Expected["status"] = 400,
): Case {
  return { name, send, answers: [{ status }], then: "closes", refused: true };
}

/** A case that is answered with a status, and the connection says what it does. */
export function answered(
  name: string,
  send: string,
  status: Expected["status"],
  rest: Omit<Expected, "status"> = {},
): Case {
  return { name, send, answers: [{ status, ...rest }], then: "as it says" };
}

/** Rows of names and octets, each made a case by `make`. */
export function table(
  make: (name: string, send: string) => Case,
  rows: readonly (readonly [name: string, send: string])[],
): Case[] {
  return rows.map(([name, send]) => make(name, send));
}

/** One case an octet. Swept octets are fed at once and byte by byte only. */
export function sweep(
  all: readonly string[],
  make: (name: string, octet: string) => Case,
): Case[] {
  return all.map((octet) => ({
    ...make(octetName(octet.charCodeAt(0)), octet),
    feedings: ["at once", "with a request behind"],
  }));
}
