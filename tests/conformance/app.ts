/**
 * The application under test: a route for each thing that a case asks of a
 * handler, and a record of what no handler should have been asked.
 *
 * @module
 */

import {
  basicAuth,
  bearerAuth,
  compress,
  etag,
  file,
  files,
  HttpError,
  json,
  Router,
  upgrade,
} from "../../mod.ts";
import type { Context, EventValue, Part } from "../../mod.ts";
import { TestFolder } from "../folder.ts";
import { latin1 } from "../wire_client.ts";
import { FIELDS, RESPONSE_FIELDS } from "./answer_fields.ts";
import type { Told } from "./forms.ts";
import { CODED } from "./rfc9110/negotiation.ts";
import type { Seen } from "./rows.ts";

/** Methods that `/seen` answers, so that a case may use any of them. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The names of requests that were handled though they came behind an end. */
export type Behind = Set<string>;

/** A router with the routes below. */
export function conformanceApp(behind: Behind): Router {
  const app = new Router();
  app.get("/", () => "root");
  app.get("/hello", () => "hello");
  app.get("/probe", () => "probe");
  app.get("/behind/:id", ({ id }) => {
    behind.add(id);
    return "behind";
  });
  app.post("/echo", (_input, c) => c.bytes());
  app.post("/ignore", () => "ignored");
  app.post("/first", firstPiece);
  app.post("/late", late);
  for (const method of METHODS) {
    app.on(method, "/seen", seen);
    app.on(method, "/seen/*rest", seen);
  }
  addAnswers(app);
  addFields(app);
  addEvents(app);
  addFiles(app);
  addChosen(app);
  addHints(app);
  addTrailers(app);
  addCookies(app);
  addForms(app);
  return app;
}

/** Routes named for the shape of their answer. */
function addAnswers(app: Router): void {
  app.get("/stream", pieces);
  app.get("/stream/empty", async function* () {});
  app.get("/empty", () => undefined);
  app.get("/not-modified", () => new Response(null, { status: 304 }));
  app.get("/json", () => ({ a: 1 }));
  app.get("/bytes", () => Uint8Array.of(0, 255));
  app.get("/status/:code", ({ code }) => withStatus(Number(code)));
  app.get(
    "/reason/:reason",
    ({ reason }) => new Response("", { statusText: reason }),
  );
  app.get("/stream/throws", async function* () {
    yield "a".repeat(200_000);
    throw new Error("A stream that fails late");
  });
  app.get("/stream/length-long", (_input, c) => {
    c.headers.set("Content-Length", "9");
    return pieces();
  });
  app.get("/stream/throws-first", async function* () {
    yield* [];
    throw new Error("A stream that fails first");
  });
  app.get("/code/:code", ({ code }, c) => {
    c.status = Number(code);
    return "code";
  });
  app.get("/with/:code", ({ code }, c) => {
    c.status = Number(code);
    return "content";
  });
  app.get("/stream-with/:code", ({ code }, c) => {
    c.status = Number(code);
    return pieces();
  });
  app.get("/length-with/:code", ({ code }, c) => {
    c.status = Number(code);
    c.headers.set("Content-Length", "7");
    return undefined;
  });
  app.get("/cookies", (_input, c) => {
    c.cookies.set("a", "1");
    c.cookies.set("b", "2");
    return "cookies";
  });
  app.get("/upgrade", () => upgrade("echo", (transport) => transport.close()));
  app.post("/refuses", () => {
    throw new HttpError(403, "A handler that refuses");
  });
  app.get("/throws", () => {
    throw new Error("A handler that fails");
  });
  app.get("/refuses/:code", ({ code }) => {
    throw new HttpError(Number(code), "A handler that refuses");
  });
}

/** Made when it is first asked for, and gone with the tests. */
let folder: TestFolder | undefined;

function filesFolder(): string {
  if (folder === undefined) {
    const made = folder = new TestFolder();
    made.write("ten.txt", "0123456789");
    made.write("cached/a.js", "0123456789");
    addEventListener("unload", () => made[Symbol.dispose]());
  }
  return folder.path;
}

/** Files of ten octets that were changed long ago. */
function addFiles(app: Router): void {
  const root = filesFolder();
  const cached = files(`${root}/cached`, { cacheControl: "max-age=60" });
  app.get("/file/*path", files(root));
  app.get("/file/cached/*path", cached);
  app.get("/file-error", (_input, c) => {
    c.status = 410;
    return file(`${root}/ten.txt`);
  });
}

