/**
 * Comparison that takes as long whether or not there is a difference, and
 * wherever it is, so that nobody can find a secret octet by octet with a watch.
 *
 * The one surprise: lengths are compared first, and at once. Compare digests,
 * whose length says nothing.
 *
 * @module
 */

/**
 * Whether `a` and `b` are the same octets. All of them are looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(equalOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
 * assertEquals(equalOctets(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
 * ```
 */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
