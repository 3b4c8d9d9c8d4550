/**
 * A guard that compares `c.path` and the files behind it see one path: each file is
 * served under one spelling, and every other one leads there, past the guard.
 */

import { assertEquals } from "@std/assert";
import { files, HttpError, Router } from "../mod.ts";
import { askFollowing, askPlatform, askRaw, TestFolder } from "./folder.ts";

const SECRET = "the secret";

/** Files behind a guard that knows nothing of escapes. */
function guarded(): { folder: TestFolder; app: Router } {
  const folder = new TestFolder();
  folder.write("private/s.txt", SECRET);
  folder.write("a+b/s.txt", SECRET);
  folder.write("s.txt", "public");
  const app = new Router();
  app.use((c, next) => {
    if (c.path.startsWith("/static/private/")) throw new HttpError(403);
    if (c.url.pathname.startsWith("/static/a+b/")) throw new HttpError(403);
    return next();
  });
  app.get("/static/*path", files(folder.path));
  return { folder, app };
}

/** The escape of each character, in capitals or not. */
function escaped(text: string, capitals = false): string {
  return Array.from(text, (each) => {
    const hex = each.charCodeAt(0).toString(16);
    return `%${capitals ? hex.toUpperCase() : hex}`;
  }).join("");
}

/** `/static/private/s.txt` with escapes in the place of letters. */
function* spellings(): Generator<string> {
  const parts = ["static", "private", "s.txt"];
  for (const [at, part] of parts.entries()) {
    for (let i = 0; i < part.length; i++) {
      for (const capitals of [false, true]) {
        const one = part.slice(0, i) + escaped(part[i]!, capitals) +
          part.slice(i + 1);
        yield `/${parts.with(at, one).join("/")}`;
      }
    }
    yield `/${parts.with(at, escaped(part)).join("/")}`;
  }
  yield `/${parts.map((part) => escaped(part)).join("/")}`;
  yield `/${parts.map((part) => escaped(part, true)).join("/")}`;
}

Deno.test("no spelling of a path leads past a guard that compares c.path", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  for (const target of spellings()) {
    for (const ask of [askRaw, askPlatform]) {
      for (const method of ["GET", "HEAD"]) {
        const said = await ask(app, target, {}, method);
        assertEquals(said.status, 403, target);
        assertEquals(said.content.includes(SECRET), false);
      }
    }
  }
});

Deno.test("a redirect to a spelling does not tell what is there", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  for (const name of ["s.txt", "nope.txt", "nope/nope"]) {
    const { status, headers } = await askRaw(app, `/static/a%2bb/${name}`);
    const location = headers.get("location");
    assertEquals([status, location], [308, `/static/a+b/${name}`]);
    const asked = await askFollowing(askRaw, app, `/static/a%2bb/${name}`);
    assertEquals(asked.status, 403);
  }
});

Deno.test("a redirect to a spelling keeps the query, and is for GET and HEAD", async () => {
  const { folder, app } = guarded();
  using _folder = folder;
  app.on("*", "/any/*path", files(folder.path));
  const { headers } = await askRaw(app, "http://a/static/s%2Bt?%61=//b");
  assertEquals(headers.get("location"), "/static/s+t?%61=//b");
  for (const method of ["POST", "DELETE"]) {
    assertEquals((await askRaw(app, "/any/s%2Bt", {}, method)).status, 405);
  }
});

Deno.test("a redirect to a spelling stays on this host", async () => {
  using folder = new TestFolder();
  const app = new Router();
  app.get("/*path", files(folder.path));
  app.get("/of/:name/*path", files(folder.path));
  for (
    const target of [
      "//%40vil.example",
      "///%40vil.example/a",
      "/%2f%40vil.example",
      "/%5c%40vil.example",
      "http://a//%40vil.example",
      "/of/%2f%2fevil.example/%40",
    ]
  ) {
    for (const ask of [askRaw, askPlatform]) {
      const location = (await ask(app, target)).headers.get("location") ?? "/";
      assertEquals(new URL(location, "http://host").host, "host", target);
      assertEquals(location.startsWith("//"), false, target);
    }
  }
});

/** Every character of ASCII that a name may have, and some that are longer. */
const NAMES = [
  ...Array.from({ length: 0x5F }, (_, i) => String.fromCharCode(0x20 + i))
    .filter((each) => each !== "/" && each !== "\\").map((each) => `a${each}b`),
  "Te Rā – 月亮 🌙.txt",
  "it's [1] {2} (3).txt",
  "%41%2e%2e",
];

Deno.test({
  name: "every name is served under one spelling, however a client writes it",
  ignore: Deno.build.os === "windows", // where some are no names
  async fn() {
    using folder = new TestFolder();
    for (const [i, name] of NAMES.entries()) folder.write(`d/${name}`, `${i}`);
    const app = new Router();
    const paths: string[] = [];
    app.use((c, next) => {
      paths.push(c.path);
      return next();
    });
    app.get("/s/*path", files(folder.path));
    for (const [i, name] of NAMES.entries()) {
      const served = new Set<string>();
      const encoded = encodeURIComponent(name);
      // `%`, `?` and `#` mean something to who writes a link.
      const raw = name.replaceAll(/[%?#]/g, encodeURIComponent);
      for (
        const written of [
          new URL(`/s/d/${raw}`, "http://a").pathname,
          `/s/d/${encoded}`,
          `/s/d/${encoded.replaceAll(/%../g, (each) => each.toLowerCase())}`,
          `/s/d/${
            Array.from(new TextEncoder().encode(name), (octet) =>
              escaped(String.fromCharCode(octet))).join("")
          }`,
        ]
      ) {
        const { status, content } = await askFollowing(askRaw, app, written);
        assertEquals([status, content], [200, `${i}`], written);
        served.add(paths.at(-1)!);
      }
      assertEquals(served.size, 1, name);
      const [path] = [...served];
      assertEquals(new URL(path!, "http://a").pathname, path);
    }
  },
});

Deno.test("what browsers send for usual names is served without a redirect", async () => {
  using folder = new TestFolder();
  const usual = ["a b.txt", "Ümläut.txt", "it's.txt", 'a"b', "a`b", "{a}"];
  usual.push("<a>", "a@b:c", "a+b&c=d;e,f$g!h*i(j)", "~a-b_c.d", "月亮 🌙");
  for (const name of usual) folder.write(name, name);
  const app = new Router();
  app.get("/s/*path", files(folder.path));
  for (const name of usual) {
    const { pathname } = new URL(`/s/${name}`, "http://a");
    assertEquals((await askRaw(app, pathname)).status, 200, name);
    assertEquals((await askPlatform(app, pathname)).status, 200, name);
  }
});
