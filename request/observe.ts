/**
 * Who is told of errors: the application's observer, or the console.
 *
 * @module
 */

import { Fault } from "../errors.ts";
import type { Context } from "../request.ts";

/** Is told of an error, and of the request where it happened. */
export type Observe = (error: unknown, c?: Context) => unknown;

/**
 * An observer that cannot disturb: what it throws, or rejects with, is logged.
 */
export function observer(
  onError: Observe = logError,
): (error: unknown, c?: Context) => void {
  const failed = (thrown: unknown) => console.error("onError threw:", thrown);
  return (error, c) => {
    try {
      Promise.resolve(onError(error, c)).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  };
}

/** Longer paths are cut: a log is for people. */
const LONGEST_PATH = 200;

/** A peer's faults are daily weather; what is ours to mend is logged with its place. */
function logError(error: unknown, c?: Context): void {
  if (error instanceof Fault) return;
  const what = error instanceof Response
    ? "A Response was thrown: return it"
    : error;
  if (c === undefined) return console.error(what);
  const source = c.route?.source && ` (${c.route.source})`;
  const path = c.route?.path ?? c.path.slice(0, LONGEST_PATH);
  console.error(`${c.method} ${path}${source ?? ""}:`, what);
}
