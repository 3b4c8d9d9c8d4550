/**
 * Round after round, each server in its turn: what the machine does meanwhile
 * meets them all, and ratios are taken within a round.
 *
 * @module
 */

import { endAll } from "./process.ts";

/** What each row measured, a value a round. */
export type Samples<Value> = Map<string, Value[]>;

/** Runs `measure` for every row in every round. */
export async function rounds<Value>(
  count: number,
  rows: readonly string[],
  measure: (row: string) => Promise<Value>,
): Promise<Samples<Value>> {
  const samples: Samples<Value> = new Map(rows.map((row) => [row, []]));
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
