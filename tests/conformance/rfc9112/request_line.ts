/**
 * RFC 9112 §3: method, request target in its four forms, Host, and the URI that
 * they name together.
 *
 * @module
 */

import {
  answered,
  get,
  head,
  lastServed,
  LINE_ENDS,
  octetName,
  octetRange,
  refused,
  served,
  sweep,
  table,
  TCHARS,
} from "../rows.ts";
import type { Case, Section } from "../rows.ts";

/** A request with `line` as its request line. */
function line(line: string): string {
  return head(line, "Host: a");
}

/** A request for `/hello` with `host` as the value of Host. */
function hosted(host: string): string {
  return head("GET /hello HTTP/1.1", `Host: ${host}`);
}

/** A request to `/seen` whose handler must have seen this URL. */
function located(
  name: string,
  target: string,
  host: string,
  url: string,
): Case {
  return served(name, head(`GET ${target} HTTP/1.1`, `Host: ${host}`), {
    seen: { url },
  });
}

/** An unknown method: understood as a token, and not implemented. */
function unimplemented(name: string, method: string): Case {
  return {
    ...answered(name, line(`${method} /hello HTTP/1.1`), 501),
    then: "persists",
  };
}

const NOT_TCHARS: readonly string[] = octetRange(0, 255)
  .filter((octet) => !TCHARS.includes(octet));

/** Octets that no target may have, whatever its form (RFC 3986 §2). */
const NOT_TARGET: readonly string[] = [
  ...octetRange(0x00, 0x20),
  "#",
  ...octetRange(0x7f, 0xff),
];

