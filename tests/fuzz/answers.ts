/**
 * Whether what a server said is answers, and to what it was asked.
 *
 * The parser tells what there was to answer, so this holds the connection and
 * the writer to it: one answer for each request, in order, none behind the last,
 * none to what was not asked; each of them well-formed octet by octet.
 *
 * @module
 */

import type { Limits } from "../../limits.ts";
import { type FaultCode, FAULTS } from "../../errors.ts";
import { escaped } from "../wire_client.ts";
import type { Verdict } from "./property.ts";
import { tell } from "./stories.ts";

/** One answer, as far as it decides on what follows. */
interface Answer {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly closes: boolean;
}

/** What there is to answer. */
interface Asked {
  readonly method: string;
  readonly version: string;
  readonly expects: boolean;
  /** Whether its content came to its end. */
  readonly whole: boolean;
  /** The octets of its content. */
  readonly size: number;
  /** Whether the client says that it is the last. */
  readonly last: boolean;
}

/** Answers that are no answers. */
class Malformed extends Error {}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/;
const FIELD_LINE =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** Reads answers from what was said; `undefined` where it ends in the midst of one. */
class Reader {
  at = 0;
  readonly #said: string;

  constructor(said: string) {
    this.#said = said;
  }

  get over(): boolean {
    return this.at >= this.#said.length;
  }

  answer(asked: Asked): Answer | undefined {
    const first = this.#line();
    if (first === undefined) return undefined;
    const status = Number(STATUS_LINE.exec(first)?.[1]);
    if (!status) throw new Malformed(`no status line: ${escaped(first, 100)}`);
    const fields = this.#fields();
    if (fields === undefined) return undefined;
    const closes = check(asked, status, fields);
    return this.#content(asked, status, fields)
      ? { status, fields, closes }
      : undefined;
  }

  #line(): string | undefined {
    const end = this.#said.indexOf("\n", this.at);
    if (end === -1) {
      this.at = this.#said.length;
      return undefined;
    }
    const line = this.#said.slice(this.at, end);
    this.at = end + 1;
    if (!line.endsWith("\r")) {
      throw new Malformed(`no CR: ${escaped(line, 100)}`);
    }
    return line.slice(0, -1);
  }

  #fields(): [string, string][] | undefined {
    const fields: [string, string][] = [];
    for (let line = this.#line(); line !== ""; line = this.#line()) {
      if (line === undefined) return undefined;
      const [, name, value = ""] = FIELD_LINE.exec(line) ?? [];
      if (name === undefined) {
        throw new Malformed(`no field: ${escaped(line, 100)}`);
      }
      fields.push([name.toLowerCase(), value]);
    }
    return fields;
  }

  /** RFC 9112 §6.3; whether it is there to its end. */
  #content(
    { method }: Asked,
    status: number,
    fields: Answer["fields"],
  ): boolean {
    const length = valueOf(fields, "content-length");
    const coding = valueOf(fields, "transfer-encoding");
    if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
      return true;
    }
    if (coding === undefined && length === undefined) {
      this.at = this.#said.length;
      return true;
    }
    if (length !== undefined) return this.#take(Number(length));
    return this.#chunks();
  }

  #chunks(): boolean {
    for (;;) {
      const line = this.#line();
      if (line === undefined) return false;
      if (!/^[0-9a-f]{1,12}$/.test(line)) {
        throw new Malformed(`no chunk: ${escaped(line, 100)}`);
      }
      const size = parseInt(line, 16);
      if (size === 0) return this.#fields()?.length === 0;
      if (!this.#take(size)) return false;
      if (this.#line() !== "") {
        return this.over ? false : bad("a chunk without its end");
      }
    }
  }

  #take(size: number): boolean {
    this.at += size;
    if (this.at <= this.#said.length) return true;
    this.at = this.#said.length;
    return false;
  }
}

function bad(what: string): never {
  throw new Malformed(what);
}

function valueOf(fields: Answer["fields"], name: string): string | undefined {
  const values = fields.filter(([other]) => other === name).map(([, value]) =>
    value
  );
  if (values.length > 1) throw new Malformed(`${name} is there twice`);
  return values[0];
}

