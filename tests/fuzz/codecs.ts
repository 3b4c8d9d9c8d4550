/**
 * What must hold for the codecs, each fed with what looks like its own input.
 *
 * They throw what they document and nothing else; what they read and write
 * again reads the same; and a long input is no worse than its length, which is
 * why some are long: a quadratic loop would not come back from them.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";
import { resolveLimits } from "../../limits.ts";
import { parseAccept, preferred } from "../../wire/accept.ts";
import {
  CHUNK_HEAD_MOST,
  chunkHead,
  LAST_CHUNK,
  writeChunkHead,
} from "../../wire/chunked.ts";
import { parseCookies, serializeCookie } from "../../wire/cookies.ts";
import { imfDate, parseDate } from "../../wire/date.ts";
import { parseForm } from "../../wire/form.ts";
import { isHost, splitHost } from "../../wire/host.ts";
import { escapeHtml } from "../../wire/html.ts";
import { listMembers } from "../../wire/list.ts";
import { type MediaType, parseMediaType } from "../../wire/media_type.ts";
import { isFieldValue } from "../../wire/octets.ts";
import { checkPath, decodeSegment, encodeSegment } from "../../wire/path.ts";
import { checkTarget, splitTarget } from "../../wire/target.ts";
import { latin1, octets } from "../wire_client.ts";
import type { Property, Verdict } from "./property.ts";
import type { Random } from "./random.ts";
import { checkMultipart } from "./forms.ts";
import { checkSigned } from "./signed.ts";
import { tell } from "./stories.ts";

/** A codec: pieces of which its input is made, and what must hold for all input. */
type Codec = readonly [
  name: string,
  pieces: readonly string[],
  check: (text: string) => Verdict | Promise<Verdict>,
];

/** So long is a long input: a quadratic loop would take minutes. */
const LONG = 200_000;

const ANY = ["a", "B", "7", " ", "\t", "\r\n", "\0", "\x7F", "\x80", "\xFF"];

const TABLE: readonly Codec[] = [
  ["cookies", ["a=1", ";", "; ", "=", '"', "%3B", "__Host-"], checkCookies],
  [
    "signed cookies",
    ["id=", ".", "Nw", ";", "AAAA", "1764045637"],
    checkSigned,
  ],
  ["media types", [
    "text/html",
    ";",
    "charset=",
    "utf-8",
    '"',
    "\\",
    "/",
    "=",
    "q=0.5",
  ], checkMediaType],
  ["Accept", [
    "text/html",
    "*/*",
    "text/*",
    ",",
    ";q=",
    "0.5",
    "1",
    ";",
    '"',
    "\\",
    "a=b",
  ], checkAccept],
  ["lists", [",", ", ", '"', "\\", "gzip", "a=b"], checkList],
  ["hosts", [
    "[",
    "]",
    ":",
    "::1",
    ".",
    "192.0.2.1",
    "%41",
    "%",
    "v1",
    "80",
    "99999",
  ], checkHosts],
  [
    "targets",
    ["/", "?", "*", "http://", "HTTP:", "@", ":", "h", "#", "%2e"],
    checkTargets,
  ],
  ["paths", [
    "/",
    ".",
    "..",
    "%2e",
    "%2F",
    "%5c",
    "\\",
    "%00",
    "%",
    "%C3%A9",
    "%FF",
  ], checkPaths],
  ["forms", ["a=1", "&", "=", "+", "%20", "%", "?", "%F"], checkForms],
  ["multipart", [
    "--x",
    "--",
    "\r\n\r\n",
    "Content-Disposition: form-data; name=a",
    "x",
    "-",
  ], checkMultipart],
  ["dates", [
    "Sun, ",
    "06",
    " Nov ",
    "1994 ",
    "08:49:37",
    " GMT",
    "Sunday, 06-Nov-94 ",
    "Sun Nov  6 ",
    " 1994",
  ], checkDates],
  ["chunks", ["\r\n", "0\r\n\r\n", "5;", "a"], checkChunks],
  ["markup", ["<", ">", "&", '"', "'", "&amp;"], checkMarkup],
];

