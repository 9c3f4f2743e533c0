const word = /[\p{L}\p{M}\p{N}_]+/gu;

/** Counts words as JavaScript programs usually do; used for the peers. */
export class NaiveWords {
  /** @type {Map<string, number>} */
  counts = new Map();

  /** @param {Buffer} value */
  add(value) {
    for (const match of value.toString().match(word) ?? []) {
      const lowered = match.toLowerCase();
      this.counts.set(lowered, (this.counts.get(lowered) ?? 0) + 1);
    }
  }
}