/** What the fields of an answer must be; whether it is the last of the connection. */
function check(
  asked: Asked,
  status: number,
  fields: Answer["fields"],
): boolean {
  const length = valueOf(fields, "content-length");
  const coding = valueOf(fields, "transfer-encoding");
  const framed = length ?? coding;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    bad(`a length of ${length}`);
  }
  if (coding !== undefined && (coding !== "chunked" || length !== undefined)) {
    bad("two framings");
  }
  if (coding !== undefined && asked.version === "1.0") {
    bad("a transfer coding for HTTP/1.0");
  }
  if ((status < 200 || status === 204) && framed !== undefined) {
    bad(`a ${status} with a framing`);
  }
  if (status < 200) {
    return asked.expects && status === 100
      ? false
      : bad(`a ${status} that nobody waits for`);
  }
  if (valueOf(fields, "date") === undefined) bad(`a ${status} without a date`);
  const closes = valueOf(fields, "connection")?.toLowerCase() === "close";
  const open = framed === undefined && status !== 204 && status !== 304 &&
    asked.method !== "HEAD";
  if (open && !closes) {
    bad(`a ${status} that ends with a connection that stays`);
  }
  return closes;
}

/** What the octets ask, as the parser tells it, and the fault that it ends with. */
function askedBy(
  wire: string,
  limits: Limits,
): [asked: Asked[], fault: FaultCode | undefined] {
  const asked: Asked[] = [];
  let fault: FaultCode | undefined;
  for (const line of tell([wire], { limits, secure: false })) {
    if (line[0] === "head") {
      const { method, version, expectsContinue: expects, persists } = line[1];
      asked.push({
        method,
        version,
        expects,
        whole: false,
        size: 0,
        last: !persists,
      });
    } else if (line[0] === "data") {
      asked.push({ ...asked.pop()!, size: line[1].length });
    } else if (line[0] === "end") {
      asked.push({ ...asked.pop()!, whole: true });
    } else if (line[0] === "fault") {
      fault = line[1] as FaultCode;
    }
  }
  return [asked, fault];
}

/** What is known of a conversation beside its octets. */
export interface Circumstances {
  readonly limits: Limits;
  /** Whether what was said may end anywhere: something broke on purpose. */
  readonly cut: boolean;
}

/** What is wrong with `said`, as the answers to `wire`. */
export function checkAnswers(
  wire: string,
  said: string,
  { limits, cut }: Circumstances,
): Verdict {
  const [asked, fault] = askedBy(wire, limits);
  try {
    const wrong = follow(new Reader(said), asked, fault, { limits, cut });
    return wrong && `${wrong}, in ${escaped(said, 900)}`;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return `${error.message}, in ${escaped(said, 900)}`;
  }
}

/** A request that could not be read is answered by what could be seen of it. */
const UNREAD: Asked = {
  method: "",
  version: "1.1",
  expects: false,
  whole: true,
  size: 0,
  last: true,
};

function follow(
  reader: Reader,
  asked: readonly Asked[],
  fault: FaultCode | undefined,
  { limits, cut }: Circumstances,
): Verdict {
  for (const [at, one] of asked.entries()) {
    const answer = final(reader, one);
    if (answer === undefined) {
      return cut ? undefined : `request ${at} has no whole answer`;
    }
    if (one.last && !answer.closes && one.whole) {
      return `request ${at} was the last, and its answer does not say so`;
    }
    // Its content is malformed, or did not come: nobody knows what would follow.
    if (answer.closes || !one.whole) {
      return reader.over ? undefined : "octets behind the last answer";
    }
    // Too much was left unread, which is found when the answer is on its way.
    if (one.size > limits.unread && reader.over) return undefined;
  }
  if (fault === undefined) {
    return reader.over ? undefined : afterAll(reader, cut);
  }
  return refusal(reader, fault, cut);
}

/** The next answer that is none of 1xx. */
function final(reader: Reader, asked: Asked): Answer | undefined {
  let interim = 0;
  for (;;) {
    if (reader.over) return undefined;
    const answer = reader.answer(asked);
    if (answer === undefined || answer.status >= 200) return answer;
    if (++interim > 1) bad("100 Continue was said twice");
  }
}

function refusal(reader: Reader, fault: FaultCode, cut: boolean): Verdict {
  const answer = refused(reader);
  if (answer === undefined) return cut ? undefined : `nothing refuses ${fault}`;
  if (answer.status !== FAULTS[fault].status) {
    return `${fault} is a ${answer.status}`;
  }
  return answer.closes && reader.over
    ? undefined
    : "something follows a refusal";
}

/** A refusal to HEAD has no content, and the method is not always known here. */
function refused(reader: Reader): Answer | undefined {
  const { at } = reader;
  const answer = reader.over ? undefined : reader.answer(UNREAD);
  if (answer !== undefined) return answer;
  reader.at = at;
  return reader.over ? undefined : reader.answer({ ...UNREAD, method: "HEAD" });
}

/** Behind all that was whole there may be the refusal of what was not. */
function afterAll(reader: Reader, cut: boolean): Verdict {
  const answer = refused(reader);
  if (answer === undefined) {
    return cut ? undefined : "half an answer to nothing";
  }
  return answer.status >= 400 && answer.closes && reader.over
    ? undefined
    : `a ${answer.status} to nothing`;
}
