/**
 * Who the client is, by whom is trusted and what was sent: the walk from the peer
 * outwards, and where it stops.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { serveConnection } from "../connection.ts";
import { Fault } from "../errors.ts";
import { resolveLimits } from "../limits.ts";
import type { Address, Exchange, RequestHead } from "../messages.ts";
import { Context } from "../request.ts";
import { resolveTrust, type TrustProxy } from "../request/forwarding.ts";
import { toAnswer } from "../response.ts";
import { Peer } from "./peer.ts";

type Lines = readonly (readonly [name: string, value: string])[];

/** A context of a peer at `from`, who sent these lines, behind these proxies. */
function contextFrom(
  from: Address | undefined,
  trustProxy: TrustProxy | undefined,
  lines: Lines,
): Context {
  const valuesOf = (name: string) =>
    lines.filter(([other]) => other === name).map(([, value]) => value);
  const head: RequestHead = {
    ...{ method: "GET", target: "/a?b", path: "/a", query: "b" },
    ...{ authority: "inside:8080", version: "1.1", fields: () => [] },
    header: (name) =>
      valuesOf(name).length === 0 ? undefined : valuesOf(name).join(", "),
  };
  const exchange: Exchange = {
    ...{ remote: from, local: undefined, secure: false, development: false },
    trusts: resolveTrust(trustProxy),
    limits: resolveLimits({ body: 0, pairs: 0, cookies: 0 }),
    signal: () => new AbortController().signal,
    report: () => {},
  };
  return new Context(head, exchange);
}

/** What a context tells in one line: the client, and the URL; or the fault. */
function told(c: Context): string {
  try {
    const { remote, url, secure } = c;
    assertEquals(url.protocol, secure ? "https:" : "http:");
    assertEquals(`${url.pathname}${url.search}`, "/a?b");
    const at = remote?.path ?? remote?.hostname ?? "?";
    const port = remote?.port === undefined ? "" : ` ${remote.port}`;
    return `${at}${port} ${url.origin}`;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    assertThrows(() => c.remote, Fault);
    assertThrows(() => c.secure, Fault);
    return `${error.status} ${error.code}`;
  }
}

const tcp = (hostname: string): Address => ({ transport: "tcp", hostname });
const PROXY = tcp("10.0.0.1");
const OWN = "http://inside:8080";
const xff = (value: string) => ["x-forwarded-for", value] as const;
const xfp = (value: string) => ["x-forwarded-proto", value] as const;
const xfh = (value: string) => ["x-forwarded-host", value] as const;
const fwd = (value: string) => ["forwarded", value] as const;

type Row = [
  name: string,
  trusted: TrustProxy | undefined,
  lines: Lines,
  told: string,
  from?: Address | undefined,
];

const ALL = [xff("192.0.2.7"), xfp("https"), xfh("a.example")];
const FORGED = [...ALL, fwd("for=192.0.2.7;proto=https;host=a.example")];
const TEN = ["10.0.0.0/8"];
const CLIENT = "192.0.2.7 https://a.example";

