/**
 * Forms of parts, as stories: what a reader tells of octets, for every way of
 * cutting them in two and for pieces of every size.
 */

import { assert, assertEquals } from "@std/assert";
import { Fault } from "../../errors.ts";
import { resolveLimits } from "../../limits.ts";
import { MultipartReader, type PartLimits } from "../../wire/multipart.ts";
import { watched } from "../fuzz/cost.ts";
import { latin1, octets } from "../wire_client.ts";

const DEFAULTS = resolveLimits();

/** A part of one line, and its data. */
function part(name: string, data: string, boundary = "b"): string {
  return `--${boundary}\r\n${DISPOSITION}; name="${name}"\r\n\r\n${data}\r\n`;
}

const DISPOSITION = "Content-Disposition: form-data";
const A = `${DISPOSITION}; name=a\r\n`;

/** What is told of `wire`, fed in `pieces`: data in one, however they came. */
function tell(
  pieces: readonly Uint8Array[],
  boundary = "b",
  limits: PartLimits = DEFAULTS,
): string {
  const reader = new MultipartReader(boundary, limits);
  const story: string[] = [];
  let data = "";
  for (const piece of pieces) {
    reader.feed(piece);
    for (;;) {
      const told = reader.next();
      if (told.kind === "more") break;
      if (told.kind === "data") {
        assert(told.bytes.length > 0, "no data");
        data += latin1(told.bytes);
        continue;
      }
      if (data !== "") story.push(JSON.stringify(data));
      data = "";
      if (told.kind === "fault") {
        assert(reader.next() === told && reader.finish() === told);
        return [...story, `! ${told.code}`].join(" ");
      }
      if (told.kind === "part") {
        const { name, filename } = told.head;
        story.push(`<${name}${filename === undefined ? "" : `: ${filename}`}>`);
      } else story.push(told.kind === "end" ? "." : "/");
    }
  }
  if (data !== "") story.push(JSON.stringify(data));
  const fault = reader.finish();
  if (fault) story.push(`! ${fault.code}`);
  return story.join(" ");
}

/** All cuts in two, and pieces of one size for sizes up to some. */
function* cuts(wire: Uint8Array): Iterable<Uint8Array[]> {
  yield [wire];
  for (let at = 0; at <= wire.length; at++) {
    yield [wire.slice(0, at), wire.slice(at)];
  }
  for (let size = 1; size < 12; size++) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < wire.length; at += size) {
      pieces.push(wire.slice(at, at + size));
    }
    yield pieces;
  }
}

type Row = [
  name: string,
  wire: string,
  story: string,
  boundary?: string,
  limits?: Partial<PartLimits>,
];

function check(rows: readonly Row[]): void {
  for (const [name, wire, story, boundary, limits] of rows) {
    for (const pieces of cuts(octets(wire))) {
      const told = tell(pieces, boundary, { ...DEFAULTS, ...limits });
      assertEquals(
        told,
        story,
        `${name}, cut ${pieces.map(({ length }) => length)}`,
      );
    }
  }
}

const ALL_OCTETS = Array.from(
  { length: 256 },
  (_, code) => String.fromCharCode(code),
).join("");

