/**
 * The decorators: each takes a note on its class, and nothing else. The notes
 * become routes when an instance is mounted.
 *
 * @module
 */

import type { Context as BaseContext } from "../request.ts";
import type { ErrorClass } from "../routing/catchers.ts";
import {
  catchDecorator,
  checkFunction,
  decorateClass,
  type Group,
  routeDecorator,
} from "../routing/declare.ts";
import {
  BUILT_IN,
  type Kind,
  type KindTable,
  readKinds,
} from "../routing/kinds.ts";
import { readPrefix } from "../routing/pattern.ts";
import type {
  AddsOfAll,
  AnyVerb,
  Checked,
  Controller,
  EventOptions,
  EventsVerb,
  Fitting,
  MethodContext,
  PrefixCheck,
  RouteOptions,
  Verb,
} from "../routing/types.ts";
import type { Complete, InlineMiddleware } from "./types.ts";

/** The methods of the decorators, by the names of these. */
const METHODS = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  del: "DELETE",
} as const;

/**
 * Answers GET, and so HEAD (RFC 9110 §9.3), with a method of a controller.
 *
 * @throws {TypeError} when the path is none, or it stands on no method
 *
 * @example
 * ```ts
 * import { get, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * class Hello {
 *   @get("/hello/:name")
 *   greet({ name }: { name: string }) {
 *     return `Hello, ${name}.`;
 *   }
 * }
 *
 * const app = new Router();
 * app.mount("/", new Hello());
 * assertEquals(await (await app.request("/hello/Ada")).text(), "Hello, Ada.");
 * ```
 */
export const get: Verb<"", BaseContext, Complete> = verb("get");
/** Answers POST (RFC 9110 §9.3.3) with a method of a controller; see {@linkcode get}. */
export const post: Verb<"", BaseContext, Complete> = verb("post");
/** Answers PUT (RFC 9110 §9.3.4) with a method of a controller; see {@linkcode get}. */
export const put: Verb<"", BaseContext, Complete> = verb("put");
/** Answers PATCH (RFC 5789) with a method of a controller; see {@linkcode get}. */
export const patch: Verb<"", BaseContext, Complete> = verb("patch");
/** Answers DELETE (RFC 9110 §9.3.5) with a method of a controller; see {@linkcode get}. */
export const del: Verb<"", BaseContext, Complete> = verb("del");
/** Answers any method, `"*"` for all, with a method of a controller; see {@linkcode get}. */
export const on: AnyVerb<"", BaseContext, Complete> = anyVerb();

/**
 * Answers GET with a stream of events (HTML Standard §9.2), one for each value that
 * an async generator method yields; see {@linkcode Router.events}.
 *
 * @throws {TypeError} when the path is none, or it stands on no method
 *
 * @example
 * ```ts
 * import { events, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * class Player {
 *   @events("/taps")
 *   async *taps() {
 *     yield { event: "tap", data: { song: "Frog" } };
 *   }
 * }
 *
 * const app = new Router();
 * app.mount("/", new Player());
 * const answer = await app.request("/taps");
 * assertEquals(await answer.text(), 'event: tap\ndata: {"song":"Frog"}\n\n');
 * ```
 */
export const events: EventsVerb<"", BaseContext, Complete> = eventsVerb();

/**
 * A handle for the routes of a class that share a prefix and middleware.
 *
 * As a class decorator it holds for every route of the class, also for those
 * that it inherits; a subclass with a handle of its own is under that one
 * instead. Routes declared with the handle's own decorators stay under it
 * wherever they are inherited.
 *
 * @throws {TypeError} when the prefix is no path, or something may not come
 *   behind it
 *
 * @example
 * ```ts
 * import { controller, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const api = controller("/api/:house");
 *
 * @api
 * class Rooms {
 *   @api.get("/rooms/:room<int>")
 *   show({ house, room }: { house: string; room: number }) {
 *     return { house, room };
 *   }
 * }
 *
 * const app = new Router();
 * app.mount("/", new Rooms());
 * const answer = await app.request("/api/home/rooms/2");
 * assertEquals(await answer.json(), { house: "home", room: 2 });
 * ```
 */
export function controller<
  const Prefix extends string,
  const List extends readonly InlineMiddleware<BaseContext>[],
>(
  prefix: PrefixCheck<Prefix>,
  ...middleware: List
): Fitting<
  List,
  BaseContext,
  Controller<Prefix, BaseContext & AddsOfAll<List>, Complete>
> {
  middleware.forEach((each) => checkFunction("middleware", each));
  return handleOf({
    prefix: readPrefix(prefix, BUILT_IN),
    middleware,
  }) as never;
}

function handleOf(
  group: Group,
  kinds: ReadonlyMap<string, Kind> = BUILT_IN,
  // deno-lint-ignore no-explicit-any
): Controller<any, any, any, any> {
  const decorate = (...given: unknown[]) => decorateClass(group, given);
  return Object.assign(decorate, {
    get: verb("get", group, kinds),
    post: verb("post", group, kinds),
    put: verb("put", group, kinds),
    patch: verb("patch", group, kinds),
    del: verb("del", group, kinds),
    on: anyVerb(group, kinds),
    events: eventsVerb(group, kinds),
    kinds: (table: KindTable) => handleOf(group, readKinds(table)),
  });
}

function verb(
  name: keyof typeof METHODS,
  group?: Group,
  kinds?: ReadonlyMap<string, Kind>,
): Verb<"", BaseContext, Complete> {
  return (path: string, options?: RouteOptions) =>
    routeDecorator(`@${name}`, [METHODS[name], path, options], group, kinds);
}

function anyVerb(
  group?: Group,
  kinds?: ReadonlyMap<string, Kind>,
): AnyVerb<"", BaseContext, Complete> {
  return (method: string, path: string, options?: RouteOptions) =>
    routeDecorator("@on", [method, path, options], group, kinds);
}

function eventsVerb(
  group?: Group,
  kinds?: ReadonlyMap<string, Kind>,
): EventsVerb<"", BaseContext, Complete> {
  return (path: string, options?: EventOptions) =>
    routeDecorator("@events", ["GET", path, options], group, kinds, true);
}

/**
 * Answers errors of one class, and of those that extend it, that the routes of
 * a controller throw.
 *
 * The answer keeps the error's status (500 where it has none) unless the method
 * sets `c.status` or returns a `Response`.
 *
 * @throws {TypeError} when it stands on no method, or for no class
 *
 * @example
 * ```ts
 * import { catches, get, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * class Missing extends Error {}
 *
 * class Songs {
 *   @get("/songs/:id")
 *   show() {
 *     throw new Missing();
 *   }
 *
 *   @catches(Missing)
 *   missing() {
 *     return new Response("No such song", { status: 404 });
 *   }
 * }
 *
 * const app = new Router();
 * app.mount("/", new Songs());
 * assertEquals((await app.request("/songs/7")).status, 404);
 * ```
 */
export function catches<Type>(
  error: ErrorClass<Type>,
): <This, Result>(
  handler: (
    this: This,
    error: Type,
    c: BaseContext,
  ) => Result & Checked<object, Result, Complete>,
  context: MethodContext<This>,
) => void {
  return catchDecorator(error);
}
