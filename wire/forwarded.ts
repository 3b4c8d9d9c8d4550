/**
 * What proxies write of the requests that they pass on: `Forwarded`, and the
 * fields that are older than it.
 *
 * ```text
 * Forwarded         = 1#( [ pair ] *( ";" [ pair ] ) )
 * pair              = token "=" ( token / quoted-string )
 * node              = ( IPv4address / "[" IPv6address "]" / "unknown" / obf ) [ ":" port ]
 *
 * Forwarded: for="[2001:db8::1]:4711";proto=https;host=a.example, for=10.0.0.2
 * X-Forwarded-For: 2001:db8::1, 10.0.0.2
 * ```
 *
 * Each proxy adds a member behind those that it found, so the rightmost was
 * written last, and whatever the client itself has sent stands leftmost.
 *
 * The one surprise: a client can send a quoted string that never ends, and what
 * proxies add behind it is then inside of it. So `Forwarded` is right as a
 * whole, in every member and every value, or it is malformed. `X-Forwarded-For`
 * has no quotes: it is read from the right, and what is left of the member that
 * is asked for is never looked at.
 *
 * RFC 7239 §4 to §6. Whom to believe is for `request/forwarding.ts`.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import type { Address } from "../messages.ts";
import { parseAddress, printAddress } from "./address.ts";
import { isHost, splitHost } from "./host.ts";
import { isSpace, trimSpace } from "./list.ts";
import { consistsOf, isToken, octets, TARGET } from "./octets.ts";

/** Where a hop was: an address; `undefined` where the proxy does not tell. */
export type Hop = Address | undefined;

/** What one proxy says of the request that it was sent. */
export interface ForwardedElement {
  /** Who sent it the request. */
  readonly for: Hop;
  /** Whether under TLS. */
  readonly secure: boolean | undefined;
  /** What it was asked for in Host. */
  readonly host: string | undefined;
}

/** What stands for text that breaks the grammar. */
export const MALFORMED = "malformed";
/** See {@linkcode MALFORMED}. */
export type Malformed = typeof MALFORMED;

/** So many members a list may have; it is also the most hops that are counted. */
const MOST: number = FIXED.forwarded.default;

/**
 * The elements of `Forwarded` in their order; more than 32 are malformed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseForwarded('for="[::1]:80";proto=HTTPS, for=unknown'), [
 *   {
 *     for: { transport: "tcp", hostname: "::1", port: 80 },
 *     secure: true,
 *     host: undefined,
 *   },
 *   { for: undefined, secure: undefined, host: undefined },
 * ]);
 * assertEquals(parseForwarded('for="1.2.3.4'), "malformed");
 * ```
 */
export function parseForwarded(
  field: string,
): readonly ForwardedElement[] | Malformed {
  const elements: ForwardedElement[] = [];
  for (let at = 0; at <= field.length;) {
    const pairs = new Map<string, string>();
    const end = readPairs(field, at, pairs);
    if (end === -1) return MALFORMED;
    at = end + 1;
    // RFC 9110 §5.6.1: an empty member of a list counts for nothing.
    if (pairs.size === 0) continue;
    const element = elementOf(pairs);
    if (element === undefined) return MALFORMED;
    if (elements.push(element) > MOST) return MALFORMED;
  }
  return elements.length === 0 ? MALFORMED : elements;
}

/**
 * Reads the pairs of one element. Where its comma or its end stands, or -1. White
 * space around a semicolon is not of the grammar, and many write it.
 */
function readPairs(
  field: string,
  start: number,
  into: Map<string, string>,
): number {
  for (let at = start;; at++) {
    at = skipSpace(field, at);
    if (at < field.length && field[at] !== "," && field[at] !== ";") {
      at = skipSpace(field, readPair(field, at, into));
      if (at === -1) return -1;
    }
    if (at === field.length || field[at] === ",") return at;
    if (field[at] !== ";") return -1;
  }
}

/** Reads one pair. Where it ends, or -1. No name may be there twice (§4). */
function readPair(
  field: string,
  start: number,
  into: Map<string, string>,
): number {
  const equals = field.indexOf("=", start);
  if (equals === -1) return -1;
  const name = field.slice(start, equals);
  if (!isToken(name) || into.has(name.toLowerCase())) return -1;
  const from = equals + 1;
  const end = field[from] === '"'
    ? quotedEnd(field, from)
    : tokenEnd(field, from);
  if (end === -1) return -1;
  const value = field.slice(from, end);
  const quoted = value.startsWith('"');
  if (!quoted && !isToken(value)) return -1;
  into.set(name.toLowerCase(), quoted ? unquote(value) : value);
  return end;
}

/** Behind the quote that ends the string which begins at `start`, or -1. */
function quotedEnd(field: string, start: number): number {
  for (let i = start + 1; i < field.length; i++) {
    if (field[i] === '"') return i + 1;
    if (field[i] === "\\") i++;
  }
  return -1;
}

