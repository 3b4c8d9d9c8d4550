/**
 * The head scan: one pass over the octets of a request head, each looked at
 * once, which leaves offsets and not strings behind.
 *
 * ```text
 *   GET /a HTTP/1.1␍␊Host: b␍␊␍␊
 *   ╰┬╯ ╰┬╯╰──┬───╯ ╰┬─╯ ┬
 *    0   1  2        name value        offsets from the first octet
 *        └──┴─ table[TARGET_START], table[TARGET_END]
 *                    └────┴─ four entries a field line, from table[FIELDS] on
 * ```
 *
 * It can stop at any octet and go on there when more have come, so the verdict
 * and the cost are the same however the octets were cut: the first octet that
 * breaks a rule is where the fault is found. For the same reason a limit is the
 * end of what is looked at, and not something asked afterwards.
 *
 * There are two ways through a line. One that is whole and right, as nearly all
 * are, is *taken* at a run and keeps no state. Any other is left where it begins
 * to the steps that can stop, and they alone find faults. So an octet may be
 * looked at twice, and never more often: a line is tried once, when it begins.
 *
 * This is the hot path of the parser (RFC 9112 §2 to §6). The fields that
 * decide on framing are noted while they pass; nothing else is interpreted.
 *
 * @module
 */

import type { FaultCode } from "../errors.ts";
import { FIXED } from "../limits.ts";
import { isHost } from "./host.ts";
import { isSpace } from "./list.ts";
import {
  eachMember,
  equals,
  matches,
  octetsOf,
  othersOf,
  skip,
  skipSpace,
  startsWith,
} from "./octet_words.ts";
import { FIELD_VALUE, TARGET, TCHAR } from "./octets.ts";

const HTAB = 0x09, LF = 0x0A, CR = 0x0D, SP = 0x20, COLON = 0x3A;

/** Entries of the table before the first field line. */
export const FIELDS = 4;
/** Where in the table the request target starts and ends. */
export const TARGET_START = 0, TARGET_END = 1;

/** Longer than every method of the IANA registry (the longest has 17 octets). */
const LONGEST_METHOD: number = FIXED.method.default;
/** RFC 9112 §2.2 asks for one at least; some clients send one after a form. */
const MOST_EMPTY_LINES: number = FIXED.emptyLines.default;

/** What the scanner waits for, in the order in which a head brings it. */
const START = 0, METHOD = 1, IN_TARGET = 2, VERSION = 3;
const LINE = 4, NAME = 5, GAP = 6, VALUE = 7, LINE_END = 8, HEAD_END = 9;

/** What one call of the scanner found. */
export type Scanned = "more" | "head" | FaultCode;

/** The bounds of one section: see `limits.ts`. */
export interface ScanLimits {
  readonly target: number;
  readonly head: number;
  readonly fields: number;
}

/** `HTTP/1.1` in octets; the digits are looked at on their own. */
const HTTP = octetsOf("HTTP/");

/** What follows the target, but for a digit and the end of the line. */
const HTTP_1 = octetsOf(" HTTP/1.");
/** With that digit, and CRLF. */
const REST_OF_LINE = HTTP_1.length + 3;

/** The names that decide on framing; all else goes by unread. */
const NOTED = {
  "host": 1,
  "expect": 2,
  "upgrade": 3,
  "connection": 4,
  "content-length": 5,
  "transfer-encoding": 6,
} as const;
type Noted = (typeof NOTED)[keyof typeof NOTED];

/** The noted names by their length, no two of which are the same. */
const BY_LENGTH: readonly (readonly [Uint8Array, Noted] | undefined)[] =
  (() => {
    const rows: ([Uint8Array, Noted] | undefined)[] = new Array(18).fill(
      undefined,
    );
    for (const [name, noted] of Object.entries(NOTED)) {
      rows[name.length] = [
        octetsOf(name),
        noted,
      ];
    }
    return rows;
  })();

/** Methods that need no string of their own, by their length and first octet. */
const METHODS = [
  "GET",
  "PUT",
  "POST",
  "HEAD",
  "QUERY",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "CONNECT",
  "TRACE",
];

const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);

