/**
 * An application that answers in every way there is, to be put into a middleware:
 * what stands around everything must not be in the way of anything.
 *
 * @module
 */

import { converse } from "../../features/testing.ts";
import {
  html,
  HttpError,
  json,
  type Middleware,
  Router,
  upgrade,
} from "../../mod.ts";

/** What is asked, and the status that it is answered with. */
export const EVERYTHING: readonly [
  name: string,
  head: string,
  status: number,
][] = [
  ["text", "GET /text", 200],
  ["HEAD", "HEAD /text", 200],
  ["HEAD of a stream", "HEAD /stream", 200],
  ["a page", "GET /page", 200],
  ["data", "GET /data", 200],
  ["an answer with fields", "GET /fields", 201],
  ["a Response", "GET /response", 202],
  ["a Blob", "GET /blob", 200],
  ["a stream of text", "GET /stream", 200],
  ["a stream of the platform", "GET /platform", 200],
  ["nothing", "GET /nothing", 204],
  ["a 304", "GET /not-modified", 304],
  ["a refusal", "GET /refusal", 403],
  ["a mistake", "GET /mistake", 500],
  ["an error that is caught", "GET /caught", 418],
  ["nowhere", "GET /nowhere", 404],
  ["a path that is malformed", "GET /%zz", 400],
  ["another method", "DELETE /text", 405],
  ["OPTIONS", "OPTIONS /text", 204],
  ["OPTIONS of all", "OPTIONS *", 204],
  ["a slash too much", "GET /text/", 308],
  ["content", "POST /echo", 200],
  ["an upgrade", "GET /upgrade", 101],
  ["an upgrade that is refused", "GET /other", 426],
];

class Teapot extends Error {}

/** Middleware, whatever it adds. */
// deno-lint-ignore no-explicit-any
export type Around = Middleware<any>;

/** The application, in `middleware`. */
export function everything(...middleware: Around[]): Router {
  const app = new Router({ onError() {} });
  app.use(...middleware);
  app.get("/text", () => "text");
  app.get("/page", () => html`<p>page</p>`);
  app.get("/data", () => ({ a: 1 }));
  app.get(
    "/fields",
    () => json([], { status: 201, headers: { "x-own": "1" } }),
  );
  app.get("/response", () => new Response("response", { status: 202 }));
  app.get("/blob", () => new Blob(["blob"], { type: "text/css" }));
  app.get("/stream", async function* () {
    yield "one ";
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    yield "two";
  });
  app.get("/platform", () => new Blob(["platform"]).stream());
  app.get("/nothing", () => undefined);
  app.get("/not-modified", () => new Response(null, { status: 304 }));
  app.get("/refusal", () => {
    throw new HttpError(403, "No");
  });
  app.get("/mistake", () => {
    throw new Error("A mistake");
  });
  app.get("/caught", () => {
    throw new Teapot();
  });
  app.catch(Teapot, (_error, c) => {
    c.status = 418;
    return "teapot";
  });
  app.post("/echo", (_input, c) => c.bytes());
  app.get("/upgrade", () => upgrade("echo", (transport) => transport.close()));
  app.get("/other", () => upgrade("other", (transport) => transport.close()));
  return app;
}

/** What is said to each of `EVERYTHING`, by its name, with `lines` in the request. */
export async function askEverything(
  app: Router,
  ...lines: string[]
): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  for (const [name, head] of EVERYTHING) {
    const content = head.startsWith("POST") ? "content" : "";
    const request = [
      `${head} HTTP/1.1`,
      "Host: a",
      "Connection: upgrade, close",
      "Upgrade: echo",
      ...content === "" ? [] : [`Content-Length: ${content.length}`],
      ...lines,
      "",
      content,
    ].join("\r\n");
    said.set(name, await converse(app, request));
  }
  return said;
}

/** The status of what was said. */
export function statusOf(said: string): number {
  return Number(said.slice(9, 12));
}

/**
 * What was said, less the lines of `names` and the date, which is no test's; in an
 * order of its own, for the writer has one for answers that have fields.
 */
export function without(said: string, ...names: string[]): string {
  const [head = "", ...rest] = said.split("\r\n\r\n");
  const [line, ...fields] = head.split("\r\n");
  const kept = fields.map((field) => {
    const [name = "", ...value] = field.split(":");
    return [name.toLowerCase(), value.join(":")] as const;
  }).filter(([name]) => name !== "date" && !names.includes(name));
  const lines = kept.map((field) => field.join(":")).sort();
  return [[line, ...lines].join("\r\n"), ...rest].join("\r\n\r\n");
}
