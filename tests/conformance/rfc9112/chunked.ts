/**
 * RFC 9112 §7: the chunked transfer coding, from its sizes to its trailers.
 *
 * @module
 */

import {
  chunk,
  chunked,
  echo,
  get,
  head,
  lastServed,
  octetName,
  octetRange,
  refused,
  served,
  table,
} from "../rows.ts";
import type { Case, Expected, Section } from "../rows.ts";

/** The content `hello` and a trailer section of these lines. */
function trailers(...lines: string[]): string {
  return chunked(`5\r\nhello\r\n0\r\n${head(...lines)}`);
}

/** An answer of that content with the trailer that its handler asked for. */
function sentTrailer(content: string): Omit<Expected, "status"> {
  return {
    content,
    fields: { "content-length": null, "transfer-encoding": "chunked" },
    check: ({ trailers }) =>
      trailers.join() === "x-t,1" ? undefined : `it has "${trailers.join()}"`,
  };
}

/** A chunk whose size line is right, its extension served and ignored. */
function extended(name: string, extension: string): Case {
  return served(name, chunk(`5${extension}`), "hello");
}

/** A chunk whose size line ends in what is no extension. */
function malformed(name: string, extension: string): Case {
  return refused(name, chunk(`5${extension}`));
}

/** What the handler at `/seen` finds in its fields when they come as trailers. */
function unmerged(names: string, ...lines: string[]): Case {
  const fields = Object.fromEntries(
    names.split(",").map((name) => [name, null]),
  );
  return {
    ...served(
      names,
      head(
        "POST /seen HTTP/1.1",
        "Host: a",
        `Ask: ${names}`,
        "Transfer-Encoding: chunked",
      ) +
        `5\r\nhello\r\n0\r\n${head(...lines)}`,
      { seen: { fields, content: "hello" } },
    ),
  };
}

/** Controls that are no HTAB. CR and LF end a line, and have cases of their own. */
const CONTROLS: readonly string[] = [
  ...octetRange(0x00, 0x08),
  ...octetRange(0x0b, 0x0c),
  ...octetRange(0x0e, 0x1f),
  "\x7f",
];

