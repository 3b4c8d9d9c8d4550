/**
 * `Deno.serve` with nothing on it. The routes of W3 are found by hand, as one
 * writes it for speed: `URLPattern` takes microseconds a route.
 *
 * @module
 */

import { byHand, TEXT } from "./app.js";

const [workload = "W1"] = Deno.args;

const w1 = (): Response => new Response(TEXT);

interface Asked {
  readonly headers: Headers;
  readonly query: URLSearchParams;
}

const route = byHand<Asked, Response>(
  (house, id, { headers, query }) =>
    Response.json({
      house,
      id,
      page: query.get("page"),
      agent: headers.get("user-agent"),
      language: headers.get("accept-language"),
    }),
  (house, id) => Response.json({ house, id }),
);

function w3({ url, headers }: Request): Response {
  const { pathname, searchParams } = new URL(url);
  return route(pathname, { headers, query: searchParams }) ??
    new Response("Not Found", { status: 404 });
}

async function w4(request: Request): Promise<Response> {
  const song = await request.json();
  return Response.json({ title: song.title });
}

const FILES = Deno.env.get("BENCH_FILES");

async function w5({ url }: Request): Promise<Response> {
  const file = await Deno.open(FILES + new URL(url).pathname);
  const { size } = await file.stat();
  return new Response(file.readable, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": `${size}`,
    },
  });
}

async function w6(request: Request): Promise<Response> {
  let received = 0;
  for await (const piece of request.body!) received += piece.length;
  return new Response(`${received}`);
}

async function w6m(request: Request): Promise<Response> {
  const form = await request.formData();
  return new Response(`${(form.get("file") as File).size}`);
}

/** All of them, for the section on memory. */
function memory(request: Request): Response | Promise<Response> {
  if (request.url.endsWith("/upload")) return w6(request);
  if (request.method === "POST") return w4(request);
  if (request.url.includes("/download/")) return download(request.url);
  return request.url.includes("/api/") ? w3(request) : w1();
}

const PIECE = new Uint8Array(64 * 1024);

function download(url: string): Response {
  let left = Number(url.slice(url.lastIndexOf("/") + 1));
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(PIECE);
        else controller.close();
      },
    }),
  );
}

const handlers: Record<string, Deno.ServeHandler> = {
  w3,
  w4,
  w5,
  w5l: w5,
  w6,
  w6m,
  memory,
};

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ port })),
}, handlers[workload.toLowerCase()] ?? w1);
