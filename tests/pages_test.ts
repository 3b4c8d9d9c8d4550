/**
 * Pages that are sent while they wait: what goes out when, what breaks off, and
 * what is told to what a page is made of.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  accessLog,
  type App,
  compress,
  etag,
  type Html,
  html,
  type HtmlValue,
  Router,
  serveConnection,
  toHandler,
} from "../mod.ts";
import { Peer } from "./peer.ts";

const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/** Serves `app` to a peer while `act` goes on; the connection has to end. */
async function talk(
  app: App,
  act: (peer: Peer) => Promise<void> | void,
): Promise<{ said: string; errors: unknown[] }> {
  const peer = new Peer();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const served = serveConnection(peer, toHandler(app), { onError });
  await act(peer);
  await served;
  return { said: peer.said, errors };
}

function appOf(page: () => unknown): Router {
  const app = new Router({ onError() {} });
  app.get("/", page);
  return app;
}

/** Something that comes after a turn of the event loop. */
function later<Value>(value: Value): Promise<Value> {
  return new Promise((resolve) => setTimeout(() => resolve(value)));
}

async function* each(...values: HtmlValue[]): AsyncGenerator<HtmlValue> {
  for (const value of values) yield await later(value);
}

/** Pages that wait, and their text. */
const PAGES: [name: string, page: () => Html, text: string][] = [
  ["a promise", () => html`[${later("<")}]`, "[&lt;]"],
  ["markup", () => html`[${later(html`<b>`)}]`, "[<b>]"],
  ["nothing", () => html`[${later(undefined)}]`, "[]"],
  ["a list", () => html`[${later(["a", "<"])}]`, "[a&lt;]"],
  ["of a promise", () => html`[${later([later("a"), "b"])}]`, "[ab]"],
  ["a list of promises", () => html`[${["a", later("b"), "c"]}]`, "[abc]"],
  [
    "two in order",
    () => html`${later(later("a"))}${Promise.resolve("b")}`,
    "ab",
  ],
  [
    "an async generator",
    () => html`[${each("a", "<", html`<i>`)}]`,
    "[a&lt;<i>]",
  ],
  ["an empty one", () => html`[${each()}]`, "[]"],
  ["of promises", () => html`[${each(later("a"), each("b", "c"))}]`, "[abc]"],
  ["a stream", () => html`[${ReadableStream.from(["a", "<"])}]`, "[a&lt;]"],
  [
    "nested",
    () => html`<p>${html`<b>${later(html`<i>${later("<")}</i>`)}</b>`}</p>`,
    "<p><b><i>&lt;</i></b></p>",
  ],
  [
    "a thenable",
    () =>
      html`[${{
        then: (come: (value: string) => void) => come("<"),
      } as never}]`,
    "[&lt;]",
  ],
  [
    "a title",
    () => html`<title>${later("</title>")}</title>`,
    "<title>&lt;/title&gt;</title>",
  ],
  ["an attribute", () => html`<p title="${later('"')}">`, '<p title="&quot;">'],
  [
    "a generator of promises",
    () =>
      html`[${
        function* () {
          yield later("a");
          yield "b";
        }()
      }]`,
    "[ab]",
  ],
];

Deno.test("html that waits is sent as a whole in the end, over every road", async () => {
  for (const [name, page, text] of PAGES) {
    const { said } = await talk(appOf(page), async (peer) => {
      peer.send(GET);
      await peer.hears("0\r\n\r\n");
      peer.end();
    });
    assert(/\r\ncontent-type: text\/html; charset=utf-8\r\n/i.test(said), said);
    const chunks = said.slice(said.indexOf("\r\n\r\n") + 4)
      .replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, "");
    assertEquals([name, chunks.trimEnd()], [name, text]);
    const answer = await appOf(page).request("/");
    assertEquals([name, await answer.text()], [name, text]);
    assertEquals([name, await page().text()], [name, text]);
  }
  assertEquals(await html`<p>${"<"}`.text(), "<p>&lt;");
});

