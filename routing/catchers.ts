/**
 * Which of the error handlers of one place an error goes to: the one for the
 * most specific class, then the one for its status, then the one for any error.
 *
 * Of two that say the same, the later one is taken: an application may put its
 * own in the place of one that came with something it uses.
 *
 * @module
 */

import { Fault, HttpError } from "../errors.ts";

/** A class of errors, abstract ones too. */
export type ErrorClass<Type = unknown> = abstract new (
  // deno-lint-ignore no-explicit-any
  ...args: any[]
) => Type;

/** An error handler and what it is for; `undefined` for any error. */
export interface Catcher<Handle> {
  readonly type: ErrorClass | number | undefined;
  readonly handle: Handle;
}

/** The status that an error stands for: 500 where it says nothing. */
export function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}

/**
 * Whether an error is our side's rather than the client's, so that somebody has
 * to know. Who asks for a method that is not there (501) has no say in our log.
 */
export function isUnexpected(error: unknown): boolean {
  return statusOf(error) >= 500 && !(error instanceof Fault);
}

/** The handler that an error goes to, where there is one. */
export function catcherFor<Handle>(
  catchers: readonly Catcher<Handle>[],
  error: unknown,
): Catcher<Handle> | undefined {
  const status = statusOf(error);
  return byClass(catchers, error) ??
    catchers.findLast(({ type }) => type === status) ??
    catchers.findLast(({ type }) => type === undefined);
}

/** Up from the error's own class, so that the first one found is the nearest. */
function byClass<Handle>(
  catchers: readonly Catcher<Handle>[],
  error: unknown,
): Catcher<Handle> | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  let prototype = Object.getPrototypeOf(error);
  while (prototype !== null) {
    const found = catchers.findLast(({ type }) =>
      typeof type === "function" && type.prototype === prototype
    );
    if (found) return found;
    prototype = Object.getPrototypeOf(prototype);
  }
  return undefined;
}
