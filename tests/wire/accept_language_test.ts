import { assertEquals } from "@std/assert";
import { preferredLanguage } from "../../wire/accept_language.ts";

const CHOICES: [
  field: string | undefined,
  offers: string,
  best: string | undefined,
][] = [
  // Nothing was said, or nothing readable.
  [undefined, "en de", "en"],
  ["", "en de", "en"],
  ["d€, 1, en--, -, abcdefghi", "en de", "en"],
  ["de;q=2", "en de", "en"],
  ["*", "", undefined],
  // By weight.
  ["da, en-gb;q=0.8, en;q=0.7", "en da", "da"],
  ["da, en-gb;q=0.8, en;q=0.7", "en en-GB", "en-GB"],
  ["da, en-gb;q=0.8, en;q=0.7", "en-US", "en-US"],
  ["da, en-gb;q=0.8, en;q=0.7", "de", undefined],
  ["EN", "de en", "en"],
  ["en", "DE EN", "EN"],
  // Basic filtering: the range, or more of it (RFC 4647 §3.3.1).
  ["de-de", "de-DE-1996 de-Deva", "de-DE-1996"],
  ["de-de", "de-Deva de-Latn-DE", undefined],
  ["zh-hant", "zh-Hans zh-Hant-TW", "zh-Hant-TW"],
  ["en", "eng en-NZ", "en-NZ"],
  // Lookup: less of it, where nothing else speaks for an offer (§3.4).
  ["de-CH", "en de", "de"],
  ["zh-Hant-CN-x-private1-private2", "zh zh-Hant", "zh"],
  ["de-CH, fr;q=0.9", "fr de", "de"],
  ["de-CH;q=0.5, de-AT;q=0.8, fr;q=0.7", "fr de", "de"],
  ["de-CH;q=0.5, fr;q=0.7", "fr de", "fr"],
  ["de-CH", "den en", undefined],
  // What a filter says of an offer is final.
  ["en-US, de;q=0.5, en;q=0.1", "en de", "de"],
  ["de-CH, de;q=0", "de", undefined],
  ["de-CH, de;q=0", "de de-CH", "de-CH"],
  ["de-CH;q=0, de", "de-CH de-AT", "de-AT"],
  ["de-CH;q=0", "de de-CH", undefined],
  ["en-US;q=0, en-GB", "en", "en"],
  ["de, de-CH;q=0.1", "de-CH de", "de"],
  // `*` is what nothing else speaks for.
  ["*", "mi en", "mi"],
  ["de-CH, *;q=0.1", "fr de", "de"],
  ["de, *;q=0.1", "fr", "fr"],
  ["*, de;q=0", "de fr", "fr"],
  ["*;q=0, de", "fr de", "de"],
  ["*;q=0", "de", undefined],
  // Between equals the order of the field, then that of the offers.
  ["mi, en, de", "en mi", "mi"],
  ["mi;q=0.5, en, de", "de en", "en"],
  ["en", "en-GB en-US", "en-GB"],
  ["de-CH, de-AT", "de-AT de-CH", "de-CH"],
];

Deno.test.each(CHOICES)(
  "preferredLanguage() for %j of %j is %j",
  (field, offers, best) => {
    const tags = offers.split(" ").filter((tag) => tag !== "");
    assertEquals(preferredLanguage(field, tags), best);
  },
);

Deno.test("preferredLanguage() reads 64 ranges and no more", () => {
  const field = "fr, ".repeat(64) + "mi";
  assertEquals(preferredLanguage(field, ["mi"]), undefined);
  assertEquals(preferredLanguage(field, ["mi", "fr"]), "fr");
});
