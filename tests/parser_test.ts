/**
 * The parser, in rows: what is on the wire, and the story that is told of it.
 *
 * Every row is fed in four ways, and the story has to be the same: at once,
 * byte by byte, in threes, and with the next request behind it.
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { FAULTS } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Fault, type Head, type Piece, RequestParser } from "../parser.ts";

const HOST = "Host: h\r\n";
const GET = `GET /a HTTP/1.1\r\n${HOST}`;
const POST = `POST /a HTTP/1.1\r\n${HOST}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const NEXT = `GET /next HTTP/1.1\r\n${HOST}\r\n`;

type Row = [name: string, wire: string, story: string];

const REQUEST_LINES: Row[] = [
  ["the least", `${GET}\r\n`, "GET /a | end"],
  ["empty lines before", `\r\n\r\n${GET}\r\n`, "GET /a | end"],
  ["too many empty lines", `${"\r\n".repeat(33)}${GET}\r\n`, "! line-end"],
  ["many empty lines", `${"\r\n".repeat(32)}${GET}\r\n`, "GET /a | end"],
  ["an empty line of LF", `\n${GET}\r\n`, "! line-end"],
  ["CR alone before", `\rGET / HTTP/1.1\r\n${HOST}\r\n`, "! line-end"],
  ["a method of its own", `BREW /a HTTP/1.1\r\n${HOST}\r\n`, "BREW /a | end"],
  ["methods have case", `get /a HTTP/1.1\r\n${HOST}\r\n`, "get /a | end"],
  [
    "a method of 32 octets",
    `${"M".repeat(32)} /a HTTP/1.1\r\n${HOST}\r\n`,
    `${"M".repeat(32)} /a | end`,
  ],
  [
    "a method of 33 octets",
    `${"M".repeat(33)} /a HTTP/1.1\r\n${HOST}\r\n`,
    "! method-size",
  ],
  ["a method with a colon", `GE:T /a HTTP/1.1\r\n${HOST}\r\n`, "! method"],
  ["no method", ` /a HTTP/1.1\r\n${HOST}\r\n`, "! method"],
  ["a handshake of TLS", "\x16\x03\x01\x02\x00\x01", "! method"],
  ["two spaces", `GET  /a HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  ["HTAB for a space", `GET\t/a HTTP/1.1\r\n${HOST}\r\n`, "! method"],
  [
    "two spaces before the version",
    `GET /a  HTTP/1.1\r\n${HOST}\r\n`,
    "! version",
  ],
  [
    "a space behind the version",
    `GET /a HTTP/1.1 \r\n${HOST}\r\n`,
    "! version",
  ],
  ["no version", "GET /a\r\n", "! target"],
  ["HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", "GET /a 1.0 | end"],
  [
    "HTTP/1.7 is served as 1.1",
    `GET /a HTTP/1.7\r\n${HOST}\r\n`,
    "GET /a | end",
  ],
  ["HTTP/2.0", `GET /a HTTP/2.0\r\n${HOST}\r\n`, "! version-major"],
  ["HTTP/0.9", `GET /a HTTP/0.9\r\n${HOST}\r\n`, "! version-major"],
  [
    "the preface of HTTP/2",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "! version-major",
  ],
  ["a version in lower case", `GET /a http/1.1\r\n${HOST}\r\n`, "! version"],
  ["a version of two digits", `GET /a HTTP/1.10\r\n${HOST}\r\n`, "! version"],
  ["a version without a dot", `GET /a HTTP/1_1\r\n${HOST}\r\n`, "! version"],
  [
    "a version that is no number",
    `GET /a HTTP/a.1\r\n${HOST}\r\n`,
    "! version",
  ],
  ["another protocol", `GET /a ICY/1.1\r\n${HOST}\r\n`, "! version"],
  ["LF behind the version", "GET /a HTTP/1.1\nHost: h\n\n", "! line-end"],
  ["CR CR behind the version", "GET /a HTTP/1.1\r\r\n", "! line-end"],
];

const TARGETS: Row[] = [
  [
    "a query",
    `GET /a?b=c&d?e HTTP/1.1\r\n${HOST}\r\n`,
    "GET /a ?b=c&d?e | end",
  ],
  [
    "every octet that is allowed",
    `GET /!"$%&'()*+,-./:;<=>@[\\]^_\`{|}~ HTTP/1.1\r\n${HOST}\r\n`,
    `GET /!"$%&'()*+,-./:;<=>@[\\]^_\`{|}~ | end`,
  ],
  ["a fragment", `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  ["obs-text", `GET /\xE9 HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  ["NUL", `GET /\0 HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  ["DEL", `GET /\x7F HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  [
    "absolute-form",
    "GET http://b:80/c?d HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /c ?d @b:80 | end",
  ],
  [
    "absolute-form in capitals",
    "GET HTTP://B/c HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /c @B | end",
  ],
  [
    "absolute-form without a path",
    "GET http://b HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / @b | end",
  ],
  [
    "absolute-form with a query alone",
    "GET http://b?c HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / ?c @b | end",
  ],
  [
    "OPTIONS in absolute-form without a path",
    "OPTIONS http://b HTTP/1.1\r\nHost: h\r\n\r\n",
    "OPTIONS * @b | end",
  ],
  [
    "absolute-form with https",
    "GET https://b/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-scheme",
  ],
  [
    "absolute-form with ftp",
    "GET ftp://b/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-scheme",
  ],
  [
    "absolute-form without a host",
    "GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-host",
  ],
  [
    "absolute-form with a port alone",
    "GET http://:80/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-host",
  ],
  [
    "absolute-form with userinfo",
    "GET http://u@b/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-host",
  ],
  [
    "absolute-form with a bad host",
    "GET http://b[/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-host",
  ],
  [
    "absolute-form with one slash",
    "GET http:/b HTTP/1.1\r\nHost: h\r\n\r\n",
    "! target-form",
  ],
  ["a relative path", `GET a HTTP/1.1\r\n${HOST}\r\n`, "! target-form"],
  [
    "a scheme that begins with a digit",
    `GET 1a://b HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
  ["asterisk-form", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, "OPTIONS * | end"],
  [
    "asterisk-form for another",
    `GET * HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
  ["two asterisks", `OPTIONS ** HTTP/1.1\r\n${HOST}\r\n`, "! target-form"],
  [
    "authority-form",
    `CONNECT b:443 HTTP/1.1\r\n${HOST}\r\n`,
    "CONNECT b:443 @b:443 | end",
  ],
  [
    "authority-form with IPv6",
    `CONNECT [::1]:443 HTTP/1.1\r\n${HOST}\r\n`,
    "CONNECT [::1]:443 @[::1]:443 | end",
  ],
  [
    "authority-form without a port",
    `CONNECT b HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
  [
    "authority-form with an empty port",
    `CONNECT b: HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
  [
    "authority-form for another",
    `GET b:443 HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
  [
    "CONNECT with a path",
    `CONNECT /a HTTP/1.1\r\n${HOST}\r\n`,
    "! target-form",
  ],
];

const FIELDS: Row[] = [
  ["no Host", "GET /a HTTP/1.1\r\n\r\n", "! host-missing"],
  ["two Hosts", `${GET}${HOST}\r\n`, "! host-repeated"],
  [
    "two Hosts in 1.0",
    `GET /a HTTP/1.0\r\n${HOST}${HOST}\r\n`,
    "! host-repeated",
  ],
  ["an empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", "GET /a | end"],
  ["a Host that is none", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", "! host"],
  ["a Host with spaces", "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", "! host"],
  [
    "Host in another case",
    "GET /a HTTP/1.1\r\nhOSt: b\r\n\r\n",
    "GET /a @b | end",
  ],
  [
    "white space around values",
    `${GET}X: \t b \t \r\n\r\n`,
    "GET /a x=b | end",
  ],
  ["an empty value", `${GET}X:\r\n\r\n`, "GET /a x= | end"],
  ["a value of blanks", `${GET}X:  \t\r\n\r\n`, "GET /a x= | end"],
  ["HTAB inside a value", `${GET}X: b\tc\r\n\r\n`, "GET /a x=b\tc | end"],
  [
    "obs-text is kept",
    `${GET}X: \xE9\x80\xFF\r\n\r\n`,
    "GET /a x=\xE9\x80\xFF | end",
  ],
  [
    "two lines are one list",
    `${GET}X: b\r\nY: 0\r\nx: c\r\n\r\n`,
    "GET /a x=b, c | end",
  ],
  ["a name that is no token", `${GET}X Y: b\r\n\r\n`, "! field-name"],
  ["a space before the colon", `${GET}X : b\r\n\r\n`, "! field-name"],
  ["no colon", `${GET}X\r\n\r\n`, "! field-name"],
  ["no name", `${GET}: b\r\n\r\n`, "! field-name"],
  ["a folded line", `${GET}X: b\r\n c\r\n\r\n`, "! fold"],
  ["a folded first line", `GET /a HTTP/1.1\r\n ${HOST}\r\n`, "! fold"],
  ["a line of HTAB", `${GET}\t\r\n\r\n`, "! fold"],
  ["NUL in a value", `${GET}X: a\0b\r\n\r\n`, "! field-value"],
  ["ESC in a value", `${GET}X: a\x1Bb\r\n\r\n`, "! field-value"],
  ["DEL in a value", `${GET}X: a\x7Fb\r\n\r\n`, "! field-value"],
  ["CR in a value", `${GET}X: a\rb\r\n\r\n`, "! line-end"],
  ["LF in a value", `${GET}X: a\nb\r\n\r\n`, "! line-end"],
  ["LF for the empty line", `${GET}\n`, "! line-end"],
  ["CR alone for the empty line", `${GET}\rX`, "! line-end"],
  ["__proto__ is a name", `${GET}__proto__: b\r\n\r\n`, "GET /a | end"],
];

const FRAMING: Row[] = [
  ["a length", `${POST}Content-Length: 3\r\n\r\nabc`, "POST /a | abc | end"],
  ["a length of 0", `${POST}Content-Length: 0\r\n\r\n`, "POST /a | end"],
  [
    "zeros before",
    `${POST}Content-Length: 0000000000000000000003\r\n\r\nabc`,
    "POST /a | abc | end",
  ],
  ["content of a GET", `${GET}Content-Length: 1\r\n\r\nb`, "GET /a | b | end"],
  ["an empty length", `${POST}Content-Length:\r\n\r\n`, "! length"],
  ["a sign", `${POST}Content-Length: +3\r\n\r\nabc`, "! length"],
  ["a minus", `${POST}Content-Length: -3\r\n\r\nabc`, "! length"],
  ["hexadecimal", `${POST}Content-Length: 0x3\r\n\r\nabc`, "! length"],
  ["a list", `${POST}Content-Length: 3, 3\r\n\r\nabc`, "! length"],
  [
    "twice the same",
    `${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
    "! length-repeated",
  ],
  [
    "past counting",
    `${POST}Content-Length: 9007199254740992\r\n\r\n`,
    "! length-size",
  ],
  [
    "far past counting",
    `${POST}Content-Length: ${"9".repeat(400)}\r\n\r\n`,
    "! length-size",
  ],
  [
    "a length and a coding",
    `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
    "! framing",
  ],
  [
    "a coding and a length",
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n`,
    "! framing",
  ],
  [
    "chunked in another case",
    `${POST}Transfer-Encoding: cHUNKed\r\n\r\n0\r\n\r\n`,
    "POST /a | end",
  ],
  [
    "chunked twice",
    `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n`,
    "! coding",
  ],
  [
    "chunked on two lines",
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    "! coding",
  ],
  [
    "chunked not last",
    `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n`,
    "! coding",
  ],
  [
    "chunked with a parameter",
    `${POST}Transfer-Encoding: chunked;q=1\r\n\r\n`,
    "! coding",
  ],
  [
    "chunked in quotes",
    `${POST}Transfer-Encoding: "chunked"\r\n\r\n`,
    "! coding",
  ],
  ["no coding", `${POST}Transfer-Encoding:\r\n\r\n`, "! coding"],
  [
    "gzip before chunked",
    `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    "! coding-unknown",
  ],
  ["gzip", `${POST}Transfer-Encoding: gzip\r\n\r\n`, "! coding"],
  [
    "identity",
    `${POST}Transfer-Encoding: identity\r\n\r\n`,
    "! coding",
  ],
  [
    "a coding like chunked",
    `${POST}Transfer-Encoding: xchunked\r\n\r\n`,
    "! coding",
  ],
  [
    "a coding in 1.0",
    "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "! coding-version",
  ],
];

const CHUNKS: Row[] = [
  [
    "chunks",
    `${CHUNKED}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
    "POST /a | abcde | end",
  ],
  [
    "sizes of either case",
    `${CHUNKED}A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n`,
    "POST /a | 01234567890123456789 | end",
  ],
  [
    "zeros before",
    `${CHUNKED}0003\r\nabc\r\n000\r\n\r\n`,
    "POST /a | abc | end",
  ],
  ["CR LF as data", `${CHUNKED}2\r\n\r\n\r\n0\r\n\r\n`, "POST /a | \r\n | end"],
  ["an empty size", `${CHUNKED}\r\n`, "POST /a | ! chunk-size"],
  ["no hexadecimal", `${CHUNKED}g\r\n`, "POST /a | ! chunk-size"],
  ["0x", `${CHUNKED}0x3\r\nabc`, "POST /a | ! chunk-size"],
  ["a sign", `${CHUNKED}+3\r\nabc`, "POST /a | ! chunk-size"],
  ["a space before", `${CHUNKED} 3\r\nabc`, "POST /a | ! chunk-size"],
  ["a space behind", `${CHUNKED}3 \r\nabc`, "POST /a | ! chunk-extension"],
  [
    "zeros before a size, and more for the last one",
    `${CHUNKED}00000000000000003\r\nabc\r\n${"0".repeat(64)}\r\n\r\n`,
    "POST /a | abc | end",
  ],
  [
    "17 digits that say something",
    `${CHUNKED}10000000000000003\r\nabc`,
    "POST /a | ! chunk-size",
  ],
  [
    "zeros without end",
    `${CHUNKED}${"0".repeat(5_000)}3\r\nabc`,
    "POST /a | ! chunk-extension-size",
  ],
  ["past counting", `${CHUNKED}20000000000000\r\n`, "POST /a | ! chunk-size"],
  ["LF behind the size", `${CHUNKED}3\nabc`, "POST /a | ! line-end"],
  ["CR alone behind the size", `${CHUNKED}3\rabc`, "POST /a | ! line-end"],
  [
    "data longer than its size",
    `${CHUNKED}2\r\nabc\r\n`,
    "POST /a | ab | ! chunk-end",
  ],
  ["LF behind the data", `${CHUNKED}3\r\nabc\n`, "POST /a | abc | ! chunk-end"],
  [
    "CR alone behind the data",
    `${CHUNKED}3\r\nabc\rX`,
    "POST /a | abc | ! chunk-end",
  ],
  [
    "extensions",
    `${CHUNKED}3;a;b=c;d="e;\\"f";g\r\nabc\r\n0;x\r\n\r\n`,
    "POST /a | abc | end",
  ],
  [
    "bad white space",
    `${CHUNKED}3 ; a = b\t;c\r\nabc\r\n0\r\n\r\n`,
    "POST /a | abc | end",
  ],
  [
    "an extension without a name",
    `${CHUNKED}3;\r\nabc`,
    "POST /a | ! chunk-extension",
  ],
  [
    "an extension without a value",
    `${CHUNKED}3;a=\r\nabc`,
    "POST /a | ! chunk-extension",
  ],
  [
    "quotes that do not end",
    `${CHUNKED}3;a="b\r\nabc`,
    "POST /a | ! chunk-extension",
  ],
  [
    "a control in an extension",
    `${CHUNKED}3;a=\x01\r\nabc`,
    "POST /a | ! chunk-extension",
  ],
  ["LF in an extension", `${CHUNKED}3;a\nabc`, "POST /a | ! line-end"],
  [
    "a blank before the end",
    `${CHUNKED}3;a=b \r\nabc`,
    "POST /a | ! chunk-extension",
  ],
  [
    "a trailer section",
    `${CHUNKED}0\r\nX: b\r\nY: c\r\n\r\n`,
    "POST /a | end x=b y=c",
  ],
  [
    "trailers are not fields",
    `${CHUNKED}0\r\nContent-Length: 5\r\nHost: b\r\n\r\n`,
    "POST /a | end content-length=5 host=b",
  ],
  ["a bad trailer", `${CHUNKED}0\r\nX : b\r\n\r\n`, "POST /a | ! field-name"],
  ["a folded trailer", `${CHUNKED}0\r\n X: b\r\n\r\n`, "POST /a | ! fold"],
  ["LF behind the last chunk", `${CHUNKED}0\r\n\n`, "POST /a | ! line-end"],
];

const CONTROL: Row[] = [
  ["close", `${GET}Connection: close\r\n\r\n`, "GET /a close | end"],
  [
    "close in a list",
    `${GET}Connection: keep-alive, CLOSE\r\n\r\n`,
    "GET /a close | end",
  ],
  [
    "close on another line",
    `${GET}Connection: keep-alive\r\nConnection: close\r\n\r\n`,
    "GET /a close | end",
  ],
  [
    "closed is not close",
    `${GET}Connection: closed, "close"\r\n\r\n`,
    "GET /a | end",
  ],
  [
    "empty members",
    `${GET}Connection: , ,close,\r\n\r\n`,
    "GET /a close | end",
  ],
  [
    "keep-alive in 1.0",
    "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    "GET /a 1.0 keep | end",
  ],
  [
    "close wins in 1.0",
    "GET /a HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
    "GET /a 1.0 | end",
  ],
  [
    "upgrade",
    `${GET}Connection: Upgrade\r\nUpgrade: a/1\r\n\r\n`,
    "GET /a upgrade | end",
  ],
  ["Upgrade without Connection", `${GET}Upgrade: a/1\r\n\r\n`, "GET /a | end"],
  [
    "an expectation",
    `${POST}Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nb`,
    "POST /a continue | b | end",
  ],
  [
    "an expectation in 1.0",
    "GET /a HTTP/1.0\r\nExpect: 100-continue, b\r\n\r\n",
    "GET /a 1.0 | end",
  ],
  ["another expectation", `${POST}Expect: 200-ok\r\n\r\n`, "! expectation"],
  [
    "one expectation of two",
    `${POST}Expect: 100-continue, b\r\n\r\n`,
    "! expectation",
  ],
  [
    "another expectation with chunks",
    `${POST}Expect: b\r\nTransfer-Encoding: chunked\r\n\r\n`,
    "! expectation",
  ],
];

const TABLES = { REQUEST_LINES, TARGETS, FIELDS, FRAMING, CHUNKS, CONTROL };

/** How the same bytes may arrive. */
const FEEDINGS: Record<string, (wire: string) => string[]> = {
  "at once": (wire) => [wire],
  "byte by byte": (wire) => cut(wire, 1),
  "in threes": (wire) => cut(wire, 3),
};

