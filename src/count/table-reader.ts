import { block, blockAt, control, slot, slotInts, type Slots } from './layout.ts';
import { memoryOf, type CountTable, type TableMemory } from './table-memory.ts';
import { TableSnapshot, type TableProgress } from './table-snapshot.ts';

/**
 * How long a reader tries to copy between two batches before it requests a pause; small tables are
 * copied in less.
 */
const politeMs = 3;

/** Any thread's read access to a table, concurrent with its writer. */
export class TableReader {
  readonly #memory: TableMemory;

  constructor(table: CountTable) {
    this.#memory = memoryOf(table);
  }

  /** Never waits: a batch in progress changes only the inactive block. */
  progress(): TableProgress {
    const memory = this.#memory;
    for (;;) {
      const version = memory.load(control.version);
      const progress = readProgress(memory);
      if (memory.add(control.version, 0) === version) return progress;
    }
  }

  /**
   * Whether a sealed batch is not completely applied yet. Without an owner only recovery can
   * complete it.
   */
  get isSealed(): boolean {
    return this.#memory.load(control.journalSealed) !== 0;
  }

  /**
   * Copies all counts as they were between two batches. The member's next batch waits while a large
   * table is being copied.
   * @param timeoutMs - bound on the wait for a batch in progress; the batch of a dead member ends
   *   only with `recover`
   * @returns undefined after the timeout
   */
  snapshot({ timeoutMs = 100 }: { readonly timeoutMs?: number } = {}): TableSnapshot | undefined {
    const snapshot = this.#copyWithin(politeMs);
    if (snapshot !== undefined) return snapshot;
    this.#memory.add(control.readersWaiting, 1);
    try {
      return this.#copyWithin(timeoutMs);
    } finally {
      this.#stopWaiting();
    }
  }

  /** Tries at least once, and begins no new copy after `timeoutMs`. */
  #copyWithin(timeoutMs: number): TableSnapshot | undefined {
    const deadlineMs = this.#memory.nowMs() + timeoutMs;
    for (;;) {
      const snapshot = this.#tryCopy();
      if (snapshot !== undefined || this.#memory.nowMs() > deadlineMs) return snapshot;
    }
  }

  #tryCopy(): TableSnapshot | undefined {
    const memory = this.#memory;
    const version = memory.load(control.version);
    if (version % 2 !== 0) return undefined;
    memory.refresh();
    const { floats } = memory;
    const active = blockAt(memory.load(control.activeBlock));
    const slots = { at: floats[active + block.slotsAt] ?? 0, log2: floats[active + block.slotsLog2] ?? 0 };
    const snapshot = new TableSnapshot(memory, readProgress(memory));
    const complete = copySlots(memory, slots, snapshot);
    // An addition of 0 instead of a load: the reads above could be reordered after a load.
    return complete && memory.add(control.version, 0) === version ? snapshot : undefined;
  }

  /** A writer that has waited long enough may have set the number to 0 already. */
  #stopWaiting(): void {
    const memory = this.#memory;
    for (
      let readers = memory.load(control.readersWaiting);
      readers > 0;
      readers = memory.load(control.readersWaiting)
    ) {
      if (memory.swap(control.readersWaiting, readers, readers - 1)) break;
    }
    memory.wake(control.readersWaiting);
  }
}

function readProgress(memory: TableMemory): TableProgress {
  const { floats } = memory;
  const active = blockAt(memory.load(control.activeBlock));
  const value = (index: number): number => floats[active + index] ?? 0;
  return {
    nextOffset: value(block.nextOffset),
    records: value(block.records),
    nullRecords: value(block.nullRecords),
    words: value(block.words),
    distinctWords: value(block.distinctWords),
    bytes: value(block.bytes),
    digestLow: value(block.digestLow),
    digestHigh: value(block.digestHigh),
    refused: memory.load(control.refusedWrites),
  };
}

/**
 * @returns false when the number of words differs from the snapshot's room: a batch was applied in
 *   between
 */
function copySlots({ ints, floats }: TableMemory, slots: Slots, { hashes, keyRefs, counts }: TableSnapshot): boolean {
  const end = slots.at + 2 ** slots.log2 * slotInts;
  let words = 0;
  for (let at = slots.at; at < end; at += slotInts) {
    const keyRef = ints[at + slot.keyRef] ?? 0;
    if (keyRef === 0) continue;
    if (words === keyRefs.length) return false;
    hashes[words] = ints[at + slot.hash] ?? 0;
    keyRefs[words] = keyRef;
    counts[words] = floats[(at + slot.count) >> 1] ?? 0;
    words += 1;
  }
  return words === keyRefs.length;
}
