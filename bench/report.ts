/**
 * Tables of servers, column by column: the figure, the ratio of ours to it, and
 * how far both went from round to round.
 *
 * @module
 */

import { ratiosTo, type Samples } from "./rounds.ts";
import { figure, median, spread } from "./statistics.ts";
import { table } from "./table.ts";

/** A column: its head, and what it says of each server. */
export interface Column {
  readonly head: string;
  readonly cells: ReadonlyMap<string, string>;
}

/** A column of what `write` makes of each server's values. */
function columnOf(
  head: string,
  samples: Samples<number>,
  write: (values: readonly number[]) => string,
): Column {
  const cells = [...samples].map(([row, values]) =>
    [row, write(values)] as const
  );
  return { head, cells: new Map(cells) };
}

/** A column of medians. */
export function medians(
  head: string,
  samples: Samples<number>,
  write: (value: number) => string = figure,
): Column {
  return columnOf(head, samples, (values) => write(median(values)));
}

/** The columns of what a workload is about, in `unit`. */
export function serverColumns(
  unit: string,
  samples: Samples<number>,
): Column[] {
  const ratios = ratiosTo("wire", samples);
  return [
    medians(unit, samples),
    columnOf("from–to", samples, spread),
    medians("wire to it", ratios),
    columnOf("from–to", ratios, spread),
  ];
}

/** The table of these columns; the rows are those of the first. */
export function columnTable(
  title: string,
  columns: readonly Column[],
  notes: readonly string[] = [],
): string {
  const rows = [...columns[0]?.cells.keys() ?? []].map((row) => [
    row,
    ...columns.map(({ cells }) => cells.get(row) ?? ""),
  ]);
  return table(title, ["server", ...columns.map((it) => it.head)], rows, notes);
}

/** `12,345` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
