/**
 * Asks for a token: `Authorization: Bearer …`, as of OAuth 2.0 and of any API that
 * hands out keys.
 *
 * | what was sent             | answer                                              |
 * | ------------------------- | --------------------------------------------------- |
 * | nothing, another scheme   | 401 `Bearer realm="…"`                              |
 * | no token behind `Bearer`  | 400 `Bearer realm="…", error="invalid_request"`     |
 * | a token that is not right | 401 `Bearer realm="…", error="invalid_token"`       |
 * | one that may not do that  | 403 `Bearer realm="…", error="insufficient_scope"`  |
 *
 * The 403 is for `verify` to throw, as an `HttpError`; the challenge is put on it.
 *
 * Tokens that are listed are compared by digests and to the end
 * (`request/secrets.ts`), so that nobody can find one with a watch. Nothing is said
 * to caches, as with `basicAuth()`.
 *
 * **Where.** Outside of what it protects, inside of `cors()`, whose preflights have
 * no credentials, and of the access log.
 *
 * The one surprise: tokens in the query or in a form are not taken (RFC 6750 §2.2
 * and §2.3), for they end in logs and in bookmarks.
 *
 * RFC 6750, RFC 9110 §11.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import type { Context } from "../request.ts";
import { Secrets } from "../request/secrets.ts";
import type { Answer } from "../response/answer.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import { challenge, parseCredentials } from "../wire/credentials.ts";

/** What a challenge says beside what is wrong. */
export interface BearerChallenge {
  /** What is protected; default `"Restricted"`. */
  readonly realm?: string;
  /** The scope that a token needs, for the client to know. */
  readonly scope?: string;
}

/** Tokens that are right. */
export interface BearerTokens extends BearerChallenge {
  /** The token, or several. Each request compares with all of them. */
  readonly tokens: string | readonly string[];
  /** Not together with `tokens`. */
  readonly verify?: never;
}

/** How to tell whether a token is right. */
export interface BearerVerify<Adds extends object> extends BearerChallenge {
  /**
   * What a token adds to the context, as `{ user }`; `undefined` or `false` where it
   * is not right. It may throw an `HttpError` of 403.
   */
  readonly verify: (
    token: string,
    c: Context,
  ) => Adds | undefined | false | Promise<Adds | undefined | false>;
  /** Not together with `verify`. */
  readonly tokens?: never;
}

const OPTIONS: Kinds<
  BearerChallenge & {
    tokens?: BearerTokens["tokens"];
    verify?: BearerVerify<object>["verify"];
  }
> = {
  tokens: ["text", "a list"],
  verify: ["a function"],
  realm: ["text"],
  scope: ["text"],
};

/**
 * Middleware that lets in who has a token.
 *
 * @throws {TypeError} unless there is one of `tokens` and `verify`; when there is no
 *   token, or one could not be sent; when an option is not known or of another kind
 *
 * @example Tokens that are known
 * ```ts
 * import { bearerAuth, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(bearerAuth({ tokens: ["e7b0c442"] }));
 * app.get("/", () => "Hello");
 *
 * const headers = { authorization: "Bearer e7b0c442" };
 * assertEquals((await app.request("/", { headers })).status, 200);
 * assertEquals((await app.request("/")).status, 401);
 * ```
 */
export function bearerAuth(options: BearerTokens): Middleware;
/**
 * Middleware that lets in whose token `verify` takes, and adds what it found out.
 *
 * @example Tokens that say who it is
 * ```ts
 * import { bearerAuth, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const users = new Map([["e7b0c442", "Ada"]]);
 * const signedIn = bearerAuth({
 *   verify(token) {
 *     const user = users.get(token);
 *     return user !== undefined && { user };
 *   },
 * });
 *
 * const app = new Router();
 * app.with(signedIn).get("/", (_input, c) => `Hello, ${c.user}.`);
 *
 * const headers = { authorization: "Bearer e7b0c442" };
 * const answer = await app.request("/", { headers });
 * assertEquals(await answer.text(), "Hello, Ada.");
 * ```
 */
export function bearerAuth<Adds extends object>(
  options: BearerVerify<Adds>,
): Middleware<Adds>;
export function bearerAuth(
  options: BearerTokens | BearerVerify<object>,
): Middleware {
  checkOptions<object>("authenticate", options, OPTIONS);
  const verify = verifying(options);
  const refuse = refusing(options);
  return async function bearerAuth(c, next) {
    const sent = parseCredentials(c.header("authorization") ?? "");
    if (sent?.scheme !== "bearer") throw refuse(401);
    if (sent.token === undefined) throw refuse(400, "invalid_request");
    let adds: object | undefined | false;
    try {
      adds = await verify(sent.token, c);
    } catch (error) {
      throw isForbidden(error)
        ? refuse(403, "insufficient_scope", error)
        : error;
    }
    if (!adds) throw refuse(401, "invalid_token");
    return await (next as (adds: object) => Promise<Answer>)(adds);
  };
}

type Verify = BearerVerify<object>["verify"];

function verifying(options: BearerTokens | BearerVerify<object>): Verify {
  const { tokens, verify } = options;
  if ((tokens === undefined) === (verify === undefined)) {
    throw new TypeError(
      "Cannot authenticate: there must be either tokens or verify",
    );
  }
  if (verify !== undefined) return verify;
  const list = [tokens!].flat();
  if (list.length === 0) {
    throw new TypeError("Cannot authenticate: tokens has none");
  }
  for (const token of list) {
    if (
      typeof token === "string" &&
      parseCredentials(`Bearer ${token}`)?.token === token
    ) continue;
    throw new TypeError(
      "Cannot authenticate by a token that nobody can send: it is of letters, " +
        "digits and -._~+/, with = at its end",
    );
  }
  const secrets = new Secrets(list);
  return async (token) => await secrets.has(token) && {};
}

const SAYS: Readonly<Record<number, string>> = {
  400: "There is no token behind Bearer",
  401: "Send a token that is right",
  403: "The token does not allow this",
};

/** Makes refusals; of one that was thrown, what it says stays. */
function refusing({ realm = "Restricted", scope }: BearerChallenge) {
  challenge("Bearer", { realm, scope }); // what is wrong with them shows at once
  return (status: number, error?: string, cause?: HttpError): HttpError => {
    const headers = new Headers(cause?.headers);
    if (!headers.has("www-authenticate")) {
      const said = status === 403 || error === undefined ? scope : undefined;
      headers.set(
        "www-authenticate",
        challenge("Bearer", { realm, scope: said, error }),
      );
    }
    const says = cause?.message || SAYS[status];
    return new HttpError(status, says, {
      headers,
      cause,
      ...(cause?.details && { details: cause.details }),
    });
  };
}

function isForbidden(error: unknown): error is HttpError {
  return error instanceof HttpError && error.status === 403;
}
