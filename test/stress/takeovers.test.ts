import { expect, test } from 'vitest';
import type { FaultEvent, HistoryEvent } from '../../src/history/event.ts';
import { Takeovers } from '../../src/stress/takeovers.ts';

let ticket = 0;
const stamp = (atMs: number): { readonly ticket: number; readonly atMs: number } => ({ ticket: (ticket += 1), atMs });

function acquired(atMs: number, member: number, partition: number): HistoryEvent {
  return { ...stamp(atMs), type: 'acquired', group: 'g', member, partition, epoch: 1, nextOffset: 0 };
}

function applied(atMs: number, member: number, partition: number): HistoryEvent {
  const batch = {
    epoch: 1,
    firstOffset: 0,
    lastOffset: 0,
    records: 1,
    words: 1,
    digest: 0n,
    toldBy: 'member',
  } as const;
  return { ...stamp(atMs), type: 'batchApplied', group: 'g', member, partition, ...batch };
}

function fault(
  atMs: number,
  type: 'faultBegun' | 'faultEnded',
  kind: string,
  more: Pick<FaultEvent, 'memberEffect' | 'silent'> = {},
): HistoryEvent {
  return { ...stamp(atMs), type, index: 0, kind, scope: 'member', target: '', group: 'g', members: [1], ...more };
}

function takeovers(...events: readonly HistoryEvent[]): Takeovers['found'] {
  const fold = new Takeovers();
  for (const event of events) fold.add(event);
  return fold.found;
}

test('a takeover lasts from the fault to the first batch of another member', () => {
  const found = takeovers(
    acquired(0, 1, 0),
    acquired(0, 2, 1),
    fault(100, 'faultBegun', 'crash', { memberEffect: 'ends' }),
    fault(100, 'faultEnded', 'crash', { memberEffect: 'ends' }),
    applied(150, 2, 1),
    acquired(900, 3, 0),
    applied(1_000, 3, 0),
    applied(1_100, 3, 0),
  );
  expect(found).toEqual([{ cause: 'crash', tookMs: 900 }]);
});

test('a takeover of a partition without lag begins with its next record', () => {
  const produced = (atMs: number, endOffset: number): HistoryEvent => {
    return { ...stamp(atMs), type: 'produced', partition: 0, endOffset };
  };
  const found = takeovers(
    produced(0, 1),
    acquired(0, 1, 0),
    applied(50, 1, 0),
    fault(100, 'faultBegun', 'crash', { memberEffect: 'ends' }),
    acquired(400, 2, 0),
    produced(30_000, 2),
    applied(30_020, 2, 0),
  );
  expect(found).toEqual([{ cause: 'crash', tookMs: 20 }]);
});

test('an owner that continues is not taken over from', () => {
  const found = takeovers(
    acquired(0, 1, 0),
    fault(100, 'faultBegun', 'stall', { memberEffect: 'stalls' }),
    fault(300, 'faultEnded', 'stall', { memberEffect: 'stalls' }),
    applied(400, 1, 0),
    acquired(9_000, 2, 0),
    applied(9_000, 2, 0),
  );
  expect(found).toEqual([]);
});

test('a takeover from a silent member has a separate cause', () => {
  const found = takeovers(
    acquired(0, 1, 0),
    fault(100, 'faultBegun', 'crash', { memberEffect: 'ends', silent: true }),
    fault(100, 'faultEnded', 'crash', { memberEffect: 'ends', silent: true }),
    acquired(3_000, 2, 0),
    applied(3_200, 2, 0),
  );
  expect(found).toEqual([{ cause: 'crash in silence', tookMs: 3_100 }]);
});
