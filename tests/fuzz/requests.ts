/**
 * Requests by the grammar of RFC 9112, with what each of them means.
 *
 * What is drawn here is right in everything but its size: `broken` names the
 * bounds that it is beyond, so that a reader of it can be held to what it tells,
 * or to which fault it finds. Sizes are drawn to lie close to the bounds.
 *
 * @module
 */

import type { FaultCode } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import type { Random } from "./random.ts";

/** A field line: name in lower case, value trimmed. */
export type Line = readonly [name: string, value: string];

/** A request on the wire, and what it says. */
export interface Meant {
  readonly wire: string;
  readonly method: string;
  readonly target: string;
  readonly version: "1.0" | "1.1";
  readonly fields: readonly Line[];
  readonly content: string;
  readonly trailers: readonly Line[];
  readonly persists: boolean;
  /** The faults that may be found in it: it is beyond these bounds. */
  readonly broken: readonly FaultCode[];
}

const ALPHA = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
const TOKEN = `${ALPHA}${DIGITS}!#$%&'*+-.^_\`|~`;
const VISIBLE = range(0x21, 0x7E);
const TARGET = VISIBLE.replace("#", "");
const PATH = TARGET.replace("?", "");
const VALUE = `${VISIBLE}\t \x80\xA0\xE9\xEF\xBB\xBF\xFF`;
const REG_NAME = `${ALPHA}${DIGITS}-._~!$&'()*+,;=`;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** The fields that decide on framing, which are drawn on purpose or not at all. */
const NOTED = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "transfer-encoding",
  "upgrade",
]);

function range(first: number, last: number): string {
  const codes = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return String.fromCharCode(...codes);
}

/** Bounds so small that what is drawn gets near to them. */
export const SMALL = {
  target: 48,
  head: 320,
  fields: 9,
  chunkExtensions: 24,
  trailers: 64,
  trailerFields: 3,
} as const satisfies Partial<Limits>;

/** A request, meant for a reader with these bounds. */
export function request(random: Random, limits: Limits): Meant {
  const minor = random.oneIn(6) ? random.pick([0, 0, 0, 2, 9]) : 1;
  const method = methodOf(random);
  const target = targetOf(random, method, limits.target);
  const fields: Line[] = random.many(
    limits.fields < 16 ? 6 : 12,
    () => field(random),
  );
  if (minor > 0 || !random.oneIn(3)) fields.push(["Host", host(random)]);
  const persists = connection(random, minor, fields);
  const body = content(random, minor, limits);
  fields.push(...body.fields);
  if (body.wire !== "" && minor > 0 && random.oneIn(6)) {
    fields.push(["Expect", "100-continue"]);
  }
  shuffle(random, fields);
  const line = `${method} ${target} HTTP/1.${minor}\r\n`;
  grow(random, fields, line.length, limits);
  const head = `${line}${
    fields.map((one) => written(random, one)).join("")
  }\r\n`;
  const broken: FaultCode[] = [];
  if (target.length > limits.target) broken.push("target-size");
  if (head.length > limits.head) broken.push("head-size");
  if (fields.length > limits.fields) broken.push("fields");
  return {
    wire: emptyLines(random) + head + body.wire,
    method,
    target,
    version: minor === 0 ? "1.0" : "1.1",
    fields: fields.map(told),
    content: body.content,
    trailers: body.trailers.map(told),
    persists,
    // A head that is refused has no content that could be.
    broken: broken.length > 0 ? broken : body.broken,
  };
}

function emptyLines(random: Random): string {
  return random.oneIn(8) ? "\r\n".repeat(random.pick([1, 2, 31, 32])) : "";
}

function methodOf(random: Random): string {
  if (!random.oneIn(6)) return random.pick(METHODS);
  if (random.oneIn(4)) return random.pick(["CONNECT", "TRACE", "QUERY", "get"]);
  return random.text(TOKEN, 1, random.pick([3, 32]));
}

