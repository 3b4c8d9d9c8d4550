/**
 * What clients do to the server: some behave well, and each of their answers is
 * read to its last octet; the others do whatever clients do.
 *
 * An act throws when an answer is not what it has to be. How those fare that
 * leave or misbehave is seen in what the server still holds when they are gone.
 *
 * @module
 */

import { sendAndReset, Wire, type WireResponse } from "../wire_client.ts";
import { PIECE } from "./app.ts";
import type { Random } from "./random.ts";

/** What an act has: where the server is, and its own chance. */
export interface Scene {
  readonly port: number;
  readonly random: Random;
}

type Act = (scene: Scene) => Promise<void>;

/** As long as anybody waits for anything, in milliseconds. */
const DEADLINE = 15_000;

const HOST = "Host: soak\r\n";

function get(path: string, fields = "", method = "GET"): string {
  return `${method} ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`;
}

function post(path: string, content: string, fields = ""): string {
  const length = `Content-Length: ${content.length}\r\n`;
  return get(path, length + fields, "POST") + content;
}

function chunked(path: string, pieces: readonly string[]): string {
  const chunks = pieces.map((piece) =>
    `${piece.length.toString(16)}\r\n${piece}\r\n`
  );
  return get(path, "Transfer-Encoding: chunked\r\n", "POST") +
    chunks.join("") + "0\r\n\r\n";
}

// ── those that behave well ─────────────────────────────────────────────────

