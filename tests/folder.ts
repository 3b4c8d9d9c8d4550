/**
 * A folder of files for tests, and how an application is asked for them: with raw
 * bytes through the real parser, and as a platform asks.
 *
 * @module
 */

import { converse } from "../features/testing.ts";
import type { Router } from "../mod.ts";

/** When the files were changed: long ago, so that their tags are strong. */
export const CHANGED = Date.UTC(2026, 0, 2, 3, 4, 5);
/** The same as a date of HTTP. */
export const CHANGED_DATE = "Fri, 02 Jan 2026 03:04:05 GMT";

/** A folder that is gone when the test is over. */
export class TestFolder implements Disposable {
  /** Where it is, with no link on the way. */
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync());

  /** Writes a file that is as old as the others, with the folders on its way. */
  write(name: string, content: string | Uint8Array, changed = CHANGED): string {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(path, bytes);
    Deno.utimeSync(path, changed / 1000, changed / 1000);
    return path;
  }

  /** Makes a link at `name` to what is at `target`. */
  link(name: string, target: string): void {
    Deno.symlinkSync(target, `${this.path}/${name}`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** An answer as it came. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly content: string;
}

/** Asks with raw bytes, so that no client tidies the target up. */
export async function askRaw(
  app: Router,
  target: string,
  fields: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Said> {
  const lines = Object.entries({ host: "a", connection: "close", ...fields })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const said = await converse(
    app,
    `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
  const end = said.indexOf("\r\n\r\n");
  const [first = "", ...rest] = said.slice(0, end).split("\r\n");
  const headers = new Headers(
    rest.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  return {
    status: Number(first.split(" ")[1]),
    headers,
    content: said.slice(end + 4),
  };
}

/** Asks as a platform does, through `app.fetch`. */
export async function askPlatform(
  app: Router,
  target: string,
  fields: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Said> {
  const answer = await app.request(target, { method, headers: fields });
  const { status, headers } = answer;
  return { status, headers, content: await answer.text() };
}

/** So many redirects a path may need: to its spelling, and to a folder's slash. */
const MOST_REDIRECTS = 2;

/** Asks as `ask` does, and goes where a redirect leads. */
export async function askFollowing(
  ask: typeof askRaw,
  app: Router,
  target: string,
  fields: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Said> {
  let said = await ask(app, target, fields, method);
  for (let times = 0; said.status === 308; times++) {
    if (times === MOST_REDIRECTS) throw new Error(`No end to ${target}`);
    said = await ask(app, said.headers.get("location")!, fields, method);
  }
  return said;
}

/** How many descriptors this process has open. */
export async function openFiles(): Promise<number> {
  const { stdout } = await new Deno.Command("ls", {
    args: [`/proc/${Deno.pid}/fd`],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").length - 1;
}
