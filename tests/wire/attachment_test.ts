import { assertEquals } from "@std/assert";
import { attachment } from "../../wire/attachment.ts";
import { checkFieldLine } from "../../wire/fields.ts";

const NAMES: [name: string | undefined, value: string][] = [
  [undefined, "attachment"],
  ["", "attachment"],
  ["a.txt", 'attachment; filename="a.txt"'],
  ["a b;c=d,e.txt", 'attachment; filename="a b;c=d,e.txt"'],
  [
    'a"b.txt',
    "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt",
  ],
  ["a\\b.txt", 'attachment; filename="a_b.txt"'],
  ["../../etc/passwd", 'attachment; filename=".._.._etc_passwd"'],
  ["a\r\nSet-Cookie: b=1", 'attachment; filename="a__Set-Cookie: b=1"'],
  ["a\0", 'attachment; filename="a_"'],
  [
    "100%.txt",
    "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt",
  ],
  [
    "Ärger (1)*'.txt",
    'attachment; filename="_rger (1)*\'.txt"; ' +
    "filename*=UTF-8''%C3%84rger%20%281%29%2A%27.txt",
  ],
  [
    "🎵.mp3",
    "attachment; filename=\"_.mp3\"; filename*=UTF-8''%F0%9F%8E%B5.mp3",
  ],
  [
    "a\uD800",
    "attachment; filename=\"a_\"; filename*=UTF-8''a%EF%BF%BD",
  ],
];

Deno.test("attachment() says a name twice where it is not plain", () => {
  for (const [name, value] of NAMES) {
    assertEquals(attachment(name), value);
    assertEquals(checkFieldLine("content-disposition", value), undefined);
  }
});
