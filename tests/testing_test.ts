/** The scripted conversation: what one read gives, and what is kept of writes. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { converse, ScriptedTransport } from "../features/testing.ts";
import { Router } from "../router.ts";

Deno.test("ScriptedTransport gives a part a read, and of a long one what fits", async () => {
  const transport = new ScriptedTransport(["abcde", Uint8Array.of(102)]);
  const into = new Uint8Array(3);
  const counts = [];
  for (let i = 0; i < 5; i++) counts.push(await transport.read(into));
  assertEquals(counts, [3, 2, 1, null, null]);
});

Deno.test("ScriptedTransport gives very many parts as fast as a few", {
  timeout: 20_000,
}, async () => {
  const transport = new ScriptedTransport(new Array(400_000).fill("a"));
  const into = new Uint8Array(8);
  let count = 0;
  while (await transport.read(into) !== null) count++;
  assertEquals(count, 400_000);
});

Deno.test("ScriptedTransport keeps what is written, and refuses what comes late", async () => {
  const transport = new ScriptedTransport([], true);
  await transport.write(Uint8Array.of(0xE9));
  await transport.write(Uint8Array.of(97));
  await transport.closeWrite();
  assertEquals([transport.said, transport.writes], ["\xE9a", ["\xE9", "a"]]);
  assertEquals([transport.secure, transport.ended, transport.closed], [
    true,
    true,
    false,
  ]);
  transport.close();
  await assertRejects(() => transport.write(Uint8Array.of(97)), TypeError);
});

Deno.test("converse() takes the options of its router where it is given none", async () => {
  const errors: unknown[] = [];
  const app = new Router({
    limits: { body: 2 },
    onError: (error) => errors.push(error),
  });
  app.post("/", (_input, c) => c.text());
  const wire = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  assertStringIncludes(await converse(app, wire), " 413 ");
  const limits = { body: 3 };
  assertStringIncludes(await converse(app, wire, { limits }), " 200 ");
  await converse(app, ["GET ", "/ HTTP/1.1\r\n", Uint8Array.of(0)]);
  // Faults are daily weather: none is logged unless somebody asks for them.
  assertEquals(errors, []);
  const onError = (error: unknown) => errors.push(error);
  await converse(app, "\0", { onError });
  assertEquals(errors.length, 1);
});
