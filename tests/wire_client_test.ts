import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { cut, escaped, latin1, lists, octets, valueOf } from "./wire_client.ts";
import { sendAndReset, Wire, WireError } from "./wire_client.ts";
import type { WireResponse } from "./wire_client.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const LENGTH = "Content-Length: 2\r\n";
const CHUNKED = "Transfer-Encoding: chunked\r\n";

/** Octets that a server might send, what they answer, and what is made of them. */
const READ: [name: string, wire: string, to: string, story: string][] = [
  ["a length", `${OK}${LENGTH}\r\nhi`, "GET", "200 length hi"],
  ["no content", `${OK}Content-Length: 0\r\n\r\n`, "GET", "200 length "],
  [
    "chunks",
    `${OK}${CHUNKED}\r\n2\r\nhi\r\n1;a=b\r\n!\r\n0\r\n\r\n`,
    "GET",
    "200 chunked hi!",
  ],
  [
    "a trailer",
    `${OK}${CHUNKED}\r\n0\r\nX-T: 1\r\n\r\n`,
    "GET",
    "200 chunked  | X-T: 1",
  ],
  ["until the end", `${OK}\r\nhi`, "GET", "200 close hi"],
  ["HEAD with a length", `${OK}${LENGTH}\r\n`, "HEAD", "200 none "],
  ["HEAD with chunks", `${OK}${CHUNKED}\r\n`, "HEAD", "200 none "],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", "GET", "204 none "],
  [
    "304 with a length",
    `HTTP/1.1 304 Not Modified\r\n${LENGTH}\r\n`,
    "GET",
    "304 none ",
  ],
  ["a tunnel", `${OK}\r\nraw`, "CONNECT", "200 none "],
  [
    "a 1xx first",
    `HTTP/1.1 100 Continue\r\n\r\n${OK}${LENGTH}\r\nhi`,
    "GET",
    "100 200 length hi",
  ],
  ["no reason", `HTTP/1.1 299 \r\n${LENGTH}\r\nhi`, "GET", "299 length hi"],
  [
    "white space in a value",
    `${OK}A: \t b \t\r\n${LENGTH}\r\nhi`,
    "GET",
    "200 length hi",
  ],
  ["nothing", "", "GET", "nothing"],
];

/** Octets that no client should have to accept. */
const REFUSED: [name: string, wire: string, to: string, message: string][] = [
  ["no space behind the code", "HTTP/1.1 200\r\n\r\n", "GET", "no status line"],
  ["two spaces", "HTTP/1.1  200 OK\r\n\r\n", "GET", "no status line"],
  ["a code of two digits", "HTTP/1.1 20 OK\r\n\r\n", "GET", "no status line"],
  ["LF alone", "HTTP/1.1 200 OK\n\n", "GET", "does not end with CRLF"],
  ["a bare CR", `${OK}A: b\rc\r\n\r\n`, "GET", "does not end with CRLF"],
  ["a space before the colon", `${OK}A : b\r\n\r\n`, "GET", "no field line"],
  ["a fold", `${OK}A: b\r\n c\r\n\r\n`, "GET", "no field line"],
  ["a control", `${OK}A: b\x07\r\n\r\n`, "GET", "no field line"],
  ["both framings", `${OK}${LENGTH}${CHUNKED}\r\n0\r\n\r\n`, "GET", "both"],
  ["two lengths", `${OK}${LENGTH}${LENGTH}\r\nhi`, "GET", "no length"],
  ["a signed length", `${OK}Content-Length: +2\r\n\r\nhi`, "GET", "no length"],
  [
    "another coding",
    `${OK}Transfer-Encoding: gzip\r\n\r\n`,
    "GET",
    "cannot undo",
  ],
  ["chunks twice", `${OK}${CHUNKED}${CHUNKED}\r\n`, "GET", "cannot undo"],
  [
    "204 with a length",
    `HTTP/1.1 204 No\r\n${LENGTH}\r\n`,
    "GET",
    "framing field",
  ],
  [
    "100 with a length",
    `HTTP/1.1 100 Go\r\n${LENGTH}\r\n`,
    "GET",
    "framing field",
  ],
  [
    "content that is cut",
    `${OK}${LENGTH}\r\nh`,
    "GET",
    "ended (fin) in the content",
  ],
  [
    "chunks that are cut",
    `${OK}${CHUNKED}\r\n2\r\nhi\r\n`,
    "GET",
    "ended (fin) in a line",
  ],
  [
    "a chunk without its end",
    `${OK}${CHUNKED}\r\n2\r\nhi0\r\n\r\n`,
    "GET",
    "without its end",
  ],
  [
    "a size that is none",
    `${OK}${CHUNKED}\r\n0x2\r\nhi\r\n`,
    "GET",
    "no chunk size",
  ],
  ["a head that is cut", `${OK}A: b\r\n`, "GET", "ended (fin) in a line"],
  ["only a 1xx", "HTTP/1.1 100 Continue\r\n\r\n", "GET", "ended after a 1xx"],
];

