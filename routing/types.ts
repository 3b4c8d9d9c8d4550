/**
 * The types of routes: what a path, its kinds, its schemas and its middleware
 * make of a handler's arguments.
 *
 * TypeScript gives the parameters of a decorated method no type of their own,
 * but the decorator's signature can check the ones that were written. A mistake
 * in a path is told by a type that is a sentence: `"✗ unknown kind <itn>"`.
 *
 * Nothing of this exists at run time.
 *
 * @module
 */

import type { BuiltIn, KindTable, KindValues } from "./kinds.ts";
import type { EventValue, ServerSentEvent } from "../wire/event_stream.ts";
import type { AnySchema, SchemaInput, SchemaOutput } from "./schema.ts";

/**
 * The segments of a path.
 *
 * @internal
 */
export type Segments<Path extends string> = Path extends
  `/${infer Head}/${infer Tail}` ? [Head, ...Segments<`/${Tail}`>]
  : Path extends `/${infer Last}` ? [Last]
  : [];

/**
 * A path under a prefix; `/` under a prefix is the prefix itself.
 *
 * @internal
 */
export type Join<Prefix extends string, Path extends string> = Prefix extends
  "" | "/" ? Path
  : Path extends "/" | "" ? Prefix
  : `${Prefix}${Path}`;

/**
 * The name of a part, of `:name<kind>`, `:name?` and `*name` alike.
 *
 * @internal
 */
export type NameOf<Segment extends string> = Segment extends
  `:${infer Name}<${string}` ? Name
  : Segment extends `:${infer Name}?` ? Name
  : Segment extends `:${infer Name}` | `*${infer Name}` ? Name
  : never;

/**
 * The name of the kind of a part.
 *
 * @internal
 */
export type KindOf<Segment extends string> = Segment extends
  `:${string}<${infer Kind}>` | `:${string}<${infer Kind}>?` ? Kind : never;

/**
 * What a kind becomes in the input.
 *
 * @internal
 */
export type ValueOf<Kind, Kinds> = Kind extends keyof Kinds ? Kinds[Kind]
  : never;

/**
 * What one segment adds to the input.
 *
 * @internal
 */
export type ParamOf<Segment extends string, Kinds> = Segment extends
  `:${infer Name}<${infer Kind}>?` ? { [N in Name]?: ValueOf<Kind, Kinds> }
  : Segment extends `:${infer Name}<${infer Kind}>`
    ? { [N in Name]: ValueOf<Kind, Kinds> }
  : Segment extends `:${infer Name}?` ? { [N in Name]?: string }
  : Segment extends `:${infer Name}` | `*${infer Name}`
    ? { [N in Name]: string }
  : unknown;

/**
 * What all segments add to the input.
 *
 * @internal
 */
export type ParamsOf<Parts extends readonly string[], Kinds> = Parts extends
  readonly [infer First extends string, ...infer Rest extends readonly string[]]
  ? ParamOf<First, Kinds> & ParamsOf<Rest, Kinds>
  : unknown;

/**
 * What the parts of a path become; of a path that is not known, anything.
 *
 * @internal
 */
export type Params<Path extends string, Kinds = BuiltIn> = string extends Path
  ? Record<string, unknown>
  : ParamsOf<Segments<Path>, Kinds>;

/**
 * What a handler is given of what the client sent, written out, so that a
 * message shows `{ id: string }` and not how it came about.
 */
export type Input<Path extends string, Options, Kinds = BuiltIn> =
  & Params<Path, Kinds>
  & Validated<Options, "body">
  & Validated<Options, "query"> extends infer All
  ? { [Name in keyof All]: All[Name] }
  : never;

/**
 * What a schema of a route adds to the input.
 *
 * @internal
 */
export type Validated<Options, Name extends "body" | "query"> = Options extends
  { readonly [N in Name]: infer Schema } ? { [N in Name]: SchemaOutput<Schema> }
  : unknown;

/**
 * The path itself, or the sentence that says what is wrong with it.
 *
 * @internal
 */
export type PathCheck<
  Path extends string,
  Prefix extends string,
  Kinds = BuiltIn,
> = string extends Path ? Path
  : Mistake<Path, Prefix, Kinds> extends infer Said extends string ? Said
  : Path;

/**
 * What is wrong with a path under a prefix; `false` where nothing is, as `null`
 * would be any text for who compiles without `strict`.
 *
 * @internal
 */
export type Mistake<Path extends string, Prefix extends string, Kinds> =
  Path extends `/${string}` ? MistakeIn<Segments<Join<Prefix, Path>>, Kinds>
    : Path extends "" ? (Prefix extends "" ? "✗ a path starts with '/'" : false)
    : "✗ a path starts with '/'";

/**
 * What is wrong with the first segment of which something is.
 *
 * @internal
 */
