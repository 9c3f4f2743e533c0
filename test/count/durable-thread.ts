import { expect } from 'vitest';
import { ChangedWords, wordRowNumbers, WordRows } from '../../src/count/changed-words.ts';
import { DurableCells } from '../../src/count/durable-cells.ts';
import { cell, createDurableCells, pair, pairPosition } from '../../src/count/durable-layout.ts';
import { findKey } from '../../src/count/find-slot.ts';
import { wordAt } from '../../src/count/keys.ts';
import { block, blockAt, control, createTable } from '../../src/count/layout.ts';
import { SharedTableMemory, type TableMemory } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableEmptied } from '../../src/count/table-snapshot.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { topWords } from '../../src/count/top-words.ts';
import { copyTable, slowPace, sumsOf, withBatch, type Batch, type TableContent } from './known-table.ts';
import { Killed, SteppedMemory, type Access } from './stepped-memory.ts';

/** The shared memory of one durable table. */
export interface DurableTable {
  readonly table: SharedArrayBuffer;
  readonly cells: SharedArrayBuffer;
}

export function createDurable(nextOffset: number): DurableTable {
  return {
    table: createTable({ nextOffset, limitBytes: 1 << 21, slotsLog2: 2 }),
    cells: createDurableCells({ limitBytes: 1 << 20 }),
  };
}

export function copyDurable({ table, cells }: DurableTable): DurableTable {
  return { table: copyTable(table), cells: copyTable(cells) };
}

/** A member's thread with its private memory, which `step` can interrupt before every access. */
export class DurableThread {
  readonly writer: TableWriter;
  readonly cells: DurableCells;
  readonly changed: ChangedWords;

  constructor({ table, cells }: DurableTable, step: (access: Access) => void) {
    const memory = new SteppedMemory(table, step);
    this.cells = new DurableCells(new SteppedMemory(cells, step));
    this.writer = new TableWriter(memory, undefined, this.cells, slowPace);
    this.changed = new ChangedWords(3, memory, this.cells);
  }
}

/** A thread that owns the table. @param step - called before every write from then on */
export function ownerThread(durable: DurableTable, step: () => void = () => undefined): DurableThread {
  let claimed = false;
  const thread = new DurableThread(durable, (access) => {
    if (claimed && access === 'write') step();
  });
  expect(thread.writer.claim(1)).toBeDefined();
  claimed = true;
  return thread;
}

/** @returns the content after the batch */
export function applyBatch({ writer }: DurableThread, content: TableContent, batch: Batch): TableContent {
  const after = withBatch(content, batch);
  expect(writer.apply(sumsOf(batch), { nextOffset: after.nextOffset })).toEqual({ type: 'applied' });
  return after;
}

/** @returns the words of the commit */
export function commit({ cells, changed }: DurableThread): Map<string, number> {
  cells.begin();
  changed.capture();
  const words = writtenWords(changed);
  cells.completed();
  return words;
}

/** @returns whether `run` was killed */
export function dies(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}

/** Reads the captured words in chunks of at most three. */
export function writtenWords(changed: ChangedWords): Map<string, number> {
  const target = new WordRows({ rows: 3, ints: 12 });
  const words = new Map<string, number>();
  for (let rows = changed.write(target); rows > 0; rows = changed.write(target)) {
    const bytes = Buffer.from(target.bytes);
    for (let row = 0; row < rows; row += 1) {
      const at = row * wordRowNumbers;
      const [partition, keyStart = 0, keyLength = 0, valueStart = 0, valueLength] = target.rows.subarray(at, at + 5);
      if (partition !== 3 || valueLength !== 8) throw new Error('not a row of a count');
      const word = bytes.toString('utf8', keyStart, keyStart + keyLength);
      words.set(word, Number(bytes.readBigInt64BE(valueStart)));
    }
  }
  return words;
}

/** @returns the words of both sets, without those that the table does not have */
export function notedWords({ table, cells }: DurableTable): Set<string> {
  const memory = new SharedTableMemory(table);
  const pairs = new SharedTableMemory(cells).ints;
  const active = blockAt(memory.load(control.activeBlock));
  const slots = { at: memory.floats[active + block.slotsAt] ?? 0, log2: memory.floats[active + block.slotsLog2] ?? 0 };
  const words = new Set<string>();
  for (const set of [0, 1]) {
    for (let index = 0; index < (pairs[cell.sizes + set] ?? 0); index += 1) {
      const at = pairPosition(set, index);
      const keyRef = pairs[at + pair.keyRef] ?? 0;
      const slotAt = findKey(memory, slots, pairs[at + pair.hash] ?? 0, keyRef);
      if (slotAt !== undefined) words.add(wordAt(memory.bytes, keyRef));
    }
  }
  return words;
}

/** @returns words whose counts differ although they are not noted */
export function missedWords(
  durable: DurableTable,
  now: ReadonlyMap<string, number>,
  committed: ReadonlyMap<string, number>,
): string[] {
  const noted = notedWords(durable);
  return [...now].filter(([word, count]) => committed.get(word) !== count && !noted.has(word)).map(([word]) => word);
}

/** @returns the counts that a reader lists; undefined when it can't, or when the table is emptied meanwhile */
export function listedCounts(memory: TableMemory): Map<string, number> | undefined {
  try {
    const words = topWords([new TableReader(memory)], Infinity);
    return words && new Map([...words.entries].map(({ word, count }) => [word, count]));
  } catch (error) {
    if (error instanceof TableEmptied) return undefined;
    throw error;
  }
}
