import { assertEquals, assertThrows } from "@std/assert";
import { imfDate, parseDate } from "../../wire/date.ts";

const NOW = Date.UTC(2026, 5, 15, 12);
const MOMENT = 784_111_777_000;

const DATES: [text: string, ms: number | undefined][] = [
  // The three forms of one moment.
  ["Sun, 06 Nov 1994 08:49:37 GMT", MOMENT],
  ["Sunday, 06-Nov-94 08:49:37 GMT", MOMENT],
  ["Sun Nov  6 08:49:37 1994", MOMENT],
  // Years.
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["Wed, 31 Dec 1969 23:59:59 GMT", -1000],
  ["Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200_000],
  ["Sun, 01 Jan 0050 00:00:00 GMT", -60_589_296_000_000],
  ["Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000],
  ["Sat Jan  1 00:00:00 0000", -62_167_219_200_000],
  // Days.
  ["Thu, 29 Feb 2024 00:00:00 GMT", Date.UTC(2024, 1, 29)],
  ["Wed, 29 Feb 2023 00:00:00 GMT", undefined],
  ["Tue, 29 Feb 2000 00:00:00 GMT", Date.UTC(2000, 1, 29)],
  ["Thu, 29 Feb 1900 00:00:00 GMT", undefined],
  ["Fri, 31 Apr 2026 00:00:00 GMT", undefined],
  ["Sun, 00 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 32 Jan 1994 08:49:37 GMT", undefined],
  ["Mon, 06 Nov 1994 08:49:37 GMT", MOMENT], // it was a Sunday
  ["Sun Nov 16 08:49:37 1994", MOMENT + 864_000_000],
  ["Sun Nov 06 08:49:37 1994", MOMENT],
  ["Sun Nov  0 08:49:37 1994", undefined],
  // Times.
  ["Sun, 06 Nov 1994 23:59:59 GMT", Date.UTC(1994, 10, 6, 23, 59, 59)],
  ["Sun, 06 Nov 1994 23:59:60 GMT", Date.UTC(1994, 10, 7)],
  ["Sun, 06 Nov 1994 22:59:60 GMT", undefined],
  ["Sun, 06 Nov 1994 23:59:61 GMT", undefined],
  ["Sun, 06 Nov 1994 24:00:00 GMT", undefined],
  ["Sun, 06 Nov 1994 08:60:00 GMT", undefined],
  // Case, space, zone, shape.
  ["", undefined],
  ["0", undefined],
  ["784111777", undefined],
  ["yesterday", undefined],
  ["1994-11-06T08:49:37Z", undefined],
  ["sun, 06 nov 1994 08:49:37 gmt", undefined],
  ["SUN, 06 NOV 1994 08:49:37 GMT", undefined],
  ["Sun, 06 Nov 1994 08:49:37 UTC", undefined],
  ["Sun, 06 Nov 1994 08:49:37 +0000", undefined],
  ["Sun, 06 Nov 1994 08:49:37", undefined],
  ["Sun, 06 Nov 1994 08:49:37 GMT ", undefined],
  [" Sun, 06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 06 Nov 1994 08:49:37 GMT\n", undefined],
  ["Sun,  06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun,\t06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 6 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 06 Nov 94 08:49:37 GMT", undefined],
  ["Sun, 06 Nov 11994 08:49:37 GMT", undefined],
  ["Sun, 06 Nov 1994 8:49:37 GMT", undefined],
  ["Sun, 06 Nov 1994 08:49 GMT", undefined],
  ["Sun, 06-Nov-1994 08:49:37 GMT", undefined],
  ["Foo, 06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 06 Foo 1994 08:49:37 GMT", undefined],
  ["Sun, 06 anF 1994 08:49:37 GMT", undefined],
  ["Sunday, 06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, 06-Nov-94 08:49:37 GMT", undefined],
  ["Sunday, 06-Nov-1994 08:49:37 GMT", undefined],
  ["Sunday,06-Nov-94 08:49:37 GMT", undefined],
  ["Sun Nov 6 08:49:37 1994", undefined],
  ["Sun Nov  6 08:49:37 94", undefined],
  ["Sun Nov  6 08:49:37 1994 GMT", undefined],
  ["Sun, \u0660\u0666 Nov 1994 08:49:37 GMT", undefined], // ARABIC-INDIC digits
  ["Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", undefined],
  ["Sun, " + "0".repeat(1_000_000), undefined],
];

Deno.test("parseDate() reads three forms and nothing else", () => {
  for (const [text, ms] of DATES) {
    assertEquals(parseDate(text, NOW), ms, text.slice(0, 80));
  }
});

/** What two digits mean in June 2026: the horizon is 15 June 2076, noon. */
const CENTURIES: [text: string, year: number | undefined][] = [
  ["Monday, 15-Jun-26 12:00:00 GMT", 2026],
  ["Monday, 15-Jun-27 12:00:00 GMT", 2027],
  ["Monday, 31-Dec-75 23:59:59 GMT", 2075],
  ["Monday, 15-Jun-76 12:00:00 GMT", 2076],
  ["Monday, 15-Jun-76 12:00:01 GMT", 1976],
  ["Monday, 01-Jan-77 00:00:00 GMT", 1977],
  ["Monday, 01-Jan-99 00:00:00 GMT", 1999],
  ["Monday, 01-Jan-00 00:00:00 GMT", 2000],
  ["Tuesday, 29-Feb-00 00:00:00 GMT", 2000],
  ["Tuesday, 29-Feb-01 00:00:00 GMT", undefined],
];

Deno.test("parseDate() takes a far year of two digits for a past one", () => {
  for (const [text, year] of CENTURIES) {
    const ms = parseDate(text, NOW);
    assertEquals(
      ms === undefined ? ms : new Date(ms).getUTCFullYear(),
      year,
      text,
    );
  }
});

/** The form, built from the calendar alone: the proof that toUTCString is it. */
function written(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const day =
    ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()];
  const month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(
    " ",
  )[date.getUTCMonth()];
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    .map(two);
  return `${day}, ${two(date.getUTCDate())} ${month} ${year} ${
    time.join(":")
  } GMT`;
}

Deno.test("imfDate() writes the IMF-fixdate, and parseDate() reads it back", () => {
  const [first, last] = [-62_167_219_200_000, 253_402_300_799_999];
  const times = [first, last, 0, -1, 999, 1000, MOMENT, NOW];
  for (let i = 0; i < 5_000; i++) {
    times.push(first + Math.floor((last - first) * i / 5_000));
  }
  for (const ms of times) {
    const text = imfDate(ms);
    assertEquals(text, written(ms));
    assertEquals(text.length, 29);
    assertEquals(parseDate(text, NOW), Math.floor(ms / 1000) * 1000);
  }
});

Deno.test("imfDate() refuses what four digits cannot say", () => {
  for (
    const ms of [
      NaN,
      Infinity,
      -Infinity,
      253_402_300_800_000,
      -62_167_219_200_001,
    ]
  ) {
    assertThrows(() => imfDate(ms), RangeError, "Cannot write");
  }
});
