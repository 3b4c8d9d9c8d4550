/**
 * Runs the rows: every case on a connection of its own, fed in each of its ways.
 *
 * ```text
 *   Requirement ─▶ Case ─▶ feedings ─▶ one conversation ─▶ complaint?
 * ```
 *
 * A chapter is one test. Its conversations run side by side, and every complaint
 * names the row, the feeding, what was sent and what came back. What all answers
 * owe is checked here once: a date, one framing, the end of the connection
 * exactly where Connection announces it.
 *
 * @module
 */

import { serve } from "../../mod.ts";
import type { Server } from "../../mod.ts";
import {
  cut,
  escaped,
  linesOf,
  lists,
  octets,
  valueOf,
  Wire,
  WireError,
} from "../wire_client.ts";
import type { WireResponse } from "../wire_client.ts";
import { conformanceApp } from "./app.ts";
import type { Behind } from "./app.ts";
import { TLS_AUTHORITY, TLS_CERT, TLS_KEY } from "./certificate.ts";
import { isImfFixdate } from "./date.ts";
import { feedingsOf, get, sectionsOf } from "./rows.ts";
import type { Case, Expected, Feeding, Requirement, Standard } from "./rows.ts";

/** Conversations at a time: their waits pass together. */
const AT_ONCE = 256;

/** The request that proves persistence, and then ends the connection itself. */
const PROBE = get("/probe", "Connection: close");

/** Short enough to be waited for; idle is the longest, as it ends in silence. */
const HURRIED = {
  head: 300,
  idle: 1_000,
  body: 300,
  request: 600,
  linger: 300,
} as const;

/** One case, fed in one way. */
interface Trial {
  readonly row: Requirement;
  readonly one: Case;
  readonly feeding: Feeding;
  readonly name: string;
}

/** Makes each chapter of a standard a test. */
export function testStandard(standard: Standard): void {
  for (const [chapter, title] of Object.entries(standard.chapters)) {
    const rows = sectionsOf(standard, chapter).flatMap(({ rows }) => rows);
    const cases = rows.flatMap(({ cases }) => cases);
    const counts = `${cases.length} cases of ${rows.length} requirements`;
    Deno.test(`${standard.name} §${chapter} ${title}: ${counts}`, async () => {
      const complaints = await runRows(rows);
      if (complaints.length > 0) throw new Error(complaints.join("\n\n"));
    });
  }
}

/** Runs rows against servers of their own; what is wrong, one text a trial. */
export async function runRows(rows: readonly Requirement[]): Promise<string[]> {
  const behind: Behind = new Set();
  const servers = new Servers(behind);
  try {
    const trials = rows.flatMap(trialsOf);
    const run = (trial: Trial) => converse(trial, servers);
    const isHurried = ({ one }: Trial) => one.hurried === true;
    // Alone, so that no deadline passes for want of a processor.
    const complaints = new Map([
      ...await runAll(trials.filter((trial) => !isHurried(trial)), run),
      ...await runAll(trials.filter(isHurried), run),
    ]);
    return [...judge(trials, complaints), ...handledBehind(behind)];
  } finally {
    await servers.shutdown();
  }
}

/** The servers of a test: plain, under TLS, with short timeouts; made when asked for. */
class Servers {
  readonly #behind: Behind;
  readonly #running = new Map<string, Server>();

  constructor(behind: Behind) {
    this.#behind = behind;
  }

  portFor(one: Case): number {
    const tls = one.tls === true;
    const hurried = one.hurried === true;
    const kind = `${tls} ${hurried}`;
    const server = this.#running.get(kind) ?? this.#start(tls, hurried);
    this.#running.set(kind, server);
    return (server.addr as Deno.NetAddr).port;
  }

  async shutdown(): Promise<void> {
    for (const server of this.#running.values()) await server.shutdown();
  }

  #start(tls: boolean, hurried: boolean): Server {
    return serve(conformanceApp(this.#behind), {
      hostname: "127.0.0.1",
      port: 0,
      signals: false,
      onListen() {},
      onError() {},
      ...tls && { cert: TLS_CERT, key: TLS_KEY },
      ...hurried && { timeouts: HURRIED },
    });
  }
}

function trialsOf(row: Requirement): Trial[] {
  return row.cases.flatMap((one, at) =>
    feedingsOf(one).map((feeding) => ({
      row,
      one,
      feeding,
      name: `${row.id}.${at + 1}`,
    }))
  );
}

