/**
 * Load by wrk, and what it tells of it.
 *
 * @module
 */

import { output } from "./process.ts";
import { CONNECTIONS, type Workload } from "./workloads.ts";

/** How to get wrk. */
export const HOW_TO_GET_WRK = "apt-get install wrk, or github.com/wg/wrk";

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
  Deno.writeTextFileSync(path, script(request.repeat(pipeline)));
  return path;
}

/** JSON is valid Lua where it only escapes quotes, CR and LF. */
function script(requests: string): string {
  return `local requests = ${JSON.stringify(requests)}
request = function() return requests end
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

/** Loads the server at `port` for `seconds`. */
export async function load(
  port: number,
  script: string,
  seconds: number,
): Promise<Load> {
  const told = await output([
    "wrk",
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "--timeout=10s",
    `--script=${script}`,
    `http://127.0.0.1:${port}`,
  ]);
  const result: Load = JSON.parse(told.trimEnd().split("\n").at(-1)!);
  const wrong = Object.entries(result.errors).filter(([, count]) => count > 0);
  if (wrong.length > 0 || result.requests === 0) {
    throw new Error(`The load met errors: ${JSON.stringify(result)}`);
  }
  return result;
}
