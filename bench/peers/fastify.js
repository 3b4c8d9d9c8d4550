/**
 * Fastify on Node, with the schemas of answers from which it makes its fast
 * serializers. The second argument is where to import Fastify from.
 *
 * @module
 */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { argv, env } from "node:process";
import { OTHERS, SONG, TEXT } from "./app.js";

const [, , workload = "W1", specifier] = argv;
const { default: fastify } = await import(specifier);
const app = fastify({ logger: false });

/** The schema of an answer that is an object of strings. */
function strings(...names) {
  const properties = names.map((name) => [name, { type: "string" }]);
  return {
    schema: {
      response: {
        200: { type: "object", properties: Object.fromEntries(properties) },
      },
    },
  };
}

function files() {
  app.get("/:name", async ({ params }, reply) => {
    const path = `${env.BENCH_FILES}/${params.name}`;
    const { size } = await stat(path);
    reply.type("application/octet-stream").header("content-length", size);
    return reply.send(createReadStream(path));
  });
}

const PARTS = {
  W5: files,
  W5L: files,
  W3() {
    for (const route of OTHERS) {
      app.get(route, strings("house", "id"), (request) => request.params);
    }
    const schema = strings("house", "id", "page", "agent", "language");
    app.get(SONG, schema, ({ params, query, headers }, reply) => {
      reply.send({
        house: params.house,
        id: params.id,
        page: query.page,
        agent: headers["user-agent"],
        language: headers["accept-language"],
      });
    });
  },
  W4() {
    app.post("/songs", strings("title"), (request, reply) => {
      reply.send({ title: request.body.title });
    });
  },
  W6() {
    const asItComes = (_request, stream, done) => done(null, stream);
    app.addContentTypeParser("application/octet-stream", asItComes);
    const options = { bodyLimit: Number.MAX_SAFE_INTEGER };
    app.post("/upload", options, async (request) => {
      let received = 0;
      for await (const piece of request.body) received += piece.length;
      return `${received}`;
    });
  },
};

const plain = () => app.get("/", (_request, reply) => reply.send(TEXT));
(PARTS[workload] ?? plain)();

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ port: app.server.address().port }));
