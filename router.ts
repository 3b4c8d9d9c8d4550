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

import { Fault, type HttpError } from "./errors.ts";
import { type Limits, resolveLimits } from "./limits.ts";
import type { Exchange, RouteInfo } from "./messages.ts";
import { type Context as BaseContext, contextOf } from "./request.ts";
import { type Observe, observer } from "./request/observe.ts";
import type { Answer } from "./response/answer.ts";
import { concluded, dispatch } from "./router/dispatch.ts";
import { platformResponse } from "./router/platform.ts";
import type { AnyHandler, Scope, Step, Table } from "./router/scope.ts";
import type {
  CatchHandler,
  Complete,
  Context,
  InlineMiddleware,
  Middleware,
} from "./router/types.ts";
import type { ErrorClass } from "./routing/catchers.ts";
import {
  checkFunction,
  checkRest,
  declare,
  declareEvents,
  described,
  type Group,
  isClass,
  readNotes,
} from "./routing/declare.ts";
import { drawTable } from "./routing/explain.ts";
import { NO_INPUT } from "./routing/input.ts";
import {
  type BuiltIn,
  type Kind,
  type KindTable,
  type KindValues,
  readKinds,
} from "./routing/kinds.ts";
import { checkOptions, type Kinds } from "./routing/options.ts";
import { readPrefix } from "./routing/pattern.ts";
import { isThenable } from "./routing/schema.ts";
import { Table as TableOf } from "./routing/table.ts";
import type {
  AddsOfAll,
  Declare,
  DeclareEvents,
  DeclareOn,
  EventOptions,
  Fitting,
  RouteOptions,
} from "./routing/types.ts";
import { checkPath } from "./wire/path.ts";

export * from "./router/decorators.ts";
export type * from "./router/types.ts";
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

/**
 * From a request to its answer. It never throws and never rejects.
 *
 * @internal
 */
export type Dispatch = (c: BaseContext) => Answer | Promise<Answer>;

// ── Routers ─────────────────────────────────────────────────────────────────

/**
 * What a router is made with. All but `kinds` holds for `fetch` and `request`, and
 * for `serve` where it is given nothing else.
 */
export interface RouterOptions<
  OwnKinds extends KindTable = Record<never, never>,
> {
  /** Kinds of your own, by the name that stands in `:name<kind>`. */
  readonly kinds?: OwnKinds & KindTable;
  /** Whether errors are shown with what went wrong inside; default false. */
  readonly development?: boolean;
  /**
   * Is told of errors that are our side's, and under `serve` of faults as well; by
   * default errors go to the console.
   */
  readonly onError?: Observe;
  /** Bounds on content, pairs and cookies. */
  readonly limits?: Partial<Limits>;
}

/**
 * The kinds that are always there, and those of `Own`.
 *
 * @internal
 */
export type AllKinds<Own extends KindTable> = BuiltIn & KindValues<Own>;

