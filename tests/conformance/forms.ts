/**
 * Forms of parts as octets, and the cases that are made of them: each is sent to
 * two routes, one that collects it with `c.formData()` and one that reads it part
 * by part with `c.parts()`, and both must tell the same of it.
 *
 * @module
 */

import { escaped, latin1 } from "../wire_client.ts";
import { feedingsOf, head } from "./rows.ts";
import type { Case } from "./rows.ts";

/**
 * What is told of a part: name and text of a field; of a file its name and type
 * too, and its octets as they came, one a character.
 */
export type Told =
  | readonly [name: string, text: string]
  | readonly [name: string, octets: string, filename: string, type: string];

/** The routes that read a form, by what they call. */
const READERS: Readonly<Record<string, string>> = {
  "formData()": "/form",
  "parts()": "/form/parts",
};

/** The Content-Type of the forms below. */
export const TYPE = "multipart/form-data; boundary=b";

/** The beginning of the one line that every part has. */
export const DISPOSITION = "Content-Disposition: form-data";

/** The last line of a form. */
export const END = "--b--\r\n";

/** A delimiter, field lines as they are given, the empty line, content and CRLF. */
export function raw(lines: string, data = "", boundary = "b"): string {
  return `--${boundary}\r\n${lines}\r\n\r\n${data}\r\n`;
}

/** A part whose disposition has these parameters, and lines behind it. */
export function part(
  parameters: string,
  data = "",
  ...lines: string[]
): string {
  const disposition = `${DISPOSITION}; ${parameters}`;
  return raw([disposition, ...lines].join("\r\n"), data);
}

/** A form of these parts. */
export function form(...parts: string[]): string {
  return parts.join("") + END;
}

/** Text as octets of UTF-8. */
export function utf8(text: string): string {
  return latin1(new TextEncoder().encode(text));
}

/** A POST of a form; `fields` are its Content-Type alone, or lines. */
export function post(
  target: string,
  fields: string | readonly string[],
  content: string,
): string {
  const lines = typeof fields === "string"
    ? [`Content-Type: ${fields}`]
    : fields;
  const length = `Content-Length: ${content.length}`;
  return head(`POST ${target} HTTP/1.1`, "Host: a", ...lines, length) + content;
}

/** The same in chunks of `size` octets. */
export function postInChunks(
  target: string,
  content: string,
  size: number,
): string {
  let body = "";
  for (let at = 0; at < content.length; at += size) {
    const data = content.slice(at, at + size);
    body += `${data.length.toString(16)}\r\n${data}\r\n`;
  }
  const lines = [`Content-Type: ${TYPE}`, "Transfer-Encoding: chunked"];
  return head(`POST ${target} HTTP/1.1`, "Host: a", ...lines) +
    `${body}0\r\n\r\n`;
}

/** A form of which both readers tell `parts`. */
export function told(
  name: string,
  content: string,
  parts: readonly Told[],
  fields: string | readonly string[] = TYPE,
): Case[] {
  return toldOf(name, (target) => post(target, fields, content), parts);
}

/** As {@linkcode told}, for a request that is made for the target it goes to. */
export function toldOf(
  name: string,
  send: (target: string) => string,
  parts: readonly Told[],
): Case[] {
  const content = utf8(JSON.stringify(parts));
  return both(name, send, { status: 200, content });
}

/** A form that both readers refuse, and its connection goes on. */
export function rejected(
  name: string,
  content: string,
  status = 400,
  fields: string | readonly string[] = TYPE,
): Case[] {
  return both(name, (target) => post(target, fields, content), { status });
}

/** A form of one part with these parameters, of which `part` is told. */
export function parameters(
  rows: readonly (readonly [parameters: string, part: Told])[],
): Case[] {
  return rows.flatMap(([text, one]) =>
    told(text, form(part(text, one[1])), [one])
  );
}

/** Parameters of a disposition for which a form is refused. */
export function wrongParameters(all: readonly string[]): Case[] {
  return all.flatMap((text) => rejected(text, form(part(text))));
}

/** A form of one part with these lines, of which `part` is told. */
export function lines(
  rows: readonly (readonly [lines: string, part: Told])[],
): Case[] {
  return rows.flatMap(([text, one]) =>
    told(text, form(raw(text, one[1])), [one])
  );
}

/** Lines of a part for which a form is refused. */
export function wrongLines(all: readonly string[], status = 400): Case[] {
  return all.flatMap((text) => rejected(text, form(raw(text, "1")), status));
}

/** Cases of a sweep, which need not come in pieces. */
export function swept(cases: readonly Case[]): Case[] {
  return cases.map((one) => ({
    ...one,
    feedings: ["at once", "with a request behind"],
  }));
}

/** Octet by octet is for the one that reads as they come. */
function both(
  name: string,
  send: (target: string) => string,
  expected: Case["answers"][number],
): Case[] {
  return Object.entries(READERS).map(([reader, target]): Case => {
    const one: Case = {
      name: `${escaped(name)}: ${reader}`,
      send: send(target),
      answers: [expected],
      then: "persists",
    };
    const feedings = feedingsOf(one);
    return target === "/form"
      ? { ...one, feedings: feedings.filter((way) => way !== "byte by byte") }
      : one;
  });
}
