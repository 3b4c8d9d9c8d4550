/**
 * Tables as markdown that is also good to read as it is.
 *
 * @module
 */

/** A table under its title: the first column to the left, the others to the right. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0))
  );
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) =>
      column === 0
        ? (cells[column] ?? "").padEnd(width)
        : (cells[column] ?? "").padStart(width)
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  const lines = [line(head), line(rule), ...rows.map(line)];
  const below = notes.flatMap((note) => ["", note]);
  return [`## ${title}`, "", ...lines, ...below, ""].join("\n");
}
