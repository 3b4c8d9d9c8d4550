/**
 * An answer as the platform's `Response`, for `app.fetch`: what `connection.ts`
 * and `writer.ts` do for a socket, as far as a `Response` can carry it.
 *
 * @module
 */

import { Context } from "../request.ts";
import { Answer, responseWith } from "../response/answer.ts";
import { isStream, lengthOf, Pieces, streamOf } from "../response/body.ts";
import { declaredLength } from "../writer.ts";
import { renderedInstead, report } from "./rescue.ts";

/** The `Response` for an answer. Never rejects. */
export async function platformResponse(
  c: Context,
  answer: Answer,
): Promise<Response> {
  Context.answers(c, answer);
  try {
    if (c.method !== "HEAD" && isStream(answer.body)) {
      return await streamed(c, answer, new Pieces(answer.body));
    }
    const response = c.method === "HEAD"
      ? headOnly(answer)
      : answer.toResponse();
    Context.letGo(c);
    return response;
  } catch (error) {
    report(c, error);
    const instead = renderedInstead(c, error);
    Context.answers(c, instead);
    Context.letGo(c);
    return instead.toResponse();
  }
}

/** The first piece tells the type of what has none, or breaks in time for a 500. */
async function streamed(
  c: Context,
  answer: Answer,
  pieces: Pieces,
): Promise<Response> {
  try {
    if (Answer.isHeld(answer, pieces.typed)) await pieces.soon(Infinity);
    Answer.suggestType(answer, pieces.type);
    const ended = (error?: unknown) => {
      if (error !== undefined) {
        Context.cutShort(c, "broken");
        report(c, error);
      }
      Context.letGo(c);
    };
    return responseWith(answer, streamOf(pieces, ended), pieces.length);
  } catch (error) {
    pieces.stop(error);
    throw error;
  }
}

/**
 * RFC 9110 §9.3.2: HEAD gets the fields alone, and the length that GET would have
 * been told. A platform takes no body for a length of 0, so that of a stream,
 * which nobody knows, is an empty stream.
 */
function headOnly(answer: Answer): Response {
  const { body } = answer;
  const length = lengthTold(answer);
  if (isStream(body)) new Pieces(body).stop("No content is sent");
  const unknown = isStream(body) && length === undefined;
  return responseWith(answer, unknown ? emptyStream() : null, length);
}

function lengthTold({ body, headers, status }: Answer): number | undefined {
  if (status === 204) return undefined;
  const length = body === null ? undefined : lengthOf(body);
  return length ?? declaredLength(headers.lines);
}

function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
