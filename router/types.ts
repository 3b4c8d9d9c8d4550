/**
 * What an application is written in: handlers, middleware, contexts.
 *
 * Nothing of this exists at run time.
 *
 * @module
 */

import type { Context as BaseContext } from "../request.ts";
import type { Answer } from "../response/answer.ts";
import type { Upgrade } from "../response/body.ts";
import type { Prepared } from "../response/prepared.ts";
import type { EventAdds } from "../routing/types.ts";

/**
 * What the server adds to a request (the class is `request.ts`), and what
 * middleware found out about it.
 */
export type Context<Adds = unknown> = BaseContext & Adds;

/** The context of a handler of events. */
export type EventContext<Adds = unknown> = Context<Adds> & EventAdds;

/** Answers a request: what the client sent comes first, what the server adds second. */
export type Handler<In = object, Adds = unknown> = (
  input: In,
  c: Context<Adds>,
) => unknown;

/** Goes on to what is inside, with the values that the middleware adds. */
export type Next<Adds = unknown> = unknown extends Adds ? () => Promise<Answer>
  : (adds: Adds) => Promise<Answer>;

/** What a middleware returns; nothing stands for what `next()` gave. */
export type MiddlewareResult = Answer | Prepared | Response | void;

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

/**
 * Where a middleware may be written in place; it may need more than `C`.
 *
 * @internal
 */
export type InlineMiddleware<C> = {
  // deno-lint-ignore no-explicit-any
  bivariant(c: C, next: any): MiddlewareResult | Promise<MiddlewareResult>;
}["bivariant"];

/** What is complete in itself, and held to no schema. */
export type Complete = Answer | Prepared | Response | Upgrade;

/** Answers an error; what it returns becomes the answer as a handler's result does. */
export type CatchHandler<Type> = (error: Type, c: BaseContext) => unknown;
