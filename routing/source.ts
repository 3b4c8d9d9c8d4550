/**
 * Where in the sources something was declared, told by the stack.
 *
 * @module
 */

/** The folder of this package: frames of it are ours and not the declarer's. */
const HERE = new URL("../", import.meta.url).href;
const OURS = ["router.ts", "router/", "routing/"].map((own) => HERE + own);

/**
 * A place in the sources. To note it costs a few microseconds; to write it out,
 * for which source maps may have to be read, a hundred. So that is done when
 * somebody asks, which for most routes is never.
 */
export class CallSite {
  #error: Error | undefined = errorHere();
  #text = "";

  /** `file:line:column`, `""` where the stack does not tell. */
  toString(): string {
    if (this.#error) {
      // An application may have its own form of stacks (Error.prepareStackTrace).
      const stack: unknown = this.#error.stack;
      this.#text = typeof stack === "string" ? placeOf(stack) : "";
      this.#error = undefined;
    }
    return this.#text;
  }
}

/** With frames enough to reach the declarer, whatever the application has set. */
function errorHere(): Error {
  const stacks = Error as { stackTraceLimit?: number };
  const { stackTraceLimit } = stacks;
  stacks.stackTraceLimit = 20;
  try {
    return new Error();
  } finally {
    Object.assign(stacks, { stackTraceLimit });
  }
}

/** The nearest caller outside of the router, as the lines of a stack have it. */
export function placeOf(stack: string): string {
  for (const line of stack.split("\n").slice(1)) {
    const place = placeIn(line);
    if (place && !OURS.some((own) => place.startsWith(own))) {
      return shown(place);
    }
  }
  return "";
}

/** `    at new Songs (file:///songs.ts:3:9)`, with or without the brackets. */
function placeIn(line: string): string | undefined {
  return /[\s(]([a-z]+:\/\/.+:\d+:\d+)\)?$/.exec(line)?.[1];
}

/** A file's path, which terminals and editors know how to open. */
function shown(place: string): string {
  if (!place.startsWith("file://")) return place;
  try {
    return decodeURIComponent(place.slice("file://".length));
  } catch {
    return place;
  }
}
