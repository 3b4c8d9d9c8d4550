/**
 * Every bound of the server: its default, its unit, what happens at it, and
 * what other servers chose.
 *
 * All but `timeouts.request` and `timeouts.handler` are on by default, and all can
 * be set (`limits` and `timeouts` of `serve`). Only `Infinity` switches one off; 0
 * means that none is allowed. A verdict never depends on how the bytes were cut
 * on their way. `docs/limits.md` is printed from these tables, by
 * `tools/limits.ts`.
 *
 * @module
 */

/** A row of a table of bounds. */
export interface Bound {
  /** Beyond this, `answer`; `Infinity` is no bound. */
  readonly default: number;
  /** What is counted. */
  readonly unit:
    | "bytes"
    | "lines"
    | "pairs"
    | "parts"
    | "members"
    | "requests"
    | "pieces"
    | "connections"
    | "times"
    | "bytes a second"
    | "ms";
  /** The status that answers what is beyond the bound, or what happens else. */
  readonly answer: number | string;
  /** What it is that has this bound. */
  readonly bounds: string;
  /** What other servers chose. */
  readonly precedent: string;
}

const KiB = 1024;

/** How much of anything a peer may send or make us keep. */
export const LIMITS = {
  target: {
    default: 8 * KiB,
    unit: "bytes",
    answer: 414,
    bounds: "the request target",
    precedent:
      "nginx, Kestrel and Apache 8 KiB a line; RFC 9112 §3 asks for 8,000 at least",
  },
  head: {
    default: 16 * KiB,
    unit: "bytes",
    answer: 431,
    bounds: "the request line and the field lines together",
    precedent: "Node 16 KiB, nginx 4 × 8 KiB, Kestrel 32 KiB, Go 1 MiB",
  },
  fields: {
    default: 100,
    unit: "lines",
    answer: 431,
    bounds: "the field lines of a head",
    precedent:
      "hyper, Cowboy, Envoy, Apache and Kestrel 100, nginx 1,000, Node 2,000",
  },
  body: {
    default: 1024 * KiB,
    unit: "bytes",
    answer: 413,
    bounds: "the content of a request, collected or streamed",
    precedent: "nginx 1 MiB, Kestrel 30 MB, Apache 1 GiB; most others none",
  },
  chunkExtensions: {
    default: 4 * KiB,
    unit: "bytes",
    answer: 400,
    bounds: "the chunk extensions of a message in sum",
    precedent: "hyper 16 KiB; Node 16 KiB a chunk",
  },
  trailers: {
    default: 8 * KiB,
    unit: "bytes",
    answer: 431,
    bounds: "the trailer section",
    precedent: "hyper 16 KiB",
  },
  trailerFields: {
    default: 32,
    unit: "lines",
    answer: 431,
    bounds: "the field lines of a trailer section",
    precedent: "hyper 100 with the head's",
  },
  unread: {
    default: 256 * KiB,
    unit: "bytes",
    answer: "the connection closes after the answer",
    bounds:
      "content that a handler left and that is cleared for the next request",
    precedent: "Go 256 KiB, Cowboy 1 MB",
  },
  connections: {
    default: 10_000,
    unit: "connections",
    answer: "the one that is idle for longest closes, or accepting waits",
    bounds: "the connections of a server at once",
    precedent:
      "Envoy 10,000 a listener, nginx 512 a process; Kestrel and Node none",
  },
  buffered: {
    default: 64 * KiB,
    unit: "bytes",
    answer: "the handler waits",
    bounds: "answers that wait in memory to be written, a connection",
    precedent: "Node 16 KiB a stream, Kestrel 64 KiB",
  },
  pairs: {
    default: 1_000,
    unit: "pairs",
    answer: 400,
    bounds: "the pairs of a query or of a form",
    precedent: "Go 10,000 since 2025, PHP 1,000",
  },
  cookies: {
    default: 128,
    unit: "pairs",
    answer: 400,
    bounds: "the cookies of a request",
    precedent: "Go 3,000 since 2025; browsers keep 180 a site",
  },
  parts: {
    default: 1_000,
    unit: "parts",
    answer: 413,
    bounds: "the parts of a multipart form",
    precedent: "Go 1,000, Kestrel 1,024, Rack 4,096, Tomcat 50",
  },
  files: {
    default: 100,
    unit: "parts",
    answer: 413,
    bounds: "the parts of a multipart form that are files",
    precedent: "PHP 20, Django 100, Rack 128",
  },
  partHead: {
    default: 8 * KiB,
    unit: "bytes",
    answer: 413,
    bounds: "the head of a part, with white space behind its delimiter",
    precedent: "Kestrel 16 KiB, Tomcat 512 bytes",
  },
  partHeadFields: {
    default: 16,
    unit: "lines",
    answer: 413,
    bounds: "the field lines of the head of a part",
    precedent: "Kestrel 16; Go 10,000 in all parts",
  },
  partField: {
    default: 64 * KiB,
    unit: "bytes",
    answer: 413,
    bounds: "a part that is no file, where it is collected",
    precedent: "Kestrel 4 MiB; Django 2.5 MB and Go 10 MB in sum",
  },
} as const satisfies Record<string, Bound>;

