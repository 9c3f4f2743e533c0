import { expect, test } from 'vitest';
import type { FaultUnderWay } from '../../src/faults/nemesis.ts';
import type { FaultKind } from '../../src/faults/kinds.ts';
import { Takeovers } from '../../src/stress/takeovers.ts';

function fault(kind: FaultKind, members: readonly number[]): FaultUnderWay {
  return { index: 0, planned: { kind, atMs: 0, durationMs: 0, seed: 0 }, target: '', members };
}

test('a takeover lasts from the fault to the first batch of another member', () => {
  const takeovers = new Takeovers();
  takeovers.owned(0, 1);
  takeovers.owned(1, 2);
  takeovers.begun(fault('crash', [1]), 100);
  takeovers.ended(fault('crash', [1]));
  takeovers.applied(0, 1, 110);
  takeovers.applied(1, 2, 150);
  takeovers.applied(0, 3, 1_000);
  takeovers.applied(0, 3, 1_100);
  expect(takeovers.found).toEqual([{ cause: 'crash', tookMs: 900 }]);
});

test('an owner that goes on by itself was not taken over from', () => {
  const takeovers = new Takeovers();
  takeovers.owned(0, 1);
  takeovers.begun(fault('stall', [1]), 100);
  takeovers.ended(fault('stall', [1]));
  takeovers.applied(0, 1, 400);
  takeovers.applied(0, 2, 9_000);
  expect(takeovers.found).toEqual([]);
});
