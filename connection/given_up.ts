/**
 * Requests that nobody waits for any more, and why: what `c.signal` tells.
 *
 * ```text
 *   signalOf ──▶ a signal that has not fired ──giveUp──▶ fires, once
 *   giveUp ──▶ signalOf ──▶ a signal that has fired
 * ```
 *
 * A signal is made when it is asked for: that few ask is why it has no place in
 * the exchange, which each request would pay for.
 *
 * @module
 */

import { Fault } from "../errors.ts";

/** Why nobody waits any more for the answer to a request. */
const GIVEN_UP: WeakMap<object, unknown> = new WeakMap();
/** What fires the signals that were asked for. */
const CONTROLLERS: WeakMap<object, AbortController> = new WeakMap();

/** The signal of a request; where it `isAlive` no more, one that never fires. */
export function signalOf(request: object, isAlive: boolean): AbortSignal {
  if (GIVEN_UP.has(request)) return AbortSignal.abort(GIVEN_UP.get(request));
  const known = CONTROLLERS.get(request);
  if (known !== undefined) return known.signal;
  const controller = new AbortController();
  if (isAlive) CONTROLLERS.set(request, controller);
  return controller.signal;
}

/** Tells who is at work for a request, now or when it asks. The first reason holds. */
export function giveUp(
  request: object,
  reason: unknown,
  report: (error: unknown) => void,
): void {
  if (GIVEN_UP.has(request)) return;
  GIVEN_UP.set(request, reason);
  const controller = CONTROLLERS.get(request);
  if (controller !== undefined) fire(controller, reason, report);
}

/** Whether an error is our own reason come back, which is no news. */
export function isOwnWord(error: unknown, request?: object): boolean {
  return request !== undefined && GIVEN_UP.has(request) &&
    GIVEN_UP.get(request) === error && !(error instanceof Fault);
}

/**
 * Fires, and tells what listeners throw: the platform takes that for an error of
 * the program, and ends it, though all it took was a client that left.
 */
function fire(
  controller: AbortController,
  reason: unknown,
  report: (error: unknown) => void,
): void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    report(event.error);
  };
  addEventListener("error", onError);
  controller.abort(reason);
  removeEventListener("error", onError);
}
