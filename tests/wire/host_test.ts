import { assertEquals } from "@std/assert";
import { isHost, splitHost } from "../../wire/host.ts";
import { watched } from "../fuzz/cost.ts";

const HOSTS: [host: string, is: boolean][] = [
  // Nothing at all, and a port of nobody.
  ["", true],
  [":", false],
  [":80", false],
  // Registered names.
  ["a", true],
  ["localhost", true],
  ["example.com", true],
  ["EXAMPLE.com.", true],
  ["xn--caf-dma.example", true],
  ["a_b.internal", true],
  ["a-b", true],
  [".", true],
  ["a!$&'()*+,;=b~", true],
  ["a".repeat(8000), true],
  ["caf%C3%A9.example", true],
  ["%2e%2E", true],
  ["%", false],
  ["%2", false],
  ["a%2", false],
  ["%2g", false],
  ["%g2", false],
  ["%%41", false],
  ["a%2:80", false],
  // What may not be in one.
  ["a b", false],
  [" a", false],
  ["a ", false],
  ["a\t", false],
  ["a\0", false],
  ["a\r", false],
  ["a\n", false],
  ["a\x7F", false],
  ["caf\xE9", false],
  ["a/", false],
  ["a/b", false],
  ["/a", false],
  ["a?b", false],
  ["a#b", false],
  ["a\\b", false],
  ["user@a", false],
  ["user:pass@a", false],
  ["a@", false],
  ["@a", false],
  ["http://a", false],
  ["a<b>", false],
  ["a|b", false],
  ["a^b", false],
  ["{a}", false],
  ['"a"', false],
  ["a`", false],
  ["a]", false],
  ["a[b", false],
  // Ports.
  ["a:", true],
  ["a:0", true],
  ["a:80", true],
  ["a:00080", true],
  ["a:65535", true],
  ["a:0000000000065535", true],
  ["a:65536", false],
  ["a:99999999999999999999999", false],
  ["a:80 ", false],
  ["a: 80", false],
  ["a:-1", false],
  ["a:+1", false],
  ["a:8a", false],
  ["a:0x50", false],
  ["a::80", false],
  ["a:80:80", false],
  ["a:b:80", false],
  ["a:\xB2", false],
  // IPv4, which is a registered name as well.
  ["192.0.2.1", true],
  ["192.0.2.1:80", true],
  ["999.1.1.1", true],
  ["1.2.3", true],
  // IPv6.
  ["[::]", true],
  ["[::1]", true],
  ["[::1]:", true],
  ["[::1]:443", true],
  ["[1::]", true],
  ["[1:2:3:4:5:6:7:8]", true],
  ["[ABCD:ef01:2345:6789:abcd:EF01:2345:6789]", true],
  ["[2001:db8::7]", true],
  ["[0:0:0:0:0:0:0:0]", true],
  ["[1::8]", true],
  ["[1:2:3:4:5:6:7::]", true],
  ["[::2:3:4:5:6:7:8]", true],
  ["[1::3:4:5:6:7:8]", true],
  ["[1:2:3:4:5:6::8]", true],
  ["[1:2:3:4:5:6:7::8]", false],
  ["[1:2:3:4:5:6:7:8::]", false],
  ["[::1:2:3:4:5:6:7:8]", false],
  ["[1:2:3:4:5:6:7]", false],
  ["[1:2:3:4:5:6:7:]", false],
  ["[1:2:3:4:5:6:7:8:]", false],
  ["[1:2:3:4:5:6:7:8:9]", false],
  [":1]", false],
  ["[:1]", false],
  ["[1:]", false],
  ["[:]", false],
  ["[:::]", false],
  ["[1:::2]", false],
  ["[1::2::3]", false],
  ["[::1::]", false],
  ["[12345::]", false],
  ["[::12345]", false],
  ["[::g]", false],
  ["[1]", false],
  ["[]", false],
  ["[", false],
  ["]", false],
  ["[[::1]]", false],
  ["[::1", false],
  ["[::1]a", false],
  ["[::1].", false],
  ["[::1]80", false],
  ["[::1]:a", false],
  ["[::1]:65536", false],
  ["[::1]]", false],
  ["[::1]@a", false],
  ["a[::1]", false],
  ["[ ::1]", false],
  ["[::1 ]", false],
  ["[fe80::1%25eth0]", false],
  ["[fe80::1%eth0]", false],
  ["[::%31]", false],
  // IPv4 inside of IPv6.
  ["[::192.0.2.1]", true],
  ["[::ffff:192.0.2.1]:80", true],
  ["[1:2:3:4:5:6:192.0.2.1]", true],
  ["[1:2:3:4:5::192.0.2.1]", true],
  ["[::2:3:4:5:6:192.0.2.1]", true],
  ["[1:2:3:4:5:6::192.0.2.1]", false],
  ["[1:2:3:4:5:6:7:192.0.2.1]", false],
  ["[1:2:3:4:5:192.0.2.1]", false],
  ["[192.0.2.1]", false],
  ["[::192.0.2]", false],
  ["[::192.0.2.]", false],
  ["[::192.0.2.1.]", false],
  ["[::192.0.2.1.5]", false],
  ["[::192.0.2.1:5]", false],
  ["[::192.0.2.1::]", false],
  ["[::256.0.2.1]", false],
  ["[::192.0.2.256]", false],
  ["[::1920.0.2.1]", false],
  ["[::192.0.2.01]", false],
  ["[::192.00.2.1]", false],
  ["[::0.0.0.0]", true],
  ["[::255.255.255.255]", true],
  ["[::a.0.0.1]", false],
  ["[::1a.0.0.1]", false],
  ["[::.0.0.1]", false],
  ["[::192..2.1]", false],
  ["[::192.0.2.0x1]", false],
  // IPvFuture.
  ["[v1.a]", true],
  ["[VF0.a:b!$]:80", true],
  ["[v.a]", false],
  ["[v1]", false],
  ["[v1.]", false],
  ["[v1a]", false],
  ["[vg.a]", false],
  ["[v1.a%20]", false],
  ["[v1.a/b]", false],
  ["[v1.a@b]", false],
];