/** All of them. */
export const CODECS: readonly Property[] = TABLE.map((
  [name, pieces, check],
) => ({
  name: `codecs: ${name}`,
  draw: (random) => ({ input: inputOf(random, pieces), check }),
}));

/** A text of these pieces; once in a while one that goes on and on. */
function inputOf(random: Random, pieces: readonly string[]): string {
  const piece = () => random.oneIn(8) ? random.pick(ANY) : random.pick(pieces);
  const text = random.many(random.pick([4, 12]), piece).join("");
  if (!random.oneIn(50)) return text;
  const unit = piece() + (random.oneIn(2) ? piece() : "");
  const long = unit.repeat(Math.ceil(LONG / unit.length));
  return random.oneIn(2) ? text + long : long + text;
}

/** `undefined` where `work` refuses as it may, else what it gives. */
function unless<T>(
  refuses: new (...given: never[]) => Error,
  work: () => T,
): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof refuses) return undefined;
    throw error;
  }
}

function same(what: string, one: unknown, other: unknown): Verdict {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a === b) return undefined;
  return `${what}: ${a?.slice(0, 300)} is not ${b?.slice(0, 300)}`;
}

function checkCookies(text: string): Verdict {
  const pairs = unless(HttpError, () => parseCookies(text, 128));
  if (pairs === undefined) {
    return text.split(";").length <= 128 ? "it refuses a few" : undefined;
  }
  const again = pairs.map(([name, value]) => `${name}=${value}`).join("; ");
  const wrong = same("read again", parseCookies(again, 128), pairs);
  if (wrong) return wrong;
  const [name = "", value = ""] = text.split(/=(.*)/s);
  const set = unless(TypeError, () => serializeCookie(name, value));
  if (set === undefined) return undefined;
  return same("set and read", parseCookies(set, 1), [[name, value]]);
}

function checkMediaType(text: string): Verdict {
  if (isFieldValue(text)) {
    const parameters = new Map([["p", text]]);
    const quoted = parseMediaType(written({ type: "a/b", parameters }));
    const wrong = same("quoted", quoted?.parameters.get("p"), text);
    if (wrong) return wrong;
  }
  const read = parseMediaType(text);
  if (read === undefined) return undefined;
  const again = parseMediaType(written(read));
  return same("read again", again && plain(again), plain(read));
}

function written({ type, parameters }: MediaType): string {
  return [...parameters].reduce(
    (text, [name, value]) =>
      `${text};${name}="${value.replace(/["\\]/g, "\\$&")}"`,
    type,
  );
}

function plain({ type, parameters }: MediaType): unknown {
  return [type, [...parameters]];
}

function checkAccept(text: string): Verdict {
  const ranges = parseAccept(text);
  if (ranges.length > 64) return `${ranges.length} ranges`;
  const light = ranges.find(({ weight }) => !(weight >= 0 && weight <= 1));
  if (light) return `a weight of ${light.weight}`;
  const offers = ["text/html;a=b", "text/html", "image/png"];
  const best = preferred(text, offers);
  if (best !== undefined && !offers.includes(best)) return `it prefers ${best}`;
  const again = ranges.map((range) => `${written(range)};q=${range.weight}`)
    .join();
  return same("read again", parseAccept(again).map(plain), ranges.map(plain));
}

function checkList(text: string): Verdict {
  const members = listMembers(text, 1_000);
  if (
    members.some((one) =>
      one === "" || one !== one.replace(/^[ \t]+|[ \t]+$/g, "")
    )
  ) {
    return "a member is empty or not trimmed";
  }
  // Open quotes in one member would reach over those behind it.
  if (text.includes('"')) return undefined;
  return same("read again", listMembers(members.join(" , "), 1_000), members);
}

