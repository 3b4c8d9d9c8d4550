/**
 * RFC 6265bis §4.1.2 and §4.1.3: what attributes mean, and what the beginning of a
 * name promises.
 *
 * @module
 */

import type { Section } from "../rows.ts";
import { type Attributes, GONE, line, unset, written } from "./cases.ts";

/** A prefix, what it asks for, and the attributes that are written for it. */
const PREFIXES: readonly (readonly [
  prefix: string,
  asks: Attributes,
  text: string,
])[] = [
  ["__Secure-", { secure: true }, "Secure"],
  ["__Host-", { secure: true, path: "/" }, "Path=/; Secure"],
  ["__Http-", { secure: true, httpOnly: true }, "Secure; HttpOnly"],
  [
    "__Host-Http-",
    { secure: true, path: "/", httpOnly: true },
    "Path=/; Secure; HttpOnly",
  ],
];

/** The same prefix as somebody might write it. */
function spellings(prefix: string): string[] {
  const swapped = [...prefix].map((char, at) =>
    at % 2 === 0 ? char.toUpperCase() : char.toLowerCase()
  );
  return [
    prefix,
    prefix.toLowerCase(),
    prefix.toUpperCase(),
    swapped.join(""),
  ];
}

/** What is asked for, with one thing of it left out, or undone. */
function broken(asks: Attributes): [name: string, attributes: Attributes][] {
  const lacking = Object.keys(asks).map((
    key,
  ): [string, Attributes] => [
    `without ${key}`,
    Object.fromEntries(Object.entries(asks).filter(([other]) => other !== key)),
  ]);
  const undone = Object.keys(asks).map((key): [string, Attributes] => [
    `with another ${key}`,
    { ...asks, [key]: key === "path" ? "/a" : false },
  ]);
  const domain: [string, Attributes][] = "path" in asks
    ? [["with a domain", { ...asks, domain: "a.example" }]]
    : [];
  return [["with nothing", {}], ...lacking, ...undone, ...domain];
}

/** The prefixes of a section, kept and not, in any case. */
function prefixCases(sections: readonly string[]) {
  return PREFIXES.filter(([prefix]) => sections.includes(prefix))
    .flatMap(([prefix, asks, text]) =>
      spellings(prefix).flatMap((spelled) => [
        ...[`${spelled}a`, spelled].map((name) =>
          line(name, asks, `${name}=1; ${text}`, [name, "1"])
        ),
        ...broken(asks).map(([how, attributes]) =>
          unset(
            `${spelled} ${how}`,
            attributes,
            "its prefix needs secure",
            `${spelled}a`,
          )
        ),
      ])
    );
}

/** Beginnings that promise nothing. */
const NO_PREFIXES = [
  ...["__Secure", "__Host", "__Hosta-b", "_Host-a", "__Host_a", "-__Host-a"],
  ...["Host-a", "a__Host-", "___Secure-a", "__Securea-", "__HttpOnly-a"],
];