/** A server that sends `wire` to whoever connects, and ends. */
async function against<T>(
  wire: string,
  speak: (client: Wire) => Promise<T>,
): Promise<T> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [conn, client] = await Promise.all([
    listener.accept(),
    Wire.connect({ port, deadline: 2_000 }),
  ]);
  try {
    await conn.write(octets(wire));
    await conn.closeWrite();
    return await speak(client);
  } finally {
    client.close();
    conn.close();
  }
}

function story(response: WireResponse | undefined): string {
  if (response === undefined) return "nothing";
  const { status, framing, content, interim, trailers } = response;
  return [
    ...interim.map(({ status }) => `${status} `),
    `${status} ${framing} ${content}`,
    ...trailers.map(([name, value]) => ` | ${name}: ${value}`),
  ].join("");
}

Deno.test.each(READ)(
  "Wire.response() reads %s",
  async (_name, wire, to, told) => {
    assertEquals(
      await against(
        wire,
        async (client) => story(await client.response(`${to} / HTTP/1.1`)),
      ),
      told,
    );
  },
);

Deno.test.each(REFUSED)(
  "Wire.response() refuses %s",
  async (_name, wire, to, message) => {
    await assertRejects(
      () => against(wire, (client) => client.response(`${to} / HTTP/1.1`)),
      WireError,
      message,
    );
  },
);

Deno.test("Wire.response() refuses what an HTTP/1.0 client cannot know", async () => {
  for (
    const wire of [
      `${OK}${CHUNKED}\r\n0\r\n\r\n`,
      "HTTP/1.1 100 Continue\r\n\r\n",
    ]
  ) {
    await assertRejects(
      () => against(wire, (client) => client.response("GET / HTTP/1.0")),
      WireError,
      "HTTP/1.0 client",
    );
  }
});

Deno.test("Wire.response() reads several, one after the other", async () => {
  const told = await against(
    `${OK}${LENGTH}\r\nhi`.repeat(3),
    async (client) => {
      const all = [];
      for (let count = 0; count < 4; count++) {
        all.push(
          story(await client.response()),
        );
      }
      return all;
    },
  );
  assertEquals(told, [
    "200 length hi",
    "200 length hi",
    "200 length hi",
    "nothing",
  ]);
});

Deno.test("Wire.closed() refuses octets behind the last answer", async () => {
  await assertRejects(
    () =>
      against(`${OK}${LENGTH}\r\nhi!`, async (client) => {
        await client.response();
        return await client.closed();
      }),
    WireError,
    "octets behind the last answer: !",
  );
});

Deno.test("Wire.closed() tells an end from a reset", async () => {
  assertEquals(await against("", (client) => client.closed()), "fin");
});

Deno.test("Wire gives up at its deadline and frees the socket", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [conn, client] = await Promise.all([
    listener.accept(),
    Wire.connect({ port, deadline: 20 }),
  ]);
  await assertRejects(() => client.response(), WireError, "waited 20 ms");
  conn.close();
});

Deno.test("Wire.feed() lets each piece be read by itself", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [conn, client] = await Promise.all([
    listener.accept(),
    Wire.connect({ port }),
  ]);
  const read: string[] = [];
  const into = new Uint8Array(64);
  const reading = (async () => {
    for (
      let count = await conn.read(into);
      count !== null;
      count = await conn.read(into)
    ) {
      read.push(latin1(into.subarray(0, count)));
    }
  })();
  await client.feed(cut("GET / HTTP/1.1\r\n", 1));
  await client.finish();
  await reading;
  assertEquals(read.join(""), "GET / HTTP/1.1\r\n");
  // The kernel owes nobody a read for each write; nearly all is what matters.
  assertEquals(read.length > 8, true);
  client.close();
  conn.close();
});

Deno.test("sendAndReset() is a reset to the server, behind what was sent", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const sent = sendAndReset({ port }, "GET", "hearing");
  const conn = await listener.accept();
  const into = new Uint8Array(8);
  assertEquals(latin1(into.subarray(0, await conn.read(into) ?? 0)), "GET");
  await conn.write(octets("an answer"));
  await sent;
  await assertRejects(() => conn.read(into), Deno.errors.ConnectionReset);
  conn.close();
});

Deno.test("octets() and latin1() are inverse, and refuse what is no octet", () => {
  const all = String.fromCharCode(...Array(256).keys());
  assertEquals(latin1(octets(all)), all);
  assertThrows(() => octets("€"), RangeError, "not one octet");
});

Deno.test("escaped() shows what a terminal would not", () => {
  assertEquals(escaped("a\r\n\t\0\xff\\"), "a\\r\\n\\t\\x00\\xff\\\\");
  assertEquals(escaped("abcdef", 3), "abc… (3 more)");
});

Deno.test("valueOf() joins lines, and lists() finds a member in any case", () => {
  const fields = [["A", "1"], ["a", "2"], ["Connection", "x , Close"]] as const;
  assertEquals(valueOf({ fields }, "a"), "1, 2");
  assertEquals(valueOf({ fields }, "b"), undefined);
  assertEquals([
    lists({ fields }, "connection", "close"),
    lists({ fields }, "a", "x"),
  ], [true, false]);
});
