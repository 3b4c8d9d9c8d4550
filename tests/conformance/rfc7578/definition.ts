/**
 * RFC 7578 §4: what a part of a form is, and what its head says of it.
 *
 * @module
 */

import { escaped } from "../../wire_client.ts";
import {
  DISPOSITION,
  form,
  lines,
  parameters,
  part,
  post,
  raw,
  rejected,
  told,
  TYPE,
  utf8,
  wrongLines,
  wrongParameters,
} from "../forms.ts";
import type { Told } from "../forms.ts";
import { served } from "../rows.ts";
import type { Case, Section } from "../rows.ts";

const A: Told = ["a", "1"];

/** A field of this name. */
const named = (name: string): Told => [name, "1"];

/** A file of this name. */
const file = (name: string): Told => ["a", "1", name, "text/plain"];

/** Each is a quoted name of a file, and read as it is. */
const asTheyAre = (names: readonly string[]): Case[] =>
  parameters(
    names.map((name) => [`name=a; filename="${name}"`, file(name)] as const),
  );

/** Names as octets of UTF-8, with those beyond U+007F. */
const NAMES = ["caf\xE9", "\u014D", "\u20AC", "\u{1F3B5}", "\uFEFFa", "a\xA0b"];

/** Octets that are no UTF-8. */
const NO_UTF8: readonly (readonly [name: string, octets: string])[] = [
  ["ISO-8859-1", "caf\xE9"],
  ["cut", "caf\xC3"],
  ["a continuation alone", "\x80"],
  ["too long", "\xC0\xAF"],
  ["a surrogate", "\xED\xA0\x80"],
  ["beyond U+10FFFF", "\xF4\x90\x80\x80"],
  ["an octet of none", "\xFF"],
];

/** What is told of heads: the name and the type of each, and its lines. */
function heads(
  name: string,
  lines: readonly string[],
  type: string,
  rest: readonly (readonly [string, string])[],
): Case {
  const disposition = ["content-disposition", "form-data; name=a"];
  const content = JSON.stringify([["a", type, disposition, ...rest]]);
  const wire = form(part("name=a", "1", ...lines));
  return served(
    name,
    post("/form/heads", TYPE, wire),
    { content },
  );
}

/** A field of text in this charset, as octets and as text. */
const text = (
  charset: string,
  octets: string,
  decoded: string,
): Case[] =>
  told(
    `${charset}: ${JSON.stringify(decoded)}`,
    form(
      part("name=a", octets, `Content-Type: text/plain; charset=${charset}`),
    ),
    [["a", decoded]],
  );

/** A form between the boundaries that a client makes. */
const written = (client: string, boundary: string, quoted = boundary) => {
  const delimiter = `--${boundary}\r\n`;
  return told(
    client,
    `${delimiter}${DISPOSITION}; name="a"\r\n\r\n1\r\n` +
      `${delimiter}${DISPOSITION}; name="b"; filename="f.txt"\r\n` +
      `Content-Type: text/plain\r\n\r\n2\r\n--${boundary}--\r\n`,
    [A, ["b", "2", "f.txt", "text/plain"]],
    `multipart/form-data; boundary=${quoted}`,
  );
};

/** Types of files, and what of them a `File` may have (File API §4.1). */
const FILE_TYPES: readonly (readonly [sent: string, type: string])[] = [
  ["Image/PNG; X=Y", "image/png; x=y"],
  ["image/png;\tx=y", "image/png"],
  ['image/png; x="\xC3\xA9"', "image/png"],
];

const BINARY = "Content-Transfer-Encoding: binary";

/** Several files in one part, as it was before. */
const MIXED = [
  "--c",
  'Content-Disposition: file; filename="f"',
  "",
  "1",
  "--c",
  'Content-Disposition: file; filename="g"',
  "",
  "2",
  "--c--",
].join("\r\n");

