import { assertEquals, assertThrows } from "@std/assert";
import { html } from "../../wire/html.ts";
import {
  eventText,
  type EventValue,
  readLastEventId,
  SILENCE,
} from "../../wire/event_stream.ts";
import { EventSourceReader, readEvents } from "../event_source.ts";

/** What is sent, the text of it, and what a browser makes of that. */
const EVENTS: [
  value: EventValue,
  text: string,
  seen: { type?: string; data: string; id?: string } | undefined,
][] = [
  ["tap", "data: tap\n\n", { data: "tap" }],
  ["", "data: \n\n", { data: "" }],
  [" two  spaces", "data:  two  spaces\n\n", { data: " two  spaces" }],
  ["a\nb", "data: a\ndata: b\n\n", { data: "a\nb" }],
  ["a\rb", "data: a\ndata: b\n\n", { data: "a\nb" }],
  ["a\r\nb", "data: a\ndata: b\n\n", { data: "a\nb" }],
  ["a\n\rb", "data: a\ndata: \ndata: b\n\n", { data: "a\n\nb" }],
  ["\n", "data: \ndata: \n\n", { data: "\n" }],
  ["a\n\nb\n", "data: a\ndata: \ndata: b\ndata: \n\n", { data: "a\n\nb\n" }],
  ["data: x\n\nevent: y", "data: data: x\ndata: \ndata: event: y\n\n", {
    data: "data: x\n\nevent: y",
  }],
  [":a", "data: :a\n\n", { data: ":a" }],
  ["\uFEFFa", "data: \uFEFFa\n\n", { data: "\uFEFFa" }],
  ["a\0b", "data: a\0b\n\n", { data: "a\0b" }],
  ["\u2028\u2029\x85\v\f", "data: \u2028\u2029\x85\v\f\n\n", {
    data: "\u2028\u2029\x85\v\f",
  }],
  ["caf\xE9 \u{1F600}", "data: caf\xE9 \u{1F600}\n\n", {
    data: "caf\xE9 \u{1F600}",
  }],
  [0, "data: 0\n\n", { data: "0" }],
  [-1.5, "data: -1.5\n\n", { data: "-1.5" }],
  [NaN, "data: null\n\n", { data: "null" }],
  [true, "data: true\n\n", { data: "true" }],
  [false, "data: false\n\n", { data: "false" }],
  [null, "data: null\n\n", { data: "null" }],
  [[], "data: []\n\n", { data: "[]" }],
  [["a\n", { b: 1 }], 'data: ["a\\n",{"b":1}]\n\n', {
    data: '["a\\n",{"b":1}]',
  }],
  [html`<p>${"<"}</p>`, "data: <p>&lt;</p>\n\n", { data: "<p>&lt;</p>" }],
  [html`<p>\n</p>`, "data: <p>\ndata: </p>\n\n", { data: "<p>\n</p>" }],
  [{ data: "a" }, "data: a\n\n", { data: "a" }],
  [{ data: { a: "\r" } }, 'data: {"a":"\\r"}\n\n', { data: '{"a":"\\r"}' }],
  [{ data: new Date(0) }, 'data: "1970-01-01T00:00:00.000Z"\n\n', {
    data: '"1970-01-01T00:00:00.000Z"',
  }],
  [{ data: null }, "data: null\n\n", { data: "null" }],
  [{ data: html`<i>` }, "data: <i>\n\n", { data: "<i>" }],
  [{ event: "tap", data: 1 }, "event: tap\ndata: 1\n\n", {
    type: "tap",
    data: "1",
  }],
  [{ event: "tap" }, "event: tap\ndata: \n\n", { type: "tap", data: "" }],
  [{ event: " a: b" }, "event:  a: b\ndata: \n\n", {
    type: " a: b",
    data: "",
  }],
  [{ event: "", data: "a" }, "event: \ndata: a\n\n", { data: "a" }],
  [{ id: "7", data: "a" }, "id: 7\ndata: a\n\n", { data: "a", id: "7" }],
  [{ id: 7, data: "a" }, "id: 7\ndata: a\n\n", { data: "a", id: "7" }],
  [{ id: " \xE9:", data: "" }, "id:  \xE9:\ndata: \n\n", {
    data: "",
    id: " \xE9:",
  }],
  [{ id: "", data: "a" }, "id: \ndata: a\n\n", { data: "a", id: "" }],
  [{ id: 8 }, "id: 8\n\n", undefined],
  [{ retry: 0 }, "retry: 0\n\n", undefined],
  [{ retry: 2 ** 53 - 1 }, "retry: 9007199254740991\n\n", undefined],
  [{ comment: "a\nb\r\rc" }, ": a\n: b\n: \n: c\n\n", undefined],
  [{ comment: "" }, ": \n\n", undefined],
  [
    { data: "d", retry: 1, id: 2, event: "e", comment: "c" },
    ": c\nevent: e\nid: 2\nretry: 1\ndata: d\n\n",
    { type: "e", data: "d", id: "2" },
  ],
  [
    { data: "a", event: undefined, id: undefined, retry: undefined },
    "data: a\n\n",
    { data: "a" },
  ],
];

