/**
 * From decorators and functions to a table, and from the table to one function
 * that turns a request into its answer.
 *
 * ```text
 *   @get("/a") ─ note ─┐                       ┌ path? ┬ route ─▶ middleware ─▶ handler
 *   app.get("/a", …) ──┴▶ Table ─ toHandler ─▶ │       └ 400, 404, 405, 308 …     │
 *                                              └ Answer ◀── merge, catch ◀────────┘
 * ```
 *
 * Whatever is declared sits in a *scope*: the application, what `with` gives, a
 * mounted router, a controller. A scope has middleware and error handlers; those
 * of the outer ones are around those of the inner ones. When a route is asked
 * for the first time, its chain is folded into one step; a request only runs it.
 *
 * The surprise: no step throws. An error is rendered by the nearest scope that
 * has a handler for it, at the place where it happened, so `await next()` always
 * gives the answer that the client will get. And where there is no middleware
 * and the handler does not wait, nothing waits: the answer is no promise.
 *
 * @module
 */

import { Fault, HttpError } from "./errors.ts";
import { type Limits, resolveLimits } from "./limits.ts";
import type { Exchange, RouteInfo } from "./messages.ts";
import { Context as BaseContext, contextOf } from "./request.ts";
import {
  Answer,
  redirect,
  renderError,
  toAnswer,
  Upgrade,
} from "./response.ts";
import {
  type Catcher,
  catcherFor,
  type ErrorClass,
  isUnexpected,
  statusOf,
} from "./routing/catchers.ts";
import { around, type Seam, type Step as StepOf } from "./routing/chain.ts";
import {
  catchDecorator,
  checkFunction,
  declare,
  decorateClass,
  type Group,
  isClass,
  readNotes,
  routeDecorator,
} from "./routing/declare.ts";
import { drawTable } from "./routing/explain.ts";
import { NO_INPUT } from "./routing/input.ts";
import {
  BUILT_IN,
  type BuiltIn,
  type Kind,
  type KindTable,
  type KindValues,
  readKinds,
} from "./routing/kinds.ts";
import { besidesContent, mergeLines } from "./routing/merge.ts";
import { readPrefix } from "./routing/pattern.ts";
import {
  isThenable,
  withBody,
  withQuery,
  withReturns,
} from "./routing/schema.ts";
import {
  type Leaf as LeafOf,
  mayHide,
  spelling,
  Table as TableOf,
} from "./routing/table.ts";
import type {
  AddsOfAll,
  AnyMiddleware,
  AnyVerb,
  Checked,
  Controller,
  Declare,
  DeclareOn,
  Fitting,
  MethodContext,
  PrefixCheck,
  RouteOptions,
  Verb,
} from "./routing/types.ts";
import { Fields } from "./wire/fields.ts";

