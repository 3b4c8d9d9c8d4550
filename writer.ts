/**
 * From answers to bytes: the only file that decides on framing. Pure.
 *
 * ```text
 *                       HEAD, 204, 205, 304        no content
 *   what is sent ──▶    text, bytes                Content-Length
 *                       a stream, to HTTP/1.1      chunked
 *                       a stream, to HTTP/1.0      until the connection closes
 * ```
 *
 * So a handler never sets `Content-Length` right or wrong, `Transfer-Encoding`,
 * or fields that belong to the connection: they are dropped here, and
 * `Connection: close` alone is heeded. Every field line is checked here, once,
 * on its way out; what would split the answer is a {@linkcode FieldError}.
 *
 * Answers to requests that came at once are written one behind the other into
 * one {@linkcode Output}, and so go out with one write.
 *
 * @module
 */

import type { Fault } from "./errors.ts";
import { LAST_CHUNK, writeChunkHead } from "./wire/chunked.ts";
import { imfDate } from "./wire/date.ts";
import { reasonOf } from "./wire/status.ts";
import { fieldLine, fieldText } from "./writer/field_lines.ts";
import { NOTHING, type Output } from "./writer/output.ts";

export { FieldError } from "./writer/field_lines.ts";
export { earlyHints, putContinue } from "./writer/interim.ts";

const ENCODER = new TextEncoder();

/** Up to here a loop beats the encoder, which costs more to call. */
const SHORT_TEXT = 40;

/** What the head of a file takes, and more, so that it is put in one buffer with it. */
const ROOM_FOR_HEAD = 4 * 1024;

/** What the writer needs to know of the request that is answered. */
export interface Asked {
  readonly method: string;
  readonly version: "1.0" | "1.1";
}

/** An answer as it is to be sent. */
export interface Reply {
  readonly status: number;
  /** The media type where it is the only field. */
  readonly type: string | undefined;
  /** The other fields, name and value in turn, names in lower case. */
  readonly lines: readonly string[];
  /** Whether another request may follow. */
  readonly persists: boolean;
}

/** Content that is put where it is sent from; see {@linkcode Writer.filled}. */
export interface Filling {
  /** How many bytes it puts. */
  readonly length: number;
  /** Puts them into `into`, which has that length, or throws. */
  fill(into: Uint8Array): void;
}

/** How the end of the content is told (RFC 9112 §6.3). */
export type Framing = "none" | "length" | "chunked" | "close";

/** What a head was written as. */
export interface Written {
  readonly framing: Framing;
  /** The length that was announced; -1 where none was. */
  readonly length: number;
  readonly persists: boolean;
}

/** A head up to the digits of its length, kept for the answers that share it. */
interface Block {
  readonly bytes: Uint8Array;
  readonly dateAt: number;
  dated: number;
}

/** How many kept heads are enough: types and statuses are few, unless made up. */
const MOST_BLOCKS = 256;

/** Writes the answers of one server. */
export class Writer {
  readonly #keepAlive: string;
  /** By type, then by status, method of HTTP/1.0 and persistence. */
  readonly #blocks: Map<string, (Block | undefined)[]> = new Map();
  #blockCount = 0;
  #second = NaN;
  #date = "";
  #dateBytes = NOTHING;

  /** `idle` is what the server waits for a next request, in milliseconds. */
  constructor(idle: number) {
    const seconds = Math.floor(idle / 1000);
    this.#keepAlive = seconds > 0 && Number.isFinite(seconds)
      ? `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`
      : "";
    this.tell(0);
  }

  /** Tells the time, in milliseconds since the epoch, for `Date` (RFC 9110 §6.6.1). */
  tell(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.#second) return;
    this.#second = second;
    this.#date = imfDate(now);
    this.#dateBytes = ENCODER.encode(this.#date);
  }

  /** Appends a whole answer: text or bytes. Gives whether another may follow. */
  whole(
    out: Output,
    asked: Asked,
    reply: Reply,
    body: string | Uint8Array | null,
  ): boolean {
    const bare = !mayHaveContent(asked, reply.status);
    if (reply.lines.length > 0 || bare) {
      return this.#wholeSlow(out, asked, reply, body);
    }
    this.#putBlock(out, asked, reply);
    if (asked.method === "HEAD") putLength(out, lengthOf(body));
    else if (typeof body === "string") putText(out, body);
    else putBytes(out, body ?? NOTHING);
    return reply.persists;
  }

