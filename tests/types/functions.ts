/** What the compiler says to routes that are functions, and what it lets pass. */

import {
  type Answer,
  type Context,
  type Handler,
  HttpError,
  type Middleware,
  type Next,
  Router,
  serve,
  type StandardSchema,
  toHandler,
  type TrustProxy,
} from "../../mod.ts";

interface User {
  readonly name: string;
}

declare const user: Middleware<{ user: User }>;
declare const log: Middleware;
declare const loud: Middleware<{ loud: string }, { user: User }>;
declare const Song: StandardSchema<{ title: string }>;
declare const Page: StandardSchema<{ page: string }, { page: number }>;
declare function raw(
  c: Context,
  next: (adds: { raw: number }) => Promise<Answer>,
): Promise<Answer>;
function written(_c: Context, next: Next<{ id: bigint }>): Promise<Answer> {
  return next({ id: 1n });
}

/** All of these are right. */
const app = new Router();
app.get("/", () => {});
app.get("/hello/:name", ({ name }) => `Hello, ${name.toUpperCase()}.`);
app.get("/n/:n<int>/:m<num>", ({ n, m }) => n.toFixed() + m.toFixed());
app.get("/o/:page<int>?", ({ page = 1 }) => page.toFixed());
app.get("/f/*path", async ({ path }, c) => {
  c.headers.set("x", path.trim());
  return await Promise.resolve({ path });
});
app.post("/s", { body: Song, query: Page }, ({ body, query }) =>
  body.title.trim() + query.page.toFixed());
app.post("/r", { returns: Song }, () => ({ title: "a", more: 1 }));
/** A schema by hand, whose type is only what its function returns. */
const byHand = {
  "~standard": {
    version: 1 as const,
    vendor: "hand",
    validate: (value: unknown) =>
      typeof value === "string"
        ? { value: { title: value } }
        : { issues: [{ message: "no text" }] },
  },
};
app.post("/h", { body: byHand }, ({ body }) => body.title.trim());
export function lists<Item>(load: () => Promise<Item>): void {
  app.get("/items", load);
  app.get("/items/:id<int>", async ({ id }) => await load() ?? id);
}
app.post("/r/:id", { returns: Song }, async ({ id }) => {
  if (id === "") return new Response();
  return await Promise.resolve({ title: id });
});
app.get("/u", { use: [log, user, loud] }, (_input, c) => c.user.name + c.loud);
app.get("/l", { limits: { body: 10 }, timeouts: { handler: 10 } }, () => 1);
app.on("PURGE", "/:a", ({ a }, c) => a + c.method);
app.on("OPTIONS", "*", (_input, c) => c.target);
app.query("/q", (_input, c) => c.json());
app.use(log, async (c, next) => {
  const answer = await next();
  answer.headers.set("x", c.path);
  return answer;
});
app.use((c, next) => c.path === "/" ? new Response() : next());
app.with(user).get("/:id", ({ id }, c) => id + c.user.name);
app.with(user, loud).get("/x", (_input, c) => c.user.name + c.loud);
app.with(user).with(loud).get("/y", (_input, c) => c.user.name + c.loud);
app.with(raw, written).get("/z", (_input, c) => c.raw.toFixed() + c.id);
app.with((c, next) => c.path === "" ? new Response() : next()).get("/v", () => 1);
app.with(user).use((c, next) => c.user.name === "" ? new Response() : next());
app.catch(HttpError, (error, c) => `${error.status} ${c.path}`);
app.catch(404, (error) => error.message);
app.catch((error) => String(error));
app.get(`/dynamic/${Math.random()}` as string, (input) => String(input["a"]));
const handler: Handler<{ id: string }, { user: User }> = ({ id }, c) => id + c.user.name;
app.with(user).get("/handler/:id", handler);
toHandler(app);
toHandler([{}, {}]);
toHandler(() => new Response());

const kinds = new Router({ kinds: { slug: (text) => text === "" ? undefined : { slug: text } } });
kinds.get("/:a<slug>/:b<int>", ({ a, b }) => a.slug + b.toFixed());
kinds.with(user).get("/:a<slug>", ({ a }, c) => a.slug + c.user.name);

// ✗ "✗ a path starts with '/'"
app.get("songs", () => 1);

// ✗ "✗ a path starts with '/'"
app.get("*", () => 1);

// ✗ "✗ unknown kind <itn>"
app.get("/n/:n<itn>", () => 1);

