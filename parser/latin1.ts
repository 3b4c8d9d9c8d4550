/**
 * From octets to text, a character an octet: a head is made of these, whatever
 * its values mean.
 *
 * `TextDecoder("latin1")` is windows-1252 in truth. Its UTF-8 is right for what is
 * all ASCII, as nearly all heads are; the rest goes octet by octet. A platform may
 * have a decoder of its own that is faster, and hand it in: that of Node's
 * `Buffer` saves 0.3 µs a request, a twentieth of a short one.
 *
 * @module
 */

/** Decodes the octets from `start` to `end`. */
export type Decode = (bytes: Uint8Array, start: number, end: number) => string;

let native: Decode | undefined;

/**
 * Decodes with `decode` from now on, if it is right for every octet; with none,
 * as at first.
 */
export function useDecoder(decode: Decode | undefined): void {
  native = decode !== undefined && isRight(decode) ? decode : undefined;
}

function isRight(decode: Decode): boolean {
  const all = Uint8Array.from({ length: 258 }, (_, i) => i - 1);
  try {
    return decode(all, 1, 257) === octetByOctet(all, 1, 257);
  } catch {
    return false;
  }
}

/** The octets as text. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return native?.(bytes, start, end) ?? octetByOctet(bytes, start, end);
}

/**
 * The octets as text, quickly: what is ASCII is right and stands at its place, the
 * rest may be wrong. `""` where there is no such text.
 */
export function decoded(bytes: Uint8Array, start: number, end: number): string {
  if (native !== undefined) return native(bytes, start, end);
  const text = UTF8.decode(bytes.subarray(start, end));
  return text.length === end - start ? text : "";
}

function octetByOctet(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

const UTF8 = new TextDecoder();