  /** The same where fields are set or the status leaves no content. */
  #wholeSlow(
    out: Output,
    asked: Asked,
    reply: Reply,
    body: string | Uint8Array | null,
  ): boolean {
    const bytes = typeof body === "string" ? ENCODER.encode(body) : body;
    const length = lengthToTell(asked, reply, bytes);
    const { persists } = this.head(out, asked, reply, length);
    const sent = asked.method !== "HEAD" && mayHaveContent(asked, reply.status);
    if (sent && bytes !== null) out.put(bytes);
    return persists;
  }

  /**
   * Appends an answer to a GET whose content is fetched into its place, with no
   * copy between. Where that fails, nothing is appended.
   */
  filled(out: Output, asked: Asked, reply: Reply, content: Filling): boolean {
    const start = out.length;
    out.reserve(content.length + ROOM_FOR_HEAD);
    try {
      const { persists } = this.head(out, asked, reply, content.length);
      content.fill(out.room(content.length));
      return persists;
    } catch (error) {
      out.length = start;
      throw error;
    }
  }

  /**
   * Appends the head of an answer whose content is `length` bytes long, or
   * `undefined` where only its end will tell. Then the names of `trailers` are
   * announced, if there can be any (RFC 9110 §6.6.2).
   *
   * @throws {FieldError} when a field cannot be sent; nothing is appended then
   */
  head(
    out: Output,
    asked: Asked,
    reply: Reply,
    length: number | undefined,
    trailers = "",
  ): Written {
    // RFC 9110 §15.3.6: a 205 says that it has none, for its head does not end it.
    if (reply.status === 205) length = 0;
    const framing = framingOf(asked, reply.status, length);
    const fields = fieldText(reply.type, reply.lines);
    const trails = trailers !== "" && length === undefined &&
      mayHaveTrailers(asked, reply.status);
    const persists = reply.persists && framing !== "close" && !fields.close;
    const told = framing === "length"
      ? tellsLength(asked, reply.status)
      : false;
    out.putLatin1(
      statusLine(reply.status) +
        (fields.date ? "" : `Date: ${this.#date}\r\n`) +
        fields.text +
        (told ? `Content-Length: ${length}\r\n` : "") +
        (framing === "chunked" ? "Transfer-Encoding: chunked\r\n" : "") +
        (trails ? fieldLine("Trailer", trailers) : "") +
        this.#connectionText(asked, persists, fields.upgrade) + "\r\n",
    );
    return { framing, persists, length: framing === "length" ? length! : -1 };
  }

  /** Appends 101, or 200 to CONNECT: HTTP ends with this head (RFC 9110 §7.8). */
  upgrade(
    out: Output,
    asked: Asked,
    protocol: string,
    lines: readonly string[],
  ): void {
    const fields = fieldText(undefined, withoutLines(lines, "upgrade"));
    const date = fields.date ? "" : `Date: ${this.#date}\r\n`;
    out.putLatin1(
      asked.method === "CONNECT"
        ? `${statusLine(200)}${date}${fields.text}\r\n`
        : `${
          statusLine(101)
        }${date}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n${fields.text}\r\n`,
    );
  }

  /** Appends the answer to a fault: fixed, and the last (RFC 9112 §9.6). */
  refusal(out: Output, fault: Fault, headOnly: boolean): void {
    const { status } = fault;
    const text = `${status} ${
      reasonOf(status)
    }: ${fault.message} (${fault.rule})\n`;
    const bytes = ENCODER.encode(text);
    out.putLatin1(
      `${statusLine(status)}Date: ${this.#date}\r\n` +
        `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${bytes.length}\r\n` +
        "Connection: close\r\n\r\n",
    );
    if (!headOnly) out.put(bytes);
  }

  #connectionText(asked: Asked, persists: boolean, upgrade: boolean): string {
    if (!persists) {
      return `Connection: ${upgrade ? "close, upgrade" : "close"}\r\n`;
    }
    if (upgrade) return "Connection: keep-alive, upgrade\r\n";
    if (asked.version === "1.0" && this.#keepAlive === "") {
      return "Connection: keep-alive\r\n";
    }
    return this.#keepAlive;
  }

  /** Ten nanoseconds a head: the bytes are copied, the date is set once a second. */
  #putBlock(out: Output, asked: Asked, reply: Reply): void {
    const block = this.#block(asked, reply);
    if (block.dated !== this.#second) {
      block.bytes.set(this.#dateBytes, block.dateAt);
      block.dated = this.#second;
    }
    out.put(block.bytes);
  }

  #block(asked: Asked, reply: Reply): Block {
    const type = reply.type ?? "";
    const key = reply.status * 4 + (asked.version === "1.0" ? 2 : 0) +
      (reply.persists ? 1 : 0);
    return this.#blocks.get(type)?.[key] ??
      this.#keepBlock(type, key, asked, reply);
  }

  #keepBlock(type: string, key: number, asked: Asked, reply: Reply): Block {
    const line = statusLine(reply.status);
    const text = `${line}Date: ${this.#date}\r\n` +
      fieldText(reply.type, reply.lines).text +
      this.#connectionText(asked, reply.persists, false) + "Content-Length: ";
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    const block = {
      bytes,
      dateAt: line.length + "Date: ".length,
      dated: this.#second,
    };
    if (this.#blockCount++ === MOST_BLOCKS) {
      this.#blocks.clear();
      this.#blockCount = 1;
    }
    const blocks = this.#blocks.get(type) ?? [];
    if (blocks.length === 0) this.#blocks.set(type, blocks);
    blocks[key] = block;
    return block;
  }
}

