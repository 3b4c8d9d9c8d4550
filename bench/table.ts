/**
 * Tables for the reports: markdown that is also easy to read as it is.
 *
 * ```text
 * | parser | small | browser's |
 * | ------ | ----: | --------: |
 * | ours   |    60 |       320 |
 * ```
 *
 * @module
 */

/** A table with its title above and its notes below; all columns but the first to the right. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]!.length))
  );
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [
    `### ${title}`,
    "",
    ...[head, rule, ...rows].map((row) => line(row, widths)),
    "",
    ...notes.flatMap((note) => [note, ""]),
  ].join("\n");
}

function line(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
  );
  return `| ${cells.join(" | ")} |`;
}