// What the types below are made of, so that the reference has all of it.
export type { Context as BaseContext } from "./request.ts";
export type { ErrorClass } from "./routing/catchers.ts";
export type {
  BuiltIn,
  KindTable,
  KindValues,
  ParseKind,
} from "./routing/kinds.ts";
export type {
  AnySchema,
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from "./routing/schema.ts";
export type * from "./routing/types.ts";

/** What the server adds to a request, and what middleware found out about it. */
export type Context<Adds = unknown> = BaseContext & Adds;

/** Answers a request: what the client sent comes first, what the server adds second. */
export type Handler<In = object, Adds = unknown> = (
  input: In,
  c: Context<Adds>,
) => unknown;

/** Goes on to what is inside, with the values that the middleware adds. */
export type Next<Adds = unknown> = unknown extends Adds ? () => Promise<Answer>
  : (adds: Adds) => Promise<Answer>;

/** What a middleware returns; nothing stands for what `next()` gave. */
export type MiddlewareResult = Answer | Response | void;

/**
 * Stands around handlers: it may look at the request, answer itself, go on with
 * `next()`, and change the answer on its way out.
 *
 * `Adds` is what it puts on the context for those inside, `Needs` what it takes
 * from those outside.
 *
 * @example
 * ```ts
 * import { HttpError, type Middleware, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const requireUser: Middleware<{ user: string }> = (c, next) => {
 *   const user = c.header("x-user");
 *   if (!user) throw new HttpError(401, "Who are you");
 *   return next({ user });
 * };
 *
 * const app = new Router();
 * app.with(requireUser).get("/me", (_input, c) => c.user);
 *
 * const answer = await app.request("/me", { headers: { "x-user": "Ada" } });
 * assertEquals(await answer.text(), "Ada");
 * ```
 */
export type Middleware<Adds = unknown, Needs = unknown> = (
  c: Context<Needs>,
  next: Next<Adds>,
) => MiddlewareResult | Promise<MiddlewareResult>;

/** Where a middleware may be written in place; it may need more than `C`. */
export type InlineMiddleware<C> = {
  // deno-lint-ignore no-explicit-any
  bivariant(c: C, next: any): MiddlewareResult | Promise<MiddlewareResult>;
}["bivariant"];

/** A route as it was declared, with what is around it. */
export interface Route extends RouteInfo {
  /** The name of the handler, `Songs.show` for a method. */
  readonly handler: string;
  /** The names of the middleware around it, the outermost first. */
  readonly middleware: readonly string[];
}

/** What handles a request of the platform: takes a `Request`, gives a `Response`. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** A router, or an instance of a class with decorated methods; no function. */
export type Mountable = object & { readonly bind?: never };

/** What can be served: a router, controllers, or a plain fetch handler. */
export type App = FetchHandler | Mountable | readonly Mountable[];

/** From a request to its answer. It never throws and never rejects. */
export type Dispatch = (c: BaseContext) => Answer | Promise<Answer>;

/** What is complete in itself, and held to no schema. */
export type Complete = Answer | Response | Upgrade;

/** Answers an error; what it returns becomes the answer as a handler's result does. */
export type CatchHandler<Type> = (error: Type, c: BaseContext) => unknown;

type AnyHandler = (input: object, c: BaseContext) => unknown;

/** A place where routes are declared, with what is around all of them. */
interface Scope {
  readonly middleware: AnyMiddleware[];
  readonly catchers: Catcher<CatchHandler<unknown>>[];
}

type Step = StepOf<BaseContext, Answer>;
type Leaf = LeafOf<Scope, AnyHandler, Step>;
type Table = TableOf<Scope, AnyHandler, Step>;

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
export const get: Verb<"", BaseContext, Complete> = verb("GET");
/** Answers POST (RFC 9110 §9.3.3) with a method of a controller; see {@linkcode get}. */
export const post: Verb<"", BaseContext, Complete> = verb("POST");
/** Answers PUT (RFC 9110 §9.3.4) with a method of a controller; see {@linkcode get}. */
export const put: Verb<"", BaseContext, Complete> = verb("PUT");
/** Answers PATCH (RFC 5789) with a method of a controller; see {@linkcode get}. */
export const patch: Verb<"", BaseContext, Complete> = verb("PATCH");
/** Answers DELETE (RFC 9110 §9.3.5) with a method of a controller; see {@linkcode get}. */
export const del: Verb<"", BaseContext, Complete> = verb("DELETE");
/** Answers any method, `"*"` for all, with a method of a controller; see {@linkcode get}. */
export const on: AnyVerb<"", BaseContext, Complete> = anyVerb();

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
  const group = { prefix: readPrefix(prefix, BUILT_IN), middleware };
  return handleOf({ ...group, kinds: BUILT_IN }) as never;
}

// deno-lint-ignore no-explicit-any
function handleOf(group: Group): Controller<any, any, any, any> {
  const decorate = (_type: unknown, context: unknown) =>
    decorateClass(group, context);
  return Object.assign(decorate, {
    get: verb("GET", group),
    post: verb("POST", group),
    put: verb("PUT", group),
    patch: verb("PATCH", group),
    del: verb("DELETE", group),
    on: anyVerb(group),
    kinds: (table: KindTable) =>
      handleOf({ ...group, kinds: readKinds(table) }),
  });
}

function verb(method: string, group?: Group): Verb<"", BaseContext, Complete> {
  return (path: string, options?: RouteOptions) =>
    routeDecorator(method, path, options, group);
}

