/**
 * Lets pages of other origins ask: the CORS protocol of the Fetch standard.
 *
 * ```text
 *   OPTIONS, Origin, Access-Control-Request-Method   preflight: 204, and no further
 *   Origin                                           goes on; the answer has the fields
 *   no Origin                                        goes on; the answer varies by it
 * ```
 *
 * | `origin`            | `Access-Control-Allow-Origin`      | `Vary: Origin` |
 * | ------------------- | ---------------------------------- | -------------- |
 * | `"*"` (the default) | `*`, always                        | no             |
 * | `"https://a.example"` | that one, always                 | no             |
 * | a list, a function  | the client's, where it is allowed  | always         |
 *
 * What is the same for all is always sent, which is what the Fetch standard advises
 * for the sake of caches. The fields are on errors, too, or a page could not read
 * what went wrong. A preflight of an origin that is not allowed is answered 204
 * without the fields, and the browser does the rest: CORS protects nobody from
 * requests; it lets pages read answers.
 *
 * Not to be had: credentials with `"*"`, which no browser takes; an origin that is
 * none, as `"https://a.example/"`; and credentials for `"null"`, for any page can
 * make a frame whose origin that is. A function is not even asked about that one.
 *
 * **Where.** With `use` on the application's own router, outside of what refuses (as
 * `basicAuth`): a preflight has no credentials, and it leads to no route. So middleware
 * of a route, of a mounted router, or of `with` never sees it.
 *
 * The one surprise: what a handler itself sets of these fields stays.
 *
 * Fetch standard, §3.3 (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import type { Context } from "../request.ts";
import { Answer } from "../response/answer.ts";
import type { Middleware } from "../router/types.ts";
import { mergeLines } from "../routing/merge.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import type { Fields } from "../wire/fields.ts";
import { listMembers } from "../wire/list.ts";
import { isToken } from "../wire/octets.ts";

/** What {@linkcode cors} may be told. */
export interface CorsOptions {
  /**
   * Whose pages may read answers: `"*"` for all, an origin, several, or a function
   * that says whether one may; default `"*"`.
   */
  readonly origin?:
    | string
    | readonly string[]
    | ((origin: string, c: Context) => boolean | Promise<boolean>);
  /** Whether cookies and credentials may be sent along; default false. */
  readonly credentials?: boolean;
  /** The methods that a preflight allows; default GET, HEAD, PUT, PATCH, POST, DELETE. */
  readonly methods?: readonly string[];
  /** The request fields that a preflight allows; default those that it asks for. */
  readonly headers?: readonly string[];
  /** The response fields that a page may read beside the safe ones; default none. */
  readonly expose?: readonly string[];
  /** Seconds for which a browser may remember a preflight; default: it decides, 5. */
  readonly maxAge?: number;
}

const OPTIONS: Kinds<CorsOptions> = {
  origin: ["text", "a list", "a function"],
  credentials: ["true or false"],
  methods: ["a list"],
  headers: ["a list"],
  expose: ["a list"],
  maxAge: ["a number"],
};

const METHODS = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];

/** A preflight asks for a handful of fields. */
const MOST_ASKED: number = FIXED.preflightFields.default;

/** The origin to allow, where there is one. */
type Allows = (c: Context) => string | undefined | Promise<string | undefined>;

/**
 * Middleware that lets pages of other origins read answers, and answers their
 * preflights.
 *
 * **Put it around all of what is served**, with `use` on that very router: a preflight
 * leads to no route, so what stands around some of them does not answer it. That is
 * the `use` of a route and of a mounted router, and `with` on a router that is served.
 *
 * @throws {TypeError} when an origin, a method or the name of a field is none,
 *   credentials are allowed to `"*"` or `"null"`, or an option is not known or of
 *   another kind
 * @throws {RangeError} when `maxAge` is no whole number from 0
 *
 * @example
 * ```ts
 * import { cors, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(cors({ origin: ["https://app.example"], credentials: true }));
 * app.get("/songs", () => ["Hine e Hine"]);
 *
 * const headers = { origin: "https://app.example" };
 * const answer = await app.request("/songs", { headers });
 * const allowed = answer.headers.get("access-control-allow-origin");
 * assertEquals(allowed, "https://app.example");
 * ```
 */