/** Scans one section after the other: a head, or the trailer section of a message. */
export class HeadScan {
  /** Offsets from the first octet of the section; {@linkcode FIELDS} on, the lines. */
  table: Int32Array = new Int32Array(FIELDS + 4 * 16);
  /** Counts sections, so that whoever kept offsets can tell that they are gone. */
  serial = 0;
  /** Field lines so far. */
  count = 0;
  /** Octets before the section that belong to no line: skipped empty lines. */
  skipped = 0;
  /** Octets of the section looked at so far. */
  at = 0;

  method = "";
  minor = 0;
  /** Whether an octet above 0x7F passed. */
  obsText = false;

  hosts = 0;
  hostStart = 0;
  hostEnd = 0;
  /** The announced length; -1 where there is none. */
  length = -1;
  /** Lines of Transfer-Encoding; whether one coding is `chunked`, or any is not. */
  codings = 0;
  chunked = false;
  unknownCoding = false;
  close = false;
  keepAlive = false;
  upgrade = false;
  upgradable = false;
  expects = false;
  unmet = false;

  readonly #limits: ScanLimits;
  readonly #trailers: boolean;
  #viewed: Uint8Array = NOTHING;
  #view: DataView = NO_VIEW;
  #state: number;
  #major = 0;
  #empty = 0;
  #mark = 0;
  #name = 0;
  #nameEnd = 0;
  #valueEnd = 0;

  /** A scanner of heads, or with `trailers` of field lines alone. */
  constructor(limits: ScanLimits, trailers = false) {
    this.#limits = limits;
    this.#trailers = trailers;
    this.#state = trailers ? LINE : START;
  }

  /** Whether nothing of a section has come yet, empty lines aside. */
  get waiting(): boolean {
    return this.#state === START;
  }

  /** Forgets the section, for the next. */
  reset(): void {
    this.serial++;
    this.method = "";
    this.count = this.skipped = this.at = 0;
    this.minor =
      this.#major =
      this.#empty =
      this.hosts =
      this.codings =
        0;
    this.length = -1;
    this.obsText = this.chunked = this.unknownCoding = false;
    this.close =
      this.keepAlive =
      this.upgrade =
      this.upgradable =
        false;
    this.expects = this.unmet = false;
    this.#state = this.#trailers ? LINE : START;
  }

  /** Lets go of the buffer that was looked at last. */
  release(): void {
    this.#viewed = NOTHING;
    this.#view = NO_VIEW;
  }

  /**
   * Looks at what has come of the section that starts at `base`, and of that
   * only at what is new since the last call.
   */
  scan(bytes: Uint8Array, base: number, end: number): Scanned {
    if (this.#state === START) {
      const fault = this.#skipEmptyLines(bytes, base, end);
      if (fault !== undefined) return fault;
    }
    base += this.skipped;
    if (this.#state === METHOD && this.at === 0) {
      this.#takeRequestLine(bytes, base, end);
    }
    if (this.#state < LINE) {
      const found = this.#scanRequestLine(bytes, base, end);
      if (found !== undefined) return found;
    }
    return this.#scanFields(bytes, base, end);
  }

