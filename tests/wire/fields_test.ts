import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkFieldLine, Fields, type FieldsInit } from "../../wire/fields.ts";

/** Everything that can be asked of both must be answered alike. */
interface Both {
  get(name: string): string | null;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
  has(name: string): boolean;
  getSetCookie(): string[];
}

/** What is done, and the lines that are there afterwards. */
const CHANGES: [
  name: string,
  change: (fields: Both) => void,
  lines: string[],
][] = [
  ["nothing", () => {}, []],
  ["set", (f) => f.set("A", "1"), ["a", "1"]],
  ["set twice", (f) => (f.set("a", "1"), f.set("A", "2")), ["a", "2"]],
  ["append", (f) => (f.append("a", "1"), f.append("A", "2")), [
    "a",
    "1",
    "a",
    "2",
  ]],
  [
    "set after append keeps the first place",
    (
      f,
    ) => (f.append("a", "1"),
      f.append("b", "2"),
      f.append("a", "3"),
      f.set("a", "4")),
    ["a", "4", "b", "2"],
  ],
  [
    "delete takes every line",
    (
      f,
    ) => (f.append("a", "1"),
      f.append("b", "2"),
      f.append("a", "3"),
      f.delete("A")),
    ["b", "2"],
  ],
  ["delete what is not there", (f) => (f.set("a", "1"), f.delete("b")), [
    "a",
    "1",
  ]],
  ["delete the last", (f) => (f.set("a", "1"), f.delete("a")), []],
  [
    "cookies",
    (f) => (f.append("Set-Cookie", "a=1"), f.append("set-cookie", "b=2")),
    ["set-cookie", "a=1", "set-cookie", "b=2"],
  ],
  [
    "set over cookies",
    (
      f,
    ) => (f.append("set-cookie", "a"),
      f.append("set-cookie", "b"),
      f.set("set-cookie", "c")),
    ["set-cookie", "c"],
  ],
  ["an empty value", (f) => f.append("a", ""), ["a", ""]],
  [
    "names of Object",
    (f) => (f.set("__proto__", "1"), f.set("constructor", "2")),
    [
      "__proto__",
      "1",
      "constructor",
      "2",
    ],
  ],
  [
    "a value that is a name",
    (f) => (f.set("a", "b"), f.delete("b"), f.set("b", "a")),
    [
      "a",
      "b",
      "b",
      "a",
    ],
  ],
];

for (const [name, change, lines] of CHANGES) {
  Deno.test(`Fields keeps its lines: ${name}`, () => {
    const fields = new Fields();
    change(fields);
    assertEquals(fields.lines, lines);
    assertEquals(fields.count, lines.length / 2);
  });

  Deno.test(`Fields answers as Headers does: ${name}`, () => {
    const [ours, theirs] = [new Fields(), new Headers()];
    change(ours);
    change(theirs);
    for (
      const key of [
        "a",
        "A",
        "b",
        "set-cookie",
        "__proto__",
        "constructor",
        "absent",
      ]
    ) {
      assertEquals(ours.get(key), theirs.get(key), key);
      assertEquals(ours.has(key), theirs.has(key), key);
    }
    assertEquals(ours.getSetCookie(), theirs.getSetCookie());
    assertEquals([...new Headers([...ours])], [...theirs]);
  });
}

const headers = new Headers({ "B": "2", "a": "1" });
headers.append("set-cookie", "c=1");
headers.append("set-cookie", "d=2");

/** Whatever the platform takes is taken here; a narrower type would not compile. */
const standard: HeadersInit = [["a", "1"]];

const INITS: [name: string, init: FieldsInit | undefined, lines: string[]][] = [
  ["nothing", undefined, []],
  ["an empty record", {}, []],
  ["a HeadersInit", standard, ["a", "1"]],
  ["a record", { "X-A": "1", b: "2" }, ["x-a", "1", "b", "2"]],
  ["pairs", [["B", "2"], ["a", "1"], ["b", "3"]], [
    "b",
    "2",
    "a",
    "1",
    "b",
    "3",
  ]],
  ["a Map", new Map([["A", "1"]]), ["a", "1"]],
  ["Headers", headers, [
    "a",
    "1",
    "b",
    "2",
    "set-cookie",
    "c=1",
    "set-cookie",
    "d=2",
  ]],
  ["Fields", new Fields([["z", "1"], ["a", "2"]]), ["z", "1", "a", "2"]],
];

