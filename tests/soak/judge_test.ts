/** The judge of the soak against recordings, and what it is asked. */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { judge, type Sample, surelyGrown } from "./judge.ts";
import { readOptions } from "./options.ts";
import { Random } from "./random.ts";

type Row = readonly [
  seconds: number,
  requests: number,
  rss: number,
  heap: number,
  descriptors: number,
];

/** Figures of a soak as its table had them, in megabytes. */
function samplesOf(rows: readonly Row[]): Sample[] {
  return rows.map(([seconds, requests, rss, heap, descriptors]) => ({
    ...{ seconds, requests, descriptors, connections: 0, pending: 0 },
    rss: rss * 1e6,
    heap: heap * 1e6,
  }));
}

/** `deno task soak --minutes=0.7 --leak`. */
const LEAKING = samplesOf([
  [6, 7880, 147.8, 42.4, 27],
  [12, 16124, 215.8, 78.0, 27],
  [17, 23841, 266.6, 111.0, 27],
  [23, 32274, 311.3, 148.2, 27],
  [29, 39863, 341.8, 180.8, 27],
  [36, 48812, 403.9, 219.8, 27],
  [43, 56502, 423.7, 251.9, 27],
]);

/** `deno task soak --minutes=4 --seed=3`, every fourth sample. */
const STEADY = samplesOf([
  [6, 8919, 105.6, 7.9, 27],
  [29, 38127, 164.2, 8.3, 27],
  [53, 67185, 163.7, 8.4, 27],
  [77, 99331, 187.2, 8.5, 27],
  [100, 131221, 180.7, 8.6, 27],
  [125, 163101, 180.8, 8.5, 27],
  [148, 194817, 199.0, 8.5, 27],
  [172, 223357, 182.1, 8.6, 27],
  [195, 250860, 201.0, 8.6, 27],
  [221, 276806, 199.3, 8.5, 27],
  [244, 309140, 202.8, 8.6, 27],
]);

/** The first two minutes of `deno task soak --minutes=3.2 --seed=11`. */
const WARMING = samplesOf([
  [7, 8156, 100.3, 7.9, 27],
  [15, 15612, 105.8, 8.0, 27],
  [22, 23295, 117.8, 8.1, 27],
  [29, 29043, 120.6, 8.2, 27],
  [36, 36415, 144.2, 8.2, 27],
  [42, 42565, 139.2, 8.2, 27],
  [49, 49519, 149.9, 8.3, 27],
  [56, 55646, 140.5, 8.3, 27],
  [63, 61560, 152.4, 8.3, 27],
  [70, 66597, 170.1, 8.4, 27],
  [77, 72260, 170.4, 8.5, 27],
  [84, 79271, 185.3, 8.5, 27],
  [91, 85070, 189.3, 8.5, 27],
  [97, 91742, 188.6, 8.5, 27],
  [104, 98774, 189.3, 8.5, 27],
  [112, 106244, 191.8, 8.6, 27],
  [119, 113149, 190.9, 8.6, 27],
]);

Deno.test("judge() finds nothing wrong with a server that is well", () => {
  assertEquals(judge(STEADY), []);
  assertEquals(judge(WARMING), []);
});

Deno.test("judge() tells of memory that a server loses", () => {
  const [rss, heap, ...others] = judge(LEAKING);
  assertMatch(
    rss ?? "",
    /^\d+\.\d MiB of memory more at the end than at first$/,
  );
  assertMatch(heap ?? "", /^\d+\.\d MiB held by JavaScript more at the end/);
  assertEquals(others, []);
});

Deno.test("judge() tells of descriptors that a server loses", () => {
  const losing = STEADY.map((sample, i) => ({
    ...sample,
    descriptors: 26 + i,
  }));
  const [found, ...others] = judge(losing);
  assertMatch(found ?? "", /^\d+\.\d descriptors more at the end/);
  assertEquals(others, []);
});

Deno.test("judge() tells of a connection or a handler left at one quiet point", () => {
  const left = STEADY.map((sample, i) => ({
    ...sample,
    connections: i === 0 ? 2 : 0,
    pending: i === 1 ? 1 : 0,
  }));
  assertEquals(judge(left), [
    `2 connections left after ${STEADY[0]!.seconds} s`,
    `1 handlers or streams left after ${STEADY[1]!.seconds} s`,
  ]);
});

Deno.test("judge() is not misled by one sample that is off", () => {
  const off = STEADY.map((sample, i) => ({
    ...sample,
    rss: sample.rss + (i === STEADY.length - 2 ? 60e6 : 0),
  }));
  assertEquals(judge(off), []);
});

Deno.test("judge() says that there is too little to judge", () => {
  assertEquals(judge(STEADY.slice(0, 5)), [
    "5 samples are too few: give it more minutes",
  ]);
  assertEquals(judge([]).length, 1);
});

Deno.test("surelyGrown() is the growth along a line, and less where it is none", () => {
  assertEquals(surelyGrown([0, 1, 2, 3], [1, 3, 5, 7]), 6);
  assertEquals(surelyGrown([0, 1, 2, 3], [5, 5, 5, 5]), 0);
  assertEquals(surelyGrown([0, 1, 2, 3], [0, 9, 0, 9]) < 0, true);
});

Deno.test("readOptions() reads the arguments of a soak", () => {
  assertEquals(readOptions([]), { minutes: 2, seed: 1, leak: false });
  assertEquals(readOptions(["--minutes=0.5", "--seed=7", "--leak"]), {
    minutes: 0.5,
    seed: 7,
    leak: true,
  });
  for (const arg of ["--minutes=0", "--seed=x"]) {
    assertThrows(() => readOptions([arg]), Error, arg);
  }
  assertThrows(() => readOptions(["--hours=1"]), Error, "No such option");
});

Deno.test("Random gives the same for the same seed, within bounds", () => {
  const some = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => random.between(2, 9));
  };
  assertEquals(some(3), some(3));
  assertEquals(some(3).join() === some(4).join(), false);
  assertEquals(some(5).filter((n) => n < 2 || n > 9), []);
  assertEquals(new Random(1).cut("abcdefgh", 3).join(""), "abcdefgh");
});
