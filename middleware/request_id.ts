/**
 * A name for each request, so that what is logged of it here and elsewhere can be
 * put together: `c.requestId`, and `X-Request-Id` of the answer.
 *
 * ```text
 *   X-Request-Id: 7f3a… ── is it trusted, is it one? ── yes ─▶ the same
 *                                      └── no ─▶ crypto.randomUUID()
 * ```
 *
 * What a client sends is taken only with `trusted`: else anybody could give many
 * requests one name, or write into the log what he likes. What is taken has 1 to
 * 128 characters of `A`–`Z`, `a`–`z`, `0`–`9`, `-`, `_`, `.`, `~`, `+`, `/`, `=`,
 * `:`, `@`; what is not that is as good as none.
 *
 * **Where.** Outside of all that needs the name, inside of the access log, which
 * reads the field of the answer.
 *
 * The one surprise: `trusted` says that whoever connects is trusted, as a proxy is
 * that sets the field itself. It does not look at `trustProxy`.
 *
 * @module
 */

import type { Context } from "../request.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { isToken } from "../wire/octets.ts";

/** What {@linkcode requestId} may be told. */
export interface RequestIdOptions {
  /** The name of the field, in and out; default `X-Request-Id`. */
  readonly header?: string;
  /** Whether a name that the client sends is taken; default false. */
  readonly trusted?: boolean | ((c: Context) => boolean);
  /** Makes a name; default `crypto.randomUUID`. */
  readonly generate?: () => string;
}

const OPTIONS: Kinds<RequestIdOptions> = {
  header: ["text"],
  trusted: ["true or false", "a function"],
  generate: ["a function"],
};

/**
 * Middleware that names each request, and adds the name as `c.requestId`.
 *
 * @throws {TypeError} when the name of the field is no token, or an option is not
 *   known or of another kind
 *
 * @example
 * ```ts
 * import { requestId, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.with(requestId()).get("/", (_input, c) => c.requestId);
 *
 * const answer = await app.request("/");
 * assertEquals(answer.headers.get("x-request-id"), await answer.text());
 * ```
 */
export function requestId(
  options: RequestIdOptions = {},
): Middleware<{ requestId: string }> {
  checkOptions("name requests", options, OPTIONS);
  const {
    header = "x-request-id",
    trusted = false,
    generate = () => crypto.randomUUID(),
  } = options;
  if (!isToken(header)) {
    throw new TypeError(`Cannot name requests in "${header}": it is no token`);
  }
  const believes = typeof trusted === "function" ? trusted : () => trusted;
  return function requestId(c, next) {
    const sent = believes(c) ? c.header(header) : undefined;
    const id = sent !== undefined && isId(sent) ? sent : generate();
    c.headers.set(header, id);
    return next({ requestId: id });
  };
}

function isId(text: string): boolean {
  return text.length <= 128 && /^[\w\-.~+/=:@]+$/.test(text);
}
