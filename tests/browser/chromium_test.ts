/** The harness for tests in a browser, by a page of our own server. */

import { assertEquals, assertRejects } from "@std/assert";
import { html, Router, serve } from "../../mod.ts";
import { browserTest } from "./chromium.ts";

const ICON = html`<link rel="icon" href="data:,">`;

function pages(): Router {
  const app = new Router();
  app.get("/", () =>
    html`<!doctype html><title>First</title>${ICON}
      <p style="margin-top: 2000px"><a href="/second">On</a></p>`);
  app.get("/second", () =>
    html`<!doctype html><title>Second</title>${ICON}
      <form action="/said"><input name="text" autofocus></form>
      <input type="file" multiple>`);
  app.get(
    "/said",
    (_input, c) =>
      html`<!doctype html><title>Third</title>${ICON}
      <p>${c.query.get("text")}</p><script>undefinedFunction()</script>`,
  );
  return app;
}

browserTest(
  "a test opens a page, clicks, types and chooses files",
  async (browser) => {
    await using server = serve(pages(), {
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
    });
    const url = `http://127.0.0.1:${server.addr.port}`;
    const page = await browser.open(`${url}/`);
    assertEquals(await page.evaluate("document.title"), "First");

    await page.click("a");
    await page.until("document.title === 'Second'");
    await page.until("document.activeElement.name === 'text'");

    await page.choose("[type=file]", [Deno.execPath()]);
    assertEquals(
      await page.evaluate(
        "document.querySelector('[type=file]').files[0].size",
      ),
      (await Deno.stat(Deno.execPath())).size,
    );

    await page.type("Kia ora 3\n");
    await page.until("document.title === 'Third'");
    assertEquals(
      await page.evaluate("document.querySelector('p').innerText"),
      "Kia ora 3",
    );
    assertEquals(
      page.received.map(({ status, url }) => [status, new URL(url).pathname]),
      [[200, "/"], [200, "/second"], [200, "/said"]],
    );
    assertEquals(
      page.received[0]?.headers.get("content-type"),
      "text/html; charset=utf-8",
    );
    await page.until("document.readyState === 'complete'");
    assertEquals(
      page.complaints.map((text) => text.split("\n")[0]),
      ["ReferenceError: undefinedFunction is not defined"],
    );

    await page.resize(390, 844, true);
    const png = new DataView((await page.screenshot()).buffer);
    assertEquals([png.getUint32(16), png.getUint32(20)], [780, 1688]);

    await assertRejects(
      () => page.evaluate("nothing.like.it"),
      Error,
      "nothing is not defined",
    );
  },
);
