import { assertEquals } from "@std/assert";
import {
  contentRange,
  selectRange,
  unsatisfiedRange,
} from "../../wire/range.ts";

type Selected = [first: number, last: number] | "all" | "none";

const HUGE = "9".repeat(40);

/** Of ten octets. */
const OF_TEN: [field: string, selected: Selected][] = [
  // one range
  ["bytes=0-0", [0, 0]],
  ["bytes=0-4", [0, 4]],
  ["bytes=0-9", [0, 9]],
  ["bytes=0-10", [0, 9]],
  ["bytes=0-", [0, 9]],
  ["bytes=9-", [9, 9]],
  ["bytes=9-9", [9, 9]],
  ["bytes=3-5", [3, 5]],
  ["bytes=-1", [9, 9]],
  ["bytes=-10", [0, 9]],
  ["bytes=-11", [0, 9]],
  ["bytes=0003-0005", [3, 5]],
  ["bytes=-0001", [9, 9]],
  ["BYTES=0-0", [0, 0]],
  ["Bytes=0-0", [0, 0]],
  // nothing that is there
  ["bytes=10-", "none"],
  ["bytes=10-20", "none"],
  ["bytes=-0", "none"],
  ["bytes=-000", "none"],
  ["bytes=10-,11-,-0", "none"],
  // numbers of any length
  [`bytes=0-${HUGE}`, [0, 9]],
  [`bytes=-${HUGE}`, [0, 9]],
  [`bytes=${HUGE}-`, "none"],
  [`bytes=${HUGE}-${HUGE}`, "none"],
  [`bytes=${HUGE}1-${HUGE}`, "all"],
  [`bytes=1-${"0".repeat(40)}`, "all"],
  [`bytes=${"0".repeat(40)}1-3`, [1, 3]],
  ["bytes=9007199254740993-9007199254740992", "all"],
  ["bytes=9007199254740992-9007199254740993", "none"],
  ["bytes=18446744073709551616-", "none"],
  ["bytes=18446744073709551616-1", "all"],
  ["bytes=4294967296-4294967297", "none"],
  // another unit, or none
  ["lines=0-1", "all"],
  ["bytes", "all"],
  ["bytes:0-1", "all"],
  ["0-1", "all"],
  ["=0-1", "all"],
  ["byte=0-1", "all"],
  [" bytes=0-1", "all"],
  ["bytes =0-1", "all"],
  ["", "all"],
  // malformed
  ["bytes=", "all"],
  ["bytes=-", "all"],
  ["bytes=,", "all"],
  ["bytes=5-4", "all"],
  ["bytes=0-4,5-4", "all"],
  ["bytes=0", "all"],
  ["bytes=a-b", "all"],
  ["bytes=0-b", "all"],
  ["bytes=0-1x", "all"],
  ["bytes=0x1-2", "all"],
  ["bytes=+0-1", "all"],
  ["bytes=--1", "all"],
  ["bytes=0--1", "all"],
  ["bytes=0-1-2", "all"],
  ["bytes=0 - 1", "all"],
  ["bytes=0-1;2-3", "all"],
  ["bytes=0.5-1", "all"],
  ["bytes=1e0-2", "all"],
  ["bytes=\u0661-2", "all"],
  ["bytes=0-1/10", "all"],
  ["bytes=*", "all"],
  ['bytes="0-1"', "all"],
  ["bytes=bytes=0-1", "all"],
  ["bytes=0-1, lines=2-3", "all"],
  // several that are one
  ["bytes=0-4,5-9", [0, 9]],
  ["bytes=5-9,0-4", [0, 9]],
  ["bytes=0-4, 3-6", [0, 6]],
  ["bytes=0-0,1-1,2-2", [0, 2]],
  ["bytes=,0-4, ,", [0, 4]],
  ["bytes=0-4,0-4,0-4", [0, 4]],
  ["bytes=2-3,10-", [2, 3]],
  ["bytes=-3,7-", [7, 9]],
  ["bytes=0-8,-1", [0, 9]],
  ["bytes=0-9,3-4", [0, 9]],
  // several with something between
  ["bytes=0-1,3-4", "all"],
  ["bytes=0-0,-1", "all"],
  ["bytes=8-9,0-1,4-5", "all"],
  // too many
  [`bytes=${"0-,".repeat(16)}`, [0, 9]],
  [`bytes=${"0-,".repeat(17)}`, "all"],
  [`bytes=${"0-,".repeat(100_000)}`, "all"],
];

Deno.test("selectRange() selects one part, all or none", () => {
  for (const [field, selected] of OF_TEN) {
    const found = selectRange(field, 10);
    const flat = typeof found === "string" ? found : [found.first, found.last];
    assertEquals(flat, selected, field.slice(0, 80));
  }
  assertEquals(selectRange(undefined, 10), "all");
});

Deno.test("selectRange() takes all of what is empty", () => {
  for (const field of ["bytes=0-", "bytes=-1", "bytes=-0", "bytes=0-0", "x"]) {
    assertEquals(selectRange(field, 0), "all", field);
  }
});

Deno.test("selectRange() is exact to the last safe integer", () => {
  const size = Number.MAX_SAFE_INTEGER;
  assertEquals(selectRange(`bytes=${size - 2}-`, size), {
    first: size - 2,
    last: size - 1,
  });
  assertEquals(selectRange("bytes=-1", size), {
    first: size - 1,
    last: size - 1,
  });
  assertEquals(selectRange(`bytes=${size}-`, size), "none");
});

Deno.test("selectRange() is linear", { timeout: 5_000 }, () => {
  for (const piece of ["0", "-", ",", " ", "0-0,", '"', "0-\t"]) {
    selectRange("bytes=" + piece.repeat(1_000_000), 10);
    selectRange(`bytes=${piece.repeat(1_000_000)}-1`, 10);
  }
});

Deno.test("Content-Range says part and size", () => {
  assertEquals(contentRange({ first: 2, last: 5 }, 10), "bytes 2-5/10");
  assertEquals(unsatisfiedRange(10), "bytes */10");
});
