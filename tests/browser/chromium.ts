/**
 * A real browser for tests: Chromium without a window, with a fresh profile, and
 * nothing left of either behind the test.
 *
 * ```ts ignore
 * browserTest("the page says hello", async (browser) => {
 *   const page = await browser.open("http://127.0.0.1:8000/");
 *   await page.until("document.body.innerText.includes('Hello')");
 * });
 * ```
 *
 * Where there is none, such tests are ignored, except where `CI` is `true`: there
 * they fail. `CHROMIUM` may name one that is not in the path.
 *
 * @module
 */

import { DevTools } from "./devtools.ts";
import { Page } from "./page.ts";

/** Browsers that speak the protocol, the first that is there is taken. */
const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
];

const FLAGS = [
  "--headless",
  "--no-sandbox", // root may not have one, and all the pages are ours
  "--disable-dev-shm-usage", // containers have 64 MB of it
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-crash-reporter",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
  "--mute-audio",
  "--autoplay-policy=document-user-activation-required",
  "--remote-debugging-port=0",
];

/** How long it may take to start or to end, milliseconds. */
const PATIENCE = 60_000;

/** The path of a browser; `undefined` where there is none. */
export function findChromium(): string | undefined {
  const folders = Deno.env.get("PATH")?.split(":") ?? [];
  const paths = folders.flatMap((folder) =>
    NAMES.map((name) => `${folder}/${name}`)
  );
  return [Deno.env.get("CHROMIUM") ?? [], paths].flat().find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A test that is given a browser of its own. */
export function browserTest(
  name: string,
  test: (browser: Browser) => Promise<void>,
): void {
  const path = findChromium();
  const needed = Deno.env.get("CI") === "true";
  const ignore = path === undefined && !needed;
  Deno.test(name, { ignore, timeout: 300_000 }, async () => {
    if (path === undefined) {
      throw new Error(
        "Cannot test in a browser: CI is set, and none was found",
      );
    }
    await using browser = await Browser.start(path);
    await test(browser);
  });
}

/** A browser that runs. */
export class Browser implements AsyncDisposable {
  readonly #child: Chromium;
  readonly #devtools: DevTools;

  private constructor(child: Chromium, devtools: DevTools) {
    this.#child = child;
    this.#devtools = devtools;
  }

  /** Starts the one at `path`. */
  static async start(path: string): Promise<Browser> {
    const child = await Chromium.start(path);
    try {
      return new Browser(child, await DevTools.connect(await child.address()));
    } catch (error) {
      await child.end();
      throw error;
    }
  }

  /** Opens a page and waits until it has loaded. */
  async open(url: string): Promise<Page> {
    const page = await Page.create(this.#devtools);
    await page.goto(url);
    return page;
  }

  /** Closes all pages, ends the browser, and removes its profile. */
  async [Symbol.asyncDispose](): Promise<void> {
    // It may leave before it answers, or have left.
    await this.#devtools.send("Browser.close").catch(() => {});
    await this.#devtools.close();
    await this.#child.end();
  }
}

/** The process, and the folder that is its home and profile. */
class Chromium {
  readonly #child: Deno.ChildProcess;
  readonly #home: string;
  readonly #log: Promise<void>;
  #said = "";
  #heard: () => void = () => {};
  #over = false;

  private constructor(child: Deno.ChildProcess, home: string) {
    this.#child = child;
    this.#home = home;
    this.#log = this.#listen();
  }

  static async start(path: string): Promise<Chromium> {
    const home = await Deno.makeTempDir({ prefix: "no8wire-browser-" });
    const child = new Deno.Command(path, {
      args: [...FLAGS, `--user-data-dir=${home}/profile`, "about:blank"],
      env: { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    return new Chromium(child, home);
  }

  /** The address that it prints, once it can be spoken to. */
  async address(): Promise<string> {
    const late = setTimeout(() => this.#kill(), PATIENCE);
    try {
      for (;;) {
        const url = /^DevTools listening on (ws:\S+)\s/m.exec(this.#said)?.[1];
        if (url !== undefined) return url;
        if (this.#over) {
          throw new Error(`Cannot start the browser: ${this.#said.trim()}`);
        }
        await new Promise<void>((resolve) => this.#heard = resolve);
      }
    } finally {
      clearTimeout(late);
    }
  }

  /** Waits until it has ended, not for ever, and removes the folder. */
  async end(): Promise<void> {
    const late = setTimeout(() => this.#kill(), PATIENCE / 6);
    await this.#child.status;
    clearTimeout(late);
    await this.#log;
    await this.#clear();
  }

  async #listen(): Promise<void> {
    const text = this.#child.stderr.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      this.#said = (this.#said + part).slice(-8_000);
      this.#heard();
    }
    this.#over = true;
    this.#heard();
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  /** Its helpers may write for a moment when it has ended. */
  async #clear(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      try {
        return await Deno.remove(this.#home, { recursive: true });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

// For `.ci/run`, which installs one where there is none.
if (import.meta.main) console.log(findChromium() ?? "");
