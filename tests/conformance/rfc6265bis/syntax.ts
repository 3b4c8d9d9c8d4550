/**
 * RFC 6265bis §4.1.1: what a Set-Cookie field is made of.
 *
 * @module
 */

import { octetName, octetRange, sweep, TCHARS } from "../rows.ts";
import type { Case, Section } from "../rows.ts";
import {
  GONE,
  line,
  round,
  shown,
  unset,
  unwritten,
  written,
} from "./cases.ts";

const OCTETS = octetRange(0, 255);

/** The octets of a value: no control, white space, quote, comma, semicolon, backslash. */
const COOKIE_OCTETS = octetRange(0x21, 0x7e).filter((octet) =>
  !'",;\\'.includes(octet)
);

/** The octets of an attribute. */
const AV_OCTETS = octetRange(0x20, 0x7e).filter((octet) => octet !== ";");

const NAME = "its name is not a token";
const VALUE = "its value has a character that a cookie cannot have";
const DOMAIN = "its domain is not a host name";
const PATH = "its path does not begin";
const AGE = "its maxAge is not a whole number";
const EXPIRES = "its expires is not a valid Date";

/** What is no octet, and what is no text. */
const OTHERS: readonly unknown[] = [
  "a\u0100",
  "\u20AC",
  "\u{1F36A}",
  "\uD800",
  "a\u2028b",
  "a\uFF1Bb",
  "a\uFF1Db",
  null,
  7,
  true,
  ["a"],
  {},
];

/** Attempts to write a line or an attribute of one's own. */
const SPLITS: readonly string[] = [
  "1; Domain=evil.example",
  "1;Secure",
  "1\r\nSet-Cookie: b=2",
  "1\nSet-Cookie: b=2",
  "1\rSet-Cookie: b=2",
  "1\r\n\r\n<script>",
  "1, b=2",
];

const NO_AGES: readonly unknown[] = [
  ...[-1, -34_560_000, 0.5, 1.5, 2 ** 53, 1e21, null, true],
  ...["", "60", "0", "-1", "060", "60s", "60; Secure", "1e3"],
];

const NO_SITES: readonly unknown[] = [
  ...["", "strict", "LAX", "none", "Default", "Lax ", "Lax; Secure"],
  ...[true, false, null, 0],
];

/** A date in any of its spellings, and the one in which it is sent. */
const DATES: readonly (readonly [date: string, sent: string])[] = [
  ["1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"],
  ["1994-11-06T08:49:37.999Z", "Sun, 06 Nov 1994 08:49:37 GMT"],
  ["1994-11-06T10:49:37+02:00", "Sun, 06 Nov 1994 08:49:37 GMT"],
  ["1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"],
  ["1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 GMT"],
  ["1601-01-01T00:00:00Z", "Mon, 01 Jan 1601 00:00:00 GMT"],
  ["2000-02-29T12:00:00Z", "Tue, 29 Feb 2000 12:00:00 GMT"],
  ["2038-01-19T03:14:08Z", "Tue, 19 Jan 2038 03:14:08 GMT"],
  ["9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"],
];

const LABEL = "a".repeat(63);

const DOMAINS: readonly string[] = [
  "a",
  "localhost",
  "a.example",
  "A.Example",
  "a-b.c--d.example",
  "xn--caf-dma.example",
  "3com.example",
  "0.1.example",
  `${LABEL}.example`,
  [LABEL, LABEL, LABEL, "a".repeat(61)].join("."),
];

const NO_DOMAINS: readonly unknown[] = [
  "",
  ".",
  "..",
  ".a.example",
  "a.example.",
  "a..example",
  "-a.example",
  "a-.example",
  "a.-example",
  "a_b.example",
  "*.example",
  "a b.example",
  " a.example",
  "a.example ",
  "\ta.example",
  "a.example:80",
  "a.example:",
  "a.example/",
  "http://a.example",
  "u@a.example",
  "a%2Eexample",
  "[::1]",
  "::1",
  "1.2.3.4:80",
  "caf\xE9.example",
  "a\u3002example",
  "a.example; Secure",
  "a.example\r\nSet-Cookie: b=2",
  "a.example\0",
  `${LABEL}a.example`,
  [LABEL, LABEL, LABEL, "a".repeat(62)].join("."),
  null,
  7,
  ["a.example"],
];

const NO_PATHS: readonly unknown[] = [
  "",
  "a",
  " /",
  "\t/",
  "./",
  "\\",
  "%2F",
  "http://a/",
  "*",
  "?a",
  "/;",
  "/; Secure",
  "/\r\nSet-Cookie: b=2",
  "/\u0100",
  null,
  7,
  ["/"],
];

