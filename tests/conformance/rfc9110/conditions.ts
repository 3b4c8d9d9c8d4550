/**
 * RFC 9110 §8.7, §8.8, §13, §15.4.5 and §15.5.13: validators, and conditions on
 * them. What is asked for is a file of ten octets.
 *
 * @module
 */

import { CHANGED, CHANGED_DATE } from "../../folder.ts";
import { answered, get, head, served } from "../rows.ts";
import type { Case, Section } from "../rows.ts";

/** The file, its content and its tag. */
export const FILE = "/file/ten.txt";
export const TEN = "0123456789";
export const TAG = `"a-${CHANGED.toString(16)}"`;

const BEFORE = "Fri, 02 Jan 2026 03:04:04 GMT";
const AFTER = "Fri, 02 Jan 2026 03:04:06 GMT";

const VALIDATORS = { etag: TAG, "last-modified": CHANGED_DATE };

/** A GET of the file with conditions that let it go on. */
function whole(name: string, ...lines: string[]): Case {
  return served(name, get(FILE, ...lines), {
    content: TEN,
    fields: VALIDATORS,
  });
}

/** A GET of the file that tells what is known already. */
function known(name: string, ...lines: string[]): Case {
  return {
    name,
    send: get(FILE, ...lines),
    answers: [{ status: 304, content: "", fields: VALIDATORS }],
    then: "persists",
  };
}

/** A GET of the file that must not be done. */
function failed(name: string, ...lines: string[]): Case {
  return answered(name, get(FILE, ...lines), 412);
}

const headOf = (...lines: string[]) =>
  head(`HEAD ${FILE} HTTP/1.1`, "Host: a", ...lines);