async function keepAlive({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  for (let left = random.between(1, 20); left > 0; left--) {
    const n = random.between(0, 1e9);
    await wire.send(get(`/n/${n}`));
    await answered(wire, 200, `${n}`);
  }
}

async function pipelined({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const numbers = Array.from(
    { length: random.between(2, 100) },
    () => random.between(0, 1e9),
  );
  const sent = numbers.map((n) => get(`/n/${n}`)).join("");
  await wire.feed(random.cut(sent, random.of([40, 1_000, 100_000])));
  for (const n of numbers) await answered(wire, 200, `${n}`);
}

async function uploads({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  for (let left = random.between(1, 5); left > 0; left--) {
    const content = "u".repeat(random.between(0, 200_000));
    const pieces = random.cut(content, random.of([50_000, 5_000]));
    const sent = random.next() < 0.5
      ? post("/size", content)
      : chunked("/size", pieces);
    await wire.send(sent);
    await answered(wire, 200, `${content.length}`);
  }
}

async function tinyChunks({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const content = "t".repeat(random.between(1, 2_000));
  await wire.send(chunked("/text", [...content]));
  await answered(wire, 200, content);
}

async function unread({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  await wire.send(post("/unread", "x".repeat(random.between(1, 100_000))));
  await answered(wire, 200, "unread");
  await wire.send(get("/n/1"));
  await answered(wire, 200, "1");
}

async function continued({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const content = "c".repeat(random.between(1, 10_000));
  const sent = post("/text", content, "Expect: 100-continue\r\n");
  await wire.send(sent.slice(0, -content.length));
  const interim = await wire.one();
  must(interim?.status === 100, `${interim?.status} for Expect`);
  await wire.send(content);
  await answered(wire, 200, content);
}

async function downloads({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const pieces = random.between(0, 30);
  await wire.send(get(`/download/${pieces}`) + get("/large") + get("/file"));
  await answered(wire, 200, PIECE.repeat(pieces));
  await answered(wire, 200, PIECE.repeat(20));
  await answered(wire, 200);
}

async function others({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const rows: [method: string, path: string, status: number][] = [
    ["HEAD", "/n/7", 200],
    ["HEAD", "/download/3", 200],
    ["OPTIONS", "/n/7", 204],
    ["OPTIONS", "*", 204],
    ["GET", "/nowhere", 404],
    ["DELETE", "/n/7", 405],
    ["GET", "/throws", 500],
    ["GET", "/rejects", 500],
    ["GET", "/refuses", 409],
    ["GET", `/wait/${random.between(1, 50)}`, 200],
  ];
  for (let left = random.between(1, 10); left > 0; left--) {
    const [method, path, status] = random.of(rows);
    await wire.send(get(path, "", method));
    await answered(wire, status, undefined, `${method} ${path} HTTP/1.1`);
  }
}

async function halfClosed({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const ms = random.between(1, 50);
  await wire.send(get(`/wait/${ms}`));
  await wire.finish();
  await answered(wire, 200, "waited");
  await wire.closed();
}

/** Slow, but within the bounds. */
async function patient({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const n = random.between(0, 1e9);
  const request = get(`/n/${n}`);
  await wire.send(request.slice(0, 9));
  await pause(300);
  await wire.send(request.slice(9));
  await answered(wire, 200, `${n}`);
}

async function upgrades({ port, random }: Scene): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const early = "e".repeat(random.between(0, 2_000));
  const head = get("/echo", "Connection: upgrade\r\nUpgrade: echo\r\n");
  await write(conn, head + early);
  await hear(conn, (said) => said.endsWith("\r\n\r\n" + early));
  for (let left = random.between(0, 5); left > 0; left--) {
    const message = "m".repeat(random.between(1, 3_000));
    await write(conn, message);
    await hear(conn, (said) => said === message);
  }
}

// ── those that do not ──────────────────────────────────────────────────────

const MALFORMED: readonly [wire: string, status: number][] = [
  ["\0\0\0\0\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\n\r\n", 400],
  [get(`/${"a".repeat(9_000)}`), 414],
  [get("/", "a: b\r\n".repeat(200)), 431],
  [get("/", `a: ${"b".repeat(20_000)}\r\n`), 431],
  [post("/size", "", "Content-Length: 1\r\n"), 400],
  [post("/size", "", "Transfer-Encoding: chunked\r\n"), 400],
  [get("/size", "Transfer-Encoding: gzip\r\n", "POST"), 400],
  [get("/size", "Content-Length: 9999999\r\n", "POST"), 413],
  [get("/size", "Transfer-Encoding: chunked\r\n", "POST") + "x\r\n", 400],
  [
    get("/size", "Transfer-Encoding: chunked\r\n", "POST") +
    `1;${"a".repeat(9_000)}`,
    400,
  ],
  [
    get("/size", "Transfer-Encoding: chunked\r\n", "POST") +
    `0\r\n${"a: b\r\n".repeat(40)}\r\n`,
    431,
  ],
];

async function malformed({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const [sent, status] = random.of(MALFORMED);
  await wire.feed([get("/n/1"), ...random.cut(sent, 9_000)]);
  await answered(wire, 200, "1");
  await answered(wire, status);
  await wire.closed();
}

/** The end of a broken stream must not look like the end of a whole one. */
async function broken({ port }: Scene): Promise<void> {
  using wire = await open(port);
  await wire.send(get("/breaks"));
  const taken = await wire.response().then(() => true, () => false);
  must(!taken, "a part was taken for the whole");
}

/** What somebody was at who leaves. */
const ABORTED: readonly string[] = [
  "",
  "GET /n/1 HT",
  get("/n/1"),
  get("/wait/1000"),
  get("/endless"),
  get("/ticks"),
  get("/file"),
  get("/large").repeat(5),
  post("/size", "x".repeat(50_000)).slice(0, 20_000),
  chunked("/size", ["x".repeat(5_000)]).slice(0, 2_000),
  get("/echo", "Connection: upgrade\r\nUpgrade: echo\r\n") + "early",
];

async function aborted({ port, random }: Scene): Promise<void> {
  const sent = random.of(ABORTED);
  const hears = sent.startsWith("GET") && sent.endsWith("\n");
  if (random.next() < 0.5) {
    return await sendAndReset(
      { port },
      sent,
      hears && random.next() < 0.5 ? "hearing" : "sending",
    );
  }
  using wire = await open(port);
  await wire.send(sent);
  await pause(random.of([0, 0, 20]));
}

async function slowHead({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  const trickled = random.of(["GET / HTTP/1.1\r\nHost: ", "\r\n", "GET /"]);
  await wire.send(random.of(["", get("/n/1")]) + trickled);
  if (wire.received !== "") await answered(wire, 200, "1");
  const trickle = setInterval(() => void wire.send("a").catch(() => {}), 100);
  try {
    let answer = await wire.response();
    if (answer?.status === 200) answer = await wire.response();
    must(answer?.status === 408 || answer?.status === 400, "a slow head");
  } finally {
    clearInterval(trickle);
  }
}

async function slowContent({ port }: Scene): Promise<void> {
  using wire = await open(port);
  await wire.send(post("/size", "x".repeat(100)).slice(0, -50));
  await answered(wire, 408);
  await wire.closed();
}

async function late({ port }: Scene): Promise<void> {
  using wire = await open(port);
  await wire.send(get("/late"));
  await answered(wire, 503);
  await wire.closed();
}

/** The server has to cut it: it takes nothing of what it asked for. */
async function takesNothing({ port, random }: Scene): Promise<void> {
  using wire = await open(port);
  await wire.send(random.of([get("/endless"), get("/large").repeat(100)]));
  await pause(random.of([500, 3_500]));
}

async function idle({ port, random }: Scene): Promise<void> {
  const wires = await Promise.all(
    Array.from({ length: random.between(1, 50) }, () => open(port)),
  );
  const waits = random.next() < 0.3;
  for (const wire of wires) {
    if (waits) await wire.closed();
    wire.close();
  }
}

// ── all of them ────────────────────────────────────────────────────────────

/** Each act, and how often it is done beside the others. */
export const ACTS: Readonly<Record<string, readonly [times: number, Act]>> = {
  "keep-alive": [10, keepAlive],
  "pipelined": [10, pipelined],
  "uploads": [6, uploads],
  "tiny chunks": [3, tinyChunks],
  "content left unread": [3, unread],
  "100 Continue": [3, continued],
  "downloads": [4, downloads],
  "other methods, errors": [6, others],
  "half-closed": [3, halfClosed],
  "patient": [2, patient],
  "upgrades": [4, upgrades],
  "malformed": [6, malformed],
  "answers that break": [3, broken],
  "aborted": [20, aborted],
  "slow heads": [1, slowHead],
  "slow content": [1, slowContent],
  "late handlers": [1, late],
  "clients that read nothing": [1, takesNothing],
  "idle": [2, idle],
};

const WEIGHTED: readonly string[] = Object.entries(ACTS)
  .flatMap(([name, [times]]) => Array<string>(times).fill(name));

/** What an act came to. */
export interface Outcome {
  readonly act: string;
  readonly ms: number;
  /** What went wrong; `undefined` where nothing did. */
  readonly problem?: string;
}

/** Does one act after the other until `ends`. */
export async function play(
  scene: Scene,
  ends: () => boolean,
  done: (outcome: Outcome) => void,
): Promise<void> {
  while (!ends()) {
    const act = scene.random.of(WEIGHTED);
    done(await outcomeOf(act, () => ACTS[act]![1](scene)));
    await pause(scene.random.between(0, 20));
  }
}

/** Asks again and again, now and then on a new connection, and waits for each. */
export async function steady(
  port: number,
  ends: () => boolean,
  done: (outcome: Outcome) => void,
): Promise<void> {
  let wire: Wire | undefined;
  for (let n = 0; !ends(); n++) {
    done(
      await outcomeOf("the steady client", async () => {
        if (n % 10 === 0) wire?.close();
        if (n % 10 === 0) wire = await open(port);
        await wire!.send(get(`/n/${n}`));
        await answered(wire!, 200, `${n}`);
      }),
    );
    await pause(20);
  }
  wire?.close();
}

async function outcomeOf(
  act: string,
  work: () => Promise<void>,
): Promise<Outcome> {
  const start = performance.now();
  try {
    await work();
    return { act, ms: performance.now() - start };
  } catch (error) {
    const problem = error instanceof Error ? error.message : `${error}`;
    return { act, ms: performance.now() - start, problem };
  }
}

// ── on the wire ────────────────────────────────────────────────────────────

async function open(port: number): Promise<Wire & Disposable> {
  const wire = await Wire.connect({ port, deadline: DEADLINE });
  return Object.assign(wire, { [Symbol.dispose]: () => wire.close() });
}

/** The next answer, which is well-formed or `Wire` throws, and what it must be. */
async function answered(
  wire: Wire,
  status: number,
  content?: string,
  to?: string,
): Promise<WireResponse> {
  const answer = await wire.response(to);
  must(answer !== undefined, `no answer in place of ${status}`);
  must(answer!.status === status, `${answer!.status} in place of ${status}`);
  const same = content === undefined || answer!.content === content;
  must(same, `${answer!.content.length} octets that are not the content`);
  return answer!;
}

function must(holds: boolean, says: string): void {
  if (!holds) throw new Error(`The server sent ${says}`);
}

async function write(conn: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

/** Reads until what was said is as it has to be, or no more comes. */
async function hear(
  conn: Deno.Conn,
  isAll: (said: string) => boolean,
): Promise<void> {
  const late = setTimeout(() => conn.close(), DEADLINE);
  try {
    const into = new Uint8Array(8_192);
    for (let said = ""; !isAll(said);) {
      const count = await conn.read(into);
      must(count !== null, `an end behind ${said.length} octets`);
      said += new TextDecoder().decode(into.subarray(0, count!));
    }
  } finally {
    clearTimeout(late);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
