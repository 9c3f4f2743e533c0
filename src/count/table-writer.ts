import assert from 'node:assert';
import type { BatchSums } from './batch-sums.ts';
import type { DurableCells } from './durable-cells.ts';
import { GradualGrowth, usualPace, type GrowthPace } from './gradual-growth.ts';
import { applyJournal, sealJournal } from './journal.ts';
import { block, blockAt, control } from './layout.ts';
import { claimLease, enterApply, holdsLease, leaveApply, releaseLease, type Lease } from './lease.ts';
import { noteWords } from './note-words.ts';
import {
  newSlotsOf,
  planBatch,
  slotsOf,
  type BatchPlace,
  type BatchPlan,
  type TableFull,
  type WriterMemory,
} from './plan-batch.ts';
import { emptyTable } from './empty-table.ts';
import { planRestore, type TableTotals } from './plan-restore.ts';
import { SumOrder } from './sum-order.ts';
import type { LoggedBatch, TableLog } from './table-log.ts';
import { memoryOf, type CountTable, type TableMemory } from './table-memory.ts';

export type ApplyResult =
  | { readonly type: 'applied' }
  /** The lease is lost: the batch changed nothing, and the partition belongs to another member. */
  | { readonly type: 'fenced' }
  /** The table would exceed its limit: the batch changed nothing, and the lease is still held. */
  | { readonly type: 'full'; readonly neededBytes: number; readonly limitBytes: number };

const applied = { type: 'applied' } as const;

/**
 * Longest time that a batch waits for one more reader to finish its copy of a large table, and the
 * number of readers it waits for.
 */
const readerRestMs = 500;
const readerRestsMax = 4;

/** A member's write access to one table. Not to be shared among threads; the table is. */
export class TableWriter {
  readonly #memory: TableMemory;
  readonly #own: WriterMemory;
  readonly #log: TableLog | undefined;
  readonly #cells: DurableCells | undefined;
  #held: Lease | undefined;

  /**
   * @param cells - of a durable table: every step notes there which words it changes
   * @param pace - how a large table grows
   */
  constructor(table: CountTable, log?: TableLog, cells?: DurableCells, pace: GrowthPace = usualPace) {
    this.#memory = memoryOf(table);
    this.#own = { reserved: new Uint8Array(0), order: new SumOrder(), growth: new GradualGrowth(pace) };
    this.#log = log;
    this.#cells = cells;
  }

  /**
   * The offset of the first record not yet counted, where counting continues. Stable only for the
   * owner.
   */
  get nextOffset(): number {
    const { floats } = this.#memory;
    return floats[blockAt(this.#memory.load(control.activeBlock)) + block.nextOffset] ?? 0;
  }

  /** Memory that nothing uses now. For the owner, between two steps. */
  get unused(): Uint8Array {
    const memory = this.#memory;
    memory.refresh();
    const memoryEnd = memory.floats[blockAt(memory.load(control.activeBlock)) + block.memoryEnd] ?? 0;
    return memory.bytes.subarray(memoryEnd * 4);
  }

  /** True while the claimed lease is held. */
  get holds(): boolean {
    return this.#held !== undefined && holdsLease(this.#memory, this.#held);
  }

  /** @returns the epoch of the lease, or undefined when another member holds the table */
  claim(owner: number): number | undefined {
    assert(this.#held === undefined, 'claimed twice');
    this.#held = claimLease(this.#memory, owner, (epoch) => {
      this.#log?.acquired(epoch, this.nextOffset);
    });
    return this.#held?.epoch;
  }

  /** @returns false when the lease was already lost */
  release(): boolean {
    const held = this.#held;
    this.#held = undefined;
    return (
      held !== undefined &&
      releaseLease(this.#memory, held, (epoch) => {
        this.#log?.released(epoch);
      })
    );
  }

