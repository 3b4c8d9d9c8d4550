/**
 * What a parser tells of octets, as a list that can be compared: one line a
 * piece, and the data between two other pieces as one.
 *
 * While it is fed, the parser is held to its word: it keeps no more than its
 * bounds allow, it says the same fault for ever, and a head that was kept says
 * the same when the parser has gone on as it did when it was fresh.
 *
 * @module
 */

import type { Limits } from "../../limits.ts";
import { type Head, type Piece, RequestParser } from "../../parser.ts";
import { latin1, octets } from "../wire_client.ts";

/** One line of a story. */
export type Line =
  | readonly ["head", HeadTold]
  | readonly ["data", string]
  | readonly ["end", readonly (readonly [string, string])[]]
  | readonly ["fault", string]
  | readonly ["rest", { readonly inHead: boolean; readonly finish: string }];

/** What a head says. */
export interface HeadTold {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly version: string;
  readonly length: number | undefined;
  readonly persists: boolean;
  readonly expectsContinue: boolean;
  readonly upgrades: boolean;
  readonly fields: readonly (readonly [string, string])[];
}

/** A parser that breaks its word. */
export class BrokenWord extends Error {}

/** How a parser is fed, and what it is told to be. */
export interface Feeding {
  readonly limits: Limits;
  readonly secure: boolean;
  /** Whether octets are put where the parser has room, as a socket does. */
  readonly spaced?: boolean;
}

/**
 * The story of `pieces`, fed one after the other and read to the end each time.
 *
 * @throws {BrokenWord} when the parser does what it promised not to
 */
export function tell(pieces: readonly string[], feeding: Feeding): Line[] {
  const parser = new RequestParser(feeding);
  const story: Line[] = [];
  const kept: [Head, string][] = [];
  for (const piece of pieces) {
    const bytes = octets(piece);
    for (let fed = 0; fed < bytes.length;) {
      fed += feed(parser, bytes.subarray(fed), feeding.spaced === true);
      for (
        let next = parser.next();
        next.kind !== "more";
        next = parser.next()
      ) {
        if (next.kind === "head") {
          kept.push([next, JSON.stringify(toldBy(next))]);
        }
        if (add(story, next)) {
          break;
        }
      }
      checkHeld(parser, feeding.limits);
    }
  }
  checkKept(kept);
  return conclude(parser, story);
}

/** A socket fills what room there is; others hand over what they have. */
function feed(
  parser: RequestParser,
  bytes: Uint8Array,
  spaced: boolean,
): number {
  if (!spaced) {
    const part = bytes.subarray(0, FED);
    parser.feed(part);
    return part.length;
  }
  const room = parser.space();
  if (room.length === 0) throw new BrokenWord("there is no room");
  const part = bytes.subarray(0, room.length);
  room.set(part);
  parser.filled(part.length);
  return part.length;
}

/** What `feed` takes at once; a read of a socket is no larger. */
const FED = 64 * 1024;

/** Whether the story ends here. */
function add(story: Line[], piece: Exclude<Piece, { kind: "more" }>): boolean {
  switch (piece.kind) {
    case "head":
      story.push(["head", toldBy(piece)]);
      return false;
    case "data":
      addData(story, latin1(piece.bytes));
      return false;
    case "end":
      story.push(["end", piece.trailers]);
      return false;
    case "fault":
      addFault(story, piece.code);
      return true;
  }
}

function addData(story: Line[], data: string): void {
  if (data === "") throw new BrokenWord("data of no octets was told");
  const last = story.at(-1);
  if (last?.[0] === "data") story[story.length - 1] = ["data", last[1] + data];
  else story.push(["data", data]);
}

function addFault(story: Line[], code: string): void {
  const last = story.at(-1);
  if (last?.[0] !== "fault") story.push(["fault", code]);
  else if (last[1] !== code) {
    throw new BrokenWord(`after ${last[1]} came ${code}`);
  }
}

/** All that a head tells. */
export function toldBy(head: Head): HeadTold {
  const fields = [...head.fields()];
  for (const [name] of fields) {
    if (head.header(name) === undefined) {
      throw new BrokenWord("a field is listed and not found");
    }
  }
  return {
    method: head.method,
    target: head.target,
    path: head.path,
    query: head.query,
    authority: head.authority,
    version: head.version,
    length: head.length,
    persists: head.persists,
    expectsContinue: head.expectsContinue,
    upgrades: head.upgrades,
    fields,
  };
}

/** What is held after all was read: part of a section, with empty lines before it. */
function checkHeld(parser: RequestParser, limits: Limits): void {
  const section = Math.max(limits.head, limits.trailers) + 2 * 33;
  // What lay behind a fault with one feeding is dropped with the next.
  const held = parser.next().kind === "fault" ? FED + section : section;
  if (parser.buffered > held) {
    throw new BrokenWord(`${parser.buffered} octets are held`);
  }
  const room = parser.space().buffer.byteLength;
  // A buffer doubles when a whole read does not fit behind what is held.
  const most = 2 * (section + FED);
  if (room > most) throw new BrokenWord(`the buffer has ${room} octets`);
}

function checkKept(kept: readonly [Head, string][]): void {
  for (const [head, said] of kept) {
    if (JSON.stringify(toldBy(head)) !== said) {
      throw new BrokenWord("a head that was kept tells something else");
    }
  }
}

function conclude(parser: RequestParser, story: Line[]): Line[] {
  const { inHead } = parser;
  const finish = parser.finish()?.code ?? "";
  const last = story.at(-1);
  if (last?.[0] !== "fault") story.push(["rest", { inHead, finish }]);
  else if (finish !== last[1]) {
    throw new BrokenWord(`it finished with ${finish}`);
  }
  return story;
}

/** The first difference of two stories, in words. */
export function difference(
  one: readonly Line[],
  other: readonly Line[],
): string | undefined {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [a, b] = [JSON.stringify(one[at]), JSON.stringify(other[at])];
    if (a !== b) return `piece ${at} is ${shown(a)} and ${shown(b)}`;
  }
  return undefined;
}

function shown(line: string | undefined): string {
  if (line === undefined) return "missing";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
