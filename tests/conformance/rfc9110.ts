/**
 * RFC 9110, HTTP Semantics: what of it binds the framing and the server, as rows.
 *
 * @module
 */

import { SECTIONS as conditions } from "./rfc9110/conditions.ts";
import { SECTIONS as fields } from "./rfc9110/fields.ts";
import { SECTIONS as negotiation } from "./rfc9110/negotiation.ts";
import { SECTIONS as ranges } from "./rfc9110/ranges.ts";
import { SECTIONS as routing } from "./rfc9110/routing.ts";
import { SECTIONS as semantics } from "./rfc9110/semantics.ts";
import type { Standard } from "./rows.ts";

export const RFC9110: Standard = {
  name: "RFC 9110",
  title: "HTTP Semantics",
  chapters: {
    "2": "Conformance",
    "4": "Identifiers in HTTP",
    "5": "Fields",
    "6": "Message Abstraction",
    "7": "Routing HTTP Messages",
    "8": "Representation Data and Metadata",
    "9": "Methods",
    "10": "Message Context",
    "11": "HTTP Authentication",
    "12": "Content Negotiation",
    "13": "Conditional Requests",
    "14": "Range Requests",
    "15": "Status Codes",
  },
  sections: [
    ...fields,
    ...routing,
    ...negotiation,
    ...semantics,
    ...conditions,
    ...ranges,
  ],
};
