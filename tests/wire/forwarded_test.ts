/** What clients and proxies may have put there, and what we make of it. */

import { assertEquals } from "@std/assert";
import type { Address } from "../../messages.ts";
import {
  type ForwardedElement,
  MALFORMED,
  membersFromRight,
  parseForwarded,
  parseHop,
  secureOf,
} from "../../wire/forwarded.ts";

/** An address as text, `?` where it is not known. */
function told(hop: Address | undefined): string {
  if (hop === undefined) return "?";
  return `${hop.hostname}${hop.port === undefined ? "" : ` ${hop.port}`}`;
}

/** An element as text: who, the scheme, the host. */
function line({ for: hop, secure, host }: ForwardedElement): string {
  const scheme = secure === undefined ? [] : [secure ? "https" : "http"];
  return [told(hop), ...scheme, ...host === undefined ? [] : [host]].join(" ");
}

const RIGHT: [field: string, elements: string[]][] = [
  // The examples of RFC 7239 §4 and §7.4.
  ['for="_gazonk"', ["?"]],
  ['For="[2001:db8:cafe::17]:4711"', ["2001:db8:cafe::17 4711"]],
  ["for=192.0.2.60;proto=http;by=203.0.113.43", ["192.0.2.60 http"]],
  ["for=192.0.2.43, for=198.51.100.17", ["192.0.2.43", "198.51.100.17"]],
  ['for=192.0.2.43,for="[2001:db8:cafe::17]",for=unknown', [
    "192.0.2.43",
    "2001:db8:cafe::17",
    "?",
  ]],
  ["for=_hidden, for=_SEVKISEK", ["?", "?"]],
  // Nodes and ports (§6).
  ['for="192.0.2.43:47011"', ["192.0.2.43 47011"]],
  ['for="192.0.2.43:_p0rt"', ["192.0.2.43"]],
  ['for="unknown:80"', ["?"]],
  ['for="_a:_b"', ["?"]],
  ["for=UNKNOWN", ["?"]],
  ['for="[::ffff:192.0.2.1]"', ["192.0.2.1"]],
  ['for="192.0.2.1:00080"', ["192.0.2.1 80"]],
  ['for="192.0.2.1:65535"', ["192.0.2.1 65535"]],
  // Values.
  ["for=192.0.2.1;PROTO=HTTPS;Host=Example.com", [
    "192.0.2.1 https Example.com",
  ]],
  ['host="[::1]:8080";for=192.0.2.1', ["192.0.2.1 [::1]:8080"]],
  ['for="192\\.0.2.1"', ["192.0.2.1"]],
  ["proto=wss", ["? https"]],
  ["proto=ws", ["? http"]],
  ["by=_edge", ["?"]],
  // Extensions are let pass, whatever is in their quotes.
  ['for=192.0.2.1;secret="a,b;c=\\"d\\\\";x=y', ["192.0.2.1"]],
  ['secret="";for=192.0.2.1', ["192.0.2.1"]],
  // Lists with nothing in them, and white space.
  [",, for=192.0.2.1 ,\t,for=192.0.2.2,", ["192.0.2.1", "192.0.2.2"]],
  [";for=192.0.2.1;;", ["192.0.2.1"]],
  ["for=192.0.2.1; proto=https ;host=a", ["192.0.2.1 https a"]],
];

Deno.test("parseForwarded() reads who asked whom for what", () => {
  for (const [field, lines] of RIGHT) {
    const elements = parseForwarded(field);
    assertEquals(
      elements === MALFORMED ? MALFORMED : elements.map(line),
      lines,
      field,
    );
  }
});

const WRONG: string[] = [
  // Nothing.
  ...["", " ", ",", ";", ", ;,"],
  // No pairs.
  ...["for", "for=", "=", "=a", "192.0.2.1", "for =192.0.2.1"],
  ...["for= 192.0.2.1", "f@r=a", '"for"=a', "for:192.0.2.1", "x=", "é=a"],
  // Two of a name: one reader takes the first, another the last.
  "for=192.0.2.1;for=192.0.2.2",
  "for=192.0.2.1;FOR=192.0.2.1",
  "host=a;host=b",
  "x=1;x=1",
  // Quotes that do not end, and what a proxy added behind them.
  'for="',
  'for="192.0.2.1',
  'for="192.0.2.1\\"',
  'for=192.0.2.1;x="\\',
  'for="192.0.2.9, for=198.51.100.1',
  'for=192.0.2.9;x=", for="[2001:db8::1]"',
  'x=", for=198.51.100.1;by="_edge"',
  // Quotes and what is no token.
  ...['for="192.0.2.1"x', 'for=x"192.0.2.1"', 'for="192.0.2.1""', 'a="b" c=d'],
  ...["for=[2001:db8::1]", "for=192.0.2.1:80", "host=a:80", "for=a b"],
  // Nodes that are none.
  ...["for=localhost", "for=example.com", "for=192.0.2", "for=192.0.2.01"],
  ...["for=0x7f.0.0.1", "for=127.1", 'for="2001:db8::1"', 'for="::1"'],
  ...['for="[192.0.2.1]"', 'for="[::1"', 'for="::1]"', 'for="[::1]x"'],
  ...['for="[fe80::1%25eth0]"', 'for="[]"', 'for=""', 'for=" 192.0.2.1"'],
  ...["for=_", 'for="_a b"', 'for="_é"', "for=unknown2", 'for="_a/b"'],
  ...['for="unix:"', 'for="/run/a.sock"', 'for="http://192.0.2.1"'],
  // Ports that are none.
  ...['for="192.0.2.1:"', 'for="192.0.2.1:65536"', 'for="192.0.2.1:000080"'],
  ...['for="192.0.2.1:8a"', 'for="192.0.2.1:-1"', 'for="192.0.2.1:_"'],
  ...['for="192.0.2.1:80:80"', 'for="[::1]80"', 'for="[::1]:٨"'],
  // A `by` that is none is no better.
  ...["by=a", 'for=192.0.2.1;by="[::1"'],
  // Schemes and hosts.
  ...["proto=ftp", 'proto=""', 'proto="https "', "proto=httpss", "proto=on"],
  ...['host=""', 'host="a b"', 'host="a/b"', 'host="user@a"', 'host="a#b"'],
  ...['host="a:99999"', 'host=":80"', 'host="[::1"', 'host="1.2.3.4.5"'],
  ...['host="a?b"', 'host="a\\\\b"', 'host="café"', 'host="%00"', 'host="š"'],
  // One that is wrong spoils those that are right, on either side.
  "for=nobody, for=192.0.2.1",
  "for=192.0.2.1, for=nobody",
  // Too many.
  Array.from({ length: 33 }, () => "for=192.0.2.1").join(),
];

