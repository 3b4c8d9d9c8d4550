/**
 * Load by wrk, and what it tells of it.
 *
 * @module
 */

import { output } from "./process.ts";
import { CONNECTIONS, type Workload } from "./workloads.ts";

/** Said where wrk is missing. */
export const NO_WRK =
  "wrk is not on the PATH: apt-get install wrk, or see github.com/wg/wrk";

/** The first word of what wrk says of itself; `undefined` where there is none. */
export async function wrkVersion(): Promise<string | undefined> {
  try {
    const command = new Deno.Command("wrk", { args: ["--version"] });
    const { stdout } = await command.output();
    return /^wrk (\S+)/.exec(new TextDecoder().decode(stdout))?.[1];
  } catch {
    return undefined;
  }
}

/** What one run of wrk tells. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds that half of the requests took at most, and 99 of 100. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: Readonly<Record<string, number>>;
}

/** Writes the script of `workload` into `folder`, and gives its path. */
export function writeScript(
  folder: string,
  name: string,
  { request, pipeline }: Workload,
): string {
  const path = `${folder}/${name}.lua`;
  Deno.writeTextFileSync(path, script([request.repeat(pipeline)]));
  return path;
}

/** Writes a script that sends these in turn. */
export function writeMixed(
  folder: string,
  workloads: readonly Workload[],
): string {
  const path = `${folder}/mixed.lua`;
  const requests = workloads.map(({ request }) => request);
  Deno.writeTextFileSync(path, script(requests));
  return path;
}

/** JSON is valid Lua where it only escapes quotes, CR and LF. */
function script(requests: readonly string[]): string {
  return `local requests = { ${requests.map((it) => JSON.stringify(it))} }
local turn = 0
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"errors":{' ..
    '"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}}\\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect, e.read, e.write, e.timeout, e.status))
end
`;
}

/**
 * Loads the server at `port` for `seconds`; throws when anything went wrong,
 * but for the kind of error that is `expected`.
 */
export async function load(
  port: number,
  script: string,
  seconds: number,
  connections: number = CONNECTIONS,
  expected?: "read",
): Promise<Load> {
  const told = await output([
    "wrk",
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout=10s",
    `--script=${script}`,
    `http://127.0.0.1:${port}`,
  ]);
  const result: Load = JSON.parse(told.trimEnd().split("\n").at(-1)!);
  const wrong = Object.entries(result.errors)
    .filter(([kind, count]) => count > 0 && kind !== expected);
  if (wrong.length > 0 || result.requests === 0) {
    throw new Error(`The load met errors: ${JSON.stringify(result)}`);
  }
  return result;
}
