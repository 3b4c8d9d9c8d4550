/**
 * How much of the machine was taken by others while something was measured, the
 * host of a virtual machine included (steal).
 *
 * A server that shares its core answers in greater batches, and what the kernel
 * does for it is put on another's account: beside company, also CPU a request
 * is not what it is alone.
 *
 * @module
 */

import { median } from "./statistics.ts";

/** A look at the clocks, in hundredths of a second. */
interface Look {
  /** Of all cores together, idle or not. */
  readonly all: number;
  readonly busy: number;
  /** Of this process, and of its children that have ended. */
  readonly own: number;
}

function look(): Look {
  const [first = ""] = Deno.readTextFileSync("/proc/stat").split("\n", 1);
  // user nice system idle iowait irq softirq steal
  const times = first.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  const [, , , idle = 0, wait = 0] = times;
  const stat = Deno.readTextFileSync("/proc/self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = fields.slice(11, 15).reduce((sum, time) => sum + Number(time), 0);
  return { all, busy: all - idle - wait, own };
}

/**
 * Begins to watch. What it gives tells, when the load has ended, which share of
 * the cores others took, of which `server` seconds are known to be the server's.
 */
export function watchOthers(): (server: number) => number {
  const before = look();
  return (server) => {
    const now = look();
    const known = now.own - before.own + server * 100;
    const others = now.busy - before.busy - known;
    return Math.max(0, others / (now.all - before.all));
  };
}

/** The line below a table: of each run, the share that others took. */
export function companyNote(shares: readonly number[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return `Other processes took ${
    percent(median(shares))
  } of the cores in the ` +
    `median run, ${percent(Math.max(...shares))} at most.`;
}
