/**
 * The cookies of an exchange as a handler has them: read from the request's
 * fields, set in the answer's. Their syntax is `wire/cookies.ts`.
 *
 * @module
 */

import {
  type CookieAttributes,
  parseCookies,
  serializeCookie,
} from "../wire/cookies.ts";
import type { Fields } from "../wire/fields.ts";

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
   * Sets a cookie with the answer (RFC 6265 §4.1).
   *
   * @throws {TypeError} when a part has characters that no cookie may have
   */
  set(name: string, value: string, attributes: CookieAttributes = {}): void {
    this.#exchange.headers.append(
      "set-cookie",
      serializeCookie(name, value, attributes),
    );
  }

  /** Tells the client to forget a cookie; path and domain as it was set with. */
  delete(name: string, attributes: CookieAttributes = {}): void {
    this.set(name, "", { ...attributes, maxAge: 0 });
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
