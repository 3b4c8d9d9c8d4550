/**
 * What every server of the benchmark knows of its application. JavaScript,
 * because Node reads it, too.
 *
 * @module
 */

/** The answer of W1, W2, W7, W8 and W9. */
export const TEXT = "Hello, World!";

/** Bytes of the files of W5, which are called `W5.bin` and `W5L.bin`. */
export const FILES = { W5: 64 * 1024, W5L: 10 * 1024 * 1024 };

/** What a house of music has: of each a list, an item, and notes on the item. */
export const COLLECTIONS = [
  "albums",
  "artists",
  "events",
  "labels",
  "lists",
  "players",
  "rooms",
  "songs",
  "tags",
  "users",
];

/** The route of W3 that is asked. */
export const SONG = "/api/:house/songs/:id";

/** The other 29 of its 30 routes. */
export const OTHERS = COLLECTIONS.flatMap((name) => [
  `/api/:house/${name}`,
  `/api/:house/${name}/:id`,
  `/api/:house/${name}/:id/notes`,
]).filter((route) => route !== SONG);

/**
 * The 30 routes for servers that have no router, the way one writes it by hand
 * for speed: cut the path, look up the collection, choose by the number of parts.
 *
 * @template Asked, Answer
 * @param {(house: string, id: string, asked: Asked) => Answer} song
 * @param {(house: string, id: string, asked: Asked) => Answer} other
 * @returns {(path: string, asked: Asked) => Answer | undefined}
 */
export function byHand(song, other) {
  const table = new Map(COLLECTIONS.map((name) => [
    name,
    { list: other, item: name === "songs" ? song : other, notes: other },
  ]));
  return (path, asked) => {
    const [, api, house = "", name = "", id, notes, more] = path.split("/");
    const routes = table.get(name);
    if (!routes || api !== "api" || more !== undefined) return undefined;
    if (id === undefined) return routes.list(house, "", asked);
    if (notes === undefined) return routes.item(house, id, asked);
    return notes === "notes" ? routes.notes(house, id, asked) : undefined;
  };
}
