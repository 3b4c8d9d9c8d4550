/**
 * The paths of routes: read, compared, and told apart.
 *
 * ```text
 *   /songs/:id<int>/*rest
 *    │     │        └ rest    all that is left, slashes too, "" as well
 *    │     └ param            one segment, of a kind; `:id?` may be missing, at the end
 *    └ literal                this text, decoded: /café is /caf%C3%A9
 * ```
 *
 * Of two patterns that match the same path, the one that says more in the first
 * segment in which they differ goes first: literal, kind, `:name`, `:name?`,
 * `*rest`. The order in which they were added says nothing. Two that are equal
 * in every segment tie, and {@linkcode tie} gives the reason why they cannot
 * stand side by side.
 *
 * The one surprise: literals are kept in the spelling of {@linkcode canonical},
 * in which only `%` and `/` are still encoded, so that every way of encoding a
 * path is one text to compare.
 *
 * @module
 */

import { checkPath, decodeSegment, encodeSegment } from "../wire/path.ts";
import { type Kind, KINDS, OWN_RANK } from "./kinds.ts";

/** What one segment of a pattern asks for. */
export type Part =
  | { readonly type: "literal"; readonly text: string }
  | {
    readonly type: "param";
    readonly name: string;
    readonly kind: Kind | undefined;
    readonly optional: boolean;
  }
  | { readonly type: "rest"; readonly name: string };

/** A path as a route declares it. */
export interface Pattern {
  /** As it was written, prefixes included. */
  readonly text: string;
  /** One for each segment; a slash at the end is an empty literal. */
  readonly parts: readonly Part[];
}

/** The target that is no path: `OPTIONS *`, and what stands for CONNECT's. */
export const ASTERISK = "*";

/** Names that the input of a handler has for something else. */
const TAKEN = new Set(["body", "query", "__proto__"]);

/**
 * Reads the path of a route.
 *
 * @throws {TypeError} when it is none, with the part and the reason
 */
export function readPattern(
  text: string,
  kinds: ReadonlyMap<string, Kind>,
): Pattern {
  if (text === ASTERISK) return { text, parts: [] };
  if (typeof text !== "string" || !text.startsWith("/")) {
    throw cannotRead(text, "a path starts with '/'");
  }
  const segments = text.slice(1).split("/");
  const names = new Set<string>();
  const parts = segments.map((segment, i) => {
    const part = readPart(text, segment, kinds);
    checkPlace(text, part, i === segments.length - 1);
    if (part.type !== "literal") checkName(text, part.name, names);
    return part;
  });
  return { text, parts };
}

function cannotRead(text: string, reason: string): TypeError {
  return new TypeError(`Cannot read the path "${text}": ${reason}`);
}

function readPart(
  text: string,
  segment: string,
  kinds: ReadonlyMap<string, Kind>,
): Part {
  if (segment.startsWith("*")) return { type: "rest", name: segment.slice(1) };
  if (!segment.startsWith(":")) return readLiteral(text, segment);
  const optional = segment.endsWith("?");
  const inner = segment.slice(1, optional ? -1 : undefined);
  const open = inner.indexOf("<");
  if (open === -1) {
    return { type: "param", name: inner, kind: undefined, optional };
  }
  if (!inner.endsWith(">")) throw cannotRead(text, `'${segment}' has no '>'`);
  const wanted = inner.slice(open + 1, -1);
  const kind = kinds.get(wanted);
  if (!kind) {
    const known = [...kinds.keys()].join(", ");
    throw cannotRead(text, `unknown kind <${wanted}>; the kinds are ${known}`);
  }
  return { type: "param", name: inner.slice(0, open), kind, optional };
}

