/** What the compiler says to decorated methods, and what it lets pass. */

import {
  catches,
  type Context,
  controller,
  del,
  get,
  type Middleware,
  on,
  patch,
  post,
  put,
  Router,
  type StandardSchema,
} from "../../mod.ts";

interface User {
  readonly name: string;
}

declare const user: Middleware<{ user: User }>;
declare const log: Middleware;
declare const loud: Middleware<{ loud: string }, { user: User }>;
declare const Song: StandardSchema<{ title: string }>;
declare const Page: StandardSchema<{ page: string }, { page: number }>;

class Missing extends Error {
  readonly song = "";
}

const api = controller("/api/:house", log, user);
const slugged = api.kinds({ slug: (text) => text });
const worded = controller("/w").kinds({
  word: (text) => text === "" ? undefined : { text },
});

/** All of these are right. */
@api
export class Right {
  @get("/songs/:id")
  one({ id }: { id: string }): string {
    return id;
  }

  @get("/")
  none(): void {}

  @get("/n/:n<int>/:m<num>")
  kinds({ n, m }: { n: number; m: number }): number {
    return n + m;
  }

  @get("/k/:u<uuid>/:d<date>")
  texts({ u, d }: { u: string; d: string }): string {
    return u + d;
  }

  @get("/o/:page<int>?")
  optional({ page }: { page?: number }): number | undefined {
    return page;
  }

  @get("/f/*path")
  rest({ path }: { path: string }): string {
    return path;
  }

  @get("/part/:a/:b")
  some({ b }: { b: string }, c: Context): string {
    return b + c.path;
  }

  @post("/s", { body: Song, query: Page })
  schemas({ body, query }: { body: { title: string }; query: { page: number } }): string {
    return body.title + query.page;
  }

  @post("/r", { returns: Song })
  returns(): { title: string; more: number } {
    return { title: "a", more: 1 };
  }

  @post("/r", { returns: Song })
  async later(): Promise<{ title: string } | Response> {
    return await Promise.resolve(new Response());
  }

  @get("/u", { use: [log, user, loud] })
  added(_input: object, c: Context<{ user: User; loud: string }>): string {
    return c.user.name + c.loud;
  }

  @api.get("/rooms/:room<int>")
  under(
    { house, room }: { house: string; room: number },
    c: Context<{ user: User }>,
  ): string {
    return house + room + c.user.name;
  }

  @worded.get("/:x<word>")
  own({ x }: { x: { text: string } }): string {
    return x.text;
  }

  @put("/p")
  @patch("/p")
  @del("/p")
  @on("PURGE", "/p")
  @on("OPTIONS", "*")
  several(): void {}

  @get("/g")
  *pieces(): Generator<string> {
    yield "piece";
  }

  @get("/private")
  #hidden(): string {
    return "hidden";
  }

  @get("/static")
  static all(): string {
    return "all";
  }

  @catches(RangeError)
  range(error: RangeError, c: Context): string {
    return error.message + c.path + this.#hidden();
  }

  @catches(Missing)
  missing({ song }: Missing): string {
    return song;
  }

  @get(`/dynamic/${Math.random()}` as string)
  dynamic(input: Record<string, unknown>): string {
    return String(input);
  }
}

/** A base whose methods are of a type that only its subclasses know. */
export abstract class Crud<Item extends object> {
  abstract find(id: string): Promise<Item>;

  @get("/:id")
  async show({ id }: { id: string }): Promise<Item> {
    return await this.find(id);
  }

  @get("/:id/maybe")
  async maybe({ id }: { id: string }): Promise<Item | undefined> {
    return await this.find(id);
  }

  @get("/")
  list(): Item[] {
    return [];
  }
}

@api
export class Single {
  static readonly one = new Single();

  private constructor() {}

  @slugged.get("/s/:slug<slug>")
  slug({ slug }: { slug: string }): string {
    return slug;
  }
}

export class WrongPaths {
  // ✗ "✗ a path starts with '/'"
  @get("songs")
  start(): void {}

  // ✗ "✗ a path starts with '/'"
  @get("")
  empty(): void {}

  // ✗ "✗ a path starts with '/'"
  @get("*")
  asterisk(): void {}

  // ✗ "✗ unknown kind <itn>"
  @get("/n/:n<itn>")
  kind(): void {}

  // ✗ "✗ unknown kind <itn>"
  @get("/n/:n<itn>?")
  optionalKind(): void {}

  // ✗ "✗ ':a' is in the path twice"
  @get("/:a/:a")
  twice(): void {}

