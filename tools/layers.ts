/**
 * Who may import whom, as data.
 *
 * A file imports only from rows above its own. `tests/layers_test.ts` holds the
 * sources to it, and `deno task check:pure` asks this file which of them must
 * compile without Deno:
 *
 * ```sh
 * deno run --allow-read tools/layers.ts 5 # the files of rows 0 to 5
 * ```
 *
 * @module
 */

/** One row of the house. */
export interface Row {
  readonly name: string;
  /** The files that live here, as paths from the root. */
  readonly files: RegExp;
  /** Files of this row may import each other, as long as nothing goes round. */
  readonly together?: true;
  /** Nothing waits here: no `async`, no `await`. */
  readonly synchronous?: true;
  /** Neither clock nor chance, unless handed in, so that a test is a table. */
  readonly timeless?: true;
  /** `Deno` and `node:` may be named here. */
  readonly world?: true;
}

/**
 * Highest first. A new file needs a row, or the layers test fails. The parts of a
 * file of the root live in the folder of its name and in its row: `connection.ts`
 * imports from `connection/`, and nothing of `router/`.
 */
export const LAYERS: readonly Row[] = [
  {
    name: "values",
    files: /^(errors|limits|messages)\.ts$/,
    together: true,
    synchronous: true,
    timeless: true,
  },
  {
    name: "codecs",
    files: /^(wire|routing)\//,
    together: true,
    synchronous: true,
    timeless: true,
  },
  {
    name: "machines",
    files: /^(parser|writer)(\.ts$|\/)/,
    synchronous: true,
    timeless: true,
  },
  { name: "messages", files: /^(request|response)(\.ts$|\/)/ },
  // Types alone, so that middleware can be written without knowing the router.
  { name: "words", files: /^router\/types\.ts$/ },
  {
    name: "siblings",
    files:
      /^(connection|router)(\.ts$|\/)|^middleware\/(?!compress(\.ts$|\/))|^features\/(?!files(\.ts$|\/)|testing\.ts$)/,
  },
  {
    name: "world",
    files:
      /^server(\.ts$|\/)|^middleware\/compress(\.ts$|\/)|^features\/(files(\.ts$|\/)|testing\.ts$)/,
    world: true,
  },
  { name: "door", files: /^mod\.ts$/ },
];

/** The file that has a folder of parts, and that `file` is or is a part of. */
export function spineOf(file: string): string | undefined {
  return /^(parser|writer|request|response|connection|router|server|middleware\/compress|features\/files)(?=\.ts$|\/)/
    .exec(file)?.[0];
}

/** Folders that are not the package: they may import what they like. */
const OUTSIDE = new Set([
  "bench",
  "docs",
  "examples",
  "node_modules",
  "testing",
  "tests",
  "tools",
]);

/** The row of `file`, or -1 for a file that has none. */
export function rowOf(file: string): number {
  return LAYERS.findIndex((row) => row.files.test(file));
}

/** Every source of the package below `root`, as sorted paths from there. */
export async function sources(root: URL): Promise<string[]> {
  const files = await walk(root, "");
  return files.filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .filter((file) => !/_test\.[jt]sx?$/.test(file)).sort();
}

async function walk(root: URL, folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, root))
  ) {
    if (name.startsWith(".")) continue;
    if (!isDirectory) files.push(folder + name);
    else if (folder !== "" || !OUTSIDE.has(name)) {
      files.push(...await walk(root, `${folder}${name}/`));
    }
  }
  return files;
}

if (import.meta.main) {
  const last = Number(Deno.args[0]);
  const files = await sources(new URL("../", import.meta.url));
  const wanted = files.filter((file) =>
    rowOf(file) !== -1 && rowOf(file) <= last
  );
  console.log(wanted.join(" "));
}