/** No request could ever ask for a literal that no target can carry. */
function readLiteral(text: string, segment: string): Part {
  if (/[?#\0-\x20\x7F]/.test(segment)) {
    throw cannotRead(text, "a path has no '?', no '#' and no space");
  }
  // As others write a part; no URL has braces, and %3A is a colon.
  if (/[{}]/.test(segment)) {
    throw cannotRead(text, "a part is written :name, without braces");
  }
  // `/songs:play` is a text as any other; `/song-:id` was meant to be more.
  if (/[^A-Za-z0-9]:[A-Za-z_]/.test(segment)) {
    throw cannotRead(
      text,
      `'${segment}' has a ':' inside; a part stands for a whole segment, ` +
        "and a colon as text is %3A",
    );
  }
  const wrong = checkPath(segment);
  if (wrong) throw cannotRead(text, wrong.replace("The path", "it"));
  const decoded = decodeSegment(segment);
  if (decoded === undefined || !decoded.isWellFormed()) {
    throw cannotRead(text, "it is not UTF-8");
  }
  return { type: "literal", text: respell(decoded) };
}

function checkPlace(text: string, part: Part, last: boolean): void {
  if (last) return;
  if (part.type === "literal") {
    if (part.text === "") throw cannotRead(text, "a part is empty");
  } else if (part.type === "rest") {
    throw cannotRead(text, `'*${part.name}' is not last`);
  } else if (part.optional) {
    throw cannotRead(text, `':${part.name}?' is not last`);
  }
}

function checkName(text: string, name: string, names: Set<string>): void {
  if (name === "") {
    throw cannotRead(text, "a part has no name, as :name or *rest");
  }
  if (!isIdentifier(name)) {
    throw cannotRead(text, `'${name}' is no identifier`);
  }
  if (TAKEN.has(name)) {
    throw cannotRead(text, `no part can be named '${name}'`);
  }
  if (names.has(name)) {
    throw cannotRead(text, `':${name}' is in the path twice`);
  }
  names.add(name);
}

/** The tables of Unicode take milliseconds to build, and few names need them. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) ||
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/**
 * Reads a prefix of paths; `undefined` for `""` and `"/"`, which add nothing.
 *
 * @throws {TypeError} when nothing can come behind it, or it is no path
 */
export function readPrefix(
  text: string,
  kinds: ReadonlyMap<string, Kind>,
): Pattern | undefined {
  if (text === "" || text === "/") return undefined;
  const pattern = readPattern(text, kinds);
  const last = pattern.parts.at(-1);
  if (last?.type === "literal" && last.text === "") {
    throw cannotRead(text, "a prefix does not end with '/'");
  }
  if (!last || last.type === "rest" || mayBeMissing(last)) {
    throw cannotRead(
      text,
      "a prefix has no part that may be missing or takes the rest",
    );
  }
  return pattern;
}

/**
 * A pattern below a prefix. `/` below a prefix is the prefix itself; what is no
 * path (`*`) is below none.
 *
 * @throws {TypeError} when both have a part of the same name
 */
export function below(prefix: Pattern | undefined, pattern: Pattern): Pattern {
  if (!prefix || pattern.text === ASTERISK) return pattern;
  const text = prefix.text + (pattern.text === "/" ? "" : pattern.text);
  const names = new Set(namesOf(prefix));
  const twice = namesOf(pattern).find((name) => names.has(name));
  if (twice !== undefined) {
    throw cannotRead(text, `':${twice}' is in the path twice`);
  }
  const own = pattern.text === "/" ? [] : pattern.parts;
  return { text, parts: [...prefix.parts, ...own] };
}

/** The names of the parts of a pattern, in their order. */
export function namesOf(pattern: Pattern): string[] {
  return pattern.parts.flatMap((part) =>
    part.type === "literal" ? [] : [part.name]
  );
}

/**
 * The one spelling of a path in which literals are compared: each segment
 * decoded, then `%` and `/` inside of it encoded again. `undefined` where it is
 * not UTF-8.
 */
export function canonical(path: string): string | undefined {
  if (!path.includes("%")) return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    const decoded = decodeSegment(segment);
    if (decoded === undefined) return undefined;
    segments.push(respell(decoded));
  }
  return segments.join("/");
}

