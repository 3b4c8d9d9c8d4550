/**
 * HTML that escapes: a template whose values cannot become markup.
 *
 * ```text
 * html`<h1>${title}</h1>`      title "<script>"      →  <h1>&lt;script&gt;</h1>
 * html`<a href="${url}">`      url "javascript:x"    →  <a href="about:invalid">
 * html`<p onclick="${code}">`                        →  a TypeError that says why
 * ```
 *
 * The template is code and is trusted; every value in it is text, and is put in
 * as it must be where it stands, which `wire/html_context.ts` has found out. Only
 * a piece of {@linkcode Html} is markup, and only between tags; {@linkcode raw} is
 * put as it is wherever it stands.
 *
 * | value | what is put |
 * | --- | --- |
 * | text, numbers, `true` | itself, escaped |
 * | `undefined`, `null`, `false` | nothing, so that `${user && html`…`}` works |
 * | lists, sets, generators | what is in them, one after the other |
 * | promises, async iterables | what comes of them, in its place |
 *
 * The one surprise: html that waits for something is no string any more. It is
 * sent as far as it is known while it waits; `await page.text()` gives all of it.
 *
 * HTML Standard §13.1.2.3 and §13.3.
 *
 * @module
 */

import { isHarmful } from "./html_attributes.ts";
import { type Hole, holesOf } from "./html_context.ts";
import { HtmlPieces, type Part } from "./html_pieces.ts";

/** What a template may be given. */
export type HtmlValue =
  | Html
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly HtmlValue[]
  | ReadonlySet<HtmlValue>
  | IterableIterator<HtmlValue>
  | PromiseLike<HtmlValue>
  | AsyncIterable<HtmlValue>;

/**
 * A piece of safe markup. It is made by {@linkcode html} and {@linkcode raw}; a
 * handler that returns one answers `text/html; charset=utf-8`.
 */
export class Html {
  readonly #markup: string | readonly Part[];
  readonly #isRaw: boolean;

  /** Trusts `markup`, as {@linkcode raw} does. */
  constructor(markup: string | readonly Part[], isRaw = true) {
    this.#markup = markup;
    this.#isRaw = isRaw;
  }

