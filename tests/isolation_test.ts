/**
 * Clients that share a server share parsers, buffers and kept heads; nothing of
 * one may reach another.
 */

import { assertEquals } from "@std/assert";
import { type Context, Router, serve } from "../mod.ts";

/** Everything that a request tells. */
async function all(c: Context): Promise<string> {
  const text = c.method === "POST" ? await c.text() : "";
  return JSON.stringify([c.method, c.target, [...c.fields()], text]);
}

/** What ends a conversation in another place each time. */
const ENDINGS = [
  (name: string) => `GET /${name} HTTP/1.1\r\nHost: h\r\nX: ${name}\r\n\r\n`,
  (name: string) => `GET /${name} HTTP/1.1\r\nHost: h\r\nX: ${name}`,
  (name: string) =>
    `POST /${name} HTTP/1.1\r\nHost: h\r\nContent-Length: 90\r\n\r\n${name}`,
  (name: string) =>
    `POST /${name} HTTP/1.1\r\nHost: h\r\nContent-Length: ${name.length}\r\n\r\n${name}`,
  (name: string) =>
    `POST /${name} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${
      name.length.toString(16)
    }\r\n${name}\r\n0\r\nX: ${name}\r\n\r\n`,
  (name: string) => `GET /${name} HTTP/1.1\r\nHost: h\r\nX :${name}\r\n\r\n`,
  (name: string) => `${name}`,
  (name: string) => `POST /${name.repeat(900)} HTTP/1.1\r\nHost: h\r\n\r\n`,
];

Deno.test("serve() gives no client anything of another, whatever ended before", async () => {
  const kept: { c: Context; target: string }[] = [];
  const app = new Router();
  app.on("*", "/*rest", (_input, c) => {
    kept.push({ c, target: c.target });
    return all(c);
  });
  await using server = serve(app, {
    hostname: "127.0.0.1",
    port: 0,
    signals: false,
    onListen() {},
    onError() {},
  });
  const say = async (sent: string): Promise<string> => {
    using conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.addr.port!,
    });
    await conn.write(new TextEncoder().encode(sent));
    await conn.closeWrite();
    return await new Response(conn.readable).text();
  };
  for (let round = 0; round < 12; round++) {
    const said = ENDINGS.map(async (ending, i) => {
      const name = `secret-${round}-${i}-`;
      return [name, await say(ending(name))] as const;
    });
    for (const [name, answer] of await Promise.all(said)) {
      const names = answer.match(/secret-\d+-\d+-/g) ?? [];
      assertEquals(names.filter((other) => other !== name), [], answer);
    }
    // As many as there were before, so that each of their parsers has another
    // client; shorter, so that what lies behind is not of it.
    const sent = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nb";
    for (const answer of await Promise.all(ENDINGS.map(() => say(sent)))) {
      const fields = [["host", "h"], ["content-length", "1"]];
      const told = JSON.stringify(["POST", "/a", fields, "b"]);
      assertEquals(answer.slice(-told.length), told);
    }
  }
  // A context that is kept tells of its own request, and of no later one.
  for (const { c, target } of kept) {
    assertEquals([c.target, c.header("host")], [target, "h"]);
    const names = JSON.stringify([...c.fields()]).match(/secret-\d+-\d+-/g);
    assertEquals((names ?? []).filter((name) => !target.includes(name)), []);
  }
});
