/**
 * Files on their way, over real sockets: whole, in part, left in the middle, and
 * changed while they are sent. However it ends, the file is closed.
 */

import { assert, assertEquals } from "@std/assert";
import { file, files, type Middleware, Router, serve } from "../mod.ts";
import { askRaw, openFiles, TestFolder } from "./folder.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bytes that tell their place. */
function counting(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0; at < words.length; at++) words[at] = at * 2_654_435_761;
  return new Uint8Array(words.buffer, 0, length);
}

/** An application on a port, what it reports, and a way to speak to it. */
function serving(app: Router) {
  const errors: unknown[] = [];
  const server = serve(app, {
    hostname: "127.0.0.1",
    port: 0,
    signals: false,
    onListen: () => {},
    onError: (error) => errors.push(error),
  });
  const { port } = server.addr as Deno.NetAddr;
  return {
    errors,
    base: `http://127.0.0.1:${port}`,
    connect: () => Deno.connect({ hostname: "127.0.0.1", port }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const encoder = new TextEncoder();

function ask(
  conn: Deno.Conn,
  path: string,
  fields = "",
  method = "GET",
): Promise<number> {
  const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
  return conn.write(encoder.encode(head));
}

/** Reads to the end, and gives the content behind the head. */
async function rest(
  conn: Deno.Conn,
  so = new Uint8Array(0),
): Promise<Uint8Array> {
  const pieces = [so];
  const buffer = new Uint8Array(64 * KiB);
  for (;;) {
    const count = await conn.read(buffer).catch(() => null);
    if (count === null) break;
    pieces.push(buffer.slice(0, count));
  }
  const all = new Uint8Array(
    await new Blob(pieces as BlobPart[]).arrayBuffer(),
  );
  const end = all.findIndex((_, at) =>
    all[at] === 13 && all[at + 1] === 10 && all[at + 2] === 13 &&
    all[at + 3] === 10
  );
  return all.subarray(end + 4);
}

/** Waits until no more than `most` descriptors are open. */
async function closedTo(most: number): Promise<number> {
  let open = await openFiles();
  for (let tries = 0; open > most && tries < 200; tries++) {
    await new Promise((done) => setTimeout(done, 10));
    open = await openFiles();
  }
  return open;
}

const SIZES = [
  1,
  64 * KiB - 1,
  64 * KiB,
  64 * KiB + 1,
  256 * KiB - 1,
  256 * KiB,
  256 * KiB + 1,
  1_000_003,
  5 * MiB + 7,
];

Deno.test("files of every size arrive as they are, whole and in part", async () => {
  using folder = new TestFolder();
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  for (const size of SIZES) {
    const content = counting(size);
    folder.write(`${size}.bin`, content);
    const url = `${server.base}/${size}.bin`;
    const whole = await fetch(url);
    assertEquals(whole.headers.get("content-length"), `${size}`);
    assert(isSame(await whole.bytes(), content), `${size}`);
    const platform = await app.request(`/${size}.bin`);
    assertEquals(platform.headers.get("content-length"), `${size}`);
    assert(isSame(await platform.bytes(), content), `${size} of a platform`);
    const [first, last] = [size >> 2, size - 1 - (size >> 3)];
    const headers = { range: `bytes=${first}-${last}` };
    const part = await fetch(url, { headers });
    assertEquals(part.status, 206);
    const middle = content.subarray(first, last + 1);
    assert(isSame(await part.bytes(), middle), `${size} in part`);
  }
  assertEquals(server.errors, []);
});

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

Deno.test("files that are asked for at once come one behind the other", async () => {
  using folder = new TestFolder();
  folder.write("a.bin", counting(60 * KiB));
  folder.write("b.bin", counting(300 * KiB));
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  using conn = await server.connect();
  for (const path of ["/a.bin", "/b.bin", "/a.bin", "/nope"]) {
    await ask(conn, path);
  }
  await ask(conn, "/a.bin", "Connection: close\r\n", "HEAD");
  const text = new TextDecoder("latin1").decode(await rest(conn));
  // The first head was taken off.
  const statuses = text.match(/HTTP\/1\.1 \d\d\d/g)!.map((it) => it.slice(9));
  assertEquals(statuses, ["200", "200", "404", "200"]);
});

const LINUX = Deno.build.os === "linux";

Deno.test({
  name: "a file is closed, however its answer ends",
  ignore: !LINUX,
  async fn() {
    using folder = new TestFolder();
    folder.write("small.bin", counting(20 * KiB));
    folder.write("big.bin", counting(8 * MiB));
    const instead: Middleware = async (_c, next) => {
      await next();
      return new Response("instead");
    };
    const throws: Middleware = async (_c, next) => {
      await next();
      throw new RangeError("no");
    };
    const broken: Middleware = async (_c, next) => {
      const answer = await next();
      answer.headers.set("x-bad", "\r\n");
      return answer;
    };
    const app = new Router();
    const serveFiles = files(folder.path);
    app.get("/plain/*path", serveFiles);
    app.get("/instead/*path", { use: [instead] }, serveFiles);
    app.get("/throws/*path", { use: [throws] }, serveFiles);
    app.get("/broken/*path", { use: [broken] }, serveFiles);
    app.get("/status/*path", (input, c) => {
      c.status = 204;
      return serveFiles(input, c);
    });
    app.get("/wrong/*path", (input, c) => {
      c.status = 99;
      return serveFiles(input, c);
    });
    await using server = serving(app);
    {
      using conn = await server.connect(); // warm
      await ask(conn, "/plain/big.bin", "Connection: close\r\n");
      await rest(conn);
    }
    const before = await openFiles();
    for (
      const way of ["plain", "instead", "throws", "broken", "status", "wrong"]
    ) {
      for (const name of ["small.bin", "big.bin"]) {
        for (const method of ["GET", "HEAD"]) {
          for (
            const fields of ["", "If-None-Match: *\r\n", "Range: bytes=5-\r\n"]
          ) {
            using conn = await server.connect();
            const close = `${fields}Connection: close\r\n`;
            await ask(conn, `/${way}/${name}`, close, method);
            await rest(conn);
          }
        }
      }
    }
    assert(await closedTo(before) <= before);
  },
});

Deno.test({
  name: "a thousand clients that leave in the middle leave no file open",
  ignore: !LINUX,
  async fn() {
    using folder = new TestFolder();
    folder.write("big.bin", counting(16 * MiB));
    const app = new Router();
    app.get("/*path", files(folder.path));
    await using server = serving(app);
    const before = await openFiles();
    for (let round = 0; round < 50; round++) {
      const conns = await Promise.all(
        Array.from({ length: 20 }, () => server.connect()),
      );
      await Promise.all(conns.map(async (conn, at) => {
        await ask(conn, "/big.bin", at % 3 === 0 ? "Range: bytes=7-\r\n" : "");
        // Some leave before the head, some behind it, some stay a while.
        if (at % 4 > 0) await conn.read(new Uint8Array(at % 4 * 40 * KiB));
        conn.close();
      }));
    }
    assert(await closedTo(before) <= before);
    const answer = await fetch(`${server.base}/big.bin`);
    assertEquals((await answer.bytes()).length, 16 * MiB);
  },
});

Deno.test({
  name: "a file of an answer that is lost is closed when it is collected",
  ignore: !LINUX,
  async fn() {
    using folder = new TestFolder();
    const path = folder.write("big.bin", counting(MiB));
    const program = `
      import { file, Router } from ${
      JSON.stringify(import.meta.resolve("../mod.ts"))
    };
      const app = new Router();
      app.get("/", () => file("${path}"));
      const isOpen = ({ name }) => {
        try {
          return Deno.readLinkSync("/proc/self/fd/" + name) === "${path}";
        } catch {
          return false;
        }
      };
      const open = () => [...Deno.readDirSync("/proc/self/fd")].filter(isOpen);
      for (let i = 0; i < 20; i++) {
        const { body } = await app.request("/");
        if (i % 2) await body.getReader().read();
      }
      for (let i = 0; i < 100 && open().length > 2; i++) {
        gc();
        await new Promise((done) => setTimeout(done, 10));
      }
      console.log(open().length <= 2);
    `;
    const script = folder.write("lost.js", program);
    const args = ["run", "--no-check", "--allow-all"];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, "--v8-flags=--expose-gc", script],
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertEquals(said, "true\n", new TextDecoder().decode(stderr));
  },
});

Deno.test("a stream of a file that a platform cancels is closed", async () => {
  using folder = new TestFolder();
  const path = folder.write("big.bin", counting(8 * MiB));
  const app = new Router();
  app.get("/", () => file(path));
  const before = LINUX ? await openFiles() : 0;
  for (let time = 0; time < 20; time++) {
    const { body } = await app.request("/");
    const reader = body!.getReader();
    if (time % 2 === 0) await reader.read();
    await reader.cancel();
  }
  if (LINUX) assert(await closedTo(before) <= before);
});

Deno.test("a file that becomes shorter breaks the connection off, and is not padded", async () => {
  using folder = new TestFolder();
  const size = 32 * MiB;
  const path = folder.write("big.bin", counting(size));
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  using conn = await server.connect();
  await ask(conn, "/big.bin");
  const first = new Uint8Array(1);
  await conn.read(first);
  Deno.truncateSync(path, 2 * MiB);
  const content = await rest(conn, first);
  assert(content.length < size, `${content.length} bytes came`);
  assert(isSame(content, counting(size).subarray(0, content.length)));
  assertEquals(String(server.errors[0]).includes("became shorter"), true);
});

Deno.test("of a file that grows only what was announced is sent", async () => {
  using folder = new TestFolder();
  const size = 32 * MiB;
  const path = folder.write("big.bin", counting(size));
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  using conn = await server.connect();
  await ask(conn, "/big.bin", "Connection: close\r\n");
  const first = new Uint8Array(1);
  await conn.read(first);
  Deno.writeFileSync(path, new Uint8Array(1000), { append: true });
  assertEquals((await rest(conn, first)).length, size);
});

Deno.test("a file may be replaced by another while it is sent", async () => {
  using folder = new TestFolder();
  const content = counting(16 * MiB);
  const path = folder.write("big.bin", content);
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  using conn = await server.connect();
  await ask(conn, "/big.bin", "Connection: close\r\n");
  const first = new Uint8Array(1);
  await conn.read(first);
  Deno.renameSync(folder.write("new.bin", "new"), path);
  assert(isSame(await rest(conn, first), content));
  assertEquals(await (await fetch(`${server.base}/big.bin`)).text(), "new");
});

Deno.test("a file of 10 GiB is sent from its end, and from its start in flat memory", async () => {
  using folder = new TestFolder();
  const size = 10 * KiB * MiB;
  const path = folder.write("huge.bin", "");
  Deno.truncateSync(path, size);
  {
    using end = Deno.openSync(path, { write: true });
    end.seekSync(size - 4, Deno.SeekMode.Start);
    end.writeSync(encoder.encode("last"));
  }
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  const url = `${server.base}/huge.bin`;
  const tail = await fetch(url, { headers: { range: "bytes=-6" } });
  assertEquals(await tail.text(), "\0\0last");
  assertEquals(
    tail.headers.get("content-range"),
    `bytes ${size - 6}-${size - 1}/${size}`,
  );
  const head = await fetch(url, { method: "HEAD" });
  assertEquals(head.headers.get("content-length"), `${size}`);

  using conn = await server.connect();
  await ask(conn, "/huge.bin");
  const buffer = new Uint8Array(256 * KiB);
  const before = Deno.memoryUsage();
  for (let came = 0; came < 200 * MiB;) came += (await conn.read(buffer))!;
  const { external, rss } = Deno.memoryUsage();
  const grown = Math.max(external - before.external, rss - before.rss);
  assert(grown < 64 * MiB, `${grown} bytes more`);
});

Deno.test("more transfers than there are large buffers arrive all the same", async () => {
  using folder = new TestFolder();
  const content = counting(600 * KiB);
  folder.write("a.bin", content);
  const app = new Router();
  app.get("/*path", files(folder.path));
  await using server = serving(app);
  const conns = await Promise.all(
    Array.from({ length: 80 }, () => server.connect()),
  );
  await Promise.all(
    conns.map((conn) => ask(conn, "/a.bin", "Connection: close\r\n")),
  );
  for (const conn of conns) {
    assert(isSame(await rest(conn), content));
    conn.close();
  }
});

Deno.test({
  name: "without descriptors a file is a 503, and told in the log",
  ignore: !LINUX,
  async fn() {
    using folder = new TestFolder();
    folder.write("a.txt", "public");
    const script = `
      import { files, Router } from ${
      JSON.stringify(import.meta.resolve("../mod.ts"))
    };
      const errors = [];
      const app = new Router({ onError: (error) => errors.push(error.message) });
      app.get("/*path", files(${JSON.stringify(folder.path)}));
      const before = (await app.request("/a.txt")).status;
      const open = [];
      try { for (;;) open.push(Deno.openSync(${
      JSON.stringify(`${folder.path}/a.txt`)
    })); } catch {}
      const none = (await app.request("/a.txt")).status;
      for (const file of open) file.close();
      const after = (await app.request("/a.txt")).status;
      console.log(JSON.stringify([before, none, after, errors]));`;
    const main = folder.write("main.ts", script);
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        `ulimit -n 256; exec "${Deno.execPath()}" run --no-check --allow-read "${main}"`,
      ],
    }).output();
    const text = new TextDecoder();
    assertEquals(
      text.decode(stdout).trim(),
      '[200,503,200,["Too many files are open"]]',
      text.decode(stderr),
    );
  },
});

Deno.test("a handler may return one file again and again", async () => {
  using folder = new TestFolder();
  const kept = file(folder.write("a.txt", "0123456789"));
  const app = new Router();
  app.get("/", () => kept);
  for (let time = 0; time < 3; time++) {
    assertEquals((await askRaw(app, "/")).content, "0123456789");
  }
});
