/**
 * Medians and spreads, and how they are written.
 *
 * @module
 */

/** The one in the middle; of an even number, half way between the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** The ratios of two rows, round by round: the drift of the machine cancels. */
export function ratios(
  ours: readonly number[],
  theirs: readonly number[],
): number[] {
  return ours.map((value, round) => value / (theirs[round] ?? NaN));
}

/** Three figures that count: `1234`, `12.3`, `1.23`, `0.123`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Math.min(3, Math.max(0, 3 - before)));
}

/** The least and the greatest: `6.31–6.70`. */
export function spread(values: readonly number[]): string {
  return `${figure(Math.min(...values))}–${figure(Math.max(...values))}`;
}
