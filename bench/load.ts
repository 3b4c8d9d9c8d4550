/**
 * W1 to W5 and W7: microseconds of CPU a request, for files milliseconds a MB, by
 * wrk.
 *
 * All servers of a workload run from its beginning to its end; one is loaded at
 * a time, and the others wait.
 *
 * @module
 */

import { companyNote, watchOthers } from "./company.ts";
import type { Figures } from "./goals.ts";
import { verify } from "./http.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import { between, ServerProcess } from "./process.ts";
import { columnTable, medians, serverColumns, whole } from "./report.ts";
import { column, named, rounds, type Samples } from "./rounds.ts";
import { WORKLOADS } from "./workloads.ts";
import { type Load, load, writeScript } from "./wrk.ts";

/** What one run told of one server. */
interface Run {
  /** Microseconds of CPU a request, or milliseconds a MB of content. */
  readonly cpu: number;
  /** Requests a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** The share of all cores that other processes took. */
  readonly others: number;
}

/** Measures the workload of this name, and prints its table. */
export async function runLoad(
  name: string,
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  const workload = WORKLOADS[name]!;
  const script = writeScript(options.folder, name, workload);
  await using stack = new AsyncDisposableStack();
  const servers = new Map<string, ServerProcess>();
  const drive = (row: string, seconds: number) => {
    const expected = workload.endsUnsaid?.includes(row) ? "read" : undefined;
    const { port } = servers.get(row)!;
    return load(port, script, seconds, workload.connections, expected);
  };
  for (const peer of peers) {
    await named(peer.name, async () => {
      const server = await ServerProcess.start(peer.command(name));
      servers.set(peer.name, stack.use(server));
      await verify(server.port, workload);
      await drive(peer.name, options.warmUp);
    });
  }
  const samples = await rounds(
    options.rounds,
    [...servers.keys()],
    (row) =>
      measure(
        servers.get(row)!,
        () => drive(row, options.seconds),
        workload.bytes,
      ),
  );
  return report(name, samples);
}

async function measure(
  server: ServerProcess,
  drive: () => Promise<Load>,
  bytes: number | undefined,
): Promise<Run> {
  const others = watchOthers();
  const before = server.cpu();
  const { requests, seconds, p50, p99 } = await drive();
  const cpu = between(before, server.cpu());
  return {
    cpu: bytes === undefined
      ? cpu * 1e6 / requests
      : cpu * 1e9 / requests / bytes,
    rate: requests / seconds,
    p50,
    p99,
    others: others(cpu),
  };
}

/** Workloads whose latency is told: those that are like what browsers do. */
const TIMED = ["W1", "W3"];

function report(name: string, samples: Samples<Run>): Figures {
  const { title, note, bytes } = WORKLOADS[name]!;
  const cpu = column(samples, (run) => run.cpu);
  const p99 = column(samples, (run) => run.p99);
  const timed = TIMED.includes(name);
  const columns = [
    ...serverColumns(bytes ? "CPU ms a MB" : "CPU µs a request", cpu),
    medians("requests a second", column(samples, (run) => run.rate), whole),
    ...timed ? [medians("p50 ms", column(samples, (run) => run.p50))] : [],
    ...timed ? [medians("p99 ms", p99)] : [],
  ];
  const others = [...column(samples, (run) => run.others).values()].flat();
  const notes = [...note ? [note] : [], companyNote(others)];
  console.log(columnTable(`${name}: ${title}`, columns, notes));
  return timed ? { [name]: cpu, [`${name} p99`]: p99 } : { [name]: cpu };
}