  /**
   * Adds a batch of records of this partition, all or nothing: counts, totals and nextOffset change
   * together.
   * @param sums - sums of the records from the table's nextOffset to the new one
   * @param nextOffset - offset after the batch's last record, beyond the table's nextOffset
   * @param firstOffset - offset of the batch's first record; default: the table's nextOffset
   */
  apply(
    sums: BatchSums,
    { nextOffset, firstOffset }: { readonly nextOffset: number; readonly firstOffset?: number },
  ): ApplyResult {
    const memory = this.#memory;
    this.#letReadersCopy();
    if (this.#held === undefined || !enterApply(memory, this.#held)) {
      memory.add(control.refusedWrites, 1);
      this.#held = undefined;
      this.#log?.refused({ firstOffset: firstOffset ?? this.nextOffset, nextOffset, records: sums.records });
      return { type: 'fenced' };
    }
    memory.refresh();
    assert(nextOffset > this.nextOffset, 'a batch begins at nextOffset and is not empty');
    const place = {
      firstOffset: firstOffset ?? this.nextOffset,
      nextOffset,
      epoch: this.#held.epoch,
      ticket: this.#log?.beginBatch() ?? 0,
    };
    let plan: BatchPlan | TableFull = planBatch(memory, sums, place, this.#own);
    if (this.#cells !== undefined && plan.type === 'planned') plan = noteWords(memory, this.#cells, plan) ?? plan;
    if (plan.type === 'planned') this.#commit(plan, place.epoch);
    this.#log?.endBatch(plan.type === 'planned' ? logged(place, sums) : undefined);
    leaveApply(memory, this.#held);
    return resultOf(plan);
  }

  /**
   * Sets the counts of the words of `sums` (BatchSums.setRows), all or nothing, and with `totals`
   * everything else that a changelog contains. Notes no word as changed and is not part of the
   * history.
   */
  restore(sums: BatchSums, totals?: TableTotals): ApplyResult {
    return this.#exclusively((memory, epoch) => {
      const plan = planRestore(memory, sums, { nextOffset: this.nextOffset, epoch, totals }, this.#own);
      if (plan.type === 'full') return plan;
      this.#commit(plan, epoch);
      return applied;
    });
  }

  /**
   * Empties the table in one step, also for its readers, and the sets of changed words after it.
   * The table's memory is used again. This is not a change of its words: restore them.
   */
  reset(nextOffset: number): ApplyResult {
    return this.#exclusively((memory, epoch) => {
      this.#cells?.forgetKeys();
      this.#own.growth.drop();
      const full = emptyTable(memory, { nextOffset, epoch });
      if (full !== undefined) return full;
      this.#cells?.clear();
      return applied;
    });
  }

  /** Seals and applies a planned step, and continues the growth of the slots after it. */
  #commit(plan: BatchPlan, epoch: number): void {
    const memory = this.#memory;
    sealJournal(memory, plan.nextBlock, plan.journalAt, plan.entries);
    applyJournal(memory);
    const active = blockAt(plan.nextBlock);
    const to = newSlotsOf(memory, active);
    if (to === undefined) return;
    const { growth } = this.#own;
    growth.enter(epoch, slotsOf(memory, active), to);
    growth.follow(memory, plan, memory.floats[active + block.distinctWords] ?? 0);
  }

  /** Runs a step that is not part of the history. */
  #exclusively(step: (memory: TableMemory, epoch: number) => ApplyResult): ApplyResult {
    const memory = this.#memory;
    const held = this.#held;
    this.#letReadersCopy();
    if (held === undefined || !enterApply(memory, held)) {
      memory.add(control.refusedWrites, 1);
      this.#held = undefined;
      return { type: 'fenced' };
    }
    memory.refresh();
    const result = step(memory, held.epoch);
    leaveApply(memory, held);
    return result;
  }

  /**
   * Readers request a pause only when a table is too large to be copied between two batches. After
   * the wait, the request of a dead reader is dropped.
   */
  #letReadersCopy(): void {
    const memory = this.#memory;
    for (let rests = 0; rests < readerRestsMax; rests += 1) {
      const readers = memory.load(control.readersWaiting);
      if (readers <= 0) return;
      const left = memory.wait(control.readersWaiting, readers, readerRestMs);
      if (!left) memory.swap(control.readersWaiting, readers, 0);
    }
  }
}

function resultOf(plan: BatchPlan | TableFull): ApplyResult {
  switch (plan.type) {
    case 'planned':
      return applied;
    case 'full':
      return plan;
  }
}

function logged(place: BatchPlace, { records, words, digestLow, digestHigh }: BatchSums): LoggedBatch {
  return { ...place, records, words, digestLow, digestHigh };
}
