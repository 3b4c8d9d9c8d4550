/**
 * Nobody leaves the folder that `files()` serves, however a path is spelled, and
 * whatever lies in it.
 *
 * The spellings are made by tables: what means "up", what parts names, how each is
 * encoded, where it stands, and where it leads.
 */

import { assert, assertEquals } from "@std/assert";
import { file, files, type Middleware, Router } from "../mod.ts";
import { askFollowing, askPlatform, askRaw, TestFolder } from "./folder.ts";

const SECRET = "the secret";

/** A folder to serve with a secret beside it. */
function guarded(): { folder: TestFolder; app: Router } {
  const folder = new TestFolder();
  folder.write("secret.txt", SECRET);
  folder.write("public2/secret.txt", SECRET);
  folder.write("public/a.txt", "public");
  folder.write("public/sub/b.txt", "public");
  const app = new Router({ onError: () => {} });
  app.get("/s/*path", files(`${folder.path}/public`, { dotfiles: true }));
  return { folder, app };
}

/** Ways to write `..`. */
const UPS = [
  "..",
  "%2e%2e",
  "%2E%2e",
  ".%2e",
  "%2e.",
  "%252e%252e",
  "%25252e%25252e",
  "..%00",
  "%00..",
  "..%20",
  "%20..",
  "...",
  "..;",
  "..;/",
  "..%3b",
  "%c0%ae%c0%ae",
  "%c0%2e%c0%2e",
  "%e0%80%ae%e0%80%ae",
  "%f0%80%80%ae%f0%80%80%ae",
  "%u002e%u002e",
  "%ff%ae%ff%ae",
  "%ef%bc%8e%ef%bc%8e", // fullwidth
  "%e2%80%a4%e2%80%a4", // one dot leader
  "%e2%80%a5", // two dot leader
  "..%0a",
  "..%0d%0a",
  "..%7f",
  "..%e2%80%8b",
];

/** Ways to write a slash. */
const SLASHES = [
  "/",
  "//",
  "/./",
  "/%2e/",
  "%2f",
  "%2F",
  "%252f",
  "%5c",
  "%255c",
  "%c0%af",
  "%c1%9c",
  "%e0%80%af",
  "%ef%bc%8f", // fullwidth
  "%e2%88%95", // division slash
];

/** What stands before. */
const BEFORE = ["", "sub/", "sub%2f", "a.txt/", "%2f", "nope/"];
/** Where it leads. */
const TARGETS = ["secret.txt", "public2/secret.txt"];

function* spellings(): Generator<string> {
  for (const before of BEFORE) {
    for (const up of UPS) {
      for (const slash of SLASHES) {
        for (const target of TARGETS) {
          for (const times of [1, 2]) {
            yield `/s/${before}${`${up}${slash}`.repeat(times)}${target}`;
          }
        }
      }
    }
  }
}

Deno.test("no spelling of a path leads out of the folder", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  let count = 0;
  for (const target of spellings()) {
    count++;
    const said = await askFollowing(askRaw, app, target);
    assertEquals(said.content.includes(SECRET), false, target);
    assert([400, 404].includes(said.status), `${said.status} to ${target}`);
    // The connection refuses dots; here the files alone stand in the way.
    const platform = await askFollowing(askPlatform, app, target);
    assertEquals(platform.content.includes(SECRET), false, target);
    assert(platform.status >= 400, `${platform.status} to ${target}`);
  }
  assert(count > 8_000, `${count}`);
});

/** What is absolute, a drive, a stream, a device, or somebody's home. */
const ODD = [
  "/etc/passwd",
  "%2fetc%2fpasswd",
  "//etc/passwd",
  "///etc/passwd",
  "%2f%2fetc/passwd",
  "file:///etc/passwd",
  "file:%2f%2f%2fetc%2fpasswd",
  "C:/Windows/win.ini",
  "C:%5cWindows%5cwin.ini",
  "c%3a/windows/win.ini",
  "%5c%5c127.0.0.1%5cc$%5cwindows%5cwin.ini",
  "~/.ssh/id_rsa",
  "~root/.ssh/id_rsa",
  "$HOME/.ssh/id_rsa",
  "%24%7BHOME%7D",
  "a.txt::$DATA",
  "a.txt%00.html",
  "a.txt%00",
  "a.txt%2500",
  "a.txt%0a",
  "a.txt/",
  "a.txt//",
  "a.txt/.",
  "a.txt/..",
  "a.txt/../a.txt",
  "a.txt%20",
  "a.txt.",
  "A.TXT",
  "con",
  "nul.txt",
  "com1",
  "proc/self/environ",
  "%2fproc%2fself%2fenviron",
  "dev/zero",
  "-rf",
  "*",
  "?",
  "%3f",
  "a%.txt",
  "a%zz.txt",
  "%",
  "%2",
  "%ff%fe",
  "%ed%a0%80",
  "a".repeat(256),
  "a".repeat(7_000),
  "a/".repeat(3_500),
  "%61".repeat(2_000),
  "sub/".repeat(1_000) + "a.txt",
];

Deno.test("what is odd is not there, and never an error of ours", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  for (const name of ODD) {
    for (const method of ["GET", "HEAD"]) {
      const { status } = await askFollowing(
        askRaw,
        app,
        `/s/${name}`,
        {},
        method,
      );
      const what = `${status} to ${name.slice(0, 80)}`;
      assert(status === 404 || status === 400, what);
    }
  }
});

