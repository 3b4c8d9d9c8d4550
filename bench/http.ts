/**
 * The least client: one exchange on a connection of its own, to see that a
 * server answers right before it is measured.
 *
 * @module
 */

import type { Exchange } from "./workloads.ts";

/** Sends `bytes` whole. */
export async function send(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

/** Reads one answer whole, which must be short and have a length or chunks. */
export async function receive(conn: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(16 * 1024);
  const decoder = new TextDecoder();
  let text = "";
  while (!isWhole(text)) {
    const length = await conn.read(buffer);
    if (length === null) break;
    text += decoder.decode(buffer.subarray(0, length), { stream: true });
  }
  return text;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /content-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  if (length === undefined) return text.endsWith("\r\n0\r\n\r\n");
  return text.length - end - 4 >= Number(length);
}

/** The content behind a head, out of its chunks where there are some. */
function contentOf(head: string, sent: string): string {
  if (!/^transfer-encoding: *chunked/im.test(head)) return sent;
  let content = "";
  for (let at = 0;;) {
    const start = sent.indexOf("\r\n", at) + 2;
    const size = parseInt(sent.slice(at, start), 16);
    if (!(size > 0)) return content;
    content += sent.slice(start, start + size);
    at = start + size + 2;
  }
}

/** Asks the server at `port`, and throws unless the answer is the right one. */
export async function verify(port: number, wanted: Exchange): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await send(conn, new TextEncoder().encode(wanted.request));
  const text = await receive(conn);
  const end = text.indexOf("\r\n\r\n");
  const right = text.startsWith("HTTP/1.1 200 ") &&
    new RegExp(`\ncontent-type: *${wanted.type}`, "i").test(text) &&
    contentOf(text.slice(0, end), text.slice(end + 4)) === wanted.answer;
  if (!right) throw new Error(`The answer is wrong:\n${text.slice(0, 2000)}`);
}
