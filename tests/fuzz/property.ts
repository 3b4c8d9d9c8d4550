/**
 * What must hold whatever comes, and how it is tried: so many cases of a seed,
 * and for the first that fails the least input that fails as well.
 *
 * ```text
 *   property, seed, case ──▶ Random ──▶ octets ──▶ check ──▶ undefined
 *                                          ▲         │
 *                                          └ shrink ─┴──▶ what is wrong
 * ```
 *
 * The one surprise: a check is asked again and again with less than it was made
 * for. What it draws besides (how the octets are cut, which handler there is) was
 * drawn before, so that the octets alone change.
 *
 * @module
 */

import { escaped } from "../wire_client.ts";
import { Random } from "./random.ts";

/** What a check finds: a sentence, or `undefined` where all is well. */
export type Verdict = string | undefined;

/** One case: octets, a character each, and what they must pass. */
export interface Case {
  readonly input: string;
  readonly check: (input: string) => Verdict | Promise<Verdict>;
  /** Whether less of the input is a case as well; else it is shown as it is. */
  readonly whole?: true;
  /** What was drawn besides, for who reads of a failure. */
  readonly about?: string;
}

/** A thing that must hold. */
export interface Property {
  readonly name: string;
  /** Draws one case. */
  readonly draw: (random: Random) => Case;
}

/** A case that does not hold. */
export interface Failure {
  readonly property: string;
  readonly seed: number;
  readonly index: number;
  readonly about: string;
  readonly input: string;
  readonly says: string;
  readonly least: string;
  readonly leastSays: string;
}

/** Tries case `index` of `seed`. */
export async function tryCase(
  property: Property,
  seed: number,
  index: number,
): Promise<Failure | undefined> {
  const random = new Random(`${seed}/${property.name}/${index}`);
  const drawn = property.draw(random);
  const says = await verdictOn(drawn, drawn.input);
  if (says === undefined) return undefined;
  const least = drawn.whole ? drawn.input : await shrink(drawn);
  return {
    property: property.name,
    seed,
    index,
    about: drawn.about ?? "",
    input: drawn.input,
    says,
    least,
    leastSays: await verdictOn(drawn, least) ?? "it fails only sometimes",
  };
}

/** Whatever a check throws is a verdict, too: nothing it calls may throw. */
async function verdictOn({ check }: Case, input: string): Promise<Verdict> {
  try {
    return await check(input);
  } catch (error) {
    return `it threw ${
      error instanceof Error ? error.stack?.split("\n", 3).join("") : error
    }`;
  }
}

/** So many inputs are tried at most to find a smaller one. */
const MOST_TRIES = 3_000;

/** Takes out parts, ever smaller ones, as long as what is left fails. */
export async function shrink(drawn: Case): Promise<string> {
  let least = drawn.input;
  let tries = 0;
  const fails = async (input: string) =>
    ++tries <= MOST_TRIES && await verdictOn(drawn, input) !== undefined;
  for (let size = least.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < least.length;) {
      const less = least.slice(0, at) + least.slice(at + size);
      if (await fails(less)) least = less;
      else at += size;
    }
  }
  for (let at = 0; at < least.length; at++) {
    if (least[at] === "a") continue;
    const plain = `${least.slice(0, at)}a${least.slice(at + 1)}`;
    if (await fails(plain)) least = plain;
  }
  return least;
}

/** A failure, with all that is needed to see it again. */
export function report(failure: Failure): string {
  const { property, seed, index, about, input, least } = failure;
  return [
    `✗ ${property}, case ${index} of seed ${seed}: ${failure.says}`,
    ...about === "" ? [] : [`  with   ${about}`],
    `  input  ${input.length} octets: ${escaped(input, 700)}`,
    `  shrunk ${least.length} octets: ${escaped(least, 700)}`,
    `         ${failure.leastSays}`,
    `  again  deno task fuzz --seed=${seed} --only="${property}" --case=${index}`,
  ].join("\n");
}
