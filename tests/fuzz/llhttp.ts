/**
 * What llhttp tells of octets, in the words of `messages.ts`.
 *
 * It comes from npm, and only when this is asked for.
 *
 * @module
 */

import {
  type Exports,
  instantiate,
  LLHTTP,
  REQUEST,
  textAt,
} from "../../bench/parser/llhttp.ts";
import { octets } from "../wire_client.ts";
import {
  emptyMessage,
  type Line,
  type Message,
  type Telling,
} from "./messages.ts";

/** What a callback answers so that it goes on. */
const GO_ON = 0;

/** A reader that can be asked again and again. */
export async function llhttp(): Promise<(wire: string) => Telling> {
  let messages: Message[] = [];
  /** Lines that are being told, the last of them in parts. */
  let lines: [name: string, value: string][] = [];
  let inName = false;
  let target = "";

  const text = (at: number, size: number) => {
    const bytes = new Uint8Array(wasm.memory.buffer, at, size);
    let text = "";
    for (const octet of bytes) text += String.fromCharCode(octet);
    return text;
  };
  const last = () => messages.at(-1)!;
  const taken = (): Line[] => {
    // It leaves the white space behind a value to its user.
    const told = lines.map(([name, value]): Line => [
      name.toLowerCase(),
      value.replace(/[ \t]+$/, ""),
    ]);
    lines = [];
    return told;
  };

  const wasm: Exports = await instantiate(LLHTTP.scalar, {
    wasm_on_message_begin() {
      messages.push(emptyMessage());
      lines = [];
      inName = false;
      target = "";
      return GO_ON;
    },
    wasm_on_url(_, at, size) {
      target += text(at, size);
      return GO_ON;
    },
    wasm_on_status: () => GO_ON,
    wasm_on_header_field(_, at, size) {
      if (!inName) lines.push(["", ""]);
      inName = true;
      lines.at(-1)![0] += text(at, size);
      return GO_ON;
    },
    wasm_on_header_value(_, at, size) {
      inName = false;
      lines.at(-1)![1] += text(at, size);
      return GO_ON;
    },
    wasm_on_headers_complete(parser, _status, upgrade, keepAlive) {
      const method = wasm.llhttp_method_name(wasm.llhttp_get_method(parser));
      const { llhttp_get_http_major: major, llhttp_get_http_minor: minor } =
        wasm;
      last().head = {
        method: textAt(wasm, method),
        target,
        version: `${major(parser)}.${minor(parser)}`,
        persists: keepAlive !== 0,
        upgrades: upgrade !== 0,
        fields: taken(),
      };
      return GO_ON;
    },
    wasm_on_body(_, at, size) {
      last().content += text(at, size);
      return GO_ON;
    },
    wasm_on_message_complete() {
      last().trailers = taken();
      last().ended = true;
      return GO_ON;
    },
  });

  return (wire) => {
    messages = [];
    const bytes = octets(wire);
    const parser = wasm.llhttp_alloc(REQUEST);
    const room = wasm.malloc(bytes.length + 1);
    new Uint8Array(wasm.memory.buffer).set(bytes, room);
    const errno = wasm.llhttp_execute(parser, room, bytes.length);
    const name = textAt(wasm, wasm.llhttp_errno_name(errno));
    const reason = textAt(wasm, wasm.llhttp_get_error_reason(parser));
    wasm.llhttp_free(parser);
    wasm.free(room);
    const refuses = errno === 0 ? undefined : `${name}: ${reason}`;
    return { messages, refuses };
  };
}
