/**
 * RFC 8187, text beyond US-ASCII in parameters, as far as `filename*` of a part
 * has it, as rows. RFC 7578 §4.2 forbids senders this parameter, and some send it.
 *
 * @module
 */

import {
  form,
  parameters,
  part,
  swept,
  told,
  wrongParameters,
} from "./forms.ts";
import type { Told } from "./forms.ts";
import { octetName, octetRange, TCHARS } from "./rows.ts";
import type { Case, Standard } from "./rows.ts";

/** A file of this name. */
const file = (name: string): Told => ["a", "1", name, "text/plain"];

/** Names of files as this parameter has them. */
const extended = (rows: readonly (readonly [value: string, name: string])[]) =>
  parameters(
    rows.map(([value, name]) =>
      [`name=a; filename*=${value}`, file(name)] as const
    ),
  );

const wrong = (all: readonly string[]): Case[] =>
  wrongParameters(all.map((value) => `name=a; filename*=${value}`));

/** RFC 8187 §3.2.1: of the characters of a token all but `*`, `'` and `%`. */
const ATTR_CHARS = TCHARS.filter((octet) => !"*'%".includes(octet));

/** An octet as the grammar escapes it, in hex digits of either case. */
const escape = (octet: string) =>
  `%${octet.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** Those that stand for themselves only where they are escaped. */
const ESCAPED = octetRange(0x20, 0x7E)
  .filter((octet) => !ATTR_CHARS.includes(octet));

export const RFC8187: Standard = {
  name: "RFC 8187",
  title: "Character Encoding and Language for HTTP Header Field Parameters",
  chapters: {
    "3": "Comparison to RFC 2231 and Definition of the Encoding",
    "4": "Guidelines for Usage in HTTP Header Field Definitions",
  },
  sections: [{
    number: "3.1",
    title: "Parameter Continuations",
    rows: [{
      id: "8187-3.1-1",
      section: "3.1",
      level: "is",
      says:
        "The numbered sections of RFC 2231 are no part of it: they are parameters as any, and not joined.",
      cases: [
        "filename*0=f; filename*1=g",
        "filename*0*=UTF-8''f; filename*1*=g",
        "filename*1=g; filename*0=f",
      ].flatMap((sections) =>
        told(sections, form(part(`name=a; ${sections}`, "1")), [["a", "1"]])
      ),
    }],
  }, {
    number: "3.2.1",
    title: "Definition",
    rows: [
      {
        id: "8187-3.2.1-1",
        section: "3.2.1",
        level: "is",
        says:
          "The value is a charset, a language that may be absent, and escaped text, with an apostrophe between them.",
        cases: [
          ...extended([
            ["UTF-8''f", "f"],
            ["UTF-8'en'f", "f"],
            ["UTF-8'de-CH-1901'f", "f"],
            ["UTF-8''", ""],
            ["UTF-8''%e2%82%ac%20rates", "\u20AC rates"],
            ["UTF-8''%E2%82%AC.txt", "\u20AC.txt"],
            ["UTF-8''%F0%9F%8E%B5", "\u{1F3B5}"],
            ["UTF-8''a%2Fb", "a/b"],
          ]),
          ...parameters([
            ["name=a; FILENAME*=UTF-8''f", file("f")],
            ["filename*=UTF-8''f; name=a", file("f")],
          ]),
          ...wrong([
            "f",
            "UTF-8",
            "UTF-8'",
            "UTF-8'f",
            "UTF-8'en",
            "'en'f",
            "''f",
            "'",
            "''",
            "UTF-8'en'f'g",
            "UTF-8'''",
            "UTF-8'' f",
            "UTF-8''f g",
            "",
          ]),
        ],
      },
      {
        id: "8187-3.2.1-2",
        section: "3.2.1",
        level: "MUST",
        says:
          "The charset is UTF-8, in any case; others are reserved, and refused.",
        cases: [
          ...extended(
            ["UTF-8", "utf-8", "Utf-8"].map((charset) =>
              [`${charset}''caf%C3%A9`, "caf\xE9"] as const
            ),
          ),
          ...wrong([
            ...["iso-8859-1", "ISO-8859-1", "us-ascii", "windows-1252", "utf8"],
            ...["utf-16", "utf-7", "x"],
          ].map((charset) => `${charset}''f`)),
        ],
      },
      {
        id: "8187-3.2.1-3",
        section: "3.2.1",
        level: "is",
        says:
          "Its text is letters, digits and a few marks as they are, and any other octet escaped.",
        cases: swept([
          ...ATTR_CHARS.flatMap((octet) =>
            told(
              octetName(octet.charCodeAt(0)),
              form(part(`name=a; filename*=UTF-8''${octet}`, "1")),
              [file(octet)],
            )
          ),
          ...ESCAPED.flatMap((octet) =>
            told(
              `${octetName(octet.charCodeAt(0))} escaped`,
              form(part(`name=a; filename*=UTF-8''${escape(octet)}`, "1")),
              [file(octet)],
            )
          ),
          ...ESCAPED.filter((octet) => octet !== "*")
            .flatMap((octet) => wrong([`UTF-8''a${octet}b`])),
        ]),
      },
      {
        id: "8187-3.2.1-4",
        section: "3.2.1",
        level: "is",
        says: "It is no quoted string, and an asterisk in it is escaped.",
        unmet:
          "Clients send both (encodeURIComponent escapes no asterisk), and there is one way to read them.",
        cases: [
          ...extended([
            ["UTF-8''a*b", "a*b"],
            ["\"UTF-8''f\"", "f"],
            ["\"UTF-8'en'caf%C3%A9\"", "caf\xE9"],
            ["\"UTF-8''%22%25\"", '"%'],
          ]),
          ...wrong([
            "\"UTF-8''a b\"",
            "\"UTF-8''caf\xC3\xA9\"",
            "\"UTF-8''%0D%0A\"",
            '"UTF-8\'\'\\""',
            "UTF-8''\"f\"",
            "\"UTF-8\"''f",
          ]),
        ],
      },
      {
        id: "8187-3.2.1-5",
        section: "3.2.1",
        level: "ought",
        says:
          "Escapes that are malformed or cut, and octets that are no text, are dealt with robustly: here they are refused, beside a filename too, and so are controls.",
        cases: wrong([
          ...["%", "a%", "%4", "%4g", "%g4", "%%41", "%u20AC", "%-1", "%+1"],
          ...["%FF", "%E9", "%C3", "%C3a", "%80", "%C0%AF", "%E2%82"],
          ...["%ED%A0%80", "%F4%90%80%80", "%F8%88%80%80%80"],
          ...["%00", "a%00b", "%01", "%09", "%0A", "%0D%0A", "%1F", "%7F"],
          "%; filename=f",
          "%FF; filename=f",
        ].map((text) => `UTF-8''${text}`)),
      },
      {
        id: "8187-3.2.1-6",
        section: "3.2.1",
        level: "is",
        says: "There may be bad white space around the equals sign.",
        unmet:
          "RFC 9110 §5.6.6 has none in parameters, nobody sends it, and a reader that stops at it finds another name.",
        cases: wrongParameters([
          "name=a; filename* =UTF-8''f",
          "name=a; filename*= UTF-8''f",
          "name=a; filename*\t=\tUTF-8''f",
        ]),
      },
    ],
  }, {
    number: "4.2",
    title: "Error Handling",
    rows: [
      {
        id: "8187-4.2-1",
        section: "4.2",
        level: "ought",
        says:
          "It goes before the parameter without the asterisk, as RFC 6266 §4.3 has it for names of files.",
        cases: parameters([
          ["name=a; filename=f; filename*=UTF-8''g", file("g")],
          ["name=a; filename*=UTF-8''g; filename=f", file("g")],
          ["name=a; filename*=UTF-8''; filename=\"f\"", file("")],
        ]),
      },
      {
        id: "8187-4.2-2",
        section: "4.2",
        level: "is",
        says: "There is one of each name.",
        cases: wrongParameters([
          "name=a; filename*=UTF-8''f; filename*=UTF-8''f",
          "name=a; filename*=UTF-8''f; FileName*=UTF-8''g",
          "name=a; filename=f; filename*=UTF-8''f; filename=f",
        ]),
      },
    ],
  }],
};
