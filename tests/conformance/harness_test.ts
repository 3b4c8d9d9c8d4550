import { assertEquals, assertMatch } from "@std/assert";
import { runRows } from "./harness.ts";
import { answered, get, head, lastServed, refused, served } from "./rows.ts";
import type { Case } from "./rows.ts";

const HELLO = get("/hello");
const BAD = get("/hello", "X : 1");

/** Cases that are wrong about the server, and what has to be said of each. */
const WRONG: [name: string, one: Case, complaint: RegExp][] = [
  ["another status", refused("a", HELLO), /status is 200, not 400/],
  ["other content", served("a", HELLO, "hullo"), /content is hello, not hullo/],
  [
    "a field that is absent",
    served("a", HELLO, { fields: { "x-a": "1" } }),
    /x-a is absent, not 1/,
  ],
  [
    "a field that is there",
    served("a", HELLO, { fields: { date: null } }),
    /date is .*, not absent/,
  ],
  [
    "what a handler saw",
    served("a", get("/seen"), { seen: { method: "PUT" } }),
    /saw method "GET", not "PUT"/,
  ],
  [
    "a 1xx that did not come",
    served("a", HELLO, { interim: [100] }),
    /no 1xx came first, not 100/,
  ],
  [
    "an end that does not come",
    lastServed("a", HELLO, "hello"),
    /was to close, and no answer says so/,
  ],
  [
    "a connection that ends",
    served("a", get("/hello", "Connection: close")),
    /was to persist/,
  ],
  ["an answer too many", {
    ...served("a", HELLO + HELLO),
    feedings: ["at once"],
  }, /request behind was answered with 200/],
  ["an answer too few", {
    ...served("a", HELLO),
    answers: [{ status: 200 }, { status: 200 }],
    fin: true,
  }, /no answer came/],
  ["a refusal that was none", {
    ...answered("a", get("/nowhere", "Connection: close"), 404),
    refused: true,
    then: "persists",
  }, /was to persist/],
  ["an answer that is whole", {
    ...served("a", HELLO),
    answers: [{ status: 200, brokenOff: true }],
  }, /seems to be whole/],
  [
    "a failure that is none",
    { ...refused("a", BAD), fails: "it was so once" },
    /it is met now; remove "fails"/,
  ],
];

function row(cases: readonly Case[]) {
  return {
    id: "0000-0-1",
    section: "0",
    level: "is",
    says: "It is so.",
    cases,
  } as const;
}

Deno.test.each(WRONG)(
  "runRows() complains of %s",
  async (_name, one, complaint) => {
    const [first = "nothing"] = await runRows([row([one])]);
    assertMatch(first, complaint);
  },
);

Deno.test("runRows() tells the row, the feeding, what was sent and what came", async () => {
  const one: Case = { ...refused("a name", HELLO), feedings: ["byte by byte"] };
  const [complaint = ""] = await runRows([row([one])]);
  assertMatch(complaint, /^✗ 0000-0-1\.1 a name \(byte by byte\): /);
  assertMatch(
    complaint,
    / {2}> GET \/hello HTTP\/1\.1\\r\\nHost: a\\r\\n\\r\\n/,
  );
  assertMatch(complaint, / {2}< HTTP\/1\.1 200 OK\\r\\n/);
});

Deno.test("runRows() tells of a request that was handled behind an end", async () => {
  const send = HELLO + get("/behind/it");
  const one: Case = {
    ...lastServed("a", head("POST /ignore HTTP/1.1", "Host: a") + send),
    feedings: ["at once"],
  };
  const complaints = await runRows([row([one])]);
  assertEquals(complaints.at(-1), "it: a request behind the end was handled");
});

Deno.test("runRows() is silent when all is well, and when what fails is known", async () => {
  const known: Case = {
    ...refused("a", HELLO),
    feedings: ["at once"],
    fails: "it is served",
  };
  assertEquals(
    await runRows([row([served("a", HELLO), refused("b", BAD), known])]),
    [],
  );
});
