import type { BatchSums } from './batch-sums.ts';
import { FreeMemory } from './free-memory.ts';
import { block, blockAt, blockFloats, bytesFor, control, entryInts, loadMax, slotInts, type Slots } from './layout.ts';
import { growSlots } from './grow-slots.ts';
import { journalBatch, type JournalScratch } from './journal-batch.ts';
import type { Numbers, TableMemory } from './table-memory.ts';

export interface TableFull {
  readonly type: 'full';
  readonly neededBytes: number;
  readonly limitBytes: number;
}

export interface BatchPlan {
  readonly type: 'planned';
  /** The block that becomes active: 0 or 1. */
  readonly nextBlock: number;
  /** The slots after the batch. */
  readonly slots: Slots;
  readonly journalAt: number;
  /** One journal entry per word, in the order of the sums; 0 when the slots grew. */
  readonly entries: number;
}

/** The position of a batch in the partition and in the history. */
export interface BatchPlace {
  /** Offset of its first record. */
  readonly firstOffset: number;
  /** The table's nextOffset once the batch is applied. */
  readonly nextOffset: number;
  readonly epoch: number;
  /** 0 when no history is recorded. */
  readonly ticket: number;
}

/** The changes of a batch, except the totals. */
interface SlotsPlan {
  readonly type: 'slots';
  readonly slots: Slots;
  readonly newWords: number;
  readonly journalAt: number;
  readonly entries: number;
  readonly free: FreeMemory;
}

/**
 * Prepares a batch in memory that no other thread reads: journal, keys, the inactive block and,
 * when the slots get too full, twice as many slots that already contain the batch. The caller holds
 * the lease in `applying`.
 */
export function planBatch(
  memory: TableMemory,
  sums: BatchSums,
  place: BatchPlace,
  scratch: JournalScratch,
): BatchPlan | TableFull {
  const activeBlock = memory.load(control.activeBlock);
  const active = blockAt(activeBlock);
  const plan = planInPlace(memory, active, sums, scratch) ?? planGrown(memory, active, sums);
  if (plan.type === 'full') return plan;

  const { floats } = memory;
  const nextBlock = 1 - activeBlock;
  const next = blockAt(nextBlock);
  for (let index = 0; index < blockFloats; index += 1) floats[next + index] = floats[active + index] ?? 0;
  const add = (index: number, amount: number): void => {
    floats[next + index] = (floats[active + index] ?? 0) + amount;
  };
  add(block.records, sums.records);
  add(block.nullRecords, sums.nullRecords);
  add(block.words, sums.words);
  add(block.bytes, sums.bytes);
  add(block.distinctWords, plan.newWords);
  addDigest(floats, next, sums);
  floats[next + block.batchTicket] = place.ticket;
  floats[next + block.batchEpoch] = place.epoch;
  floats[next + block.batchFirstOffset] = place.firstOffset;
  floats[next + block.nextOffset] = place.nextOffset;
  floats[next + block.slotsAt] = plan.slots.at;
  floats[next + block.slotsLog2] = plan.slots.log2;
  plan.free.save(floats, next);
  return { type: 'planned', nextBlock, slots: plan.slots, journalAt: plan.journalAt, entries: plan.entries };
}

/** Adds modulo 2^64, in halves that a double holds exactly. */
function addDigest(floats: Numbers, next: number, { digestLow, digestHigh }: BatchSums): void {
  const low = (floats[next + block.digestLow] ?? 0) + digestLow;
  const carry = low >= 2 ** 32 ? 1 : 0;
  floats[next + block.digestLow] = low - carry * 2 ** 32;
  floats[next + block.digestHigh] = ((floats[next + block.digestHigh] ?? 0) + digestHigh + carry) % 2 ** 32;
}

/** @returns undefined when the slots would get too full */
function planInPlace(
  memory: TableMemory,
  active: number,
  sums: BatchSums,
  scratch: JournalScratch,
): SlotsPlan | TableFull | undefined {
  const free = new FreeMemory(memory.floats, active, sums.keysInts, memory.limitBytes / 4);
  const journalAt = free.tailAt;
  const full = reach(memory, journalAt + sums.distinct * entryInts);
  if (full !== undefined) return full;
  const slots = slotsOf(memory, active);
  const newWordsMax = Math.floor(2 ** slots.log2 * loadMax) - (memory.floats[active + block.distinctWords] ?? 0);
  const newWords = journalBatch(memory, slots, sums, free, { journalAt, newWordsMax }, scratch);
  if (newWords === undefined) return undefined;
  return { type: 'slots', slots, newWords, journalAt, entries: sums.distinct, free };
}

function planGrown(memory: TableMemory, active: number, sums: BatchSums): SlotsPlan | TableFull {
  const free = new FreeMemory(memory.floats, active, sums.keysInts, memory.limitBytes / 4);
  const old = slotsOf(memory, active);
  const distinctWordsMax = (memory.floats[active + block.distinctWords] ?? 0) + sums.distinct;
  let log2 = old.log2 + 1;
  while (2 ** log2 * loadMax < distinctWordsMax) log2 += 1;
  const slots = { at: free.tailAt, log2 };
  const end = slots.at + 2 ** log2 * slotInts;
  const full = reach(memory, end);
  if (full !== undefined) return full;
  free.reserveTo(end);
  free.giveBack(old.at, old.at + 2 ** old.log2 * slotInts);
  const newWords = growSlots(memory, old, slots, sums, free);
  return { type: 'slots', slots, newWords, journalAt: end, entries: 0, free };
}

function slotsOf({ floats }: TableMemory, active: number): Slots {
  return { at: floats[active + block.slotsAt] ?? 0, log2: floats[active + block.slotsLog2] ?? 0 };
}

/** Grows the memory until it includes position `end` - 1. */
export function reach(memory: TableMemory, end: number): TableFull | undefined {
  const neededBytes = end * 4;
  const { limitBytes } = memory;
  const fits = neededBytes <= limitBytes && memory.growTo(Math.min(bytesFor(end), limitBytes));
  return fits ? undefined : { type: 'full', neededBytes, limitBytes };
}
