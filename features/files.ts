/**
 * Files as answers: one that the application names, or whatever is in a folder.
 *
 * ```text
 *   file(path)                                    files(root)
 *      │                                             │ the rest of the path
 *      │                                             ▼
 *      │                               names, or 404: wire/file_path.ts
 *      │                                             ▼
 *      │                               spelled so, or 308: wire/path.ts
 *      │                                             ▼
 *      └───────▶ files/locate.ts ◀──── inside of the root, or 404
 *                      ▼                             ▼
 *              files/reply.ts ◀─────── compressed? files/siblings.ts
 *         200 206 304 412 416
 * ```
 *
 * Both know conditions (RFC 9110 §13) and ranges (§14), so that a download goes on
 * where it stopped, a player seeks, and what is known already is not sent again.
 *
 * What is in a folder has one path, and one spelling of it: what a path may have
 * stands for itself (`pchar`, RFC 3986 §3.3: letters, digits and `-._~!$&'()*+,;=:@`),
 * all else is percent-encoded in capitals. Another spelling is redirected to it
 * before anything is looked up, the part that the route spells out included. So a
 * guard that compares `c.path` sees each file under the path that it is served at,
 * as in `c.path.startsWith("/static/a+b/")`, and `/static/a%2Bb/c` only leads there.
 *
 * The one surprise: what there is to look up is looked up synchronously, and short
 * files are read so. From memory that takes microseconds; a disk that has to wake
 * up keeps everybody waiting, and so does a network drive that hangs.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import type { Context } from "../request.ts";
import { redirect } from "../response.ts";
import { Answer } from "../response/answer.ts";
import { type Asking, Prepared } from "../response/prepared.ts";
import { wantsRest } from "../routing/declare.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { acceptedCodings } from "../wire/accept_encoding.ts";
import { attachment } from "../wire/attachment.ts";
import { checkFieldLine } from "../wire/fields.ts";
import { namesIn, type Naming } from "../wire/file_path.ts";
import { fileType } from "../wire/file_types.ts";
import { gains } from "../wire/gains.ts";
import { canonicalPath, decodeSegment } from "../wire/path.ts";
import { type Found, locate, Root, SYSTEM } from "./files/locate.ts";
import { notFound } from "./files/refusal.ts";
import { type Described, replyWith } from "./files/reply.ts";
import { fileBeside, isStale, Siblings } from "./files/siblings.ts";

/** What {@linkcode file} takes beside its path. */
export interface FileOptions {
  /** The media type; by default that of the end of the name. */
  readonly type?: string;
  /** The value of `Cache-Control` (RFC 9111 §5.2); none by default. */
  readonly cacheControl?: string;
  /**
   * Whether the client saves it rather than shows it; a text is the name to save
   * it under. Default false.
   */
  readonly download?: boolean | string;
}

/** What {@linkcode files} takes beside its folder. */
export interface FilesOptions {
  /** What stands for a folder; `false` for nothing. Default `"index.html"`. */
  readonly index?: string | false;
  /** The value of `Cache-Control` (RFC 9111 §5.2); none by default. */
  readonly cacheControl?: string;
  /**
   * Whether names that begin with a dot are served. Default false; `.well-known` in
   * the folder itself always is (RFC 8615).
   */
  readonly dotfiles?: boolean;
  /**
   * Whether `app.js.br`, `app.js.zst` or `app.js.gz` is sent for `app.js` to who
   * takes that coding. Default true.
   */
  readonly precompressed?: boolean;
}

const FILE_OPTIONS: Kinds<FileOptions> = {
  type: ["text"],
  cacheControl: ["text"],
  download: ["true or false", "text"],
};

const FILES_OPTIONS: Kinds<FilesOptions> = {
  index: ["text", "false"],
  cacheControl: ["text"],
  dotfiles: ["true or false"],
  precompressed: ["true or false"],
};

/**
 * A file as a result: `return file("song.mp3")`. The path is from the folder that
 * the program runs in; a `file:` URL will do as well.
 *
 * A file that is not there is a 404, one that may not be read a 403. In the handler
 * of an error the file is sent with the error's status.
 *
 * **The path is the application's.** Never make it of what a client sent: that is
 * what {@linkcode files} is for, which lets nobody out of its folder.
 *
 * The program needs `--allow-read`.
 *
 * @throws {TypeError} when the path is a URL of another kind, an option is no value
 *   of a field, is not known or of another kind
 *
 * @example
 * ```ts
 * import { file, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/license", () => file("LICENSE", { type: "text/plain" }));
 *
 * const headers = { range: "bytes=0-2" };
 * const answer = await app.request("/license", { headers });
 * assertEquals([answer.status, await answer.text()], [206, "MIT"]);
 * ```
 */
