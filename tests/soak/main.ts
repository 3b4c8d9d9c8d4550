/**
 * Soaks a server in mixed traffic for as long as is wanted, and says whether it
 * is after it what it was before; `options.ts` has the arguments.
 *
 * ```text
 *   rounds of traffic ──▶ quiet point ──▶ sample ──▶ … ──▶ judge ──▶ table
 *   (traffic.ts)          nothing left    /proc, stats     judge.ts
 * ```
 *
 * A server that loses memory, a descriptor or a connection in a thousand loses
 * it here; so does one that answers what is not well-formed, leaves a client that
 * behaves well without an answer, prints anything, or ends by itself. Timers and
 * operations are not told by the platform; they show in what JavaScript holds.
 * Linux alone: memory and descriptors are read from `/proc`.
 *
 * @module
 */

import { table } from "../../bench/table.ts";
import { judge, type Sample } from "./judge.ts";
import { type Options, readOptions } from "./options.ts";
import { SoakedProcess } from "./process.ts";
import { Random } from "./random.ts";
import { TIMEOUTS } from "./server.ts";
import { type Outcome, play, steady } from "./traffic.ts";

/** So many clients at once, beside the steady one. */
const CLIENTS = 24;
/** How long the traffic goes on between two quiet points, in milliseconds. */
const ROUND = 4_000;
/** How long a quiet point is waited for: every bound on time has been met then. */
const SETTLES = Object.values<number>(TIMEOUTS).reduce((sum, ms) => sum + ms) +
  10_000;

/** What came of one act. */
interface Tally {
  times: number;
  slowest: number;
  problems: number;
}

class Soak {
  readonly samples: Sample[] = [];
  /** What went wrong, and how often. */
  readonly problems: Map<string, number> = new Map();
  readonly tallies: Map<string, Tally> = new Map();
  readonly #process: SoakedProcess;
  readonly #options: Options;
  readonly #start = performance.now();

  constructor(process: SoakedProcess, options: Options) {
    this.#process = process;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { port } = this.#process;
    let over = false;
    const client = steady(port, () => over, (outcome) => this.#note(outcome));
    const randoms = Array.from(
      { length: CLIENTS },
      (_, i) => new Random(this.#options.seed * 1_000 + i),
    );
    const end = this.#start + this.#options.minutes * 60_000;
    try {
      while (performance.now() < end && !this.#process.ended) {
        await this.#round(randoms);
        this.samples.push(await this.#quietPoint());
      }
    } finally {
      over = true;
      await client;
    }
  }

  async #round(randoms: readonly Random[]): Promise<void> {
    const { port } = this.#process;
    const end = performance.now() + ROUND;
    const ends = () => performance.now() > end || this.#process.ended;
    await Promise.all(
      randoms.map((random) =>
        play({ port, random }, ends, (outcome) => this.#note(outcome))
      ),
    );
  }

  #note({ act, ms, problem }: Outcome): void {
    const tally = this.tallies.get(act) ??
      { times: 0, slowest: 0, problems: 0 };
    this.tallies.set(act, tally);
    tally.times++;
    tally.slowest = Math.max(tally.slowest, ms);
    if (problem === undefined) return;
    tally.problems++;
    const says = `${act}: ${problem}`;
    this.problems.set(says, (this.problems.get(says) ?? 0) + 1);
  }

  /** Waits until nothing is left, or for so long that something is. */
  async #quietPoint(): Promise<Sample> {
    const late = performance.now() + SETTLES;
    for (;;) {
      const sample = await this.#sample();
      const isQuiet = sample.connections === 0 && sample.pending === 0;
      if (isQuiet || performance.now() > late) return sample;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #sample(): Promise<Sample> {
    const { heap, pending, requests, connections } = await this.#process
      .figures();
    return {
      seconds: (performance.now() - this.#start) / 1000,
      // Two of them while the steady client goes from one to the next.
      connections: Math.max(0, connections - 2),
      ...{ requests, heap, pending },
      ...this.#process.measured(),
    };
  }

  print(): void {
    const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
    console.log(table(
      "Quiet points",
      ["second", "requests", "RSS, MB", "held, MB", "descriptors", "left"],
      this.samples.map((sample) => [
        sample.seconds.toFixed(0),
        `${sample.requests}`,
        mb(sample.rss),
        mb(sample.heap),
        `${sample.descriptors}`,
        `${sample.connections + sample.pending}`,
      ]),
    ));
    console.log(table(
      "Clients",
      ["what they do", "times", "slowest, ms", "problems"],
      Array.from(this.tallies, ([act, { times, slowest, problems }]) => [
        act,
        `${times}`,
        slowest.toFixed(0),
        `${problems}`,
      ]),
    ));
  }
}

const options = readOptions(Deno.args);
const args = options.leak ? ["--leak"] : [];
await using process = await SoakedProcess.start(args);
const soak = new Soak(process, options);
let cause: unknown;
await soak.run().catch((error) => cause = error);
const wrong = [
  ...cause === undefined ? [] : [`The soak broke off: ${cause}`],
  ...Array.from(soak.problems, ([says, times]) => `${says} (${times} times)`),
  ...judge(soak.samples),
  ...await process.end(TIMEOUTS.drain),
];
soak.print();
for (const sentence of wrong) console.log(`✗ ${sentence}`);
if (wrong.length === 0) console.log("✓ As it was before");
Deno.exitCode = wrong.length === 0 ? 0 : 1;
