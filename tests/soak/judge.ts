/**
 * From what was seen of a server to what is wrong with it. Pure.
 *
 * Samples are taken at quiet points, where the traffic has ended and the server
 * has tidied up: then nothing may be left of connections, handlers and streams,
 * and what is held for ever shows as a line that rises.
 *
 * @module
 */

/** What was seen of the server at one quiet point. */
export interface Sample {
  /** Since the start of the traffic. */
  readonly seconds: number;
  /** Requests served since the start. */
  readonly requests: number;
  /** Bytes of the process in memory. */
  readonly rss: number;
  /** Bytes of JavaScript after a collection, buffers included. */
  readonly heap: number;
  /** Open descriptors. */
  readonly descriptors: number;
  /** Connections, but for that of the steady client. */
  readonly connections: number;
  /** Handlers and streams that have begun and not ended. */
  readonly pending: number;
}

const MiB = 1024 * 1024;

/** The first part of the samples, in which caches fill and code is compiled. */
const WARM_UP = 0.3;
/** With less, a line through the samples says nothing. */
const LEAST_SAMPLES = 4;

/**
 * What may grow over a run, and by how much. The allocator takes pages by the
 * dozen MiB in the first two minutes and keeps them; what JavaScript holds after a
 * collection does not move by one.
 */
const ROOM = {
  rss: { most: 64 * MiB, unit: MiB, says: "MiB of memory" },
  heap: { most: 6 * MiB, unit: MiB, says: "MiB held by JavaScript" },
  descriptors: { most: 4, unit: 1, says: "descriptors" },
} as const;

/** Every sentence about what is wrong; none for a server that is well. */
export function judge(samples: readonly Sample[]): string[] {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP));
  if (warm.length < LEAST_SAMPLES) {
    return [`${samples.length} samples are too few: give it more minutes`];
  }
  return [...left(samples), ...growth(warm)];
}

/** What is left where nothing should be. */
function left(samples: readonly Sample[]): string[] {
  const wrong: string[] = [];
  for (const { seconds, connections, pending } of samples) {
    const at = `after ${seconds.toFixed(0)} s`;
    if (connections > 0) wrong.push(`${connections} connections left ${at}`);
    if (pending > 0) wrong.push(`${pending} handlers or streams left ${at}`);
  }
  return wrong;
}

function growth(warm: readonly Sample[]): string[] {
  const names = Object.keys(ROOM) as (keyof typeof ROOM)[];
  return names.flatMap((name) => {
    const { most, unit, says } = ROOM[name];
    const grown = surelyGrown(
      warm.map(({ seconds }) => seconds),
      warm.map((sample) => sample[name]),
    );
    return grown > most
      ? [`${(grown / unit).toFixed(1)} ${says} more at the end than at first`]
      : [];
  });
}

/**
 * By how much `values` have grown from the first time to the last at the least:
 * along the line of least squares, less two standard errors of its slope, so
 * that one sample that is off proves nothing.
 */
export function surelyGrown(
  times: readonly number[],
  values: readonly number[],
): number {
  const time = mean(times), value = mean(values);
  const spread = sum(times.map((t) => (t - time) ** 2));
  const slope = sum(times.map((t, i) => (t - time) * (values[i]! - value))) /
    spread;
  const off = times.map((t, i) => values[i]! - value - slope * (t - time));
  const error = Math.sqrt(
    sum(off.map((o) => o ** 2)) / Math.max(1, times.length - 2) / spread,
  );
  return (slope - 2 * error) * (times.at(-1)! - times[0]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