const ROWS: Row[] = [
  // Whom nobody trusts is not listened to.
  ["nobody is trusted by default", undefined, FORGED, `10.0.0.1 ${OWN}`],
  ["no proxy", 0, FORGED, `10.0.0.1 ${OWN}`],
  ["an empty list", [], FORGED, `10.0.0.1 ${OWN}`],
  ["a peer beside the list", ["10.0.0.2"], FORGED, `10.0.0.1 ${OWN}`],
  [
    "garbage of who is not trusted",
    ["10.0.0.2"],
    [fwd("?")],
    `10.0.0.1 ${OWN}`,
  ],
  // The peer is trusted.
  ["the old fields", TEN, ALL, CLIENT],
  ["the new one", TEN, FORGED.slice(3), CLIENT],
  ["both, and they agree", TEN, FORGED, CLIENT],
  ["none of them: the proxy's own request", TEN, [], `10.0.0.1 ${OWN}`],
  ["a count of one", 1, ALL, CLIENT],
  ["the address alone", TEN, [xff("192.0.2.7")], `192.0.2.7 ${OWN}`],
  ["a port", TEN, [xff("192.0.2.7:4711")], `192.0.2.7 4711 ${OWN}`],
  [
    "a scheme alone: who it was is not told",
    TEN,
    [xfp("https")],
    "? https://inside:8080",
  ],
  ["a host alone", TEN, [xfh("a.example")], "? http://a.example"],
  [
    "a host with a port",
    1,
    [...ALL.slice(0, 2), xfh("a.example:8443")],
    "192.0.2.7 https://a.example:8443",
  ],
  [
    "the scheme of a WebSocket",
    1,
    [xff("192.0.2.7"), xfp("wss")],
    "192.0.2.7 https://inside:8080",
  ],
  [
    "an IPv6 client",
    TEN,
    [fwd('for="[2001:DB8::7]:1"')],
    `2001:db8::7 1 ${OWN}`,
  ],
  ["an IPv4-mapped peer", TEN, ALL, CLIENT, tcp("::ffff:10.0.0.1")],
  ["an IPv6 peer", ["fd00::/8"], ALL, CLIENT, tcp("fd00::1")],
  ["loopback", ["loopback"], ALL, CLIENT, tcp("127.0.0.1")],
  ["loopback of IPv6", ["loopback"], ALL, CLIENT, tcp("::1")],
  [
    "private is not loopback",
    ["private"],
    ALL,
    `127.0.0.1 ${OWN}`,
    tcp("127.0.0.1"),
  ],
  ["private", ["private"], ALL, CLIENT, tcp("172.31.255.255")],
  ["private of IPv6", ["private"], ALL, CLIENT, tcp("fdff::1")],
  ["a unix socket", [], ALL, CLIENT, { transport: "unix", path: "/run/a" }],
  ["a unix socket, nobody trusted", undefined, ALL, `/run/a ${OWN}`, {
    transport: "unix",
    path: "/run/a",
  }],
  ["a transport without an address, by a list", TEN, ALL, `? ${OWN}`, {
    transport: "vsock",
  }],
  ["a transport without an address, by a count", 1, ALL, CLIENT, {
    transport: "vsock",
  }],
  // The walk, from the right.
  [
    "what the client invented",
    TEN,
    [xff("203.0.113.9, 192.0.2.7")],
    `192.0.2.7 ${OWN}`,
  ],
  [
    "the same in the new field",
    TEN,
    [fwd("for=203.0.113.9, for=192.0.2.7")],
    `192.0.2.7 ${OWN}`,
  ],
  ["in lines of their own", TEN, [
    xff("203.0.113.9"),
    xff("192.0.2.7"),
    xff("10.0.0.2"),
  ], `192.0.2.7 ${OWN}`],
  ["a trusted address behind one that is not", TEN, [
    xff("10.0.0.9, 192.0.2.7, 10.0.0.2"),
  ], `192.0.2.7 ${OWN}`],
  [
    "a count of two",
    2,
    [xff("203.0.113.9, 192.0.2.7, 10.0.0.2")],
    `192.0.2.7 ${OWN}`,
  ],
  ["a count of two, the new field", 2, [
    fwd("for=203.0.113.9, for=192.0.2.7, for=_proxy"),
  ], `192.0.2.7 ${OWN}`],
  [
    "a count that is more than came",
    5,
    [xff("192.0.2.7, 10.0.0.2")],
    `192.0.2.7 ${OWN}`,
  ],
  [
    "everybody is trusted: the leftmost",
    TEN,
    [xff("10.0.0.3, 10.0.0.2")],
    `10.0.0.3 ${OWN}`,
  ],
  ["garbage that the client sent is not walked", TEN, [
    xff('<script>,",192.0.2.7'),
  ], `192.0.2.7 ${OWN}`],
  ["a client in the trusted range can invent", TEN, [
    xff("203.0.113.9, 10.0.0.2"),
  ], `203.0.113.9 ${OWN}`],
  // Scheme and host belong to the client's hop.
  ["scheme and host of the new field", 2, [
    fwd(
      "for=192.0.2.7;proto=https;host=a.example, for=10.0.0.2;proto=http;host=b.example",
    ),
  ], CLIENT],
  ["they are not taken from another hop", 2, [
    fwd("for=192.0.2.7, for=10.0.0.2;proto=https;host=b.example"),
  ], `192.0.2.7 ${OWN}`],
  ["lists of schemes and hosts", 2, [
    xff("192.0.2.7, 10.0.0.2"),
    xfp("https, http"),
    xfh("a.example, b.example"),
  ], CLIENT],
  ["lists that the client began", 1, [
    xff("203.0.113.9, 192.0.2.7"),
    xfp("http, https"),
    xfh("evil.example, a.example"),
  ], CLIENT],
  ["one scheme for two hops", 2, [
    xff("192.0.2.7, 10.0.0.2"),
    xfp("https"),
    xfh("a.example"),
  ], CLIENT],
  [
    "a list of schemes without addresses",
    1,
    [xfp("http, https")],
    "? https://inside:8080",
  ],
  // Who is not known.
  ["unknown", TEN, [xff("unknown")], `? ${OWN}`],
  [
    "unknown in the new field",
    TEN,
    [fwd("for=unknown;proto=https")],
    "? https://inside:8080",
  ],
  ["obfuscated", TEN, [fwd("for=_SEVKISEK")], `? ${OWN}`],
  ["no for", TEN, [fwd("proto=https")], "? https://inside:8080"],
  [
    "a list does not trust the unknown",
    TEN,
    [fwd("for=192.0.2.7, for=_proxy")],
    `? ${OWN}`,
  ],
  // What is unclear.
  ["both, of two clients", TEN, [
    ...ALL,
    fwd("for=192.0.2.8;proto=https;host=a.example"),
  ], "400 forwarded"],
  ["both, of two schemes", TEN, [
    ...ALL,
    fwd("for=192.0.2.7;proto=http;host=a.example"),
  ], "400 forwarded"],
  ["both, of two hosts", TEN, [
    ...ALL,
    fwd("for=192.0.2.7;proto=https;host=b.example"),
  ], "400 forwarded"],
  [
    "both, and one says less",
    TEN,
    [...ALL, fwd("for=192.0.2.7")],
    "400 forwarded",
  ],
  ["both, and one says more", TEN, [
    xff("192.0.2.7"),
    fwd("for=192.0.2.7;host=evil.example"),
  ], "400 forwarded"],
  ["both, and one is malformed", TEN, [...ALL, fwd('for="')], "400 forwarded"],
  ["a quote that swallows the proxy's word", TEN, [
    fwd('for="192.0.2.9'),
    fwd("for=192.0.2.7"),
  ], "400 forwarded"],
  ["no address", TEN, [xff("localhost")], "400 forwarded"],
  [
    "no address behind a trusted one",
    TEN,
    [xff("localhost, 10.0.0.2")],
    "400 forwarded",
  ],
  ["nothing in the field", TEN, [xff(" ")], "400 forwarded"],
  ["commas in the field", TEN, [xff(",,")], "400 forwarded"],
  ["no scheme", TEN, [xff("192.0.2.7"), xfp("ftp")], "400 forwarded"],
  [
    "a scheme and more",
    TEN,
    [xff("192.0.2.7"), xfp("https://")],
    "400 forwarded",
  ],
  [
    "a host that is a URL",
    TEN,
    [xff("192.0.2.7"), xfh("https://evil.example")],
    "400 forwarded",
  ],
  [
    "a host with a path",
    TEN,
    [xff("192.0.2.7"), xfh("evil.example/a")],
    "400 forwarded",
  ],
  [
    "a host with a user",
    TEN,
    [xff("192.0.2.7"), xfh("a@evil.example")],
    "400 forwarded",
  ],
  [
    "a host that no URL has",
    TEN,
    [xff("192.0.2.7"), xfh("1.2.3.4.5")],
    "400 forwarded",
  ],
  [
    "too many trusted hops",
    TEN,
    [xff("10.0.0.2,".repeat(99))],
    "400 forwarded",
  ],
  [
    "too many in the new field",
    TEN,
    [fwd("for=192.0.2.7,".repeat(33))],
    "400 forwarded",
  ],
  ["as many as may be counted", 32, [
    xff("192.0.2.7,".repeat(2) + "10.0.0.2,".repeat(31)),
  ], `192.0.2.7 ${OWN}`],
];

