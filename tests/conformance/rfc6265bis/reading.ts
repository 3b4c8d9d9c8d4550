/**
 * RFC 6265bis §4.2 and §5.8: the Cookie field, as user agents send it and as a
 * server reads it.
 *
 * @module
 */

import { get, octetRange, refused, served, sweep } from "../rows.ts";
import type { Section } from "../rows.ts";
import { read, round, shown, told, utf8 } from "./cases.ts";

/** Octets that a field value may have, and that end no pair, name or value. */
const PLAIN = [...octetRange(0x21, 0x7e), ...octetRange(0x80, 0xff)]
  .filter((octet) => octet !== ";");

/** Controls that no field value has. */
const CONTROLS = octetRange(0, 0x1f).concat("\x7f").filter((octet) =>
  !"\t\r\n".includes(octet)
);

/** Parts that are no pair, since they have no name. */
const NO_PAIRS = ["", " ", "a", "=", "=1", " = 1", "==", "\t", '"a"', "\xE9"];

/** Where one pair ends and the next begins, as it is sent and as others write it. */
const SEPARATORS = ["; ", ";", " ;", " ; ", ";\t", ";;", "; ; ", ";  "];

/** Attributes are not sent back; what looks like one is a cookie of that name. */
const LOOKS = [
  "$Version=1",
  "$Path=/",
  "Path=/",
  "Domain=a",
  "Secure=",
  "Max-Age=0",
];

const NAMES_OF_OBJECTS = ["__proto__", "constructor", "toString", "length"];