/** How long anything may take. All in milliseconds. */
export const TIMEOUTS = {
  head: {
    default: 15_000,
    unit: "ms",
    answer: 408,
    bounds: "the first byte of a request to the end of its head",
    precedent:
      "nginx, Node and Caddy 60 s, Kestrel 30 s, Cowboy 5 s; Go and Deno.serve none",
  },
  idle: {
    default: 65_000,
    unit: "ms",
    answer: "the connection closes in silence",
    bounds:
      "the wait for a request, also for the first; less where connections or descriptors run out",
    precedent:
      "nginx 75 s, Node 65 s, Cowboy 60 s, Kestrel 130 s, Caddy 5 min, Apache 5 s",
  },
  body: {
    default: 30_000,
    unit: "ms",
    answer: 408,
    bounds:
      "no progress of the content while it is asked for; with a floor of 240 bytes a second once it trickled for 5 s",
    precedent:
      "nginx 60 s; Kestrel's floor of 240 B/s after 5 s; Caddy and Go none",
  },
  write: {
    default: 30_000,
    unit: "ms",
    answer: "the connection is cut",
    bounds: "no progress of an answer while it is written",
    precedent: "nginx 60 s; Caddy and Go none",
  },
  request: {
    default: Infinity,
    unit: "ms",
    answer: 408,
    bounds: "head and content together",
    precedent: "Node 300 s; most others none",
  },
  handshake: {
    default: 10_000,
    unit: "ms",
    answer: "the connection is cut",
    bounds: "the TLS handshake",
    precedent: "nginx 60 s, Kestrel 10 s",
  },
  handler: {
    default: Infinity,
    unit: "ms",
    answer: 503,
    bounds: "the time a handler takes to its answer",
    precedent: "gunicorn 30 s; most others none",
  },
  linger: {
    default: 1_000,
    unit: "ms",
    answer: "the connection is cut",
    bounds: "no byte from the peer after our last one; ten times that in all",
    precedent: "Cowboy 1 s, Go 0.5 s, nginx 5 s, Apache 2 s",
  },
  drain: {
    default: 10_000,
    unit: "ms",
    answer: "what is left is cut",
    bounds: "shutdown()",
    precedent: "Caddy waits for ever by default",
  },
} as const satisfies Record<string, Bound>;

/**
 * Bounds that no option moves, because nobody was found who needs another value.
 * The first are a peer's to meet, the others are how the server looks after
 * itself.
 */
