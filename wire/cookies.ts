/**
 * Cookies: the pairs of a `Cookie` field, and the value of a `Set-Cookie` one.
 *
 * ```text
 * Cookie: id=7; theme="dark"        →  ["id", "7"], ["theme", "\"dark\""]
 * "id", "7", { path: "/" }          →  id=7; Path=/
 * ```
 *
 * Reading is lenient, because cookies come from everywhere (another app on the
 * host, a script, a proxy); writing is strict, because a browser drops in silence
 * what it does not like, and a `;` in a value would write attributes.
 *
 * The one surprise: quotes around a value are part of it (RFC 6265bis §4.1.1).
 * Nothing is decoded either, so what was set is what comes back. A value with
 * other characters is for the caller to encode, as with `encodeURIComponent`.
 *
 * RFC 6265bis (draft-ietf-httpbis-rfc6265bis) §4.1, §4.2 and §5; `Partitioned` is
 * CHIPS (draft-cutler-httpbis-partitioned-cookies), `Priority` is
 * draft-west-cookie-priority, the prefixes with `Http-` are of
 * draft-ietf-httpbis-layered-cookies.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { imfDate } from "./date.ts";
import { trimSpace } from "./list.ts";
import { consistsOf, isToken, octets } from "./octets.ts";

/** What a cookie says beside its name and value. */
export interface CookieAttributes {
  /** The host and all below it that get the cookie; only this very host by default. */
  readonly domain?: string | undefined;
  /** The path and all below it that get the cookie; the request's folder by default. */
  readonly path?: string | undefined;
  /**
   * Whole seconds to live, 0 to delete it; to the end of the session by default.
   * Browsers cap it at 400 days.
   */
  readonly maxAge?: number | undefined;
  /** When it ends, where `maxAge` does not say; in 400 days at the latest. */
  readonly expires?: Date | undefined;
  /** Whether requests from other sites carry it; browsers take `"Lax"` by default. */
  readonly sameSite?: "Strict" | "Lax" | "None" | undefined;
  /** Only over TLS (and to localhost). */
  readonly secure?: boolean | undefined;
  /** Not for scripts. */
  readonly httpOnly?: boolean | undefined;
  /** A jar of its own for each site that embeds this one. */
  readonly partitioned?: boolean | undefined;
  /** Which cookies Chromium drops first when there are too many. */
  readonly priority?: "Low" | "Medium" | "High" | undefined;
}

/** `cookie-octet`: no controls, white space, quotes, comma, semicolon, backslash. */
const COOKIE_OCTET = octets("!", ["#", "+"], ["-", ":"], ["<", "["], [
  "]",
  "~",
]);

/** `av-octet`: what an attribute may have. */
const ATTRIBUTE_OCTET = octets("", [" ", ":"], ["<", "~"]);

/** Letters, digits and hyphens of a domain's label (RFC 1123 §2.1). */
const LABEL_OCTET = octets("-", ["0", "9"], ["A", "Z"], ["a", "z"]);

/** Browsers drop a cookie of more than 4096 octets of name and value (§5.6). */
const MOST_PAIR = 4096;

/** Browsers ignore an attribute of more than 1024 octets (§5.6). */
const MOST_ATTRIBUTE = 1024;

/** What a browser asks of a cookie whose name begins so, in any case (§4.1.3). */
const PREFIXES: readonly (readonly [prefix: string, asks: Asked])[] = [
  ["__secure-", { secure: true }],
  ["__host-", { secure: true, path: "/", domain: undefined }],
  ["__http-", { secure: true, httpOnly: true }],
  ["__host-http-", { httpOnly: true }],
];

type Asked = Pick<CookieAttributes, "secure" | "path" | "domain" | "httpOnly">;

/** The end of a cookie that is deleted: the grammar has no Max-Age of 0 (§4.1.1). */
const LONG_AGO = imfDate(0);

/**
 * The attributes that the prefix of a name asks for; none for most names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(promised("__Secure-id"), { secure: true });
 * assertEquals(promised("id"), {});
 * ```
 */
export function promised(name: string): CookieAttributes {
  const beginning = `${name}`.slice(0, 16).toLowerCase();
  let asked: CookieAttributes = {};
  for (const [prefix, asks] of PREFIXES) {
    if (beginning.startsWith(prefix)) asked = { ...asked, ...asks };
  }
  return asked;
}

/**
 * The pairs of a `Cookie` field in the order sent; where a name is there twice,
 * the first is the one of the more specific path (§5.8.3). White space around
 * names and values is dropped, quotes are kept, and a part without a name is no
 * pair.
 *
 * @param most how many parts the field may have, empty ones too
 * @throws {HttpError} 400 when it has more
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseCookies("a=1; b=2=3; a=", 128), [["a", "1"], ["b", "2=3"], ["a", ""]]);
 * ```
 */
export function parseCookies(
  field: string,
  most: number,
): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  let parts = 0;
  for (let start = 0; start < field.length;) {
    if (++parts > most) {
      throw new HttpError(
        400,
        "The Cookie field has more cookies than limits.cookies",
      );
    }
    const semicolon = field.indexOf(";", start);
    const end = semicolon === -1 ? field.length : semicolon;
    const pair = parsePair(field.slice(start, end));
    if (pair !== undefined) pairs.push(pair);
    start = end + 1;
  }
  return pairs;
}

function parsePair(part: string): [name: string, value: string] | undefined {
  const equals = part.indexOf("=");
  if (equals === -1) return undefined;
  const name = trimSpace(part.slice(0, equals));
  return name === "" ? undefined : [name, trimSpace(part.slice(equals + 1))];
}

