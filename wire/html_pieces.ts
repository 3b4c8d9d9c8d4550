/**
 * A page that is not known as a whole yet: text, and what it waits for, in order.
 *
 * ```text
 * "<ul>", Later(songs), "</ul>"   ─next()─▶  "<ul>"   …   "<li>a<li>b"   "</ul>"
 * ```
 *
 * What is known is one piece, up to what has to be waited for; nobody waits here,
 * but for who is given the promise of the next piece.
 *
 * The one surprise: what is left when nobody reads on is told, also what was never
 * begun: an iterable may hold a file or a cursor from the start.
 *
 * @module
 */

/** A part of a page: markup, or what it is waited for. */
export type Part = string | Later;

/** What comes later, and how it is put where it stands. */
export interface Later {
  readonly value: Promise<unknown> | AsyncIterable<unknown>;
  /** The parts of what has come; may throw. */
  render(value: unknown): readonly Part[];
}

/** Something of which parts are left, or something to wait for. */
type Source =
  | Iterator<Part, void>
  | { readonly later: Later; readonly pull: () => Promise<Pulled> };

/** What has come, or that there is no more. */
type Pulled = IteratorResult<unknown, unknown>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** The markup of a page, piece by piece. */
export class HtmlPieces implements AsyncIterableIterator<string, undefined> {
  /** What is left; the innermost is the last. */
  readonly #left: Source[];
  /** The iterators that have begun and not ended, the innermost last. */
  readonly #begun: AsyncIterator<unknown>[] = [];
  #over = false;

  /** The pieces of a page of `parts`. */
  constructor(parts: readonly Part[]) {
    this.#left = [parts.values()];
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    try {
      return this.#next();
    } catch (error) { // of an iterable that cannot even begin
      void this.return();
      return Promise.reject(error);
    }
  }

  #next(): Promise<IteratorResult<string, undefined>> {
    let markup = "";
    for (;;) {
      const source = this.#left.at(-1);
      if (source !== undefined && "pull" in source) {
        if (markup === "") return this.#wait(source);
        break;
      }
      const part = source?.next();
      if (part === undefined) break;
      if (part.done) this.#left.pop();
      else if (typeof part.value === "string") markup += part.value;
      else this.#left.push(this.#sourceOf(part.value));
    }
    const value = markup;
    return Promise.resolve(value === "" ? DONE : { done: false, value });
  }

  /** Nobody reads on: what it was made of is told, and not waited for. */
  return(): Promise<IteratorResult<string, undefined>> {
    this.#over = true;
    for (const iterator of this.#begun.splice(0).reverse()) leave(iterator);
    for (const source of this.#left.splice(0)) {
      if ("pull" in source) continue;
      for (let part = source.next(); !part.done; part = source.next()) {
        if (typeof part.value !== "string" && !isPromise(part.value.value)) {
          leaveUnbegun(part.value.value);
        }
      }
    }
    return Promise.resolve(DONE);
  }

  #sourceOf(later: Later): Source {
    const { value } = later;
    if (isPromise(value)) {
      let came = false;
      const pull = (): Promise<Pulled> => {
        if (came) return Promise.resolve(DONE);
        came = true;
        return value.then((value) => ({ done: false, value }));
      };
      return { later, pull };
    }
    const iterator = value[Symbol.asyncIterator]();
    this.#begun.push(iterator);
    return { later, pull: () => iterator.next() };
  }

  #wait(
    source: Exclude<Source, Iterator<Part, void>>,
  ): Promise<IteratorResult<string, undefined>> {
    const came = ({ done, value }: Pulled) => {
      if (this.#over) return DONE;
      if (done) this.#end(source);
      else this.#left.push(source.later.render(value).values());
      return this.next();
    };
    return source.pull().then(came).catch((error) => {
      void this.return();
      throw error;
    });
  }

  #end(source: Source & { readonly later: Later }): void {
    this.#left.pop();
    if (!isPromise(source.later.value)) this.#begun.pop();
  }
}

function isPromise(value: Later["value"]): value is Promise<unknown> {
  return value instanceof Promise;
}

function leaveUnbegun(iterable: AsyncIterable<unknown>): void {
  try {
    leave(iterable[Symbol.asyncIterator]());
  } catch {
    // What cannot begin holds nothing.
  }
}

function leave(iterator: AsyncIterator<unknown>): void {
  try {
    iterator.return?.().catch(() => {});
  } catch {
    // What cannot be told will find out by itself.
  }
}
