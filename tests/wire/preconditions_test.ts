import { assertEquals } from "@std/assert";
import {
  type Conditional,
  evaluate,
  isRangeWanted,
  type Validators,
  type Verdict,
} from "../../wire/preconditions.ts";

const CHANGED = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const SAME = "Fri, 02 Jan 2026 03:04:05 GMT";
const BEFORE = "Fri, 02 Jan 2026 03:04:04 GMT";
const AFTER = "Fri, 02 Jan 2026 03:04:06 GMT";
const NOW = Date.UTC(2026, 5, 1);

const CURRENT: Validators = {
  etag: { weak: false, opaque: "a" },
  lastModified: CHANGED,
};
const WEAK: Validators = { ...CURRENT, etag: { weak: true, opaque: "a" } };
const BARE: Validators = {};

function asked(method: string, fields: Record<string, string>): Conditional {
  return { method, header: (name) => fields[name] };
}

/** A condition, what it says of `CURRENT`, and whether there is one at all. */
type Term = [field: string, value: string, holds: boolean | undefined];

const MATCH: Term[] = [
  ["if-match", '"a"', true],
  ["if-match", '"b", "a"', true],
  ["if-match", "*", true],
  ["if-match", '"b"', false],
  ["if-match", 'W/"a"', false],
  ["if-match", "a", false],
  ["if-match", "", false],
];

const UNMODIFIED: Term[] = [
  ["if-unmodified-since", SAME, true],
  ["if-unmodified-since", AFTER, true],
  ["if-unmodified-since", BEFORE, false],
  ["if-unmodified-since", "yesterday", undefined],
  ["if-unmodified-since", "", undefined],
  ["if-unmodified-since", `${BEFORE}, ${BEFORE}`, undefined],
];

/** Whether they ask for what is there: then nothing is sent. */
const NONE_MATCH: Term[] = [
  ["if-none-match", '"b"', true],
  ["if-none-match", "a", true],
  ["if-none-match", "", true],
  ["if-none-match", '"a"', false],
  ["if-none-match", 'W/"a"', false],
  ["if-none-match", '"b", W/"a"', false],
  ["if-none-match", "*", false],
];

const MODIFIED: Term[] = [
  ["if-modified-since", BEFORE, true],
  ["if-modified-since", SAME, false],
  ["if-modified-since", AFTER, false],
  ["if-modified-since", "Friday, 02-Jan-26 03:04:05 GMT", false],
  ["if-modified-since", "Fri Jan  2 03:04:05 2026", false],
  ["if-modified-since", "Fri, 02 Jan 2026 03:04:05", undefined],
  ["if-modified-since", "0", undefined],
  ["if-modified-since", `${AFTER}, ${AFTER}`, undefined],
];

const NOTHING: Term = ["x", "", undefined];
const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "get"];

/** RFC 9110 §13.2.2 in its own words, over the truth of each condition. */
function byTheBook(
  method: string,
  match: Term,
  unmodified: Term,
  noneMatch: Term,
  modified: Term,
): Verdict {
  const reads = method === "GET" || method === "HEAD";
  // 1. When recipient is the origin server and If-Match is present …
  if (match[2] !== undefined) {
    if (!match[2]) return 412;
    // 2. … If-Match is not present, and If-Unmodified-Since is present …
  } else if (unmodified[2] === false) return 412;
  // 3. When If-None-Match is present …
  if (noneMatch[2] !== undefined) {
    return noneMatch[2] ? "go on" : reads ? 304 : 412;
  }
  // 4. When the method is GET or HEAD, If-None-Match is not present …
  return reads && modified[2] === false ? 304 : "go on";
}

