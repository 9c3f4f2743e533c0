import { describe, expect, test } from 'vitest';
import { recover } from '../../src/count/recovery.ts';
import { countRecord, sumsOfRecords } from '../count/changelog-rows.ts';
import {
  applyBatch,
  commit,
  copyDurable,
  createDurable,
  dies,
  listedCounts,
  missedWords,
  ownerThread,
  type DurableTable,
  type DurableThread,
} from '../count/durable-thread.ts';
import { contentOf, emptyContent, withBatch, type Batch, type TableContent } from '../count/known-table.ts';
import { Killed, SteppedMemory } from '../count/stepped-memory.ts';

const committed = withBatch(emptyContent(0), ['to be or', 'not to be']);
const dirty: Batch = ['to dream', 'be that'];
const last: Batch = ['that is the question', 'to be'];

interface Case {
  readonly name: string;
  /** Runs after the first commit. @returns the content of the table */
  readonly setUp: (thread: DurableThread) => TableContent;
  readonly run: (thread: DurableThread) => void;
  /** What the table contains after `run`; as before by default. */
  readonly after?: TableContent;
  /** What the changelog contains after `run`, or after the table has changed. */
  readonly committedAfter?: TableContent;
}

function restore({ writer }: DurableThread, { counts, nextOffset, records, words }: TableContent): void {
  const { sums } = sumsOfRecords([...counts].map((parts) => countRecord(...parts)));
  const totals = { nextOffset, records, words, nullRecords: 0, bytes: 0, digestLow: 0, digestHigh: 0 };
  expect(writer.restore(sums, totals)).toEqual({ type: 'applied' });
}

const clean = (): TableContent => committed;
const withDirty = (thread: DurableThread): TableContent => applyBatch(thread, committed, dirty);
const inFlight = (thread: DurableThread): TableContent => {
  const content = withDirty(thread);
  thread.cells.begin();
  return content;
};
const dirtyContent = withBatch(committed, dirty);
const followed = withBatch(committed, ['to sleep', 'no more']);
const grown = withBatch(committed, ['whether tis nobler in the mind to suffer']);

const cases: Case[] = [
  ...[
    ['known words', clean, ['to be', 'or']] as const,
    ['noted words', withDirty, ['dream that']] as const,
    ['known and new words', withDirty, ['to sleep', 'be']] as const,
    ['words in flight', inFlight, ['to dream', 'sleep']] as const,
    ['more words than slots', withDirty, ['whether tis nobler in the mind to suffer', 'the slings']] as const,
    ['no word', withDirty, ['']] as const,
  ].map(([name, setUp, batch]) => ({
    name: `a batch with ${name}`,
    setUp,
    run: (thread: DurableThread) => void applyBatch(thread, emptyContent(thread.writer.nextOffset), batch),
    after: withBatch(setUp === clean ? committed : dirtyContent, batch),
  })),
  {
    name: 'a begin',
    setUp: withDirty,
    run: ({ cells }) => {
      cells.begin();
    },
  },
  {
    name: 'a begin after a failed commit',
    setUp: (thread) => applyBatch(thread, inFlight(thread), ['to sleep']),
    run: ({ cells }) => {
      cells.begin();
    },
  },
  {
    name: 'a completed commit',
    setUp: inFlight,
    run: ({ cells }) => {
      cells.completed();
    },
    committedAfter: dirtyContent,
  },
  {
    name: 'a restore of known and new words',
    setUp: clean,
    run: (thread) => {
      restore(thread, followed);
    },
    after: followed,
    committedAfter: followed,
  },
  {
    name: 'a restore of more words than slots',
    setUp: clean,
    run: (thread) => {
      restore(thread, grown);
    },
    after: grown,
    committedAfter: grown,
  },
  {
    name: 'a reset',
    setUp: withDirty,
    run: ({ writer }) => {
      expect(writer.reset(40)).toEqual({ type: 'applied' });
    },
    after: emptyContent(40),
    committedAfter: emptyContent(40),
  },
];

interface Prepared {
  readonly durable: DurableTable;
  /** The thread that has released the table. */
  readonly first: DurableThread;
  readonly before: TableContent;
}

/** The table after the first commit and `setUp`. */
function prepared({ setUp }: Case): Prepared {
  const durable = createDurable(0);
  const thread = ownerThread(durable);
  applyBatch(thread, emptyContent(0), ['to be or', 'not to be']);
  expect(commit(thread)).toEqual(committed.counts);
  const before = setUp(thread);
  thread.writer.release();
  expect(contentOf(durable.table)).toEqual(before);
  return { durable, first: thread, before };
}

/** The next owner counts and commits: what it writes completes the changelog. */
function expectNextCommit(
  durable: DurableTable,
  next: DurableThread,
  { content, changelog }: { readonly content: TableContent; readonly changelog: TableContent },
): void {
  expect(missedWords(durable, content.counts, changelog.counts)).toEqual([]);
  const after = applyBatch(next, content, last);
  const words = commit(next);
  expect(new Map([...changelog.counts, ...words])).toEqual(after.counts);
  expect(next.cells.changed).toBe(0);
  expect(contentOf(durable.table)).toEqual(after);
}

describe.each(cases)('$name', (each) => {
  const { durable, before } = prepared(each);
  const { run, after = before, committedAfter } = each;
  const countWrites = (): number => {
    let writes = 0;
    run(ownerThread(copyDurable(durable), () => (writes += 1)));
    return writes;
  };

  test.each(['a new thread', 'the thread that owned it before'])(
    'is whole or not at all and no changed word is missed, at whichever write its thread ends, and %s continues',
    (next) => {
      const seen = new Set<TableContent>();
      const writes = countWrites();
      for (let point = 0; point < writes; point += 1) {
        const { durable: crashed, first } = prepared(each);
        let left = point;
        const victim = ownerThread(crashed, () => {
          if ((left -= 1) < 0) throw new Killed();
        });
        expect(
          dies(() => {
            run(victim);
          }),
        ).toBe(true);
        recover(crashed.table);
        const content = contentOf(crashed.table);
        const reached = [before, after].find(({ nextOffset }) => nextOffset === content?.nextOffset);
        expect(content).toEqual(reached);
        seen.add(reached ?? before);
        const isCommitted = committedAfter !== undefined && (reached === after || after === before);
        if (next !== 'a new thread') first.writer.claim(2);
        expectNextCommit(crashed, next === 'a new thread' ? ownerThread(crashed) : first, {
          content: reached ?? before,
          changelog: isCommitted ? committedAfter : committed,
        });
      }
      expect(seen).toEqual(new Set([before, after]));
    },
  );

  test('shows readers the table before or after it, at each of its writes', () => {
    const table = copyDurable(durable);
    let readings = 0;
    const thread = ownerThread(table, () => {
      const content = contentOf(table.table);
      if (content === undefined) return;
      readings += 1;
      expect([before, after]).toContainEqual(content);
    });
    run(thread);
    expect(contentOf(table.table)).toEqual(after);
    expect(readings).toBeGreaterThan(0);
  });

  test('shows a reader that it interrupts the table before or after it, or nothing', () => {
    for (let point = 0; ; point += 1) {
      const table = copyDurable(durable);
      let left = point;
      const memory = new SteppedMemory(table.table, () => {
        if ((left -= 1) >= 0 || left < -1) return;
        const thread = ownerThread(table);
        run(thread);
        thread.writer.release();
      });
      const counts = listedCounts(memory);
      if (counts !== undefined) expect([before.counts, after.counts]).toContainEqual(counts);
      if (left >= 0) break;
    }
  });
});
