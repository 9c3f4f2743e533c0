import type fc from 'fast-check';
import { expect } from 'vitest';
import { recover } from '../../src/count/recovery.ts';
import { leaseOwner } from '../../src/count/lease.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { countRecord, sumsOfRecords } from './changelog-rows.ts';
import { dies, DurableThread, missedWords, writtenWords, type DurableTable } from './durable-thread.ts';
import { contentOf, emptyContent, sumsOf, withBatch, type Batch, type TableContent } from './known-table.ts';
import { Killed } from './stepped-memory.ts';

/** A member whose thread can be made to die at a write. It keeps its private memory between two claims. */
export class Member {
  readonly thread: DurableThread;
  writesLeft = Infinity;

  constructor(durable: DurableTable) {
    this.thread = new DurableThread(durable, (access) => {
      if (access === 'write' && (this.writesLeft -= 1) < 0) throw new Killed();
    });
  }
}

export interface Real {
  readonly durable: DurableTable;
  readonly members: Member[];
  /** Counts what was run. */
  readonly ran: (name: string) => void;
}

export interface Model {
  content: TableContent;
  /** What the changelog contains: the table after the last completed commit. */
  committed: TableContent;
  /** The changelog: the words of completed commits, in order. */
  readonly changelog: (readonly [word: string, count: number])[];
  owner: number | undefined;
  /** The table after the last begin, if its commit has not ended. */
  flight: TableContent | undefined;
  /** True after a reset, until all of the changelog is restored. */
  restoring: boolean;
}

export type Command = fc.Command<Model, Real>;

function expectExact(model: Model, { durable }: Real): void {
  expect(contentOf(durable.table)).toEqual(model.content);
  expect(new TableReader(durable.table).progress().distinctWords).toBe(model.content.counts.size);
  if (!model.restoring) {
    expect(missedWords(durable, model.content.counts, model.committed.counts)).toEqual([]);
  }
}

function totalsOf({ nextOffset, records, words }: TableContent) {
  return { nextOffset, records, nullRecords: 0, bytes: 0, words, digestLow: 0, digestHigh: 0 };
}

/** An operation of the owner, which may die at one of its writes. */
abstract class OwnerCommand implements Command {
  readonly writes: number;
  constructor(writes: number) {
    this.writes = writes;
  }
  check = (model: Model): boolean => model.owner !== undefined && this.applies(model);
  run(model: Model, real: Real): void {
    const owner = model.owner ?? expect.fail('no owner');
    const member = real.members[owner] ?? expect.fail('no such member');
    member.writesLeft = this.writes;
    const died = dies(() => {
      this.perform(model, member.thread, real);
    });
    member.writesLeft = Infinity;
    real.ran(`${this.constructor.name}${died ? ' died' : ''}`);
    if (died) {
      expect(leaseOwner(real.durable.table)).toBe(owner);
      recover(real.durable.table);
      this.died(model, new TableReader(real.durable.table).progress().nextOffset);
      model.owner = undefined;
      model.flight = undefined;
      real.members[owner] = new Member(real.durable);
    }
    expectExact(model, real);
  }
  abstract applies(model: Model): boolean;
  abstract perform(model: Model, thread: DurableThread, real: Real): void;
  /** @param nextOffset - of the recovered table */
  abstract died(model: Model, nextOffset: number): void;
  toString = (): string => `${this.constructor.name}, dying at write ${this.writes}`;
}

export class Apply extends OwnerCommand {
  readonly batch: Batch;
  constructor(writes: number, batch: Batch) {
    super(writes);
    this.batch = batch;
    this.toString = () => `apply ${JSON.stringify(batch)} dying at write ${writes}`;
  }
  applies = (model: Model): boolean => !model.restoring;
  perform(model: Model, { writer }: DurableThread): void {
    const after = withBatch(model.content, this.batch);
    expect(writer.apply(sumsOf(this.batch), { nextOffset: after.nextOffset })).toEqual({ type: 'applied' });
    model.content = after;
  }
  died(model: Model, nextOffset: number): void {
    if (nextOffset !== model.content.nextOffset) model.content = withBatch(model.content, this.batch);
  }
}

export class Begin extends OwnerCommand {
  applies = (model: Model): boolean => !model.restoring && model.flight === undefined;
  perform(model: Model, { cells, changed }: DurableThread): void {
    cells.begin();
    changed.capture();
    model.flight = model.content;
  }
  died(): void {
    // The sets are as before or as after, and no commit was begun.
  }
}

