/**
 * RFC 9112, HTTP/1.1: every sentence that binds a server, as rows.
 *
 * The verdicts are those of the strict reading: where the standard lets a
 * recipient be lenient about what two readers could understand in two ways, the
 * row says that it may, and the cases show the refusal.
 *
 * @module
 */

import type { Standard } from "./rows.ts";
import { SECTIONS as body } from "./rfc9112/body.ts";
import { SECTIONS as chunked } from "./rfc9112/chunked.ts";
import { SECTIONS as connection } from "./rfc9112/connection.ts";
import { SECTIONS as fields } from "./rfc9112/fields.ts";
import { SECTIONS as message } from "./rfc9112/message.ts";
import { SECTIONS as requestLine } from "./rfc9112/request_line.ts";
import { SECTIONS as security } from "./rfc9112/security.ts";

export const RFC9112: Standard = {
  name: "RFC 9112",
  title: "HTTP/1.1",
  chapters: {
    "2": "Message",
    "3": "Request Line",
    "4": "Status Line",
    "5": "Field Syntax",
    "6": "Message Body",
    "7": "Transfer Codings",
    "8": "Handling Incomplete Messages",
    "9": "Connection Management",
    "10": "Enclosing Messages as Data",
    "11": "Security Considerations",
    "C": "Changes from Previous RFCs",
  },
  sections: [
    ...message,
    ...requestLine,
    ...fields,
    ...body,
    ...chunked,
    ...connection,
    ...security,
  ],
};
