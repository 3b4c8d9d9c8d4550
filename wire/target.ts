/**
 * The four forms of a request target (RFC 9112 §3.2), and which fits a method.
 *
 * ```text
 * origin-form     /where?q=now              every method but CONNECT
 * absolute-form   http://host/where?q=now   the same; its host overrides Host
 * authority-form  host:port                 CONNECT alone
 * asterisk-form   *                         OPTIONS alone
 * ```
 *
 * No URL parser touches an origin-form: it would rewrite what it reads.
 *
 * @module
 */

import type { FaultCode } from "../errors.ts";
import { isHost } from "./host.ts";

const SLASH = 0x2F, COLON = 0x3A, AT = 0x40, QUESTION = 0x3F, ASTERISK = 0x2A;

/** The rule that the target in `bytes` breaks; `undefined` where it is right. */
export function checkTarget(
  method: string,
  secure: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): FaultCode | undefined {
  if (method === "CONNECT") return checkAuthority(bytes, start, end);
  const first = bytes[start];
  if (first === SLASH) return undefined;
  if (first === ASTERISK && end - start === 1) {
    return method === "OPTIONS" ? undefined : "target-form";
  }
  return checkAbsolute(secure, bytes, start, end);
}

/** RFC 9112 §3.2.3: `uri-host ":" port`, and the port is not left out. */
function checkAuthority(
  bytes: Uint8Array,
  start: number,
  end: number,
): FaultCode | undefined {
  if (end === start || !isHost(bytes, start, end)) return "target-form";
  let i = end;
  while (i > start && isDigit(bytes[i - 1]!)) i--;
  return i < end && i > start && bytes[i - 1] === COLON
    ? undefined
    : "target-form";
}

/** RFC 9112 §3.2.2, with the scheme of this connection and a host (RFC 9110 §4.2). */
function checkAbsolute(
  secure: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): FaultCode | undefined {
  let colon = start;
  while (colon < end && bytes[colon] !== COLON) colon++;
  if (colon + 2 >= end) return "target-form";
  if (bytes[colon + 1] !== SLASH || bytes[colon + 2] !== SLASH) {
    return "target-form";
  }
  if (!isScheme(bytes, start, colon)) return "target-form";
  const scheme = String.fromCharCode(
    ...bytes.subarray(start, Math.min(colon, start + 6)),
  );
  if (scheme.toLowerCase() !== (secure ? "https" : "http")) {
    return "target-scheme";
  }
  const from = colon + 3;
  const to = endOfAuthority(bytes, from, end);
  const userinfo = bytes.subarray(from, to).includes(AT);
  return to > from && !userinfo && isHost(bytes, from, to)
    ? undefined
    : "target-host";
}

/** RFC 3986 §3.1: `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`. */
function isScheme(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const letter = bytes[i]! | 0x20;
    if (letter >= 0x61 && letter <= 0x7A) continue;
    const other = isDigit(bytes[i]!) || [0x2B, 0x2D, 0x2E].includes(bytes[i]!);
    if (i === start || !other) return false;
  }
  return end > start;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

function endOfAuthority(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && bytes[i] !== SLASH && bytes[i] !== QUESTION) i++;
  return i;
}

/** What a target says, in the words of RFC 9112 §3.3. */
export interface TargetParts {
  /** Host and port, `""` where the form has none. */
  readonly authority: string;
  /** The path as sent; `*` asks for the server itself. */
  readonly path: string;
  /** What follows `?`, without it. */
  readonly query: string;
}

/** The parts of a target that {@linkcode checkTarget} found to be right. */
export function splitTarget(method: string, target: string): TargetParts {
  if (method === "CONNECT") {
    return { authority: target, path: target, query: "" };
  }
  if (target.charCodeAt(0) === SLASH || target === "*") {
    return parts("", target);
  }
  const from = target.indexOf("//") + 2;
  const end = target.slice(from).search(/[/?]/);
  if (end === -1) {
    return parts(target.slice(from), method === "OPTIONS" ? "*" : "/");
  }
  const rest = target.slice(from + end);
  return parts(
    target.slice(from, from + end),
    rest.startsWith("?") ? `/${rest}` : rest,
  );
}

function parts(authority: string, pathAndQuery: string): TargetParts {
  const mark = pathAndQuery.indexOf("?");
  return mark === -1 ? { authority, path: pathAndQuery, query: "" } : {
    authority,
    path: pathAndQuery.slice(0, mark),
    query: pathAndQuery.slice(mark + 1),
  };
}
