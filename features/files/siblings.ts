/**
 * Files that were compressed beforehand, and lie beside what they were made of.
 *
 * ```text
 *   app.js       what is asked for
 *   app.js.br    the same in brotli      Content-Encoding: br
 *   app.js.zst   in zstd                 Content-Encoding: zstd
 *   app.js.gz    in gzip                 Content-Encoding: gzip
 * ```
 *
 * That one is not there costs as much to find out as all else that is done for a
 * small file. So what was found is remembered for a second.
 *
 * The one surprise: one that is older than what it was made of is stale, and is
 * not sent. Two seconds are allowed, for archives that are unpacked in any order.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";
import { FIXED } from "../../limits.ts";
import type { Found, Root } from "./locate.ts";

/** A coding, and how its files are called. */
export interface Coding {
  readonly name: "br" | "gzip" | "zstd";
  readonly suffix: string;
}

/** The smallest first: the order among those that a client likes equally. */
const CODINGS: readonly Coding[] = [
  { name: "br", suffix: ".br" },
  { name: "zstd", suffix: ".zst" },
  { name: "gzip", suffix: ".gz" },
];

/** For so many milliseconds it is remembered what is there. */
const REMEMBERED: number = FIXED.fileBelieved.default;
/** So many files are remembered at most. */
const MOST_REMEMBERED: number = FIXED.filesRemembered.default;
/** So much older may a file be than what it was made of. */
const TOLERANCE = 2_000;

/** What lies beside the files of one folder. */
export class Siblings {
  readonly #root: Root;
  readonly #known: Map<string, { until: number; codings: readonly Coding[] }> =
    new Map();

  constructor(root: Root) {
    this.#root = root;
  }

  /** The codings in which there is a file beside the one that `names` lead to. */
  of(names: readonly string[], now: number): readonly Coding[] {
    const key = names.join("/");
    const known = this.#known.get(key);
    if (known !== undefined && now < known.until) return known.codings;
    const codings = CODINGS.filter(({ suffix }) =>
      fileBeside(this.#root, names, suffix, now) !== undefined
    );
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, { until: now + REMEMBERED, codings });
    return codings;
  }
}

/** The file whose name goes on by `suffix`; `undefined` where there is none inside. */
export function fileBeside(
  root: Root,
  names: readonly string[],
  suffix: string,
  now: number,
): Found | undefined {
  const last = names.at(-1)! + suffix;
  try {
    const found = root.locate([...names.slice(0, -1), last], now);
    // An empty one is of a program that was disturbed: it is nothing in any coding.
    return found.info.isFile && found.info.size > 0 ? found : undefined;
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return undefined;
    throw error;
  }
}

/** Whether a compressed file was made before the last change of its original. */
export function isStale(
  compressed: Deno.FileInfo,
  original: Deno.FileInfo,
): boolean {
  if (compressed.mtime === null || original.mtime === null) return false;
  return compressed.mtime.getTime() + TOLERANCE < original.mtime.getTime();
}
