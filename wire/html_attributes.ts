/**
 * What an attribute holds: text, a URL that a value must not make a script of, or
 * what no value can be safe in.
 *
 * | attribute | holds |
 * | --- | --- |
 * | `href`, `src`, `action`, `formaction`, `poster`, `data` … | a URL |
 * | `src` and `poster` of what shows pixels or plays sound | a URL, `data:` as well |
 * | `onclick` and all others that begin with `on` | a script |
 * | `srcdoc` | a page of its own |
 * | what `<set>` and `<animate>` put into another attribute | whatever that holds |
 * | every other, `style` and `srcset` among them | text |
 *
 * The one surprise: a URL has to be looked at as a whole, and as the browser reads
 * it. `java` and `script:` do no harm alone, line breaks and tabs in them are read
 * over, and `&colon;` or `&#106;` are letters of it.
 *
 * HTML Standard §2.4, URL Standard §4.4.
 *
 * @module
 */

/** What an attribute holds. */
export type Holds = "text" | "url" | "media" | "script" | "page" | "attribute";

/** Attributes that are one URL, of all elements that have them. */
const URL_ATTRIBUTES: ReadonlySet<string> = new Set([
  "action",
  "background",
  "cite",
  "classid",
  "codebase",
  "data",
  "dynsrc",
  "formaction",
  "href",
  "icon",
  "longdesc",
  "lowsrc",
  "manifest",
  "ping",
  "poster",
  "profile",
  "src",
  "usemap",
  "xlink:href",
  "xml:base",
]);

/** What shows a URL as pixels or sound, and runs nothing of it. */
const MEDIA: ReadonlySet<string> = new Set([
  "audio",
  "img",
  "source",
  "track",
  "video",
]);

/** SVG that sets other attributes, those with scripts and URLs among them. */
const ANIMATIONS: ReadonlySet<string> = new Set([
  "animate",
  "animatemotion",
  "animatetransform",
  "set",
]);
const ANIMATED: ReadonlySet<string> = new Set([
  "attributename",
  "by",
  "from",
  "to",
  "values",
]);

/** What the attribute `name` of the element `tag` holds; both in lower case. */
export function holdsOf(tag: string, name: string): Holds {
  if (name.startsWith("on")) return "script";
  if (name === "srcdoc") return "page";
  if (ANIMATIONS.has(tag) && ANIMATED.has(name)) return "attribute";
  if (!URL_ATTRIBUTES.has(name)) return "text";
  const isMedia = MEDIA.has(tag) && (name === "src" || name === "poster");
  return isMedia ? "media" : "url";
}

/** Why an attribute takes no value behind the text `before`; nothing where it does. */
export function reasonAgainst(
  holds: Holds | undefined,
  before: string,
): string | undefined {
  switch (holds) {
    case undefined:
      return "whose name is not known";
    case "text":
      return undefined;
    case "script":
      return "which is a script: put it into another one, and read it there";
    case "page":
      return "which is a page of its own";
    case "attribute":
      return "which sets other attributes";
  }
  return isHarmful(before, holds === "media") ? "which is a script" : undefined;
}

/** Whether a URL has gone so far that what comes cannot be its scheme. */
export function isBegun(markup: string): boolean {
  // What is left of a reference may become one by what comes.
  const [known = ""] = undone(markup).split("&", 1);
  return /[:/?#]/.test(known);
}

/** References to characters that matter for a scheme; the names are case-sensitive. */
const REFERENCE =
  /&(?:#[xX]([0-9a-fA-F]+);?|#([0-9]+);?|(colon|Tab|NewLine);)/g;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["colon", ":"],
  ["Tab", "\t"],
  ["NewLine", "\n"],
]);

/** What a browser reads where markup has references; ASCII as it is. */
function undone(markup: string): string {
  if (!markup.includes("&")) return markup;
  return markup.replace(REFERENCE, (_, hex, decimal, name) => {
    if (name !== undefined) return NAMED.get(name)!;
    const code = hex === undefined ? parseInt(decimal) : parseInt(hex, 16);
    return code > 0 && code < 0x80 ? String.fromCharCode(code) : "\uFFFD";
  });
}

const HARMFUL: ReadonlySet<string> = new Set(["javascript", "vbscript"]);

/**
 * Whether a URL runs what it says instead of naming where it is: `javascript:`,
 * `vbscript:`, and `data:` unless it is `takesData` and shows an image, a film or a
 * sound. Controls and spaces before it and tabs and line breaks in it count as
 * nothing, as for a browser (URL Standard §4.4), and references are undone.
 */
export function isHarmful(markup: string, takesData: boolean): boolean {
  const url = undone(markup);
  let scheme = "";
  let at = 0;
  while (at < url.length && url.charCodeAt(at) <= 0x20) at++;
  for (; at < url.length && scheme.length <= LONGEST_SCHEME; at++) {
    const char = url[at]!;
    if (char === "\t" || char === "\n" || char === "\r") continue;
    if (char === ":") {
      if (scheme !== "data") return HARMFUL.has(scheme);
      const type = url.slice(at + 1, at + 7).toLowerCase();
      return !takesData || !MEDIA_TYPES.has(type);
    }
    scheme += char.toLowerCase();
  }
  return false;
}

const LONGEST_SCHEME = "javascript".length;

/** The types that a `data:` URL may have in an image, a film or a sound. */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "audio/",
  "image/",
  "video/",
]);
