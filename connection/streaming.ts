/**
 * An answer that is sent piece by piece, as its source gives them and the client
 * takes them.
 *
 * The head goes out as soon as the source lets wait. Until then things can still
 * be otherwise: a source that is one short piece is an answer with a length, one
 * that breaks is a 500.
 *
 * @module
 */

import { FIXED } from "../limits.ts";
import { Answer } from "../response/answer.ts";
import type { Pieces } from "../response/body.ts";
import { chunkHead, CRLF } from "../wire/chunked.ts";
import { putChunk, type Written } from "../writer.ts";
import type { Channel } from "./channel.ts";

/** A pending promise gets so many turns before it counts as slow. */
export const TURNS = 24;
/** A piece from this size on is written where it is, and not copied. */
export const LARGE_PIECE = 32 * 1024;
/** So much of an answer is sent before others get a turn. */
const STRETCH = {
  pieces: FIXED.stretchPieces.default,
  bytes: FIXED.stretchBytes.default,
} as const;
/** Why an answer ends that nobody takes. */
export const LEFT = "The client has left";

/** What a connection lends to the answer that is streamed over it. */
export interface Stage {
  readonly channel: Channel;
  /** Bytes that may wait to be sent. */
  readonly buffered: number;
  /** Whether the client waits to be told to go on with its content. */
  readonly isAwaited: boolean;
  /** Whether fields come behind the content, so that it is sent in chunks. */
  readonly trails: boolean;
  /** Puts an answer that turns out to be whole; whether another may follow. */
  putWhole(body: Uint8Array | null): boolean;
  /** Puts the head of one that is not. */
  putHead(length: number | undefined): Written;
  /** Puts the end of chunked content. A promise only where one is waited for. */
  putEnd(): void | Promise<void>;
  /** Calls back when others had a turn. */
  later(turn: () => void): void;
  /** Waits for the source, or until the client has left. */
  wait(promise: Promise<unknown>): Promise<void>;
}

/**
 * Streams a body of `length` bytes, where that is known. Gives whether another
 * request may follow; throws when the source breaks or the client leaves.
 */
export async function stream(
  stage: Stage,
  answer: Answer,
  pieces: Pieces,
  length: number | undefined,
): Promise<boolean> {
  let piece: Uint8Array | undefined;
  const held = Answer.isHeld(answer, pieces.typed);
  // The head does not wait for content, unless that tells its type or may break, or
  // its source may be about to read: behind a final head there is no 100 Continue.
  if (
    held || stage.isAwaited || await pieces.soon(TURNS) !== undefined
  ) {
    piece = await pull(stage, pieces);
    Answer.suggestType(answer, pieces.type);
    if (piece === undefined || piece.length <= LARGE_PIECE) {
      // A copy: its source may use the bytes for the next one.
      piece = piece && new Uint8Array(piece);
      const ends = piece === undefined || await pieces.soon(TURNS) === "end";
      if (ends && !stage.trails) {
        checkLength(length, piece?.length ?? 0);
        return stage.putWhole(piece ?? null);
      }
    }
    if (piece !== undefined && piece.length > (length ?? Infinity)) {
      checkLength(length, piece.length);
    }
  }
  const written = stage.putHead(length);
  const sent = await putPieces(stage, pieces, piece, written);
  if (written.framing === "length") checkLength(length, sent);
  if (written.framing === "chunked") {
    const end = stage.putEnd();
    if (end !== undefined) await end;
  }
  return written.persists;
}

/** Puts piece after piece, but no more than was announced. Gives how much came. */
async function putPieces(
  stage: Stage,
  pieces: Pieces,
  first: Uint8Array | undefined,
  { framing, length }: Written,
): Promise<number> {
  const most = framing === "length" ? length : Infinity;
  let came = 0;
  let count = 0, turnAt = STRETCH.bytes;
  let piece = first ?? await pull(stage, pieces);
  for (; piece !== undefined; piece = await pull(stage, pieces)) {
    came += piece.length;
    if (came > most) break;
    await put(stage.channel, piece, framing === "chunked");
    if (++count < STRETCH.pieces && came < turnAt) continue;
    await othersTurn(stage);
    count = 0;
    turnAt = came + STRETCH.bytes;
  }
  return came;
}

/**
 * A socket that has room takes a write within the turn of the event loop, so a
 * source that never lets wait would keep the loop from everybody else for as long
 * as its client is quick to read. To wait is to read, too: the client may have left.
 */
async function othersTurn({ channel, later, wait }: Stage): Promise<void> {
  if (!await channel.flush()) throw new Error(LEFT);
  await wait(new Promise<void>((resolve) => later(resolve)));
}

/** A part must not be taken for the whole, nor what is behind it for an answer. */
function checkLength(announced: number | undefined, came: number): void {
  if (announced === undefined || announced === came) return;
  throw new TypeError(
    `Cannot send other than the ${announced} bytes announced`,
  );
}

/** The next piece. What was put is sent while it lets wait, or grows too much. */
async function pull(
  { channel, buffered, wait }: Stage,
  pieces: Pieces,
): Promise<Uint8Array | undefined> {
  const soon = await pieces.soon(TURNS);
  if (soon === undefined || channel.buffered >= buffered) {
    if (!await channel.flush()) throw new Error(LEFT);
  }
  if (soon !== undefined) return soon === "end" ? undefined : pieces.take();
  await wait(pieces.soon(Infinity));
  if (channel.over) throw new Error(LEFT);
  return pieces.take();
}

/** Copies a small piece; writes a large one from where it is. */
async function put(
  channel: Channel,
  piece: Uint8Array,
  chunked: boolean,
): Promise<void> {
  const out = channel.output();
  if (piece.length < LARGE_PIECE) {
    if (chunked) putChunk(out, piece);
    else out.put(piece);
    return;
  }
  if (chunked) out.putLatin1(chunkHead(piece.length));
  if (!await channel.flush() || !await channel.write(piece)) {
    throw new Error(LEFT);
  }
  if (chunked) channel.output().putLatin1(CRLF);
}
