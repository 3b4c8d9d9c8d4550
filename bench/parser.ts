/**
 * What reading a request costs: nanoseconds a head, and content in MB a second.
 *
 * ```sh
 * deno run -A bench/parser.ts [--quick]
 * ```
 *
 * Our parser is measured whole, with all of its checks: room is asked for and
 * filled, the head is read, and the end behind it. Then with four strings asked
 * for, which is what a server does, and then its scan alone. Peers come from npm
 * when they are needed: llhttp as WebAssembly, the parser of Node and undici, and
 * http-parser-js, which is what Node used before.
 *
 * @module
 */

import {
  type Case,
  contender,
  measure,
  pace,
  race,
  report,
  type Results,
} from "./measure.ts";
import { type Contender, CONTENDERS, type Told } from "./parser/contenders.ts";
import { table } from "./table.ts";

const SMALL = [
  "GET /songs/42 HTTP/1.1",
  "Host: localhost:8080",
  "User-Agent: curl/8.14.1",
  "Accept: application/json",
  "",
  "",
].join("\r\n");

const BROWSERS = [
  "GET /house/kitchen/songs/42?page=2&sort=title HTTP/1.1",
  "Host: music.example.com",
  "Connection: keep-alive",
  "Cache-Control: max-age=0",
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"',
  "sec-ch-ua-mobile: ?0",
  'sec-ch-ua-platform: "Linux"',
  "Upgrade-Insecure-Requests: 1",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Sec-Fetch-Site: same-origin",
  "Sec-Fetch-Mode: navigate",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-NZ,en;q=0.9,mi;q=0.8",
  "Cookie: session=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
  "",
  "",
].join("\r\n");

const HEADS: readonly (readonly [name: string, head: string, told: Told])[] = [
  ["small", SMALL, { method: "GET", target: "/songs/42", fields: 3 }],
  ["browser's", BROWSERS, {
    method: "GET",
    target: "/house/kitchen/songs/42?page=2&sort=title",
    fields: 14,
  }],
];

const MiB = 1024 * 1024;
const READ = 64 * 1024;

/** Content of 1 MiB, by the size of its chunks; 0 for none. */
const CONTENTS: readonly (readonly [name: string, chunk: number])[] = [
  ["a length", 0],
  ["chunks of 16 B", 16],
  ["of 1 KiB", 1024],
  ["of 16 KiB", 16 * 1024],
];

/** Measures all contenders and says what came of it. */
export async function run({ quick }: { quick: boolean }): Promise<string> {
  const results = await race(import.meta.url, Object.keys(CONTENDERS), quick);
  return `${headTable(results)}\n${contentTable(results)}`;
}

function headTable(results: Results): string {
  const [ours] = results.values();
  const rows = [...results].map(([name, figures]) => [
    name,
    ...HEADS.flatMap(([head]) => {
      const { ns } = figures.get(head)!;
      return [ns.toFixed(0), (ns / ours!.get(head)!.ns).toFixed(2)];
    }),
  ]);
  const names = HEADS.flatMap(([name, head]) => [
    `${name}, ${head.length} B`,
    "to ours",
  ]);
  return table("Heads, ns each", ["parser", ...names], rows, [
    `Processes lie apart by up to ${percent(results)}. ` +
    "llhttp gives spans, and makes no string.",
  ]);
}

function contentTable(results: Results): string {
  const rows = [...results].filter(([, figures]) => figures.size > HEADS.length)
    .map(([name, figures]) => [
      name,
      ...CONTENTS.map(([content]) =>
        (1000 / figures.get(content)!.ns).toFixed(0)
      ),
    ]);
  return table(
    "Content of 1 MiB in reads of 64 KiB, MB/s",
    ["parser", ...CONTENTS.map(([name]) => name)],
    rows,
    ["A read is copied to where the parser wants it; http-parser-js takes it as it is."],
  );
}

function percent(results: Results): string {
  const spreads = [...results.values()].flatMap((figures) =>
    [...figures.values()].map(({ spread }) => spread)
  );
  return `${(Math.max(...spreads) * 100).toFixed(0)} %`;
}

/** Heads that a pass reads. */
const TIMES = 1000;

/** What one contender is measured on, once it is known to be right. */
function casesOf(each: Contender): Case[] {
  return [
    ...HEADS.map(([name, head, told]) => {
      const read = each.heads(octets(head));
      read(1);
      check(name, each.told(), told);
      return { name, size: TIMES, pass: () => read(TIMES) };
    }),
    ...each.content
      ? CONTENTS.map(([name, chunk]) => {
        const pass = each.content!(request(chunk), READ);
        check(name, pass(), MiB);
        return { name, size: MiB, pass };
      })
      : [],
  ];
}

function check(what: string, found: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (is !== should) {
    throw new Error(`Cannot use ${what}: ${is} is not ${should}`);
  }
}

function request(chunk: number): Uint8Array {
  const head = "POST /songs HTTP/1.1\r\nHost: localhost:8080\r\n";
  if (chunk === 0) {
    return octets(`${head}Content-Length: ${MiB}\r\n\r\n${"a".repeat(MiB)}`);
  }
  const one = `${chunk.toString(16)}\r\n${"a".repeat(chunk)}\r\n`;
  return octets(
    `${head}Transfer-Encoding: chunked\r\n\r\n${
      one.repeat(MiB / chunk)
    }0\r\n\r\n`,
  );
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

if (import.meta.main) {
  const quick = Deno.args.includes("--quick");
  const name = contender();
  if (name === undefined) {
    console.log(await run({ quick }));
  } else {
    const each = await CONTENDERS[name]!();
    report(measure(casesOf(each), pace(quick)));
  }
}
