/**
 * What the parts of a matched path become: the object that a handler is given.
 *
 * It is made with the same names in the same order for every request of a
 * route, so that the engine sees one shape. A path without parts shares one
 * empty object.
 *
 * @module
 */

import { type Pattern, plain } from "./pattern.ts";

/** Where a part that is missing begins, and with it all that follow. */
const MISSING = -1;

/** Where a search left the parts of a path; a `Tree` is one. */
export interface Findings {
  readonly marks: Int32Array;
  readonly values: readonly unknown[];
}

/** Reads the parts of `path`, which `found` is about. */
export type ReadInput = (
  found: Findings,
  path: string,
  encoded: boolean,
) => object;

/** The input of every route whose path has no parts. */
export const NO_INPUT: object = Object.freeze({});

/** How the input of a pattern is read. */
export function inputReader(pattern: Pattern): ReadInput | undefined {
  const parts = pattern.parts.filter((part) => part.type !== "literal");
  if (parts.length === 0) return undefined;
  const names = parts.map(({ name }) => name);
  const kinds = parts.map((part) => part.type === "param" && !!part.kind);
  return kinds.includes(true) ? kindReader(names, kinds) : plainReader(names);
}

/** Most patterns have no kinds, and nothing to ask of each part. */
function plainReader(names: readonly string[]): ReadInput {
  return ({ marks }, path, encoded) => {
    const input: Record<string, unknown> = {};
    for (let i = 0; i < names.length && marks[2 * i] !== MISSING; i++) {
      input[names[i]!] = partOf(path, marks, i, encoded);
    }
    return input;
  };
}

function kindReader(
  names: readonly string[],
  kinds: readonly boolean[],
): ReadInput {
  return ({ marks, values }, path, encoded) => {
    const input: Record<string, unknown> = {};
    for (let i = 0; i < names.length && marks[2 * i] !== MISSING; i++) {
      input[names[i]!] = kinds[i] ? values[i] : partOf(path, marks, i, encoded);
    }
    return input;
  };
}

function partOf(
  path: string,
  marks: Int32Array,
  i: number,
  encoded: boolean,
): string {
  const text = path.substring(marks[2 * i]!, marks[2 * i + 1]!);
  return encoded ? plain(text) : text;
}
