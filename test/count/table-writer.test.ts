import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import { fence, leaseOwner, readLease } from '../../src/count/lease.ts';
import { recover } from '../../src/count/recovery.ts';
import { SharedTableMemory } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import { contentOf, emptyContent, sumsOf, withBatch, type Batch, type TableContent } from './known-table.ts';
import { Killed, SteppedMemory } from './stepped-memory.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_241_125);

/** A member whose thread can be made to die at a write. */
class Member {
  readonly writer: TableWriter;
  writesLeft = Infinity;
  claims: number | undefined;

  constructor(table: SharedArrayBuffer) {
    const memory = new SteppedMemory(table, (access) => {
      if (access === 'write' && (this.writesLeft -= 1) < 0) throw new Killed();
    });
    this.writer = new TableWriter(memory);
  }
}

interface Real {
  readonly table: SharedArrayBuffer;
  readonly members: Member[];
}

interface Model {
  content: TableContent;
  epoch: number;
  /** Index of the member that holds the lease. */
  owner: number | undefined;
  /** What each member believes: the epoch that it claimed and has neither released nor found to be gone. */
  readonly held: (number | undefined)[];
  refused: number;
}

type TableCommand = fc.Command<Model, Real>;

function expectContent(model: Model, real: Real): void {
  expect(contentOf(real.table)).toEqual(model.content);
  const progress = new TableReader(real.table).progress();
  expect(progress.distinctWords).toBe(model.content.counts.size);
  expect(progress.refused).toBe(model.refused);
  expect(leaseOwner(real.table)).toBe(model.owner);
  expect(readLease(new SharedTableMemory(real.table))).toEqual({
    epoch: model.epoch,
    owner: model.owner,
    applying: false,
  });
}

class Claim implements TableCommand {
  readonly member: number;
  constructor(member: number) {
    this.member = member;
  }
  check = (model: Model): boolean => model.held[this.member] === undefined;
  run(model: Model, real: Real): void {
    const epoch = real.members[this.member]?.writer.claim(this.member);
    if (model.owner === undefined) {
      model.epoch += 1;
      model.owner = this.member;
      model.held[this.member] = model.epoch;
    }
    expect(epoch).toBe(model.held[this.member]);
    expectContent(model, real);
  }
  toString = (): string => `claim by ${this.member}`;
}

class Apply implements TableCommand {
  readonly member: number;
  readonly batch: Batch;
  /** Dies at this write; Infinity for never. */
  readonly writes: number;
  constructor(member: number, batch: Batch, writes: number) {
    this.member = member;
    this.batch = batch;
    this.writes = writes;
  }
  check = (): boolean => true;
  run(model: Model, real: Real): void {
    const member = real.members[this.member];
    if (member === undefined) throw new Error('no such member');
    const owns =
      model.held[this.member] !== undefined && model.held[this.member] === model.epoch && model.owner === this.member;
    const after = withBatch(model.content, this.batch);
    member.writesLeft = this.writes;
    try {
      const result = member.writer.apply(sumsOf(this.batch), { nextOffset: after.nextOffset });
      expect(result).toEqual({ type: owns ? 'applied' : 'fenced' });
      if (owns) model.content = after;
      else {
        model.held[this.member] = undefined;
        model.refused += 1;
      }
      member.writesLeft = Infinity;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.#replace(model, real, { owns, after });
    }
    expectContent(model, real);
  }
  /** The thread is gone: the table is recovered if it was the thread's, and a new member takes its place. */
  #replace(model: Model, real: Real, { owns, after }: { owns: boolean; after: TableContent }): void {
    expect(leaseOwner(real.table)).toBe(model.owner);
    if (owns) {
      const outcome = recover(real.table);
      model.owner = undefined;
      const { nextOffset } = new TableReader(real.table).progress();
      if (outcome === 'replayed') expect(nextOffset).toBe(after.nextOffset);
      if (nextOffset === after.nextOffset) model.content = after;
    } else {
      // It may have died after the refusal was counted, on the way out; there is no such write.
      expect(new TableReader(real.table).progress().refused).toBe(model.refused);
    }
    model.held[this.member] = undefined;
    real.members[this.member] = new Member(real.table);
  }
  toString = (): string => `apply by ${this.member} of ${JSON.stringify(this.batch)}, dying at write ${this.writes}`;
}

class Release implements TableCommand {
  readonly member: number;
  constructor(member: number) {
    this.member = member;
  }
  check = (): boolean => true;
  run(model: Model, real: Real): void {
    const owns = model.owner === this.member && model.held[this.member] === model.epoch;
    expect(real.members[this.member]?.writer.release()).toBe(owns);
    if (owns) model.owner = undefined;
    model.held[this.member] = undefined;
    expectContent(model, real);
  }
  toString = (): string => `release by ${this.member}`;
}

