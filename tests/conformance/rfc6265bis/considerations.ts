/**
 * RFC 6265bis §6 to §8: limits, privacy and security, as far as a server has to do
 * with them.
 *
 * @module
 */

import { get, served } from "../rows.ts";
import type { Section } from "../rows.ts";
import { line, round, told, unwritten, written } from "./cases.ts";

/** Made with the first key of the application and with the second, without an end. */
const SIGNATURE = "05SD_dBxWhet5v2bzn6krCeqnm4Q0gSHcpX_A_pLa1c";
const OLD_SIGNATURE = "rqsEyxYyuxbHhkCIhZ6KaMCXPHwNNQuWGwtbsaoNq7g";
const SIGNED = `.Nw.${SIGNATURE}`;

/** Made with the first key, of other things. */
const LATE = "9999999999.Nw.pUpFk5WvdlftfWk4IaxTmw-z8HQ2N60JxHNXUHY2t6Q";
const ENDED = "1.Nw.4VHfU5YWng59NbtRyGoG-4muebkKuRNXZ47uhSPdL1M";
const OTHER_SIGNATURE = "gJaSAFhpsx3FYInwrf8sj17ISkqXJIvcC9NZYWLEofo";
const OF_ADMIN = ".Nw.aHrwr9VfyLnznoCqSpM4O8BVyqoxCzAJbIHR5ox_i_4";

/** Values that nobody signed, by what was done to one that was. */
const TAMPERED: readonly (readonly [name: string, value: string])[] = [
  ["nothing", ""],
  ["plain", "7"],
  ["no signature", ".Nw"],
  ["an empty one", ".Nw."],
  ["another value", `.OA.${SIGNATURE}`],
  ["the signature of another value", `.Nw.${OTHER_SIGNATURE}`],
  ["of another name", OF_ADMIN],
  ["an end put in", `9999999999${SIGNED}`],
  ["an end put off", LATE.replace("9999999999", "99999999999")],
  ["an end taken out", LATE.replace("9999999999", "")],
  ["an end in zeros", `0${SIGNED}`],
  ["an end that is past", ENDED],
  ["with another key", ".Nw.eUWW1MG36IxPibVTZBovSSQ-AgmURCdjz2kpadzJf7w"],
  ["in quotes", `"${SIGNED}"`],
  ["percent-encoded", SIGNED.replaceAll(".", "%2E")],
  ["padded", `${SIGNED}=`],
  ["in the other alphabet", SIGNED.replaceAll("_", "/")],
  ["its value padded", `.Nw==.${SIGNATURE}`],
  ["its value in another spelling", `.Nx.${SIGNATURE}`],
  ["cut at its end", SIGNED.slice(0, -1)],
  ["cut at its front", SIGNED.slice(1)],
  ["longer", `${SIGNED}A`],
  ["longer in front", `A${SIGNED}`],
  ["with a dot more", `..Nw.${SIGNATURE}`],
  ["twice", `${SIGNED}${SIGNED}`],
  ["zeros", `.Nw.${"A".repeat(43)}`],
  ["no base64", `.Nw.${"*".repeat(43)}`],
  ["octets beyond ASCII", `.Nw.${"\xE9".repeat(43)}`],
  ["huge", `.${"A".repeat(9000)}.${SIGNATURE}`],
  ["dots", ".".repeat(4000)],
];

/** Each character of what was signed, changed. */
const FLIPPED = Array.from(SIGNED, (char, at) => {
  const other = char === "B" ? "C" : "B";
  return [
    `character ${at + 1}`,
    SIGNED.slice(0, at) + other + SIGNED.slice(at + 1),
  ] as const;
});

const signed = (name: string, value: string, content: string) =>
  told(name, "/cookies/signed/id", `id=${value}`, content);

const OPERATOR = "binds who runs servers, not what serves";

