/**
 * Routes as they are declared: checked where they are written, by decorators
 * and functions alike.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { isToken } from "../wire/octets.ts";
import type { ErrorClass } from "./catchers.ts";
import { BUILT_IN, type Kind } from "./kinds.ts";
import {
  addNote,
  type BoundNote,
  checkTarget,
  classNote,
  notesOf,
  ownClassNote,
  ownNotes,
  setClassNote,
} from "./notes.ts";
import { below, type Pattern, readPattern } from "./pattern.ts";
import { CallSite } from "./source.ts";
import { ANY } from "./tree.ts";
import type { AnyMiddleware, EventOptions, RouteOptions } from "./types.ts";

/** The methods that HTTP has; of these a server knows that they are not there. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "QUERY",
  "TRACE",
  "CONNECT",
]);

/** What the routes of a class share: what a `controller()` stands for. */
export interface Group {
  readonly prefix: Pattern | undefined;
  readonly middleware: readonly AnyMiddleware[];
}

/** A route that was declared, and not yet put into a table. */
export interface Declaration {
  readonly method: string;
  readonly pattern: Pattern;
  readonly options: RouteOptions;
  readonly source: CallSite;
  /** Of a route of events, the milliseconds of silence that are its longest. */
  readonly keepAlive: number | undefined;
}

/** A note on a method: a route, or the errors that it answers. */
type NoteText =
  | {
    readonly type: "route";
    readonly route: Declaration;
    readonly group?: Group;
  }
  | { readonly type: "catch"; readonly error: ErrorClass };

/** The options of a route, and what those that are objects may have. */
const OPTION_NAMES = ["body", "query", "returns", "use", "limits", "timeouts"];
const EVENT_OPTION_NAMES = ["query", "use", "timeouts", "keepAlive"];
const BOUND_NAMES = { limits: "body", timeouts: "handler" } as const;

/**
 * Reads what was written of a route.
 *
 * @throws {TypeError} when a part of it makes no sense, with the reason
 */
export function declare(
  method: string,
  path: string,
  options: RouteOptions,
  kinds: ReadonlyMap<string, Kind>,
): Declaration {
  checkMethod(method);
  checkOptions(path, options, OPTION_NAMES);
  return {
    method,
    pattern: readPattern(path, kinds),
    options,
    source: new CallSite(),
    keepAlive: undefined,
  };
}

/**
 * Reads what was written of a route of events.
 *
 * @throws {TypeError} as {@linkcode declare}
 */
export function declareEvents(
  path: string,
  options: EventOptions,
  kinds: ReadonlyMap<string, Kind>,
): Declaration {
  checkOptions(path, options, EVENT_OPTION_NAMES);
  const { keepAlive = FIXED.keepAlive.default, ...rest } = options;
  if (!(typeof keepAlive === "number" && keepAlive > 0)) {
    throw new TypeError(
      `Cannot route "${path}": "keepAlive" is no number of milliseconds above 0`,
    );
  }
  return { ...declare("GET", path, rest, kinds), keepAlive };
}

/** Handlers that want the rest of a path. */
const WANT_REST: WeakSet<object> = new WeakSet();

/** Marks a handler whose route has to end with the rest of a path. */
export function wantsRest<Handler extends object>(
  handler: Handler,
): Handler {
  WANT_REST.add(handler);
  return handler;
}

/**
 * Sees that a handler gets the rest of a path where it wants one.
 *
 * @throws {TypeError} where the route ends otherwise
 */
export function checkRest(
  handler: object,
  { pattern }: Declaration,
): void {
  if (!WANT_REST.has(handler) || pattern.parts.at(-1)?.type === "rest") return;
  throw new TypeError(
    `Cannot route "${pattern.text}" to files(): the path has to end with a rest, ` +
      `as "/static/*path"`,
  );
}

function checkMethod(method: string): void {
  if (typeof method !== "string") {
    throw new TypeError(
      `Cannot route a method that is ${described(method)}: name one, as "GET"`,
    );
  }
  if (KNOWN_METHODS.has(method) || method === ANY) return;
  if (!isToken(method)) {
    throw new TypeError(`Cannot route the method "${method}": it is no token`);
  }
  if (KNOWN_METHODS.has(method.toUpperCase())) {
    throw new TypeError(
      `Cannot route the method "${method}": it is written in capitals`,
    );
  }
}