Deno.test("eventText() writes what a browser reads", () => {
  for (const [value, text, seen] of EVENTS) {
    assertEquals(eventText(value), text);
    const { events } = readEvents(text);
    const { type = "message", data, id = "" } = seen ?? {};
    assertEquals(
      events.map((event) => ({ ...event })),
      seen === undefined ? [] : [{ type, data: data!, lastEventId: id }],
    );
  }
});

Deno.test("eventText() leaves nothing that the next event would bear", () => {
  for (const [value] of EVENTS) {
    const text = eventText(value);
    assertEquals(text.endsWith("\n\n"), true);
    const { events } = readEvents(`${text}${SILENCE}data: next\n\n`);
    const { type, data } = events.at(-1)!;
    assertEquals([type, data], ["message", "next"]);
  }
});

Deno.test("eventText() is read the same however it is cut", () => {
  const bytes = new TextEncoder().encode(
    EVENTS.map(([value]) => eventText(value)).join(SILENCE),
  );
  const whole = new EventSourceReader().feed(bytes).events;
  for (const size of [1, 2, 3, 7, 64]) {
    const reader = new EventSourceReader();
    for (let at = 0; at < bytes.length; at += size) {
      reader.feed(bytes.subarray(at, at + size));
    }
    assertEquals(reader.events, whole);
  }
});

Deno.test("eventText() sets what is kept beside the events", () => {
  const text = [{ id: "a" }, { retry: 250 }, { comment: "c" }].map(eventText);
  const { lastEventId, retry, comments, events } = readEvents(text.join(""));
  assertEquals([lastEventId, retry, comments, events.length], [
    "a",
    250,
    [" c"],
    0,
  ]);
});

class Song {
  title = "Frog";
}

/** What is no event, and what is said of it. */
const WRONG: [value: unknown, message: string][] = [
  [undefined, "Cannot send undefined as an event"],
  [() => 1, "Cannot send a function as an event"],
  [Symbol("a"), "Cannot send a symbol as an event"],
  [1n, "Cannot send a bigint as an event"],
  [{}, "Cannot send an event in which there is nothing"],
  [{ data: undefined }, "Cannot send an event in which there is nothing"],
  [Object.create(null), "Cannot send an event in which there is nothing"],
  [{ song: 1 }, 'Cannot send an event with "song"'],
  [{ data: 1, Event: "a" }, 'Cannot send an event with "Event"'],
  [JSON.parse('{"__proto__":1}'), 'Cannot send an event with "__proto__"'],
  [{ song: undefined }, 'Cannot send an event with "song"'],
  [new Song(), 'Cannot send an event with "title"'],
  [new Date(0), "Cannot send an instance of Date as an event"],
  [new Map([["data", "a"]]), "Cannot send an instance of Map as an event"],
  [Promise.resolve("a"), "Cannot send an instance of Promise as an event"],
  [Uint8Array.of(97), 'Cannot send an event with "0"'],
  [{ data: () => 1 }, "Cannot send a function as the data of an event"],
  [{ data: Symbol("a") }, "Cannot send a symbol as the data of an event"],
  [{ data: { toJSON: () => undefined } }, "Cannot send an object as the data"],
  [{ event: "a\nb" }, "Cannot send an event whose name has a line break in it"],
  [{ event: "a\r" }, "Cannot send an event whose name has a line break in it"],
  [{ event: 1 }, "Cannot send an event whose name is no text"],
  [{ id: "1\ndata: x" }, "Cannot send an event whose id has a line break"],
  [{ id: "1\r" }, "Cannot send an event whose id has a line break in it"],
  [{ id: "1\0" }, "Cannot send an event whose id has a NUL in it"],
  [{ id: null }, "Cannot send an event whose id is no text"],
  [{ id: {} }, "Cannot send an event whose id is no text"],
  [{ retry: -1 }, "Cannot send an event whose retry is no whole number"],
  [{ retry: 1.5 }, "Cannot send an event whose retry is no whole number"],
  [{ retry: "1" }, "Cannot send an event whose retry is no whole number"],
  [{ retry: Infinity }, "Cannot send an event whose retry is no whole number"],
  [{ retry: 1e21 }, "Cannot send an event whose retry is no whole number"],
  [{ comment: 1 }, "Cannot send an event whose comment is no text"],
];

Deno.test("eventText() refuses what no browser would read as it was meant", () => {
  for (const [value, message] of WRONG) {
    const error = assertThrows(() => eventText(value), TypeError);
    assertEquals(error.message.slice(0, message.length), message);
  }
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assertThrows(() => eventText(cycle), TypeError);
  assertThrows(() => eventText({ data: 1n }), TypeError);
});

const IDS: [field: string | undefined, id: string][] = [
  [undefined, ""],
  ["", ""],
  ["7", "7"],
  ["caf\xC3\xA9", "caf\xE9"],
  ["\xF0\x9F\x98\x80", "\u{1F600}"],
  ["\xE9", "\uFFFD"],
  ["\xC0\xAF", "\uFFFD\uFFFD"],
  ["a, b", "a, b"],
];

Deno.test("readLastEventId() reads UTF-8", () => {
  for (const [field, id] of IDS) assertEquals(readLastEventId(field), id);
});
