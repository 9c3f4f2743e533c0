/**
 * A private set of keys of one table: one bit per two positions, because a key with at least one
 * byte takes two ints.
 */
export class KeyBits {
  #bits = new Uint8Array(1 << 10);

  /** @returns false when the key was in the set already */
  add(keyRef: number): boolean {
    const at = keyRef >>> 4;
    const bit = 1 << ((keyRef >>> 1) & 7);
    const { length } = this.#bits;
    if (at >= length) this.#growTo(at + 1);
    const before = this.#bits[at] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#bits[at] = before | bit;
    return true;
  }

  has(keyRef: number): boolean {
    return ((this.#bits[keyRef >>> 4] ?? 0) & (1 << ((keyRef >>> 1) & 7))) !== 0;
  }

  addAll(other: KeyBits): void {
    const bits = other.#bits;
    if (bits.length > this.#bits.length) this.#growTo(bits.length);
    for (let at = 0; at < bits.length; at += 1) this.#bits[at] = (this.#bits[at] ?? 0) | (bits[at] ?? 0);
  }

  clear(): void {
    this.#bits.fill(0);
  }

  #growTo(bytes: number): void {
    const grown = new Uint8Array(2 ** Math.ceil(Math.log2(bytes)));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