const WHOLE: Row[] = [
  ["a part", `${part("a", "1")}--b--\r\n`, '<a> "1" / .'],
  ["two", `${part("a", "1")}${part("b", "2")}--b--`, '<a> "1" / <b> "2" / .'],
  ["none", "--b--\r\n", "."],
  ["none, and no CRLF", "--b--", "."],
  ["an empty part", `${part("a", "")}--b--`, "<a> / ."],
  ["a part with a head alone", `--b\r\n${A}\r\n--b--`, "<a> / ."],
  [
    "such a part, and another",
    `--b\r\n${A}\r\n--b\r\n${A}\r\n1\r\n--b--`,
    '<a> / <a> "1" / .',
  ],
  ["a preamble", `hello\r\n${part("a", "1")}--b--`, '<a> "1" / .'],
  ["a preamble, and no part", "x\r\n--b--", "."],
  ["a closing delimiter in a line before", "x--b--\r\n--b--", "! form-empty"],
  [
    "parts behind a delimiter that is none",
    `x${part("a", "1")}--b--\r\n`,
    "! form-empty",
  ],
  ["a CRLF, and no part", "\r\n--b--\r\n", "."],
  ["a preamble of a CRLF", `\r\n${part("a", "1")}--b--`, '<a> "1" / .'],
  [
    "a preamble like it",
    `--c\r\n-\r\n--\r\n${part("a", "1")}--b--`,
    '<a> "1" / .',
  ],
  ["an epilogue", `${part("a", "1")}--b--\r\nbye`, '<a> "1" / .'],
  [
    "an epilogue like a form",
    `--b--\r\n${part("a", "1")}--b--`,
    ".",
  ],
  [
    "padding",
    `--b \t\r\n${A}\r\n1\r\n--b \t\r\n${A}\r\n\r\n--b--\t \r\n`,
    '<a> "1" / <a> / .',
  ],
  [
    "a boundary in the line",
    `${part("a", "x--b--b")}--b--`,
    '<a> "x--b--b" / .',
  ],
  [
    "data of CRs",
    `${part("a", "\r\r\n\r\r\n-\r\n\r")}--b--`,
    '<a> "\\r\\r\\n\\r\\r\\n-\\r\\n\\r" / .',
  ],
  ["data of CRLFs", `${part("a", "\r\n\r\n")}--b--`, '<a> "\\r\\n\\r\\n" / .'],
  [
    "LF before a boundary",
    `${part("a", "1\n--b\n--b--\n")}--b--`,
    '<a> "1\\n--b\\n--b--\\n" / .',
  ],
  [
    "data that nearly end",
    `${part("a", "\r\n--\r\n-\r\n--c\r\n--\r\r\n")}--b--`,
    '<a> "\\r\\n--\\r\\n-\\r\\n--c\\r\\n--\\r\\r\\n" / .',
  ],
  [
    "all octets",
    `${part("a", ALL_OCTETS)}--b--`,
    `<a> ${JSON.stringify(ALL_OCTETS)} / .`,
  ],
  [
    "a boundary of hyphens",
    `${part("a", "---\r\n----\r\n-----x", "---")}-------`,
    '<a> "---\\r\\n----" / ! form-delimiter',
    "---",
  ],
  [
    "hyphens before",
    `${part("a", "1\r\n----", "--x")}----x--`,
    '<a> "1\\r\\n----" / .',
    "--x",
  ],
  [
    "a boundary with spaces",
    `${part("a", "--a\r\n--a ", "a b")}--a b--`,
    '<a> "--a\\r\\n--a " / .',
    "a b",
  ],
  [
    "a boundary of 70",
    `${part("a", "1", "c".repeat(70))}--${"c".repeat(70)}--`,
    '<a> "1" / .',
    "c".repeat(70),
  ],
];

Deno.test("MultipartReader tells the same of a form, however it is cut", () => {
  check(WHOLE);
});

const BROKEN: Row[] = [
  ["nothing", "", "! form-cut"],
  ["no boundary", "hello", "! form-cut"],
  ["another boundary", `${part("a", "1", "c")}--c--`, "! form-cut"],
  ["cut in the preamble", "\r\n--", "! form-cut"],
  ["cut behind a delimiter", "--b", "! form-cut"],
  ["cut in padding", "--b ", "! form-cut"],
  ["cut in a line end", "--b\r", "! form-cut"],
  ["cut before a head", "--b\r\n", "! form-cut"],
  ["cut in a head", `--b\r\n${A}`, "! form-cut"],
  ["cut before data", `--b\r\n${A}\r\n`, "<a> ! form-cut"],
  ["cut in data", `--b\r\n${A}\r\n1`, '<a> "1" ! form-cut'],
  ["cut in a delimiter", `--b\r\n${A}\r\n1\r\n--`, '<a> "1" ! form-cut'],
  [
    "cut before the last hyphens",
    part("a", "1") + "--b",
    '<a> "1" / ! form-cut',
  ],
  ["cut between these", part("a", "1") + "--b-", '<a> "1" / ! form-cut'],
  [
    "cut in the last line",
    part("a", "1") + "--b--\r",
    '<a> "1" / . ! form-cut',
  ],
  [
    "a delimiter that goes on",
    `${part("a", "1")}--bc\r\n`,
    '<a> "1" / ! form-delimiter',
  ],
  [
    "a hyphen too few",
    `${part("a", "1")}--b-\r\n`,
    '<a> "1" / ! form-delimiter',
  ],
  [
    "a hyphen behind padding",
    `${part("a", "1")}--b --\r\n`,
    '<a> "1" / ! form-delimiter',
  ],
  [
    "a hyphen too many",
    `${part("a", "1")}--b---`,
    '<a> "1" / . ! form-delimiter',
  ],
  ["LF behind a delimiter", `--b\n${A}\r\n`, "! form-delimiter"],
  ["CR behind a delimiter", `--b\r${A}\r\n`, "! form-delimiter"],
  ["LF behind the last", "--b--\n", ". ! form-delimiter"],
  ["a head of nothing", "--b\r\n\r\n1\r\n--b--", "! part-disposition"],
  ["LF in a head", `--b\r\n${DISPOSITION}; name=a\n\r\n1`, "! part-line"],
  ["CR in a head", `--b\r\n${DISPOSITION};\r name=a\r\n\r\n1`, "! part-line"],
  ["LF LF in a head", `--b\r\n${A}\n1`, "! part-line"],
  [
    "a folded line",
    `--b\r\n${DISPOSITION};\r\n name=a\r\n\r\n1`,
    "! part-line",
  ],
  ["no colon", `--b\r\nhello\r\n${A}\r\n1`, "! part-line"],
  ["a space before the colon", `--b\r\n${A}X : 1\r\n\r\n1`, "! part-line"],
  ["NUL in a head", `--b\r\n${A}X: \0\r\n\r\n1`, "! part-line"],
  ["the next delimiter in a head", `--b\r\n${A}--b--\r\n\r\n`, "! part-line"],
];

