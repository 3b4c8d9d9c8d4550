/**
 * From a request to its answer, through the table: the route is found, its
 * chain is folded when it is asked for the first time, and no step ever fails.
 *
 * @module
 */

import { Context } from "../request.ts";
import { redirect } from "../response.ts";
import { Answer } from "../response/answer.ts";
import { type Body, discard, isStream } from "../response/body.ts";
import { around, type Seam } from "../routing/chain.ts";
import { NO_INPUT } from "../routing/input.ts";
import {
  isThenable,
  then,
  withBody,
  withQuery,
  withReturns,
} from "../routing/schema.ts";
import { mayHide, spelling } from "../routing/table.ts";
import type { AnyMiddleware, RouteOptions } from "../routing/types.ts";
import { answered, conclude, merged, verified } from "./conclude.ts";
import { withEvents } from "./events.ts";
import { rescue } from "./rescue.ts";
import {
  type AnyHandler,
  isComplete,
  type Leaf,
  type Scope,
  type Step,
  type Table,
} from "./scope.ts";

/** Never fails. */
export function dispatch(table: Table, c: Context): Answer | Promise<Answer> {
  try {
    const { path } = c;
    // A kind of one's own is asked about text, and not about escapes.
    if (table.tree.hasOwnKinds && mayHide(path)) return carefully(table, c);
    const leaf = table.tree.find(c.method, path);
    if (leaf === undefined) return carefully(table, c);
    // A path without parts is a literal of ours, and so has nothing to hide.
    if (leaf.read === undefined) return begin(leaf, c, NO_INPUT);
    if (mayHide(path)) return carefully(table, c);
    return begin(leaf, c, leaf.read(table.tree, path, false));
  } catch (error) { // of a kind that an application brought
    return rescue(c, error, table.scopes);
  }
}

/** The same for a path that has escapes, may be malformed, or leads nowhere. */
function carefully(table: Table, c: Context): Answer | Promise<Answer> {
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
  c: Context,
  input: object,
): Answer | Promise<Answer> {
  Context.enter(c, leaf.info);
  return (leaf.step ??= fold(leaf))(c, input);
}

/** What answers when no route does, in all that is around the application. */
function strayStep(table: Table): Step {
  return within(table.scopes, [], (_input, c) => {
    const stray = table.stray(c);
    if (stray.type === "redirect") return redirect(stray.location, 308);
    const answer = new Answer(204, null);
    answer.headers.set("allow", stray.allow);
    return answer;
  });
}

/** The one step that a route is: its handler in all that is around it. */
function fold({ handler, options, scopes, keepAlive }: Leaf): Step {
  const own = keepAlive === undefined
    ? handler
    : withEvents(handler, keepAlive);
  const call = withSchemas(own, options);
  return withBounds(within(scopes, options.use ?? [], call), options);
}

/** A handler in the middleware of its route, and that in the scopes' around it. */
function within(
  scopes: readonly Scope[],
  use: readonly AnyMiddleware[],
  call: AnyHandler,
): Step {
  const bare = use.length === 0 &&
    scopes.every(({ middleware }) => middleware.length === 0);
  let step: Step = (c, input) => concluded(c, call, input, scopes, !bare);
  step = wrapped(step, use, scopes);
  for (let i = scopes.length; i > 0; i--) {
    step = wrapped(step, scopes[i - 1]!.middleware, scopes.slice(0, i));
  }
  return step;
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

/** What a route says of bounds holds before anything is read. */
function withBounds(step: Step, { limits, timeouts }: RouteOptions): Step {
  const body = limits?.body;
  const patience = timeouts?.handler;
  if (body === undefined && patience === undefined) return step;
  return (c, input) => {
    if (body !== undefined) c.content.limit = body;
    if (patience !== undefined) Context.grant(c, patience);
    return step(c, input);
  };
}

function wrapped(
  step: Step,
  middleware: readonly AnyMiddleware[],
  scopes: readonly Scope[],
): Step {
  const seam: Seam<Context, Answer> = {
    finish: (c, result, inner) =>
      result === inner && inner !== undefined
        ? verified(inner)
        : then(answered(c, result), (made) => merged(c, made)),
    rescue: (c, error) => rescue(c, error, scopes),
    holds,
    leave,
    add,
  };
  return middleware.reduceRight(
    (inner, each) => around(each, inner, seam),
    step,
  );
}

function holds({ body }: Answer): unknown {
  return isStream(body) ? body : undefined;
}

/** A middleware answers with something else, of which this may be a part. */
function leave(c: Context, body: unknown): void {
  Context.leave(c, () => discard(body as Body));
}

function add(c: Context, adds: object): void {
  for (const name of Object.keys(adds)) {
    if (name in Context.prototype) {
      throw new TypeError(
        `Cannot add "${name}" to the context: it has one of its own`,
      );
    }
  }
  Object.assign(c, adds);
}

/** Calls a handler, and waits only where it does. */
export function concluded(
  c: Context,
  call: AnyHandler,
  input: object,
  scopes: readonly Scope[],
  within: boolean,
): Answer | Promise<Answer> {
  try {
    const result = answered(c, call(input, c));
    if (isThenable(result)) return later(c, result, scopes, within);
    return conclude(c, result, within);
  } catch (error) {
    return rescue(c, error, scopes);
  }
}

async function later(
  c: Context,
  result: PromiseLike<unknown>,
  scopes: readonly Scope[],
  within: boolean,
): Promise<Answer> {
  try {
    const made = answered(c, await result);
    return conclude(c, isThenable(made) ? await made : made, within);
  } catch (error) {
    return rescue(c, error, scopes);
  }
}
