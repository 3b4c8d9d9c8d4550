/**
 * A client that speaks in octets, for tests of what is on the wire.
 *
 * It sends exactly what it is told, cut as it is told, and reads responses more
 * strictly than any browser: CRLF only, token names, no octet that RFC 9110
 * §5.5 excludes, one framing, content to the last byte. What it cannot accept it
 * throws as a {@linkcode WireError} which says so; a server that forgives itself
 * something fails here.
 *
 * ```text
 *   send · feed · finish                  response · closed
 *   ──────────── octets ────────────▶ ◀──── strictly parsed ────
 * ```
 *
 * Octets travel as strings of one character each (`"\xff"` is one octet), so that
 * a case can be read and a failure printed. Every wait has a deadline that frees
 * the socket and the timer, so a silent server fails a test and leaks nothing.
 *
 * @module
 */

import { connect } from "node:net";

/** What a server did that no client should have to accept. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Where to connect, and how long to wait for anything. */
export interface WireOptions {
  readonly port: number;
  readonly hostname?: string;
  /** Certificates to trust; with them the octets travel under TLS. */
  readonly caCerts?: readonly string[];
  /** Milliseconds that one wait may take. */
  readonly deadline?: number;
}

/** How the end of a response was found (RFC 9112 §6.3). */
export type Framing = "none" | "length" | "chunked" | "close";

/** One response, as it was sent. */
export interface WireResponse {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  /** Field lines in order, names as they were spelled. */
  readonly fields: readonly Field[];
  readonly framing: Framing;
  /** The content as octets. */
  readonly content: string;
  readonly trailers: readonly Field[];
  /** The 1xx responses that came before it. */
  readonly interim: readonly WireResponse[];
}

/** A field line: name and value. */
export type Field = readonly [name: string, value: string];

/** The value of a field, its lines joined; `undefined` where there is none. */
export function valueOf(
  { fields }: Pick<WireResponse, "fields">,
  name: string,
): string | undefined {
  const values = linesOf({ fields }, name);
  return values.length === 0 ? undefined : values.join(", ");
}

/** The values of all lines of a field. */
export function linesOf(
  { fields }: Pick<WireResponse, "fields">,
  name: string,
): string[] {
  const wanted = name.toLowerCase();
  return fields.flatMap(([other, value]) =>
    other.toLowerCase() === wanted ? [value] : []
  );
}

/** Whether a comma-separated field has a member, in any case. */
export function lists(
  response: Pick<WireResponse, "fields">,
  name: string,
  member: string,
): boolean {
  return linesOf(response, name)
    .flatMap((value) => value.split(","))
    .some((one) => one.trim().toLowerCase() === member);
}

/** The octets of a string of one character each. */
export function octets(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) {
      throw new RangeError(`Cannot send ${text[at]}: it is not one octet`);
    }
    bytes[at] = code;
  }
  return bytes;
}

/** Octets as a string. `TextDecoder` cannot: its latin1 is windows-1252. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** Cuts octets into pieces of `size`. */
export function cut(wire: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < wire.length; at += size) {
    pieces.push(wire.slice(at, at + size));
  }
  return pieces;
}

/** Octets for a terminal: what is not printable becomes an escape. */
export function escaped(wire: string, most = 600): string {
  const shown = wire.slice(0, most).replace(
    /[^\x20-\x7e]|\\/g,
    (char) => ESCAPES[char] ?? `\\x${hex2(char)}`,
  );
  const left = wire.length - most;
  return left > 0 ? `${shown}… (${left} more)` : shown;
}

const ESCAPES: Record<string, string | undefined> = {
  "\\": "\\\\",
  "\r": "\\r",
  "\n": "\\n",
  "\t": "\\t",
};

function hex2(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, "0");
}

/** RFC 9112 §4; the space before an absent reason is not optional. */
const STATUS_LINE = /^(HTTP\/\d\.\d) ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/;
/** RFC 9112 §5 with the octets of RFC 9110 §5.5. */
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/;
const CHUNK_LINE = /^([0-9A-Fa-f]{1,12})(?:[ \t]*;.*)?$/;
/** No line of an answer has a reason to be longer. */
const LONGEST_LINE = 64 * 1024;

/** One connection to a server. */
export class Wire {
  readonly #conn: Deno.Conn;
  readonly #deadline: number;
  readonly #into = new Uint8Array(16 * 1024);
  #closed = false;
  #ended: "fin" | "reset" | undefined;
  #received = "";
  #at = 0;

  private constructor(conn: Deno.Conn, deadline: number) {
    this.#conn = conn;
    this.#deadline = deadline;
  }

  static async connect(options: WireOptions): Promise<Wire> {
    const { port, hostname = "127.0.0.1", caCerts, deadline = 5_000 } = options;
    const conn = caCerts
      ? await Deno.connectTls({ port, hostname, caCerts: [...caCerts] })
      : await Deno.connect({ port, hostname });
    return new Wire(conn, deadline);
  }

