import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Html, html, type HtmlValue } from "../../wire/html.ts";
import { isHarmful } from "../../wire/html_attributes.ts";
import { type Hole, holesOf } from "../../wire/html_context.ts";
import { readHtml, type Token } from "../html_reader.ts";

/** A template, its values written as `∅`. */
function holes(template: string): readonly Hole[] {
  return holesOf(template.split("∅"));
}

/** Where the values of a template stand, the sentence where none may. */
const CONTEXTS: [template: string, ...kinds: string[]][] = [
  ["∅", "text"],
  ["", ...[]],
  ["<p>∅</p>∅", "text", "text"],
  ["a < b ∅", "text"],
  ["a <∅>", "the name of a tag"],
  ["a <1 ∅", "text"],
  ["<<p>∅", "text"],
  ["</>∅", "text"],
  ["<p title='∅' id=\"∅\">", "quoted", "quoted"],
  ["<p title = '∅'>", "quoted"],
  ['<p\ntitle\t=\f\r\n"∅">', "quoted"],
  ["<p a b=c d='' title=\"x ∅ y ∅\">", "quoted", "quoted"],
  ["<p a=b/c title='∅'>", "quoted"],
  ["<p/title='∅'>", "quoted"],
  ["<p a='>'>∅", "text"],
  ['<p a="\'">∅', "text"],
  ["<p a=x'y>∅", "text"],
  ["<p =a='∅'>", "quoted"],
  ["<br/>∅", "text"],
  ["<title>∅</title>∅", "text", "text"],
  ["<TITLE>a ∅ < b</TiTlE >∅", "text", "text"],
  ["<textarea name='∅'>∅</textarea>", "quoted", "text"],
  ["<p></p title='∅'>", "quoted"],
  ["<!doctype html>∅", "text"],
  ["<!---->∅", "text"],
  ["<!-- a -- b - > -->∅", "text"],
  ["<!-->∅", "text"],
  ["<!--->∅", "text"],
  ["<!-- --!>∅", "text"],
  ["<!--!>∅-->", "a comment"],
  ["<!---!>∅-->", "a comment"],
  ["<!-- --!->∅-->", "a comment"],
  ["<!-- ∅ -->∅", "a comment", "text"],
  ["<!∅>", "a comment"],
  ["<!doctype ∅>", "a comment"],
  ["<?php ∅ ?>∅", "a comment", "text"],
  ["</1 ∅>∅", "a comment", "text"],
  ["<∅>", "the name of a tag"],
  ["</∅>", "the name of a tag"],
  ["<h∅>a</h∅>", "the name of a tag", "the name of a tag"],
  ["<p ∅>∅", "among", "text"],
  ["<p a∅='b'>", "among"],
  ["<p a ∅>", "among"],
  ["<p a='b'∅>", "among"],
  ["<p a='b'/∅>", "among"],
  ["<p ∅='∅'>", "among", "not known"],
  ["<p data-∅='∅'>", "among", "not known"],
  ["<p ∅ title='∅'>", "among", "quoted"],
  ["<script>∅</script>∅", "<script>", "text"],
  ["<SCRIPT type='∅'>'∅'</SCRIPT>", "quoted", "<script>"],
  ["<script/>∅</script>", "<script>"],
  ["<script>a</scripts>∅</script>", "<script>"],
  ["<script>a</script\n>∅", "text"],
  ["<script>if (a<b) a</b</script>∅", "text"],
  ["<style>∅</style>∅", "<style>", "text"],
  ["<iframe>∅</iframe>", "<iframe>"],
  ["<xmp>∅</xmp>", "<xmp>"],
  ["<noembed>∅</noembed>", "<noembed>"],
  ["<noframes>∅</noframes>", "<noframes>"],
  ["<noscript>∅</noscript>", "text"],
  ["<p onclick='∅'>", "a script"],
  ["<p ONMOUSEOVER='a(\"∅\")'>", "a script"],
  ['<svg onload="∅">', "a script"],
  ["<iframe srcdoc='∅'></iframe>", "a page of its own"],
  ["<a href='∅'>", "url"],
  ["<a HREF='  ∅'>", "url"],
  ["<a href='/∅'>", "quoted"],
  ["<a href='?a=∅&b=∅'>", "quoted", "quoted"],
  ["<a href='#∅'>", "quoted"],
  ["<a href='https:∅'>", "quoted"],
  ["<a href='songs∅'>", "url"],
  ["<a href='∅∅/∅'>", "url", "url", "quoted"],
  ["<a href='javascript:f(∅)'>", "a script"],
  ["<a href=' Java\tScript:∅'>", "a script"],
  ["<a href='vbscript:∅'>", "a script"],
  ["<a href='data:text/html,∅'>", "a script"],
  ["<img src='data:image/png;base64,∅'>", "quoted"],
  ["<img src='data:text/html,∅'>", "a script"],
  ["<a href='&#106;avascript:∅'>", "a script"],
  ["<a href='java&Tab;script&colon;∅'>", "a script"],
  ["<a href='&#32;∅'>", "url"],
  ["<a href='java&Tab;script∅'>", "url"],
  ["<a href='&#∅'>", "url"],
  ["<a href='&#58∅'>", "quoted"],
  ["<a href='∅&amp;page=∅'>", "url", "url"],
  ["<a href='&colon;∅'>", "quoted"],
  ["<a href='&COLON;∅'>", "url"],
  ["<form action='∅'><button formaction='∅'>", "url", "url"],
  ["<object data='∅' codebase='∅'>", "url", "url"],
  ["<use xlink:href='∅' />", "url"],
  ["<body background='∅'><q cite='∅'>", "url", "url"],
  ["<video poster='∅' src='∅'>", "url", "url"],
  ["<img srcset='∅' alt='∅' style='∅'>", "quoted", "quoted", "quoted"],
  ["<a data-href='∅'>", "quoted"],
  ["<set attributeName='∅' to='∅'>", "other attributes", "other attributes"],
  ["<animate values='∅' dur='∅'>", "other attributes", "quoted"],
];

