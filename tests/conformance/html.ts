/**
 * The HTML Standard, as far as a server has to do with it: event streams.
 *
 * @module
 */

import { SECTIONS as events } from "./html/events.ts";
import type { Standard } from "./rows.ts";

export const HTML: Standard = {
  name: "HTML",
  title: "HTML Standard",
  chapters: { "9": "Communication" },
  sections: events,
};
