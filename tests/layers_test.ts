/**
 * The law of the house: every import goes up the table in `tools/layers.ts`.
 *
 * Deno's own parser reads the sources (a lint plugin that notes what it meets),
 * so comments and strings do not count and no spelling of an import gets past.
 * `import type` counts like any other.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { LAYERS, type Row, rowOf, sources, spineOf } from "../tools/layers.ts";

/** File names and their texts. */
type Files = Record<string, string>;

/** What the law has to know of one file. */
interface Reading {
  /** The modules it names, as it spells them. */
  readonly imports: string[];
  /** What it says that only some rows may: `Deno`, `await`, `Date.now` … */
  readonly words: Set<string>;
}

const TIMED = [
  "Date.now",
  "Math.random",
  "crypto",
  "new Date()",
  "performance",
  "queueMicrotask",
  "setInterval",
  "setTimeout",
];

function read(file: string, text: string): Reading {
  const imports: string[] = [];
  const words = new Set<string>();
  const from = (node: { source: { value: string } | null }) => {
    if (node.source) imports.push(node.source.value);
  };
  const waits = (node: { async: boolean }) => {
    if (node.async) words.add("async");
  };
  const create = (): Deno.lint.LintVisitor => ({
    ImportDeclaration: from,
    ExportAllDeclaration: from,
    ExportNamedDeclaration: from,
    ImportExpression: ({ source }) => {
      imports.push(
        source.type === "Literal" ? `${source.value}` : "(computed)",
      );
    },
    TSImportType: ({ argument }) => {
      const { literal } = argument as Deno.lint.TSLiteralType;
      imports.push("value" in literal ? `${literal.value}` : "(computed)");
    },
    ArrowFunctionExpression: waits,
    FunctionDeclaration: waits,
    FunctionExpression: waits,
    AwaitExpression: () => words.add("await"),
    Identifier: ({ name }) => words.add(name),
    MemberExpression: ({ object, property }) => {
      if (object.type !== "Identifier" || property.type !== "Identifier") {
        return;
      }
      words.add(`${object.name}.${property.name}`);
    },
    NewExpression: ({ callee, arguments: { length } }) => {
      if (callee.type !== "Identifier" || length > 0) return;
      words.add(`new ${callee.name}()`);
    },
  });
  const plugin = { name: "house", rules: { read: { create } } };
  Deno.lint.runPlugin(plugin, file, text);
  return { imports, words };
}

/** Every breach of the law in `files`, as sentences. */
function breaches(files: Files): string[] {
  const found: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [file, text] of Object.entries(files)) {
    const row = LAYERS[rowOf(file)];
    if (row === undefined) {
      found.push(`${file} has no row in tools/layers.ts`);
      continue;
    }
    const { imports, words } = read(file, text);
    found.push(...spoken(row, words).map((word) => `${file} says ${word}`));
    const inside = imports.filter((specifier) => specifier.startsWith("."))
      .map((specifier) => resolve(specifier, file));
    graph.set(file, inside);
    const wrong = [
      ...imports.filter((specifier) => !allowedOutside(row, specifier)),
      ...inside.filter((target) => !above(file, target)),
    ];
    found.push(...wrong.map((target) => `${file} imports ${target}`));
  }
  return [...found, ...cycles(graph)];
}

/** The words among `words` that `row` may not say. */
function spoken(row: Row, words: Set<string>): string[] {
  return [
    ...row.world ? [] : ["Deno"],
    ...row.synchronous ? ["async", "await"] : [],
    ...row.timeless ? TIMED : [],
  ].filter((word) => words.has(word));
}

/** No dependency: our own files, and Node's built-in modules in the world's row. */
function allowedOutside(row: Row, specifier: string): boolean {
  return specifier.startsWith(".") ||
    row.world === true && specifier.startsWith("node:");
}

function resolve(specifier: string, file: string): string {
  return new URL(specifier, `house:/${file}`).pathname.slice(1);
}

function above(file: string, target: string): boolean {
  const [own, other] = [rowOf(file), rowOf(target)];
  if (other === -1) return false;
  if (other !== own) return other < own;
  const spine = spineOf(file);
  return LAYERS[own]?.together === true ||
    spine !== undefined && spine === spineOf(target);
}

/** The first way round through each file that is on one, `a → b → a`. */
function cycles(graph: Map<string, string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" → "));
    }
    if (done.has(file)) return;
    done.add(file);
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