/** Routes whose handlers set fields, fit to be sent or not. */
function addFields(app: Router): void {
  for (const [name, [field, value]] of Object.entries(FIELDS)) {
    app.get(`/field/${name}`, (_input, c) => {
      c.headers.set(field, value);
      return "field";
    });
  }
  for (const [name, [field, value]] of Object.entries(RESPONSE_FIELDS)) {
    app.get(
      `/response/${name}`,
      () => new Response("field", { headers: { [field]: value } }),
    );
  }
}

/** What `/events/:name` sends, one stream a row. */
const EVENTS: Readonly<Record<string, readonly EventValue[]>> = {
  "text": ["one", "two"],
  "empty": [],
  "all": [{ data: "d", event: "e", id: 7, retry: 1000, comment: "c" }],
  "utf-8": ["caf\xE9"],
  "bom": ["\uFEFFa"],
  "line/LF": ["a\nevent: x"],
  "line/CR": ["a\revent: x"],
  "line/CRLF": ["a\r\nevent: x"],
  "line/comment": [{ comment: "a\rdata: x\r\n\ndata: y\n", data: "b" }],
  "space": [" a"],
  "lines": ["a\n\nb\n"],
  "name": [{ event: "tap" }],
  "ids": [{ id: 1, data: "a" }, "b", { id: "", data: "c" }],
  "broken/event": [{ event: "a\ndata: x" }],
  "broken/id": [{ id: "a\rdata: x" }],
  "broken/nul": [{ id: "a\0" }],
  "broken/retry": [{ retry: 1.5 }],
  "broken/other": [{ other: 1 } as EventValue],
};

function addEvents(app: Router): void {
  for (const [name, values] of Object.entries(EVENTS)) {
    app.events(`/events/${name}`, async function* () {
      yield* values;
    });
  }
  app.events("/events/nothing", () => undefined);
  app.events("/events/last", async function* (_input, c) {
    yield [c.lastEventId];
  });
  app.events("/events/silent", { keepAlive: 1 }, silent);
}

/**
 * Is silent behind its first event. By then the stream is read, and both timers
 * are set at once: however late it is, that of the comment passes first.
 */
async function* silent(): AsyncGenerator<string> {
  yield "one";
  await new Promise((resolve) => setTimeout(resolve, 10));
  yield "two";
}

/** Routes that choose by what is accepted, and let in who may. */
function addChosen(app: Router): void {
  app.get("/type", (_input, c) => c.accepts("json", "html") ?? "none");
  app.get(
    "/language",
    (_input, c) => c.accepts.languages("mi", "de-CH") ?? "none",
  );
  app.get(
    "/both",
    (_input, c) => `${c.accepts("html")} ${c.accepts.languages("mi")}`,
  );
  app.get("/coded", { use: [compress()] }, () => CODED);
  app.get(
    "/coded/tagged",
    { use: [compress(), etag()] },
    () => json(CODED, { headers: { etag: '"a"' } }),
  );
  const basic = basicAuth({ users: { a: "b" } });
  app.get("/basic", { use: [basic] }, (_input, c) => c.user);
  const bearer = bearerAuth({ tokens: "abc" });
  app.get("/bearer", { use: [bearer] }, () => "let in");
}

/** Answers that hints come before; what is wrong with one is a 500. */
function addHints(app: Router): void {
  app.get("/hint", async (_input, c) => `${await c.hint({ link: "</a>" })}`);
  app.get("/hint/twice", async (_input, c) => {
    await c.hint({ link: "</a>" });
    await c.hint({ link: "</b>" });
    return "twice";
  });
  app.get("/hint/late", async function* (_input, c) {
    yield "a".repeat(40_000);
    yield `${await c.hint({ link: "</a>" })}`;
  });
  app.post("/hint/content", async (_input, c) => {
    await c.hint({ link: "</a>" });
    return await c.bytes();
  });
  for (const name of ["Content-Length", "Transfer-Encoding", "Connection"]) {
    app.get(`/hint/${name}`, async (_input, c) => {
      await c.hint({ [name]: "1" });
      return "never";
    });
  }
}

/** Answers with a trailer, by what carries it, and one that tells what came. */
function addTrailers(app: Router): void {
  const route = (path: string, result: (c: Context) => unknown) =>
    app.get(`/trailed/${path}`, (_input, c) => {
      c.trailer("X-T", () => "1");
      return result(c);
    });
  route("text", () => "text");
  route("stream", pieces);
  route("empty", () => undefined);
  route("length", (c) => {
    c.headers.set("Content-Length", "7");
    return pieces();
  });
  app.get("/trailed/name/:name", ({ name }, c) => {
    c.trailer(name, "1");
    return "text";
  });
  app.post("/trailers", async (_input, c) => {
    await c.bytes();
    return [...c.trailers()].map((line) => line.join("=")).join();
  });
}