Deno.test("holesOf() finds out where each value stands", () => {
  for (const [template, ...kinds] of CONTEXTS) {
    const found = holes(template);
    assertEquals([template, found.length], [template, kinds.length]);
    found.forEach((hole, i) => {
      const kind = hole.kind === "refused" ? hole.says : hole.kind;
      assert(kind.includes(kinds[i]!), `${template} ${i}: ${kind}`);
    });
  }
});

/** Templates that cannot be taken, and what is said of them. */
const REFUSED: [template: string, message: string][] = [
  ["<a href=∅>", 'in the attribute "href" without quotes'],
  ["<a href= ∅>", 'in the attribute "href" without quotes'],
  ["<a href=/songs/∅>", 'in the attribute "href" without quotes'],
  ["<a href=∅ title='∅'>", 'in the attribute "href" without quotes'],
  ["<a ∅=∅>", "in an attribute without quotes"],
  ["<p", "ends in a tag"],
  ["<", "ends in a tag"],
  ["</p", "ends in a tag"],
  ["<p a", "ends in a tag"],
  ["<p a=", "ends in a tag"],
  ["<p a='", "ends in a tag"],
  ['<p a="∅', "ends in a tag"],
  ["<!--", "ends in a comment"],
  ["<!doctype", "ends in a comment"],
  ["<?", "ends in a comment"],
  ["<script>", "ends in a script or style"],
  ["<style>a</styl", "ends in a script or style"],
  ["<plaintext>∅", "ends in a script or style"],
  ["<plaintext></plaintext>", "ends in a script or style"],
  ["<textarea>∅", "ends in an element that has text alone"],
  ["<title>a <b>∅</title>", "markup in <title>"],
  ["<textarea><!-- ∅</textarea>", "markup in <textarea>"],
  ["<textarea></text∅area></textarea>", "markup in <textarea>"],
  ["<title><∅</title>", "markup in <title>"],
  ["<script><!-- <script> </script>∅", "markup in <script>"],
  ["<svg><![CDATA[∅]]></svg>", "<![CDATA["],
];

Deno.test("holesOf() refuses a template that is no whole, or is read in two ways", () => {
  for (const [template, message] of REFUSED) {
    const error = assertThrows(() => holes(template), TypeError);
    assert(error.message.includes(message), `${template}: ${error.message}`);
  }
});

Deno.test("holesOf() takes time for each character once", () => {
  for (
    const text of [
      "<",
      "<a ",
      "a='",
      "<!--",
      "--",
      "</",
      "<title>",
      "<i b='",
      "&",
    ]
  ) {
    const long = text.repeat(50_000);
    try {
      holesOf([long, long]);
    } catch (error) {
      assert(error instanceof TypeError);
    }
  }
});

