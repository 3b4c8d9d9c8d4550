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

import type { FILES } from "./peers/app.js";
import { type Command, output } from "./process.ts";
import { contentOf } from "./workloads.ts";

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

/** A command that a server is started with, up to the workload; and what follows it. */
interface Start {
  readonly before: Command;
  readonly after?: readonly string[];
}

const path = (name: string) =>
  new URL(`./peers/${name}`, import.meta.url).pathname;

const DENO: Command = [Deno.execPath(), "run", "-A"];

/** Brings about what a server needs, in `folder`; throws where it cannot be had. */
const PREPARE: Record<PeerName, (folder: string) => Start | Promise<Start>> = {
  floor: () => ({ before: [...DENO, path("floor.ts")] }),
  wire: () => ({ before: [...DENO, path("wire.ts")] }),
  deno: () => ({ before: [...DENO, path("deno.ts")] }),
  async hono() {
    const specifier = `npm:hono@${PINNED.hono}`;
    await output([Deno.execPath(), "cache", specifier]);
    return { before: [...DENO, path("hono.ts")], after: [specifier] };
  },
  async node() {
    await findNode();
    return { before: ["node", path("node.js")] };
  },
  async fastify(folder) {
    await findNode();
    const module = await install(folder, "fastify", PINNED.fastify);
    const after = [`file://${module}/fastify.js`];
    return { before: ["node", path("fastify.js")], after };
  },
  async bun(folder) {
    const bun = await installBun(folder);
    return { before: [bun, path("bun.js")] };
  },
  async go(folder) {
    const server = `${folder}/go-server`;
    const env = { CGO_ENABLED: "0" };
    await output(["go", "build", "-o", server, path("main.go")], { env });
    return { before: [server] };
  },
};

/** Where there is no Node, Deno takes its place under the same name. */
async function findNode(): Promise<void> {
  const version = await output(["node", "--version"]);
  if (!version.startsWith("v")) throw new Error("There is no Node on the PATH");
}

/** Lays out an npm package for others than Deno, and gives its folder. */
async function install(
  folder: string,
  name: string,
  version: string,
): Promise<string> {
  const cwd = Deno.makeTempDirSync({ dir: folder });
  const dependencies = { [name]: version };
  Deno.writeTextFileSync(
    `${cwd}/package.json`,
    JSON.stringify({ private: true, dependencies }),
  );
  const flags = ["--quiet", "--no-lock", "--node-modules-dir=auto"];
  await output([Deno.execPath(), "install", ...flags], { cwd });
  return `${cwd}/node_modules/${name}`;
}

/** The path of a Bun that runs here. */
async function installBun(folder: string): Promise<string> {
  const name = `@oven/bun-${Deno.build.os}-${
    Deno.build.arch === "x86_64" ? "x64" : "aarch64"
  }`;
  const bun = `${await install(folder, name, PINNED.bun)}/bin/bun`;
  await output([bun, "--version"]);
  return bun;
}

/** The files of W5; every server finds their folder in its environment. */
function writeFiles(folder: string): void {
  const files = `${folder}/files`;
  Deno.mkdirSync(files);
  for (const name of ["W5", "W5L"] as const satisfies (keyof typeof FILES)[]) {
    Deno.writeFileSync(`${files}/${name}.bin`, contentOf(name));
  }
  Deno.env.set("BENCH_FILES", files);
}

/** Those of `names` that can be started. The others are named on the console. */
export async function prepare(
  names: readonly PeerName[],
  folder: string,
): Promise<Peer[]> {
  const peers: Peer[] = [];
  writeFiles(folder);
  for (const name of names) {
    try {
      const { before, after = [] } = await PREPARE[name](folder);
      const command = (
        workload: string,
      ): Command => [...before, workload, ...after];
      peers.push({ name, command });
    } catch (error) {
      const [reason] = (error as Error).message.split("\n");
      console.log(`Left out: ${name}. ${reason}`);
    }
  }
  return peers;
}