function respell(decoded: string): string {
  return decoded.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/** The text that a canonical segment stands for. */
export function plain(text: string): string {
  if (!text.includes("%")) return text;
  return text.replaceAll("%2F", "/").replaceAll("%25", "%");
}

/** The rank of parts that may be missing begins here. */
export const OPTIONAL_RANK = 10;

/** How much a part says; lower is more, and is tried first. */
export function rankOf(part: Part): number {
  if (part.type === "literal") return 0;
  if (part.type === "rest") return 2 * OPTIONAL_RANK;
  const kind = part.kind ? part.kind.rank : OWN_RANK + 1;
  return (part.optional ? OPTIONAL_RANK : 1) + kind;
}

/** The same pattern without its optional part, where it has one. */
export function withoutOptional(pattern: Pattern): Pattern | undefined {
  const last = pattern.parts.at(-1);
  if (last?.type !== "param" || !last.optional) return undefined;
  const parts = pattern.parts.slice(0, -1);
  return {
    text: pattern.text,
    parts: parts.length > 0 ? parts : [{ type: "literal", text: "" }],
  };
}

/**
 * Whether nothing decides between two patterns that match the same path: they
 * say the same in every segment, or part at two kinds of one's own, of which
 * nobody knows whether they have a value in common.
 */
export function ties(a: Pattern, b: Pattern): boolean {
  const [left, right] = [a.parts, b.parts];
  let i = 0;
  while (i < left.length && i < right.length && same(left[i]!, right[i]!)) i++;
  const [next, other] = [left[i], right[i]];
  if (!next || !other) return next === other;
  return isOwn(next) && rankOf(next) === rankOf(other) &&
    overlap(left.slice(i + 1), right.slice(i + 1));
}

function isOwn(part: Part): boolean {
  return part.type === "param" && part.kind?.rank === OWN_RANK;
}

/** Whether two parts match the same segments, names apart. */
function same(a: Part, b: Part): boolean {
  if (rankOf(a) !== rankOf(b)) return false;
  if (a.type === "literal") return a.text === (b as typeof a).text;
  return a.type === "rest" || a.kind?.parse === (b as typeof a).kind?.parse;
}

/** Whether some path may match both. */
function overlap(a: readonly Part[], b: readonly Part[]): boolean {
  const [first, second] = [a[0], b[0]];
  if (!first || !second) return [...a, ...b].every(mayBeMissing);
  if (first.type === "rest" || second.type === "rest") return true;
  return meet(first, second) && overlap(a.slice(1), b.slice(1));
}

function mayBeMissing(part: Part): boolean {
  return part.type === "param" && part.optional;
}

function meet(a: Part, b: Part): boolean {
  if (a.type === "literal" && b.type === "literal") return a.text === b.text;
  if (a.type === "param" && b.type === "param") {
    return !areApart(a.kind, b.kind);
  }
  return takes(a, b) && takes(b, a);
}

/** Of the kinds that are always there, only `int` and `num` share a value. */
function areApart(a: Kind | undefined, b: Kind | undefined): boolean {
  if (!a || !b || a.rank === OWN_RANK || b.rank === OWN_RANK) return false;
  const numbers = a.rank <= KINDS.num.rank && b.rank <= KINDS.num.rank;
  return a.parse !== b.parse && !numbers;
}

function takes(a: Part, b: Part): boolean {
  if (a.type !== "param" || b.type !== "literal") return true;
  if (b.text === "") return false;
  return a.kind === undefined || a.kind.parse(plain(b.text)) !== undefined;
}

/** A path that both of two patterns match that tie, as a client would spell it. */
export function sampleOfBoth(a: Pattern, b: Pattern): string {
  const segments: string[] = [];
  const most = Math.max(a.parts.length, b.parts.length);
  for (let i = 0; i < most; i++) {
    const [one, other] = [a.parts[i], b.parts[i]];
    if (!one || !other) break;
    // Where two parts that may be missing differ, it is there that they tie.
    if (mayBeMissing(one) && mayBeMissing(other) && !same(one, other)) break;
    segments.push(samplePart(rankOf(one) <= rankOf(other) ? one : other));
  }
  return `/${segments.join("/")}`;
}

function samplePart(part: Part): string {
  if (part.type === "literal") return encodeSegment(plain(part.text));
  return part.type === "param" && part.kind
    ? part.kind.sample ?? `<${part.kind.name}>`
    : "x";
}

/** Where a path and a pattern part, or what the pattern found in it. */
export type Outcome =
  | { readonly input: ReadonlyMap<string, unknown> }
  | { readonly at: number; readonly why: string; readonly ofKind?: boolean };

/**
 * Matches one pattern against a canonical path, slowly and plainly: for
 * `explain`, and for the tests to hold the tree against.
 */
export function matchPattern(pattern: Pattern, path: string): Outcome {
  const segments = path.slice(1).split("/");
  const input = new Map<string, unknown>();
  const { parts } = pattern;
  for (const [at, part] of parts.entries()) {
    if (part.type === "rest") {
      if (at >= segments.length) return { at, why: "the path ends too soon" };
      input.set(part.name, plain(segments.slice(at).join("/")));
      return { input };
    }
    const why = mismatch(part, at, segments, input);
    if (why) return { at, why, ofKind: part.type === "param" };
  }
  return segments.length > parts.length
    ? { at: parts.length, why: "the path goes on" }
    : { input };
}

function mismatch(
  part: Exclude<Part, { type: "rest" }>,
  at: number,
  segments: readonly string[],
  input: Map<string, unknown>,
): string | undefined {
  const segment = segments[at];
  if (part.type === "literal") {
    if (segment === undefined) return "the path ends too soon";
    return segment === part.text ? undefined : `another text at "${part.text}"`;
  }
  const alone = at === 0 && segments.length === 1 && segment === "";
  if (part.optional && (segment === undefined || alone)) return undefined;
  if (segment === undefined) return "the path ends too soon";
  if (segment === "") return `nothing for :${part.name}`;
  const text = plain(segment);
  const value = part.kind ? part.kind.parse(text) : text;
  if (value === undefined) return `no <${part.kind?.name}> for :${part.name}`;
  input.set(part.name, value);
  return undefined;
}