  // ✗ "✗ ':a' is in the path twice"
  @get("/:a<int>/*a")
  twiceInOtherWays(): void {}

  // ✗ "✗ ':house' is in the path twice"
  @api.get("/a/:house")
  twiceInPrefix(): void {}

  // ✗ "✗ a part of the path has no name"
  @get("/:")
  nameless(): void {}

  // ✗ "✗ a part of the path has no name"
  @get("/:<int>")
  namelessKind(): void {}

  // ✗ "✗ a part of the path is empty"
  @get("/a//b")
  hollow(): void {}

  // ✗ "✗ no part can be named 'body'"
  @get("/:body")
  body(): void {}

  // ✗ "✗ no part can be named 'query'"
  @get("/*query")
  query(): void {}

  // ✗ "✗ ':a?' is not last"
  @get("/:a?/b")
  optional(): void {}

  // ✗ "✗ '*rest' is not last"
  @get("/*rest/b")
  rest(): void {}
}

// ✗ "✗ a prefix does not end with '/'"
controller("/api/");

// ✗ "✗ a path starts with '/'"
controller("api");

// ✗ "✗ a prefix has no part that may be missing or takes the rest"
controller("/api/*rest");

export class WrongInputs {
  // ✗ Property 'song' is missing in type '{ id: string; }'
  @get("/songs/:id")
  name({ song }: { song: string }): string {
    return song;
  }

  // ✗ Type 'number' is not assignable to type 'string'
  @get("/n/:n<int>")
  kind({ n }: { n: string }): string {
    return n;
  }

  // ✗ Property 'page' is optional in type '{ page?: string; }'
  @get("/o/:page?")
  missing({ page }: { page: string }): string {
    return page;
  }

  // ✗ Property 'titel' is missing in type '{ title: string; }'
  @post("/s", { body: Song })
  body({ body }: { body: { titel: string } }): string {
    return body.titel;
  }

  // ✗ Property 'body' is missing in type '{}'
  @post("/s")
  undeclared({ body }: { body: string }): string {
    return body;
  }

  // ✗ Type 'number' is not assignable to type 'string'
  @get("/s", { query: Page })
  query({ query }: { query: { page: string } }): string {
    return query.page;
  }

  // ✗ Property 'user' is missing in type 'Context'
  @get("/u")
  user(_input: object, c: Context<{ user: User }>): User {
    return c.user;
  }

  // ✗ Property 'user' is missing in type 'Context'
  @get("/u", { use: [log] })
  otherMiddleware(_input: object, c: Context<{ user: User }>): User {
    return c.user;
  }

  // ✗ "✗ a middleware needs what nothing before it adds to the context"
  @get("/u", { use: [loud, user] })
  inWrongOrder(_input: object, c: Context<{ loud: string }>): string {
    return c.loud;
  }

  // ✗ 'bdy' does not exist in type 'RouteOptions'
  @get("/u", { bdy: Song })
  option(): void {}

  // ✗ Property 'code' is missing in type 'Missing'
  @catches(Missing)
  error(error: { code: number }): string {
    return String(error.code);
  }
}

export class WrongResults {
  // ✗ Property 'title' is missing in type '{ titel: string; }'
  @get("/s", { returns: Song })
  field(): { titel: string } {
    return { titel: "a" };
  }

  // ✗ Property 'title' is missing in type '{ titel: string; }'
  @get("/s", { returns: Song })
  async fieldLater(): Promise<{ titel: string }> {
    return await Promise.resolve({ titel: "a" });
  }

  // ✗ a handler returns text, bytes, data, a Response, a stream or nothing
  @get("/f")
  callable(): () => number {
    return () => 1;
  }

  // ✗ a handler returns text, bytes, data, a Response, a stream or nothing
  @get("/f")
  async callableLater(): Promise<() => number> {
    return await Promise.resolve(() => 1);
  }

  // ✗ a handler returns text, bytes, data, a Response, a stream or nothing
  @get("/f")
  symbol(): symbol {
    return Symbol();
  }

  // ✗ a handler returns text, bytes, data, a Response, a stream or nothing
  @get("/f")
  big(): bigint {
    return 1n;
  }
}

export class WrongPlaces {
  // ✗ Unable to resolve signature of property decorator
  @get("/field")
  field = 1;

  // ✗ Type '"getter"' is not assignable to type '"method"'
  @get("/getter")
  get getter(): number {
    return 1;
  }
}

// ✗ Unable to resolve signature of class decorator
@get("/class")
export class WrongClass {}

export class WrongHandle {
  // ✗ Unable to resolve signature of method decorator
  @api
  method(): void {}
}

new Router().mount("/", new Right());
