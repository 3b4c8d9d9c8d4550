/**
 * The parsers that are measured, each behind the same few words.
 *
 * All read from where their bytes lie already, as if a socket had just put them
 * there. Peers take spans and make no strings of them; `http-parser-js` makes
 * strings whether one wants them or not.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { RequestParser } from "../../parser.ts";
import type { Head } from "../../parser/head.ts";
import { useDecoder } from "../../parser/latin1.ts";
import { LIMITS } from "../../limits.ts";
import { HeadScan, TARGET_END, TARGET_START } from "../../wire/head_scan.ts";
import { instantiate, LLHTTP, REQUEST, textAt } from "./llhttp.ts";

/** What a head says, to see that a parser has understood it. */
export interface Told {
  readonly method: string;
  readonly target: string;
  readonly fields: number;
}

/** One way to read requests. */
export interface Contender {
  /** Reads the head of a request without content, so many times. */
  heads(wire: Uint8Array): (times: number) => number;
  /** What the last head said. */
  told(): Told;
  /** Reads a request with content in reads of so many bytes; gives the length of it. */
  content?(wire: Uint8Array, read: number): () => number;
}

const JS = "npm:http-parser-js@0.5.10";

/** Every contender by its name; ours is the first. */
export const CONTENDERS: Readonly<
  Record<string, () => Contender | Promise<Contender>>
> = {
  "no8wire, as a server runs it": () => (nodeDecodes(), whole(false)),
  "the same, four strings asked for": () => (nodeDecodes(), whole(true)),
  "no8wire, by itself": () => whole(false),
  "no8wire, the scan alone": scan,
  "llhttp, SIMD": () => llhttp(LLHTTP.simd),
  "llhttp": () => llhttp(LLHTTP.scalar),
  "http-parser-js": httpParserJs,
};

/** What `serve` hands to the parser. */
function nodeDecodes(): void {
  useDecoder((bytes, start, end) =>
    Buffer.prototype.latin1Slice.call(bytes, start, end)
  );
}

/** Two fields that both heads have, and that a server asks for. */
const ASKED = ["accept", "user-agent"];

function whole(asking: boolean): Contender {
  let last: Head;
  const heads = (wire: Uint8Array) => {
    const parser = new RequestParser();
    // The room is the same every time, and so the bytes need to be put there once.
    parser.space().set(wire);
    return (times: number) => {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        parser.space();
        parser.filled(wire.length);
        const head = parser.next();
        if (head.kind !== "head") throw new Error(`Cannot use ${head.kind}`);
        last = head;
        if (asking) sum += ask(head);
        sum += parser.next().kind.length;
      }
      return sum;
    };
  };
  const told = () => ({
    method: last.method,
    target: last.target,
    fields: [...last.fields()].length,
  });
  if (asking) return { heads, told };
  return { heads, told, content: (wire, read) => () => pull(wire, read) };
}

function ask(head: Head): number {
  return head.method.length + head.path.length +
    head.header(ASKED[0]!)!.length + head.header(ASKED[1]!)!.length;
}

/** A read of what a socket has, into the room there is. */
function pull(wire: Uint8Array, read: number): number {
  const parser = new RequestParser();
  let length = 0;
  for (let at = 0; at < wire.length;) {
    const room = parser.space();
    const count = Math.min(room.length, read, wire.length - at);
    room.set(wire.subarray(at, at += count));
    parser.filled(count);
    for (;;) {
      const piece = parser.next();
      if (piece.kind === "more") break;
      if (piece.kind === "end") return length;
      if (piece.kind === "fault") throw piece;
      if (piece.kind === "data") length += piece.bytes.length;
    }
  }
  throw new Error("Cannot find the end of the content");
}

