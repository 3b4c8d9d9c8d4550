/**
 * The parts of a request's content, as a handler reads them.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Fault, HttpError } from "../errors.ts";
import { type Limits, resolveLimits } from "../limits.ts";
import type { ContentSource } from "../messages.ts";
import { Context } from "../request.ts";
import type { Part } from "../request/parts.ts";
import { Fields } from "../wire/fields.ts";
import { cut, latin1, octets } from "./wire_client.ts";

const FIELD = 'Content-Disposition: form-data; name="title"';
const FILE = 'Content-Disposition: form-data; name="song"; filename="a.mp3"';

/** A form of parts, each a head and data. */
function form(...parts: [head: string, data: string][]): string {
  const all = parts.map(([head, data]) => `--b\r\n${head}\r\n\r\n${data}\r\n`);
  return `${all.join("")}--b--\r\n`;
}

const SONG = form([FIELD, "Hine"], [
  `${FILE}\r\nContent-Type: Audio/MPEG; x=y`,
  "\r\n--\r\n\0\xFF",
], [FIELD, ""]);

Deno.test("Context.parts() gives each part as it comes", async () => {
  for (const pieces of [[SONG], cut(SONG, 1), cut(SONG, 7)]) {
    const seen: unknown[] = [];
    for await (const part of context(pieces).parts()) {
      const { name, filename, type } = part;
      seen.push([name, filename, type, await textOf(part)]);
    }
    assertEquals(seen, [
      ["title", undefined, "text/plain", "Hine"],
      ["song", "a.mp3", "audio/mpeg", "\r\n--\r\n\0\xFF"],
      ["title", undefined, "text/plain", ""],
    ]);
  }
});

const READERS: [name: string, read: (part: Part) => Promise<string>][] = [
  ["content", textOf],
  ["body", async (part) => latin1(await new Response(part.body).bytes())],
  ["bytes", async (part) => latin1(await part.bytes())],
  ["twice", async (part) => {
    const first = await part.bytes();
    assert(await part.bytes() === first);
    return textOf(part);
  }],
];

Deno.test("Part is read in four ways", async () => {
  for (const [name, read] of READERS) {
    const seen: string[] = [];
    for await (const part of context(cut(SONG, 5)).parts()) {
      seen.push(await read(part));
    }
    assertEquals(seen, ["Hine", "\r\n--\r\n\0\xFF", ""], name);
  }
});

Deno.test("Context.parts() passes over what is left of a part", async () => {
  for (let stop = 0; stop < 3; stop++) {
    for (const pieces of [[SONG], cut(SONG, 1)]) {
      const names: string[] = [];
      for await (const part of context(pieces).parts()) {
        names.push(part.name);
        let left = stop;
        for await (const _ of part.content) if (left-- === 0) break;
      }
      assertEquals(names, ["title", "song", "title"]);
    }
  }
});

Deno.test("Context.parts() pulls nothing until it is asked", async () => {
  const source = script(cut(SONG, 10));
  const parts = context(source).parts();
  assertEquals(source.pulls, 0);
  const { value } = await parts.next();
  assert(value !== undefined);
  const { pulls } = source;
  assert(pulls < SONG.length / 10, "all was pulled for the first part");
  value.body;
  value.content;
  await Promise.resolve();
  assertEquals(source.pulls, pulls);
});

Deno.test("Part is not read when its time is over", async () => {
  const parts = context([SONG]).parts();
  const first = (await parts.next()).value!;
  const kept = await first.bytes();
  const second = (await parts.next()).value!;
  assert(await first.bytes() === kept, "what was collected stays");
  const third = (await parts.next()).value!;
  for (const read of [() => second.bytes(), () => textOf(second)]) {
    await assertRejects(read, TypeError, "its time is over");
  }
  await assertRejects(() => new Response(second.body).bytes(), TypeError);
  assertEquals(await textOf(third), "");
  assertEquals((await parts.next()).done, true);
  assertEquals((await parts.next()).done, true);
});

Deno.test("Part has one reader", async () => {
  const parts = context([SONG]).parts();
  const { value } = await parts.next();
  const pieces = value!.content[Symbol.asyncIterator]();
  await pieces.next();
  await assertRejects(() => value!.bytes(), TypeError, "read already");
  await assertRejects(() => textOf(value!), TypeError, "read already");
});

Deno.test("Context.parts() is asked for once", async () => {
  const c = context([SONG]);
  c.parts();
  assertThrows(() => c.parts(), TypeError, "asked for before");
  const other = context([SONG]);
  await other.bytes();
  assertEquals((await Array.fromAsync(other.parts())).length, 3);
  assertThrows(() => other.parts(), TypeError);
});

Deno.test("Context.parts() refuses another type, and a boundary that is none", () => {
  const types: [type: string | undefined, status: number][] = [
    [undefined, 415],
    ["multipart/mixed; boundary=b", 415],
    ["application/json", 415],
    ["multipart/form-datax; boundary=b", 415],
    ["multipart/form-data", 400],
    ["multipart/form-data; boundary=", 400],
    ['multipart/form-data; boundary=""', 400],
    ["multipart/form-data; boundary=b; boundary=b", 400],
    [`multipart/form-data; boundary=${"b".repeat(71)}`, 400],
    ['multipart/form-data; boundary="b "', 400],
    ['multipart/form-data; boundary="b@c"', 400],
  ];
  for (const [type, status] of types) {
    const c = context([SONG], {}, type ?? null);
    const error = assertThrows(() => c.parts(), HttpError);
    assertEquals([error.status, c.content.used], [status, false], type);
  }
});

