/**
 * W1 to W4 and W7: microseconds of CPU a request, by wrk.
 *
 * All servers of a workload run from its beginning to its end; one is loaded at
 * a time, and the others wait.
 *
 * @module
 */

import { verify } from "./http.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import { ServerProcess } from "./process.ts";
import { named, rounds, type Samples } from "./rounds.ts";
import { figure, median, ratios, spread } from "./statistics.ts";
import { table } from "./table.ts";
import { WORKLOADS } from "./workloads.ts";
import { load, writeScript } from "./wrk.ts";

/** What one run told of one server. */
interface Run {
  /** Microseconds of CPU a request. */
  readonly cpu: number;
  /** Requests a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Measures the workload of this name, and prints its table. */
export async function runLoad(
  name: string,
  peers: readonly Peer[],
  options: Options,
): Promise<Samples<Run>> {
  const script = writeScript(options.folder, name, WORKLOADS[name]!);
  await using stack = new AsyncDisposableStack();
  const servers = new Map<string, ServerProcess>();
  for (const peer of peers) {
    await named(`${name} ${peer.name}`, async () => {
      const server = await ServerProcess.start(peer.command(name));
      servers.set(peer.name, stack.use(server));
      await verify(server.port, WORKLOADS[name]!);
      await load(server.port, script, options.warmUp);
    });
  }
  const samples = await rounds(
    options.rounds,
    [...servers.keys()],
    (row) => measure(servers.get(row)!, script, options.seconds),
  );
  console.log(loadTable(name, samples));
  return samples;
}

async function measure(
  server: ServerProcess,
  script: string,
  seconds: number,
): Promise<Run> {
  const before = await server.cpu();
  const { requests, seconds: took, p50, p99 } = await load(
    server.port,
    script,
    seconds,
  );
  const cpu = (await server.cpu() - before) * 1e6 / requests;
  return { cpu, rate: requests / took, p50, p99 };
}

function loadTable(name: string, samples: Samples<Run>): string {
  const ours = samples.get("wire")?.map(({ cpu }) => cpu);
  const rows = [...samples].map(([row, runs]) => {
    const cpu = runs.map((run) => run.cpu);
    const to = ours && row !== "wire" ? ratios(ours, cpu) : undefined;
    return [
      row,
      figure(median(cpu)),
      spread(cpu),
      to ? figure(median(to)) : "",
      to ? spread(to) : "",
      Math.round(median(runs.map((run) => run.rate))).toLocaleString("en"),
      figure(median(runs.map((run) => run.p50))),
      figure(median(runs.map((run) => run.p99))),
    ];
  });
  return table(`${name}: ${WORKLOADS[name]!.title}`, [
    "server",
    "CPU µs a request",
    "from–to",
    "wire to it",
    "from–to",
    "requests a second",
    "p50 ms",
    "p99 ms",
  ], rows);
}
