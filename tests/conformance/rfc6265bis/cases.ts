/**
 * How cases about cookies are made: steps that a handler takes, and the lines that
 * come of them; lines that are sent, and the pairs that a handler reads.
 *
 * @module
 */

import { escaped, linesOf } from "../../wire_client.ts";
import type { WireResponse } from "../../wire_client.ts";
import type { CookieStep } from "../app.ts";
import { get, head, served } from "../rows.ts";
import type { Case, Expected } from "../rows.ts";

/** What is set with a cookie, as a handler gives it or as it must not. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The end that deletes a cookie. */
export const GONE = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";

/** What is written does not hang on how the steps arrive. */
const FEEDINGS = ["at once", "with a request behind"] as const;

/** A request whose handler takes `steps`. */
export function steps(
  all: readonly CookieStep[],
  target = "/cookies",
  version = "1.1",
): string {
  const content = JSON.stringify(all).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return head(
    `POST ${target} HTTP/${version}`,
    "Host: a",
    "Content-Type: application/json",
    `Content-Length: ${content.length}`,
  ) + content;
}

/** Exactly these lines of Set-Cookie, in this order. */
export function cookieLines(...lines: string[]): Omit<Expected, "status"> {
  return {
    check: (answer: WireResponse) => {
      const came = linesOf(answer, "set-cookie");
      return JSON.stringify(came) === JSON.stringify(lines)
        ? undefined
        : `the cookies are ${escaped(came.join(" | ") || answer.content, 200)}`;
    },
  };
}

/** Steps that are taken, and all the lines that come of them. */
export function written(
  name: string,
  all: readonly CookieStep[],
  ...lines: string[]
): Case {
  return {
    ...served(name, steps(all), { content: "set", ...cookieLines(...lines) }),
    feedings: FEEDINGS,
  };
}

/** One cookie that is set, and its line. */
export function line(
  name: string,
  attributes: Attributes,
  text: string,
  pair: readonly [name: string, value: string] = ["a", "1"],
): Case {
  return written(name, [["set", ...pair, attributes]], text);
}

/** A step that is refused for `reason`, so that no line is sent. */
export function unwritten(
  name: string,
  step: CookieStep,
  reason: string,
): Case {
  return {
    ...served(name, steps([step]), {
      fields: { "set-cookie": null },
      check: ({ content }) =>
        content.startsWith("Cannot set the cookie ") && content.includes(reason)
          ? undefined
          : `the sentence is ${escaped(content, 120)}`,
    }),
    feedings: FEEDINGS,
  };
}

/** A cookie that is not set for its attributes. */
export function unset(
  name: string,
  attributes: Attributes,
  reason: string,
  cookie = "a",
): Case {
  return unwritten(name, ["set", cookie, "1", attributes], reason);
}

/** Lines of Cookie, and the pairs that a handler reads. */
export function read(
  name: string,
  cookie: string | readonly string[],
  ...pairs: [name: string, value: string][]
): Case {
  return served(
    name,
    get("/cookies/read", ...[cookie].flat().map((one) => `Cookie: ${one}`)),
    utf8(JSON.stringify(pairs)),
  );
}

/** What a handler has of a request with `cookie` at `target`. */
export function told(
  name: string,
  target: string,
  cookie: string,
  content: string,
): Case {
  return served(name, get(target, `Cookie: ${cookie}`), content);
}

/** A cookie that is set, is sent back as it came, and reads as it was set. */
export function round(
  name: string,
  value: string,
  {
    pair = `a=${value}`,
    does = "set",
    target = "/cookies/get/a",
    cookie = "a",
  }: {
    readonly pair?: string;
    readonly does?: "set" | "sign";
    readonly target?: string;
    readonly cookie?: string;
  } = {},
): Case {
  return {
    name,
    send: "",
    talk: [
      { send: steps([[does, cookie, value]]) },
      { answer: { status: 200, content: "set", ...cookieLines(pair) } },
      { send: get(target, `Cookie: ${pair}`) },
      { answer: { status: 200, content: utf8(value) } },
    ],
    answers: [],
    then: "persists",
  };
}

/** Text as octets, one a character. */
export function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** A short name for a case that is about some text. */
export function shown(text: unknown): string {
  return typeof text === "string"
    ? text === "" ? "nothing" : escaped(text, 40)
    : String(text);
}
