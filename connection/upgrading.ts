/**
 * Handing a connection over to another protocol (RFC 9110 §7.8): whether the
 * client offers it, what comes before, and until when it is away.
 *
 * @module
 */

import { HttpError } from "../errors.ts";
import type { Head } from "../parser.ts";
import type { Take } from "../response/body.ts";
import { listMembers } from "../wire/list.ts";
import type { Channel } from "./channel.ts";
import { cleared, type Incoming } from "./incoming.ts";

/** RFC 9110 §7.8: only to what the client offered; CONNECT offers anything. */
export function offers(head: Head, protocol: string): boolean {
  if (head.method === "CONNECT") return true;
  if (!head.upgrades) return false;
  const offered = listMembers(head.header("upgrade") ?? "", 16);
  return offered.some((name) => name.toLowerCase() === protocol.toLowerCase());
}

/**
 * The content comes first; the protocol changes behind it (RFC 9110 §7.8).
 *
 * @throws {HttpError} 413 when it is longer than `most`; and for what the client did
 */
export async function clearContent(
  incoming: Incoming,
  most: number,
  channel: Channel,
): Promise<void> {
  const tooLong = (incoming.length ?? 0) > most;
  if (!tooLong && await cleared(incoming, most, channel)) return;
  const says = "Content before an upgrade is at most limits.unread long";
  throw incoming.failure ?? new HttpError(413, says);
}

/** Lasts until who takes it is done; never rejects. */
export async function handOver(
  channel: Channel,
  take: Take,
  report: (error: unknown) => void,
): Promise<void> {
  try {
    await take(channel.handedOver(), channel.parser.takeRest());
  } catch (error) {
    if (!channel.over) report(error);
  }
}
