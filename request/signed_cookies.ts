/**
 * Cookies that only this application can have made: each has a signature over
 * its name, its value and its end (HMAC-SHA-256, RFC 2104).
 *
 * ```text
 * set  ──▶ first key signs ───────▶ name=until.value.signature
 * get  ◀── any key verifies, its end has not come ◀── of a name, the first that holds
 * ```
 *
 * With several keys the first signs and all verify, so a key is changed by
 * putting the new one in front, and the old one is dropped when the cookies that
 * it signed have ended.
 *
 * `maxAge` is a wish to the browser; one who stole the cookie need not heed it.
 * So the end is signed, too: behind it `get` gives nothing. A cookie with neither
 * `maxAge` nor `expires` holds for as long as its key is in the list.
 *
 * What is changed, moved to another name, unsigned or malformed is `undefined`:
 * what a client sends never throws here. Comparing is `crypto.subtle.verify`,
 * which takes as long for any octets.
 *
 * The surprise: it is signed, not encrypted, and a copy of it is as good as the
 * cookie. It tells that this application said so once, and not to whom.
 *
 * The form of the value is `wire/signed_value.ts`, keys are `signing_keys.ts`.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { type CookieAttributes, serializeCookie } from "../wire/cookies.ts";
import {
  readSigned,
  signedOctets,
  textOf,
  valueOf,
  withSignature,
} from "../wire/signed_value.ts";
import { handled } from "./handled.ts";
import { importKeys, type SigningKey } from "./signing_keys.ts";

/** The cookies that signed ones are among. */
interface CookieJar extends Iterable<readonly [name: string, value: string]> {
  set(name: string, value: string, attributes?: CookieAttributes): void;
  delete(name: string, attributes?: CookieAttributes): void;
}

/**
 * Of a name, so many cookies are tried: a host beside this one can put one of its
 * own in front (draft-ietf-httpbis-rfc6265bis §8.6), and each costs a hash.
 */
const MOST_TRIED: number = FIXED.signaturesTried.default;
/** Of 15 digits, the most that are read. */
const LATEST = 999_999_999_999_999;

/** Signed cookies: see {@linkcode Cookies.signed}. */
export class SignedCookies {
  readonly #jar: CookieJar;
  readonly #keys: readonly (CryptoKey | Promise<CryptoKey>)[];

  /** @internal Made by `c.cookies.signed`. */
  constructor(jar: CookieJar, keys: SigningKey | readonly SigningKey[]) {
    this.#jar = jar;
    this.#keys = importKeys(keys);
  }

  /**
   * What was signed under `name`, if the signature holds and the end has not come.
   *
   * @throws {HttpError} 400 when there are more cookies than `limits.cookies`
   */
  get(name: string): Promise<string | undefined> {
    return handled(this.#find(name));
  }

  /**
   * Sets a cookie with any text for its value. It has to be awaited before the
   * handler answers.
   *
   * @throws {TypeError} when the value is not well-formed text, name and signed
   *   value are longer than 4096 octets, or an attribute could not be sent
   */
  set(
    name: string,
    value: string,
    attributes: CookieAttributes = {},
  ): Promise<void> {
    return handled(this.#sign(name, value, attributes));
  }

  /** Tells the client to forget a cookie, as {@linkcode Cookies.delete}. */
  delete(name: string, attributes: CookieAttributes = {}): void {
    this.#jar.delete(name, attributes);
  }

  async #find(name: string): Promise<string | undefined> {
    let tried = 0;
    for (const [other, cookie] of this.#jar) {
      if (other !== name) continue;
      const value = await this.#open(name, cookie);
      if (value !== undefined || ++tried === MOST_TRIED) return value;
    }
    return undefined;
  }

  async #sign(
    name: string,
    value: string,
    attributes: CookieAttributes,
  ): Promise<void> {
    serializeCookie(name, "", attributes); // before a key is used for it
    const text = textOf(value, endOf(attributes));
    const key = await this.#keys[0]!;
    const octets = signedOctets(name, text);
    const signature = await crypto.subtle.sign("HMAC", key, octets);
    const signed = withSignature(text, new Uint8Array(signature));
    this.#jar.set(name, signed, attributes);
  }

  async #open(name: string, cookie: string): Promise<string | undefined> {
    const signed = readSigned(cookie);
    if (signed === undefined) return undefined;
    const { text, until, signature } = signed;
    const octets = signedOctets(name, text);
    for (const key of this.#keys) {
      if (
        !await crypto.subtle.verify("HMAC", await key, signature, octets)
      ) continue;
      const hasEnded = until !== undefined && until * 1000 <= Date.now();
      return hasEnded ? undefined : valueOf(text);
    }
    return undefined;
  }
}

/** When a cookie ends, in seconds since 1970; `maxAge` decides (§4.1.2.2). */
function endOf(
  { maxAge, expires }: CookieAttributes,
): number | undefined {
  if (maxAge !== undefined) {
    return Math.min(Math.floor(Date.now() / 1000) + maxAge, LATEST);
  }
  if (expires === undefined) return undefined;
  return Math.max(Math.floor(expires.getTime() / 1000), 0);
}
