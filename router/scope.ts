/**
 * What the table of routes is filled with: a handler, and the scopes around it.
 *
 * @module
 */

import type { Context } from "../request.ts";
import { Answer } from "../response/answer.ts";
import { Upgrade } from "../response/body.ts";
import { Prepared } from "../response/prepared.ts";
import type { Catcher } from "../routing/catchers.ts";
import type { Step as StepOf } from "../routing/chain.ts";
import type { Leaf as LeafOf, Table as TableOf } from "../routing/table.ts";
import type { AnyMiddleware } from "../routing/types.ts";
import type { CatchHandler, Complete } from "./types.ts";

/** Any handler, whatever it asks for. */
export type AnyHandler = (input: object, c: Context) => unknown;

/** A place where routes are declared, with what is around all of them. */
export interface Scope {
  readonly middleware: AnyMiddleware[];
  readonly catchers: Catcher<CatchHandler<unknown>>[];
}

/** From a context and its input to an answer. */
export type Step = StepOf<Context, Answer>;
/** A route as it stands in a table. */
export type Leaf = LeafOf<Scope, AnyHandler, Step>;
/** The routes of an application. */
export type Table = TableOf<Scope, AnyHandler, Step>;

/** Whether a result is complete in itself. */
export function isComplete(result: unknown): result is Complete {
  return result instanceof Answer || result instanceof Response ||
    result instanceof Upgrade || result instanceof Prepared;
}
