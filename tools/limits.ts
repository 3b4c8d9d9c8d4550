/**
 * Prints `docs/limits.md` from the tables of `limits.ts`: every bound, what is
 * beyond it, and what other servers chose; and when to choose another.
 *
 * ```sh
 * deno run --allow-read --allow-write=docs tools/limits.ts
 * deno run --allow-read tools/limits.ts --check
 * ```
 *
 * @module
 */

import { type Bound, FIXED, LIMITS, TIMEOUTS } from "../limits.ts";

/** Where the document is kept. */
export const DOCUMENT: URL = new URL("../docs/limits.md", import.meta.url);

/** The whole document. */
export function printLimits(): string {
  return [
    "<!-- deno-fmt-ignore-file -->",
    "",
    INTRODUCTION,
    "",
    "## limits",
    "",
    ...table(LIMITS),
    "",
    "## timeouts",
    "",
    TIMES,
    "",
    ...table(TIMEOUTS),
    "",
    "## What no option moves",
    "",
    ...table(FIXED),
    "",
    ADVICE,
    "",
  ].join("\n");
}

const INTRODUCTION = `\
# Limits

Nothing that a client does is unbounded unless you say so. Every bound is on by
default, but for \`timeouts.request\` and \`timeouts.handler\`; all of them are
options of \`serve\`, and \`limits.body\` and \`timeouts.handler\` of a single route
as well. This page is printed from [\`limits.ts\`](../limits.ts):

\`\`\`sh
deno run --allow-read --allow-write=docs tools/limits.ts
\`\`\`

- Only \`Infinity\` switches a bound off, and 0 means that none is allowed. What is
  no number from 0, and a name that is none, throws when the server starts.
- A bound counts octets of the message and never packets: the verdict is the same
  however the octets were cut on their way.
- A status is one answer with \`Connection: close\`, and nothing behind it is
  parsed; where a handler met the bound (content, pairs, cookies), the connection
  goes on if it can.
- A deadline that is late is late by a second at most.

What others do is from their documentation or source, as far as it could be read
in 2026; it is there to say whether a default is usual. *None* is what a server
does when nobody sets anything.`;

const TIMES = `\
Those of a peer run only while it is waited for: a slow handler is no stalled
client, and a stream that is quiet is no stalled answer.`;

function table(bounds: Readonly<Record<string, Bound>>): string[] {
  return [
    "| name | default | beyond it | counts | elsewhere |",
    "| --- | --: | --- | --- | --- |",
    ...Object.entries(bounds).map(([name, bound]) =>
      line([
        `\`${name}\``,
        amount(bound),
        typeof bound.answer === "number" ? `${bound.answer}` : bound.answer,
        bound.bounds,
        bound.precedent,
      ])
    ),
  ];
}

/** A default with its unit, as people say it. */
function amount({ default: most, unit }: Bound): string {
  if (most === Infinity) return "none";
  switch (unit) {
    case "ms":
      return most < 1_000 ? `${most} ms` : `${most / 1_000} s`;
    case "bytes":
      return inBytes(most);
    case "times":
      return `${most} ×`;
    default:
      return `${most.toLocaleString("en")} ${unit}`;
  }
}

function inBytes(most: number): string {
  if (most >= 1 << 20) return `${most / (1 << 20)} MiB`;
  return most >= 1024 ? `${most / 1024} KiB` : `${most} bytes`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const ADVICE = `\
## Behind a proxy

- Its connections to us are few and live long. \`timeouts.idle\` should be longer
  than the proxy keeps a connection it does not use, or it sends a request into
  one that we are closing, and its client gets a 502: 65 s is above the 60 s of
  nginx (\`keepalive_timeout\` of an \`upstream\`) and of the load balancers of AWS.
- Slow clients are the proxy's to bound: it reads a request whole before it
  passes it on (nginx: \`proxy_request_buffering\`). Keep ours all the same; they
  are for the day when somebody comes round the proxy.
- The smaller of the two bounds holds. Set \`limits.body\` and the proxy's (nginx:
  \`client_max_body_size\`) to the same, so that one and the same page says 413.
- \`limits.connections\` counts the proxy's connections and knows nothing of
  clients. A bound for each client is the proxy's.
- Say \`trustProxy\`, or every client has the proxy's address.

## Large uploads

Raise \`limits.body\` for the route that takes them, and for no other, and pull
\`c.content\`: each piece is lent, and nothing is collected.

\`\`\`ts
import { Router } from "@no8/wire";
import { assertEquals } from "@std/assert";

const app = new Router();
app.put("/films/:name", { limits: { body: 8 * 1024 ** 3 } }, async (_input, c) => {
  let size = 0;
  for await (const piece of c.content) size += piece.length;
  return { size };
});

const answer = await app.request("/films/a", { method: "PUT", body: "abc" });
assertEquals(await answer.json(), { size: 3 });
\`\`\`

- No timeout bounds the whole of an upload: \`timeouts.body\` is for the time without
  progress, and the floor of 240 bytes a second for what trickles. Set
  \`timeouts.request\` where an upload should end by some time, whatever the client's
  line is.
- A handler that refuses (401, 415) before it reads costs the client nothing that
  it had not sent: at most \`limits.unread\` is cleared, else the connection closes.
- \`c.json()\`, \`c.bytes()\` and \`c.formData()\` collect. What they may hold at once is
  \`limits.body\` times the requests that are alive.

## Long polling, and streams that last

- \`timeouts.handler\` is none by default. Where you have set it, set it on the route
  that waits, too: \`{ timeouts: { handler: Infinity } }\`.
- \`c.signal\` fires when the client has left; give it to whatever is waited for.
- \`timeouts.write\` runs only while something is being written, so an answer may be
  quiet for hours. Not so for proxies (nginx: \`proxy_read_timeout\`, 60 s): send
  something now and then.
- Each one that waits is a connection: \`limits.connections\` is how many there can
  be, and about 10 kB of memory each.
- \`shutdown()\` waits for them until \`timeouts.drain\`. Let them end by a signal of
  your own when the server stops, or set it short.

## Small devices, slow lines

- \`timeouts.head\` does not move with progress: a head has 15 s, which at its default
  bound of 16 KiB is 9 kbit/s. Raise it for lines that are slower.
- \`timeouts.idle\` may be long where a new connection is dear. At
  \`limits.connections\`, who was idle for longest closes first, so that nobody is
  turned away for it.

## A small public API

Lower what nobody needs: \`limits: { body: 16_384, head: 8_192, pairs: 50 }\`. Each
request may then hold less, and who tries for more is told so with the name of the
bound.

## What is not here

The rate of requests, and how many connections one address may have: that is for a
proxy, or for middleware of yours. Bounds for WebSocket messages and for the parts
of a form that is read part by part come with these features. Content is never
decompressed, so there is no bound for that either.`;

async function main(): Promise<void> {
  const text = printLimits();
  if (!Deno.args.includes("--check")) {
    return await Deno.writeTextFile(DOCUMENT, text);
  }
  if (text !== await Deno.readTextFile(DOCUMENT)) {
    console.error("docs/limits.md and limits.ts differ: print it anew");
    Deno.exit(1);
  }
}

if (import.meta.main) await main();
