/**
 * What is given to the middleware in the box, and is not what it takes: nothing of
 * it may be without effect in silence.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  accessLog,
  basicAuth,
  bearerAuth,
  compress,
  cors,
  etag,
  file,
  files,
  requestId,
  secureHeaders,
} from "../../mod.ts";

type Make = (options: never) => unknown;

const MAKERS: Record<string, Make> = {
  accessLog,
  basicAuth,
  bearerAuth,
  compress,
  cors,
  etag,
  requestId,
  secureHeaders,
  file: (options) => file("a.txt", options),
  files: (options) => files("public", options),
};

const WRONG: [make: keyof typeof MAKERS, options: unknown, says: string][] = [
  ...Object.keys(MAKERS).flatMap((make): [string, unknown, string][] => [
    [make, { nonesuch: true }, 'with "nonesuch": the options are '],
    [make, { nonesuch: null }, 'with "nonesuch": the options are '],
    [make, null, "with null: options are an object, as { "],
    [make, "gzip", "with text: options are an object, as { "],
    [make, ["gzip"], "with a list: options are an object, as { "],
  ]),
  ["accessLog", { query: "yes" }, "query is text, and not true or false"],
  ["accessLog", { write: [] }, "write is a list, and not a function"],
  ["accessLog", { format: 1 }, "format is 1, and not text or a function"],
  ["accessLog", { format: "common" }, 'in the format "common"'],
  ["compress", { codings: "gzip" }, "codings is text, and not a list"],
  ["compress", { threshold: "1kb" }, "threshold is text, and not a number"],
  ["compress", { gains: true }, "gains is true, and not a function"],
  [
    "cors",
    { credentials: "include" },
    "credentials is text, and not true or false",
  ],
  ["cors", { methods: "GET" }, "methods is text, and not a list"],
  [
    "cors",
    { origin: null },
    "origin is null, and not text or a list or a function",
  ],
  ["etag", { weak: 1 }, "weak is 1, and not true or false"],
  ["etag", { limit: "1" }, "limit is text, and not a number"],
  ["file", { cacheControl: 3600 }, "cacheControl is 3600, and not text"],
  ["files", { cacheControl: {} }, "cacheControl is an object, and not text"],
  ["files", { index: true }, "index is true, and not text or false"],
  ["files", { dotfiles: "allow" }, "dotfiles is text, and not true or false"],
  ["requestId", { generate: "uuid" }, "generate is text, and not a function"],
  [
    "requestId",
    { trusted: 1 },
    "trusted is 1, and not true or false or a function",
  ],
  [
    "secureHeaders",
    { frameOptions: true },
    "frameOptions is true, and not text or false",
  ],
  ["basicAuth", { verify: "x" }, "verify is text, and not a function"],
  ["bearerAuth", { tokens: 7 }, "tokens is 7, and not text or a list"],
];

Deno.test.each(WRONG)("%s() refuses %j", (make, options, says) => {
  assertThrows(() => MAKERS[make]!(options as never), TypeError, says);
});

Deno.test("an option that is wrong is not told, as it may be a secret", () => {
  const secret = "correct horse battery staple";
  for (const make of [basicAuth, bearerAuth] as Make[]) {
    for (const name of ["users", "verify", "realm", "tokens"]) {
      for (const value of [secret, [secret], { secret }]) {
        try {
          make({ [name]: value } as never);
        } catch (error) {
          assertEquals(`${error}`.includes("horse"), false, `${error}`);
        }
      }
    }
  }
});

// Each of them would let in whoever knows how it is made a text.
const NO_PASSWORD: unknown[] = [
  { users: {} },
  { users: new Map() },
  { users: { Ada: undefined } },
  { users: { Ada: null } },
  { users: { Ada: "" } },
  { users: { Ada: 7 } },
  { users: { Ada: { password: "x" } } },
  { users: [{ Ada: "x" }] },
  { users: new Map([["Ada", undefined]]) },
];

Deno.test.each(NO_PASSWORD)(
  "basicAuth() refuses users without a password: %j",
  (options) => {
    assertThrows(() => basicAuth(options as never), TypeError, "Cannot auth");
  },
);

const NO_TOKEN: unknown[] = [
  { tokens: undefined },
  { tokens: [] },
  { tokens: [undefined] },
  { tokens: [null] },
  { tokens: [7] },
  { tokens: [["abc"]] },
];

Deno.test.each(NO_TOKEN)(
  "bearerAuth() refuses tokens that are none: %j",
  (options) => {
    assertThrows(() => bearerAuth(options as never), TypeError, "Cannot auth");
  },
);