  /**
   * The markup as a string.
   *
   * @throws {TypeError} when it waits for a promise or an async iterable
   */
  toString(): string {
    if (typeof this.#markup === "string") return this.#markup;
    throw new TypeError(
      "Cannot make a string of html that waits for something: " +
        "return it, or await its text()",
    );
  }

  /** All of the markup, once all that it waits for has come. */
  text(): Promise<string> {
    if (typeof this.#markup === "string") return Promise.resolve(this.#markup);
    const pieces = new HtmlPieces(this.#markup);
    let text = "";
    const more = (
      { done, value }: IteratorResult<string, undefined>,
    ): string | Promise<string> => {
      if (done) return text;
      text += value;
      return pieces.next().then(more);
    };
    return pieces.next().then(more);
  }

  /**
   * The markup, or its parts where it waits for some.
   *
   * @internal
   */
  static partsOf(html: Html): string | readonly Part[] {
    return html.#markup;
  }

  /**
   * Whether it may stand anywhere.
   *
   * @internal
   */
  static isRaw(html: Html): boolean {
    return html.#isRaw;
  }
}

/** Where the values of each template stand. There are as many as are written. */
const HOLES: WeakMap<readonly string[], readonly Hole[]> = new WeakMap();

/**
 * Builds a piece of markup in which every value is escaped as it must be where it
 * stands. Values come between tags, and between the quotes of an attribute; where
 * none can be safe, as in a `<script>`, only {@linkcode raw} is taken.
 *
 * @throws {TypeError} when a value is a function, a symbol or an object that is no
 *   text, or stands where it cannot; and when the template is no whole, as one that
 *   ends in a tag, or has an attribute without quotes
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
 *
 * @example A page that is sent while it waits
 * ```ts
 * import { html, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const songs = Promise.resolve(["Frog", "Bear"]);
 * const app = new Router();
 * app.get("/", () => html`<h1>Songs</h1>${songs.then((all) => all.join(", "))}`);
 *
 * const answer = await app.request("/");
 * assertEquals(await answer.text(), "<h1>Songs</h1>Frog, Bear");
 * ```
 */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly HtmlValue[]
): Html {
  let holes = HOLES.get(strings);
  if (holes === undefined) {
    if (!Array.isArray(strings?.raw)) {
      throw new TypeError(
        "Cannot make html of a call: put the template right behind it, as html`<p>`",
      );
    }
    HOLES.set(strings, holes = holesOf(strings));
  }
  const page = new Page(strings[0]!);
  for (let i = 0; i < values.length; i++) {
    page.put(values[i], holes[i]!);
    page.markup += strings[i + 1]!;
  }
  return new Html(page.parts(), false);
}

/**
 * Takes `markup` as it is, wherever it stands. Only for what the application wrote
 * itself: whoever wrote the string can run scripts on the page.
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

/** What a URL becomes that would run as a script. */
const INVALID_URL = "about:invalid";

/** A page that is put together. */
class Page {
  /** What was put and waits for nothing. */
  markup: string;
  /** What came before it, where something is waited for. */
  #parts: Part[] | undefined;
  /** Where in `markup` the attribute begins whose URL is put together. */
  #urlAt = 0;

  constructor(markup: string) {
    this.markup = markup;
  }

  /** All that was put. */
  parts(): string | readonly Part[] {
    if (this.#parts === undefined) return this.markup;
    return [...this.#parts, this.markup];
  }

  /** The class is asked, never a property: what came as JSON can have any of those. */
  put(value: unknown, hole: Hole): void {
    if (hole.kind === "url") return this.#putUrl(value, hole);
    switch (typeof value) {
      case "string":
        checkHole(hole);
        this.markup += escapeHtml(value);
        return;
      case "undefined":
        return;
      case "boolean":
        return value ? this.put("true", hole) : undefined;
      case "number":
      case "bigint":
        checkHole(hole);
        this.markup += value;
        return;
      case "object":
        if (value !== null) this.#putObject(value, hole);
        return;
      default:
        throw new TypeError(notText(value));
    }
  }

  #putObject(value: object, hole: Hole): void {
    if (value instanceof Html) return this.#putHtml(value, hole);
    if (Array.isArray(value) || value instanceof Set || isIterator(value)) {
      for (const each of value) this.put(each, hole);
      return;
    }
    const later = laterOf(value);
    if (later === undefined) throw new TypeError(notText(value));
    checkHole(hole);
    const render = (value: unknown) => partsOf(value, hole);
    (this.#parts ??= []).push(this.markup, { value: later, render });
    this.markup = "";
  }

  #putHtml(html: Html, hole: Hole): void {
    const parts = Html.partsOf(html);
    if (hole.kind !== "text" && !Html.isRaw(html)) {
      checkHole(hole);
      throw new TypeError(
        `Cannot put markup into html in ${hole.says}: it takes text`,
      );
    }
    if (typeof parts === "string") this.markup += parts;
    else {
      (this.#parts ??= []).push(this.markup, ...parts);
      this.markup = "";
    }
  }

  /** A URL may come in parts, of which none is a script. */
  #putUrl(value: unknown, hole: Hole & { readonly kind: "url" }): void {
    if (hole.before !== undefined) {
      this.#urlAt = this.markup.length - hole.before.length;
    }
    if (value instanceof Html && Html.isRaw(value)) {
      return this.#putHtml(value, hole);
    }
    const one = new Page("");
    one.put(value, { kind: "quoted", says: hole.says });
    const url = one.parts();
    if (typeof url !== "string") {
      throw new TypeError(
        `Cannot put what is waited for into html in ${hole.says}, ` +
          "where a URL begins: await it before",
      );
    }
    const whole = this.markup.slice(this.#urlAt) + url + hole.after;
    this.markup += isHarmful(whole, hole.takesData) ? INVALID_URL : url;
  }
}

/** @throws {TypeError} where no value may be */
function checkHole(hole: Hole): void {
  if (hole.kind !== "refused") return;
  throw new TypeError(`Cannot put a value into html ${hole.says}`);
}

/** The parts of a value that has come later than its page. */
function partsOf(value: unknown, hole: Hole): readonly Part[] {
  const page = new Page("");
  page.put(value, hole);
  return [page.parts()].flat();
}

/** What is waited for. Nobody may wait in the end, which is no error then. */
function laterOf(
  value: object,
): Promise<unknown> | AsyncIterable<unknown> | undefined {
  if (Symbol.asyncIterator in value) return value as AsyncIterable<unknown>;
  if (!("then" in value) || typeof value.then !== "function") return undefined;
  // Once: it may be a query that is made for each who asks.
  const promise = Promise.resolve(value);
  promise.catch(() => {});
  return promise;
}

/** Generators and iterators; no map, no buffer and no string object. */
function isIterator(value: object): value is IterableIterator<unknown> {
  return Symbol.iterator in value && "next" in value &&
    typeof value.next === "function";
}

function notText(value: unknown): string {
  const kind = typeof value === "object" ? "an object" : `a ${typeof value}`;
  return `Cannot put ${kind} into html: make a text of it first`;
}