export class Complete extends OwnerCommand {
  applies = (model: Model): boolean => model.flight !== undefined;
  perform(model: Model, { cells, changed }: DurableThread): void {
    const words = writtenWords(changed);
    model.committed = model.flight ?? expect.fail('no commit in flight');
    for (const each of words) model.changelog.push(each);
    expect(new Map(model.changelog)).toEqual(model.committed.counts);
    cells.completed();
    model.flight = undefined;
  }
  died(): void {
    // Its records are in the changelog, whether the words are noted still or not.
  }
}

export class Fail extends OwnerCommand {
  applies = (model: Model): boolean => model.flight !== undefined;
  perform(model: Model): void {
    model.flight = undefined;
  }
  died(): void {
    expect.fail('no write');
  }
}

/** A commit of another process, which this one follows. */
export class Follow extends OwnerCommand {
  readonly batch: Batch;
  constructor(writes: number, batch: Batch) {
    super(writes);
    this.batch = batch;
  }
  applies = (model: Model): boolean =>
    !model.restoring && model.flight === undefined && model.content === model.committed;
  perform(model: Model, { writer }: DurableThread): void {
    const after = withBatch(model.committed, this.batch);
    const words = [...after.counts].filter(([word, count]) => model.committed.counts.get(word) !== count);
    for (const each of words) model.changelog.push(each);
    model.committed = after;
    const { sums } = sumsOfRecords(words.map((parts) => countRecord(...parts)));
    expect(writer.restore(sums, totalsOf(after))).toEqual({ type: 'applied' });
    model.content = after;
  }
  died(model: Model, nextOffset: number): void {
    if (nextOffset === model.committed.nextOffset) model.content = model.committed;
    // The process does not know how far it is.
    else model.restoring = true;
  }
}

/** Beyond all other offsets: its distance is the progress of a restore. */
const restoreOffset = 1_000_000;

/** Empties the table, and restores all of the changelog in steps of three records. */
export class RestoreAll extends OwnerCommand {
  #states: TableContent[] = [];
  applies = (model: Model): boolean => model.flight === undefined;
  perform(model: Model, { writer, cells }: DurableThread, real: Real): void {
    model.restoring = true;
    this.#states = [model.content, emptyContent(restoreOffset)];
    expect(writer.reset(restoreOffset)).toEqual({ type: 'applied' });
    expect(cells.changed).toBe(0);
    expect(contentOf(real.durable.table)).toEqual(this.#states[1]);
    for (let from = 0; from < model.changelog.length; from += 3) {
      const words = model.changelog.slice(from, from + 3);
      const nextOffset = restoreOffset + 1 + from;
      const counts = new Map([...(this.#states.at(-1)?.counts ?? []), ...words]);
      this.#states.push({ ...emptyContent(nextOffset), counts });
      this.#restore(writer, words, emptyContent(nextOffset));
    }
    expect(this.#states.at(-1)?.counts).toEqual(model.committed.counts);
    this.#states.push(model.committed);
    this.#restore(writer, [], model.committed);
    model.content = model.committed;
    model.restoring = false;
  }
  died(model: Model, nextOffset: number): void {
    const reached = this.#states.find((state) => state.nextOffset === nextOffset);
    model.content = reached ?? expect.fail('neither before nor after a step');
  }
  #restore(writer: DurableThread['writer'], words: Model['changelog'], totals: TableContent): void {
    const { sums } = sumsOfRecords(words.map((parts) => countRecord(...parts)));
    expect(writer.restore(sums, totalsOf(totals))).toEqual({ type: 'applied' });
  }
}

export class Claim implements Command {
  readonly member: number;
  constructor(member: number) {
    this.member = member;
  }
  check = (model: Model): boolean => model.owner === undefined;
  run(model: Model, real: Real): void {
    expect(real.members[this.member]?.thread.writer.claim(this.member)).toBeDefined();
    model.owner = this.member;
  }
  toString = (): string => `claim by ${this.member}`;
}

export class Release implements Command {
  check = (model: Model): boolean => model.owner !== undefined && model.flight === undefined;
  run(model: Model, real: Real): void {
    expect(real.members[model.owner ?? -1]?.thread.writer.release()).toBe(true);
    model.owner = undefined;
  }
  toString = (): string => 'release';
}
