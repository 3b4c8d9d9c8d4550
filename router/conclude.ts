/**
 * A handler's result with what was set on the context: the answer that it is.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { Context } from "../request.ts";
import { toAnswer } from "../response.ts";
import { Answer } from "../response/answer.ts";
import { checkBody, discard, notOffered, Upgrade } from "../response/body.ts";
import { Prepared } from "../response/prepared.ts";
import { mergeLines } from "../routing/merge.ts";
import { isComplete } from "./scope.ts";

/** A result as an answer; where nothing was set and nobody is around, as it is. */
export function conclude(c: Context, result: unknown, within: boolean): Answer {
  checkUpgrade(c, result);
  if (within || !Context.isPlain(c)) return merged(c, result);
  return verified(toAnswer(result));
}

/** A result; of one that waits for the request, the answer to it. May throw. */
export function answered(c: Context, result: unknown): unknown {
  return result instanceof Prepared ? result.answer(c) : result;
}

/**
 * RFC 9110 §7.8: no other protocol than the client offers.
 *
 * @throws {HttpError} 426, and 501 where there is no connection
 */
function checkUpgrade(c: Context, result: unknown): void {
  if (!(result instanceof Upgrade)) return;
  const exchange = Context.exchange(c);
  if (exchange.offers === undefined) {
    throw new HttpError(501, "There is no connection to upgrade here");
  }
  if (!exchange.offers(result.protocol)) throw notOffered(result.protocol);
}

/** A result with what was set on the context; what is set later is set on it. */
export function merged(
  c: Context,
  result: unknown,
  { status, headers } = Context.pending(c),
): Answer {
  // One that is returned again and again is never written to.
  const answer = result instanceof Answer
    ? Answer.copy(result)
    : toAnswer(result);
  const whole = isComplete(result);
  if (status !== undefined && !(whole && answer.status !== 200)) {
    answer.status = status;
  }
  if (headers !== undefined) mergeLines(answer.headers, headers.lines, whole);
  Context.settle(c, answer);
  return verified(answer);
}

/** An answer that can be sent; what it is not is the application's mistake. */
export function verified(answer: Answer): Answer {
  const { status, body } = answer;
  if (typeof body !== "string" && body !== null) checkBody(body);
  if (status >= 200 && status <= 599 && Number.isInteger(status)) return answer;
  if (status === 101 && body instanceof Upgrade) return answer;
  discard(body);
  throw new RangeError(
    `Cannot answer with the status ${status}: it is not 200 to 599`,
  );
}
