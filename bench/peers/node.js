/**
 * `node:http` with nothing on it. The routes of W3 are found by hand.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createReadStream, stat } from "node:fs";
import { createServer } from "node:http";
import { argv, env } from "node:process";
import { byHand, TEXT } from "./app.js";

const [, , workload = "W1"] = argv;

function text(res, content) {
  res.writeHead(200, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": content.length,
  });
  res.end(content);
}

function json(res, value) {
  const content = JSON.stringify(value);
  res.writeHead(200, {
    "content-type": "application/json",
    "content-length": content.length,
  });
  res.end(content);
}

const route = byHand(
  (house, id, { req, res, query }) =>
    json(res, {
      house,
      id,
      page: query.get("page"),
      agent: req.headers["user-agent"],
      language: req.headers["accept-language"],
    }),
  (house, id, { res }) => json(res, { house, id }),
);

function file(req, res) {
  const path = env.BENCH_FILES + req.url;
  stat(path, (_error, { size }) => {
    res.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": size,
    });
    createReadStream(path).pipe(res);
  });
}

const HANDLERS = {
  W5: file,
  W5L: file,
  W3(req, res) {
    const { pathname, searchParams } = new URL(req.url, "http://localhost");
    route(pathname, { req, res, query: searchParams });
  },
  W4(req, res) {
    const pieces = [];
    req.on("data", (piece) => pieces.push(piece));
    req.on("end", () => {
      const song = JSON.parse(Buffer.concat(pieces).toString());
      json(res, { title: song.title });
    });
  },
  W6(req, res) {
    let received = 0;
    req.on("data", (piece) => received += piece.length);
    req.on("end", () => text(res, `${received}`));
  },
};

const server = createServer(
  HANDLERS[workload] ?? ((_req, res) => text(res, TEXT)),
);
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ port: server.address().port }));
});