export const SECTIONS: readonly Section[] = [
  {
    number: "4.1",
    title: "Boundary Parameter",
    rows: [
      {
        id: "7578-4.1-1",
        section: "4.1",
        level: "is",
        says:
          "The delimiter is CRLF, two hyphens and the boundary, which may be quoted (RFC 2046 §5.1.1).",
        cases: [
          ...written("Chromium", "----WebKitFormBoundaryc9Ol3gNnPMiBdAqR"),
          ...written("Firefox", "----geckoformboundary1d2c3f4a5b6"),
          ...written("Firefox before", `${"-".repeat(27)}9051914041544843`),
          ...written("curl", `${"-".repeat(24)}d74496d66958873e`),
          ...written("Python", "8f6cbb5ad3d1a8dbeb5ba35de5ca4ae1"),
          ...written("Go", "0f".repeat(30)),
          ...written(".NET", "7b2e-11", '"7b2e-11"'),
          ...written("Java", "a:b=_Part_1", '"a:b=_Part_1"'),
        ],
      },
      {
        id: "7578-4.1-2",
        section: "4.1",
        level: "MUST NOT",
        says:
          "The delimiter stands in no part: where it does, the part ends there.",
        cases: [
          ...rejected("as a line", form(part("name=a", "1\r\n--b\r\n2"))),
          ...told(
            "as the last line",
            form(part("name=a", "1\r\n--b--\r\n2"), part("name=b")),
            [A],
          ),
          ...told(
            "with a part behind it",
            form(part("name=a", `1\r\n${part("name=b", "2")}`)),
            [A, ["b", "2\r\n"]],
          ),
        ],
      },
    ],
  },
  {
    number: "4.2",
    title: "Content-Disposition Header Field for Each Part",
    rows: [
      {
        id: "7578-4.2-1",
        section: "4.2",
        level: "MUST",
        says: "Each part has one Content-Disposition, of the type form-data.",
        cases: [
          ...lines([
            ["Content-Disposition: form-data; name=a", A],
            ["content-disposition: form-data; name=a", A],
            ["CONTENT-DISPOSITION: FORM-DATA; name=a", A],
            ["Content-Disposition:form-data;name=a", A],
            ["Content-Disposition: \t form-data \t;\tname=a \t", A],
            [
              "Content-Type: text/plain\r\nContent-Disposition: form-data; name=a",
              A,
            ],
          ]),
          ...wrongLines([
            "X: 1",
            "Content-Type: text/plain",
            "Content-Disposition:",
            "Content-Disposition: attachment; name=a",
            "Content-Disposition: inline; name=a",
            "Content-Disposition: file; name=a",
            "Content-Disposition: form-datax; name=a",
            "Content-Disposition: formdata; name=a",
            "Content-Disposition: form-data name=a",
            "Content-Disposition: form-data, name=a",
            "Content-Disposition: name=a",
            "Content-Disposition: ; name=a",
            'Content-Disposition: "form-data"; name=a',
            "Content-Disposition : form-data; name=a",
            " Content-Disposition: form-data; name=a",
            "Content-Disposition form-data; name=a",
            ": form-data; name=a",
            `${DISPOSITION}; name=a\r\n${DISPOSITION}; name=a`,
            `${DISPOSITION}; name=a\r\ncontent-disposition: form-data; name=b`,
            `${DISPOSITION}; name=a\r\nContent-Disposition:`,
          ]),
          ...rejected(
            "none in the second part",
            form(part("name=a", "1"), raw("X: 1")),
          ),
        ],
      },
      {
        id: "7578-4.2-2",
        section: "4.2",
        level: "MUST",
        says: "It has one parameter name, which is the name of the field.",
        cases: [
          ...parameters([
            ["name=a", A],
            ['name="a"', A],
            ["NAME=a", A],
            ['Name="a"', A],
            ["name=a;", A],
            ["name=a ;", A],
            [";name=a", A],
            ["; ; name=a", A],
            ["x=y; name=a", A],
            ['name=a; x="; name=b"', A],
            ["name=a; names=b", A],
            ['name=""', named("")],
            ['name="a b"', named("a b")],
            ['name="a;b=c"', named("a;b=c")],
            ['name="a, b"', named("a, b")],
            ['name="a\tb"', named("a\tb")],
            ['name="a[]"', named("a[]")],
            ['name="__proto__"', named("__proto__")],
          ]),
          ...wrongParameters([
            "",
            ";",
            "x=y",
            "filename=f",
            "name",
            "name=",
            "name =a",
            "name= a",
            "name=a b",
            "name=a, b",
            "name=a[]",
            "name=a/b",
            "=a",
            'name="a',
            'name=a"',
            'name="a"b',
            'name="a" b',
            'name=a"b"',
            "name='a b'",
            "name=a; x",
            "name=a; x=",
            "name=a; =x",
            "name=a; name=a",
            "name=a; name=b",
            'name=a; NAME="a"',
            "name=a; filename=f; filename=f",
            "name=a; filename=f; FileName=g",
            'name="a\0"',
            'name="a\x01"',
            'name="a\x7F"',
            "name=a\0",
            `name=a${
              Array.from({ length: 32 }, (_, at) => `; x${at}=1`).join("")
            }`,
          ]),
        ],
      },
      {
        id: "7578-4.2-3",
        section: "4.2",
        level: "is",
        says:
          "A name may be encoded: what browsers escape (%22, %0D and %0A) and quoted pairs are undone, and nothing else.",
        cases: [
          ...parameters([
            ['name="a%22b"', named('a"b')],
            ['name="a%0D%0Ab"', named("a\r\nb")],
            ['name="a%0Ab%0Dc"', named("a\nb\rc")],
            ['name="%22%22"', named('""')],
            ['name="a%41%0a%0d%2"', named("a%41%0a%0d%2")],
            ['name="%2522%250D"', named("%2522%250D")],
            ['name="%"', named("%")],
            ['name="%00%7F"', named("%00%7F")],
            ["name=a%22b", named("a%22b")],
            ['name="a+b"', named("a+b")],
            ['name="a&#34;b&amp;"', named("a&#34;b&amp;")],
            ['name="a\\"b"', named('a"b')],
            ['name="a\\\\b"', named("a\\b")],
            ['name="a\\b"', named("a\\b")],
            ['name="\\"\\""', named('""')],
            ['name="a\\"', named("a\\")],
          ]),
          ...wrongParameters(['name="a\\"; x=y', 'name="a\\"; x="y"']),
        ],
      },
      {
        id: "7578-4.2-4",
        section: "4.2",
        level: "SHOULD",
        says:
          "A file has a parameter filename, which is not mandatory: a part without one is a field.",
        cases: [
          ...parameters([
            ["name=a; filename=f", file("f")],
            ['name="a"; filename="f"', file("f")],
            ["filename=f; name=a", file("f")],
            ["name=a; FILENAME=f", file("f")],
            ['name=a; filename=""', file("")],
            ['name=a; filename="a;b.txt"', file("a;b.txt")],
            ['name=a; filename="a%22%0D%0Ab"', file('a"\r\nb')],
            ['name=a; filename="a\\"b"', file('a"b')],
            ['name=a; filename="100%.txt"', file("100%.txt")],
            ["name=a; filename=f; size=1", file("f")],
            ["name=filename", named("filename")],
            ['name="filename=f"', named("filename=f")],
            ['name="a; filename=f"', named("a; filename=f")],
          ]),
          ...told(
            "a type alone makes no file",
            form(part("name=a", "1", "Content-Type: image/png")),
            [A],
          ),
          ...told(
            "an input that nothing was chosen in",
            form(
              part(
                'name="a"; filename=""',
                "",
                "Content-Type: application/octet-stream",
              ),
            ),
            [["a", "", "", "application/octet-stream"]],
          ),
        ],
      },
      {
        id: "7578-4.2-5",
        section: "4.2",
        level: "SHOULD NOT",
        says:
          "A receiver does not use the name of a file blindly, nor a directory in it (RFC 2183 §2.3): nothing here does, and a handler is given the name as it was sent.",
        cases: asTheyAre([
          "../../etc/passwd",
          "/etc/passwd",
          "a/b",
          "a/../b",
          ".",
          "..",
          "C:\\x\\y.mp3",
          "\\x:y\\z",
          "..\\..\\x",
          "file:///etc/passwd",
          "~/.bashrc",
          "con",
          "a.txt:stream",
          "a.txt ",
          "a.txt.",
          "%2e%2e%2fx",
          "x".repeat(300),
        ]),
      },
      {
        id: "7578-4.2-6",
        section: "4.2",
        level: "MAY",
        says: "The name of a file may be percent-encoded, as in a URI.",
        unmet:
          "Nobody can tell an encoded name from one that has a percent sign. Browsers encode three characters and no percent sign, and those are what is undone.",
        cases: asTheyAre([
          "caf%C3%A9",
          "a%20b.txt",
          "100%25.txt",
          "%E2%82%AC",
          "%41",
        ]),
      },
      {
        id: "7578-4.2-7",
        section: "4.2",
        level: "MUST NOT",
        says:
          "A sender does not use filename*; one that does so all the same is understood, as in RFC 8187 and RFC 6266 §4.3.",
        cases: parameters([
          ["name=a; filename*=UTF-8''caf%C3%A9", file("caf\xE9")],
          ["name=a; filename*=UTF-8''g; filename=f", file("g")],
          ["name=a; filename=f; filename*=UTF-8''g", file("g")],
          ["name=a; name*=UTF-8''b", A],
        ]),
      },
      {
        id: "7578-4.2-8",
        section: "4.2",
        level: "is",
        says:
          "Names of files beyond US-ASCII are typically sent as UTF-8; in any other charset they are refused.",
        cases: [
          ...NAMES.flatMap((name) =>
            told(
              JSON.stringify(name),
              form(part(`name=a; filename="${utf8(name)}"`, "1")),
              [file(name)],
            )
          ),
          ...NO_UTF8.flatMap(([name, octets]) =>
            rejected(name, form(part(`name=a; filename="${octets}"`)))
          ),
        ],
      },
    ],
  },
  {
    number: "4.3",
    title: "Multiple Files for One Form Field",
    rows: [
      {
        id: "7578-4.3-1",
        section: "4.3",
        level: "MUST",
        says: "Several files of one field are parts of one name.",
        cases: [
          ...told(
            "two",
            form(
              part("name=a; filename=f", "1"),
              part("name=a; filename=g", "2"),
            ),
            [file("f"), ["a", "2", "g", "text/plain"]],
          ),
          ...told(
            "of one name each, and equal",
            form(part("name=a; filename=f", "1").repeat(3)),
            [file("f"), file("f"), file("f")],
          ),
          ...told(
            "as many as the limit",
            form(part("name=a; filename=f", "1").repeat(100)),
            Array(100).fill(file("f")),
          ),
        ],
      },
      {
        id: "7578-4.3-2",
        section: "4.3",
        level: "SHOULD",
        says:
          "A receiver that is to be widely used also takes several files in one part, a multipart/mixed.",
        unmet:
          "The RFC calls it deprecated, and no client of today sends it. A reader within the reader would want bounds of its own; a handler has the part as it came, with its type.",
        cases: [
          ...told(
            "a field of it",
            form(
              part(
                "name=a",
                MIXED,
                "Content-Type: multipart/mixed; boundary=c",
              ),
            ),
            [["a", MIXED]],
          ),
          heads(
            "its type",
            ["Content-Type: multipart/mixed; boundary=c"],
            "multipart/mixed",
            [["content-type", "multipart/mixed; boundary=c"]],
          ),
        ],
      },
    ],
  },
  {
    number: "4.4",
    title: "Content-Type Header Field for Each Part",
    rows: [
      {
        id: "7578-4.4-1",
        section: "4.4",
        level: "MAY",
        says: "A part may have a Content-Type; without, it is text/plain.",
        cases: [
          heads("none", [], "text/plain", []),
          heads("one", ["Content-Type: Image/PNG; x=Y"], "image/png", [
            ["content-type", "Image/PNG; x=Y"],
          ]),
          ...told("none of a file", form(part("name=a; filename=f", "1")), [
            file("f"),
          ]),
          ...wrongLines([
            "Content-Type:",
            "Content-Type: text",
            "Content-Type: text/",
            "Content-Type: /plain",
            "Content-Type: text plain",
            "Content-Type: text/plain; charset",
            "Content-Type: text/plain; charset=",
            'Content-Type: text/plain; charset="utf-8',
            "Content-Type: text/plain, text/html",
            "Content-Type: text/plain; x=1; x=1",
            "Content-Type: text/plain\r\nContent-Type: text/plain",
            "Content-Type: text/plain\r\ncontent-type: text/html",
          ].map((line) => `${DISPOSITION}; name=a\r\n${line}`)),
        ],
      },
      {
        id: "7578-4.4-2",
        section: "4.4",
        level: "SHOULD",
        says:
          "A file is labelled with its type, or application/octet-stream: it is told as it was sent, and a File has it in lower case.",
        cases: [
          ...[
            ...["image/png", "application/octet-stream", "audio/mpeg; x=y"],
            ...["text/html; charset=utf-8", "application/vnd.a+json"],
          ].flatMap((type) =>
            told(
              type,
              form(
                part("name=a; filename=f", "\0\xFF", `Content-Type: ${type}`),
              ),
              [["a", "\0\xFF", "f", type]],
            )
          ),
          ...FILE_TYPES.map(([sent, type]) =>
            served(
              `a File of ${escaped(sent)}`,
              post(
                "/form",
                TYPE,
                form(part("name=a; filename=f", "1", `Content-Type: ${sent}`)),
              ),
              { content: JSON.stringify([["a", "1", "f", type]]) },
            )
          ),
        ],
      },
    ],
  },
  {
    number: "4.5",
    title: "The Charset Parameter for text/plain Form Data",
    rows: [
      {
        id: "7578-4.5-1",
        section: "4.5",
        level: "MAY",
        says: "The charset parameter of a part says how its text is encoded.",
        cases: [
          ...text("utf-8", "caf\xC3\xA9", "caf\xE9"),
          ...text("UTF-8", "caf\xC3\xA9", "caf\xE9"),
          ...text('"utf8"', "caf\xC3\xA9", "caf\xE9"),
          ...text("us-ascii", "cafe", "cafe"),
          ...text("iso-8859-1", "caf\xE9", "caf\xE9"),
          ...text("windows-1252", "\x80", "\u20AC"),
          ...text("koi8-r", "\xC1", "\u0430"),
          ...text("shift_jis", "\x82\xA0", "\u3042"),
          ...text("utf-16le", "a\0\xAC\x20", "a\u20AC"),
          ...rejected(
            "octets that are not in it",
            form(
              part(
                "name=a",
                "\x81\xFF",
                "Content-Type: text/plain; charset=gbk",
              ),
            ),
          ),
          ...rejected(
            "no UTF-8",
            form(
              part(
                "name=a",
                "caf\xE9",
                "Content-Type: text/plain; charset=utf-8",
              ),
            ),
          ),
          ...["x", "utf-9", "utf-32", "utf-7"].flatMap((charset) =>
            rejected(
              `one that is not known: ${charset}`,
              form(
                part(
                  "name=a",
                  "1",
                  `Content-Type: text/plain; charset=${charset}`,
                ),
              ),
              415,
            )
          ),
          ...told(
            "the octets of a file stay",
            form(
              part(
                "name=a; filename=f",
                "caf\xE9",
                "Content-Type: text/plain; charset=koi8-r",
              ),
            ),
            [["a", "caf\xE9", "f", "text/plain; charset=koi8-r"]],
          ),
        ],
      },
      {
        id: "7578-4.5-2",
        section: "4.5",
        level: "is",
        says:
          "Where there is none, the default of the form holds, which is UTF-8.",
        cases: [
          ...[
            "",
            "caf\xE9",
            "\u20AC \u{1F3B5}",
            "\0\x7F\x80",
            "\uFFFD",
            "a\uFEFF",
          ]
            .flatMap((text) =>
              told(JSON.stringify(text), form(part("name=a", utf8(text))), [[
                "a",
                text,
              ]])
            ),
          ...told(
            "a BOM at the beginning",
            form(part("name=a", "\xEF\xBB\xBF1")),
            [
              A,
            ],
          ),
          ...NO_UTF8.flatMap(([name, octets]) =>
            rejected(name, form(part("name=a", octets)))
          ),
        ],
      },
    ],
  },
  {
    number: "4.6",
    title: "The _charset_ Field for Default Charset",
    rows: [{
      id: "7578-4.6-1",
      section: "4.6",
      level: "is",
      says:
        "The value of a field _charset_ is the default charset of the text fields.",
      unmet:
        "One field would decide how others are read, those before it too, and a form that is read as it comes does not know them yet. Pages are in UTF-8, and what is not is refused: it is a field like any other.",
      cases: [
        ...["UTF-8", "iso-8859-1", "x"].flatMap((charset) => {
          const before = part('name="_charset_"', charset);
          const fields = [before, part("name=a", "caf\xC3\xA9")];
          const seen: Told[] = [["_charset_", charset], ["a", "caf\xE9"]];
          return [
            ...told(`${charset} before`, form(...fields), seen),
            ...told(
              `${charset} behind`,
              form(...fields.reverse()),
              seen.toReversed(),
            ),
          ];
        }),
        ...rejected(
          "octets in that charset alone",
          form(
            part('name="_charset_"', "iso-8859-1"),
            part("name=a", "caf\xE9"),
          ),
        ),
      ],
    }],
  },
  {
    number: "4.7",
    title: "Content-Transfer-Encoding Deprecated",
    rows: [{
      id: "7578-4.7-1",
      section: "4.7",
      level: "SHOULD NOT",
      says:
        "A part has no Content-Transfer-Encoding: those that change nothing pass, and any other is refused rather than taken for content.",
      cases: [
        ...["7bit", "8bit", "binary", "BINARY", "8Bit"].flatMap((coding) =>
          told(
            coding,
            form(
              part("name=a", "1", `Content-Transfer-Encoding: ${coding}`),
            ),
            [A],
          )
        ),
        ...wrongLines(
          [
            ...["base64", "quoted-printable", "Base64", "x-uuencode", "gzip"],
            ...["", "7bit, base64", '"7bit"', "7bit; x=y"],
          ].map((coding) =>
            `${DISPOSITION}; name=a\r\nContent-Transfer-Encoding: ${coding}`
          ),
          415,
        ),
        ...rejected(
          "twice",
          form(part("name=a", "1", ...Array(2).fill(BINARY))),
        ),
      ],
    }],
  },
  {
    number: "4.8",
    title: "Other Content- Header Fields",
    rows: [{
      id: "7578-4.8-1",
      section: "4.8",
      level: "MUST",
      says: "Any other field of a part is ignored; a handler may look at it.",
      cases: [
        ...[
          ...["Content-Length: 0", "Content-Length: 1000", "Content-Length: x"],
          ...[
            "Content-Encoding: gzip",
            "Content-Language: mi",
            "Content-ID: <a>",
          ],
          ...["Content-Range: bytes 0-0/9", "Content-MD5: x", "Content-X: 1"],
          ...["Content-Location: /b", "Content-Base: /", "Content-Name: b"],
          ...["Content-Description: form-data; name=b", "MIME-Version: 2.0"],
          ...["Content-Length: 0\r\nContent-Length: 1", "X:", "X: \xC3\xA9"],
        ].flatMap((line) => told(line, form(part("name=a", "1", line)), [A])),
        heads(
          "looked at",
          ["X: 1", "Content-ID: <a>", "x:\t2 "],
          "text/plain",
          [
            ["x", "1"],
            ["content-id", "<a>"],
            ["x", "2"],
          ],
        ),
        ...wrongLines(
          ["X", "X : 1", "X Y: 1", "X: \0", "X: \x7F", "X: \xE9", "\xC3\xA9: 1"]
            .map((line) => `${DISPOSITION}; name=a\r\n${line}`),
        ),
      ],
    }],
  },
];
