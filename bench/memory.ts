/**
 * What a server takes over time: nothing more after a million requests, and
 * nothing of what streams through it.
 *
 * @module
 */

import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import { output, ServerProcess } from "./process.ts";
import { named } from "./rounds.ts";
import { table } from "./table.ts";
import { client } from "./upload.ts";
import { WORKLOADS } from "./workloads.ts";
import { load, NO_WRK, writeMixed, wrkVersion } from "./wrk.ts";

/** Requests after which memory is looked at. */
const EARLY = 200_000;
const LATE = 1_200_000;

/** The pieces of 64 KiB that make 1 GiB. */
const PIECES = 16 * 1024;

/** Those of the servers that know the workload `memory`. */
const MEASURED = ["wire", "deno"];

/** Measures, and prints two tables. */
export async function runMemory(
  peers: readonly Peer[],
  options: Options,
): Promise<void> {
  const rows = peers.filter(({ name }) => MEASURED.includes(name));
  if (await wrkVersion()) await runGrowth(rows, options);
  else console.log(`Left out: growth over a million requests. ${NO_WRK}\n`);
  await runStreams(rows);
}

async function runGrowth(
  peers: readonly Peer[],
  options: Options,
): Promise<void> {
  const script = writeMixed(
    options.folder,
    ["W1", "W3", "W4"].map((name) => WORKLOADS[name]!),
  );
  const rows: string[][] = [];
  for (const peer of peers) {
    rows.push([
      peer.name,
      ...await named(peer.name, () => growth(peer, script)),
    ]);
  }
  console.log(table(
    "Memory: W1, W3 and W4 mixed, RSS in MB",
    [
      "server",
      "at the start",
      "after 200,000",
      "after 1,200,000",
      "growth",
      "peak",
    ],
    rows,
  ));
}

async function growth(peer: Peer, script: string): Promise<string[]> {
  await using server = await ServerProcess.start(peer.command("memory"));
  const start = (await server.memory()).now;
  let requests = 0;
  const until = async (count: number) => {
    while (requests < count) {
      requests += (await load(server.port, script, 1)).requests;
    }
    return await server.memory();
  };
  const early = await until(EARLY);
  const late = await until(LATE);
  const grown = late.now - early.now;
  return [start, early.now, late.now, grown, late.peak].map(megabytes);
}

async function runStreams(peers: readonly Peer[]): Promise<void> {
  const rows: string[][] = [];
  for (const peer of peers) {
    rows.push([peer.name, ...await named(peer.name, () => streams(peer))]);
  }
  console.log(table(
    "Memory: streams, peak RSS in MB",
    ["server", "before", "1 GiB down", "before", "64 MiB up"],
    rows,
    ["The client of the download does not read for its first second."],
  ));
}

async function streams(peer: Peer): Promise<string[]> {
  const size = PIECES * 64 * 1024;
  return [
    ...await peak(peer, "download", `/download/${PIECES}`, `${size}`),
    ...await peak(peer, "upload", "/upload", "1"),
  ];
}

async function peak(peer: Peer, ...task: string[]): Promise<string[]> {
  await using server = await ServerProcess.start(peer.command("memory"));
  const [what = "", ...rest] = task;
  const { peak: before } = await server.memory();
  await output(client(what, `${server.port}`, ...rest));
  const { peak: after } = await server.memory();
  return [before, after].map(megabytes);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
