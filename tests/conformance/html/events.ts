/**
 * HTML Standard §9.2: what an event stream has to be, so that `EventSource` reads
 * of it what was meant. What a browser makes of the content is told by
 * `tests/event_source.ts`.
 *
 * @module
 */

import { type Dispatched, readEvents } from "../../event_source.ts";
import { get, head, served } from "../rows.ts";
import type { Case, Section } from "../rows.ts";

/** The events that a page is given, as `type data id`. */
function seen(name: string, path: string, events: readonly string[]): Case {
  const told = ({ type, data, lastEventId }: Dispatched) =>
    `${type} ${data} ${lastEventId}`;
  return served(name, get(`/events/${path}`), {
    check: ({ content }) => {
      const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        Uint8Array.from(content, (octet) => octet.charCodeAt(0)),
      );
      const found = JSON.stringify(readEvents(decoded).events.map(told));
      return found === JSON.stringify(events)
        ? undefined
        : `a page sees ${found}`;
    },
  });
}

/** The exact content of an answer. */
function sent(name: string, path: string, content: string): Case {
  return served(name, get(`/events/${path}`), content);
}

export const SECTIONS: readonly Section[] = [
  {
    number: "9.2.3",
    title: "Processing model",
    rows: [
      {
        id: "HTML-9.2.3-1",
        section: "9.2.3",
        level: "is",
        says:
          "Unless the status is 200 and the Content-Type text/event-stream, the client fails the connection.",
        cases: [
          served("a stream", get("/events/text"), {
            fields: { "content-type": "text/event-stream" },
          }),
          served("an empty one", get("/events/empty"), {
            content: "",
            fields: { "content-type": "text/event-stream" },
          }),
          served("HEAD", head("HEAD /events/text HTTP/1.1", "Host: a"), {
            content: "",
            fields: { "content-type": "text/event-stream" },
          }),
        ],
      },
      {
        id: "HTML-9.2.3-2",
        section: "9.2.3",
        level: "is",
        says: "A client can be told to stop reconnecting with 204 No Content.",
        cases: [{
          name: "nothing returned",
          send: get("/events/nothing"),
          answers: [{ status: 204, content: "" }],
          then: "persists",
        }],
      },
      {
        id: "HTML-9.2.3-3",
        section: "9.2.3",
        level: "is",
        says: "The client asks with the cache mode no-store.",
        cases: [
          served("so no cache keeps a stream", get("/events/text"), {
            fields: { "cache-control": "no-store" },
          }),
        ],
      },
    ],
  },
  {
    number: "9.2.4",
    title: "The Last-Event-ID header",
    rows: [
      {
        id: "HTML-9.2.4-1",
        section: "9.2.4",
        level: "is",
        says:
          "Last-Event-ID has the id of the last event, encoded as UTF-8, without NUL, LF and CR.",
        cases: [
          served("none", get("/events/last"), 'data: [""]\n\n'),
          served(
            "ASCII",
            get("/events/last", "Last-Event-ID: 7"),
            'data: ["7"]\n\n',
          ),
          served(
            "beyond",
            get("/events/last", "Last-Event-ID: caf\xC3\xA9"),
            'data: ["caf\xC3\xA9"]\n\n',
          ),
          served(
            "no UTF-8",
            get("/events/last", "Last-Event-ID: \xE9"),
            'data: ["\xEF\xBF\xBD"]\n\n',
          ),
        ],
      },
    ],
  },
  {
    number: "9.2.5",
    title: "Parsing an event stream",
    rows: [
      {
        id: "HTML-9.2.5-1",
        section: "9.2.5",
        level: "is",
        says:
          "A stream is events, an event is comments and fields, each with an end of line, and an empty line.",
        cases: [
          sent("text", "text", "data: one\n\ndata: two\n\n"),
          sent(
            "every field",
            "all",
            ": c\nevent: e\nid: 7\nretry: 1000\ndata: d\n\n",
          ),
        ],
      },
      {
        id: "HTML-9.2.5-2",
        section: "9.2.5",
        level: "MUST",
        says: "Event streams must be encoded as UTF-8.",
        cases: [sent("text beyond ASCII", "utf-8", "data: caf\xC3\xA9\n\n")],
      },
      {
        id: "HTML-9.2.5-3",
        section: "9.2.5",
        level: "is",
        says: "One leading U+FEFF of the stream is ignored.",
        cases: [seen("a BOM in the data is kept", "bom", ["message \uFEFFa "])],
      },
      {
        id: "HTML-9.2.5-4",
        section: "9.2.5",
        level: "MUST",
        says:
          "Lines end with CRLF, LF or CR alone; none of them is in a field.",
        cases: [
          seen("LF in data", "line/LF", ["message a\nevent: x "]),
          seen("CR in data", "line/CR", ["message a\nevent: x "]),
          seen("CRLF in data", "line/CRLF", ["message a\nevent: x "]),
          seen("in a comment", "line/comment", ["message b "]),
          ...["event", "id"].map((field): Case => ({
            name: `in ${field}: the application's mistake`,
            send: get(`/events/broken/${field}`),
            answers: [{ status: 500 }],
            then: "persists",
          })),
        ],
      },
    ],
  },
  {
    number: "9.2.6",
    title: "Interpreting an event stream",
    rows: [
      {
        id: "HTML-9.2.6-1",
        section: "9.2.6",
        level: "is",
        says: "One space behind the colon is not part of the value.",
        cases: [seen("so that another is kept", "space", ["message  a "])],
      },
      {
        id: "HTML-9.2.6-2",
        section: "9.2.6",
        level: "is",
        says:
          "Data lines are joined with LF; the name is message unless event says another.",
        cases: [
          seen("lines", "lines", ["message a\n\nb\n "]),
          seen("a name", "all", ["e d 7"]),
        ],
      },
      {
        id: "HTML-9.2.6-3",
        section: "9.2.6",
        level: "is",
        says: "An event without data is not given to the page.",
        cases: [seen("a name alone has empty data", "name", ["tap  "])],
      },
      {
        id: "HTML-9.2.6-4",
        section: "9.2.6",
        level: "is",
        says:
          "An id with a NUL is ignored, retry is digits, fields of other names are ignored.",
        cases: ["nul", "retry", "other"].map((field): Case => ({
          name: `${field}: the application's mistake`,
          send: get(`/events/broken/${field}`),
          answers: [{ status: 500 }],
          then: "persists",
        })),
      },
      {
        id: "HTML-9.2.6-5",
        section: "9.2.6",
        level: "is",
        says: "An id holds for the events behind it, until there is another.",
        cases: [
          seen("set and forgotten", "ids", [
            "message a 1",
            "message b 1",
            "message c ",
          ]),
        ],
      },
    ],
  },
  {
    number: "9.2.7",
    title: "Authoring notes",
    rows: [
      {
        id: "HTML-9.2.7-1",
        section: "9.2.7",
        level: "ought",
        says:
          "A comment every 15 seconds or so keeps proxies from dropping the connection.",
        cases: [
          served("in a silence", get("/events/silent"), {
            check: ({ content }) =>
              /^data: one\n\n(:\n\n)+data: two\n\n$/.test(content)
                ? undefined
                : `the content is ${JSON.stringify(content)}`,
          }),
        ],
      },
    ],
  },
];
