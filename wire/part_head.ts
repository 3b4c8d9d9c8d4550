/**
 * The head of one part of a form: its lines, its name, the name of its file.
 *
 * ```text
 * Content-Disposition: form-data; name="cover"; filename="caf%22e.png" CRLF
 * Content-Type: image/png CRLF                                         CRLF
 *    →  { name: "cover", filename: 'caf"e.png', type: "image/png", headers }
 * ```
 *
 * The one surprise: a quoted string here is not that of other fields. What
 * clients write, and what is made of it:
 *
 * | sent | who sends it | read as |
 * | --- | --- | --- |
 * | `"a%22b"`, `"a%0D%0Ab"` | browsers (HTML Standard §4.10.21.8) | `a"b`, `a` CR LF `b` |
 * | `"a%41b"`, `"a%0ab"` | browsers, for the name as it is | the same, unchanged |
 * | `"a\"b"`, `"a\\b"` | curl, Python | `a"b`, `a\b` |
 * | `"C:\x\y.mp3"` | Internet Explorer | `C:\x\y.mp3` |
 * | `"a\"` at the end of the line | browsers, for a name that ends so | `a\` |
 * | `name=a` | others | `a` |
 * | octets of UTF-8 | all (RFC 7578 §5.1) | the text |
 * | octets that are no UTF-8 | pages of other charsets | 400 |
 * | `filename*=UTF-8''caf%C3%A9` | .NET, Python, though RFC 7578 §4.2 forbids it | `café`; it goes before `filename` |
 * | `filename*="UTF-8''a%22b"` | others, though RFC 8187 §3.2.1 has no quotes | `a"b` |
 * | `filename*` that is malformed or of another charset | | 400 |
 *
 * A control octet may stand in no line, so CR and LF are in a name only where
 * they were escaped. A parameter, a type or a disposition that is there twice is
 * refused: two readers would take two different ones. Lines are not folded.
 *
 * The charset of a part is a parameter of its type. A field that is called
 * `_charset_` is a field like any other: its value decides nothing (RFC 7578
 * §4.6 has it for pages that are not UTF-8).
 *
 * RFC 7578 §4, RFC 2183 §2, RFC 8187 §3.2.
 *
 * @module
 */

import { Fault, type FaultCode } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Fields } from "./fields.ts";
import { trimSpace } from "./list.ts";
import { type MediaType, parseMediaType } from "./media_type.ts";
import { isToken } from "./octets.ts";
import { type Quoted, readParameters } from "./parameters.ts";

/** What the head of a part tells. */
export interface PartHead {
  /** The name of the field. */
  readonly name: string;
  /** The name of the file, as the client has it; `undefined` for a field. */
  readonly filename: string | undefined;
  /** Its media type; `text/plain` where none was sent (RFC 7578 §4.4). */
  readonly media: MediaType;
  /** All its lines, the values read as UTF-8. */
  readonly headers: Fields;
}

const CR = 0x0D;
const LF = 0x0A;
const QUOTE = 0x22;
const BACKSLASH = 0x5C;

const FIRST_SIZE = 256;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const PLAIN: MediaType = { type: "text/plain", parameters: new Map() };

/** Takes the octets of a head, however they are cut. */
export class PartHeadReader {
  /** What was found, once the empty line has come, or something was wrong. */
  result: PartHead | Fault | undefined;
  readonly #most: number;
  readonly #mostLines: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_SIZE);
  #size = 0;
  #lineStart = 0;
  #lines = 0;

  /** A reader with these bounds, of which `spent` bytes are used already. */
  constructor(
    limits: Pick<Limits, "partHead" | "partHeadFields">,
    spent = 0,
  ) {
    this.#most = limits.partHead - spent;
    this.#mostLines = limits.partHeadFields;
  }