export const SECTIONS: readonly Section[] = [
  {
    number: "7",
    title: "Transfer Codings",
    rows: [
      {
        id: "9112-7-1",
        section: "7",
        level: "is",
        says: "Transfer-coding names are case-insensitive.",
        cases: [
          ...["chunked", "Chunked", "CHUNKED", "cHuNkEd"].map((coding) =>
            served(
              coding,
              echo(`Transfer-Encoding: ${coding}`, "5\r\nhello\r\n0\r\n\r\n"),
              "hello",
            )
          ),
          refused(
            "GZIP",
            echo("Transfer-Encoding: GZIP, Chunked", "0\r\n\r\n"),
            501,
          ),
        ],
      },
    ],
  },
  {
    number: "7.1",
    title: "Chunked Transfer Coding",
    rows: [
      {
        id: "9112-7.1-1",
        section: "7.1",
        level: "MUST",
        says:
          "A recipient is able to parse and decode the chunked transfer coding.",
        cases: [
          served("no content", chunked("0\r\n\r\n"), ""),
          served("one octet", chunked("1\r\na\r\n0\r\n\r\n"), "a"),
          served(
            "a chunk an octet",
            chunked("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"),
            "abc",
          ),
          served(
            "several",
            chunked("3\r\nabc\r\nA\r\n0123456789\r\n1\r\nd\r\n0\r\n\r\n"),
            "abc0123456789d",
          ),
          served(
            "CRLF in the data",
            chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"),
            "\r\n\r\n",
          ),
          served(
            "the last chunk in the data",
            chunked("5\r\n0\r\n\r\n\r\n0\r\n\r\n"),
            "0\r\n\r\n",
          ),
          served(
            "a request in the data",
            chunked(
              `${get("/hello").length.toString(16)}\r\n${
                get("/hello")
              }\r\n0\r\n\r\n`,
            ),
            get("/hello"),
          ),
          served(
            "every octet",
            chunked(`100\r\n${octetRange(0, 255).join("")}\r\n0\r\n\r\n`),
            octetRange(0, 255).join(""),
          ),
          served(
            "70,000 octets",
            chunked(`11170\r\n${"a".repeat(70_000)}\r\n0\r\n\r\n`),
            "a".repeat(70_000),
          ),
          served(
            "1,000 chunks",
            chunked("1\r\na\r\n".repeat(1_000) + "0\r\n\r\n"),
            "a".repeat(1_000),
          ),
          {
            name: "two requests",
            send: chunked("1\r\na\r\n0\r\n\r\n") +
              chunked("1\r\nb\r\n0\r\n\r\n"),
            answers: [{ status: 200, content: "a" }, {
              status: 200,
              content: "b",
            }],
            then: "persists",
          },
        ],
      },
      {
        id: "9112-7.1-2",
        section: "7.1",
        level: "is",
        says: "chunk-size is one hexadecimal digit or more, of either case.",
        cases: [
          served(
            "upper case",
            chunked("A\r\n0123456789\r\n0\r\n\r\n"),
            "0123456789",
          ),
          served(
            "lower case",
            chunked("a\r\n0123456789\r\n0\r\n\r\n"),
            "0123456789",
          ),
          ...[
            "b",
            "B",
            "c",
            "C",
            "d",
            "D",
            "e",
            "E",
            "f",
            "F",
            "1f",
            "1F",
            "fF",
          ].map((size) =>
            served(
              size,
              chunked(
                `${size}\r\n${"x".repeat(parseInt(size, 16))}\r\n0\r\n\r\n`,
              ),
              "x".repeat(parseInt(size, 16)),
            )
          ),
          served("leading zeros", chunk("0005"), "hello"),
          served(
            "a last chunk of zeros",
            chunked("5\r\nhello\r\n000\r\n\r\n"),
            "hello",
          ),
          ...table(refused, [
            ["no size", chunk("")],
            ["SP for a size", chunk(" ")],
            ["0x", chunk("0x5")],
            ["0X", chunk("0X5")],
            ["x", chunk("x5")],
            ["h behind", chunk("5h")],
            ["a sign", chunk("+5")],
            ["negative", chunk("-5")],
            ["negative zero", chunked("5\r\nhello\r\n-0\r\n\r\n")],
            ["SP first", chunk(" 5")],
            ["HTAB first", chunk("\t5")],
            ["SP inside", chunk("0 5")],
            ["two sizes", chunk("5 5")],
            ["a letter", chunk("g")],
            ["a letter behind", chunk("5g")],
            ["a dot", chunk("5.0")],
            ["a comma", chunk("5,")],
            ["a colon", chunk("5:")],
            ["an equals sign", chunk("5=")],
            ["an underscore", chunk("0_5")],
            ["quoted", chunk('"5"')],
            ["a word", chunk("five")],
            ["NUL behind", chunk("5\0")],
            ["VT behind", chunk("5\x0b")],
            ["FF behind", chunk("5\x0c")],
            ["no-break space behind", chunk("5\xa0")],
            ["a superscript", chunk("\xb2")],
            ["full-width", chunk("\xef\xbc\x95")],
            ["only an extension", chunk(";a=b")],
            ["the data at once", chunked("hello\r\n")],
            ["a bad last chunk", chunked("5\r\nhello\r\n0x0\r\n\r\n")],
            ["a bad second size", chunked("5\r\nhello\r\nx\r\n\r\n")],
          ]),
        ],
      },
      {
        id: "9112-7.1-3",
        section: "7.1",
        level: "MUST",
        says:
          "Large hexadecimal numerals are anticipated: no overflow, no loss of precision.",
        cases: [
          ...["ffffffff", "100000000", "100000005", "1fffffffffffff"].map((
            size,
          ) => ({
            // A size that can be counted is no fault; the octets never come.
            name: size,
            send: chunked(`${size}\r\nhello\r\n0\r\n\r\n`),
            answers: [{ status: [400, 408], optional: true as const }],
            then: "closes" as const,
            fin: true as const,
          })),
          ...[
            "20000000000000",
            "20000000000005",
            "7fffffffffffffff",
            "8000000000000000",
            "fffffffffffffffb",
            "ffffffffffffffff",
            "10000000000000000",
            "10000000000000005",
            "1000000000000000000000005",
            "f".repeat(64),
          ].map((size) => refused(size.slice(0, 26), chunk(size))),
          refused("more digits than any size has", chunk("1".repeat(1_000)), [
            400,
            413,
          ]),
          refused("zeros without an end", chunked("0".repeat(20_000)), 400),
          refused(
            "a sum beyond the limit",
            chunked(`80000\r\n${"a".repeat(0x80000)}\r\n`.repeat(3)),
            413,
          ),
        ],
      },
      {
        id: "9112-7.1-4",
        section: "7.1",
        level: "SHOULD",
        says: "chunked has no parameters: with one it is treated as an error.",
        cases: table(refused, [
          ["q", echo("Transfer-Encoding: chunked;q=1", "0\r\n\r\n")],
          ["a", echo("Transfer-Encoding: chunked; a=b", "0\r\n\r\n")],
          ["quoted", echo('Transfer-Encoding: chunked;a="b"', "0\r\n\r\n")],
          [
            "a comma in it",
            echo('Transfer-Encoding: chunked;a="b, c"', "0\r\n\r\n"),
          ],
          ["empty", echo("Transfer-Encoding: chunked;", "0\r\n\r\n")],
          ["SP before it", echo("Transfer-Encoding: chunked ;a", "0\r\n\r\n")],
        ]),
      },
      {
        id: "9112-7.1-5",
        section: "7.1",
        level: "is",
        says: "chunk-data has exactly chunk-size octets and CRLF behind them.",
        cases: table(refused, [
          ["no CRLF", chunked("5\r\nhello0\r\n\r\n")],
          ["other octets for CRLF", chunked("5\r\nhelloXX0\r\n\r\n")],
          ["an octet too many", chunked("5\r\nhello!\r\n0\r\n\r\n")],
          ["two octets too many", chunked("5\r\nhello!!\r\n0\r\n\r\n")],
          ["an octet too few", chunked("5\r\nhell\r\n0\r\n\r\n")],
          ["two octets too few", chunked("5\r\nhel\r\n0\r\n\r\n")],
          ["only CR", chunked("5\r\nhello\r0\r\n\r\n")],
          ["only LF", chunked("5\r\nhello\n0\r\n\r\n")],
          ["LF CR", chunked("5\r\nhello\n\r0\r\n\r\n")],
          ["CR X", chunked("5\r\nhello\rX0\r\n\r\n")],
          ["X LF", chunked("5\r\nhelloX\n0\r\n\r\n")],
          ["CR CR LF", chunked("5\r\nhello\r\r\n0\r\n\r\n")],
          ["SP CRLF", chunked("5\r\nhello \r\n0\r\n\r\n")],
          ["an empty line too many", chunked("5\r\nhello\r\n\r\n0\r\n\r\n")],
          [
            "the next size at once",
            chunked("5\r\nhello5\r\nhello\r\n0\r\n\r\n"),
          ],
        ]),
      },
    ],
  },
  {
    number: "7.1.1",
    title: "Chunk Extensions",
    rows: [
      {
        id: "9112-7.1.1-1",
        section: "7.1.1",
        level: "MUST",
        says: "Unrecognized chunk extensions are ignored.",
        cases: [
          extended("a name", ";a"),
          extended("a token", ";a=b"),
          extended("a quoted string", ';a="b"'),
          extended("an empty quoted string", ';a=""'),
          extended("several", ';a;b=c;d="e"'),
          extended("the same twice", ";a=1;a=2"),
          extended("an escaped quote", ';a="\\""'),
          extended("an escaped backslash", ';a="\\\\"'),
          extended("a semicolon in quotes", ';a="b;c"'),
          extended("an equals sign in quotes", ';a="b=c"'),
          extended("SP in quotes", ';a="b c"'),
          extended("HTAB in quotes", ';a="b\tc"'),
          extended("obs-text in quotes", ';a="\xe9"'),
          extended("every other tchar in a name", ";!#$%&'*+-.^_`|~09AZaz=1"),
          extended("white space before the semicolon", " ;a"),
          extended("HTAB before the semicolon", "\t;a"),
          extended("white space behind the semicolon", "; a"),
          extended("white space around the equals sign", ";a = b"),
          extended("white space everywhere", ' \t; a \t=\t "b" ; c'),
          extended("100 of them", ";a=b".repeat(100)),
          served(
            "on the last chunk",
            chunked("5\r\nhello\r\n0;a=b\r\n\r\n"),
            "hello",
          ),
          served(
            "on every chunk",
            chunked('2;a\r\nhe\r\n3;b="c"\r\nllo\r\n0;d\r\n\r\n'),
            "hello",
          ),
          served(
            "a size in one",
            chunked("5;10\r\nhello\r\n0\r\n\r\n"),
            "hello",
          ),
        ],
      },
      {
        id: "9112-7.1.1-2",
        section: "7.1.1",
        level: "ought",
        says:
          "The total length of chunk extensions is limited, and beyond it is a 4xx.",
        cases: [
          refused("5,000 octets", chunk(`5;a=${"b".repeat(5_000)}`)),
          refused("100,000 octets", chunk(`5;a=${"b".repeat(100_000)}`)),
          refused("without an end", chunked(`5;a=${"b".repeat(100_000)}`)),
          refused(
            "in sum",
            chunked(`1;a=${"b".repeat(100)}\r\na\r\n`.repeat(60) + "0\r\n\r\n"),
          ),
          refused(
            "on the last chunk",
            chunked(`0;a=${"b".repeat(5_000)}\r\n\r\n`),
          ),
          refused(
            "many chunks of one octet",
            chunked("1;abcdefghij\r\na\r\n".repeat(2_000) + "0\r\n\r\n"),
          ),
        ],
      },
      {
        id: "9112-7.1.1-3",
        section: "7.1.1",
        level: "is",
        says:
          "A chunk extension has no control, and no line end: the next reader might end it there.",
        cases: [
          ...CONTROLS.map((octet) =>
            refused(octetName(octet.charCodeAt(0)), chunk(`5;a=${octet}`))
          ),
          ...CONTROLS.filter((octet) => "\0\x0b\x7f".includes(octet)).map((
            octet,
          ) =>
            refused(
              `${octetName(octet.charCodeAt(0))} in quotes`,
              chunk(`5;a="${octet}"`),
            )
          ),
          ...table(refused, [
            ["LF", chunk("5;a\nb")],
            ["LF in quotes", chunk('5;a="\n"')],
            ["CR", chunk("5;a\rb")],
            ["CR in quotes", chunk('5;a="\r"')],
            ["CR last", chunk("5;a\r")],
            ["LF for the line end", chunked("5;a\nhello\r\n0\r\n\r\n")],
            ["LF behind the semicolon", chunked("5;\nhello\r\n0\r\n\r\n")],
          ]),
          refused(
            "a line end in quotes ends the line",
            chunked('5;a="\r\nhello\r\n0\r\n\r\n'),
          ),
        ],
      },
      {
        id: "9112-7.1.1-4",
        section: "7.1.1",
        level: "is",
        says:
          "What stands behind a chunk-size and is no chunk-ext does not match the grammar; it is refused, as two readers may end it in two places.",
        cases: [
          malformed("only a semicolon", ";"),
          malformed("two semicolons", ";;"),
          malformed("a semicolon last", ";a=b;"),
          malformed("no name", ";=b"),
          malformed("no value", ";a="),
          malformed("two equals signs", ";a==b"),
          malformed("an unterminated quote", ';a="b'),
          malformed("a lone quote", ';"'),
          malformed("a quote inside a token", ';a=b"c'),
          malformed("text behind a quote", ';a="b"c'),
          malformed("an escape at the end", ';a="b\\'),
          malformed("a quoted name", ';"a"=b'),
          malformed("a comma", ";a,b"),
          malformed("a colon", ";a:b"),
          malformed("a slash", ";a/b"),
          malformed("obs-text in a name", ";\xe9=b"),
          malformed("white space last", ";a=b "),
          malformed("white space and no semicolon", " "),
          malformed("HTAB and no semicolon", "\t"),
          malformed("much white space and no semicolon", " ".repeat(20)),
        ],
      },
    ],
  },
  {
    number: "7.1.2",
    title: "Chunked Trailer Section",
    rows: [
      {
        id: "9112-7.1.2-1",
        section: "7.1.2",
        level: "MUST NOT",
        says:
          "A received trailer field is not merged into the header section; here none is.",
        cases: [
          unmerged("x-t", "X-T: 1"),
          unmerged("x-t,x-u", "X-T: 1", "X-U: 2"),
          unmerged("content-length", "Content-Length: 5"),
          unmerged(
            "content-type,content-encoding",
            "Content-Type: text/html",
            "Content-Encoding: gzip",
          ),
          unmerged(
            "authorization,cookie",
            "Authorization: Basic YTpi",
            "Cookie: a=b",
          ),
          unmerged(
            "x-forwarded-for,forwarded",
            "X-Forwarded-For: 1.2.3.4",
            "Forwarded: for=1.2.3.4",
          ),
          unmerged(
            "te,trailer,expect",
            "TE: trailers",
            "Trailer: a",
            "Expect: 100-continue",
          ),
          unmerged(
            "cache-control,range,if-match",
            "Cache-Control: no-store",
            "Range: bytes=0-",
            "If-Match: *",
          ),
          served(
            "a Host of its own does not replace the head's",
            head(
              "POST /seen HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) +
              "0\r\nHost: b\r\n\r\n",
            { seen: { url: "http://a/seen" } },
          ),
        ],
      },
      {
        id: "9112-7.1.2-2",
        section: "7.1.2",
        level: "is",
        says:
          "Framing and routing fields among the trailers change nothing (RFC 9110 §6.5.1).",
        cases: table(
          (name, send) => served(name, send, "hello"),
          [
            ["Content-Length", trailers("Content-Length: 100")],
            ["Transfer-Encoding", trailers("Transfer-Encoding: chunked")],
            [
              "both",
              trailers("Content-Length: 100", "Transfer-Encoding: gzip"),
            ],
            ["Host", trailers("Host: b")],
            ["Connection: close", trailers("Connection: close")],
            ["Upgrade", trailers("Connection: Upgrade", "Upgrade: h2c")],
            ["Expect", trailers("Expect: 100-continue")],
          ],
        ),
      },
      {
        id: "9112-7.1.2-3",
        section: "7.1.2",
        level: "is",
        says:
          "A trailer-section is field lines, of the same grammar as those of a head.",
        cases: [
          served("none", trailers(), "hello"),
          served("one", trailers("X-T: 1"), "hello"),
          served("several", trailers("X-T: 1", "X-U: 2", "X-T: 3"), "hello"),
          served("an empty value", trailers("X-T:"), "hello"),
          served(
            "white space around the value",
            trailers("X-T: \t 1 \t"),
            "hello",
          ),
          served("obs-text", trailers("X-T: \xe9"), "hello"),
          served(
            "32 of them",
            trailers(...Array<string>(32).fill("X-T: 1")),
            "hello",
          ),
          served(
            "announced",
            echo(
              ["Transfer-Encoding: chunked", "Trailer: X-T"],
              "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
            ),
            "hello",
          ),
          ...table(refused, [
            ["no colon", trailers("X-T")],
            ["an empty name", trailers(": 1")],
            ["SP before the colon", trailers("X-T : 1")],
            ["HTAB before the colon", trailers("X-T\t: 1")],
            ["SP first", trailers(" X-T: 1")],
            ["a line of SP", trailers(" ")],
            ["a fold", trailers("X-T: 1", " 2")],
            ["SP in the name", trailers("X T: 1")],
            ["a slash in the name", trailers("X/T: 1")],
            ["UTF-8 in the name", trailers("X-\xc3\x84: 1")],
            ["NUL in the value", trailers("X-T: a\0b")],
            ["a bell in the value", trailers("X-T: a\x07b")],
            ["DEL in the value", trailers("X-T: a\x7fb")],
            ["a bare CR", trailers("X-T: a\rb")],
            ["a bare LF", trailers("X-T: a\nb")],
            ["a request in their place", chunked(`0\r\n${get("/hello")}`)],
            ["a chunk in their place", chunked("0\r\n5\r\nhello\r\n0\r\n\r\n")],
          ]),
        ],
      },
      {
        id: "9112-7.1.2-4",
        section: "7.1.2",
        level: "ought",
        says: "Trailers are bounded as the head is: beyond it is a 431.",
        cases: [
          refused(
            "33 fields",
            trailers(...Array<string>(33).fill("X-T: 1")),
            431,
          ),
          refused(
            "1,000 fields",
            trailers(...Array<string>(1_000).fill("X-T: 1")),
            431,
          ),
          refused("9,000 octets", trailers(`X-T: ${"a".repeat(9_000)}`), 431),
          refused(
            "without an end",
            chunked(`0\r\nX-T: ${"a".repeat(100_000)}`),
            431,
          ),
        ],
      },
      {
        id: "9112-7.1.2-5",
        section: "7.1.2",
        level: "is",
        says:
          "Trailers are sent behind the last chunk: of an answer that has some, the content goes out in chunks.",
        cases: [
          served("text", get("/trailed/text"), sentTrailer("text")),
          served("a stream", get("/trailed/stream"), sentTrailer("one two")),
          served("a length", get("/trailed/length"), sentTrailer("one two")),
          served(
            "HEAD has none",
            head("HEAD /trailed/text HTTP/1.1", "Host: a"),
            { content: "" },
          ),
          {
            name: "204 has none",
            send: get("/trailed/empty"),
            answers: [{
              status: 204,
              fields: { trailer: null, "transfer-encoding": null },
            }],
            then: "persists",
          },
          lastServed("HTTP/1.0", head("GET /trailed/text HTTP/1.0"), {
            content: "text",
            fields: { trailer: null, "transfer-encoding": null },
          }),
        ],
      },
      {
        id: "9112-7.1.2-6",
        section: "7.1.2",
        level: "MAY",
        says:
          "A recipient keeps received trailers apart from the fields of the head.",
        cases: [
          served(
            "in order, names in lower case",
            head(
              "POST /trailers HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) + "2\r\nhi\r\n0\r\nX-T: 1\r\nHost: b\r\nx-t:2\r\n\r\n",
            "x-t=1,host=b,x-t=2",
          ),
          served(
            "none",
            head("POST /trailers HTTP/1.1", "Host: a", "Content-Length: 2") +
              "hi",
            "",
          ),
        ],
      },
    ],
  },
  {
    number: "7.1.3",
    title: "Decoding Chunked",
    rows: [
      {
        id: "9112-7.1.3-1",
        section: "7.1.3",
        level: "is",
        says:
          "The body ends at the empty line behind the trailers, and the next request begins there.",
        cases: [
          {
            name: "with trailers",
            send: trailers("X-T: 1") + get("/hello"),
            answers: [{ status: 200, content: "hello" }, {
              status: 200,
              content: "hello",
            }],
            then: "persists",
          },
          {
            name: "with extensions",
            send: chunked("5;a\r\nhello\r\n0;b\r\n\r\n") + get("/hello"),
            answers: [{ status: 200, content: "hello" }, {
              status: 200,
              content: "hello",
            }],
            then: "persists",
          },
          {
            name: "for a handler that does not read",
            send: head(
              "POST /ignore HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) +
              "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n" + get("/hello"),
            answers: [{ status: 200, content: "ignored" }, {
              status: 200,
              content: "hello",
            }],
            then: "persists",
          },
          {
            name: "no content reaches a handler before the final CRLF",
            send: "",
            talk: [
              { send: chunked("5\r\nhello\r\n0\r\n") },
              { fin: true },
              { answer: { status: [400, 408], optional: true } },
            ],
            answers: [],
            then: "closes",
            fin: true,
          },
        ],
      },
      {
        id: "9112-7.1.3-2",
        section: "7.1.3",
        level: "is",
        says:
          "Content-Length becomes the decoded length, and chunked is removed: content is octets to the handler.",
        cases: [
          served(
            "the content alone",
            head(
              "POST /seen HTTP/1.1",
              "Host: a",
              "Transfer-Encoding: chunked",
            ) +
              "2\r\nhe\r\n3;a\r\nllo\r\n0\r\nX-T: 1\r\n\r\n",
            { seen: { content: "hello" } },
          ),
        ],
      },
    ],
  },
  {
    number: "7.2",
    title: "Transfer Codings for Compression",
    rows: [
      {
        id: "9112-7.2-1",
        section: "7.2",
        level: "SHOULD",
        says:
          "A compression coding with parameters is treated as an error; here the codings are not implemented at all.",
        cases: [
          "gzip;q=1",
          "compress;a=b",
          "deflate; a",
          'x-gzip;a="b"',
          "x-compress;a=b",
        ].map((coding) =>
          refused(
            coding,
            echo(`Transfer-Encoding: ${coding}, chunked`, "0\r\n\r\n"),
            501,
          )
        ),
      },
    ],
  },
  {
    number: "7.3",
    title: "Transfer Coding Registry",
    rows: [
      {
        id: "9112-7.3-1",
        section: "7.3",
        level: "MUST",
        says:
          "Registrations of transfer codings have certain fields and names.",
        elsewhere: "binds registrations, not servers",
        cases: [],
      },
    ],
  },
  {
    number: "7.4",
    title: "Negotiating Transfer Codings",
    rows: [
      {
        id: "9112-7.4-1",
        section: "7.4",
        level: "is",
        says:
          "Only chunked is acceptable where TE is empty or absent, and it is acceptable always; so we use no other.",
        cases: [
          ...[
            "",
            "trailers",
            "gzip",
            "trailers, deflate;q=0.5",
            "chunked",
            "chunked;q=0",
            "identity;q=0, *",
            ";;;",
            "a b",
          ].map((te) =>
            served(`TE: ${te}`, get("/stream", `TE: ${te}`, "Connection: TE"), {
              content: "one two",
              fields: { "transfer-encoding": "chunked" },
            })
          ),
          lastServed(
            "TE in HTTP/1.0",
            head("GET /stream HTTP/1.0", "TE: chunked"),
            {
              content: "one two",
              fields: { "transfer-encoding": null },
            },
          ),
        ],
      },
    ],
  },
];
