/**
 * The answer to a request, before it is bytes: what middleware sees and changes.
 *
 * @module
 */

import { Fields } from "../wire/fields.ts";
import { type Body, encoded, isStreamed, Upgrade } from "./body.ts";

/**
 * An answer: status, fields and body, all of which a middleware may change.
 *
 * @example
 * ```ts
 * import { Router } from "@no8/wire";
 * import { assertEquals } from "@std/assert";
 *
 * const app = new Router();
 * app.use(async (_c, next) => {
 *   const answer = await next();
 *   answer.headers.set("x-powered-by", "wire");
 *   return answer;
 * });
 * app.get("/", () => "Hello");
 *
 * const answer = await app.request("/");
 * assertEquals(answer.headers.get("x-powered-by"), "wire");
 * ```
 */
export class Answer {
  /** The status, 200 to 599. */
  status: number;
  /** What is sent as the content. */
  body: Body;
  /** The media type that goes out unless `headers` names another. */
  #type: string | undefined;
  #headers: Fields | undefined;

  /** An answer; `type` is the media type unless `headers` has one. */
  constructor(status: number, body: Body, type?: string, headers?: Fields) {
    this.status = status;
    this.body = body;
    this.#type = type;
    this.#headers = headers;
  }

  /** The fields of the answer; framing fields are the writer's. */
  get headers(): Fields {
    this.#headers ??= new Fields();
    if (this.#type !== undefined) {
      if (!this.#headers.has("content-type")) {
        this.#headers.set("content-type", this.#type);
      }
      this.#type = undefined;
    }
    return this.#headers;
  }

  /** The media type where it is the only field there is, for the fast path. */
  static soleType(answer: Answer): string | undefined {
    return answer.#headers === undefined ? answer.#type : undefined;
  }

  /** Gives the answer a media type unless it has one. */
  static suggestType(answer: Answer, type: string | undefined): void {
    if (type === undefined) return;
    if (answer.#headers === undefined) answer.#type ??= type;
    else if (!answer.#headers.has("content-type")) {
      answer.#headers.set("content-type", type);
    }
  }

  /** Whether there are no fields beside the type. */
  static isPlain(answer: Answer): boolean {
    return answer.#headers === undefined;
  }

  /** The same as a standard `Response`. */
  toResponse(): Response {
    const { body, status } = this;
    if (body instanceof Upgrade) {
      throw new TypeError("Cannot make a Response of an upgrade");
    }
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(
      empty
        ? null
        : isStreamed(body) || body instanceof ReadableStream
        ? ReadableStream.from(encoded(body))
        : body as BodyInit | null,
      { status, headers: [...this.headers] },
    );
  }
}
