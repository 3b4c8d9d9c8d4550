/** What the pages say of files and of each other, held against what is there. */

import { assertEquals, assertStringIncludes } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const read = (file: string) => Deno.readTextFile(new URL(file, ROOT));

Deno.test("every file that a page names is there", async () => {
  const missing: string[] = [];
  for (
    const page of [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "docs/architecture.md",
      "docs/guide.md",
      "docs/limits.md",
    ]
  ) {
    const text = await read(page);
    const names = text.matchAll(/`((?:[a-z_]+\/)*[a-z_]+\.(?:ts|json|md))`/g);
    const links = text.matchAll(/\]\((?!https?:|#)([^)#]+)/g);
    const base = page.startsWith("docs/") ? new URL("docs/", ROOT) : ROOT;
    for (
      const [url, from] of [
        ...Array.from(names, ([, name]) => [name!, ROOT] as const),
        ...Array.from(links, ([, link]) => [link!, base] as const),
      ]
    ) {
      const found = await Deno.stat(new URL(url, from)).catch(() => undefined);
      if (!found) missing.push(`${page}: ${url}`);
    }
  }
  assertEquals(missing, []);
});

Deno.test("the README shows the example that it runs", async () => {
  const readme = await read("README.md");
  const example = await read("examples/hello.ts");
  // The package is checked for slow types, which the page need not have.
  const code = example.slice(example.indexOf("import"))
    .replaceAll("): string {", ") {");
  assertStringIncludes(readme, "```ts ignore\n" + code + "```\n");
});

Deno.test("every heading that a page links to is there", async () => {
  const missing: string[] = [];
  for (const page of ["README.md", "docs/guide.md"]) {
    const text = await read(page);
    for (const [link, file, id] of text.matchAll(/\]\(([\w/.]*)#([^)]+)\)/g)) {
      const target = file ? await read(file) : text;
      if (!headingsOf(target).includes(id!)) missing.push(`${page}: ${link}`);
    }
  }
  assertEquals(missing, []);
});

function headingsOf(page: string): string[] {
  return Array.from(
    page.matchAll(/^#+ (.+)$/gm),
    ([, text]) =>
      text!.toLowerCase().replaceAll(" ", "-").replaceAll(/[…:,]/g, ""),
  );
}

Deno.test("every test that SECURITY.md names is there", async () => {
  const page = (await read("SECURITY.md")).replaceAll(/\s+/g, " ");
  const named = Array.from(
    page.matchAll(/- `([\w/.]+\.ts)`: "([^"]+)"/g),
    ([, file, name]) => [file!, name!] as const,
  );
  // One that is written another way would not be looked for.
  assertEquals(named.length, page.split("- `").length - 1);
  const missing: string[] = [];
  for (const [file, name] of named) {
    const source = await read(file).catch(() => "");
    if (!source.includes(`"${name}"`)) missing.push(`${file}: ${name}`);
  }
  assertEquals(missing, []);
});