for (const [name, init, lines] of INITS) {
  Deno.test(`Fields are made from ${name}`, () => {
    assertEquals(new Fields(init).lines, lines);
  });
}

Deno.test("Fields are made of nothing else", () => {
  const wrong: unknown[] = [null, 7, "ab", [["a"]], [["a", "b", "c"]], ["ab"], [
    null,
  ]];
  for (const init of wrong) {
    assertThrows(
      () => new Fields(init as FieldsInit),
      TypeError,
      "Cannot make fields",
    );
  }
});

Deno.test("Fields iterates line by line in the order given", () => {
  const fields = new Fields([["b", "1"], ["a", "2"], ["b", "3"]]);
  assertEquals([...fields], [["b", "1"], ["a", "2"], ["b", "3"]]);
  assertEquals([...fields.entries()], [...fields]);
  assertEquals([...fields.keys()], ["b", "a", "b"]);
  assertEquals([...fields.values()], ["1", "2", "3"]);
  const seen: unknown[] = [];
  fields.forEach(function (this: unknown, value, name, whole) {
    seen.push([this, value, name, whole === fields]);
  }, "me");
  assertEquals(seen, [["me", "1", "b", true], ["me", "2", "a", true], [
    "me",
    "3",
    "b",
    true,
  ]]);
});

Deno.test("Fields makes strings of what JavaScript may hand in", () => {
  const fields = new Fields();
  fields.set("Content-Length", 5 as unknown as string);
  fields.append("x", null as unknown as string);
  assertEquals(fields.lines, ["content-length", "5", "x", "null"]);
});

Deno.test("Fields never turns a name that is no token into one", () => {
  const fields = new Fields();
  fields.set("\u212Aeep-Alive", "1"); // KELVIN SIGN
  assertEquals(fields.has("keep-alive"), false);
  assert(checkFieldLine(fields.lines[0]!, "1") !== undefined);
});

Deno.test("Fields.set() is linear in the lines it takes out", () => {
  const fields = new Fields();
  for (let i = 0; i < 100_000; i++) fields.append(i % 2 === 0 ? "a" : "b", "1");
  fields.delete("a");
  fields.set("b", "2");
  assertEquals(fields.lines, ["b", "2"]);
});

const TOKEN = "its name is not a token";
const CONTROL = "its value has a control character";
const OCTET = "its value has a character that is not an octet";

const LINES: [name: string, value: string, says: string | undefined][] = [
  ["vary", "accept", undefined],
  ["x", "", undefined],
  ["x", " \t\xE4 ", undefined],
  ["", "a", `Cannot send the field "": ${TOKEN}`],
  ["a b", "a", `Cannot send the field "a b": ${TOKEN}`],
  ["a:", "a", `Cannot send the field "a:": ${TOKEN}`],
  ["a\r\nb", "a", `Cannot send the field "a\\r\\nb": ${TOKEN}`],
  ["\xE4", "a", `Cannot send the field "\xE4": ${TOKEN}`],
  ["x", "a\nb", `Cannot send the field "x": ${CONTROL}`],
  ["x", "a\rb", `Cannot send the field "x": ${CONTROL}`],
  ["x", "\0", `Cannot send the field "x": ${CONTROL}`],
  ["x", "\x7F", `Cannot send the field "x": ${CONTROL}`],
  ["x", "\u20AC", `Cannot send the field "x": ${OCTET}`],
  ["x", "\u010A", `Cannot send the field "x": ${OCTET}`],
  [" ".repeat(100), "", `Cannot send the field "${" ".repeat(64)}": ${TOKEN}`],
];

Deno.test("checkFieldLine() says what is wrong, without the value", () => {
  for (const [name, value, says] of LINES) {
    assertEquals(
      checkFieldLine(name, value),
      says,
      JSON.stringify([name, value]),
    );
  }
});
