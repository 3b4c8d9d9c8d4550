import { assert, assertEquals } from "@std/assert";
import { inputReader, NO_INPUT } from "../../routing/input.ts";
import { readKinds } from "../../routing/kinds.ts";
import {
  canonical,
  matchPattern,
  OPTIONAL_RANK,
  type Pattern,
  rankOf,
  readPattern,
} from "../../routing/pattern.ts";
import { ANY, Tree } from "../../routing/tree.ts";

const KINDS = readKinds({
  slug: (text) => /^[a-c-]+$/.test(text) ? text : undefined,
});

interface Route {
  readonly method: string;
  readonly pattern: Pattern;
}

/** `GET /a`, or `/a` for the same. */
function route(line: string): Route {
  const [method, path] = line.includes(" ") ? line.split(" ") : ["GET", line];
  return { method: method!, pattern: readPattern(path!, KINDS) };
}

function treeOf(lines: readonly string[]): Tree<Route> {
  const tree = new Tree<Route>();
  for (const line of lines) {
    const added = route(line);
    const other = tree.add(added.method, added.pattern, added);
    assertEquals([line, other], [line, undefined]);
  }
  return tree;
}

/** What the tree makes of a request: the route and its input. */
function ask(tree: Tree<Route>, method: string, path: string): unknown {
  const spelled = canonical(path)!;
  const found = tree.find(method, spelled, true);
  if (!found) return undefined;
  const input = inputReader(found.pattern)?.(tree, spelled, true) ?? NO_INPUT;
  return [`${found.method} ${found.pattern.text}`, input];
}

