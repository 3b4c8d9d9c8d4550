/**
 * A `Request` of the platform as what a context is made of: a head, and a source
 * of content. For `app.fetch`, where there is no connection of ours.
 *
 * @module
 */

import type { ContentSource, RequestHead } from "../messages.ts";
import { NO_CONTENT } from "./content.ts";

/** The head of a platform `Request`, for `app.fetch`. */
export class FetchHead implements RequestHead {
  readonly version = "1.1";
  readonly #request: Request;
  #url: URL | undefined;

  constructor(request: Request) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method;
  }

  get target(): string {
    return this.url.pathname + this.url.search;
  }

  get path(): string {
    return this.url.pathname;
  }

  get query(): string {
    return this.url.search.slice(1);
  }

  get authority(): string {
    return this.url.host;
  }

  get url(): URL {
    return this.#url ??= new URL(this.#request.url);
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  fields(): Iterable<[name: string, value: string]> {
    return this.#request.headers;
  }
}

/** The body of a platform `Request` as a source of content. */
export function sourceOf(request: Request): ContentSource {
  if (request.body === null) return NO_CONTENT;
  let reader: ReadableStreamDefaultReader<unknown> | undefined;
  return {
    length: undefined,
    pull: async () => {
      // Only now: a handler may want the Request with its body untouched.
      reader ??= readerOf(request);
      const { value } = await reader.read();
      if (value === undefined || value instanceof Uint8Array) return value;
      throw new TypeError("Cannot read the content: a piece of it is no bytes");
    },
  };
}

/** A body that was read in part would be taken for a whole one. */
function readerOf(request: Request): ReadableStreamDefaultReader<unknown> {
  if (request.bodyUsed) {
    throw new TypeError("Cannot read the content: the Request was read before");
  }
  return request.body!.getReader();
}