Deno.test("html is sent as far as it is known while it waits", async () => {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<Html>();
  const app = appOf(() =>
    html`
      <h1>Songs</h1>
      <p>${first.promise}</p>
      <p>${second.promise}</p>
    `
  );
  await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("<h1>Songs</h1>");
    assertEquals(peer.said.includes("</p>"), false);
    second.resolve(html`<b>two</b>`);
    first.resolve("one");
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
});

Deno.test("html cannot be a string while it waits, and says what to do", () => {
  const page = html`${later("a")}`;
  for (const make of [() => `${page}`, () => page.toString()]) {
    assertEquals(
      assertThrows(make, TypeError).message,
      "Cannot make a string of html that waits for something: " +
        "return it, or await its text()",
    );
  }
  return page.text().then(() => {});
});

Deno.test("html refuses what is waited for where a URL begins", async () => {
  const url = later("/songs");
  assertThrows(
    () => html`<a href="${url}">`,
    TypeError,
    "where a URL begins: await it before",
  );
  assertEquals(await html`<a href="/${url}">`.text(), '<a href="//songs">');
});

// ── errors ──────────────────────────────────────────────────────────────────

Deno.test("html answers 500 to what fails before anything was sent", async () => {
  const pages = [
    () => html`<h1>${Promise.reject(new Error("refused"))}`,
    () => html`<h1>${Promise.resolve({} as never)}`,
    () => html`<p title="${Promise.resolve(html`<b>`)}">`,
  ];
  for (const page of pages) {
    const { said, errors } = await talk(appOf(page), async (peer) => {
      peer.send(GET);
      await peer.hears("status");
      peer.end();
    });
    assertEquals([said.slice(9, 12), errors.length], ["500", 1]);
  }
});

Deno.test("html answers 500 to a page that fails before it has anything", async () => {
  const fail = () => later(0).then(() => Promise.reject(new Error("failed")));
  const failing = async function* () {
    yield await fail();
  };
  const pages = [
    () => html`${fail()}`,
    () => html`${fail()}<p>`,
    () => html`${""}${null}${html`${fail()}`}`,
    () => html`${failing()}<p>`,
    () => html`${later("")}${fail()}`,
  ];
  const around = [[], [accessLog({ write() {} })], [compress()], [etag()]];
  for (const page of pages) {
    for (const middleware of around) {
      const app = new Router({ onError() {} });
      app.use(...middleware);
      app.get("/", page);
      const { said, errors } = await talk(app, async (peer) => {
        peer.send(GET.replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n"));
        await peer.hears("status");
        peer.end();
      });
      assertEquals([said.slice(9, 12), errors.length], ["500", 1]);
      const answer = await app.request("/");
      assertEquals(answer.status, 500);
      await answer.body?.cancel();
    }
  }
});

Deno.test("html breaks off at what fails later, and tells of it", async () => {
  const failing = async function* () {
    yield "a";
    await later("b");
    throw new Error("failed");
  };
  const pages = [
    () => html`<h1>${later(0).then(() => Promise.reject(new Error("failed")))}`,
    () => html`<h1>${failing()}`,
    () => html`<h1>${later(0).then(() => html`${"a"}${failing()}`)}`,
  ];
  for (const page of pages) {
    const { said, errors } = await talk(appOf(page), async (peer) => {
      peer.send(GET);
      await peer.hears("<h1>");
    });
    assertEquals(said.endsWith("0\r\n\r\n"), false);
    assertEquals(errors.map(String), ["Error: failed"]);
    await assertRejects(() => page().text(), Error, "failed");
    const answer = await appOf(page).request("/");
    await assertRejects(() => answer.text(), Error, "failed");
  }
});

Deno.test("html that nobody reads harms nobody, whatever it waits for", async () => {
  const rejected = () => Promise.reject(new Error("nobody is there"));
  html`${rejected()}`;
  html`${["a", rejected()]}<p title="${rejected()}">${html`${rejected()}`}`;
  const app = appOf(() => html`${rejected()}${rejected()}`);
  app.use(async (_c, next) => {
    await next();
    return new Response("instead");
  });
  assertEquals(await (await app.request("/")).text(), "instead");
  await later(0);
});

// ── what a page is made of ──────────────────────────────────────────────────

/** An iterable that tells what happens to it, and gives nothing for ever. */
function telling(log: string[], name: string, ...values: string[]) {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        log.push(`${name} next`);
        const value = values.shift();
        return value === undefined
          ? new Promise<never>(() => {})
          : Promise.resolve({ done: false as const, value });
      },
      return: () => {
        log.push(`${name} return`);
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
}

Deno.test("html tells what it is made of when the client leaves, and waits for none", async () => {
  const log: string[] = [];
  const app = appOf(() =>
    html`${telling(log, "a", "<")}${telling(log, "b")}${Promise.resolve("c")}`
  );
  await talk(app, async (peer) => {
    peer.send(GET);
    await peer.hears("&lt;");
    peer.reset();
  });
  assertEquals(log, ["a next", "a next", "a return", "b return"]);
});

Deno.test("html tells those around one that fails", async () => {
  const log: string[] = [];
  const outer = async function* () {
    try {
      yield html`<b>${Promise.reject(new Error("inner"))}</b>`;
    } finally {
      log.push("outer over");
    }
  };
  const page = html`${outer()}${telling(log, "behind")}`;
  await assertRejects(() => page.text(), Error, "inner");
  assertEquals(log.sort(), ["behind return", "outer over"]);
});

Deno.test("html rejects for an iterable that cannot begin, and tells those behind it", async () => {
  const log: string[] = [];
  const broken = {
    [Symbol.asyncIterator]: () => {
      throw new Error("cannot begin");
    },
  };
  const page = html`<p>${broken}${broken}${telling(log, "behind")}`;
  const text = page.text();
  await assertRejects(() => text, Error, "cannot begin");
  assertEquals(log, ["behind return"]);
});

Deno.test("html tells what it is made of when its reader cancels", async () => {
  const log: string[] = [];
  const app = appOf(() => html`<p>${telling(log, "a")}`);
  const answer = await app.request("/");
  const reader = answer.body!.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "<p>");
  await reader.cancel();
  assertEquals(log, ["a return"]);
});

