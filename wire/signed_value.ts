/**
 * What a signed cookie looks like: the value, until when it holds, and a
 * signature over both and the name.
 *
 * ```text
 * "Ada", until 1764045637  ──▶  1764045637.QWRh.3q2-7w…
 *                               │          │    └ HMAC-SHA-256, 43 characters
 *                               │          └ the value's UTF-8, in base64url
 *                               └ seconds since 1970; nothing where it has no end
 * ```
 *
 * The name is signed and not written: a value cannot be moved to another cookie.
 * Reading takes one spelling of each value and no other, and what is not of
 * this form is no fault: it is somebody else's cookie.
 *
 * The surprise: it is signed, not secret. Whoever has the cookie can read it.
 *
 * Base64url is RFC 4648 §5, the signature RFC 2104. Who signs is
 * `request/signed_cookies.ts`.
 *
 * @module
 */

/** The parts of a signed value. */
export interface SignedValue {
  /** What was signed with the name: the value and its end, as written. */
  readonly text: string;
  /** When it ends, in seconds since 1970; `undefined` where it does not. */
  readonly until: number | undefined;
  /** The octets of the signature. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A cookie has no more (draft-ietf-httpbis-rfc6265bis §5.6). */
const MOST = 4096;
/** 32 octets in base64url. */
const SIGNATURE_LENGTH = 43;
/** More digits than any date has. */
const MOST_DIGITS = 15;

const URL_SAFE = { alphabet: "base64url", omitPadding: true } as const;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a value and its end, which is signed together with the name.
 *
 * @throws {TypeError} when the value is no text, or has a half of a surrogate pair
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(textOf("Ada", 1764045637), "1764045637.QWRh");
 * assertEquals(textOf("Ada", undefined), ".QWRh");
 * ```
 */
export function textOf(value: string, until: number | undefined): string {
  if (typeof value !== "string" || !value.isWellFormed()) {
    throw new TypeError("Cannot sign a value that is not well-formed text");
  }
  return `${until ?? ""}.${ENCODER.encode(value).toBase64(URL_SAFE)}`;
}

/** What is signed: no name has a `=`, so no two cookies sign the same. */
export function signedOctets(
  name: string,
  text: string,
): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(`cookie ${name}=${text}`);
}

/** The cookie's value: the text and its signature. */
export function withSignature(text: string, signature: Uint8Array): string {
  return `${text}.${signature.toBase64(URL_SAFE)}`;
}

/**
 * The parts of a cookie's value, or `undefined` where it is not a signed one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readSigned("Ada"), undefined);
 * assertEquals(readSigned(".QWRh." + "A".repeat(43))?.text, ".QWRh");
 * ```
 */
export function readSigned(cookie: string): SignedValue | undefined {
  const first = cookie.indexOf(".");
  const last = cookie.length - SIGNATURE_LENGTH - 1;
  if (cookie.length > MOST || first === -1 || first >= last) return undefined;
  if (cookie[last] !== ".") return undefined;
  const digits = cookie.slice(0, first);
  if (digits !== "" && !isSeconds(digits)) return undefined;
  const signature = decoded(cookie.slice(last + 1));
  return signature && {
    text: cookie.slice(0, last),
    until: digits === "" ? undefined : Number(digits),
    signature,
  };
}

/** The value that a text was made of; `undefined` where it was not made here. */
export function valueOf(text: string): string | undefined {
  const octets = decoded(text.slice(text.indexOf(".") + 1));
  try {
    return octets && DECODER.decode(octets);
  } catch {
    return undefined;
  }
}

function isSeconds(digits: string): boolean {
  return digits.length <= MOST_DIGITS && /^(0|[1-9]\d*)$/.test(digits);
}

/** Only what encodes to the same text: base64url has several spellings of octets. */
function decoded(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const octets = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return octets.toBase64(URL_SAFE) === text ? octets : undefined;
  } catch {
    return undefined;
  }
}
