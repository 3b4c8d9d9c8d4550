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
const REMEMBERED = 1_000;
/** So many files are remembered at most. */
const MOST_REMEMBERED = 1_024;
/** So much older may a file be than what it was made of. */
const TOLERANCE = 2_000;

/** What lies beside the files of one folder. */
export class Siblings {
  readonly #known: Map<string, { until: number; codings: readonly Coding[] }> =
    new Map();

  /** The codings in which there is a file beside `path`. */
  of(path: string, now: number): readonly Coding[] {
    const known = this.#known.get(path);
    if (known !== undefined && now < known.until) return known.codings;
    const codings = CODINGS.filter(({ suffix }) => isFile(path + suffix));
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(path, { until: now + REMEMBERED, codings });
    return codings;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
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
