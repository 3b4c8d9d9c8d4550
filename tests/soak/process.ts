/**
 * The process that is soaked, seen from outside: its figures, what the system
 * counts of it, what it prints, and how it ends.
 *
 * @module
 */

import { lines } from "../../bench/process.ts";
import type { Figures } from "./server.ts";

/** A process that serves, and must not end before it is told. */
export class SoakedProcess {
  readonly port: number;
  /** Whether it has ended. */
  ended = false;
  #printed = "";
  #surprises: readonly string[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #next: () => Promise<string | undefined>;
  readonly #asks: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(
    child: Deno.ChildProcess,
    next: () => Promise<string | undefined>,
    port: number,
  ) {
    this.#child = child;
    this.#next = next;
    this.port = port;
    this.#asks = child.stdin.getWriter();
    child.status.then(() => this.ended = true);
    void this.#listen();
  }

  /** Starts `server.ts`, and waits for its port. */
  static async start(args: readonly string[]): Promise<SoakedProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--v8-flags=--expose-gc"],
        ...["--allow-net=127.0.0.1", "--allow-read"],
        new URL("server.ts", import.meta.url).pathname,
        ...args,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    const next = lines(child.stdout);
    const line = await next();
    if (line === undefined) {
      throw new Error(
        `Cannot start: ${await new Response(child.stderr).text()}`,
      );
    }
    return new SoakedProcess(child, next, JSON.parse(line).port);
  }

  async #listen(): Promise<void> {
    const text = this.#child.stderr.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      this.#printed = (this.#printed + part).slice(0, 4_000);
    }
  }

  /** What it says of itself. */
  async figures(): Promise<Figures> {
    await this.#asks.write(new TextEncoder().encode("\n"));
    const line = await this.#next();
    if (line === undefined) throw new Error("the server has ended");
    const figures: Figures = JSON.parse(line);
    this.#surprises = figures.surprises;
    return figures;
  }

  /** What the system says of it. */
  measured(): { rss: number; descriptors: number } {
    const folder = `/proc/${this.#child.pid}`;
    const status = Deno.readTextFileSync(`${folder}/status`);
    const kB = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    const descriptors = [...Deno.readDirSync(`${folder}/fd`)].length;
    return { rss: kB * 1024, descriptors };
  }

  /** Ends it as an operator would. Sentences about what was wrong with it. */
  async end(drain: number): Promise<string[]> {
    const wrong: string[] = [];
    if (this.ended) wrong.push("The server ended by itself");
    else {
      this.#child.kill("SIGTERM");
      await this.#asks.close().catch(() => {});
      const late = setTimeout(() => {
        wrong.push("The server did not end within timeouts.drain");
        this.#child.kill("SIGKILL");
      }, drain + 5_000);
      const { code } = await this.#child.status;
      clearTimeout(late);
      if (code !== 0) wrong.push(`The server exited with ${code}`);
    }
    if (this.#printed !== "") {
      wrong.push(`The server printed ${this.#printed}`);
    }
    return [...wrong, ...this.#surprises.map((what) => `Reported: ${what}`)];
  }

  /** Ends it, whatever it is at. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.ended) this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}