/** What a browser runs when it is a URL, and what it does not. */
const URLS: [url: string, harmful: boolean][] = [
  ["javascript:alert(1)", true],
  ["JaVaScRiPt:alert(1)", true],
  [" javascript:alert(1)", true],
  ["\x00\x01\x1F javascript:alert(1)", true],
  ["java\tscript:alert(1)", true],
  ["java\r\nscript:alert(1)", true],
  ["j\na\nv\na\ns\nc\nr\ni\np\nt\n:\nalert(1)", true],
  ["\tjavascript\t:alert(1)", true],
  ["javascript://%0Aalert(1)", true],
  ["vbscript:msgbox(1)", true],
  ["data:text/html,<script>alert(1)</script>", true],
  ["DATA:;base64,x", true],
  ["data:image/svg+xml,<svg onload=alert(1)>", true],
  [`${"\t".repeat(100_000)}javascript:x`, true],
  ["javascript", false],
  ["/javascript:x", false],
  ["?javascript:x", false],
  ["./javascript:x", false],
  ["https://a/javascript:x", false],
  ["mailto:a@b", false],
  ["tel:1", false],
  ["javascripts:x", false],
  ["\xA0javascript:x", false],
  ["\u2028javascript:x", false],
  ["\uFEFFjavascript:x", false],
  ["java script:x", false],
  ["java\0script:x", false],
  ["javascript%3Ax", false],
  ["", false],
  [":", false],
];

Deno.test("isHarmful() knows the schemes that run, as the platform reads them", () => {
  for (const [url, harmful] of URLS) {
    assertEquals([url, isHarmful(url, false)], [url, harmful]);
    const parsed = URL.parse(url, "https://base/");
    const runs = /^(javascript|vbscript|data):$/.test(parsed?.protocol ?? "");
    assertEquals([url, runs], [url, harmful]);
  }
  for (const type of ["image/png", "audio/mpeg", "VIDEO/mp4"]) {
    assertEquals(isHarmful(`data:${type},x`, true), false);
    assertEquals(isHarmful(`data:${type},x`, false), true);
  }
  for (
    const type of ["text/html", "", "im\tage/png", " image/png", "imagex/"]
  ) {
    assertEquals(isHarmful(`data:${type},x`, true), true);
  }
});

/** A character in each way to write a reference to it. */
function referencesTo(character: string): string[] {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  const numeric = [`#${code}`, `#00${code}`, `#x${hex}`, `#X0${hex}`];
  const named: Record<string, string> = {
    ":": "colon",
    "\t": "Tab",
    "\n": "NewLine",
  };
  return [
    ...numeric.flatMap((each) => [`&${each};`, `&${each}`]),
    ...named[character] ? [`&${named[character]};`] : [],
  ];
}

/** The text of an attribute, with values in it, that spells a script together. */
const SPELLED: [before: string, value: string, ...rest: string[]][] = [
  ...Array.from({ length: 0x20 }, (_, i) => String.fromCharCode(i + 1))
    .flatMap(referencesTo)
    .map((space): [string, string] => [space, "javascript:a"]),
  ..."\t\n\r".split("").flatMap(referencesTo).flatMap(
    (gap): [string, string, string?][] => [
      [`java${gap}`, "script:a"],
      ["", "java", `${gap}script:a`],
      [`${gap}java${gap}scr`, `\tipt:a`],
    ],
  ) as [string, string, ...string[]][],
  ...referencesTo(":").flatMap((colon): [string, string, ...string[]][] => [
    ["", "javascript", `${colon}a`],
    ["", "javascript", colon, "a"],
    ["", "vbscript", `${colon}a`],
    ["", "data", `${colon}text/html,a`],
    ["java", "script", colon, "a"],
  ]),
  ...referencesTo("j").map((j): [string, string] => [
    `${j}avascript`,
    ":a",
  ]),
  ...referencesTo("a").flatMap((a): [string, string, ...string[]][] => [
    [`j${a}v${a}`, "script:a"],
    ["", "j", `${a}vascript:a`],
    ["", "j", `${a}va`, "script:a"],
  ]),
  // A reference, of which the value is a part.
  ["&#", "106;avascript:a"],
  ["&", "#106;avascript:a"],
  ["&#10", "6;avascript:a"],
  ["&#x6", "A;avascript:a"],
  ["&", "Tab;javascript:a"],
  ["javascript&", "colon;a"],
  ["javascript&#5", "8;a"],
  ["javascript&#", "58", ";a"],
  ["javascript", "&", "colon;", "a"],
  ["java", "", "&Tab;script", ":a"],
];

