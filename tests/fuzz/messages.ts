/**
 * What two parsers tell of the same octets, in the same words, and where they
 * part.
 *
 * A message is compared as far as both have read it. A connection ends with the
 * first message that is the last or that changes the protocol: what follows is
 * for the connection to drop, and not for a parser to read.
 *
 * @module
 */

import type { Limits } from "../../limits.ts";
import { type HeadTold, tell } from "./stories.ts";

/** A field line: name in lower case, value trimmed. */
export type Line = readonly [name: string, value: string];

/** One message, as far as it was read. */
export interface Message {
  head?: Head;
  content: string;
  trailers: readonly Line[];
  /** Whether it was read to its end. */
  ended: boolean;
}

/** What a head says to any parser. */
export interface Head {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly persists: boolean;
  /** Whether another protocol follows. */
  readonly upgrades: boolean;
  readonly fields: readonly Line[];
}

/** What one parser tells. */
export interface Telling {
  readonly messages: readonly Message[];
  /** Why it reads no more; `undefined` where it waits for more. */
  readonly refuses: string | undefined;
}

/** Where two tellings part. */
export interface Parting {
  /** Whether one refuses, or both go on and tell something else. */
  readonly kind: "we refuse" | "they refuse" | "we differ";
  /** Our fault, their reason, or the part of the message that differs. */
  readonly about: string;
  /** What the others told of the message where it is. */
  readonly theirs: Message | undefined;
  readonly ours: Message | undefined;
}

/** A message of which nothing is known yet. */
export function emptyMessage(): Message {
  return { content: "", trailers: [], ended: false };
}

/** What our parser tells. */
export function ourTelling(wire: string, limits: Limits): Telling {
  const messages: Message[] = [];
  let refuses: string | undefined;
  for (const line of tell([wire], { limits, secure: false })) {
    const last = messages.at(-1);
    if (line[0] === "head") {
      messages.push({ ...emptyMessage(), head: headOf(line[1]) });
    } else if (line[0] === "data") last!.content = line[1];
    else if (line[0] === "fault") refuses = line[1];
    else if (line[0] === "end") {
      last!.trailers = line[1];
      last!.ended = true;
    }
  }
  return { messages, refuses };
}

function headOf(told: HeadTold): Head {
  const { method, target, version, persists, upgrades, fields } = told;
  return {
    method,
    target,
    version,
    persists,
    upgrades: upgrades || method === "CONNECT",
    fields,
  };
}

/** The first place where they part, if they do. */
export function part(ours: Telling, theirs: Telling): Parting | undefined {
  const most = Math.max(ours.messages.length, theirs.messages.length) + 1;
  for (let at = 0; at < most; at++) {
    const [mine, other] = [ours.messages[at], theirs.messages[at]];
    const about = differs(mine, other);
    if (about !== undefined) {
      return { kind: "we differ", about, ours: mine, theirs: other };
    }
    if (mine?.head?.method === "CONNECT" && other?.head) return undefined;
    if (mine?.ended && other?.ended) {
      if (mine.head!.upgrades || !mine.head!.persists) return undefined;
      continue;
    }
    const we = ours.messages.length <= at + 1 ? ours.refuses : undefined;
    const they = theirs.messages.length <= at + 1 ? theirs.refuses : undefined;
    return partAtEnd(mine, other, we, they);
  }
  return undefined;
}

const PARTS = [
  "method",
  "target",
  "version",
  "persists",
  "upgrades",
  "fields",
] as const;

/** What differs in what both have read. */
function differs(
  mine = emptyMessage(),
  other = emptyMessage(),
): string | undefined {
  if (mine.head && other.head) {
    for (const name of PARTS) {
      const [one, two] = [partOf(mine.head, name), partOf(other.head, name)];
      if (JSON.stringify(one) !== JSON.stringify(two)) return name;
    }
    if (mine.head.method === "CONNECT") {
      const same = mine.content === other.content && mine.ended === other.ended;
      return same ? undefined : "content of CONNECT";
    }
  }
  if (
    !mine.content.startsWith(other.content) &&
    !other.content.startsWith(mine.content)
  ) {
    return "content";
  }
  if (!mine.ended || !other.ended) return undefined;
  if (mine.content !== other.content) return "content";
  const same = JSON.stringify(mine.trailers) === JSON.stringify(other.trailers);
  return same ? undefined : "trailers";
}

/** Host is the one of the target where that has one, which is ours alone to say. */
function partOf(head: Head, name: (typeof PARTS)[number]): unknown {
  const absolute = name === "fields" && !/^[/*]/.test(head.target);
  return absolute
    ? head.fields.filter(([name]) => name !== "host")
    : head[name];
}

/** One of them at least has not read the message to its end. */
function partAtEnd(
  mine: Message | undefined,
  other: Message | undefined,
  we: string | undefined,
  they: string | undefined,
): Parting | undefined {
  const sides = { ours: mine, theirs: other };
  // They have handed over what we still read.
  const handed = other?.ended && other.head?.upgrades &&
    mine?.head?.upgrades && !mine.ended;
  if (handed) return { kind: "we differ", about: "progress", ...sides };
  const refused = { we: !mine?.ended && we, they: !other?.ended && they };
  if (refused.we && refused.they) return undefined;
  if (refused.we) return { kind: "we refuse", about: refused.we, ...sides };
  if (refused.they) {
    return { kind: "they refuse", about: refused.they, ...sides };
  }
  const same = Boolean(mine?.head) === Boolean(other?.head) &&
    Boolean(mine?.ended) === Boolean(other?.ended);
  return same ? undefined : { kind: "we differ", about: "progress", ...sides };
}
