/**
 * The routes of an application with what is around them, and what is left when
 * none of them answers.
 *
 * A table may be mounted in others: its routes are theirs, also those that are
 * added to it later, under a prefix and inside of what is around the place.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";
import type { RouteInfo } from "../messages.ts";
import { checkPath } from "../wire/path.ts";
import { belowOf, type Declaration, KNOWN_METHODS } from "./declare.ts";
import { explain, tell } from "./explain.ts";
import { inputReader, type ReadInput } from "./input.ts";
import { canonical, type Pattern, sampleOfBoth } from "./pattern.ts";
import { ANY, Tree } from "./tree.ts";

/** A route with its handler and the scopes that it is in, the outermost first. */
export interface Entry<Scope, Handle> extends Declaration {
  readonly name: string;
  readonly handler: Handle;
  readonly scopes: readonly Scope[];
}

/** A route as it stands in one table. */
export interface Leaf<Scope, Handle, Step> extends Entry<Scope, Handle> {
  readonly info: RouteInfo;
  /** Nothing where the path has no parts. */
  readonly read: ReadInput | undefined;
  /** The handler in all that is around it, once somebody asked. */
  step: Step | undefined;
}

/** Where a table is mounted. */
interface Place<Scope, Handle, Step> {
  readonly table: Table<Scope, Handle, Step>;
  readonly prefix: Pattern | undefined;
  readonly scopes: readonly Scope[];
}

/** What answers a request that no route does: which methods would, or where else. */
export type Stray =
  | { readonly type: "methods"; readonly allow: string }
  | { readonly type: "redirect"; readonly location: string };

/** The part of a request that routing looks at. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly target: string;
}

/** All routes of an application. */
export class Table<Scope, Handle, Step> {
  /** What is around all of it, the outermost first. */
  readonly scopes: readonly Scope[];
  /** In the order in which they were added. */
  readonly leaves: Leaf<Scope, Handle, Step>[] = [];
  readonly tree: Tree<Leaf<Scope, Handle, Step>> = new Tree();
  /** What answers requests that no route does, once somebody asked. */
  astray: Step | undefined;
  readonly #places: Place<Scope, Handle, Step>[] = [];

  constructor(scopes: readonly Scope[]) {
    this.scopes = scopes;
  }

  /**
   * Adds a route here and wherever the table is mounted.
   *
   * @throws {TypeError} when another one ties with it
   */
  add(entry: Entry<Scope, Handle>): void {
    const { method, pattern } = entry;
    const info = infoOf(entry);
    const leaf = {
      ...entry,
      info,
      read: inputReader(pattern),
      step: undefined,
    };
    const other = this.tree.add(method, pattern, leaf);
    if (other) throw new TypeError(conflict(entry, other));
    this.leaves.push(leaf);
    for (const place of this.#places) place.table.add(moved(entry, place));
  }

  /**
   * Takes in the routes of another table.
   *
   * @throws {TypeError} when one of them ties with one that is there, or the
   *   tables would contain each other
   */
  mount(
    child: Table<Scope, Handle, Step>,
    prefix: Pattern | undefined,
    scopes: readonly Scope[],
  ): void {
    if (child.#holds(this)) {
      throw new TypeError("Cannot mount a router in itself");
    }
    const place = { table: this, prefix, scopes };
    for (const leaf of child.leaves) this.add(moved(leaf, place));
    child.#places.push(place);
  }

  #holds(other: Table<Scope, Handle, Step>): boolean {
    return other === this ||
      other.#places.some(({ table }) => this.#holds(table));
  }

