import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { Fault, type FaultCode, FAULTS, HttpError } from "../errors.ts";
import { LIMITS, TIMEOUTS } from "../limits.ts";
import { reasonOf } from "../wire/status.ts";

const CODES = Object.keys(FAULTS) as FaultCode[];

Deno.test("HttpError has a status, a message and no more", () => {
  const error = new HttpError(404, "No such song");
  assertInstanceOf(error, Error);
  assertEquals(
    [error.name, error.status, error.message, error.details],
    ["HttpError", 404, "No such song", undefined],
  );
  assertEquals([...error.headers], []);
  assertEquals(["cause" in error, `${error}`], [
    false,
    "HttpError: No such song",
  ]);
  assertMatch(error.stack ?? "", /errors_test\.ts/);
  assertEquals(new HttpError(500).message, "");
});

Deno.test("HttpError takes headers, a cause and details", () => {
  const cause = new Error("inside");
  const details = { retry: true };
  const error = new HttpError(503, "Later", {
    headers: [["Retry-After", "3"], ["set-cookie", "a=1"]],
    cause,
    details,
  });
  assertEquals(error.headers.get("retry-after"), "3");
  assert(error.cause === cause && error.details === details);
  const told = new HttpError(500, "", { cause: undefined });
  assertEquals(["cause" in told, told.cause], [true, undefined]);
});

Deno.test("HttpError refuses a status that refuses nothing", () => {
  for (const status of [400, 418, 499, 500, 599]) {
    assertEquals(new HttpError(status).status, status);
  }
  for (const status of [0, 200, 399, 600, 404.5, NaN, Infinity, -404]) {
    assertThrows(() => new HttpError(status), RangeError, `${status}`);
  }
  const text = "404" as unknown as number;
  assertThrows(() => new HttpError(text), RangeError, "404");
});

Deno.test("HttpError refuses headers that are none", () => {
  const headers = { "a b": "c" };
  assertThrows(() => new HttpError(400, "", { headers }), TypeError);
});

Deno.test("Fault is an HttpError of its row in the catalogue", () => {
  for (const code of CODES) {
    const fault = new Fault(code);
    assertInstanceOf(fault, HttpError);
    assertEquals({
      ...{ name: fault.name, kind: fault.kind, code: fault.code },
      ...{ status: fault.status, rule: fault.rule, says: fault.message },
    }, { name: "Fault", kind: "fault", code, ...FAULTS[code] });
    assertEquals([...fault.headers], []);
  }
});

Deno.test("FAULTS gives each rule a status, a sentence and its source", () => {
  for (const [code, { status, rule, says }] of Object.entries(FAULTS)) {
    assertMatch(code, /^[a-z]+(-[a-z]+)*$/);
    assert(status >= 400 && status <= 599 && reasonOf(status) !== "", code);
    assertMatch(rule, /^RFC \d{4} \u00A7\d+(\.\d+)*$/, code);
    assertMatch(says, /^[A-Z].{10,}[^.!?\s]$/, code);
    assertEquals(/n't|'(s|re|ll)\b/.test(says), false, "a contraction");
  }
});

Deno.test("FAULTS says each sentence once", () => {
  const sentences = Object.values(FAULTS).map(({ says }) => says);
  assertEquals(new Set(sentences).size, sentences.length);
});

Deno.test("FAULTS names only bounds that exist, and answers as they say", () => {
  const bounds: Record<string, { readonly answer: number | string }> = {
    ...prefixed("limits", LIMITS),
    ...prefixed("timeouts", TIMEOUTS),
  };
  const named = new Set<string>();
  for (const { status, says } of Object.values(FAULTS)) {
    for (const [name] of says.matchAll(/\b(limits|timeouts)\.\w+/g)) {
      assertEquals(bounds[name]?.answer, status, name);
      named.add(name);
    }
  }
  assertEquals(named.size, 15);
});

function prefixed<Row>(option: string, table: Record<string, Row>) {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [`${option}.${name}`, row]),
  );
}
