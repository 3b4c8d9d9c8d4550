/** Who is there: against a `Set`, and in the midst of a visit. */

import { assertEquals } from "@std/assert";
import { type Member, Roster } from "../connection/roster.ts";

interface Named extends Member {
  readonly name: number;
}

Deno.test("Roster has those that a Set has, after any changes", () => {
  const all: Named[] = Array.from({ length: 9 }, (_, name) => named(name));
  const roster = new Roster<Named>();
  const set = new Set<Named>();
  let state = 1;
  for (let i = 0; i < 5_000; i++) {
    state = (state * 48_271) % 2_147_483_647;
    const member = all[state % all.length]!;
    if (state % 3 === 0) {
      roster.delete(member);
      set.delete(member);
    } else {
      roster.add(member);
      set.add(member);
    }
    assertEquals(roster.size, set.size);
    assertEquals(namesIn(roster), namesIn(set));
  }
});

Deno.test("Roster skips whoever goes while it is visited, and who comes", () => {
  const [a, b, c, d] = [named(1), named(2), named(3), named(4)];
  const roster = new Roster<Named>();
  for (const member of [a, b, c]) roster.add(member);
  const seen: number[] = [];
  for (const member of roster) {
    seen.push(member.name);
    roster.delete(b);
    roster.delete(a);
    roster.add(d);
  }
  assertEquals(seen, [1, 3]);
  assertEquals(namesIn(roster), [3, 4]);
});

function named(name: number): Named {
  return { name, place: -1 };
}

function namesIn(members: Iterable<Named>): number[] {
  return [...members].map(({ name }) => name).sort();
}
