/**
 * The chunk scan: what stands between the data of chunked content (RFC 9112
 * §7.1), octet by octet, so that it can stop and go on anywhere.
 *
 * ```text
 *    5;name="a b"␍␊ hello ␍␊ 0␍␊ trailer section ␍␊
 *    ╰─ a head ───╯ data  end ╰─╯ the last head, whose size is 0
 * ```
 *
 * Sizes are bounded in value, extensions are checked and
 * dropped, and what all of it may take on the wire is bounded by the data it
 * carries. Two readers that disagree here see two different requests, so
 * nothing is tolerated but the white space that the grammar calls bad.
 *
 * @module
 */

import type { FaultCode } from "../errors.ts";
import { isSpace } from "./list.ts";
import { FIELD_VALUE, HEX, NOT_HEX, TCHAR } from "./octets.ts";

const LF = 0x0A, CR = 0x0D, QUOTE = 0x22;
const SEMICOLON = 0x3B, EQUALS = 0x3D, BACKSLASH = 0x5C;

/**
 * More digits than any size that can be counted. More are zeros in front of it,
 * of which the grammar allows any number; they count as an extension would.
 */
const FREE_DIGITS = 16;

/** What is read next. */
const SIZE = 0, SIZE_BLANK = 1, BEFORE_NAME = 2, NAME = 3, AFTER_NAME = 4;
const BEFORE_VALUE = 5, TOKEN = 6, QUOTED = 7, ESCAPED = 8, AFTER_VALUE = 9;
const SIZE_LF = 10, DATA_CR = 11, DATA_LF = 12;

/** The bounds on what is not data. */
export interface ChunkLimits {
  readonly chunkExtensions: number;
  /** How many times its data, and how many octets beside, a message may take. */
  readonly overhead: { readonly times: number; readonly start: number };
}

/** Reads chunk heads and the ends of chunk data. */
export class ChunkScan {
  /** The size of the chunk whose head was read last. */
  size = 0;
  /** Where the scan stopped. */
  at = 0;

  readonly #limits: ChunkLimits;
  #state = SIZE;
  #digits = 0;
  #extensions = 0;
  #wire = 0;
  #data = 0;

  constructor(limits: ChunkLimits) {
    this.#limits = limits;
  }

  /** The data of the chunk was taken; its end comes next. */
  endData(): void {
    this.#state = DATA_CR;
  }

  /** Reads on to the data of the next chunk: `"chunk"`, with `size` and `at`. */
  scan(
    bytes: Uint8Array,
    from: number,
    end: number,
  ): "more" | "chunk" | FaultCode {
    for (let i = from; i < end; i++) {
      const found = this.#step(bytes[i]!);
      this.#wire++;
      if (found === undefined) continue;
      this.at = i + 1;
      return found === "chunk" ? this.#admit() : found;
    }
    this.at = end;
    return "more";
  }

  /** The head of a chunk is whole: whether the chunk is worth what it takes. */
  #admit(): "chunk" | FaultCode {
    this.#data += this.size;
    this.#wire += this.size;
    const { times, start } = this.#limits.overhead;
    return this.#wire > this.#data * times + start ? "chunk-overhead" : "chunk";
  }

  #step(octet: number): "chunk" | FaultCode | undefined {
    switch (this.#state) {
      case DATA_CR:
        this.#state = DATA_LF;
        return octet === CR ? undefined : "chunk-end";
      case DATA_LF:
        this.#state = SIZE;
        return octet === LF ? undefined : "chunk-end";
      case SIZE:
        return this.#stepSize(octet);
      case SIZE_LF:
        this.#state = SIZE;
        this.#digits = 0;
        return octet === LF ? "chunk" : "line-end";
      default:
        return this.#stepExtension(octet);
    }
  }

  #stepSize(octet: number): FaultCode | undefined {
    const digit = HEX[octet]!;
    if (digit === NOT_HEX) {
      if (this.#digits === 0) return "chunk-size";
      return this.#endSize(octet);
    }
    if (this.#digits === 0) this.size = 0;
    this.size = this.size * 16 + digit;
    if (this.size > Number.MAX_SAFE_INTEGER) return "chunk-size";
    return ++this.#digits > FREE_DIGITS ? this.#countExtension() : undefined;
  }

  #endSize(octet: number): FaultCode | undefined {
    if (octet === CR) this.#state = SIZE_LF;
    else if (octet === SEMICOLON) this.#state = BEFORE_NAME;
    else if (isSpace(octet)) this.#state = SIZE_BLANK;
    else return octet === LF ? "line-end" : "chunk-size";
    return octet === CR ? undefined : this.#countExtension();
  }

  #countExtension(): FaultCode | undefined {
    return ++this.#extensions > this.#limits.chunkExtensions
      ? "chunk-extension-size"
      : undefined;
  }

  /** RFC 9112 §7.1.1: `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted ) ] )`. */
  #stepExtension(octet: number): FaultCode | undefined {
    const next = NEXT[this.#state]!(octet);
    if (next === WRONG) return octet === LF ? "line-end" : "chunk-extension";
    this.#state = next;
    return octet === CR ? undefined : this.#countExtension();
  }
}

const WRONG = -1;

/** Each state of an extension: which one an octet leads to. */
const NEXT: Readonly<Record<number, (octet: number) => number>> = {
  [SIZE_BLANK]: (octet) =>
    isSpace(octet) ? SIZE_BLANK : octet === SEMICOLON ? BEFORE_NAME : WRONG,
  [BEFORE_NAME]: (octet) =>
    isSpace(octet) ? BEFORE_NAME : isTchar(octet) ? NAME : WRONG,
  [NAME]: (octet) => isTchar(octet) ? NAME : afterName(octet),
  [AFTER_NAME]: (octet) => octet === CR ? WRONG : afterName(octet),
  [BEFORE_VALUE]: (octet) =>
    isSpace(octet)
      ? BEFORE_VALUE
      : octet === QUOTE
      ? QUOTED
      : isTchar(octet)
      ? TOKEN
      : WRONG,
  [TOKEN]: (octet) => isTchar(octet) ? TOKEN : afterValue(octet),
  [QUOTED]: (octet) =>
    octet === QUOTE
      ? AFTER_VALUE
      : octet === BACKSLASH
      ? ESCAPED
      : quoted(octet),
  [ESCAPED]: (octet) => quoted(octet),
  [AFTER_VALUE]: (octet) => afterValue(octet),
};

function afterName(octet: number): number {
  if (octet === EQUALS) return BEFORE_VALUE;
  return isSpace(octet) ? AFTER_NAME : afterMember(octet);
}

function afterValue(octet: number): number {
  return isSpace(octet) ? SIZE_BLANK : afterMember(octet);
}

function afterMember(octet: number): number {
  if (octet === SEMICOLON) return BEFORE_NAME;
  return octet === CR ? SIZE_LF : WRONG;
}

function quoted(octet: number): number {
  return FIELD_VALUE[octet] === 1 ? QUOTED : WRONG;
}

function isTchar(octet: number): boolean {
  return TCHAR[octet] === 1;
}
