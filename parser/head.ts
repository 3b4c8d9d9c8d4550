/**
 * The head of a request, once the scan has found it whole: offsets into a text
 * of its own, cut into strings when somebody asks.
 *
 * @module
 */

import type { RequestHead } from "../messages.ts";
import {
  FIELDS,
  HeadScan,
  TARGET_END,
  TARGET_START,
} from "../wire/head_scan.ts";
import { splitTarget, type TargetParts } from "../wire/target.ts";

/** The field lines of a section: names in lower case, values as sent. */
export function* lines(
  table: Int32Array,
  count: number,
  text: string,
): Generator<[name: string, value: string]> {
  for (let at = FIELDS; at < FIELDS + 4 * count; at += 4) {
    yield [
      text.slice(table[at], table[at + 1]).toLowerCase(),
      text.slice(table[at + 2], table[at + 3]),
    ];
  }
}

/**
 * The head of a request. It keeps its own text, so it may be kept as long as
 * one likes; strings are cut out of it when they are asked for.
 */
export class Head implements RequestHead {
  /** Tells it from the other pieces. */
  readonly kind = "head";
  /** The method as sent; case matters (RFC 9110 §9.1). */
  readonly method: string;
  /** The version that the request is served as. */
  readonly version: "1.0" | "1.1";
  /** The length of the content in bytes; `undefined` when it is chunked. */
  readonly length: number | undefined;
  /** Whether another request may follow on the connection (RFC 9112 §9.3). */
  readonly persists: boolean;
  /** Whether the client waits for 100 Continue (RFC 9110 §10.1.1). */
  readonly expectsContinue: boolean;
  /** Whether the client offers another protocol (RFC 9110 §7.8). */
  readonly upgrades: boolean;

  readonly #text: string;
  /** Where the value of Host stands; both 0 where there is none. */
  readonly #hostStart: number;
  readonly #hostEnd: number;
  #scan: HeadScan;
  #serial: number;
  #parts: TargetParts | undefined;
  #target: string | undefined;

  /** @internal Made by the parser, over the scan that it has just finished. */
  constructor(scan: HeadScan, text: string, size: number) {
    this.#scan = scan;
    this.#serial = scan.serial;
    this.#text = text.length === size ? text : text.slice(0, size);
    this.#hostStart = scan.hosts > 0 ? scan.hostStart : 0;
    this.#hostEnd = scan.hosts > 0 ? scan.hostEnd : 0;
    this.method = scan.method;
    this.version = scan.minor === 0 ? "1.0" : "1.1";
    this.length = scan.chunked ? undefined : Math.max(scan.length, 0);
    this.persists = !scan.close && (scan.minor > 0 || scan.keepAlive);
    this.expectsContinue = scan.expects && scan.minor > 0;
    this.upgrades = scan.upgrade && scan.upgradable && scan.minor > 0;
  }

  /** The request target as sent. */
  get target(): string {
    return this.#target ??= this.#text.slice(
      this.#table()[TARGET_START],
      this.#table()[TARGET_END],
    );
  }

  /** The path of the target, percent-encoded as sent. */
  get path(): string {
    return this.#targetParts().path;
  }

  /** What follows `?` in the target, without it. */
  get query(): string {
    return this.#targetParts().query;
  }

  /** That of the target in absolute-form, else that of Host (RFC 9112 §3.3). */
  get authority(): string {
    return this.#targetParts().authority ||
      this.#text.slice(this.#hostStart, this.#hostEnd);
  }

  /** The value of a field, its lines joined; any case of `name` will do. */
  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    if (wanted === "host" && this.#isAbsolute) return this.authority;
    const table = this.#table();
    const end = FIELDS + 4 * this.#scan.count;
    const { length } = wanted;
    let found: string | undefined;
    for (let at = FIELDS; at < end; at += 4) {
      const start = table[at]!;
      if (table[at + 1]! - start !== length) continue;
      if (!this.#isNamed(start, wanted)) continue;
      const value = this.#text.slice(table[at + 2], table[at + 3]);
      // RFC 9110 §5.3; cookies are the one exception (RFC 6265 §5.4).
      found = found === undefined
        ? value
        : `${found}${wanted === "cookie" ? "; " : ", "}${value}`;
    }
    return found;
  }

  /** Every field line in order, names in lower case. */
  fields(): Iterable<[name: string, value: string]> {
    const fields = lines(this.#table(), this.#scan.count, this.#text);
    return this.#isAbsolute ? withHost(fields, this.authority) : fields;
  }

  /** RFC 9112 §3.2.2: then Host is not what was received, but the target's. */
  get #isAbsolute(): boolean {
    const parts = this.#targetParts();
    return parts.authority !== "" && this.method !== "CONNECT";
  }

  #isNamed(start: number, wanted: string): boolean {
    for (let i = 0; i < wanted.length; i++) {
      const code = this.#text.charCodeAt(start + i);
      const lower = code >= 0x41 && code <= 0x5A ? code | 0x20 : code;
      if (lower !== wanted.charCodeAt(i)) return false;
    }
    return true;
  }

  #targetParts(): TargetParts {
    return this.#parts ??= splitTarget(this.method, this.target);
  }

  /** The offsets; found again where the scanner has gone on to another head. */
  #table(): Int32Array {
    if (this.#scan.serial !== this.#serial) {
      const bytes = Uint8Array.from(this.#text, (c) => c.charCodeAt(0));
      this.#scan = new HeadScan({
        target: Infinity,
        head: Infinity,
        fields: Infinity,
      });
      this.#scan.scan(bytes, 0, bytes.length);
      this.#serial = this.#scan.serial;
    }
    return this.#scan.table;
  }
}

/** The same lines with another Host; where there is none, none is added. */
function* withHost(
  fields: Iterable<[name: string, value: string]>,
  host: string,
): Generator<[name: string, value: string]> {
  for (const [name, value] of fields) {
    yield [name, name === "host" ? host : value];
  }
}
