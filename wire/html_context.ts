/**
 * Where in a page each value of a template stands, told by the text between them.
 *
 * ```text
 * <p>${a}</p>   <a title="${b}" href="${c}">   <b ${d}>   <script>${e}</script>
 *    text                 quoted       url        refused          refused
 * ```
 *
 * The text of a template is read once, octet after octet, by the states that the
 * tokenizer of a browser has: data, tags and their names, attributes and their
 * values, comments, and elements whose content is text alone. What a browser
 * would do is what is done here; where it depends on what is around a template,
 * the template is refused.
 *
 * | where | what is done |
 * | --- | --- |
 * | text, `<title>`, `<textarea>` | escaped; markup as it is |
 * | between the quotes of an attribute | escaped |
 * | the same of `href`, `src`, `action` … | and `javascript:` becomes `about:invalid` |
 * | an attribute without quotes | the template is refused |
 * | `onclick`, `srcdoc`, names of tags and attributes | only `raw()` |
 * | `<script>`, `<style>`, comments | only `raw()` |
 *
 * The one surprise: a template is a whole. One that ends inside of a tag, of a
 * comment or of a `<textarea>` is refused, because what is put behind it would
 * stand somewhere else than it says.
 *
 * HTML Standard §13.2.5.
 *
 * @module
 */

import { holdsOf, isBegun, reasonAgainst } from "./html_attributes.ts";

/** What a value must be made of where it stands. */
export type Hole =
  /** Text between tags: escaped, and markup is put as it is. */
  | { readonly kind: "text" }
  /** Between the quotes of an attribute: escaped. */
  | { readonly kind: "quoted"; readonly says: string }
  /** The same where a URL begins, so that its scheme is looked at. */
  | {
    readonly kind: "url";
    readonly says: string;
    /** What the attribute has before its first value; else nothing. */
    readonly before: string | undefined;
    /** What it has behind the value, up to the next one. */
    readonly after: string;
    /** Whether a `data:` URL does no harm there, as of an image. */
    readonly takesData: boolean;
  }
  /** Where no value may be: why. */
  | { readonly kind: "refused"; readonly says: string };

const TEXT: Hole = { kind: "text" };

/** Elements that have text alone; a reference is one, markup is none. */
const TEXT_ELEMENTS: ReadonlySet<string> = new Set(["title", "textarea"]);

/** Elements whose content is no text of the page. */
const RAW_ELEMENTS: ReadonlySet<string> = new Set([
  "iframe",
  "noembed",
  "noframes",
  "plaintext",
  "script",
  "style",
  "xmp",
]);

const NAME = "where the name of a tag is: only raw() may stand there";
const AMONG = "among the attributes of a tag: only raw() may stand there";
const COMMENT = "in a comment: only raw() may stand there";

/** Which state reads a character, and in which the next one is read. */
type State =
  | "data"
  | "tag open"
  | "end tag open"
  | "tag name"
  | "before name"
  | "name"
  | "after name"
  | "before value"
  | "double-quoted"
  | "single-quoted"
  | "unquoted"
  | "after value"
  | "comment"
  | "bogus"
  | "text element"
  | "raw element";

/** How a state is called where a template ends in it. */
const ENDS: ReadonlyMap<State, string> = new Map<State, string>([
  ["comment", "a comment"],
  ["bogus", "a comment"],
  ["text element", "an element that has text alone"],
  ["raw element", "a script or style"],
]);

/**
 * Where each value of a template stands, in order.
 *
 * @param strings the text before, between and behind the values
 * @throws {TypeError} when the template is no whole, or may be read in two ways
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const holes = holesOf(['<p title="', '">', "</p><b ", "></b>"]);
 * assertEquals(holes.map(({ kind }) => kind), ["quoted", "text", "refused"]);
 * ```
 */
export function holesOf(strings: readonly string[]): readonly Hole[] {
  const reader = new TemplateReader();
  const holes: Hole[] = [];
  for (let i = 0; i < strings.length; i++) {
    if (i > 0) holes.push(reader.hole(strings[i]!));
    reader.read(strings[i]!);
  }
  reader.end();
  return holes;
}