export type MistakeIn<Parts extends readonly string[], Kinds, Seen = never> =
  Parts extends readonly [
    infer First extends string,
    ...infer Rest extends readonly string[],
  ]
    ? MistakeOf<First, Rest, Kinds, Seen> extends infer Said extends string
      ? Said
    : MistakeIn<Rest, Kinds, Seen | NameOf<First>>
    : false;

/**
 * What is wrong with one segment.
 *
 * @internal
 */
export type MistakeOf<Part extends string, Rest, Kinds, Seen> = Part extends ""
  ? (Rest extends readonly [] ? false : "✗ a part of the path is empty")
  : Part extends `:${string}` | `*${string}`
    ? NameOf<Part> extends "" ? "✗ a part of the path has no name"
    : NameOf<Part> extends "body" | "query" | "__proto__"
      ? `✗ no part can be named '${NameOf<Part>}'`
    : NameOf<Part> extends Seen ? `✗ ':${NameOf<Part>}' is in the path twice`
    : [KindOf<Part>] extends [never] ? PlaceOf<Part, Rest>
    : KindOf<Part> extends keyof Kinds ? PlaceOf<Part, Rest>
    : `✗ unknown kind <${KindOf<Part>}>`
  : Part extends `${string}${"{" | "}"}${string}`
    ? "✗ a part is written :name, without braces"
  : Part extends `${string}${"-" | "." | "_" | "~"}:${string}`
    ? `✗ '${Part}' has a ':' inside`
  : Part extends `${string}${"?" | "#" | " "}${string}`
    ? "✗ a path has no '?', no '#' and no space"
  : false;

/**
 * What is wrong with the place of one segment.
 *
 * @internal
 */
export type PlaceOf<Part extends string, Rest> = Part extends
  `*${string}` | `${string}?`
  ? Rest extends readonly [] ? false : `✗ '${Part}' is not last`
  : false;

/**
 * A prefix, or the sentence that says what is wrong with it.
 *
 * @internal
 */
export type PrefixCheck<Prefix extends string, Kinds = BuiltIn> = string extends
  Prefix ? Prefix
  : Prefix extends "" | "/" ? Prefix
  : Prefix extends `${string}/` ? "✗ a prefix does not end with '/'"
  : Prefix extends `${string}?` | `${string}/*${string}`
    ? "✗ a prefix has no part that may be missing or takes the rest"
  : PathCheck<Prefix, "", Kinds>;

/**
 * Any middleware, whatever it needs and adds.
 *
 * @internal
 */
// deno-lint-ignore no-explicit-any
export type AnyMiddleware = (c: any, next: any) => unknown;

/**
 * What a middleware adds: what its `next` takes.
 *
 * @internal
 */
export type AddsOf<One> = One extends // deno-lint-ignore no-explicit-any
(c: any, next: (adds: infer Adds) => any) => unknown ? Adds
  : unknown;

/**
 * What a list of middleware adds.
 *
 * @internal
 */
export type AddsOfAll<List> = List extends readonly [infer First, ...infer Rest]
  ? AddsOf<First> & AddsOfAll<Rest>
  : List extends readonly unknown[] ? unknown
  : AddsOf<List>;

/**
 * What is said where a middleware is in a place that lacks what it takes.
 *
 * @internal
 */
export type Lacking =
  "✗ a middleware needs what nothing before it adds to the context";

/**
 * `Result` where each middleware has what it needs: from `Base`, and from those before.
 *
 * @internal
 */
export type Fitting<List, Base, Result> = List extends
  readonly [infer First, ...infer Rest]
  // deno-lint-ignore no-explicit-any
  ? [First] extends [(c: Base, next: any) => unknown]
    ? Fitting<Rest, Base & AddsOf<First>, Result>
  : Lacking
  : Result;

/** What a route may say beside its path. */
export interface RouteOptions {
  /** The schema of the content: JSON or a form, by its media type. */
  readonly body?: AnySchema;
  /** The schema of the query. */
  readonly query?: AnySchema;
  /** The schema of what the handler returns. */
  readonly returns?: AnySchema;
  /** Middleware around this route alone; the first is the outermost. */
  readonly use?: readonly AnyMiddleware[];
  /** Bounds of this route's own. */
  readonly limits?: {
    /** Bytes of content, instead of `limits.body`. */
    readonly body?: number;
  };
  /** Timeouts of this route's own. */
  readonly timeouts?: {
    /** Milliseconds to the answer, instead of `timeouts.handler`. */
    readonly handler?: number;
  };
}

/**
 * The context of a route: what it is given, and what its middleware adds.
 *
 * @internal
 */
export type Given<Options, Base> = Options extends { readonly use: infer List }
  ? Fitting<List, Base, Base & AddsOfAll<List>>
  : Base;

/**
 * What a handler's result has to fit beside its own type.
 *
 * @internal
 */
