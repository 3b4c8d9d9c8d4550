/**
 * `Bun.serve`, with its own router where there are routes.
 *
 * @module
 */

import { argv, env } from "node:process";
import { OTHERS, SONG, TEXT } from "./app.js";

const { file, serve } = Bun;
const [, , workload = "W1"] = argv;

const files = {
  fetch: ({ url }) =>
    new Response(file(env.BENCH_FILES + new URL(url).pathname)),
};

const OPTIONS = {
  W5: files,
  W5L: files,
  W3: {
    routes: {
      ...Object.fromEntries(
        OTHERS.map((route) => [route, ({ params }) => Response.json(params)]),
      ),
      [SONG]({ params, url, headers }) {
        return Response.json({
          house: params.house,
          id: params.id,
          page: new URL(url).searchParams.get("page"),
          agent: headers.get("user-agent"),
          language: headers.get("accept-language"),
        });
      },
    },
  },
  W4: {
    async fetch(request) {
      const song = await request.json();
      return Response.json({ title: song.title });
    },
  },
  W6: {
    async fetch(request) {
      let received = 0;
      for await (const piece of request.body) received += piece.length;
      return new Response(`${received}`);
    },
  },
  W6M: {
    async fetch(request) {
      const form = await request.formData();
      return new Response(`${form.get("file").size}`);
    },
  },
};

const plain = { fetch: () => new Response(TEXT) };
const server = serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 120,
  ...(OPTIONS[workload] ?? plain),
});
console.log(JSON.stringify({ port: server.port }));
