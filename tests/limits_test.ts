import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  CHUNK_OVERHEAD,
  CONTENT_FLOOR,
  FIXED,
  LIMITS,
  type Limits,
  resolveLimits,
  resolveTimeouts,
  TIMEOUTS,
  type Timeouts,
} from "../limits.ts";

import { DOCUMENT, printLimits } from "../tools/limits.ts";

/** Bounds are a promise: whoever changes one changes it here as well. */
const DEFAULT_LIMITS: Limits = {
  target: 8_192,
  head: 16_384,
  fields: 100,
  body: 1_048_576,
  chunkExtensions: 4_096,
  trailers: 8_192,
  trailerFields: 32,
  unread: 262_144,
  connections: 10_000,
  buffered: 65_536,
  pairs: 1_000,
  cookies: 128,
  parts: 1_000,
  files: 100,
  partHead: 8_192,
  partHeadFields: 16,
  partField: 65_536,
};

const DEFAULT_TIMEOUTS: Timeouts = {
  head: 15_000,
  idle: 65_000,
  body: 30_000,
  write: 30_000,
  request: Infinity,
  handshake: 10_000,
  handler: Infinity,
  linger: 1_000,
  drain: 10_000,
};

/** What no option moves. */
const FIXED_BOUNDS: Record<keyof typeof FIXED, number> = {
  method: 32,
  emptyLines: 32,
  contentFloor: 240,
  contentGrace: 5_000,
  chunkTimes: 16,
  chunkStart: 65_536,
  codings: 16,
  requestKept: 1_048_576,
  signaturesTried: 4,
  keysKept: 64,
  codedAtOnce: 65_536,
  codedStretch: 65_536,
  codedPiece: 16_384,
  tagged: 1_048_576,
  preflightFields: 64,
  varied: 64,
  logged: 2_048,
  fileAtOnce: 65_536,
  filePiece: 262_144,
  filePieces: 64,
  fileShortPiece: 16_384,
  fileSlow: 1,
  fileWary: 1_000,
  fileBelieved: 1_000,
  filesRemembered: 1_024,
  forwarded: 32,
  accept: 64,
  parameters: 32,
  formMargin: 8_192,
  atOnce: 32,
  stretchBytes: 65_536,
  stretchPieces: 64,
  reportEvery: 60_000,
  ranges: 16,
  readAhead: 16_384,
  lingered: 268_435_456,
  lingerTimes: 10,
  parsers: 64,
  backOffFrom: 5,
  backOffTo: 1_000,
  keepAlive: 15_000,
  atCap: 50,
};

/** The status that answers what is beyond a bound, where one does. */
const STATUSES: Record<string, number> = {
  ...{ target: 414, head: 431, fields: 431, body: 413, chunkExtensions: 400 },
  ...{ trailers: 431, trailerFields: 431, pairs: 400, cookies: 400 },
  ...{ parts: 413, files: 413, partHead: 413, partHeadFields: 413 },
  ...{ partField: 413, "fixed.formMargin": 400, "fixed.codings": 415 },
  ...{ "timeouts.head": 408, "timeouts.body": 408 },
  ...{ "timeouts.request": 408, "timeouts.handler": 503 },
  ...{ "fixed.method": 501, "fixed.emptyLines": 400, "fixed.forwarded": 400 },
  ...{ "fixed.contentFloor": 408 },
  ...{ "fixed.chunkTimes": 400, "fixed.chunkStart": 400 },
};

Deno.test("resolveLimits() gives the defaults", () => {
  assertEquals(resolveLimits(), DEFAULT_LIMITS);
  assertEquals(resolveLimits({}), DEFAULT_LIMITS);
});

Deno.test("resolveTimeouts() gives the defaults", () => {
  assertEquals(resolveTimeouts(), DEFAULT_TIMEOUTS);
});

Deno.test("resolveLimits() takes what is given, and the defaults of the rest", () => {
  const given = { body: Infinity, fields: 0, target: 1.5 };
  assertEquals(resolveLimits(given), { ...DEFAULT_LIMITS, ...given });
  assertEquals(given, { body: Infinity, fields: 0, target: 1.5 });
});

