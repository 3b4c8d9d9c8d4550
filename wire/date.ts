/**
 * Dates as HTTP writes them, from and to milliseconds since 1970.
 *
 * ```text
 * Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate: what is sent
 * Sunday, 06-Nov-94 08:49:37 GMT    RFC 850: read only
 * Sun Nov  6 08:49:37 1994          asctime(): read only
 * ```
 *
 * There is no clock here: the year of the second form has two digits, so its
 * reader is told what time it is.
 *
 * The one surprise: the day's name must be one, yet need not be the right one.
 * A date is compared, never shown, and its number says all there is to know;
 * Go and nginx read it so, too. Everything else is exact: case, the one space,
 * the number of digits, the days of the month.
 *
 * RFC 9110 §5.6.7.
 *
 * @module
 */

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const SHORT_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
const MONTH = "(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

/** The three forms in the order in which they are met; the pattern of each is bounded. */
const FORMS: readonly RegExp[] = [
  new RegExp(
    `^${SHORT_DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`,
  ),
  new RegExp(
    `^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`,
  ),
  new RegExp(
    `^${SHORT_DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`,
  ),
];

/** The groups that every form has. */
type Parts = Record<
  "day" | "month" | "year" | "hour" | "minute" | "second",
  string
>;

/** `Wednesday, 06-Nov-94 08:49:37 GMT`: nothing longer is tried. */
const LONGEST = 33;

/** The years 0 to 9999, all that four digits can say. */
const [FIRST, LAST] = [-62_167_219_200_000, 253_402_300_799_999];

/**
 * `ms` as an IMF-fixdate, its fraction of a second dropped.
 *
 * `toUTCString` writes that very form (ECMA-262, `Date.prototype.toUTCString`),
 * other than beyond the years that four digits can say.
 *
 * @throws {RangeError} when `ms` is no time from the year 0 to 9999
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(imfDate(784111777000), "Sun, 06 Nov 1994 08:49:37 GMT");
 * ```
 */
export function imfDate(ms: number): string {
  if (!(ms >= FIRST && ms <= LAST)) {
    throw new RangeError(
      `Cannot write ${ms} as a date: it is not in the years 0 to 9999`,
    );
  }
  return new Date(ms).toUTCString();
}

/**
 * An HTTP-date of any of the three forms in milliseconds; `undefined` for
 * anything else, which a condition then ignores (RFC 9110 §13.1.3).
 *
 * @param now what time it is, for a year of two digits: one that would be more
 *   than 50 years ahead is a century ago
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const now = Date.UTC(2026, 0, 1);
 * assertEquals(parseDate("Sun, 06 Nov 1994 08:49:37 GMT", now), 784111777000);
 * assertEquals(parseDate("Sunday, 06-Nov-94 08:49:37 GMT", now), 784111777000);
 * assertEquals(parseDate("yesterday", now), undefined);
 * ```
 */
export function parseDate(text: string, now: number): number | undefined {
  if (text.length > LONGEST) return undefined;
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups as Parts | undefined;
    if (parts !== undefined) return time(parts, now);
  }
  return undefined;
}

function time(parts: Parts, now: number): number | undefined {
  const clock = secondOfDay(
    Number(parts.hour),
    Number(parts.minute),
    Number(parts.second),
  );
  if (clock === undefined) return undefined;
  const month = MONTHS.indexOf(parts.month) / 3;
  const day = Number(parts.day);
  const year = Number(parts.year);
  if (parts.year.length === 4) return at(year, month, day, clock);
  return nearest(year, now, (full) => at(full, month, day, clock));
}

/** 00:00:00 to 23:59:60, whose last is a leap second and the next day's first. */
function secondOfDay(
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  const leap = hour === 23 && minute === 59 && second === 60;
  if (hour > 23 || minute > 59 || (second > 59 && !leap)) return undefined;
  return hour * 3600 + minute * 60 + second;
}

/** `undefined` for a day that its month does not have. */
function at(
  year: number,
  month: number,
  day: number,
  clock: number,
): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day); // Date.UTC takes the year 94 for 1994
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) {
    return undefined;
  }
  return date.getTime() + clock * 1000;
}

/**
 * The latest year with these two last digits that is not more than 50 years
 * ahead of `now` (RFC 9110 §5.6.7).
 */
function nearest(
  digits: number,
  now: number,
  inYear: (year: number) => number | undefined,
): number | undefined {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const latest = horizon.getUTCFullYear();
  const year = latest - (latest - digits) % 100;
  const ms = inYear(year);
  return ms !== undefined && ms > horizon.getTime() ? inYear(year - 100) : ms;
}
