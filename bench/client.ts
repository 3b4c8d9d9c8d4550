/**
 * The clients that wrk cannot be, over raw TCP, as a process of their own:
 *
 * ```sh
 * deno run -A bench/client.ts upload PORT PATH TIMES   # 64 MiB each
 * deno run -A bench/client.ts form PORT PATH TIMES     # the same in a form
 * deno run -A bench/client.ts download PORT PATH BYTES # at least so many
 * deno run -A bench/client.ts idle PORT CONNECTIONS
 * ```
 *
 * Each prints a line when it is done; `idle` then holds its connections until a
 * line comes in, and tells how many were closed meanwhile.
 *
 * @module
 */

import { receive, send } from "./http.ts";
import { exchangeOf, UPLOAD_BYTES } from "./workloads.ts";

const encoder = new TextEncoder();

const connect = (port: number) => Deno.connect({ hostname: "127.0.0.1", port });

/** What stands around the octets of an upload, and what it is called. */
interface Envelope {
  readonly type: string;
  readonly before: string;
  readonly after: string;
}

const BARE: Envelope = {
  type: "application/octet-stream",
  before: "",
  after: "",
};

/** As a browser writes a form with one file. */
const FORM: Envelope = {
  type: "multipart/form-data; boundary=----formBoundary7MA4YWxkTrZu0gW",
  before: "------formBoundary7MA4YWxkTrZu0gW\r\n" +
    'Content-Disposition: form-data; name="file"; filename="file.bin"\r\n' +
    "Content-Type: application/octet-stream\r\n\r\n",
  after: "\r\n------formBoundary7MA4YWxkTrZu0gW--\r\n",
};

async function upload(
  port: number,
  path: string,
  times: number,
  { type, before, after }: Envelope,
) {
  const piece = new Uint8Array(256 * 1024);
  using conn = await connect(port);
  for (let time = 0; time < times; time++) {
    const length = before.length + UPLOAD_BYTES + after.length;
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
    await send(conn, encoder.encode(head + before));
    for (let sent = 0; sent < UPLOAD_BYTES; sent += piece.length) {
      await send(conn, piece);
    }
    if (after !== "") await send(conn, encoder.encode(after));
    const answer = await receive(conn);
    if (
      !/^HTTP\/1.1 200 /.test(answer) || !answer.includes(`${UPLOAD_BYTES}`)
    ) {
      throw new Error(`The answer is wrong:\n${answer}`);
    }
  }
}

/** Looks away for a second first: a server that does not wait fills its memory. */
async function download(port: number, path: string, least: number) {
  using conn = await connect(port);
  const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n` +
    "Connection: close\r\n\r\n";
  await send(conn, encoder.encode(head));
  await new Promise((done) => setTimeout(done, 1000));
  const buffer = new Uint8Array(256 * 1024);
  let received = 0;
  while (true) {
    const length = await conn.read(buffer);
    if (length === null) break;
    received += length;
  }
  if (received < least) throw new Error(`Only ${received} bytes came`);
}

/** Connections that were asked for one answer and then do nothing. */
async function idle(port: number, count: number) {
  const { request } = exchangeOf("W8");
  const conns: Deno.Conn[] = [];
  let closed = 0;
  const open = async () => {
    const conn = await connect(port);
    conns.push(conn);
    await send(conn, encoder.encode(request));
    await receive(conn);
    const over = () => closed++;
    conn.read(new Uint8Array(1)).then(over, over);
  };
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(Array.from({ length: 50 }, open));
  }
  console.log("open");
  await Deno.stdin.read(new Uint8Array(16));
  console.log(`${closed} closed`);
}

const [what, port, third = "", last] = Deno.args;
if (what === "upload") await upload(Number(port), third, Number(last), BARE);
if (what === "form") await upload(Number(port), third, Number(last), FORM);
if (what === "download") await download(Number(port), third, Number(last));
if (what === "idle") await idle(Number(port), Number(third));
// Sockets that still wait are no reason to stay.
Deno.exit();
