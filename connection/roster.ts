/**
 * Who is there: a set whose members come and go by the ten thousand a second.
 *
 * Each member knows its place in one array, and whoever stood last takes the
 * place of one that goes. A `Set` would do; but it makes itself a new table every
 * so many changes, and V8 keeps what a dropped table held until it marks the old
 * space: at one request a connection, 1.4 kB of each connection were moved there
 * before they were freed, which was a seventh of all that the server did.
 *
 * @module
 */

/** Somebody who can be in one roster. */
export interface Member {
  /** Kept by the roster; -1 where it is in none. */
  place: number;
}

/** All that are there, in no order. */
export class Roster<M extends Member> {
  readonly #members: M[] = [];

  /** How many there are. */
  get size(): number {
    return this.#members.length;
  }

  /** Adds one, unless it is there. */
  add(member: M): void {
    if (member.place === -1) member.place = this.#members.push(member) - 1;
  }

  /** Takes one out, if it is there. */
  delete(member: M): void {
    const { place } = member;
    if (place === -1) return;
    const last = this.#members.pop()!;
    if (last !== member) this.#members[last.place = place] = last;
    member.place = -1;
  }

  /** Those that were there at the start, and still are. */
  *[Symbol.iterator](): Generator<M, void, void> {
    for (const member of [...this.#members]) {
      if (member.place !== -1) yield member;
    }
  }
}
