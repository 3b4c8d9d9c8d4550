/**
 * Round after round, each server in its turn: what the machine does meanwhile
 * meets them all, and ratios are taken within a round.
 *
 * @module
 */

import { endAll } from "./process.ts";
import { ratios } from "./statistics.ts";

/** What each row measured, a value a round. */
export type Samples<Value> = ReadonlyMap<string, readonly Value[]>;

/** Runs `measure` for every row in every round. */
export async function rounds<Value>(
  count: number,
  rows: readonly string[],
  measure: (row: string) => Promise<Value>,
): Promise<Samples<Value>> {
  const samples = new Map<string, Value[]>(rows.map((row) => [row, []]));
  for (let round = 0; round < count; round++) {
    // Each round begins elsewhere, so that none always follows the same one.
    for (let turn = 0; turn < rows.length; turn++) {
      const row = rows[(round + turn) % rows.length]!;
      samples.get(row)!.push(await named(row, () => measure(row)));
    }
  }
  return samples;
}

/** Runs `step`; an error of it tells whose it is. */
export async function named<Value>(
  name: string,
  step: () => Promise<Value>,
): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    endAll();
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** One figure of each value. */
export function column<Value>(
  samples: Samples<Value>,
  of: (value: Value) => number,
): Samples<number> {
  return new Map([...samples].map(([row, values]) => [row, values.map(of)]));
}

/** The ratios of row `ours` to each other row, round by round. */
export function ratiosTo(
  ours: string,
  samples: Samples<number>,
): Samples<number> {
  const own = samples.get(ours);
  const others = own ? [...samples].filter(([row]) => row !== ours) : [];
  return new Map(others.map(([row, values]) => [row, ratios(own!, values)]));
}
