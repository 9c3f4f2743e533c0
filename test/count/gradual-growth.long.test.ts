import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualPace, type GrowthPace } from '../../src/count/gradual-growth.ts';
import { block, blockAt, control, createTable } from '../../src/count/layout.ts';
import { fence } from '../../src/count/lease.ts';
import { recover } from '../../src/count/recovery.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { countRecord, sumsOfRecords } from './changelog-rows.ts';
import { contentOf, emptyContent, slowPace, sumsOf, withBatch, type Batch, type TableContent } from './known-table.ts';
import { Killed, SteppedMemory, type Access } from './stepped-memory.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_129);

/** Each step has a new word and known ones. The table grows from 8 to 64 slots. */
const steps = Array.from({ length: 30 }, (_, number): Batch => [`w${number} w${number >> 1} to`]);
const stepSums = steps.map(sumsOf);
const contents = [emptyContent(0)];
for (const batch of steps) contents.push(withBatch(contents.at(-1) ?? emptyContent(0), batch));

/** A thread that can be interrupted before every access of the step that is armed. */
class Thread {
  readonly writer: TableWriter;
  onAccess: ((access: Access) => void) | undefined;

  constructor(table: SharedArrayBuffer, pace: GrowthPace = slowPace) {
    const memory = new SteppedMemory(table, (access) => this.onAccess?.(access));
    this.writer = new TableWriter(memory, undefined, undefined, pace);
    expect(this.writer.claim(1)).toBeDefined();
  }

  /** Applies steps `from` to `end` - 1. */
  run(from: number, end: number): void {
    for (let number = from; number < end; number += 1) {
      const sums = stepSums[number] ?? expect.fail('no such step');
      expect(this.writer.apply(sums, { nextOffset: number + 1 })).toEqual({ type: 'applied' });
    }
  }
}

/** A table after the first `number` steps, with the thread that has applied them. */
function grown(number: number): { readonly table: SharedArrayBuffer; readonly thread: Thread } {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 20, slotsLog2: 3 });
  const thread = new Thread(table);
  thread.run(0, number);
  return { table, thread };
}

function growthOf(table: SharedArrayBuffer): { readonly growthAt: number; readonly log2: number } {
  const memory = new SharedTableMemory(table);
  const active = blockAt(memory.load(control.activeBlock));
  return { growthAt: memory.floats[active + block.growthAt] ?? 0, log2: memory.floats[active + block.slotsLog2] ?? 0 };
}

/** @returns the number of writes of the step after the first `number` ones */
function writesOf(number: number): number {
  const { thread } = grown(number);
  let writes = 0;
  thread.onAccess = (access) => {
    if (access === 'write') writes += 1;
  };
  thread.run(number, number + 1);
  return writes;
}

const stepNumbers = steps.map((_, number) => number).slice(0, -1);

test('the steps below begin a growth, continue it, and complete it', () => {
  const states = stepNumbers.map((number) => growthOf(grown(number).table));
  expect(states.filter(({ growthAt }) => growthAt > 0).length).toBeGreaterThan(10);
  expect(states.at(-1)?.log2).toBeGreaterThanOrEqual(6);
});

describe.each(stepNumbers)('step %i of a growing table', (number) => {
  const before = contents[number];
  const after = contents[number + 1];
  const writes = writesOf(number);

  test('is applied as a whole or not at all, whichever write its thread ends at', () => {
    for (let point = 0; point < writes; point += 1) {
      const { table, thread } = grown(number);
      let left = point;
      thread.onAccess = (access) => {
        if (access === 'write' && left-- === 0) throw new Killed();
      };
      expect(() => {
        thread.run(number, number + 1);
      }).toThrow(Killed);
      recover(table);
      const { nextOffset } = new TableReader(table).progress();
      expect(contentOf(table)).toEqual(nextOffset === number ? before : after);
      new Thread(table).run(nextOffset, steps.length);
      expect(contentOf(table)).toEqual(contents.at(-1));
    }
  });

  test('is visible as a whole or not at all to a reader at any of its writes, and not fenced within it', () => {
    for (let point = 0; point < writes; point += 1) {
      const { table, thread } = grown(number);
      let left = point;
      let seen: TableContent | undefined;
      thread.onAccess = (access) => {
        if (access !== 'write' || left-- !== 0) return;
        seen = contentOf(table);
        if (point > 0) expect(fence(table, 1)).toBe('busy');
      };
      thread.run(number, number + 1);
      if (seen !== undefined) expect([before, after]).toContainEqual(seen);
      expect(contentOf(table)).toEqual(after);
    }
  });

  test('is visible as a whole or not at all to a reader that it interrupts', () => {
    for (let point = 0; ; point += 1) {
      const { table, thread } = grown(number);
      let left = point;
      const memory = new SteppedMemory(table, () => {
        if (left-- === 0) thread.run(number, number + 1);
      });
      const snapshot = new TableReader(memory).snapshot() ?? expect.fail('no snapshot');
      const counts = new Map([...snapshot].map(({ word, count }) => [word, count]));
      expect([before?.counts, after?.counts]).toContainEqual(counts);
      if (left >= 0) break;
    }
  });
});