  /** Takes octets from `from` on, up to the end of the head; where it stopped. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && this.result === undefined) {
      this.#take(bytes[at++]!);
    }
    return at;
  }

  #take(octet: number): void {
    if (this.#size >= this.#most) return this.#refuse("part-head");
    if (this.#size === this.#bytes.length) this.#grow();
    const within = this.#size > this.#lineStart;
    const afterCr = within && this.#bytes[this.#size - 1] === CR;
    if (afterCr !== (octet === LF)) return this.#refuse("part-line");
    this.#bytes[this.#size++] = octet;
    if (octet === LF) this.#endLine();
  }

  #endLine(): void {
    if (this.#size - this.#lineStart === 2) {
      this.result = headOf(this.#bytes.subarray(0, this.#lineStart));
    } else if (++this.#lines > this.#mostLines) {
      this.#refuse("part-head-fields");
    }
    this.#lineStart = this.#size;
  }

  #grow(): void {
    const more = new Uint8Array(this.#size * 2);
    more.set(this.#bytes);
    this.#bytes = more;
  }

  #refuse(code: FaultCode): void {
    this.result = new Fault(code);
  }
}

/** What lines tell, each with its CRLF. */
function headOf(bytes: Uint8Array): PartHead | Fault {
  const text = decode(bytes);
  if (text === undefined) return new Fault("part-text");
  const headers = readLines(text);
  if (headers === undefined) return new Fault("part-line");
  if (isRepeated(headers)) return new Fault("part-line-repeated");
  const names = readDisposition(headers.get("content-disposition") ?? "");
  if (names === undefined) return new Fault("part-disposition");
  const name = names.get("name");
  if (name === undefined) return new Fault("part-disposition");
  const filename = filenameOf(names);
  if (filename instanceof Fault) return filename;
  const type = headers.get("content-type");
  const media = type === null ? PLAIN : parseMediaType(type);
  if (media === undefined) return new Fault("part-type");
  if (isEncoded(headers)) return new Fault("part-coding");
  return { name, filename, media, headers };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Name and value of each line; `undefined` when one is no field line. */
function readLines(text: string): Fields | undefined {
  const headers = new Fields();
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\r\n", at);
    const colon = text.indexOf(":", at);
    if (colon === -1 || colon > end) return undefined;
    const name = text.slice(at, colon);
    const value = trimSpace(text.slice(colon + 1, end));
    if (!isToken(name) || hasControl(value)) return undefined;
    headers.append(name, value);
    at = end + 2;
  }
  return headers;
}

/** Fields of which there is one, or nobody knows which of them holds. */
const SINGLE = [
  "content-disposition",
  "content-type",
  "content-transfer-encoding",
];

function isRepeated(headers: Fields): boolean {
  const seen = new Set<string>();
  for (const name of headers.keys()) {
    if (seen.has(name) && SINGLE.includes(name)) return true;
    seen.add(name);
  }
  return false;
}

/** RFC 7578 §4.7: deprecated, and undone by nobody. */
function isEncoded(headers: Fields): boolean {
  const coding = headers.get("content-transfer-encoding")?.toLowerCase();
  return coding !== undefined && coding !== "7bit" && coding !== "8bit" &&
    coding !== "binary";
}

/** Whether `text` has a control that no line may have; HTAB is none. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x09 || code === 0x7F) return true;
  }
  return false;
}

// ── Content-Disposition ────────────────────────────────────────────────────

/** The parameters of a `form-data`; `undefined` when it is another, or malformed. */
function readDisposition(text: string): Map<string, string> | undefined {
  const semicolon = text.indexOf(";");
  const end = semicolon === -1 ? text.length : semicolon;
  return trimSpace(text.slice(0, end)).toLowerCase() === "form-data"
    ? readParameters(text, end, quoted)
    : undefined;
}

/** The rest of a quoted string, as the table above has it. */
const quoted: Quoted = (text, start, name) => {
  let value = "";
  let from = start;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      value += text.slice(from, i);
      // An extended value has escapes of its own, and these three among them.
      if (!name.endsWith("*")) value = unescaped(value);
      return { value, end: i + 1 };
    }
    if (code === BACKSLASH && isEscape(text, i + 1)) {
      value += text.slice(from, i);
      from = ++i;
    }
  }
  return undefined;
};

/** Whether a backslash before `at` escapes; the quote that ends the line ends the text. */
function isEscape(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === BACKSLASH || code === QUOTE && at + 1 < text.length;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["%22", '"'],
  ["%0D", "\r"],
  ["%0A", "\n"],
]);

/** The three escapes that browsers write; any other percent sign is one. */
function unescaped(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%22|%0D|%0A/g, (escape) => ESCAPES.get(escape)!);
}

// ── the name of the file ───────────────────────────────────────────────────

function filenameOf(
  names: ReadonlyMap<string, string>,
): string | undefined | Fault {
  const extended = names.get("filename*");
  if (extended === undefined) return names.get("filename");
  return readExtended(extended) ?? new Fault("part-filename");
}

/** `"UTF-8'" [ language ] "'" value-chars` (RFC 8187 §3.2.1). */
function readExtended(text: string): string | undefined {
  const [charset = "", , value, ...more] = text.split("'");
  if (charset.toLowerCase() !== "utf-8" || more.length > 0) return undefined;
  if (value === undefined || !isToken(value || "-")) return undefined;
  try {
    const name = decodeURIComponent(value);
    return hasControl(name) || name.includes("\t") ? undefined : name;
  } catch {
    return undefined;
  }
}