  /** All octets that came so far. */
  get received(): string {
    return this.#received;
  }

  /** Sends octets; false when the server does not take them any more. */
  async send(wire: string): Promise<boolean> {
    const bytes = octets(wire);
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#within(
          this.#conn.write(bytes.subarray(at)),
          "be read",
        );
      }
      return true;
    } catch (error) {
      if (error instanceof WireError || !this.#isGone(error)) throw error;
      return false;
    }
  }

  /** Sends piece by piece, each read by itself, until the server has enough. */
  async feed(pieces: readonly string[]): Promise<boolean> {
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await turn();
      if (!await this.send(piece)) return false;
    }
    return true;
  }

  /** Half-closes: no more octets from here, while answers may still come. */
  async finish(): Promise<void> {
    try {
      await this.#conn.closeWrite();
    } catch (error) {
      if (!this.#isGone(error)) throw error;
    }
  }

  /** Frees the socket. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }

  /**
   * The next final response, the 1xx before it kept in `interim`; `undefined`
   * when the connection ended before its first octet.
   *
   * @param to the request line that it answers, for HEAD, CONNECT and HTTP/1.0
   * @throws {WireError} for anything that a strict client refuses
   */
  async response(to = "GET / HTTP/1.1"): Promise<WireResponse | undefined> {
    const interim: WireResponse[] = [];
    for (;;) {
      const one = await this.one(to);
      if (one === undefined && interim.length > 0) {
        throw new WireError("the connection ended after a 1xx");
      }
      if (one === undefined) return undefined;
      if (one.status >= 200 || one.status === 101) return { ...one, interim };
      if (/HTTP\/1\.0$/.test(to)) {
        throw new WireError("a 1xx was sent to an HTTP/1.0 client");
      }
      interim.push(one);
    }
  }

  /** The next response, 1xx or final. */
  async one(to = "GET / HTTP/1.1"): Promise<WireResponse | undefined> {
    if (!await this.#hasMore()) return undefined;
    const [version, status, reason] = parseStatusLine(await this.#line());
    const fields = await this.#fields();
    const framing = framingOf(to, status, fields);
    return {
      version,
      status,
      reason,
      fields,
      framing,
      interim: [],
      ...await this.#content(framing, fields),
    };
  }

  /** Forgets what came and was not read: the rest of an answer that broke off. */
  discard(): void {
    this.#at = this.#received.length;
  }

  /**
   * How the server ended the connection, once it has.
   *
   * @throws {WireError} when octets come that belong to no answer, or no end comes
   */
  async closed(): Promise<"fin" | "reset"> {
    while (this.#ended === undefined) await this.#read("end");
    if (this.#at < this.#received.length) {
      const left = this.#received.slice(this.#at);
      throw new WireError(
        `octets behind the last answer: ${escaped(left, 200)}`,
      );
    }
    return this.#ended;
  }

  /** Reads whatever comes to the end, and says how that was. */
  async ending(): Promise<"fin" | "reset"> {
    while (this.#ended === undefined) await this.#read("end");
    this.discard();
    return this.#ended;
  }

  async #content(
    framing: Framing,
    fields: readonly Field[],
  ): Promise<Pick<WireResponse, "content" | "trailers">> {
    switch (framing) {
      case "none":
        return { content: "", trailers: [] };
      case "length":
        return { content: await this.#take(lengthOf(fields)), trailers: [] };
      case "chunked":
        return await this.#chunks();
      case "close":
        return { content: await this.#rest(), trailers: [] };
    }
  }

  async #chunks(): Promise<Pick<WireResponse, "content" | "trailers">> {
    let content = "";
    for (;;) {
      const line = await this.#line();
      const size = CHUNK_LINE.exec(line)?.[1];
      if (size === undefined) {
        throw new WireError(`no chunk size: ${escaped(line)}`);
      }
      if (/^0+$/.test(size)) break;
      content += await this.#take(parseInt(size, 16));
      if (await this.#take(2) !== "\r\n") {
        throw new WireError("a chunk without its end");
      }
    }
    return { content, trailers: await this.#fields() };
  }

  async #fields(): Promise<Field[]> {
    const fields: Field[] = [];
    for (
      let line = await this.#line();
      line !== "";
      line = await this.#line()
    ) {
      const [, name, value] = FIELD_LINE.exec(line) ?? [];
      if (name === undefined) {
        throw new WireError(
          `no field line: ${escaped(line)}`,
        );
      }
      fields.push([name, trim(value ?? "")]);
    }
    return fields;
  }

  /** One line without its CRLF. */
  async #line(): Promise<string> {
    let end = this.#received.indexOf("\n", this.#at);
    for (; end < 0; end = this.#received.indexOf("\n", this.#at)) {
      if (this.#received.length - this.#at > LONGEST_LINE) {
        throw new WireError("a line without an end");
      }
      await this.#need("a line");
    }
    const line = this.#received.slice(this.#at, end + 1);
    this.#at = end + 1;
    if (line.at(-2) !== "\r" || line.indexOf("\r") !== line.length - 2) {
      throw new WireError(
        `a line that does not end with CRLF: ${escaped(line)}`,
      );
    }
    return line.slice(0, -2);
  }

  async #take(count: number): Promise<string> {
    while (this.#received.length - this.#at < count) {
      await this.#need("the content");
    }
    const taken = this.#received.slice(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  async #rest(): Promise<string> {
    while (this.#ended === undefined) await this.#read("end");
    if (this.#ended === "reset") {
      throw new WireError("a reset within the content");
    }
    const rest = this.#received.slice(this.#at);
    this.#at = this.#received.length;
    return rest;
  }

  async #hasMore(): Promise<boolean> {
    while (this.#at === this.#received.length) {
      if (this.#ended !== undefined) return false;
      await this.#read("come");
    }
    return true;
  }

  async #need(what: string): Promise<void> {
    if (this.#ended !== undefined) {
      throw new WireError(`the connection ended (${this.#ended}) in ${what}`);
    }
    await this.#read("come");
  }

  async #read(what: string): Promise<void> {
    try {
      const count = await this.#within(this.#conn.read(this.#into), what);
      if (count === null) this.#ended = "fin";
      else this.#received += latin1(this.#into.subarray(0, count));
    } catch (error) {
      if (error instanceof WireError || !this.#isGone(error)) throw error;
      this.#ended = "reset";
    }
  }

  /** Waits for `work`, but not for ever: at the deadline the socket is freed. */
  async #within<T>(work: Promise<T>, what: string): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.close();
    }, this.#deadline);
    try {
      return await work;
    } catch (error) {
      if (late) {
        throw new WireError(
          `waited ${this.#deadline} ms for octets to ${what}`,
        );
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** An error that says no more than that the other side, or we, have left. */
  #isGone(error: unknown): boolean {
    return this.#closed || error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.NotConnected;
  }
}

/**
 * Sends octets on a connection of their own and resets it (RST), once they were
 * taken and, if asked, an octet came back. `Deno.Conn` says goodbye (FIN) before
 * it closes, so this is the one place for a socket of `node:net`.
 */
export async function sendAndReset(
  { port, hostname = "127.0.0.1" }: WireOptions,
  wire: string,
  after: "sending" | "hearing" = "sending",
): Promise<void> {
  const socket = connect(port, hostname);
  const closed = new Promise<void>((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  const heard = new Promise((resolve) => socket.once("data", resolve));
  await new Promise((resolve) => socket.write(octets(wire), resolve));
  if (after === "hearing") await Promise.race([heard, closed]);
  else await turn();
  socket.resetAndDestroy();
  await closed;
}

/**
 * Time for the server to read what was sent. Without it the kernel would join
 * the small writes of a server and a client that share a process: measured, a
 * hundred writes became three reads; behind a timer they stay a hundred.
 */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function parseStatusLine(line: string): [string, number, string] {
  const [, version, status, reason] = STATUS_LINE.exec(line) ?? [];
  if (version === undefined) {
    throw new WireError(`no status line: ${escaped(line)}`);
  }
  return [version, Number(status), reason ?? ""];
}

/** RFC 9112 §6.3, by its numbers. */
function framingOf(
  to: string,
  status: number,
  fields: readonly Field[],
): Framing {
  const coding = valueOf({ fields }, "transfer-encoding");
  const length = valueOf({ fields }, "content-length");
  if (coding !== undefined && length !== undefined) {
    throw new WireError("both Transfer-Encoding and Content-Length were sent");
  }
  if (status < 200 || status === 204 || isTunnel(to, status)) {
    if (coding ?? length) {
      throw new WireError(`a ${status} has a framing field`);
    }
    return "none";
  }
  if (coding !== undefined && /HTTP\/1\.0$/.test(to)) {
    throw new WireError("Transfer-Encoding was sent to an HTTP/1.0 client");
  }
  if (coding !== undefined && coding.toLowerCase() !== "chunked") {
    throw new WireError(`cannot undo the transfer coding ${coding}`);
  }
  if (length !== undefined) lengthOf(fields);
  if (/^HEAD /.test(to) || status === 304) return "none";
  return coding ? "chunked" : length === undefined ? "close" : "length";
}

function isTunnel(to: string, status: number): boolean {
  return to.startsWith("CONNECT ") && status >= 200 && status < 300;
}

function lengthOf(fields: readonly Field[]): number {
  const lines = linesOf({ fields }, "content-length");
  if (lines.length !== 1 || !/^\d{1,15}$/.test(lines[0] ?? "")) {
    throw new WireError(`no length: ${escaped(lines.join(" | "))}`);
  }
  return Number(lines[0]);
}

/** OWS is SP and HTAB, nothing else that JavaScript calls white space. */
function trim(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, "");
}
