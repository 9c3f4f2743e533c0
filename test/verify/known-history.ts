import type { HistoryEvent } from '../../src/history/event.ts';
import { allChecks } from '../../src/verify/all-checks.ts';
import type { CheckContext, CheckName, CheckResult, Evidence, RestEvidence, Totals } from '../../src/verify/check.ts';
import { verifyHistory } from '../../src/verify/history-verifier.ts';
import { recordDigest } from '../../src/workload/record-digest.ts';

export const group = 'A';
export const context: CheckContext = {
  group,
  beginOffsets: [0, 0],
  bounds: { leaveMs: 1_000, deathMs: 2_000, stuckMs: 4_000 },
  silenceMs: 5_000,
  commitAnswerMs: 1_000,
};

type WithoutStamp<Event> = Event extends HistoryEvent ? Omit<Event, 'ticket' | 'atMs' | 'group'> : never;
/** An event, with its time when that matters. */
export type RecordedEvent = WithoutStamp<HistoryEvent> & { readonly at?: number };

/**
 * Tickets in the order of the list, times from `at` on, a millisecond apart where none is given.
 */
export function history(events: readonly RecordedEvent[]): HistoryEvent[] {
  let atMs = 0;
  return events.map(({ at, ...event }, index) => {
    atMs = at ?? atMs + 1;
    return { group, ...event, ticket: index + 1, atMs } as unknown as HistoryEvent;
  });
}

/** The digest of records of 10 bytes at all offsets from first to last. */
export function digestOf(partition: number, first: number, last: number): bigint {
  let sum = 0n;
  for (let offset = first; offset <= last; offset += 1) sum += recordDigest(partition, offset, 10);
  return BigInt.asUintN(64, sum);
}

/** Counts of these records: two words each, 20 different ones. */
export function totalsOf(first: number, last: number, partition = 0): Totals {
  const records = last - first + 1;
  const counts = { records, nullRecords: 0, words: 2 * records, distinctWords: 20, bytes: 10 * records };
  return { ...counts, digest: digestOf(partition, first, last) };
}

/** A dense batch of records of 10 bytes and two words. */
export function batch(member: number, epoch: number, first: number, last: number, partition = 0): RecordedEvent {
  const records = last - first + 1;
  return {
    type: 'batchApplied',
    member,
    partition,
    epoch,
    firstOffset: first,
    lastOffset: last,
    records,
    words: 2 * records,
    digest: digestOf(partition, first, last),
    toldBy: 'member',
  };
}

/** Partition 0 was counted to `end`, exclusive, and the topic holds just that. */
export function evidenceTo(end: number): Evidence {
  const totals = totalsOf(0, end - 1);
  return {
    partitions: [
      {
        partition: 0,
        table: { ...totals, nextOffset: end },
        read: { ...totals, ranges: [{ begin: 0, end }] },
        endOffset: end,
        committedOffset: end,
        acknowledged: end,
      },
    ],
    words: { differing: 0, differences: [] },
  };
}

export const part0 = { partition: 0, owner: 1, nextOffset: 10, endOffset: 10 } as const;
export const part1 = { partition: 1, owner: 2, nextOffset: 20, endOffset: 20 } as const;
export const firstMember = { member: 1, phase: 'assigned', partitions: [0] } as const;
export const secondMember = { member: 2, phase: 'assigned', partitions: [1] } as const;
export const thirdMember = { member: 3, phase: 'standby', partitions: [] } as const;
export const atRest: RestEvidence = {
  partitions: [part0, part1],
  members: [firstMember, secondMember, thirdMember],
};

/** Result of one check for a history. */
export function result(name: CheckName, events: readonly RecordedEvent[], evidence: Evidence = {}): CheckResult {
  const found = verifyHistory(history(events), context, evidence, allChecks).find((check) => check.name === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
}
