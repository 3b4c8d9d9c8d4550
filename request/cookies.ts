/**
 * The cookies of an exchange as a handler has them: read from the request's
 * fields, set in the answer's. Their syntax is `wire/cookies.ts`.
 *
 * @module
 */

import {
  type CookieAttributes,
  parseCookies,
  promised,
  serializeCookie,
} from "../wire/cookies.ts";
import { Fields } from "../wire/fields.ts";
import { SignedCookies } from "./signed_cookies.ts";
import type { SigningKey } from "./signing_keys.ts";

/** Where cookies come from and go to; a context is one. */
export interface CookieExchange {
  /** The fields of the answer. */
  readonly headers: Fields;
  /** The value of a field of the request. */
  header(name: string): string | undefined;
}

/** The cookies of one exchange: the client's to read, the answer's to set. */
export class Cookies
  implements Iterable<readonly [name: string, value: string]> {
  readonly #exchange: CookieExchange;
  readonly #most: number;
  #pairs: readonly (readonly [string, string])[] | undefined;
  /** The lines that were set, by what a browser knows a cookie by. */
  #lines: Map<string, string> | undefined;

  /**
   * The cookies of `exchange`, which may be `most`.
   *
   * @internal
   */
  constructor(exchange: CookieExchange, most: number) {
    this.#exchange = exchange;
    this.#most = most;
  }

  /**
   * What the client sent under `name`; of several, the first.
   *
   * @throws {HttpError} 400 when there are more cookies than `limits.cookies`
   */
  get(name: string): string | undefined {
    return this.#read().find(([other]) => other === name)?.[1];
  }

  /** Whether the client sent a cookie of that name. */
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /**
   * Sets a cookie with the answer (RFC 6265 §4.1), in the place of one of the same
   * name, domain and path that was set before: a browser would keep the last.
   *
   * Without `path` browsers take the folder of the request's path, and without
   * `maxAge` or `expires` they forget it when they are closed. They keep no
   * cookie for longer than 400 days.
   *
   * @throws {TypeError} when a part has characters that no cookie may have, or
   *   browsers would refuse it
   */
  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    const line = serializeCookie(name, value, attributes);
    const { domain = "", path = "", partitioned } = attributes;
    const key = [name, domain.toLowerCase(), path, partitioned === true].join(
      ";",
    );
    const { headers } = this.#exchange;
    const before = this.#lines?.get(key);
    if (before !== undefined) Fields.drop(headers, "set-cookie", before);
    (this.#lines ??= new Map()).set(key, line);
    headers.append("set-cookie", line);
  }

  /**
   * Tells the client to forget a cookie; path and domain as it was set with. What
   * the prefix of the name needs (`secure`, the path `/`) need not be said.
   *
   * @throws {TypeError} as {@linkcode Cookies.set}
   */
  delete(name: string, attributes: CookieAttributes = {}): void {
    this.set(name, "", { ...promised(name), ...attributes, maxAge: 0 });
  }

  /**
   * Cookies with a signature, so that nobody else can make or change one. The first
   * of the keys signs and all verify: a new one is put in front, and the old one
   * dropped when its cookies have ended. A key is text or octets, 32 or more of
   * them, or a `CryptoKey` for HMAC with SHA-256; octets are not to be changed.
   *
   * @throws {TypeError} when there is no key, or one of them will not do
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const KEY = "a secret of at least 32 characters, from the environment";
   * const app = new Router();
   * app.post("/login", async (_input, c) => {
   *   await c.cookies.signed(KEY).set("user", "Ada", { path: "/", maxAge: 3600 });
   * });
   * app.get("/", async (_input, c) =>
   *   await c.cookies.signed(KEY).get("user") ?? "nobody");
   *
   * const { headers } = await app.request("/login", { method: "POST" });
   * const cookie = headers.getSetCookie()[0]!.split(";")[0]!;
   * const known = await app.request("/", { headers: { cookie } });
   * assertEquals(await known.text(), "Ada");
   * const forged = await app.request("/", { headers: { cookie: "user=Ada" } });
   * assertEquals(await forged.text(), "nobody");
   * ```
   */
  signed(keys: SigningKey | readonly SigningKey[]): SignedCookies {
    return new SignedCookies(this, keys);
  }

  /** What the client sent, name and value. */
  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#read()[Symbol.iterator]();
  }

  #read(): readonly (readonly [string, string])[] {
    return this.#pairs ??= parseCookies(
      this.#exchange.header("cookie") ?? "",
      this.#most,
    );
  }
}
