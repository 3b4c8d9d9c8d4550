/**
 * Deadlines, with real timers: what is watched is called, what is never early is
 * never early, and nothing goes on when nobody is watched. How fast the machine
 * is does not matter; that every timer stops is for the sanitizers to see.
 */

import { assert, assertEquals } from "@std/assert";
import { Deadlines, type Expiring, NEVER } from "../connection/deadlines.ts";

/** Is called until it has seen `sweeps`, then forgets itself. */
class Patient implements Expiring {
  place = -1;
  readonly seen: number[] = [];
  readonly done: Promise<void>;
  readonly #deadlines: Deadlines;
  readonly #sweeps: number;
  readonly #resolve: () => void;

  constructor(deadlines: Deadlines, sweeps: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    [this.done, this.#resolve] = [promise, resolve];
    [this.#deadlines, this.#sweeps] = [deadlines, sweeps];
  }

  check(now: number): void {
    this.seen.push(now);
    if (this.seen.length < this.#sweeps) return;
    this.#deadlines.forget(this);
    this.#resolve();
  }
}

Deno.test("Deadlines calls who is watched with every sweep, until forgotten", async () => {
  const deadlines = new Deadlines(20);
  const [short, long] = [new Patient(deadlines, 2), new Patient(deadlines, 4)];
  deadlines.watch(short);
  deadlines.watch(long);
  await Promise.all([short.done, long.done]);
  assertEquals([short.seen.length, long.seen.length], [2, 4]);
  assertEquals(long.seen.slice(0, 2), short.seen, "one sweep, two times");
  const rising = long.seen.toSorted((a, b) => a - b);
  assertEquals(long.seen, rising);
  assert(new Set(long.seen).size === 4, "time stood still");
});

Deno.test("Deadlines watches nobody twice", async () => {
  const deadlines = new Deadlines(20);
  const [who, other] = [new Patient(deadlines, 2), new Patient(deadlines, 2)];
  deadlines.watch(who);
  deadlines.watch(other);
  deadlines.watch(who);
  await Promise.all([who.done, other.done]);
  assertEquals(who.seen, other.seen);
});

Deno.test("Deadlines starts its timer again for who comes later", async () => {
  const timers: unknown[] = [];
  const deadlines = new Deadlines(20, (timer) => timers.push(timer));
  assertEquals(timers.length, 0);
  for (let round = 1; round <= 3; round++) {
    const who = new Patient(deadlines, 1);
    deadlines.watch(who);
    deadlines.watch(new Patient(deadlines, 1));
    await who.done; // and the sweep that found nobody left stopped the timer
    assertEquals(timers.length, round);
  }
  assertEquals(new Set(timers).size, 3);
});

Deno.test("Deadlines tells of a timer that need not keep a process alive", async () => {
  const told: unknown[] = [];
  const deadlines = new Deadlines(20, (timer) => {
    told.push(timer);
    Deno.unrefTimer(timer);
    Deno.refTimer(timer);
  });
  const who = new Patient(deadlines, 1);
  deadlines.watch(who);
  await who.done;
  assertEquals(told.length, 1, "with the first sweep");
});

Deno.test("Deadlines.stop() ends the wait for the first sweep", async () => {
  const deadlines = new Deadlines(20);
  const [early, late] = [new Patient(deadlines, 9), new Patient(deadlines, 1)];
  deadlines.watch(early);
  deadlines.forget(early);
  deadlines.stop();
  assertEquals(deadlines.now, 0);
  deadlines.watch(late);
  await late.done;
  assertEquals([early.seen.length, late.seen.length], [0, 1]);
});

Deno.test("Deadlines.stop() stops the timer once nobody is watched", () => {
  const deadlines = new Deadlines(Infinity);
  const who = new Patient(deadlines, 1);
  deadlines.stop(); // before there is one
  deadlines.watch(who);
  deadlines.forget(who);
  deadlines.forget(who);
  deadlines.stop();
  deadlines.stop();
  assertEquals(who.seen, []);
});

Deno.test("Deadlines.stop() does not leave who is watched alone", async () => {
  const deadlines = new Deadlines(20);
  const who = new Patient(deadlines, 2);
  deadlines.watch(who);
  deadlines.stop();
  await who.done;
  assertEquals(who.seen.length, 2);
});

Deno.test("Deadlines.forget() works in the middle of a sweep", async () => {
  const deadlines = new Deadlines(20);
  const { promise, resolve } = Promise.withResolvers<void>();
  let called = 0;
  const second: Expiring = { place: -1, check: () => void called++ };
  const first: Expiring = {
    place: -1,
    check: () => {
      deadlines.forget(second);
      deadlines.forget(first);
      resolve();
    },
  };
  deadlines.watch(first);
  deadlines.watch(second);
  await promise;
  await sweptUp(deadlines);
  assertEquals(called, 0);
});

Deno.test("Deadlines.after() is met, and never early", async () => {
  const deadlines = new Deadlines(20);
  const started = performance.now();
  await metBy(deadlines, deadlines.after(20));
  const waited = performance.now() - started;
  assert(waited >= 20, `${waited} ms`);
});

Deno.test("Deadlines.after() is met two sweeps late at most", async () => {
  const deadlines = new Deadlines(20);
  const deadline = deadlines.after(100);
  const who = await metBy(deadlines, deadline);
  assertEquals(who.seen.length, deadline, "a sweep that did not count");
  assert(deadline * deadlines.tick <= 100 + 2 * deadlines.tick);
});

Deno.test("Deadlines.after() of no time-out is never", () => {
  const deadlines = new Deadlines(Infinity);
  assertEquals(deadlines.after(Infinity), NEVER);
  assertEquals(deadlines.after(1e12), NEVER);
});

Deno.test("Deadlines.after() is longer for a longer wait, whatever the tick", () => {
  for (const shortest of [0, 1, 20, 400, 1_000, 65_000, Infinity]) {
    const deadlines = new Deadlines(shortest);
    const { tick } = deadlines;
    assert(tick >= 10 && tick <= 250, `${tick} ms`);
    const [soon, later] = [deadlines.after(0), deadlines.after(10_000)];
    assertEquals([soon, later], [1, 1 + Math.ceil(10_000 / tick)]);
  }
});

Deno.test("Deadlines.after() counts from an earlier sweep as well", async () => {
  const deadlines = new Deadlines(20);
  await metBy(deadlines, deadlines.after(20));
  const { now } = deadlines;
  assert(now > 1);
  assertEquals(deadlines.after(40, 0), deadlines.after(40) - now);
});

Deno.test("Deadlines.after() is not early where the loop was held up", async () => {
  const deadlines = new Deadlines(20);
  const first = new Patient(deadlines, 1);
  deadlines.watch(first);
  hold(60);
  const started = performance.now();
  const deadline = deadlines.after(20);
  hold(60);
  await metBy(deadlines, deadline);
  await first.done;
  assert(performance.now() - started >= 20 + 60, "the hold was counted");
});

Deno.test("Deadlines: no time passes where nobody is watched", async () => {
  const deadlines = new Deadlines(20);
  await metBy(deadlines, deadlines.after(20));
  const { now } = deadlines;
  hold(60);
  assertEquals(deadlines.now, now);
  const started = performance.now();
  await metBy(deadlines, deadlines.after(20));
  assert(performance.now() - started >= 20);
});

/** Watches until the deadline is met; gives who saw it. */
async function metBy(deadlines: Deadlines, deadline: number): Promise<Met> {
  const who = new Met(deadlines, deadline);
  deadlines.watch(who);
  await who.done;
  return who;
}

/** Is called until `deadline`, then forgets itself. */
class Met implements Expiring {
  place = -1;
  readonly seen: number[] = [];
  readonly done: Promise<void>;
  readonly #deadlines: Deadlines;
  readonly #deadline: number;
  readonly #resolve: () => void;

  constructor(deadlines: Deadlines, deadline: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    [this.done, this.#resolve] = [promise, resolve];
    [this.#deadlines, this.#deadline] = [deadlines, deadline];
  }

  check(now: number): void {
    this.seen.push(now);
    if (now < this.#deadline) return;
    this.#deadlines.forget(this);
    this.#resolve();
  }
}

/** Keeps the event loop busy, as a handler may that computes. */
function hold(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Waits until whoever is still watched was called once, and stops. */
async function sweptUp(deadlines: Deadlines): Promise<void> {
  const last = new Patient(deadlines, 1);
  deadlines.watch(last);
  await last.done;
  deadlines.stop();
}
