/**
 * Where llhttp, the parser of Node, and ours part, and who is right.
 *
 * Data: `differential.ts` sorts what it finds into these classes and fails for
 * what belongs to none; `tools/differences.ts` prints the page that is made of
 * them. Each has a request that shows it.
 *
 * @module
 */

import {
  CHUNKED,
  type Difference,
  GET,
  HOST,
  POST,
  valuesOf,
} from "./difference.ts";
import { emptyMessage, type Parting } from "./messages.ts";
import { REFUSALS } from "./refusals.ts";

const THEIR_REFUSALS: readonly Difference[] = [
  {
    kind: "they refuse",
    about: [
      "HPE_INVALID_METHOD: Invalid method encountered",
      "HPE_INVALID_METHOD: Expected space after method",
    ],
    ours: "A method is any token, of up to 32 octets.",
    theirs: "It is one of those that are known by name.",
    right: "both",
    rule: "RFC 9110 §9.1 and §16.1",
    why:
      "Methods can be added, and QUERY was: a parser that knows the list has to be replaced for it. To refuse what is not implemented is the application's, with 501 or 405.",
    example: `BREW / HTTP/1.1\r\n${HOST}\r\n`,
  },
  {
    kind: "they refuse",
    about: ["HPE_INVALID_VERSION: Invalid HTTP version"],
    ours: "HTTP/1.2 to 1.9 are served as 1.1.",
    theirs: "Only 0.9, 1.0, 1.1 and 2.0 are versions.",
    right: "no8wire",
    rule: "RFC 9110 §2.5",
    why:
      "A recipient of a higher minor version ought to process the message as if it were the highest it knows within the major one.",
    example: `GET / HTTP/1.2\r\n${HOST}\r\n`,
  },
  {
    kind: "they refuse",
    about: [
      "HPE_INVALID_URL: Invalid characters in url",
      "HPE_INVALID_URL: Unexpected char in url schema",
      "HPE_INVALID_URL: Unexpected start char in url",
      "HPE_INVALID_URL: Unexpected char in url server",
      "HPE_INVALID_URL: Unexpected char in url host",
      "HPE_INVALID_URL: Double @ in url",
    ],
    holds: (_told, _wire, ours) => ours?.head === undefined,
    ours: "The form of a target is judged when the head is whole.",
    theirs: "It is judged octet by octet.",
    right: "both",
    rule: "RFC 9112 §3.2",
    why:
      "Both refuse it in the end. Ours reads a head whole before it judges what only the whole can tell.",
    example: "GET 9",
  },
  {
    kind: "they refuse",
    about: [
      "HPE_UNEXPECTED_CONTENT_LENGTH: Duplicate Content-Length",
      "HPE_INVALID_TRANSFER_ENCODING: Transfer-Encoding can't be present with Content-Length",
      "HPE_INVALID_CONTENT_LENGTH: Content-Length can't be present with Transfer-Encoding",
    ],
    holds: (_told, _wire, ours) => ours?.head === undefined,
    ours:
      "A length is judged when its line is whole, and whether two framings contradict each other when the head is.",
    theirs: "Both are judged with the second of two names.",
    right: "both",
    rule: "RFC 9112 §6.3",
    why:
      "Both refuse it in the end, as they ought to: such a message might be an attempt to smuggle a request.",
    example: `${POST}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n`,
  },
  {
    kind: "they refuse",
    about: ["HPE_INVALID_CONTENT_LENGTH: Invalid character in Content-Length"],
    ours: "White space behind a length is trimmed, HTAB too.",
    theirs: "SP is trimmed, and HTAB is an error.",
    right: "no8wire",
    rule: "RFC 9112 §5.1, RFC 9110 §5.6.3",
    why:
      "Optional white space around a field value is SP and HTAB, and no part of it.",
    example: `${POST}Content-Length: 0\t\r\n\r\n`,
  },
  {
    kind: "they refuse",
    about: [
      "HPE_INVALID_CONTENT_LENGTH: Content-Length can't be present with Transfer-Encoding",
    ],
    holds: (_told, _wire, ours) => ours?.head !== undefined,
    ours: "Content-Length in a trailer section is kept and means nothing.",
    theirs: "It is taken for a field of the head, and contradicts it.",
    right: "both",
    rule: "RFC 9110 §6.5.1",
    why:
      "A sender MUST NOT put framing into a trailer section; a recipient may ignore it, as ours does, which never merges it into the head.",
    example: `${CHUNKED}\r\n0\r\nContent-Length: 5\r\n\r\n`,
  },
  {
    kind: "they refuse",
    about: [
      "HPE_INVALID_TRANSFER_ENCODING: Invalid `Transfer-Encoding` header value",
      "HPE_INVALID_TRANSFER_ENCODING: Request has invalid `Transfer-Encoding`",
    ],
    ours: "A list may have empty members, and HTAB around them.",
    theirs: "The value has to end in chunked, with SP alone behind it.",
    right: "no8wire",
    rule: "RFC 9110 §5.6.1.2 and §5.6.3",
    why:
      "A recipient MUST parse and ignore a reasonable number of empty list members. There is one way only to read them.",
    example: `${POST}Transfer-Encoding: chunked ,\r\n\r\n0\r\n\r\n`,
  },
  {
    kind: "they refuse",
    about: [
      "HPE_INVALID_CHUNK_SIZE: Invalid character in chunk size",
      "HPE_STRICT: Invalid character in chunk extensions name",
      "HPE_STRICT: Invalid character in chunk extensions value",
      "HPE_STRICT: Invalid character in chunk extensions quoted value",
      "HPE_STRICT: Invalid character in chunk extensions quote value",
      "HPE_STRICT: Invalid quoted-pair in chunk extensions quoted value",
      "HPE_STRICT: Invalid character in chunk extensions",
    ],
    ours:
      "White space around `;` and `=` of a chunk extension is read and dropped.",
    theirs:
      "There is none, and some of what a quoted string may have is an error.",
    right: "no8wire",
    rule: "RFC 9112 §7.1.1, RFC 9110 §5.6.3",
    why:
      "The grammar has bad white space there: a recipient MUST parse for it and remove it. The octets of the extension are checked, so it cannot hide a line end.",
    example: `${CHUNKED}\r\n1 ; a = "b"\r\nx\r\n0\r\n\r\n`,
  },
];

