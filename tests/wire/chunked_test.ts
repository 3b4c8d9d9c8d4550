import { assertEquals, assertThrows } from "@std/assert";
import {
  CHUNK_HEAD_MOST,
  chunkHead,
  CRLF,
  LAST_CHUNK,
  writeChunkHead,
} from "../../wire/chunked.ts";

const SIZES: [size: number, head: string][] = [
  [1, "1"],
  [9, "9"],
  [10, "a"],
  [15, "f"],
  [16, "10"],
  [255, "ff"],
  [256, "100"],
  [4095, "fff"],
  [65_536, "10000"],
  [0x7FFF_FFFF, "7fffffff"],
  [0x8000_0000, "80000000"],
  [0xFFFF_FFFF, "ffffffff"],
  [0x1_0000_0000, "100000000"],
  [0xDEAD_BEEF_F00D, "deadbeeff00d"],
  [Number.MAX_SAFE_INTEGER, "1fffffffffffff"],
];

Deno.test("chunkHead() and writeChunkHead() write the size in hexadecimal", () => {
  for (const [size, head] of SIZES) {
    assertEquals(chunkHead(size), head + CRLF);
    const bytes = new Uint8Array(3 + CHUNK_HEAD_MOST + 1).fill(0x2E);
    const end = writeChunkHead(bytes, 3, size);
    assertEquals(end, 3 + head.length + 2);
    const rest = ".".repeat(bytes.length - end);
    assertEquals(new TextDecoder().decode(bytes), "..." + head + CRLF + rest);
  }
});

Deno.test("writeChunkHead() fits into exactly its own length, and never less", () => {
  for (const [size, head] of SIZES) {
    const length = head.length + 2;
    assertEquals(writeChunkHead(new Uint8Array(length), 0, size), length);
    const short = new Uint8Array(length - 1);
    assertThrows(() => writeChunkHead(short, 0, size), RangeError, "no room");
    assertEquals(short, new Uint8Array(length - 1));
    assertThrows(
      () => writeChunkHead(new Uint8Array(length), 1, size),
      RangeError,
      "no room",
    );
  }
});

Deno.test("writeChunkHead() agrees with toString(16) at every edge of a digit", () => {
  const bytes = new Uint8Array(CHUNK_HEAD_MOST);
  for (let power = 16; power <= Number.MAX_SAFE_INTEGER; power *= 2) {
    for (const size of [power - 1, power, power + 1]) {
      const end = writeChunkHead(bytes, 0, size);
      assertEquals(
        new TextDecoder().decode(bytes.subarray(0, end)),
        chunkHead(size),
      );
    }
  }
});

Deno.test("a chunk of no octets, or of no size at all, is not written", () => {
  for (
    const size of [
      0,
      -0,
      -1,
      0.5,
      NaN,
      Infinity,
      2 ** 53,
      "5" as unknown as number,
    ]
  ) {
    assertThrows(() => chunkHead(size), RangeError, "Cannot write a chunk");
    assertThrows(() => writeChunkHead(new Uint8Array(32), 0, size), RangeError);
  }
});

Deno.test("LAST_CHUNK ends the content without trailers", () => {
  assertEquals(LAST_CHUNK, "0\r\n\r\n");
});
