import { assert, assertEquals, assertThrows } from "@std/assert";
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
  [["a", "<", 1, null, false], "a&lt;1"],
  [[["<"], [["a"], "&"]], "&lt;a&amp;"],
  [new Set(["a", "<"]), "a&lt;"],
  [new Map([["a", "<"]]).values(), "&lt;"],
  [["<", "a"].values(), "&lt;a"],
];

Deno.test("html escapes every value but markup", () => {
  for (const [value, markup] of VALUES.slice(0, -2)) {
    assertEquals(
      `${html`<a title="${value}" id='${value}'>[${value}]`}`,
      `<a title="${markup}" id='${markup}'>[${markup}]`,
    );
  }
  for (const [value, markup] of VALUES) {
    assertEquals(`${html`[${value}]`}`, `[${markup}]`);
  }
  const generated = function* () {
    yield "<";
    yield [1, html`<i>`];
  };
  assertEquals(`${html`${generated()}`}`, "&lt;1<i>");
});

/** Markup, and what stands between `[` and `]`. */
const MARKUP: [value: HtmlValue, markup: string][] = [
  [raw("<b>&"), "<b>&"],
  [html`<p>${"<"}</p>`, "<p>&lt;</p>"],
  [html`${html`${html`${"'"}`}`}`, "&#39;"],
  [new Html("<hr>"), "<hr>"],
  [["<", html`<b>`, [raw("<i>")]], "&lt;<b><i>"],
];

Deno.test("html takes markup as it is between tags", () => {
  for (const [value, markup] of MARKUP) {
    assertEquals(`${html`[${value}]`}`, `[${markup}]`);
    assertEquals(
      `${html`<title>[${value}]</title>`}`,
      `<title>[${markup}]</title>`,
    );
  }
});

Deno.test("html takes markup nowhere else", () => {
  const puts = [
    () => html`<a title="${html`a`}">`,
    () => html`<a title="${["a", html`a`]}">`,
    () => html`<a href="${html`a`}">`,
  ];
  for (const put of puts) {
    assertThrows(
      put,
      TypeError,
      "Cannot put markup into html in the attribute",
    );
  }
});

Deno.test("raw() is put as it is anywhere", () => {
  const code = raw("f('<')");
  const name = raw("b");
  // deno-fmt-ignore
  const rows: [page: Html, markup: string][] = [
    [html`<a title="${code}">`, `<a title="f('<')">`],
    [html`<a onclick="${code}">`, `<a onclick="f('<')">`],
    [html`<a href="${raw("javascript:a()")}">`, '<a href="javascript:a()">'],
    [html`<a href="${raw("a")}${"b"}">`, '<a href="ab">'],
    [html`<script>${code}</script>`, "<script>f('<')</script>"],
    [html`<style>${raw("a{}")}</style>`, "<style>a{}</style>"],
    [html`<!-- ${code} -->`, "<!-- f('<') -->"],
    [html`<${name} ${name}="${raw("c")}"></${name}>`, '<b b="c"></b>'],
    [html`<option ${true && raw("selected")}>`, "<option selected>"],
  ];
  for (const [page, markup] of rows) assertEquals(`${page}`, markup);
});

Deno.test("html leaves nothing where there is no value, wherever it is", () => {
  for (const value of [false, null, undefined]) {
    // deno-fmt-ignore
    const page = html`<p ${value} title="${value}" onclick='${value}'>${value}<!--${value}-->`;
    assertEquals(`${page}`, `<p  title="" onclick=''><!---->`);
  }
});

/** Values where none may be, and what is said of it. */
const MISPLACED: [put: (value: HtmlValue) => Html, message: string][] = [
  [
    (x) => html`<${x}>`,
    "where the name of a tag is: only raw() may stand there",
  ],
  [(x) => html`<p ${x}>`, "among the attributes of a tag: only raw()"],
  [(x) => html`<p a-${x}="b">`, "among the attributes of a tag: only raw()"],
  [(x) => html`<!-- ${x} -->`, "in a comment: only raw() may stand there"],
  [(x) => html`<!doctype ${x}>`, "in a comment: only raw() may stand there"],
  [
    (x) => html`<script>${x}</script>`,
    "in <script>: put it into an attribute, and read it there",
  ],
  [(x) => html`<style>${x}</style>`, "in <style>: put it into an attribute"],
  [
    (x) => html`<p onclick="${x}">`,
    'in the attribute "onclick", which is a script',
  ],
  [
    (x) => html`<p ${raw("a")}="${x}">`,
    "in an attribute, whose name is not known",
  ],
  [
    (x) => html`<iframe srcdoc="${x}"></iframe>`,
    'in the attribute "srcdoc", which is a page of its own',
  ],
];

Deno.test("html refuses a value where none can be safe, and says why", () => {
  const values: HtmlValue[] = [
    "a",
    1,
    true,
    ["a"],
    html`a`,
    Promise.resolve("a"),
  ];
  for (const [put, message] of MISPLACED) {
    for (const value of values) {
      const error = assertThrows(() => put(value), TypeError);
      assert(
        error.message.startsWith(`Cannot put a value into html ${message}`),
        error.message,
      );
    }
  }
});

Deno.test("html refuses a template each time, not the first time alone", () => {
  const put = (value: string) => html`<a href=${value}>`;
  for (let time = 0; time < 3; time++) {
    assertThrows(() => put("a"), TypeError, "put quotes around it");
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
  [JSON.parse('{"then":"<script>","next":1}'), "an object"],
  [Object.create(null), "an object"],
  [new Date(0), "an object"],
  [new Map(), "an object"],
  [new String("<b>"), "an object"],
  [Uint8Array.of(60), "an object"],
  [["a", [{}]], "an object"],
];

Deno.test("html refuses what is no text", () => {
  for (const [value, kind] of WRONG) {
    const puts = [
      () => html`${value as HtmlValue}`,
      () => html`<a href="${value as HtmlValue}">`,
    ];
    for (const put of puts) {
      assertEquals(
        assertThrows(put, TypeError).message,
        `Cannot put ${kind} into html: make a text of it first`,
      );
    }
  }
});

Deno.test("Html cannot be forged by its prototype", () => {
  const forged = Object.create(Html.prototype);
  assertThrows(() => html`${forged}`, TypeError);
  for (const called of ["<p>", ["<p>"], undefined, null]) {
    assertThrows(() => html(called as never), TypeError, "of a call");
  }
});