/** The host at the start, at the end and in the middle of what surrounds it. */
const SETTINGS: [before: string, after: string][] = [["", ""], ["", "1"], [
  "a",
  "",
], ["[1", ":]9.%"]];

Deno.test("isHost() tells a host from everything else, and never looks beside it", () => {
  for (const [host, is] of HOSTS) {
    for (const [before, after] of SETTINGS) {
      const bytes = latin1(before + host + after);
      const found = isHost(bytes, before.length, before.length + host.length);
      assertEquals(found, is, JSON.stringify([before, host, after]));
    }
  }
});

Deno.test("isHost() takes no prefix of an IPv6 address for more than it is", () => {
  const address = "[1:22:333:4444::192.0.2.1]:65535";
  const right = Array.from(address, (_, i) => address.slice(0, i))
    .filter((prefix) => isHost(latin1(prefix), 0, prefix.length));
  assertEquals(right, [
    "",
    "[1:22:333:4444::192.0.2.1]",
    "[1:22:333:4444::192.0.2.1]:",
    "[1:22:333:4444::192.0.2.1]:6",
    "[1:22:333:4444::192.0.2.1]:65",
    "[1:22:333:4444::192.0.2.1]:655",
    "[1:22:333:4444::192.0.2.1]:6553",
  ]);
});

Deno.test("isHost() agrees with the platform's URL about IPv6", () => {
  const pieces = [
    "::",
    ":",
    "1",
    "ab",
    "0",
    "f00d",
    "1.2.3.4",
    "1.2.3",
    "12345",
  ];
  let seed = 1;
  const pick = () =>
    pieces[(seed = seed * 48271 % 2147483647) % pieces.length]!;
  for (let round = 0; round < 20_000; round++) {
    const length = 1 + round % 16;
    const host = `[${Array.from({ length }, pick).join("")}]`;
    assertEquals(
      isHost(latin1(host), 0, host.length),
      URL.canParse(`http://${host}/`),
      host,
    );
  }
});

Deno.test("isHost() looks at nothing behind the end", () => {
  for (const host of ["[::1", "[", "a%4", "a:8"]) {
    const [bytes, looks] = watched(latin1(host.padEnd(5_000, "\n") + "]"));
    isHost(bytes, 0, host.length);
    assertEquals(looks() < 40, true, host);
  }
});

const PARTS: [host: string, parts: [string, string]][] = [
  ["", ["", ""]],
  ["a", ["a", ""]],
  ["a:", ["a", ""]],
  ["a:80", ["a", "80"]],
  ["192.0.2.1:8080", ["192.0.2.1", "8080"]],
  ["[::1]", ["[::1]", ""]],
  ["[::1]:", ["[::1]", ""]],
  ["[::1]:443", ["[::1]", "443"]],
];

Deno.test("splitHost() parts host and port", () => {
  for (const [host, parts] of PARTS) assertEquals(splitHost(host), parts, host);
});

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