for (const [table, rows] of Object.entries(TABLES)) {
  for (const [feeding, feed] of Object.entries(FEEDINGS)) {
    Deno.test(`RequestParser tells the story of ${table}, fed ${feeding}`, () => {
      for (const [name, wire, story] of rows) {
        assertEquals([name, tell(feed(wire))], [name, story]);
      }
    });
  }

  Deno.test(`RequestParser tells the story of ${table}, and of the next`, () => {
    for (const [name, wire, story] of rows) {
      const told = /! [a-z]/.test(story) ? story : `${story} | GET /next | end`;
      for (const feed of Object.values(FEEDINGS)) {
        assertEquals([name, tell(feed(wire + NEXT))], [name, told]);
      }
    }
  });
}

Deno.test("RequestParser takes lines at a run as it takes them octet by octet", () => {
  const lines = [
    "",
    "1",
    "12",
    "123 ",
    "1234\t",
    " 12345",
    "\t123456",
    "1234567",
  ];
  const wire = [
    "PUT /a?b HTTP/1.1",
    ...lines.map((value, i) => `X${"-".repeat(i)}:${value}`),
    "Host: h:1",
    "Connection: close, b",
    "\r\n",
  ].join("\r\n");
  for (let at = 0; at < wire.length; at++) {
    for (const octet of "\0\t\n\r :a\x1F\x7F\x80\xFF") {
      const other = wire.slice(0, at) + octet + wire.slice(at + 1);
      const [run, slow] = [[other], cut(other, 1)].map(firstOf);
      assertEquals([other, run], [other, slow]);
    }
  }
});

