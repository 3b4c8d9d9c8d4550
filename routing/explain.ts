/**
 * Routes for people: the table, and why a request goes where it goes.
 *
 * @module
 */

import { ANY } from "./tree.ts";
import { matchPattern, type Pattern, ties } from "./pattern.ts";

/** What there is to tell of a route. */
export interface Telling {
  readonly method: string;
  readonly pattern: Pattern;
  /** Where it was declared; it is written out when it is shown. */
  readonly source: { toString(): string };
  /** The name of the handler. */
  readonly name: string;
}

/** `GET /songs/:id  Songs.show  songs.ts:3:4` */
export function tell({ method, pattern, name, source }: Telling): string {
  return [`${method} ${pattern.text}`, name, `${source}`].filter(Boolean)
    .join("  ");
}

/** The routes as a table, in the order of their paths. */
export function drawTable(routes: readonly Telling[]): string {
  const rows = routes.map(({ method, pattern, name, source }) =>
    [method, pattern.text, name, `${source}`] as const
  ).sort((a, b) => a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
  const widths = [0, 1, 2].map((i) =>
    Math.max(0, ...rows.map((row) => row[i]!.length))
  );
  return rows.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()
  ).join("\n");
}

/** Why the routes that come near a path do not answer it, a line each. */
export function explain(
  routes: readonly Telling[],
  method: string,
  path: string,
  winner: Telling | undefined,
): string[] {
  const lines: string[] = [];
  let far = 0;
  for (const route of routes) {
    if (route === winner) continue;
    const reason = why(route, method, path, winner);
    if (reason) lines.push(`  not by ${tell(route)}: ${reason}`);
    else far++;
  }
  if (far > 0) lines.push(`  not by ${far} with other paths`);
  return lines;
}

/** Why a route does not answer; nothing where the path parts from it early. */
function why(
  { method, pattern }: Telling,
  wanted: string,
  path: string,
  winner: Telling | undefined,
): string | undefined {
  const outcome = matchPattern(pattern, path);
  if ("at" in outcome) {
    const near = outcome.at >= pattern.parts.length - 1;
    return near && outcome.at > 0 || outcome.ofKind ? outcome.why : undefined;
  }
  if (!answers(method, wanted)) return "it is for another method";
  return winner && ties(pattern, winner.pattern)
    ? "it says less of the method"
    : "it says less of the path";
}

function answers(method: string, wanted: string): boolean {
  return method === wanted || method === ANY ||
    method === "GET" && wanted === "HEAD";
}
