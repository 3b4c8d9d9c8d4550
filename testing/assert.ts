/**
 * `@std/assert`, where it can be had.
 *
 * The import below is dynamic so that a machine that cannot reach JSR still
 * runs and type-checks every test: there, our stand-in answers. Where JSR is
 * reachable, the annotation on `std` holds the stand-in's types to the real
 * ones. Tests import `@std/assert` as anyone would; `deno.json` leads here.
 *
 * @module
 */

import type * as Standin from "./standin/assert.ts";

const std: typeof Standin = await import("@std/assert")
  .catch(() => import("./standin/assert.ts"));

export const AssertionError: typeof Standin.AssertionError = std.AssertionError;
export const assert: typeof Standin.assert = std.assert;
export const assertEquals: typeof Standin.assertEquals = std.assertEquals;
export const assertExists: typeof Standin.assertExists = std.assertExists;
export const assertInstanceOf: typeof Standin.assertInstanceOf =
  std.assertInstanceOf;
export const assertMatch: typeof Standin.assertMatch = std.assertMatch;
export const assertRejects: typeof Standin.assertRejects = std.assertRejects;
export const assertStringIncludes: typeof Standin.assertStringIncludes =
  std.assertStringIncludes;
export const assertThrows: typeof Standin.assertThrows = std.assertThrows;
export const fail: typeof Standin.fail = std.fail;
