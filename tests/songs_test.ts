/** `examples/songs.ts` without a browser: what it keeps, and what it refuses. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { songs } from "../examples/songs.ts";
import { type Router, serve } from "../mod.ts";
import { Wire } from "./wire_client.ts";

const ROOT = new URL("../", import.meta.url);

/** A folder that is gone at the end. */
async function folder() {
  const path = await Deno.makeTempDir({ prefix: "no8wire-songs-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** All files below a folder with their sizes, sorted. */
function contents(path: string): string[] {
  return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? contents(`${path}/${name}`).map((below) => `${name}/${below}`)
      : [`${name} ${Deno.statSync(`${path}/${name}`).size}`]
  ).sort();
}

/** A form with one part a file, as octets, so that names can be anything. */
function form(...filenames: (string | undefined)[]): RequestInit {
  const parts = filenames.map((filename) =>
    '--x\r\nContent-Disposition: form-data; name="story"' +
    (filename === undefined ? "" : `; filename="${filename}"`) +
    "\r\n\r\nsound\r\n"
  );
  return {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=x" },
    body: `${parts.join("")}--x--\r\n`,
  };
}

/** `200 text` or `404 sentence`. */
async function ask(
  app: Router,
  path: string,
  init: RequestInit = {},
): Promise<string> {
  const answer = await app.request(path, init);
  if (answer.status === 308) { // from `%26` to `&`
    return await ask(app, answer.headers.get("location")!, init);
  }
  const text = await answer.text();
  const problem = answer.headers.get("content-type")?.includes("problem");
  return `${answer.status} ${problem ? JSON.parse(text).detail : text}`.trim();
}

const story = (name: string) => ({
  method: "PUT",
  body: new URLSearchParams({ story: name }),
});

const NAMES: [sent: string, kept: string][] = [
  ["Hine.mp3", "Hine.mp3"],
  ["HINE.MP3", "HINE.MP3"],
  ["Where is Mum?.ogg", "Where is Mum?.ogg"],
  ["100 %.m4a", "100 %.m4a"],
  ["Te Rā – 月亮 🌙.flac", "Te Rā – 月亮 🌙.flac"],
  ["a.b.c.wav", "a.b.c.wav"],
  ["<b>&'.aac", "<b>&'.aac"],
  ["a%2fb.mp3", "a%2fb.mp3"],
  ["R\u0061\u0304.mp3", "R\u0101.mp3"], // as a Mac writes it
  ["../../etc/passwd.mp3", "passwd.mp3"],
  ["/etc/passwd.mp3", "passwd.mp3"],
  ["C:\\Users\\Ada\\Hine.opus", "Hine.opus"],
  ["..\\..\\up.mp3", "up.mp3"],
  [".hidden.mp3", "hidden.mp3"],
  [".. .mp3", "Story.mp3"],
  [".mp3", "Story.mp3"],
  ["/.mp3", "Story.mp3"],
  ["a%0D%0Ab%22.mp3", 'ab".mp3'], // as browsers encode it
  [`${"a".repeat(5_000)}.mp3`, `${"a".repeat(80)}.mp3`],
  [`${"月".repeat(1_000)}.mp3`, `${"月".repeat(80)}.mp3`],
  [`a${"🌙".repeat(80)}.mp3`, `a${"🌙".repeat(39)}\ufffd.mp3`],
  ["__proto__.mp3", "__proto__.mp3"],
];

Deno.test("songs keeps the title of a file, and makes its name safe", async (t) => {
  for (const [sent, kept] of NAMES) {
    await t.step(JSON.stringify(sent.slice(0, 40)), async () => {
      await using home = await folder();
      const app = songs(home.path);
      const escaped = sent.replaceAll("\\", "\\\\");
      const said = await ask(app, "/songs", form(escaped));
      assertEquals(said, `201 ${JSON.stringify([kept])}`);
      assertEquals(contents(home.path), [`stories/${kept} 5`]);
      const url = `/songs/${encodeURIComponent(kept)}`;
      assertEquals(await ask(app, url), "200 sound");
      const page = await ask(app, "/");
      assert(!page.includes("<b>"));
      assertStringIncludes(page, "</h3>");
      assertEquals(await ask(app, "/tokens/1", story(kept)), "204");
      assertEquals(await ask(app, url, { method: "DELETE" }), "204");
      assertEquals(contents(home.path), ["tokens.json 2"]);
    });
  }
});

Deno.test("songs keeps several files, and both of two with one title", async () => {
  await using home = await folder();
  const app = songs(home.path);
  assertEquals(
    await ask(app, "/songs", form("a.mp3", "", undefined, "b.ogg")),
    '201 ["a.mp3","b.ogg"]',
  );
  const both = [1, 2, 3].map(() => ask(app, "/songs", form("a.mp3")));
  await Promise.all(both);
  assertEquals(contents(`${home.path}/stories`), [
    "a (2).mp3 5",
    "a (3).mp3 5",
    "a (4).mp3 5",
    "a.mp3 5",
    "b.ogg 5",
  ]);
});

const REFUSED: [what: string, path: string, init: RequestInit, said: string][] =
  [
    ["a text", "/songs", form("a.txt"), "415 Only audio files go on the shelf"],
    [
      "a page",
      "/songs",
      form("a.mp3.html"),
      "415 Only audio files go on the shelf",
    ],
    [
      "no ending",
      "/songs",
      form("mp3"),
      "415 Only audio files go on the shelf",
    ],
    ["no file", "/songs", form(""), "400 Choose a file first"],
    ["a field alone", "/songs", form(undefined), "400 Choose a file first"],
    ["an empty form", "/songs", form(), "400"],
    ["no form", "/songs", { method: "POST", body: "a" }, "415"],
    ["no content", "/songs", { method: "POST" }, "400"],
    ["a form that breaks off", "/songs", {
      ...form("a.mp3"),
      body:
        '--x\r\nContent-Disposition: form-data; name="s"; filename="a.mp3"\r\n\r\nsou',
    }, "400"],
    ["a form whose last delimiter is cut", "/songs", {
      ...form("a.mp3"),
      body: (form("a.mp3", "b.mp3").body as string).slice(0, -4),
    }, "400"],
    [
      "a text behind a story",
      "/songs",
      form("a.mp3", "b.txt"),
      "415 Only audio files go on the shelf",
    ],
    ["a form that breaks off behind a story", "/songs", {
      ...form("a.mp3"),
      body: (form("a.mp3", "b.mp3").body as string).slice(0, -14),
    }, "400"],
    [
      "a story that is not there",
      "/tokens/1",
      story("b.mp3"),
      "404 There is no such story",
    ],
    [
      "a story elsewhere",
      "/tokens/1",
      story("../tokens.json"),
      "404 There is no such story",
    ],
    ["a token without a story", "/tokens/1", {
      method: "PUT",
      body: new URLSearchParams(),
    }, "404 There is no such story"],
    [
      "a token that is too long",
      `/tokens/${"1".repeat(65)}`,
      story("is.mp3"),
      "400 A token has up to 64 letters and digits",
    ],
    [
      "a token with markup",
      "/tokens/%3Cb%3E",
      story("is.mp3"),
      "400 A token has up to 64 letters and digits",
    ],
    [
      "a tap of an unknown token",
      "/tokens/1/tap",
      { method: "POST" },
      "404 No story is on the token 1 yet",
    ],
    [
      "a tap of __proto__",
      "/tokens/__proto__/tap",
      { method: "POST" },
      "404 No story is on the token __proto__ yet",
    ],
    [
      "deleting what is not there",
      "/songs/b.mp3",
      { method: "DELETE" },
      "404 There is no such story",
    ],
    [
      "deleting elsewhere",
      "/songs/..%2Ftokens.json",
      { method: "DELETE" },
      "404 There is no such story",
    ],
    ["a page of somebody else", "/songs/is.mp3", {
      method: "DELETE",
      headers: { origin: "http://evil.example" },
    }, "403 Only a page of this server can do that"],
    ["a page of nobody", "/songs/is.mp3", {
      method: "DELETE",
      headers: { origin: "null" },
    }, "403 Only a page of this server can do that"],
    ["reading the tokens", "/songs/..%2Ftokens.json", {}, "404"],
    [
      "reading the tokens, encoded twice",
      "/songs/..%252Ftokens.json",
      {},
      "404",
    ],
    ["reading the source", "/assets/..%2Fshelf.ts", {}, "404"],
  ];

Deno.test("songs refuses, and stays as it was", async (t) => {
  await using home = await folder();
  const app = songs(home.path);
  await ask(app, "/songs", form("is.mp3"));
  await ask(app, "/tokens/7", story("is.mp3"));
  const before = contents(home.path);
  for (const [what, path, init, said] of REFUSED) {
    await t.step(what, async () => {
      assertStringIncludes(await ask(app, path, init), said);
      assertEquals(contents(home.path), before);
    });
  }
});

Deno.test("songs tells each open page of what is tapped and changed", async () => {
  await using home = await folder();
  await using server = serve(songs(home.path), {
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const send = async (path: string, init: RequestInit) => {
    const answer = await fetch(url + path, init);
    await answer.body?.cancel();
    return answer.status;
  };
  const pages = await Promise.all([1, 2].map(() => fetch(`${url}/events`)));
  const told = pages.map(({ body }) =>
    body!.pipeThrough(new TextDecoderStream()).getReader()
  );
  assertEquals(await send("/songs", form("a.mp3")), 201);
  assertEquals(await send("/tokens/7", story("a.mp3")), 204);
  assertEquals(await send("/tokens/7/tap", { method: "POST" }), 204);
  const expected = "event: changed\ndata: \n\n".repeat(2) +
    "event: play\ndata: a.mp3\n\n";
  for (const page of told) {
    let text = "";
    while (!text.endsWith("a.mp3\n\n")) text += (await page.read()).value;
    assertEquals(text.replaceAll(/^:.*\n\n?/gm, ""), expected);
    await page.cancel();
  }
});

Deno.test("songs keeps nothing of an upload whose client leaves midway", async () => {
  await using home = await folder();
  await using server = serve(songs(home.path), {
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    onError() {},
  });
  const { port } = server.addr as { port: number };
  const wire = await Wire.connect({ port });
  await wire.send(
    "POST /songs HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n" +
      "Content-Type: multipart/form-data; boundary=x\r\n\r\n" +
      '--x\r\nContent-Disposition: form-data; name="s"; filename="a.mp3"\r\n\r\n' +
      "sound".repeat(1_000),
  );
  const has = async (count: number) => {
    for (let tries = 0; tries < 400; tries++) {
      if (contents(home.path).length === count) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  };
  assert(await has(1), "it is on its way");
  assertEquals(contents(`${home.path}/stories`), []);
  wire.close();
  assert(await has(0), "nothing is left of it");
});

Deno.test("songs drops at its start what did not come whole, and keeps the rest", async () => {
  await using home = await folder();
  const first = songs(home.path);
  await ask(first, "/songs", form("a.mp3"));
  await ask(first, "/tokens/04:a2", story("a.mp3"));
  await Deno.writeTextFile(`${home.path}/0.part`, "sou");
  await Deno.writeTextFile(`${home.path}/tokens.part`, '[["04');
  const before = contents(home.path).filter((name) => !name.includes(".part"));
  const second = songs(home.path);
  assertEquals(contents(home.path), before);
  assertEquals(
    await ask(second, "/tokens/04:a2/tap", { method: "POST" }),
    "204",
  );
  assertEquals(await ask(second, "/tokens/04:a2", { method: "DELETE" }), "204");
  assertStringIncludes(
    await ask(songs(home.path), "/tokens/04:a2/tap", { method: "POST" }),
    "404",
  );
});

/** The line that starts it, as the file prints it, but for where it listens. */
async function command(home: string): Promise<string[]> {
  const source = await Deno.readTextFile(new URL("examples/songs.ts", ROOT));
  const line = /^ \* {5}deno (run .*)$/m.exec(source)?.[1];
  const task = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)))
    .tasks.songs.command;
  assertEquals(task, `deno ${line}`);
  await Deno.writeTextFile(
    `${home}/listen.ts`,
    `const { listen } = Deno;
    Deno.listen = (options) => listen({ ...options, hostname: "127.0.0.1", port: 0 });`,
  );
  return task.replaceAll("examples/", `${ROOT.pathname}examples/`)
    .replace("0.0.0.0:8000", "127.0.0.1").split(" ").slice(1)
    .toSpliced(1, 0, `--preload=${home}/listen.ts`, "--no-check");
}

/** A process that serves the folder `songs` of `home`. */
async function start(home: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: await command(home),
    cwd: home,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes("\n")) break;
  }
  const url = /http:\S+(?=\/)/.exec(said)?.[0];
  assert(url, `It ended and printed ${said}`);
  return {
    url,
    async kill(signal: Deno.Signal) {
      child.kill(signal);
      return (await child.status).code;
    },
  };
}