/** Reads the text of one template. */
class TemplateReader {
  #state: State = "data";
  /** The name of the tag that is read, or of the element that it has begun. */
  #tag = "";
  #isEndTag = false;
  /** The name of the attribute; `undefined` where a value is a part of it. */
  #attribute: string | undefined = "";
  /** What the attribute's value has so far, between its values. */
  #value = "";
  #hasValue = false;
  /** Dashes in a row in a comment, and those of them that do not begin it. */
  #dashes = 0;
  #ownDashes = 0;
  #bang = false;

  /** Reads text. What a character is for depends on the state alone. */
  read(text: string): void {
    for (let i = 0; i < text.length; i++) i += this.#next(text, i);
  }

  /** A value stands here; `after` is the text behind it. */
  hole(after: string): Hole {
    switch (this.#state) {
      case "data":
      case "text element":
        return TEXT;
      case "raw element":
        return refused(
          `in <${this.#tag}>: put it into an attribute, and read it there`,
        );
      case "tag open":
      case "end tag open":
      case "tag name":
        this.#state = "tag name";
        this.#tag += "\0"; // so that it is none that is known
        return refused(NAME);
      case "comment":
      case "bogus":
        this.#dashes = this.#ownDashes = 0;
        this.#bang = false;
        return refused(COMMENT);
      case "before value":
      case "unquoted":
        // A value that is empty would take what comes behind it for its own.
        throw new TypeError(
          `Cannot put a value into html in ${this.#said} without quotes: ` +
            "put quotes around it",
        );
      case "double-quoted":
        return this.#quoted(after, '"');
      case "single-quoted":
        return this.#quoted(after, "'");
      default:
        this.#state = "name";
        this.#attribute = undefined;
        return refused(AMONG);
    }
  }

  /** @throws {TypeError} when the template ends where nothing may be put behind it */
  end(): void {
    if (this.#state === "data") return;
    const where = ENDS.get(this.#state) ?? "a tag";
    throw new TypeError(
      `Cannot take a template of html that ends in ${where}: it is a whole`,
    );
  }

  // ── attributes ───────────────────────────────────────────────────────────

  get #said(): string {
    return this.#attribute === undefined
      ? "an attribute"
      : `the attribute "${this.#attribute}"`;
  }

  #quoted(after: string, quote: string): Hole {
    const says = this.#said;
    const name = this.#attribute;
    const holds = name === undefined ? undefined : holdsOf(this.#tag, name);
    const reason = reasonAgainst(holds, this.#value);
    if (reason !== undefined) return refused(`in ${says}, ${reason}`);
    const isFirst = !this.#hasValue;
    this.#hasValue = true;
    if (holds === "text" || isBegun(this.#value)) {
      return { kind: "quoted", says };
    }
    const until = after.indexOf(quote);
    return {
      kind: "url",
      says,
      before: isFirst ? this.#value : undefined,
      after: until === -1 ? after : after.slice(0, until),
      takesData: holds === "media",
    };
  }

  // ── states ───────────────────────────────────────────────────────────────

  /** Reads the character at `i`. Gives how many behind it were read with it. */
  #next(text: string, i: number): number {
    const char = text[i]!;
    switch (this.#state) {
      case "data":
        if (char === "<") this.#state = "tag open";
        return 0;
      case "tag open":
        return this.#tagOpen(text, i, char);
      case "end tag open":
        if (isLetter(char)) return this.#beginTag(char, true);
        this.#state = char === ">" ? "data" : "bogus";
        return 0;
      case "tag name":
        if (isSpace(char) || char === "/") this.#state = "before name";
        else if (char === ">") this.#close();
        else this.#tag += char.toLowerCase();
        return 0;
      case "text element":
      case "raw element":
        return this.#elementText(text, i, char);
      case "comment":
        return this.#comment(char);
      case "bogus":
        if (char === ">") this.#state = "data";
        return 0;
      default:
        return this.#inTag(char);
    }
  }

  #tagOpen(text: string, i: number, char: string): number {
    if (isLetter(char)) return this.#beginTag(char, false);
    if (char === "/") this.#state = "end tag open";
    else if (char === "!") return this.#declaration(text, i);
    else if (char === "?") this.#state = "bogus";
    else if (char !== "<") this.#state = "data";
    return 0;
  }

  #beginTag(char: string, isEndTag: boolean): number {
    this.#state = "tag name";
    this.#tag = char.toLowerCase();
    this.#isEndTag = isEndTag;
    return 0;
  }