/** What a handler does with cookies: a call of `c.cookies`, or of its `signed`. */
export type CookieStep = readonly [
  does: "set" | "sign" | "delete",
  name: unknown,
  value: unknown,
  attributes?: Readonly<Record<string, unknown>>,
];

/** The first signs, both verify. */
const COOKIE_KEYS = [
  "a key of the table, thirty-two octets or more",
  "the key of the year before, which still holds",
];

/** Routes that set the cookies of their content, and tell of those that came. */
function addCookies(app: Router): void {
  app.post("/cookies", setCookies);
  app.post("/cookies/with/:code", async ({ code }, c) => {
    await setCookies(undefined, c);
    return withStatus(Number(code));
  });
  app.post("/cookies/refuses/:code", async ({ code }, c) => {
    await setCookies(undefined, c);
    throw new HttpError(Number(code), "A handler that refuses");
  });
  app.post("/cookies/throws", async (_input, c) => {
    await setCookies(undefined, c);
    throw new Error("A handler that fails");
  });
  app.post("/cookies/stream", async (_input, c) => {
    await setCookies(undefined, c);
    return pieces();
  });
  app.get("/cookies/response", (_input, c) => {
    c.cookies.set("c", "3");
    const headers: [string, string][] = ["a=1", "b=2"].map(
      (cookie) => ["Set-Cookie", cookie],
    );
    return new Response("response", { headers });
  });
  app.get("/cookies/read", (_input, c) => json([...c.cookies]));
  app.get("/cookies/get/:name", ({ name }, c) => c.cookies.get(name) ?? "none");
  app.get(
    "/cookies/signed/:name",
    async ({ name }, c) =>
      await c.cookies.signed(COOKIE_KEYS).get(name) ?? "none",
  );
}

/** Takes the steps of the content; of one that is refused, the sentence. */
async function setCookies(_input: unknown, c: Context): Promise<string> {
  const steps = await c.json() as CookieStep[];
  try {
    for (const step of steps) await setCookie(c, step);
    return "set";
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

async function setCookie(
  { cookies }: Context,
  [does, name, value, { expires, ...others } = {}]: CookieStep,
): Promise<void> {
  const end = expires === undefined
    ? {}
    : { expires: new Date(expires as string) };
  const attributes = { ...others, ...end };
  // The table has more in it than the types let through.
  const args = [name as string, value as string, attributes] as const;
  if (does === "set") cookies.set(...args);
  else if (does === "sign") await cookies.signed(COOKIE_KEYS).set(...args);
  else cookies.delete(name as string, attributes);
}

/** Forms as `forms.ts` has them told: collected, part by part, and their heads. */
function addForms(app: Router): void {
  app.post("/form", async (_input, c) => {
    const told: Told[] = [];
    for (const [name, value] of await c.formData()) {
      told.push(
        typeof value === "string"
          ? [name, value]
          : [name, latin1(await value.bytes()), value.name, value.type],
      );
    }
    return told;
  });
  app.post("/form/parts", async (_input, c) => {
    const told: Told[] = [];
    for await (const part of c.parts()) {
      const { name, filename, headers, type } = part;
      if (filename === undefined) told.push([name, await part.text()]);
      else {
        const octets = await octetsOf(part);
        told.push([
          name,
          octets,
          filename,
          headers.get("content-type") ?? type,
        ]);
      }
    }
    return told;
  });
  app.post("/form/heads", async (_input, c) => {
    const told: unknown[] = [];
    for await (const { name, type, headers } of c.parts()) {
      told.push([name, type, ...headers]);
    }
    return told;
  });
}

async function octetsOf({ content }: Part): Promise<string> {
  let octets = "";
  for await (const piece of content) octets += latin1(piece);
  return octets;
}

async function* pieces(): AsyncGenerator<string> {
  yield "one ";
  yield "two";
}

/** A response of any status; those without content get none. */
function withStatus(status: number): Response {
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : `${status}`, { status });
}

/** Tells what reached the handler. */
async function seen(_input: unknown, c: Context): Promise<Seen> {
  const names = c.header("ask")?.split(",").map((name) => name.trim()) ?? [];
  return {
    method: c.method,
    path: c.path,
    query: c.query.toString(),
    target: c.target,
    version: c.version,
    url: c.url.href,
    fields: Object.fromEntries(
      names.map((name) => [name, c.header(name) ?? null]),
    ),
    content: latin1(await c.bytes()),
  };
}

/** Answers after the first piece of the content, and leaves the rest. */
async function firstPiece(_input: unknown, c: Context): Promise<string> {
  for await (const _piece of c.content) break;
  return "first";
}

/** Answers late, so that what is behind the request waits. */
async function late(_input: unknown, c: Context): Promise<Uint8Array> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return await c.bytes();
}
