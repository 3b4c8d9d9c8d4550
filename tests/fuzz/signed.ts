/**
 * What must hold for signed cookies: what was signed is read again, and nothing
 * else is read, whatever is made of it.
 *
 * @module
 */

import { Cookies } from "../../request/cookies.ts";
import { Fields } from "../../wire/fields.ts";
import type { Verdict } from "./property.ts";

const KEY = "a key of thirty-two octets or more";

/** Any text as a value, as a cookie of the client's, and put into a signed one. */
export async function checkSigned(text: string): Promise<Verdict> {
  if (await opened("id", `id=${text}`) !== undefined) return "it is forged";
  const headers = new Fields();
  try {
    const jar = new Cookies({ headers, header: () => undefined }, 128);
    await jar.signed(KEY).set("id", text);
  } catch (error) {
    const refused = error instanceof TypeError && text.length > 2_000;
    return refused ? undefined : `it refuses ${text.length}: ${error}`;
  }
  const cookie = headers.getSetCookie()[0]!;
  if (await opened("id", cookie) !== text) return "it does not come back";
  if (await opened("i", cookie.slice(1)) !== undefined) return "it is moved";
  const at = 3 + text.length % (cookie.length - 2);
  const changed = cookie.slice(0, at) + text + cookie.slice(at);
  const seen = await opened("id", changed);
  // White space around a value, and what is behind a semicolon, is not of it.
  const same = jarOf(changed).get("id") === jarOf(cookie).get("id");
  return seen === (same ? text : undefined) ? undefined : "it is changed";
}

async function opened(
  name: string,
  cookie: string,
): Promise<string | undefined> {
  return await jarOf(cookie).signed(KEY).get(name);
}

function jarOf(cookie: string): Cookies {
  const exchange = { headers: new Fields(), header: () => cookie };
  return new Cookies(exchange, Infinity);
}