async function runAll(
  trials: readonly Trial[],
  run: (trial: Trial) => Promise<string | undefined>,
): Promise<Map<Trial, string>> {
  const complaints = new Map<Trial, string>();
  const queue = [...trials].reverse();
  const work = async () => {
    for (let trial = queue.pop(); trial; trial = queue.pop()) {
      const complaint = await run(trial);
      if (complaint !== undefined) complaints.set(trial, complaint);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return complaints;
}

/** A case that is known to fail must fail, in some feeding; any other must not. */
function judge(
  trials: readonly Trial[],
  complaints: ReadonlyMap<Trial, string>,
): string[] {
  const failed = new Set([...complaints.keys()].map(({ one }) => one));
  const passed = new Set(
    trials.filter(({ one }) => one.fails && !failed.has(one)).map(({ one }) =>
      one
    ),
  );
  return [
    ...[...complaints].filter(([{ one }]) => !one.fails).map(([, text]) =>
      text
    ),
    ...[...passed].map(({ name }) => `${name}: it is met now; remove "fails"`),
  ];
}

function handledBehind(behind: Behind): string[] {
  return [...behind].map((id) => `${id}: a request behind the end was handled`);
}

/** One conversation; what is wrong with it, if anything. */
async function converse(
  trial: Trial,
  servers: Servers,
): Promise<string | undefined> {
  const { one } = trial;
  const wire = await Wire.connect({
    port: servers.portFor(one),
    ...one.tls && { caCerts: [TLS_AUTHORITY] },
  });
  const feeding = one.talk ? undefined : feed(wire, trial);
  try {
    if (one.talk) await talk(wire, one);
    else await hear(wire, one);
    await end(wire, trial, feeding);
    return undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return complaint(trial, wire.received, error.message);
  } finally {
    wire.close();
    await feeding;
  }
}

async function feed(wire: Wire, { one, feeding, name }: Trial): Promise<void> {
  try {
    const taken = await wire.feed(piecesOf(one, feeding, name));
    if (taken && one.fin) await wire.finish();
  } catch (error) {
    // A server that does not read in time also fails to answer: that is heard.
    if (!(error instanceof WireError)) throw error;
  }
}

function piecesOf(
  { send, then }: Case,
  feeding: Feeding,
  name: string,
): string[] {
  switch (feeding) {
    case "at once":
      return cut(send, 64 * 1024);
    case "byte by byte":
      return cut(send, 1);
    case "in pieces":
      return cut(send, Math.max(7, Math.ceil(send.length / 64)));
    case "with a request behind":
      return [send + (then === "closes" ? get(`/behind/${name}`) : PROBE)];
  }
}

/** Waits for the answers of a case that was sent as a whole. */
async function hear(wire: Wire, { send, answers }: Case): Promise<void> {
  for (const [at, expected] of answers.entries()) {
    const to = expected.to ?? (at === 0 ? requestLine(send) : "GET / HTTP/1.1");
    await hearOne(wire, expected, to);
  }
}

async function hearOne(
  wire: Wire,
  expected: Expected,
  to: string,
): Promise<void> {
  if (expected.brokenOff) return await hearEnd(wire, to);
  const answer = await wire.response(to);
  if (answer === undefined && expected.optional) return;
  if (answer === undefined) throw new WireError("no answer came");
  lastOf.set(wire, answer);
  const wrong = owed(answer, to) ?? demanded(answer, expected);
  if (wrong !== undefined) throw new WireError(wrong);
}

/** An answer that must not be taken for whole: it ends before its framing does. */
async function hearEnd(wire: Wire, to: string): Promise<void> {
  const broken = await wire.response(to).then(() => false, (error) => {
    if (error instanceof WireError && /ended|reset/.test(error.message)) {
      return true;
    }
    throw error;
  });
  if (!broken) throw new WireError("the answer seems to be whole");
  wire.discard();
}

/** The last final answer of a connection, which says how it ends. */
const lastOf = new WeakMap<Wire, WireResponse>();

/** Turn by turn, so that nothing is sent before its time. */
async function talk(wire: Wire, { talk = [] }: Case): Promise<void> {
  let asked = "GET / HTTP/1.1";
  for (const turn of talk) {
    if ("send" in turn) {
      if (/ HTTP\/\d\.\d\r\n/.test(turn.send)) asked = requestLine(turn.send);
      await wire.send(turn.send);
    } else if ("interim" in turn) {
      const answer = await wire.one(asked);
      if (answer?.status !== turn.interim) {
        throw new WireError(
          `${answer?.status} came instead of ${turn.interim}`,
        );
      }
    } else if ("answer" in turn) {
      await hearOne(wire, turn.answer, turn.answer.to ?? asked);
    } else await wire.finish();
  }
}

/** The first line that is not empty: what the first answer answers. */
function requestLine(send: string): string {
  return /^(?:\r\n)*([^\r\n]*)/.exec(send)?.[1] ?? "";
}

/** The connection must go on, or end, as the case says. */
async function end(
  wire: Wire,
  { one, feeding }: Trial,
  fed: Promise<void> | undefined,
): Promise<void> {
  const last = lastOf.get(wire);
  const says = last !== undefined && lists(last, "connection", "close");
  if (one.refused && last) checkRefusal(last);
  if (one.then === "persists" && says) {
    throw new WireError(
      "the connection was to persist, and the answer says close",
    );
  }
  const closes = one.then === "closes" || (one.then === "as it says" && says);
  // An answer may come before the content is sent: the probe waits its turn.
  if (!closes) await fed;
  if (!closes) await probe(wire, one, feeding);
  else if (last && !says && !one.fin && !one.unsaid) {
    throw new WireError("the connection was to close, and no answer says so");
  }
  if (await wire.closed() === "reset") {
    throw new WireError("the connection was reset, not closed");
  }
}

/** Another request on the connection is the proof that it persists. */
async function probe(
  wire: Wire,
  { owes = "" }: Case,
  feeding: Feeding,
): Promise<void> {
  if (feeding !== "with a request behind") await wire.send(owes + PROBE);
  const answer = await wire.response();
  if (answer?.status !== 200 || answer.content !== "probe") {
    throw new WireError(
      `the request behind was answered with ${answer?.status ?? "nothing"}`,
    );
  }
}

/** What every refusal owes: design, and RFC 9112 §9.6. */
function checkRefusal(answer: WireResponse): void {
  if (valueOf(answer, "content-length") === undefined) {
    throw new WireError("the refusal has no Content-Length");
  }
  if (!lists(answer, "connection", "close")) {
    throw new WireError("the refusal does not say that the connection closes");
  }
}

/** What every answer owes; framing was checked when it was read. */
function owed(answer: WireResponse, to: string): string | undefined {
  if (answer.version !== "HTTP/1.1") {
    return `it is an ${answer.version} response`;
  }
  const dates = linesOf(answer, "date");
  if (dates.length !== 1) return `it has ${dates.length} Date fields`;
  if (!isImfFixdate(dates[0])) return `its Date is ${dates[0]}`;
  return wrongOptions(answer) ?? wrongEnd(answer, to);
}

/** RFC 9110 §7.6.1: what speaks of the connection is listed in Connection. */
function wrongOptions(answer: WireResponse): string | undefined {
  for (const name of ["keep-alive", "upgrade", "te"]) {
    const sent = valueOf(answer, name) !== undefined;
    if (sent && !lists(answer, "connection", name)) {
      return `it has ${name}, and Connection does not list that`;
    }
  }
  return undefined;
}

/** RFC 9112 §9.6: content that ends with the connection must announce the end. */
function wrongEnd(answer: WireResponse, to: string): string | undefined {
  const ends = answer.framing === "close" && !/HTTP\/1\.0$/.test(to);
  if (ends && !lists(answer, "connection", "close")) {
    return "its content ends with the connection, and it does not say so";
  }
  return undefined;
}

function demanded(
  answer: WireResponse,
  expected: Expected,
): string | undefined {
  const { status, content, fields = {}, interim, check } = expected;
  if (![status].flat().includes(answer.status)) {
    return `the status is ${answer.status}, not ${
      [status].flat().join(" or ")
    }`;
  }
  if (content !== undefined && answer.content !== content) {
    return `the content is ${escaped(answer.content, 80)}, not ${
      escaped(content, 80)
    }`;
  }
  const came = answer.interim.map(({ status }) => status);
  if (interim && came.join() !== interim.join()) {
    return `${came.join() || "no 1xx"} came first, not ${
      interim.join() || "nothing"
    }`;
  }
  return wrongField(answer, fields) ?? wrongSeen(answer, expected) ??
    check?.(answer);
}

function wrongField(
  answer: WireResponse,
  fields: NonNullable<Expected["fields"]>,
): string | undefined {
  for (const [name, want] of Object.entries(fields)) {
    const value = valueOf(answer, name);
    const right = want instanceof RegExp
      ? value !== undefined && want.test(value)
      : (value ?? null) === want;
    if (!right) {
      return `${name} is ${value ?? "absent"}, not ${want ?? "absent"}`;
    }
  }
  return undefined;
}

function wrongSeen(
  answer: WireResponse,
  { seen }: Expected,
): string | undefined {
  if (!seen || answer.status !== 200) return undefined;
  const text = new TextDecoder().decode(octets(answer.content));
  const came = JSON.parse(text) as Record<string, unknown>;
  for (const [name, want] of Object.entries(seen)) {
    if (JSON.stringify(came[name]) !== JSON.stringify(want)) {
      return `the handler saw ${name} ${JSON.stringify(came[name])}, not ${
        JSON.stringify(want)
      }`;
    }
  }
  return undefined;
}

function complaint(
  { row, one, feeding, name }: Trial,
  came: string,
  wrong: string,
): string {
  const sent = one.talk
    ? one.talk.map((turn) =>
      "send" in turn ? escaped(turn.send) : JSON.stringify(turn)
    )
    : [escaped(one.send) + (one.fin ? " FIN" : "")];
  return [
    `✗ ${name} ${one.name} (${feeding}): ${wrong}`,
    `  ${row.level}: ${row.says}`,
    ...sent.map((line) => `  > ${line}`),
    `  < ${escaped(came)}`,
  ].join("\n");
}
