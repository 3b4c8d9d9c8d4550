/**
 * RFC 2046 §5.1, the multipart type, as far as RFC 7578 has forms follow it, as
 * rows.
 *
 * @module
 */

import {
  DISPOSITION,
  END,
  form,
  part,
  postInChunks,
  rejected,
  swept,
  told,
  toldOf,
  TYPE,
  wrongLines,
} from "./forms.ts";
import type { Told } from "./forms.ts";
import { octetName, octetRange } from "./rows.ts";
import type { Case, Standard } from "./rows.ts";

/** A form of one field whose text is `data`. */
const holding = (data: string) => form(part("name=a", data));
const ONE = holding("1");
const A: Told = ["a", "1"];
const TWO: readonly Told[] = [A, ["b", "2"]];

/** A file `a` with these octets, as it is sent and as it is told. */
const fileOf = (octets: string) => form(part("name=a; filename=f", octets));
const F = (octets: string): Told => ["a", octets, "f", "text/plain"];

/** Forms of one field that holds any of `all`. */
const kept = (all: readonly (readonly [name: string, data: string])[]) =>
  all.flatMap(([name, data]) => told(name, holding(data), [["a", data]]));

/** The Content-Type of a form with these parameters. */
const typed = (parameters: string) => `multipart/form-data${parameters}`;

/** A form between these boundaries. */
const between = (boundary: string, data = "1") =>
  `--${boundary}\r\n${DISPOSITION}; name=a\r\n\r\n${data}\r\n--${boundary}--\r\n`;

/** A form whose boundary is sent quoted. */
function bounded(name: string, boundary: string): Case[] {
  const type = typed(`; boundary="${boundary}"`);
  return told(name, between(boundary), [A], type);
}

