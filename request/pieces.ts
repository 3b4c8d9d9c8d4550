/**
 * Content that is pulled, in the three ways in which it is given: in pieces that
 * are lent, in a stream of pieces that are owned, and all in one.
 *
 * @module
 */

import { handled } from "./handled.ts";

/** Where the pieces come from. */
export interface Pulled {
  /** All of it, where it was collected; asked before the first piece. */
  kept(): Promise<Uint8Array> | undefined;
  /** Takes it for one reader, or throws where another has it. */
  begin(): void;
  /** The next piece, which the one after it overwrites; `undefined` at the end. */
  pull(): Promise<Uint8Array | undefined>;
}

/** Each piece, lent until the next is asked for. */
export type Pieces = AsyncIterableIterator<Uint8Array, void, void>;

/** What an iterator gives behind its last piece. */
export const OVER: IteratorResult<never, void> = {
  done: true,
  value: undefined,
};

/** The pieces of `source`, lent. It begins with the first that is asked for. */
export function lent(source: Pulled): Pieces {
  let begun = false;
  let over = false;
  // By hand: a generator makes two promises more of each piece.
  const pull = async (): Promise<IteratorResult<Uint8Array, void>> => {
    if (over) return OVER;
    try {
      if (!begun) {
        const kept = source.kept();
        if (kept !== undefined) {
          over = true;
          return { done: false, value: await kept };
        }
        source.begin();
        begun = true;
      }
      const value = await source.pull();
      over ||= value === undefined;
      return value === undefined ? OVER : { done: false, value };
    } catch (error) {
      over = true;
      throw error;
    }
  };
  return {
    next: () => handled(pull()),
    return() {
      over = true;
      return Promise.resolve(OVER);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * A stream of copies, which pulls when it is pulled. `seen` is shown each piece, and
 * `undefined` at the end.
 */
export function owned(
  iterate: () => Pieces,
  seen?: (piece: Uint8Array | undefined) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let pieces: Pieces | undefined;
  return new ReadableStream({
    type: "bytes",
    pull: async (controller) => {
      pieces ??= iterate();
      let { value } = await pieces.next();
      while (value?.length === 0) ({ value } = await pieces.next());
      seen?.(value || undefined);
      if (value) return controller.enqueue(new Uint8Array(value));
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel: async () => void await pieces?.return?.(),
  }, { highWaterMark: 0 });
}

/**
 * All that is pulled, in one. It grows by what has come, not by what was announced:
 * an announcement costs the peer nothing, and must not cost us memory.
 */
export async function gathered(
  pull: () => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  let all = new Uint8Array(0);
  let size = 0;
  for (;;) {
    const piece = await pull();
    if (piece === undefined) {
      return size === all.length ? all : all.slice(0, size);
    }
    if (size + piece.length > all.length) {
      all = grown(all, size + piece.length);
    }
    all.set(piece, size);
    size += piece.length;
  }
}

/** The same bytes with room for `least` at least, and for some that may follow. */
function grown(
  bytes: Uint8Array<ArrayBuffer>,
  least: number,
): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(least, bytes.length * 2));
  more.set(bytes);
  return more;
}
