import { meter, type MeterSlot } from './meter-layout.ts';

/** The member's side of its meter. */
export class MemberMeter {
  readonly #slots: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#slots = new Float64Array(buffer);
  }

  add(name: MeterSlot, amount: number): void {
    const slot = meter[name];
    this.#slots[slot] = (this.#slots[slot] ?? 0) + amount;
  }

  set(name: MeterSlot, value: number): void {
    this.#slots[meter[name]] = value;
  }
}
