/**
 * RFC 6265bis, Cookies: what of it binds an origin server, as rows. Sections are
 * those of draft-ietf-httpbis-rfc6265bis-22.
 *
 * @module
 */

import { SECTIONS as attributes } from "./rfc6265bis/attributes.ts";
import { SECTIONS as considerations } from "./rfc6265bis/considerations.ts";
import { SECTIONS as overview } from "./rfc6265bis/overview.ts";
import { RETRIEVAL, SECTIONS as reading } from "./rfc6265bis/reading.ts";
import { SECTIONS as refused } from "./rfc6265bis/refused.ts";
import { SECTIONS as syntax } from "./rfc6265bis/syntax.ts";
import type { Standard } from "./rows.ts";

export const RFC6265BIS: Standard = {
  name: "RFC 6265bis",
  title: "Cookies: HTTP State Management Mechanism",
  chapters: {
    "3": "Overview",
    "4": "Server Requirements",
    "5": "User Agent Requirements",
    "6": "Implementation Considerations",
    "7": "Privacy Considerations",
    "8": "Security Considerations",
  },
  sections: [
    ...overview,
    ...syntax,
    ...attributes,
    ...reading,
    ...refused,
    ...RETRIEVAL,
    ...considerations,
  ],
};
