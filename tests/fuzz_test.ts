/**
 * A little of `deno task fuzz` for every day: a fixed seed and a few cases of
 * each property, so that nothing here depends on a clock. A case that hangs or
 * goes on and on is stopped by the timeout.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { resolveLimits } from "../limits.ts";
import { PAGE, printDifferences } from "../tools/differences.ts";
import { watched } from "./fuzz/cost.ts";
import { CODECS } from "./fuzz/codecs.ts";
import { CONNECTIONS } from "./fuzz/connections.ts";
import { DIFFERENCES } from "./fuzz/differences.ts";
import { ourTelling } from "./fuzz/messages.ts";
import { PARSER } from "./fuzz/parser.ts";
import { type Property, report, tryCase } from "./fuzz/property.ts";
import { Random } from "./fuzz/random.ts";
import { request } from "./fuzz/requests.ts";
import { withServer } from "./fuzz/server.ts";
import { octets } from "./wire_client.ts";

const SEED = 1;
const TIMEOUT = 60_000;

async function holds(property: Property, cases: number): Promise<void> {
  for (let index = 0; index < cases; index++) {
    const failure = await tryCase(property, SEED, index);
    if (failure) throw new Error(report(failure));
  }
}

for (
  const [property, cases] of [
    ...PARSER.map((one) => [one, 60] as const),
    ...CODECS.map((one) => [one, 150] as const),
    ...CONNECTIONS.map((one) => [one, 60] as const),
  ]
) {
  Deno.test(`fuzz: ${property.name}`, { timeout: TIMEOUT }, async () => {
    await holds(property, cases);
  });
}

Deno.test("fuzz: a server", { timeout: TIMEOUT }, async () => {
  await withServer(async (live) => {
    for (const property of live) await holds(property, 40);
  });
});

Deno.test("Random gives the same numbers for the same seed", () => {
  const numbers = (seed: string) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => random.below(1_000));
  };
  assertEquals(numbers("7/a/0"), numbers("7/a/0"));
  assertEquals(numbers("7/a/0").join() === numbers("7/a/1").join(), false);
});

Deno.test("request() draws what is right, and what is beyond a bound", () => {
  const limits = resolveLimits();
  const random = new Random("requests");
  const all = Array.from({ length: 2_000 }, () => request(random, limits));
  const broken = new Set(all.flatMap(({ broken }) => broken));
  assertEquals([...broken].sort(), [
    "chunk-extension-size",
    "fields",
    "head-size",
    "target-size",
  ]);
  assertEquals(
    all.filter(({ broken }) => broken.length > 0).length < 200,
    true,
  );
});

/** Fails for what has both a `b` and, behind it, a `c`. */
const PICKY: Property = {
  name: "picky",
  draw: (random) => ({
    input: `${random.text("ad", 9, 9)}b${random.text("ad", 9, 9)}c`,
    check: (input) => /b.*c/.test(input) ? "b and c" : undefined,
  }),
};

Deno.test("tryCase() finds the least input that fails, and how to see it again", async () => {
  const failure = await tryCase(PICKY, 7, 3);
  assertEquals(failure?.least, "bc");
  assertStringIncludes(
    report(failure!),
    'deno task fuzz --seed=7 --only="picky" --case=3',
  );
});

Deno.test("tryCase() takes whatever is thrown for a failure", async () => {
  const failure = await tryCase(
    {
      name: "throws",
      draw: () => ({
        input: "",
        check() {
          throw new RangeError("as it must not");
        },
      }),
    },
    1,
    0,
  );
  assertStringIncludes(failure?.says ?? "", "as it must not");
});

Deno.test("watched() counts looks", () => {
  const [bytes, looks] = watched(octets("abcabc"));
  assertEquals([bytes[1], bytes.length, bytes.indexOf(0x63, 1)], [0x62, 6, 2]);
  assertEquals(looks(), 2);
});

Deno.test("printDifferences() is what docs/differences.md has", async () => {
  const text = await Deno.readTextFile(PAGE);
  const hint = "deno run --allow-read --allow-write=docs tools/differences.ts";
  assertEquals(text === printDifferences(), true, `Print it anew: ${hint}`);
});

Deno.test("every example of a difference is refused here as its row says", () => {
  const limits = resolveLimits();
  for (const { kind, about, example } of DIFFERENCES) {
    const { refuses } = ourTelling(example, limits);
    const known = refuses !== undefined && about.includes(refuses);
    assertEquals(known, kind === "we refuse", example);
  }
});
