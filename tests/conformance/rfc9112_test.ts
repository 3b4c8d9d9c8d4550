import { assertEquals } from "@std/assert";
import { serve } from "../../mod.ts";
import { sendAndReset, Wire } from "../wire_client.ts";
import { conformanceApp } from "./app.ts";
import { testStandard } from "./harness.ts";
import { RFC9112 } from "./rfc9112.ts";
import { chunked, echo, get } from "./rows.ts";

testStandard(RFC9112);

/** How far a client had come when it was gone. */
const LAST_WORDS: readonly string[] = [
  "",
  "\r\n",
  "GET /hel",
  "GET /hello HTTP/1.1\r\nHost: a\r\n",
  get("/hello"),
  get("/hello").repeat(50),
  get("/stream/throws"),
  echo("Content-Length: 5", "hel"),
  echo(["Content-Length: 5", "Expect: 100-continue"]),
  echo("Content-Length: 500000", "a".repeat(400_000)),
  chunked("5\r\nhel"),
  get("/hello", "X : 1"),
];

Deno.test("RFC 9112 §9.5: a connection that is reset harms no other", async () => {
  const server = serve(conformanceApp(new Set()), {
    hostname: "127.0.0.1",
    port: 0,
    signals: false,
    onListen() {},
    onError() {},
  });
  const { port } = server.addr as Deno.NetAddr;
  await Promise.all(
    LAST_WORDS.map((words) => sendAndReset({ port }, words)),
  );
  const wire = await Wire.connect({ port });
  await wire.send(get("/hello", "Connection: close"));
  assertEquals((await wire.response())?.content, "hello");
  assertEquals(await wire.closed(), "fin");
  wire.close();
  await server.shutdown();
});