export const FIXED = {
  method: {
    default: 32,
    unit: "bytes",
    answer: 501,
    bounds: "the method; the longest that is registered has 17",
    precedent: "RFC 9112 §3 asks for 501",
  },
  emptyLines: {
    default: 32,
    unit: "lines",
    answer: 400,
    bounds: "empty lines before a request line",
    precedent: "RFC 9112 §2.2 asks for one at least",
  },
  contentFloor: {
    default: 240,
    unit: "bytes a second",
    answer: 408,
    bounds: "content that trickles, once timeouts.body waited contentGrace",
    precedent: "Kestrel 240, Apache 500",
  },
  contentGrace: {
    default: 5_000,
    unit: "ms",
    answer: "contentFloor holds from then on",
    bounds: "time spent waiting for the content of a request",
    precedent: "Kestrel 5 s, Apache 20 s",
  },
  chunkTimes: {
    default: 16,
    unit: "times",
    answer: 400,
    bounds: "the octets of a chunked message on the wire, to its data",
    precedent: "Go bounds what goes beyond twice the data",
  },
  chunkStart: {
    default: 64 * KiB,
    unit: "bytes",
    answer: 400,
    bounds: "what a chunked message may take on the wire beyond chunkTimes",
    precedent: "Go 16 KiB",
  },
  forwarded: {
    default: 32,
    unit: "members",
    answer: 400,
    bounds:
      "the proxies that trustProxy may count, and the members of Forwarded that are read",
    precedent: "most others none",
  },
  accept: {
    default: 64,
    unit: "members",
    answer: "those behind it are not read",
    bounds: "the members of Accept",
    precedent: "most others none",
  },
  parameters: {
    default: 32,
    unit: "pairs",
    answer: "it is no media type",
    bounds: "the parameters of a media type",
    precedent: "most others none",
  },
  ranges: {
    default: 16,
    unit: "members",
    answer: "all of it is sent, with 200",
    bounds: "the members of Range",
    precedent: "Apache 200; nginx and Go none",
  },
  formMargin: {
    default: 8 * KiB,
    unit: "bytes",
    answer: 400,
    bounds:
      "what stands before the first delimiter of a form and behind the last, together",
    precedent: "most others none",
  },
  codings: {
    default: 16,
    unit: "members",
    answer: 415,
    bounds: "the members of Content-Encoding, none of which codes",
    precedent: "none known",
  },
  requestKept: {
    default: 1024 * KiB,
    unit: "bytes",
    answer: "who reads it once more gets an error",
    bounds: "a content that is kept though it was read through c.request",
    precedent: "none known",
  },
  fileAtOnce: {
    default: 64 * KiB,
    unit: "bytes",
    answer: "a longer file is sent in pieces",
    bounds: "a file that is read at once, and leaves with its head",
    precedent: "nginx reads 64 KiB where it cannot have the kernel send",
  },
  filePiece: {
    default: 256 * KiB,
    unit: "bytes",
    answer: "others get their turn",
    bounds: "the pieces of a longer file",
    precedent: "Go 32 KiB where it cannot have the kernel send",
  },
  filePieces: {
    default: 64,
    unit: "pieces",
    answer: "further files are sent in pieces of fileShortPiece",
    bounds: "the buffers of that size that are lent at the same time",
    precedent: "nginx 64 KiB a request",
  },
  fileShortPiece: {
    default: 16 * KiB,
    unit: "bytes",
    answer: "others get their turn",
    bounds: "the pieces of files when many are sent",
    precedent: "none known",
  },
  fileSlow: {
    default: 1,
    unit: "ms",
    answer: "longer files are read asynchronously for fileWary",
    bounds: "a piece of a file that is read while everybody waits",
    precedent: "nginx waits for the disk, unless told to use threads",
  },
  fileWary: {
    default: 1_000,
    unit: "ms",
    answer: "one piece is tried again",
    bounds: "the time without such a read, once one was slow",
    precedent: "none known",
  },
  fileBelieved: {
    default: 1_000,
    unit: "ms",
    answer: "the way is walked again",
    bounds:
      "the time for which the real place of a file is believed, and what lies beside it",
    precedent: "nginx open_file_cache_valid 60 s, where there is one",
  },
  filesRemembered: {
    default: 1_024,
    unit: "members",
    answer: "all are forgotten",
    bounds: "the files of which that is known, for each files()",
    precedent: "nginx open_file_cache, as configured",
  },
  signaturesTried: {
    default: 4,
    unit: "pairs",
    answer: "those behind them are not looked at",
    bounds: "the cookies of one name whose signatures are verified",
    precedent: "most others take the first alone",
  },
  keysKept: {
    default: 64,
    unit: "members",
    answer: "all are made anew",
    bounds: "the keys of signatures that are kept as the platform has them",
    precedent: "none known",
  },
  codedAtOnce: {
    default: 64 * KiB,
    unit: "bytes",
    answer: "what is longer is coded as it is sent",
    bounds: "content that compress() codes at once",
    precedent: "none known",
  },
  codedStretch: {
    default: 64 * KiB,
    unit: "bytes",
    answer: "others get their turn",
    bounds: "what compress() codes in a row of what is longer",
    precedent: "Node codes 16 KiB on a thread of its own",
  },
  codedPiece: {
    default: 16 * KiB,
    unit: "bytes",
    answer: "it is sent",
    bounds: "coded content that is gathered while its source does not let wait",
    precedent: "zlib 16 KiB",
  },
  tagged: {
    default: 1024 * KiB,
    unit: "bytes",
    answer: "it gets no tag, unless etag() is told another limit",
    bounds: "the content of which etag() makes one",
    precedent: "most others none",
  },
  preflightFields: {
    default: 64,
    unit: "members",
    answer: "those behind them are not allowed",
    bounds: "the members of Access-Control-Request-Headers",
    precedent: "most others none",
  },
  varied: {
    default: 64,
    unit: "members",
    answer: "those behind them are left out",
    bounds: "the members of a Vary that is merged with another",
    precedent: "most others none",
  },
  logged: {
    default: 2 * KiB,
    unit: "bytes",
    answer: "the rest is cut",
    bounds: "what a client may fill a field of the access log with",
    precedent: "most others none",
  },
  atOnce: {
    default: 32,
    unit: "requests",
    answer: "what is answered is sent, and others get their turn",
    bounds: "requests of one connection that are answered in a row",
    precedent: "none known; a pipeline is answered in order everywhere",
  },
  stretchBytes: {
    default: 64 * KiB,
    unit: "bytes",
    answer: "what was put is sent, and others get their turn",
    bounds: "what is sent of a stream whose source and client never let wait",
    precedent: "nginx sendfile_max_chunk 2 MiB",
  },
  stretchPieces: {
    default: 64,
    unit: "pieces",
    answer: "the same",
    bounds: "the same, counted in pieces",
    precedent: "none known",
  },
  readAhead: {
    default: 16 * KiB,
    unit: "bytes",
    answer: "no more is read",
    bounds: "what is read of a connection while a handler is at work for it",
    precedent: "Node 64 KiB a read",
  },
  lingered: {
    default: 256 * KiB * KiB,
    unit: "bytes",
    answer: "the connection is cut",
    bounds: "what is read and dropped behind our last byte",
    precedent: "nginx and Apache bound the time alone",
  },
  lingerTimes: {
    default: 10,
    unit: "times",
    answer: "the connection is cut",
    bounds: "timeouts.linger, while the peer sends on",
    precedent: "nginx 30 s for 5 s a read, Apache 30 s for 2 s",
  },
  parsers: {
    default: 64,
    unit: "connections",
    answer: "it is let go of",
    bounds: "parsers with their buffers that are kept for connections to come",
    precedent: "Go keeps buffers until its collector runs",
  },
  backOffFrom: {
    default: 5,
    unit: "ms",
    answer: "accepting waits, twice as long each time",
    bounds: "the first wait when accepting fails, as without descriptors",
    precedent: "Go 5 ms",
  },
  backOffTo: {
    default: 1_000,
    unit: "ms",
    answer: "accepting waits so long and no longer",
    bounds: "the longest of these waits",
    precedent: "Go 1 s",
  },
  reportEvery: {
    default: 60_000,
    unit: "ms",
    answer: "onError is told once",
    bounds: "accepting that fails, as without descriptors",
    precedent: "Go logs each",
  },
  keepAlive: {
    default: 15_000,
    unit: "ms",
    answer: "a comment is sent; a route of events may say its own",
    bounds: "the silence between two events",
    precedent: "the HTML Standard advises 15 s",
  },
  atCap: {
    default: 50,
    unit: "ms",
    answer: "room is looked for again",
    bounds: "the wait at limits.connections",
    precedent: "none known",
  },
} as const satisfies Record<string, Bound>;

