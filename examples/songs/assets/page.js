/**
 * What moves on the page: it plays what is tapped, sends what is added, and looks
 * anew when something has changed, here or on another page.
 */

const [now, list, token, upload] = ["now", "stories", "token", "upload"]
  .map((id) => document.getElementById(id));
const [quiet] = now.childNodes;

// ── what the server tells ──────────────────────────────────────────────────

const news = new EventSource("/events");
news.addEventListener("play", ({ data }) => play(data));
news.addEventListener("changed", refresh);
news.addEventListener("open", refresh); // it may have been away for a while

/** Brings the page up to date. Rows that stay are left alone: one may be playing. */
async function refresh() {
  const answer = await fetch("/").catch(() => undefined);
  if (!answer?.ok) return; // when the server is back, its events open again
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = [...page.querySelectorAll("[data-story]")];
  const names = fresh.map((row) => row.dataset.story);
  for (const row of [...list.children]) {
    if (!names.includes(row.dataset.story)) row.remove();
  }
  for (const [at, row] of fresh.entries()) {
    const old = list.children[at];
    if (old?.dataset.story !== names[at]) list.insertBefore(row, old ?? null);
    else old.querySelector(".tokens").replaceWith(row.querySelector(".tokens"));
  }
  const { value } = token.story;
  token.story.replaceChildren(...page.getElementById("story").children);
  token.story.value = names.includes(value) ? value : "";
}

// ── playing ────────────────────────────────────────────────────────────────

async function play(name) {
  const row = [...list.children].find(({ dataset }) => dataset.story === name);
  const audio = row?.querySelector("audio");
  try {
    audio.currentTime = 0;
    await audio.play();
  } catch ({ name: why }) {
    if (why !== "NotAllowedError") return;
    // Browsers are silent until somebody has touched the page.
    now.textContent = `Touch here to hear “${titleOf(row)}”`;
    now.className = "waits";
    addEventListener("pointerup", () => play(name), { once: true });
  }
}

/** Events of audio do not bubble: they are met on their way down. */
for (const type of ["play", "pause", "ended", "error"]) {
  document.addEventListener(type, ({ target }) => show(target), true);
}

function show(audio) {
  const row = audio.closest("[data-story]");
  now.className = "";
  if (audio.error) {
    now.textContent = `This browser cannot play “${titleOf(row)}”`;
    return;
  }
  row.classList.toggle("playing", !audio.paused);
  for (const other of list.querySelectorAll("audio")) {
    if (other !== audio && !audio.paused) other.pause();
  }
  const playing = list.querySelector(".playing");
  now.replaceChildren(playing ? `Now playing: ${titleOf(playing)}` : quiet);
}

function titleOf(row) {
  return row.querySelector("h3").textContent;
}

// ── tokens ─────────────────────────────────────────────────────────────────

token.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { number, story } = Object.fromEntries(new FormData(token));
  token.reset(); // at once: the next one may be on its way
  token.elements.number.focus();
  const url = `/tokens/${encodeURIComponent(number)}`;
  const refused = story === ""
    ? await ask("POST", `${url}/tap`)
    : await ask("PUT", url, new URLSearchParams({ story }));
  token.querySelector("output").textContent = refused ??
    (story === "" ? "" : "Its story is on it. Tap it to listen.");
});

/** A reader types, so it is led to the field; but not away from who uses the keys. */
document.addEventListener("keydown", ({ key, target, ctrlKey, metaKey }) => {
  const elsewhere = !target.matches("input, select") && !ctrlKey && !metaKey;
  if (elsewhere && /^[\w:-]$/.test(key)) token.elements.number.focus();
});
token.elements.story.addEventListener("change", ({ target }) => {
  if (!target.matches(":focus-visible")) token.elements.number.focus();
});

/** Sends a request; gives the sentence with which it was refused, if it was. */
async function ask(method, url, body) {
  try {
    const answer = await fetch(url, { method, body });
    return answer.ok ? undefined : (await answer.json()).detail;
  } catch {
    return "The server cannot be reached.";
  }
}

// ── adding and deleting ────────────────────────────────────────────────────

upload.addEventListener("submit", (event) => {
  event.preventDefault();
  const [bar] = upload.getElementsByTagName("progress");
  const [said] = upload.getElementsByTagName("output");
  const [button] = upload.getElementsByTagName("button");
  // Not fetch: it does not tell how much has been sent.
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => bar.value = loaded / total;
  request.onloadend = () => {
    bar.hidden = true;
    button.disabled = false;
    said.textContent = OUTCOMES[request.status] ?? "That did not work.";
    if (request.status === 201) upload.reset();
  };
  bar.value = 0;
  bar.hidden = false;
  button.disabled = true;
  said.textContent = "On its way …";
  request.open("POST", upload.action);
  request.send(new FormData(upload));
});

const OUTCOMES = {
  0: "The server cannot be reached. Nothing was added.",
  201: "It is on the shelf.",
  413: "That is more than 1 GB. Add fewer at a time.",
  415: "Only audio files go on this shelf.",
};

document.addEventListener("click", async ({ target }) => {
  const { delete: url, sure } = target.dataset;
  if (url === undefined) return;
  if (sure === "no") return hesitate(target);
  const refused = await ask("DELETE", url);
  if (refused) now.textContent = refused;
});

/** The first press asks; the second one within a few seconds deletes. */
function hesitate(button) {
  const { textContent, ariaLabel } = button;
  button.dataset.sure = "yes";
  button.textContent = button.ariaLabel = "Delete for ever?";
  setTimeout(() => {
    button.dataset.sure = "no";
    Object.assign(button, { textContent, ariaLabel });
  }, 5_000);
}
