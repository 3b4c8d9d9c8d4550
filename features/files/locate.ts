/**
 * Where a file really is, and opening that and nothing else.
 *
 * ```text
 *   path ─realpath─▶ real path ─lstat─▶ a regular file? ─open─▶ descriptor
 *            │ outside: 404                   │ no: 404             │
 *            └──────────── still the same? ◀── the same file? ◀── fstat
 * ```
 *
 * Links are followed as long as they stay inside. Nothing is opened before it is
 * known to be a regular file, for opening a FIFO waits until somebody writes to it,
 * and a device may do anything.
 *
 * Between two looks somebody may put a link in the place of a folder. So what was
 * opened is compared with what was looked at, and the way to it is walked again. A
 * system call that does all of it at once (`openat2`) is not to be had from Deno:
 * who can write into the folder, and hits two gaps of a few microseconds, is not
 * stopped.
 *
 * The one surprise: where names mind no case (macOS, Windows), a path has to be
 * spelled as it is stored, and may lead through no link. A guard before `/secret`
 * would be passed by `/SECRET` otherwise.
 *
 * All of it is synchronous: from memory it takes microseconds, where promises take
 * 300 of them. And what was walked is believed for a second: where a link is turned
 * to a new release, the old one is seen for so long.
 *
 * @module
 */

import { FIXED } from "../../limits.ts";
import { isInside } from "../../wire/file_path.ts";
import { notFound, refusing } from "./refusal.ts";

/** A file or a folder that was found. */
export interface Found {
  /** Its real path: no part of it is a link. */
  readonly path: string;
  readonly info: Deno.FileInfo;
  /** Whether the way to it was walked before, and not now. */
  readonly believed?: true;
}

/** How names are on this system. */
export interface System {
  readonly separator: string;
  /** Whether names of other case are the same names. */
  readonly folds: boolean;
}

const { os } = Deno.build;

/** This system. */
export const SYSTEM: System = {
  separator: os === "windows" ? "\\" : "/",
  folds: os === "windows" || os === "darwin",
};

/**
 * What is at a path that the application names.
 *
 * @throws {HttpError} 404 where there is nothing, 403 where it may not be read
 */
export function locate(path: string | URL): Found {
  return refusing(() => lookAt(Deno.realPathSync(path)));
}

/** A way that was walked: what was found, and until when that is believed. */
interface Walked {
  readonly found: Found;
  readonly until: number;
}

/** For so many milliseconds a way is not walked again. */
const BELIEVED: number = FIXED.fileBelieved.default;
/** So many ways are remembered at most. */
const MOST_WALKED: number = FIXED.filesRemembered.default;

/**
 * A folder that nobody leaves.
 *
 * To walk a way takes as long as all the rest. So it is remembered for a second
 * which file was at its end, by the number that the system gives it: where that
 * very file is found again, it is where it was. A folder or a link that was turned
 * meanwhile leads to another file, and so to another walk.
 */
export class Root {
  readonly #path: string | URL;
  readonly #system: System;
  readonly #walked: Map<string, Walked> = new Map();

  /** The folder at `path`, which may be a link, and may be turned. */
  constructor(path: string | URL, system: System = SYSTEM) {
    this.#path = typeof path === "string" ? anchored(path, system) : path;
    this.#system = system;
  }

  /**
   * What is in the folder under `names`.
   *
   * @throws {HttpError} as {@linkcode locate}, and 404 for what is outside
   */
  locate(names: readonly string[], now: number): Found {
    const key = names.join("/");
    const known = this.#walked.get(key);
    if (known !== undefined && now < known.until) {
      const found = again(known.found);
      if (found !== undefined) return found;
    }
    const found = this.#walk(names);
    if (found.info.isFile && found.info.ino !== null) {
      if (this.#walked.size >= MOST_WALKED) this.#walked.clear();
      this.#walked.set(key, { found, until: now + BELIEVED });
    }
    return found;
  }

  #walk(names: readonly string[]): Found {
    const { separator, folds } = this.#system;
    const root = refusing(() => Deno.realPathSync(this.#path));
    const path = join(root, names, this.#system);
    const real = refusing(() => Deno.realPathSync(path));
    if (!isInside(root, real, separator)) throw notFound();
    if (folds && real !== path) throw notFound();
    return refusing(() => lookAt(real));
  }
}

/**
 * A path as it is from here, wherever the process goes. An empty one leads nowhere,
 * and stays so.
 */
function anchored(path: string, system: System): string {
  const { separator } = system;
  const isWindows = separator === "\\";
  const absolute = isWindows ? /^([a-z]:|[\\/])/i : /^\//;
  if (path === "" || absolute.test(path)) return path;
  try {
    return join(Deno.cwd(), [path], system);
  } catch {
    return path; // where the process is may be a secret, or gone
  }
}

/** The same file in the same place; `undefined` where it is another, or gone. */
function again({ path, info }: Found): Found | undefined {
  try {
    const now = Deno.lstatSync(path);
    // A number is given anew when a file is gone, the time of birth with it.
    const same = now.isFile && now.dev === info.dev && now.ino === info.ino &&
      now.birthtime?.getTime() === info.birthtime?.getTime();
    return same ? { path, info: now, believed: true } : undefined;
  } catch {
    return undefined;
  }
}

function join(
  root: string,
  names: readonly string[],
  { separator }: System,
): string {
  if (names.length === 0) return root;
  const start = root.endsWith(separator) ? root : root + separator;
  return start + names.join(separator);
}

function lookAt(path: string): Found {
  return { path, info: Deno.lstatSync(path) };
}

/**
 * Opens a regular file that was found; `undefined` where it is not any more what
 * it was.
 *
 * @throws {HttpError} as {@linkcode locate}, and 503 without a descriptor
 */
export function openFound(found: Found): Deno.FsFile | undefined {
  const { path, info, believed = false } = found;
  const file = refusing(() => Deno.openSync(path));
  let isSame = false;
  try {
    isSame = isSameState(info, file.statSync()) &&
      (believed || Deno.realPathSync(path) === path);
  } catch {
    // It was there a moment ago, and is not any more.
  } finally {
    if (!isSame) file.close();
  }
  return isSame ? file : undefined;
}

function isSameState(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size &&
    a.mtime?.getTime() === b.mtime?.getTime() && b.isFile;
}
