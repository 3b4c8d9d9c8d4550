/**
 * Options by their names and kinds: what is misspelled would be without effect, and
 * what is of another kind would have one that nobody asked for.
 *
 * @module
 */

/** What an option can be, in the words of an error, and how that is told. */
const KINDS = {
  "text": (value: unknown) => typeof value === "string",
  "true or false": (value: unknown) => typeof value === "boolean",
  "false": (value: unknown) => value === false,
  "a number": (value: unknown) => typeof value === "number",
  "a function": (value: unknown) => typeof value === "function",
  "a list": (value: unknown) => Array.isArray(value),
  /** What is checked where it is used. */
  "anything": () => true,
  "an object": (value: unknown) => isObject(value) && !Array.isArray(value),
} as const;

/** One thing that an option can be. */
export type Kind = keyof typeof KINDS;

/** What each option can be. */
export type Kinds<Options> = Readonly<
  Record<keyof Options & string, readonly Kind[]>
>;

/**
 * Sees that each option that is set is one of the `kinds`, and of its kind. The
 * `deed` is what the error says cannot be done.
 *
 * @throws {TypeError} when there is no option of a name, one is of another kind, or
 *   the options are no object
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const cut = (options: { length?: number }) =>
 *   checkOptions("cut", options, { length: ["a number"] });
 * cut({ length: 1 });
 * const wrong = { depth: 1 };
 * assertThrows(() => cut(wrong as object), TypeError, 'Cannot cut with "depth"');
 * ```
 */
export function checkOptions<Options extends object>(
  deed: string,
  options: Options,
  kinds: Kinds<Options>,
): void {
  if (!KINDS["an object"](options)) {
    throw new TypeError(
      `Cannot ${deed} with ${shown(options)}: options are an object, as { ${
        Object.keys(kinds)[0]
      }: … }`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(kinds, name)) {
      throw new TypeError(
        `Cannot ${deed} with "${name}": the options are ${
          Object.keys(kinds).join(", ")
        }`,
      );
    }
    const allowed = kinds[name as keyof Options & string];
    if (allowed.some((kind) => KINDS[kind](value))) continue;
    throw new TypeError(
      `Cannot ${deed}: ${name} is ${shown(value)}, and not ${
        allowed.join(" or ")
      }`,
    );
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** A value in an error; of what may be a secret, only what it is. */
function shown(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : "text";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}