Deno.test("Context.remote and Context.url are what trusted proxies tell, and no other", () => {
  for (const [name, trusted, lines, expected, from = PROXY] of ROWS) {
    const c = contextFrom(from, trusted, lines);
    assertEquals([name, told(c)], [name, expected]);
  }
});

Deno.test("Context reads what is forwarded when asked, and once", () => {
  const asked: string[] = [];
  const exchange = {
    ...Context.exchange(contextFrom(PROXY, 1, [])),
    remote: PROXY,
  };
  const head = {
    ...{ method: "GET", target: "/", path: "/", query: "", authority: "h" },
    version: "1.1" as const,
    fields: () => [],
    header: (name: string) => {
      asked.push(name);
      return name === "forwarded" ? "for=192.0.2.7;host=a" : undefined;
    },
  };
  const c = new Context(head, exchange);
  assertEquals([c.method, c.path, c.local], ["GET", "/", undefined]);
  assertEquals(asked, []);
  assertEquals([c.remote?.hostname, c.secure, c.url.href], [
    "192.0.2.7",
    false,
    "http://a/",
  ]);
  const { remote } = c;
  assert(c.remote === remote);
  assertEquals(asked.length, 4);
});

Deno.test("Context.request has the URL that is forwarded, and the fields as sent", () => {
  const { request } = contextFrom(PROXY, 1, ALL);
  assertEquals(request.url, "https://a.example/a?b");
});

