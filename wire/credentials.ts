/**
 * Credentials and challenges: `Authorization` and `WWW-Authenticate`, as far as
 * Basic and Bearer have them.
 *
 * ```text
 * Authorization: Basic QWRhOnNlY3JldA==      scheme "basic", token "QWRhOnNlY3JldA=="
 *                      └ base64 of UTF-8     user "Ada", password "secret"
 * ```
 *
 * The one surprise: two lines of Authorization are one that cannot be read. Of two
 * credentials, one reader takes the first and the next one the last.
 *
 * RFC 9110 §11, RFC 7617 §2.
 *
 * @module
 */

import { isFieldValue, isToken } from "./octets.ts";

/** The credentials that were sent. */
export interface Credentials {
  /** The scheme in lower case; its case does not matter (RFC 9110 §11.1). */
  readonly scheme: string;
  /** The token behind it; `undefined` where there is none, or what is there is none. */
  readonly token: string | undefined;
}

/** A user and a password. */
export interface UserPass {
  /** Who it is; it has no colon. */
  readonly user: string;
  /** The password, which may have colons. */
  readonly password: string;
}

const COLON = ":";

/**
 * Scheme and token of `auth-scheme 1*SP token68`; `undefined` where there is not
 * even a scheme.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCredentials("BEARER  abc="), { scheme: "bearer", token: "abc=" });
 * assertEquals(parseCredentials("Bearer a b"), { scheme: "bearer", token: undefined });
 * ```
 */
export function parseCredentials(text: string): Credentials | undefined {
  const space = text.indexOf(" ");
  const scheme = space === -1 ? text : text.slice(0, space);
  if (!isToken(scheme)) return undefined;
  let start = scheme.length;
  while (text.charCodeAt(start) === 0x20) start++;
  const token = text.slice(start);
  return {
    scheme: scheme.toLowerCase(),
    token: isToken68(token) ? token : undefined,
  };
}

/** `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` */
function isToken68(text: string): boolean {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x3D) end--;
  return end > 0 && /^[\w\-.~+/]+$/.test(text.slice(0, end));
}

/**
 * User and password in the token of Basic, their characters composed; `undefined`
 * when it is no base64 of UTF-8, has no colon, or a control character (RFC 7617 §2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseUserPass("QWRhOmE6Yg=="), { user: "Ada", password: "a:b" });
 * ```
 */
export function parseUserPass(token: string): UserPass | undefined {
  let text: string;
  try {
    const bytes = Uint8Array.fromBase64(token, {
      lastChunkHandling: "strict",
    });
    text = UTF8.decode(bytes).normalize("NFC");
  } catch {
    return undefined;
  }
  const colon = text.indexOf(COLON);
  if (colon === -1 || hasControl(text)) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether there is a control character, which neither may have. */
export function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code >= 0x7F && code < 0xA0) return true;
  }
  return false;
}

/**
 * A challenge: the scheme and its parameters, each in quotes; those that are
 * `undefined` are left out (RFC 9110 §11.3).
 *
 * @throws {TypeError} when a value has characters that no field may have
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(challenge("Basic", { realm: 'the "shed"' }), 'Basic realm="the \\"shed\\""');
 * ```
 */
export function challenge(
  scheme: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(value)}`]
  );
  return written.length === 0 ? scheme : `${scheme} ${written.join(", ")}`;
}

function quoted(value: string): string {
  if (!isFieldValue(value) || !/^[\t\x20-\x7e]*$/.test(value)) {
    throw new TypeError(
      "Cannot put into a challenge what is not of printable ASCII characters",
    );
  }
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
