/**
 * From the rest of a path to the names of folders and a file, or to nothing.
 *
 * ```text
 * css/a%20b.css     css, "a b.css"
 * css/              css, and it is a folder that is asked for
 * ..  %2e%2e  a%2Fb  a%5Cb  a//b  .git     nothing, which is a 404
 * ```
 *
 * The rest is taken as it was sent, and each segment of it is decoded once and on
 * its own, by the function that the router uses: so a guard before and the files
 * behind it never see two paths. What would be a step, a separator or a control
 * when it is decoded is no name. `%252e` is: a percent sign, a 2 and an e.
 *
 * Whether a name is there, and where it leads, is for who has a file system. It
 * asks `isInside` where the real path is.
 *
 * The one surprise: on Windows a name has more lives than one. `a.txt.`, `a.txt `
 * and `a.txt::$DATA` are the file `a.txt`, `con` is no file in any folder, and a
 * drive may be in the middle. There they are refused, elsewhere they are names.
 *
 * RFC 3986 §3.3 and §7.3, RFC 9110 §17.3; RFC 8615 for `.well-known`.
 *
 * @module
 */

import { decodeSegment } from "./path.ts";

/** Which names there are. */
export interface Naming {
  /** Whether names that begin with a dot are served; `.well-known` always is. */
  readonly dotfiles: boolean;
  /** Whether the names are those of Windows. */
  readonly windows: boolean;
}

/** What a rest names. */
export interface Named {
  /** Folders from the outside in, and the file unless a folder is asked for. */
  readonly names: readonly string[];
  /** Whether it ends with a slash, or is empty. */
  readonly folder: boolean;
}

/**
 * The names in `rest`, which is percent-encoded and does not begin with a slash;
 * `undefined` where one of them is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const naming = { dotfiles: false, windows: false };
 * assertEquals(namesIn("a/b%20c", naming), { names: ["a", "b c"], folder: false });
 * assertEquals(namesIn("a/", naming), { names: ["a"], folder: true });
 * assertEquals(namesIn("a/%2e%2e/b", naming), undefined);
 * ```
 */
export function namesIn(rest: string, naming: Naming): Named | undefined {
  const segments = rest.split("/");
  const folder = segments.at(-1) === "";
  if (folder) segments.pop();
  const names: string[] = [];
  for (const segment of segments) {
    const name = decodeSegment(segment);
    if (name === undefined || !isName(name)) return undefined;
    if (naming.windows && !isWindowsName(name)) return undefined;
    if (name.startsWith(".") && !naming.dotfiles) {
      if (names.length > 0 || name !== ".well-known") return undefined;
    }
    names.push(name);
  }
  return { names, folder };
}

function isName(name: string): boolean {
  if (name === "" || name === "." || name === "..") return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 0x20 || code === 0x7F) return false;
    if (code === 0x2F || code === 0x5C) return false;
  }
  return true;
}

/** Devices, which are there in every folder and with every extension. */
const DEVICES: ReadonlySet<string> = new Set([
  ..."con prn aux nul conin$ conout$".split(" "),
  ..."0123456789¹²³".split("").flatMap((n) => [`com${n}`, `lpt${n}`]),
]);

/** Characters that no name has, and the colon before a stream or behind a drive. */
const NOT_IN_NAMES = '<>:"|?*';

function isWindowsName(name: string): boolean {
  if (name.endsWith(".") || name.endsWith(" ")) return false;
  for (const each of NOT_IN_NAMES) if (name.includes(each)) return false;
  const dot = name.indexOf(".");
  const stem = dot === -1 ? name : name.slice(0, dot);
  return !DEVICES.has(stem.trimEnd().toLowerCase());
}

/**
 * Whether a real path is that of a folder or of what is in it, however deep.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isInside("/srv/a", "/srv/a/b", "/"), true);
 * assertEquals(isInside("/srv/a", "/srv/ab", "/"), false);
 * ```
 */
export function isInside(
  folder: string,
  path: string,
  separator: string,
): boolean {
  if (path === folder) return true;
  return path.startsWith(
    folder.endsWith(separator) ? folder : folder + separator,
  );
}
