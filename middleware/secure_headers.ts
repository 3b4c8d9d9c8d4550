/**
 * Fields that tell browsers to be careful, with defaults that break little.
 *
 * | option                      | field                          | default                           |
 * | --------------------------- | ------------------------------ | --------------------------------- |
 * | `contentTypeOptions`        | `X-Content-Type-Options`       | `nosniff`                         |
 * | `frameOptions`              | `X-Frame-Options`              | `SAMEORIGIN`                      |
 * | `referrerPolicy`            | `Referrer-Policy`              | `strict-origin-when-cross-origin` |
 * | `crossOriginOpenerPolicy`   | `Cross-Origin-Opener-Policy`   | `same-origin`                     |
 * | `crossOriginResourcePolicy` | `Cross-Origin-Resource-Policy` | `same-origin`                     |
 * | `strictTransportSecurity`   | `Strict-Transport-Security`    | `max-age=31536000`, under TLS     |
 * | `contentSecurityPolicy`     | `Content-Security-Policy`      | none: nobody knows your pages     |
 * | `permissionsPolicy`         | `Permissions-Policy`           | none                              |
 * | `crossOriginEmbedderPolicy` | `Cross-Origin-Embedder-Policy` | none                              |
 *
 * Each is set to another value, or left out with `false`. What a handler sets on
 * `c.headers` or returns with its answer stays, and `c.headers.delete(name)` leaves
 * one out for one route. Errors have the fields, too.
 *
 * Not `no-referrer`, for then the Origin of a form that is posted is `null`, and
 * who checks that against forgery refuses his own forms. Not `includeSubDomains`,
 * which would lock out what is not served from here.
 *
 * A resource that pages of other sites load needs
 * `crossOriginResourcePolicy: "cross-origin"`; `cors()` alone does not open it.
 *
 * **Where.** Outside of all that answers.
 *
 * The one surprise: `Strict-Transport-Security` is sent only where `c.secure` is
 * true (RFC 6797 §7.2), which behind a proxy needs `trustProxy`.
 *
 * @module
 */

import type { Context } from "../request.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { checkFieldLine } from "../wire/fields.ts";

/** What {@linkcode secureHeaders} may be told: a value, or `false` for none. */
export interface SecureHeadersOptions {
  /** `X-Content-Type-Options`; default `nosniff`. */
  readonly contentTypeOptions?: string | false;
  /** `X-Frame-Options` (RFC 7034); default `SAMEORIGIN`. */
  readonly frameOptions?: string | false;
  /** `Referrer-Policy`; default `strict-origin-when-cross-origin`. */
  readonly referrerPolicy?: string | false;
  /** `Cross-Origin-Opener-Policy`; default `same-origin`. */
  readonly crossOriginOpenerPolicy?: string | false;
  /** `Cross-Origin-Resource-Policy`; default `same-origin`. */
  readonly crossOriginResourcePolicy?: string | false;
  /** `Strict-Transport-Security` (RFC 6797), under TLS; default `max-age=31536000`. */
  readonly strictTransportSecurity?: string | false;
  /** `Content-Security-Policy`; default none. */
  readonly contentSecurityPolicy?: string | false;
  /** `Permissions-Policy`; default none. */
  readonly permissionsPolicy?: string | false;
  /** `Cross-Origin-Embedder-Policy`; default none. */
  readonly crossOriginEmbedderPolicy?: string | false;
}

type Name = keyof SecureHeadersOptions;

/** The name of each field, and its value unless another is given. */
const FIELDS: Readonly<Record<Name, readonly [string, string | false]>> = {
  contentTypeOptions: ["x-content-type-options", "nosniff"],
  frameOptions: ["x-frame-options", "SAMEORIGIN"],
  referrerPolicy: ["referrer-policy", "strict-origin-when-cross-origin"],
  crossOriginOpenerPolicy: ["cross-origin-opener-policy", "same-origin"],
  crossOriginResourcePolicy: ["cross-origin-resource-policy", "same-origin"],
  strictTransportSecurity: ["strict-transport-security", "max-age=31536000"],
  contentSecurityPolicy: ["content-security-policy", false],
  permissionsPolicy: ["permissions-policy", false],
  crossOriginEmbedderPolicy: ["cross-origin-embedder-policy", false],
};

const KINDS = Object.fromEntries(
  Object.keys(FIELDS).map((name) => [name, ["text", "false"]]),
) as Record<Name, ["text", "false"]> satisfies Kinds<SecureHeadersOptions>;

const STRICT = FIELDS.strictTransportSecurity[0];

/**
 * Middleware that sets security fields on every answer.
 *
 * @throws {TypeError} when there is no option of a name, or a value cannot be sent
 *
 * @example
 * ```ts
 * import { Router, secureHeaders } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(secureHeaders({
 *   contentSecurityPolicy: "default-src 'self'",
 *   crossOriginOpenerPolicy: false,
 * }));
 *
 * const { headers } = await app.request("/nowhere");
 * assertEquals(headers.get("content-security-policy"), "default-src 'self'");
 * assertEquals(headers.get("x-content-type-options"), "nosniff");
 * assertEquals(headers.get("cross-origin-opener-policy"), null);
 * ```
 */
export function secureHeaders(options: SecureHeadersOptions = {}): Middleware {
  const lines = linesOf(options);
  return function secureHeaders(c, next) {
    const { headers } = c;
    for (const [name, value] of lines) {
      if (headers.has(name)) continue;
      if (name !== STRICT || isSecure(c)) headers.append(name, value);
    }
    return next();
  };
}

function linesOf(options: SecureHeadersOptions): [string, string][] {
  checkOptions("set security fields", options, KINDS);
  return (Object.keys(FIELDS) as Name[]).flatMap((option) => {
    const [name, usual] = FIELDS[option];
    const value = options[option] ?? usual;
    if (value === false) return [];
    const wrong = checkFieldLine(name, value);
    if (wrong !== undefined) throw new TypeError(wrong);
    return [[name, value] as [string, string]];
  });
}

/** What a proxy says may be malformed; who asks for it will be told. */
function isSecure(c: Context): boolean {
  try {
    return c.secure;
  } catch {
    return false;
  }
}