class Fence implements TableCommand {
  readonly member: number;
  constructor(member: number) {
    this.member = member;
  }
  check = (): boolean => true;
  run(model: Model, real: Real): void {
    const owns = model.owner === this.member;
    expect(fence(real.table, this.member)).toBe(owns ? 'fenced' : 'not held');
    if (owns) model.owner = undefined;
    expectContent(model, real);
  }
  toString = (): string => `fence of ${this.member}`;
}

const members = 3;
const member = fc.nat({ max: members - 1 });
const record = fc
  .array(
    fc.nat({ max: 60 }).map((number) => `w${number}`),
    { maxLength: 12 },
  )
  .map((words) => words.join(' '));
const batch = fc.array(record, { minLength: 1, maxLength: 4 });
const commands = fc.commands<Model, Real>(
  [
    member.map((number) => new Claim(number)),
    fc.tuple(member, batch).map((parts) => new Apply(...parts, Infinity)),
    fc.tuple(member, batch).map((parts) => new Apply(...parts, Infinity)),
    fc.tuple(member, batch, fc.nat({ max: 300 })).map((parts) => new Apply(...parts)),
    member.map((number) => new Release(number)),
    member.map((number) => new Fence(number)),
  ],
  { maxCommands: 60 },
);

test('a table equals a Map while members claim, write, die, are fenced, resume late or recover', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      const table = createTable({ nextOffset: 7, limitBytes: 1 << 22, slotsLog2: 2 });
      const real = { table, members: Array.from({ length: members }, () => new Member(table)) };
      const model = { content: emptyContent(7), epoch: 0, owner: undefined, held: [], refused: 0 };
      fc.modelRun(() => ({ model, real }), sequence);
    }),
    { seed, numRuns: 300 },
  );
});

describe('a table that reaches its limit', () => {
  const limitBytes = 1 << 18;

  test('refuses a batch that does not fit, keeps its counts, and still accepts smaller batches', () => {
    const table = createTable({ nextOffset: 0, limitBytes });
    const writer = new TableWriter(table);
    writer.claim(0);
    let content = emptyContent(0);
    let number = 0;
    for (;;) {
      const batch = [Array.from({ length: 500 }, () => `word${(number += 1)}`).join(' ')];
      const after = withBatch(content, batch);
      const result = writer.apply(sumsOf(batch), { nextOffset: after.nextOffset });
      if (result.type === 'applied') {
        content = after;
        continue;
      }
      expect(result).toMatchObject({ type: 'full', limitBytes });
      expect(result.type === 'full' && result.neededBytes > limitBytes).toBe(true);
      break;
    }
    expect(content.counts.size).toBeGreaterThanOrEqual(3000);
    expect(contentOf(table)).toEqual(content);

    const known = ['word1 word2', 'word1'];
    content = withBatch(content, known);
    expect(writer.apply(sumsOf(known), { nextOffset: content.nextOffset })).toEqual({ type: 'applied' });
    expect(contentOf(table)).toEqual(content);
    expect(table.byteLength).toBeLessThanOrEqual(limitBytes);
  });

  test('refuses a word that is larger than the limit', () => {
    const table = createTable({ nextOffset: 0, limitBytes });
    const writer = new TableWriter(table);
    writer.claim(0);
    const result = writer.apply(sumsOf(['x'.repeat(limitBytes)]), { nextOffset: 1 });
    expect(result).toMatchObject({ type: 'full', limitBytes });
    expect(contentOf(table)).toEqual(emptyContent(0));
  });
});

test('words with the same hash are different words', () => {
  // Hashes have 32 bits: among 300,000 words there are about ten pairs, and 2^18 slots make neighbours of many more.
  const words = Array.from({ length: 300_000 }, (_, index) => `${index}`);
  const sums = new BatchSums({ tokenizer: 'unicode' });
  const value = Buffer.from(words.join(' '));
  sums.addRecord(value, 0, value.length);
  const table = createTable({ nextOffset: 0, limitBytes: 1 << 26 });
  const writer = new TableWriter(table);
  writer.claim(0);
  writer.apply(sums, { nextOffset: 1 });
  writer.apply(sums, { nextOffset: 2 });
  const counts = contentOf(table)?.counts;
  expect(counts?.size).toBe(words.length);
  expect(words.every((word) => counts?.get(word) === 2)).toBe(true);
});