export type Checked<Options, Result, Raw> = Options extends
  { readonly returns: infer Schema }
  ? Awaited<Result> extends SchemaInput<Schema> | Raw ? unknown
  : Result extends PromiseLike<unknown> ? Promise<SchemaInput<Schema>>
  : SchemaInput<Schema>
  : Unsendable<Awaited<Result>> extends never ? unknown
  // A member is asked for that such a result lacks. That it is of this form, and
  // not of a shorter one, is what lets a type parameter pass.
  : Result extends Anything & { readonly [Name in NotSendable]?: unknown }
    ? { [Name in Unsendable<Awaited<Result>>]: Result[Name] }
  : unknown;

/**
 * What is said of a result that cannot be sent.
 *
 * @internal
 */
export type NotSendable =
  "✗ a handler returns text, bytes, data, a Response, a stream or nothing";

/**
 * The sentence where a part of a result cannot be sent; else never.
 *
 * @internal
 */
export type Unsendable<Value> = Extract<Value, Refused> extends never ? never
  : NotSendable;

/**
 * What no answer can be made of, as far as the compiler can tell.
 *
 * @internal
 */
export type Refused =
  // deno-lint-ignore ban-types
  | Function
  | symbol
  | bigint
  | Date
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>;

/**
 * Whatever a handler may try to return.
 *
 * @internal
 */
export type Anything = object | string | number | boolean | symbol | bigint;

/**
 * What a decorator is told of a method.
 *
 * @internal
 */
export type MethodContext<This> = ClassMethodDecoratorContext<
  This,
  // deno-lint-ignore no-explicit-any
  (this: This, ...args: any) => any
>;

/** Checks a method's parameters and result, and makes a route of it. */
export type RouteDecorator<In, Given, Options, Raw> = <This, Result>(
  handler: (
    this: This,
    input: In,
    c: Given,
  ) => Result & Checked<Options, Result, Raw>,
  context: MethodContext<This>,
) => void;

/** A decorator for the routes of one method, under a prefix. */
export interface Verb<Prefix extends string, Base, Raw, Kinds = BuiltIn> {
  <const Path extends string, const Options extends RouteOptions = object>(
    path: PathCheck<Path, Prefix, Kinds>,
    options?: Options,
  ): RouteDecorator<
    Input<Join<Prefix, Path>, Options, Kinds>,
    Given<Options, Base>,
    Options,
    Raw
  >;
}

/** A decorator for the routes of any method, under a prefix. */
export interface AnyVerb<Prefix extends string, Base, Raw, Kinds = BuiltIn> {
  <const Path extends string, const Options extends RouteOptions = object>(
    method: string,
    path: Path extends "*" ? Path : PathCheck<Path, Prefix, Kinds>,
    options?: Options,
  ): RouteDecorator<
    Input<Join<Prefix, Path>, Options, Kinds>,
    Given<Options, Base>,
    Options,
    Raw
  >;
}

/**
 * A prefix and middleware for the routes of a class: a class decorator that has
 * the decorators for its methods.
 */
export interface Controller<
  Prefix extends string,
  Base,
  Raw,
  Kinds = BuiltIn,
> {
  /** Puts all routes of the class under the prefix and the middleware. */
  (
    type: { readonly prototype: object },
    context: { readonly kind: "class"; readonly name: string | undefined },
  ): void;
  /** As `get`, under the prefix. */
  readonly get: Verb<Prefix, Base, Raw, Kinds>;
  /** As `post`, under the prefix. */
  readonly post: Verb<Prefix, Base, Raw, Kinds>;
  /** As `put`, under the prefix. */
  readonly put: Verb<Prefix, Base, Raw, Kinds>;
  /** As `patch`, under the prefix. */
  readonly patch: Verb<Prefix, Base, Raw, Kinds>;
  /** As `del`, under the prefix. */
  readonly del: Verb<Prefix, Base, Raw, Kinds>;
  /** As `on`, under the prefix. */
  readonly on: AnyVerb<Prefix, Base, Raw, Kinds>;
  /** As `events`, under the prefix. */
  readonly events: EventsVerb<Prefix, Base, Raw, Kinds>;
  /** The same handle with kinds of your own for the paths of its methods. */
  kinds<Table extends KindTable>(
    table: Table,
  ): Controller<Prefix, Base, Raw, Kinds & KindValues<Table>>;
}

/** Declares routes of one method: path and handler, or path, options and handler. */
export interface Declare<Base, Raw, Kinds = BuiltIn> {
  /** A route with its handler. */
  <const Path extends string, Result>(
    path: PathCheck<Path, "", Kinds>,
    handler: (
      input: Input<Path, object, Kinds>,
      c: Base,
    ) => Result & Checked<object, Result, Raw>,
  ): void;
  /** A route with schemas, middleware or bounds of its own. */
  <const Path extends string, const Options extends RouteOptions, Result>(
    path: PathCheck<Path, "", Kinds>,
    options: Options,
    handler: (
      input: Input<Path, Options, Kinds>,
      c: Given<Options, Base>,
    ) => Result & Checked<Options, Result, Raw>,
  ): void;
}

