/**
 * What `file()` and `files()` answer: status, fields and content, over raw bytes
 * and as a platform asks.
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { openFound, Root } from "../features/files/locate.ts";
import {
  type Context,
  file,
  type FileOptions,
  files,
  type FilesOptions,
  get,
  HttpError,
  Router,
} from "../mod.ts";
import {
  askFollowing,
  askPlatform,
  askRaw,
  CHANGED,
  CHANGED_DATE,
  type Said,
  TestFolder,
} from "./folder.ts";

const TEN = "0123456789";
const ASKERS = [
  { name: "raw bytes", ask: askRaw },
  { name: "a platform", ask: askPlatform },
];

/** A folder with a file of ten octets, and what serves it. */
function ten(): { folder: TestFolder; app: Router; errors: unknown[] } {
  const folder = new TestFolder();
  folder.write("ten.txt", TEN);
  folder.write("empty.bin", "");
  const errors: unknown[] = [];
  const app = new Router({ onError: (error) => errors.push(error) });
  app.get("/s/*path", files(folder.path));
  app.get("/one", () => file(`${folder.path}/ten.txt`));
  return { folder, app, errors };
}

const TAG = `"a-${CHANGED.toString(16)}"`;
const BEFORE = "Fri, 02 Jan 2026 03:04:04 GMT";
const AFTER = "Fri, 02 Jan 2026 03:04:06 GMT";

type Fields = Record<string, string>;

/** Conditions and ranges, and what becomes of a GET and of a HEAD. */
const MATRIX: [fields: Fields, get: number, head: number, content?: string][] =
  [
    [{}, 200, 200],
    // conditions
    [{ "if-match": TAG }, 200, 200],
    [{ "if-match": "*" }, 200, 200],
    [{ "if-match": `"b", ${TAG}` }, 200, 200],
    [{ "if-match": `W/${TAG}` }, 412, 412],
    [{ "if-match": '"b"' }, 412, 412],
    [{ "if-match": "nonsense" }, 412, 412],
    [{ "if-match": '"b"', "if-none-match": TAG }, 412, 412],
    [{ "if-match": TAG, "if-none-match": TAG }, 304, 304],
    [{ "if-unmodified-since": CHANGED_DATE }, 200, 200],
    [{ "if-unmodified-since": BEFORE }, 412, 412],
    [{ "if-unmodified-since": "nonsense" }, 200, 200],
    [{ "if-match": TAG, "if-unmodified-since": BEFORE }, 200, 200],
    [{ "if-none-match": TAG }, 304, 304],
    [{ "if-none-match": `W/${TAG}` }, 304, 304],
    [{ "if-none-match": `"b", ${TAG}` }, 304, 304],
    [{ "if-none-match": "*" }, 304, 304],
    [{ "if-none-match": '"b"' }, 200, 200],
    [{ "if-none-match": "nonsense" }, 200, 200],
    [{ "if-none-match": '"b"', "if-modified-since": AFTER }, 200, 200],
    [{ "if-modified-since": CHANGED_DATE }, 304, 304],
    [{ "if-modified-since": AFTER }, 304, 304],
    [{ "if-modified-since": BEFORE }, 200, 200],
    [{ "if-modified-since": "nonsense" }, 200, 200],
    // ranges
    [{ range: "bytes=0-3" }, 206, 200, "0123"],
    [{ range: "bytes=4-" }, 206, 200, "456789"],
    [{ range: "bytes=-2" }, 206, 200, "89"],
    [{ range: "bytes=0-99" }, 206, 200, TEN],
    [{ range: "bytes=0-1,2-3" }, 206, 200, "0123"],
    [{ range: "bytes=0-1,5-6" }, 200, 200],
    [{ range: "bytes=5-4" }, 200, 200],
    [{ range: "lines=1-2" }, 200, 200],
    [{ range: "bytes=10-" }, 416, 200],
    [{ range: "bytes=-0" }, 416, 200],
    // both
    [{ range: "bytes=0-3", "if-range": TAG }, 206, 200, "0123"],
    [{ range: "bytes=0-3", "if-range": `W/${TAG}` }, 200, 200],
    [{ range: "bytes=0-3", "if-range": '"b"' }, 200, 200],
    [{ range: "bytes=10-", "if-range": '"b"' }, 200, 200],
    [{ range: "bytes=0-3", "if-range": CHANGED_DATE }, 206, 200, "0123"],
    [{ range: "bytes=0-3", "if-range": BEFORE }, 200, 200],
    [{ range: "bytes=0-3", "if-range": AFTER }, 200, 200],
    [{ "if-range": '"b"' }, 200, 200],
    [{ range: "bytes=0-3", "if-none-match": TAG }, 304, 304],
    [{ range: "bytes=10-", "if-none-match": TAG }, 304, 304],
    [{ range: "bytes=10-", "if-match": '"b"' }, 412, 412],
  ];

