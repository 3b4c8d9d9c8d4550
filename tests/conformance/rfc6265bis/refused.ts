/**
 * RFC 6265bis §5.4 to §5.7: what a user agent ignores or changes, and a server does
 * not write therefore.
 *
 * @module
 */

import { octetName, octetRange } from "../rows.ts";
import type { Case, Section } from "../rows.ts";
import type { CookieStep } from "../app.ts";
import { line, unset, unwritten, written } from "./cases.ts";

const CONTROLS = [...octetRange(0, 0x1f), "\x7f"];

/** A part of a cookie, what it is called in a refusal, and a step with a text in it. */
const PARTS: readonly (readonly [
  part: string,
  reason: string,
  step: (text: string) => CookieStep,
])[] = [
  ["name", "its name", (text) => ["set", text, "1"]],
  ["value", "its value", (text) => ["set", "a", text]],
  ["domain", "its domain", (text) => ["set", "a", "1", { domain: text }]],
  ["path", "its path", (text) => ["set", "a", "1", { path: `/${text}` }]],
  ["site", "its sameSite", (text) => ["set", "a", "1", { sameSite: text }]],
  ["priority", "its priority", (text) => ["set", "a", "1", { priority: text }]],
];

/** Each part with each text, refused. */
function parts(
  texts: readonly (readonly [name: string, text: string])[],
  which = PARTS,
): Case[] {
  return which.flatMap(([part, reason, step]) =>
    texts.map(([name, text]) =>
      unwritten(`${name} in the ${part}`, step(text), reason)
    )
  );
}

/** A cookie whose name and value are so long together. */
function sized(name: number, value: number): CookieStep {
  return ["set", "n".repeat(name), "v".repeat(value)];
}

const SIZES: readonly (readonly [name: number, value: number])[] = [
  [1, 4095],
  [4094, 2],
  [4096, 0],
  [2048, 2048],
];

/** Signed: a dot, the value in base64url, a dot, and 43 characters. */
const signedLength = (value: number) => 45 + Math.ceil(value * 4 / 3);

