import { assertEquals, assertThrows } from "@std/assert";
import {
  escapeHtml,
  Html,
  html,
  type HtmlValue,
  raw,
} from "../../wire/html.ts";

const TEXTS: [text: string, escaped: string][] = [
  ["", ""],
  ["a", "a"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["a&b", "a&amp;b"],
  ["&amp;", "&amp;amp;"],
  [
    "<script>alert('x')</script>",
    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
  ],
  ['" onload="x', "&quot; onload=&quot;x"],
  ["<!--", "&lt;!--"],
  ["caf\xE9 \u{1F600} \0", "caf\xE9 \u{1F600} \0"],
  ["\uFF1Cb\uFF1E", "\uFF1Cb\uFF1E"], // full-width signs are no markup
  ["<<>>", "&lt;&lt;&gt;&gt;"],
];

Deno.test("escapeHtml() leaves nothing that begins or ends markup", () => {
  for (const [text, escaped] of TEXTS) assertEquals(escapeHtml(text), escaped);
});

/** What stands between `[` and `]` after a value was put there. */
const VALUES: [value: HtmlValue, markup: string][] = [
  ["a", "a"],
  ["<b>", "&lt;b&gt;"],
  ["", ""],
  [0, "0"],
  [-1.5, "-1.5"],
  [NaN, "NaN"],
  [10n, "10"],
  [true, "true"],
  [false, ""],
  [null, ""],
  [undefined, ""],
  [[], ""],
  [["a", "<", 1, null, false, raw("<b>")], "a&lt;1<b>"],
  [[["<"], [["a"], html`<i>${"&"}</i>`]], "&lt;a<i>&amp;</i>"],
  [raw("<b>&"), "<b>&"],
  [html`<p>${"<"}</p>`, "<p>&lt;</p>"],
  [html`${html`${html`${"'"}`}`}`, "&#39;"],
  [new Html("<hr>"), "<hr>"],
];

Deno.test("html escapes every value but markup", () => {
  for (const [value, markup] of VALUES) {
    assertEquals(`${html`[${value}]`}`, `[${markup}]`);
    assertEquals(
      `${html`<a title="${value}" id='${value}'>`}`,
      `<a title="${markup}" id='${markup}'>`,
    );
  }
});

Deno.test("html is itself a value, and keeps its template as it is written", () => {
  assertEquals(html`` instanceof Html, true);
  assertEquals(`${html``}`, "");
  assertEquals(`${html`a&b\n<c>`}`, "a&b\n<c>");
  assertEquals(String(html`${1}${2}`), "12");
});

const WRONG: [value: unknown, kind: string][] = [
  [() => "a", "a function"],
  [class {}, "a function"],
  [Symbol("a"), "a symbol"],
  [{}, "an object"],
  [{ toString: () => "<script>" }, "an object"],
  [JSON.parse('{"markup":"<script>","#markup":"<script>"}'), "an object"],
  [Object.create(null), "an object"],
  [new Date(0), "an object"],
  [new Map(), "an object"],
  [new String("<b>"), "an object"],
  [Promise.resolve("a"), "a promise"],
  [["a", [{}]], "an object"],
];

Deno.test("html refuses what is no text", () => {
  for (const [value, kind] of WRONG) {
    const put = () => html`${value as HtmlValue}`;
    assertEquals(
      assertThrows(put, TypeError).message,
      `Cannot put ${kind} into html: make a text of it first`,
    );
  }
});

Deno.test("Html cannot be forged by its prototype", () => {
  const forged = Object.create(Html.prototype);
  assertThrows(() => html`${forged}`, TypeError);
});
