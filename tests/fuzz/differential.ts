/**
 * Our parser beside llhttp: the same octets, and every disagreement in a class
 * of `differences.ts`. One that belongs to none fails.
 *
 * @module
 */

import { resolveLimits } from "../../limits.ts";
import { escaped } from "../wire_client.ts";
import type { Difference } from "./difference.ts";
import { classOf, DIFFERENCES } from "./differences.ts";
import { llhttp } from "./llhttp.ts";
import { ourTelling, part, type Parting, type Telling } from "./messages.ts";
import { anything } from "./parser.ts";
import { type Property, report, tryCase, type Verdict } from "./property.ts";

/** What of the command line matters here. */
interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly cases: number;
  readonly one: number | undefined;
}

const LIMITS = resolveLimits();

/** Compares, says what it found, and whether all of it was known. */
export async function compare(options: Options): Promise<boolean> {
  const read = await llhttp();
  const found = new Map<Difference, number>();
  const wrong = wrongExamples(read);
  for (const sentence of wrong) console.log(`✗ ${sentence}`);
  const holds = await tryAll(propertyWith(read, found), options);
  console.log(`\n${summary(found)}`);
  return holds && wrong.length === 0;
}

function propertyWith(
  read: (wire: string) => Telling,
  found: Map<Difference, number>,
): Property {
  return {
    name: "llhttp: every disagreement is known",
    draw: (random) => ({
      input: anything(random, LIMITS),
      check(wire): Verdict {
        const parting = part(ourTelling(wire, LIMITS), read(wire));
        if (parting === undefined) return undefined;
        const known = classOf(parting, wire);
        if (known === undefined) return described(parting);
        found.set(known, (found.get(known) ?? 0) + 1);
        return undefined;
      },
    }),
  };
}

function described({ kind, about, ours, theirs }: Parting): string {
  const told = JSON.stringify({ ours, theirs });
  return `${kind}, and no class is for it: ${about}; ${told.slice(0, 700)}`;
}

/** Each example belongs to the class that it is of. */
function wrongExamples(read: (wire: string) => Telling): string[] {
  return DIFFERENCES.flatMap((one) => {
    const parting = part(ourTelling(one.example, LIMITS), read(one.example));
    if (parting && classOf(parting, one.example) === one) return [];
    const is = parting ? described(parting) : "no disagreement";
    return [`the example ${escaped(one.example, 80)} is ${is}`];
  });
}

async function tryAll(
  property: Property,
  { seed, seconds, cases, one }: Options,
): Promise<boolean> {
  const start = performance.now();
  const failures = new Set<string>();
  let index = one ?? 0;
  const end = one === undefined ? cases : one + 1;
  console.log(`seed ${seed}`);
  for (; index < end && performance.now() - start < seconds * 1000; index++) {
    const failure = await tryCase(property, seed, index);
    if (failure === undefined) continue;
    console.log(report(failure).replace("task fuzz", "task fuzz:differential"));
    failures.add(failure.says.slice(0, 60));
    if (failures.size >= 5) break;
  }
  console.log(`${index} cases of seed ${seed}`);
  return failures.size === 0;
}

function summary(found: ReadonlyMap<Difference, number>): string {
  return DIFFERENCES.map((one) =>
    `${String(found.get(one) ?? 0).padStart(7)}  ${one.kind}: ${
      one.about[0]
    } (${one.right} right)`
  ).join("\n");
}