function scan(): Contender {
  const scanner = new HeadScan({
    target: LIMITS.target.default,
    head: LIMITS.head.default,
    fields: LIMITS.fields.default,
  });
  let last: Uint8Array;
  return {
    heads(wire) {
      const bytes = last = new Uint8Array(2048);
      bytes.set(wire);
      return (times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) {
          scanner.reset();
          if (scanner.scan(bytes, 0, wire.length) !== "head") {
            throw new Error("Cannot find a head");
          }
          sum += scanner.at + scanner.count;
        }
        return sum;
      };
    },
    told: () => ({
      method: scanner.method,
      target: new TextDecoder().decode(
        last.subarray(
          scanner.table[TARGET_START],
          scanner.table[TARGET_END],
        ),
      ),
      fields: scanner.count,
    }),
  };
}

async function llhttp(specifier: string): Promise<Contender> {
  let url = 0, urlSize = 0;
  let fields = 0, length = 0, ends = 0, spans = 0;
  const wasm = await instantiate(specifier, {
    wasm_on_message_begin: () => (fields = length = 0),
    wasm_on_url: (_, at, size) => {
      url = at;
      urlSize = size;
      return 0;
    },
    wasm_on_status: () => 0,
    wasm_on_header_field: (_, at, size) => {
      fields++;
      spans += at + size;
      return 0;
    },
    wasm_on_header_value: (_, at, size) => {
      spans += at + size;
      return 0;
    },
    wasm_on_headers_complete: () => 0,
    wasm_on_body: (_, _at, size) => {
      length += size;
      return 0;
    },
    wasm_on_message_complete: () => {
      ends++;
      return 0;
    },
  });
  const parser = wasm.llhttp_alloc(REQUEST);
  const room = wasm.malloc(64 * 1024);
  const memory = () => new Uint8Array(wasm.memory.buffer);
  const execute = (size: number) => {
    if (wasm.llhttp_execute(parser, room, size) !== 0) {
      throw new Error("Cannot read a request");
    }
  };
  const text = (at: number, size: number) =>
    new TextDecoder().decode(memory().slice(at, at + size));

  return {
    heads(wire) {
      return (times) => {
        memory().set(wire, room);
        const before = ends;
        for (let i = 0; i < times; i++) execute(wire.length);
        if (ends !== before + times) throw new Error("Cannot find the ends");
        return spans;
      };
    },
    told() {
      const name = wasm.llhttp_method_name(wasm.llhttp_get_method(parser));
      return {
        method: textAt(wasm, name),
        target: text(url, urlSize),
        fields,
      };
    },
    content(wire, read) {
      const into = memory();
      return () => {
        for (let at = 0; at < wire.length; at += read) {
          const part = wire.subarray(at, at + read);
          into.set(part, room);
          execute(part.length);
        }
        return length;
      };
    },
  };
}

/** What is used of http-parser-js, in the ways of its own and not of Node. */
interface HttpParserJs {
  execute(bytes: Uint8Array): number | Error;
  [event: number]: (...args: never[]) => unknown;
}

interface Info {
  readonly method: number;
  readonly url: string;
  readonly headers: readonly string[];
}

async function httpParserJs(): Promise<Contender> {
  const { HTTPParser, methods } = await import(JS);
  let info: Info;
  let length = 0, ends = 0;
  const parser: HttpParserJs = new HTTPParser(HTTPParser.REQUEST);
  parser[HTTPParser.kOnHeadersComplete] = (found: Info) => {
    info = found;
    length = 0;
  };
  parser[HTTPParser.kOnBody] = (_: Uint8Array, _at: number, size: number) => {
    length += size;
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    ends++;
  };
  const execute = (bytes: Uint8Array) => {
    const done = parser.execute(bytes);
    if (typeof done !== "number") throw done;
  };
  return {
    heads(wire) {
      const bytes = Buffer.from(wire);
      return (times) => {
        const before = ends;
        for (let i = 0; i < times; i++) execute(bytes);
        if (ends !== before + times) throw new Error("Cannot find the ends");
        return info.headers.length;
      };
    },
    told: () => ({
      method: methods[info.method],
      target: info.url,
      fields: info.headers.length / 2,
    }),
    content(wire, read) {
      const bytes = Buffer.from(wire);
      return () => {
        for (let at = 0; at < bytes.length; at += read) {
          execute(bytes.subarray(at, at + read));
        }
        return length;
      };
    },
  };
}