export function file(path: string | URL, options: FileOptions = {}): Prepared {
  checkOptions("send a file", options, FILE_OPTIONS);
  const where = pathOf(path);
  const { download = false } = options;
  const name = nameOf(where);
  const described: Described = {
    type: checked("content-type", options.type) ?? fileType(name),
    cacheControl: checked("cache-control", options.cacheControl),
    disposition: download === false
      ? undefined
      : attachment(download === true ? name : download),
  };
  return new Prepared((asked) =>
    replying(asked, () => ({ found: regular(locate(where)), described }))
  );
}

/**
 * A folder as a handler, for a route that takes the rest of a path:
 * `app.get("/static/*path", files("public"))`. The folder is from where the program
 * runs when this is called, and stays there; a `file:` URL will do as well.
 *
 * What is not in the folder is a 404, however the path is spelled; links are
 * followed as long as they stay inside. A folder in it is answered with its index,
 * and never with a list.
 *
 * Each file is served under one spelling of its path, to which all others are
 * redirected (308): nothing is escaped that a path may have as it is, as letters and
 * `'@:`, and all else is, in capitals, as `%C3%A9` and `%5B`. A middleware that
 * guards a part of the folder compares `c.path` with that.
 *
 * The program needs `--allow-read` for the folder.
 *
 * @throws {TypeError} when the folder is a URL of another kind, an option is wrong
 *   or not known; where it is given to a route, when that takes no rest
 *
 * @example
 * ```ts
 * import { files, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/source/*path", files("wire", { cacheControl: "max-age=60" }));
 *
 * const answer = await app.request("/source/date.ts");
 * assertEquals(answer.headers.get("accept-ranges"), "bytes");
 * assertEquals((await answer.text()).includes("Sun, 06 Nov 1994"), true);
 * assertEquals((await app.request("/source/%2e%2e%2fmod.ts")).status, 404);
 * ```
 */
export function files(
  root: string | URL,
  options: FilesOptions = {},
): (input: object, c: Context) => Prepared {
  checkOptions("serve files", options, FILES_OPTIONS);
  const folder = new Folder(pathOf(root), options);
  return wantsRest((_input, c) => {
    const rest = restOf(c);
    return new Prepared((asked) => folder.answer(asked, rest, queryOf(c)));
  });
}

/** A folder that is served. */
class Folder {
  readonly #root: Root;
  readonly #naming: Naming;
  readonly #index: string | false;
  readonly #cacheControl: string | undefined;
  readonly #siblings: Siblings | undefined;

  constructor(root: string | URL, options: FilesOptions) {
    const { index = "index.html", dotfiles = false, precompressed = true } =
      options;
    if (index !== false && namesIn(index, ANY_NAME)?.names.length !== 1) {
      throw new TypeError(
        `Cannot serve ${
          JSON.stringify(index)
        } for a folder: it is no file name`,
      );
    }
    this.#root = new Root(root);
    this.#naming = { dotfiles, windows: SYSTEM.separator === "\\" };
    this.#index = index;
    this.#cacheControl = checked("cache-control", options.cacheControl);
    this.#siblings = precompressed ? new Siblings(this.#root) : undefined;
  }

