/**
 * Prints `docs/conformance.md` from the rows of `tests/conformance/`: every
 * requirement, how many cases show it, and whether it is met. What is not met
 * comes first.
 *
 * ```sh
 * deno run --allow-read --allow-write=docs tools/conformance.ts
 * deno run --allow-read tools/conformance.ts --check
 * ```
 *
 * A row counts as met because the tests fail when one of its cases does: a case
 * that is known to fail has to say so, and then it is listed here.
 *
 * @module
 */

import { HTML } from "../tests/conformance/html.ts";
import { RFC6265BIS } from "../tests/conformance/rfc6265bis.ts";
import { RFC2046 } from "../tests/conformance/rfc2046.ts";
import { RFC7578 } from "../tests/conformance/rfc7578.ts";
import { RFC8187 } from "../tests/conformance/rfc8187.ts";
import { RFC8297 } from "../tests/conformance/rfc8297.ts";
import { RFC9110 } from "../tests/conformance/rfc9110.ts";
import { RFC9112 } from "../tests/conformance/rfc9112.ts";
import { feedingsOf } from "../tests/conformance/rows.ts";
import type {
  Requirement,
  Section,
  Standard,
} from "../tests/conformance/rows.ts";

/** The standards, the framing first. */
export const STANDARDS: readonly Standard[] = [
  RFC9112,
  RFC9110,
  RFC8297,
  RFC6265BIS,
  RFC7578,
  RFC2046,
  RFC8187,
  HTML,
];

/** Where the document is kept. */
export const DOCUMENT: URL = new URL("../docs/conformance.md", import.meta.url);

/** The whole document. */
export function printConformance(standards = STANDARDS): string {
  return [
    "<!-- deno-fmt-ignore-file -->",
    "",
    "# Conformance",
    "",
    INTRODUCTION,
    "",
    ...printSummary(standards),
    "",
    ...printUnmet(standards),
    "",
    ...printElsewhere(standards),
    ...standards.flatMap(printStandard),
    "",
  ].join("\n");
}

const INTRODUCTION = `\
Every sentence of these standards that binds a server is a row, with cases that
send its octets over a socket and read what comes back with a strict client. Each
case is fed at once, octet by octet, in pieces, and with another request behind
it; a refusal must be one answer, with its date, its length and \`Connection:
close\`, and nothing behind it may be handled. The rows are
\`tests/conformance/\`, and this page is printed from them:

\`\`\`sh
deno run --allow-read --allow-write=docs tools/conformance.ts
\`\`\`

Levels are those of BCP 14; "is" marks grammar and definitions, "ought" what the
standard calls so.`;

function rowsOf({ sections }: Standard): Requirement[] {
  return sections.flatMap(({ rows }) => rows);
}

function printSummary(standards: readonly Standard[]): string[] {
  return [
    "| standard | requirements | of them MUST | met | not met | kept elsewhere | cases | conversations |",
    "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ...standards.map(summaryOf),
  ];
}

function summaryOf(standard: Standard): string {
  const rows = rowsOf(standard);
  const cases = rows.flatMap(({ cases }) => cases);
  return line([
    standard.name,
    rows.length,
    rows.filter(({ level }) => level.startsWith("MUST")).length,
    rows.filter((row) => stateOf(row) === "met").length,
    rows.filter((row) => stateOf(row) === "not met").length,
    rows.filter((row) => stateOf(row) === "elsewhere").length,
    cases.length,
    cases.flatMap(feedingsOf).length,
  ]);
}

/** Whether a row is met: by all of its cases, and as the standard has it. */
function stateOf(row: Requirement): "met" | "not met" | "elsewhere" {
  if (row.unmet !== undefined) return "not met";
  if (row.cases.some(({ fails }) => fails !== undefined)) return "not met";
  return row.elsewhere === undefined ? "met" : "elsewhere";
}

function printUnmet(standards: readonly Standard[]): string[] {
  const unmet = standards.flatMap((standard) =>
    rowsOf(standard)
      .filter((row) => stateOf(row) === "not met")
      .flatMap((row) => describeUnmet(standard, row))
  );
  return ["## Not met", "", ...unmet.length > 0 ? unmet : ["Nothing."]];
}

function describeUnmet({ name }: Standard, row: Requirement): string[] {
  const where = `${name} §${row.section}, ${row.level}`;
  const failing = row.cases.filter(({ fails }) => fails !== undefined);
  return [
    `- **${where}:** ${escape(row.says)}`,
    ...row.unmet === undefined ? [] : [`  On purpose: ${escape(row.unmet)}`],
    ...failing.map((one) =>
      `  In one case, ${escape(one.name)}: ${escape(one.fails ?? "")}`
    ),
  ];
}

function printElsewhere(standards: readonly Standard[]): string[] {
  const rows = standards.flatMap((standard) =>
    rowsOf(standard)
      .filter((row) => stateOf(row) === "elsewhere")
      .map((row) =>
        `- **${standard.name} §${row.section}, ${row.level}:** ` +
        `${escape(row.says)} *(${escape(row.elsewhere ?? "")})*`
      )
  );
  return rows.length === 0 ? [] : ["## Kept elsewhere", "", ...rows];
}

function printStandard(standard: Standard): string[] {
  return [
    "",
    `## ${standard.name}, ${standard.title}`,
    ...standard.sections.flatMap(printSection),
  ];
}

function printSection({ number, title, rows }: Section): string[] {
  return [
    "",
    `### §${number} ${escape(title)}`,
    "",
    "| | level | requirement | cases |",
    "| --- | --- | --- | --: |",
    ...rows.map((row) =>
      line([MARKS[stateOf(row)], row.level, escape(row.says), row.cases.length])
    ),
  ];
}

const MARKS = { "met": "✓", "not met": "✗", "elsewhere": "–" } as const;

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Text that means nothing to Markdown. */
function escape(text: string): string {
  return text.replace(/[|*_<>`[\]]/g, (char) => `\\${char}`);
}

async function main(): Promise<void> {
  const text = printConformance();
  if (!Deno.args.includes("--check")) {
    return await Deno.writeTextFile(DOCUMENT, text);
  }
  if (text !== await Deno.readTextFile(DOCUMENT)) {
    console.error("docs/conformance.md and its rows differ: print it anew");
    Deno.exit(1);
  }
}

if (import.meta.main) await main();