Deno.test("html is answered to HEAD without being run", async () => {
  const log: string[] = [];
  const app = appOf(() => html`<p>${telling(log, "a")}${Promise.resolve("b")}`);
  const { said } = await talk(app, (peer) => {
    peer.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    peer.end();
  });
  assert(said.startsWith("HTTP/1.1 200") && said.endsWith("\r\n\r\n"), said);
  const answer = await app.request("/", { method: "HEAD" });
  assertEquals([await answer.text(), log], ["", ["a return", "a return"]]);
});

Deno.test("html lets a slow reader make an iterable wait", async () => {
  let made = 0;
  const pieces = async function* () {
    for (; made < 500; made++) yield "x".repeat(8 * 1024);
  };
  await talk(appOf(() => html`<p>${pieces()}`), async (peer) => {
    peer.stall();
    peer.send(GET);
    await peer.isRead();
    for (let turn = 0; turn < 2000; turn++) await null;
    assert(made < 20, `${made} pieces were made`);
    peer.resume();
    await peer.hears("0\r\n\r\n");
    peer.end();
  });
});

Deno.test("html of ten thousand rows is sent piece by piece, and read as a whole", async () => {
  const rows = async function* () {
    for (let row = 0; row < 10_000; row++) yield html`<li>${row}</li>`;
  };
  const expected = Array.from(
    { length: 10_000 },
    (_, row) => `<li>${row}</li>`,
  );
  const answer = await appOf(() => html`<ul>${rows()}</ul>`).request("/");
  assertEquals(await answer.text(), `<ul>${expected.join("")}</ul>`);
  assertEquals(
    await html`<ul>${rows()}</ul>`.text(),
    `<ul>${expected.join("")}</ul>`,
  );
});
