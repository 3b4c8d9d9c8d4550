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

/** Where a command runs. */
export interface Place {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: "piped";
}

/** Starts `command`; it is ended when the benchmark ends, at the latest. */
export function start(
  [file, ...args]: Command,
  options: Place = {},
): Deno.ChildProcess {
  const child = new Deno.Command(file, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...options,
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
export async function output(
  command: Command,
  place: Place = {},
): Promise<string> {
  const child = start(command, place);
  const text = await new Response(child.stdout).text();
  const { success } = await child.status;
  if (!success) throw failure("run", command, child, text);
  return text;
}

/** Says what `child` could not do, with the last it said itself. */
export function failure(
  verb: string,
  command: Command,
  child: Deno.ChildProcess,
  printed = "",
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
    const line = await lines(child.stdout)();
    clearTimeout(timer);
    if (line === undefined) {
      throw failure("start", command, child);
    }
    return new ServerProcess(child, JSON.parse(line).port);
  }

  /** The CPU time of all threads, that in the kernel included. */
  cpu(): CpuTime {
    return readCpu(this.#child.pid);
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

/** Gives the lines of `stream`, one a call; `undefined` where it ends. */
export function lines(
  stream: ReadableStream<Uint8Array>,
): () => Promise<string | undefined> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async () => {
    while (!text.includes("\n")) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
}

/** CPU time of a process since its start, in seconds, by two clocks. */
export interface CpuTime {
  /** In hundredths of a second, with threads that have ended. */
  readonly coarse: number;
  /** In nanoseconds, of the threads that are alive; 0 where it is not told. */
  readonly fine: number;
}

/** Seconds from one time to the other: by the finer clock, unless it missed some. */
export function between(start: CpuTime, end: CpuTime): number {
  const coarse = end.coarse - start.coarse;
  const fine = end.fine - start.fine;
  return Math.abs(fine - coarse) < 0.03 + coarse * 0.02 ? fine : coarse;
}

function readCpu(pid: number): CpuTime {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const coarse = (Number(fields[11]) + Number(fields[12])) / 100;
  try {
    return { coarse, fine: threadSeconds(pid) };
  } catch {
    return { coarse, fine: 0 };
  }
}

function threadSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const told = Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`);
    nanoseconds += Number(told.split(" ")[0]);
  }
  return nanoseconds / 1e9;
}