Deno.test("MultipartReader refuses what is malformed, however it is cut", () => {
  check(BROKEN);
});

const HEAD = `${A}\r\n`.length;

const BOUNDS: Row[] = [
  [
    "as many parts",
    `${part("a", "1")}${part("b", "2")}--b--`,
    '<a> "1" / <b> "2" / .',
    "b",
    { parts: 2 },
  ],
  [
    "a part too many",
    `${part("a", "1")}${part("b", "2")}--b--`,
    '<a> "1" / ! parts',
    "b",
    { parts: 1 },
  ],
  ["no parts", "--b--", ".", "b", { parts: 0 }],
  [
    "a file too many",
    `--b\r\n${DISPOSITION}; name=a; filename=f\r\n\r\n`,
    "! files",
    "b",
    { files: 0 },
  ],
  [
    "a file",
    `--b\r\n${DISPOSITION}; name=a; filename=f\r\n\r\n\r\n--b--`,
    "<a: f> / .",
    "b",
    { files: 1 },
  ],
  ["as long a head", `--b\r\n${A}\r\n1\r\n--b--`, '<a> "1" / .', "b", {
    partHead: HEAD,
  }],
  ["a head too long", `--b\r\n${A}\r\n1\r\n--b--`, "! part-head", "b", {
    partHead: HEAD - 1,
  }],
  ["padding too long", `--b  \r\n${A}\r\n1\r\n--b--`, "! part-head", "b", {
    partHead: HEAD + 1,
  }],
  ["padding without end", `--b${" ".repeat(99)}`, "! part-head", "b", {
    partHead: 50,
  }],
  [
    "padding without end behind the last",
    `--b--${" ".repeat(99)}`,
    ". ! part-head",
    "b",
    { partHead: 50 },
  ],
  ["as many lines", `--b\r\n${A}X: 1\r\n\r\n1\r\n--b--`, '<a> "1" / .', "b", {
    partHeadFields: 2,
  }],
  [
    "a line too many",
    `--b\r\n${A}X: 1\r\n\r\n1\r\n--b--`,
    "! part-head-fields",
    "b",
    { partHeadFields: 1 },
  ],
];

Deno.test("MultipartReader bounds parts, files and heads, however they are cut", () => {
  check(BOUNDS);
});

Deno.test("MultipartReader bounds what stands outside of the parts", () => {
  const most = 8 * 1024;
  const pieces = (wire: string) => [
    [octets(wire)],
    Array.from(octets(wire), (octet) => Uint8Array.of(octet)),
  ];
  const rows: [string, string][] = [
    ["x".repeat(most) + `\r\n${part("a", "1")}--b--`, '<a> "1" / .'],
    ["x".repeat(most + 1) + "\r\n--b--", "! form-margin"],
    ["--b--\r\n" + "x".repeat(most), "."],
    ["--b--\r\n" + "x".repeat(most + 1), ". ! form-margin"],
    ["\r\n--".repeat(most), "! form-margin"],
  ];
  for (const [wire, story] of rows) {
    for (const fed of pieces(wire)) assertEquals(tell(fed), story);
  }
});

