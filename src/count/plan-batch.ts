import assert from 'node:assert';
import type { BatchSums } from './batch-sums.ts';
import { FreeMemory } from './free-memory.ts';
import { fillSlots, type GradualGrowth } from './gradual-growth.ts';
import { block, blockAt, blockFloats, bytesFor, control, entryInts, loadMax, slotInts, type Slots } from './layout.ts';
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
  readonly journalAt: number;
  /** One journal entry per word, in the order of `WriterMemory.order`. */
  readonly entries: number;
  readonly newWords: number;
}

/** Private memory of a writer, kept between its steps. */
export interface WriterMemory extends JournalScratch {
  readonly growth: GradualGrowth;
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
  /** Position of the slots that are being filled after the batch, or 0. */
  readonly growthAt: number;
}

/**
 * Prepares a batch in memory that no other thread reads: journal, keys and the inactive block. Once
 * a gradual growth is complete, the journal is one for the new slots. If the slots get too full
 * before that, more slots are filled at once. The caller holds the lease in `applying`.
 */
export function planBatch(
  memory: TableMemory,
  sums: BatchSums,
  place: BatchPlace,
  own: WriterMemory,
): BatchPlan | TableFull {
  const activeBlock = memory.load(control.activeBlock);
  const active = blockAt(activeBlock);
  const plan = planSlots(memory, active, sums, place.epoch, own);
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
  floats[next + block.growthAt] = plan.growthAt;
  plan.free.save(floats, next);
  const { journalAt, entries, newWords } = plan;
  return { type: 'planned', nextBlock, journalAt, entries, newWords };
}

/** Adds modulo 2^64, in halves that a double holds exactly. */
function addDigest(floats: Numbers, next: number, { digestLow, digestHigh }: BatchSums): void {
  const low = (floats[next + block.digestLow] ?? 0) + digestLow;
  const carry = low >= 2 ** 32 ? 1 : 0;
  floats[next + block.digestLow] = low - carry * 2 ** 32;
  floats[next + block.digestHigh] = ((floats[next + block.digestHigh] ?? 0) + digestHigh + carry) % 2 ** 32;
}

function planSlots(
  memory: TableMemory,
  active: number,
  sums: BatchSums,
  epoch: number,
  own: WriterMemory,
): SlotsPlan | TableFull {
  const old = slotsOf(memory, active);
  const to = newSlotsOf(memory, active);
  if (to === undefined || !own.growth.enter(epoch, old, to)) {
    const plan = planInPlace(memory, active, sums, own);
    if (plan !== undefined) return plan;
  }
  if (to !== undefined) {
    own.growth.copy(memory, Infinity);
    const plan = planMoved(memory, active, sums, to, own);
    if (plan !== undefined) return plan;
  }
  return planGrown(memory, active, sums, own);
}

/** @returns undefined when the slots would get too full */
function planInPlace(
  memory: TableMemory,
  active: number,
  sums: BatchSums,
  own: WriterMemory,
): SlotsPlan | TableFull | undefined {
  const { floats } = memory;
  const free = freeMemory(memory, active, sums);
  const slots = slotsOf(memory, active);
  let growthAt = floats[active + block.growthAt] ?? 0;
  let journalAt = free.tailAt;
  if (growthAt === 0 && beginsToGrow(slots, floats[active + block.distinctWords] ?? 0, own.growth)) {
    const end = journalAt + 2 ** (slots.log2 + 1) * slotInts;
    // With room for the keys of many words: memory may be left only for these or for the new slots.
    if (reach(memory, end + sums.keysInts + 2 ** slots.log2) === undefined) {
      growthAt = journalAt;
      journalAt = end;
      free.reserveTo(end);
    }
  }
  return journalIn(memory, active, sums, { slots, free, growthAt, journalAt }, own);
}

function beginsToGrow({ log2 }: Slots, distinctWords: number, { pace }: GradualGrowth): boolean {
  return log2 >= pace.fromLog2 && distinctWords >= 2 ** log2 * pace.fromLoad;
}

/** Changes to the new slots, which are complete. @returns undefined when they would get too full */
function planMoved(
  memory: TableMemory,
  active: number,
  sums: BatchSums,
  slots: Slots,
  own: WriterMemory,
): SlotsPlan | TableFull | undefined {
  const free = freeMemory(memory, active, sums);
  giveBackSlots(free, slotsOf(memory, active));
  return journalIn(memory, active, sums, { slots, free, growthAt: 0, journalAt: free.tailAt }, own);
}

function journalIn(
  memory: TableMemory,
  active: number,
  sums: BatchSums,
  parts: Pick<SlotsPlan, 'slots' | 'free' | 'growthAt' | 'journalAt'>,
  own: WriterMemory,
): SlotsPlan | TableFull | undefined {
  const { slots, free, journalAt } = parts;
  const full = reach(memory, journalAt + sums.distinct * entryInts);
  if (full !== undefined) return full;
  const newWordsMax = Math.floor(2 ** slots.log2 * loadMax) - (memory.floats[active + block.distinctWords] ?? 0);
  const newWords = journalBatch(memory, slots, sums, free, { journalAt, newWordsMax }, own);
  if (newWords === undefined) return undefined;
  return { type: 'slots', ...parts, newWords, entries: sums.distinct };
}

/** Fills more slots at once, in new memory, and changes to them. */
function planGrown(memory: TableMemory, active: number, sums: BatchSums, own: WriterMemory): SlotsPlan | TableFull {
  const free = freeMemory(memory, active, sums);
  const old = slotsOf(memory, active);
  const abandoned = newSlotsOf(memory, active);
  const distinctWordsMax = (memory.floats[active + block.distinctWords] ?? 0) + sums.distinct;
  let log2 = old.log2 + 1;
  while (2 ** log2 * loadMax < distinctWordsMax) log2 += 1;
  const slots = { at: free.tailAt, log2 };
  const end = slots.at + 2 ** log2 * slotInts;
  const full = reach(memory, end);
  if (full !== undefined) return full;
  free.reserveTo(end);
  giveBackSlots(free, old);
  if (abandoned !== undefined) giveBackSlots(free, abandoned);
  fillSlots(memory, old, slots);
  const plan = journalIn(memory, active, sums, { slots, free, growthAt: 0, journalAt: end }, own);
  assert(plan !== undefined, 'the slots are for all words of the batch');
  return plan;
}

function freeMemory({ floats, limitBytes }: TableMemory, active: number, { keysInts }: BatchSums): FreeMemory {
  return new FreeMemory(floats, active, keysInts, limitBytes / 4);
}

function giveBackSlots(free: FreeMemory, { at, log2 }: Slots): void {
  free.giveBack(at, at + 2 ** log2 * slotInts);
}

export function slotsOf({ floats }: TableMemory, active: number): Slots {
  return { at: floats[active + block.slotsAt] ?? 0, log2: floats[active + block.slotsLog2] ?? 0 };
}

/** @returns the slots that are being filled; undefined when the table does not grow */
export function newSlotsOf({ floats }: TableMemory, active: number): Slots | undefined {
  const at = floats[active + block.growthAt] ?? 0;
  return at === 0 ? undefined : { at, log2: (floats[active + block.slotsLog2] ?? 0) + 1 };
}

/** Grows the memory until it includes position `end` - 1. */
export function reach(memory: TableMemory, end: number): TableFull | undefined {
  const neededBytes = end * 4;
  const { limitBytes } = memory;
  const fits = neededBytes <= limitBytes && memory.growTo(Math.min(bytesFor(end), limitBytes));
  return fits ? undefined : { type: 'full', neededBytes, limitBytes };
}