export const SECTIONS: readonly Section[] = [
  {
    number: "4.1.2",
    title: "Set-Cookie: Semantics",
    rows: [
      {
        id: "6265-4.1.2-1",
        section: "4.1.2",
        level: "is",
        says:
          "A cookie takes the place of one of the same name, domain and path, so of two that are set the last is sent.",
        cases: ([
          [{}, ""],
          [{ path: "/a" }, "; Path=/a"],
          [{ domain: "a.example" }, "; Domain=a.example"],
        ] as const).map(([scope, text]) =>
          written(
            text || "neither",
            [
              ["set", "a", "1", { ...scope, maxAge: 60 }],
              ["set", "b", "1"],
              ["set", "a", "2", scope],
            ],
            "b=1",
            `a=2${text}`,
          )
        ).concat(
          written(
            "a domain in another case",
            [
              ["set", "a", "1", { domain: "A.example" }],
              ["set", "a", "2", { domain: "a.EXAMPLE" }],
            ],
            "a=2; Domain=a.EXAMPLE",
          ),
          written(
            "a path in another case is another",
            [
              ["set", "a", "1", { path: "/a" }],
              ["set", "a", "2", { path: "/A" }],
            ],
            "a=1; Path=/a",
            "a=2; Path=/A",
          ),
        ),
      },
      {
        id: "6265-4.1.2-2",
        section: "4.1.2",
        level: "is",
        says:
          "A cookie goes back to its origin server alone and until the session ends, unless its attributes say otherwise: none is added.",
        cases: [
          line("none", {}, "a=1"),
          { ...line("none over TLS", {}, "a=1"), tls: true },
        ],
      },
      {
        id: "6265-4.1.2-3",
        section: "4.1.2.2",
        level: "is",
        says:
          "Where both are there Max-Age has precedence over Expires; both are written for those who know the latter only.",
        cases: [
          line(
            "both",
            { maxAge: 60, expires: "1994-11-06T08:49:37Z" },
            "a=1; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
          ),
          line(
            "an age of 0 before an end to come",
            { maxAge: 0, expires: "9999-12-31" },
            `a=1; ${GONE}`,
          ),
        ],
      },
      {
        id: "6265-4.1.2-4",
        section: "4.1.2.3",
        level: "is",
        says:
          "A user agent rejects a cookie whose Domain does not include the origin server, or is a public suffix.",
        elsewhere:
          "the handler's to know: behind a proxy Host may be another than the client asked, and which suffixes are public is a list that changes",
        cases: [
          line(
            "another host",
            { domain: "b.example" },
            "a=1; Domain=b.example",
          ),
          line("a suffix", { domain: "example" }, "a=1; Domain=example"),
        ],
      },
      {
        id: "6265-4.1.2-5",
        section: "4.1.2.4",
        level: "is",
        says:
          "A Path limits where a cookie goes to; it need not be one of the request, and is sent as it was given.",
        cases: ["/", "/a", "/a/", "/a//b", "/A", "/%41", "/../a", "/cookies"]
          .map((path) => line(path, { path }, `a=1; Path=${path}`)),
      },
      {
        id: "6265-4.1.2-6",
        section: "4.1.2.5",
        level: "is",
        says:
          "Secure asks for a secure channel: it is written where a handler says so, on either kind, as TLS may end in front of the server.",
        cases: [
          line("TCP", { secure: true }, "a=1; Secure"),
          { ...line("TLS", { secure: true }, "a=1; Secure"), tls: true },
        ],
      },
      {
        id: "6265-4.1.2-7",
        section: "4.1.2.6",
        level: "is",
        says: "HttpOnly and Secure are independent.",
        cases: [true, false].flatMap((secure) =>
          [true, false].map((httpOnly) =>
            line(
              `${secure} ${httpOnly}`,
              { secure, httpOnly },
              `a=1${secure ? "; Secure" : ""}${httpOnly ? "; HttpOnly" : ""}`,
            )
          )
        ),
      },
      {
        id: "6265-4.1.2-8",
        section: "4.1.2.7",
        level: "is",
        says:
          "With SameSite=None a cookie goes with requests from other sites; browsers drop it without Secure, and one that is Partitioned as well.",
        cases: [
          ...[{}, { secure: false }, { path: "/" }]
            .flatMap((others, at) => [
              unset(
                `None ${at + 1}`,
                { ...others, sameSite: "None" },
                'sameSite "None" needs secure',
              ),
              unset(
                `Partitioned ${at + 1}`,
                { ...others, partitioned: true },
                "partitioned needs secure",
              ),
            ]),
          ...["Strict", "Lax"].map((sameSite) =>
            unset(
              `Partitioned and ${sameSite}`,
              { sameSite, partitioned: true },
              "partitioned needs secure",
            )
          ),
          line(
            "both with Secure",
            { sameSite: "None", partitioned: true, secure: true },
            "a=1; Secure; SameSite=None; Partitioned",
          ),
        ],
      },
    ],
  },
  {
    number: "4.1.3",
    title: "Cookie Name Prefixes",
    rows: [
      {
        id: "6265-4.1.3-1",
        section: "4.1.3",
        level: "SHOULD",
        says:
          "Prefixes are used as they are described: a name that only looks like one promises nothing.",
        cases: NO_PREFIXES.map((name) =>
          line(name, { path: "/a" }, `${name}=1; Path=/a`, [name, "1"])
        ),
      },
      {
        id: "6265-4.1.3-2",
        section: "4.1.3.1",
        level: "is",
        says: "A cookie whose name begins with __Secure- has Secure.",
        cases: prefixCases(["__Secure-"]),
      },
      {
        id: "6265-4.1.3-3",
        section: "4.1.3.2",
        level: "is",
        says:
          "A cookie whose name begins with __Host- has Secure, the Path / and no Domain.",
        cases: prefixCases(["__Host-"]),
      },
      {
        id: "6265-4.1.3-4",
        section: "4.1.3",
        level: "is",
        says:
          "A cookie whose name begins with __Http- has Secure and HttpOnly, and with __Host-Http- what __Host- asks for as well (draft-ietf-httpbis-layered-cookies).",
        cases: prefixCases(["__Http-", "__Host-Http-"]),
      },
    ],
  },
];
