import { expect, test } from 'vitest';
import { recoverTables } from '../../src/cluster/table-registry.ts';
import { BatchSums } from '../../src/count/batch-sums.ts';
import { createTable } from '../../src/count/layout.ts';
import type { CountTable } from '../../src/count/table-memory.ts';
import { TableReader } from '../../src/count/table-reader.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import type { HistoryEvent } from '../../src/history/event.ts';
import { HistoryRecorder, type GroupRecorder } from '../../src/history/history-recorder.ts';
import { MemberHistory } from '../../src/history/member-history.ts';
import { digestOf } from '../../src/history/ring-row.ts';
import type { MemberId } from '../../src/protocol/ids.ts';
import { allChecks } from '../../src/verify/all-checks.ts';
import { verifyHistory } from '../../src/verify/history-verifier.ts';
import { recordDigest } from '../../src/workload/record-digest.ts';
import { dyingMemory, Killed } from '../count/stepped-memory.ts';

const fields = { stride: 4, start: 0, length: 1, partition: 2, offset: 3 } as const;
const value = Buffer.from('to be or not');

/** Records of one value at the offsets from first on. */
function sumsOf(first: number, records: number): BatchSums {
  const sums = new BatchSums({ tokenizer: 'unicode', fields });
  sums.reserve({ valuesBytes: value.length, rowNumbers: records * fields.stride });
  sums.values.set(value);
  for (let index = 0; index < records; index += 1)
    sums.rows.set([0, value.length, 0, first + index], index * fields.stride);
  sums.addRows(0, records);
  return sums;
}

/**
 * Claims, applies two batches of three records, moves past two offsets without records, and
 * releases the table.
 */
function live(
  group: GroupRecorder,
  member: number,
  table: CountTable,
  memory: ReturnType<GroupRecorder['addMember']>,
): void {
  const history = new MemberHistory(memory);
  history.rebalanced('assigned', [0], member);
  const writer = new TableWriter(table, history.tableLog(0));
  expect(writer.claim(member)).toBeDefined();
  for (let batch = 0; batch < 2; batch += 1) {
    const first = writer.nextOffset;
    writer.apply(sumsOf(first, 3), { firstOffset: first, nextOffset: first + 3 });
  }
  writer.apply(sumsOf(0, 0), { nextOffset: writer.nextOffset + 2 });
  writer.release();
  group.record({ type: 'left', member });
}

test('the history equals the table, whichever write a member ends at', () => {
  let recovered = 0;
  let deaths = 0;
  for (let writes = 0; ; writes += 1) {
    const table = createTable({ nextOffset: 0, limitBytes: 1 << 20, slotsLog2: 2 });
    const events: HistoryEvent[] = [];
    const recorder = new HistoryRecorder({ onEvent: (event) => events.push(event) });
    const group = recorder.group('A');
    let died = false;
    try {
      live(group, 1, dyingMemory(table, writes), group.addMember(1));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      died = true;
    }
    recorder.drain();
    group.threadJoined(1);
    recoverTables([table], 1 as MemberId, group);
    group.memberEnded(1);
    live(group, 2, table, group.addMember(2));
    group.threadJoined(2);
    group.memberEnded(2);
    recorder.close();

    const progress = new TableReader(table).progress();
    const offsets = events.flatMap((event) =>
      event.type === 'batchApplied'
        ? Array.from({ length: event.records }, (_, index) => event.firstOffset + index)
        : [],
    );
    const digest = offsets.reduce((sum, offset) => BigInt.asUintN(64, sum + recordDigest(0, offset, value.length)), 0n);
    const ranges = offsets.map((offset) => ({ begin: offset, end: offset + 1 }));
    const words = 4;
    const totals = {
      ...{ records: offsets.length, nullRecords: 0, words: words * offsets.length },
      ...{ distinctWords: offsets.length === 0 ? 0 : words, bytes: value.length * offsets.length },
    };
    const results = verifyHistory(
      events,
      {
        ...{ group: 'A', beginOffsets: [0], silenceMs: Infinity, commitAnswerMs: Infinity },
        bounds: { leaveMs: 1, deathMs: 1, stuckMs: 1 },
      },
      {
        partitions: [
          {
            partition: 0,
            table: { ...progress, digest: digestOf(progress) },
            read: { ...totals, ranges, digest },
          },
        ],
      },
      allChecks,
    );
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    recovered += events.filter((event) => event.type === 'batchApplied' && event.toldBy === 'recovery').length;
    if (!died) break;
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(100);
  expect(recovered).toBeGreaterThan(5);
});
