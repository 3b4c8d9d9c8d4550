import { assertEquals } from "@std/assert";
import { preferredCharset } from "../../wire/accept_charset.ts";

const CHOICES: [
  field: string | undefined,
  offers: readonly string[],
  best: string | undefined,
][] = [
  [undefined, ["utf-8", "utf-16"], "utf-8"],
  ["", ["utf-8"], "utf-8"],
  ["utf 8", ["utf-8"], "utf-8"],
  ["utf-8", [], undefined],
  ["UTF-8", ["utf-8"], "utf-8"],
  ["utf-8", ["UTF-8"], "UTF-8"],
  // RFC 9110 §12.5.2, its example.
  [
    "iso-8859-5, unicode-1-1;q=0.8",
    ["unicode-1-1", "iso-8859-5"],
    "iso-8859-5",
  ],
  ["iso-8859-5, unicode-1-1;q=0.8", ["utf-8"], undefined],
  ["iso-8859-5, *;q=0.1", ["utf-8"], "utf-8"],
  ["*, utf-8;q=0", ["utf-8"], undefined],
  ["*;q=0, utf-8", ["utf-16", "utf-8"], "utf-8"],
  ["*", ["utf-16", "utf-8"], "utf-16"],
  ["utf-8;q=0.5, utf-16;q=0.5", ["utf-16", "utf-8"], "utf-16"],
];

Deno.test.each(CHOICES)(
  "preferredCharset() for %j of %j is %j",
  (field, offers, best) => {
    assertEquals(preferredCharset(field, offers), best);
  },
);
