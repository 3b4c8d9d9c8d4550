/**
 * W6 and W6M: milliseconds of CPU a MB of an upload that is counted as it comes, and
 * the most memory that was taken.
 *
 * Each run is a new process, so that its peak is its own. It is warmed up by
 * uploads that do not count. Ours has two rows in each: `c.content`, which lends its
 * one buffer, and the standard `request.body`, which gives new chunks away; a form by
 * `c.parts()`, and collected by `c.formData()`, as those of others are that have no
 * other reader.
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

/** One of the two workloads. */
interface Upload {
  readonly title: string;
  /** What the client sends, in the words of `client.ts`. */
  readonly sends: "upload" | "form";
  readonly path: string;
  /** A second row of ours, and its path. */
  readonly also: readonly [row: string, path: string];
  /** Those who can; all where it is not said. */
  readonly peers?: readonly string[];
}

const UPLOADS: Readonly<Record<"W6" | "W6M", Upload>> = {
  W6: {
    title: "W6: upload of 64 MiB, counted as it comes",
    sends: "upload",
    path: "/upload",
    also: ["wire request.body", "/upload/request"],
  },
  W6M: {
    title: "W6M: a form with a file of 64 MiB",
    sends: "form",
    path: "/form",
    also: ["wire c.formData()", "/form/collected"],
    peers: ["wire", "deno", "hono", "bun", "go"],
  },
};

/** The client of `client.ts`. */
export function client(...args: string[]): Command {
  const path = new URL("./client.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "-A", path, ...args];
}

/** Measures one of the two, and prints its table. */
export async function runUpload(
  section: "W6" | "W6M",
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  const { title, sends, path, also: [second, secondPath], peers: able } =
    UPLOADS[section];
  const commands = new Map<string, Command>();
  for (const { name, command } of peers) {
    if (able?.includes(name) === false) continue;
    commands.set(name, command(section));
    if (name === "wire") commands.set(second, command(section));
  }
  const samples = await rounds(
    options.rounds,
    [...commands.keys()],
    (row) =>
      measure(
        commands.get(row)!,
        sends,
        row === second ? secondPath : path,
      ),
  );
  const cpu = column(samples, (run) => run.cpu);
  const peak = column(samples, (run) => run.peak);
  const others = [...column(samples, (run) => run.others).values()].flat();
  console.log(columnTable(title, [
    ...serverColumns("CPU ms a MB", cpu),
    medians("peak RSS MB", peak),
    medians("MB a second", column(samples, (run) => run.rate), whole),
  ], [companyNote(others)]));
  return { [section]: cpu, [`${section} peak MB`]: peak };
}

async function measure(
  command: Command,
  sends: Upload["sends"],
  path: string,
): Promise<Run> {
  await using server = await ServerProcess.start(command);
  const upload = (times: number) =>
    output(client(sends, `${server.port}`, path, `${times}`));
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