Deno.test("every import goes up, and every row keeps to its words", async () => {
  const root = new URL("../", import.meta.url);
  const files: Files = {};
  for (const file of await sources(root)) {
    files[file] = await Deno.readTextFile(new URL(file, root));
  }
  assertEquals(breaches(files), []);
});

/** Wrong on purpose, so that we know the law has teeth. */
const WRONG: [name: string, files: Files, said: string[]][] = [
  [
    "a codec that knows the router",
    { "wire/a.ts": 'import { Router } from "../router.ts";' },
    ["wire/a.ts imports router.ts"],
  ],
  [
    "a sibling that knows a sibling",
    { "connection.ts": 'import { Router } from "./router.ts";' },
    ["connection.ts imports router.ts"],
  ],
  [
    "a part that knows a sibling, or a part of it",
    {
      "router/a.ts":
        'import "../connection.ts"; import "../connection/b.ts"; import "./c.ts";',
      "middleware/a.ts": 'import "./b.ts";',
    },
    [
      "router/a.ts imports connection.ts",
      "router/a.ts imports connection/b.ts",
      "middleware/a.ts imports middleware/b.ts",
    ],
  ],
  [
    "a middleware that knows more than the words it is written in",
    {
      "middleware/a.ts":
        'import "../router/types.ts"; import "../router.ts"; import "node:zlib";',
      "middleware/compress.ts":
        'import "./compress/a.ts"; import "node:zlib"; import "./a.ts"; import "../server.ts";',
      "router/types.ts": 'import "./scope.ts";',
    },
    [
      "middleware/a.ts imports node:zlib",
      "middleware/a.ts imports router.ts",
      "middleware/compress.ts imports server.ts",
      "router/types.ts imports router/scope.ts",
    ],
  ],
  [
    "a part that goes round through its whole",
    {
      "parser.ts": 'import "./parser/a.ts";',
      "parser/a.ts": 'import "../parser.ts";',
    },
    ["parser.ts → parser/a.ts → parser.ts"],
  ],
  [
    "a type, a second look, a late one and one inside a type",
    {
      "writer.ts": `
        import type { A } from "./server.ts";
        export type { B } from "./request.ts";
        export * from "./mod.ts";
        const late = import("./connection.ts");
        type C = import("./response.ts").C;`,
    },
    ["server", "request", "mod", "connection", "response"]
      .map((name) => `writer.ts imports ${name}.ts`),
  ],
  [
    "a file without a row",
    { "helpers.ts": "" },
    ["helpers.ts has no row in tools/layers.ts"],
  ],
  [
    "a source that knows the tests",
    { "server.ts": 'import { assert } from "./testing/assert.ts";' },
    ["server.ts imports testing/assert.ts"],
  ],
  [
    "dependencies",
    {
      "server.ts": `
        import a from "npm:a"; import b from "jsr:@b/b"; import c from "c";
        import d from "https://d.example/d.ts"; import(somewhere);
        import { Buffer } from "node:buffer";`,
    },
    ["npm:a", "jsr:@b/b", "c", "https://d.example/d.ts", "(computed)"]
      .map((specifier) => `server.ts imports ${specifier}`),
  ],
  [
    "the world in a pure place",
    {
      "router.ts": 'import { Buffer } from "node:buffer"; Deno.exit();',
      "server.ts": "Deno.exit();",
    },
    ["router.ts says Deno", "router.ts imports node:buffer"],
  ],
  [
    "a machine that waits, looks at the clock and rolls dice",
    {
      "parser.ts": "async () => { await 0; new Date(); Math.random(); }",
      "request.ts": "async () => { await 0; new Date(); Math.random(); }",
    },
    ["async", "await", "Math.random", "new Date()"]
      .map((word) => `parser.ts says ${word}`),
  ],
  [
    "codecs that go round",
    {
      "wire/a.ts": 'import "./b.ts";',
      "wire/b.ts": 'import "../wire/c.ts";',
      "wire/c.ts": 'import type { A } from "./a.ts";',
    },
    ["wire/a.ts → wire/b.ts → wire/c.ts → wire/a.ts"],
  ],
  [
    "nothing",
    {
      "wire/a.ts": "// Deno\nexport const a = \"import b from 'npm:b'; Deno\";",
      "wire/b.ts": 'import "./a.ts"; export const d = (ms) => new Date(ms);',
      "parser.ts":
        'import "./wire/b.ts"; import type { L } from "./limits.ts";',
    },
    [],
  ],
];

Deno.test.each(WRONG)("the law finds %s", (_name, files, said) => {
  assertEquals(breaches(files), said);
});
