/** What the compiler says to routes of events, and what it lets pass. */

import {
  type Context,
  controller,
  type EventContext,
  events,
  get,
  html,
  type Middleware,
  Router,
  type ServerSentEvent,
} from "../../mod.ts";

interface User {
  readonly name: string;
}

declare const user: Middleware<{ user: User }>;
declare const log: Middleware;
declare function tail(from: string): AsyncIterable<ServerSentEvent>;
declare function anything(): AsyncIterable<unknown>;

const api = controller("/api/:house", log, user);
const app = new Router();

/** All of these are right. */
app.events("/a", async function* () {
  yield "text";
  yield 1;
  yield true;
  yield null;
  yield ["a", { b: 1 }];
  yield html`<p>a</p>`;
  yield { data: { any: "thing" }, event: "tap", id: 7, retry: 1000, comment: "c" };
  yield { comment: "only" };
});
app.events("/b/:id<int>", { keepAlive: 5000, use: [user] }, async function* ({ id }, c) {
  yield { id, data: c.user.name + c.lastEventId.trim() };
});
app.events("/c", (_input, c) => tail(c.lastEventId));
app.events("/d", () => anything());
app.events("/e", async (_input, c) => {
  await Promise.resolve();
  return c.lastEventId === "" ? undefined : tail(c.lastEventId);
});
app.events("/f", () => new Response(null, { status: 204 }));
app.with(user).events("/g", async function* (_input, c) {
  yield c.user.name;
});

@api
export class Right {
  @events("/a/:id")
  async *a({ id }: { id: string }, c: EventContext) {
    yield { id, data: c.lastEventId };
  }

  @api.events("/b", { keepAlive: Infinity })
  async *b({ house }: { house: string }, c: EventContext<{ user: User }>) {
    yield house + c.user.name + c.lastEventId;
  }

  @api.events("/c")
  c(_input: object, c: Context & { lastEventId: string }) {
    return tail(c.lastEventId);
  }

  @events("/d")
  async *d() {
    yield { comment: "alive" } as const;
  }
}

// ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
app.events("/a", async function* () {
  yield { song: "Frog" };
});

// ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
app.events("/a", async function* () {
  yield { data: "a", song: "Frog" };
});

// ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
app.events("/a", async function* () {
  yield { data: "a", retry: "soon" };
});

// ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
app.events("/a", async function* () {
  yield "a";
  yield new Date();
});

// ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
app.events("/a", { keepAlive: 1 }, async function* () {
  yield undefined;
});

// ✗ a handler of events is an async generator, or returns a Response or nothing
app.events("/a", () => "text");

// ✗ a handler of events is an async generator, or returns a Response or nothing
app.events("/a", function* () {
  yield "text";
});

// ✗ "✗ a path starts with '/'"
app.events("a", async function* () {});

// ✗ "✗ unknown kind <itn>"
app.events("/:a<itn>", async function* () {});

// ✗ Property 'song' does not exist on type '{ id: string; }'
app.events("/:id", async function* ({ song }) {
  yield song;
});

// ✗ 'body' does not exist in type 'EventOptions'
app.events("/", { body: tail }, async function* () {});

// ✗ Property 'user' does not exist on type 'Context & EventAdds'
app.events("/", async function* (_input, c) {
  yield c.user;
});

// ✗ Property 'lastEventId' does not exist on type 'Context'
app.get("/", (_input, c) => c.lastEventId);

export class Wrong {
  // ✗ an event is text, a number, a boolean, null, a list, html, or an object of data, event, id, retry and comment
  @events("/a")
  async *a() {
    yield { song: "Frog" };
  }

  // ✗ a handler of events is an async generator, or returns a Response or nothing
  @events("/b")
  b() {
    return { data: "a" };
  }

  // ✗ Property 'song' is missing in type '{ id: string; }'
  @events("/:id")
  async *c({ song }: { song: string }) {
    yield song;
  }

  // ✗ Property 'user' is missing
  @events("/d")
  async *d(_input: object, c: EventContext<{ user: User }>) {
    yield c.user.name;
  }

  // ✗ Property 'lastEventId' is missing
  @get("/e")
  e(_input: object, c: EventContext) {
    return c.lastEventId;
  }

  // ✗ "✗ ':house' is in the path twice"
  @api.events("/:house")
  async *f() {}

  // ✗ Unable to resolve signature of property decorator
  @events("/g")
  g = 1;
}