/** The fields that a status has to have, and those that it must not. */
function checkFields(said: Said, method: string): void {
  const { status, headers } = said;
  const has = (...names: string[]) =>
    assertEquals(names.filter((name) => !headers.has(name)), [], `${status}`);
  if (status === 200) {
    assertEquals(headers.get("accept-ranges"), "bytes");
    assertEquals(headers.get("content-type"), "text/plain; charset=utf-8");
    assertEquals(headers.get("content-length"), "10");
    assertEquals(said.content, method === "HEAD" ? "" : TEN);
  }
  if (status === 200 || status === 206 || status === 304) {
    assertEquals(headers.get("etag"), TAG);
    assertEquals(headers.get("last-modified"), CHANGED_DATE);
    assertEquals(headers.get("cache-control"), null);
  }
  if (status === 206) {
    has("content-range", "content-length", "content-type", "accept-ranges");
    assertMatch(headers.get("content-range")!, /^bytes \d-\d\/10$/);
    const length = Number(headers.get("content-length"));
    assertEquals(length, said.content.length);
  }
  if (status === 304) {
    assertEquals(said.content, "");
    for (const name of ["content-type", "content-range", "accept-ranges"]) {
      assertEquals(headers.get(name), null, name);
    }
  }
  if (status === 416) {
    assertEquals(headers.get("content-range"), "bytes */10");
    assertEquals(headers.get("etag"), null);
  } else if (status !== 206) assertEquals(headers.get("content-range"), null);
}

Deno.test.each(ASKERS)(
  "a file meets every condition and range, by $name",
  async ({ ask }) => {
    const { folder, app, errors } = ten();
    using _folder = folder;
    for (const [fields, onGet, onHead, content = TEN] of MATRIX) {
      const what = JSON.stringify(fields);
      for (const path of ["/s/ten.txt", "/one"]) {
        const got = await ask(app, path, fields);
        assertEquals(got.status, onGet, what);
        if (onGet < 300) assertEquals(got.content, content, what);
        checkFields(got, "GET");
        const head = await ask(app, path, fields, "HEAD");
        assertEquals([head.status, head.content], [onHead, ""], what);
        checkFields(head, "HEAD");
      }
    }
    assertEquals(errors, []);
  },
);

Deno.test("a date is repeated in several lines: it is no condition", async () => {
  const { folder, app } = ten();
  using _folder = folder;
  const twice = `${AFTER}, ${AFTER}`;
  const said = await askRaw(app, "/s/ten.txt", { "if-modified-since": twice });
  assertEquals(said.status, 200);
});

Deno.test("an empty file is sent whole, whatever part is asked for", async () => {
  const { folder, app } = ten();
  using _folder = folder;
  for (const range of ["bytes=0-", "bytes=-1", "bytes=5-9"]) {
    const said = await askRaw(app, "/s/empty.bin", { range });
    assertEquals([said.status, said.content], [200, ""]);
    assertEquals(said.headers.get("content-length"), "0");
  }
});

Deno.test("file() that is not there is a 404 that does not tell the path", async () => {
  const { folder, app, errors } = ten();
  using _folder = folder;
  const { path } = folder;
  for (const name of ["nope", "ten.txt/x", "a".repeat(300), "", "."]) {
    app.get(`/n${name.length}`, () => file(`${path}/${name}`));
    const said = await askRaw(app, `/n${name.length}`);
    assertEquals(said.status, 404, name);
    assertEquals(said.content.includes(path), false, said.content);
  }
  assertEquals(errors, []);
});