const TELLINGS: readonly Difference[] = [
  {
    kind: "we differ",
    about: ["persists"],
    holds: (told) =>
      told.head !== undefined && valuesOf(told, "connection").length > 0,
    ours: "Connection is a list over all of its lines, and close wins.",
    theirs:
      "An option with HTAB behind it is not seen, and in HTTP/1.0 keep-alive wins over close.",
    right: "no8wire",
    rule: "RFC 9112 §9.3, RFC 9110 §7.6.1",
    why:
      "If the close option is present, the connection will not persist; that is asked first.",
    example: `${GET}Connection: close\t\r\n\r\n`,
  },
  {
    kind: "we differ",
    about: ["upgrades"],
    holds: (told) =>
      told.head !== undefined &&
      (valuesOf(told, "upgrade").length > 0 ||
        valuesOf(told, "connection").length > 0),
    ours: "Upgrade means something in HTTP/1.1 and with a protocol in it.",
    theirs:
      "It does in HTTP/1.0, and where it is empty; in Connection an option with HTAB behind it is not seen.",
    right: "no8wire",
    rule: "RFC 9110 §7.8",
    why: "A server MUST ignore an Upgrade field of an HTTP/1.0 request.",
    example: "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n",
  },
  {
    kind: "we differ",
    about: ["progress", "content", "trailers"],
    holds: (told) =>
      told.head?.upgrades === true && told.ended &&
      valuesOf(told, "transfer-encoding").length > 0,
    ours:
      "Content comes before another protocol, whatever white space is in Transfer-Encoding.",
    theirs:
      "A chunked with HTAB or a comma at it is not seen, and then there is no content.",
    right: "no8wire",
    rule: "RFC 9112 §6.3, RFC 9110 §7.8",
    why:
      "The request is whole before the protocol changes. What one takes for content the other hands to another protocol.",
    example:
      `${POST}Connection: upgrade\r\nUpgrade: a\r\nTransfer-Encoding: chunked\t\r\n\r\n1\r\na\r\n0\r\n\r\n`,
  },
  {
    kind: "we differ",
    about: ["content of CONNECT"],
    holds: ({ head }) => head?.method === "CONNECT",
    ours: "Content that CONNECT announces is read as that of any request.",
    theirs: "Behind the head of CONNECT all belongs to the tunnel.",
    right: "both",
    rule: "RFC 9110 §9.3.6, RFC 9112 §6",
    why:
      "A CONNECT request has no content, and no rule says what a length of it means then. Ours keeps the framing of every request, so that behind a CONNECT that is refused nothing is taken for a request which was announced as content.",
    example: `CONNECT h:1 HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\na`,
  },
];

/** Every class, by who refuses. */
export const DIFFERENCES: readonly Difference[] = [
  ...REFUSALS,
  ...THEIR_REFUSALS,
  ...TELLINGS,
];

/** The class that a parting over `wire` belongs to, if there is one. */
export function classOf(
  parting: Parting,
  wire: string,
): Difference | undefined {
  const { kind, about, ours, theirs = emptyMessage() } = parting;
  return DIFFERENCES.find((one) =>
    one.kind === kind && one.about.includes(about) &&
    (one.holds?.(theirs, wire, ours) ?? true)
  );
}
