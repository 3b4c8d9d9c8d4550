/**
 * Applications that do with a request what applications do: answer at once or
 * late, whole or in pieces, read the content or leave it, throw, and break off.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";
import { Router } from "../../router.ts";
import type { Context } from "../../request.ts";

/** What a handler does. */
type Handle = (c: Context) => unknown;

/** Handlers whose answer is whole, whatever the client does. */
const SOUND: Readonly<Record<string, Handle>> = {
  text: () => "hello",
  late: async () => {
    for (let turn = 0; turn < 5; turn++) await null;
    return { late: true };
  },
  later: () => new Promise((resolve) => setTimeout(resolve, 0, "later")),
  nothing: () => undefined,
  echo: (c) => c.text(),
  bytes: async (c) => (await c.bytes()).length,
  json: (c) => c.json(),
  form: async (c) => [...await c.form()].length,
  formData: async (c) => [...await c.formData()].length,
  pieces: async (c) => {
    let sum = 0;
    for await (const piece of c.content) sum += piece.length;
    return sum;
  },
  onePiece: async (c) => {
    for await (const piece of c.content) return piece.length;
    return 0;
  },
  request: async (c) => (await c.request.arrayBuffer()).byteLength,
  head: (
    c,
  ) => [
    c.url.href,
    [...c.query].length,
    [...c.cookies].length,
    c.signal.aborted,
  ],
  response: () =>
    new Response("from the platform", { headers: { "x-a": "b" } }),
  empty: () => new Response(null, { status: 304 }),
  large: () => "x".repeat(70_000),
  binary: () => new Uint8Array(5_000),
  generator: async function* () {
    yield "one";
    yield "";
    await null;
    yield "two";
  },
  stream: () => new Blob(["a stream ".repeat(500)]).stream(),
  fields: (c) => {
    c.status = 201;
    c.headers.set("x-told", "yes");
    return c.path;
  },
  refuses: () => {
    throw new HttpError(403, "No");
  },
  fails: () => {
    throw new Error("a bug");
  },
  rejects: async () => {
    await null;
    await Promise.reject("not even an error");
  },
  wrongField: (c) => {
    c.headers.set("x-bad", "a\r\nb: c");
    return "never said";
  },
  wrongStatus: () => new Map(),
};

/** Handlers that break off in the midst of an answer. */
const BROKEN: Readonly<Record<string, Handle>> = {
  brokenGenerator: async function* () {
    yield "begun";
    await null;
    throw new Error("broken off");
  },
  brokenStream: () =>
    new ReadableStream({
      start: (controller) => controller.enqueue("begun"),
      pull: (controller) => controller.error(new Error("broken off")),
    }),
};

/** The names of the handlers that are sound, and of those that are not. */
export const NAMES: { sound: readonly string[]; broken: readonly string[] } = {
  sound: Object.keys(SOUND),
  broken: Object.keys(BROKEN),
};

/** An application whose requests are handled in these ways, in turn. */
export function app(ways: readonly string[]): Router {
  const router = new Router({ onError: () => {} });
  let requests = 0;
  router.use(async (c, next) => {
    // One that waits and passes on, as most middleware does.
    if (c.method === "PUT") await null;
    return await next();
  });
  router.get("/ok", () => "ok");
  router.on("*", "/*rest", (_input, c) => {
    const way = ways[requests++ % ways.length]!;
    return ((SOUND[way] ?? BROKEN[way])!)(c as unknown as Context) as string;
  });
  return router;
}