  /** Forgets the steps: something was put around them. */
  unfold(): void {
    this.astray = undefined;
    for (const leaf of this.leaves) leaf.step = undefined;
    for (const { table } of this.#places) table.unfold();
  }

  /**
   * What answers a request that no route does.
   *
   * @throws {HttpError} 400, 404, 405 or 501 where nothing does
   */
  stray(asked: Asked): Stray {
    const { method } = asked;
    if (asked.path === "*" && method === "OPTIONS") {
      return { type: "methods", allow: listed(this.tree.methods) };
    }
    // CONNECT asks for no resource of ours, so there is no Allow to tell (§9.3.6).
    const known = KNOWN_METHODS.has(method) || this.tree.methods.has(method);
    if (!known || method === "CONNECT") {
      throw new Fault("method-unknown");
    }
    const path = spelling(asked);
    if (path === undefined) throw new Fault("target-path");
    const allowed = this.tree.allowed(path, true);
    if (allowed.size === 0) return this.#elsewhere(asked, path);
    const allow = listed(allowed);
    if (method === "OPTIONS") return { type: "methods", allow };
    throw new HttpError(405, "The method is not allowed here", {
      headers: { allow },
    });
  }

  /** The same path with or without a slash at its end, where a route is there. */
  #elsewhere({ method, path, target }: Asked, spelled: string): Stray {
    const other = toggled(spelled);
    // Never to what begins with two slashes: that would be another host.
    const there = other !== "" && !path.startsWith("//") &&
      (this.tree.find(method, other, true) !== undefined ||
        method === "OPTIONS" && this.tree.allowed(other, true).size > 0);
    if (!there) throw new HttpError(404, "There is nothing here");
    const query = target.indexOf("?");
    const kept = query === -1 ? "" : target.slice(query);
    return { type: "redirect", location: toggled(path) + kept };
  }

  /** Which route answers, and why others do not, for people. */
  explain(method: string, target: string): string {
    const [path] = target.split("?", 1) as [string];
    const spelled = spelling({ method, path });
    const winner = spelled === undefined
      ? undefined
      : this.tree.find(method, spelled, true);
    const said = winner
      ? tell(winner)
      : this.#without({ method, path, target });
    const first = `${method} ${target} is answered by ${said}`;
    const others = spelled === undefined
      ? []
      : explain(this.leaves, method, spelled, winner);
    return [first, ...others].join("\n");
  }

  /** What answers where no route does, in words. */
  #without(asked: Asked): string {
    try {
      const stray = this.stray(asked);
      return stray.type === "redirect"
        ? `no route: 308 to ${stray.location}`
        : `no route: 204 with Allow: ${stray.allow}`;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const allow = error.headers.get("allow");
      return `no route: ${error.status}${
        allow === null ? "" : `, Allow: ${allow}`
      }`;
    }
  }
}

/**
 * The path in the one spelling in which it is searched; `undefined` where it
 * may be read in two ways, or in none.
 */
export function spelling(
  { path, method }: Pick<Asked, "method" | "path">,
): string | undefined {
  if (path === "*" || method === "CONNECT") return path;
  return checkPath(path) === undefined ? canonical(path) : undefined;
}

/**
 * Whether a path has anything that {@linkcode spelling} has to look at. Single
 * letters are found many times faster than two.
 */
export function mayHide(path: string): boolean {
  return path.includes("%") || path.includes("\\") ||
    path.includes(".") && path.includes("/.");
}

function infoOf({ method, pattern, source }: Declaration): RouteInfo {
  return Object.freeze({
    method,
    path: pattern.text,
    get source() {
      return String(source);
    },
  });
}

function toggled(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
}

/** RFC 9110 §10.2.1. HEAD comes with GET, and OPTIONS is always answered. */
function listed(methods: Iterable<string>): string {
  const all = new Set([...methods, "OPTIONS"]);
  if (all.delete(ANY)) {
    for (const method of KNOWN_METHODS) all.add(method);
    // It asks for no resource (RFC 9110 §9.3.6).
    all.delete("CONNECT");
  }
  if (all.has("GET")) all.add("HEAD");
  return [...all].sort().join(", ");
}

function conflict(
  entry: Entry<unknown, unknown>,
  other: Entry<unknown, unknown>,
): string {
  return `Cannot add ${tell(entry)}: ${tell(other)} answers ` +
    `"${
      sampleOfBoth(entry.pattern, other.pattern)
    }" as well, and neither says more`;
}

function moved<Scope, Handle>(
  entry: Entry<Scope, Handle>,
  place: { prefix: Pattern | undefined; scopes: readonly Scope[] },
): Entry<Scope, Handle> {
  // What is around the place may be around the route as it is, once.
  const own = entry.scopes.filter((scope) => !place.scopes.includes(scope));
  return {
    ...entry,
    pattern: belowOf(place.prefix, entry),
    scopes: [...place.scopes, ...own],
  };
}