export const SECTIONS: readonly Section[] = [
  {
    number: "8.8",
    title: "Validator Fields",
    rows: [
      {
        id: "9110-8.8.1-1",
        section: "8.8.1",
        level: "is",
        says:
          "A strong validator changes whenever what is sent changes; one that may not do so is weak.",
        cases: [],
        elsewhere:
          "tests/files_test.ts: a file that changes has another tag, and that of one that was changed just now is weak",
      },
      {
        id: "9110-8.8.2-1",
        section: "8.8.2.1",
        level: "SHOULD",
        says:
          "An origin server sends Last-Modified where it can tell when a representation was changed.",
        cases: [
          whole("GET"),
          served("HEAD", headOf(), { content: "", fields: VALIDATORS }),
        ],
      },
      {
        id: "9110-8.8.2-2",
        section: "8.8.2.1",
        level: "MUST NOT",
        says: "Last-Modified is not later than Date.",
        cases: [],
        elsewhere: "tests/files_test.ts, with files from the future",
      },
      {
        id: "9110-8.8.3-1",
        section: "8.8.3",
        level: "SHOULD",
        says: "An origin server sends an ETag where it can tell changes.",
        cases: [whole("a strong one")],
      },
      {
        id: "9110-8.8.3-2",
        section: "8.8.3.2",
        level: "is",
        says:
          "Tags are the same weakly when their opaque parts are, strongly when neither is weak as well.",
        cases: [
          known("weakly: a weak one", `If-None-Match: W/${TAG}`),
          failed("strongly: a weak one", `If-Match: W/${TAG}`),
          whole("another", 'If-None-Match: "b"'),
          whole("case matters", `If-None-Match: ${TAG.toUpperCase()}`),
        ],
      },
      {
        id: "9110-8.8.3-3",
        section: "8.8.3.3",
        level: "is",
        says: "Representations in other codings have other tags.",
        cases: [],
        elsewhere: "tests/files_test.ts, with files compressed beforehand",
      },
    ],
  },
  {
    number: "13.1",
    title: "Preconditions",
    rows: [
      {
        id: "9110-13.1.1-1",
        section: "13.1.1",
        level: "MUST",
        says: "If-Match compares strongly.",
        cases: [
          whole("the tag", `If-Match: ${TAG}`),
          whole("one of several", `If-Match: "b", ${TAG}`),
          whole("in another line", 'If-Match: "b"', `If-Match: ${TAG}`),
          failed("a weak one", `If-Match: W/${TAG}`),
        ],
      },
      {
        id: "9110-13.1.1-2",
        section: "13.1.1",
        level: "is",
        says: "If-Match of * holds when there is a representation.",
        cases: [
          whole("there is", "If-Match: *"),
          answered("there is none", get("/file/nope", "If-Match: *"), [
            404,
            412,
          ]),
        ],
      },
      {
        id: "9110-13.1.1-3",
        section: "13.1.1",
        level: "MUST NOT",
        says: "What asks for a tag that is not there is not done: 412.",
        cases: [
          failed("another", 'If-Match: "b"'),
          failed("a malformed one", "If-Match: b"),
          failed("none", "If-Match:"),
        ],
      },
      {
        id: "9110-13.1.2-1",
        section: "13.1.2",
        level: "MUST",
        says: "If-None-Match compares weakly.",
        cases: [
          known("the tag", `If-None-Match: ${TAG}`),
          known("as if weak", `If-None-Match: W/${TAG}`),
          known("one of several", `If-None-Match: "b", ${TAG}`),
          known(
            "in another line",
            'If-None-Match: "b"',
            `If-None-Match: ${TAG}`,
          ),
          known("empty members", `If-None-Match: , ,${TAG},`),
          known("a tag with a comma before", `If-None-Match: "a,b", ${TAG}`),
        ],
      },
      {
        id: "9110-13.1.2-2",
        section: "13.1.2",
        level: "is",
        says: "If-None-Match of * fails when there is a representation.",
        cases: [known("there is", "If-None-Match: *")],
      },
      {
        id: "9110-13.1.2-3",
        section: "13.1.2",
        level: "MUST",
        says: "Where it fails, GET and HEAD are answered with 304.",
        cases: [
          known("GET", `If-None-Match: ${TAG}`),
          {
            name: "HEAD",
            send: headOf(`If-None-Match: ${TAG}`),
            answers: [{ status: 304, content: "", fields: VALIDATORS }],
            then: "persists",
          },
        ],
      },
      {
        id: "9110-13.1.3-1",
        section: "13.1.3",
        level: "MUST",
        says:
          "If-Modified-Since is ignored beside If-None-Match, which says more.",
        cases: [
          whole(
            "the tag is another",
            'If-None-Match: "b"',
            `If-Modified-Since: ${AFTER}`,
          ),
          known(
            "the tag is the same",
            `If-None-Match: ${TAG}`,
            `If-Modified-Since: ${BEFORE}`,
          ),
        ],
      },
      {
        id: "9110-13.1.3-2",
        section: "13.1.3",
        level: "MUST",
        says:
          "If-Modified-Since is ignored where it is no valid date, or has more than one member.",
        cases: [
          whole("no date", "If-Modified-Since: yesterday"),
          whole("a number", `If-Modified-Since: ${CHANGED}`),
          whole("no zone", "If-Modified-Since: Fri, 02 Jan 2026 03:04:05"),
          whole(
            "another zone",
            "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 CET",
          ),
          whole(
            "a day that is none",
            "If-Modified-Since: Fri, 31 Feb 2026 03:04:05 GMT",
          ),
          whole("two members", `If-Modified-Since: ${AFTER}, ${AFTER}`),
          whole(
            "two lines",
            `If-Modified-Since: ${AFTER}`,
            `If-Modified-Since: ${AFTER}`,
          ),
          whole("nothing", "If-Modified-Since:"),
        ],
      },
      {
        id: "9110-13.1.3-3",
        section: "13.1.3",
        level: "is",
        says: "It fails where the representation is not newer: 304.",
        cases: [
          known("the same second", `If-Modified-Since: ${CHANGED_DATE}`),
          known("later", `If-Modified-Since: ${AFTER}`),
          known(
            "in the form of RFC 850",
            "If-Modified-Since: Friday, 02-Jan-26 03:04:05 GMT",
          ),
          known(
            "in the form of asctime()",
            "If-Modified-Since: Fri Jan  2 03:04:05 2026",
          ),
          whole("a second before", `If-Modified-Since: ${BEFORE}`),
        ],
      },
      {
        id: "9110-13.1.4-1",
        section: "13.1.4",
        level: "MUST",
        says: "If-Unmodified-Since is ignored beside If-Match.",
        cases: [
          whole(
            "the tag is the same",
            `If-Match: ${TAG}`,
            `If-Unmodified-Since: ${BEFORE}`,
          ),
        ],
      },
      {
        id: "9110-13.1.4-2",
        section: "13.1.4",
        level: "MUST",
        says: "If-Unmodified-Since is ignored where it is no valid date.",
        cases: [
          whole("no date", "If-Unmodified-Since: yesterday"),
          whole("two members", `If-Unmodified-Since: ${BEFORE}, ${BEFORE}`),
        ],
      },
      {
        id: "9110-13.1.4-3",
        section: "13.1.4",
        level: "MUST NOT",
        says: "What was changed since is not given: 412.",
        cases: [
          failed("a second before", `If-Unmodified-Since: ${BEFORE}`),
          whole("the same second", `If-Unmodified-Since: ${CHANGED_DATE}`),
          whole("later", `If-Unmodified-Since: ${AFTER}`),
        ],
      },
    ],
  },
  {
    number: "13.2",
    title: "Evaluation of Preconditions",
    rows: [
      {
        id: "9110-13.2.1-1",
        section: "13.2.1",
        level: "MUST",
        says:
          "Conditions are ignored where the answer without them would be no success.",
        cases: [
          answered(
            "404",
            get(
              "/file/nope",
              "If-None-Match: *",
              `If-Modified-Since: ${AFTER}`,
            ),
            404,
          ),
          answered(
            "a file as the page of an error",
            get("/file-error", "If-None-Match: *", "Range: bytes=0-1"),
            410,
            { content: TEN },
          ),
        ],
      },
      {
        id: "9110-13.2.2-1",
        section: "13.2.2",
        level: "MUST",
        says:
          "The order is If-Match, else If-Unmodified-Since; If-None-Match, else If-Modified-Since; Range with If-Range.",
        cases: [
          failed(
            "If-Match before If-None-Match",
            'If-Match: "b"',
            `If-None-Match: ${TAG}`,
          ),
          known(
            "If-None-Match behind If-Match",
            `If-Match: ${TAG}`,
            `If-None-Match: ${TAG}`,
          ),
          failed(
            "If-Unmodified-Since before If-None-Match",
            `If-Unmodified-Since: ${BEFORE}`,
            `If-None-Match: ${TAG}`,
          ),
          known(
            "If-None-Match before Range",
            `If-None-Match: ${TAG}`,
            "Range: bytes=0-1",
          ),
          known(
            "If-Modified-Since before a Range that is not there",
            `If-Modified-Since: ${AFTER}`,
            "Range: bytes=10-",
          ),
          failed("If-Match before Range", 'If-Match: "b"', "Range: bytes=10-"),
        ],
      },
    ],
  },
  {
    number: "15.4.5",
    title: "304 Not Modified",
    rows: [
      {
        id: "9110-15.4.5-1",
        section: "15.4.5",
        level: "MUST",
        says:
          "A 304 has Cache-Control, Content-Location, Date, ETag, Expires and Vary as a 200 would have.",
        cases: [
          {
            name: "a file that is compressed for some",
            send: get("/file/cached/a.js", "If-None-Match: *"),
            answers: [{
              status: 304,
              content: "",
              fields: {
                "cache-control": "max-age=60",
                vary: "accept-encoding",
                etag: /^"/,
                date: / GMT$/,
              },
            }],
            then: "persists",
          },
        ],
      },
      {
        id: "9110-15.4.5-2",
        section: "15.4.5",
        level: "MUST",
        says: "A 304 ends with its head.",
        cases: [known("a file", `If-None-Match: ${TAG}`)],
      },
    ],
  },
  {
    number: "15.5.13",
    title: "412 Precondition Failed",
    rows: [
      {
        id: "9110-15.5.13-1",
        section: "15.5.13",
        level: "is",
        says: "412 is for a condition that does not hold.",
        cases: [
          {
            name: "it says so, and does not send the file",
            send: get(FILE, 'If-Match: "b"'),
            answers: [{
              status: 412,
              check: ({ content }) =>
                content.includes(TEN) ? "the file was sent" : undefined,
            }],
            then: "persists",
          },
        ],
      },
    ],
  },
];
