/**
 * Tries what must hold with requests and garbage by chance.
 *
 * ```sh
 * deno task fuzz                           # 20 seconds, a seed by the clock
 * deno task fuzz --seconds=60 --seed=7
 * deno task fuzz --cases=1000              # so many of each, however long it takes
 * deno task fuzz --only=parser             # those whose names have it
 * deno task fuzz --seed=7 --only="parser: every cut" --case=12   # one again
 * deno task fuzz:differential              # the parser beside that of Node
 * ```
 *
 * The first case of a property that fails is shown with its seed and the least
 * input that fails as well; the others go on. It ends with 1 when one failed.
 *
 * @module
 */

import { CODECS } from "./codecs.ts";
import { CONNECTIONS } from "./connections.ts";
import { PARSER } from "./parser.ts";
import { type Failure, type Property, report, tryCase } from "./property.ts";
import { withServer } from "./server.ts";

/** What the command line says. */
interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly cases: number;
  readonly only: string;
  readonly one: number | undefined;
  readonly against: string | undefined;
}

/** How many cases of a property ran, and the first that failed. */
interface Score {
  cases: number;
  failure?: Failure;
}

function optionsOf(args: readonly string[]): Options {
  const given = new Map(args.map((arg) => {
    const [, name, value] =
      /^--(seed|seconds|cases|only|case|against)=(.*)$/.exec(arg) ?? [];
    if (name === undefined) throw new TypeError(`Cannot use ${arg}`);
    return [name, value!] as const;
  }));
  const number = (name: string, otherwise: number) => {
    const value = Number(given.get(name) ?? otherwise);
    if (value >= 0) return value;
    throw new TypeError(`Cannot use --${name}: it is a number from 0`);
  };
  const cases = number("cases", Infinity);
  return {
    seed: number("seed", Date.now() % 1_000_000),
    seconds: number("seconds", cases === Infinity ? 20 : Infinity),
    cases,
    only: given.get("only") ?? "",
    one: given.has("case") ? number("case", 0) : undefined,
    against: given.get("against"),
  };
}

/** Cases of one property that are tried before another has its turn. */
const TURN = 10;
/** Milliseconds between two lines of progress. */
const PROGRESS = 5_000;
/** Milliseconds of one case that are worth a look; a machine may just be busy. */
const SLOW = 2_000;

/** Tries all properties in turn until time or cases have run out. */
export async function run(
  properties: readonly Property[],
  { seed, seconds, cases }: Pick<Options, "seed" | "seconds" | "cases">,
  say: (line: string) => void = () => {},
): Promise<Map<Property, Score>> {
  const scores = new Map(properties.map((one) => [one, { cases: 0 } as Score]));
  const start = performance.now();
  let told = start;
  const over = () => performance.now() - start >= seconds * 1000;
  for (let from = 0; from < cases && !over(); from += TURN) {
    for (const [property, score] of scores) {
      if (score.failure || over()) continue;
      await turn(property, score, seed, Math.min(from + TURN, cases), say);
      if (score.failure) say(report(score.failure));
    }
    if (performance.now() - told < PROGRESS) continue;
    told = performance.now();
    say(`  ${((told - start) / 1000).toFixed(0)} s, ${total(scores)} cases`);
  }
  return scores;
}

async function turn(
  property: Property,
  score: Score,
  seed: number,
  end: number,
  say: (line: string) => void,
): Promise<void> {
  for (; score.cases < end; score.cases++) {
    const start = performance.now();
    const failure = await tryCase(property, seed, score.cases);
    const took = performance.now() - start;
    if (took > SLOW && !failure) {
      say(
        `  slow: ${property.name}, case ${score.cases}: ${took.toFixed(0)} ms`,
      );
    }
    if (failure === undefined) continue;
    score.failure = failure;
    return;
  }
}

function total(scores: ReadonlyMap<Property, Score>): number {
  return [...scores.values()].reduce((sum, { cases }) => sum + cases, 0);
}

function summary(scores: ReadonlyMap<Property, Score>): string {
  return [...scores].map(([{ name }, { cases, failure }]) =>
    `${failure ? "✗" : "✓"} ${name}: ${cases} cases`
  ).join("\n");
}

async function fuzz(options: Options): Promise<boolean> {
  const loose: unknown[] = [];
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    loose.push(event.reason);
    console.log(
      `✗ a rejection that nobody handled: ${
        event.reason?.stack ?? event.reason
      }`,
    );
  });
  console.log(`seed ${options.seed}`);
  const failed = await withServer(async (live) => {
    const all = [...PARSER, ...CODECS, ...CONNECTIONS, ...live];
    const chosen = all.filter(({ name }) => name.includes(options.only));
    if (options.one !== undefined) return await again(chosen, options);
    const scores = await run(chosen, options, console.log);
    console.log(
      `\n${summary(scores)}\n${total(scores)} cases of seed ${options.seed}`,
    );
    return [...scores.values()].some(({ failure }) => failure);
  });
  return !failed && loose.length === 0;
}

async function again(
  chosen: readonly Property[],
  { seed, one }: Options,
): Promise<boolean> {
  let failed = false;
  for (const property of chosen) {
    const failure = await tryCase(property, seed, one!);
    console.log(
      failure ? report(failure) : `✓ ${property.name}: case ${one} holds`,
    );
    failed ||= failure !== undefined;
  }
  return failed;
}

async function main(): Promise<boolean> {
  const options = optionsOf(Deno.args);
  if (options.against === undefined) return await fuzz(options);
  if (options.against !== "llhttp") {
    throw new TypeError(
      `Cannot compare with ${options.against}: llhttp is known here`,
    );
  }
  // Here alone, because it comes from npm.
  const { compare } = await import("./differential.ts");
  return await compare(options);
}

if (import.meta.main && !await main()) Deno.exit(1);
