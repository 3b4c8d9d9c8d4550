/**
 * W9: milliseconds from the start of a process to its first answer, and what
 * the import of our module adds to that of an empty one.
 *
 * @module
 */

import type { Figures } from "./goals.ts";
import { verify } from "./http.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import { type Command, output, ServerProcess } from "./process.ts";
import { columnTable, serverColumns } from "./report.ts";
import { rounds, type Samples } from "./rounds.ts";
import { figure, median, spread } from "./statistics.ts";
import { table } from "./table.ts";
import { exchangeOf, KEPT } from "./workloads.ts";

/** Starts of a server a round. A start is short and differs much from the next. */
const TIMES = 5;

/** Measures W9, and prints its tables. */
export async function runStartup(
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  const commands = new Map<string, Command>();
  for (const { name, command } of peers) commands.set(name, command("W9"));
  const samples = await starts(options, commands, firstAnswer);
  console.log(columnTable(
    "W9: from the start of the process to the first answer",
    serverColumns("ms", samples),
    [KEPT],
  ));
  if (commands.has("wire")) await runImport(options);
  return { "W9": samples };
}

/** Interleaved starts. The first of each fills caches, and is not counted. */
async function starts(
  options: Options,
  commands: Map<string, Command>,
  measure: (command: Command) => Promise<number>,
): Promise<Samples<number>> {
  for (const command of commands.values()) await measure(command);
  return await rounds(
    options.rounds * TIMES,
    [...commands.keys()],
    (row) => measure(commands.get(row)!),
  );
}

async function firstAnswer(command: Command): Promise<number> {
  const start = performance.now();
  await using server = await ServerProcess.start(command);
  await verify(server.port, exchangeOf("W9"));
  return performance.now() - start;
}

async function runImport(options: Options): Promise<void> {
  const door = new URL("../mod.ts", import.meta.url).href;
  const samples = await starts(
    options,
    new Map([
      ["an empty module", program(options.folder, "empty", "export {};\n")],
      ["mod.ts", program(options.folder, "door", `import "${door}";\n`)],
    ]),
    wholeLife,
  );
  const rows = [...samples].map(([row, values]) => [
    row,
    figure(median(values)),
    spread(values),
  ]);
  console.log(table(
    "W9: import alone, from the start of the process to its end",
    ["program", "ms", "from–to"],
    rows,
  ));
}

function program(folder: string, name: string, text: string): Command {
  const path = `${folder}/${name}.ts`;
  Deno.writeTextFileSync(path, text);
  return [Deno.execPath(), "run", "-A", path];
}

async function wholeLife(command: Command): Promise<number> {
  const start = performance.now();
  await output(command);
  return performance.now() - start;
}