Deno.test("file() takes paths, URLs, and URLs as text", async () => {
  using folder = new TestFolder();
  const path = folder.write("a b.txt", TEN);
  const url = new URL(`file://${encodeURI(path)}`);
  const app = new Router();
  app.get("/path", () => file(path));
  app.get("/url", () => file(url));
  app.get("/text", () => file(url.href));
  for (const where of ["/path", "/url", "/text"]) {
    const { status, headers, content } = await askRaw(app, where);
    assertEquals([status, content], [200, TEN], where);
    assertEquals(headers.get("content-type"), "text/plain; charset=utf-8");
  }
  assertThrows(() => file(new URL("https://a.example/b")), TypeError, "https:");
  for (const path of [undefined, null, 7, ["a"]]) {
    const says = "a path is text or a file: URL";
    assertThrows(() => file(path as never), TypeError, says);
    assertThrows(() => files(path as never), TypeError, says);
  }
});

Deno.test("file() says what its options say", async () => {
  using folder = new TestFolder();
  const path = folder.write("Ärger.txt", TEN);
  const app = new Router();
  app.get("/a", () => file(path, { type: "a/b", cacheControl: "no-cache" }));
  app.get("/b", () => file(path, { download: true }));
  app.get("/c", () => file(path, { download: "b.txt" }));
  const url = new URL(encodeURI(`file://${path}`));
  app.get("/d", () => file(url, { download: true }));
  const a = (await askRaw(app, "/a")).headers;
  assertEquals(a.get("content-type"), "a/b");
  assertEquals(a.get("cache-control"), "no-cache");
  assertEquals(a.get("content-disposition"), null);
  const known = await askRaw(app, "/a", { "if-none-match": "*" });
  assertEquals(known.headers.get("cache-control"), "no-cache");
  const b = (await askRaw(app, "/b")).headers;
  assertStringIncludes(b.get("content-disposition")!, "UTF-8''%C3%84rger.txt");
  const c = (await askRaw(app, "/c")).headers;
  assertEquals(c.get("content-disposition"), 'attachment; filename="b.txt"');
  const d = (await askRaw(app, "/d")).headers;
  assertEquals(d.get("content-disposition"), b.get("content-disposition"));
  assertThrows(() => file(path, { type: "a\r\nb" }), TypeError, "content-type");
  assertThrows(() => file(path, { cacheControl: "\0" }), TypeError);
});

Deno.test("file() takes status, fields and cookies of the context", async () => {
  using folder = new TestFolder();
  const path = folder.write("ten.txt", TEN);
  const app = new Router();
  app.get("/created", (_input, c) => {
    c.status = 201;
    c.headers.set("x-a", "1");
    c.headers.set("vary", "origin");
    c.cookies.set("id", "7");
    return file(path);
  });
  const fields = { range: "bytes=0-1", "if-none-match": "*" };
  const { status, headers, content } = await askRaw(app, "/created", fields);
  assertEquals([status, content], [201, TEN]);
  assertEquals(headers.get("x-a"), "1");
  assertEquals(headers.get("vary"), "origin");
  assertEquals(headers.getSetCookie().length, 1);
});

Deno.test("file() in a handler of errors has the error's status, and no conditions", async () => {
  using folder = new TestFolder();
  const page = folder.write("404.html", "<p>Lost");
  const app = new Router();
  app.get("/s/*path", files(folder.path));
  app.catch(404, () => file(page));
  const fields = {
    range: "bytes=0-1",
    "if-none-match": "*",
    "if-match": '"x"',
  };
  for (const path of ["/nowhere", "/s/nope", "/s/%2e%2e%2fx"]) {
    const { status, headers, content } = await askRaw(app, path, fields);
    assertEquals([status, content], [404, "<p>Lost"], path);
    for (const name of ["etag", "last-modified", "accept-ranges"]) {
      assertEquals(headers.get(name), null, name);
    }
  }
});