/** Every order of a list. */
function* orders<Item>(items: readonly Item[]): Iterable<Item[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of orders(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

const DRAWINGS: [name: string, routes: string[], drawing: string][] = [
  ["one route", ["/songs"], "/songs GET"],
  [
    "what has a beginning in common",
    [
      "/",
      "/songs",
      "/songs/new",
      "/songs/:id",
      "/songs/:id/parts/*rest",
      "/soap",
    ],
    `
/ GET
  so
    ap GET
    ngs GET
      /
        new GET
        : GET
          /parts/
            * GET`,
  ],
  [
    "methods, kinds in their order, and parts that may be missing",
    ["/a/:x", "POST /a/:y", "/a/:n<num>", "/a/:i<int>", "/a/:o?", "* /a/*r"],
    `
/a
  - GET
  /
    :<int> GET
    :<num> GET
    : GET POST
    :? GET
    * *`,
  ],
  [
    "letters beyond ASCII and the target that is no path",
    ["/日本", "/日記", "/é", "OPTIONS *"],
    `
/
  日
    本 GET
    記 GET
  é GET
* OPTIONS`,
  ],
];

Deno.test.each(DRAWINGS)("Tree draws %s", (_name, routes, drawing) => {
  for (const order of orders(routes.slice(0, 5))) {
    const tree = treeOf([...order, ...routes.slice(5)]);
    const sorted = (text: string) => text.trim().split("\n").toSorted();
    assertEquals(sorted(String(tree)), sorted(drawing));
  }
  assertEquals(String(treeOf(routes)), drawing.trim());
});

/** Routes, a request, and which route answers with what. */
const CASES: [routes: string[], request: string, answer: unknown][] = [
  [["/"], "GET /", ["GET /", {}]],
  [["/"], "GET //", undefined],
  [["/a"], "GET /a", ["GET /a", {}]],
  [["/a"], "GET /a/", undefined],
  [["/a"], "GET /A", undefined],
  [["/a/"], "GET /a", undefined],
  [["/a/"], "GET /a/", ["GET /a/", {}]],
  [["/:a"], "GET /", undefined],
  [["/:a"], "GET /x", ["GET /:a", { a: "x" }]],
  [["/:a/:b"], "GET //x", undefined],
  [["/a/:b/c"], "GET /a//c", undefined],
  [["/:a"], "GET /%2F", ["GET /:a", { a: "/" }]],
  [["/:a"], "GET /%252F", ["GET /:a", { a: "%2F" }]],
  [["/:a"], "GET /caf%C3%A9", ["GET /:a", { a: "café" }]],
  [["/café"], "GET /caf%c3%a9", ["GET /café", {}]],
  [["/caf%C3%A9"], "GET /caf%c3%a9", ["GET /caf%C3%A9", {}]],
  [["/cafe"], "GET /%63afe", ["GET /cafe", {}]],
  [["/a/b"], "GET /a%2Fb", undefined],
  [["/a%2fb"], "GET /a%2Fb", ["GET /a%2fb", {}]],
  [["/*r"], "GET /", ["GET /*r", { r: "" }]],
  [["/*r"], "GET //a//", ["GET /*r", { r: "/a//" }]],
  [["/a/*r"], "GET /a", undefined],
  [["/a/*r"], "GET /a/%2E%2fx", ["GET /a/*r", { r: "./x" }]],
  [["/:o?"], "GET /", ["GET /:o?", {}]],
  [["/:o?", "/"], "GET /", ["GET /", {}]],
  [["/a/:o?", "/a"], "GET /a", ["GET /a", {}]],
  [["/a/:o?", "/a/:b"], "GET /a/x", ["GET /a/:b", { b: "x" }]],
  [["/a/:o?", "/a/*r"], "GET /a/x", ["GET /a/:o?", { o: "x" }]],
  [["/a/:o?", "/a/*r"], "GET /a/", ["GET /a/*r", { r: "" }]],
  [["/a/:o<int>?", "/a/*r"], "GET /a/x", ["GET /a/*r", { r: "x" }]],
  [["/:x/:o?"], "GET /a", ["GET /:x/:o?", { x: "a" }]],
  [["/:x/:o?"], "GET /a/b", ["GET /:x/:o?", { x: "a", o: "b" }]],
  [["/n/:a", "/n/:i<int>", "/n/:f<num>"], "GET /n/1", ["GET /n/:i<int>", {
    i: 1,
  }]],
  [["/n/:a", "/n/:i<int>", "/n/:f<num>"], "GET /n/1.5", ["GET /n/:f<num>", {
    f: 1.5,
  }]],
  [["/n/:a", "/n/:i<int>", "/n/:f<num>"], "GET /n/x", ["GET /n/:a", {
    a: "x",
  }]],
  [["/:s<slug>", "/:i<int>"], "GET /ab", ["GET /:s<slug>", { s: "ab" }]],
  [["/:i<int>"], "GET /%37", ["GET /:i<int>", { i: 7 }]],
  // Back from where nothing is.
  [["/songs/new", "/songs/:id"], "GET /songs/newest", ["GET /songs/:id", {
    id: "newest",
  }]],
  [["/a/:x/c", "/:y/b/d"], "GET /a/b/d", ["GET /:y/b/d", { y: "a" }]],
  [["/a/b/c", "/a/*r"], "GET /a/b/x", ["GET /a/*r", { r: "b/x" }]],
  [["/:a<int>/x", "/:b/y"], "GET /7/y", ["GET /:b/y", { b: "7" }]],
  [["/a/:x", "/:y/b"], "GET /a/b", ["GET /a/:x", { x: "b" }]],
  // Methods.
  [["/a"], "HEAD /a", ["GET /a", {}]],
  [["HEAD /a", "/a"], "HEAD /a", ["HEAD /a", {}]],
  [["* /a", "/a"], "HEAD /a", ["GET /a", {}]],
  [["* /a", "/a"], "POST /a", ["* /a", {}]],
  [["POST /a/b", "/a/:x"], "GET /a/b", ["GET /a/:x", { x: "b" }]],
  [["BREW /a"], "BREW /a", ["BREW /a", {}]],
  [["BREW /a"], "brew /a", undefined],
  [["CONNECT *"], "CONNECT a:1", ["CONNECT *", {}]],
  [["CONNECT /a", "* /*r"], "CONNECT /a", undefined],
  [["OPTIONS *"], "OPTIONS *", ["OPTIONS *", {}]],
  [["* /*r"], "OPTIONS *", undefined],
];

Deno.test.each(CASES)("Tree %s finds %s", (routes, request, answer) => {
  const [method, path] = request.split(" ");
  for (const order of orders(routes)) {
    assertEquals(ask(treeOf(order), method!, path!), answer);
  }
});

/** Pairs that cannot stand side by side, and pairs that can. */
const PAIRS: [a: string, b: string, ties: boolean][] = [
  ["/a", "/a", true],
  ["/a", "POST /a", false],
  ["/a", "* /a", false],
  ["/é", "/%C3%A9", true],
  ["/:a", "/:b", true],
  ["/:a/x", "/:b/x", true],
  ["/:a<int>", "/:b<int>", true],
  ["/:a<int>", "/:b", false],
  ["/a/:b?", "/a/:c?", true],
  ["/a/:b<int>?", "/a/:c?", true],
  ["/a/:b?", "/a", false],
  ["/a/:b?", "/a/:b", false],
  ["/*a", "/*b", true],
  ["OPTIONS *", "OPTIONS *", true],
];

Deno.test.each(PAIRS)("Tree.add() of %s and %s", (a, b, ties) => {
  for (const [first, second] of [[a, b], [b, a]] as const) {
    const tree = treeOf([first]);
    const { method, pattern } = route(second);
    const other = tree.add(method, pattern, { method, pattern });
    assertEquals(
      other?.pattern.text,
      ties ? route(first).pattern.text : undefined,
    );
  }
});

Deno.test("Tree.add() changes nothing when it refuses", () => {
  const tree = treeOf(["/a/:b?"]);
  const { method, pattern } = route("/a/:c<int>?");
  assert(tree.add(method, pattern, { method, pattern }));
  assertEquals(ask(tree, "GET", "/a/7"), ["GET /a/:b?", { b: "7" }]);
});

Deno.test("Tree.allowed() gives the methods of all that the path leads to", () => {
  const tree = treeOf(["/a/b", "POST /a/:x", "DELETE /*r", "PUT /a"]);
  const allowed = (path: string) => [...tree.allowed(path)].sort().join(" ");
  assertEquals(allowed("/a/b"), "DELETE GET POST");
  assertEquals(allowed("/a/c"), "DELETE POST");
  assertEquals(allowed("/a"), "DELETE PUT");
  assertEquals([...tree.methods].sort().join(" "), "DELETE GET POST PUT");
});

Deno.test("Tree.find() has room for many parts", () => {
  const names = Array.from({ length: 100 }, (_, i) => `p${i}`);
  const tree = treeOf([`/${names.map((name) => `:${name}`).join("/")}`]);
  const [, input] = ask(tree, "GET", `/${names.join("/")}`) as [string, object];
  assertEquals(Object.values(input), names);
});

/** A random table and requests for it; the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const PARTS = [
  "a",
  "ab",
  "b",
  "é",
  ":p",
  ":p",
  ":p<int>",
  ":p<num>",
  ":p<slug>",
];
const LAST = [...PARTS, "", "*p", ":p?", ":p<int>?"];
const TEXTS = ["a", "ab", "abc", "b", "é", "7", "1.5", "x", "%2F", ""];
const METHODS = ["GET", "GET", "POST", "HEAD", "*"];

function pathOf(
  chance: () => number,
  parts: readonly string[],
  last: readonly string[],
): string {
  const pick = (list: readonly string[]) =>
    list[Math.floor(chance() * list.length)]!;
  const depth = Math.floor(chance() * 4);
  const all = [...Array.from({ length: depth }, () => pick(parts)), pick(last)];
  return "/" + all.map((part, i) => part.replace("p", `p${i}`)).join("/");
}

/**
 * The order in which patterns are tried, by what they say of each segment. Of a
 * part that is missing, its kind says nothing.
 */
function order(a: Route, b: Route, path: string): number {
  const segments = path === "/" ? 0 : path.split("/").length - 1;
  const [left, right] = [a, b].map(({ pattern }) =>
    pattern.parts.map((part, i) =>
      part.type === "param" && part.optional && i >= segments
        ? OPTIONAL_RANK
        : rankOf(part)
    )
  );
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const differ = (left![i] ?? 0) - (right![i] ?? 0);
    if (differ !== 0) return differ;
  }
  return 0;
}

function methodRank(method: string, wanted: string): number {
  return method === wanted ? 0 : method === ANY ? 2 : 1;
}

/** The same answer without a tree: every pattern is tried, and the best is taken. */
function naive(
  routes: readonly Route[],
  method: string,
  path: string,
): unknown {
  const spelled = canonical(path)!;
  const matching = routes.filter((route) =>
    route.method === method || route.method === ANY ||
    route.method === "GET" && method === "HEAD"
  ).filter(({ pattern }) => "input" in matchPattern(pattern, spelled))
    .sort((a, b) =>
      order(a, b, spelled) ||
      methodRank(a.method, method) - methodRank(b.method, method)
    );
  const [best] = matching;
  if (!best) return undefined;
  const outcome = matchPattern(best.pattern, spelled);
  return [
    `${best.method} ${best.pattern.text}`,
    "input" in outcome ? Object.fromEntries(outcome.input) : undefined,
  ];
}

Deno.test("Tree.find() agrees with trying every pattern", () => {
  const chance = random(8);
  let found = 0;
  for (let round = 0; round < 400; round++) {
    const tree = new Tree<Route>();
    const routes: Route[] = [];
    for (let i = 0; i < 25; i++) {
      const method = METHODS[Math.floor(chance() * METHODS.length)]!;
      const added = route(`${method} ${pathOf(chance, PARTS, LAST)}`);
      if (!tree.add(method, added.pattern, added)) routes.push(added);
    }
    for (let i = 0; i < 100; i++) {
      const method = ["GET", "POST", "HEAD", "PUT"][i % 4]!;
      const path = pathOf(chance, TEXTS, TEXTS);
      const wanted = naive(routes, method, path);
      assertEquals([round, path, ask(tree, method, path)], [
        round,
        path,
        wanted,
      ]);
      if (wanted) found++;
    }
  }
  assert(found > 10_000, `only ${found} requests found a route`);
});

Deno.test("Tree.find() takes no more steps than there are nodes", () => {
  let steps = 0;
  const kinds = readKinds({
    any: (text) => {
      steps++;
      return text;
    },
  });
  const tree = new Tree<string>();
  // Every way of writing 10 segments as a kind or a name, and all of them lead
  // to the very end before they turn out to be wrong.
  const depth = 10;
  for (let ways = 0; ways < 2 ** depth; ways++) {
    const parts = Array.from(
      { length: depth },
      (_, i) => ways >> i & 1 ? `:p${i}<any>` : `:p${i}`,
    );
    tree.add("GET", readPattern(`/${parts.join("/")}/end`, kinds), "");
  }
  steps = 0;
  assertEquals(tree.find("GET", "/a".repeat(depth) + "/no"), undefined);
  assertEquals(steps, 2 ** depth - 1); // one for each node that has a kind below

  const narrow = new Tree<string>();
  narrow.add("GET", readPattern(`/${":p<any>"}/end`, kinds), "");
  steps = 0;
  narrow.find("GET", "/a".repeat(4000));
  assertEquals(steps, 1);
});
