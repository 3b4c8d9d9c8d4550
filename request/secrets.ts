/**
 * Secrets, of which one may be what a client sent.
 *
 * ```text
 *   what was sent ─┐
 *   chance ────────┴─▶ SHA-256 ─▶ beside the digest of every secret, all of it
 * ```
 *
 * How long it takes says neither how much of a secret was right, nor how long it
 * is, nor whether another part of it (a user) is known: digests have one length,
 * all are compared, and each comparison goes to its end. Chance makes the digests
 * others in each process, so that nobody can prepare any.
 *
 * The one surprise: the cost grows with the number of secrets, a millisecond for
 * some ten thousand. Who has more looks them up by himself.
 *
 * @module
 */

import { equalOctets } from "../wire/constant_time.ts";

const ENCODER = new TextEncoder();

/** Secrets to compare with. */
export class Secrets {
  readonly #chance: Uint8Array = crypto.getRandomValues(new Uint8Array(32));
  readonly #secrets: readonly string[];
  #digests: Promise<readonly Uint8Array[]> | undefined;

  /** Those, each as it would be sent. */
  constructor(secrets: readonly string[]) {
    this.#secrets = [...secrets];
  }

  /** Whether `text` is one of them. */
  async has(text: string): Promise<boolean> {
    this.#digests ??= Promise.all(
      this.#secrets.map((secret) => this.#digest(secret)),
    );
    const [digest, digests] = await Promise.all([
      this.#digest(text),
      this.#digests,
    ]);
    let found = 0;
    for (const one of digests) found |= Number(equalOctets(one, digest));
    return found === 1;
  }

  async #digest(text: string): Promise<Uint8Array> {
    const bytes = ENCODER.encode(text);
    const salted = new Uint8Array(this.#chance.length + bytes.length);
    salted.set(this.#chance);
    salted.set(bytes, this.#chance.length);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", salted));
  }
}
