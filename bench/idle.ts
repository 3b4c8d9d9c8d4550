/**
 * W8: memory of an idle connection, after it was asked for one answer.
 *
 * Each run is a new process. A tenth of the connections comes first, and goes
 * again, so that what is made once is not counted.
 *
 * @module
 */

import type { Figures } from "./goals.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers.ts";
import {
  type Command,
  failure,
  lines,
  ServerProcess,
  start,
} from "./process.ts";
import { columnTable, serverColumns } from "./report.ts";
import { rounds } from "./rounds.ts";
import { client } from "./upload.ts";
import { KEPT } from "./workloads.ts";

const CONNECTIONS = 5_000;

/** Memory hardly depends on what else runs: a few rounds are enough. */
const MOST_ROUNDS = 3;

/** How long a server may take to put things in order, in milliseconds. */
const SETTLE = 500;

/** Measures W8, and prints its table. */
export async function runIdle(
  peers: readonly Peer[],
  options: Options,
): Promise<Figures> {
  const commands = new Map(
    peers.map((peer) => [peer.name as string, peer.command("W8")]),
  );
  const samples = await rounds(
    Math.min(options.rounds, MOST_ROUNDS),
    [...commands.keys()],
    (row) => measure(commands.get(row)!),
  );
  console.log(columnTable(
    "W8: 5,000 idle connections",
    serverColumns("kB RSS a connection", samples),
    [KEPT],
  ));
  return { "W8": samples };
}

async function measure(command: Command): Promise<number> {
  await using server = await ServerProcess.start(command);
  await hold(server.port, CONNECTIONS / 10, () => Promise.resolve());
  await settle();
  const before = (await server.memory()).now;
  return await hold(server.port, CONNECTIONS, async () => {
    await settle();
    const after = (await server.memory()).now;
    return (after - before) / 1000 / CONNECTIONS;
  });
}

function settle(): Promise<void> {
  return new Promise((done) => setTimeout(done, SETTLE));
}

/** Runs `step` while so many connections are open. */
async function hold<Value>(
  port: number,
  connections: number,
  step: () => Promise<Value>,
): Promise<Value> {
  const command = client("idle", `${port}`, `${connections}`);
  const child = start(command, { stdin: "piped" });
  const told = lines(child.stdout);
  if (await told() !== "open") throw failure("run", command, child);
  const value = await step();
  await child.stdin.close();
  const closed = await told();
  await child.status;
  if (closed !== "0 closed") throw new Error(`Connections: ${closed}`);
  return value;
}