Deno.test("Last-Modified is never later than Date, and a young tag is weak", async () => {
  using folder = new TestFolder();
  const now = Date.now();
  folder.write("future.txt", TEN, now + 86_400_000);
  folder.write("now.txt", TEN, now);
  folder.write("old.txt", TEN, now - 10_000);
  const app = new Router();
  app.get("/*path", files(folder.path));
  for (const name of ["future", "now", "old"]) {
    for (const ask of [askRaw, askPlatform]) {
      const { headers } = await ask(app, `/${name}.txt`);
      const date = Date.parse(headers.get("date") ?? "") || Date.now();
      const changed = Date.parse(headers.get("last-modified")!);
      assert(changed <= date, `${name}: ${changed} is later than ${date}`);
      assertEquals(headers.get("etag")!.startsWith("W/"), name !== "old", name);
    }
  }
});

Deno.test("a file that changes has another tag", async () => {
  using folder = new TestFolder();
  const app = new Router();
  app.get("/*path", files(folder.path));
  const tags = new Set<string>();
  for (const [content, changed] of [["a", 0], ["b", 1], ["bb", 1]] as const) {
    folder.write("a.txt", content, CHANGED + changed);
    tags.add((await askRaw(app, "/a.txt")).headers.get("etag")!);
  }
  assertEquals(tags.size, 3);
});

Deno.test("files() answers a folder with its index, or not at all", async () => {
  using folder = new TestFolder();
  folder.write("index.html", "root");
  folder.write("sub/index.html", "sub");
  folder.write("sub/other.htm", "other");
  folder.write("bare/a.txt", TEN);
  folder.write("odd/index.html/x", "");
  const app = new Router();
  app.get("/s/*path", files(folder.path));
  app.get("/other/*path", files(folder.path, { index: "other.htm" }));
  app.get("/none/*path", files(folder.path, { index: false }));
  const cases: [target: string, status: number, told: string][] = [
    ["/s/", 200, "root"],
    ["/s", 308, "/s/"],
    ["/s/sub/", 200, "sub"],
    ["/s/sub", 308, "/s/sub/"],
    ["/s/sub?a=1&b=//c", 308, "/s/sub/?a=1&b=//c"],
    ["/s/s%75b", 308, "/s/sub/"],
    ["/s/s%75b/", 200, "sub"],
    ["/s/bare", 404, ""],
    ["/s/bare/", 404, ""],
    ["/s/odd/", 404, ""],
    ["/s/odd", 404, ""],
    ["/s/sub/index.html/", 404, ""],
    ["/s//sub", 404, ""],
    ["/s//", 404, ""],
    ["/s/sub//", 404, ""],
    ["/other/sub/", 200, "other"],
    ["/other/", 404, ""],
    ["/none/sub/", 404, ""],
    ["/none/sub", 404, ""],
    ["/none/", 404, ""],
    ["/none/sub/index.html", 200, "sub"],
    ["http://a/s/sub?x", 308, "/s/sub/?x"],
  ];
  for (const [target, status, told] of cases) {
    const said = await askRaw(app, target);
    assertEquals(said.status, status, target);
    if (status === 200) assertEquals(said.content, told, target);
    if (status === 308) {
      assertEquals(said.headers.get("location"), told, target);
    }
  }
  for (const index of ["", "..", "a/b", "../a", "a\\b"]) {
    assertThrows(() => files(".", { index }), TypeError, "no file name");
  }
});

Deno.test("files() never redirects to another host", async () => {
  using folder = new TestFolder();
  folder.write("evil.example/index.html", "x");
  folder.write("index.html", "x");
  const app = new Router();
  app.get("/*path", files(folder.path));
  for (
    const target of [
      "//evil.example",
      "//evil.example/",
      "///evil.example",
      "/%2fevil.example",
      "/%5cevil.example",
      "//",
      "http://a//evil.example",
    ]
  ) {
    const { status, headers } = await askRaw(app, target);
    assertEquals(
      [headers.get("location"), status >= 400],
      [null, true],
      target,
    );
  }
  const { headers } = await askRaw(app, "/evil.example");
  assertEquals(headers.get("location"), "/evil.example/");
});

