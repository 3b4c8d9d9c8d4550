/**
 * What the compiler must refuse, and in which words.
 *
 * A fixture is any file below `tests/types/`. A statement that must not compile
 * stands behind a comment with a part of what the compiler says of it:
 *
 * ```text
 * // ✗ 'song' is missing in type '{ id: string; }'
 * @get("/songs/:id")
 * show({ song }: { song: string }) {}
 * ```
 *
 * The error has to start between the comment and the next blank line or `✗`.
 * Two comments in a row await two errors there. An error that nothing awaits
 * fails the test as well, so what stands behind no comment must compile.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";

const FIXTURES = new URL("types/", import.meta.url);
const MARK = /^\s*\/\/ ✗ (.+)$/;

/** An error of the compiler. */
interface Said {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** An error that a fixture awaits on one of the lines `from` to `to`. */
interface Awaited {
  readonly file: string;
  readonly line: number;
  readonly part: string;
  readonly from: number;
  readonly to: number;
}

/** What the comments of a fixture await. Lines count from 1, as the compiler's. */
function awaited(file: string, text: string): Awaited[] {
  const lines = text.split("\n");
  const isMark = (line: number) => MARK.test(lines[line - 1] ?? "");
  const isBlank = (line: number) => (lines[line - 1] ?? "").trim() === "";
  return lines.flatMap((text, index) => {
    const part = MARK.exec(text)?.[1]?.trim();
    if (part === undefined) return [];
    let from = index + 2;
    while (isMark(from)) from++;
    let to = from;
    while (!isBlank(to + 1) && !isMark(to + 1)) to++;
    return [{ file, line: index + 1, part, from, to }];
  });
}

/** The errors in what `deno check` printed: message, perhaps the line, place. */
function said(output: string): Said[] {
  const error =
    /^TS\d+ \[ERROR\]: ([^]*?)(?:\n.*\n *~+)?\n {4}at (\S+):(\d+):\d+$/gm;
  return Array.from(output.matchAll(error), ([, message, url, line]) => ({
    file: url!.replace(FIXTURES.href, ""),
    line: Number(line),
    message: message!.replace(/\s+/g, " "),
  }));
}

/** Where the compiler and the fixtures disagree, as sentences. */
function disagreements(errors: Said[], marks: Awaited[]): string[] {
  const open = new Set(marks);
  const unawaited = errors.filter((error) => {
    const mark = open.values().find((mark) => answers(error, mark));
    return mark === undefined || !open.delete(mark);
  });
  return [
    ...Array.from(
      open,
      ({ file, line, part }) => `${file}:${line} awaits "${part}" in vain`,
    ),
    ...unawaited.map(({ file, line, message }) =>
      `${file}:${line} does not await "${message}"`
    ),
  ].sort();
}

function answers(error: Said, mark: Awaited): boolean {
  return error.file === mark.file && error.message.includes(mark.part) &&
    error.line >= mark.from && error.line <= mark.to;
}

async function names(folder: URL): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".ts"))
    .sort();
}

/** The compiler's words on `files`, under the options of `deno.json`. */
async function check(files: URL[]): Promise<string> {
  // deno.json excludes the fixtures, so they need a configuration without that.
  const root = new URL("../deno.json", import.meta.url);
  const { compilerOptions } = JSON.parse(await Deno.readTextFile(root));
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const text = JSON.stringify({ compilerOptions, lock: false });
    await Deno.writeTextFile(config, text);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--config", config, ...files.map(({ href }) => href)],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout) + decoder.decode(stderr);
  } finally {
    await Deno.remove(config);
  }
}

Deno.test("the compiler refuses what it must, in the words it must", async () => {
  const files = await names(FIXTURES);
  const output = await check(files.map((name) => new URL(name, FIXTURES)));
  const marks: Awaited[] = [];
  for (const name of files) {
    marks.push(
      ...awaited(name, await Deno.readTextFile(new URL(name, FIXTURES))),
    );
  }
  const errors = said(output);
  assert(errors.length > 0, `deno check found no type error:\n${output}`);
  assertEquals(disagreements(errors, marks), []);
});

/** The harness on made-up fixtures: a wrong one must not pass. */
const CASES: [
  name: string,
  fixture: string,
  errors: string[],
  told: string[],
][] = [
  ["an error in its place", "// ✗ bad\nx\n  y;\n", ["3 bad"], []],
  ["no error", "// ✗ bad\nx;\n", [], ['a.ts:1 awaits "bad" in vain']],
  ["another error", "// ✗ bad\nx;\n", ["2 sad"], [
    'a.ts:1 awaits "bad" in vain',
    'a.ts:2 does not await "sad"',
  ]],
  ["an error more", "// ✗ bad\nx;\n", ["2 bad", "2 bad"], [
    'a.ts:2 does not await "bad"',
  ]],
  ["two errors", "// ✗ bad\n// ✗ sad\nx;\n", ["3 sad", "3 bad"], []],
  ["an error behind a blank line", "// ✗ bad\nx;\n\ny;\n", ["4 bad"], [
    'a.ts:1 awaits "bad" in vain',
    'a.ts:4 does not await "bad"',
  ]],
  ["an error of the next mark", "// ✗ bad\nx;\n// ✗ sad\ny;\n", ["4 sad"], [
    'a.ts:1 awaits "bad" in vain',
  ]],
];

Deno.test.each(CASES)(
  "the harness tells %s",
  (_name, fixture, errors, told) => {
    const output = errors.map((error) => {
      const [line, message] = error.split(" ");
      const url = new URL("a.ts", FIXTURES);
      return `TS1 [ERROR]: ${message}\nx;\n~\n    at ${url}:${line}:1\n`;
    }).join("\n");
    assertEquals(disagreements(said(output), awaited("a.ts", fixture)), told);
  },
);
