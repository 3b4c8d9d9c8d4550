/**
 * How long a synchronous function takes, and a race of several that do the same.
 *
 * What is timed is a *pass*: a loop of calls that the contender brings, so that
 * nothing stands between the calls, and that gives a number made of all results,
 * so that nothing is optimised away. All passes are warm before the first one is
 * timed: what the engine learns from one case it knows for all, as in a server.
 *
 * ```text
 *   race       process a   process b   process a   process b   …
 *   process    warm 1 2 3 │ time 1 2 3 │ time 1 2 3 │ …
 * ```
 *
 * A contender has a process of its own, because what the engine learns from one
 * must not slow down another; and its processes take turns with the others',
 * because a machine has moods. Every figure is a median.
 *
 * @module
 */

/** Something to be timed. */
export interface Case {
  readonly name: string;
  /** How many of what is counted a pass does: calls, or bytes. */
  readonly size: number;
  /** Makes what a pass uses up. It is not timed. */
  prepare?(): void;
  pass(): number;
}

/** For how long, in milliseconds, and how often. */
export interface Pace {
  /** Processes of a contender. */
  readonly processes: number;
  readonly warm: number;
  readonly batch: number;
  readonly batches: number;
}

const FULL: Pace = { processes: 5, warm: 150, batch: 20, batches: 9 };
const QUICK: Pace = { processes: 2, warm: 60, batch: 8, batches: 5 };

/** The pace of a race; `quick` is to see that it runs. */
export function pace(quick: boolean): Pace {
  return quick ? QUICK : FULL;
}

/** What came of a race: the contender, then the case, then ns for each. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

export interface Figure {
  /** Nanoseconds, the median of the processes' medians. */
  readonly ns: number;
  /** How far the processes lie apart, as a part of the median. */
  readonly spread: number;
}

/** Of everything that was timed, so that all of it is needed. */
let sink = 0;

/** Nanoseconds for one of what each case counts. */
export function measure(
  cases: readonly Case[],
  { warm, batch, batches }: Pace,
): Record<string, number> {
  for (const each of cases) time(each, warm);
  const samples = cases.map((): number[] => []);
  for (let i = 0; i < batches; i++) {
    for (const [at, each] of cases.entries()) {
      samples[at]!.push(time(each, batch));
    }
  }
  if (Number.isNaN(sink)) throw new Error("Cannot use what was timed");
  return Object.fromEntries(
    cases.map(({ name }, at) => [name, median(samples[at]!)]),
  );
}

/** Nanoseconds for one, over as many passes as take `ms`. */
function time(each: Case, ms: number): number {
  let spent = 0;
  let done = 0;
  while (spent < ms) {
    each.prepare?.();
    const start = performance.now();
    sink = (sink + each.pass()) % 1e9;
    spent += performance.now() - start;
    done += each.size;
  }
  return spent * 1e6 / done;
}

/** Runs `file` once for each contender and turn; it has to call {@linkcode report}. */
export async function race(
  file: string,
  contenders: readonly string[],
  quick: boolean,
): Promise<Results> {
  const runs = new Map(contenders.map((name) => [name, [] as Report[]]));
  for (let turn = 0; turn < pace(quick).processes; turn++) {
    for (const name of contenders) {
      runs.get(name)!.push(await spawn(file, name, quick));
    }
  }
  return new Map(
    [...runs].map(([name, reports]) => [name, figures(reports)]),
  );
}

type Report = Readonly<Record<string, number>>;

const CONTENDER = "--contender=";

/** The contender that this process is, where it is one. */
export function contender(): string | undefined {
  return Deno.args.find((arg) => arg.startsWith(CONTENDER))
    ?.slice(CONTENDER.length);
}

/** Hands what a contender measured to the process that asked for it. */
export function report(measured: Report): void {
  console.log(JSON.stringify(measured));
}

async function spawn(
  file: string,
  name: string,
  quick: boolean,
): Promise<Report> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "-A",
      file,
      `${CONTENDER}${name}`,
      ...quick ? ["--quick"] : [],
    ],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (!success) {
    throw new Error(`Cannot measure ${name}: ${text.decode(stderr)}`);
  }
  return JSON.parse(text.decode(stdout).trim().split("\n").at(-1)!);
}

function figures(reports: readonly Report[]): Map<string, Figure> {
  return new Map(
    Object.keys(reports[0]!).map((name) => {
      const all = reports.map((each) => each[name]!);
      const ns = median(all);
      return [name, { ns, spread: (Math.max(...all) - Math.min(...all)) / ns }];
    }),
  );
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}
