/**
 * All the routes of an application as one tree, and how a path finds its way.
 *
 * It is a radix tree: what paths have in common is compared once. Nodes end
 * anywhere in a literal; behind a slash a node may also have what stands for a
 * whole segment. The routes for `/`, `/songs`, `/songs/new`, `/songs/:id` and
 * `/songs/:id/parts/*rest`:
 *
 * ```text
 * / GET
 *   songs GET
 *     /
 *       new GET
 *       : GET
 *         /parts/
 *           * GET
 * ```
 *
 * Wherever there is a choice, the branch that says more is tried first: literal,
 * kinds by rank, `:name`, `:name?`, `*rest`. When it leads nowhere, the next one
 * is (`/songs/newest` is first looked for below `new`). A node has one place, so
 * one path comes to it once at most: a search never takes more steps than there
 * are nodes, whatever the path is. A method is part of the match: a route that
 * says less answers a method that the route that says more does not have.
 *
 * The surprise: a search allocates nothing. Where the parts of the path begin
 * and end is left in {@linkcode Tree.marks}, until the next search.
 *
 * @module
 */

import { type Kind, OWN_RANK } from "./kinds.ts";
import {
  ASTERISK,
  OPTIONAL_RANK,
  type Part,
  type Pattern,
  plain,
  rankOf,
  ties,
  withoutOptional,
} from "./pattern.ts";

/** Where a part that is missing begins and ends. */
const MISSING = -1;

/** Beyond so many letters a slice that is compared costs less than a loop. */
const LONG = 4;

/** The method of a route that answers every method. */
export const ANY = "*";

/** The routes of one node, by method: so few that a list is the fastest map. */
interface Methods<Route> {
  readonly names: string[];
  readonly routes: Route[];
}

/** What stands for one whole segment. */
interface Wild<Route> {
  readonly kind: Kind | undefined;
  readonly rank: number;
  /** What comes behind the segment; nothing does behind an optional one. */
  readonly node: Node<Route>;
}

/** What a search is for. */
interface Asked {
  method: string;
  /** Whether the path is in the spelling of `canonical`. */
  encoded: boolean;
  /** Takes the methods of all that the path leads to, instead of one route. */
  readonly seen: Set<string> | undefined;
}

interface Node<Route> {
  /** What this node adds to the text of those above it. */
  text: string;
  /** The nodes below by the first letter of their text, from `base` on. */
  base: number;
  kids: (Node<Route> | undefined)[];
  /** Those whose first letter is beyond ASCII. */
  far: Map<number, Node<Route>> | undefined;
  /** In the order in which they are tried; only behind a slash. */
  readonly wilds: Wild<Route>[];
  /** What is behind `:name`, where nothing else stands for a segment. */
  only: Node<Route> | undefined;
  /** Whether there is more to try than the literals. */
  forks: boolean;
  /** The routes that end here. */
  end: Methods<Route> | undefined;
  /** Those whose optional part would come next. */
  absent: Methods<Route> | undefined;
  /** Those that take all that is left. */
  rest: Methods<Route> | undefined;
}

/** The routes of an application, by path and method. */
export class Tree<Route> {
  /** Every method that some route answers. */
  readonly methods: Set<string> = new Set();
  /**
   * After a search: where the part at index `n` begins and ends, at `2n` and
   * `2n + 1`; it begins at -1 where it is missing.
   */
  marks: Int32Array = new Int32Array(16);
  /** After a search: what the kinds made of the parts. */
  readonly values: unknown[] = [];
  readonly #root: Node<Route> = nodeOf("");
  /** One for all searches, so that none is made for each. */
  readonly #asked: Asked = { method: "", encoded: false, seen: undefined };
  readonly #asterisk: Node<Route> = nodeOf(ASTERISK);
  /** Routes with kinds of one's own, which the tree cannot tell apart. */
  readonly #own: [method: string, pattern: Pattern, route: Route][] = [];

  /** Adds a route, or gives the one that it ties with. */
  add(method: string, pattern: Pattern, route: Route): Route | undefined {
    const slots = this.#slots(pattern);
    const other = this.#taken(slots, method, pattern);
    if (other !== undefined) return other;
    for (const { names, routes } of slots) {
      names.push(method);
      routes.push(route);
    }
    if (hasOwnKind(pattern)) this.#own.push([method, pattern, route]);
    if (this.marks.length < 2 * pattern.parts.length) {
      this.marks = new Int32Array(2 * pattern.parts.length);
    }
    this.methods.add(method);
    return undefined;
  }

  /** Whether code of the application looks at paths. */
  get hasOwnKinds(): boolean {
    return this.#own.length > 0;
  }

