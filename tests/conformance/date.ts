/**
 * The one form of a date that HTTP generates.
 *
 * @module
 */

/** RFC 9110 §5.6.7; `toUTCString` writes that form, the right weekday included. */
export function isImfFixdate(value = ""): boolean {
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toUTCString() === value;
}
