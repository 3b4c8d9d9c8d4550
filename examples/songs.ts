/**
 * A player for children's stories: add stories, put each on a token, and tap the
 * token to hear its story on the open page. All that it keeps is in one folder.
 *
 *     deno run --allow-net=0.0.0.0:8000 --allow-read=songs,examples/songs/assets --allow-write=songs examples/songs.ts
 *
 * What it looks like is in `songs/page.ts`, what it keeps in `songs/shelf.ts`.
 */

import {
  type Context,
  del,
  events,
  files,
  get,
  HttpError,
  type Middleware,
  post,
  put,
  Router,
  serve,
} from "jsr:@no8/wire@^0.1.0";
import { page } from "./songs/page.ts";
import { Shelf } from "./songs/shelf.ts";

class Songs {
  readonly #shelf: Shelf;
  #news = Promise.withResolvers<News>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  @get("/")
  index() {
    return page(this.#shelf.list());
  }

  @post("/songs", { limits: { body: 1024 ** 3 } })
  async add(_input: object, c: Context) {
    const added = await this.#shelf.add(c.parts());
    if (added.length === 0) throw new HttpError(400, "Choose a file first");
    this.#tell("changed");
    c.status = 201;
    return added;
  }

  @del("/songs/:name")
  remove({ name }: { name: string }) {
    this.#shelf.remove(name);
    this.#tell("changed");
  }

  @put("/tokens/:id")
  async program({ id }: { id: string }, c: Context) {
    const form = await c.form();
    this.#shelf.program(id, form.get("story") ?? "");
    this.#tell("changed");
  }

  @del("/tokens/:id")
  forget({ id }: { id: string }) {
    this.#shelf.forget(id);
    this.#tell("changed");
  }

  @post("/tokens/:id/tap")
  tap({ id }: { id: string }) {
    this.#tell("play", this.#shelf.storyOf(id).name);
  }

  @events("/events")
  async *listen() {
    for (let { promise } = this.#news;;) {
      const { event, data, next } = await promise;
      yield { event, data };
      promise = next;
    }
  }

  #tell(event: News["event"], data = ""): void {
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve({ event, data, next: this.#news.promise });
  }
}

/** What open pages are told. Each follows the chain at its own pace. */
type News = { event: "play" | "changed"; data: string; next: Promise<News> };

/** A browser says whose page asks: that of a stranger may not change anything. */
const ownPages: Middleware = (c, next) => {
  const origin = c.header("origin") ?? c.url.origin;
  if (origin === c.url.origin) return next();
  throw new HttpError(403, "Only a page of this server can do that");
};

/** The application, with all that it keeps in `folder`. */
export function songs(folder: string): Router {
  const shelf = new Shelf(folder);
  const app = new Router();
  app.use(ownPages);
  app.get("/songs/*path", files(shelf.stories));
  app.get("/assets/*path", files(new URL("songs/assets/", import.meta.url)));
  app.mount("/", new Songs(shelf));
  return app;
}

if (import.meta.main) serve(songs(Deno.args[0] ?? "songs"));
