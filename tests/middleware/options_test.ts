/**
 * What is given to the middleware in the box, and is not what it takes: nothing of
 * it may be without effect in silence.
 *
 * @module
 */

import { assertThrows } from "@std/assert";
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
    [make, "gzip", 'with "gzip": options are an object, as { '],
    [make, ["gzip"], "with a list: options are an object, as { "],
  ]),
  ["accessLog", { query: "yes" }, 'query "yes": it is true or false'],
  ["accessLog", { write: [] }, "write a list: it is a function"],
  ["accessLog", { format: 1 }, "format 1: it is text or a function"],
  ["accessLog", { format: "common" }, 'in the format "common"'],
  ["compress", { codings: "gzip" }, 'codings "gzip": it is a list'],
  ["compress", { threshold: "1kb" }, 'threshold "1kb": it is a number'],
  ["compress", { gains: true }, "gains true: it is a function"],
  ["cors", { credentials: "include" }, "it is true or false"],
  ["cors", { methods: "GET" }, 'methods "GET": it is a list'],
  ["cors", { origin: null }, "origin null: it is text or a list or a function"],
  ["etag", { weak: 1 }, "weak 1: it is true or false"],
  ["etag", { limit: "1" }, 'limit "1": it is a number'],
  ["file", { cacheControl: 3600 }, "cacheControl 3600: it is text"],
  ["files", { cacheControl: {} }, "cacheControl an object: it is text"],
  ["files", { index: true }, "index true: it is text or false"],
  ["files", { dotfiles: "allow" }, 'dotfiles "allow": it is true or false'],
  ["requestId", { generate: "uuid" }, 'generate "uuid": it is a function'],
  ["requestId", { trusted: 1 }, "trusted 1: it is true or false or a function"],
  ["secureHeaders", { frameOptions: true }, "it is text or false"],
  ["basicAuth", { verify: "x" }, 'verify "x": it is a function'],
  ["bearerAuth", { tokens: 7 }, "tokens 7: it is text or a list"],
];

Deno.test.each(WRONG)("%s() refuses %j", (make, options, says) => {
  assertThrows(() => MAKERS[make]!(options as never), TypeError, says);
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
