/**
 * What does the coding: `node:zlib`, which comes with Deno and is brought when
 * the first answer is coded, for that takes some milliseconds.
 *
 * | coding  | set to                       | a 64 KiB JSON | memory a stream |
 * | ------- | ---------------------------- | ------------- | --------------- |
 * | zstd    | level 3, a window of 256 KiB | 0.3 ms, 2.97× | 250 kB          |
 * | br      | quality 4, window of 256 KiB | 0.9 ms, 3.01× | 120 kB          |
 * | gzip    | level 4                      | 0.6 ms, 2.94× | 280 kB          |
 * | deflate | the same, less its checksum  | 0.6 ms, 2.94× | 280 kB          |
 *
 * That is the order of preference, too: zstd does the same for a third of the
 * time. The windows are small for the memory of those who stay, as events do;
 * RFC 9659 lets zstd have 8 MiB.
 *
 * The one surprise: none of it is done on another thread, whatever the name of the
 * function. So there is no waiting for what is short, and what is long is cut.
 *
 * @module
 */

import type * as Zlib from "node:zlib";

/** A content coding that can be made here. */
export type Coding = "zstd" | "br" | "gzip" | "deflate";

/** The codings, the one that is preferred first. */
export const CODINGS: readonly Coding[] = ["zstd", "br", "gzip", "deflate"];

/** One way of coding. */
export interface Coder {
  /** All of `bytes`, at once. */
  whole(bytes: Uint8Array): Uint8Array;
  /** A transform that keeps what it is given until it is flushed or full. */
  transform(): Zlib.Gzip | Zlib.BrotliCompress | Zlib.ZstdCompress;
  /** Which flush makes a decoder see all that was written. */
  readonly flush: number;
}

/** What there is to code with. */
export type Coders = ReadonlyMap<Coding, Coder>;

let loaded: Promise<Coders> | undefined;

/** The codings of this platform; an older one has no zstd. */
export function loadCoders(): Promise<Coders> {
  return loaded ??= import("node:zlib").then(codersOf);
}

function codersOf(zlib: typeof Zlib): Coders {
  const { constants } = zlib;
  const deflate = { level: 4 };
  const brotli = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_LGWIN]: 18,
    },
  };
  const coders = new Map<Coding, Coder>([
    ["br", {
      whole: (bytes) => zlib.brotliCompressSync(bytes, brotli),
      transform: () => zlib.createBrotliCompress(brotli),
      flush: constants.BROTLI_OPERATION_FLUSH,
    }],
    ["gzip", {
      whole: (bytes) => zlib.gzipSync(bytes, deflate),
      transform: () => zlib.createGzip(deflate),
      flush: constants.Z_SYNC_FLUSH,
    }],
    ["deflate", {
      whole: (bytes) => zlib.deflateSync(bytes, deflate),
      transform: () => zlib.createDeflate(deflate),
      flush: constants.Z_SYNC_FLUSH,
    }],
  ]);
  if (typeof zlib.zstdCompressSync === "function") {
    const zstd = {
      params: {
        [constants.ZSTD_c_compressionLevel]: 3,
        [constants.ZSTD_c_windowLog]: 18,
        [constants.ZSTD_c_hashLog]: 15,
        [constants.ZSTD_c_chainLog]: 15,
      },
    };
    coders.set("zstd", {
      whole: (bytes) => zlib.zstdCompressSync(bytes, zstd),
      transform: () => zlib.createZstdCompress(zstd),
      flush: constants.ZSTD_e_flush,
    });
  }
  return coders;
}