function targetOf(random: Random, method: string, most: number): string {
  if (method === "CONNECT") {
    return `${host(random) || "h"}`.replace(/:\d*$/, "") +
      `:${random.below(65_536)}`;
  }
  if (method === "OPTIONS" && random.oneIn(3)) return "*";
  const origin = path(random, most);
  if (!random.oneIn(6)) return origin;
  const scheme = random.pick(["http", "HTTP", "hTtP"]);
  const rest = random.oneIn(4) ? random.pick(["", "?", "?q=//"]) : origin;
  return `${scheme}://${host(random) || "h"}${rest}`;
}

/** A path and a query; once in a while as long as they may be, or one longer. */
function path(random: Random, most: number): string {
  let text = `/${random.text(PATH, 0, 12)}`;
  if (random.oneIn(3)) text += `?${random.text(TARGET, 0, 12)}`;
  if (!random.oneIn(12)) return text;
  return text.padEnd(most + random.between(-1, 1), random.pick("aA0/%"));
}

/** `uri-host [ ":" port ]`, or nothing. */
export function host(random: Random): string {
  if (random.oneIn(16)) return "";
  const name = random.pick([
    () => random.text(REG_NAME, 1, 12),
    () => `${random.text(ALPHA, 1, 8)}.example`,
    () => `%${random.text("0123456789abcdefABCDEF", 2, 2)}`,
    () => "192.0.2.1",
    () =>
      random.pick(["[::1]", "[2001:db8::7]", "[::ffff:192.0.2.1]", "[v1.a:b]"]),
  ])();
  return random.oneIn(3)
    ? `${name}:${random.pick(["", "0", "80", "65535"])}`
    : name;
}

function field(random: Random): Line {
  if (random.oneIn(2)) {
    return random.pick<Line>([
      ["Accept", "text/html, */*;q=0.1"],
      ["Cookie", `a=${random.text(ALPHA, 0, 8)}; b="2"`],
      ["Content-Type", "application/json"],
      ["Content-Type", "application/x-www-form-urlencoded"],
      ["Content-Type", "multipart/form-data; boundary=x"],
      ["User-Agent", "fuzz/1.0 (by chance)"],
      ["Upgrade", random.pick(["websocket", "a/1, b", ""])],
    ]);
  }
  let name = random.text(TOKEN, 1, 17);
  if (NOTED.has(name.toLowerCase())) name += "-";
  return [name, value(random)];
}

/** What no recipient would trim of. */
function value(random: Random): string {
  return random.text(VALUE, 0, random.pick([4, 40])).replace(
    /^[ \t]+|[ \t]+$/g,
    "",
  );
}

function connection(random: Random, minor: number, fields: Line[]): boolean {
  if (!random.oneIn(4)) return minor > 0;
  const options = random.many(
    3,
    () =>
      random.pick([
        "close",
        "Close",
        "keep-alive",
        "Keep-Alive",
        "upgrade",
        "x",
        "",
      ]),
  );
  fields.push([
    "Connection",
    options.join(random.pick([",", ", ", " ,\t"])).trim(),
  ]);
  const has = (word: string) =>
    options.some((one) => one.toLowerCase() === word);
  return !has("close") && (minor > 0 || has("keep-alive"));
}

interface Content {
  readonly fields: readonly Line[];
  readonly wire: string;
  readonly content: string;
  readonly trailers: readonly Line[];
  readonly broken: readonly FaultCode[];
}

const NOTHING: Content = {
  fields: [],
  wire: "",
  content: "",
  trailers: [],
  broken: [],
};

function content(random: Random, minor: number, limits: Limits): Content {
  const kind = random.below(4);
  if (kind < 2) return NOTHING;
  const text = octets(random);
  if (kind === 3 && minor > 0) return chunked(random, text, limits);
  const zeros = random.oneIn(8) ? "0".repeat(random.between(1, 20)) : "";
  return {
    ...NOTHING,
    fields: [["Content-Length", `${zeros}${text.length}`]],
    wire: text,
    content: text,
  };
}

