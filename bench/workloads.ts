/**
 * What is asked, and what the answer must be.
 *
 * | | |
 * | --- | --- |
 * | W1 | plain text, connections kept |
 * | W2 | the same, pipelined by 16. No browser does that |
 * | W3 | a browser's head, 30 routes, two params, a query, two fields → JSON |
 * | W4 | POST of 1 KiB of JSON → JSON |
 * | W5 | a file of 64 KiB, from memory: nobody asks a disk |
 * | W5L | the same of 10 MiB, eight at a time |
 * | W6 | an upload of 64 MiB, counted as it comes |
 * | W6M | the same as a file in a form (`multipart/form-data`) |
 * | W7 | plain text, one request a connection |
 * | W8 | 5,000 idle connections |
 * | W9 | from the start of the process to the first answer |
 *
 * @module
 */

import { FILES, TEXT } from "./peers/app.js";

/** A request as it is sent, and the content that must come back. */
export interface Exchange {
  readonly request: string;
  readonly answer: string;
  readonly type: "text/plain" | "application/json" | typeof BINARY;
}

const BINARY = "application/octet-stream";

/** A workload that wrk drives. */
export interface Workload extends Exchange {
  readonly title: string;
  /** Requests that are sent before their answers are waited for. */
  readonly pipeline: number;
  /** Connections of wrk, where they are others. */
  readonly connections?: number;
  /** Bytes of the answers by which CPU is told: a MB (10⁶), else a request. */
  readonly bytes?: number;
  /**
   * Servers that end a connection on demand without saying so in their answer.
   * wrk sends them one more request then, and counts an error of reading.
   */
  readonly endsUnsaid?: readonly string[];
  /** What is to be said wherever its figures are quoted. */
  readonly note?: string;
}

/** Said of W7 to W9. */
export const KEPT =
  "Most of this is what Deno.listen costs, which a server on it keeps.";

/** Connections of wrk. */
export const CONNECTIONS = 64;

const PLAIN: Exchange = {
  request: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  answer: TEXT,
  type: "text/plain",
};

const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/141.0.0.0 Safari/537.36";

const LANGUAGE = "en-GB,en;q=0.9,de;q=0.8";

/** 14 field lines, about 700 bytes. */
const BROWSER = `GET /api/blue/songs/4711?page=2&q=summertime HTTP/1.1
Host: localhost
Connection: keep-alive
sec-ch-ua: "Chromium";v="141", "Not?A_Brand";v="8"
sec-ch-ua-mobile: ?0
sec-ch-ua-platform: "Linux"
Upgrade-Insecure-Requests: 1
User-Agent: ${AGENT}
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
Sec-Fetch-Site: same-origin
Sec-Fetch-Mode: navigate
Sec-Fetch-Dest: document
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: ${LANGUAGE}
Cookie: session=1f0e9c6d2b7a48538c1d; theme=dark

`.replaceAll("\n", "\r\n");

/** 1,024 bytes of JSON. */
const SONG = song(1024);

function song(length: number): string {
  const of = (verses: string) =>
    JSON.stringify({
      title: "Summertime",
      composer: "George Gershwin",
      year: 1935,
      tags: ["opera", "lullaby", "standard"],
      verses,
    });
  return of("la ".repeat(length).slice(0, length - of("").length));
}

/** What wrk drives. */
export const WORKLOADS: Readonly<Record<string, Workload>> = {
  W1: {
    title: "plain text, connections kept",
    note: "The kernel is most of this: a tie is all there is to win.",
    pipeline: 1,
    ...PLAIN,
  },
  W2: {
    title: "plain text, pipelined by 16",
    note: "No browser pipelines.",
    pipeline: 16,
    ...PLAIN,
  },
  W3: {
    title: "a browser's head, 30 routes, JSON",
    pipeline: 1,
    request: BROWSER,
    answer: JSON.stringify({
      house: "blue",
      id: "4711",
      page: "2",
      agent: AGENT,
      language: LANGUAGE,
    }),
    type: "application/json",
  },
  W4: {
    title: "POST of 1 KiB of JSON",
    pipeline: 1,
    request: "POST /songs HTTP/1.1\r\nHost: localhost\r\n" +
      "Content-Type: application/json\r\n" +
      `Content-Length: ${SONG.length}\r\n\r\n${SONG}`,
    answer: JSON.stringify({ title: "Summertime" }),
    type: "application/json",
  },
  W5: fileWorkload("W5", "file of 64 KiB", CONNECTIONS),
  W5L: fileWorkload("W5L", "file of 10 MiB, eight at a time", 8),
  W7: {
    title: "plain text, one request a connection",
    note: KEPT,
    endsUnsaid: ["bun"],
    pipeline: 1,
    ...PLAIN,
    request: PLAIN.request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
  },
};

/** A file of the workload, whose bytes count up. */
export function contentOf(workload: keyof typeof FILES): Uint8Array {
  return Uint8Array.from({ length: FILES[workload] }, (_, at) => at & 0x7F);
}

function fileWorkload(
  workload: keyof typeof FILES,
  title: string,
  connections: number,
): Workload {
  return {
    title,
    note: "The file is in memory: no disk is asked.",
    connections,
    pipeline: 1,
    request: `GET /${workload}.bin HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    get answer() { // made for who asks: it is long
      return new TextDecoder().decode(contentOf(workload));
    },
    type: BINARY,
    bytes: FILES[workload],
  };
}

/** What is asked once of a server of `workload`, to see that it answers right. */
export function exchangeOf(workload: string): Exchange {
  return WORKLOADS[workload] ?? PLAIN;
}

/** The content of W6. */
export const UPLOAD_BYTES = 64 * 1024 * 1024;
