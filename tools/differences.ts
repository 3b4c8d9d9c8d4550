/**
 * Prints `docs/differences.md` from the classes of `tests/fuzz/differences.ts`:
 * where our parser and llhttp part, and who is right.
 *
 * ```sh
 * deno run --allow-read --allow-write=docs tools/differences.ts
 * deno run --allow-read tools/differences.ts --check
 * ```
 *
 * @module
 */

import { FAULTS } from "../errors.ts";
import type { Difference } from "../tests/fuzz/difference.ts";
import { DIFFERENCES } from "../tests/fuzz/differences.ts";
import { escaped } from "../tests/wire_client.ts";

/** Where the document is kept. */
export const PAGE: URL = new URL("../docs/differences.md", import.meta.url);

const INTRODUCTION = `\
llhttp reads requests in Node and undici. The two parsers are fed the same
requests, most of them changed by chance, and what they tell is compared: whether
they refuse, and where they do not, method, target, version, fields, content,
trailer fields, and whether the connection goes on. A connection is compared up
to its first message that is the last or changes the protocol. Each disagreement
belongs to one of the classes below, or the comparison fails:

\`\`\`sh
deno task fuzz:differential --seconds=60
\`\`\`

llhttp is the build that undici 8.13.1 carries, with no leniency switched on. It
leaves bounds, Host and the form of the target to its user, which is no fault of
it; it is listed, because who uses it alone has to know. Where the standard
leaves the choice, both are right. The classes are data in
\`tests/fuzz/differences.ts\`, and this page is printed from them:

\`\`\`sh
deno run --allow-read --allow-write=docs tools/differences.ts
\`\`\``;

const TITLES: Readonly<Record<Difference["kind"], string>> = {
  "we refuse": "What we refuse and llhttp does not",
  "they refuse": "What llhttp refuses and we do not",
  "we differ": "What both take and read otherwise",
};

/** The whole page. */
export function printDifferences(differences = DIFFERENCES): string {
  return [
    "<!-- deno-fmt-ignore-file -->",
    "",
    "# Where parsers differ",
    "",
    INTRODUCTION,
    "",
    ...printSummary(differences),
    ...(Object.keys(TITLES) as Difference["kind"][]).flatMap((kind) => [
      "",
      `## ${TITLES[kind]}`,
      ...differences.filter((one) => one.kind === kind).flatMap(printOne),
    ]),
    "",
  ].join("\n");
}

function printSummary(differences: readonly Difference[]): string[] {
  const right = (who: Difference["right"]) =>
    differences.filter((one) => one.right === who).length;
  return [
    "| classes | no8wire right | llhttp right | both |",
    "| --: | --: | --: | --: |",
    `| ${differences.length} | ${right("no8wire")} | ${right("llhttp")} | ${
      right("both")
    } |`,
  ];
}

function printOne(one: Difference): string[] {
  const about = one.about.map((name) => `\`${name.replaceAll("`", "'")}\``);
  return [
    "",
    `### ${escape(titleOf(one))}`,
    "",
    `- **no8wire:** ${escape(one.ours)}`,
    `- **llhttp:** ${escape(one.theirs)}`,
    `- **Right: ${one.right}** (${one.rule}). ${escape(one.why)}`,
    `- **Said as:** ${about.join(", ")}`,
    `- **As in:** \`${escaped(one.example, 90).replaceAll("`", "'")}\``,
  ];
}

function titleOf({ kind, about, theirs }: Difference): string {
  const [name = ""] = about;
  if (kind === "we refuse") return FAULTS[name as keyof typeof FAULTS].says;
  return kind === "they refuse" ? theirs.replace(/\.$/, "") : `About ${name}`;
}

/** Text that means nothing to Markdown, but for code. */
function escape(text: string): string {
  return text.replace(/[|*_<>[\]]/g, (char) => `\\${char}`);
}

async function main(): Promise<void> {
  const text = printDifferences();
  if (!Deno.args.includes("--check")) {
    return await Deno.writeTextFile(PAGE, text);
  }
  if (text !== await Deno.readTextFile(PAGE)) {
    console.error("docs/differences.md and its classes differ: print it anew");
    Deno.exit(1);
  }
}

if (import.meta.main) await main();
