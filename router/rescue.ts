/**
 * What an error becomes: an answer, always.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { Context } from "../request.ts";
import type { Answer } from "../response/answer.ts";
import { renderError, sendableLines } from "../response/error_page.ts";
import {
  type Catcher,
  catcherFor,
  isUnexpected,
  statusOf,
} from "../routing/catchers.ts";
import { besidesContent, mergeLines } from "../routing/merge.ts";
import { isThenable, then } from "../routing/schema.ts";
import { Fields } from "../wire/fields.ts";
import { answered, merged } from "./conclude.ts";
import { isComplete, type Scope } from "./scope.ts";
import type { CatchHandler } from "./types.ts";

/**
 * The answer to an error: of the nearest scope that has a handler for it, or as
 * `renderError` has it. Never fails. What a handler of errors throws goes to the
 * scopes around it.
 *
 * What is not a refusal is reported, unless a handler for its very class made
 * an answer of it that is no 5xx.
 */
export function rescue(
  c: Context,
  error: unknown,
  scopes: readonly Scope[],
): Answer | Promise<Answer> {
  Context.exchange(c).failed?.(c);
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
  c: Context,
  error: unknown,
  { type, handle }: Catcher<CatchHandler<unknown>>,
  outer: readonly Scope[],
): Answer | Promise<Answer> {
  const headers = new Fields();
  mergeLines(headers, besidesContent(linesSet(c)), false);
  const before = statusOf(error);
  const draft = { status: before, headers };
  const finish = (result: unknown): Answer | Promise<Answer> => {
    const made = answered(c, result);
    // A Response has a status of its own, unless somebody said another.
    const own = made === result && isComplete(result);
    return then(made, (settled) => close(settled, own));
  };
  const close = (result: unknown, own: boolean): Answer => {
    const kept = own && draft.status === before;
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
    Context.settle(c, draft);
    const done = then(handle(error, c), finish);
    return isThenable(done) ? Promise.resolve(done).catch(fail) : done;
  } catch (thrown) {
    return fail(thrown);
  }
}

/** A 405 has its Allow, a 401 its challenge, whoever renders it (RFC 9110 §15.5). */
function keepFields(answer: Answer, error: unknown): void {
  if (!(error instanceof HttpError) || error.status !== answer.status) return;
  const fields = besidesContent([...error.headers].flat(), error.status);
  mergeLines(answer.headers, fields, true);
}

function fallback(c: Context, error: unknown): Answer {
  report(c, error);
  const answer = rendered(c, error, linesSet(c));
  Context.settle(c, answer);
  return answer;
}

/** What was set on the context before something went wrong. */
function linesSet(c: Context): readonly string[] {
  return Context.pending(c).headers?.lines ?? [];
}

/** The same where an answer that was made could not be sent. */
export function renderedInstead(c: Context, error: unknown): Answer {
  return rendered(c, error, sendableLines(linesSet(c)));
}

/** What is thrown may be such that nothing can be said of it. */
function rendered(
  c: Context,
  error: unknown,
  lines: readonly string[],
): Answer {
  const { development } = Context.exchange(c);
  const accept = c.header("accept");
  try {
    return renderError(error, accept, development, c.route, lines);
  } catch (cause) {
    report(c, cause);
    return renderError(cause, accept, development, c.route, lines);
  }
}

export function report(c: Context, error: unknown): void {
  if (isUnexpected(error)) Context.exchange(c).report(error, c);
}
