/**
 * The server that is soaked, in a process of its own: it prints its port, and a
 * line of figures for each line that it is sent.
 *
 * Its bounds on time are short, so that a soak of two minutes meets all of them.
 *
 * @module
 */

import { Fault, HttpError, serve } from "../../mod.ts";
import { lines } from "../../bench/process.ts";
import { type Gauge, Mischief, soakApp } from "./app.ts";

/** What the server says of itself. */
export interface Figures {
  readonly connections: number;
  readonly requests: number;
  readonly pending: number;
  readonly heap: number;
  /** Errors that neither a client nor the application has made on purpose. */
  readonly surprises: readonly string[];
}

/** Bounds on time, in milliseconds. */
export const TIMEOUTS = {
  head: 2_000,
  idle: 2_500,
  body: 2_000,
  write: 2_000,
  handler: 3_000,
  linger: 200,
  drain: 3_000,
} as const;

/** What buffers hold is given back a turn after they were collected. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

if (import.meta.main) {
  const gauge: Gauge = { pending: 0 };
  const surprises: string[] = [];
  const server = serve(soakApp(gauge, Deno.args.includes("--leak")), {
    hostname: "127.0.0.1",
    port: 0,
    timeouts: TIMEOUTS,
    onListen: ({ port }) => console.log(JSON.stringify({ port })),
    onError: (error) => {
      const meant = error instanceof Fault || error instanceof HttpError ||
        error instanceof Mischief;
      if (!meant && surprises.length < 20) surprises.push(Deno.inspect(error));
    },
  });
  const next = lines(Deno.stdin.readable);
  while (await next() !== undefined) {
    await collect();
    const { heapUsed, external } = Deno.memoryUsage();
    const { connections, requests } = server.stats;
    const heap = heapUsed + external;
    const figures: Figures = {
      ...{ connections, requests, heap, surprises },
      pending: gauge.pending,
    };
    console.log(JSON.stringify(figures));
  }
}
