/**
 * What a class of disagreement says, and what the rows of all of them need.
 *
 * @module
 */

import type { Message, Parting } from "./messages.ts";

/** One way in which the two differ. */
export interface Difference {
  readonly kind: Parting["kind"];
  /** Our faults, the beginnings of their reasons, or what differs. */
  readonly about: readonly string[];
  /** What else must be so of what they told, of the octets, or of what we told. */
  readonly holds?: (
    told: Message,
    wire: string,
    ours: Message | undefined,
  ) => boolean;
  readonly ours: string;
  readonly theirs: string;
  /** Who does what the standard says; both where it leaves the choice. */
  readonly right: "no8wire" | "llhttp" | "both";
  readonly rule: string;
  readonly why: string;
  readonly example: string;
}

export const HOST = "Host: h\r\n";
export const GET = `GET / HTTP/1.1\r\n${HOST}`;
export const POST = `POST / HTTP/1.1\r\n${HOST}`;
export const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n`;

/** The values of the lines of a field, as the others told them. */
export function valuesOf({ head, trailers }: Message, name: string): string[] {
  return [...head?.fields ?? [], ...trailers]
    .flatMap(([other, value]) => other === name ? [value] : []);
}
