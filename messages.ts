/**
 * The plain types that pass between the rooms: what carries bytes, what a
 * request's head tells, where content comes from, what a connection lends to
 * the request that is alive on it.
 *
 * No code here, so that every file may know these words.
 *
 * @module
 */

import type { Limits } from "./limits.ts";

/** Where a peer or a socket of ours is: an address and port, or a path. */
export interface Address {
  /** `"tcp"`, `"unix"`, or what a transport of another kind calls itself. */
  readonly transport: string;
  /** The IP address, where there is one. */
  readonly hostname?: string;
  /** The port, where there is one. */
  readonly port?: number;
  /** The path of a unix socket. */
  readonly path?: string;
}

/**
 * Whether what a hop says of the one behind it is believed: its address, where
 * that is known, and its place, which is 0 for the peer of the connection.
 */
export type Trusts = (hop: Address | undefined, place: number) => boolean;

/**
 * Anything that carries bytes both ways. A `Deno.Conn` is wrapped into one; a
 * scripted conversation in a test is another.
 */
export interface Transport {
  /** Reads up to `into.length` bytes; `null` at the end of what the peer sends. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of `bytes` and says how many, as a socket does. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends both ways at once; a pending read or write settles. May be called twice. */
  close(): void;
  /** Ends our way alone (a FIN), so that the peer can read the rest. */
  closeWrite?(): Promise<void>;
  /** The peer's address. */
  readonly remote?: Address | undefined;
  /** Our own address. */
  readonly local?: Address | undefined;
  /** Whether the bytes travel under TLS: `https` rather than `http`. */
  readonly secure?: boolean;
}

/** What the head of a request tells, however it was carried. */
export interface RequestHead {
  /** The method as sent; case matters (RFC 9110 §9.1). */
  readonly method: string;
  /** The request target as sent (RFC 9112 §3.2). */
  readonly target: string;
  /** The path of the target, percent-encoded as sent; `*` for `OPTIONS *`. */
  readonly path: string;
  /** What follows `?` in the target, without it; `""` where there is none. */
  readonly query: string;
  /** Host and port that the client asked for; `""` where it did not say. */
  readonly authority: string;
  /** `"1.1"` or `"1.0"`: the version that the request is served as. */
  readonly version: "1.0" | "1.1";
  /** The value of a field, its lines joined; `undefined` where there is none. */
  header(name: string): string | undefined;
  /** Every field line in order, names in lower case. */
  fields(): Iterable<[name: string, value: string]>;
}

/**
 * Where the content of one request comes from. A pull lends a view that holds
 * until the next pull; `undefined` is the end. It throws a `Fault` for what the
 * peer did wrong, and knows no bound: that is its reader's.
 */
export interface ContentSource {
  /** The announced length in bytes; `undefined` where it is not known (chunked). */
  readonly length: number | undefined;
  /** The next bytes, lent until the next pull; `undefined` at the end. */
  pull(): Promise<Uint8Array | undefined>;
  /**
   * Gives `read` all of the content, lent for the call, if it has come whole and
   * nobody has pulled. Whether it did.
   */
  readWhole?(read: (bytes: Uint8Array) => void): boolean;
  /** Its reader wants no more of it, ever: the connection need not be kept for it. */
  refuse?(): void;
  /**
   * The trailer section, names in lower case, once its reader has come to the end;
   * absent where there never is one.
   */
  trailers?(): readonly (readonly [name: string, value: string])[] | undefined;
}

/** A route as it was declared. */
export interface RouteInfo {
  /** The method, `"*"` for any. */
  readonly method: string;
  /** The whole path with its prefixes, as `/songs/:id`. */
  readonly path: string;
  /** Where it was declared, as `file:line:column`; `""` where that is not known. */
  readonly source: string;
}

/** The value of a trailer field, or what tells it when the content has ended. */
export type TrailerValue = string | (() => string | Promise<string>);

/** What a connection lends to the request that is alive on it. */
export interface Exchange {
  /** The client's address, where there is one. */
  readonly remote: Address | undefined;
  /** The address that the client connected to. */
  readonly local: Address | undefined;
  /** Whether the request came under TLS. */
  readonly secure: boolean;
  /** Which proxies are believed; absent where none is. */
  readonly trusts?: Trusts | undefined;
  /** Whether error pages may say what went wrong inside. */
  readonly development: boolean;
  /** The bounds that act on content, pairs, parts and cookies. */
  readonly limits: Pick<
    Limits,
    | "body"
    | "pairs"
    | "cookies"
    | "parts"
    | "files"
    | "partHead"
    | "partHeadFields"
    | "partField"
  >;
  /** A signal that fires when the client leaves before `owner` is answered. */
  signal(owner: object): AbortSignal;
  /**
   * The answer to `owner` does not end by itself: its signal fires as well when the
   * client has ended its way, and when the server stops. Absent without a connection.
   */
  endless?(owner: object): void;
  /** Whether the client offers to go on in `protocol`; absent without a connection. */
  offers?(protocol: string): boolean;
  /**
   * Sends an answer of 1xx for `owner`, if it is not too late and the client can
   * take one. Whether it went out; absent without a connection.
   */
  inform?(owner: object, head: string): Promise<boolean>;
  /** Puts a field behind the content of `owner`'s answer; absent without a connection. */
  trail?(owner: object, name: string, value: TrailerValue): void;
  /** An error takes the answer's place: trailer fields about its content are dropped. */
  failed?(owner: object): void;
  /** Tells the application's observer of an error. Never throws. */
  report(error: unknown, owner: object | undefined): void;
}
