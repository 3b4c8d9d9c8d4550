/**
 * The application that is soaked: a route for each way in which a request may
 * go, well or not. What begins and has to end is counted.
 *
 * @module
 */

import { type Context, HttpError, Router, upgrade } from "../../mod.ts";

/** What the application does wrong on purpose, so that it is told apart. */
export class Mischief extends Error {
  override readonly name = "Mischief";
}

/** Handlers and streams that have begun and not ended. */
export interface Gauge {
  pending: number;
}

/** One piece of a download. */
export const PIECE = "0123456789abcdef".repeat(625);

/** A router with the routes below; `leak` makes it keep a part of each request. */
export function soakApp(gauge: Gauge, leak: boolean): Router {
  const app = new Router();
  const kept: unknown[] = [];
  app.get("/n/:n<int>", ({ n }, c) => {
    if (leak) kept.push([c, new Uint8Array(4096).fill(1)]);
    return `${n}`;
  });
  addContent(app, gauge);
  addStreams(app, gauge);
  addMischief(app);
  addWaits(app, gauge);
  return app;
}

function addContent(app: Router, gauge: Gauge): void {
  const size = (c: Context) =>
    counted(gauge, async () => {
      let size = 0;
      for await (const piece of c.content) size += piece.length;
      return `${size}`;
    });
  app.post("/size", (_input, c) => size(c));
  app.post("/text", (_input, c) => c.text());
  app.post("/unread", () => "unread");
}

function addStreams(app: Router, gauge: Gauge): void {
  const bytes = new TextEncoder().encode(PIECE);
  app.get("/download/:pieces<int>", async function* ({ pieces }) {
    using _ = counting(gauge);
    for (let i = 0; i < pieces; i++) yield bytes;
  });
  app.get("/endless", async function* () {
    using _ = counting(gauge);
    for (;;) yield bytes;
  });
  app.get("/ticks", async function* (_input, c) {
    using _ = counting(gauge);
    for (let i = 0; i < 100 && !c.signal.aborted; i++) {
      yield "tick\n";
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  app.get("/file", async () => {
    const file = await Deno.open(new URL(import.meta.url));
    return file.readable;
  });
  app.get("/large", () => PIECE.repeat(20));
}

function addMischief(app: Router): void {
  app.get("/throws", () => {
    throw new Mischief("thrown");
  });
  app.get("/rejects", () => Promise.reject(new Mischief("rejected")));
  app.get("/refuses", () => {
    throw new HttpError(409, "Refused");
  });
  app.get("/breaks", async function* () {
    yield PIECE.repeat(7);
    throw new Mischief("broken off");
  });
}

function addWaits(app: Router, gauge: Gauge): void {
  app.get(
    "/wait/:ms<int>",
    ({ ms }, c) => counted(gauge, () => gone(c.signal, ms)),
  );
  app.get("/late", (_input, c) => counted(gauge, () => gone(c.signal, 1e6)));
  app.get(
    "/echo",
    () =>
      upgrade("echo", (transport, early) =>
        counted(gauge, async () => {
          const buffer = new Uint8Array(1024);
          let count: number | null = early.length;
          for (let from = early; count !== null; from = buffer) {
            if (count > 0) await transport.write(from.subarray(0, count));
            count = await transport.read(buffer);
          }
        })),
  );
}

/** After so long, or when nobody waits any more. */
async function gone(signal: AbortSignal, ms: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve());
  await promise;
  clearTimeout(timer);
  return "waited";
}

async function counted<Value>(
  gauge: Gauge,
  work: () => Promise<Value>,
): Promise<Value> {
  using _ = counting(gauge);
  return await work();
}

function counting(gauge: Gauge): Disposable {
  gauge.pending++;
  return { [Symbol.dispose]: () => void gauge.pending-- };
}
