/**
 * no8wire, as its users write it.
 *
 * @module
 */

import { files, Router, serve } from "../../mod.ts";
import { OTHERS, SONG, TEXT } from "./app.js";

const [workload = "W1"] = Deno.args;

function w1(app: Router): void {
  app.get("/", () => TEXT);
}

function w3(app: Router): void {
  for (const route of OTHERS) app.get(route, (input) => input);
  app.get(SONG, ({ house, id }, c) => ({
    house,
    id,
    page: c.query.get("page"),
    agent: c.header("user-agent"),
    language: c.header("accept-language"),
  }));
}

function w4(app: Router): void {
  app.post("/songs", async (_input, c) => {
    const song = await c.json() as { title: string };
    return { title: song.title };
  });
}

function w5(app: Router): void {
  app.get("/*path", files(Deno.env.get("BENCH_FILES")!));
}

function w6(app: Router): void {
  app.post("/upload", async (_input, c) => {
    let received = 0;
    for await (const piece of c.content) received += piece.length;
    return `${received}`;
  });
  app.post("/upload/request", async (_input, c) => {
    let received = 0;
    for await (const piece of c.request.body!) received += piece.length;
    return `${received}`;
  });
}

function w6m(app: Router): void {
  app.post("/form", async (_input, c) => {
    let received = 0;
    for await (const { content } of c.parts()) {
      for await (const piece of content) received += piece.length;
    }
    return `${received}`;
  });
  app.post("/form/collected", async (_input, c) => {
    const form = await c.formData();
    return `${(form.get("file") as File).size}`;
  });
}

/** What streams on and on, for the section on memory. */
function download(app: Router): void {
  const piece = new Uint8Array(64 * 1024);
  app.get("/download/:pieces", async function* ({ pieces }) {
    for (let left = Number(pieces); left > 0; left--) yield piece;
  });
}

const PARTS: Record<string, readonly ((app: Router) => void)[]> = {
  W3: [w3],
  W4: [w4],
  W5: [w5],
  W5L: [w5],
  W6: [w6],
  W6M: [w6m],
  memory: [w1, w3, w4, w6, download],
};

const app = new Router();
for (const part of PARTS[workload] ?? [w1]) part(app);

serve(app, {
  hostname: "127.0.0.1",
  port: 0,
  limits: { body: /^W6|memory/.test(workload) ? Infinity : 1024 * 1024 },
  onListen: ({ port }) => console.log(JSON.stringify({ port })),
});
