/**
 * The servers that are compared, and how each is started.
 *
 * Each is a program in `peers/` that takes the name of a workload, listens on a
 * free port of 127.0.0.1, and prints `{"port":…}`. What is not on the machine is
 * fetched into Deno's cache, of exactly these versions; what cannot be had is
 * left out, aloud.
 *
 * @module
 */

import type { Command } from "./process.ts";

/** The versions that are fetched. */
export const PINNED = {
  hono: "4.13.19",
  fastify: "5.12.8",
  bun: "1.4.5",
} as const;

/** Every server, in the order of the tables. */
export const PEERS = [
  "floor",
  "wire",
  "deno",
  "hono",
  "node",
  "fastify",
  "bun",
  "go",
] as const;

export type PeerName = typeof PEERS[number];

/** A server that can be started. */
export interface Peer {
  readonly name: PeerName;
  /** The command that serves `workload`. */
  command(workload: string): Command;
}

/** What is needed to start a peer is brought about in `folder`, once. */
type Prepare = (folder: string) => Promise<Command>;

const file = (name: string) =>
  new URL(`./peers/${name}`, import.meta.url).pathname;

const deno = (name: string): Command => [
  Deno.execPath(),
  "run",
  "-A",
  file(name),
];

const PREPARE: Record<PeerName, Prepare> = {
  floor: () => Promise.resolve(deno("floor.ts")),
  wire: () => Promise.resolve(deno("wire.ts")),
  deno: () => Promise.resolve(deno("deno.ts")),
  hono: () => Promise.resolve(deno("hono.ts")),
  node: () => Promise.reject(new Error("not yet")),
  fastify: () => Promise.reject(new Error("not yet")),
  bun: () => Promise.reject(new Error("not yet")),
  go: () => Promise.reject(new Error("not yet")),
};

/** What follows the name of the workload. */
const AFTER: Partial<Record<PeerName, string>> = {
  hono: `npm:hono@${PINNED.hono}`,
};

/** Those of `names` that can be started. The others are named on the console. */
export async function prepare(
  names: readonly PeerName[],
  folder: string,
): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const name of names) {
    try {
      const command = await PREPARE[name](folder);
      const after = AFTER[name] ?? [];
      peers.push({
        name,
        command: (workload) => [...command, workload].concat(after) as never,
      });
    } catch (error) {
      console.log(`Left out: ${name} (${(error as Error).message})`);
    }
  }
  return peers;
}
