/**
 * A page in a browser, in the hands of a test: it looks, clicks, types and
 * chooses files as a person does, and keeps what went over the network.
 *
 * @module
 */

import type { DevTools, Json } from "./devtools.ts";

/** An answer that the page received. */
export interface Received {
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** How often something is looked for, and the wait between, milliseconds. */
const TRIES = 600;
const PAUSE = 50;

/** A page, made by `Browser.open`. */
export class Page {
  /** The answers, in the order in which their heads came. */
  readonly received: Received[] = [];
  /** What went wrong: errors of scripts and on the console, dialogs that block. */
  readonly complaints: string[] = [];
  readonly #devtools: DevTools;
  readonly #session: string;

  private constructor(devtools: DevTools, session: string) {
    this.#devtools = devtools;
    this.#session = session;
  }

  /** Makes an empty page. */
  static async create(devtools: DevTools): Promise<Page> {
    const { targetId } = await devtools.send("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await devtools.send("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const page = new Page(devtools, sessionId);
    page.#listen();
    for (const domain of ["Page", "Runtime", "Network", "Log", "DOM"]) {
      await page.#send(`${domain}.enable`);
    }
    return page;
  }

  /** Goes to `url` and waits until it has loaded. */
  async goto(url: string): Promise<void> {
    const { errorText } = await this.#send("Page.navigate", { url });
    if (errorText) throw new Error(`Cannot open ${url}: ${errorText}`);
    await this.until("document.readyState === 'complete'");
  }

  /** Loads the page anew. */
  async reload(): Promise<void> {
    await this.evaluate("globalThis.isOld = true");
    await this.#send("Page.reload");
    await this.until("!globalThis.isOld && document.readyState === 'complete'");
  }

  /**
   * The value of an expression in the page, promises awaited.
   *
   * @throws {Error} with what the expression threw
   */
  async evaluate<T = unknown>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails === undefined) return result.value;
    throw new Error(`Cannot evaluate ${expression}: ${told(exceptionDetails)}`);
  }

  /** Waits until an expression in the page holds. */
  async until(expression: string): Promise<void> {
    let why = "it never held";
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        if (await this.evaluate(expression)) return;
      } catch (error) {
        why = (error as Error).message; // a page that is just being replaced
      }
      await pause();
    }
    throw new Error(
      `Waited for ${expression} in vain: ${why}. The page reads: ${await this
        .evaluate("document.body?.innerText").catch(() => "nothing")} ${
        this.complaints.join("; ")
      }`,
    );
  }

  /** Waits until something holds for the answers that were received. */
  async untilReceived(
    is: (received: readonly Received[]) => boolean,
  ): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (is(this.received)) return;
      await pause();
    }
    const all = this.received.map(({ status, url }) => `${status} ${url}`);
    throw new Error(`Waited for an answer in vain, among ${all.join(", ")}`);
  }

  /** Clicks the middle of the element, which must be there to be hit. */
  async click(selector: string): Promise<void> {
    const element = `document.querySelector(${JSON.stringify(selector)})`;
    await this.until(`${element} !== null`);
    const [x, y] = await this.evaluate<[number, number]>(`(() => {
      const element = ${element};
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const box = element.getBoundingClientRect();
      const at = [box.x + box.width / 2, box.y + box.height / 2];
      const hit = document.elementFromPoint(...at);
      if (!element.contains(hit)) {
        throw new Error("what is there is " + (hit?.outerHTML ?? "nothing"));
      }
      return at;
    })()`);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.#send("Input.dispatchMouseEvent", {
        ...{ type, x, y, button: "left", clickCount: 1 },
      });
    }
  }

  /** Types into what has the focus; a line end is the key Enter. */
  async type(text: string): Promise<void> {
    for (const character of text) {
      const key = character === "\n"
        ? { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" }
        : { key: character, text: character };
      await this.#send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
      await this.#send("Input.dispatchKeyEvent", {
        ...key,
        type: "keyUp",
        text: undefined,
      });
    }
  }

  /** Chooses files for an `<input type="file">`, as its dialog would. */
  async choose(selector: string, files: readonly string[]): Promise<void> {
    const { root } = await this.#send("DOM.getDocument");
    const { nodeId } = await this.#send("DOM.querySelector", {
      nodeId: root.nodeId,
      selector,
    });
    await this.#send("DOM.setFileInputFiles", { nodeId, files });
  }

  /** Gives the page another size, as a phone has where `mobile` is said. */
  async resize(width: number, height: number, mobile = false): Promise<void> {
    await this.#send("Emulation.setDeviceMetricsOverride", {
      ...{ width, height, mobile, deviceScaleFactor: mobile ? 2 : 1 },
    });
  }

  /** What is to be seen, as PNG. */
  async screenshot(): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.#send("Page.captureScreenshot");
    return Uint8Array.fromBase64(data);
  }

  #send(method: string, params?: Json): Promise<Json> {
    return this.#devtools.send(method, params, this.#session);
  }

  #listen(): void {
    const on = (event: string, listener: (params: Json) => void) =>
      this.#devtools.on(this.#session, event, listener);
    on("Network.responseReceived", ({ response }) => {
      const fields = Object.entries<string>(response.headers);
      this.received.push({
        url: response.url,
        status: response.status,
        headers: new Map(
          fields.map(([name, value]) => [name.toLowerCase(), value]),
        ),
      });
    });
    on("Runtime.exceptionThrown", ({ exceptionDetails }) => {
      this.complaints.push(told(exceptionDetails));
    });
    on("Log.entryAdded", ({ entry }) => {
      if (entry.level === "error") {
        this.complaints.push(`${entry.text} ${entry.url ?? ""}`.trim());
      }
    });
    on("Page.javascriptDialogOpening", ({ message }) => {
      this.complaints.push(`a dialog: ${message}`);
      void this.#send("Page.handleJavaScriptDialog", { accept: false })
        .catch(() => {});
    });
  }
}

function told(exception: Json): string {
  return exception.exception?.description ?? exception.text;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}