Deno.test("every fault that the parser finds has a row", () => {
  const told = new Set(
    Object.values(TABLES).flat().flatMap(([, , story]) =>
      story.match(/! (\S+)/)?.[1] ?? []
    ),
  );
  const elsewhere =
    /size$|^fields$|^trailer-|^chunk-overhead$|late$|slow$|cut$|^target-path$|^forwarded$|^form-|^part-|^parts$|^files$|^method-unknown$/;
  const silent = Object.keys(FAULTS).filter((code) =>
    !told.has(code) && !elsewhere.test(code)
  );
  assertEquals(silent, []);
});

/** Bounds, each with a row at it and one past it. */
const BOUNDS: [limits: Partial<Limits>, wire: string, story: string][] = [
  [{ target: 3 }, `GET /ab HTTP/1.1\r\n${HOST}\r\n`, "GET /ab | end"],
  [{ target: 3 }, `GET /abc HTTP/1.1\r\n${HOST}\r\n`, "! target-size"],
  [{ target: 3 }, `GET /abc\0 HTTP/1.1\r\n${HOST}\r\n`, "! target-size"],
  [{ target: 3 }, `GET /ab\0 HTTP/1.1\r\n${HOST}\r\n`, "! target"],
  [{ target: 0 }, `GET / HTTP/1.1\r\n${HOST}\r\n`, "! target-size"],
  [{ head: `${GET}\r\n`.length }, `${GET}\r\n`, "GET /a | end"],
  [{ head: `${GET}\r\n`.length - 1 }, `${GET}\r\n`, "! head-size"],
  [{ head: 30 }, `${GET}X: ${"b".repeat(100)}\0\r\n\r\n`, "! head-size"],
  [{ head: 20 }, `\r\n\r\nGET / HTTP/1.0\r\n\r\n`, "GET / 1.0 | end"],
  [{ fields: 1 }, `${GET}\r\n`, "GET /a | end"],
  [{ fields: 1 }, `${GET}X: b\r\n\r\n`, "! fields"],
  [{ fields: 0 }, "GET /a HTTP/1.0\r\n\r\n", "GET /a 1.0 | end"],
  [{ trailers: 8 }, `${CHUNKED}0\r\nX: b\r\n\r\n`, "POST /a | end x=b"],
  [{ trailers: 7 }, `${CHUNKED}0\r\nX: b\r\n\r\n`, "POST /a | ! trailer-size"],
  [{ trailerFields: 1 }, `${CHUNKED}0\r\nX: b\r\n\r\n`, "POST /a | end x=b"],
  [
    { trailerFields: 1 },
    `${CHUNKED}0\r\nX: b\r\nY: c\r\n\r\n`,
    "POST /a | ! trailer-fields",
  ],
  [
    { chunkExtensions: 4 },
    `${CHUNKED}1;a\r\nb\r\n0;c\r\n\r\n`,
    "POST /a | b | end",
  ],
  [
    { chunkExtensions: 3 },
    `${CHUNKED}1;a\r\nb\r\n0;c\r\n\r\n`,
    "POST /a | b | ! chunk-extension-size",
  ],
  // 29 octets for each of data: 16 times the data and 64 KiB are passed at chunk 5,042.
  [
    { chunkExtensions: Infinity },
    `${CHUNKED}${"1;a=bbbbbbbbbbbbbbbbbbbb\r\nc\r\n".repeat(6_000)}`,
    `POST /a | ${"c".repeat(5_041)} | ! chunk-overhead`,
  ],
];

