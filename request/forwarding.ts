/**
 * Who the client is and what it asked for, where proxies stand in between: the
 * option `trustProxy`, and what it makes of `Forwarded` (RFC 7239) and of
 * `X-Forwarded-For`, `-Proto` and `-Host`.
 *
 * ```text
 *   client ───▶ proxy A ───▶ proxy B ───▶ we        trustProxy: ["10.0.0.0/8"]
 *  192.0.2.7    10.0.0.2     10.0.0.3
 *
 *   X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.0.0.2
 *                    the client's   A wrote    B wrote
 *                    own invention
 *                          ◀── walk ──  10.0.0.3 is the peer, and trusted
 *                                       10.0.0.2 is trusted
 *                        192.0.2.7 is not: that is the client
 * ```
 *
 * Any client can send these fields, so each word counts only as far as the hop
 * that wrote it is trusted. The walk begins at the peer of the connection and
 * ends at the first address that is not trusted. What was written beyond it is
 * never believed. All of it is done when somebody asks, and once.
 *
 * Whatever is unclear is refused with 400, for either guess would be some
 * attacker's wish: a list of those who may come in wants no address invented,
 * and a list of those who may not wants none lost.
 *
 * | what is there | what holds |
 * | --- | --- |
 * | the peer is not trusted | the connection alone |
 * | a trusted peer that sends none of the fields | the peer itself |
 * | `unknown`, an obfuscated identifier, no `for` | `c.remote` is `undefined` |
 * | no proto or host of that hop | the connection's scheme, the request's Host |
 * | every hop is trusted | the leftmost |
 * | both kinds, and they say the same | that |
 * | both kinds, and they differ in anything | 400 |
 * | `Forwarded` that is malformed anywhere | 400 |
 * | `X-Forwarded-For` that is malformed where it is walked | 400 |
 * | more hops than 32 | 400 |
 * | a scheme but http, https, ws, wss; a host that no URL has | 400 |
 *
 * Proto and host of `Forwarded` are those of the member that names the client.
 * Those of `X-Forwarded-Proto` and `-Host` stand as far from the right as the
 * client does in `X-Forwarded-For`; a shorter list gives its leftmost.
 *
 * The one surprise: nothing tells who wrote `X-Forwarded-Host`. A proxy that is
 * trusted has to set or remove *every* one of these fields, `Forwarded` included,
 * or it passes on what the client made up.
 *
 * @module
 */

import { Fault } from "../errors.ts";
import { FIXED } from "../limits.ts";
import type { Address, Exchange, RequestHead, Trusts } from "../messages.ts";
import {
  type AddressRange,
  isInRange,
  parseAddress,
  parseRange,
} from "../wire/address.ts";
import {
  type ForwardedElement,
  isForwardedHost,
  MALFORMED,
  type Malformed,
  membersFromRight,
  parseForwarded,
  parseHop,
  secureOf,
} from "../wire/forwarded.ts";

/**
 * Which proxies are believed:
 *
 * - a number: so many proxies stand in front, whatever their addresses. 0 is none.
 *   It is right where no client can reach the server, or a proxy that is not the
 *   outermost, another way.
 * - a list of addresses and ranges, as `"10.0.0.0/8"`, `"2001:db8::7"`, and of the
 *   names `"loopback"` (127.0.0.0/8, ::1) and `"private"` (10.0.0.0/8,
 *   172.16.0.0/12, 192.168.0.0/16, fc00::/7). An IPv4 range holds for IPv4-mapped
 *   IPv6 addresses, too. The peer on a unix socket is believed with any list, also
 *   an empty one: who may open the socket is for the file system.
 *
 * @example
 * ```ts
 * import { Router } from "@no8/wire";
 * import { converse } from "@no8/wire/testing";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const app = new Router();
 * app.get("/", (_input, c) => `${c.remote?.hostname} wants ${c.url}`);
 *
 * const said = await converse(app, [
 *   "GET / HTTP/1.1\r\nHost: inside\r\n",
 *   "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n",
 *   "X-Forwarded-Proto: https\r\nX-Forwarded-Host: example.com\r\n\r\n",
 * ], { trustProxy: 1 });
 * assertStringIncludes(said, "198.51.100.7 wants https://example.com/");
 * ```
 */
export type TrustProxy = number | readonly string[];

/** What is told of the request as the client sent it. */
export interface Forwarding {
  /** The client, where its address is known. */
  readonly remote: Address | undefined;
  /** Whether the client sent it under TLS. */
  readonly secure: boolean;
  /** What the client asked for in Host, where that is told. */
  readonly host?: string | undefined;
}

// ── the option ─────────────────────────────────────────────────────────────

/**
 * Who is trusted by an option; `undefined` where nobody is.
 *
 * @throws {TypeError} when it is neither a number nor a list of strings
 * @throws {RangeError} when the number is no number of hops, or a member of the
 *   list no address and no range
 */
export function resolveTrust(option: unknown): Trusts | undefined {
  if (option === undefined) return undefined;
  if (typeof option === "number") return trustHops(option);
  if (Array.isArray(option)) return trustRanges(option.flatMap(rangesOf));
  const hint = option === true ? "; true would trust anybody" : "";
  throw new TypeError(
    "Cannot set trustProxy: it is the number of proxies in front, " +
      `or a list of their addresses as ["10.0.0.0/8"]${hint}`,
  );
}