const NAMES: [parameters: string, story: string][] = [
  ["name=a", "<a>"],
  ['name="a"', "<a>"],
  ['NAME="a"', "<a>"],
  ['name=""', "<>"],
  ['name="a"; filename="f"', "<a: f>"],
  ['filename="f";name="a";', "<a: f>"],
  ['name="a"; filename=""', "<a: >"],
  ['name="a"; x=1; y="2"', "<a>"],
  // Browsers escape three characters, and no other.
  ['name="a%22b%0D%0Ac"', '<a"b\r\nc>'],
  ['name="a%22%41%0a%0d%"', '<a"%41%0a%0d%>'],
  ['name="%2522"', "<%2522>"],
  // Others escape with a backslash, and one a path has.
  ['name="a\\"b\\\\c"', '<a"b\\c>'],
  ['name=a; filename="C:\\x\\y.mp3"', "<a: C:\\x\\y.mp3>"],
  ['name=a; filename="a\\"', "<a: a\\>"],
  ['name=a; filename="a\\\\"', "<a: a\\>"],
  ['name="a;b=c"', "<a;b=c>"],
  ['name=a; filename="../../etc/passwd"', "<a: ../../etc/passwd>"],
  ['name="__proto__"', "<__proto__>"],
  ["name=a; filename*=UTF-8''caf%C3%A9", "<a: caf\xE9>"],
  ["name=a; filename*=utf-8'en'caf%C3%A9; filename=x", "<a: caf\xE9>"],
  ["name=a; filename*=UTF-8''", "<a: >"],
  ["name=a; filename*=\"UTF-8''a%22b%2522\"", '<a: a"b%22>'],
  ["name=a; name*=UTF-8''b", "<a>"],
  // What is wrong.
  ["", "! part-disposition"],
  ["filename=a", "! part-disposition"],
  ["name", "! part-disposition"],
  ["name=", "! part-disposition"],
  ["name =a", "! part-disposition"],
  ["name= a", "! part-disposition"],
  ['name="a', "! part-disposition"],
  ['name="a"b', "! part-disposition"],
  ['name="a\\"; filename="b"', "! part-disposition"],
  ["name=a b", "! part-disposition"],
  ["name=a; name=b", "! part-disposition"],
  ['name=a; NAME="a"', "! part-disposition"],
  ["name=a; filename=b; filename=c", "! part-disposition"],
  [`name=a${"; x".repeat(9)}`, "! part-disposition"],
  [
    `name=a${Array.from({ length: 32 }, (_, i) => `; x${i}=1`).join("")}`,
    "! part-disposition",
  ],
  ["name=a; filename*=b", "! part-filename"],
  ["name=a; filename*=UTF-8''%", "! part-filename"],
  ["name=a; filename*=UTF-8''%FF", "! part-filename"],
  ["name=a; filename*=UTF-8''a%00", "! part-filename"],
  ["name=a; filename*=UTF-8''a%0A", "! part-filename"],
  ["name=a; filename*=\"UTF-8''a%0D%0Ab\"", "! part-filename"],
  ["name=a; filename*=UTF-8'a'b'c", "! part-filename"],
  ["name=a; filename*=ISO-8859-1''%E9", "! part-filename"],
  ["name=a; filename*=\"UTF-8''a b\"", "! part-filename"],
  ['name="a\x7F"', "! part-line"],
  ['name="a\0"', "! part-line"],
];

Deno.test("MultipartReader reads the names that clients write", () => {
  for (const [parameters, story] of NAMES) {
    const wire = `--b\r\n${DISPOSITION}; ${parameters}\r\n\r\n\r\n--b--`;
    const told = tell([octets(wire)]);
    assertEquals(told.replace(/ \/ \.$/, ""), story, parameters);
  }
});

Deno.test("MultipartReader reads names in UTF-8, and no others", () => {
  const named = (bytes: number[]) => {
    const [before, after] = [
      `--b\r\n${DISPOSITION}; name="`,
      '"\r\n\r\n\r\n--b--',
    ];
    return tell([Uint8Array.of(...octets(before), ...bytes, ...octets(after))]);
  };
  assertEquals(
    named([0xC3, 0xA9, 0xF0, 0x9F, 0x8E, 0xB5]),
    "<\xE9\u{1F3B5}> / .",
  );
  assertEquals(named([0xEF, 0xBB, 0xBF, 0x61]), "<\uFEFFa> / .");
  for (const bytes of [[0xE9], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]]) {
    assertEquals(named(bytes), "! part-text");
  }
});

