/**
 * RFC 7578, multipart/form-data: what of it binds a server that is sent a form, as
 * rows. How parts are cut is `rfc2046.ts`, how `filename*` is read `rfc8187.ts`.
 *
 * @module
 */

import { SECTIONS as definition } from "./rfc7578/definition.ts";
import { SECTIONS as interpretation } from "./rfc7578/interpretation.ts";
import type { Standard } from "./rows.ts";

export const RFC7578: Standard = {
  name: "RFC 7578",
  title: "Returning Values from Forms: multipart/form-data",
  chapters: {
    "4": "Definition of multipart/form-data",
    "5": "Operability Considerations",
    "7": "Security Considerations",
    "8": "Media Type Registration",
  },
  sections: [...definition, ...interpretation],
};
