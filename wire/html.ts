/**
 * HTML that escapes: a template whose values cannot become markup.
 *
 * ```text
 * html`<h1>${title}</h1>`     title "<script>"  →  <h1>&lt;script&gt;</h1>
 * ```
 *
 * The template is code and is trusted; every value in it is text and is escaped,
 * unless it is a piece of {@linkcode Html} itself. Lists are joined, and
 * `undefined`, `null` and `false` leave nothing, so that `${user && html`…`}`
 * says what it means.
 *
 * The one surprise: escaping makes a value safe as text and between the quotes of
 * an attribute, and nowhere else. It does not know where it stands: not in
 * `<script>` or `<style>`, not in an attribute without quotes, and a URL in
 * `href` may still begin with `javascript:`.
 *
 * HTML Standard §13.1.2.3 and §13.3.
 *
 * @module
 */

/** What a template may be given. */
export type HtmlValue =
  | Html
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly HtmlValue[];

/**
 * A piece of safe markup. It is made by {@linkcode html} and {@linkcode raw}; a
 * handler that returns one answers `text/html; charset=utf-8`.
 */
export class Html {
  readonly #markup: string;

  /** Trusts `markup`, as {@linkcode raw} does. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  /** The markup as a string. */
  toString(): string {
    return this.#markup;
  }
}

/**
 * Builds a piece of markup in which every value is escaped.
 *
 * @throws {TypeError} when a value is a function, a symbol, a promise or another
 *   object that is not text
 *
 * @example
 * ```ts
 * import { html } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const songs = ["Rock & Roll", "<i>"];
 * const list = html`<ul>${songs.map((song) => html`<li>${song}</li>`)}</ul>`;
 * assertEquals(`${list}`, "<ul><li>Rock &amp; Roll</li><li>&lt;i&gt;</li></ul>");
 * ```
 */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly HtmlValue[]
): Html {
  let markup = strings[0]!;
  for (let i = 0; i < values.length; i++) {
    markup += markupOf(values[i]) + strings[i + 1]!;
  }
  return new Html(markup);
}

/**
 * Takes `markup` as it is. Only for what the application wrote itself: whoever
 * wrote the string can run scripts on the page.
 *
 * @example
 * ```ts
 * import { html, raw } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(`${html`<p>${raw("a&nbsp;b")}</p>`}`, "<p>a&nbsp;b</p>");
 * ```
 */
export function raw(markup: string): Html {
  return new Html(`${markup}`);
}

/**
 * `text` without a character that could begin markup or end a quoted attribute:
 * `&`, `<`, `>`, `"` and `'` become references.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml(`<a title="it's">`), "&lt;a title=&quot;it&#39;s&quot;&gt;");
 * ```
 */
export function escapeHtml(text: string): string {
  let escaped = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const reference = referenceFor(text.charCodeAt(i));
    if (reference === undefined) continue;
    escaped += text.slice(from, i) + reference;
    from = i + 1;
  }
  return from === 0 ? text : escaped + text.slice(from);
}

function referenceFor(code: number): string | undefined {
  switch (code) {
    case 0x22:
      return "&quot;";
    case 0x26:
      return "&amp;";
    case 0x27:
      return "&#39;"; // shorter than &apos;, and known since HTML 2
    case 0x3C:
      return "&lt;";
    case 0x3E:
      return "&gt;";
    default:
      return undefined;
  }
}

/** The class is asked, never a property: what came as JSON can have any of those. */
function markupOf(value: HtmlValue): string {
  if (typeof value === "string") return escapeHtml(value);
  if (value instanceof Html) return value.toString();
  if (value === undefined || value === null || value === false) return "";
  if (Array.isArray(value)) return value.map(markupOf).join("");
  if (
    typeof value === "number" || typeof value === "bigint" || value === true
  ) return `${value}`;
  throw new TypeError(
    `Cannot put ${kindOf(value)} into html: make a text of it first`,
  );
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
