/**
 * The page of `songs.ts`, as it is sent. What moves on it is `assets/page.js`.
 *
 * @module
 */

import { type Html, html } from "jsr:@no8/wire@^0.1.0";
import type { Story } from "./shelf.ts";

/** The whole page. */
export function page(stories: readonly Story[]): Html {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Stories</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/assets/page.css">
        <script type="module" src="/assets/page.js"></script>
      </head>
      <body>
        <header>
          <h1>Stories</h1>
          <p id="now" role="status">Tap a token, or press play.</p>
        </header>

        <form id="token">
          <h2>Tokens</h2>
          <label for="story">When a token is tapped</label>
          <select id="story" name="story">${options(stories)}</select>
          <label for="number">Hold a token to the reader, or type its number</label>
          <div class="line">
            <input id="number" name="number" required autofocus autocomplete="off"
              autocapitalize="none" spellcheck="false" enterkeyhint="go"
              maxlength="64">
            <button>Tap</button>
          </div>
          <output for="story number"></output>
        </form>

        <main>
          <h2>On the shelf</h2>
          <ul id="stories">${stories.map(row)}</ul>
          <p class="empty">No stories yet. Add the first one: a recording of you
            reading aloud, or any audio file.</p>
        </main>

        <form id="upload" action="/songs" method="post"
          enctype="multipart/form-data">
          <h2>Add stories</h2>
          <label for="files">Audio files from this device</label>
          <input id="files" name="story" type="file" multiple required
            accept="audio/*,.mp3,.m4a,.aac,.ogg,.opus,.flac,.wav">
          <button>Add to the shelf</button>
          <progress max="1" value="0" aria-label="Sent so far" hidden></progress>
          <output for="files"></output>
        </form>
      </body>
    </html>
  `;
}

function options(stories: readonly Story[]): Html {
  return html`
    <option value="">play its story</option>
    ${stories.map(({ name, title }) =>
      html`<option value="${name}">from now on, play “${title}”</option>`
    )}
  `;
}

function row({ name, title, bytes, tokens }: Story): Html {
  const url = `/songs/${encodeURI(name).replace(/[?#]/g, encodeURIComponent)}`;
  return html`
    <li data-story="${name}">
      <h3 dir="auto">${title}</h3>
      <span class="size">${(bytes / 1e6).toFixed(1)} MB</span>
      <audio controls preload="none" src="${url}"
        aria-label="${title}"></audio>
      <ul class="tokens" aria-label="Its tokens">${tokens.map(token)}</ul>
      <button class="delete" data-delete="${url}" data-sure="no"
        aria-label="Delete “${title}”">Delete</button>
    </li>
  `;
}

function token(id: string): Html {
  return html`<li>${id} <button data-delete="/tokens/${id}"
    aria-label="Take the story off token ${id}">×</button></li>`;
}