  /** RFC 9112 §2.2: empty lines before the request line are ignored, a few. */
  #skipEmptyLines(
    bytes: Uint8Array,
    base: number,
    end: number,
  ): Scanned | undefined {
    for (let i = base + this.skipped; i < end; i += 2) {
      if (bytes[i] !== CR) {
        this.#state = METHOD;
        return bytes[i] === LF ? "line-end" : undefined;
      }
      if (i + 1 === end) return "more";
      if (bytes[i + 1] !== LF || ++this.#empty > MOST_EMPTY_LINES) {
        return "line-end";
      }
      this.skipped += 2;
    }
    return "more";
  }

  /** Takes the request line, if it is whole and right. */
  #takeRequestLine(bytes: Uint8Array, base: number, end: number): void {
    const stop = Math.min(end, base + this.#limits.head);
    const space = skip(
      TCHAR,
      bytes,
      base,
      Math.min(stop, base + LONGEST_METHOD),
    );
    if (space === base || space >= stop || bytes[space] !== SP) return;
    const target = space + 1;
    const last = Math.min(stop, target + this.#limits.target);
    const i = skip(TARGET, bytes, target, last);
    if (i === target || i + REST_OF_LINE > stop) return;
    for (let step = 0; step < HTTP_1.length; step++) {
      if (bytes[i + step] !== HTTP_1[step]) return;
    }
    const minor = bytes[i + 8]! - 0x30;
    if (minor < 0 || minor > 9) return;
    if (bytes[i + 9] !== CR || bytes[i + 10] !== LF) return;
    this.method = methodOf(bytes, base, space);
    this.minor = minor;
    this.table[TARGET_START] = target - base;
    this.table[TARGET_END] = i - base;
    this.at = i + REST_OF_LINE - base;
    this.#state = LINE;
  }

  /** RFC 9112 §3: `method SP request-target SP HTTP-version CRLF`. */
  #scanRequestLine(
    bytes: Uint8Array,
    base: number,
    end: number,
  ): Scanned | undefined {
    const { table } = this;
    const limit = base + this.#limits.head;
    const stop = Math.min(end, limit);
    let i = base + this.at;

    if (this.#state === METHOD) {
      const most = Math.min(stop, base + LONGEST_METHOD + 1);
      i = skip(TCHAR, bytes, i, most);
      if (i - base > LONGEST_METHOD) return "method-size";
      if (i === stop) return this.#pause(METHOD, i, base, limit);
      if (bytes[i] !== SP || i === base) return "method";
      this.method = methodOf(bytes, base, i);
      table[TARGET_START] = ++i - base;
      this.#state = IN_TARGET;
    }

    if (this.#state === IN_TARGET) {
      const most = base + table[TARGET_START]! + this.#limits.target;
      const last = Math.min(stop, most);
      i = skip(TARGET, bytes, i, last);
      if (i === stop) return this.#pause(IN_TARGET, i, base, limit);
      if (bytes[i] !== SP) {
        return TARGET[bytes[i]!] === 1 ? "target-size" : "target";
      }
      if (i - base === table[TARGET_START]) return "target";
      table[TARGET_END] = i++ - base;
      this.#mark = i - base;
      this.#state = VERSION;
    }

    return this.#scanVersion(bytes, base, i, stop, limit);
  }

  /** RFC 9112 §2.3: `HTTP/` DIGIT `.` DIGIT, and the end of the line. */
  #scanVersion(
    bytes: Uint8Array,
    base: number,
    from: number,
    stop: number,
    limit: number,
  ): Scanned | undefined {
    const start = base + this.#mark;
    let i = from;
    for (; i < stop && i - start < 10; i++) {
      const octet = bytes[i]!;
      const step = i - start;
      if (step < 5) {
        if (octet !== HTTP[step]) return "version";
      } else if (step === 6) {
        if (octet !== 0x2E) return "version";
      } else if (step < 8) {
        if (octet < 0x30 || octet > 0x39) return "version";
        if (step === 5) this.#major = octet - 0x30;
        else this.minor = octet - 0x30;
      } else if (octet !== (step === 8 ? CR : LF)) {
        return octet === LF || step === 9 ? "line-end" : "version";
      }
    }
    if (i - start < 10) return this.#pause(VERSION, i, base, limit);
    if (this.#major !== 1) return "version-major";
    this.at = i - base;
    this.#state = LINE;
    return undefined;
  }

  /** Takes lines as long as they are whole and right: where the first other begins. */
  #takeLines(
    bytes: Uint8Array,
    base: number,
    from: number,
    stop: number,
  ): number | FaultCode {
    let i = from;
    while (this.count < this.#limits.fields) {
      const colon = skip(TCHAR, bytes, i, stop);
      if (colon === i || colon >= stop || bytes[colon] !== COLON) return i;
      const value = skipSpace(bytes, colon + 1, stop);
      const end = this.#skipValue(bytes, value, stop);
      if (end + 1 >= stop || bytes[end] !== CR || bytes[end + 1] !== LF) {
        return i;
      }
      const fault = this.#addLine(bytes, base, i, colon, value, end);
      if (fault !== undefined) return fault;
      i = end + 2;
    }
    return i;
  }

  /** RFC 9112 §5: `field-name ":" OWS field-value OWS CRLF`, until an empty line. */
  #scanFields(bytes: Uint8Array, base: number, end: number): Scanned {
    const limit = base + this.#limits.head;
    const stop = Math.min(end, limit);
    let i = base + this.at;

    for (;;) {
      if (this.#state === LINE) {
        const taken = this.#takeLines(bytes, base, i, stop);
        if (typeof taken === "string") return taken;
        i = taken;
        if (i === stop) return this.#pause(LINE, i, base, limit);
        const octet = bytes[i]!;
        if (octet === CR) {
          i++;
          this.#state = HEAD_END;
        } else {
          if (octet === SP || octet === HTAB) return "fold";
          if (octet === LF) return "line-end";
          if (this.count >= this.#limits.fields) return "fields";
          this.#mark = i - base;
          this.#state = NAME;
        }
      }

      if (this.#state === HEAD_END) {
        if (i === stop) return this.#pause(HEAD_END, i, base, limit);
        if (bytes[i] !== LF) return "line-end";
        this.at = i + 1 - base;
        return "head";
      }

      if (this.#state === NAME) {
        i = skip(TCHAR, bytes, i, stop);
        if (i === stop) return this.#pause(NAME, i, base, limit);
        const start = base + this.#mark;
        if (bytes[i] !== COLON || i === start) return "field-name";
        this.#name = start - base;
        this.#nameEnd = i - base;
        i++;
        this.#state = GAP;
      }

      if (this.#state === GAP) {
        i = skipSpace(bytes, i, stop);
        if (i === stop) return this.#pause(GAP, i, base, limit);
        this.#mark = i - base;
        this.#state = VALUE;
      }

      if (this.#state === VALUE) {
        i = this.#skipValue(bytes, i, stop);
        if (i === stop) return this.#pause(VALUE, i, base, limit);
        if (bytes[i] !== CR) {
          return bytes[i] === LF ? "line-end" : "field-value";
        }
        this.#valueEnd = i - base;
        i++;
        this.#state = LINE_END;
      }

      if (i === stop) return this.#pause(LINE_END, i, base, limit);
      if (bytes[i] !== LF) return "line-end";
      i++;
      const fault = this.#addLine(
        bytes,
        base,
        base + this.#name,
        base + this.#nameEnd,
        base + this.#mark,
        base + this.#valueEnd,
      );
      if (fault !== undefined) return fault;
      this.#state = LINE;
    }
  }

  /**
   * The longest loop of the scan, because field values are most of a head: four
   * octets at a time as long as all of them are visible ASCII or spaces.
   */
  #skipValue(bytes: Uint8Array, from: number, stop: number): number {
    const view = this.#viewOf(bytes);
    let i = from;
    for (; i + 4 <= stop; i += 4) {
      const others = othersOf(view.getInt32(i, true));
      if (others === 0) continue;
      // The lowest bit stands for the first of them.
      i += (31 - Math.clz32(others & -others)) >> 3;
      break;
    }
    if (i < stop && bytes[i] === CR) return i;
    let seen = 0;
    while (i < stop) {
      const octet = bytes[i]!;
      if (FIELD_VALUE[octet] !== 1) break;
      seen |= octet;
      i++;
    }
    if (seen > 0x7F) this.obsText = true;
    return i;
  }

  /** What words are read with; made anew only when the buffer is another one. */
  #viewOf(bytes: Uint8Array): DataView {
    if (this.#viewed !== bytes) {
      this.#viewed = bytes;
      this.#view = new DataView(
        bytes.buffer,
        bytes.byteOffset,
        bytes.byteLength,
      );
    }
    return this.#view;
  }

  /**
   * Adds the line, its value trimmed (RFC 9112 §5.1), and notes it where it
   * decides on framing.
   */
  #addLine(
    bytes: Uint8Array,
    base: number,
    name: number,
    colon: number,
    value: number,
    valueEnd: number,
  ): FaultCode | undefined {
    let end = valueEnd;
    while (end > value && isSpace(bytes[end - 1]!)) end--;
    const at = FIELDS + 4 * this.count++;
    if (at + 4 > this.table.length) this.#lengthen();
    const { table } = this;
    table[at] = name - base;
    table[at + 1] = colon - base;
    table[at + 2] = value - base;
    table[at + 3] = end - base;
    const noted = this.#trailers ? 0 : notedName(bytes, name, colon);
    if (noted === 0) return undefined;
    return this.#note(noted, bytes, value, end, base);
  }

  #lengthen(): void {
    const longer = new Int32Array(this.table.length * 2);
    longer.set(this.table);
    this.table = longer;
  }

  #note(
    noted: Noted,
    bytes: Uint8Array,
    start: number,
    end: number,
    base: number,
  ): FaultCode | undefined {
    switch (noted) {
      case NOTED.host:
        if (++this.hosts > 1) return "host-repeated";
        this.hostStart = start - base;
        this.hostEnd = end - base;
        return isHost(bytes, start, end) ? undefined : "host";
      case NOTED["content-length"]:
        return this.#noteLength(bytes, start, end);
      case NOTED["transfer-encoding"]:
        return this.#noteCodings(bytes, start, end);
      case NOTED.connection:
        // Nearly always the only one.
        if (this.#noteOption(bytes, start, end)) return undefined;
        eachMember(
          bytes,
          start,
          end,
          (from, to) => this.#noteOption(bytes, from, to),
        );
        return undefined;
      case NOTED.expect:
        eachMember(bytes, start, end, (from, to) => {
          if (equals(bytes, from, to, CONTINUE)) this.expects = true;
          else this.unmet = true;
        });
        return undefined;
      case NOTED.upgrade:
        this.upgradable ||= end > start;
        return undefined;
    }
  }

  /** RFC 9112 §6.3: digits, once; compared as digits before they are a number. */
  #noteLength(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): FaultCode | undefined {
    if (this.length !== -1) return "length-repeated";
    if (start === end) return "length";
    let length = 0;
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - 0x30;
      if (digit < 0 || digit > 9) return "length";
      // Past what is exact it stays past: ten times more is never less.
      length = length * 10 + digit;
    }
    if (length > Number.MAX_SAFE_INTEGER) return "length-size";
    this.length = length;
    return undefined;
  }

  /** RFC 9112 §6.1: `chunked`, and that once and last, over all lines. */
  #noteCodings(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): FaultCode | undefined {
    this.codings++;
    let fault: FaultCode | undefined;
    eachMember(bytes, start, end, (from, to) => {
      if (this.chunked) fault = "coding";
      else if (equals(bytes, from, to, CHUNKED)) this.chunked = true;
      else this.unknownCoding = true;
    });
    return fault;
  }

  /** Whether it is an option that means something here. */
  #noteOption(bytes: Uint8Array, start: number, end: number): boolean {
    if (equals(bytes, start, end, CLOSE)) return this.close = true;
    if (equals(bytes, start, end, KEEP_ALIVE)) return this.keepAlive = true;
    if (equals(bytes, start, end, UPGRADE)) return this.upgrade = true;
    return false;
  }

  /** Keeps the place; what has reached the limit will not become a head. */
  #pause(state: number, i: number, base: number, limit: number): Scanned {
    if (i === limit) return "head-size";
    this.#state = state;
    this.at = i - base;
    return "more";
  }
}

const CHUNKED = octetsOf("chunked");
const CLOSE = octetsOf("close");
const KEEP_ALIVE = octetsOf("keep-alive");
const UPGRADE = octetsOf("upgrade");
const CONTINUE = octetsOf("100-continue");

function notedName(bytes: Uint8Array, start: number, end: number): Noted | 0 {
  const row = BY_LENGTH[end - start];
  return row !== undefined && startsWith(bytes, start, end, row[0])
    ? row[1]
    : 0;
}

function methodOf(bytes: Uint8Array, start: number, end: number): string {
  for (const method of METHODS) {
    if (method.length === end - start && matches(bytes, start, method)) {
      return method;
    }
  }
  return String.fromCharCode(...bytes.subarray(start, end));
}
