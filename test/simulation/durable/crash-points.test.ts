import { expect, test } from 'vitest';
import type { FollowerOptions } from '../../../src/member/changelog-follower.ts';
import type { DurableClient } from '../../../src/member/durable-commits.ts';
import { crashDurableAtEveryPoint, type DurableCrashPoints } from './durable-crash-points.ts';
import { ownDurableProduct } from './durable-product.ts';
import { durableSums } from './durable-world.ts';

/**
 * The steps of each call of a commit and of a restore. A call that is added to the program does not
 * compile without its steps here.
 */
const producerSteps: Record<keyof DurableClient['producer'], readonly string[]> = {
  initialise: ['initialise', 'initialise answered'],
  begin: ['begin'],
  produce: ['produce', 'produced'],
  poll: ['delivered'],
  queued: [],
  delivered: [],
  lastOffset: [],
  sendOffsets: ['sendOffsets', 'sendOffsets sent', 'sendOffsets executed', 'sendOffsets answered'],
  commit: ['commit', 'commit sent', 'commit executed', 'commit answered'],
  abort: ['abort', 'abort sent', 'abort executed', 'abort answered'],
};
const readerSteps: Record<keyof FollowerOptions['reader'], readonly string[]> = {
  assign: ['follow', 'followed'],
  read: ['read', 'have read'],
  rows: [],
  values: [],
};
/** Of the member, its supervisor and its changelog thread besides; every store to shared memory is one. */
const otherSteps = [
  ...['store', 'consume', 'assign', 'assigned', 'unassign', 'unassigned', 'post assigned', 'post revoked'],
  ...['post restoreWanted', 'take restoreWanted', 'ask ends', 'order restore', 'order hold', 'post restored'],
  ...['end dead transaction', 'take exited'],
];

test('a thread or process of a durable group may end before any of its steps', { timeout: 1_200_000 }, () => {
  let last: DurableCrashPoints | undefined;
  for (const points of crashDurableAtEveryPoint(ownDurableProduct, durableSums())) last = points;
  const { runs = 0, ends = new Map<string, number>() } = last ?? {};
  console.log(`${runs} runs, ${ends.size} kinds of steps`);
  expect(runs).toBeGreaterThan(3_000);
  const steps = [...Object.values(producerSteps), ...Object.values(readerSteps), otherSteps].flat();
  expect([...ends.keys()].sort()).toEqual(steps.sort());
});
