/**
 * Where it was measured, and with what: figures mean nothing without it.
 *
 * @module
 */

import { type Peer, PINNED } from "./peers.ts";
import { output } from "./process.ts";
import { table } from "./table.ts";
import { wrkVersion } from "./wrk.ts";

/** The table at the top. */
export async function machine(peers: readonly Peer[]): Promise<string> {
  const has = (name: string) => peers.some((peer) => peer.name === name);
  const rows = [
    ["date", new Date().toISOString()],
    ["CPU", cpuModel()],
    ["cores", `${navigator.hardwareConcurrency}`],
    ["kernel", Deno.osRelease()],
    ["load average", Deno.loadavg().map((load) => load.toFixed(2)).join(" ")],
    ["Deno", Deno.version.deno],
    ["V8", Deno.version.v8],
    ["wrk", await wrkVersion() ?? "–"],
    ["Node", has("node") ? await said("node", "--version") : "–"],
    ["Bun", has("bun") ? PINNED.bun : "–"],
    ["Go", has("go") ? await said("go", "version") : "–"],
    ["hono", has("hono") ? PINNED.hono : "–"],
    ["fastify", has("fastify") ? PINNED.fastify : "–"],
  ];
  return table("The machine", ["what", "which"], rows);
}

function cpuModel(): string {
  const info = Deno.readTextFileSync("/proc/cpuinfo");
  return /^model name\s*: (.+)$/m.exec(info)?.[1] ?? Deno.build.arch;
}

/** The version in what a command prints of itself. */
async function said(...command: [string, string]): Promise<string> {
  return /\d[\w.]+/.exec(await output(command))?.[0] ?? "?";
}