// ✗ "✗ unknown kind <slug>"
app.get("/n/:n<slug>", () => 1);

// ✗ "✗ unknown kind <slgu>"
kinds.get("/n/:n<slgu>", () => 1);

// ✗ "✗ ':a' is in the path twice"
app.post("/:a/:a", () => 1);

// ✗ "✗ no part can be named '__proto__'"
app.put("/:__proto__", () => 1);

// ✗ "✗ ':a?' is not last"
app.delete("/:a?/b", () => 1);

// ✗ "✗ a part is written :name, without braces"
app.get("/hello/{name}", () => 1);

// ✗ "✗ 'song-:id' has a ':' inside"
app.get("/song-:id", () => 1);

// ✗ "✗ a path has no '?', no '#' and no space"
app.get("/songs?page=1", () => 1);

app.get("/songs:play", () => 1);

// ✗ Property 'song' does not exist on type '{ id: string; }'
app.get("/songs/:id", ({ song }) => song);

// ✗ Property 'toUpperCase' does not exist on type 'number'
app.get("/n/:n<int>", ({ n }) => n.toUpperCase());

// ✗ 'page' is possibly 'undefined'
app.get("/o/:page?", ({ page }) => page.trim());

// ✗ Property 'titel' does not exist on type '{ title: string; }'
app.post("/s", { body: Song }, ({ body }) => body.titel);

// ✗ Property 'body' does not exist on type '{}'
app.post("/s", ({ body }) => body);

// ✗ Property 'user' does not exist on type 'Context'
app.get("/u", (_input, c) => c.user);

// ✗ Property 'user' does not exist on type 'Context'
app.get("/u", { use: [log] }, (_input, c) => c.user);

// ✗ Property 'user' is missing in type 'Context'
app.get("/handler/:id", handler);

// ✗ Property 'get' does not exist on type '"✗ a middleware needs what nothing before it adds to the context"'
app.with(loud).get("/", () => 1);

// ✗ Property 'title' is missing in type '{ titel: string; }'
app.get("/r", { returns: Song }, () => ({ titel: "a" }));

// ✗ a handler returns text, bytes, data, a Response, a stream or nothing
app.get("/f", () => () => 1);

// ✗ a handler returns text, bytes, data, a Response, a stream or nothing
app.get("/f", async () => await Promise.resolve(1n));

// ✗ a handler returns text, bytes, data, a Response, a stream or nothing
app.get("/f", () => Router);

// ✗ a handler returns text, bytes, data, a Response, a stream or nothing
app.get("/f", () => new Map<string, number>());

// ✗ a handler returns text, bytes, data, a Response, a stream or nothing
app.get("/f", async () => await Promise.resolve(new Date()));

// ✗ 'bdy' does not exist in type 'RouteOptions'
app.get("/o", { bdy: Song }, () => 1);

// ✗ Expected 1 arguments, but got 0
export const silent: Middleware<{ user: User }> = (_c, next) => next();

// ✗ Expected 0 arguments, but got 1
export const eager: Middleware = (_c, next) => next({ user: 1 });

// ✗ Type 'number' is not assignable to type 'User'
export const odd: Middleware<{ user: User }> = (_c, next) => next({ user: 1 });

// ✗ is not assignable to type
export const text: Middleware = () => "text";

// ✗ Property 'code' does not exist on type 'HttpError'
app.catch(HttpError, (error) => error.code);

// ✗ is not assignable to parameter of type
app.mount("/", "songs");

class Songs {}
toHandler(new Songs());
toHandler([new Songs(), app]);

// ✗ is not assignable to parameter of type 'App'
toHandler(Songs);

// ✗ is not assignable to parameter of type 'App'
toHandler((text: string) => text);

// ✗ is not assignable to parameter of type 'Mountable'
app.mount("/", Songs);

export const trusted: TrustProxy[] = [2, [], ["loopback", "10.0.0.0/8"]];
export const start = [
  () => serve(app, { trustProxy: 1 }),
  () => serve(app, { trustProxy: ["private", "192.0.2.7"] as const }),
];

// ✗ Type 'true' is not assignable to type 'TrustProxy | undefined'
serve(app, { trustProxy: true });

// ✗ Type 'string' is not assignable to type 'TrustProxy | undefined'
serve(app, { trustProxy: "10.0.0.0/8" });

// ✗ Type 'number' is not assignable to type 'string'
serve(app, { trustProxy: [1] });
