/**
 * Raw bytes against an application, without a network: what a client sends is a
 * script, and the real parser, connection and writer answer it.
 *
 * ```ts
 * import { Router } from "@no8/wire";
 * import { converse } from "@no8/wire/testing";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/hello/:name", ({ name }) => `Hello, ${name}.`);
 *
 * const said = await converse(app, "GET /hello/Ada HTTP/1.1\r\nHost: a\r\n\r\n");
 * assertStringIncludes(said, "HTTP/1.1 200 OK\r\n");
 * assertStringIncludes(said, "\r\n\r\nHello, Ada.");
 * ```
 *
 * For requests that are well-formed, `app.request()` is shorter.
 *
 * @module
 */

import { serveConnection } from "../connection.ts";
import type { ConnectionOptions } from "../connection/settings.ts";
import type { Address, Transport } from "../messages.ts";
import { type App, optionsOf, toHandler } from "../router.ts";

/** What one read of the server gives it: text has an octet a character. */
export type Part = string | Uint8Array;

/**
 * A transport whose peer follows a script: each part comes with one read, then
 * the peer has no more to say. What the server writes is kept.
 *
 * @example
 * ```ts
 * import { serveConnection, toHandler } from "@no8/wire";
 * import { ScriptedTransport } from "@no8/wire/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const transport = new ScriptedTransport(["GET / HT", "TP/1.0\r\n\r\n"]);
 * await serveConnection(transport, toHandler(() => new Response("Hello")));
 * assertEquals(transport.said.endsWith("\r\n\r\nHello"), true);
 * assertEquals(transport.closed, true);
 * ```
 */
export class ScriptedTransport implements Transport {
  readonly remote: Address = {
    transport: "tcp",
    hostname: "192.0.2.1",
    port: 50_000,
  };
  readonly local: Address = {
    transport: "tcp",
    hostname: "192.0.2.2",
    port: 80,
  };
  readonly secure: boolean;
  /** Whether the server has closed the connection. */
  closed = false;
  /** Whether the server has ended its way of it. */
  ended = false;
  readonly #parts: Uint8Array[];
  /** Which part comes next: to take the first of very many costs all of them. */
  #next = 0;
  readonly #written: string[] = [];

  /** A peer that sends `parts`; under TLS, as it were, with `secure`. */
  constructor(parts: Iterable<Part>, secure = false) {
    this.#parts = Array.from(parts, bytesOf);
    this.secure = secure;
  }

  /** All that the server has written, a character an octet. */
  get said(): string {
    return this.#written.join("");
  }

  /** What was written, a string a write. */
  get writes(): readonly string[] {
    return this.#written;
  }

  /** The next part of the script, or as much of it as fits. */
  read(into: Uint8Array): Promise<number | null> {
    const part = this.#parts[this.#next];
    if (part === undefined || this.closed) return Promise.resolve(null);
    const fits = part.subarray(0, into.length);
    into.set(fits);
    if (fits.length === part.length) this.#next++;
    else this.#parts[this.#next] = part.subarray(fits.length);
    return Promise.resolve(fits.length);
  }

  /** Keeps what the server says. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.closed) {
      const late = new TypeError("Cannot write: the transport is closed");
      return Promise.reject(late);
    }
    this.#written.push(textOf(bytes));
    return Promise.resolve(bytes.length);
  }

  /** Ends the conversation. */
  close(): void {
    this.closed = true;
  }

  /** Ends the server's way. */
  closeWrite(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }
}

/**
 * What `app` says to a client that sends `parts`, one a read, and then no more.
 *
 * Gives all the octets of all answers as text, a character an octet. Faults and
 * errors are not logged unless `options.onError` does.
 *
 * @throws {RangeError} when a limit or timeout is not a number from 0
 * @throws {TypeError} when there is no limit or timeout of a name, or `app` is
 *   nothing that can be served
 *
 * @example A head in two packets, and the request behind it
 * ```ts
 * import { converse } from "@no8/wire/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const app = (request: Request) => new Response(new URL(request.url).pathname);
 * const said = await converse(app, [
 *   "GET /a HTTP/1.1\r\nHost: h",
 *   "\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
 * ]);
 * assertEquals(said.match(/\/[ab]/g), ["/a", "/b"]);
 * ```
 */
export async function converse(
  app: App,
  parts: Part | Iterable<Part>,
  options: ConnectionOptions & { readonly secure?: boolean } = {},
): Promise<string> {
  const script = typeof parts === "string" || parts instanceof Uint8Array
    ? [parts]
    : parts;
  const transport = new ScriptedTransport(script, options.secure);
  const quiet = optionsOf(app, { onError() {}, ...options });
  await serveConnection(transport, toHandler(app), quiet);
  return transport.said;
}

function bytesOf(part: Part): Uint8Array {
  return typeof part === "string"
    ? Uint8Array.from(part, (c) => c.charCodeAt(0))
    : part;
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}
