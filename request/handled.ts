/**
 * Promises that a handler is given, and may await late or never.
 *
 * @module
 */

/**
 * A promise that may be left alone: a peer's mistake must not become a rejection
 * that nobody handles, which would end the process. Who awaits it is told.
 */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