Deno.test("Context.parts() throws what is wrong into the loop", async () => {
  const cutOff = SONG.slice(0, SONG.indexOf("--\r\n\0"));
  for (const pieces of [[cutOff], cut(cutOff, 1)]) {
    const done: string[] = [];
    const read = async () => {
      for await (const part of context(pieces).parts()) {
        await part.bytes();
        done.push(part.name);
      }
    };
    assertEquals((await assertRejects(read, Fault)).code, "form-cut");
    assertEquals(done, ["title"]);
  }
});

Deno.test("Context.parts() throws the same to whoever asks again", async () => {
  const source = script([SONG.slice(0, 58), new Fault("content-late")]);
  const parts = context(source).parts();
  const { value } = await parts.next();
  const error = await assertRejects(() => value!.bytes(), Fault);
  assertEquals(error.code, "content-late");
  const again = await assertRejects(() => parts.next(), Fault);
  assert(again === error);
});

Deno.test("Context.parts() holds the limits", async () => {
  const long = form([FIELD, "a".repeat(11)], [FILE, "a".repeat(100)]);
  const cases: [limits: Partial<Limits>, fault: string][] = [
    [{ partField: 10 }, "part-field"],
    [{ parts: 1 }, "parts"],
    [{ files: 0 }, "files"],
    [{ partHead: 50 }, "part-head"],
    [{ partHeadFields: 0 }, "part-head-fields"],
    [{ body: 100 }, "content-size"],
  ];
  for (const [limits, fault] of cases) {
    const read = async () => {
      for await (const part of context(cut(long, 9), limits).parts()) {
        await part.bytes();
      }
    };
    const error = await assertRejects(read, Fault);
    assertEquals([error.code, error.status], [fault, 413]);
  }
  const streamed = context([long], { partField: 10 });
  for await (const part of streamed.parts()) await textOf(part);
});

Deno.test("Context.parts() can be left", async () => {
  const c = context(cut(SONG, 3));
  for await (const _ of c.parts()) break;
  assert(c.content.used);
  await assertRejects(() => c.bytes(), TypeError);
});

Deno.test("Context.parts() and Context.content are over when they were left, also while they wait", async () => {
  for (const  of of["parts", "content"] as const) {
    const c = context(cut(SONG, 60));
    const iterator: AsyncIterator<unknown> = of === "parts"
      ? c.parts()
      : c.content[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return!();
    const { value } = await pending;
    if (of === "parts") assertEquals(value, undefined);
    assertEquals(await iterator.next(), { done: true, value: undefined }, of);
  }
});

Deno.test("Part.text() is in the charset of its type", async () => {
  const textIn = async (type: string, data: string) => {
    const wire = form([`${FIELD}\r\nContent-Type: ${type}`, data]);
    const { value } = await context([wire]).parts().next();
    return await value!.text();
  };
  assertEquals(await textIn("text/plain", "caf\xC3\xA9"), "caf\xE9");
  assertEquals(await textIn("text/plain;charset=utf8", "\xC3\xA9"), "\xE9");
  assertEquals(await textIn("text/plain;charset=koi8-r", "\xC1"), "\u0430");
  const malformed = () => textIn("text/plain", "ab\xE9");
  const error = await assertRejects(malformed, HttpError, "octet 2");
  assertEquals(error.status, 400);
  const unknown = () => textIn("text/plain;charset=x", "");
  assertEquals((await assertRejects(unknown, HttpError)).status, 415);
});

Deno.test("Parts may be awaited late: what a client did ends no process", async () => {
  type Read = (part: Part, parts: AsyncIterator<Part>) => Promise<unknown>;
  const readers: Read[] = [
    (part) => part.bytes(),
    (part) => part.text(),
    (_, parts) => parts.next(),
  ];
  for (const read of readers) {
    const source = script([SONG.slice(0, 58), new Fault("content-cut")]);
    const parts = context(source).parts();
    const { value } = await parts.next();
    const reading = read(value!, parts);
    await new Promise((later) => setTimeout(later));
    await assertRejects(() => reading, Fault);
  }
});

// ── by hand ──────────────────────────────────────────────────────────────────

async function textOf(part: Part): Promise<string> {
  let text = "";
  for await (const piece of part.content) text += latin1(piece);
  return text;
}

interface Script extends ContentSource {
  readonly pulls: number;
}

/** A source that lends its pieces out of one buffer. */
function script(pieces: readonly (string | Fault)[]): Script {
  const left = [...pieces];
  const buffer = new Uint8Array(64 * 1024);
  let pulls = 0;
  return {
    length: undefined,
    get pulls() {
      return pulls;
    },
    pull: async () => {
      pulls++;
      await null;
      const piece = left.shift();
      if (piece === undefined) return undefined;
      if (piece instanceof Fault) throw piece;
      buffer.set(octets(piece));
      return buffer.subarray(0, piece.length);
    },
  };
}

function context(
  content: readonly string[] | Script,
  limits: Partial<Limits> = {},
  type: string | null = "multipart/form-data; boundary=b",
): Context {
  const lines = new Fields(type === null ? [] : [["content-type", type]]);
  return new Context(
    {
      ...{ method: "POST", target: "/", path: "/", query: "", authority: "h" },
      version: "1.1",
      header: (name) => lines.get(name) ?? undefined,
      fields: () => lines,
    },
    {
      ...{ remote: undefined, local: undefined, secure: false },
      ...{ development: false, limits: resolveLimits(limits) },
      report: () => {},
      signal: () => new AbortController().signal,
    },
    Array.isArray(content) ? script(content) : content as Script,
  );
}
