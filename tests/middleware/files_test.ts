/** Middleware around files, whose length is known before they are read. */

import { assertEquals } from "@std/assert";
import { accessLog, compress, file, files, Router } from "../../mod.ts";
import { askRaw, TestFolder } from "../folder.ts";

const KiB = 1024;

/** What is asked, and what is told of the length, logged, and varied by. */
const LENGTHS: [
  size: number,
  method: string,
  fields: Record<string, string>,
  length: string,
  logged: string,
  vary: string | null,
][] = [
  [500, "GET", {}, "500", "200 500", null],
  [500, "GET", { "accept-encoding": "gzip" }, "500", "200 500", null],
  [500, "HEAD", { "accept-encoding": "gzip" }, "500", "200 0", null],
  [500, "GET", { range: "bytes=0-9" }, "10", "206 10", null],
  [40 * KiB, "GET", {}, "40960", "200 40960", "accept-encoding"],
  [100 * KiB, "GET", {}, "102400", "200 102400", "accept-encoding"],
  [100 * KiB, "HEAD", {}, "102400", "200 0", "accept-encoding"],
  [
    100 * KiB,
    "GET",
    { range: "bytes=7-" },
    "102393",
    "206 102393",
    "accept-encoding",
  ],
  [
    100 * KiB,
    "GET",
    { "accept-encoding": "*;q=0" },
    "120",
    "406 120",
    "accept, accept-encoding",
  ],
];

for (const [size, method, fields, length, logged, vary] of LENGTHS) {
  const asked = `${method} ${JSON.stringify(fields)}`;
  Deno.test(`accessLog() and compress() know the length of a file of ${size}: ${asked}`, async () => {
    using folder = new TestFolder();
    const path = folder.write("a.txt", "x".repeat(size));
    const lines: string[] = [];
    const app = new Router();
    const format = ({ status, bytes }: { status: number; bytes: unknown }) =>
      `${status} ${bytes}`;
    app.use(
      accessLog({ format, write: (line) => lines.push(line) }),
      compress(),
    );
    app.get("/", () => file(path));
    const said = await askRaw(app, "/", fields, method);
    assertEquals(said.headers.get("content-length"), length);
    assertEquals(said.headers.get("vary"), vary);
    assertEquals(lines, [logged]);
  });
}

Deno.test("compress() codes a file at once or as it is sent, and accessLog() counts that", async () => {
  using folder = new TestFolder();
  folder.write("short.txt", "x".repeat(40 * KiB));
  folder.write("long.txt", "x".repeat(100 * KiB));
  const logged: (number | undefined)[] = [];
  const app = new Router();
  app.use(
    accessLog({ format: ({ bytes }) => `${logged.push(bytes)}`, write() {} }),
    compress(),
  );
  app.get("/*path", files(folder.path));
  const fields = { "accept-encoding": "gzip" };
  const short = await askRaw(app, "/short.txt", fields);
  assertEquals(short.headers.get("content-encoding"), "gzip");
  assertEquals(short.headers.get("content-length"), `${short.content.length}`);
  const long = await askRaw(app, "/long.txt", fields);
  assertEquals(long.headers.get("content-encoding"), "gzip");
  assertEquals(long.headers.get("transfer-encoding"), "chunked");
  assertEquals(logged.at(0), short.content.length);
  const bytes =
    (await (await app.request("/long.txt", { headers: fields })).bytes())
      .length;
  assertEquals(logged.at(-1), bytes);
});