const OPTIONS: Kinds<RouterOptions> = {
  development: ["true or false"],
  kinds: ["an object"],
  onError: ["a function"],
  limits: ["an object"],
};

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
  #table: Table = new TableOf([{ middleware: [], catchers: [] }]);
  #scopes: readonly Scope[] = this.#table.scopes;
  #outer: Table | undefined;
  readonly #kinds: ReadonlyMap<string, Kind>;
  /** What it was made with. */
  readonly options: RouterOptions<OwnKinds>;
  readonly #lent: Pick<Exchange, "report" | "limits" | "development">;

  static {
    tableOf = (router) => router.#served;
  }

  /** What is served: all of it has the middleware of `with` around it. */
  get #served(): Table {
    if (this.#scopes.length === 1) return this.#table;
    if (this.#outer === undefined) {
      this.#outer = new TableOf(this.#scopes);
      this.#outer.mount(this.#table, undefined, this.#scopes);
    }
    return this.#outer;
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
   * Answers GET with a stream of events (HTML Standard §9.2), one for each value that
   * an async generator yields: text, a list, or `{ data, event, id, retry, comment }`,
   * whose `data` is sent as JSON unless it is text.
   *
   * `c.lastEventId` says where a client that comes again left off. When it leaves, and
   * when the server stops, `c.signal` fires and the generator's `return()` is called,
   * which takes effect where it yields: what waits for longer waits with the signal.
   *
   * @example
   * ```ts
   * import { Router } from "@no8/wire";
   * import { assertEquals } from "@std/assert";
   *
   * const app = new Router();
   * app.events("/count", async function* (_input, c) {
   *   for (let id = Number(c.lastEventId) + 1; id <= 3; id++) {
   *     yield { id, data: { id } };
   *   }
   * });
   *
   * const answer = await app.request("/count", { headers: { "last-event-id": "2" } });
   * assertEquals(await answer.text(), 'id: 3\ndata: {"id":3}\n\n');
   * ```
   */
  readonly events: DeclareEvents<Context<Adds>, Complete, AllKinds<OwnKinds>> =
    (path: string, ...rest: [unknown, unknown?]) =>
      this.#add("GET", path, rest, true);

  /**
   * Makes a router without routes.
   *
   * @throws {TypeError} when a kind has no name of its own or is no function, or an
   *   option is not known or of another kind
   * @throws {RangeError} when a limit is no number from 0 to Infinity
   */
  constructor(options: RouterOptions<OwnKinds> = {}) {
    checkOptions("make a router", options, OPTIONS);
    const { kinds, limits, development = false, onError } = options;
    this.#kinds = readKinds(kinds);
    this.options = options;
    this.#lent = {
      limits: resolveLimits(limits),
      development,
      report: observer(onError) as Exchange["report"],
    };
  }

  #declare(
    method: string,
  ): Declare<Context<Adds>, Complete, AllKinds<OwnKinds>> {
    return (path: string, ...rest: [unknown, unknown?]) =>
      this.#add(method, path, rest);
  }

  #add(
    method: string,
    path: string,
    rest: readonly unknown[],
    events = false,
  ): void {
    const [options = {}, handler] = rest.length === 1 ? [{}, rest[0]] : rest;
    if (rest.length > 2) {
      throw new TypeError(
        `Cannot route "${path}": it takes one handler; middleware goes in ` +
          "{ use: [] } before it",
      );
    }
    checkFunction(`the handler of "${path}"`, handler);
    const declaration = events
      ? declareEvents(path, options as EventOptions, this.#kinds)
      : declare(method, path, options as RouteOptions, this.#kinds);
    checkRest(handler as AnyHandler, declaration);
    this.#table.add({
      ...declaration,
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
  // deno-lint-ignore no-explicit-any -- whatever it adds
  use(...middleware: readonly Middleware<any, Adds>[]): void {
    for (const each of middleware) checkFunction("middleware", each);
    this.#scopes.at(-1)!.middleware.push(...middleware);
    this.#table.unfold();
  }

  /**
   * The same table, seen through middleware: what is declared on the router that
   * it returns has them around it and knows what they add; what is declared on
   * this one has not. Where the router that it returns is mounted or served, they
   * are around all of it.
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
    const view = new Router<Adds & AddsOfAll<List>, OwnKinds>(this.options);
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
    if (typeof prefix !== "string") {
      throw new TypeError("Cannot mount without a prefix: mount(prefix, app)");
    }
    const pattern = readPrefix(prefix, this.#kinds);
    if (app instanceof Router) {
      const scopes = [...this.#scopes, ...app.#scopes];
      return this.#table.mount(app.#table, pattern, scopes);
    }
    const inner: Table = new TableOf<Scope, AnyHandler, Step>([]);
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
    if (!any && !isErrorClass(type) && !isErrorStatus(type)) {
      throw new TypeError(
        `Cannot catch ${
          typeof type === "number" ? type : described(type)
        }: it is neither a class nor a status from 400 to 599`,
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
    return this.#served.leaves.map(({ info, name, options, scopes }) => ({
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
    return this.#served.explain(method, path);
  }

  /** The routes as a table: method, path, handler, and where they were declared. */
  toString(): string {
    return drawTable(this.#served.leaves);
  }

  /**
   * Answers a platform `Request`: a fetch handler for `deno serve` and for hosted
   * platforms. What only a connection has is absent: `c.remote` is undefined,
   * `timeouts` do not run, and an upgrade is a 501.
   */
  readonly fetch: (request: Request) => Promise<Response> = async (request) => {
    const c = contextOf(request, this.#lent);
    return await platformResponse(c, await dispatch(tableOf(this), c));
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
   * const headers = { "content-type": "application/json" };
   * const init = { method: "POST", headers, body: "[1]" };
   * assertEquals(await (await app.request("/songs", init)).json(), [1]);
   * ```
   */
  async request(
    target: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response> {
    const path = typeof target === "string" && target.startsWith("/");
    if (typeof target === "string" && !path && !URL.canParse(target)) {
      throw new TypeError(
        "Cannot ask for what is neither a URL nor a path: a path starts with '/'",
      );
    }
    const url = path ? `http://localhost${target}` : target;
    return await this.fetch(new Request(url, init));
  }
}

/** What can stand on the right of `instanceof`; an arrow function cannot. */
function isErrorClass(type: unknown): boolean {
  return typeof type === "function" && typeof type.prototype === "object";
}

function isErrorStatus(type: unknown): boolean {
  return Number.isInteger(type) && Number(type) >= 400 && Number(type) <= 599;
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
    table.add({ ...route, name, handler: call, scopes: [scope] });
  }
}

/**
 * Folds anything that can be served into one function from a request to its
 * answer, which never throws and never rejects: errors are rendered here.
 *
 * @throws {TypeError} when `app` is nothing that can be served
 *
 * @example
 * ```ts
 * import { serveConnection, toHandler } from "@no8/wire";
 * import { ScriptedTransport } from "@no8/wire/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const transport = new ScriptedTransport(["GET / HTTP/1.0\r\n\r\n"]);
 * await serveConnection(transport, toHandler(() => new Response("Hello")));
 * assertEquals(transport.said.endsWith("Hello"), true);
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

/**
 * The options of a server or a connection for `app`: those given, and those of a
 * router where none is given.
 *
 * @internal
 */
export function optionsOf<Options extends ServedOptions>(
  app: App,
  options: Options,
): Options {
  if (!(app instanceof Router)) return options;
  const own: ServedOptions = app.options;
  const onError = options.onError ?? own.onError;
  return {
    ...options,
    limits: { ...own.limits, ...options.limits },
    development: options.development ?? own.development ?? false,
    ...onError && { onError },
  };
}

/** What a router has of the options that a server takes. */
type ServedOptions = Pick<RouterOptions, "limits" | "development" | "onError">;

/** A plain fetch handler. What a `Request` cannot carry is answered for it. */
function fromFetch(handler: FetchHandler): Dispatch {
  const answer = (_input: object, c: BaseContext): unknown => {
    if (c.path === "*" && c.method === "OPTIONS") return undefined;
    if (c.method === "CONNECT" || c.method === "TRACE") {
      throw new Fault("method-unknown");
    }
    // What is in a path that is no text is for the handler to read.
    if (checkPath(c.path) !== undefined) throw new Fault("target-path");
    // A Request makes GET of get, and methods are case-sensitive (RFC 9110 §9.1).
    if (c.request.method !== c.method) throw new Fault("method-unknown");
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