Deno.test("RequestParser holds its bounds however the bytes were cut", () => {
  for (const [limits, wire, story] of BOUNDS) {
    for (const [feeding, feed] of Object.entries(FEEDINGS)) {
      assertEquals([limits, feeding, tell(feed(wire), limits)], [
        limits,
        feeding,
        story,
      ]);
    }
  }
});

Deno.test("RequestParser serves many small chunks", () => {
  const wire = `${CHUNKED}${"1\r\na\r\n".repeat(50_000)}0\r\n\r\n`;
  assertEquals(tell([wire]), `POST /a | ${"a".repeat(50_000)} | end`);
});

Deno.test("RequestParser keeps heads apart that came at once", () => {
  const parser = new RequestParser();
  const count = 40;
  for (let i = 0; i < count; i++) {
    parser.feed(
      octets(
        `GET /${i} HTTP/1.1\r\nHost: h${i}\r\nX: ${
          "\xE9".repeat(i % 3)
        }${i}\r\n\r\n`,
      ),
    );
  }
  const heads: Head[] = [];
  for (
    let piece = parser.next();
    piece.kind !== "more";
    piece = parser.next()
  ) {
    if (piece.kind === "head") heads.push(piece);
  }
  // All of them are asked only now, when the parser has long gone on.
  parser.feed(octets("Z".repeat(5_000)));
  const told = heads.map((
    head,
  ) => [head.path, head.authority, head.header("x")]);
  const wanted = heads.map((
    _,
    i,
  ) => [`/${i}`, `h${i}`, `${"\xE9".repeat(i % 3)}${i}`]);
  assertEquals(told, wanted);
  assertEquals(heads.length, count);
});