/** A cookie of its own, as one pair. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => [`n${at}`, `${at}`] as const);

const joined = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map((pair) => pair.join("=")).join("; ");

export const SECTIONS: readonly Section[] = [
  {
    number: "4.2.1",
    title: "Cookie: Syntax",
    rows: [
      {
        id: "6265-4.2.1-1",
        section: "4.2.1",
        level: "is",
        says: 'A Cookie field is pairs, with ";" and a space between them.',
        cases: [
          read("one", "a=1", ["a", "1"]),
          read("two", "a=1; b=2", ["a", "1"], ["b", "2"]),
          read("no value", "a=; b=2", ["a", ""], ["b", "2"]),
          read("= in a value", "a==1=; b=2==", ["a", "=1="], ["b", "2=="]),
          ...[50, 128].map((count) =>
            read(
              `${count}`,
              joined(numbered(count)),
              ...numbered(count).map(
                ([name, value]): [string, string] => [name, value],
              ),
            )
          ),
        ],
      },
      {
        id: "6265-4.2.1-2",
        section: "4.2.1",
        level: "is",
        says:
          "What other clients send is read where it can mean one thing only: any white space around pairs, names and values is left out, and so is a part without a name.",
        cases: [
          ...SEPARATORS.map((between) =>
            read(
              `${shown(between)} between`,
              `a=1${between}b=2`,
              ["a", "1"],
              ["b", "2"],
            )
          ),
          read("white space everywhere", " \ta\t = \t1 ;b =\t2\t", ["a", "1"], [
            "b",
            "2",
          ]),
          read("white space inside", "a b=c d", ["a b", "c d"]),
          ...NO_PAIRS.flatMap((part) => [
            read(`${shown(part)} alone`, part),
            read(`${shown(part)} in front`, `${part}; a=1`, ["a", "1"]),
            read(`${shown(part)} behind`, `a=1; ${part}`, ["a", "1"]),
          ]),
          read("a comma ends nothing", "a=1, b=2", ["a", "1, b=2"]),
          read("a quote hides nothing", 'a="1; b=2"', ["a", '"1'], ["b", '2"']),
          read(
            "a backslash hides nothing",
            "a=1\\; b=2",
            ["a", "1\\"],
            ["b", "2"],
          ),
        ],
      },
      {
        id: "6265-4.2.1-3",
        section: "4.2.1",
        level: "is",
        says: "No field is no cookies.",
        cases: [
          served("none", get("/cookies/read"), "[]"),
          served("of that name", get("/cookies/get/a"), "none"),
        ],
      },
    ],
  },
  {
    number: "4.2.2",
    title: "Cookie: Semantics",
    rows: [
      {
        id: "6265-4.2.2-1",
        section: "4.2.2",
        level: "is",
        says:
          "A pair has the name and the value that Set-Cookie had: nothing is decoded, and quotes are kept.",
        cases: [
          ...[
            "1",
            "",
            "a=b",
            '"1"',
            "%20",
            "%3B%20b%3D2",
            "+",
            "%",
            "a%00",
            "&b=2",
          ]
            .map((value) => round(shown(value), value)),
          read("an encoded name is another", "%61=1", ["%61", "1"]),
          told("as it is asked for", "/cookies/get/a", "%61=1", "none"),
          ...NAMES_OF_OBJECTS.flatMap((name) => [
            read(name, `${name}=1`, [name, "1"]),
            told(`no ${name}`, `/cookies/get/${name}`, "a=1", "none"),
          ]),
        ],
      },
      {
        id: "6265-4.2.2-2",
        section: "4.2.2",
        level: "is",
        says:
          "Attributes are not sent back, so what looks like one is a cookie.",
        cases: LOOKS.map((look) => {
          const [name = "", value = ""] = look.split("=");
          return read(look, `a=1; ${look}`, ["a", "1"], [name, value]);
        }),
      },
      {
        id: "6265-4.2.2-3",
        section: "4.2.2",
        level: "SHOULD NOT",
        says:
          "The order is not relied upon: a handler sees every cookie of a name, a signed one is found in any place, and the first is given only where one alone is asked for.",
        cases: [
          ...[["1", "2"], ["2", "1"], ["1", "1"]].map(([first, second]) =>
            read(
              `${first} before ${second}`,
              `a=${first}; b=; a=${second}`,
              ["a", first!],
              ["b", ""],
              ["a", second!],
            )
          ),
          told("the first", "/cookies/get/a", "b=0; a=1; a=2", "1"),
          ...[0, 1, 2, 3].map((before) =>
            told(
              `signed, behind ${before}`,
              "/cookies/signed/id",
              "id=x; ".repeat(before) +
                "id=.Nw.05SD_dBxWhet5v2bzn6krCeqnm4Q0gSHcpX_A_pLa1c; id=x",
              "7",
            )
          ),
        ],
      },
      {
        id: "6265-4.2.2-4",
        section: "4.2.2",
        level: "is",
        says: "Names differ by case (§4.1.1), prefixes too.",
        cases: [
          read("both", "a=1; A=2", ["a", "1"], ["A", "2"]),
          told("a", "/cookies/get/a", "A=2; a=1", "1"),
          told("no a", "/cookies/get/a", "A=2", "none"),
          ...["__HOST-a", "__host-a", "__Host-A"].map((name) =>
            told(name, "/cookies/get/__Host-a", `${name}=evil`, "none")
          ),
        ],
      },
    ],
  },
];

export const RETRIEVAL: readonly Section[] = [
  {
    number: "5.8",
    title: "Retrieval Model",
    rows: [
      {
        id: "6265-5.8.1-1",
        section: "5.8.1",
        level: "is",
        says:
          "A user agent sends one Cookie field; several lines, as HTTP/2 has them on its way here, are read as one.",
        cases: [
          read("two", ["a=1", "b=2"], ["a", "1"], ["b", "2"]),
          read("three, with an end", ["a=1;", "b=2; ", "c=3"], ["a", "1"], [
            "b",
            "2",
          ], ["c", "3"]),
          read("of one name", ["a=1", "a=2"], ["a", "1"], ["a", "2"]),
          read("an empty one", ["", "a=1", ""], ["a", "1"]),
          read("a comma joins nothing", ["a=1,", ",b=2"], ["a", "1,"], [
            ",b",
            "2",
          ]),
          read("a quote ends with its line", ['a="1', '2"; b=3'], ["a", '"1'], [
            "b",
            "3",
          ]),
          served(
            "names in any case, others between",
            get("/cookies/read", "cookie: a=1", "X-A: b=0", "COOKIE: c=2"),
            '[["a","1"],["c","2"]]',
          ),
          read(
            "many",
            Array.from({ length: 90 }, (_, at) => `n${at}=`),
            ...Array.from(
              { length: 90 },
              (_, at): [string, string] => [`n${at}`, ""],
            ),
          ),
        ],
      },
      {
        id: "6265-5.8.1-2",
        section: "5.8.1",
        level: "is",
        says:
          "More cookies than limits.cookies are refused where they are read, over one line or several.",
        cases: ([
          ["on one line", [joined(numbered(129))]],
          ["on two", [joined(numbered(65)), joined(numbered(64))]],
          ["parts without a name", [";".repeat(129)]],
        ] as const).map(([name, lines]) => ({
          name,
          send: get(
            "/cookies/read",
            ...lines.map((cookie) => `Cookie: ${cookie}`),
          ),
          answers: [{ status: 400 }],
          then: "as it says" as const,
        })),
      },
      {
        id: "6265-5.8.3-1",
        section: "5.8.3",
        level: "is",
        says:
          "A cookie-string is octets, not text: each of them reaches a handler as one character.",
        cases: [
          ...sweep(
            PLAIN,
            (name, octet) => read(name, `a=1${octet}1`, ["a", `1${octet}1`]),
          ),
          ...sweep(
            PLAIN.filter((octet) => octet !== "="),
            (name, octet) =>
              read(`${name} as a name`, `${octet}=1`, [octet, "1"]),
          ),
          read("UTF-8", `a=${utf8("\u20AC")}`, ["a", utf8("\u20AC")]),
          read("no UTF-8", "a=\xC3; b=\xFF\xFE", ["a", "\xC3"], [
            "b",
            "\xFF\xFE",
          ]),
          read("white space beyond ASCII is kept", "\xA0a=1\xA0\x85", [
            "\xA0a",
            "1\xA0\x85",
          ]),
        ],
      },
      {
        id: "6265-5.8.3-2",
        section: "5.8.3",
        level: "is",
        says: "A control in a Cookie field is refused with the head.",
        cases: [
          ...sweep(
            CONTROLS,
            (name, octet) =>
              refused(name, get("/cookies/read", `Cookie: a=${octet}1`)),
          ),
          refused("CR", get("/cookies/read", "Cookie: a=\r1; b=2")),
          refused("LF", get("/cookies/read", "Cookie: a=\n1; b=2")),
          refused(
            "a folded line",
            get("/cookies/read", "Cookie: a=1;", " b=2"),
          ),
        ],
      },
      {
        id: "6265-5.8.3-3",
        section: "5.8.3",
        level: "is",
        says:
          "A cookie without a name is sent as its value alone, and is not taken for another of that name.",
        cases: [
          told("a", "/cookies/get/a", "a", "none"),
          told("__Host-a", "/cookies/get/__Host-a", "__Host-a; b=1", "none"),
          told("=__Host-a=1", "/cookies/get/__Host-a", "=__Host-a=1", "none"),
          told("= a=1", "/cookies/get/a", "= a=1", "none"),
          told(
            "nothing of it is a name",
            "/cookies/get/a",
            "=a=1; b=2",
            "none",
          ),
        ],
      },
    ],
  },
];
