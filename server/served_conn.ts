/**
 * A connection that was accepted: a `Deno.Conn` as a transport, and what is served
 * over it.
 *
 * @module
 */

import { Connection, type Respond } from "../connection.ts";
import type { Member } from "../connection/roster.ts";
import type { Settings } from "../connection/settings.ts";
import type { Address, Transport } from "../messages.ts";

/** A connection with what not all of them can be told. */
export type AnyConn = Deno.Conn & {
  ref?(): void;
  unref?(): void;
  setNoDelay?(on: boolean): void;
};

/** A `Deno.Conn` as the transport of a connection: closing twice is no error. */
export class ServedConn implements Transport, Member {
  place = -1;
  readonly secure: boolean;
  readonly conn: AnyConn;
  readonly connection: Connection;
  #remote: Address | undefined;
  #local: Address | undefined;
  #closed = false;
  /** How many writes there were, up to two. */
  #writes = 0;

  constructor(
    conn: Deno.Conn,
    secure: boolean,
    respond: Respond,
    settings: Settings,
  ) {
    this.conn = conn;
    this.secure = secure;
    this.connection = new Connection(this, respond, settings);
  }

  get remote(): Address {
    return this.#remote ??= addressOf(this.conn.remoteAddr);
  }

  get local(): Address {
    return this.#local ??= addressOf(this.conn.localAddr);
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.conn.read(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#writes < 2 && ++this.#writes === 2) this.#sendAtOnce();
    return this.conn.write(bytes);
  }

  /**
   * A small write behind another would wait until the client has acknowledged
   * that, which most do after 40 ms: Deno leaves Nagle's algorithm on. The first
   * write waits for nothing, and who sends no second need not pay for the call.
   * A `TlsConn` cannot be told (Deno 2.9).
   */
  #sendAtOnce(): void {
    quietly(() => this.conn.setNoDelay?.(true));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    quietly(() => this.conn.close());
  }

  async closeWrite(): Promise<void> {
    await this.conn.closeWrite();
  }
}

/** Calls what may fail because it is over. */
export function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // It was closed already.
  }
}

/** The plain form of an address; vsock and the like keep their name alone. */
export function addressOf(addr: Deno.Addr): Address {
  if (addr.transport === "tcp" || addr.transport === "udp") {
    const { transport, hostname, port } = addr;
    return { transport, hostname, port };
  }
  return "path" in addr
    ? { transport: addr.transport, path: addr.path }
    : { transport: addr.transport };
}
