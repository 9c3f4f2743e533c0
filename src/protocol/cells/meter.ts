import assert from 'node:assert';

/**
 * Float64 slots of a member's meter: the only definition. The member writes, any thread reads. Each
 * slot is written whole (8 bytes, aligned), so a reader sees an old or a new number and never a
 * mixture. Slots may have been written at different times.
 */
export const meter = {
  /** Records applied to tables. */
  records: 0,
  /** Bytes of the values of these records. */
  bytes: 1,
  /** Words in these records. */
  words: 2,
  /** Batches applied. */
  batches: 3,
  /** Ignored records that the table had already counted. */
  recordsBelowNext: 4,
  /** Ignored records of a partition that this member does not own. */
  recordsNotOwned: 5,
  /** Batches that the table refused because they came too late. */
  batchesFenced: 6,
  /** Turns of the member's loop; does not change while the thread is stuck. */
  turns: 7,
  /** Time of time/clock.ts when the last batch was applied; 0 for never. */
  lastAppliedAtMs: 8,
  /** Time spent on records: tokenizing, counting, service time. */
  busyMs: 9,
  /** Rebalances seen: assignments and revocations. */
  rebalances: 10,
  /** Commits that Kafka refused. */
  commitsFailed: 11,
} as const;

export const meterSlots = 16;
assert(Object.values(meter).every((slot) => slot < meterSlots));

export type MeterSlot = keyof typeof meter;

export function createMeter(): SharedArrayBuffer {
  return new SharedArrayBuffer(meterSlots * Float64Array.BYTES_PER_ELEMENT);
}

/** The current values of all slots by name. */
export function readMeter(buffer: SharedArrayBuffer): Record<MeterSlot, number> {
  const slots = new Float64Array(buffer);
  const entries = Object.entries(meter).map(([name, slot]) => [name, slots[slot] ?? 0] as const);
  return Object.fromEntries(entries) as Record<MeterSlot, number>;
}

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
