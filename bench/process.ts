/**
 * Processes of the benchmark: started, asked for what they have used, and ended,
 * whatever happens.
 *
 * What a process has used is read from `/proc`: the time of all its threads,
 * that in the kernel included.
 *
 * @module
 */

const running = new Set<Deno.ChildProcess>();

/** Ends all that runs. `main.ts` calls it at its end, and on signals. */
export function endAll(): void {
  for (const child of running) end(child);
}

function end(child: Deno.ChildProcess): void {
  running.delete(child);
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** A command and its arguments. */
export type Command = readonly [file: string, ...args: string[]];

/** Starts `command`; it is ended when the benchmark ends, at the latest. */
export function start(
  [file, ...args]: Command,
  stdin: "null" | "piped" = "null",
): Deno.ChildProcess {
  const child = new Deno.Command(file, {
    args,
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(child);
  keep(child);
  child.status.then(() => running.delete(child));
  return child;
}

/** The last that each process said of its troubles. */
const troubles = new WeakMap<Deno.ChildProcess, string>();

/** Load that ends in the middle makes some servers talk: shown only on failure. */
async function keep(child: Deno.ChildProcess): Promise<void> {
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    troubles.set(child, `${troubles.get(child) ?? ""}${text}`.slice(-2000));
  }
}

/** What `command` printed. */
export async function output(command: Command): Promise<string> {
  const child = start(command);
  const text = await new Response(child.stdout).text();
  const { success } = await child.status;
  if (!success) throw failure("run", command, child, text);
  return text;
}

function failure(
  verb: string,
  command: Command,
  child: Deno.ChildProcess,
  printed: string,
): Error {
  const said = (troubles.get(child) ?? "") + printed.slice(-2000);
  return new Error(`Cannot ${verb} ${command.join(" ")}\n${said}`);
}

/** A server in a process of its own, that has told its port. */
export class ServerProcess {
  readonly port: number;
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts it, and waits for `{"port":…}`. */
  static async start(command: Command): Promise<ServerProcess> {
    const child = start(command);
    const timer = setTimeout(() => end(child), 20_000);
    const line = await firstLine(child.stdout);
    clearTimeout(timer);
    if (line === undefined) {
      throw failure("start", command, child, "");
    }
    return new ServerProcess(child, JSON.parse(line).port);
  }

  /** Seconds of CPU since the start. */
  async cpu(): Promise<number> {
    return await threadSeconds(this.#child.pid);
  }

  /** Bytes in memory, now and at most. */
  async memory(): Promise<{ now: number; peak: number }> {
    const status = await Deno.readTextFile(`/proc/${this.#child.pid}/status`);
    const bytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) * 1024;
    return { now: bytes("VmRSS"), peak: bytes("VmHWM") };
  }

  /** Ends it, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    end(this.#child);
    await this.#child.status;
  }
}

/** The first line of `stream`, which is then let go. */
async function firstLine(
  stream: ReadableStream<Uint8Array>,
): Promise<string | undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    text += value;
  }
  return text.slice(0, text.indexOf("\n"));
}

/**
 * `/proc/PID/stat` counts threads that have ended, but in hundredths of a second;
 * `schedstat` has nanoseconds, of the threads that are alive. No server here ends
 * threads that did work, so the finer one counts unless it misses some.
 */
async function threadSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const coarse = (Number(fields[11]) + Number(fields[12])) / 100;
  let fine = 0;
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
      const path = `/proc/${pid}/task/${name}/schedstat`;
      fine += Number(Deno.readTextFileSync(path).split(" ")[0]) / 1e9;
    }
  } catch {
    return coarse;
  }
  return Math.abs(fine - coarse) < 0.05 + coarse * 0.02 ? fine : coarse;
}