export function cors(options: CorsOptions = {}): Middleware {
  checkOptions("let other origins ask", options, OPTIONS);
  const allows = allowing(options);
  const varies = typeof options.origin === "function" ||
    typeof options.origin === "object";
  const shared = options.credentials
    ? ["access-control-allow-credentials", "true"]
    : [];
  const exposed = listField(
    "access-control-expose-headers",
    options.expose,
    options.credentials,
  );
  const preflight = preflightOf(options);
  return async function cors(c, next) {
    if (varies) vary(c.headers, "origin");
    const origin = await allows(c);
    if (origin !== undefined) {
      put(c.headers, ["access-control-allow-origin", origin, ...shared]);
    }
    if (isPreflight(c)) return preflight(c, origin !== undefined);
    if (origin !== undefined) put(c.headers, exposed);
    const answer = await next();
    // A handler may have written a Vary of its own over the first.
    if (varies) vary(answer.headers, "origin");
    return answer;
  };
}

/** Fetch, "CORS-preflight request": without these fields it is any OPTIONS. */
function isPreflight(c: Context): boolean {
  return c.method === "OPTIONS" && c.header("origin") !== undefined &&
    c.header("access-control-request-method") !== undefined;
}

function allowing({ origin = "*", credentials = false }: CorsOptions): Allows {
  if (typeof origin === "function") {
    return async (c) => {
      const asked = c.header("origin");
      if (asked === undefined || credentials && asked === "null") {
        return undefined;
      }
      return await origin(asked, c) ? asked : undefined;
    };
  }
  const known = new Set([origin].flat());
  for (const one of known) {
    if (one !== "*" || typeof origin !== "string") checkOrigin(one);
    if (credentials && (one === "*" || one === "null")) {
      throw new TypeError(`Cannot allow credentials to the origin "${one}"`);
    }
  }
  if (typeof origin === "string") return () => origin;
  return (c) => {
    const asked = c.header("origin");
    return asked !== undefined && known.has(asked) ? asked : undefined;
  };
}

/** As browsers send it: scheme, host in lower case, and a port that is not the usual. */
function checkOrigin(origin: string): void {
  if (origin === "null") return;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const usual = url?.protocol === "http:" || url?.protocol === "https:";
  const right = usual
    ? url?.origin === origin
    : /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@,]+$/.test(origin);
  if (url !== undefined && right) return;
  throw new TypeError(
    `Cannot allow the origin "${origin}": an origin is written ` +
      "scheme://host or scheme://host:port, as browsers send it",
  );
}

/** What answers a preflight. */
function preflightOf(
  { methods = METHODS, headers, maxAge, credentials }: CorsOptions,
): (c: Context, allowed: boolean) => Answer {
  const lines = [
    ...listField("access-control-allow-methods", methods, credentials),
    ...listField("access-control-allow-headers", headers, credentials),
  ];
  if (maxAge !== undefined) {
    if (!Number.isSafeInteger(maxAge) || maxAge < 0) {
      throw new RangeError(
        `Cannot remember a preflight for ${maxAge} seconds: ` +
          "it is a whole number from 0",
      );
    }
    lines.push("access-control-max-age", `${maxAge}`);
  }
  return (c, allowed) => {
    if (headers === undefined) {
      vary(c.headers, "access-control-request-headers");
    }
    if (allowed) {
      put(c.headers, lines);
      if (headers === undefined) put(c.headers, askedFor(c));
    }
    return new Answer(204, null);
  };
}

/** What the preflight asks for, if it asks in good form. */
function askedFor(c: Context): string[] {
  const asked = c.header("access-control-request-headers") ?? "";
  const names = listMembers(asked, MOST_ASKED);
  return names.length > 0 && names.every(isToken)
    ? ["access-control-allow-headers", names.join(", ")]
    : [];
}

/** A field that lists tokens; none for an empty list. */
function listField(
  name: string,
  members: readonly string[] = [],
  credentials = false,
): string[] {
  for (const member of members) {
    if (!isToken(member)) {
      throw new TypeError(
        `Cannot allow "${member}" in ${name}: it is no token`,
      );
    }
    if (credentials && member === "*") {
      throw new TypeError(
        `Cannot allow "*" in ${name} with credentials: there it is a name`,
      );
    }
  }
  return members.length === 0 ? [] : [name, members.join(", ")];
}

function put(headers: Fields, lines: readonly string[]): void {
  mergeLines(headers, lines, true);
}

function vary(headers: Fields, name: string): void {
  mergeLines(headers, ["vary", name], true);
}