const ATTRIBUTES: Kinds<CookieAttributes> = {
  domain: ["anything"],
  path: ["anything"],
  maxAge: ["anything"],
  expires: ["anything"],
  sameSite: ["anything"],
  secure: ["true or false"],
  httpOnly: ["true or false"],
  partitioned: ["true or false"],
  priority: ["anything"],
};

/**
 * The value of a `Set-Cookie` field that a browser will not drop.
 *
 * @throws {TypeError} when a part could not be sent or there is no attribute of a
 *   name, or when browsers would refuse the cookie: a prefix whose promise is not kept, `SameSite=None` or
 *   `Partitioned` without `secure`, more than 4096 octets
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   serializeCookie("__Host-id", "7", { path: "/", secure: true, httpOnly: true }),
 *   "__Host-id=7; Path=/; Secure; HttpOnly",
 * );
 * ```
 */
export function serializeCookie(
  name: string,
  value: string,
  attributes: CookieAttributes = {},
): string {
  const deed = `set the cookie ${JSON.stringify(`${name}`.slice(0, 64))}`;
  checkOptions(deed, attributes, ATTRIBUTES);
  const reason = checkPair(name, value) ?? checkAttributes(attributes) ??
    checkPromises(name, attributes);
  if (reason !== undefined) throw new TypeError(`Cannot ${deed}: ${reason}`);
  const {
    domain,
    path,
    maxAge,
    expires,
    sameSite,
    secure,
    httpOnly,
    partitioned,
    priority,
  } = attributes;
  let text = `${name}=${value}`;
  if (domain !== undefined) text += `; Domain=${domain}`;
  if (path !== undefined) text += `; Path=${path}`;
  if (maxAge === 0) text += `; Expires=${LONG_AGO}`;
  else if (maxAge !== undefined) text += `; Max-Age=${maxAge}`;
  if (expires !== undefined && maxAge !== 0) {
    text += `; Expires=${imfDate(expires.getTime())}`;
  }
  if (secure) text += "; Secure";
  if (httpOnly) text += "; HttpOnly";
  if (sameSite !== undefined) text += `; SameSite=${sameSite}`;
  if (partitioned) text += "; Partitioned";
  if (priority !== undefined) text += `; Priority=${priority}`;
  return text;
}

function checkPair(name: string, value: string): string | undefined {
  if (typeof name !== "string" || !isToken(name)) {
    return "its name is not a token";
  }
  if (typeof value !== "string" || !isCookieValue(value)) {
    return "its value has a character that a cookie cannot have; encodeURIComponent makes one of it";
  }
  if (name.length + value.length > MOST_PAIR) {
    return "name and value are longer than 4096 octets";
  }
  return undefined;
}

/** `*cookie-octet / ( DQUOTE *cookie-octet DQUOTE )` */
function isCookieValue(value: string): boolean {
  const quoted = value.length > 1 && value.startsWith('"') &&
    value.endsWith('"');
  return consistsOf(COOKIE_OCTET, quoted ? value.slice(1, -1) : value);
}

function checkAttributes(
  { domain, path, maxAge, expires, sameSite, priority }: CookieAttributes,
): string | undefined {
  if (domain !== undefined && !isDomain(domain)) {
    return "its domain is not a host name, in ASCII and without a leading dot";
  }
  if (path !== undefined && !isCookiePath(path)) {
    return 'its path does not begin with "/", ends with a space, or has a control, a ";" or more than 1024 octets';
  }
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0)) {
    return "its maxAge is not a whole number of seconds from 0";
  }
  if (expires !== undefined && !isSendable(expires)) {
    return "its expires is not a valid Date";
  }
  if (sameSite !== undefined && !["Strict", "Lax", "None"].includes(sameSite)) {
    return 'its sameSite is not "Strict", "Lax" or "None"';
  }
  if (priority !== undefined && !["Low", "Medium", "High"].includes(priority)) {
    return 'its priority is not "Low", "Medium" or "High"';
  }
  return undefined;
}

/** Dot-separated labels of 1 to 63, 253 in all (RFC 1034 §3.5 with RFC 1123 §2.1). */
function isDomain(domain: string): boolean {
  if (typeof domain !== "string" || domain.length > 253) return false;
  return domain.split(".").every((label) =>
    label !== "" && label.length <= 63 && consistsOf(LABEL_OCTET, label) &&
    !label.startsWith("-") && !label.endsWith("-")
  );
}

/** A browser would take white space off its end, and keep another path (§5.6). */
function isCookiePath(path: string): boolean {
  return typeof path === "string" && path.startsWith("/") &&
    !path.endsWith(" ") && path.length <= MOST_ATTRIBUTE &&
    consistsOf(ATTRIBUTE_OCTET, path);
}

/** A browser reads the years from 1601 on (§5.1.1), and four digits end at 9999. */
function isSendable(expires: Date): boolean {
  if (!(expires instanceof Date)) return false;
  const year = expires.getUTCFullYear();
  return year >= 1601 && year <= 9999;
}

/** What a browser asks for before it keeps a cookie of that kind. */
function checkPromises(
  name: string,
  attributes: CookieAttributes,
): string | undefined {
  const { sameSite, secure, partitioned } = attributes;
  if (sameSite === "None" && !secure) return 'sameSite "None" needs secure';
  if (partitioned && !secure) return "partitioned needs secure";
  const asked = promised(name);
  const names = Object.keys(asked) as (keyof CookieAttributes)[];
  return names.every((key) => attributes[key] === asked[key])
    ? undefined
    : `its prefix needs ${names.map((key) => NEEDS[key]).join(" and ")}`;
}

/** How a sentence calls what a prefix asks for. */
const NEEDS: Readonly<Partial<Record<keyof CookieAttributes, string>>> = {
  secure: "secure",
  path: 'the path "/"',
  domain: "no domain",
  httpOnly: "httpOnly",
};
