/**
 * The floor: what `Deno.listen` costs with no server on it.
 *
 * Every head is answered with the same bytes, or the same file; nothing of it is
 * read but its end, and Content-Length where content follows. What a server costs above this is
 * its own doing.
 *
 * @module
 */

import { exchangeOf } from "../workloads.ts";

const [workload = "W1"] = Deno.args;
const { answer: content, type } = exchangeOf(workload);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The answer, with as many bytes as a server would send. */
function answer(content: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n` +
      `content-length: ${content.length}\r\n` +
      `date: ${new Date().toUTCString()}\r\n` +
      `${workload === "W7" ? "connection: close\r\n" : ""}\r\n${content}`,
  );
}

const ONE = answer(content);
/** Many in a row, so that answers to what is pipelined go out in one write. */
const MANY = new Uint8Array(workload.startsWith("W5") ? 0 : 64 * ONE.length);
for (let at = 0; at < MANY.length; at += ONE.length) MANY.set(ONE, at);

/** How many heads end in the first `length` bytes. It looks at one byte in four. */
function heads(bytes: Uint8Array, length: number): number {
  let found = 0;
  for (let at = 3; at < length;) {
    const byte = bytes[at];
    if (byte === 13) at += 1;
    else if (byte !== 10) at += 4;
    else if (bytes[at - 1] !== 13 || bytes[at - 2] !== 10) at += 2;
    else {
      found++;
      at += 4;
    }
  }
  return found;
}

async function write(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

/** Requests without content: as many answers as there were heads, in one write. */
async function answerHeads(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(2048);
  while (true) {
    const length = await conn.read(buffer);
    if (length === null) return;
    const count = heads(buffer, length);
    if (count > 0) await write(conn, MANY.subarray(0, count * ONE.length));
    if (workload === "W7") return;
  }
}

const FILE = `${Deno.env.get("BENCH_FILES")}/${workload}.bin`;
/** A file is read in pieces of so many bytes, the first one behind the head. */
const PIECE = 256 * 1024;
const buffers: Uint8Array[] = [];

/** A file for each head: opened, read and closed, with what there is to look up. */
async function answerFile(conn: Deno.Conn): Promise<void> {
  const into = new Uint8Array(2048);
  while (await conn.read(into) !== null) {
    const bytes = buffers.pop() ?? new Uint8Array(PIECE + 1024);
    const file = Deno.openSync(FILE);
    const { written } = encoder.encodeInto(
      `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n` +
        `content-length: ${file.statSync().size}\r\n\r\n`,
      bytes,
    );
    let start = written;
    for (;;) {
      const count = file.readSync(bytes.subarray(start, start + PIECE));
      if (count === null) break;
      await write(conn, bytes.subarray(0, start + count));
      start = 0;
    }
    file.close();
    buffers.push(bytes);
  }
}

/** Requests with content, one after the other. */
async function answerContent(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(workload === "W6" ? 64 * 1024 : 2048);
  while (true) {
    const length = await conn.read(buffer);
    if (length === null) return;
    const head = decoder.decode(buffer.subarray(0, Math.min(length, 256)));
    const announced = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
    let received = length - head.indexOf("\r\n\r\n") - 4;
    while (received < announced) {
      const more = await conn.read(buffer);
      if (more === null) return;
      received += more;
    }
    await write(conn, workload === "W6" ? answer(`${received}`) : ONE);
  }
}

const serve = workload === "W4" || workload === "W6"
  ? answerContent
  : workload.startsWith("W5")
  ? answerFile
  : answerHeads;

async function serveAndClose(conn: Deno.Conn): Promise<void> {
  try {
    await serve(conn);
  } catch {
    // The load ends in the middle of something. That is no news.
  }
  conn.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ port: listener.addr.port }));
while (true) serveAndClose(await listener.accept());
