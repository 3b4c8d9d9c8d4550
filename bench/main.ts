/**
 * The benchmark: `deno task bench`. How it is asked is in `options.ts`, what is
 * measured in `workloads.ts`, against whom in `peers.ts`, and what is to be
 * reached in `goals.ts`.
 *
 * It needs Linux (`/proc`), Deno, and wrk for most workloads. It needs a quiet
 * machine, too: where a table says that others took much of the cores, or a
 * spread is wide, ask again.
 *
 * @module
 */

import { type Figures, goalTable } from "./goals.ts";
import { runIdle } from "./idle.ts";
import { runLoad } from "./load.ts";
import { machine } from "./machine.ts";
import { runMemory } from "./memory.ts";
import { type Options, readOptions, type Section } from "./options.ts";
import { type Peer, prepare } from "./peers.ts";
import { run as runParser } from "./parser.ts";
import { endAll } from "./process.ts";
import { named } from "./rounds.ts";
import { run as runRouter } from "./router.ts";
import { runStartup } from "./startup.ts";
import { runUpload } from "./upload.ts";
import { WORKLOADS } from "./workloads.ts";
import { NO_WRK, wrkVersion } from "./wrk.ts";

/** Runs a section and prints its tables; gives what has goals. */
async function run(
  section: Section,
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  if (section in WORKLOADS) {
    if (await wrkVersion()) return await runLoad(section, peers, options);
    console.log(`Left out: ${section}. ${NO_WRK}\n`);
  }
  if (section === "W6" || section === "W6M") {
    return await runUpload(section, peers, options);
  }
  if (section === "W8") return await runIdle(peers, options);
  if (section === "W9") return await runStartup(peers, options);
  if (section === "memory") await runMemory(peers, options);
  if (section === "parser") console.log(await runParser(options));
  if (section === "router") console.log(await runRouter(options));
  return {};
}

async function runAll(options: Options): Promise<void> {
  const peers = await prepare(options.peers, options.folder);
  console.log(await machine(peers));
  const figures: Figures = {};
  for (const section of options.sections) {
    const step = () => run(section, peers, options);
    Object.assign(figures, await named(section, step));
  }
  if (Object.keys(figures).length > 0) console.log(goalTable(figures));
}

const folder = Deno.makeTempDirSync({ prefix: "no8wire-bench-" });

function tidy(): void {
  endAll();
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch {
    // A process that was just ended still writes into it. It stays, in /tmp.
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => {
    tidy();
    Deno.exit(130);
  });
}

try {
  await runAll(readOptions(Deno.args, folder));
} catch (error) {
  console.error((error as Error).message);
  Deno.exitCode = 1;
} finally {
  tidy();
}
