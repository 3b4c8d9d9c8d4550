/**
 * What an attacker, a broken proxy or a bad line makes of a request: octets
 * changed, lost and doubled, lines that end otherwise, words where they do harm.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** Words that decide on something, or that readers are known to differ on. */
const WORDS = [
  "\r\n",
  "\n",
  "\r",
  "\r\r\n",
  "\r\n ",
  "\r\n\r\n",
  " ",
  "\t",
  ":",
  ",",
  ";",
  "=",
  '"',
  "\\",
  "\0",
  "\x0B",
  "\x7F",
  "\x80",
  "\xFF",
  "\xEF\xBB\xBF",
  "#",
  "%00",
  "*",
  "//",
  "http://h/",
  "https://u@h:1/",
  "[::1]",
  " HTTP/1.1",
  " HTTP/1.0",
  " HTTP/2.0",
  "CONNECT h:1",
  "Host: h\r\n",
  "Host:\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip, chunked\r\n",
  "Transfer-Encoding:\x0Bchunked\r\n",
  "Content-Length: 0\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: +5\r\n",
  "Content-Length: 5, 5\r\n",
  "Content-Length: 9007199254740993\r\n",
  "Connection: close\r\n",
  "Connection: keep-alive, upgrade\r\n",
  "Upgrade: websocket\r\n",
  "Expect: 100-continue\r\n",
  "Expect: 200-ok\r\n",
  "chunked",
  "identity",
  "0\r\n\r\n",
  "0",
  "-1",
  "0x5",
  "ffffffffffffffff\r\n",
  "5;a=b\r\n",
  ' ;a="b"',
];

/** Changes `wire` in one way. */
type Mutation = (random: Random, wire: string) => string;

const MUTATIONS: readonly Mutation[] = [
  function flip(random, wire) {
    const at = random.below(wire.length);
    const code = wire.charCodeAt(at) ^ (1 << random.below(8));
    return put(wire, at, at + 1, String.fromCharCode(code));
  },
  function replace(random, wire) {
    const at = random.below(wire.length);
    return put(wire, at, at + 1, String.fromCharCode(random.below(256)));
  },
  function insert(random, wire) {
    const at = random.between(0, wire.length);
    return put(wire, at, at, random.pick(WORDS));
  },
  function insertAtLine(random, wire) {
    const at = lineAt(random, wire);
    return put(wire, at, at, random.pick(WORDS));
  },
  function overwrite(random, wire) {
    const at = random.below(wire.length);
    const word = random.pick(WORDS);
    return put(wire, at, at + word.length, word);
  },
  function remove(random, wire) {
    const [from, to] = span(random, wire);
    return put(wire, from, to, "");
  },
  function double(random, wire) {
    const [from, to] = span(random, wire);
    return put(wire, to, to, wire.slice(from, to));
  },
  function swap(random, wire) {
    const [from, to] = span(random, wire);
    const middle = random.between(from, to);
    return put(
      wire,
      from,
      to,
      wire.slice(middle, to) + wire.slice(from, middle),
    );
  },
  function doubleLine(random, wire) {
    const at = lineAt(random, wire);
    return put(wire, at, at, wire.slice(at, endOfLine(wire, at)));
  },
  function cutLine(random, wire) {
    const at = lineAt(random, wire);
    return put(wire, at, endOfLine(wire, at), "");
  },
  function endLine(random, wire) {
    const at = endOfLine(wire, lineAt(random, wire));
    const end = random.pick([
      "\n",
      "\r",
      "\r\r\n",
      "\n\r",
      "\r\n ",
      " \r\n",
      "",
    ]);
    return put(wire, Math.max(at - 2, 0), at, end);
  },
  function truncate(random, wire) {
    return wire.slice(0, random.below(wire.length));
  },
  function number(random, wire) {
    const at = wire.slice(random.below(wire.length)).search(/\d/);
    if (at === -1) return wire;
    const digits = random.pick(["", "0", "00", "1", "f", "F", "9".repeat(20)]);
    return put(wire, at, at + random.between(0, 1), digits);
  },
  function stretch(random, wire) {
    const at = random.between(0, wire.length);
    const octet = random.pick([
      "a",
      "0",
      " ",
      "\t",
      "\r\n",
      "/",
      ",",
      "\xFF",
      ";a",
    ]);
    return put(
      wire,
      at,
      at,
      octet.repeat(random.pick([9, 33, 100, 5_000, 9_000])),
    );
  },
];

function put(wire: string, from: number, to: number, what: string): string {
  return wire.slice(0, from) + what + wire.slice(to);
}

function span(random: Random, wire: string): [from: number, to: number] {
  const from = random.below(wire.length);
  return [
    from,
    Math.min(wire.length, from + random.between(1, random.pick([1, 4, 60]))),
  ];
}

/** Where a line begins; heads are short beside content, so rather an early one. */
function lineAt(random: Random, wire: string): number {
  const at = wire.indexOf("\n", random.below(Math.min(wire.length, 400)));
  return at === -1 ? 0 : at + 1;
}

function endOfLine(wire: string, at: number): number {
  const end = wire.indexOf("\n", at);
  return end === -1 ? wire.length : end + 1;
}

/** `wire` after one to four changes. */
export function mutate(random: Random, wire: string): string {
  let changed = wire;
  for (let left = random.pick([1, 1, 1, 2, 4]); left > 0; left--) {
    if (changed === "") return changed;
    changed = random.pick(MUTATIONS)(random, changed);
  }
  return changed;
}

/** Octets that nobody meant: any, or those of which heads are made. */
export function garbage(random: Random): string {
  if (random.oneIn(2)) {
    return random.many(20, () => random.pick(WORDS)).join("");
  }
  const most = random.pick([4, 60, 3_000]);
  const any = Array.from(
    { length: 256 },
    (_, code) => String.fromCharCode(code),
  );
  return random.text(any.join(""), 0, most);
}
