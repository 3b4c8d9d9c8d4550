/**
 * Hono on `Deno.serve`. Its second argument is where to import Hono from, so
 * that checking this file needs no package.
 *
 * @module
 */

import { OTHERS, SONG, TEXT } from "./app.js";

const [workload = "W1", specifier = "npm:hono"] = Deno.args;
const { Hono } = await import(specifier);

async function w5(): Promise<void> {
  const { serveStatic } = await import(`${specifier}/deno`);
  app.use("/*", serveStatic({ root: Deno.env.get("BENCH_FILES") }));
}

// deno-lint-ignore no-explicit-any
const app: any = new Hono();

/** The part of Hono's context that is used. */
interface Context {
  readonly req: {
    readonly raw: Request;
    param(): Record<string, string>;
    query(name: string): string | undefined;
    header(name: string): string | undefined;
    json(): Promise<{ title: string }>;
    parseBody(): Promise<Record<string, File>>;
  };
  text(text: string): Response;
  json(value: unknown): Response;
}

const PARTS: Record<string, () => void | Promise<void>> = {
  W3() {
    for (const route of OTHERS) {
      app.get(route, (c: Context) => c.json(c.req.param()));
    }
    app.get(SONG, (c: Context) => {
      const { house, id } = c.req.param();
      return c.json({
        house,
        id,
        page: c.req.query("page"),
        agent: c.req.header("user-agent"),
        language: c.req.header("accept-language"),
      });
    });
  },
  W4() {
    app.post("/songs", async (c: Context) => {
      const song = await c.req.json();
      return c.json({ title: song.title });
    });
  },
  W5: w5,
  W5L: w5,
  W6() {
    app.post("/upload", async (c: Context) => {
      let received = 0;
      for await (const piece of c.req.raw.body!) received += piece.length;
      return c.text(`${received}`);
    });
  },
  W6M() {
    app.post("/form", async (c: Context) => {
      const { file } = await c.req.parseBody();
      return c.text(`${file!.size}`);
    });
  },
};

const part = PARTS[workload] ??
  (() => app.get("/", (c: Context) => c.text(TEXT)));
await part();

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ port })),
}, app.fetch);