Deno.test("html lets no value end a script that references spell", () => {
  for (const [before, ...rest] of SPELLED) {
    for (const quote of ['"', "'"]) {
      const strings = [`<a href=${quote}${before}`];
      const values = rest.filter((_, i) => i % 2 === 0);
      strings.push(...rest.filter((_, i) => i % 2 === 1));
      while (strings.length <= values.length) strings.push("");
      strings[strings.length - 1] += `${quote}>`;
      const template = Object.assign(strings, { raw: strings });
      let page: string;
      try {
        page = `${html(template, ...values)}`;
      } catch (error) {
        assert(error instanceof TypeError);
        continue;
      }
      const [link] = readHtml(page);
      assert(link?.type === "tag", page);
      const url = URL.parse(link.attributes[0]![1], "https://base/");
      assert(!/^(javascript|vbscript|data):$/.test(url?.protocol ?? ""), page);
    }
  }
});

Deno.test("html takes URLs with references that spell no scheme", () => {
  const rows: [page: Html, markup: string][] = [
    [
      html`<a href="${"/songs?id=1"}&amp;page=${2}">`,
      '<a href="/songs?id=1&amp;page=2">',
    ],
    [html`<a href="/a&#47;${"b"}">`, '<a href="/a&#47;b">'],
    [html`<a href="${"a&#58;b"}">`, '<a href="a&amp;#58;b">'],
    [html`<a href="https&colon;//${"a"}/">`, '<a href="https&colon;//a/">'],
    [
      html`<a href="${"java&Tab;script:a"}">`,
      '<a href="java&amp;Tab;script:a">',
    ],
  ];
  for (const [page, markup] of rows) assertEquals(`${page}`, markup);
});

/** What has been tried on pages, and a harmless one. */
const VECTORS: readonly string[] = [
  "<script>alert(1)</script>",
  "</title><script>alert(1)</script>",
  "</textarea><img src=x onerror=alert(1)>",
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  " onmouseover=alert(1) ",
  "\nonfocus=alert(1)\nautofocus",
  "/onmouseover=alert(1)/",
  "`onmouseover=alert(1)`",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<!--",
  "-->",
  "--!><script>alert(1)</script>",
  "<!-- --><img onerror=x>",
  "]]><script>alert(1)</script>",
  "<![CDATA[<script>alert(1)</script>]]>",
  "<?xml version=1.0?><script>alert(1)</script>",
  "</p><p>",
  "<",
  ">",
  '"',
  "'",
  "&",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#60;script&#62;",
  "&#x3c;script>",
  "&quot; onclick=&quot;alert(1)",
  '\\"><script>alert(1)</script>',
  "%3Cscript%3E",
  "\u2028<script>",
  "\0<script>",
  "<scr\0ipt>alert(1)</scr\0ipt>",
  "\uFF1Cscript\uFF1E",
  "\uD800<script>",
  "+ADw-script+AD4-",
  "<math><mtext></p><img onerror=alert(1)>",
  '<noscript><p title="</noscript><img onerror=alert(1)>">',
  "<template><script>alert(1)</script>",
  "<a href=javascript:alert(1)>",
  "<base href=//evil/>",
  "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
  "<link rel=stylesheet href=//evil/>",
  "<form action=javascript:alert(1)><button>",
  "<object data=javascript:alert(1)>",
  "<embed src=javascript:alert(1)>",
  "<style>@import '//evil/'</style>",
  "<xmp><p title='</xmp><img onerror=x>'>",
  "<plaintext>",
  "<body onload=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<details open ontoggle=alert(1)>",
  "<marquee onstart=alert(1)>",
  "<isindex action=javascript:alert(1)>",
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  " \x01javascript:alert(1)",
  "java\nscript:alert(1)",
  "java\tscript\r:alert(1)",
  "javascript&colon;alert(1)",
  "&#106;avascript:alert(1)",
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD4=",
  "data:image/svg+xml,<svg onload=alert(1)>",
  "feed:javascript:alert(1)",
  "view-source:javascript:alert(1)",
  'https://a/?q="><script>',
];