/** A boundary, quoted where it has to be, that no multipart may have. */
function unbounded(name: string, boundary: string): Case[] {
  const quoted = boundary.replace(/["\\]/g, "\\$&");
  return rejected(
    name,
    between(boundary),
    400,
    typed(`; boundary="${quoted}"`),
  );
}

const PADDINGS: readonly (readonly [name: string, padding: string])[] = [
  ["SP", " "],
  ["HTAB", "\t"],
  ["several", " \t \t"],
  ["1 KiB", " ".repeat(1024)],
];

const ALNUM = [
  ..."0123456789",
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
];

/** RFC 2046 §5.1.1, without letters, digits and SP. */
const MARKS = [..."'()+_,-./:=?"];

const OCTETS = octetRange(0, 255).join("");

/** Lines that begin as a delimiter does, and are none. */
const NEARLY = [
  ...["-", "--", "--a", "-b", " --b", "\t--b", "---b", "--\r\n--"],
  ...["\r--b", "\n--b", "--\nb", "-- b", "- -b", "--(x)b"],
];

/** What every cut of the form leaves of it, but for the whole. */
const CUTS = Array.from(
  { length: ONE.length - "\r\n".length },
  (_, length) => ONE.slice(0, length),
);

export const RFC2046: Standard = {
  name: "RFC 2046",
  title: "MIME Part Two: Media Types",
  chapters: { "5": "Composite Media Type Values" },
  sections: [{
    number: "5.1",
    title: "Multipart Media Type",
    rows: [
      {
        id: "2046-5.1-1",
        section: "5.1",
        level: "MUST",
        says:
          "The body has one part or more, each behind a delimiter, and a closing delimiter behind the last; a form without fields is that alone.",
        cases: [
          ...told("one part", ONE, [A]),
          ...told("two", form(part("name=a", "1"), part("name=b", "2")), TWO),
          ...told(
            "as many as the limit",
            form(part("name=a", "1").repeat(1_000)),
            Array(1_000).fill(A),
          ),
          ...told("none", END, []),
          ...[1, 3, 16].flatMap((size) =>
            toldOf(
              `in chunks of ${size}`,
              (target) => postInChunks(target, ONE, size),
              [A],
            )
          ),
        ],
      },
      {
        id: "2046-5.1-2",
        section: "5.1",
        level: "is",
        says: "A part is a head, an empty line and a content.",
        cases: kept([
          ["no content", ""],
          ["an empty line", "\r\n"],
          ["a line like a field", "Content-Disposition: x"],
          ["a head like that of a part", `\r\n${DISPOSITION}; name=b\r\n\r\n2`],
        ]),
      },
      {
        id: "2046-5.1-3",
        section: "5.1",
        level: "is",
        says:
          "No field is required in a part; RFC 7578 §4.2 requires one in those of a form.",
        cases: [
          ...rejected("no field", `--b\r\n\r\n1\r\n${END}`),
          ...rejected(
            "none in the second part",
            form(part("name=a", "1"), "--b\r\n\r\n2\r\n"),
          ),
        ],
      },
      {
        id: "2046-5.1-4",
        section: "5.1",
        level: "MAY",
        says:
          "A field whose name does not begin with Content- means nothing in a part, and is ignored.",
        cases: [
          "X: 1",
          "Transfer-Encoding: chunked",
          "Connection: close",
          "Host: b\r\nHost: c",
          "Name: b",
          "Disposition: form-data; name=b",
        ].flatMap((line) => told(line, form(part("name=a", "1", line)), [A])),
      },
      {
        id: "2046-5.1-5",
        section: "5.1",
        level: "MUST NOT",
        says:
          "A delimiter stands in no part, neither as a line nor as the beginning of one; where it does, the part is over, and what follows must be a part.",
        cases: [
          ...["\r\n", "bc", ": x", "\0", "\xFF", "-", "-x", "--x", " x", "\t-"],
        ].flatMap((behind) =>
          rejected(`${behind} behind it`, holding(`1\r\n--b${behind}\r\n2`))
        ),
      },
      {
        id: "2046-5.1-6",
        section: "5.1",
        level: "is",
        says: "A multipart has no transfer encoding but 7bit, 8bit or binary.",
        cases: ["7bit", "8bit", "binary"].flatMap((coding) =>
          told(coding, ONE, [A], [
            `Content-Type: ${TYPE}`,
            `Content-Transfer-Encoding: ${coding}`,
          ])
        ),
      },
    ],
  }, {
    number: "5.1.1",
    title: "Common Syntax",
    rows: [
      {
        id: "2046-5.1.1-1",
        section: "5.1.1",
        level: "is",
        says: "The Content-Type of a multipart has one parameter, boundary.",
        cases: [
          ...["", ";", "; x=b", "; boundary", "; boundary=", '; boundary=""'],
          ...['; boundary="b', "; boundary =b", "; boundary= b", "; bound=b"],
          ...["; boundary=b; boundary=b", "; boundary=b; boundary=c"],
          ...['; boundary=b; BOUNDARY="b"', "; boundary*=UTF-8''b"],
          ...["; boundary=b c", "; boundary=b, c", "; boundary=b; x"],
          `; boundary=b, ${TYPE}`,
        ].flatMap((parameters) =>
          rejected(
            parameters === "" ? "nothing" : parameters,
            ONE,
            400,
            typed(parameters),
          )
        ),
      },
      {
        id: "2046-5.1.1-2",
        section: "5.1.1",
        level: "is",
        says:
          "Its value may be quoted, and has to be where the grammar of parameters has no such token.",
        cases: [
          ...[
            ...["; boundary=b", '; boundary="b"', '; boundary="\\b"'],
            ...[
              ";boundary=b",
              " ;\tboundary=b",
              "; boundary=b ;",
              ";; boundary=b",
            ],
            ...["; BOUNDARY=b", "; x=y; boundary=b", '; boundary=b; x="y;z"'],
            ...['; x="; boundary=c"; boundary=b'],
          ].flatMap((parameters) =>
            told(parameters, ONE, [A], typed(parameters))
          ),
          ...[..."(),/:=?"].flatMap((mark) => [
            ...bounded(`a${mark}b quoted`, `a${mark}b`),
            ...rejected(
              `a${mark}b as a token`,
              between(`a${mark}b`),
              400,
              typed(`; boundary=a${mark}b`),
            ),
          ]),
        ],
      },
      {
        id: "2046-5.1.1-3",
        section: "5.1.1",
        level: "is",
        says: "It is 1 to 70 characters.",
        cases: [
          ...[1, 2, 69, 70].flatMap((length) =>
            bounded(`${length}`, "x".repeat(length))
          ),
          ...bounded("70 hyphens", "-".repeat(70)),
          ...[0, 71, 72, 1_000].flatMap((length) =>
            unbounded(`${length}`, "x".repeat(length))
          ),
        ],
      },
      {
        id: "2046-5.1.1-4",
        section: "5.1.1",
        level: "is",
        says:
          "They are letters, digits and a few more; SP is one of them, but not the last.",
        cases: swept([
          ...[...ALNUM, ...MARKS].flatMap((octet) =>
            bounded(octetName(octet.charCodeAt(0)), octet)
          ),
          ...bounded("SP in the middle", "a b"),
          ...bounded("SP as the first", " b"),
          ...["b ", " ", "b  "].flatMap((boundary) =>
            unbounded(`SP as the last: ${boundary}`, boundary)
          ),
          ...octetRange(0x21, 0x7E)
            .filter((octet) => ![...ALNUM, ...MARKS].includes(octet))
            .flatMap((octet) =>
              unbounded(octetName(octet.charCodeAt(0)), octet)
            ),
          ...["\t", "\x80", "\xE9", "\xFF"].flatMap((octet) =>
            unbounded(octetName(octet.charCodeAt(0)), `a${octet}b`)
          ),
        ]),
      },
      {
        id: "2046-5.1.1-5",
        section: "5.1.1",
        level: "is",
        says: "Boundaries are compared as they are, with case.",
        cases: [
          ...told("another case", holding("1\r\n--B\r\n--B--"), [[
            "a",
            "1\r\n--B\r\n--B--",
          ]]),
          ...rejected("of all of them", between("B")),
          ...rejected("another boundary", between("c")),
        ],
      },
      {
        id: "2046-5.1.1-6",
        section: "5.1.1",
        level: "MUST",
        says: "A delimiter stands at the beginning of a line, behind CRLF.",
        cases: [
          ...told("at the beginning of all", ONE, [A]),
          ...told("behind CRLF", `\r\n${ONE}`, [A]),
          ...NEARLY.flatMap((line) =>
            told(
              `content with ${line}`,
              holding(`1\r\n${line}\r\n2`),
              [["a", `1\r\n${line}\r\n2`]],
            )
          ),
          ...kept([
            ["in the line", "1--b"],
            ["and the last in the line", "1--b--"],
            ["LF alone before it", "1\n--b\n--b--\n2"],
            ["CR alone before it", "1\r--b\r--b--\r2"],
          ]),
          ...told("one in a line, which is passed over", `x--b\r\n${ONE}`, [A]),
          ...rejected(
            "none but in a line, so that no part is there",
            `x${ONE}`,
          ),
        ],
      },
      {
        id: "2046-5.1.1-7",
        section: "5.1.1",
        level: "is",
        says: "That CRLF belongs to the delimiter, and not to the part.",
        cases: kept([
          ["no line end", "1"],
          ["a line end", "1\r\n"],
          ["two", "1\r\n\r\n"],
          ["nothing but a line end", "\r\n"],
          ["CR", "1\r"],
          ["LF", "1\n"],
          ["CR CR", "\r\r"],
          ["LF CR", "\n\r"],
        ]),
      },
      {
        id: "2046-5.1.1-8",
        section: "5.1.1",
        level: "MUST",
        says:
          "White space behind a delimiter was added on the way, and is dropped.",
        cases: PADDINGS.flatMap(([name, padding]) => [
          ...told(`${name} behind the first`, ONE.replace("b", `b${padding}`), [
            A,
          ]),
          ...told(
            `${name} behind the second`,
            form(
              part("name=a", "1"),
              part("name=b").replace("b", `b${padding}`),
            ),
            [A, ["b", ""]],
          ),
          ...told(
            `${name} behind the last`,
            ONE.replace(END, `--b--${padding}\r\n`),
            [A],
          ),
          ...told(
            `${name} at the end of all`,
            ONE.replace(END, `--b--${padding}`),
            [A],
          ),
        ]),
      },
      {
        id: "2046-5.1.1-9",
        section: "5.1.1",
        level: "is",
        says: "Nothing else is inserted: no comment, no white space elsewhere.",
        cases: [
          ...["--b (x)", "--b;x", "--b\0", "--b\v"].flatMap((line) =>
            rejected(line, ONE.replace("--b", line))
          ),
          ...["-- b--", "--b- -", "--b --", "--b-- x", "--b--x", "--b---"]
            .flatMap((line) => rejected(line, ONE.replace("--b--", line))),
        ],
      },
      {
        id: "2046-5.1.1-10",
        section: "5.1.1",
        level: "is",
        says:
          "Lines end with CRLF; LF and CR alone end none, because two readers can differ on them.",
        cases: [
          ...rejected("LF everywhere", ONE.replaceAll("\r\n", "\n")),
          ...rejected("CR everywhere", ONE.replaceAll("\r\n", "\r")),
          ...["\n", "\r", "\r\r\n", "\n\r\n"].flatMap((end) => [
            ...rejected(`${end} behind the first`, ONE.replace("\r\n", end)),
            ...rejected(`${end} behind the last`, ONE.slice(0, -2) + `${end}x`),
          ]),
          ...["\n", "\r", "\r\r\n"].flatMap((end) => [
            ...rejected(
              `${end} behind a field`,
              ONE.replace("a\r\n", `a${end}`),
            ),
            ...rejected(
              `${end} as the empty line`,
              ONE.replace("\r\n\r\n", `\r\n${end}`),
            ),
          ]),
          ...wrongLines([
            `${DISPOSITION};\r\n name=a`,
            `${DISPOSITION};\r\n\tname=a`,
            `${DISPOSITION}; name=a\r\n X: 1`,
          ]),
        ],
      },
      {
        id: "2046-5.1.1-11",
        section: "5.1.1",
        level: "is",
        says:
          "A delimiter is one as soon as a line begins with it, whatever follows in the line.",
        unmet:
          "What follows must be white space, as the grammar has it, or two hyphens. Of a longer line one reader makes a delimiter and the next one content, so nobody who chose the boundary with care has sent it.",
        cases: [
          ...rejected("the first", ONE.replace("--b", "--bc")),
          ...rejected(
            "between parts",
            form(part("name=a"), part("name=a"), "--bc\r\n"),
          ),
          ...rejected("the last", ONE.replace("--b--", "--bc--")),
          ...rejected("behind SP", ONE.replace("--b", "--b c")),
        ],
      },
      {
        id: "2046-5.1.1-12",
        section: "5.1.1",
        level: "is",
        says:
          "The closing delimiter has two hyphens more, and no part follows; without it, the form is cut.",
        cases: [
          ...swept(
            CUTS.filter((cut) => !cut.endsWith("--b--")).flatMap((cut) =>
              rejected(`cut at octet ${cut.length}`, cut)
            ),
          ),
          ...rejected("cut in the last CRLF", ONE.slice(0, -1)),
          ...told("no CRLF behind it", ONE.slice(0, -2), [A]),
          ...rejected("a part more without it", part("name=a", "1").repeat(2)),
          ...told("a part behind it", ONE + ONE, [A]),
          ...told("another one behind it", ONE + END, [A]),
        ],
      },
      {
        id: "2046-5.1.1-13",
        section: "5.1.1",
        level: "MUST",
        says:
          "What stands before the first delimiter and behind the last is ignored.",
        cases: [
          ["text", "hello"],
          ["lines", "hello\r\n\r\nworld\r\n"],
          ["bare line ends", "\r\n\n\r\r\n"],
          ["a head", `${DISPOSITION}; name=b\r\n\r\n2`],
          ["lines that are nearly delimiters", "-\r\n--\r\n--c\r\n--\r\nb"],
          ["octets", OCTETS],
          ["8,000 octets", "x".repeat(8_000)],
        ].flatMap(([name, text]) => [
          ...told(`${name} before`, `${text}\r\n${ONE}`, [A]),
          ...told(`${name} behind`, `${ONE}${text}`, [A]),
        ]),
      },
      {
        id: "2046-5.1.1-14",
        section: "5.1.1",
        level: "MUST",
        says: "It is ignored however long it is.",
        unmet:
          "More than 8 KiB on either side are refused with 400: nobody sends them, and a reader of nothing needs a bound.",
        cases: [
          ...rejected("before", `${"x".repeat(8_193)}\r\n${ONE}`),
          ...rejected("behind", `${ONE}${"x".repeat(8_193)}`),
        ],
      },
      {
        id: "2046-5.1.1-15",
        section: "5.1.1",
        level: "is",
        says:
          "A part may end with its fields: the CRLF of the empty line is then that of the delimiter.",
        cases: [
          ...told(
            "the only part",
            `--b\r\n${DISPOSITION}; name=a\r\n\r\n${END}`,
            [[
              "a",
              "",
            ]],
          ),
          ...told(
            "and another behind it",
            `--b\r\n${DISPOSITION}; name=a\r\n\r\n${ONE}`,
            [["a", ""], A],
          ),
          ...rejected(
            "no empty line",
            `--b\r\n${DISPOSITION}; name=a\r\n${END}`,
          ),
        ],
      },
      {
        id: "2046-5.1.1-16",
        section: "5.1.1",
        level: "is",
        says: "A content is any octets but the delimiter.",
        cases: [
          ...told("every octet", fileOf(OCTETS), [F(OCTETS)]),
          ...told(
            "every octet behind CR",
            fileOf([...OCTETS].join("\r")),
            [F([...OCTETS].join("\r"))],
          ),
          ...told(
            "every octet behind what begins a delimiter",
            fileOf([...OCTETS].filter((octet) => octet !== "b").join("\r\n--")),
            [F([...OCTETS].filter((octet) => octet !== "b").join("\r\n--"))],
          ),
          ...[..."\0\r\n\x1A-\x80\xFF"].flatMap((octet) => {
            const many = octet.repeat(20_000);
            const name = octetName(octet.charCodeAt(0));
            return told(`20,000 of ${name}`, fileOf(many), [F(many)]);
          }),
        ],
      },
      {
        id: "2046-5.1.1-17",
        section: "5.1.1",
        level: "is",
        says:
          "A part may be a multipart itself, whose boundary is another one; here it is content as any.",
        cases: ["c", "--c", "ab", "-b"].flatMap((boundary) => {
          const inner = between(boundary);
          const type = `Content-Type: multipart/mixed; boundary="${boundary}"`;
          return told(
            boundary,
            form(part("name=a", inner, type), part("name=c", "2")),
            [["a", inner], ["c", "2"]],
          );
        }),
      },
    ],
  }, {
    number: "5.1.2",
    title: "Handling Nested Messages and Multiparts",
    rows: [{
      id: "2046-5.1.2-1",
      section: "5.1.2",
      level: "MUST",
      says:
        "The delimiter of the outer multipart is known at any depth of inner ones.",
      cases: [
        ["in the head of an inner part", "--c\r\nContent-Type: text/plain"],
        ["in the content of an inner part", "--c\r\n\r\n2"],
        ["behind an inner delimiter", "--c"],
        [
          "two deep",
          "--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n\r\n2",
        ],
      ].flatMap(([name, inner = ""]) =>
        told(
          `${name}`,
          form(
            part("name=a", inner, "Content-Type: multipart/mixed; boundary=c"),
            part("name=b", "3"),
          ),
          [["a", inner], ["b", "3"]],
        )
      ),
    }],
  }],
};