type Action =
  | { readonly type: 'batch'; readonly batch: Batch; /** Ends its thread at this write. */ readonly writes: number }
  | { readonly type: 'restore'; readonly words: readonly number[] }
  | { readonly type: 'reset' }
  | { readonly type: 'hand over' };

const word = fc.nat({ max: 400 });
const batch = fc.array(word, { maxLength: 12 }).map((words): Batch => [words.map((number) => `w${number}`).join(' ')]);
const type = <Type extends string>(name: Type): fc.Arbitrary<Type> => fc.constant(name);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ type: type('batch'), batch, writes: fc.constant(Infinity) }) },
  { weight: 6, arbitrary: fc.record({ type: type('batch'), batch, writes: fc.nat({ max: 400 }) }) },
  { weight: 4, arbitrary: fc.record({ type: type('restore'), words: fc.uniqueArray(word, { maxLength: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ type: type('hand over') }) },
  { weight: 1, arbitrary: fc.record({ type: type('reset') }) },
);
const paces: fc.Arbitrary<GrowthPace> = fc.record({
  fromLog2: fc.constantFrom(2, 3, 5),
  fromLoad: fc.constantFrom(0.1, 0.4, 0.74),
  untilLoad: fc.constantFrom(0.5, 0.75),
  slotsPerStep: fc.constantFrom(0, 1, 7),
});

class GrowingTable {
  readonly table = createTable({ nextOffset: 0, limitBytes: 1 << 20, slotsLog2: 2 });
  readonly #pace: GrowthPace;
  #thread: Thread;
  content = emptyContent(0);

  constructor(pace: GrowthPace) {
    this.#pace = pace;
    this.#thread = new Thread(this.table, pace);
  }

  run(todo: Action): void {
    switch (todo.type) {
      case 'batch':
        this.#apply(todo.batch, todo.writes);
        break;
      case 'restore': {
        const { sums } = sumsOfRecords(todo.words.map((number) => countRecord(`w${number}`, number + 1)));
        expect(this.#thread.writer.restore(sums)).toEqual({ type: 'applied' });
        const restored = todo.words.map((number): [string, number] => [`w${number}`, number + 1]);
        this.content = { ...this.content, counts: new Map([...this.content.counts, ...restored]) };
        break;
      }
      case 'reset':
        expect(this.#thread.writer.reset(this.content.nextOffset)).toEqual({ type: 'applied' });
        this.content = emptyContent(this.content.nextOffset);
        break;
      case 'hand over':
        expect(this.#thread.writer.release()).toBe(true);
        this.#thread = new Thread(this.table, this.#pace);
    }
  }

  #apply(todo: Batch, writes: number): void {
    const after = withBatch(this.content, todo);
    let left = writes;
    this.#thread.onAccess = (access) => {
      if (access === 'write' && left-- === 0) throw new Killed();
    };
    try {
      expect(this.#thread.writer.apply(sumsOf(todo), { nextOffset: after.nextOffset })).toEqual({ type: 'applied' });
      this.#thread.onAccess = undefined;
      this.content = after;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      recover(this.table);
      if (new TableReader(this.table).progress().nextOffset === after.nextOffset) this.content = after;
      this.#thread = new Thread(this.table, this.#pace);
    }
  }
}

test('a growing table equals a Map while its owners write, restore, empty it, die and follow one another', () => {
  fc.assert(
    fc.property(fc.array(action, { size: 'max', maxLength: 80 }), paces, (actions, pace) => {
      const growing = new GrowingTable(pace);
      for (const todo of actions) {
        growing.run(todo);
        expect(contentOf(growing.table)).toEqual(growing.content);
        expect(new TableReader(growing.table).progress().distinctWords).toBe(growing.content.counts.size);
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('no step of a table that doubles from 4,096 slots to 16,384 writes more than a share of them', () => {
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 22, slotsLog2: 12 });
  const thread = new Thread(table, { ...usualPace, fromLog2: 12, slotsPerStep: 64 });
  let most = 0;
  for (let first = 0; first < 7000; first += 20) {
    let writes = 0;
    thread.onAccess = (access) => {
      if (access === 'write') writes += 1;
    };
    const words = Array.from({ length: 20 }, (_, index) => `w${first + index}`);
    thread.writer.apply(sumsOf([words.join(' ')]), { nextOffset: first + 20 });
    most = Math.max(most, writes);
  }
  expect(growthOf(table).log2).toBe(14);
  // For 20 new words, 85 old slots are copied and 170 new ones are cleared.
  expect(most).toBeLessThan(1500);
});