Deno.test("files() hides what begins with a dot", async () => {
  using folder = new TestFolder();
  folder.write(".env", "secret");
  folder.write(".git/config", "secret");
  folder.write("a/.hidden/b.txt", "secret");
  folder.write(".well-known/acme-challenge/x", "token");
  const app = new Router();
  app.get("/s/*path", files(folder.path));
  app.get("/all/*path", files(folder.path, { dotfiles: true }));
  for (const name of [".env", "%2eenv", ".git/config", "a/.hidden/b.txt"]) {
    assertEquals((await askRaw(app, `/s/${name}`)).status, 404, name);
    const said = await askFollowing(askRaw, app, `/all/${name}`);
    assertEquals(said.content, "secret", name);
  }
  const challenge = await askRaw(app, "/s/.well-known/acme-challenge/x");
  assertEquals(challenge.content, "token");
});

Deno.test("files() sends what was compressed beforehand to who takes it", async () => {
  using folder = new TestFolder();
  folder.write("a.js", "plain text");
  folder.write("a.js.br", "brotli");
  folder.write("a.js.gz", "gzip");
  folder.write("a.js.zst", "zstd");
  folder.write("gz.js", "plain text");
  folder.write("gz.js.gz", "gzip");
  folder.write("bare.js", "plain text");
  folder.write("stale.js", "plain text", CHANGED + 60_000);
  folder.write("stale.js.gz", "gzip", CHANGED);
  folder.write("photo.png", "plain text");
  folder.write("photo.png.gz", "gzip");
  folder.write("folder.js", "plain text");
  folder.write("folder.js.gz/x", "");
  folder.write("only.js.gz", "gzip");
  folder.write("torn.js", "plain text");
  folder.write("torn.js.gz", "");
  const app = new Router();
  app.get("/s/*path", files(folder.path, { cacheControl: "max-age=60" }));
  app.get("/off/*path", files(folder.path, { precompressed: false }));
  const all = "gzip, deflate, br, zstd";
  const cases: [
    name: string,
    accepts: string | undefined,
    coding: string | null,
  ][] = [
    ["a.js", all, "br"],
    ["a.js", "gzip, zstd", "zstd"],
    ["a.js", "gzip", "gzip"],
    ["a.js", "x-gzip", "gzip"],
    ["a.js", "GZIP", "gzip"],
    ["a.js", "br;q=0.1, gzip;q=0.9", "gzip"],
    ["a.js", "br;q=0, gzip;q=0", null],
    ["a.js", "*", "br"],
    ["a.js", "*, br;q=0", "zstd"],
    ["a.js", "identity, gzip;q=0.5", null],
    ["a.js", "deflate", null],
    ["a.js", "", null],
    ["a.js", "identity;q=0, deflate", null],
    ["a.js", undefined, null],
    ["gz.js", all, "gzip"],
    ["gz.js", "br", null],
    ["bare.js", all, null],
    ["stale.js", all, null],
    ["photo.png", all, null],
    ["folder.js", all, null],
    ["torn.js", all, null],
  ];
  const tags = new Set<string>();
  for (const [name, accepts, coding] of cases) {
    const fields = accepts === undefined ? {} : { "accept-encoding": accepts };
    const what = `${name} ${accepts}`;
    const said = await askRaw(app, `/s/${name}`, fields);
    const { headers } = said;
    assertEquals(said.status, 200, what);
    assertEquals(headers.get("content-encoding"), coding, what);
    const text = coding === "br" ? "brotli" : coding ?? "plain text";
    assertEquals(said.content, text, what);
    const type = fileTypeOf(name);
    assertEquals(headers.get("content-type"), type, what);
    const vary = name === "photo.png" ? null : "accept-encoding";
    assertEquals(headers.get("vary"), vary, what);
    if (name === "a.js") tags.add(headers.get("etag")!);
    // And by its tag, and in part.
    const tag = headers.get("etag")!;
    const known = await askRaw(app, `/s/${name}`, {
      ...fields,
      "if-none-match": tag,
    });
    assertEquals(known.status, 304, what);
    assertEquals(known.headers.get("vary"), vary, what);
    assertEquals(known.headers.get("etag"), tag, what);
    const part = await askRaw(app, `/s/${name}`, {
      ...fields,
      range: "bytes=1-2",
      "if-range": tag,
    });
    assertEquals([part.status, part.content], [206, text.slice(1, 3)], what);
    assertEquals(part.headers.get("content-encoding"), coding, what);
    assertEquals(
      part.headers.get("content-range"),
      `bytes 1-2/${text.length}`,
      what,
    );
    const off = await askRaw(app, `/off/${name}`, fields);
    assertEquals(off.content, "plain text", what);
    assertEquals(off.headers.get("vary"), null, what);
  }
  assertEquals(tags.size, 4);
  assertEquals((await askRaw(app, "/s/only.js")).status, 404);
  const itself = await askRaw(app, "/s/a.js.gz", { "accept-encoding": all });
  assertEquals(itself.headers.get("content-encoding"), null);
  assertEquals(itself.headers.get("content-type"), "application/gzip");
});

