/**
 * Keys that sign and verify: checked where they are given, imported once.
 *
 * ```text
 * "32 characters or more …"  ─┐
 * Uint8Array of 32 or more   ─┼─▶ checked ─▶ CryptoKey   HMAC with SHA-256
 * CryptoKey                  ─┘
 * ```
 *
 * A key shorter than its hash makes the signature only as strong as itself, so
 * it is refused, as JSON Web Signature does (RFC 7518 §3.2). What a sentence
 * says of a key is never the key.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { handled } from "./handled.ts";

/** What signs: text or octets, 32 or more of them, or an HMAC-SHA-256 key. */
export type SigningKey = string | Uint8Array | CryptoKey;

/** The octets of a SHA-256 hash (RFC 7518 §3.2). */
const LEAST = 32;
/** So many texts are kept: an application has a few. */
const MOST_KEPT: number = FIXED.keysKept.default;

const ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;
const ENCODER = new TextEncoder();

const ofText: Map<string, Promise<CryptoKey>> = new Map();
const ofOctets: WeakMap<Uint8Array, Promise<CryptoKey>> = new WeakMap();

/**
 * The keys in their order, each imported when it is given for the first time.
 *
 * @throws {TypeError} when there is none, or one is no key for HMAC-SHA-256 of 32
 *   octets or more
 */
export function importKeys(
  keys: SigningKey | readonly SigningKey[],
): readonly (CryptoKey | Promise<CryptoKey>)[] {
  const all = Array.isArray(keys)
    ? keys as readonly SigningKey[]
    : [keys as SigningKey];
  if (all.length === 0) {
    throw new TypeError("Cannot sign without a key: the list is empty");
  }
  return all.map((key, place) => importKey(key, place));
}

function importKey(
  key: SigningKey,
  place: number,
): CryptoKey | Promise<CryptoKey> {
  if (key instanceof CryptoKey) {
    const reason = unfit(key, place === 0);
    if (reason === undefined) return key;
    throw new TypeError(`Cannot use key ${place}: ${reason}`);
  }
  if (typeof key !== "string" && !(key instanceof Uint8Array)) {
    throw new TypeError(
      `Cannot use key ${place}: it is neither text, octets nor a CryptoKey`,
    );
  }
  return typeof key === "string"
    ? ofText.get(key) ?? keepText(key, place)
    : ofOctets.get(key) ?? keepOctets(key, place);
}

/** What the algorithm of an HMAC key tells (Web Cryptography §29.4). */
interface HmacAlgorithm extends KeyAlgorithm {
  readonly hash: KeyAlgorithm;
  /** In bits. */
  readonly length: number;
}

/** Why a key of the platform will not do; only the first one has to sign. */
function unfit(key: CryptoKey, signs: boolean): string | undefined {
  const { name, hash, length } = key.algorithm as HmacAlgorithm;
  if (name !== "HMAC" || hash.name !== "SHA-256") {
    return "it is not for HMAC with SHA-256";
  }
  if (length < LEAST * 8) return tooShort();
  if (!key.usages.includes("verify")) return "it may not verify";
  return signs && !key.usages.includes("sign") ? "it may not sign" : undefined;
}

function tooShort(): string {
  return `it has less than ${LEAST} octets (RFC 7518 §3.2)`;
}

function keepText(key: string, place: number): Promise<CryptoKey> {
  const imported = imports(ENCODER.encode(key), place);
  if (ofText.size === MOST_KEPT) ofText.clear();
  ofText.set(key, imported);
  return imported;
}

function keepOctets(key: Uint8Array, place: number): Promise<CryptoKey> {
  const imported = imports(new Uint8Array(key), place);
  ofOctets.set(key, imported);
  return imported;
}

function imports(
  octets: Uint8Array<ArrayBuffer>,
  place: number,
): Promise<CryptoKey> {
  if (octets.length < LEAST) {
    throw new TypeError(`Cannot use key ${place}: ${tooShort()}`);
  }
  return handled(
    crypto.subtle.importKey("raw", octets, ALGORITHM, false, [
      "sign",
      "verify",
    ]),
  );
}
