/**
 * What must hold for a server on a socket: whatever a client sends and however
 * it leaves, it is answered with answers, the next client is served, and no
 * connection is left over.
 *
 * @module
 */

import { resolveLimits } from "../../limits.ts";
import { serve, type Server } from "../../server.ts";
import { sendAndReset, Wire, WireError } from "../wire_client.ts";
import { checkAnswers } from "./answers.ts";
import { app, NAMES } from "./apps.ts";
import { anything } from "./parser.ts";
import type { Property, Verdict } from "./property.ts";
import { Random } from "./random.ts";

const LIMITS = resolveLimits();

/** How a client leaves. */
const LEAVINGS = ["ends", "ends", "ends", "closes", "resets"] as const;

/** Has `use` try a server, and stops it. */
export async function withServer<T>(
  use: (live: readonly Property[]) => Promise<T>,
): Promise<T> {
  const server = serve(app(NAMES.sound), {
    hostname: "127.0.0.1",
    port: 0,
    signals: false,
    onListen() {},
    onError() {},
  });
  try {
    return await use([liveOn(server)]);
  } finally {
    await server.shutdown();
  }
}

function liveOn(server: Server): Property {
  return {
    name: "server: any client is answered, and the next one, too",
    draw(random) {
      const leaving = random.pick(LEAVINGS);
      const seed = `${random.next()}`;
      return {
        input: anything(random, LIMITS),
        about: `the client ${leaving}`,
        check: (wire) => checkClient(server, wire, leaving, new Random(seed)),
      };
    },
  };
}

async function checkClient(
  server: Server,
  wire: string,
  leaving: (typeof LEAVINGS)[number],
  random: Random,
): Promise<Verdict> {
  const { port } = server.addr as Deno.NetAddr;
  if (leaving === "resets") await sendAndReset({ port }, wire);
  else {
    const wrong = await converse(port, wire, leaving, random);
    if (wrong) return wrong;
  }
  return await checkNext(port) ?? await checkLeft(server);
}

async function converse(
  port: number,
  wire: string,
  leaving: "ends" | "closes",
  random: Random,
): Promise<Verdict> {
  const client = await Wire.connect({ port });
  try {
    const pieces = random.oneIn(2) ? [wire] : random.cut(wire);
    await client.feed(pieces.length > 20 ? [wire] : pieces);
    if (leaving === "closes") return undefined;
    await client.finish();
    const end = await client.ending();
    // A reset may take away what was said and not yet read (RFC 9112 §9.6).
    return checkAnswers(wire, client.received, {
      limits: LIMITS,
      cut: end === "reset",
    });
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  } finally {
    client.close();
  }
}

/** RFC 9112 §9.5 from the other side: one client's fault is nobody else's. */
async function checkNext(port: number): Promise<Verdict> {
  const client = await Wire.connect({ port });
  try {
    await client.send(
      "GET /ok HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    );
    const answer = await client.response();
    if (answer?.content !== "ok") return "the next client is not answered";
    await client.closed();
    return undefined;
  } finally {
    client.close();
  }
}

/** Both have left; the server may need a few turns to see it. */
async function checkLeft(server: Server): Promise<Verdict> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (server.stats.connections === 0) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return `${server.stats.connections} connections are left`;
}