function fileTypeOf(name: string): string {
  return name.endsWith(".png") ? "image/png" : "text/javascript; charset=utf-8";
}

Deno.test("files() notices within a second that a compressed file is gone", async () => {
  using folder = new TestFolder();
  folder.write("a.js", "plain");
  const coded = folder.write("a.js.gz", "gzip");
  const app = new Router();
  app.get("/*path", files(folder.path));
  const fields = { "accept-encoding": "gzip" };
  assertEquals((await askRaw(app, "/a.js", fields)).content, "gzip");
  Deno.removeSync(coded);
  assertEquals((await askRaw(app, "/a.js", fields)).content, "plain");
});

Deno.test("a root that is a link is followed, when it is turned after a second", () => {
  using folder = new TestFolder();
  folder.write("one/a.txt", "one");
  folder.write("two/a.txt", "two");
  folder.link("now", `${folder.path}/one`);
  const root = new Root(`${folder.path}/now`);
  const at = (now: number) => root.locate(["a.txt"], now).path;
  assertEquals(at(0), `${folder.path}/one/a.txt`);
  Deno.removeSync(`${folder.path}/now`);
  folder.link("now", `${folder.path}/two`);
  assertEquals(at(999), `${folder.path}/one/a.txt`);
  assertEquals(at(1_000), `${folder.path}/two/a.txt`);
  Deno.removeSync(`${folder.path}/two/a.txt`);
  assertThrows(() => at(1_001), HttpError);
});

Deno.test("what is believed is no way out", () => {
  using folder = new TestFolder();
  folder.write("public/sub/a.txt", "public");
  folder.write("secret/a.txt", "the secret");
  const root = new Root(`${folder.path}/public`);
  const at = () => root.locate(["sub", "a.txt"], 0);
  assertEquals(at().path, `${folder.path}/public/sub/a.txt`);
  assertEquals(at().believed, true);
  Deno.renameSync(`${folder.path}/public/sub`, `${folder.path}/public/was`);
  folder.link("public/sub", `${folder.path}/secret`);
  assertThrows(at, HttpError);
  // A link to the folder that was there is as good as the folder.
  Deno.removeSync(`${folder.path}/public/sub`);
  folder.link("public/sub", "was");
  const file = openFound(at());
  assertEquals(file?.statSync().size, 6);
  file?.close();
});

Deno.test("where names mind no case, one spelling is there, and no link", () => {
  using folder = new TestFolder();
  folder.write("a.txt", "public");
  folder.link("A.TXT", "a.txt"); // as such a file system would have it
  const root = new Root(folder.path, { separator: "/", folds: true });
  assertEquals(root.locate(["a.txt"], 0).path, `${folder.path}/a.txt`);
  assertThrows(() => root.locate(["A.TXT"], 0), HttpError);
});

Deno.test("files() answers GET and HEAD, and the router the rest", async () => {
  const { folder, app } = ten();
  using _folder = folder;
  app.on("*", "/any/*path", files(folder.path));
  for (const path of ["/s/ten.txt", "/any/ten.txt"]) {
    const { status, headers } = await askRaw(app, path, {}, "DELETE");
    assertEquals(status, 405, path);
    assertStringIncludes(headers.get("allow")!, "GET, HEAD");
  }
  const { headers } = await askRaw(app, "/s/ten.txt", {}, "OPTIONS");
  assertEquals(headers.get("allow"), "GET, HEAD, OPTIONS");
});

