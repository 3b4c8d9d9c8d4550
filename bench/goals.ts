/**
 * The ratios to reach, and whether they are.
 *
 * A ratio is ours to theirs, taken within a round, the median of all rounds;
 * lower is better. The kernel is the floor of W1, so that a tie is all there is
 * to win; W7 to W9 keep what `Deno.listen` costs.
 *
 * @module
 */

import type { PeerName } from "./peers.ts";
import { ratiosTo, type Samples } from "./rounds.ts";
import { figure, median } from "./statistics.ts";
import { table } from "./table.ts";

/** What was measured, by the names of the rows of the goals. */
export type Figures = Record<string, Samples<number>>;

interface Goal {
  readonly to?: Partial<Record<PeerName, number>>;
  /** A bound of its own, in the unit of what was measured. */
  readonly most?: number;
}

/** Against whom. */
const AGAINST = ["floor", "deno", "hono", "bun", "go"] as const;

export const GOALS: Readonly<Record<string, Goal>> = {
  "W1": { to: { floor: 1.05, deno: 1.03, hono: 1, bun: 0.92, go: 0.5 } },
  "W1 p99": { to: { deno: 1 } },
  "W2": { to: { floor: 1.25, deno: 0.1, hono: 0.1, bun: 0.1, go: 0.07 } },
  "W3": { to: { floor: 1.25, deno: 0.83, hono: 0.82, bun: 0.75, go: 0.48 } },
  "W3 p99": { to: { deno: 1 } },
  "W4": { to: { floor: 1.5, deno: 0.6, hono: 0.6, bun: 0.92, go: 0.42 } },
  "W5": { to: { floor: 1.5, deno: 0.25, hono: 0.22, bun: 0.7, go: 0.7 } },
  "W5L": { to: { deno: 0.4, hono: 0.4, bun: 1.15, go: 0.9 } },
  "W6": { to: { floor: 1.1, deno: 0.42, hono: 0.4, bun: 0.72, go: 0.68 } },
  "W6 peak MB": { most: 64 },
  "W6M": { to: { deno: 0.42, hono: 0.4, bun: 0.72, go: 0.68 } },
  "W6M peak MB": { most: 64 },
  "W7": { to: { floor: 0.95, deno: 1.15, hono: 1.1, bun: 1.4, go: 0.8 } },
  "W8": { to: { floor: 0.75, deno: 0.52, hono: 0.52, go: 0.52 } },
  "W9": { to: { floor: 1.25, deno: 1.12, hono: 0.75 } },
};

/** The table of goals, for what was measured. */
export function goalTable(figures: Figures): string {
  const rows = Object.entries(GOALS)
    .filter(([name]) => figures[name])
    .map(([name, goal]) => goalRow(name, goal, figures[name]!));
  return table(
    "Ratios to reach",
    [
      "wire to",
      "itself",
      ...AGAINST,
    ],
    rows,
    [
      "✓ is reached, ✗ is not, – is not measured; ≤ is what is to be reached.",
    ],
  );
}

function goalRow(
  name: string,
  { to = {}, most }: Goal,
  samples: Samples<number>,
): string[] {
  const ratios = ratiosTo("wire", samples);
  const cells = AGAINST.map((peer) => verdict(ratios.get(peer), to[peer]));
  return [name, verdict(samples.get("wire"), most), ...cells];
}

function verdict(
  values: readonly number[] | undefined,
  goal: number | undefined,
): string {
  if (goal === undefined) return "";
  if (!values) return `– ≤ ${goal}`;
  const value = median(values);
  return `${value <= goal ? "✓" : "✗"} ${figure(value)} ≤ ${goal}`;
}