  /**
   * The route for a method and a path. `encoded` says that the path is in the
   * spelling of `canonical`, rather than without a `%`.
   */
  find(method: string, path: string, encoded = false): Route | undefined {
    const asked = this.#asked;
    asked.method = method;
    asked.encoded = encoded;
    if (path === ASTERISK || method === "CONNECT") {
      return pick(this.#asterisk.end, asked);
    }
    return search(this, this.#root, path, 0, 0, asked);
  }

  /** The methods of every route that the path leads to. */
  allowed(path: string, encoded = false): Set<string> {
    const seen = new Set<string>();
    search(this, this.#root, path, 0, 0, { method: "", encoded, seen });
    return seen;
  }

  /** The tree as indented text. */
  toString(): string {
    const lines = this.#root.kids.flatMap((kid) => kid ? drawn(kid, "") : []);
    const { end } = this.#asterisk;
    return [...lines, ...end ? [`${ASTERISK}${methodsOf(end)}`] : []].join(
      "\n",
    );
  }

  /** Where the routes of a pattern are kept: one place, or two with an optional part. */
  #slots(pattern: Pattern): Methods<Route>[] {
    if (pattern.text === ASTERISK) return [slot(this.#asterisk, "end")];
    const last = pattern.parts.at(-1);
    if (last?.type === "rest") {
      const node = locate(this.#root, pattern.parts);
      const rest = slot(node, "rest");
      forked(node);
      return [rest];
    }
    const present = slot(locate(this.#root, pattern.parts), "end");
    const short = withoutOptional(pattern);
    if (!short) return [present];
    return [present, slot(locate(this.#root, short.parts), "absent")];
  }

  #taken(
    slots: readonly Methods<Route>[],
    method: string,
    pattern: Pattern,
  ): Route | undefined {
    for (const { names, routes } of slots) {
      const at = names.indexOf(method);
      if (at !== -1) return routes[at];
    }
    if (!hasOwnKind(pattern)) return undefined;
    return this.#own.find(([other, like]) =>
      other === method && ties(like, pattern)
    )?.[2];
  }
}

function nodeOf<Route>(text: string): Node<Route> {
  return {
    text,
    base: 0,
    kids: [],
    far: undefined,
    wilds: [],
    only: undefined,
    forks: false,
    end: undefined,
    absent: undefined,
    rest: undefined,
  };
}

function slot<Route>(
  node: Node<Route>,
  which: "end" | "absent" | "rest",
): Methods<Route> {
  return node[which] ??= { names: [], routes: [] };
}

function hasOwnKind(pattern: Pattern): boolean {
  return pattern.parts.some((part) =>
    part.type === "param" && part.kind?.rank === OWN_RANK
  );
}

/** The node at the end of a pattern; before its rest, where it has one. */
function locate<Route>(root: Node<Route>, parts: readonly Part[]): Node<Route> {
  let node = root;
  let text = "";
  for (const part of parts) {
    text += "/";
    if (part.type === "literal") {
      text += part.text;
      continue;
    }
    node = descend(node, text);
    text = "";
    if (part.type === "param") node = wild(node, part.kind, rankOf(part));
  }
  return descend(node, text);
}

/** The node where `text` ends below `node`; nodes on the way are split. */
function descend<Route>(node: Node<Route>, text: string): Node<Route> {
  if (text === "") return node;
  const kid = kidAt(node, text.charCodeAt(0));
  if (!kid) return addKid(node, nodeOf(text));
  const same = common(kid.text, text);
  if (same === kid.text.length) return descend(kid, text.slice(same));
  const upper = addKid(node, nodeOf<Route>(text.slice(0, same)));
  kid.text = kid.text.slice(same);
  addKid(upper, kid);
  return descend(upper, text.slice(same));
}

function common(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

/** Puts a node below another, in the place of one with the same first letter. */
function addKid<Route>(node: Node<Route>, kid: Node<Route>): Node<Route> {
  const code = kid.text.charCodeAt(0);
  if (code > 0x7F) {
    (node.far ??= new Map()).set(code, kid);
    return kid;
  }
  const { base, kids } = node;
  const first = kids.length === 0 ? code : Math.min(base, code);
  const last = Math.max(base + kids.length - 1, code);
  // No holes: V8 looks a hole up in the prototypes.
  node.kids = Array.from(
    { length: last - first + 1 },
    (_, i) => first + i === code ? kid : kids[first + i - base],
  );
  node.base = first;
  return kid;
}

function kidAt<Route>(
  node: Node<Route>,
  code: number,
): Node<Route> | undefined {
  const at = code - node.base;
  if (at >= 0 && at < node.kids.length) return node.kids[at];
  return code > 0x7F ? node.far?.get(code) : undefined;
}

function wild<Route>(
  node: Node<Route>,
  kind: Kind | undefined,
  rank: number,
): Node<Route> {
  const same = (other: Wild<Route>) =>
    other.rank === rank && other.kind?.parse === kind?.parse;
  const known = node.wilds.find(same);
  if (known) return known.node;
  const added = { kind, rank, node: nodeOf<Route>("") };
  node.wilds.push(added);
  node.wilds.sort((a, b) => a.rank - b.rank);
  forked(node);
  return added.node;
}

/** Notes what a search has to know when it comes to a node with more than literals. */
function forked<Route>(node: Node<Route>): void {
  const [first, ...others] = node.wilds;
  const alone = first && !first.kind && others.length === 0 && !node.rest;
  node.only = alone ? first.node : undefined;
  node.forks = true;
}

/**
 * The route below `node` for the path from `i` on. It goes down in a loop, and
 * calls itself only where it may have to come back.
 */
function search<Route>(
  tree: Tree<Route>,
  node: Node<Route>,
  path: string,
  i: number,
  depth: number,
  asked: Asked,
): Route | undefined {
  while (i < path.length) {
    const kid = kidAt(node, path.charCodeAt(i));
    const next = kid !== undefined && follows(path, kid.text, i);
    if (!node.forks) {
      if (!next) return undefined;
      node = kid;
      i += kid.text.length;
      continue;
    }
    if (next) {
      const found = search(tree, kid, path, i + kid.text.length, depth, asked);
      if (found !== undefined) return found;
    }
    if (node.only === undefined) {
      return searchWild(tree, node, path, i, depth, asked);
    }
    const end = segmentEnd(path, i);
    if (end === i) return undefined;
    mark(tree, depth++, i, end);
    node = node.only;
    i = end;
  }
  return atEnd(tree, node, i, depth, asked);
}

/** Where several things may stand for the segment: each in its turn. */
function searchWild<Route>(
  tree: Tree<Route>,
  node: Node<Route>,
  path: string,
  i: number,
  depth: number,
  asked: Asked,
): Route | undefined {
  const { wilds } = node;
  const end = wilds.length > 0 ? segmentEnd(path, i) : i;
  for (let w = 0; w < wilds.length && end > i; w++) {
    const { kind, node: below } = wilds[w]!;
    if (kind !== undefined) {
      const text = path.slice(i, end);
      const value = kind.parse(asked.encoded ? plain(text) : text);
      if (value === undefined) continue;
      tree.values[depth] = value;
    }
    mark(tree, depth, i, end);
    const found = search(tree, below, path, end, depth + 1, asked);
    if (found !== undefined) return found;
  }
  if (node.rest === undefined) return undefined;
  mark(tree, depth, i, path.length);
  return pick(node.rest, asked);
}

function atEnd<Route>(
  tree: Tree<Route>,
  node: Node<Route>,
  i: number,
  depth: number,
  asked: Asked,
): Route | undefined {
  const found = pick(node.end, asked);
  if (found !== undefined) return found;
  if (node.absent !== undefined) {
    mark(tree, depth, MISSING, MISSING);
    const found = pick(node.absent, asked);
    if (found !== undefined) return found;
  }
  if (node.rest === undefined) return undefined;
  mark(tree, depth, i, i);
  return pick(node.rest, asked);
}

function mark(
  { marks }: { readonly marks: Int32Array },
  depth: number,
  start: number,
  end: number,
): void {
  marks[2 * depth] = start;
  marks[2 * depth + 1] = end;
}

/** A native search, which is faster than a loop from about six letters on. */
function segmentEnd(path: string, i: number): number {
  const end = path.indexOf("/", i);
  return end === -1 ? path.length : end;
}

/** The first letter is known to be the same. */
function follows(path: string, text: string, i: number): boolean {
  const { length } = text;
  if (length > LONG) return path.slice(i, i + length) === text;
  if (i + length > path.length) return false;
  for (let k = 1; k < length; k++) {
    if (path.charCodeAt(i + k) !== text.charCodeAt(k)) return false;
  }
  return true;
}

/** HEAD follows GET (RFC 9110 §9.3.2); a route for any method comes last. */
function pick<Route>(
  methods: Methods<Route> | undefined,
  { method, seen }: Asked,
): Route | undefined {
  if (methods === undefined) return undefined;
  const { names, routes } = methods;
  for (let i = 0; i < names.length; i++) {
    if (names[i] === method) return routes[i];
  }
  if (seen !== undefined) {
    for (const name of names) seen.add(name);
    return undefined;
  }
  const at = names.indexOf(
    method === "HEAD" && names.includes("GET") ? "GET" : ANY,
  );
  return at === -1 ? undefined : routes[at];
}

function drawn<Route>(node: Node<Route>, indent: string): string[] {
  const deeper = `${indent}  `;
  const kids = [...node.kids, ...node.far?.values() ?? []];
  return [
    `${indent}${node.text}${methodsOf(node.end)}`,
    ...node.absent ? [`${deeper}-${methodsOf(node.absent)}`] : [],
    ...kids.flatMap((kid) => kid ? drawn(kid, deeper) : []),
    ...node.wilds.flatMap((wild) => drawnWild(wild, deeper)),
    ...node.rest ? [`${deeper}*${methodsOf(node.rest)}`] : [],
  ];
}

function drawnWild<Route>(wild: Wild<Route>, indent: string): string[] {
  const kind = wild.kind ? `<${wild.kind.name}>` : "";
  const mark = wild.rank >= OPTIONAL_RANK ? "?" : "";
  const [own, ...below] = drawn(wild.node, indent);
  return [
    `${indent}:${kind}${mark}${own!.trimStart() && " " + own!.trim()}`,
    ...below,
  ];
}

function methodsOf<Route>(methods: Methods<Route> | undefined): string {
  return methods ? ` ${methods.names.toSorted().join(" ")}` : "";
}
