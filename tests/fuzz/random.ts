/**
 * Chance that can be had again: the same seed, the same numbers, on every machine.
 *
 * Each case of a property draws from a source of its own, whose seed is the text
 * `seed/property/case`. So a case can be run alone, and what one draws moves no
 * other.
 *
 * @module
 */

/** A source of numbers (xorshift128, Marsaglia 2003), seeded with a text. */
export class Random {
  readonly #state: Uint32Array = new Uint32Array(4);

  constructor(seed: string) {
    // FNV-1a, once for each word; a state of zeros alone would stay so.
    for (let word = 0; word < 4; word++) {
      let hash = 0x811C9DC5 ^ word;
      for (let i = 0; i < seed.length; i++) {
        hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
      }
      this.#state[word] = hash | 1;
    }
    for (let warm = 0; warm < 16; warm++) this.next();
  }

  /** 32 bits. */
  next(): number {
    const state = this.#state;
    let t = state[3]!;
    const first = state[0]!;
    state[3] = state[2]!;
    state[2] = state[1]!;
    state[1] = first;
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ first ^ (first >>> 19);
    return state[0]!;
  }

  /** A whole number from 0, less than `end`. */
  below(end: number): number {
    return Math.floor(this.next() / 0x1_0000_0000 * end);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Whether a thing happens that happens once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of `list`, which has one at least. */
  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)]!;
  }

  /** A text of `least` to `most` of the characters of `alphabet`. */
  text(alphabet: string, least: number, most: number): string {
    let text = "";
    for (let left = this.between(least, most); left > 0; left--) {
      text += this.pick(alphabet);
    }
    return text;
  }

  /** From none to `most` of what `make` makes. */
  many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.between(0, most) }, make);
  }

  /** Cuts `text` into pieces of at most `most`, of one each or all at once. */
  cut(text: string): string[] {
    const sizes = [1, 2, 7, 64, 1024, Infinity];
    // So many pieces of a long text would tell nothing new.
    const most = this.pick(sizes.slice(text.length > 20_000 ? 3 : 0));
    const pieces: string[] = [];
    for (let at = 0; at < text.length;) {
      const size = most === Infinity ? text.length : this.between(1, most);
      pieces.push(text.slice(at, at + size));
      at += size;
    }
    return pieces;
  }
}