Deno.test("RequestParser decodes heads beside binary content", () => {
  const one = `${POST}Content-Length: 4\r\n\r\n\xC3\xA9\xFF\0`;
  assertEquals(
    tell([one.repeat(20)]),
    Array(20).fill("POST /a | \xC3\xA9\xFF\0 | end").join(" | "),
  );
});

Deno.test("Head lists its fields in order", () => {
  const head = headOf(`${GET}B: 1\r\na: 2\r\nB: 3\r\n\r\n`);
  assertEquals([...head.fields()], [["host", "h"], ["b", "1"], ["a", "2"], [
    "b",
    "3",
  ]]);
  assertEquals([head.header("B"), head.header("A"), head.header("c")], [
    "1, 3",
    "2",
    undefined,
  ]);
});

Deno.test("Head joins cookies with semicolons", () => {
  const head = headOf(`${GET}Cookie: a=1\r\ncookie: b=2\r\n\r\n`);
  assertEquals(head.header("cookie"), "a=1; b=2");
});

Deno.test("Head takes any number of fields that is allowed", () => {
  const lines = Array.from({ length: 99 }, (_, i) => `X${i}: ${i}\r\n`).join(
    "",
  );
  const head = headOf(`${GET}${lines}\r\n`);
  assertEquals([head.header("x0"), head.header("x98")], ["0", "98"]);
});

