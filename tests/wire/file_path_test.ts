import { assertEquals } from "@std/assert";
import { isInside, type Named, namesIn } from "../../wire/file_path.ts";

const named = (...names: string[]): Named => ({ names, folder: false });
const folder = (...names: string[]): Named => ({ names, folder: true });

const EVERYWHERE: [rest: string, named: Named | undefined][] = [
  ["", folder()],
  ["a", named("a")],
  ["a.txt", named("a.txt")],
  ["a/b/c.txt", named("a", "b", "c.txt")],
  ["a/", folder("a")],
  ["a/b/", folder("a", "b")],
  ["a%20b", named("a b")],
  ["caf%C3%A9", named("café")],
  ["%61", named("a")],
  ["a..b", named("a..b")],
  ["a...", named("a...")],
  ["%252e%252e", named("%2e%2e")],
  ["%252e%252e/%252f", named("%2e%2e", "%2f")],
  ["%2e%2e%2e", undefined],
  // no names
  ["/", undefined],
  ["/a", undefined],
  ["a//b", undefined],
  ["a//", undefined],
  ["//host", undefined],
  [".", undefined],
  ["..", undefined],
  ["../a", undefined],
  ["a/..", undefined],
  ["a/../b", undefined],
  ["a/./b", undefined],
  ["%2e", undefined],
  ["%2E%2e", undefined],
  [".%2e", undefined],
  ["%2e.", undefined],
  ["a/%2e%2e/b", undefined],
  ["a%2Fb", undefined],
  ["a%2f..%2fb", undefined],
  ["%2fetc%2fpasswd", undefined],
  ["a%5Cb", undefined],
  ["..%5c..", undefined],
  ["a\\b", undefined],
  ["a%00", undefined],
  ["a%00.txt", undefined],
  ["a%0a", undefined],
  ["a%0D%0Ab", undefined],
  ["a%1F", undefined],
  ["a%7F", undefined],
  // no text
  ["%", undefined],
  ["%2", undefined],
  ["%zz", undefined],
  ["%ff", undefined],
  ["%c0%ae%c0%ae", undefined],
  ["%c0%af", undefined],
  ["%e0%80%ae", undefined],
  ["%f0%80%80%ae", undefined],
  ["%ed%a0%80", undefined],
  ["%u002e%u002e", undefined],
  // what begins with a dot
  [".git", undefined],
  [".git/config", undefined],
  ["a/.env", undefined],
  ["%2egit", undefined],
  [".well-known", named(".well-known")],
  [".well-known/acme-challenge/x", named(".well-known", "acme-challenge", "x")],
  [".well-known/.env", undefined],
  ["a/.well-known", undefined],
  [".well-known-not", undefined],
];

Deno.test("namesIn() gives names, or nothing where one is none", () => {
  const naming = { dotfiles: false, windows: false };
  for (const [rest, names] of EVERYWHERE) {
    assertEquals(namesIn(rest, naming), names, JSON.stringify(rest));
  }
});

Deno.test("namesIn() gives names that begin with a dot where they are wanted", () => {
  const naming = { dotfiles: true, windows: false };
  assertEquals(namesIn(".git/config", naming), named(".git", "config"));
  assertEquals(namesIn("%2e%2e%2e", naming), named("..."));
  for (const rest of [".", "..", "%2e%2e", "a/%2e", ".%2e/a"]) {
    assertEquals(namesIn(rest, naming), undefined, rest);
  }
});

/** Names elsewhere, and other names for something on Windows. */
const ON_WINDOWS = [
  "a.txt.",
  "a.txt...",
  "a.txt%20",
  "a%20/b",
  "a./b",
  "a.txt::$DATA",
  "a.txt%3A%3A$DATA",
  "a:b",
  "C:",
  "C:/Windows/win.ini",
  "c%3a/windows",
  "con",
  "CON",
  "Con.txt",
  "con%20.txt",
  "aux.tar.gz",
  "nul",
  "prn",
  "com1",
  "COM9.js",
  "com%C2%B9",
  "lpt1",
  "conin$",
  "a%22b",
  "a%3Cb",
  "a%3Eb",
  "a%7Cb",
  "a%3Fb",
  "a*b",
];

Deno.test("namesIn() knows the second lives of names on Windows", () => {
  for (const rest of ON_WINDOWS) {
    const naming = { dotfiles: false, windows: false };
    assertEquals(namesIn(rest, naming) !== undefined, true, rest);
    assertEquals(namesIn(rest, { ...naming, windows: true }), undefined, rest);
  }
  for (const rest of ["console", "com", "com10", "lpt", "auxiliary", "nul-1"]) {
    const naming = { dotfiles: false, windows: true };
    assertEquals(namesIn(rest, naming), named(rest), rest);
  }
});

Deno.test("namesIn() is linear", { timeout: 5_000 }, () => {
  const naming = { dotfiles: true, windows: true };
  for (const piece of ["a", "/", "a/", "%", "%2e", ".", "%2f", " "]) {
    namesIn(piece.repeat(300_000), naming);
  }
});

const PLACES: [
  folder: string,
  path: string,
  separator: string,
  inside: boolean,
][] = [
  ["/srv/a", "/srv/a", "/", true],
  ["/srv/a", "/srv/a/b", "/", true],
  ["/srv/a", "/srv/a/b/c", "/", true],
  ["/srv/a", "/srv/ab", "/", false],
  ["/srv/a", "/srv", "/", false],
  ["/srv/a", "/srv/b/a", "/", false],
  ["/srv/a", "/", "/", false],
  ["/", "/etc/passwd", "/", true],
  ["/", "/", "/", true],
  ["C:\\srv", "C:\\srv\\a", "\\", true],
  ["C:\\srv", "C:\\srv2", "\\", false],
  ["C:\\", "C:\\srv", "\\", true],
];

Deno.test("isInside() compares whole names", () => {
  for (const [folder, path, separator, inside] of PLACES) {
    assertEquals(
      isInside(folder, path, separator),
      inside,
      `${folder} ${path}`,
    );
  }
});
