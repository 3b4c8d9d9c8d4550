/**
 * RFC 9110 §14, §15.3.7 and §15.5.17: a part of a representation. What is asked for
 * is a file of ten octets.
 *
 * @module
 */

import { CHANGED_DATE } from "../../folder.ts";
import { answered, get, head, served } from "../rows.ts";
import type { Case, Section } from "../rows.ts";
import { FILE, TAG, TEN } from "./conditions.ts";

/** A GET of a part that comes: the octets from `first` to `last`. */
function part(first: number, last: number, ...lines: string[]): Case {
  return {
    name: lines.join(" "),
    send: get(FILE, ...lines),
    answers: [{
      status: 206,
      content: TEN.slice(first, last + 1),
      fields: {
        "content-range": `bytes ${first}-${last}/10`,
        "content-length": `${last - first + 1}`,
        "content-type": "text/plain; charset=utf-8",
        etag: TAG,
        "last-modified": CHANGED_DATE,
      },
    }],
    then: "persists",
  };
}

/** A GET that gets all, whatever it asks for. */
function all(...lines: string[]): Case {
  return served(lines.join(" "), get(FILE, ...lines), {
    content: TEN,
    fields: { "content-range": null, "content-length": "10" },
  });
}

/** A GET of what is not there. */
function none(...lines: string[]): Case {
  return answered(lines.join(" "), get(FILE, ...lines), 416, {
    fields: { "content-range": "bytes */10" },
  });
}

const HUGE = "9".repeat(30);