Deno.test("files() works in a class, mounted, and behind any prefix", async () => {
  using folder = new TestFolder();
  folder.write("a.txt", TEN);
  class Site {
    readonly #files = files(folder.path);
    @get("/class/:user/*path")
    assets(input: { user: string; path: string }, c: Context) {
      return this.#files(input, c);
    }
  }
  const inner = new Router();
  inner.get("/caf%C3%A9/*rest", files(folder.path));
  const app = new Router();
  app.mount("/", new Site());
  app.mount("/in/:deep", inner);
  for (
    const path of [
      "/class/Ada/a.txt",
      "/class/A%2Fd%2Fa/a.txt",
      "/in/x/caf%c3%a9/a.txt",
      "/in/%2f%2f/caf%C3%A9/%61.txt",
    ]
  ) {
    const { content } = await askFollowing(askRaw, app, path);
    assertEquals(content, TEN, path);
  }
});

Deno.test("files() is not put where the route takes no rest", () => {
  const app = new Router();
  for (const path of ["/a.txt", "/b/:path", "/c/:path?", "/"]) {
    assertThrows(
      () => app.get(path, files("public")),
      TypeError,
      `Cannot route "${path}" to files(): the path has to end with a rest`,
    );
  }
});

Deno.test("files() that another handler calls without a rest is told in the log", async () => {
  using folder = new TestFolder();
  const errors: Error[] = [];
  const app = new Router({ onError: (error) => errors.push(error as Error) });
  const serve = files(folder.path);
  app.get("/a.txt", (input, c) => serve(input, c));
  app.get("/b/:path", (input, c) => serve(input, c));
  assertEquals((await askPlatform(app, "/a.txt")).status, 500);
  assertEquals((await askPlatform(app, "/b/a.txt")).status, 500);
  for (const { message } of errors) {
    assertStringIncludes(
      message,
      'ends with the rest of a path, as "/static/*',
    );
  }
  assertEquals(errors.length, 2);
});

Deno.test("files() of a folder that is not there is a 404", async () => {
  using folder = new TestFolder();
  const app = new Router();
  app.get("/*path", files(`${folder.path}/nope`));
  assertEquals((await askRaw(app, "/a.txt")).status, 404);
});

Deno.test("files() stays in its folder when the program goes elsewhere", async () => {
  using folder = new TestFolder();
  folder.write("one/public/a.txt", "one");
  folder.write("two/public/a.txt", "two");
  const before = Deno.cwd();
  const app = new Router({ onError: () => {} });
  try {
    Deno.chdir(`${folder.path}/one`);
    app.get("/s/*path", files("public"));
    app.get("/dot/*path", files("./public/"));
    app.get("/here/*path", files("."));
    app.get("/up/*path", files("../two/public"));
    app.get("/nowhere/*path", files(""));
    Deno.chdir(`${folder.path}/two`);
    const cases = { "s/": "one", "dot/": "one", "here/public/": "one" };
    for (const [path, told] of Object.entries({ ...cases, "up/": "two" })) {
      const { content } = await askRaw(app, `/${path}a.txt`);
      assertEquals(content, told, path);
    }
    const { status } = await askRaw(app, "/nowhere/public/a.txt");
    assertEquals(status, 500);
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("file() and files() refuse options that are none", () => {
  const wrong = { downlaod: true, index: undefined };
  assertThrows(
    () => file("a", wrong as FileOptions),
    TypeError,
    'Cannot send a file with "downlaod": the options are type, cacheControl, download',
  );
  assertThrows(
    () => files("a", { dotFiles: true } as FilesOptions),
    TypeError,
    'Cannot serve files with "dotFiles": the options are index, cacheControl, dotfiles, precompressed',
  );
  file("a", { index: undefined } as FileOptions);
  files("a", { dotFiles: undefined } as FilesOptions);
});

Deno.test({
  name: "files that the program may not read are a sentence in the log",
  permissions: { read: false },
  async fn() {
    const errors: Error[] = [];
    const app = new Router({ onError: (error) => errors.push(error as Error) });
    app.get("/s/*path", files("wire"));
    app.get("/one", () => file("LICENSE"));
    for (const path of ["/s/date.ts", "/one"]) {
      const { status, content } = await askPlatform(app, path);
      assertEquals(status, 500);
      assertEquals(/LICENSE|wire|allow/.test(content), false, content);
    }
    assertEquals(errors.length, 2);
    for (const { message } of errors) {
      assertStringIncludes(message, "the program needs --allow-read");
    }
  },
});