export const SECTIONS: readonly Section[] = [
  {
    number: "6.1",
    title: "Limits",
    rows: [
      {
        id: "6265-6.1-1",
        section: "6.1",
        level: "is",
        says:
          "A user agent keeps cookies of 4096 octets at least, and 50 a domain: one of the former is read, and so many of the latter.",
        cases: [
          round("4096 octets", "v".repeat(4095)),
          told(
            "50",
            "/cookies/get/n49",
            Array.from({ length: 50 }, (_, at) => `n${at}=${at}`).join("; "),
            "49",
          ),
        ],
      },
      {
        id: "6265-6.1-2",
        section: "6.1",
        level: "SHOULD",
        says:
          "Servers use as few and as small cookies as possible: of itself this one sets none.",
        cases: ["/hello", "/json", "/stream", "/coded"].map((target) =>
          served(target, get(target), { fields: { "set-cookie": null } })
        ),
      },
      {
        id: "6265-6.1-3",
        section: "6.1",
        level: "SHOULD",
        says:
          "Servers put up with cookies that do not come back: one that is absent is undefined, and no error.",
        cases: [
          served("none", get("/cookies/get/a"), "none"),
          served("none signed", get("/cookies/signed/id"), "none"),
          told("others", "/cookies/get/a", "b=1; c=2", "none"),
          told("others signed", "/cookies/signed/id", "b=1; c=2", "none"),
        ],
      },
    ],
  },
  {
    number: "7.4",
    title: "Expiration Dates",
    rows: [
      {
        id: "6265-7.4-1",
        section: "7.4",
        level: "SHOULD",
        says:
          "A cookie ends when its purpose does: the handler says when, and without a word with the session.",
        cases: [
          line("no word", {}, "a=1"),
          line("two weeks", { maxAge: 1_209_600 }, "a=1; Max-Age=1209600"),
        ],
      },
    ],
  },
  {
    number: "8.3",
    title: "Clear Text",
    rows: [
      {
        id: "6265-8.3-1",
        section: "8.3",
        level: "SHOULD",
        says:
          "The contents of cookies are encrypted and signed, even over a secure channel.",
        unmet:
          "Cookies that a handler sets by c.cookies.signed are signed; none is encrypted. What a client may not read belongs to the server, under an identifier that the cookie has (§8.4).",
        cases: [
          written("signed", [["sign", "id", "7"]], `id=${SIGNED}`),
          written("plain", [["set", "id", "7"]], "id=7"),
        ],
      },
      {
        id: "6265-8.3-2",
        section: "8.3",
        level: "SHOULD",
        says:
          "Over a secure channel every cookie has Secure, where much hangs on it.",
        elsewhere:
          "the handler's to say, as no attribute is added of itself; a name with a prefix is refused without it",
        cases: [],
      },
    ],
  },
  {
    number: "8.4",
    title: "Session Identifiers",
    rows: [
      {
        id: "6265-8.4-1",
        section: "8.4",
        level: "SHOULD",
        says:
          "A session identifier that a client brought is not given credentials (session fixation).",
        elsewhere:
          "there are no sessions here; one that a handler signs cannot be made up, but can be copied, so a login sets another",
        cases: [],
      },
    ],
  },
  {
    number: "8.5",
    title: "Weak Confidentiality",
    rows: [
      {
        id: "6265-8.5-1",
        section: "8.5",
        level: "SHOULD NOT",
        says:
          "Services that do not trust each other do not share a host over several ports.",
        elsewhere: OPERATOR,
        cases: [],
      },
    ],
  },
  {
    number: "8.6",
    title: "Weak Integrity",
    rows: [
      {
        id: "6265-8.6-1",
        section: "8.6",
        level: "SHOULD NOT",
        says:
          "Services that do not trust each other do not share a host over several paths.",
        elsewhere: OPERATOR,
        cases: [],
      },
      {
        id: "6265-8.6-2",
        section: "8.6",
        level: "is",
        says:
          "A signature shows which cookies the server made: what was changed, moved to another name, has ended or was made by others is as good as absent.",
        cases: [
          signed("whole", SIGNED, "7"),
          signed("with an end to come", LATE, "7"),
          signed("with the key before", `.Nw.${OLD_SIGNATURE}`, "7"),
          ...[...TAMPERED, ...FLIPPED].map(([name, value]) =>
            signed(name, value, "none")
          ),
          ...["ID", "Id", "id ", "__Host-id"].map((name) =>
            told(
              `as ${JSON.stringify(name)}`,
              "/cookies/signed/id",
              `${name}=${SIGNED}`,
              name.trim() === "id" ? "7" : "none",
            )
          ),
          ...["a b", "a;b", "", "a\r\nb", "caf\xE9"].map((name) =>
            unwritten(
              `a name of ${JSON.stringify(name)}`,
              ["sign", name, "7"],
              "its name is not a token",
            )
          ),
        ],
      },
      {
        id: "6265-8.6-3",
        section: "8.6",
        level: "is",
        says:
          "Another host of the domain may put cookies in front of those of the server: a few of them do not hide a signed one, and many cost a bounded time.",
        cases: [0, 1, 3, 4, 100].map((count) =>
          told(
            `${count}`,
            "/cookies/signed/id",
            `id=${OF_ADMIN}; `.repeat(count) + `id=${SIGNED}`,
            count < 4 ? "7" : "none",
          )
        ),
      },
      {
        id: "6265-8.6-4",
        section: "8.6",
        level: "SHOULD NOT",
        says: "Servers do not rely upon user agents keeping cookies.",
        elsewhere: "the handler's to heed; §6.1 shows that nothing fails here",
        cases: [],
      },
    ],
  },
];