Deno.test("RequestParser.finish() tells a clean end from a broken one", () => {
  const cases: [wire: string, code: string | undefined][] = [
    ["", undefined],
    ["\r\n", undefined],
    ["G", "head-cut"],
    [`${GET}`, "head-cut"],
    [`${GET}\r\n`, undefined],
    [`${POST}Content-Length: 2\r\n\r\na`, "content-cut"],
    [`${CHUNKED}1\r\n`, "content-cut"],
    [`${CHUNKED}0\r\n`, "content-cut"],
    ["\0", "method"],
  ];
  for (const [wire, code] of cases) {
    const parser = new RequestParser();
    parser.feed(octets(wire));
    while (!["more", "fault"].includes(parser.next().kind));
    assertEquals([wire, parser.finish()?.code], [wire, code]);
  }
});

Deno.test("RequestParser stays with its first fault", () => {
  const parser = new RequestParser();
  parser.feed(octets("\0"));
  const first = parser.next();
  parser.feed(octets(NEXT));
  assert(first instanceof Fault && parser.next() === first);
});

Deno.test("RequestParser.inHead tells a begun head from a quiet peer", () => {
  const parser = new RequestParser();
  const states = ["", "\r\n", "G", "ET /a HTTP/1.1\r\n", HOST].map((bytes) => {
    parser.feed(octets(bytes));
    parser.next();
    return parser.inHead;
  });
  assertEquals(states, [false, false, true, true, true]);
});

