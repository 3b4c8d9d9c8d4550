/**
 * RFC 8297, Early Hints: what of it binds a server, as rows.
 *
 * @module
 */

import { get, head, lastServed, served } from "./rows.ts";
import type { Standard } from "./rows.ts";

/** The fields of the hints that came before an answer, an item a hint. */
const LINKS = (...links: string[]) => ({
  interim: links.map(() => 103),
  check: ({ interim }: { interim: readonly { fields: unknown }[] }) => {
    const came = interim.map(({ fields }) => `${fields}`);
    const wanted = links.map((link) => `link,${link}`);
    return came.join() === wanted.join() ? undefined : `it has ${came.join()}`;
  },
});

export const RFC8297: Standard = {
  name: "RFC 8297",
  title: "An HTTP Status Code for Indicating Hints",
  chapters: { "2": "HTTP Status Code 103", "3": "Security Considerations" },
  sections: [{
    number: "2",
    title: "HTTP Status Code 103: Early Hints",
    rows: [
      {
        id: "8297-2-1",
        section: "2",
        level: "is",
        says:
          "A 103 has fields that the final answer is likely to have, and comes before that answer.",
        cases: [
          served("GET", get("/hint"), LINKS("</a>")),
          served("HEAD", head("HEAD /hint HTTP/1.1", "Host: a"), LINKS("</a>")),
        ],
      },
      {
        id: "8297-2-2",
        section: "2",
        level: "MAY",
        says: "A server may send several.",
        cases: [served("two", get("/hint/twice"), LINKS("</a>", "</b>"))],
      },
      {
        id: "8297-2-3",
        section: "2",
        level: "is",
        says: "Its fields are hints: the final answer has only its own.",
        cases: [
          served("no Link", get("/hint"), { fields: { link: null } }),
        ],
      },
      {
        id: "8297-2-4",
        section: "2",
        level: "is",
        says: "It does not take the place of 100 (Continue), or of content.",
        cases: [{
          name: "both",
          send: "",
          talk: [
            {
              send: head(
                "POST /hint/content HTTP/1.1",
                "Host: a",
                "Expect: 100-continue",
                "Content-Length: 2",
              ),
            },
            { interim: 103 },
            { interim: 100 },
            { send: "hi" },
            { answer: { status: 200, content: "hi" } },
          ],
          answers: [],
          then: "persists",
        }],
      },
    ],
  }, {
    number: "3",
    title: "Security Considerations",
    rows: [{
      id: "8297-3-1",
      section: "3",
      level: "MAY",
      says:
        "A server may refrain from sending it over HTTP/1.1 to clients that might take it for the final answer: over HTTP/1.0 none is sent, and over HTTP/1.1 those that a handler asks for.",
      cases: [
        lastServed("HTTP/1.0", head("GET /hint HTTP/1.0"), {
          interim: [],
          content: "false",
        }),
        served("none that was not asked for", get("/hello"), { interim: [] }),
      ],
    }],
  }],
};
