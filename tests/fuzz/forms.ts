/**
 * What must hold for a form of parts, whatever its boundary and its content are:
 * the same story for every way of cutting it, and a refusal at worst where it is
 * collected.
 *
 * @module
 */

import { HttpError } from "../../errors.ts";
import { resolveLimits } from "../../limits.ts";
import { readParts } from "../../request/form.ts";
import { boundaryOf } from "../../wire/form_type.ts";
import { parseMediaType } from "../../wire/media_type.ts";
import { MultipartReader } from "../../wire/multipart.ts";
import { latin1, octets } from "../wire_client.ts";
import type { Verdict } from "./property.ts";

const LIMITS = resolveLimits();

/** The content begins with what its own boundary is, so that both are by chance. */
export function checkMultipart(text: string): Verdict {
  const boundary = text.slice(0, 2 + text.length % 100).replace(
    /["\\]|[^\x20-\x7E]/g,
    "x",
  );
  const head = 'Content-Disposition: form-data; name="a"\r\n\r\n';
  const bodies = [
    text,
    `--${boundary}\r\n${text}\r\n--${boundary}--\r\n`,
    `--${boundary}\r\n${head}${text}\r\n--${boundary}--\r\n`,
    "-".repeat(text.length),
  ];
  for (const body of bodies) {
    for (const name of [boundary, "-".repeat(1 + text.length % 70)]) {
      const said = checkForm(octets(body), name, 1 + text.length % 90);
      if (said !== undefined) return said;
    }
  }
  return undefined;
}

function checkForm(bytes: Uint8Array, name: string, most: number): Verdict {
  const media = parseMediaType(`multipart/form-data; boundary="${name}"`);
  const boundary = media && boundaryOf(media);
  if (boundary === undefined) return undefined;
  const whole = tell(bytes, bytes.length, boundary);
  if (whole !== tell(bytes, most, boundary)) {
    return `cut in pieces of ${most} it is another form`;
  }
  try {
    readParts(bytes, boundary, LIMITS);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return undefined;
  }
  return whole.startsWith("! ") ? "a form is taken that is refused" : undefined;
}

/** What is told of `bytes`, fed by `most` at a time. */
function tell(bytes: Uint8Array, most: number, boundary: string): string {
  const reader = new MultipartReader(boundary, LIMITS);
  const story: string[] = [];
  let data = "";
  for (let at = 0; at < bytes.length; at += most) {
    reader.feed(bytes.slice(at, at + most));
    for (
      let piece = reader.next();
      piece.kind !== "more";
      piece = reader.next()
    ) {
      if (piece.kind === "data") {
        data += latin1(piece.bytes);
        continue;
      }
      if (piece.kind === "fault") return `! ${piece.code} ${story.join("|")}`;
      story.push(data, piece.kind === "part" ? piece.head.name : piece.kind);
      data = "";
    }
  }
  const fault = reader.finish();
  return `${fault ? `! ${fault.code} ` : ""}${story.join("|")}`;
}
