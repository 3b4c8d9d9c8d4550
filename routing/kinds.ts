/**
 * The kinds of a part of a path: what `:id<int>` takes and what it becomes.
 *
 * A kind is a function from the decoded text of one segment to a value;
 * `undefined` means that the text is none of its kind, and the next route is
 * tried. One value, one spelling: `007` is no `int`, so that no two paths lead
 * to the same thing.
 *
 * @module
 */

/**
 * Reads the text of one segment: a value, or `undefined` where the text is not
 * of the kind. It must be quick and must not wait.
 */
export type ParseKind<Value = unknown> = (text: string) => Value | undefined;

/** Kinds of one's own, by the name that stands between `<` and `>`. */
export type KindTable = Readonly<Record<string, ParseKind>>;

/** What the kinds of a table become in a handler's input. */
export type KindValues<Table extends KindTable> = {
  [Name in keyof Table]: Exclude<ReturnType<Table[Name]>, undefined>;
};

/** A kind as a part of a path refers to it. */
export interface Kind {
  readonly name: string;
  readonly parse: ParseKind;
  /** Lower goes first; kinds of one rank have no value in common, or are equal. */
  readonly rank: number;
  /** A text of this kind, to show with a conflict; `undefined` where none is known. */
  readonly sample: string | undefined;
}

/** The rank of every kind that an application brings. */
export const OWN_RANK = 3;

/** The kinds that are always there. `int` goes before `num`, which takes all of it. */
export const KINDS = {
  int: { name: "int", parse: readInt, rank: 0, sample: "1" },
  num: { name: "num", parse: readNum, rank: 1, sample: "1.5" },
  uuid: {
    name: "uuid",
    parse: readUuid,
    rank: 2,
    sample: "00000000-0000-4000-8000-000000000000",
  },
  date: { name: "date", parse: readDate, rank: 2, sample: "2000-01-31" },
} as const satisfies Record<string, Kind>;

/** What the kinds that are always there become in a handler's input. */
export interface BuiltIn {
  /** A whole number that a `number` holds exactly. */
  int: number;
  /** A decimal number without an exponent. */
  num: number;
  /** A UUID (RFC 9562 §4), as it was sent. */
  uuid: string;
  /** A date of the calendar as `YYYY-MM-DD`, as it was sent. */
  date: string;
}

/**
 * The kinds of `table` beside those that are always there.
 *
 * @throws {TypeError} when a name is no identifier, is taken, or has no function
 */
export function readKinds(table: KindTable = {}): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind>(Object.entries(KINDS));
  for (const [name, parse] of Object.entries(table)) {
    const reason = unfit(name, parse);
    if (reason) {
      throw new TypeError(`Cannot register the kind <${name}>: ${reason}`);
    }
    kinds.set(name, { name, parse, rank: OWN_RANK, sample: undefined });
  }
  return kinds;
}

function unfit(name: string, parse: unknown): string | undefined {
  if (!/^[A-Za-z_]\w{0,63}$/.test(name)) return "its name is no identifier";
  if (Object.hasOwn(KINDS, name)) return "there is one of that name already";
  return typeof parse === "function" ? undefined : "it is not a function";
}

function readInt(text: string): number | undefined {
  if (!/^(0|-?[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** At most 64 letters, so that a long path costs no more than a short one. */
function readNum(text: string): number | undefined {
  if (text.length > 64) return undefined;
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? Number(text) : undefined;
}

function readUuid(text: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
    ? text
    : undefined;
}

/** `Date` alone takes the 31st of February for the 2nd of March. */
function readDate(text: string): string | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  const same = !Number.isNaN(time) &&
    new Date(time).toISOString().startsWith(text);
  return same ? text : undefined;
}

/** The kinds that are always there, by name. */
export const BUILT_IN: ReadonlyMap<string, Kind> = readKinds();
