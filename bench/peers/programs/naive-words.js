const word = /[\p{L}\p{M}\p{N}_]+/gu;

/** Word counting as it is usually written in JavaScript, and as the rivals of our counting do it. */
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