/** Any octets, among them some that look like the end of something. */
function octets(random: Random): string {
  const most = random.oneIn(60) ? 90_000 : random.pick([0, 8, 80, 800]);
  const size = random.between(0, most);
  const unit = random.pick([
    "\r\n",
    "0\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "a=1&b=2&",
    '{"a":[1,"\xC3\xA9"]}',
    "\x00\x0A\x0D\x80\xFF",
  ]);
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

function chunked(random: Random, text: string, limits: Limits): Content {
  let wire = "", extensions = 0;
  const add = (size: number) => {
    const digits = size.toString(16).padStart(random.oneIn(8) ? 18 : 1, "0");
    const more = random.oneIn(4) ? extension(random) : "";
    extensions += more.length + Math.max(digits.length - 16, 0);
    wire += `${random.oneIn(2) ? digits : digits.toUpperCase()}${more}\r\n`;
  };
  const most = random.pick([3, 100, 100_000]);
  for (let at = 0; at < text.length;) {
    const size = Math.min(random.between(1, most), text.length - at);
    add(size);
    wire += `${text.slice(at, at += size)}\r\n`;
  }
  add(0);
  const trailers = random.oneIn(3) ? random.many(4, () => field(random)) : [];
  const section = `${trailers.map((one) => written(random, one)).join("")}\r\n`;
  const broken: FaultCode[] = [];
  if (extensions > limits.chunkExtensions) broken.push("chunk-extension-size");
  if (section.length > limits.trailers) broken.push("trailer-size");
  if (trailers.length > limits.trailerFields) broken.push("trailer-fields");
  return {
    fields: [[
      random.pick([
        "Transfer-Encoding",
        "transfer-encoding",
        "TRANSFER-ENCODING",
      ]),
      random.pick(["chunked", "Chunked", ",chunked", "chunked ,"]),
    ]],
    wire: wire + section,
    content: text,
    trailers,
    broken,
  };
}

/** RFC 9112 §7.1.1, with the white space that is bad and to be read. */
function extension(random: Random): string {
  const blank = () => random.oneIn(4) ? random.text(" \t", 1, 2) : "";
  const quoted = () =>
    `"${random.text(`${ALPHA}${DIGITS} \t;,=\x80`, 0, 6)}${
      random.pick(["", '\\"', "\\\\"])
    }"`;
  const part = random.pick([
    () => "",
    () => `${blank()}=${blank()}${random.text(TOKEN, 1, 6)}`,
    () => `${blank()}=${blank()}${quoted()}`,
  ])();
  return `${blank()};${blank()}${random.text(TOKEN, 1, 6)}${part}`;
}

function shuffle(random: Random, lines: Line[]): void {
  for (let at = lines.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [lines[at], lines[other]] = [lines[other]!, lines[at]!];
  }
}

/** Once in a while so many lines, or so many octets, as may be; or one more. */
function grow(
  random: Random,
  fields: Line[],
  start: number,
  limits: Limits,
): void {
  const kind = random.below(20);
  if (kind === 0) {
    const wanted = limits.fields + random.between(-1, 1);
    while (fields.length < wanted) fields.push(["a", ""]);
  } else if (kind === 1) {
    // `name: value CRLF`, and the CRLF behind all.
    const size = fields.reduce(
      (sum, [name, value]) => sum + name.length + value.length + 4,
      start + 2,
    );
    const left = limits.head - size - "pad: \r\n".length +
      random.between(-3, 3);
    if (left >= 0) fields.push(["pad", "x".repeat(left)]);
  }
}

function written(random: Random, [name, value]: Line): string {
  if (name === "pad" || !random.oneIn(6)) return `${name}: ${value}\r\n`;
  const blank = () => random.text(" \t", 0, 3);
  return `${name}:${blank()}${value}${blank()}\r\n`;
}

function told([name, value]: Line): Line {
  return [name.toLowerCase(), value];
}
