/**
 * What finding a route costs: nanoseconds a match, with 30 routes and with 1,000.
 *
 * ```sh
 * deno run -A bench/router.ts [--quick]
 * ```
 *
 * A match gives the handler and the parts of the path as an object, by name. A
 * path is a string that was cut out of a larger one and that nobody has looked
 * at before, as in a server: an engine keeps the hash of a string once it was
 * asked for, so that a table which is asked with the same few strings again and
 * again looks better than it is.
 *
 * @module
 */

import {
  type Case,
  contender,
  measure,
  pace,
  race,
  report,
  type Results,
} from "./measure.ts";
import { CONTENDERS, type Find, found } from "./router/contenders.ts";
import {
  CASES,
  type Questions,
  type Route,
  THIRTY,
  THOUSAND,
} from "./router/routes.ts";
import { table } from "./table.ts";

const SIZES: Readonly<Record<string, readonly Route[]>> = {
  "30": THIRTY,
  "1000": THOUSAND,
};

/** Measures all contenders and says what came of it. */
export async function run({ quick }: { quick: boolean }): Promise<string> {
  const names = Object.keys(SIZES).flatMap((size) =>
    Object.keys(CONTENDERS).map((name) => `${size} ${name}`)
  );
  const results = await race(import.meta.url, names, quick);
  return Object.keys(SIZES).map((size) => sizeTable(size, results)).join("\n");
}

function sizeTable(size: string, results: Results): string {
  const [first] = Object.keys(CONTENDERS);
  const ours = results.get(`${size} ${first}`)!;
  const rows = Object.keys(CONTENDERS).map((name) => [
    name,
    ...CASES.map((each) => {
      const { ns } = results.get(`${size} ${name}`)!.get(each.name)!;
      return `${ns.toFixed(0)} (${(ns / ours.get(each.name)!.ns).toFixed(1)})`;
    }),
  ]);
  return table(
    `${Number(size).toLocaleString("en")} routes, ns a match (times ours)`,
    ["router", ...CASES.map(({ name }) => name)],
    rows,
  );
}

/** Paths that a pass asks for. */
const TIMES = 1024;

/** What one router is measured on, once it is known to be right. */
function casesOf(routes: readonly Route[], find: Find): Case[] {
  return CASES.map((each) => {
    check(each, routes, find);
    const text = each.questions.map(({ path }) => path).join("");
    let paths: string[] = [];
    return {
      name: each.name,
      size: TIMES,
      prepare: () => paths = cut(each, text),
      pass: () => findAll(find, each.method, paths),
    };
  });
}

function findAll(
  find: Find,
  method: string,
  paths: readonly string[],
): number {
  let sum = 0;
  for (let i = 0; i < paths.length; i++) sum += find(method, paths[i]!);
  return sum;
}

/** New strings, in which nothing is remembered. */
function cut({ questions }: Questions, text: string): string[] {
  const paths: string[] = [];
  for (let at = 0; paths.length < TIMES;) {
    const { length } = questions[paths.length % questions.length]!.path;
    paths.push(text.slice(at, at + length));
    at = (at + length) % text.length;
  }
  return paths;
}

function check(
  { name, method, questions }: Questions,
  routes: readonly Route[],
  find: Find,
): void {
  for (const { path, route, params } of questions) {
    const at = find(method, path);
    const is = at === -1 ? "nothing" : told(routes[at]!);
    const should = route === undefined
      ? "nothing"
      : [route, ...params].join(" ");
    if (is !== should) {
      throw new Error(`Cannot use ${name}, ${path}: ${is} is not ${should}`);
    }
  }
}

/** The route that was found and its parts; most call `*path` just `*`. */
function told({ path }: Route): string {
  const names = path.match(/(?<=[:*])\w+/g) ?? [];
  return [path, ...names.map((name) => found.params[name] ?? found.params["*"])]
    .join(" ");
}

if (import.meta.main) {
  const quick = Deno.args.includes("--quick");
  const asked = contender();
  if (asked === undefined) {
    console.log(await run({ quick }));
  } else {
    const [, size, name] = /^(\d+) (.*)$/.exec(asked)!;
    const routes = SIZES[size!]!;
    const find = await CONTENDERS[name!]!(routes);
    report(measure(casesOf(routes, find), pace(quick)));
  }
}
