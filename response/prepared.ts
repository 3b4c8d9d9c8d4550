/**
 * An answer that is made once the request is known.
 *
 * ```text
 *   handler ──▶ Prepared ──router──▶ answer(c) ──▶ Answer     200, 206, 304, 412 …
 *   handler ──▶ anything else ─────────────────▶ toAnswer
 * ```
 *
 * Some results cannot say by themselves what they become: a file is sent whole,
 * in part or not at all, by the method and the fields of who asks. So the
 * handler returns a {@linkcode Prepared}, and whoever concludes its result (the
 * router, for handlers, middleware and error handlers alike) has it answered.
 * What was set on the context is merged into that as into any other answer.
 *
 * The surprise: `status` may say already that this will be no 200, as in the
 * handler of an error. Conditions and ranges are about successes, so a result
 * must then ignore them (RFC 9110 §13.2.1 and §14.2).
 *
 * @module
 */

import type { Answer } from "./answer.ts";

/** What an answer may depend on. A `Context` is one. */
export interface Asking {
  /** The method as sent. */
  readonly method: string;
  /** The path as sent, percent-encoded. */
  readonly path: string;
  /** The status that was set for the answer; `undefined` until then. */
  readonly status: number | undefined;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
  /** The value of a request field, several lines joined; any case. */
  header(name: string): string | undefined;
}

/** A result that becomes an answer when it is told what was asked. */
export class Prepared {
  readonly #answer: (asked: Asking) => Answer | Promise<Answer>;

  /** `answer` may wait, and may throw, as a handler may. */
  constructor(answer: (asked: Asking) => Answer | Promise<Answer>) {
    this.#answer = answer;
  }

  /** The answer to `asked`; each call makes another. */
  answer(asked: Asking): Answer | Promise<Answer> {
    return this.#answer(asked);
  }
}
