import { DurableCells } from '../../src/count/durable-cells.ts';
import { TableWriter } from '../../src/count/table-writer.ts';
import type { BatchConsumer } from '../../src/kafka/native/consumer.ts';
import type { TransactionError } from '../../src/kafka/native/transaction-error.ts';
import { DurableCommits, type DurableClient } from '../../src/member/durable-commits.ts';
import type { OwnedPartition } from '../../src/member/owned-partition.ts';
import type { Partition } from '../../src/protocol/ids.ts';
import { createDurable } from '../count/durable-thread.ts';
import { sumsOf } from '../count/known-table.ts';

type Call = Exclude<keyof DurableClient['producer'], 'queued' | 'delivered' | 'lastOffset' | 'poll' | 'produce'>;

/** Commits of one partition over a producer whose calls are answered only as the test says. */
export function commitsOf({
  partition = 0,
  changedWordsMax = 100,
}: { readonly partition?: number; readonly changedWordsMax?: number } = {}) {
  const log: string[] = [];
  const time = { ms: 0 };
  /** Calls without an answer so far, and those that fail. */
  const unanswered = new Set<Call>();
  const failures = new Map<Call, TransactionError>();
  const queue = { records: 0, roomFor: Infinity, delivered: 0 };
  const answer = (call: Call): boolean => {
    log.push(call);
    const failure = failures.get(call);
    failures.delete(call);
    if (failure !== undefined) throw failure;
    return !unanswered.has(call);
  };
  const producer: DurableClient['producer'] = {
    initialise: () => answer('initialise'),
    begin: () => void answer('begin'),
    produce: (_bytes, _rows, from, to) => {
      const count = Math.min(to - from, queue.roomFor);
      queue.records += count;
      queue.roomFor -= count;
      return count;
    },
    poll: () => undefined,
    get queued() {
      return queue.records;
    },
    get delivered() {
      return queue.delivered;
    },
    lastOffset: () => 41,
    sendOffsets: (_consumer, positions) => {
      log.push(JSON.stringify(positions.map(({ partition: each, offset }) => [each, offset])));
      return answer('sendOffsets');
    },
    commit: () => answer('commit'),
    abort: () => answer('abort'),
  };
  const { table, cells: buffer } = createDurable(0);
  const cells = new DurableCells(buffer);
  const writer = new TableWriter(table, undefined, cells);
  writer.claim(1);
  const owned = new Map<number, OwnedPartition>([
    [partition, { partition: partition as Partition, table, writer, cells }],
  ]);
  const group = { generation: 1 };
  const consumer = { topicId: () => '', generation: () => group.generation } as unknown as BatchConsumer;
  const commits = new DurableCommits({
    ...{ producer, consumer, writer: 7, intervalMs: 1_000, owned, changedWordsMax },
    clock: () => time.ms,
  });
  const count = (words: string): void => {
    writer.apply(sumsOf([words]), { nextOffset: writer.nextOffset + 1 });
  };
  /** One turn. @returns the calls of the turn */
  const turn = (hurry = false): string[] => {
    log.length = 0;
    commits.run(() => [], hurry);
    return [...log];
  };
  const deliver = (): void => {
    queue.delivered += queue.records;
    queue.records = 0;
  };
  return { commits, cells, group, time, unanswered, failures, queue, count, turn, deliver };
}