function trustHops(hops: number): Trusts | undefined {
  const most = FIXED.forwarded.default;
  if (!Number.isInteger(hops) || hops < 0 || hops > most) {
    throw new RangeError(
      `Cannot set trustProxy to ${hops}: a number of proxies is 0 to ${most}`,
    );
  }
  return hops === 0 ? undefined : (_hop, place) => place < hops;
}

function trustRanges(ranges: readonly AddressRange[]): Trusts {
  return (hop) => {
    if (hop?.transport === "unix") return true;
    const groups = parseAddress(hop?.hostname ?? "");
    return groups !== undefined &&
      ranges.some((range) => isInRange(range, groups));
  };
}

/** Ranges that nobody on the internet has (RFC 1122 §3.2.1.3, RFC 1918, RFC 4193). */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ["loopback", ["127.0.0.0/8", "::1"]],
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]],
]);

function rangesOf(member: unknown): AddressRange[] {
  if (typeof member !== "string") {
    throw new TypeError(
      `Cannot trust a proxy that is a ${typeof member}: an address is a string`,
    );
  }
  return (NAMED.get(member) ?? [member]).map(rangeOf);
}

function rangeOf(text: string): AddressRange {
  const range = parseRange(text);
  const wrong = typeof range === "string"
    ? range
    : isEverybody(range)
    ? "everybody is in it; give the number of proxies instead"
    : undefined;
  if (wrong === undefined) return range as AddressRange;
  throw new RangeError(
    `Cannot trust the proxy ${JSON.stringify(text.slice(0, 64))}: ${wrong}`,
  );
}

/** Then whatever a client writes first would be its address. */
function isEverybody(range: AddressRange): boolean {
  return range.bits <= 96 && isInRange(range, IPV4_OF_ZEROS);
}

const IPV4_OF_ZEROS = [0, 0, 0, 0, 0, 0xFFFF, 0, 0];

// ── the walk ───────────────────────────────────────────────────────────────

/**
 * What the hops that are trusted tell of a request.
 *
 * @throws {Fault} when that is malformed, too much, or contradicts itself
 */
export function forwardingOf(
  head: RequestHead,
  { remote, secure, trusts }: Pick<Exchange, "remote" | "secure" | "trusts">,
): Forwarding {
  if (trusts === undefined || !trusts(remote, 0)) return { remote, secure };
  const told = agreed(toldByForwarded(head, trusts), toldByOlder(head, trusts));
  if (told === undefined) return { remote, secure };
  return { remote: told.for, secure: told.secure ?? secure, host: told.host };
}

/** The member that names the client: the last one that a trusted hop wrote. */
function toldByForwarded(
  head: RequestHead,
  trusts: Trusts,
): ForwardedElement | undefined {
  const field = head.header("forwarded");
  if (field === undefined) return undefined;
  const elements = right(parseForwarded(field)).toReversed();
  const place = walk(elements.length, (i) => elements[i]!.for, trusts);
  return elements[place];
}

/** The same of the fields that are older: three lists, without names. */
function toldByOlder(
  head: RequestHead,
  trusts: Trusts,
): ForwardedElement | undefined {
  const [hops, schemes, hosts] = OLDER.map((name) => listOf(head.header(name)));
  if ((hops ?? schemes ?? hosts) === undefined) return undefined;
  const hopAt = (i: number) => right(parseHop(hops![i]!));
  const place = hops === undefined ? 0 : walk(hops.length, hopAt, trusts);
  const host = memberAt(hosts, place);
  if (host !== undefined && !isForwardedHost(host)) throw unclear();
  return {
    for: hops === undefined ? undefined : hopAt(place),
    secure: right(secureOf(memberAt(schemes, place))),
    host,
  };
}

const OLDER = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];

/** The members from the right; a field that is there says something. */
function listOf(field: string | undefined): string[] | undefined {
  if (field === undefined) return undefined;
  const members = membersFromRight(field);
  if (members.length === 0) throw unclear();
  return members;
}

function memberAt(
  members: readonly string[] | undefined,
  place: number,
): string | undefined {
  return members?.[Math.min(place, members.length - 1)];
}

/**
 * The place of the client among `count` hops, of which the last is 0: the peer
 * was trusted, so that its word counts, and so on.
 */
function walk(
  count: number,
  hopAt: (place: number) => Address | undefined,
  trusts: Trusts,
): number {
  let place = 0;
  while (trusts(hopAt(place), place + 1)) {
    if (place + 1 === FIXED.forwarded.default) throw unclear();
    if (place + 1 === count) break;
    place++;
  }
  return place;
}

/** What both kinds of field say, or the one that is there. */
function agreed(
  one: ForwardedElement | undefined,
  other: ForwardedElement | undefined,
): ForwardedElement | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const same = one.for?.hostname === other.for?.hostname &&
    one.secure === other.secure &&
    one.host?.toLowerCase() === other.host?.toLowerCase();
  if (!same) throw unclear();
  return one;
}

function right<T>(read: T | Malformed): T {
  if (read === MALFORMED) throw unclear();
  return read as T;
}

function unclear(): Fault {
  return new Fault("forwarded");
}