const NOT_REG_NAME: readonly string[] = octetRange(0, 255)
  .filter((octet) => !/[A-Za-z0-9\-._~!$&'()*+,;=%]/.test(octet));

export const SECTIONS: readonly Section[] = [
  {
    number: "3",
    title: "Request Line",
    rows: [
      {
        id: "9112-3-1",
        section: "3",
        level: "is",
        says:
          "A request-line is method SP request-target SP HTTP-version, with exactly one SP each; other white space may be understood, and is refused here.",
        cases: [
          served("exactly so", line("GET /hello HTTP/1.1"), "hello"),
          ...table(refused, [
            ["two SP before the target", line("GET  /hello HTTP/1.1")],
            ["two SP behind the target", line("GET /hello  HTTP/1.1")],
            ["SP first", line(" GET /hello HTTP/1.1")],
            ["HTAB first", line("\tGET /hello HTTP/1.1")],
            ["SP last", line("GET /hello HTTP/1.1 ")],
            ["HTAB last", line("GET /hello HTTP/1.1\t")],
            ["HTAB behind the method", line("GET\t/hello HTTP/1.1")],
            ["HTAB behind the target", line("GET /hello\tHTTP/1.1")],
            ["VT", line("GET\x0b/hello HTTP/1.1")],
            ["FF", line("GET\x0c/hello HTTP/1.1")],
            ["VT behind the target", line("GET /hello\x0bHTTP/1.1")],
            ["FF behind the target", line("GET /hello\x0cHTTP/1.1")],
            ["no-break space", line("GET\xa0/hello HTTP/1.1")],
            [
              "no-break space behind the target",
              line("GET /hello\xa0HTTP/1.1"),
            ],
            ["SP and HTAB", line("GET \t/hello HTTP/1.1")],
            ["no SP behind the method", line("GET/hello HTTP/1.1")],
            ["no SP behind the target", line("GET /helloHTTP/1.1")],
            ["no SP at all", line("GET/helloHTTP/1.1")],
            ["no method", line("/hello HTTP/1.1")],
            ["SP for a method", line(" /hello HTTP/1.1")],
            ["no target", line("GET HTTP/1.1")],
            ["an empty target", line("GET  HTTP/1.1")],
            ["no version", line("GET /hello")],
            ["an empty version", line("GET /hello ")],
            ["a word too many", line("GET /hello HTTP/1.1 HTTP/1.1")],
            ["two targets", line("GET /hello /probe HTTP/1.1")],
            ["SP only", line(" ")],
            ["three SP", line("   ")],
            ["the next line inside", line("GET /hello HTTP/1.1, Host: a")],
          ]),
        ],
      },
      {
        id: "9112-3-2",
        section: "3",
        level: "SHOULD",
        says:
          "A method longer than any that is implemented is answered with 501.",
        cases: [
          unimplemented("11 octets", "A".repeat(11)),
          answered("64 octets", line(`${"A".repeat(64)} /hello HTTP/1.1`), 501),
          answered(
            "300 octets",
            line(`${"A".repeat(300)} /hello HTTP/1.1`),
            501,
          ),
          answered(
            "8,000 octets",
            line(`${"A".repeat(8_000)} / HTTP/1.1`),
            501,
          ),
          answered("without an end", "A".repeat(60_000), [501, 431]),
        ],
      },
      {
        id: "9112-3-3",
        section: "3",
        level: "MUST",
        says:
          "A request-target longer than any that the server wishes to parse is answered with 414.",
        cases: [
          refused(
            "a path of 8,193 octets",
            get(`/${"a".repeat(8_192)}`),
            414,
          ),
          refused(
            "a query of 9,000 octets",
            get(`/hello?${"a".repeat(9_000)}`),
            414,
          ),
          refused("60,000 octets", get(`/${"a".repeat(60_000)}`), 414),
          refused(
            "without an end",
            `GET /${"a".repeat(60_000)}`,
            414,
          ),
          refused(
            "absolute-form",
            get(`http://a/${"a".repeat(9_000)}`),
            414,
          ),
        ],
      },
      {
        id: "9112-3-4",
        section: "3",
        level: "RECOMMENDED",
        says: "Request-lines of 8,000 octets are supported at least.",
        cases: [
          served("a query", get(`/hello?${"a".repeat(7_980)}`), "hello"),
          {
            ...answered("a path", get(`/${"a".repeat(7_980)}`), 404),
            then: "persists",
          },
          served(
            "a target of 8,192 octets",
            get(`/hello?${"a".repeat(8_185)}`),
            "hello",
          ),
        ],
      },
    ],
  },
  {
    number: "3.1",
    title: "Method",
    rows: [
      {
        id: "9112-3.1-1",
        section: "3.1",
        level: "is",
        says: "The method is a token: every octet of tchar may be in it.",
        cases: TCHARS.map((octet) => ({
          ...unimplemented(octet, `X${octet}Y`),
          feedings: ["at once", "with a request behind"] as const,
        })),
      },
      {
        id: "9112-3.1-2",
        section: "3.1",
        level: "is",
        says: "No other octet may be in a method.",
        cases: [
          ...sweep(
            NOT_TCHARS,
            (name, octet) => refused(name, line(`G${octet}T /hello HTTP/1.1`)),
          ),
          ...[...'"(),/:;<=>?@[\\]{}'].map((octet) =>
            refused(
              `only ${octetName(octet.charCodeAt(0))}`,
              line(`${octet} /hello HTTP/1.1`),
            )
          ),
          refused("a quoted method", line('"GET" /hello HTTP/1.1')),
          refused("UTF-8", line("G\xc3\x89T /hello HTTP/1.1")),
        ],
      },
      {
        id: "9112-3.1-3",
        section: "3.1",
        level: "is",
        says: "The request method is case-sensitive.",
        cases: ["get", "Get", "gET", "GEt", "post", "head", "options"].map((
          method,
        ) => unimplemented(method, method)),
      },
    ],
  },
  {
    number: "3.2",
    title: "Request Target",
    rows: [
      {
        id: "9112-3.2-1",
        section: "3.2",
        level: "is",
        says:
          "No white space, control or octet beyond ASCII is in a request-target.",
        cases: [
          ...sweep(
            NOT_TARGET,
            (name, octet) =>
              refused(
                `${name} in the path`,
                line(`GET /hel${octet}lo HTTP/1.1`),
              ),
          ),
          ...sweep(
            NOT_TARGET,
            (name, octet) =>
              refused(
                `${name} in the query`,
                line(`GET /hello?a${octet}b HTTP/1.1`),
              ),
          ),
          ...sweep(
            NOT_TARGET.filter((octet) => octet !== " "),
            (name, octet) =>
              refused(`${name} first`, line(`GET ${octet}/hello HTTP/1.1`)),
          ),
          refused("a fragment", line("GET /hello#top HTTP/1.1")),
          refused("an empty fragment", line("GET /hello# HTTP/1.1")),
          refused("a fragment behind a query", line("GET /hello?a#b HTTP/1.1")),
          refused("UTF-8", line("GET /h\xc3\xa9llo HTTP/1.1")),
          refused("SP in the query", line("GET /hello?a b HTTP/1.1")),
        ],
      },
      {
        id: "9112-3.2-2",
        section: "3.2",
        level: "SHOULD",
        says:
          "An invalid request-line is answered with 400, or a redirect to the target properly encoded.",
        unmet:
          "In a query the printable octets that the grammar of URIs leaves out are served as they are: browsers send them unencoded, and every reader finds the same line in them.",
        cases: [
          ...[...'"<>[]\\^`{|}'].map((octet) =>
            served(
              `${octet} in a query`,
              line(`GET /hello?a${octet}b HTTP/1.1`),
              "hello",
            )
          ),
          answered(
            "a backslash in a path",
            line("GET /hello\\a HTTP/1.1"),
            400,
          ),
          answered(
            "a backslash for a slash",
            line("GET \\hello HTTP/1.1"),
            400,
          ),
          ...table(refused, [
            ["no slash first", line("GET hello HTTP/1.1")],
            ["a relative path", line("GET ../hello HTTP/1.1")],
            ["a dot", line("GET . HTTP/1.1")],
            ["a query alone", line("GET ?a=b HTTP/1.1")],
            ["a percent-encoded slash first", line("GET %2fhello HTTP/1.1")],
          ]),
          ...["%", "%2", "%zz", "%2g", "%%20", "%u0041"].map((escape) =>
            answered(
              `${escape} in a path`,
              line(`GET /seen/${escape} HTTP/1.1`),
              400,
            )
          ),
        ],
      },
      {
        id: "9112-3.2-3",
        section: "3.2",
        level: "SHOULD NOT",
        says:
          "An invalid request-line is not corrected and then served; a target reaches the handler as it was sent.",
        cases: [
          served("escapes stay", get("/seen/%41%2f%5c"), {
            seen: { path: "/seen/A%2f%5c", target: "/seen/%41%2f%5c" },
          }),
          served("empty segments stay", get("/seen//a///b/"), {
            seen: { path: "/seen//a///b/" },
          }),
          served("parameters stay", get("/seen/a;b=c,d"), {
            seen: { path: "/seen/a;b=c,d" },
          }),
          served("a second ? stays", get("/seen?a=?&b=/"), {
            seen: { path: "/seen", target: "/seen?a=?&b=/" },
          }),
          served("an empty query stays", get("/seen?"), {
            seen: { path: "/seen", target: "/seen?" },
          }),
          answered(
            "two slashes first are a path, not a host",
            get("//hello"),
            404,
          ),
          ...[
            "/./hello",
            "/../hello",
            "/a/../hello",
            "/%2e%2e/hello",
            "/a/%2E./hello",
            "/a/..",
            "/seen/%00",
          ].map((path) => answered(path, get(path), 400)),
          refused("SP is not encoded", line("GET /hello world HTTP/1.1")),
        ],
      },
      {
        id: "9112-3.2-4",
        section: "3.2",
        level: "MUST",
        says: "A request of HTTP/1.1 without Host is answered with 400.",
        cases: [
          refused("no field at all", head("GET /hello HTTP/1.1")),
          refused(
            "other fields",
            head("GET /hello HTTP/1.1", "X-Host: a", "Hos: a"),
          ),
          refused("HTTP/1.2", head("GET /hello HTTP/1.2")),
          refused("OPTIONS *", head("OPTIONS * HTTP/1.1")),
          refused("absolute-form", head("GET http://a/hello HTTP/1.1")),
          refused("CONNECT", head("CONNECT a:80 HTTP/1.1")),
          refused(
            "a trailer field comes too late",
            head("POST /echo HTTP/1.1", "Transfer-Encoding: chunked") +
              "0\r\nHost: a\r\n\r\n",
          ),
          lastServed(
            "HTTP/1.0 has no need of it",
            head("GET /hello HTTP/1.0"),
            "hello",
          ),
        ],
      },
      {
        id: "9112-3.2-5",
        section: "3.2",
        level: "MUST",
        says:
          "A request with more than one Host field line is answered with 400.",
        cases: [
          ...table(refused, [
            ["two", head("GET /hello HTTP/1.1", "Host: a", "Host: b")],
            [
              "twice the same",
              head("GET /hello HTTP/1.1", "Host: a", "Host: a"),
            ],
            [
              "in other cases",
              head("GET /hello HTTP/1.1", "Host: a", "hOST: a"),
            ],
            ["one empty", head("GET /hello HTTP/1.1", "Host: a", "Host:")],
            ["both empty", head("GET /hello HTTP/1.1", "Host:", "Host:")],
            [
              "far apart",
              head("GET /hello HTTP/1.1", "Host: a", "B: 1", "C: 2", "Host: b"),
            ],
            [
              "absolute-form",
              head("GET http://a/hello HTTP/1.1", "Host: a", "Host: b"),
            ],
            ["HTTP/1.0", head("GET /hello HTTP/1.0", "Host: a", "Host: b")],
            [
              "HTTP/1.0 twice the same",
              head("GET /hello HTTP/1.0", "Host: a", "Host: a"),
            ],
          ]),
        ],
      },
      {
        id: "9112-3.2-6",
        section: "3.2",
        level: "MUST",
        says:
          'A Host with an invalid value is answered with 400: it is uri-host [ ":" port ].',
        cases: [
          ...[
            "a",
            "example.com",
            "example.com.",
            "EXAMPLE.com",
            "a-b.c_d~e",
            "xn--caf-dma.example",
            "caf%C3%A9.example",
            "a!$&'()*+;=b",
            "127.0.0.1",
            "999.1.1.1",
            "0",
            "a:80",
            "a:0",
            "a:65535",
            "a:0080",
            "a:",
            "[::]",
            "[::1]",
            "[::1]:8080",
            "[::1]:",
            "[2001:db8::1]",
            "[2001:DB8::A]",
            "[1:2:3:4:5:6:7:8]",
            "[1:2:3:4:5:6:7::]",
            "[::2:3:4:5:6:7:8]",
            "[::ffff:192.0.2.1]",
            "[1:2:3:4:5:6:192.0.2.1]",
            "[v1.a]",
            "[vF.a:b;c]",
          ].map((host) => served(`good: ${host}`, hosted(host), "hello")),
          served("good: SP and HTAB around it", hosted(" \ta\t "), "hello"),
          ...[
            "a b",
            "a\tb",
            "a, b",
            "a/",
            "a/b",
            "/",
            "a?b",
            "a#b",
            "a\\b",
            "user@a",
            "user:pass@a",
            "@a",
            "a@",
            "a:b",
            "a:80:80",
            "a: 80",
            "a :80",
            "a:-80",
            "a:+80",
            "a:8 0",
            "a:80a",
            "a:0x50",
            "a:65536",
            "a:99999999999999999999",
            ":80",
            ":",
            "::1",
            "[]",
            "[",
            "]",
            "[::1",
            "::1]",
            "[::1]]",
            "[[::1]]",
            "[::1]80",
            "[::1]a",
            "[::1]:a",
            "a[::1]",
            "[::1]:80:80",
            "[:::1]",
            "[::1::2]",
            "[1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:8:9]",
            "[::1:2:3:4:5:6:7:8]",
            "[12345::]",
            "[g::]",
            "[::256.1.1.1]",
            "[::1.2.3]",
            "[::01.2.3.4]",
            "[1.2.3.4]",
            "[::1%25eth0]",
            "[::1%eth0]",
            "[v.a]",
            "[v1]",
            "[v1.]",
            "[a]",
            "%",
            "%2",
            "%zz",
            "a%",
            '"a"',
            "<a>",
            "a^b",
            "a`b",
            "{a}",
            "a|b",
            "http://a",
            "//a",
            "caf\xc3\xa9.example",
            "caf\xe9.example",
          ].map((host) => refused(`bad: ${host}`, hosted(host))),
          ...sweep(
            NOT_REG_NAME.filter((octet) =>
              ![":", ...LINE_ENDS].includes(octet)
            ),
            (name, octet) =>
              refused(`bad: ${name} inside`, hosted(`a${octet}b`)),
          ),
          refused("bad in HTTP/1.0", head("GET /hello HTTP/1.0", "Host: a b")),
          refused(
            "bad beside absolute-form",
            head("GET http://a/hello HTTP/1.1", "Host: a/b"),
          ),
        ],
      },
      {
        id: "9112-3.2-7",
        section: "3.2",
        level: "is",
        says:
          "A comma is in the grammar of a name, and an empty Host is sent where a target has no authority: both are served, and only a handler that asks for a URL that cannot be made is refused.",
        cases: [
          served("a comma", hosted("a,b"), "hello"),
          served(
            "an empty value",
            head("GET /hello HTTP/1.1", "Host:"),
            "hello",
          ),
          served("only SP", head("GET /hello HTTP/1.1", "Host:   "), "hello"),
          ...["999.1.1.1", "a%2fb", "[v1.a]"].map((host) =>
            answered(
              `${host}, where the handler asks for the URL`,
              head("GET /seen HTTP/1.1", `Host: ${host}`),
              400,
            )
          ),
        ],
      },
    ],
  },
  {
    number: "3.2.1",
    title: "origin-form",
    rows: [
      {
        id: "9112-3.2.1-1",
        section: "3.2.1",
        level: "is",
        says: 'origin-form is absolute-path [ "?" query ].',
        cases: [
          served("the root", get("/"), "root"),
          served("the root and a query", get("/?a=b"), "root"),
          served("a path and a query", get("/seen?where=now&a"), {
            seen: {
              path: "/seen",
              query: "where=now&a=",
              target: "/seen?where=now&a",
            },
          }),
          served(
            "every octet of a path",
            get("/seen/-._~!$&'()*+,;=:@%20aZ09"),
            {
              seen: { path: "/seen/-._~!$&'()*+,;=:@%20aZ09" },
            },
          ),
          served("a URI in a path", get("/seen/http://b/c"), {
            seen: { path: "/seen/http://b/c" },
          }),
          served(
            "the example of the standard",
            head("GET /seen?q=now HTTP/1.1", "Host: www.example.org"),
            {
              seen: { url: "http://www.example.org/seen?q=now" },
            },
          ),
        ],
      },
    ],
  },
  {
    number: "3.2.2",
    title: "absolute-form",
    rows: [
      {
        id: "9112-3.2.2-1",
        section: "3.2.2",
        level: "MUST",
        says: "A server accepts the absolute-form in requests.",
        cases: [
          served("a path", get("http://a/hello"), "hello"),
          served("a path and a query", get("http://a/seen?b=c"), {
            seen: { path: "/seen", query: "b=c", url: "http://a/seen?b=c" },
          }),
          served("a port", get("http://a:8080/hello"), "hello"),
          served("an IP literal", get("http://[::1]:80/hello"), "hello"),
          served("the scheme in any case", get("HTTP://a/hello"), "hello"),
          served("the scheme in mixed case", get("hTtP://a/hello"), "hello"),
          served("an empty path", get("http://a"), "root"),
          served("an empty path and a query", get("http://a?b=c"), "root"),
          served(
            "POST",
            head(
              "POST http://a/echo HTTP/1.1",
              "Host: a",
              "Content-Length: 2",
            ) + "hi",
            "hi",
          ),
          lastServed("HTTP/1.0", head("GET http://a/hello HTTP/1.0"), "hello"),
          {
            ...answered(
              "OPTIONS of an empty path",
              head("OPTIONS http://a HTTP/1.1", "Host: a"),
              204,
            ),
            then: "persists",
          },
        ],
      },
      {
        id: "9112-3.2.2-2",
        section: "3.2.2",
        level: "MUST",
        says:
          "With the absolute-form an origin server ignores Host and uses the host of the target.",
        cases: [
          located(
            "another Host",
            "http://b.example/seen",
            "a",
            "http://b.example/seen",
          ),
          located(
            "a port of its own",
            "http://b:81/seen",
            "a:82",
            "http://b:81/seen",
          ),
          located(
            "no port of Host's",
            "http://b/seen",
            "a:82",
            "http://b/seen",
          ),
          located("an empty Host", "http://b/seen", "", "http://b/seen"),
        ],
      },
      {
        id: "9112-3.2.2-3",
        section: "3.2.2",
        level: "is",
        says:
          "absolute-form is absolute-URI; one of http has a host (RFC 9110 §4.2.1) and no userinfo (§4.2.4).",
        cases: [
          ...table(refused, [
            ["an empty host", get("http:///hello")],
            ["nothing behind the slashes", get("http://")],
            ["only a query", get("http://?a")],
            ["a port without a host", get("http://:80/hello")],
            ["userinfo", get("http://user@a/hello")],
            ["userinfo with a password", get("http://user:pass@a/hello")],
            ["empty userinfo", get("http://@a/hello")],
            ["no slashes", get("http:/hello")],
            ["no authority", get("http:hello")],
            ["one slash too few", get("http:/a/hello")],
            ["backslashes", get("http:\\\\a\\hello")],
            ["a backslash in the host", get("http://a\\b/hello")],
            ["a bad port", get("http://a:b/hello")],
            ["a port too large", get("http://a:65536/hello")],
            ["a bad IP literal", get("http://[::1/hello")],
            ["a bad escape in the host", get("http://a%zz/hello")],
            ["a space", get("http://a b/hello")],
            ["a fragment", get("http://a/hello#b")],
            ["no scheme", get("://a/hello")],
            ["a bad scheme", get("1http://a/hello")],
            ["a scheme without slashes", get("a:b")],
          ]),
          answered("a backslash in the path", get("http://a/hello\\b"), 400),
          answered("a dot segment", get("http://a/b/../hello"), 400),
        ],
      },
      {
        id: "9112-3.2.2-4",
        section: "3.2.2",
        level: "MUST",
        says:
          "A target of another scheme is rejected, https on an unsecured connection above all (RFC 9110 §7.4).",
        cases: [
          "https",
          "HTTPS",
          "ftp",
          "ws",
          "wss",
          "file",
          "urn",
          "httpx",
          "xhttp",
          "coap",
        ]
          .map((scheme) => refused(scheme, get(`${scheme}://a/hello`), 400)),
      },
    ],
  },
  {
    number: "3.2.3",
    title: "authority-form",
    rows: [
      {
        id: "9112-3.2.3-1",
        section: "3.2.3",
        level: "is",
        says: "authority-form is only used for CONNECT.",
        cases: [
          "GET",
          "POST",
          "HEAD",
          "OPTIONS",
          "PUT",
          "DELETE",
          "TRACE",
          "FOO",
        ].flatMap(
          (method) => [
            refused(method, head(`${method} a:80 HTTP/1.1`, "Host: a")),
            refused(
              `${method} with a name`,
              head(`${method} example.com:443 HTTP/1.1`, "Host: a"),
            ),
          ],
        ),
      },
      {
        id: "9112-3.2.3-2",
        section: "3.2.3",
        level: "is",
        says:
          'authority-form is uri-host ":" port, and nothing else is for CONNECT.',
        cases: [
          ...["a:80", "example.com:443", "[::1]:80", "127.0.0.1:1"].map((
            target,
          ) =>
            answered(target, head(`CONNECT ${target} HTTP/1.1`, "Host: a"), [
              404,
              405,
              501,
            ])
          ),
          ...[
            "/",
            "/hello",
            "*",
            "a",
            "a:",
            ":80",
            ":",
            "a:b",
            "a:-1",
            "a:65536",
            "a:80/",
            "a:80/hello",
            "a:80?b",
            "user@a:80",
            "http://a:80/",
            "http://a",
            "::1:80",
            "[::1]",
            "[::1:80",
            "a:80:80",
          ].map((target) =>
            refused(target, head(`CONNECT ${target} HTTP/1.1`, "Host: a"))
          ),
        ],
      },
    ],
  },
  {
    number: "3.2.4",
    title: "asterisk-form",
    rows: [
      {
        id: "9112-3.2.4-1",
        section: "3.2.4",
        level: "is",
        says: "asterisk-form is only used for a server-wide OPTIONS.",
        cases: [
          {
            ...answered("OPTIONS", head("OPTIONS * HTTP/1.1", "Host: a"), 204),
            then: "persists",
          },
          {
            ...answered("OPTIONS in 1.0", head("OPTIONS * HTTP/1.0"), 204),
            then: "closes",
          },
          {
            ...answered(
              "OPTIONS with content",
              head("OPTIONS * HTTP/1.1", "Host: a", "Content-Length: 3") +
                "abc",
              204,
            ),
            then: "persists",
          },
          ...[
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "DELETE",
            "PATCH",
            "TRACE",
            "CONNECT",
            "FOO",
            "options",
          ]
            .map((method) =>
              refused(method, head(`${method} * HTTP/1.1`, "Host: a"))
            ),
          ...["**", "*/", "*a", "*?a", "%2a", "*:80"].map((target) =>
            refused(
              `OPTIONS ${target}`,
              head(`OPTIONS ${target} HTTP/1.1`, "Host: a"),
            )
          ),
        ],
      },
    ],
  },
  {
    number: "3.3",
    title: "Reconstructing the Target URI",
    rows: [
      {
        id: "9112-3.3-1",
        section: "3.3",
        level: "is",
        says:
          "The target URI is the request-target when that is in absolute-form.",
        cases: [
          located(
            "whole",
            "http://b.example:8080/seen?c=d",
            "a",
            "http://b.example:8080/seen?c=d",
          ),
          located(
            "the default port is left out",
            "http://b:80/seen",
            "a",
            "http://b/seen",
          ),
        ],
      },
      {
        id: "9112-3.3-2",
        section: "3.3",
        level: "is",
        says:
          "The scheme is https over a secured connection, and http otherwise.",
        cases: [
          located("in the clear", "/seen", "a", "http://a/seen"),
          {
            ...located(
              "under TLS",
              "/seen",
              "www.example.org",
              "https://www.example.org/seen",
            ),
            tls: true,
          },
          {
            ...located(
              "absolute-form under TLS",
              "https://b/seen",
              "a",
              "https://b/seen",
            ),
            tls: true,
          },
          {
            ...answered("http under TLS", get("http://b/hello"), 400),
            tls: true,
          },
          served(
            "whatever X-Forwarded-Proto says",
            head("GET /seen HTTP/1.1", "Host: a", "X-Forwarded-Proto: https"),
            { seen: { url: "http://a/seen" } },
          ),
        ],
      },
      {
        id: "9112-3.3-3",
        section: "3.3",
        level: "is",
        says: "The authority is the value of Host, unless the target has one.",
        cases: [
          located("a name", "/seen", "example.com", "http://example.com/seen"),
          located(
            "a port",
            "/seen",
            "example.com:8080",
            "http://example.com:8080/seen",
          ),
          located(
            "an IP literal",
            "/seen",
            "[::1]:8080",
            "http://[::1]:8080/seen",
          ),
          located(
            "two slashes are a path",
            "/seen//b/c",
            "a",
            "http://a/seen//b/c",
          ),
          served(
            "whatever X-Forwarded-Host says",
            head("GET /seen HTTP/1.1", "Host: a", "X-Forwarded-Host: b"),
            { seen: { url: "http://a/seen" } },
          ),
        ],
      },
      {
        id: "9112-3.3-4",
        section: "3.3",
        level: "is",
        says:
          "An empty authority is replaced by a default that fits the connection, or the request is rejected.",
        cases: [
          lastServed("no Host in 1.0", head("GET /seen HTTP/1.0"), {
            check: hasUrl,
          }),
          answered("an empty Host", head("GET /seen HTTP/1.1", "Host:"), [
            200,
            400,
          ]),
        ],
      },
      {
        id: "9112-3.3-5",
        section: "3.3",
        level: "is",
        says:
          "With authority-form or asterisk-form, path and query of the target URI are empty.",
        elsewhere:
          "tests of c.path and c.url: no route is matched by these forms",
        cases: [],
      },
    ],
  },
];

function hasUrl({ content }: { content: string }): string | undefined {
  const { url } = JSON.parse(content) as { url: string };
  return url.startsWith("http://") && url.endsWith("/seen")
    ? undefined
    : `the URL is ${url}`;
}