export const SECTIONS: readonly Section[] = [
  {
    number: "14.1",
    title: "Range Units",
    rows: [
      {
        id: "9110-14.1-1",
        section: "14.1",
        level: "is",
        says: "The names of units mind no case.",
        cases: [part(0, 1, "Range: BYTES=0-1"), part(0, 1, "range: Bytes=0-1")],
      },
      {
        id: "9110-14.1.1-1",
        section: "14.1.1",
        level: "MUST",
        says:
          "A set is ignored where one member is invalid: its last position before the first, or of no known form.",
        cases: [
          all("Range: bytes=5-4"),
          all("Range: bytes=0-1,5-4"),
          all("Range: bytes=a-b"),
          all("Range: bytes=-"),
          all("Range: bytes="),
          all("Range: bytes"),
          all("Range: bytes=0"),
          all("Range: bytes=0-1-2"),
          all("Range: bytes=--1"),
          all("Range: bytes=0x0-1"),
          all(`Range: bytes=${HUGE}1-${HUGE}`),
        ],
      },
      {
        id: "9110-14.1.2-1",
        section: "14.1.2",
        level: "is",
        says:
          "Positions count from 0, both ends are included, and a last one beyond the end is the end.",
        cases: [
          part(0, 0, "Range: bytes=0-0"),
          part(2, 5, "Range: bytes=2-5"),
          part(9, 9, "Range: bytes=9-9"),
          part(4, 9, "Range: bytes=4-"),
          part(4, 9, "Range: bytes=4-10"),
          part(0, 9, `Range: bytes=0-${HUGE}`),
          part(3, 5, "Range: bytes=0003-005"),
        ],
      },
      {
        id: "9110-14.1.2-2",
        section: "14.1.2",
        level: "is",
        says:
          "A suffix counts from the end; one that is longer than all is all.",
        cases: [
          part(9, 9, "Range: bytes=-1"),
          part(5, 9, "Range: bytes=-5"),
          part(0, 9, "Range: bytes=-10"),
          part(0, 9, `Range: bytes=-${HUGE}`),
        ],
      },
      {
        id: "9110-14.1.2-3",
        section: "14.1.2",
        level: "is",
        says:
          "A range is satisfiable when it begins before the end, a suffix when it is not 0.",
        cases: [
          none("Range: bytes=10-"),
          none("Range: bytes=10-20"),
          none("Range: bytes=-0"),
          none(`Range: bytes=${HUGE}-`),
          none("Range: bytes=10-,-0"),
          part(9, 9, "Range: bytes=10-,9-"),
        ],
      },
    ],
  },
  {
    number: "14.2",
    title: "Range",
    rows: [
      {
        id: "9110-14.2-1",
        section: "14.2",
        level: "MUST",
        says:
          "Range is ignored for methods that define no ranges: all but GET.",
        cases: [
          {
            name: "HEAD",
            send: head(`HEAD ${FILE} HTTP/1.1`, "Host: a", "Range: bytes=0-1"),
            answers: [{
              status: 200,
              content: "",
              fields: { "content-range": null, "content-length": "10" },
            }],
            then: "persists",
          },
        ],
      },
      {
        id: "9110-14.2-2",
        section: "14.2",
        level: "MUST",
        says: "An origin server ignores units that it does not know.",
        cases: [all("Range: lines=0-1"), all("Range: octets=0-1")],
      },
      {
        id: "9110-14.2-3",
        section: "14.2",
        level: "MAY",
        says:
          "A server may ignore Range: here where several parts were to be sent, or too many are asked for.",
        cases: [
          all("Range: bytes=0-1,5-6"),
          all("Range: bytes=0-0,-1"),
          all(`Range: bytes=${"0-,".repeat(17)}`),
          part(0, 3, "Range: bytes=0-1,2-3"),
          part(0, 9, "Range: bytes=5-,0-6"),
        ],
      },
      {
        id: "9110-14.2-4",
        section: "14.2",
        level: "SHOULD",
        says: "A valid range that holds is answered with 206.",
        cases: [part(1, 2, "Range: bytes=1-2")],
      },
      {
        id: "9110-14.2-5",
        section: "14.2",
        level: "SHOULD",
        says: "A valid range with nothing in it is answered with 416.",
        cases: [none("Range: bytes=10-")],
      },
      {
        id: "9110-13.1.5-1",
        section: "13.1.5",
        level: "MUST",
        says: "If-Range without Range is ignored.",
        cases: [all('If-Range: "b"'), all(`If-Range: ${TAG}`)],
      },
      {
        id: "9110-13.1.5-2",
        section: "13.1.5",
        level: "MUST",
        says:
          "A tag in If-Range is compared strongly; where it is another, Range is ignored.",
        cases: [
          part(0, 1, "Range: bytes=0-1", `If-Range: ${TAG}`),
          all("Range: bytes=0-1", `If-Range: W/${TAG}`),
          all("Range: bytes=0-1", 'If-Range: "b"'),
          all("Range: bytes=10-", 'If-Range: "b"'),
          all("Range: bytes=0-1", `If-Range: "b", ${TAG}`),
          all("Range: bytes=0-1", "If-Range: *"),
        ],
      },
      {
        id: "9110-13.1.5-3",
        section: "13.1.5",
        level: "is",
        says: "A date in If-Range is compared exactly.",
        cases: [
          part(0, 1, "Range: bytes=0-1", `If-Range: ${CHANGED_DATE}`),
          all("Range: bytes=0-1", "If-Range: Fri, 02 Jan 2026 03:04:04 GMT"),
          all("Range: bytes=0-1", "If-Range: Fri, 02 Jan 2026 03:04:06 GMT"),
          all("Range: bytes=0-1", "If-Range: yesterday"),
        ],
      },
    ],
  },
  {
    number: "14.3",
    title: "Accept-Ranges",
    rows: [
      {
        id: "9110-14.3-1",
        section: "14.3",
        level: "MAY",
        says: "A server tells that it takes ranges.",
        cases: [
          served("a file", get(FILE), { fields: { "accept-ranges": "bytes" } }),
          served("what is none", get(), { fields: { "accept-ranges": null } }),
        ],
      },
    ],
  },
  {
    number: "15.3.7",
    title: "206 Partial Content",
    rows: [
      {
        id: "9110-15.3.7-1",
        section: "15.3.7",
        level: "MUST",
        says:
          "A 206 has Date, Cache-Control, ETag, Expires, Content-Location and Vary as a 200 would have.",
        cases: [{
          name: "a file that is compressed for some",
          send: get("/file/cached/a.js", "Range: bytes=0-1"),
          answers: [{
            status: 206,
            fields: {
              "cache-control": "max-age=60",
              vary: "accept-encoding",
              etag: /^"/,
              date: / GMT$/,
            },
          }],
          then: "persists",
        }],
      },
      {
        id: "9110-15.3.7-2",
        section: "15.3.7.1",
        level: "MUST",
        says: "One part is sent with Content-Range.",
        cases: [part(2, 3, "Range: bytes=2-3")],
      },
      {
        id: "9110-15.3.7-3",
        section: "15.3.7.2",
        level: "MUST NOT",
        says: "multipart/byteranges answers no request for one range.",
        cases: [part(2, 3, "Range: bytes=2-3,2-3")],
      },
    ],
  },
  {
    number: "15.5.17",
    title: "416 Range Not Satisfiable",
    rows: [
      {
        id: "9110-15.5.17-1",
        section: "15.5.17",
        level: "SHOULD",
        says:
          "A 416 to a byte range has Content-Range with the current length.",
        cases: [none("Range: bytes=99-")],
      },
    ],
  },
];
