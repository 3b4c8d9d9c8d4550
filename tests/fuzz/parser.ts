/**
 * What must hold for the parser, whatever it is fed.
 *
 * @module
 */

import { type Limits, resolveLimits } from "../../limits.ts";
import { HeadScan } from "../../wire/head_scan.ts";
import { isHost } from "../../wire/host.ts";
import { cut, octets } from "../wire_client.ts";
import { watched } from "./cost.ts";
import { garbage, mutate } from "./mutations.ts";
import type { Case, Property, Verdict } from "./property.ts";
import { Random } from "./random.ts";
import { type Meant, request, SMALL } from "./requests.ts";
import { difference, type Feeding, type Line, tell } from "./stories.ts";

const DEFAULTS = resolveLimits();
const BOUNDS = resolveLimits(SMALL);

/** A few requests behind each other. */
export function series(random: Random, limits: Limits): Meant[] {
  const most = random.pick([1, 1, 2, 5]);
  return Array.from(
    { length: random.between(1, most) },
    () => request(random, limits),
  );
}

/** What may come on a connection: right, changed, or nothing of the sort. */
export function anything(random: Random, limits: Limits): string {
  if (random.oneIn(10)) return garbage(random);
  const wire = series(random, limits).map((meant) => meant.wire).join("");
  return random.oneIn(6) ? wire : mutate(random, wire);
}

function limitsOf(random: Random): Limits {
  return random.oneIn(2) ? DEFAULTS : BOUNDS;
}

/** The same octets, cut in every way there is, tell one story. */
const cuts: Property = {
  name: "parser: every cut tells the same",
  draw(random) {
    const feeding = { limits: limitsOf(random), secure: random.oneIn(8) };
    const seed = `${random.next()}`;
    return {
      input: anything(random, feeding.limits),
      about: feeding.limits === BOUNDS ? "small bounds" : "the default bounds",
      check: (wire) => checkCuts(wire, feeding, new Random(seed)),
    };
  },
};

function checkCuts(wire: string, feeding: Feeding, random: Random): Verdict {
  const whole = tell([wire], feeding);
  const ways: [string, string[]][] = [
    // Each octet of a long content is as good as the next.
    ["octet by octet", wire.length > 5_000 ? cut(wire, 97) : cut(wire, 1)],
    ["cut by chance", random.cut(wire)],
    ["cut by chance again", random.cut(wire)],
  ];
  for (const [way, pieces] of ways) {
    for (const spaced of [false, true]) {
      const differs = difference(whole, tell(pieces, { ...feeding, spaced }));
      if (differs) return `whole and ${way}: ${differs}`;
    }
  }
  return undefined;
}

/** What the writer of a request meant is what the parser tells. */
const roundTrip: Property = {
  name: "parser: what was meant is told",
  draw(random): Case {
    const limits = limitsOf(random);
    const meant = series(random, limits);
    const pieces = random.cut(meant.map(({ wire }) => wire).join(""));
    return {
      input: pieces.join(""),
      whole: true,
      check: () => checkMeaning(tell(pieces, { limits, secure: false }), meant),
    };
  },
};

function checkMeaning(
  story: readonly Line[],
  series: readonly Meant[],
): Verdict {
  let at = 0;
  for (const meant of series) {
    const end = story.findIndex(([kind], i) =>
      i >= at && (kind === "end" || kind === "fault")
    );
    const [head, data] = story.slice(at, end);
    const last = story[end];
    if (last === undefined) return `nothing ends ${JSON.stringify(meant)}`;
    if (meant.broken.length > 0) return checkBroken(last, meant);
    if (last[0] === "fault") return `a fault was found: ${last[1]}`;
    const wrong = checkOne(head, data, last, meant);
    if (wrong) return wrong;
    at = end + 1;
  }
  return undefined;
}

function checkBroken(last: Line, { broken }: Meant): Verdict {
  if (last[0] === "fault" && broken.some((code) => code === last[1])) {
    return undefined;
  }
  return `it is beyond ${broken.join(", ")}, and ${
    JSON.stringify(last)
  } was told`;
}

function checkOne(
  head: Line | undefined,
  data: Line | undefined,
  end: Line,
  meant: Meant,
): Verdict {
  if (head?.[0] !== "head") return "there is no head";
  const told = head[1];
  const absolute = told.authority !== "" && /^http:/i.test(told.target);
  const fields = meant.fields.map(([name, value]) =>
    absolute && name === "host" ? [name, told.authority] : [name, value]
  );
  const found = [
    told.method,
    told.target,
    told.version,
    told.persists,
    told.fields,
    data?.[1] ?? "",
    end[1],
  ];
  const wanted = [
    meant.method,
    meant.target,
    meant.version,
    meant.persists,
    fields,
    meant.content,
    meant.trailers,
  ];
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === should ? undefined : `meant ${should}\n  told ${is}`;
}

/** An octet of a head is looked at a few times, however it came. */
const cost: Property = {
  name: "parser: each octet costs the same",
  draw(random) {
    const limits = limitsOf(random);
    const size = random.pick([1, 2, 61, 4_000]);
    return {
      input: anything(random, limits).slice(0, 4_000),
      check: (wire) => checkCost(cut(wire, size), limits),
    };
  },
};

/**
 * Twice for the two ways through a line, and some more for the fields that
 * decide on framing: they are told by their names and then read. Each call may
 * begin with a few.
 */
const LOOKS = 8, LOOKS_PER_CALL = 8;

function checkCost(pieces: readonly string[], limits: Limits): Verdict {
  const bytes = octets(pieces.join(""));
  const [seen, looks] = watched(bytes);
  const scan = new HeadScan(limits);
  let end = 0;
  for (const piece of pieces) {
    end += piece.length;
    if (scan.scan(seen, 0, end) !== "more") break;
  }
  const most = LOOKS * end + LOOKS_PER_CALL * pieces.length + 64;
  return looks() <= most ? undefined : `${looks()} looks at ${end} octets`;
}

/** A host is the same wherever in a buffer it lies. */
const hosts: Property = {
  name: "parser: a host ends where it ends",
  draw(random) {
    const text = random.text("a0.:[]%-_/@?vV\x80", 0, 24);
    const around = random.pick(["]", ":80", "%41", ".1", "a"]);
    return {
      input: text,
      check(host) {
        const alone = octets(host);
        const within = octets(around + host + around);
        const from = around.length;
        const one = isHost(alone, 0, alone.length);
        const other = isHost(within, from, from + host.length);
        return one === other ? undefined : `alone ${one}, within ${other}`;
      },
    };
  },
};

/** All of them. */
export const PARSER: readonly Property[] = [cuts, roundTrip, cost, hosts];
