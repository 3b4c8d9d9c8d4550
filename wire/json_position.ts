/**
 * Where a text stops being JSON.
 *
 * `JSON.parse` says it in a sentence of the engine's, which quotes what was sent
 * and has a place only sometimes. This is asked once that has failed.
 *
 * ```text
 * {"a": 1,}    →  8      a place from 0; that of the end, where more was wanted
 * ```
 *
 * One pass without recursion, so that a million brackets are no deeper than one.
 *
 * The one surprise: a comma before a closing bracket is right where it stands; it
 * is the bracket that is wrong.
 *
 * RFC 8259 §2 to §7.
 *
 * @module
 */

/** What may come next. */
type Expected = "value" | "value or ]" | "name" | "name or }" | "end";

const QUOTE = 0x22;
const BACKSLASH = 0x5C;
const COMMA = 0x2C;
const COLON = 0x3A;
const MINUS = 0x2D;
const POINT = 0x2E;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5B;
const CLOSE_ARRAY = 0x5D;
const OPEN_OBJECT = 0x7B;
const CLOSE_OBJECT = 0x7D;
const SMALL_U = 0x75;

/** What stands behind a backslash, but for `u`. */
const ESCAPED = '"\\/bfnrt';
const LITERALS = ["true", "false", "null"];

/**
 * The place of the first character with which no JSON goes on, or the length where
 * it has to go on; -1 for what is JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(notJsonAt('{"a": 1,}'), 8);
 * assertEquals(notJsonAt("[1, 2"), 5);
 * assertEquals(notJsonAt("[1, 2]"), -1);
 * ```
 */
export function notJsonAt(text: string): number {
  const scan = new Scan(text);
  while (scan.step());
  return scan.wrongAt;
}

/** One pass over a text. */
class Scan {
  /** Where it is wrong; -1 while it is not. */
  wrongAt = -1;
  readonly #text: string;
  #at = 0;
  #expected: Expected = "value";
  /** The brackets that are open, each as the one that closes it. */
  readonly #open: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads one token, with what must follow it at once; whether to go on. */
  step(): boolean {
    this.#skipSpace();
    const code = this.#code();
    switch (this.#expected) {
      case "end":
        return this.#behindValue(code);
      case "name or }":
        return code === CLOSE_OBJECT ? this.#close() : this.#name(code);
      case "name":
        return this.#name(code);
      case "value or ]":
        return code === CLOSE_ARRAY ? this.#close() : this.#value(code);
      case "value":
        return this.#value(code);
    }
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #wrong(): false {
    this.wrongAt = Math.min(this.#at, this.#text.length);
    return false;
  }

  #skipSpace(): void {
    let code = this.#code();
    while (code === 0x20 || code === 0x0A || code === 0x0D || code === 0x09) {
      this.#at++;
      code = this.#code();
    }
  }

  #behindValue(code: number): boolean {
    const closing = this.#open.at(-1);
    if (closing === undefined) {
      return this.#at < this.#text.length && this.#wrong();
    }
    if (code === closing) return this.#close();
    if (code !== COMMA) return this.#wrong();
    this.#at++;
    this.#expected = closing === CLOSE_OBJECT ? "name" : "value";
    return true;
  }

  #close(): true {
    this.#at++;
    this.#open.pop();
    this.#expected = "end";
    return true;
  }

  #enter(closing: number, expected: Expected): true {
    this.#at++;
    this.#open.push(closing);
    this.#expected = expected;
    return true;
  }

  #name(code: number): boolean {
    if (code !== QUOTE || !this.#string()) return this.#wrong();
    this.#skipSpace();
    if (this.#code() !== COLON) return this.#wrong();
    this.#at++;
    this.#expected = "value";
    return true;
  }

  #value(code: number): boolean {
    if (code === OPEN_OBJECT) return this.#enter(CLOSE_OBJECT, "name or }");
    if (code === OPEN_ARRAY) return this.#enter(CLOSE_ARRAY, "value or ]");
    const right = code === QUOTE
      ? this.#string()
      : code === MINUS || isDigit(code)
      ? this.#number()
      : this.#literal();
    if (!right) return this.#wrong();
    this.#expected = "end";
    return true;
  }

  /** Stops where it is wrong, as the others do. */
  #string(): boolean {
    this.#at++;
    for (;;) {
      const code = this.#code();
      if (code === QUOTE) break;
      if (!(code >= 0x20)) return false; // a control, or NaN at the end
      this.#at++;
      if (code === BACKSLASH && !this.#escape()) return false;
    }
    this.#at++;
    return true;
  }

  #escape(): boolean {
    const code = this.#code();
    if (code !== SMALL_U) {
      if (!ESCAPED.includes(this.#text.charAt(this.#at) || "?")) return false;
      this.#at++;
      return true;
    }
    this.#at++;
    for (let digits = 0; digits < 4; digits++) {
      if (!isHexDigit(this.#code())) return false;
      this.#at++;
    }
    return true;
  }

  /** `[ "-" ] int [ frac ] [ exp ]` (§6). */
  #number(): boolean {
    if (this.#code() === MINUS) this.#at++;
    if (this.#code() === ZERO) this.#at++;
    else if (!this.#digits()) return false;
    if (this.#code() === POINT) {
      this.#at++;
      if (!this.#digits()) return false;
    }
    if ((this.#code() | 0x20) !== 0x65) return true;
    this.#at++;
    if (this.#code() === MINUS || this.#code() === 0x2B) this.#at++;
    return this.#digits();
  }

  #digits(): boolean {
    const from = this.#at;
    while (isDigit(this.#code())) this.#at++;
    return this.#at > from;
  }

  #literal(): boolean {
    const first = this.#text.charAt(this.#at);
    const word = LITERALS.find((one) => one[0] === first);
    if (word === undefined) return false;
    for (const letter of word) {
      if (this.#text[this.#at] !== letter) return false;
      this.#at++;
    }
    return true;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || lower >= 0x61 && lower <= 0x66;
}