Deno.test("evaluate() follows the order of RFC 9110 §13.2.2 in every case", () => {
  let cases = 0;
  for (const method of METHODS) {
    for (const match of [NOTHING, ...MATCH]) {
      for (const unmodified of [NOTHING, ...UNMODIFIED]) {
        for (const noneMatch of [NOTHING, ...NONE_MATCH]) {
          for (const modified of [NOTHING, ...MODIFIED]) {
            const terms = [match, unmodified, noneMatch, modified];
            const fields = Object.fromEntries(terms);
            assertEquals(
              evaluate(asked(method, fields), CURRENT, NOW),
              byTheBook(method, match, unmodified, noneMatch, modified),
              `${method} ${JSON.stringify(fields)}`,
            );
            cases++;
          }
        }
      }
    }
  }
  assertEquals(cases, 6 * 8 * 7 * 8 * 9);
});

const OTHERS: [
  name: string,
  current: Validators | undefined,
  method: string,
  fields: Record<string, string>,
  verdict: Verdict,
][] = [
  ["a weak tag is no If-Match", WEAK, "PUT", { "if-match": 'W/"a"' }, 412],
  ["nor as if strong", WEAK, "PUT", { "if-match": '"a"' }, 412],
  ["but *", WEAK, "PUT", { "if-match": "*" }, "go on"],
  ["a weak tag is known", WEAK, "GET", { "if-none-match": '"a"' }, 304],
  ["nothing there", undefined, "PUT", { "if-match": "*" }, 412],
  ["nothing of that tag", undefined, "PUT", { "if-match": '"a"' }, 412],
  ["a first one", undefined, "PUT", { "if-none-match": "*" }, "go on"],
  ["none to be known", undefined, "GET", { "if-none-match": '"a"' }, "go on"],
  ["no date of nothing", undefined, "PUT", {
    "if-unmodified-since": BEFORE,
  }, "go on"],
  [
    "nor of what has none",
    BARE,
    "PUT",
    { "if-unmodified-since": BEFORE },
    "go on",
  ],
  ["nor here", BARE, "GET", { "if-modified-since": AFTER }, "go on"],
  ["no tag: no match", BARE, "PUT", { "if-match": '"a"' }, 412],
  ["no tag: but it is there", BARE, "PUT", { "if-none-match": "*" }, 412],
  ["no tag: not known", BARE, "GET", { "if-none-match": '"a"' }, "go on"],
];

Deno.test("evaluate() knows what is not there, and what has no validators", () => {
  for (const [name, current, method, fields, verdict] of OTHERS) {
    assertEquals(evaluate(asked(method, fields), current, NOW), verdict, name);
  }
});

const IF_RANGE: [
  field: string | undefined,
  current: Validators,
  wanted: boolean,
][] = [
  [undefined, CURRENT, true],
  ['"a"', CURRENT, true],
  ['"b"', CURRENT, false],
  ['W/"a"', CURRENT, false],
  ['"a"', WEAK, false],
  ['W/"a"', WEAK, false],
  ['"a"', BARE, false],
  ['"b", "a"', CURRENT, false],
  ["*", CURRENT, false],
  ["a", CURRENT, false],
  ["", CURRENT, false],
  [SAME, CURRENT, true],
  [SAME, WEAK, true],
  [BEFORE, CURRENT, false],
  [AFTER, CURRENT, false],
  [SAME, BARE, false],
  ["Friday, 02-Jan-26 03:04:05 GMT", CURRENT, true],
  ["yesterday", CURRENT, false],
];

Deno.test("isRangeWanted() compares tags strongly and dates exactly", () => {
  for (const [field, current, wanted] of IF_RANGE) {
    const range = asked(
      "GET",
      field === undefined ? {} : { "if-range": field },
    );
    assertEquals(isRangeWanted(range, current, NOW), wanted, field);
  }
});

Deno.test("isRangeWanted() takes no date whose second is not over", () => {
  const range = asked("GET", { "if-range": SAME });
  const second = Math.floor(CHANGED / 1000) * 1000;
  assertEquals(isRangeWanted(range, CURRENT, second + 999), false);
  assertEquals(isRangeWanted(range, CURRENT, second + 1000), true);
});