/** Appends one chunk (RFC 9112 §7.1); none for no bytes, which would be the last. */
export function putChunk(out: Output, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  out.reserve(bytes.length + 20);
  out.length = writeChunkHead(out.bytes, out.length, bytes.length);
  out.put(bytes);
  out.putLatin1("\r\n");
}

/** Appends the end of chunked content. */
export function putLastChunk(out: Output): void {
  out.putLatin1(LAST_CHUNK);
}

/**
 * Appends the end of chunked content with its trailer section, name and value in
 * turn (RFC 9112 §7.1.2).
 *
 * @throws {FieldError} when one cannot be sent; nothing is appended then
 */
export function putTrailers(out: Output, lines: readonly string[]): void {
  let text = "";
  for (let i = 0; i < lines.length; i += 2) {
    text += fieldLine(lines[i]!, lines[i + 1]!);
  }
  out.putLatin1(`0\r\n${text}\r\n`);
}

function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${reasonOf(status)}\r\n`;
}

/** RFC 9112 §6.3: the answers that end with their head. */
export function mayHaveContent(asked: Asked, status: number): boolean {
  if (asked.method === "CONNECT" && status < 300) return false;
  return status !== 204 && status !== 205 && status !== 304;
}

/** Whether trailers may come: behind chunks, or as a HEAD tells of them. */
export function mayHaveTrailers(asked: Asked, status: number): boolean {
  return asked.version === "1.1" && mayHaveContent(asked, status);
}

/**
 * The length to announce (RFC 9110 §8.6): that of the content, which a HEAD or a
 * 304 without any may have been told; 205 has none (§15.3.6).
 */
function lengthToTell(
  asked: Asked,
  { status, lines }: Reply,
  bytes: Uint8Array | null,
): number | undefined {
  if (status === 205) return 0;
  if (status === 304) return declaredLength(lines);
  if (asked.method === "HEAD" && bytes === null) {
    return declaredLength(lines) ?? 0;
  }
  return bytes?.length ?? 0;
}

/** RFC 9110 §8.6: none in 204 and in 2xx to CONNECT; 205 says 0 (§15.3.6). */
function tellsLength(asked: Asked, status: number): boolean {
  return status !== 204 && !(asked.method === "CONNECT" && status < 300);
}

function framingOf(
  asked: Asked,
  status: number,
  length: number | undefined,
): Framing {
  if (length !== undefined) return "length";
  if (!mayHaveContent(asked, status) || asked.method === "HEAD") return "none";
  return asked.version === "1.0" ? "close" : "chunked";
}

/** The `Content-Length` that was set, where it is one. */
export function declaredLength(lines: readonly string[]): number | undefined {
  for (let i = 0; i < lines.length; i += 2) {
    if (lines[i] === "content-length" && /^\d{1,15}$/.test(lines[i + 1]!)) {
      return Number(lines[i + 1]);
    }
  }
  return undefined;
}

function lengthOf(body: string | Uint8Array | null): number {
  if (body === null) return 0;
  return typeof body === "string" ? ENCODER.encode(body).length : body.length;
}

/** Ends a head that waits for the digits of its length. */
function putLength(out: Output, length: number): void {
  out.putLatin1(`${length}\r\n\r\n`);
}

function putBytes(out: Output, bytes: Uint8Array): void {
  putLength(out, bytes.length);
  out.put(bytes);
}

/** Text has to be encoded before its length is known, unless it is all ASCII. */
function putText(out: Output, text: string): void {
  const start = out.length;
  if (text.length <= SHORT_TEXT) {
    putLength(out, text.length);
    if (putAscii(out, text)) return;
  } else {
    putLength(out, text.length);
    out.reserve(text.length * 3);
    const { written } = ENCODER.encodeInto(
      text,
      out.bytes.subarray(out.length),
    );
    out.length += written;
    if (written === text.length) return;
  }
  out.length = start;
  putBytes(out, ENCODER.encode(text));
}

/** Appends text if it is all ASCII. */
function putAscii(out: Output, text: string): boolean {
  out.reserve(text.length);
  const { bytes, length } = out;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7F) return false;
    bytes[length + i] = code;
  }
  out.length += text.length;
  return true;
}

/** The lines but those of one name. */
function withoutLines(lines: readonly string[], name: string): string[] {
  return lines.filter((_, i) => lines[i - i % 2] !== name);
}