const NO_OPTIONS: [option: unknown, type: new () => Error, says: string][] = [
  [true, TypeError, "true would trust anybody"],
  [false, TypeError, "the number of proxies in front"],
  [null, TypeError, "the number of proxies in front"],
  ["10.0.0.0/8", TypeError, 'a list of their addresses as ["10.0.0.0/8"]'],
  [{}, TypeError, "the number of proxies in front"],
  [() => true, TypeError, "the number of proxies in front"],
  [new Set(["loopback"]), TypeError, "the number of proxies in front"],
  [-1, RangeError, "trustProxy to -1: a number of proxies is 0 to 32"],
  [1.5, RangeError, "a number of proxies is 0 to 32"],
  [NaN, RangeError, "a number of proxies is 0 to 32"],
  [Infinity, RangeError, "a number of proxies is 0 to 32"],
  [33, RangeError, "a number of proxies is 0 to 32"],
  [[1], TypeError, "Cannot trust a proxy that is a number"],
  [[["::1"]], TypeError, "Cannot trust a proxy that is a object"],
  [["loopback", undefined], TypeError, "a proxy that is a undefined"],
  [[""], RangeError, 'the proxy "": it is no IP address'],
  [["*"], RangeError, "it is no IP address"],
  [["Loopback"], RangeError, "it is no IP address"],
  [["__proto__"], RangeError, "it is no IP address"],
  [["proxy.example"], RangeError, 'the proxy "proxy.example": it is no IP'],
  [["127.0.0.1:80"], RangeError, "it is no IP address"],
  [["[::1]"], RangeError, "it is no IP address"],
  [["unix:"], RangeError, "it is no IP address"],
  [["10.0.0.1/8"], RangeError, "it has bits behind its prefix"],
  [["10.0.0.0/33"], RangeError, "its prefix is no number up to 32"],
  [["0.0.0.0/0"], RangeError, "everybody is in it"],
  [["::/0"], RangeError, "everybody is in it"],
  [["::/64"], RangeError, "everybody is in it"],
  [["::ffff:0:0/96"], RangeError, "everybody is in it"],
  [["::1", "10.0.0.0/8 "], RangeError, 'the proxy "10.0.0.0/8 "'],
];

Deno.test("resolveTrust() says what is wrong with an option", () => {
  for (const [option, type, says] of NO_OPTIONS) {
    assertThrows(() => resolveTrust(option), type, says);
  }
});

Deno.test("resolveTrust() trusts nobody where nothing is said", () => {
  assertEquals([resolveTrust(undefined), resolveTrust(0)], [
    undefined,
    undefined,
  ]);
});

Deno.test("serveConnection() answers 400 to who asks for what is malformed, and goes on", async () => {
  const peer = new Peer();
  const faults: unknown[] = [];
  const served = serveConnection(
    peer,
    (c) => toAnswer(c.path === "/" ? c.remote?.hostname : "x"),
    {
      trustProxy: 1,
      onError: (error) => void faults.push(error),
    },
  );
  const request = (path: string, value: string) =>
    `GET ${path} HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ${value}\r\n\r\n`;
  peer.send(request("/", "a") + request("/x", "a") + request("/", "::1"));
  peer.end();
  await served;
  const statuses = peer.said.match(/HTTP\/1\.1 \d+/g);
  assertEquals(statuses, ["HTTP/1.1 400", "HTTP/1.1 200", "HTTP/1.1 200"]);
  assertEquals(faults.map((fault) => (fault as Fault).code), ["forwarded"]);
});
