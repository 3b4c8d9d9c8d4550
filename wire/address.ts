/**
 * IP addresses and ranges of them, for who asks whether an address is one of
 * those that he knows.
 *
 * ```text
 * 192.0.2.7            ─▶ 0:0:0:0:0:ffff:c000:0207 ─▶ 192.0.2.7
 * ::FFFF:192.0.2.7     ─▶ the same                 ─▶ 192.0.2.7
 * 2001:DB8:0::1        ─▶ 2001:db8:0:0:0:0:0:1     ─▶ 2001:db8::1
 * 10.0.0.0/8           ─▶ the first 104 bits of 0:0:0:0:0:ffff:0a00:0
 * ```
 *
 * All are held as eight groups of 16 bits. The one surprise: an IPv4 address is
 * its IPv4-mapped IPv6 address here, because a socket that listens on `::` tells
 * one for the other. So one client has one spelling, and `10.0.0.0/8` holds for
 * `::ffff:10.0.0.1` as well.
 *
 * RFC 4291 §2.2 and §2.5.5.2, RFC 4632 §3.1, RFC 5952. Read as strictly as in
 * `host.ts`: no leading zeros, which some take for octal; no zone identifiers.
 *
 * @module
 */

/** Eight groups of 16 bits. */
export type Groups = readonly number[];

/** All the addresses whose first `bits` bits are those of `groups`. */
export interface AddressRange {
  readonly groups: Groups;
  readonly bits: number;
}

/** The longest spelling of an address, with an IPv4 address in its end. */
const LONGEST = 45;
/** The bits before an IPv4 address in its IPv4-mapped form. */
const MAPPED = 96;

/**
 * The groups of an IPv4 or IPv6 address; `undefined` where it is neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("::ffff:192.0.2.1"), parseAddress("192.0.2.1"));
 * assertEquals(parseAddress("192.0.2.01"), undefined);
 * ```
 */
export function parseAddress(text: string): Groups | undefined {
  if (text.length > LONGEST) return undefined;
  const four = parseIPv4(text);
  return four === undefined
    ? parseIPv6(text)
    : [0, 0, 0, 0, 0, 0xFFFF, ...four];
}

/** The last two groups of an address: four numbers up to 255. */
function parseIPv4(text: string): [number, number] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every(isDecimalOctet)) return undefined;
  const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
  return [a << 8 | b, c << 8 | d];
}

function isDecimalOctet(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255;
}

/** `::` stands once for one group of zeros or more (RFC 3986 §3.2.2). */
function parseIPv6(text: string): Groups | undefined {
  const gap = text.indexOf("::");
  if (gap === -1) {
    const all = groupsOf(text, true);
    return all?.length === 8 ? all : undefined;
  }
  const before = groupsOf(text.slice(0, gap), false);
  const after = groupsOf(text.slice(gap + 2), true);
  if (before === undefined || after === undefined) return undefined;
  const zeros = 8 - before.length - after.length;
  if (zeros < 1) return undefined;
  return [...before, ...new Array<number>(zeros).fill(0), ...after];
}

/** Groups between colons; an IPv4 address may stand for the last two of all. */
function groupsOf(text: string, ends: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const four = ends ? parseIPv4(parts[parts.length - 1]!) : undefined;
  if (four !== undefined) parts.pop();
  if (!parts.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) return undefined;
  const groups = parts.map((part) => parseInt(part, 16));
  return four === undefined ? groups : [...groups, ...four];
}

/**
 * The one spelling of an address: dotted where it is IPv4, else as RFC 5952 §4
 * has it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printAddress(parseAddress("2001:DB8:0:0::1")!), "2001:db8::1");
 * assertEquals(printAddress(parseAddress("::ffff:c000:201")!), "192.0.2.1");
 * ```
 */
export function printAddress(groups: Groups): string {
  if (isMapped(groups)) {
    const octets = groups.slice(6).flatMap((
      group,
    ) => [group >> 8, group & 255]);
    return octets.join(".");
  }
  const [start, length] = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  const before = hex.slice(0, start).join(":");
  return `${before}::${hex.slice(start + length).join(":")}`;
}

function isMapped(groups: Groups): boolean {
  return groups[5] === 0xFFFF &&
    groups.slice(0, 5).every((group) => group === 0);
}

/** RFC 5952 §4.2.3: the longest run of zeros, of two the first. */
function longestZeros(groups: Groups): [start: number, length: number] {
  let found: [number, number] = [0, 0];
  let length = 0;
  for (let i = 0; i < groups.length; i++) {
    length = groups[i] === 0 ? length + 1 : 0;
    if (length > found[1]) found = [i + 1 - length, length];
  }
  return found;
}

/**
 * An address, or a range in CIDR notation (RFC 4632 §3.1), as a range; a sentence
 * that says what is wrong with it where it is neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseRange("10.0.0.1/8"), "it has bits behind its prefix");
 * ```
 */
export function parseRange(text: string): AddressRange | string {
  const slash = text.indexOf("/");
  const groups = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (groups === undefined) return "it is no IP address and no range of them";
  if (slash === -1) return { groups, bits: 128 };
  const prefix = text.slice(slash + 1);
  const start = text.includes(":") ? 0 : MAPPED;
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(prefix) || +prefix > 128 - start) {
    return `its prefix is no number up to ${128 - start}`;
  }
  const range = { groups, bits: start + Number(prefix) };
  const behind = groups.some((group, i) =>
    (group & ~maskOf(range.bits, i)) !== 0
  );
  return behind ? "it has bits behind its prefix" : range;
}

/**
 * Whether an address is in a range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const range = parseRange("10.0.0.0/8");
 * assert(typeof range !== "string");
 * assert(isInRange(range, parseAddress("::ffff:10.1.2.3")!));
 * ```
 */
export function isInRange({ groups, bits }: AddressRange, of: Groups): boolean {
  return groups.every((group, i) => (of[i]! & maskOf(bits, i)) === group);
}

/** Which bits of the group at `index` belong to a prefix of `bits`. */
function maskOf(bits: number, index: number): number {
  const own = Math.min(16, Math.max(0, bits - 16 * index));
  return 0xFFFF << (16 - own) & 0xFFFF;
}
