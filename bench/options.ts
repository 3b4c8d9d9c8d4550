/**
 * What is asked of the benchmark.
 *
 * ```sh
 * deno task bench                     # all of it
 * deno task bench W1 W3 parser        # these workloads and sections
 * deno task bench --quick             # one round of one second
 * deno task bench --rounds=9 --seconds=3 --peers=floor,wire,deno W1
 * ```
 *
 * @module
 */

import { type PeerName, PEERS } from "./peers.ts";

/** All that can be named. */
export const SECTIONS = [
  "parser",
  "router",
  "W1",
  "W2",
  "W3",
  "W4",
  "W5",
  "W5L",
  "W6",
  "W6M",
  "W7",
  "W8",
  "W9",
  "memory",
] as const;

export type Section = typeof SECTIONS[number];

export interface Options {
  readonly sections: readonly Section[];
  readonly peers: readonly PeerName[];
  readonly rounds: number;
  /** Of one run of load. */
  readonly seconds: number;
  readonly warmUp: number;
  readonly quick: boolean;
  /** For what is built and fetched; it is gone afterwards. */
  readonly folder: string;
}

/** Reads the arguments; throws a sentence about what it does not know. */
export function readOptions(args: readonly string[], folder: string): Options {
  const flags = new Map<string, string>();
  const sections: string[] = [];
  for (const arg of args) {
    const [, name, value] = /^--(\w+)(?:=(.+))?$/.exec(arg) ?? [];
    if (name === undefined) sections.push(arg);
    else flags.set(name, value ?? "");
  }
  const quick = flags.has("quick");
  const options = {
    sections: known("section", SECTIONS, sections),
    peers: known("peer", PEERS, flags.get("peers")?.split(",") ?? []),
    rounds: count(flags.get("rounds") ?? (quick ? "1" : "5")),
    seconds: count(flags.get("seconds") ?? (quick ? "1" : "2")),
    warmUp: 1,
    quick,
    folder,
  };
  for (const name of ["quick", "peers", "rounds", "seconds"]) {
    flags.delete(name);
  }
  for (const name of flags.keys()) throw new Error(`No such option: --${name}`);
  return options;
}

/** Those of `all` that are wanted, in their order; all when none is named. */
function known<Name extends string>(
  what: string,
  all: readonly Name[],
  wanted: readonly string[],
): readonly Name[] {
  for (const name of wanted) {
    if (!all.includes(name as Name)) {
      throw new Error(`No such ${what}: ${name}. There are ${all.join(", ")}`);
    }
  }
  return wanted.length === 0
    ? all
    : all.filter((name) => wanted.includes(name));
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`Not a count: ${text}`);
  return Number(text);
}