Deno.test("RequestParser.takeRest() gives what lies behind the request", () => {
  const parser = new RequestParser();
  parser.feed(octets(`${GET}\r\nrest`));
  assertEquals([parser.next().kind, parser.next().kind], ["head", "end"]);
  assertEquals([parser.takeRest(2), parser.takeRest(), parser.takeRest()], [
    octets("re"),
    octets("st"),
    octets(""),
  ]);
});

Deno.test("RequestParser reads into the room it gives, and grows while it is full", () => {
  const parser = new RequestParser();
  const wire = octets(
    `${POST}Content-Length: 300000\r\n\r\n${"x".repeat(300_000)}`,
  );
  const rooms: number[] = [];
  let got = 0;
  for (let sent = 0; sent < wire.length;) {
    const room = parser.space();
    rooms.push(room.length);
    const part = wire.subarray(sent, sent + room.length);
    room.set(part);
    parser.filled(part.length);
    sent += part.length;
    for (
      let piece = parser.next();
      piece.kind !== "more";
      piece = parser.next()
    ) {
      if (piece.kind === "data") got += piece.bytes.length;
    }
  }
  assertEquals(got, 300_000);
  assertEquals([rooms[0], rooms.at(-1)], [1024, 65536]);
  // Quiet again, it gives the room back.
  parser.filled(0);
  assertEquals(parser.space().length, 4096);
});

Deno.test("RequestParser knows the scheme of its connection", () => {
  const tell = (secure: boolean, scheme: string) => {
    const parser = new RequestParser({ secure });
    parser.feed(octets(`GET ${scheme}://b/ HTTP/1.1\r\n${HOST}\r\n`));
    return parser.next().kind;
  };
  assertEquals(
    [tell(true, "https"), tell(true, "http"), tell(false, "https")],
    [
      "head",
      "fault",
      "fault",
    ],
  );
});

Deno.test("RequestParser refuses limits that bound nothing", () => {
  for (const value of [NaN, -1]) {
    assertThrows(
      () => new RequestParser({ limits: { head: value } }),
      RangeError,
    );
  }
  const unknown = { heads: 1 } as Partial<Limits>;
  assertThrows(
    () => new RequestParser({ limits: unknown }),
    TypeError,
    "limits.heads",
  );
});

