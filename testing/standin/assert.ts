/**
 * What our tests use of `@std/assert`, for machines that cannot reach it.
 *
 * Ours, over Node's own assertions. Use {@linkcode assertEquals} on plain data,
 * `Headers`, `URL`, dates, maps, sets and typed arrays: there it agrees with
 * the real one. It does not on errors (compare their messages) and tells `-0`
 * from `0`.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";

/** What a broken assertion throws. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** A class whose instances are `T`. */
// deno-lint-ignore no-explicit-any
type Class<T> = new (...args: any[]) => T;

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Fails, always. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${told(msg)}`);
}

/** Fails unless `actual` and `expected` are equal all the way down. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new AssertionError(`${(error as Error).message}${told(msg)}`);
  }
}

/** Fails when `actual` is `null` or `undefined`. */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(`Expected a value, got ${actual}${told(msg)}`);
}

/** Fails unless `actual` was made by `expectedType`. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Class<T>,
  msg?: string,
): asserts actual is T {
  if (actual instanceof expectedType) return;
  throw new AssertionError(
    `Expected a ${expectedType.name}, got ${kind(actual)}${told(msg)}`,
  );
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected ${quote(actual)} to match ${expected}${told(msg)}`,
  );
}

/** Fails unless `expected` is a part of `actual`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected ${quote(actual)} to contain ${quote(expected)}${told(msg)}`,
  );
}

/** Fails unless `fn` throws; gives what was thrown. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an `ErrorClass` whose message has `msgIncludes`. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  ...wanted: Wanted
): unknown {
  try {
    fn();
  } catch (error) {
    return matching(error, wanted);
  }
  throw new AssertionError("Expected the function to throw");
}

/** Fails unless the promise of `fn` rejects; gives what it rejected with. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Fails unless it rejects with an `ErrorClass` whose message has `msgIncludes`. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...wanted: Wanted
): Promise<unknown> {
  // A throw before there is a promise is not a rejection.
  const promise = started(fn);
  try {
    await promise;
  } catch (error) {
    return matching(error, wanted);
  }
  throw new AssertionError("Expected the promise to reject");
}

/** What may follow the function: a message, or a class, a part and a message. */
type Wanted = [
  ErrorClassOrMsg?: Class<Error> | string,
  msgIncludes?: string,
  msg?: string,
];

function matching(error: unknown, [type, part = "", msg]: Wanted): unknown {
  if (type === undefined || typeof type === "string") return error;
  assertInstanceOf(error, type, msg);
  assertStringIncludes(error.message, part, msg);
  return error;
}

function started(fn: () => PromiseLike<unknown>): PromiseLike<unknown> {
  try {
    return fn();
  } catch (error) {
    throw new AssertionError("Expected a rejection, got a throw", {
      cause: error,
    });
  }
}

function told(msg: string | undefined): string {
  return msg ? `: ${msg}` : "";
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function kind(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `a ${value.constructor?.name ?? "null-prototype object"}`;
}
