/**
 * The answer to a request, before it is bytes: what middleware sees and changes.
 *
 * @module
 */

import { checkFieldLine, Fields, FRAMING_FIELDS } from "../wire/fields.ts";
import {
  type Body,
  checkBody,
  isStream,
  Pieces,
  streamOf,
  Upgrade,
} from "./body.ts";

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
  /** The status, 200 to 599; 101 for an upgrade. */
  status: number;
  /** What is sent as the content. */
  body: Body;
  /** The media type that goes out unless `headers` names another. */
  #type: string | undefined;
  #headers: Fields | undefined;
  /** The fields of the 200 that this is told in the place of. */
  #spared: Fields | undefined;
  /** Whether nothing of it goes out before the first piece of its body. */
  #held = false;

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

  /**
   * The media type where it is the only field there is, for the fast path.
   *
   * @internal
   */
  static soleType(answer: Answer): string | undefined {
    return answer.#headers === undefined ? answer.#type : undefined;
  }

  /**
   * Gives the answer a media type unless it has one.
   *
   * @internal
   */
  static suggestType(answer: Answer, type: string | undefined): void {
    if (type === undefined) return;
    if (answer.#headers === undefined) answer.#type ??= type;
    else if (!answer.#headers.has("content-type")) {
      answer.#headers.set("content-type", type);
    }
  }

  /**
   * Whether the media type is known.
   *
   * @internal
   */
  static isTyped(answer: Answer): boolean {
    return answer.#type !== undefined ||
      answer.#headers?.has("content-type") === true;
  }

  /**
   * Whether there are no fields beside the type.
   *
   * @internal
   */
  static isPlain(answer: Answer): boolean {
    return answer.#headers === undefined;
  }

  /**
   * The same, to be changed without changing it.
   *
   * @internal
   */
  static copy(answer: Answer): Answer {
    const headers = answer.#headers && new Fields(answer.#headers);
    const copy = new Answer(answer.status, answer.body, answer.#type, headers);
    copy.#spared = answer.#spared;
    copy.#held = answer.#held;
    return copy;
  }

  /**
   * Keeps the head back until there is a piece of the body, which may break before.
   *
   * @internal
   */
  static hold(answer: Answer): void {
    answer.#held = true;
  }

  /**
   * Whether the head waits for the first piece of the body: its type is not known
   * without, or what breaks before is an error.
   *
   * @internal
   */
  static isHeld(answer: Answer, typed: boolean): boolean {
    return answer.#held || !typed && !Answer.isTyped(answer);
  }

  /**
   * A 304 tells its cache what the 200 would have told (RFC 9110 §15.4.5), but not
   * of the content: whoever needs that to know what the 200 would be finds here its
   * fields, with the length where it is known.
   *
   * @internal
   */
  static spare(answer: Answer, fields: Fields): void {
    answer.#spared = fields;
  }

  /**
   * The fields of the 200 that a 304 is told in the place of, where they are known.
   *
   * @internal
   */
  static spared(answer: Answer): Fields | undefined {
    return answer.#spared;
  }

  /**
   * The same as a standard `Response`. Fields about framing and the connection
   * are left out, as they are when an answer is written.
   *
   * @throws {TypeError} for an upgrade, and for what cannot be sent
   */
  toResponse(): Response {
    const { body } = this;
    if (body instanceof Upgrade) {
      throw new TypeError("Cannot make a Response of an upgrade");
    }
    checkBody(body);
    if (!isStream(body)) return responseWith(this, body as BodyInit | null);
    return responseWith(this, streamOf(new Pieces(body)));
  }
}

/** An answer as a `Response` with `body` for its content. */
export function responseWith(
  answer: Answer,
  body: BodyInit | null,
  length?: number,
): Response {
  const { status } = answer;
  const headers = sendable(answer.headers);
  // RFC 9110 §8.6: a 204 has none, whatever its content would have been.
  if (length !== undefined && status !== 204) {
    headers.push(["content-length", `${length}`]);
  }
  const empty = status === 204 || status === 205 || status === 304;
  if (empty && body instanceof ReadableStream) body.cancel().catch(() => {});
  return new Response(empty ? null : body, { status, headers });
}

/** The lines that a `Response` may have, checked as the writer checks them. */
function sendable(fields: Fields): [name: string, value: string][] {
  return [...fields].filter(([name, value]) => {
    const wrong = checkFieldLine(name, value);
    if (wrong !== undefined) throw new TypeError(wrong);
    return name !== "connection" && !FRAMING_FIELDS.has(name);
  });
}