function checkHosts(text: string): Verdict {
  const bytes = octets(text);
  if (!isHost(bytes, 0, bytes.length)) return undefined;
  const [name, port] = splitHost(text);
  const again = `${name}${text.length > name.length ? ":" : ""}${port}`;
  return same("put together", again, text);
}

function checkTargets(text: string): Verdict {
  const bytes = octets(text);
  for (const method of ["GET", "OPTIONS", "CONNECT"]) {
    const wrong = checkTarget(method, false, bytes, 0, bytes.length);
    if (wrong !== undefined || text === "") continue;
    const { path, query, authority } = splitTarget(method, text);
    if (path === "") return `${method} has no path`;
    const rest = path + (text.includes("?") ? `?${query}` : "");
    const ends = text.endsWith(rest) || rest === "/" || rest === "*" ||
      rest.startsWith("/?");
    if (method !== "CONNECT" && !ends) return `${method} has the path ${path}`;
    const host = octets(authority);
    if (!isHost(host, 0, host.length)) return `${method} is for ${authority}`;
  }
  return undefined;
}

function checkPaths(text: string): Verdict {
  const segment = unless(TypeError, () => encodeSegment(text));
  if (segment !== undefined) {
    const wrong = same("encoded", decodeSegment(segment), text) ??
      same("checked", checkPath(`/${segment}`), undefined);
    if (wrong) return wrong;
  }
  const path = `/${text}`;
  if (!/^[!-~]*$/.test(path) || /[?#]/.test(path)) return undefined;
  if (checkPath(path) !== undefined) return undefined;
  if (/\\|%00|(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) {
    return "it lets that pass";
  }
  // What others make of the path must be what the router sees.
  const decoded = (one: string) => one.split("/").map(decodeSegment);
  return same(
    "as a URL",
    decoded(new URL(`http://h${path}`).pathname),
    decoded(path),
  );
}

function checkForms(text: string): Verdict {
  const pairs = unless(HttpError, () => parseForm(text, 1_000));
  if (pairs === undefined) {
    return text.split("&").length <= 1_000 ? "it refuses a few" : undefined;
  }
  const again = parseForm(`${pairs}`, 1_000);
  return same("read again", [...again], [...pairs]);
}

function checkDates(text: string): Verdict {
  const now = Date.UTC(2026, 0, 1);
  const ms = parseDate(text, now);
  if (ms === undefined) return undefined;
  const said = unless(RangeError, () => imfDate(ms));
  if (said === undefined) {
    return ms > 253_402_300_799_000 ? undefined : `${ms} is not written`;
  }
  return same("read again", parseDate(said, now), ms);
}

const CHUNKED =
  "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

function checkChunks(text: string): Verdict {
  let wire = CHUNKED;
  const most = 1 + text.length % 5_000;
  for (let at = 0; at < text.length; at += most) {
    const data = text.slice(at, at + most);
    const into = new Uint8Array(CHUNK_HEAD_MOST);
    const end = writeChunkHead(into, 0, data.length);
    const head = chunkHead(data.length);
    if (latin1(into.subarray(0, end)) !== head) {
      return "two heads of a chunk differ";
    }
    wire += `${head}${data}\r\n`;
  }
  const limits = resolveLimits({ chunkExtensions: 0 });
  const story = tell([wire + LAST_CHUNK], { limits, secure: false });
  const told = story.filter(([kind]) => kind === "data").map(([, data]) =>
    data
  );
  // So many chunks of one octet are refused, and that is right.
  if (most < 2 && text.length > 5_000) return undefined;
  return same("read again", told.join(""), text) ??
    same("ended", story.at(-2)?.[0], "end");
}

function checkMarkup(text: string): Verdict {
  const markup = escapeHtml(text);
  if (/[<>"']/.test(markup)) return "it lets markup through";
  const meant = markup.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll(
      "&amp;",
      "&",
    );
  return same("read again", meant, text);
}
