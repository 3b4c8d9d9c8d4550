/**
 * Middleware around a step: the onion, one skin at a time.
 *
 * ```text
 *   step(c) ──▶ middleware(c, next) ──next()──▶ inner(c)
 *      ◀── finish(what it returned) ◀──────────── an answer, always
 * ```
 *
 * A step never throws and never rejects: errors have been rendered where they
 * happened, so that what is outside (a log, CORS) sees the answer that they
 * became. Skins are put on when a route is folded; a request only runs.
 *
 * @module
 */

/** From a request and the handler's input to an answer; never fails. */
export type Step<C, A> = (c: C, input: object) => A | Promise<A>;

/** What a skin needs of who folds it. */
export interface Seam<C, A> {
  /**
   * What a middleware returned, as an answer; may throw or reject. `inner` is
   * next()'s.
   */
  finish(c: C, result: unknown, inner: A | undefined): A | Promise<A>;
  /** What an error becomes; never fails. */
  rescue(c: C, error: unknown): A | Promise<A>;
  /** What has to be let go of by whoever does not send an answer, if there is. */
  holds(inner: A): unknown;
  /** Something takes the place of what was held, which may be a part of it. */
  leave(c: C, held: unknown): void;
  /** Puts what `next()` was given on the context; may throw. */
  add(c: C, adds: object): void;
}

/** `middleware` around `inner`. */
export function around<C, A>(
  middleware: (c: C, next: (adds?: object) => Promise<A>) => unknown,
  inner: Step<C, A>,
  seam: Seam<C, A>,
): Step<C, A> {
  return (c, input) => {
    let below: Promise<A> | undefined;
    let answer: A | undefined;
    let held: unknown;
    let over = false;
    const next = (adds?: object): Promise<A> => {
      if (over) return tooLate();
      if (below) {
        throw new TypeError("Cannot call next() twice in a middleware");
      }
      if (adds !== undefined) seam.add(c, adds);
      return below = Promise.resolve(inner(c, input)).then((got) => {
        held = seam.holds(got);
        return answer = got;
      });
    };
    const leave = (got?: A) => {
      if (held === undefined) return;
      if (got !== undefined && seam.holds(got) === held) return;
      seam.leave(c, held);
    };
    const finish = (result: unknown): A | Promise<A> => {
      over = true;
      if (result === undefined) {
        if (!below) throw new TypeError(NOTHING);
        return below.then((got) => {
          leave(got);
          return seam.finish(c, got, got);
        });
      }
      if (result === answer) leave(answer);
      // It may not have been waited for, and come later.
      else below?.then(() => leave());
      return seam.finish(c, result, answer);
    };
    return run(() => middleware(c, next)).then(finish)
      .catch((error) => {
        over = true;
        below?.then(() => leave());
        return seam.rescue(c, error);
      });
  };
}

const NOTHING = "Cannot answer: a middleware returned nothing " +
  "and did not call next()";

/** Nobody may be there to handle it any more, which must not end the process. */
function tooLate(): Promise<never> {
  const late = Promise.reject(
    new TypeError("Cannot call next() when the answer is given"),
  );
  late.catch(() => {});
  return late;
}

/** What `make` returns or throws, as a promise. */
function run(make: () => unknown): Promise<unknown> {
  try {
    return Promise.resolve(make());
  } catch (error) {
    return Promise.reject(error);
  }
}