/** Answers that are counted before it is killed. */
const MOMENTS = [1, 5, 12, 30];

Deno.test("songs survives kill -9 in the midst of changes", {
  timeout: 120_000,
}, async () => {
  await using home = await folder();
  const tokens = new Set<string>();
  const stories = new Set<string>();
  for (const [round, moment] of MOMENTS.entries()) {
    const server = await start(home.path);
    let answers = 0;
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const count = () => ++answers === moment && resolve();
    const change = async (n: number) => {
      const id = `${round}-${n}`;
      const sent = await fetch(`${server.url}/songs`, {
        ...form(`${id}.mp3`),
        body: (form(`${id}.mp3`).body as string)
          .replace("sound", "sound".repeat(20_000)),
      });
      const [name] = await sent.json();
      stories.add(name);
      const put = await fetch(`${server.url}/tokens/${id}`, story(name));
      await put.body?.cancel();
      if (put.status === 204) tokens.add(`${id} ${name}`);
      count();
    };
    // Those that are under way when it is killed fail, as they should.
    const all = Array.from({ length: 40 }, (_, n) => change(n).catch(() => {}));
    await Promise.race([reached, Promise.all(all)]);
    await server.kill("SIGKILL");
    await Promise.all(all);
    assert(answers >= moment);
  }

  const last = await start(home.path);
  const page = await (await fetch(`${last.url}/`)).text();
  assertEquals(await last.kill("SIGTERM"), 0);
  const kept: [string, string][] = JSON.parse(
    await Deno.readTextFile(`${home.path}/songs/tokens.json`),
  );
  const pairs = new Set(kept.map((pair) => pair.join(" ")));
  assertEquals([...tokens].filter((pair) => !pairs.has(pair)), []);
  const files = contents(`${home.path}/songs`)
    .filter((name) => !name.startsWith("tokens.json "));
  assertEquals(files.filter((name) => !name.endsWith(".mp3 100000")), []);
  assertEquals(
    [...stories].filter((name) => !files.includes(`stories/${name} 100000`)),
    [],
  );
  for (const name of stories) assertStringIncludes(page, `/songs/${name}`);
});
