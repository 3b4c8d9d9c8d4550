/** What the compiler says to values of html, and what it lets pass. */

import { type Html, html, type HtmlValue, raw, Router } from "../../mod.ts";

declare const songs: Promise<{ title: string }[]>;
declare function rows(): AsyncGenerator<Html>;
declare function names(): Generator<string>;

const app = new Router();

/** All of these are right. */
app.get("/", () => html`<p title="${"a"}">${1}${2n}${true}${null}${undefined}${[["a"], html`b`]}`);
app.get("/a", () => html`${songs.then((all) => all.map(({ title }) => html`<li>${title}</li>`))}`);
app.get("/b", () => html`${rows()}${names()}${new Set(["a"])}${new Map([["a", "b"]]).keys()}`);
app.get("/c", async () => await html`${rows()}`.text());
export const value: HtmlValue = raw("<b>");

// ✗ 'title' does not exist in type 'Html | readonly HtmlValue[]
export const data: HtmlValue = { title: "a" };

// ✗ is not assignable to parameter of type 'HtmlValue'
html`${() => "a"}`;

// ✗ is not assignable to parameter of type 'HtmlValue'
html`${songs}`;

// ✗ is not assignable to parameter of type 'HtmlValue'
html`${new Date()}`;

// ✗ is not assignable to parameter of type 'string'
raw(html`<b>`);
