/**
 * Whether octets are a host with an optional port, as in `Host` and in the
 * authority of a request target.
 *
 * ```text
 * Host     = uri-host [ ":" port ]
 * uri-host = IP-literal / IPv4address / reg-name
 *
 * example.com:8080   192.0.2.1   [2001:db8::1]:443   caf%C3%A9.example
 * ```
 *
 * It is checked whole, because what one reader of a host lets pass (a path, a
 * user name, a second host) is what the next one acts on.
 *
 * The one surprise: every IPv4 address is a registered name by its letters, and
 * so is `999.1.1.1`; RFC 3986 has no rule against it. The URL parser of the
 * platform has, so `new URL` may still throw for a host that is right here.
 *
 * RFC 9110 §4.2.1 and §7.2, RFC 3986 §3.2.2 and §3.2.3. No zone identifiers:
 * they mean nothing outside of the machine that wrote them (RFC 9844).
 *
 * @module
 */

import { HEX, NOT_HEX, REG_NAME } from "./octets.ts";

const PERCENT = 0x25;
const DOT = 0x2E;
const ZERO = 0x30;
const COLON = 0x3A;
const OPEN = 0x5B;
const CLOSE = 0x5D;

/** What a part reader answers when the octets are not its part. */
const NONE = -1;

/**
 * Whether the octets from `start` to `end` are `uri-host [ ":" port ]`.
 *
 * No octets at all are a host, too: a client sends `Host:` and nothing when its
 * target has no authority (RFC 9112 §3.2). A port without a host is refused
 * (RFC 9110 §4.2.1), and so is a port beyond 65535.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const host = new TextEncoder().encode("[::1]:8080");
 * assertEquals(isHost(host, 0, host.length), true);
 * assertEquals(isHost(host, 0, 4), false);
 * ```
 */
export function isHost(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  const stop = bytes[start] === OPEN
    ? ipLiteralEnd(bytes, start, end)
    : regNameEnd(bytes, start, end);
  if (stop === NONE || stop === start) return false;
  return stop === end ||
    (bytes[stop] === COLON && isPort(bytes, stop + 1, end));
}

/**
 * A valid host with an optional port as its two parts, the port without its
 * colon and `""` where there is none. The brackets of an IP literal stay with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitHost("[::1]:8080"), ["[::1]", "8080"]);
 * assertEquals(splitHost("example.com"), ["example.com", ""]);
 * ```
 */
export function splitHost(host: string): [hostname: string, port: string] {
  const colon = host.lastIndexOf(":");
  if (colon <= host.lastIndexOf("]")) return [host, ""];
  return [host.slice(0, colon), host.slice(colon + 1)];
}

/** `*DIGIT` of at most 65535; the colon may stand alone (RFC 3986 §3.2.3). */
function isPort(bytes: Uint8Array, start: number, end: number): boolean {
  let port = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
    if (port > 0xFFFF) return false;
  }
  return true;
}

/** `*( unreserved / pct-encoded / sub-delims )`: where the first other octet stands. */
function regNameEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if (REG_NAME[bytes[i]!] === 1) {
      i++;
    } else if (bytes[i] !== PERCENT) {
      return i;
    } else if (
      i + 2 < end && isHexDigit(bytes[i + 1]!) && isHexDigit(bytes[i + 2]!)
    ) {
      i += 3;
    } else {
      return NONE;
    }
  }
  return end;
}

/** `"[" ( IPv6address / IPvFuture ) "]"`: where the octet behind it stands. */
function ipLiteralEnd(bytes: Uint8Array, start: number, end: number): number {
  let close = start;
  while (close < end && bytes[close] !== CLOSE) close++;
  if (close === end) return NONE;
  const right = isFuture(bytes, start + 1, close) ||
    isIPv6(bytes, start + 1, close);
  return right ? close + 1 : NONE;
}

/** `"v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )` */
function isFuture(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || (bytes[start]! | 0x20) !== 0x76) return false;
  let i = start + 1;
  while (i < end && isHexDigit(bytes[i]!)) i++;
  if (i === start + 1 || bytes[i] !== DOT || i + 1 === end) return false;
  for (i++; i < end; i++) {
    if (REG_NAME[bytes[i]!] !== 1 && bytes[i] !== COLON) return false;
  }
  return true;
}

/**
 * Eight groups of up to four hexadecimal digits. `::` stands once for one group
 * of zeros or more, and an IPv4 address may stand for the last two.
 */
function isIPv6(bytes: Uint8Array, start: number, end: number): boolean {
  let groups = 0;
  let gap = false;
  let i = start;
  if (isGap(bytes, i, end)) [gap, i] = [true, i + 2];
  while (i < end) {
    const stop = groupEnd(bytes, i, end);
    if (bytes[stop] === DOT && stop < end) {
      return isIPv4(bytes, i, end) && fits(groups + 2, gap);
    }
    if (stop === i) return false;
    groups++;
    if (stop === end) break;
    if (isGap(bytes, stop, end)) {
      if (gap) return false;
      [gap, i] = [true, stop + 2];
    } else if (bytes[stop] === COLON && stop + 1 < end) {
      i = stop + 1;
    } else {
      return false;
    }
  }
  return fits(groups, gap);
}

function isGap(bytes: Uint8Array, i: number, end: number): boolean {
  return i + 1 < end && bytes[i] === COLON && bytes[i + 1] === COLON;
}

/** RFC 3986 §3.2.2 lets `::` stand for one group, though not for none. */
function fits(groups: number, gap: boolean): boolean {
  return gap ? groups <= 7 : groups === 8;
}

/** Where up to four hexadecimal digits end. */
function groupEnd(bytes: Uint8Array, start: number, end: number): number {
  const most = Math.min(end, start + 4);
  let i = start;
  while (i < most && isHexDigit(bytes[i]!)) i++;
  return i;
}

/** Four numbers up to 255, without leading zeros, which some read as octal. */
function isIPv4(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  for (let dots = 0; dots < 3; dots++) {
    const stop = octetEnd(bytes, i, end);
    if (stop === NONE || stop === end || bytes[stop] !== DOT) return false;
    i = stop + 1;
  }
  return octetEnd(bytes, i, end) === end;
}

/** `dec-octet`: where its one to three digits end. */
function octetEnd(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let i = start;
  for (; i < end && i < start + 3; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const padded = bytes[start] === ZERO && i > start + 1;
  return i === start || value > 255 || padded ? NONE : i;
}

function isHexDigit(octet: number): boolean {
  return HEX[octet] !== NOT_HEX;
}
