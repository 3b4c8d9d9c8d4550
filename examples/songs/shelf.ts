/**
 * Stories and tokens in one folder: each story is a file in `stories/`, and
 * `tokens.json` says which of them a token plays.
 *
 * Whatever is written gets its name when all of it is on the disk, and the form that
 * it came in has come to its end, so that nothing is ever there by half, wherever the
 * process ends. Nothing waits between a look at what is there and the change that
 * follows from it, so that changes do not lose each other.
 *
 * @module
 */

import { HttpError, type Part } from "jsr:@no8/wire@^0.1.0";

/** A story as it lies on the shelf. */
export interface Story {
  /** The name of its file. */
  readonly name: string;
  readonly title: string;
  readonly bytes: number;
  /** The tokens that play it. */
  readonly tokens: readonly string[];
}

const AUDIO = /\.(mp3|m4a|aac|ogg|opus|flac|wav)$/i;

/** The stories and tokens of a folder, which belongs to one process at a time. */
export class Shelf {
  /** Where the stories are. */
  readonly stories: string;
  readonly #folder: string;
  #tokens: readonly [token: string, name: string][] = [];

  /** Makes the folder where there is none, and drops what did not come whole. */
  constructor(folder: string) {
    this.#folder = folder;
    this.stories = `${folder}/stories`;
    Deno.mkdirSync(this.stories, { recursive: true });
    for (const { name } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (name.endsWith(".part")) Deno.removeSync(path);
      if (name !== "tokens.json") continue;
      this.#tokens = JSON.parse(Deno.readTextFileSync(path));
    }
  }

  /** All stories, by title. */
  list(): Story[] {
    const names = [...Deno.readDirSync(this.stories)].map(({ name }) => name)
      .filter((name) => AUDIO.test(name) && !name.startsWith("."));
    return names.map((name) => ({
      name,
      title: name.replace(AUDIO, ""),
      bytes: Deno.statSync(`${this.stories}/${name}`).size,
      tokens: this.#tokens.filter((pair) => pair[1] === name)
        .map(([token]) => token),
    })).sort((one, other) => one.title.localeCompare(other.title));
  }

  /**
   * The story that a token plays.
   *
   * @throws {HttpError} 404 when it plays none
   */
  storyOf(token: string): Story {
    const name = this.#tokens.find((pair) => pair[0] === token)?.[1];
    const story = this.list().find((story) => story.name === name);
    if (story) return story;
    throw new HttpError(404, `No story is on the token ${token} yet`);
  }

  /**
   * Adds the files of a form, all of them or none, and gives their names.
   *
   * @throws {HttpError} 415 when one is no audio file by its name; and as the form
   */
  async add(form: AsyncIterable<Part>): Promise<string[]> {
    const written: { path: string; filename: string }[] = [];
    try {
      for await (const { filename, content } of form) {
        if (!filename) continue; // a form that was sent without a file
        if (!AUDIO.test(filename)) {
          throw new HttpError(415, "Only audio files go on the shelf");
        }
        const path = `${this.#folder}/${crypto.randomUUID()}.part`;
        written.push({ path, filename });
        await write(path, content);
      }
      return written.map((file) => {
        const name = this.#freeName(file.filename);
        const path = `${this.stories}/${name}`;
        Deno.renameSync(file.path, path);
        file.path = path;
        return name;
      });
    } catch (error) {
      for (const { path } of written) await Deno.remove(path).catch(() => {});
      throw error;
    }
  }

  /**
   * Takes a story off the shelf and off its tokens.
   *
   * @throws {HttpError} 404 when there is none of that name
   */
  remove(name: string): void {
    this.#check(name);
    this.#write(this.#tokens.filter((pair) => pair[1] !== name));
    Deno.removeSync(`${this.stories}/${name}`);
  }

  /**
   * Has a token play a story from now on.
   *
   * @throws {HttpError} 404 when there is none of that name, 400 for no token
   */
  program(token: string, name: string): void {
    this.#check(name);
    if (!/^[\w:-]{1,64}$/.test(token)) {
      throw new HttpError(400, "A token has up to 64 letters and digits");
    }
    this.#write([...this.#without(token), [token, name]]);
  }

  /** Has a token play nothing. */
  forget(token: string): void {
    this.#write(this.#without(token));
  }

  #check(name: string): void {
    if (this.list().some((story) => story.name === name)) return;
    throw new HttpError(404, "There is no such story");
  }

  #without(token: string): [token: string, name: string][] {
    return this.#tokens.filter((pair) => pair[0] !== token);
  }

  /** The title stays the client's; what could lead elsewhere does not. */
  #freeName(filename: string): string {
    const [ending = ""] = AUDIO.exec(filename) ?? [];
    const title = filename.slice(0, -ending.length).split(/[/\\]/).at(-1)!
      .replaceAll(/\p{Cc}/gu, "").replace(/^[.\s]+/, "").normalize()
      .slice(0, 80).trim().toWellFormed() || "Story";
    const taken = new Set(this.list().map(({ name }) => name));
    let name = title + ending;
    for (let n = 2; taken.has(name); n++) name = `${title} (${n})${ending}`;
    return name;
  }

  #write(tokens: [token: string, name: string][]): void {
    const temporary = `${this.#folder}/tokens.part`;
    Deno.writeTextFileSync(temporary, JSON.stringify(tokens));
    using file = Deno.openSync(temporary, { write: true });
    file.syncSync();
    Deno.renameSync(temporary, `${this.#folder}/tokens.json`);
    this.#tokens = tokens;
  }
}

/** Writes a file until it is on the disk. */
async function write(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for await (const piece of content) {
    let at = 0;
    while (at < piece.length) at += await file.write(piece.subarray(at));
  }
  await file.sync();
}