/** Names of the attributes that may be there, in the order in which they are written. */
const ALL = {
  priority: "High",
  partitioned: true,
  sameSite: "None",
  httpOnly: true,
  secure: true,
  expires: "1994-11-06T08:49:37Z",
  maxAge: 60,
  path: "/a",
  domain: "a.example",
};
const ALL_TEXT = "a=1; Domain=a.example; Path=/a; Max-Age=60; " +
  "Expires=Sun, 06 Nov 1994 08:49:37 GMT; " +
  "Secure; HttpOnly; SameSite=None; Partitioned; Priority=High";

/** Octets that a part may not have, at its front, in its middle and at its end. */
function everywhere(
  octets: readonly string[],
  make: (name: string, text: string) => Case,
): Case[] {
  const places: [place: string, around: (octet: string) => string][] = [
    ["in front", (octet) => `${octet}a`],
    ["between", (octet) => `a${octet}a`],
    ["behind", (octet) => `a${octet}`],
  ];
  return octets.flatMap((octet) =>
    places.map(([place, around]) =>
      make(`${octetName(octet.charCodeAt(0))} ${place}`, around(octet))
    )
  );
}

function without(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((one) => !some.includes(one));
}

export const SECTIONS: readonly Section[] = [
  {
    number: "4.1.1",
    title: "Set-Cookie: Syntax",
    rows: [
      {
        id: "6265-4.1.1-1",
        section: "4.1.1",
        level: "SHOULD NOT",
        says:
          'No Set-Cookie is sent that is not a name, "=", a value, and attributes, each behind ";" and a space.',
        cases: [
          line("no attribute", {}, "a=1"),
          line("no value", {}, "a=", ["a", ""]),
          line("= in a value", {}, "a==b==", ["a", "=b=="]),
          line("every attribute", ALL, ALL_TEXT),
          ...Object.entries(ALL)
            .filter(([name]) => name !== "partitioned" && name !== "sameSite")
            .map(([name, value]) => {
              const text = ALL_TEXT.split("; ").find((part) =>
                part.replace(/=.*|-/g, "").toLowerCase() === name.toLowerCase()
              );
              return line(`${name} alone`, { [name]: value }, `a=1; ${text}`);
            }),
          ...SPLITS.map((value) =>
            unwritten(`the value ${shown(value)}`, ["set", "a", value], VALUE)
          ),
          ...SPLITS.map((name) =>
            unwritten(`the name ${shown(name)}`, ["set", name, "1"], NAME)
          ),
        ],
      },
      {
        id: "6265-4.1.1-2",
        section: "4.1.1",
        level: "is",
        says:
          "A name is one cookie-octet or more; of these the octets of a token are written, as RFC 6265 has it.",
        cases: sweep(
          TCHARS,
          (name, octet) => line(name, {}, `${octet}=1`, [octet, "1"]),
        ),
      },
      {
        id: "6265-4.1.1-3",
        section: "4.1.1",
        level: "SHOULD NOT",
        says: "No other octet is in a name.",
        cases: [
          ...everywhere(
            without(OCTETS, TCHARS),
            (name, text) => unwritten(name, ["set", text, "1"], NAME),
          ),
          ...OTHERS.map((name, at) =>
            unwritten(`${at + 1} ${shown(name)}`, ["set", name, "1"], NAME)
          ),
        ],
      },
      {
        id: "6265-4.1.1-4",
        section: "4.1.1",
        level: "is",
        says: "A value is of cookie-octets.",
        cases: sweep(
          COOKIE_OCTETS,
          (name, octet) => line(name, {}, `a=${octet}`, ["a", octet]),
        ),
      },
      {
        id: "6265-4.1.1-5",
        section: "4.1.1",
        level: "SHOULD NOT",
        says:
          "No control, white space, comma, semicolon, backslash or octet beyond ASCII is in a value, nor a quote inside.",
        cases: [
          ...everywhere(
            without(OCTETS, COOKIE_OCTETS),
            (name, text) => unwritten(name, ["set", "a", text], VALUE),
          ),
          ...OTHERS.map((value, at) =>
            unwritten(`${at + 1} ${shown(value)}`, ["set", "a", value], VALUE)
          ),
        ],
      },
      {
        id: "6265-4.1.1-6",
        section: "4.1.1",
        level: "MAY",
        says:
          "A value may stand in quotes, which are part of it and come back with it.",
        cases: [
          ...['""', '"1"', '"a=b"', '"%22"'].map((value) =>
            round(shown(value), value)
          ),
          ...[
            '"',
            '"1',
            '1"',
            '"""',
            '"1"2"',
            '"a b"',
            '"a;b"',
            '"a,b"',
            '"\\""',
          ]
            .map((value) =>
              unwritten(shown(value), ["set", "a", value], VALUE)
            ),
        ],
      },
      {
        id: "6265-4.1.1-7",
        section: "4.1.1",
        level: "SHOULD NOT",
        says: "No cookie without a name is made.",
        cases: [
          ...["", "1", "__Host-a", "a=1"].map((value) =>
            unwritten(`of ${shown(value)}`, ["set", "", value], NAME)
          ),
          unwritten("signed", ["sign", "", "1"], NAME),
          unwritten("deleted", ["delete", "", ""], NAME),
        ],
      },
      {
        id: "6265-4.1.1-8",
        section: "4.1.1",
        level: "SHOULD",
        says:
          "Arbitrary data is encoded in a value: what is percent-encoded or in base64 comes back as it went, and signed cookies encode any text themselves.",
        cases: [
          ...[
            'a b;c,d"e\\',
            "\0\t\r\n\x7f",
            "caf\xE9 \u20AC \u{1F36A}",
            "%3B%0D%0A",
            "+",
            "",
          ].flatMap((text) => [
            round(
              `${shown(encodeURIComponent(text))} percent-encoded`,
              encodeURIComponent(text),
            ),
            round(
              `${shown(encodeURIComponent(text))} in base64`,
              new TextEncoder().encode(text).toBase64(),
            ),
          ]),
          ...([
            ["7", ".Nw.05SD_dBxWhet5v2bzn6krCeqnm4Q0gSHcpX_A_pLa1c"],
            ["8", ".OA.gJaSAFhpsx3FYInwrf8sj17ISkqXJIvcC9NZYWLEofo"],
          ] as const).map(([value, signed]) =>
            round(`${value} signed`, value, {
              does: "sign",
              cookie: "id",
              pair: `id=${signed}`,
              target: "/cookies/signed/id",
            })
          ),
          ...["%zz", "%", "%00", "%0d%0a"].map((value) =>
            round(`${value} is not undone`, value)
          ),
        ],
      },
      {
        id: "6265-4.1.1-9",
        section: "4.1.1",
        level: "SHOULD",
        says:
          "Expires is an IMF-fixdate, so that its year has four digits; what is none is not written.",
        cases: [
          ...DATES.map(([date, sent]) =>
            line(date, { expires: date }, `a=1; Expires=${sent}`)
          ),
          ...["", "tomorrow", "+010000-01-01T00:00:00Z", "+275760-09-13"].map(
            (date) => unset(shown(date), { expires: date }, EXPIRES),
          ),
        ],
      },
      {
        id: "6265-4.1.1-10",
        section: "4.1.1",
        level: "is",
        says:
          "Max-Age is digits, the first of them not 0; an age of 0 is written as an end in the past.",
        cases: [
          ...[1, 60, 34_560_000, 34_560_001, 2 ** 31, Number.MAX_SAFE_INTEGER]
            .map((age) =>
              line(`${age}`, { maxAge: age }, `a=1; Max-Age=${age}`)
            ),
          line("0", { maxAge: 0 }, `a=1; ${GONE}`),
          ...NO_AGES.map((age) =>
            unset(JSON.stringify(age), { maxAge: age }, AGE)
          ),
        ],
      },
      {
        id: "6265-4.1.1-11",
        section: "4.1.1",
        level: "is",
        says:
          "Domain is a host name in ASCII, of labels of 1 to 63 letters, digits and hyphens: no dot in front, no port.",
        cases: [
          ...DOMAINS.map((domain) =>
            line(shown(domain), { domain }, `a=1; Domain=${domain}`)
          ),
          line(
            "digits in every label, which only its own host matches",
            { domain: "127.0.0.1" },
            "a=1; Domain=127.0.0.1",
          ),
          ...NO_DOMAINS.map((domain, at) =>
            unset(`${at + 1} ${shown(domain)}`, { domain }, DOMAIN)
          ),
        ],
      },
      {
        id: "6265-4.1.1-12",
        section: "4.1.1",
        level: "is",
        says:
          "Path is of av-octets: printable ASCII and spaces, but no semicolon.",
        cases: [
          ...sweep(
            AV_OCTETS,
            (name, octet) =>
              line(name, { path: `/${octet}a` }, `a=1; Path=/${octet}a`),
          ),
          ...sweep(
            without(OCTETS, AV_OCTETS),
            (name, octet) => unset(name, { path: `/${octet}a` }, PATH),
          ),
          ...NO_PATHS.map((path, at) =>
            unset(`${at + 1} ${shown(path)}`, { path }, PATH)
          ),
        ],
      },
      {
        id: "6265-4.1.1-13",
        section: "4.1.1",
        level: "is",
        says: "SameSite is Strict, Lax or None.",
        cases: [
          ...["Strict", "Lax"].map((site) =>
            line(site, { sameSite: site }, `a=1; SameSite=${site}`)
          ),
          line(
            "None",
            { sameSite: "None", secure: true },
            "a=1; Secure; SameSite=None",
          ),
          ...NO_SITES.map((site) =>
            unset(`no ${shown(site)}`, { sameSite: site }, "its sameSite is")
          ),
        ],
      },
      {
        id: "6265-4.1.1-14",
        section: "4.1.1",
        level: "is",
        says:
          "Secure and HttpOnly are words without a value, and there or not.",
        cases: [
          line("Secure", { secure: true }, "a=1; Secure"),
          line("HttpOnly", { httpOnly: true }, "a=1; HttpOnly"),
          line("neither", { secure: false, httpOnly: false }, "a=1"),
        ],
      },
      {
        id: "6265-4.1.1-15",
        section: "4.1.1",
        level: "is",
        says:
          "Another attribute is of av-octets; those that are known are written, and others refused.",
        cases: [
          line(
            "Partitioned",
            { partitioned: true, secure: true },
            "a=1; Secure; Partitioned",
          ),
          ...["Low", "Medium", "High"].map((priority) =>
            line(priority, { priority }, `a=1; Priority=${priority}`)
          ),
          ...["", "high", "Highest", "High; Secure", "High\r\nX: y", null].map(
            (priority) =>
              unset(
                `no ${shown(priority)}`,
                { priority },
                "its priority is not",
              ),
          ),
          ...["version", "httponly", "x; Secure"].map((name) =>
            unset(`no ${name}`, { [name]: true }, `with "${name}"`)
          ),
        ],
      },
      {
        id: "6265-4.1.1-16",
        section: "4.1.1",
        level: "SHOULD NOT",
        says: "No attribute is there twice.",
        cases: [
          line(
            "an age of 0 and an end",
            { maxAge: 0, expires: "2030-01-01" },
            `a=1; ${GONE}`,
          ),
          ...["Path", "PATH", "httponly"].map((name) =>
            unset(
              `its name in another case, ${name}`,
              { path: "/", [name]: "/a" },
              `with "${name}": the options are domain, `,
            )
          ),
          ...["/; Path=/a", "/;Path=/a"].map((path) =>
            unset(`in the path ${path}`, { path }, PATH)
          ),
          unset("in the domain", { domain: "a.example; Domain=b" }, DOMAIN),
        ],
      },
      {
        id: "6265-4.1.1-17",
        section: "4.1.1",
        level: "SHOULD NOT",
        says:
          "One response has no two Set-Cookie lines of the same cookie-name.",
        unmet:
          "Of the same name, domain and path the last alone is sent. With another domain or path it is another cookie to a user agent, and both lines are sent: an application that moves a cookie has to delete the old one where that was.",
        cases: [
          written(
            "set twice",
            [["set", "a", "1"], ["set", "a", "2", { httpOnly: true }]],
            "a=2; HttpOnly",
          ),
          written(
            "deleted at another path",
            [
              ["set", "a", "1", { path: "/" }],
              ["delete", "a", "", { path: "/old" }],
            ],
            "a=1; Path=/",
            `a=; Path=/old; ${GONE}`,
          ),
          written(
            "deleted at another domain",
            [
              ["delete", "a", "", { domain: "a.example" }],
              ["set", "a", "1"],
            ],
            `a=; Domain=a.example; ${GONE}`,
            "a=1",
          ),
          written(
            "in a jar of its own",
            [
              ["set", "a", "1", { secure: true }],
              ["set", "a", "2", { secure: true, partitioned: true }],
            ],
            "a=1; Secure",
            "a=2; Secure; Partitioned",
          ),
        ],
      },
      {
        id: "6265-4.1.1-18",
        section: "4.1.1",
        level: "is",
        says: "Names differ by case.",
        cases: [
          written("set", [["set", "a", "1"], ["set", "A", "2"]], "a=1", "A=2"),
        ],
      },
    ],
  },
];
