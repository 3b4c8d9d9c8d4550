import { assertEquals } from "@std/assert";
import {
  isInRange,
  parseAddress,
  parseRange,
  printAddress,
} from "../../wire/address.ts";

const ADDRESSES: [text: string, printed: string | undefined][] = [
  // IPv4.
  ["0.0.0.0", "0.0.0.0"],
  ["192.0.2.7", "192.0.2.7"],
  ["255.255.255.255", "255.255.255.255"],
  ["256.0.0.1", undefined],
  ["192.0.2", undefined],
  ["192.0.2.", undefined],
  ["192.0.2.7.", undefined],
  [".192.0.2.7", undefined],
  ["192.0.2.7.1", undefined],
  ["192.0.2.07", undefined],
  ["192.0.2.00", undefined],
  ["0x7f.0.0.1", undefined],
  ["127.1", undefined],
  ["2130706433", undefined],
  ["192.0.2.7 ", undefined],
  [" 192.0.2.7", undefined],
  ["192.0.2.-7", undefined],
  ["192.0.2.+7", undefined],
  ["192.0.2.7e1", undefined],
  ["192.0.2.٧", undefined],
  ["192.0.2.7\n", undefined],
  ["192.0.2.7/32", undefined],
  ["192.0.2.7:80", undefined],
  // IPv6, as RFC 5952 §4 prints it.
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::1", "2001:db8::1"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7:8::", undefined],
  ["1:2:3:4:5:6:7", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1::2::3", undefined],
  [":::", undefined],
  [":", undefined],
  [":1", undefined],
  ["1:", undefined],
  ["::1:", undefined],
  ["12345::", undefined],
  ["::g", undefined],
  ["[::1]", undefined],
  ["::1%eth0", undefined],
  ["fe80::1%25eth0", undefined],
  ["", undefined],
  ["localhost", undefined],
  ["unknown", undefined],
  ["1".repeat(46), undefined],
  // IPv4 in IPv6: mapped is IPv4, all else is not.
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:c000:207", "192.0.2.7"],
  ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
  ["::192.0.2.7", "::c000:207"],
  ["64:ff9b::192.0.2.7", "64:ff9b::c000:207"],
  ["::ffff:0:192.0.2.7", "::ffff:0:c000:207"],
  ["::ffff:192.0.2.07", undefined],
  ["192.0.2.7::", undefined],
  ["::192.0.2.7:1", undefined],
  ["1:2:3:4:5:6:7:192.0.2.7", undefined],
];

Deno.test("parseAddress() and printAddress() give an address its one spelling", () => {
  for (const [text, printed] of ADDRESSES) {
    const groups = parseAddress(text);
    assertEquals(groups && printAddress(groups), printed, text);
    assertEquals(groups && parseAddress(printAddress(groups)), groups, text);
  }
});

Deno.test("parseAddress() and printAddress() agree with the platform's URL about IPv6", () => {
  const pieces = ["::", ":", "1", "ab", "0", "0", "f00d", "1.2.3.4", "ffff"];
  let seed = 7;
  const pick = () =>
    pieces[(seed = seed * 48271 % 2147483647) % pieces.length]!;
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + round % 16 }, pick).join("");
    if (!text.includes(":")) continue;
    const groups = parseAddress(text);
    const url = URL.parse(`http://[${text}]/`);
    assertEquals(groups !== undefined, url !== null, text);
    if (groups === undefined || url === null) continue;
    const printed = printAddress(groups);
    const expected = printed.includes(".") ? `::ffff:${printed}` : printed;
    assertEquals(URL.parse(`http://[${expected}]/`)?.host, url.host, text);
    if (!printed.includes(".")) assertEquals(`[${printed}]`, url.host, text);
  }
});

const RANGES: [range: string, inside: string[], outside: string[]][] = [
  ["192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], [
    "192.0.2.6",
    "::192.0.2.7",
    "::c000:207",
  ]],
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], [
    "9.255.255.255",
    "11.0.0.0",
    "a00::",
    "::10.0.0.1",
  ]],
  ["172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], [
    "172.15.255.255",
    "172.32.0.0",
  ]],
  ["192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]],
  ["192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6"]],
  ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1", "2001:db8::"]],
  ["::ffff:10.0.0.0/104", ["10.1.2.3"], ["11.0.0.0"]],
  ["2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], [
    "2001:db7:ffff::",
    "2001:db9::",
  ]],
  ["fc00::/7", ["fc00::", "fdff::1"], ["fbff::", "fe00::"]],
  ["2001:db8::8/125", ["2001:db8::8", "2001:db8::f"], [
    "2001:db8::7",
    "2001:db8::10",
  ]],
  ["::1/128", ["::1"], ["::", "::2", "0.0.0.1"]],
  ["::/0", ["::", "1.2.3.4", "ffff::"], []],
];

Deno.test("isInRange() knows the first and the last address, and those beside them", () => {
  for (const [text, inside, outside] of RANGES) {
    const range = parseRange(text);
    if (typeof range === "string") throw new Error(`${text}: ${range}`);
    const has = (address: string) => isInRange(range, parseAddress(address)!);
    assertEquals(inside.filter((address) => !has(address)), [], text);
    assertEquals(outside.filter(has), [], text);
  }
});

const NO_RANGES: [range: string, says: string][] = [
  ["", "no IP address"],
  ["/8", "no IP address"],
  ["*", "no IP address"],
  ["example.com", "no IP address"],
  ["10.0.0", "no IP address"],
  ["10.0.0.0-10.0.0.9", "no IP address"],
  ["10.0.0.0/", "no number up to 32"],
  ["10.0.0.0/33", "no number up to 32"],
  ["10.0.0.0/08", "no number up to 32"],
  ["10.0.0.0/-1", "no number up to 32"],
  ["10.0.0.0/8/8", "no number up to 32"],
  ["10.0.0.0/255.0.0.0", "no number up to 32"],
  ["10.0.0.0/ 8", "no number up to 32"],
  ["::1/129", "no number up to 128"],
  ["10.0.0.1/8", "bits behind its prefix"],
  ["2001:db8::1/32", "bits behind its prefix"],
  ["172.16.0.0/11", "bits behind its prefix"],
];

Deno.test("parseRange() says what is wrong with what is none", () => {
  for (const [text, says] of NO_RANGES) {
    const range = parseRange(text);
    assertEquals(typeof range === "string" && range.includes(says), true, text);
  }
});
