import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../src/history/event.ts';
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
  members: readonly number[],
): HistoryEvent {
  return { ...stamp(atMs), type, index: 0, kind, scope: 'member', target: '', group: 'g', members };
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
    fault(100, 'faultBegun', 'crash', [1]),
    fault(100, 'faultEnded', 'crash', [1]),
    applied(150, 2, 1),
    acquired(900, 3, 0),
    applied(1_000, 3, 0),
    applied(1_100, 3, 0),
  );
  expect(found).toEqual([{ cause: 'crash', tookMs: 900 }]);
});

test('a partition without records waits for nobody until there is one', () => {
  const produced = (atMs: number, endOffset: number): HistoryEvent => {
    return { ...stamp(atMs), type: 'produced', partition: 0, endOffset };
  };
  const found = takeovers(
    produced(0, 1),
    acquired(0, 1, 0),
    applied(50, 1, 0),
    fault(100, 'faultBegun', 'crash', [1]),
    acquired(400, 2, 0),
    produced(30_000, 2),
    applied(30_020, 2, 0),
  );
  expect(found).toEqual([{ cause: 'crash', tookMs: 20 }]);
});

test('an owner that goes on by itself was not taken over from', () => {
  const found = takeovers(
    acquired(0, 1, 0),
    fault(100, 'faultBegun', 'stall', [1]),
    fault(300, 'faultEnded', 'stall', [1]),
    applied(400, 1, 0),
    acquired(9_000, 2, 0),
    applied(9_000, 2, 0),
  );
  expect(found).toEqual([]);
});