Deno.test("parseForwarded() takes nothing of a field that is malformed anywhere", () => {
  for (const field of WRONG) {
    assertEquals(parseForwarded(field), MALFORMED, field);
  }
});

Deno.test("parseForwarded() reads up to 32 elements", () => {
  const field = Array.from({ length: 32 }, () => "for=192.0.2.1").join(", ");
  assertEquals(parseForwarded(field).length, 32);
});

Deno.test("parseForwarded() takes no time that grows faster than the field", {
  timeout: 20_000,
}, () => {
  const hostile = [
    ",".repeat(1 << 20),
    ";".repeat(1 << 20),
    `x="${"\\".repeat(1 << 20)}`,
    `for=_${"a".repeat(1 << 20)}`,
    "a=b;".repeat(1 << 18),
    "a=b,".repeat(1 << 18),
    `for="${"1.".repeat(1 << 19)}"`,
    `for="[${":".repeat(1 << 20)}]"`,
    `x="",${" ".repeat(1 << 20)}=`,
  ];
  for (const field of hostile) parseForwarded(field);
});

Deno.test("parseForwarded() gives names no power over objects", () => {
  const field = "__proto__=a;constructor=b;toString=c;for=192.0.2.1";
  const elements = parseForwarded(field);
  assertEquals(
    elements === MALFORMED ? MALFORMED : elements.map(line),
    ["192.0.2.1"],
  );
});

const HOPS: [text: string, hop: string][] = [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1:80", "192.0.2.1 80"],
  ["2001:DB8::1", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[2001:db8::1]:80", "2001:db8::1 80"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::1:80", "::1:80"],
  ["unknown", "?"],
  ["_hidden", "?"],
  ...[
    ...["", "localhost", "192.0.2", "192.0.2.1:", "192.0.2.1:65536", "unix:"],
    ...["192.0.2.1 192.0.2.2", '"192.0.2.1"', "[192.0.2.1]", "[::1", "::1]"],
    ...["::1%eth0", "[::1%eth0]", "1:2:3", "192.0.2.1/32", "a:80", "[::1]:x"],
    ...["192.0.2.01", "for=192.0.2.1", "192.0.2.1;x"],
  ].map((text): [string, string] => [text, MALFORMED]),
];

Deno.test("parseHop() takes an address in each spelling that proxies use", () => {
  for (const [text, expected] of HOPS) {
    const hop = parseHop(text);
    assertEquals(hop === MALFORMED ? hop : told(hop), expected, text);
  }
});

const LISTS: [field: string, members: string[]][] = [
  ["", []],
  [" , ,", []],
  ["a", ["a"]],
  ["a, b ,\tc", ["c", "b", "a"]],
  ['"a,b"', ['b"', '"a']],
  [",a,,b,", ["b", "a"]],
];

Deno.test("membersFromRight() begins with the last, and knows no quotes", () => {
  for (const [field, members] of LISTS) {
    assertEquals(membersFromRight(field), members, field);
  }
  const many = Array.from({ length: 100 }, (_, i) => `${i}`).join();
  assertEquals(membersFromRight(many).length, 32);
  assertEquals(membersFromRight(many)[31], "68");
});

Deno.test("secureOf() knows the schemes of HTTP and of WebSocket alone", () => {
  const right = ["HTTPS", "http", "wss", "ws"].map(secureOf);
  assertEquals(right, [true, false, true, false]);
  for (const scheme of ["", "https,http", "https ", "__proto__"]) {
    assertEquals(secureOf(scheme), MALFORMED, scheme);
  }
  assertEquals(secureOf(undefined), undefined);
});
