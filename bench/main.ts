/**
 * The benchmark: `deno task bench`. How it is asked is in `options.ts`, what is
 * measured in `workloads.ts`, against whom in `peers.ts`.
 *
 * @module
 */

import { runLoad } from "./load.ts";
import { readOptions } from "./options.ts";
import { prepare } from "./peers.ts";
import { endAll } from "./process.ts";
import { WORKLOADS } from "./workloads.ts";

const folder = Deno.makeTempDirSync({ prefix: "no8wire-bench-" });

function tidy(): void {
  endAll();
  Deno.removeSync(folder, { recursive: true });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => {
    tidy();
    Deno.exit(130);
  });
}

try {
  const options = readOptions(Deno.args, folder);
  const peers = await prepare(options.peers, folder);
  for (const section of options.sections) {
    if (section in WORKLOADS) await runLoad(section, peers, options);
  }
} catch (error) {
  console.error((error as Error).message);
  Deno.exitCode = 1;
} finally {
  tidy();
}
