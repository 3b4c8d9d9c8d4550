/**
 * The routers that are measured, each behind one function. What it has found is
 * left in `found`, so that nothing is made for the sake of the measurement.
 *
 * @module
 */

import { inputReader, NO_INPUT, type ReadInput } from "../../routing/input.ts";
import { readKinds } from "../../routing/kinds.ts";
import { readPattern } from "../../routing/pattern.ts";
import { mayHide } from "../../routing/table.ts";
import { Tree } from "../../routing/tree.ts";
import type { Route } from "./routes.ts";

/** What a search found: the number of a route, and the parts of its path. */
export const found: { params: Readonly<Record<string, string>> } = {
  params: {},
};

/** The number of the route for a method and a path, or -1. */
export type Find = (method: string, path: string) => number;

const PEERS = {
  "find-my-way": "npm:find-my-way@9.10.1",
  "hono": "npm:hono@4.13.19",
  "memoirist": "npm:memoirist@1.2.2",
  "rou3": "npm:rou3@1.0.0",
};

const NONE = {};

/** Every contender by its name; ours is the first. */
export const CONTENDERS: Readonly<
  Record<string, (routes: readonly Route[]) => Find | Promise<Find>>
> = {
  "no8wire": (routes) => ours(routes, () => false),
  "no8wire, path checked": (routes) => ours(routes, mayHide),
  memoirist,
  rou3,
  "find-my-way": findMyWay,
  "Hono": hono,
};

/**
 * What `router/dispatch.ts` does before it calls. It asks whether a path hides
 * something, an escape or a dot segment; no peer does.
 */
function ours(
  routes: readonly Route[],
  hides: (path: string) => boolean,
): Find {
  const kinds = readKinds();
  const tree = new Tree<{ at: number; read: ReadInput | undefined }>();
  for (const [at, { method, path }] of routes.entries()) {
    const pattern = readPattern(path, kinds);
    tree.add(method, pattern, { at, read: inputReader(pattern) });
  }
  return (method, path) => {
    const leaf = tree.find(method, path);
    if (leaf === undefined) return -1;
    const { read } = leaf;
    const input = read === undefined ? NO_INPUT : read(tree, path, hides(path));
    found.params = input as Record<string, string>;
    return leaf.at;
  };
}

async function memoirist(routes: readonly Route[]): Promise<Find> {
  const { Memoirist } = await import(PEERS.memoirist);
  const router = new Memoirist();
  for (const [at, { method, path }] of routes.entries()) {
    router.add(method, path.replace("*path", "*"), at);
  }
  return (method, path) => {
    const match = router.find(method, path);
    if (match === null) return -1;
    found.params = match.params;
    return match.store;
  };
}

async function rou3(routes: readonly Route[]): Promise<Find> {
  const { addRoute, createRouter, findRoute } = await import(PEERS.rou3);
  const router = createRouter();
  for (const [at, { method, path }] of routes.entries()) {
    addRoute(router, method, path.replace("*path", "**:path"), at);
  }
  return (method, path) => {
    const match = findRoute(router, method, path);
    if (match === undefined) return -1;
    found.params = match.params ?? NONE;
    return match.data;
  };
}

async function findMyWay(routes: readonly Route[]): Promise<Find> {
  const { default: make } = await import(PEERS["find-my-way"]);
  const router = make();
  const handler = () => {};
  for (const [at, { method, path }] of routes.entries()) {
    router.on(method, path.replace("*path", "*"), handler, at);
  }
  return (method, path) => {
    const match = router.find(method, path);
    if (match === null) return -1;
    found.params = match.params;
    return match.store;
  };
}

/** The two routers that `new Hono()` tries, in its order. */
async function hono(routes: readonly Route[]): Promise<Find> {
  const [{ SmartRouter }, { RegExpRouter }, { TrieRouter }] = await Promise.all(
    ["smart-router", "reg-exp-router", "trie-router"].map((name) =>
      import(`${PEERS.hono}/router/${name}`)
    ),
  );
  const router = new SmartRouter({
    routers: [new RegExpRouter(), new TrieRouter()],
  });
  for (const [at, { method, path }] of routes.entries()) {
    router.add(method, path.replace("*path", ":path{.+}"), at);
  }
  return (method, path) => {
    const [handlers, stash] = router.match(method, path);
    if (handlers.length === 0) return -1;
    const [at, names] = handlers[0];
    found.params = stash === undefined ? names : paramsOf(names, stash);
    return at;
  };
}

/** As `c.req.param()` makes them. */
function paramsOf(
  names: Readonly<Record<string, number>>,
  stash: readonly string[],
): Record<string, string> {
  const params: Record<string, string> = {};
  for (const name of Object.keys(names)) {
    const value = stash[names[name]!];
    if (value !== undefined) params[name] = value;
  }
  return params;
}