Deno.test("resolveTimeouts() takes what is given, and the defaults of the rest", () => {
  assertEquals(resolveTimeouts({ handler: 5, idle: Infinity }), {
    ...DEFAULT_TIMEOUTS,
    handler: 5,
    idle: Infinity,
  });
});

Deno.test("resolveLimits() takes undefined for not given", () => {
  const given = { body: undefined } as unknown as Partial<Limits>;
  assertEquals(resolveLimits(given), DEFAULT_LIMITS);
});

Deno.test("resolveLimits() gives an object of its own each time", () => {
  const [one, other] = [resolveLimits(), resolveLimits()];
  assert(one !== other, "one server's bounds are another's");
});

const NO_BOUNDS: unknown[] = [NaN, -1, -Infinity, "8", "", null, true, {}, 8n];

Deno.test("resolveLimits() refuses what bounds nothing", () => {
  for (const value of NO_BOUNDS) {
    const given = { head: value } as Partial<Limits>;
    assertThrows(
      () => resolveLimits(given),
      RangeError,
      `Cannot set limits.head to ${value}`,
    );
  }
});

Deno.test("resolveTimeouts() refuses what bounds nothing", () => {
  for (const value of NO_BOUNDS) {
    const given = { idle: value } as Partial<Timeouts>;
    assertThrows(
      () => resolveTimeouts(given),
      RangeError,
      `Cannot set timeouts.idle to ${value}`,
    );
  }
});

Deno.test("resolveLimits() refuses a name that is none, and lists the others", () => {
  for (const name of ["heads", "Body", "toString", "constructor", "idle"]) {
    const error = assertThrows(
      () => resolveLimits({ [name]: 1 } as Partial<Limits>),
      TypeError,
      `Cannot set limits.${name}`,
    );
    assert(error.message.includes(Object.keys(DEFAULT_LIMITS).join(", ")));
  }
  const proto = JSON.parse('{"__proto__": 1}') as Partial<Limits>;
  assertThrows(() => resolveLimits(proto), TypeError, "limits.__proto__");
});

Deno.test("resolveTimeouts() refuses a name that is none", () => {
  const given = { body: 1, pairs: 1 } as Partial<Timeouts>;
  assertThrows(() => resolveTimeouts(given), TypeError, "timeouts.pairs");
});

Deno.test("FIXED has what the sources are built with", () => {
  const values = Object.entries(FIXED).map(([name, row]) => [
    name,
    row.default,
  ]);
  assertEquals(Object.fromEntries(values), FIXED_BOUNDS);
});

Deno.test("LIMITS, TIMEOUTS and FIXED say unit, answer and precedent of every bound", () => {
  const rows = [
    ...Object.entries(LIMITS).map(([name, row]) => [name, row] as const),
    ...Object.entries(TIMEOUTS).map(([name, row]) =>
      [`timeouts.${name}`, row] as const
    ),
    ...Object.entries(FIXED).map(([name, row]) =>
      [`fixed.${name}`, row] as const
    ),
  ];
  for (const [name, row] of rows) {
    if (!name.startsWith("fixed.")) {
      assertEquals(row.unit === "ms", name.startsWith("timeouts."), name);
    }
    assertEquals(
      typeof row.answer === "number" ? row.answer : undefined,
      STATUSES[name],
      name,
    );
    for (const text of [row.bounds, row.precedent, `${row.answer}`]) {
      assert(text !== "" && !text.endsWith("."), `${name}: ${text}`);
    }
  }
});

Deno.test("CONTENT_FLOOR and CHUNK_OVERHEAD are what the design says", () => {
  assertEquals(CONTENT_FLOOR, { bytesPerSecond: 240, after: 5_000 });
  assertEquals(CHUNK_OVERHEAD, { times: 16, start: 65_536 });
});

Deno.test("printLimits() is what docs/limits.md has", async () => {
  const text = await Deno.readTextFile(DOCUMENT);
  const hint = "deno run --allow-read --allow-write=docs tools/limits.ts";
  assertEquals(text === printLimits(), true, `Print it anew: ${hint}`);
});
