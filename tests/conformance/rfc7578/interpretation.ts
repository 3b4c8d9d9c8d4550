/**
 * RFC 7578 §5 to §8: how forms are read that other clients, charsets and purposes
 * have made, and what is no such form.
 *
 * @module
 */

import {
  END,
  form,
  parameters,
  part,
  post,
  rejected,
  told,
  TYPE,
  utf8,
  wrongParameters,
} from "../forms.ts";
import type { Told } from "../forms.ts";
import type { Case, Section } from "../rows.ts";

const A: Told = ["a", "1"];
const ONE = form(part("name=a", "1"));

/** A field of this name. */
const named = (name: string): Told => [name, "1"];

/** A head of `size` octets in sum, with its empty line. */
function headOf(size: number): string {
  const short = part("name=a", "1", "X: ");
  const own = short.length - "--b\r\n1\r\n".length;
  return part("name=a", "1", `X: ${"x".repeat(size - own)}`);
}

/** Lines of a head beside its disposition. */
const manyLines = (count: number) => Array(count).fill("X: 1");

/** What is refused by its type, and what would have been taken. */
function unsupported(
  name: string,
  fields: readonly string[],
  status = 415,
  content = ONE,
): Case[] {
  return rejected(name, content, status, fields).map((one) => ({
    ...one,
    answers: [{
      status,
      fields: { accept: status === 415 ? /multipart\/form-data/ : null },
    }],
  }));
}