/** The same for a method that is named first, `"*"` for all. */
export interface DeclareOn<Base, Raw, Kinds = BuiltIn> {
  /** A route with its handler. */
  <const Path extends string, Result>(
    method: string,
    path: Path extends "*" ? Path : PathCheck<Path, "", Kinds>,
    handler: (
      input: Input<Path, object, Kinds>,
      c: Base,
    ) => Result & Checked<object, Result, Raw>,
  ): void;
  /** A route with schemas, middleware or bounds of its own. */
  <const Path extends string, const Options extends RouteOptions, Result>(
    method: string,
    path: Path extends "*" ? Path : PathCheck<Path, "", Kinds>,
    options: Options,
    handler: (
      input: Input<Path, Options, Kinds>,
      c: Given<Options, Base>,
    ) => Result & Checked<Options, Result, Raw>,
  ): void;
}

// ── events ──────────────────────────────────────────────────────────────────

/** What a route of events may say beside its path. */
export interface EventOptions
  extends Pick<RouteOptions, "query" | "use" | "timeouts"> {
  /**
   * Milliseconds of silence after which a comment is sent, so that nobody between
   * takes the connection for dead; default 15,000, and `Infinity` for never.
   */
  readonly keepAlive?: number;
}

/** What a handler of events is given beside the context of any handler. */
export interface EventAdds {
  /**
   * The id of the last event that the client got, which says so when it comes
   * again (`Last-Event-ID`); `""` where it got none.
   */
  readonly lastEventId: string;
}

/**
 * What is said of a handler of events that yields none.
 *
 * @internal
 */
export type NoEvent =
  "✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment";

/**
 * What is said of a handler that is for events and returns something else.
 *
 * @internal
 */
export type NoEvents =
  "✗ a handler of events is an async generator, or returns a Response or nothing";

/**
 * The sentence where something is no event; else never. What is not known passes.
 *
 * @internal
 */
export type Uneventful<Item> = unknown extends Item ? never
  : Item extends Exclude<EventValue, ServerSentEvent> ? never
  : Item extends ServerSentEvent
    ? Exclude<keyof Item, keyof ServerSentEvent> extends never ? never : NoEvent
  : NoEvent;

/**
 * The sentence where what a handler returned is no stream of events; else never.
 *
 * @internal
 */
export type NotEvents<Value, Raw> = unknown extends Value ? never
  : Value extends Raw | undefined | void ? never
  : Value extends AsyncIterable<infer Item> ? Uneventful<Item>
  : NoEvents;

/**
 * What the result of a handler of events has to fit beside its own type; of the
 * same form as {@linkcode Checked}.
 *
 * @internal
 */
export type CheckedEvents<Result, Raw> = NotEvents<Awaited<Result>, Raw> extends
  never ? unknown
  : Result extends
    Anything & { readonly [Name in NoEvent | NoEvents]?: unknown }
    ? { [Name in NotEvents<Awaited<Result>, Raw>]: Result[Name] }
  : unknown;

/** A decorator for the routes of events, under a prefix. */
export interface EventsVerb<Prefix extends string, Base, Raw, Kinds = BuiltIn> {
  <const Path extends string, const Options extends EventOptions = object>(
    path: PathCheck<Path, Prefix, Kinds>,
    options?: Options,
  ): EventsDecorator<
    Input<Join<Prefix, Path>, Options, Kinds>,
    Given<Options, Base> & EventAdds,
    Raw
  >;
}

/** Checks a method's parameters and what it yields, and makes a route of events. */
export type EventsDecorator<In, Given, Raw> = <This, Result>(
  handler: (
    this: This,
    input: In,
    c: Given,
  ) => Result & CheckedEvents<Result, Raw>,
  context: MethodContext<This>,
) => void;

/** Declares routes of events: path and handler, or path, options and handler. */
export interface DeclareEvents<Base, Raw, Kinds = BuiltIn> {
  /** A route with its handler. */
  <const Path extends string, Result>(
    path: PathCheck<Path, "", Kinds>,
    handler: (
      input: Input<Path, object, Kinds>,
      c: Base & EventAdds,
    ) => Result & CheckedEvents<Result, Raw>,
  ): void;
  /** A route with middleware or options of its own. */
  <const Path extends string, const Options extends EventOptions, Result>(
    path: PathCheck<Path, "", Kinds>,
    options: Options,
    handler: (
      input: Input<Path, Options, Kinds>,
      c: Given<Options, Base> & EventAdds,
    ) => Result & CheckedEvents<Result, Raw>,
  ): void;
}