function anyVerb(group?: Group): AnyVerb<"", BaseContext, Complete> {
  return (method: string, path: string, options?: RouteOptions) =>
    routeDecorator(method, path, options, group);
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

// ── Routers ─────────────────────────────────────────────────────────────────

/** What a router is made with. All but `kinds` is for `fetch` and `request` alone. */
export interface RouterOptions<
  OwnKinds extends KindTable = Record<never, never>,
> {
  /** Kinds of your own, by the name that stands in `:name<kind>`. */
  readonly kinds?: OwnKinds & KindTable;
  /** Whether errors are shown with what went wrong inside; `false`. */
  readonly development?: boolean;
  /** Is told of errors that are our side's; `console.error`. */
  readonly onError?: (error: unknown, c?: BaseContext) => void;
  /** Bounds on content, pairs and cookies. */
  readonly limits?: Partial<Limits>;
}

/** The kinds that are always there, and those of `Own`. */
export type AllKinds<Own extends KindTable> = BuiltIn & KindValues<Own>;

// deno-lint-ignore no-explicit-any
type AnyRouter = Router<any, any>;

/** A router's own table; the class sets it, which alone can look inside. */
let tableOf: (router: AnyRouter) => Table;

/**
 * Routes, what is around them, and what answers their errors.
 *
 * Of two routes that match a path, the one that says more goes first: a literal
 * text, then `:name<kind>`, `:name`, `:name?` and `*rest`, in the first segment
 * in which they differ. The order in which they were added says nothing.
 *
 * @example
 * ```ts
 * import { Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/hello/:name", ({ name }) => `Hello, ${name}.`);
 *
 * const answer = await app.request("/hello/Ada");
 * assertEquals(await answer.text(), "Hello, Ada.");
 * ```
 */
export class Router<
  Adds = unknown,
  OwnKinds extends KindTable = Record<never, never>,
> {
  #table: Table = new TableOf({ middleware: [], catchers: [] });
  #scopes: readonly Scope[] = [this.#table.scope];
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #options: RouterOptions<OwnKinds>;
  readonly #lent: Pick<Exchange, "report" | "limits" | "development">;

  static {
    tableOf = (router) => router.#table;
  }

  /** Answers GET, and so HEAD (RFC 9110 §9.3). */
  readonly get: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("GET");
  /** Answers POST (RFC 9110 §9.3.3). */
  readonly post: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("POST");
  /** Answers PUT (RFC 9110 §9.3.4). */
  readonly put: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("PUT");
  /** Answers PATCH (RFC 5789). */
  readonly patch: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("PATCH");
  /** Answers DELETE (RFC 9110 §9.3.5). */
  readonly delete: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("DELETE");
  /** Answers QUERY: a safe method whose content says what is asked for. */
  readonly query: Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> = this
    .#declare("QUERY");
  /**
   * Answers any other method, and with `"*"` all of them. The path `"*"` stands
   * for the target of `OPTIONS *` and for whatever CONNECT asks for.
   */
  readonly on: DeclareOn<Context<Adds>, Complete, AllKinds<OwnKinds>> = (
    method: string,
    path: string,
    ...rest: [unknown, unknown?]
  ) => this.#add(method, path, rest);

  /**
   * Makes a router without routes.
   *
   * @throws {TypeError} when a kind has no name of its own or is no function
   * @throws {RangeError} when a limit is no number from 0 to Infinity
   */
  constructor(options: RouterOptions<OwnKinds> = {}) {
    const { kinds, limits, development = false, onError } = options;
    this.#kinds = readKinds(kinds);
    this.#options = options;
    this.#lent = {
      limits: resolveLimits(limits),
      development,
      report: reporter(onError),
    };
  }

  #declare(
    method: string,
  ): Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> {
    return (path: string, ...rest: [unknown, unknown?]) =>
      this.#add(method, path, rest);
  }

  #add(method: string, path: string, rest: [unknown, unknown?]): void {
    const [options = {}, handler] = rest.length === 1 ? [{}, rest[0]] : rest;
    checkFunction(`the handler of "${path}"`, handler);
    this.#table.add({
      ...declare(method, path, options as RouteOptions, this.#kinds),
      name: (handler as AnyHandler).name,
      handler: handler as AnyHandler,
      scopes: this.#scopes,
    });
  }

  /**
   * Puts middleware around every route of this router, whenever it was or will
   * be added, the first outermost; on the application's own router also around
   * what answers 404, 405 and OPTIONS. It adds no types: see
   * {@linkcode Router.with}.
   *
   * @throws {TypeError} when one is no function
   */
  use(...middleware: readonly Middleware<unknown, Adds>[]): void {
    for (const each of middleware) checkFunction("middleware", each);
    this.#scopes.at(-1)!.middleware.push(...middleware);
    this.#table.unfold();
  }

  /**
   * The same table, seen through middleware: what is declared on the router that
   * it returns, and only that, has them around it and knows what they add.
   *
   * @throws {TypeError} when one is no function
   *
   * @example
   * ```ts
   * import { type Middleware, Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const timed: Middleware<{ start: number }> = (_c, next) => next({ start: 1 });
   *
   * const app = new Router();
   * app.with(timed).get("/", (_input, c) => c.start);
   * assertEquals(await (await app.request("/")).json(), 1);
   * ```
   */
  with<const List extends readonly InlineMiddleware<Context<Adds>>[]>(
    ...middleware: List
  ): Fitting<
    List,
    Context<Adds>,
    Router<Adds & AddsOfAll<List>, OwnKinds>
  > {
    for (const each of middleware) checkFunction("middleware", each);
    const view = new Router<Adds & AddsOfAll<List>, OwnKinds>(this.#options);
    view.#table = this.#table;
    const scope = { middleware: [...middleware], catchers: [] };
    view.#scopes = [...this.#scopes, scope];
    return view as never; // whether the list fits is the compiler's to say
  }

  /**
   * Takes in the routes of another router, or of an instance of a class that
   * has decorated methods, under a prefix. What is around this router is around
   * those as well.
   *
   * @throws {TypeError} when there are none, or one of them ties with another
   */
  mount(prefix: string, app: Mountable): void {
    const pattern = readPrefix(prefix, this.#kinds);
    if (app instanceof Router) {
      return this.#table.mount(tableOf(app), pattern, this.#scopes);
    }
    const inner = new TableOf<Scope, AnyHandler, Step>({
      middleware: [],
      catchers: [],
    });
    addController(inner, app);
    this.#table.mount(inner, pattern, this.#scopes);
  }

  /** Answers errors of a class, and of those that extend it. */
  catch<Type>(type: ErrorClass<Type>, handler: CatchHandler<Type>): void;
  /** Answers errors of a status, for which no handler by class is there. */
  catch(status: number, handler: CatchHandler<HttpError>): void;
  /** Answers every other error. */
  catch(handler: CatchHandler<unknown>): void;
  /**
   * Answers errors: the handler for the most specific class goes first, then the
   * one for the status, then the one for any. The answer keeps the error's
   * status (500 where it has none), unless the handler sets `c.status` or
   * returns a `Response`. What it throws itself goes on to what is outside.
   *
   * @throws {TypeError} when there is no handler, or nothing that it could be for
   */
  catch(type: unknown, handler: unknown = type): void {
    checkFunction("a handler of errors", handler);
    const any = type === handler;
    if (!any && typeof type !== "function" && !Number.isInteger(type)) {
      throw new TypeError(
        `Cannot catch ${String(type)}: it is neither a class nor a status`,
      );
    }
    this.#scopes.at(-1)!.catchers.push({
      type: any ? undefined : type as ErrorClass | number,
      handle: handler as CatchHandler<unknown>,
    });
    this.#table.unfold();
  }

  /** Every route, in the order in which they were added. */
  get routes(): readonly Route[] {
    return this.#table.leaves.map(({ info, name, options, scopes }) => ({
      ...info,
      handler: name,
      middleware: [
        ...scopes.map((scope) => scope.middleware),
        options.use ?? [],
      ]
        .flat().map((each) => each.name),
    }));
  }

  /** Says in words which route answers a request, and why others do not. */
  explain(method: string, path: string): string {
    return this.#table.explain(method, path);
  }

  /** The routes as a table: method, path, handler, and where they were declared. */
  toString(): string {
    return drawTable(this.#table.leaves);
  }

  /**
   * Answers a platform `Request`: a fetch handler for `deno serve` and for hosted
   * platforms. What only a connection has is absent: `c.remote` is undefined,
   * `timeouts` do not run, and an upgrade is a 501.
   */
  readonly fetch: (request: Request) => Promise<Response> = async (request) => {
    const c = contextOf(request, this.#lent);
    return toResponse(c, await dispatch(this.#table, c));
  };

  /**
   * Asks the application without a network, as a test does.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const app = new Router();
   * app.post("/songs", (_input, c) => c.json());
   *
   * const answer = await app.request("/songs", { method: "POST", body: "[1]" });
   * assertEquals(await answer.json(), [1]);
   * ```
   */
  async request(
    target: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> {
    const path = typeof target === "string" && target.startsWith("/");
    const url = path ? `http://localhost${target}` : target;
    return await this.fetch(new Request(url, init));
  }
}

/** Routes and error handlers of a controller: a scope for each prefix that it uses. */
function addController(table: Table, instance: object): void {
  const { routes, catchers } = readNotes(instance);
  const scopes = new Map<Group | undefined, Scope>();
  for (const { route, group, name, call } of routes) {
    let scope = scopes.get(group);
    if (!scope) {
      const middleware = [...group?.middleware ?? []];
      scopes.set(group, scope = { middleware, catchers: [...catchers] });
    }
    table.add({ ...route, name, handler: call, scopes: [table.scope, scope] });
  }
}

/** An observer may be wrong; it must not take the answer with it. */
function reporter(
  onError: RouterOptions["onError"] = (error) => console.error(error),
): Exchange["report"] {
  return (error, owner) => {
    try {
      onError(error, owner as BaseContext | undefined);
    } catch (thrown) {
      console.error(thrown);
    }
  };
}

/** RFC 9110 §9.3.2: HEAD gets the fields alone. */
function toResponse(c: BaseContext, answer: Answer): Response {
  try {
    if (answer.body instanceof Upgrade) {
      throw new HttpError(501, "There is no connection to upgrade here");
    }
    if (c.method !== "HEAD") return answer.toResponse();
    const { body, status } = answer;
    if (body instanceof ReadableStream) body.cancel().catch(() => {});
    return new Response(null, { status, headers: [...answer.headers] });
  } catch (error) {
    report(c, error);
    return rendered(c, error).toResponse();
  }
}

/**
 * Folds anything that can be served into one function from a request to its
 * answer, which never throws and never rejects: errors are rendered here.
 *
 * @throws {TypeError} when `app` is nothing that can be served
 *
 * @example
 * ```ts ignore
 * await serveConnection(transport, toHandler(app));
 * ```
 */
export function toHandler(app: App): Dispatch {
  if (app instanceof Router) {
    const table = tableOf(app);
    return (c) => dispatch(table, c);
  }
  if (typeof app === "function" && !isClass(app)) {
    return fromFetch(app as FetchHandler);
  }
  const all: readonly unknown[] = Array.isArray(app) ? app : [app];
  if (all.length === 0) throw new TypeError("Cannot serve an empty list");
  const router = new Router();
  for (const each of all) router.mount("", each as Mountable);
  return toHandler(router);
}

/** A plain fetch handler. What a `Request` cannot carry is answered for it. */
function fromFetch(handler: FetchHandler): Dispatch {
  const answer = (_input: object, c: BaseContext): unknown => {
    if (c.path === "*" && c.method === "OPTIONS") return undefined;
    if (c.method === "CONNECT" || c.method === "TRACE") {
      throw new HttpError(501, "The method is not implemented");
    }
    if (spelling(c) === undefined) throw new Fault("target-path");
    const result: unknown = handler(c.request);
    return isThenable(result) ? result.then(asResponse) : asResponse(result);
  };
  return (c) => concluded(c, answer, NO_INPUT, [], false);
}

function asResponse(result: unknown): Response {
  if (result instanceof Response) return result;
  throw new TypeError(
    `Cannot answer with what the fetch handler returned: it is no Response`,
  );
}

// ── From a request to its answer ────────────────────────────────────────────

/** Never fails. */
function dispatch(table: Table, c: BaseContext): Answer | Promise<Answer> {
  try {
    const { path } = c;
    const leaf = table.tree.find(c.method, path);
    if (leaf === undefined) return carefully(table, c);
    // A path without parts is a literal of ours, and so has nothing to hide.
    if (leaf.read === undefined) return begin(leaf, c, NO_INPUT);
    if (mayHide(path)) return carefully(table, c);
    return begin(leaf, c, leaf.read(table.tree, path, false));
  } catch (error) { // of a kind that an application brought
    return rescue(c, error, [table.scope]);
  }
}

/** The same for a path that has escapes, may be malformed, or leads nowhere. */
function carefully(table: Table, c: BaseContext): Answer | Promise<Answer> {
  const path = spelling(c);
  const leaf = path === undefined
    ? undefined
    : table.tree.find(c.method, path, true);
  if (leaf === undefined || path === undefined) {
    return (table.astray ??= strayStep(table))(c, NO_INPUT);
  }
  return begin(leaf, c, leaf.read?.(table.tree, path, true) ?? NO_INPUT);
}

function begin(
  leaf: Leaf,
  c: BaseContext,
  input: object,
): Answer | Promise<Answer> {
  c.route = leaf.info;
  return (leaf.step ??= fold(leaf))(c, input);
}

/** What answers when no route does, in the middleware of the application. */
function strayStep(table: Table): Step {
  const { scope } = table;
  const answer = (_input: object, c: BaseContext) => {
    const stray = table.stray(c);
    if (stray.type === "redirect") return redirect(stray.location, 308);
    const answer = new Answer(204, null);
    answer.headers.set("allow", stray.allow);
    return answer;
  };
  const within = scope.middleware.length > 0;
  const step: Step = (c, input) => concluded(c, answer, input, [scope], within);
  return wrapped(step, scope.middleware, [scope]);
}

/** The one step that a route is: its handler in all that is around it. */
function fold({ handler, options, scopes }: Leaf): Step {
  const { use = [] } = options;
  const call = withSchemas(handler, options);
  const within = use.length > 0 ||
    scopes.some(({ middleware }) => middleware.length > 0);
  let step: Step = (c, input) => concluded(c, call, input, scopes, within);
  step = wrapped(step, use, scopes);
  for (let i = scopes.length; i > 0; i--) {
    step = wrapped(step, scopes[i - 1]!.middleware, scopes.slice(0, i));
  }
  return withBounds(step, options);
}

function withSchemas(
  handler: AnyHandler,
  { body, query, returns }: RouteOptions,
): AnyHandler {
  let call = handler;
  if (returns) call = withReturns(call, returns, isComplete);
  if (body) call = withBody(call, body);
  return query ? withQuery(call, query) : call;
}

function isComplete(result: unknown): result is Complete {
  return result instanceof Answer || result instanceof Response ||
    result instanceof Upgrade;
}

/** What a route says of bounds holds before anything is read. */
function withBounds(step: Step, { limits, timeouts }: RouteOptions): Step {
  const body = limits?.body;
  const patience = timeouts?.handler;
  if (body === undefined && patience === undefined) return step;
  return (c, input) => {
    if (body !== undefined) c.content.limit = body;
    if (patience !== undefined) c.patience = patience;
    return step(c, input);
  };
}

function wrapped(
  step: Step,
  middleware: readonly AnyMiddleware[],
  scopes: readonly Scope[],
): Step {
  const seam: Seam<BaseContext, Answer> = {
    finish: (c, result, inner) =>
      result === inner && inner !== undefined
        ? verified(inner)
        : merged(c, result),
    rescue: (c, error) => rescue(c, error, scopes),
    add,
  };
  return middleware.reduceRight(
    (inner, each) => around(each, inner, seam),
    step,
  );
}

function add(c: BaseContext, adds: object): void {
  for (const name of Object.keys(adds)) {
    if (isOwnName(name)) {
      throw new TypeError(
        `Cannot add "${name}" to the context: it has one of its own`,
      );
    }
  }
  Object.assign(c, adds);
}

/** The two that are no part of the prototype are set by the constructor. */
function isOwnName(name: string): boolean {
  return name in BaseContext.prototype ||
    name === "route" || name === "patience";
}

/** Calls a handler, and waits only where it does. */
function concluded(
  c: BaseContext,
  call: AnyHandler,
  input: object,
  scopes: readonly Scope[],
  within: boolean,
): Answer | Promise<Answer> {
  try {
    const result = call(input, c);
    if (isThenable(result)) return later(c, result, scopes, within);
    return conclude(c, result, within);
  } catch (error) {
    return rescue(c, error, scopes);
  }
}

async function later(
  c: BaseContext,
  result: PromiseLike<unknown>,
  scopes: readonly Scope[],
  within: boolean,
): Promise<Answer> {
  try {
    return conclude(c, await result, within);
  } catch (error) {
    return rescue(c, error, scopes);
  }
}

/** A result as an answer; where nothing was set and nobody is around, as it is. */
function conclude(c: BaseContext, result: unknown, within: boolean): Answer {
  if (within || !BaseContext.isPlain(c)) return merged(c, result);
  return verified(toAnswer(result));
}

/** A result with what was set on the context; what is set later is set on it. */
function merged(
  c: BaseContext,
  result: unknown,
  { status, headers } = BaseContext.pending(c),
): Answer {
  const answer = result instanceof Answer ? copied(result) : toAnswer(result);
  const whole = isComplete(result);
  if (status !== undefined && !(whole && answer.status !== 200)) {
    answer.status = status;
  }
  if (headers !== undefined) mergeLines(answer.headers, headers.lines, whole);
  BaseContext.settle(c, answer);
  return verified(answer);
}

/** So that an answer that is returned again and again is never written to. */
function copied(answer: Answer): Answer {
  const { status, body } = answer;
  return Answer.isPlain(answer)
    ? new Answer(status, body, Answer.soleType(answer))
    : new Answer(status, body, undefined, new Fields(answer.headers));
}

function verified(answer: Answer): Answer {
  const { status, body } = answer;
  if (status >= 200 && status <= 599 && Number.isInteger(status)) return answer;
  if (status === 101 && body instanceof Upgrade) return answer;
  throw new RangeError(
    `Cannot answer with the status ${status}: it is not 200 to 599`,
  );
}

// ── Errors ──────────────────────────────────────────────────────────────────

/**
 * The answer to an error: of the nearest scope that has a handler for it, or as
 * `renderError` has it. Never fails. What a handler of errors throws goes to the
 * scopes around it.
 *
 * What is not a refusal is reported, unless a handler for its very class made
 * an answer of it that is no 5xx.
 */
function rescue(
  c: BaseContext,
  error: unknown,
  scopes: readonly Scope[],
): Answer | Promise<Answer> {
  for (let i = scopes.length - 1; i >= 0; i--) {
    const catcher = catcherFor(scopes[i]!.catchers, error);
    if (catcher !== undefined) {
      return caught(c, error, catcher, scopes.slice(0, i));
    }
  }
  return fallback(c, error);
}

/** Calls a handler of errors, with the error's status on the context. */
function caught(
  c: BaseContext,
  error: unknown,
  { type, handle }: Catcher<CatchHandler<unknown>>,
  outer: readonly Scope[],
): Answer | Promise<Answer> {
  const headers = new Fields();
  mergeLines(headers, early(c), false);
  const before = statusOf(error);
  const draft = { status: before, headers };
  const finish = (result: unknown): Answer => {
    // A Response has a status of its own, unless somebody said another.
    const kept = isComplete(result) && draft.status === before;
    const status = kept ? undefined : draft.status;
    const answer = merged(c, result, { status, headers });
    keepFields(answer, error);
    if (answer.status >= 500 || typeof type !== "function") report(c, error);
    return answer;
  };
  const fail = (thrown: unknown) => {
    if (thrown !== error && isUnexpected(thrown)) report(c, error);
    return rescue(c, thrown, outer);
  };
  try {
    BaseContext.settle(c, draft);
    const result = handle(error, c);
    if (!isThenable(result)) return finish(result);
    return Promise.resolve(result).then(finish).catch(fail);
  } catch (thrown) {
    return fail(thrown);
  }
}

/** A 405 has its Allow, a 401 its challenge, whoever renders it (RFC 9110 §15.5). */
function keepFields(answer: Answer, error: unknown): void {
  if (!(error instanceof HttpError) || error.status !== answer.status) return;
  mergeLines(answer.headers, [...error.headers].flat(), true);
}

function fallback(c: BaseContext, error: unknown): Answer {
  report(c, error);
  const answer = rendered(c, error);
  mergeLines(answer.headers, early(c), true);
  BaseContext.settle(c, answer);
  return answer;
}

/** What was set on the context before something went wrong, and still holds. */
function early(c: BaseContext): readonly string[] {
  return besidesContent(BaseContext.pending(c).headers?.lines ?? []);
}

/** What is thrown may be such that nothing can be said of it. */
function rendered(c: BaseContext, error: unknown): Answer {
  const { development } = BaseContext.exchange(c);
  const accept = c.header("accept");
  try {
    return renderError(error, accept, development);
  } catch (cause) {
    report(c, cause);
    return renderError(cause, accept, development);
  }
}

function report(c: BaseContext, error: unknown): void {
  if (isUnexpected(error)) BaseContext.exchange(c).report(error, c);
}
