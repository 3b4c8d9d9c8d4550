/**
 * Which reader takes which content, by the fields of the request alone: sent as
 * octets, answered with what was read or with the refusal.
 */

import { assertEquals } from "@std/assert";
import { converse } from "../features/testing.ts";
import { type Context, Router } from "../mod.ts";

type Read = (c: Context) => Promise<unknown>;

const READERS: Record<string, Read> = {
  json: (c) => c.json(),
  text: (c) => c.text(),
  bytes: async (c) => new TextDecoder().decode(await c.bytes()),
  form: async (c) => [...await c.form()],
  formData: async (c) => [...await c.formData()],
  parts: async (c) => {
    const names: string[] = [];
    for await (const { name } of c.parts()) names.push(name);
    return names;
  },
};

const app = new Router();
app.post("/:reader", async ({ reader }, c) => {
  return JSON.stringify(await READERS[reader]!(c));
});

/** The answer to content with these lines: status, its `Accept…`, what was read. */
async function read(
  reader: string,
  lines: readonly string[],
  content: string,
): Promise<string> {
  // A character of what is said is an octet.
  const octets = Array.from(
    new TextEncoder().encode(content),
    (octet) => String.fromCharCode(octet),
  ).join("");
  const said = await converse(app, [
    `POST /${reader} HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n`,
    ...lines.map((line) => `${line}\r\n`),
    `Content-Length: ${octets.length}\r\n\r\n${octets}`,
  ]);
  const status = said.slice(9, 12);
  const accepts = /^(accept(?:-encoding)?: .*)\r$/mi.exec(said)?.[1];
  const body = new TextDecoder().decode(Uint8Array.from(
    said.slice(said.indexOf("\r\n\r\n") + 4),
    (character) => character.charCodeAt(0),
  ));
  return [
    status,
    ...accepts ? [accepts] : [],
    ...status === "200" ? [body] : [],
  ]
    .join(" ");
}

const type = (value: string) => `Content-Type: ${value}`;
const coding = (value: string) => `Content-Encoding: ${value}`;
const JSON_LINE = type("application/json");
const FORM_LINE = type("application/x-www-form-urlencoded");
const PARTS_LINE = type("multipart/form-data; boundary=b");
const PART =
  '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--';

const JSON_ONLY = "415 accept: application/json";
const FORM_ONLY = "415 accept: application/x-www-form-urlencoded";
const PARTS_ONLY = "415 accept: multipart/form-data";

const BY_TYPE: [
  reader: keyof typeof READERS,
  lines: string[],
  content: string,
  answer: string,
][] = [
  ["json", [JSON_LINE], "[1]", "200 [1]"],
  ["json", [type("APPLICATION/Json ; charset=utf-8")], "[1]", "200 [1]"],
  ["json", [type('application/json;charset="UTF8"')], "[1]", "200 [1]"],
  ["json", [type("application/problem+json")], "[1]", "200 [1]"],
  ["json", [type("application/json; charset=latin1")], "[1]", JSON_ONLY],
  ["json", [type("application/jsonp")], "[1]", JSON_ONLY],
  ["json", [type("text/plain")], "[1]", JSON_ONLY],
  ["json", [type("text/json")], "[1]", JSON_ONLY],
  ["json", [type("json")], "[1]", JSON_ONLY],
  ["json", [type("")], "[1]", JSON_ONLY],
  ["json", [type("application/json, application/json")], "[1]", JSON_ONLY],
  ["json", [JSON_LINE, type("text/plain")], "[1]", JSON_ONLY],
  ["json", [], "[1]", JSON_ONLY],
  ["json", [], "", "400"],
  ["json", [JSON_LINE], "", "400"],
  ["json", [JSON_LINE], "\uFEFF[1]", "200 [1]"],
  ["text", [], "a", '200 "a"'],
  ["text", [], "", '200 ""'],
  ["text", [type("text/plain; charset=utf-8")], "é", '200 "é"'],
  ["text", [type("text/plain; charset=iso-8859-1")], "é", '200 "Ã©"'],
  ["text", [type("text/plain; charset=klingon")], "a", "415"],
  ["text", [type("nonsense")], "a", '200 "a"'],
  ["bytes", [type("nonsense")], "a", '200 "a"'],
  ["bytes", [], "a", '200 "a"'],
  ["form", [FORM_LINE], "a=1&a=2", '200 [["a","1"],["a","2"]]'],
  ["form", [`${FORM_LINE}; charset=UTF-8`], "a=1", '200 [["a","1"]]'],
  ["form", [PARTS_LINE], PART, FORM_ONLY],
  ["form", [type("text/plain")], "a=1", FORM_ONLY],
  ["form", [], "a=1", FORM_ONLY],
  ["form", [], "", "400"],
  ["parts", [PARTS_LINE], PART, '200 ["a"]'],
  ["parts", [type("Multipart/FORM-data;BOUNDARY=b")], PART, '200 ["a"]'],
  ["parts", [type("multipart/mixed; boundary=b")], PART, PARTS_ONLY],
  ["parts", [FORM_LINE], "a=1", PARTS_ONLY],
  ["parts", [type("multipart/form-data")], PART, "400"],
  ["formData", [PARTS_LINE], PART, '200 [["a","1"]]'],
  ["formData", [FORM_LINE], "a=1", '200 [["a","1"]]'],
];

Deno.test("each reader takes what is its by Content-Type", async () => {
  for (const [reader, lines, content, answer] of BY_TYPE) {
    const what = [reader, ...lines, content].join(" ");
    assertEquals([what, await read(reader, lines, content)], [what, answer]);
  }
});

const CODINGS: [lines: string[], isPlain: boolean][] = [
  [["identity"], true],
  [["Identity"], true],
  [[""], true],
  [[" , ,"], true],
  [["identity,, identity"], true],
  [["identity", ""], true],
  [["gzip"], false],
  [["identity, gzip"], false],
  [["identity", "br"], false],
  [["aes128gcm"], false],
  [["x"], false],
  [["identity;q=1"], false],
  [[`${"identity,".repeat(1_000)}gzip`], false],
];

Deno.test("what has a coding is left to who wants its bytes", async () => {
  const contents: Record<string, [line: string, content: string]> = {
    json: [JSON_LINE, "[1]"],
    text: [type("text/plain"), "a"],
    form: [FORM_LINE, "a=1"],
    formData: [FORM_LINE, "a=1"],
    parts: [PARTS_LINE, PART],
    bytes: [type("text/plain"), "a"],
  };
  for (const [reader, [line, content]] of Object.entries(contents)) {
    for (const [codings, isPlain] of CODINGS) {
      const lines = [line, ...codings.map(coding)];
      const answer = await read(reader, lines, content);
      const takes = isPlain || reader === "bytes";
      const expected = takes
        ? await read(reader, [line], content)
        : "415 accept-encoding: identity";
      assertEquals([reader, codings, answer], [reader, codings, expected]);
    }
  }
});
