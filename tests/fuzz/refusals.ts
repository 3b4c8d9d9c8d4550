/**
 * What our parser refuses and llhttp does not: a part of `differences.ts`.
 *
 * @module
 */

import type { FaultCode } from "../../errors.ts";
import {
  CHUNKED,
  type Difference,
  GET,
  HOST,
  POST,
  valuesOf,
} from "./difference.ts";

/** A row whose `about` are faults of ours. */
type Refusal = Difference & { readonly about: readonly FaultCode[] };

/** `uri-host [ ":" port ]`, but for IP literals (RFC 3986 §3.2.2). */
function isPlainHost(text: string): boolean {
  const [, port = ""] = PLAIN_HOST.exec(text) ?? ["", "none"];
  return Number(port) <= 65_535;
}

const PLAIN_HOST = /^(?:[-\w.~!$&'()*+,;=]|%[\dA-Fa-f]{2})+(?::(\d{0,5}))?$/;

/** Each with faults of ours. */
export const REFUSALS: readonly Refusal[] = [
  {
    kind: "we refuse",
    about: ["line-end"],
    ours: "An empty line before a request is CRLF, and there are at most 32.",
    theirs: "Any CR and LF before a request are skipped, however many.",
    right: "both",
    rule: "RFC 9112 §2.2",
    why:
      "A server ought to ignore one empty line (CRLF) at least. What else stands there is no line, and a bare LF is what two readers end lines at differently.",
    example: `\n${GET}\r\n`,
  },
  {
    kind: "we refuse",
    about: ["target"],
    ours: "A target has no octet that no URI has, and no fragment.",
    theirs:
      "A fragment is taken with the target. A target that is cut off by a line end is HTTP/0.9.",
    right: "no8wire",
    rule: "RFC 9112 §3.2",
    why:
      "No form of the target has a fragment: a recipient that routes by what is before it and one that does not would see two resources. HTTP/0.9 is no part of the standard any more.",
    example: `GET /a#b HTTP/1.1\r\n${HOST}\r\n`,
  },
  {
    kind: "we refuse",
    about: ["target-form", "target-scheme", "target-host"],
    holds: ({ head }) =>
      head === undefined || !head.target.startsWith("/") ||
      head.method === "CONNECT",
    ours:
      "The form of the target fits the method, its scheme is that of the connection, its host is one.",
    theirs: "A target is looked at octet by octet and not as a whole.",
    right: "no8wire",
    rule: "RFC 9112 §3.2, RFC 9110 §4.2 and §7.4",
    why:
      "llhttp leaves this to its user. What is routed by a host has to be one, and userinfo is a sign of an attack.",
    example: `GET http://u@h/ HTTP/1.1\r\n${HOST}\r\n`,
  },
  {
    kind: "we refuse",
    about: [
      "target-size",
      "head-size",
      "fields",
      "trailer-size",
      "trailer-fields",
    ],
    holds: ({ head, trailers }, wire) =>
      wire.length > 8_000 || trailers.length > 32 ||
      (head?.fields.length ?? 101) > 100,
    ours:
      "Target, head and trailer section have bounds, in octets and in lines.",
    theirs: "There are none; Node counts octets beside it (16 KiB).",
    right: "both",
    rule: "RFC 9112 §3, RFC 9110 §5.4, RFC 6585 §5",
    why:
      "Bounds are for each server to choose. Ours count octets of the message, so that the verdict does not depend on packets.",
    example: `GET /${"a".repeat(8_200)} HTTP/1.1\r\n${HOST}\r\n`,
  },
  {
    kind: "we refuse",
    about: ["chunk-extension-size", "chunk-overhead"],
    ours: "What chunks take beside their data is bounded in sum.",
    theirs: "There is no bound; Node has one for extensions since 2024.",
    right: "no8wire",
    rule: "RFC 9112 §7.1.1",
    why:
      "A recipient ought to limit the total length of chunk extensions; without it a byte of content can cost the parser as much as one likes (CVE-2023-39326, CVE-2024-22019).",
    example: `${CHUNKED}\r\n1;${"a".repeat(5_000)}\r\nx\r\n0\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["version", "version-major"],
    ours: "Behind one space stands HTTP/1.x and nothing else.",
    theirs:
      "More spaces are waited through, and HTTP/0.9 and HTTP/2.0 are read as if they were 1.1.",
    right: "no8wire",
    rule: "RFC 9112 §3 and §2.3, RFC 9110 §15.6.6",
    why:
      "One space is the grammar. Another major version has another syntax: the answer is 505.",
    example: `GET / HTTP/2.0\r\n${HOST}\r\n`,
  },
  {
    kind: "we refuse",
    about: ["host-missing"],
    holds: (told) => valuesOf(told, "host").length === 0,
    ours: "HTTP/1.1 needs Host.",
    theirs: "It does not; Node asks for it beside it.",
    right: "no8wire",
    rule: "RFC 9112 §3.2",
    why: "A server MUST answer 400.",
    example: "GET / HTTP/1.1\r\n\r\n",
  },
  {
    kind: "we refuse",
    about: ["host-repeated"],
    holds: (told) =>
      told.head === undefined || valuesOf(told, "host").length > 1,
    ours: "Host is there once.",
    theirs: "There may be several.",
    right: "no8wire",
    rule: "RFC 9112 §3.2",
    why:
      "A server MUST answer 400: a proxy may route by one of them and the server by the other.",
    example: `${GET}Host: other\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["host"],
    holds: (told) =>
      told.head === undefined ||
      valuesOf(told, "host").some((host) => !isPlainHost(host)),
    ours: "Host is a host with an optional port.",
    theirs: "Its value is that of any field.",
    right: "no8wire",
    rule: "RFC 9112 §3.2",
    why: "A server MUST answer 400 to an invalid value.",
    example: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
  },
  {
    kind: "we refuse",
    about: ["length-size"],
    holds: (told) =>
      told.head === undefined ||
      valuesOf(told, "content-length").some((one) => Number(one) > 2 ** 53 - 1),
    ours: "A length is at most 2⁵³ − 1, which is what a number counts exactly.",
    theirs: "It is at most 2⁶⁴ − 1.",
    right: "both",
    rule: "RFC 9110 §8.6",
    why:
      "Nobody can send so much; a recipient has to prevent errors of conversion, and both do.",
    example: `${POST}Content-Length: 9007199254740993\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["chunk-size"],
    holds: (_, wire) => /\n0*[1-9a-f][\da-f]{13}/i.test(wire),
    ours: "The size of a chunk is at most 2⁵³ − 1, too.",
    theirs: "It is at most 2⁶⁴ − 1.",
    right: "both",
    rule: "RFC 9112 §7.1",
    why:
      "Nobody can send so much; a recipient has to prevent errors of conversion, and both do.",
    example: `${CHUNKED}\r\n80000000000008\r\nx`,
  },
  {
    kind: "we refuse",
    about: ["coding-unknown"],
    holds: (told) =>
      told.head === undefined ||
      valuesOf(told, "transfer-encoding").some((one) =>
        !/^[, \t]*chunked[, \t]*$/i.test(one)
      ),
    ours: "A coding beside chunked is a 501.",
    theirs: "It is told, and its user has to undo it.",
    right: "no8wire",
    rule: "RFC 9112 §6.1",
    why:
      "A server that does not understand a transfer coding ought to answer 501; none of the users of llhttp that we know undoes it.",
    example: `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["coding-version"],
    holds: (told) => told.head === undefined || told.head.version === "1.0",
    ours: "HTTP/1.0 has no Transfer-Encoding.",
    theirs: "It is read as in 1.1.",
    right: "no8wire",
    rule: "RFC 9112 §6.1",
    why:
      "Its framing has to be treated as faulty, even where there is a length: who sent it, or passed it on, does not know the field.",
    example: "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  },
  {
    kind: "we refuse",
    about: ["coding"],
    holds: ({ head }) => head === undefined || head.upgrades,
    ours: "The last coding is chunked, also where another protocol follows.",
    theirs: "It is not looked at then.",
    right: "no8wire",
    rule: "RFC 9112 §6.3",
    why:
      "Where chunked is not the last coding of a request its length cannot be told, and a server MUST answer 400.",
    example: `CONNECT h:1 HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["coding"],
    holds: (told) =>
      told.head !== undefined &&
      valuesOf(told, "transfer-encoding").every((value) => value === ""),
    ours: "A Transfer-Encoding that names no coding is no framing.",
    theirs: "It is as if there were none: the request has no content.",
    right: "both",
    rule: "RFC 9112 §6.1 and §6.3",
    why:
      "An empty list is allowed by the grammar and named by no rule of framing. Where the field is there and chunked is not the last coding, a server MUST answer 400.",
    example: `${POST}Transfer-Encoding:\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["coding"],
    holds: (told) =>
      told.head === undefined ||
      /chunked.*chunked/i.test(valuesOf(told, "transfer-encoding").join()),
    ours: "Chunked is applied once.",
    theirs:
      "It is, too; but one with HTAB or a comma at it is not seen, and what is last decides.",
    right: "no8wire",
    rule: "RFC 9112 §6.1 and §7",
    why:
      "A sender MUST NOT apply it more than once. Read as if it were once, what is left is chunks in chunks, which the next recipient may undo.",
    example:
      `${POST}Transfer-Encoding: chunked\t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    kind: "we refuse",
    about: ["expectation"],
    holds: (told) =>
      told.head === undefined ||
      valuesOf(told, "expect").some((one) =>
        one.toLowerCase() !== "100-continue"
      ),
    ours: "An expectation that nobody can meet is a 417.",
    theirs: "It is told; Node answers it beside it.",
    right: "both",
    rule: "RFC 9110 §10.1.1",
    why: "A server may answer 417; ours does before a handler is troubled.",
    example: `${GET}Expect: 200-ok\r\n\r\n`,
  },
];
