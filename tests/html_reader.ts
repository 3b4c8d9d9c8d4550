/**
 * What a browser makes of markup: tags, attributes and text, read by patterns from
 * HTML Standard §13.2.5 and without a line of ours, so that who escapes and who
 * reads have nothing in common.
 *
 * It reads documents of tests: neither errors of the standard that no test has, nor
 * foreign content.
 *
 * @module
 */

/** A piece of a page as a browser sees it. */
export type Token =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "comment"; readonly text: string }
  | { readonly type: "end"; readonly name: string }
  | {
    readonly type: "tag";
    readonly name: string;
    readonly attributes: readonly (readonly [name: string, value: string])[];
  };

const TAG = /<(\/?)([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/iy;
const COMMENT = /<!--(?:>|->|([^]*?)(?:-->|--!>|$))|<[!?]([^>]*)(?:>|$)/y;
const ATTRIBUTE =
  /([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gy;
const REFERENCES: Readonly<Record<string, string>> = {
  amp: "&",
  colon: ":",
  gt: ">",
  lt: "<",
  NewLine: "\n",
  quot: '"',
  Tab: "\t",
};

/** Elements whose content is text up to their own end tag. */
const TEXT_ALONE =
  /^(title|textarea|script|style|xmp|iframe|noembed|noframes)$/;

/** The tokens of markup. */
export function readHtml(markup: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const text = (text: string) => {
    const last = tokens.at(-1);
    if (last?.type === "text") {
      tokens[tokens.length - 1] = { type: "text", text: last.text + text };
    } else if (text !== "") tokens.push({ type: "text", text });
  };
  while (at < markup.length) {
    const found = matchAt(TAG, markup, at);
    const comment = found ? null : matchAt(COMMENT, markup, at);
    if (comment) {
      tokens.push({
        type: "comment",
        text: comment[1] ?? comment[2] ?? "",
      });
      at += comment[0].length;
    } else if (!found) {
      const next = markup.indexOf("<", at + 1);
      const end = next === -1 ? markup.length : next;
      text(decode(markup.slice(at, end)));
      at = end;
    } else {
      at += found[0].length;
      const name = found[2]!.toLowerCase();
      if (found[1] === "/") tokens.push({ type: "end", name });
      else {
        tokens.push({ type: "tag", name, attributes: attributesOf(found[3]!) });
        if (!TEXT_ALONE.test(name)) continue;
        const end = new RegExp(`</${name}(?=[\\s/>])`, "i");
        const rest = markup.slice(at);
        const content = rest.slice(0, rest.search(end) >>> 0);
        text(/^t/.test(name) ? decode(content) : content);
        at += content.length;
      }
    }
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function attributesOf(text: string): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; at < text.length;) {
    const match = matchAt(ATTRIBUTE, text, at);
    if (match === null) at++;
    else {
      const value = match[2] ?? match[3] ?? match[4] ?? "";
      found.push([match[1]!.toLowerCase(), decode(value)]);
      at += match[0].length;
    }
  }
  return found;
}

/** Character references; of those without a semicolon, the numeric ones. */
export function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+);?|#([0-9]+);?|([a-z]+);)/gi,
    (all, hex, decimal, name) => {
      if (hex) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return REFERENCES[name] ?? all;
    },
  );
}
