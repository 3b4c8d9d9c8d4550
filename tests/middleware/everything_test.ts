/** Every middleware around everything that an application may answer with. */

import { assertEquals } from "@std/assert";
import {
  accessLog,
  basicAuth,
  bearerAuth,
  compress,
  cors,
  etag,
  requestId,
  secureHeaders,
} from "../../mod.ts";
import {
  type Around,
  askEverything,
  EVERYTHING,
  everything,
  statusOf,
  without,
} from "./everything.ts";

const SECURE = [
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
];

const ROWS: [
  name: string,
  make: () => Around,
  lines: string[],
  /** The fields that every answer has, and those that some have. */
  always: string[],
  perhaps: string[],
][] = [
  ["accessLog()", () => accessLog({ write() {} }), [], [], []],
  [
    "basicAuth()",
    () => basicAuth({ users: { a: "b" } }),
    [
      `Authorization: Basic ${btoa("a:b")}`,
    ],
    [],
    [],
  ],
  [
    "bearerAuth()",
    () => bearerAuth({ tokens: "abc" }),
    [
      "Authorization: Bearer abc",
    ],
    [],
    [],
  ],
  ["compress()", () => compress(), ["Accept-Encoding: identity"], [], ["vary"]],
  ["compress({ threshold: 0 })", () => compress({ threshold: 0 }), [], [], [
    "vary",
  ]],
  ["cors()", () => cors(), [], ["access-control-allow-origin"], []],
  ["cors({ origin: [] })", () => cors({ origin: [] }), [], ["vary"], []],
  ["etag()", () => etag(), [], [], ["etag"]],
  ["requestId()", () => requestId(), [], ["x-request-id"], []],
  ["secureHeaders()", () => secureHeaders(), [], SECURE, []],
];

Deno.test("an application that answers in every way has these statuses", async () => {
  const said = await askEverything(everything());
  for (const [name, , status] of EVERYTHING) {
    assertEquals([name, statusOf(said.get(name)!)], [name, status]);
  }
});

Deno.test.each(ROWS)(
  "%s is in the way of nothing",
  async (_name, make, lines, always, perhaps) => {
    const bare = await askEverything(everything(), ...lines);
    const within = await askEverything(everything(make()), ...lines);
    for (const [name, said] of within) {
      const own = [...always, ...perhaps];
      assertEquals(
        [name, without(said, ...own)],
        [name, without(bare.get(name)!, ...own)],
      );
      const head = said.split("\r\n\r\n")[0]!.toLowerCase();
      assertEquals(
        [name, always.filter((field) => !head.includes(`\r\n${field}: `))],
        [name, []],
      );
    }
  },
);

Deno.test("all of them at once are in the way of nothing", async () => {
  const fields = ROWS.flatMap((
    [, , , always, perhaps],
  ) => [...always, ...perhaps]);
  const bare = await askEverything(everything());
  const all = ROWS.filter(([name]) => !name.includes("Auth"));
  const app = everything(...all.map(([, make]) => make()));
  for (const [name, said] of await askEverything(app)) {
    assertEquals(
      [name, without(said, ...fields)],
      [name, without(bare.get(name)!, ...fields)],
    );
  }
});