  answer(asked: Asking, rest: string, query: string): Answer {
    if (asked.method !== "GET" && asked.method !== "HEAD") throw notAllowed();
    const named = namesIn(rest, this.#naming);
    if (named === undefined) throw notFound();
    // Whether it is there is not told before a guard has seen this path.
    const path = canonicalPath(asked.path);
    if (path === undefined || path.startsWith("//")) throw notFound();
    if (path !== asked.path) return redirect(path + query, 308);
    return replying(asked, (now) => {
      const found = this.#root.locate(named.names, now);
      if (!found.info.isDirectory) {
        if (named.folder) throw notFound();
        return this.#choose(regular(found), named.names, asked, now);
      }
      if (this.#index === false) throw notFound();
      const names = [...named.names, this.#index];
      const index = regular(this.#root.locate(names, now));
      return named.folder
        ? this.#choose(index, names, asked, now)
        : redirect(`${asked.path}/${query}`, 308);
    });
  }

  /** The file itself, or one beside it in a coding that the client likes better. */
  #choose(
    found: Found,
    names: readonly string[],
    asked: Asking,
    now: number,
  ): Choice {
    const type = fileType(names.at(-1)!);
    const cacheControl = this.#cacheControl;
    const siblings = this.#siblings;
    if (siblings === undefined || !gains(type)) {
      return { found, described: { type, cacheControl } };
    }
    const described = { type, cacheControl, vary: "accept-encoding" };
    const field = asked.header("accept-encoding");
    const beside = field === undefined ? [] : siblings.of(names, now);
    if (beside.length > 0) {
      const offers = [...beside.map(({ name }) => name), IDENTITY];
      for (const coding of acceptedCodings(field, offers)) {
        const suffix = beside.find(({ name }) => name === coding)?.suffix;
        if (suffix === undefined) break;
        const coded = fileBeside(this.#root, names, suffix, now);
        if (coded !== undefined && !isStale(coded.info, found.info)) {
          return { found: coded, described: { ...described, coding } };
        }
      }
    }
    return { found, described };
  }
}

/** A file to answer with. */
interface Choice {
  readonly found: Found;
  readonly described: Described;
}

const IDENTITY = "identity";
const ANY_NAME: Naming = { dotfiles: true, windows: false };

/** So often a file may change under our eyes before we give up. */
const MOST_LOOKS = 3;

/** The answer with what `look` finds, which is asked again where it has changed. */
function replying(
  asked: Asking,
  look: (now: number) => Choice | Answer,
): Answer {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const now = Date.now();
    const choice = look(now);
    if (choice instanceof Answer) return choice;
    const answer = replyWith(choice.found, asked, choice.described, now);
    if (answer !== undefined) return answer;
  }
  throw new HttpError(503, "The file is changed faster than it can be opened");
}

/** What was found, if it is a file, and no folder, device, socket or FIFO. */
function regular(found: Found): Found {
  if (!found.info.isFile) throw notFound();
  return found;
}

function notAllowed(): HttpError {
  return new HttpError(405, "Files are there to be read", {
    headers: { allow: "GET, HEAD" },
  });
}

/**
 * What is behind the part of the path that the route spells out, as it was sent.
 * What the router gives in its place is decoded, and `%2F` a slash like any other.
 */
function restOf({ path, route }: Context): string {
  const star = route?.path.lastIndexOf("/*") ?? -1;
  if (route === undefined || star === -1) {
    throw new TypeError(
      `Cannot serve files at "${route?.path ?? path}": ` +
        `a route for files ends with the rest of a path, as "/static/*path"`,
    );
  }
  let start = 0;
  for (let at = 0; at <= star; at++) {
    if (route.path.charCodeAt(at) === SLASH) {
      start = path.indexOf("/", start) + 1;
    }
  }
  return path.slice(start);
}

const SLASH = 0x2F;

/** The query as it was sent, with its question mark. */
function queryOf({ target }: Context): string {
  const at = target.indexOf("?");
  return at === -1 ? "" : target.slice(at);
}

/** `import.meta.resolve` gives a URL as text. */
function pathOf(path: string | URL): string | URL {
  if (typeof path !== "string" && !(path instanceof URL)) {
    throw new TypeError(
      `Cannot read files at ${path}: a path is text or a file: URL`,
    );
  }
  if (typeof path === "string" && !path.startsWith("file:")) return path;
  const url = new URL(path);
  if (url.protocol === "file:") return url;
  throw new TypeError(
    `Cannot read files at a URL of the scheme ${url.protocol}`,
  );
}

/** The name of a file; that in a URL is percent-encoded, and on the disk it is not. */
function nameOf(path: string | URL): string {
  if (typeof path === "string") return path.split(/[/\\]/).at(-1)!;
  const last = path.pathname.split("/").at(-1)!;
  return decodeSegment(last) ?? last;
}

/** A value for a field, as long as it can be sent. */
function checked(name: string, value: string | undefined): string | undefined {
  const wrong = value === undefined ? undefined : checkFieldLine(name, value);
  if (wrong !== undefined) throw new TypeError(wrong);
  return value;
}