export const SECTIONS: readonly Section[] = [
  {
    number: "5.1",
    title: "Non-ASCII Field Names and Values",
    rows: [
      {
        id: "7578-5.1-1",
        section: "5.1",
        level: "is",
        says:
          "Names of fields may have octets beyond US-ASCII: here they are UTF-8, as those of files.",
        cases: [
          ...["caf\xE9", "\u014D", "\u{1F3B5}", "\uFEFFa", "_\xA0"].flatMap((
            name,
          ) =>
            told(
              JSON.stringify(name),
              form(part(`name="${utf8(name)}"`, "1")),
              [named(name)],
            )
          ),
          ...wrongParameters([
            'name="caf\xE9"',
            'name="\xC3"',
            'name="\xED\xA0\x80"',
            'name="\xC0\x80"',
            "name=caf\xC3\xA9",
          ]),
        ],
      },
      {
        id: "7578-5.1.3-1",
        section: "5.1.3",
        level: "is",
        says:
          "Names may come in older encodings, as words of RFC 2047 or parameters of RFC 2231: they are given as they came.",
        cases: [
          ...parameters([
            ['name="=?UTF-8?Q?caf=C3=A9?="', named("=?UTF-8?Q?caf=C3=A9?=")],
            ['name="=?UTF-8?B?Y2Fmw6k=?="', named("=?UTF-8?B?Y2Fmw6k=?=")],
            ["name=a; name*=UTF-8''b", A],
            ["name=a; name*0=b; name*1=c", A],
            [
              'name=a; filename="=?UTF-8?Q?f?="',
              ["a", "1", "=?UTF-8?Q?f?=", "text/plain"],
            ],
          ]),
          ...wrongParameters(["name*=UTF-8''a", "name*0=a; name*1=b"]),
        ],
      },
      {
        id: "7578-5.1.3-2",
        section: "5.1.3",
        level: "is",
        says:
          "Names that are equal to a reader may differ in their octets, by normalization: they stay as they are.",
        cases: parameters(["\xE9", "e\u0301", "\u212B", "\uFB01", "A", "a"].map(
          (name) => [`name="${utf8(name)}"`, named(name)] as const,
        )),
      },
    ],
  },
  {
    number: "5.2",
    title: "Ordered Fields and Duplicated Field Names",
    rows: [
      {
        id: "7578-5.2-1",
        section: "5.2",
        level: "SHOULD",
        says: "Fields come in the order of the form, and are told in it.",
        cases: [
          ...told(
            "names in no order",
            form(..."dacb".split("").map((name) => part(`name=${name}`, "1"))),
            [..."dacb"].map(named),
          ),
          ...told(
            "numbers",
            form(...["10", "9", "1"].map((name) => part(`name=${name}`, "1"))),
            ["10", "9", "1"].map(named),
          ),
          ...told(
            "files among fields",
            form(
              part("name=a", "1"),
              part("name=a; filename=f", "2"),
              part("name=a", "3"),
            ),
            [A, ["a", "2", "f", "text/plain"], ["a", "3"]],
          ),
        ],
      },
      {
        id: "7578-5.2-2",
        section: "5.2",
        level: "MUST NOT",
        says: "Parts of one name are not made one.",
        cases: [
          ...told(
            "side by side",
            form(part("name=a", "1"), part("name=a", "2")),
            [A, ["a", "2"]],
          ),
          ...told("equal", form(part("name=a", "1").repeat(3)), [A, A, A]),
          ...told(
            "apart",
            form(part("name=a", "1"), part("name=b"), part("name=a", "2")),
            [A, ["b", ""], ["a", "2"]],
          ),
          ...told("empty", form(part("name=a").repeat(2)), [["a", ""], [
            "a",
            "",
          ]]),
          ...told(
            "of names that differ in case",
            form(part("name=a", "1"), part("name=A", "2")),
            [A, ["A", "2"]],
          ),
        ],
      },
    ],
  },
  {
    number: "7",
    title: "Security Considerations",
    rows: [
      {
        id: "7578-7-1",
        section: "7",
        level: "ought",
        says:
          "What a form brings is treated with care: here its parts, files, heads and fields are bounded, each with 413 (limits.ts).",
        cases: [
          ...told("as many parts", form(part("name=a", "1").repeat(1_000)), [
            ...Array(1_000).fill(A),
          ]),
          ...rejected("more parts", form(part("name=a").repeat(1_001)), 413),
          ...rejected(
            "more files",
            form(part("name=a; filename=f").repeat(101)),
            413,
          ),
          ...told("as long a head", form(headOf(8_192)), [A]),
          ...rejected("a longer head", form(headOf(8_193)), 413),
          ...rejected(
            "a longer name",
            form(part(`name="${"x".repeat(9_000)}"`)),
            413,
          ),
          ...rejected(
            "white space behind a delimiter",
            form(`--b${" ".repeat(8_200)}\r\n`),
            413,
          ),
          ...told(
            "as many lines",
            form(part("name=a", "1", ...manyLines(15))),
            [
              A,
            ],
          ),
          ...rejected(
            "more lines",
            form(part("name=a", "1", ...manyLines(16))),
            413,
          ),
          ...told("as long a field", form(part("name=a", "x".repeat(65_536))), [
            [
              "a",
              "x".repeat(65_536),
            ],
          ]),
          ...rejected(
            "a longer field",
            form(part("name=a", "x".repeat(65_537))),
            413,
          ),
          ...told(
            "a longer file",
            form(part("name=a; filename=f", "x".repeat(70_000))),
            [["a", "x".repeat(70_000), "f", "text/plain"]],
          ),
        ],
      },
      {
        id: "7578-7-2",
        section: "7",
        level: "ought",
        says:
          "The name of a file does not make a recipient overwrite another: nothing here writes by it.",
        cases: [],
        elsewhere: "§4.2; tests/songs_test.ts, which keeps what it is sent",
      },
    ],
  },
  {
    number: "8",
    title: "Media Type Registration for multipart/form-data",
    rows: [
      {
        id: "7578-8-1",
        section: "8",
        level: "is",
        says:
          "The type is multipart/form-data, in any case; what is of another is refused with 415, and Accept.",
        cases: [
          ...[
            ...[
              "Multipart/Form-Data; boundary=b",
              "MULTIPART/FORM-DATA;BOUNDARY=b",
            ],
            ...["multipart/form-data ; boundary=b", TYPE],
          ].flatMap((type) => told(type, ONE, [A], type)),
          ...[
            ...[
              "multipart/mixed",
              "multipart/related",
              "multipart/alternative",
            ],
            ...["multipart/byteranges", "multipart/form-datax", "multipart/*"],
            ...["multipart/form", "multipart", "form-data", "text/plain"],
            ...["application/json", "application/octet-stream", "x", ""],
            "multipart/form-data, multipart/form-data",
          ].flatMap((type) =>
            unsupported(
              JSON.stringify(type),
              [`Content-Type: ${type}; boundary=b`],
            )
          ),
          ...unsupported("two lines", [
            "Content-Type: multipart/form-data",
            `Content-Type: ${TYPE}`,
          ]),
          ...unsupported("none", []),
          ...unsupported("neither type nor content", [], 400, ""),
        ],
      },
      {
        id: "7578-8-2",
        section: "8",
        level: "is",
        says:
          "It has one required parameter, boundary, and no optional ones: others mean nothing.",
        cases: [
          ...rejected("no boundary", ONE, 400, "multipart/form-data"),
          ...["charset=iso-8859-1", "charset=x", "type=x", "name=b", "start=1"]
            .flatMap((parameter) =>
              told(
                parameter,
                form(part("name=a", "caf\xC3\xA9")),
                [["a", "caf\xE9"]],
                `${TYPE}; ${parameter}`,
              )
            ),
        ],
      },
      {
        id: "7578-8-3",
        section: "8",
        level: "is",
        says:
          "Over HTTP a form is binary: it is taken as it is, and no content coding is undone.",
        cases: [
          ...told("identity", ONE, [A], [
            `Content-Type: ${TYPE}`,
            "Content-Encoding: identity",
          ]),
          ...["gzip", "br", "x"].flatMap((coding) =>
            rejected(coding, ONE, 415, [
              `Content-Type: ${TYPE}`,
              `Content-Encoding: ${coding}`,
            ])
          ),
        ],
      },
      {
        id: "7578-8-4",
        section: "8",
        level: "is",
        says:
          "A form that is cut is none, and the connection is not used again.",
        cases: Object.entries({
          "formData()": "/form",
          "parts()": "/form/parts",
        })
          .map(([reader, target]): Case => ({
            name: reader,
            send: post(target, TYPE, ONE).slice(0, -END.length),
            answers: [{ status: 400 }],
            then: "closes",
            fin: true,
          })),
      },
    ],
  },
];