/** Bounds on what a peer sends and what is kept of it; defaults in {@linkcode LIMITS}. */
export type Limits = { [name in keyof typeof LIMITS]: number };

/** Bounds on time in milliseconds; defaults in {@linkcode TIMEOUTS}. */
export type Timeouts = { [name in keyof typeof TIMEOUTS]: number };

/** The floor of {@linkcode TIMEOUTS}.body: bytes a second, after a grace. */
export const CONTENT_FLOOR = {
  bytesPerSecond: FIXED.contentFloor.default,
  after: FIXED.contentGrace.default,
} as const;

/**
 * What a chunked message may take on the wire: so many times its data, and a
 * start. Go bounds it by ratio, too: one byte a chunk costs six on the wire and
 * far more in the parsing.
 */
export const CHUNK_OVERHEAD = {
  times: FIXED.chunkTimes.default,
  start: FIXED.chunkStart.default,
} as const;

/**
 * All limits: those given, checked, and the defaults of the rest.
 *
 * @throws {TypeError} when there is no limit of a given name
 * @throws {RangeError} when a limit is not a number from 0 to Infinity
 */
export function resolveLimits(given: Partial<Limits> = {}): Limits {
  return resolve("limits", LIMITS, given);
}

/**
 * All timeouts: those given, checked, and the defaults of the rest.
 *
 * @throws {TypeError} when there is no timeout of a given name
 * @throws {RangeError} when a timeout is not a number from 0 to Infinity
 */
export function resolveTimeouts(given: Partial<Timeouts> = {}): Timeouts {
  return resolve("timeouts", TIMEOUTS, given);
}

/** What was resolved already: a parser is made for each connection. */
const RESOLVED: WeakSet<object> = new WeakSet();

function resolve<Name extends string>(
  option: string,
  table: Readonly<Record<Name, Bound>>,
  given: Partial<Record<Name, number>>,
): Record<Name, number> {
  if (RESOLVED.has(given)) return given as Record<Name, number>;
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) check(option, table, name, value);
  }
  const names = Object.keys(table) as Name[];
  const all = Object.fromEntries(
    names.map((name) => [name, given[name] ?? table[name].default]),
  ) as Record<Name, number>;
  RESOLVED.add(Object.freeze(all));
  return all;
}

function check(
  option: string,
  table: object,
  name: string,
  value: unknown,
): void {
  if (!Object.hasOwn(table, name)) {
    throw new TypeError(
      `Cannot set ${option}.${name}: the ${option} are ${
        Object.keys(table).join(", ")
      }`,
    );
  }
  if (typeof value !== "number" || !(value >= 0)) {
    throw new RangeError(
      `Cannot set ${option}.${name} to ${value}: ` +
        "it is a number from 0, and Infinity switches the bound off",
    );
  }
}
