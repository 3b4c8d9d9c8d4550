/**
 * Options by their names: what is misspelled would be without effect, and nobody
 * told.
 *
 * @module
 */

/**
 * Sees that each option that is set has one of the `names`. The `deed` is what the
 * error says cannot be done.
 *
 * @throws {TypeError} when there is no option of a name
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const cut = (options: object) => checkOptionNames("cut", options, ["length"]);
 * cut({ length: 1, depth: undefined });
 * assertThrows(() => cut({ depth: 1 }), TypeError, 'Cannot cut with "depth"');
 * ```
 */
export function checkOptionNames(
  deed: string,
  options: object,
  names: readonly string[],
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue;
    throw new TypeError(
      `Cannot ${deed} with "${name}": the options are ${names.join(", ")}`,
    );
  }
}