/** A template of each place where a value may stand. */
const PLACES: readonly ((value: HtmlValue) => unknown)[] = [
  (value) => html`<p>${value}</p>`,
  (value) =>
    html`
      <title>${value}</title>
      <p>
    `,
  (value) =>
    html`
      <textarea>${value}</textarea>
      <p>
    `,
  (value) => html`<p title="${value}">`,
  (value) => html`<p title='${value}' id="a">`,
  (value) => html`<p data-a="${value}${value}">`,
  (value) => html`<p class="a ${value} b">${value}</p>`,
  (value) => html`<a href="${value}">`,
  (value) => html`<a href='${value}${value}'>`,
  (value) => html`<a href="${""}${value}">`,
  (value) => html`<a href="/songs/${value}?q=${value}">`,
  (value) => html`<img src="${value}" alt="${value}">`,
  (value) => html`<form action="${value}"><button formaction='${value}'>`,
  (value) =>
    html`
      <svg>
        <use xlink:href="${value}" />
      </svg>
    `,
  (value) => html`<object data="${value}"></object>`,
  (value) => html`<iframe src="${value}"></iframe>`,
  (value) => html`<noscript>${value}</noscript>`,
  (value) =>
    html`
      <svg>
        <text>${value}</text>
      </svg>
    `,
  (value) => html`<p>${[value, html`<b>${value}</b>`]}</p>`,
  (value) => html`${html`${html`<i>${value}</i>`}`}`,
];

/** What there is beside text: tags with the names of their attributes. */
function outline(tokens: readonly Token[]): string {
  return tokens.map((token) => {
    if (token.type === "tag") {
      return [token.name, ...token.attributes.map(([name]) => name)].join(" ");
    }
    return token.type === "end" ? `/${token.name}` : token.type;
  }).join(", ");
}

/** Attributes of a page in which the platform finds a script; in an image is none. */
function scripts(tokens: readonly Token[]): string[] {
  const found: string[] = [];
  for (const token of tokens) {
    if (token.type !== "tag") continue;
    for (const [name, value] of token.attributes) {
      if (!/^(href|src|action|formaction|xlink:href|data)$/.test(name)) {
        continue;
      }
      const { protocol = "" } = URL.parse(value, "https://base/") ?? {};
      const isData = protocol === "data:" && token.name !== "img";
      if (isData || /^(java|vb)script:$/.test(protocol)) found.push(value);
    }
  }
  return found;
}

Deno.test("html leaves a page as it was written, whatever is put into it", () => {
  for (const place of PLACES) {
    const written = outline(readHtml(`${place("x")}`));
    for (const vector of VECTORS) {
      const page = `${place(vector)}`;
      const tokens = readHtml(page);
      assertEquals([page, outline(tokens)], [page, written]);
      assertEquals([page, scripts(tokens)], [page, []]);
    }
  }
});

Deno.test("html lets what was put be read as it was", () => {
  for (const vector of VECTORS) {
    const [first, text] = readHtml(`${html`<p title="${vector}">${vector}`}`);
    assert(first?.type === "tag" && text?.type === "text", vector);
    assertEquals([first.attributes, text.text], [[["title", vector]], vector]);
  }
});

Deno.test("html looks at a URL as a whole, also where it comes in parts", () => {
  const parts: [parts: string[], page: string][] = [
    [["javascript:x", ""], '<a href="about:invalid">'],
    [["", "javascript:x"], '<a href="about:invalid">'],
    [["java", "script:x"], '<a href="javaabout:invalid">'],
    [["j", "\tavascript:x"], '<a href="jabout:invalid">'],
    [["https:", "javascript:x"], '<a href="https:javascript:x">'],
    [["a", "b"], '<a href="ab">'],
  ];
  for (const [[a, b], page] of parts) {
    assertEquals(`${html`<a href="${a}${b}">`}`, page);
  }
  const java = "java";
  assertEquals(
    `${html`<a href="${java}script:alert(1)">`}`,
    '<a href="about:invalidscript:alert(1)">',
  );
  assertEquals(
    `${html`<a href=" ${java}${"script"}${":x"}">`}`,
    '<a href=" javascriptabout:invalid">',
  );
});