export const SECTIONS: readonly Section[] = [
  {
    number: "5.4",
    title: "Cookie Name Prefixes",
    rows: [
      {
        id: "6265-5.4-1",
        section: "5.4",
        level: "is",
        says:
          "User agents match prefixes in any case, so in any case their promise is kept, also where a cookie is signed or deleted.",
        cases: (["__host-a", "__HOST-a", "__hOsT-hTtP-a"] as const).flatMap(
          (name) =>
            ([
              ["sign", name, "1", { secure: true }],
              ["delete", name, "", { path: "/a" }],
              ["delete", name, "", { domain: "a.example" }],
              ["delete", name, "", { secure: false }],
            ] as CookieStep[]).map((step, at) =>
              unwritten(
                `${name} ${step[0]} ${at + 1}`,
                step,
                "its prefix needs secure",
              )
            ),
        ),
      },
    ],
  },
  {
    number: "5.5",
    title: "Cookie Lifetime Limits",
    rows: [
      {
        id: "6265-5.5-1",
        section: "5.5",
        level: "is",
        says:
          "A user agent keeps no cookie for longer than it wishes, 400 days at most: a longer age is no fault, and is shortened there.",
        cases: [
          ...[34_559_999, 34_560_000, 34_560_001, 3_456_000_000].map((age) =>
            line(`${age}`, { maxAge: age }, `a=1; Max-Age=${age}`)
          ),
          line(
            "an end in another age",
            { expires: "9000-01-01" },
            "a=1; Expires=Wed, 01 Jan 9000 00:00:00 GMT",
          ),
        ],
      },
    ],
  },
  {
    number: "5.6",
    title: "The Set-Cookie Header Field",
    rows: [
      {
        id: "6265-5.6-1",
        section: "5.6",
        level: "is",
        says:
          "A user agent ignores a line with a control in it: none is written, in whatever part.",
        cases: parts(
          CONTROLS.map((octet) => {
            const name = octetName(octet.charCodeAt(0));
            return [name, `a${octet}b`] as const;
          }),
        ),
      },
      {
        id: "6265-5.6-2",
        section: "5.6",
        level: "is",
        says:
          "White space around a name or a value is removed there, and so it is not written: it would be another cookie.",
        cases: [
          ...parts(
            [
              ["SP behind", "a "],
              ["HTAB behind", "a\t"],
              ["SP twice behind", "a  "],
              ["SP alone", " "],
            ],
          ),
          ...parts(
            [["SP in front", " a"], ["HTAB in front", "\ta"]],
            PARTS.filter(([part]) => part !== "path"),
          ),
          ...[" /", "\t/", "/ ", "/  ", "/a b "].map((path, at) =>
            unset(`around a path ${at + 1}`, { path }, "its path")
          ),
          ...["__Host-a", "__host-a"].map((name) =>
            unset(
              `around the path of ${name}`,
              { path: "/ ", secure: true },
              "its path",
              name,
            )
          ),
          line("inside of a path", { path: "/a b" }, "a=1; Path=/a b"),
        ],
      },
      {
        id: "6265-5.6-3",
        section: "5.6",
        level: "is",
        says:
          "A cookie of more than 4096 octets of name and value is ignored there.",
        cases: [
          ...SIZES.map(([name, value]) =>
            written(
              `${name} and ${value}`,
              [sized(name, value)],
              `${"n".repeat(name)}=${"v".repeat(value)}`,
            )
          ),
          ...SIZES.flatMap(([name, value]) => [
            unwritten(
              `${name} and ${value + 1}`,
              sized(name, value + 1),
              "longer than 4096 octets",
            ),
            unwritten(
              `${name + 1} and ${value}`,
              sized(name + 1, value),
              "longer than 4096 octets",
            ),
          ]),
          unwritten("64 KiB", sized(1, 65_536), "longer than 4096 octets"),
          unwritten("a long name", sized(9000, 0), "longer than 4096 octets"),
          unwritten(
            `${signedLength(3038)} of a value that is signed`,
            ["sign", "a", "v".repeat(3038)],
            "longer than 4096 octets",
          ),
        ],
      },
      {
        id: "6265-5.6-4",
        section: "5.6",
        level: "is",
        says: "An attribute of more than 1024 octets is ignored there.",
        cases: [
          ...[1022, 1023].map((count) => {
            const path = `/${"a".repeat(count)}`;
            return line(`${count + 1}`, { path }, `a=1; Path=${path}`);
          }),
          ...[1024, 1025, 8192].map((count) =>
            unset(
              `${count + 1}`,
              { path: `/${"a".repeat(count)}` },
              "more than 1024 octets",
            )
          ),
          ...[1025, 8192].map((count) =>
            unset(
              `a domain of ${count}`,
              { domain: "a.".repeat(count / 2) + "a" },
              "its domain",
            )
          ),
        ],
      },
      {
        id: "6265-5.6.1-1",
        section: "5.6.1",
        level: "is",
        says:
          "An Expires that is no date, or has a year before 1601, is ignored there.",
        cases: [
          ...["1600-12-31T23:59:59.999Z", "0001-01-01", "-000001-01-01", "x"]
            .map((date) =>
              unset(date, { expires: date }, "its expires is not a valid Date")
            ),
          line(
            "the first that is none of these",
            { expires: "1601-01-01" },
            "a=1; Expires=Mon, 01 Jan 1601 00:00:00 GMT",
          ),
        ],
      },
      {
        id: "6265-5.6.2-1",
        section: "5.6.2",
        level: "is",
        says:
          'A Max-Age that begins with neither a digit nor "-", or goes on with anything else than digits, is ignored there.',
        cases: ["", "+60", "60.5", "1e3", "0x10", " 60", "60 ", "sixty", [60]]
          .map((age) =>
            unset(JSON.stringify(age), { maxAge: age }, "its maxAge is not")
          ),
      },
      {
        id: "6265-5.6.3-1",
        section: "5.6.3",
        level: "is",
        says:
          "A Domain loses its leading dot there, and one beyond ASCII loses the whole cookie.",
        cases: [
          ...[".a.example", "..a.example", ".", ""],
          ...["caf\xE9.example", "\u4F8B.example", "a.\uFF45xample", "a\xAD.b"],
        ].map((domain, at) => unset(`${at + 1}`, { domain }, "its domain")),
      },
      {
        id: "6265-5.6.4-1",
        section: "5.6.4",
        level: "is",
        says:
          'A Path that is empty or does not begin with "/" is taken for the folder of the request.',
        cases: ["", "a", "a/", "./a", "../", "%2F", "\\a", "*", "?", "#", "~/"]
          .map((path, at) => unset(`${at + 1} ${path}`, { path }, "its path")),
      },
      {
        id: "6265-5.6.7-1",
        section: "5.6.7",
        level: "is",
        says:
          "A SameSite with another value is as good as absent there, and so it is not written.",
        cases: ["Default", "None;", "no", "Strict, Lax", "1"].map((site) =>
          unset(site, { sameSite: site, secure: true }, "its sameSite is not")
        ),
      },
    ],
  },
  {
    number: "5.7",
    title: "Storage Model",
    rows: [
      {
        id: "6265-5.7-1",
        section: "5.7",
        level: "is",
        says:
          "A Secure cookie of a response that did not come over a secure channel is ignored there.",
        elsewhere:
          "the handler's to know: TLS may end in front of the server, and c.secure asks the proxies that are trusted",
        cases: [],
      },
      {
        id: "6265-5.7-2",
        section: "5.7",
        level: "is",
        says:
          "A cookie without name and value is ignored there, and so is one without a name whose value begins with a prefix.",
        cases: ["", "__Host-a=1", "__Secure-a", "__http-a=1"].map((value) =>
          unwritten(value || "neither", ["set", "", value], "its name")
        ),
      },
    ],
  },
];
