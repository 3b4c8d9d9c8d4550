/** The clients of the soak, once each: those that take no time. */

import { assertEquals } from "@std/assert";
import { serve } from "../../mod.ts";
import { type Gauge, soakApp } from "./app.ts";
import { Random } from "./random.ts";
import { ACTS } from "./traffic.ts";

/** These wait for bounds on time to be met, or could miss one. */
const SLOW: ReadonlySet<string> = new Set([
  "patient",
  "slow heads",
  "slow content",
  "late handlers",
  "clients that read nothing",
  "idle",
]);

for (const [name, [, act]] of Object.entries(ACTS)) {
  if (SLOW.has(name)) continue;
  Deno.test(`soakApp() serves the clients of a soak: ${name}`, async () => {
    const gauge: Gauge = { pending: 0 };
    const server = serve(soakApp(gauge, false), {
      hostname: "127.0.0.1",
      port: 0,
      signals: false,
      onListen() {},
      onError() {},
    });
    try {
      const port = server.addr.port!;
      for (let seed = 1; seed <= 5; seed++) {
        await act({ port, random: new Random(seed) });
      }
    } finally {
      await server.shutdown();
    }
    assertEquals(gauge.pending, 0);
  });
}
