/**
 * W6: milliseconds of CPU a MB of an upload that is counted as it comes, and the
 * most memory that was taken.
 *
 * Each run is a new process, so that its peak is its own. It is warmed up by
 * uploads that do not count. Ours has two rows: `c.content`, which lends its
 * one buffer, and the standard `request.body`, which gives new chunks away.
 *
 * @module
 */

import { companyNote, watchOthers } from "./company.ts";
import type { Figures } from "./goals.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import { between, type Command, output, ServerProcess } from "./process.ts";
import { columnTable, medians, serverColumns, whole } from "./report.ts";
import { column, rounds } from "./rounds.ts";
import { UPLOAD_BYTES } from "./workloads.ts";

/** Uploads of one run: first those that do not count. */
const WARM_UP = 2;
const TIMES = 8;

interface Run {
  /** Milliseconds of CPU a MB (10⁶ bytes). */
  readonly cpu: number;
  /** MB. */
  readonly peak: number;
  readonly rate: number;
  /** The share of all cores that other processes took. */
  readonly others: number;
}

/** The row of ours that uses the standard body. */
const STANDARD = "wire request.body";

/** The client of `client.ts`. */
export function client(...args: string[]): Command {
  const path = new URL("./client.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "-A", path, ...args];
}

/** Measures W6, and prints its table. */
export async function runUpload(
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  const commands = new Map<string, Command>();
  for (const { name, command } of peers) {
    commands.set(name, command("W6"));
    if (name === "wire") commands.set(STANDARD, command("W6"));
  }
  const samples = await rounds(
    options.rounds,
    [...commands.keys()],
    (row) =>
      measure(
        commands.get(row)!,
        row === STANDARD ? "/upload/request" : "/upload",
      ),
  );
  const cpu = column(samples, (run) => run.cpu);
  const peak = column(samples, (run) => run.peak);
  const others = [...column(samples, (run) => run.others).values()].flat();
  console.log(columnTable("W6: upload of 64 MiB, counted as it comes", [
    ...serverColumns("CPU ms a MB", cpu),
    medians("peak RSS MB", peak),
    medians("MB a second", column(samples, (run) => run.rate), whole),
  ], [companyNote(others)]));
  return { "W6": cpu, "W6 peak MB": peak };
}

async function measure(command: Command, path: string): Promise<Run> {
  await using server = await ServerProcess.start(command);
  const upload = (times: number) =>
    output(client("upload", `${server.port}`, path, `${times}`));
  await upload(WARM_UP);
  const others = watchOthers();
  const before = server.cpu();
  const start = performance.now();
  await upload(TIMES);
  const seconds = (performance.now() - start) / 1000;
  const cpu = between(before, server.cpu());
  const megabytes = TIMES * UPLOAD_BYTES / 1e6;
  return {
    cpu: cpu * 1000 / megabytes,
    peak: (await server.memory()).peak / 1e6,
    rate: megabytes / seconds,
    others: others(cpu),
  };
}
