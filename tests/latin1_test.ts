/** The portable decoder and one of the platform's: the same text for any octets. */

import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { type Head, RequestParser } from "../parser.ts";
import { type Decode, decoded, latin1, useDecoder } from "../parser/latin1.ts";

const nodes: Decode = (bytes, start, end) =>
  Buffer.prototype.latin1Slice.call(bytes, start, end);

/** Heads that come at once; the obs-text is UTF-8, no UTF-8, and cut. */
const VALUES = ["a", "caf\xC3\xA9", "\xE9\xFF\x80", "\xC3", "", "\x7E\t~"];

Deno.test("latin1() is a character an octet, with any decoder", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (const decoder of [undefined, nodes]) {
    withDecoder(decoder, () => {
      const text = latin1(all, 0, 256);
      assertEquals(text.length, 256);
      assertEquals(Uint8Array.from(text, (c) => c.charCodeAt(0)), all);
      assertEquals(latin1(all, 0x41, 0x43), "AB");
      assertEquals(decoded(all, 0x20, 0x7F).length, 0x5F);
      const mixed = new Uint8Array([0x41, 0xE9, 0x42]);
      assertEquals(decoded(mixed, 0, 3).replace(/[^AB]/, "?"), "A?B");
      const utf8 = new Uint8Array([0x41, 0xC3, 0xA9]);
      assertEquals(decoded(utf8, 0, 3), decoder ? "A\xC3\xA9" : "");
    });
  }
});

Deno.test("useDecoder() takes none that is wrong for an octet, or throws", () => {
  const wrong: Decode[] = [
    (bytes, start, end) =>
      new TextDecoder("latin1").decode(bytes.subarray(start, end)),
    (bytes) => nodes(bytes, 0, bytes.length),
    () => {
      throw new Error("no");
    },
  ];
  for (const decode of wrong) {
    withDecoder(decode, () => {
      const bytes = new Uint8Array([0x80, 0x41]);
      assertEquals(latin1(bytes, 0, 1), "\x80");
      assertEquals(decoded(bytes, 1, 2), "A");
    });
  }
});

Deno.test("RequestParser tells the same with any decoder", () => {
  for (const first of VALUES) {
    for (const second of VALUES) {
      const wire = [first, second, "z"].map((value) =>
        `GET /${value.length} HTTP/1.1\r\nHost: h\r\nX: ${value}\r\n\r\n`
      ).join("");
      const portable = withDecoder(undefined, () => told(wire));
      assertEquals(portable.map(([, value]) => value), [first, second, "z"]);
      assertEquals(withDecoder(nodes, () => told(wire)), portable);
    }
  }
});

function withDecoder<T>(decoder: Decode | undefined, run: () => T): T {
  useDecoder(decoder);
  try {
    return run();
  } finally {
    useDecoder(undefined);
  }
}

function told(wire: string): [path: string, x: string | undefined][] {
  const parser = new RequestParser();
  parser.feed(Uint8Array.from(wire, (c) => c.charCodeAt(0)));
  const heads: Head[] = [];
  for (let i = 0; i < 6; i++) {
    const piece = parser.next();
    if (piece.kind === "head") heads.push(piece);
  }
  return heads.map((head) => [head.path, head.header("x")]);
}
