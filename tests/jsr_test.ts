/**
 * The package as someone who imports it from JSR meets it.
 *
 * What `deno publish` would send lies in a registry of our own, which we serve
 * ourselves. A project that has nothing but `jsr:@no8/wire` is checked, run and
 * asked over the network.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { serve } from "../mod.ts";

const ROOT = new URL("../", import.meta.url);

/** What the test needs of `deno.json`. */
interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: Record<string, string>;
}

/** The paths that `deno publish` would send, from the root. */
async function published(): Promise<string[]> {
  const args = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
  const { stderr } = await deno(args, ROOT);
  const lines = stderr.matchAll(/^ +(file:\S+) \([\d.]+\w+\)$/gm);
  return Array.from(lines, ([, url]) => url!.slice(ROOT.href.length));
}

/** The registry's answers by path, as <https://jsr.io/docs/api> has them. */
async function registry(config: Config): Promise<Map<string, BodyInit>> {
  const { name, version, exports } = config;
  const answers = new Map<string, BodyInit>();
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const path of await published()) {
    const bytes = await Deno.readFile(new URL(path, ROOT));
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    const checksum = `sha256-${new Uint8Array(digest).toHex()}`;
    manifest[`/${path}`] = { size: bytes.length, checksum };
    answers.set(`/${name}/${version}/${path}`, bytes);
  }
  const meta = { latest: version, versions: { [version]: {} } };
  answers.set(`/${name}/meta.json`, JSON.stringify(meta));
  const details = JSON.stringify({ manifest, exports });
  answers.set(`/${name}/${version}_meta.json`, details);
  return answers;
}

/** Runs this very Deno in `cwd`. */
async function deno(
  args: string[],
  cwd: string | URL,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const output = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const stdout = new TextDecoder().decode(output.stdout);
  const stderr = new TextDecoder().decode(output.stderr);
  assert(output.success, `deno ${args.join(" ")}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

/** The program of the README, on a port that is free. */
const PROGRAM = `
import { get, serve } from "jsr:@no8/wire@^0.1.0";

class Hello {
  @get("/hello/:name")
  greet({ name }: { name: string }) {
    return \`Hello, \${name}.\`;
  }
}

const server = serve(new Hello(), { hostname: "127.0.0.1", port: 0 });
console.log(JSON.stringify(server.addr));
`;

/** Runs `main.ts` in `cwd` and has `ask` ask it on the port that it prints. */
async function running(
  cwd: string,
  env: Record<string, string>,
  ask: (port: string) => Promise<void>,
): Promise<void> {
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-net", "main.ts"],
    cwd,
    env,
    stdout: "piped",
  }).spawn();
  let printed = "";
  let port: string | undefined;
  const chunks = child.stdout.pipeThrough(new TextDecoderStream());
  for await (const chunk of chunks) {
    printed += chunk;
    port = /"port":(\d+)/.exec(printed)?.[1];
    if (port) break;
  }
  assert(port, `The program ended and printed no port: ${printed}`);
  await ask(port);
  child.kill("SIGTERM");
  assertEquals(
    (await child.status).code,
    0,
    "it drains when it is told to end",
  );
}

Deno.test("the package works when it is imported from JSR", {
  timeout: 60_000,
}, async (t) => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const config: Config = JSON.parse(text);
  const answers = await registry(config);
  await using server = serve(({ url }: Request) => {
    const answer = answers.get(new URL(url).pathname);
    return new Response(answer ?? null, { status: answer ? 200 : 404 });
  }, { hostname: "127.0.0.1", port: 0, onListen: () => {} });

  const { port } = server.addr as { port: number };
  const folder = await Deno.makeTempDir();
  const env = {
    DENO_DIR: `${folder}/.cache`,
    JSR_URL: `http://127.0.0.1:${port}/`,
    NO_PROXY: "127.0.0.1",
  };
  // A configuration of its own, so that Deno takes none from a folder above.
  await Deno.writeTextFile(`${folder}/deno.json`, "{}");
  await Deno.writeTextFile(`${folder}/main.ts`, PROGRAM);

  await t.step("every entry compiles", async () => {
    const entries = Object.keys(config.exports).map((entry) =>
      `export * as _${entry.replace(/\W/g, "")} from ` +
      `"jsr:${config.name}@^${config.version}${entry.slice(1)}";\n`
    );
    await Deno.writeTextFile(`${folder}/entries.ts`, entries.join(""));
    await deno(["check", "main.ts", "entries.ts"], folder, env);
  });

  await t.step("the README's program answers", async () => {
    await running(folder, env, async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/hello/Ada`);
      assertEquals(await response.text(), "Hello, Ada.");
    });
  });

  await Deno.remove(folder, { recursive: true });
});