/** The story of what is fed. */
function tell(parts: string[], limits: Partial<Limits> = {}): string {
  const parser = new RequestParser({ limits });
  const story: string[] = [];
  let data = "";
  for (const part of parts) {
    parser.feed(octets(part));
    for (
      let piece = parser.next();
      piece.kind !== "more";
      piece = parser.next()
    ) {
      if (piece.kind === "data") {
        for (const byte of piece.bytes) data += String.fromCharCode(byte);
        continue;
      }
      if (data) story.push(data);
      data = "";
      story.push(word(piece));
      if (piece.kind === "fault") return story.join(" | ");
    }
  }
  return story.join(" | ");
}

/** The first piece, with the fields of a head. */
function firstOf(parts: string[]): string {
  const parser = new RequestParser();
  for (const part of parts) {
    parser.feed(octets(part));
    const piece = parser.next();
    if (piece.kind === "head") return `${word(piece)} ${[...piece.fields()]}`;
    if (piece.kind !== "more" && piece.kind !== "data") return word(piece);
  }
  return "more";
}

function word(piece: Exclude<Piece, { kind: "more" | "data" }>): string {
  if (piece.kind === "fault") return `! ${piece.code}`;
  if (piece.kind === "end") {
    return [
      "end",
      ...piece.trailers.map(([n, v]) => `${n}=${v}`),
    ].join(" ");
  }
  const { method, path, query, authority, version, persists } = piece;
  const x = piece.header("x");
  return [
    `${method} ${path}`,
    query && `?${query}`,
    authority !== "h" && authority !== "" && `@${authority}`,
    version === "1.0" && "1.0",
    x !== undefined && `x=${x}`,
    version === "1.0" ? persists && "keep" : !persists && "close",
    piece.upgrades && "upgrade",
    piece.expectsContinue && "continue",
  ].filter((part) => part !== false && part !== "").join(" ");
}

function headOf(wire: string): Head {
  const parser = new RequestParser();
  parser.feed(octets(wire));
  const head = parser.next();
  assert(head.kind === "head");
  return head;
}

function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function cut(wire: string, size: number): string[] {
  const parts: string[] = [];
  for (let i = 0; i < wire.length; i += size) {
    parts.push(wire.slice(i, i + size));
  }
  return parts;
}

Deno.test("Head has the target's host for Host with the absolute-form", () => {
  const rows: [wire: string, header: string | undefined, host: string][] = [
    ["GET http://b:1/h HTTP/1.1\r\nHost: evil\r\n\r\n", "b:1", "b:1"],
    ["GET http://b HTTP/1.0\r\n\r\n", "b", ""],
    ["GET /h HTTP/1.1\r\nHost: a\r\n\r\n", "a", "a"],
    ["CONNECT b:1 HTTP/1.1\r\nHost: a\r\n\r\n", "a", "a"],
  ];
  for (const [wire, header, host] of rows) {
    const parser = new RequestParser();
    parser.feed(octets(wire));
    const head = parser.next() as Head;
    const lines = [...head.fields()].filter(([name]) => name === "host");
    assertEquals([wire, head.header("Host")], [wire, header]);
    assertEquals([wire, lines[0]?.[1] ?? ""], [wire, host]);
  }
});

Deno.test("RequestParser decodes heads with other letters behind them", () => {
  const parser = new RequestParser();
  const wire = `GET /a HTTP/1.1\r\nHost: h\r\n\r\n`.repeat(3);
  parser.feed(
    octets(`${wire}GET /b HTTP/1.1\r\nHost: h\r\nX: \xc3\xa9\r\n\r\n`),
  );
  const paths: string[] = [];
  for (
    let piece = parser.next();
    piece.kind !== "more";
    piece = parser.next()
  ) {
    if (piece.kind === "head") {
      paths.push(
        piece.path + (piece.header("x") ?? ""),
      );
    }
  }
  assertEquals(paths, ["/a", "/a", "/a", "/b\xc3\xa9"]);
});

Deno.test("RequestParser keeps nothing of what is fed behind a fault", () => {
  const parser = new RequestParser();
  parser.feed(new TextEncoder().encode(" "));
  const fault = parser.next();
  const more = new Uint8Array(64 * 1024);
  for (let fed = 0; fed < 16; fed++) {
    parser.feed(more);
    assertEquals(parser.next(), fault);
  }
  assert(parser.buffered <= more.length);
  assert(parser.space().buffer.byteLength <= 2 * more.length);
});
