/**
 * Chance that can be had again: the same seed gives the same choices.
 *
 * @module
 */

/** Numbers and choices from one seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9E3779B1) >>> 0;
  }

  /** From 0 to 1, without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6D2B79F5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ t >>> 15, t | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of them. */
  of<Value>(values: readonly Value[]): Value {
    return values[this.between(0, values.length - 1)]!;
  }

  /** Octets cut into pieces of any size up to `most`. */
  cut(wire: string, most: number): string[] {
    const pieces: string[] = [];
    for (let at = 0; at < wire.length;) {
      const size = this.between(1, most);
      pieces.push(wire.slice(at, at + size));
      at += size;
    }
    return pieces;
  }
}