function unquote(value: string): string {
  return value.slice(1, -1).replace(/\\(.)/gs, "$1");
}

function tokenEnd(field: string, start: number): number {
  let i = start;
  while (i < field.length && !", ;\t".includes(field[i]!)) i++;
  return i;
}

/** Where the next octet stands that is no white space; -1 stays -1. */
function skipSpace(field: string, start: number): number {
  let i = start;
  while (isSpace(field.charCodeAt(i))) i++;
  return i;
}

/** The element of its pairs; those that are not of RFC 7239 §5 are not read. */
function elementOf(
  pairs: ReadonlyMap<string, string>,
): ForwardedElement | undefined {
  const node = parseNode(pairs.get("for") ?? UNKNOWN);
  const by = parseNode(pairs.get("by") ?? UNKNOWN);
  const secure = secureOf(pairs.get("proto"));
  const host = pairs.get("host");
  const right = node !== MALFORMED && by !== MALFORMED &&
    secure !== MALFORMED &&
    (host === undefined || isForwardedHost(host));
  return right ? { for: node, secure, host } : undefined;
}

const UNKNOWN = "unknown";

/** `node` of RFC 7239 §6; nobody knows who an obfuscated one is (§6.3). */
function parseNode(text: string): Hop | Malformed {
  const [name, port] = splitNode(text);
  if (port !== undefined && !isNodePort(port)) return MALFORMED;
  if (name.toLowerCase() === UNKNOWN || isObfuscated(name)) return undefined;
  const bracketed = name.startsWith("[") && name.endsWith("]");
  const address = bracketed ? name.slice(1, -1) : name;
  return bracketed === address.includes(":") ? hopOf(address, port) : MALFORMED;
}

function splitNode(text: string): [name: string, port: string | undefined] {
  const [name, port] = splitHost(text);
  return [name, name.length < text.length ? port : undefined];
}

/** `port = 1*5DIGIT`, of which those up to 65535 are ports, or an obfuscated one. */
function isNodePort(port: string): boolean {
  if (port.startsWith("_")) return isObfuscated(port);
  return port.length <= 5 && /^[0-9]+$/.test(port) && +port <= 65_535;
}

/** `"_" 1*( ALPHA / DIGIT / "." / "_" / "-" )` */
function isObfuscated(text: string): boolean {
  return text.startsWith("_") && text !== "_" && consistsOf(OBFUSCATED, text);
}

const OBFUSCATED = octets("._-", ["0", "9"], ["A", "Z"], ["a", "z"]);

function hopOf(text: string, port: string | undefined): Hop | Malformed {
  const groups = parseAddress(text);
  if (groups === undefined) return MALFORMED;
  const at = { transport: "tcp", hostname: printAddress(groups) };
  const known = port !== undefined && !port.startsWith("_");
  return known ? { ...at, port: Number(port) } : at;
}

/**
 * The hop that a member of `X-Forwarded-For` is. No standard says what may be
 * there: an address, one with a port, IPv6 with brackets or without, `unknown`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const hop = { transport: "tcp", hostname: "192.0.2.1", port: 80 };
 * assertEquals(parseHop("192.0.2.1:80"), hop);
 * assertEquals(parseHop("unknown"), undefined);
 * assertEquals(parseHop("localhost"), "malformed");
 * ```
 */
export function parseHop(text: string): Hop | Malformed {
  // An address of IPv6 without brackets has no port.
  return text.split(":").length > 2 && !text.startsWith("[")
    ? hopOf(text, undefined)
    : parseNode(text);
}

/**
 * The last members of a list without quotes, the last one first, and 32 of them
 * at most: those before them are never looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(membersFromRight('"a, b,, c '), ["c", "b", '"a']);
 * ```
 */
export function membersFromRight(field: string): string[] {
  const members: string[] = [];
  let end = field.length;
  while (end >= 0 && members.length < MOST) {
    const comma = end === 0 ? -1 : field.lastIndexOf(",", end - 1);
    const member = trimSpace(field.slice(comma + 1, end));
    if (member !== "") members.push(member);
    end = comma;
  }
  return members;
}

/** Whether a scheme says TLS. Some proxies tell that of a WebSocket (Traefik). */
export function secureOf(
  scheme: string | undefined,
): boolean | undefined | Malformed {
  if (scheme === undefined) return undefined;
  const secure = SCHEMES.get(scheme.toLowerCase());
  return secure === undefined ? MALFORMED : secure;
}

const SCHEMES: ReadonlyMap<string, boolean> = new Map([
  ["http", false],
  ["https", true],
  ["ws", false],
  ["wss", true],
]);

/** Whether `text` is a host with an optional port that a URL may have. */
export function isForwardedHost(text: string): boolean {
  if (text === "" || !consistsOf(TARGET, text)) return false;
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return isHost(bytes, 0, bytes.length) && URL.canParse(`http://${text}/`);
}
