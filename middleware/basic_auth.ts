/**
 * Asks for a user and a password: HTTP Basic authentication.
 *
 * ```text
 *   Authorization: Basic QWRhOnNlY3JldA==  ── right ─▶ next, with c.user
 *             none, malformed or wrong ─────▶ 401, WWW-Authenticate: Basic realm="…"
 * ```
 *
 * Whether the user or the password was wrong is neither said nor to be measured:
 * both are compared as one secret, by digests and to the end (`request/secrets.ts`).
 * A password may have colons, a user cannot. Both are UTF-8, in the composed form
 * (NFC) of their characters.
 *
 * Nothing is said to caches: what is asked with `Authorization` is not kept by
 * those that are shared, unless an answer allows it (RFC 9111 §3.5).
 *
 * **Where.** Outside of what it protects, inside of `cors()`, whose preflights have
 * no credentials, and of the access log.
 *
 * The one surprise: a password travels in the clear. Use it under TLS alone.
 *
 * RFC 7617, RFC 9110 §11.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import type { Context } from "../request.ts";
import { Secrets } from "../request/secrets.ts";
import type { Middleware } from "../router/types.ts";
import { checkOptions, type Kinds } from "../routing/options.ts";
import {
  challenge,
  hasControl,
  parseCredentials,
  parseUserPass,
  type UserPass,
} from "../wire/credentials.ts";

/** What {@linkcode basicAuth} has to be told: `users`, or how to `verify` them. */
export interface BasicAuthOptions {
  /** Passwords by user. Each request compares with all of them: let them be few. */
  readonly users?:
    | Readonly<Record<string, string>>
    | ReadonlyMap<string, string>;
  /** Whether a user has that password. Compare digests, and in constant time. */
  readonly verify?: (
    user: string,
    password: string,
    c: Context,
  ) => boolean | Promise<boolean>;
  /** What is protected, in words that the browser may show; default `"Restricted"`. */
  readonly realm?: string;
}

const OPTIONS: Kinds<BasicAuthOptions> = {
  users: ["an object"],
  verify: ["a function"],
  realm: ["text"],
};

type Verify = (sent: UserPass, c: Context) => boolean | Promise<boolean>;

/**
 * Middleware that lets in who has a password, and adds who that is as `c.user`.
 *
 * @throws {TypeError} unless there is one of `users` and `verify`; when there is no
 *   user, one has a colon or no password, or anything has a control character; when an
 *   option is not known or of another kind
 *
 * @example
 * ```ts
 * import { basicAuth, Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * const members = app.with(basicAuth({ users: { Ada: "analytical:engine" } }));
 * members.get("/", (_input, c) => `Hello, ${c.user}.`);
 *
 * const authorization = `Basic ${btoa("Ada:analytical:engine")}`;
 * const answer = await app.request("/", { headers: { authorization } });
 * assertEquals(await answer.text(), "Hello, Ada.");
 * assertEquals((await app.request("/")).status, 401);
 * ```
 */
export function basicAuth(
  options: BasicAuthOptions,
): Middleware<{ user: string }> {
  checkOptions("authenticate", options, OPTIONS);
  const verify = verifying(options);
  const { realm = "Restricted" } = options;
  const headers = {
    "www-authenticate": challenge("Basic", { realm, charset: "UTF-8" }),
  };
  return async function basicAuth(c, next) {
    const sent = sentBy(c);
    if (sent === undefined || !await verify(sent, c)) {
      throw new HttpError(401, "Sign in with a user and a password", {
        headers,
      });
    }
    return await next({ user: sent.user });
  };
}

function sentBy(c: Context): UserPass | undefined {
  const credentials = parseCredentials(c.header("authorization") ?? "");
  if (credentials?.scheme !== "basic") return undefined;
  const { token } = credentials;
  return token === undefined ? undefined : parseUserPass(token);
}

function verifying({ users, verify }: BasicAuthOptions): Verify {
  if ((users === undefined) === (verify === undefined)) {
    throw new TypeError(
      "Cannot authenticate: there must be either users or verify",
    );
  }
  if (verify !== undefined) {
    return ({ user, password }, c) => verify(user, password, c);
  }
  const pairs = users instanceof Map ? [...users] : Object.entries(users!);
  if (pairs.length === 0) {
    throw new TypeError("Cannot authenticate: users has nobody");
  }
  const secrets = new Secrets(pairs.map(([user, password]) => {
    // A variable of the environment that is not set must not let everybody in.
    if (typeof password !== "string" || password === "") {
      throw new TypeError(
        `Cannot authenticate the user "${user}": there is no password`,
      );
    }
    if (user.includes(":") || hasControl(user + password)) {
      throw new TypeError(
        "Cannot authenticate a user whose name has a colon, or who has a " +
          "control character: nobody can send that",
      );
    }
    return secretOf({ user, password });
  }));
  return (sent) => secrets.has(secretOf(sent));
}

/** A user has no colon, so that no two pairs are the same. */
function secretOf({ user, password }: UserPass): string {
  return `${user}:${password}`.normalize("NFC");
}