Deno.test("what only looks like an escape is a name like any other", async () => {
  using folder = new TestFolder();
  const names = ["%2e%2e", "%2f", "a%b", "a:b", "a b", "...", "a..b", "..a"];
  for (const name of names) folder.write(`x/${name}`, name);
  const app = new Router();
  app.get("/*path", files(folder.path, { dotfiles: true }));
  for (const name of names) {
    const target = `/x/${encodeURIComponent(name)}`;
    const said = await askFollowing(askRaw, app, target);
    assertEquals([said.status, said.content], [200, name]);
  }
});

Deno.test("a guard and the files see one path", async () => {
  using folder = new TestFolder();
  folder.write("private/a.txt", SECRET);
  folder.write("a.txt", "public");
  const seen: string[] = [];
  const guard: Middleware = (c, next) => {
    const segments = c.path.split("/").map((part) => decodeURIComponent(part));
    seen.push(segments.join("/"));
    if (segments[2] === "private") return new Response(null, { status: 403 });
    return next();
  };
  const app = new Router();
  app.get("/s/*path", { use: [guard] }, files(folder.path));
  for (
    const spelled of [
      "private/a.txt",
      "%70rivate/a.txt",
      "%70%72%69%76%61%74%65/%61.txt",
      "private%2fa.txt",
      "private%2Fa.txt",
      "x%2f..%2fprivate%2fa.txt",
      "./private/a.txt",
      "/private/a.txt",
      "x/../private/a.txt",
      "private/./a.txt",
      "private\\a.txt",
      "private%5ca.txt",
      "private//a.txt",
      "%2570rivate/a.txt",
    ]
  ) {
    const { status, content } = await askRaw(app, `/s/${spelled}`);
    assertEquals(content.includes(SECRET), false, spelled);
    assert(status >= 400, `${status} to ${spelled}`);
  }
  assert(seen.length > 0);
});

Deno.test("links are followed inside, and not out", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  const { path } = folder;
  folder.link("public/in.txt", `${path}/public/sub/b.txt`);
  folder.link("public/relative.txt", "sub/b.txt");
  folder.link("public/in", `${path}/public/sub`);
  folder.link("public/out.txt", `${path}/secret.txt`);
  folder.link("public/up.txt", "../secret.txt");
  folder.link("public/out", path);
  folder.link("public/out2", `${path}/public2`);
  folder.link("public/root", "/");
  folder.link("public/loop", "loop");
  folder.link("public/broken", "nowhere");
  folder.link("public/twice.txt", `${path}/public/out/secret.txt`);
  folder.write("public/gz.js", "public");
  folder.link("public/gz.js.gz", `${path}/secret.txt`);
  folder.write("public/idx/x", "");
  folder.link("public/idx/index.html", `${path}/secret.txt`);
  for (const name of ["in.txt", "relative.txt", "in/b.txt"]) {
    assertEquals((await askRaw(app, `/s/${name}`)).content, "public", name);
  }
  for (
    const name of [
      "out.txt",
      "up.txt",
      "out/secret.txt",
      "out/public2/secret.txt",
      "out2/secret.txt",
      `root${path}/secret.txt`,
      "root/etc/passwd",
      "loop",
      "loop/a",
      "broken",
      "twice.txt",
      "idx/",
      "idx",
      "out",
      "root/",
    ]
  ) {
    const { status, content } = await askRaw(app, `/s/${name}`);
    assertEquals([status, content.includes(SECRET)], [404, false], name);
  }
  const fields = { "accept-encoding": "gzip" };
  assertEquals((await askRaw(app, "/s/gz.js", fields)).content, "public");
});

Deno.test({
  name: "what is no regular file is not opened",
  ignore: Deno.build.os === "windows",
  timeout: 10_000,
  async fn() {
    using folder = new TestFolder();
    const fifo = `${folder.path}/fifo`;
    await new Deno.Command("mkfifo", { args: [fifo] }).output();
    using _socket = Deno.listen({
      transport: "unix",
      path: `${folder.path}/socket`,
    });
    folder.link("zero", "/dev/zero");
    const app = new Router({ onError: () => {} });
    app.get("/s/*path", files(folder.path));
    for (const name of ["fifo", "socket", "zero"]) {
      app.get(`/${name}`, () => file(`${folder.path}/${name}`));
      assertEquals((await askRaw(app, `/s/${name}`)).status, 404, name);
      assertEquals((await askRaw(app, `/${name}`)).status, 404, name);
    }
    assertEquals((await askRaw(app, "/s/fifo/")).status, 404);
  },
});

Deno.test("a file that may not be read is a 403", async () => {
  using folder = new TestFolder();
  const path = folder.write("a.txt", SECRET);
  if (Deno.build.os !== "windows") Deno.chmodSync(path, 0);
  const app = new Router();
  app.get("/s/*path", files(folder.path));
  const { status, content } = await askRaw(app, "/s/a.txt");
  // Root reads what it likes, and Windows knows no such thing.
  assertEquals(status, isReadable(path) ? 200 : 403);
  assertEquals(content.includes(folder.path), false);
});

function isReadable(path: string): boolean {
  try {
    Deno.readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
