/**
 * From options to a listener, or to one sentence that says why there is none.
 *
 * @module
 */

/** Where to listen, and whether under TLS. */
export interface ListenOptions {
  /** The address to listen on; default `"0.0.0.0"`, every IPv4 interface. */
  readonly hostname?: string;
  /** The port; default 8000, and 0 lets the system choose. */
  readonly port?: number;
  /** Listens on a unix socket at this path, in place of `hostname` and `port`. */
  readonly path?: string;
  /** The certificate chain in PEM; with `key`, `https` is served. */
  readonly cert?: string;
  /** The private key in PEM. */
  readonly key?: string;
  /** Connections that may wait to be accepted; default 511. */
  readonly backlog?: number;
  /** Shares the port with other processes; needs `deno run --unstable-net`. */
  readonly reusePort?: boolean;
}

/** A listener for TCP, TLS or a unix socket. */
export type AnyListener = Deno.Listener<Deno.Conn, Deno.Addr>;

/**
 * Listens where the options say.
 *
 * @throws {TypeError} when they contradict each other
 * @throws {RangeError} when the port is none
 * @throws {Deno.errors.AddrInUse} and its kin, with what to do
 */
export function listen(options: ListenOptions): AnyListener {
  check(options);
  const { hostname = "0.0.0.0", port = 8000, path, cert, key, backlog = 511 } =
    options;
  const where = path ?? `${hostname}:${port}`;
  try {
    if (path !== undefined) return Deno.listen({ transport: "unix", path });
    const common = {
      hostname,
      port,
      tcpBacklog: backlog,
      reusePort: options.reusePort ?? false,
    };
    if (cert === undefined) return Deno.listen(common);
    return Deno.listenTls({
      ...common,
      cert,
      key: key!,
      alpnProtocols: ["http/1.1"],
    });
  } catch (error) {
    throw explained(error, { path, where });
  }
}

function check(
  { path, port, hostname, cert, key, backlog, reusePort }: ListenOptions,
): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError("Cannot serve TLS: cert and key go together");
  }
  if (path !== undefined && (port !== undefined || hostname !== undefined)) {
    throw new TypeError("Cannot listen on a path and on a port: choose one");
  }
  if (path !== undefined && (backlog !== undefined || reusePort)) {
    throw new TypeError(
      "Cannot listen on a path with backlog or reusePort: they are of TCP",
    );
  }
  if (path !== undefined && cert !== undefined) {
    throw new TypeError(
      "Cannot serve TLS on a unix socket: leave out cert and key",
    );
  }
  if (port !== undefined) checkPort(port);
  if (
    backlog !== undefined && !(Number.isInteger(backlog) && backlog > 0)
  ) {
    throw new RangeError(
      `Cannot listen with a backlog of ${backlog}: it is a number from 1`,
    );
  }
  if (cert !== undefined) checkPem("cert", cert);
  if (key !== undefined) checkPem("key", key);
  // Without the flag the process ends at once, and no catch is run.
  if (
    reusePort &&
    typeof (Deno as { listenDatagram?: unknown }).listenDatagram !== "function"
  ) {
    throw new TypeError(
      "Cannot share a port: run with deno run --unstable-net",
    );
  }
}

function checkPort(port: unknown): void {
  if (typeof port !== "number") {
    throw new TypeError(
      `Cannot listen on a port that is a ${typeof port}: give Number(port)`,
    );
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot listen on port ${port}: a port is 0 to 65535`);
  }
}

/** Many servers take the path of a file here; we open none. */
function checkPem(option: "cert" | "key", text: unknown): void {
  if (typeof text === "string" && text.includes("-----BEGIN ")) return;
  throw new TypeError(
    `Cannot serve TLS: ${option} is no PEM text; give what is in the file, ` +
      "as of Deno.readTextFileSync()",
  );
}

/** What listening failed of, as one sentence that says what to do. */
function explained(
  error: unknown,
  { path, where }: { path?: string | undefined; where: string },
): unknown {
  for (const [kind, advice] of ADVICE) {
    if (!(error instanceof kind)) continue;
    const taken = path !== undefined && kind === Deno.errors.AddrInUse;
    return new kind(`Cannot listen on ${where}: ${taken ? LEFT_OVER : advice}`);
  }
  // What a name that nobody knows comes as, for one.
  const says = error instanceof Error ? error.message : error;
  return new Error(`Cannot listen on ${where}: ${says}`, { cause: error });
}

/** A server that is killed leaves the file of its unix socket behind. */
const LEFT_OVER = "it is there; stop the server or remove the file it left";

const ADVICE = [
  [
    Deno.errors.AddrInUse,
    "it is in use; stop the other program or choose another port",
  ],
  [
    Deno.errors.PermissionDenied,
    "the system does not allow it; ports below 1024 are for root",
  ],
  [Deno.errors.NotCapable, "run with deno run --allow-net"],
  [Deno.errors.AddrNotAvailable, "this machine does not have that address"],
] as const;
