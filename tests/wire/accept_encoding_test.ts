import { assertEquals } from "@std/assert";
import { acceptedCodings } from "../../wire/accept_encoding.ts";

const OFFERS = ["zstd", "br", "gzip", "deflate", "identity"];

const ACCEPTED: [
  field: string | undefined,
  accepted: string,
  offers?: readonly string[],
][] = [
  // RFC 9110 §12.5.3, its examples.
  ["compress, gzip", "gzip identity"],
  ["", "identity"],
  ["*", "zstd br gzip deflate identity"],
  ["compress;q=0.5, gzip;q=1.0", "gzip identity"],
  ["gzip;q=1.0, identity; q=0.5, *;q=0", "gzip identity"],
  // Nothing was said, or nothing readable.
  [undefined, "identity"],
  [undefined, "", ["br", "gzip"]],
  ["gzip/9", "identity"],
  ["gzip;q=2", "identity"],
  [" , ", "identity"],
  // By weight; among equals in the order of the offers.
  ["gzip, deflate, br, zstd", "zstd br gzip deflate identity"],
  ["gzip;q=0.9, br;q=0.8", "gzip br identity"],
  ["br;q=0.001, gzip;q=0.002", "gzip br identity"],
  ["gzip, br", "gzip br identity", ["gzip", "br", "identity"]],
  ["GZIP, Br", "br gzip identity"],
  // identity: unless it is excluded.
  ["gzip;q=0.1", "gzip identity"],
  ["gzip;q=0", "identity"],
  ["gzip, identity;q=0", "gzip"],
  ["identity;q=0", ""],
  ["*;q=0", ""],
  ["*;q=0, identity", "identity"],
  ["*;q=0, identity;q=0.1", "identity"],
  ["gzip, *;q=0", "gzip"],
  ["identity, gzip", "gzip identity"],
  ["identity, gzip;q=0.5", "identity gzip"],
  ["identity;q=0.5, gzip;q=0.5", "identity gzip", ["identity", "gzip"]],
  // `*` is what is not named.
  ["gzip;q=0, *", "zstd br deflate identity"],
  ["gzip;q=0.5, *;q=0.1", "gzip zstd br deflate identity"],
  ["*;q=0.5, gzip;q=0.1", "zstd br deflate identity gzip"],
  // Aliases (§8.4.1.3), on either side.
  ["x-gzip", "gzip identity"],
  ["X-GZip;q=0", "identity"],
  ["gzip", "x-gzip", ["x-gzip", "br"]],
  ["x-br", "identity"],
  // The first of two of a name counts.
  ["gzip;q=0, gzip", "identity"],
  ["gzip, x-gzip;q=0", "gzip identity"],
];

Deno.test.each(
  ACCEPTED.map(([field, accepted, offers = OFFERS]) =>
    [field, offers, accepted] as const
  ),
)("acceptedCodings() of %j and %j are %j", (field, offers, accepted) => {
  assertEquals(acceptedCodings(field, offers).join(" "), accepted);
});
