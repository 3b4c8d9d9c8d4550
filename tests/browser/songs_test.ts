/** The page of `examples/songs.ts` as a parent has it: in a browser. */

import { assert, assertEquals } from "@std/assert";
import { songs } from "../../examples/songs.ts";
import { serve, type Server } from "../../mod.ts";
import { browserTest } from "./chromium.ts";
import type { Page } from "./page.ts";
import { tone } from "./tone.ts";

/** A server with an empty shelf, two sound files beside it, and their end. */
async function house() {
  const folder = await Deno.makeTempDir({ prefix: "no8wire-songs-" });
  const files = ["The Lion & the Meadow.wav", "Hine.wav"]
    .map((name) => `${folder}/${name}`) as [string, string];
  // Longer than a browser reads ahead, so that seeking has to ask.
  await Deno.writeFile(files[0], tone(600));
  await Deno.writeFile(files[1], tone(3, 220));
  const open = () =>
    serve(songs(`${folder}/songs`), {
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
    });
  return {
    files,
    open,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const LION = "[data-story='The Lion & the Meadow.wav']";
const HINE = "[data-story='Hine.wav']";

/** The text of the first element that the selector finds. */
const textOf = (page: Page, selector: string) =>
  page.evaluate<string>(
    `document.querySelector(${JSON.stringify(selector)})
      .innerText.replaceAll(/\\s+/g, " ")`,
  );

/** Taps a token from outside of the page, as a reader of its own would. */
async function tap({ addr }: Server, token: string): Promise<void> {
  const url = `http://127.0.0.1:${addr.port}/tokens/${token}/tap`;
  assertEquals((await fetch(url, { method: "POST" })).status, 204);
}

const audio = (row: string) => `document.querySelector("${row} audio")`;

browserTest(
  "a parent adds stories, puts them on tokens, and a child taps",
  async (browser) => {
    await using home = await house();
    await using server = home.open();
    const url = `http://127.0.0.1:${server.addr.port}`;
    const page = await browser.open(`${url}/`);
    assert((await textOf(page, "body")).includes("No stories yet"));

    // Added: the bar goes to its end, and the stories are there.
    await page.evaluate(`{
    globalThis.sent = [];
    document.querySelector("#upload").addEventListener("submit", () =>
      sent.push(document.querySelector("progress").hidden), { capture: true });
    const bar = document.querySelector("progress");
    const { set } = Object.getOwnPropertyDescriptor(HTMLProgressElement.prototype, "value");
    Object.defineProperty(bar, "value", { set(value) {
      sent.push(value);
      set.call(bar, value);
    } });
  }`);
    await page.choose("#files", home.files);
    await page.click("#upload button");
    await page.until(`document.querySelector("${LION}") !== null`);
    await page.until(`document.querySelector("${HINE}") !== null`);
    await page.until("document.querySelector('progress').hidden");
    const sent = await page.evaluate<(number | boolean)[]>("sent");
    assertEquals([sent.at(0), sent.at(-1)], [true, 1]);
    assertEquals(await textOf(page, "#upload output"), "It is on the shelf.");
    assertEquals(await textOf(page, `${LION} h3`), "The Lion & the Meadow");
    assertEquals(await textOf(page, `${LION} .size`), "9.6 MB");
    assertEquals(
      await page.evaluate("document.querySelector('.empty').checkVisibility()"),
      false,
    );

    // Programmed, by a reader that types: no field has the focus, yet it is heard.
    await page.evaluate(`{
    const story = document.querySelector("#story");
    story.value = "The Lion & the Meadow.wav";
    document.activeElement.blur();
  }`);
    await page.type("04a2:7\n");
    await page.until(`document.querySelector("${LION} .tokens li") !== null`);
    assertEquals(
      await textOf(page, "#token output"),
      "Its story is on it. Tap it to listen.",
    );

    // Tapped, from outside of the page.
    await tap(server, "04a2:7");
    await page.until(`${audio(LION)}.currentTime > 0.1`);
    await page.until(
      "document.querySelector('#now').innerText.includes('Now playing')",
    );
    assertEquals(
      await textOf(page, "#now"),
      "Now playing: The Lion & the Meadow",
    );

    // Sought: the part that is wanted is asked for, and sent.
    await page.evaluate(`new Promise((resolve) => {
    ${audio(LION)}.addEventListener("seeked", resolve, { once: true });
    ${audio(LION)}.currentTime = 500;
  })`);
    await page.until(`${audio(LION)}.currentTime > 500.1`);
    await page.untilReceived((received) =>
      received.some(({ status, headers }) =>
        status === 206 && startOf(headers.get("content-range")) > 1_000_000
      )
    );

    // The other one takes its place.
    await page.evaluate(
      `{ document.querySelector("#story").value = "Hine.wav"; }`,
    );
    await page.type("77\n");
    await page.until(`document.querySelector("${HINE} .tokens li") !== null`);
    assertEquals(await page.evaluate(`${audio(LION)}.paused`), false); // all the while
    await page.type("77\n");
    await page.until(`${audio(HINE)}.currentTime > 0.1`);
    assertEquals(await page.evaluate(`${audio(LION)}.paused`), true);
    await page.until(
      "document.querySelector('#now').innerText.startsWith('Tap')",
    );

    // What is refused is told.
    await page.type("nobody\n");
    await page.until(
      "document.querySelector('#token output').innerText !== ''",
    );
    assertEquals(
      await textOf(page, "#token output"),
      "No story is on the token nobody yet",
    );

    // Loaded anew, and from a new server: all is as it was.
    await page.reload();
    assertEquals(await textOf(page, `${HINE} .tokens li`), "77 ×");
    await page.goto("about:blank");
    await server.shutdown();
    await using second = home.open();
    await page.goto(`http://127.0.0.1:${second.addr.port}/`);
    assertEquals(await textOf(page, `${LION} .tokens li`), "04a2:7 ×");

    // Nobody has touched this page yet, so the browser does not let it sound.
    await page.untilReceived((received) =>
      received.some(({ url }) => url.endsWith(`:${second.addr.port}/events`))
    );
    await tap(second, "04a2:7");
    await page.until("document.querySelector('#now').className === 'waits'");
    assertEquals(
      await textOf(page, "#now"),
      "Touch here to hear “The Lion & the Meadow”",
    );
    await page.click("#now");
    await page.until(`${audio(LION)}.currentTime > 0.1`);
    assertEquals(
      await textOf(page, "#now"),
      "Now playing: The Lion & the Meadow",
    );

    // Taken off, and deleted, which is asked once more.
    await page.click(`${LION} .tokens button`);
    await page.until(`document.querySelector("${LION} .tokens li") === null`);
    await page.click(`${LION} .delete`);
    assertEquals(await textOf(page, `${LION} .delete`), "Delete for ever?");
    await page.click(`${LION} .delete`);
    await page.until(`document.querySelector("${LION}") === null`);
    assertEquals(
      await page.evaluate("document.querySelectorAll('#stories > li').length"),
      1,
    );
    assertEquals(
      page.complaints.filter((text) => !text.includes("404")),
      [],
    );
  },
);

function startOf(range = ""): number {
  return Number(/^bytes (\d+)-/.exec(range)?.[1]);
}
