import { assertEquals } from "@std/assert";
import { parseAccept, preferred } from "../../wire/accept.ts";

const JSON_HTML = ["application/json", "text/html"];
const HTML_JSON = ["text/html", "application/json"];
const CHROME =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp," +
  "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

const CHOICES: [
  accept: string | undefined,
  offers: readonly string[],
  best: string | undefined,
][] = [
  // Nothing was asked for, or nothing readable.
  [undefined, JSON_HTML, "application/json"],
  ["", JSON_HTML, "application/json"],
  [" , ,", JSON_HTML, "application/json"],
  ["html", JSON_HTML, "application/json"],
  ["text/html;q=2", JSON_HTML, "application/json"],
  [undefined, [], undefined],
  ["*/*", [], undefined],
  // Plain choices.
  ["*/*", JSON_HTML, "application/json"],
  ["*/*", HTML_JSON, "text/html"],
  ["text/html", JSON_HTML, "text/html"],
  ["TEXT/Html", JSON_HTML, "text/html"],
  ["image/png", JSON_HTML, undefined],
  ["text/*", JSON_HTML, "text/html"],
  ["text/htm", JSON_HTML, undefined],
  ["tex/*", JSON_HTML, undefined],
  [CHROME, JSON_HTML, "text/html"],
  [CHROME, ["text/plain", "application/problem+json"], "text/plain"],
  // By weight.
  ["text/html;q=0.5, application/json", HTML_JSON, "application/json"],
  ["text/html;q=0.5, application/json;q=0.4", JSON_HTML, "text/html"],
  [
    "text/html;q=0.001, application/json;q=0.002",
    HTML_JSON,
    "application/json",
  ],
  ["text/html ; Q=0.5 , application/json", HTML_JSON, "application/json"],
  ["*/*;q=0.9, text/*;q=0.1", HTML_JSON, "application/json"],
  // By specificity, then by the order of the offers.
  ["*/*, text/html", JSON_HTML, "text/html"],
  ["*/*, text/*", JSON_HTML, "text/html"],
  ["*/*;a=b, text/*", ["x/y;a=b", "text/html"], "text/html"],
  ["text/*, application/json", HTML_JSON, "application/json"],
  ["text/html, application/json", HTML_JSON, "text/html"],
  ["text/html, application/json", JSON_HTML, "application/json"],
  // RFC 9110 §12.5.1, with its levels.
  [
    "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5",
    ["text/html", "text/plain", "image/png"],
    "text/plain",
  ],
  [
    "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5",
    ["text/plain", "text/plain;format=flowed"],
    "text/plain;format=flowed",
  ],
  ["text/*;q=0.3, */*;q=0.5", ["text/html", "image/png"], "image/png"],
  // Zero excludes, but only what no closer range lets in.
  ["text/html;q=0", HTML_JSON, undefined],
  ["text/html;q=0, */*", HTML_JSON, "application/json"],
  ["*/*;q=0", JSON_HTML, undefined],
  ["*/*;q=0.0, text/html", JSON_HTML, "text/html"],
  ["text/*;q=0, text/html", ["text/plain", "text/html"], "text/html"],
  // Parameters.
  [
    "text/html;charset=UTF-8",
    ["text/html; charset=utf-8"],
    "text/html; charset=utf-8",
  ],
  ["text/html;charset=utf-8", ["text/html"], undefined],
  ["text/html", ["text/html; charset=utf-8"], "text/html; charset=utf-8"],
  [
    "text/html;level=1;q=0.2, text/html",
    ["text/html;level=1", "text/html"],
    "text/html",
  ],
  ['a/b;c="d,e"', ["a/b", 'a/b;c="d,e"'], 'a/b;c="d,e"'],
  // The first of two that say different things.
  [
    "text/html;q=0.1, text/html;q=0.9, application/json;q=0.5",
    HTML_JSON,
    "application/json",
  ],
  // What is malformed is skipped, the rest counts.
  ["text/html;q=x, application/json", HTML_JSON, "application/json"],
  ["text/html;q, application/json", HTML_JSON, "application/json"],
  ["*/html, application/json", HTML_JSON, "application/json"],
  ["text, /, application/json", HTML_JSON, "application/json"],
  [
    "text/html;q=0.5;q=1, application/json;q=0.1",
    HTML_JSON,
    "application/json",
  ],
  ['text/html;a="b, application/json', HTML_JSON, "text/html"],
  ['application/json, text/html;a="b', HTML_JSON, "application/json"],
  // An offer that is no media type is never the best.
  ["*/*", ["html", "text/html"], "text/html"],
];

Deno.test("preferred() finds the best offer", () => {
  for (const [accept, offers, best] of CHOICES) {
    assertEquals(
      preferred(accept, offers),
      best,
      JSON.stringify([accept, offers]),
    );
  }
});

const WEIGHTS: [text: string, weight: number | undefined][] = [
  ["0", 0],
  ["0.", 0],
  ["0.0", 0],
  ["0.000", 0],
  ["0.5", 0.5],
  ["0.123", 0.123],
  ["1", 1],
  ["1.", 1],
  ["1.000", 1],
  ['"0.5"', 0.5],
  ["", undefined],
  ["0.1234", undefined],
  ["1.001", undefined],
  ["1.0000", undefined],
  ["2", undefined],
  ["-1", undefined],
  ["+1", undefined],
  [".5", undefined],
  ["00.5", undefined],
  ["1e0", undefined],
  ["0x1", undefined],
  ["NaN", undefined],
  ["Infinity", undefined],
  ["0.5.5", undefined],
  ["\u0660", undefined],
];

Deno.test("parseAccept() reads a weight exactly", () => {
  for (const [text, weight] of WEIGHTS) {
    assertEquals(parseAccept(`a/b;q=${text}`)[0]?.weight, weight, text);
  }
});

Deno.test("parseAccept() takes the weight from anywhere among the parameters", () => {
  const [range] = parseAccept("a/b;c=d;q=0.5;e=f");
  assertEquals([...range!.parameters], [["c", "d"], ["e", "f"]]);
  assertEquals(range!.weight, 0.5);
});

Deno.test(
  "parseAccept() reads 64 members and no more",
  { timeout: 5_000 },
  () => {
    assertEquals(parseAccept("a/b,".repeat(500_000)).length, 64);
    assertEquals(
      preferred("a/b,".repeat(64) + "text/html", ["text/html"]),
      undefined,
    );
  },
);
