/**
 * What is asked of a soak.
 *
 * ```sh
 * deno task soak                          # two minutes
 * deno task soak --minutes=60 --seed=7
 * deno task soak --minutes=1 --leak       # must fail
 * ```
 *
 * @module
 */

export interface Options {
  /** How long the traffic goes on. */
  readonly minutes: number;
  /** What the choices of the traffic begin with: the same seed, the same ones. */
  readonly seed: number;
  /** Whether the application keeps what it should not. */
  readonly leak: boolean;
}

/** Reads the arguments; throws a sentence about what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const flags = new Map<string, string | undefined>();
  for (const arg of args) {
    const [, name, value] = /^--(\w+)(?:=(.+))?$/.exec(arg) ?? [];
    if (!["minutes", "seed", "leak"].includes(name ?? "")) {
      throw new Error(`No such option: ${arg}`);
    }
    flags.set(name!, value);
  }
  return {
    minutes: number("minutes", flags.get("minutes") ?? "2"),
    seed: number("seed", flags.get("seed") ?? "1"),
    leak: flags.has("leak"),
  };
}

function number(name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) === 0) {
    throw new Error(`Cannot soak with --${name}=${text}: it is no number`);
  }
  return Number(text);
}