const LINES: [lines: string, story: string][] = [
  ["Content-Disposition: Form-Data;name=a", "<a>"],
  ["content-disposition:form-data; name=a\r\nX: 1\r\nX: 2", "<a>"],
  [`${DISPOSITION}; name=a\r\nContent-Type: Text/X;y=z`, "<a>"],
  [`${DISPOSITION}; name=a\r\nContent-Type: text`, "! part-type"],
  [`${DISPOSITION}; name=a\r\nContent-Type:`, "! part-type"],
  ["Content-Disposition: attachment; name=a", "! part-disposition"],
  ["Content-Disposition: form-datax; name=a", "! part-disposition"],
  ["Content-Type: text/plain", "! part-disposition"],
  [`${A}${DISPOSITION}; name=b`, "! part-line-repeated"],
  [`${A}Content-Type: a/b\r\ncontent-type: a/b`, "! part-line-repeated"],
  ...["7bit", "8bit", "BINARY"].map((coding): [string, string] => [
    `${A}Content-Transfer-Encoding: ${coding}`,
    "<a>",
  ]),
  ...["base64", "quoted-printable", "", "x"].map((coding): [string, string] => [
    `${A}Content-Transfer-Encoding: ${coding}`,
    "! part-coding",
  ]),
  [": x", "! part-line"],
  ["a b: x", "! part-line"],
];

Deno.test("MultipartReader reads the lines of a head", () => {
  for (const [lines, story] of LINES) {
    const told = tell([octets(`--b\r\n${lines}\r\n\r\n\r\n--b--`)]);
    assertEquals(told.replace(/ \/ \.$/, ""), story, lines);
  }
});

Deno.test("MultipartReader gives type and lines of a part", () => {
  const reader = new MultipartReader("b", DEFAULTS);
  reader.feed(
    octets(`--b\r\n${A}Content-Type: Text/X; Charset=y\r\nX-Y: \t1 \r\n\r\n`),
  );
  const piece = reader.next();
  assert(piece.kind === "part");
  const { media, headers } = piece.head;
  assertEquals([media.type, [...media.parameters]], ["text/x", [[
    "charset",
    "y",
  ]]]);
  assertEquals([...headers].slice(1), [
    ["content-type", "Text/X; Charset=y"],
    ["x-y", "1"],
  ]);
});

Deno.test("MultipartReader lends data as views of what was fed", () => {
  const reader = new MultipartReader("b", DEFAULTS);
  const fed = octets(part("a", "hello world") + "--b--");
  reader.feed(fed);
  reader.next();
  const piece = reader.next();
  assert(piece.kind === "data" && piece.bytes.buffer === fed.buffer);
});

Deno.test("MultipartReader is not changed by who writes to what was lent", () => {
  const reader = new MultipartReader("bcd", DEFAULTS);
  let data = "";
  for (
    const octet of octets(part("a", "\r\n--bcx\r\n--bcy", "bcd") + "--bcd--")
  ) {
    reader.feed(Uint8Array.of(octet));
    for (
      let piece = reader.next();
      piece.kind !== "more";
      piece = reader.next()
    ) {
      if (piece.kind !== "data") continue;
      data += latin1(piece.bytes);
      piece.bytes.fill(0x7A);
    }
  }
  assertEquals([data, reader.finish()], ["\r\n--bcx\r\n--bcy", undefined]);
});

Deno.test("MultipartReader looks at no octet more than a few times", () => {
  const size = 20_000;
  const boundaries = ["b", "-".repeat(70), "x".repeat(69) + "-", "--a--a"];
  for (const boundary of boundaries) {
    const delimiter = `\r\n--${boundary}`;
    const units = [
      ...["-", "\r", "\n", "\r\n", "\r\n-", "\r\n--", "\0", "x", "--a", "a-"],
      delimiter.slice(0, -1),
      delimiter.slice(1),
      delimiter.slice(0, -1) + "\r",
      "\r" + delimiter.slice(0, -1),
      boundary + "\r",
    ];
    for (const unit of units) {
      const data = unit.repeat(size / unit.length);
      const wire = octets(`--${boundary}\r\n${A}\r\nx${data}`);
      for (const cut of [wire.length, 1000, 7]) {
        const reader = new MultipartReader(boundary, DEFAULTS);
        let looked = 0;
        for (let at = 0; at < wire.length; at += cut) {
          const [seen, looks] = watched(wire.subarray(at, at + cut));
          reader.feed(seen);
          let piece = reader.next();
          while (piece.kind !== "more") {
            assert(piece.kind !== "fault", `${JSON.stringify(unit)}`);
            piece = reader.next();
          }
          looked += looks();
        }
        assert(
          looked < 5 * wire.length,
          `${JSON.stringify(unit)} in ${boundary} by ${cut}: ${looked}`,
        );
      }
    }
  }
});

Deno.test("MultipartReader keeps to its fault", () => {
  const reader = new MultipartReader("b", DEFAULTS);
  reader.feed(octets("--bx"));
  const fault = reader.next();
  assert(fault instanceof Fault);
  reader.feed(octets("\r\n--b--"));
  assert(reader.next() === fault && reader.finish() === fault);
});
