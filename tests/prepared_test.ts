import { assertEquals } from "@std/assert";
import { type Middleware, Router } from "../mod.ts";
import { Answer } from "../response/answer.ts";
import { type Asking, Prepared } from "../response/prepared.ts";
import { converse } from "../features/testing.ts";

/** Says what it was asked, at once or after a while. */
function echo(waits: boolean, status = 200): Prepared {
  const say = (asked: Asking) =>
    new Answer(
      status,
      `${asked.method} ${asked.path} ${asked.status} ${asked.header("x-a")}`,
    );
  return new Prepared((asked) => waits ? later(() => say(asked)) : say(asked));
}

async function later<Made>(make: () => Made): Promise<Made> {
  await null;
  return make();
}

const WAYS = [
  { name: "at once", waits: false },
  { name: "later", waits: true },
];

/** Every place where a result can come from. */
function appOf(waits: boolean): Router {
  const app = new Router({ onError: () => {} });
  const instead: Middleware = () => echo(waits);
  const later: Middleware = async (_c, next) => {
    await next();
    return echo(waits);
  };
  const around: Middleware = async (c, next) => {
    c.headers.set("x-around", "1");
    const answer = await next();
    answer.headers.set("x-length", `${String(answer.body).length}`);
    return answer;
  };
  app.get("/plain", () => echo(waits));
  app.get("/async", async () => echo(waits));
  app.get("/set", (_input, c) => {
    c.status = 201;
    c.headers.set("x-set", "1");
    c.cookies.set("id", "7");
    return echo(waits);
  });
  app.get("/other", (_input, c) => {
    c.status = 201;
    return echo(waits, 206);
  });
  app.get("/instead", { use: [instead] }, () => "never");
  app.get("/behind", { use: [later] }, () => "first");
  app.get("/around", { use: [around] }, () => echo(waits));
  app.get("/throws", () => {
    throw new RangeError("no");
  });
  app.catch(RangeError, () => echo(waits));
  return app;
}

const SAYS: [path: string, status: number, says: string][] = [
  ["/plain", 200, "GET /plain undefined 1"],
  ["/async", 200, "GET /async undefined 1"],
  ["/set", 201, "GET /set 201 1"],
  ["/other", 206, "GET /other 201 1"],
  ["/instead", 200, "GET /instead undefined 1"],
  ["/behind", 200, "GET /behind 200 1"],
  ["/around", 200, "GET /around undefined 1"],
  ["/throws", 500, "GET /throws 500 1"],
];

for (const { name, waits } of WAYS) {
  Deno.test(`Prepared is answered ${name}, wherever it comes from`, async () => {
    const app = appOf(waits);
    for (const [path, status, says] of SAYS) {
      const answer = await app.request(path, { headers: { "x-a": "1" } });
      assertEquals([answer.status, await answer.text()], [status, says], path);
      const said = await converse(
        app,
        `GET ${path} HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nConnection: close\r\n\r\n`,
      );
      assertEquals(said.split(" ")[1], `${status}`, path);
      assertEquals(said.split("\r\n\r\n")[1], says, path);
    }
  });

  Deno.test(`Prepared that is answered ${name} takes what was set`, async () => {
    const app = appOf(waits);
    const { headers } = await app.request("/set");
    assertEquals(headers.get("x-set"), "1");
    assertEquals(headers.getSetCookie().length, 1);
    const around = await app.request("/around");
    assertEquals(around.headers.get("x-around"), "1");
    assertEquals(around.headers.get("x-length"), "31");
  });

  Deno.test(`Prepared that throws ${name} is an error of its place`, async () => {
    const bad = () =>
      new Prepared(() => {
        const fail = (): never => {
          throw new SyntaxError("broken");
        };
        return waits ? later(fail) : fail();
      });
    const app = new Router({ onError: () => {} });
    const instead: Middleware = () => bad();
    app.get("/plain", bad);
    app.get("/async", async () => bad());
    app.get("/instead", { use: [instead] }, () => "never");
    app.get("/throws", () => {
      throw new RangeError("no");
    });
    const inner = new Router();
    inner.get("/throws", () => {
      throw new RangeError("no");
    });
    inner.catch(RangeError, bad);
    app.mount("/in", inner);
    app.catch(SyntaxError, (error) => `caught ${error.message}`);
    for (const path of ["/plain", "/async", "/instead", "/in/throws"]) {
      const answer = await app.request(path);
      assertEquals(
        [answer.status, await answer.text()],
        [500, "caught broken"],
        path,
      );
    }
  });

  Deno.test(`Prepared that is answered ${name} is held to no schema`, async () => {
    const app = new Router();
    const never = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => ({ issues: [{ message: "never" }] }),
      },
    } as const;
    app.get("/", { returns: never }, () => echo(waits));
    assertEquals((await app.request("/")).status, 200);
  });
}

Deno.test("Prepared is answered anew for each request", async () => {
  const app = new Router();
  const kept = echo(false);
  app.get("/a", () => kept);
  app.get("/b", () => kept);
  const texts = [];
  for (const path of ["/a", "/b"]) {
    texts.push(await (await app.request(path)).text());
  }
  assertEquals(texts, [
    "GET /a undefined undefined",
    "GET /b undefined undefined",
  ]);
});
