import { assertEquals } from "@std/assert";
import {
  DOCUMENT,
  printConformance,
  STANDARDS,
} from "../../tools/conformance.ts";
import type { Requirement } from "./rows.ts";

const ROWS: readonly Requirement[] = STANDARDS.flatMap(({ sections }) =>
  sections.flatMap(({ rows }) => rows)
);

/** What the rows get wrong about themselves, one sentence each. */
function wrongWith(
  rows: readonly Requirement[],
  wrong: (row: Requirement) => boolean,
) {
  return rows.filter(wrong).map(({ id }) => id);
}

Deno.test("printConformance() is what docs/conformance.md has", async () => {
  const text = await Deno.readTextFile(DOCUMENT);
  const hint = "deno run --allow-read --allow-write=docs tools/conformance.ts";
  assertEquals(text === printConformance(), true, `Print it anew: ${hint}`);
});

Deno.test("every requirement has an id of its own that begins with its section", () => {
  const ids = ROWS.map(({ id }) => id);
  assertEquals(ids.filter((id, at) => ids.indexOf(id) !== at), []);
  assertEquals(
    wrongWith(
      ROWS,
      ({ id, section }) =>
        !id.slice("9112-".length).startsWith(
          section.split(".").slice(0, 3).join("."),
        ),
    ),
    [],
  );
});

Deno.test("every requirement has cases, or says where it is kept", () => {
  assertEquals(
    wrongWith(
      ROWS,
      ({ cases, elsewhere }) => cases.length === 0 && elsewhere === undefined,
    ),
    [],
  );
});

Deno.test("every chapter of a standard is run", () => {
  for (const { sections, chapters } of STANDARDS) {
    const missing = sections.filter(({ number }) =>
      !Object.hasOwn(chapters, number.split(".")[0] ?? "")
    );
    assertEquals(missing.map(({ number }) => number), []);
  }
});

Deno.test("every case of a requirement has a name of its own", () => {
  assertEquals(
    wrongWith(
      ROWS,
      ({ cases }) => new Set(cases.map(({ name }) => name)).size < cases.length,
    ),
    [],
  );
});