  #declaration(text: string, i: number): number {
    if (text.startsWith("[CDATA[", i + 1)) {
      throw new TypeError(
        "Cannot take a template of html with <![CDATA[, which is read in two ways",
      );
    }
    const isComment = text.startsWith("--", i + 1);
    this.#state = isComment ? "comment" : "bogus";
    this.#dashes = 2;
    this.#ownDashes = 0;
    this.#bang = false;
    return isComment ? 2 : 0;
  }

  /** It ends with `-->`, which its beginning may be a part of, or with `--!>`. */
  #comment(char: string): number {
    if (char === "-") {
      this.#dashes++;
      this.#ownDashes++;
      this.#bang = false;
      return 0;
    }
    if (char === ">" && (this.#dashes >= 2 || this.#bang)) this.#state = "data";
    this.#bang = char === "!" && this.#ownDashes >= 2;
    this.#dashes = this.#ownDashes = 0;
    return 0;
  }

  /** Inside of a tag, behind its name. */
  #inTag(char: string): number {
    const state = this.#state;
    if (state === "double-quoted" || state === "single-quoted") {
      if (char === (state === "double-quoted" ? '"' : "'")) {
        this.#state = "after value";
      } else this.#value += char;
    } else if (state === "before value") this.#beginValue(char);
    else if (char === ">") this.#close();
    else if (state === "unquoted") {
      if (isSpace(char)) this.#state = "before name";
    } else if (isSpace(char)) {
      this.#state = state === "name" || state === "after name"
        ? "after name"
        : "before name";
    } else if (char === "/") this.#state = "before name";
    else if (char === "=" && (state === "name" || state === "after name")) {
      this.#state = "before value";
      this.#value = "";
      this.#hasValue = false;
    } else if (state === "name") {
      if (this.#attribute !== undefined) {
        this.#attribute += char.toLowerCase();
      }
    } else {
      this.#state = "name";
      this.#attribute = char.toLowerCase();
    }
    return 0;
  }

  #beginValue(char: string): void {
    if (char === '"') this.#state = "double-quoted";
    else if (char === "'") this.#state = "single-quoted";
    else if (char === ">") this.#close();
    else if (!isSpace(char)) this.#state = "unquoted";
  }

  #close(): void {
    this.#state = this.#isEndTag
      ? "data"
      : TEXT_ELEMENTS.has(this.#tag)
      ? "text element"
      : RAW_ELEMENTS.has(this.#tag)
      ? "raw element"
      : "data";
  }

  /** Such an element ends with its own end tag and nothing else. */
  #elementText(text: string, i: number, char: string): number {
    if (char !== "<") return 0;
    const name = this.#tag;
    const end = i + 2 + name.length;
    const isEnd = text[i + 1] === "/" &&
      text.slice(i + 2, end).toLowerCase() === name && name !== "plaintext" &&
      (isSpace(text[end] ?? "") || text[end] === "/" || text[end] === ">");
    if (isEnd) {
      this.#isEndTag = true;
      this.#state = "tag name";
      return end - i - 1;
    }
    // In an SVG, and behind <!-- in a script, a browser reads on in another way.
    const other = this.#state === "text element"
      ? /^[a-z!?/]?$/i.test(text[i + 1] ?? "")
      : text.startsWith("<!--", i);
    if (!other) return 0;
    throw new TypeError(
      `Cannot take a template of html with markup in <${name}>, ` +
        "which is read in two ways",
    );
  }
}

function refused(says: string): Hole {
  return { kind: "refused", says };
}

function isLetter(char: string): boolean {
  return /^[a-z]$/i.test(char);
}

/** HTML Standard §13.2.5: TAB, LF, FF, SPACE, and CR, which is read as LF. */
function isSpace(char: string): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r" ||
    char === "\f";
}