function checkOptions(
  path: string,
  options: RouteOptions,
  names: readonly string[],
): void {
  const refuse = (reason: string) =>
    new TypeError(`Cannot route "${path}": ${reason}`);
  if (typeof options !== "object" || options === null) {
    throw refuse(
      `its options are ${described(options)}; middleware goes in { use: [] }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw refuse(`there is no option "${name}"`);
    }
  }
  for (const name of ["body", "query", "returns"] as const) {
    const schema = options[name];
    if (schema !== undefined && !schema?.["~standard"]) {
      throw refuse(`"${name}" is no Standard Schema`);
    }
  }
  for (const [option, only] of Object.entries(BOUND_NAMES)) {
    const bounds = options[option as keyof typeof BOUND_NAMES] ?? {};
    for (const [name, bound] of Object.entries(bounds)) {
      if (name !== only) throw refuse(`there is no bound "${option}.${name}"`);
      if (bound !== undefined && !(typeof bound === "number" && bound >= 0)) {
        throw refuse(`a bound of ${bound} is no number from 0`);
      }
    }
  }
  const { use = [] } = options;
  if (!Array.isArray(use)) throw refuse(`"use" is ${described(use)}, no list`);
  use.forEach((each) => checkFunction("middleware", each));
}

/**
 * Checks that something is a function that can be called.
 *
 * @throws {TypeError} when it is not, or is a class
 */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value === "function" && !isClass(value)) return;
  throw new TypeError(`Cannot take ${described(value)} for ${what}`);
}

/** A class cannot be called, and its prototype cannot be replaced. */
export function isClass(value: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  return prototype?.writable === false;
}

/** What a value is, with its article. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === "function") {
    return isClass(value) ? "a class" : "a function";
  }
  if (Array.isArray(value)) return "an array";
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

/** What a decorator for methods does at run time. */
export type MethodDecorator = (handler: unknown, context: unknown) => void;

/**
 * A decorator that makes a route of a method.
 *
 * @throws {TypeError} when the path makes no sense, as it is or in its group
 */
export function routeDecorator(
  shown: string,
  [method, path, options = {}]: [string, string, RouteOptions | undefined],
  group?: Group,
  kinds: ReadonlyMap<string, Kind> = BUILT_IN,
  events = false,
): MethodDecorator {
  if (typeof path === "function") {
    throw new TypeError(
      `Cannot decorate with ${shown} alone: it takes a path, as ${shown}("/")`,
    );
  }
  const own = group && path === "" ? "/" : path;
  const route = events
    ? declareEvents(own, options, kinds)
    : declare(method, own, options, kinds);
  below(group?.prefix, route.pattern);
  return (_handler, context) => {
    checkTarget(`${shown}("${path}")`, context, "method");
    addNote<NoteText>(context, {
      type: "route",
      route,
      ...group && { group },
    });
  };
}

/** A decorator that lets a method answer errors. */
export function catchDecorator(error: ErrorClass): MethodDecorator {
  if (typeof error !== "function") {
    throw new TypeError(`Cannot catch ${described(error)}: it is no class`);
  }
  return (_handler, context) => {
    checkTarget("@catches", context, "method");
    addNote<NoteText>(context, { type: "catch", error });
  };
}

/** What the decorator of a group does to a class. */
export function decorateClass(group: Group, given: readonly unknown[]): void {
  if (given.length === 0) {
    throw new TypeError(
      "Cannot call a controller: put it above the class as it is, @api",
    );
  }
  const context = given[1];
  checkTarget("a controller", context, "class");
  if (ownClassNote(context.metadata) !== undefined) {
    throw new TypeError(
      `Cannot decorate the class ${String(context.name)}: ` +
        "it has a controller already",
    );
  }
  const other = ownNotes<NoteText>(context.metadata).find(({ what }) =>
    what.type === "route" && what.group !== undefined && what.group !== group
  );
  if (other) {
    throw new TypeError(
      `Cannot decorate the class ${String(context.name)}: its method ` +
        `"${String(other.target.name)}" is of another controller`,
    );
  }
  setClassNote(context, group);
}

/** A route of a controller, with the method that answers it. */
export interface BoundRoute extends BoundNote<unknown> {
  readonly route: Declaration;
  readonly group: Group | undefined;
}

/** What the decorators noted on the class of an instance. */
export interface Noted {
  readonly routes: readonly BoundRoute[];
  readonly catchers: readonly {
    readonly type: ErrorClass;
    readonly handle: BoundNote<unknown>["call"];
  }[];
}

/**
 * Everything that decorators noted on the class of an instance.
 *
 * @throws {TypeError} when there is no route, or a class was given for an instance
 */
export function readNotes(instance: object): Noted {
  if (typeof instance === "function" && isClass(instance)) {
    throw new TypeError(
      `Cannot mount the class ${instance.name}: give an instance of it, ` +
        `new ${instance.name}()`,
    );
  }
  if (typeof instance !== "object" || instance === null) {
    throw new TypeError(
      `Cannot mount ${described(instance)}: give a Router, ` +
        "or an instance of a class with decorated methods",
    );
  }
  const group = classNote<Group>(instance);
  const routes: BoundRoute[] = [];
  const catchers: Noted["catchers"][number][] = [];
  for (const note of notesOf<NoteText>(instance)) {
    const { what, call } = note;
    if (what.type === "catch") {
      catchers.push({ type: what.error, handle: call });
    } else {
      routes.push({ ...note, ...grouped(what.route, what.group ?? group) });
    }
  }
  if (routes.length === 0) {
    throw new TypeError(
      `Cannot mount an instance of ${
        instance.constructor?.name || "no class"
      }: it has no routes; give a Router, ` +
        "or an instance of a class with decorated methods",
    );
  }
  return { routes, catchers };
}

/**
 * The pattern of a route below a prefix.
 *
 * @throws {TypeError} with the place of the route, where it cannot be there
 */
export function belowOf(
  prefix: Pattern | undefined,
  { pattern, source }: Pick<Declaration, "pattern" | "source">,
): Pattern {
  try {
    return below(prefix, pattern);
  } catch (error) {
    const place = `${source}`;
    if (error instanceof TypeError && place !== "") {
      error.message += `, which was declared at ${place}`;
    }
    throw error;
  }
}

function grouped(
  route: Declaration,
  group: Group | undefined,
): { route: Declaration; group: Group | undefined } {
  const pattern = belowOf(group?.prefix, route);
  return { route: { ...route, pattern }, group };
}
