/**
 * What must hold for a connection, over a transport that cuts, takes little and
 * breaks where it likes: it ends, it closes, and it says answers.
 *
 * @module
 */

import { serveConnection } from "../../connection.ts";
import { resolveLimits } from "../../limits.ts";
import type { Transport } from "../../messages.ts";
import { toHandler } from "../../router.ts";
import { converse } from "../../features/testing.ts";
import { latin1, octets } from "../wire_client.ts";
import { checkAnswers } from "./answers.ts";
import { app, NAMES } from "./apps.ts";
import { anything } from "./parser.ts";
import type { Property, Verdict } from "./property.ts";
import { Random } from "./random.ts";
import { SMALL } from "./requests.ts";

const DEFAULTS = resolveLimits();
const BOUNDS = resolveLimits({
  ...SMALL,
  body: 64,
  unread: 32,
  buffered: 8,
  pairs: 3,
  cookies: 2,
});

/** A peer who breaks where it was told to. */
class Breaking implements Transport {
  said = "";
  closed = false;
  /** What was taken of what it sends: nothing else can be answered. */
  taken = "";
  readonly #parts: Uint8Array[];
  readonly #random: Random;
  #next = 0;
  #reads: number;
  #writes: number;

  constructor(
    parts: readonly string[],
    random: Random,
    reads: number,
    writes: number,
  ) {
    this.#parts = parts.map(octets);
    this.#random = random;
    this.#reads = reads;
    this.#writes = writes;
  }

  async read(into: Uint8Array): Promise<number | null> {
    await this.#pause();
    if (this.closed) throw new Error("Interrupted");
    if (this.#reads-- === 0) throw new Error("Connection reset by peer");
    const part = this.#parts[this.#next];
    if (part === undefined) return null;
    const fits = part.subarray(0, into.length);
    into.set(fits);
    this.taken += latin1(fits);
    if (fits.length === part.length) this.#next++;
    else this.#parts[this.#next] = part.subarray(fits.length);
    return fits.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#pause();
    if (this.closed) throw new Error("Interrupted");
    if (this.#writes-- === 0) throw new Error("Broken pipe");
    const taken = bytes.subarray(0, this.#random.pick([1, 40, 4_000, 100_000]));
    this.said += latin1(taken);
    return taken.length;
  }

  close(): void {
    this.closed = true;
  }

  async closeWrite(): Promise<void> {
    await this.#pause();
  }

  /** A few turns, or a whole round of the loop. */
  async #pause(): Promise<void> {
    for (let turns = this.#random.below(3); turns > 0; turns--) await null;
    if (this.#random.oneIn(50)) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
}

/** Milliseconds after which a connection that waits for nothing is one that hangs. */
const PATIENCE = 20_000;

async function within<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) =>
    timer = setTimeout(() => resolve(undefined), PATIENCE)
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function waysOf(random: Random): string[] {
  const names = random.oneIn(4)
    ? [...NAMES.sound, ...NAMES.broken]
    : NAMES.sound;
  return [random.pick(names), random.pick(names), random.pick(names)];
}

function isSound(ways: readonly string[]): boolean {
  return ways.every((way) => NAMES.sound.includes(way));
}

/** Whole conversations. */
const conversations: Property = {
  name: "connections: every answer is one, and to what was asked",
  draw(random) {
    const limits = random.oneIn(3) ? BOUNDS : DEFAULTS;
    const ways = waysOf(random);
    const seed = `${random.next()}`;
    return {
      input: anything(random, limits),
      about: `${ways.join(", ")} and ${
        limits === BOUNDS ? "small" : "the default"
      } bounds`,
      async check(wire) {
        const parts = new Random(seed).cut(wire);
        const said = await within(converse(app(ways), parts, { limits }));
        if (said === undefined) return "it does not end";
        return checkAnswers(wire, said, { limits, cut: !isSound(ways) });
      },
    };
  },
};

/** Conversations that break. */
const breaks: Property = {
  name: "connections: what breaks ends, and says no half for a whole",
  draw(random) {
    const limits = random.oneIn(3) ? BOUNDS : DEFAULTS;
    const ways = waysOf(random);
    const seed = `${random.next()}`;
    const [reads, writes] = [
      random.pick([0, 1, 3, 9, -1]),
      random.pick([0, 1, 3, 9, -1]),
    ];
    return {
      input: anything(random, limits),
      about: `${ways.join(", ")}; read ${reads} and write ${writes} break`,
      async check(wire): Promise<Verdict> {
        const chance = new Random(seed);
        const transport = new Breaking(chance.cut(wire), chance, reads, writes);
        const done = serveConnection(transport, toHandler(app(ways)), {
          limits,
          onError() {},
        });
        if (await within(done.then(() => true)) === undefined) {
          return "it does not end";
        }
        if (!transport.closed) return "it does not close";
        const cut = !isSound(ways) || reads !== -1 || writes !== -1;
        return checkAnswers(transport.taken, transport.said, { limits, cut });
      },
    };
  },
};

/** All of them. */
export const CONNECTIONS: readonly Property[] = [conversations, breaks];
