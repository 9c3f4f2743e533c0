import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../src/history/event.ts';
import { ownerships, rebalanceGaps } from '../../src/benchmark/experiments/rebalance/rebalance-analysis.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

/** Builds the event history of one group. */
class HistoryBuilder {
  readonly events: HistoryEvent[] = [];
  readonly #epochs = new Map<number, number>();

  batch(atMs: number, partition: number, member: number): this {
    const epoch = this.#epochs.get(partition) ?? 0;
    const batch = { firstOffset: 0, lastOffset: 0, records: 1, words: 1, digest: 0n, toldBy: 'member' } as const;
    return this.#add({ type: 'batchApplied', epoch, ...batch, ...this.#stamp(atMs, partition, member) });
  }

  acquired(atMs: number, partition: number, member: number): this {
    const epoch = (this.#epochs.get(partition) ?? 0) + 1;
    this.#epochs.set(partition, epoch);
    const stamp = this.#stamp(atMs, partition, member);
    this.#add({ type: 'assigned', generation: 1, ...stamp });
    return this.#add({ type: 'acquired', epoch, nextOffset: 0, ...this.#stamp(atMs, partition, member) });
  }

  revoked(atMs: number, partition: number, member: number): this {
    const epoch = this.#epochs.get(partition) ?? 0;
    this.#add({ type: 'revoked', generation: 1, ...this.#stamp(atMs, partition, member) });
    return this.#add({ type: 'released', epoch, ...this.#stamp(atMs, partition, member) });
  }

  #stamp(
    atMs: number,
    partition: number,
    member: number,
  ): {
    readonly ticket: number;
    readonly atMs: number;
    readonly group: string;
    readonly partition: number;
    readonly member: number;
  } {
    return { ticket: this.events.length + 1, atMs, group: 'g', partition, member };
  }

  #add(event: HistoryEvent): this {
    this.events.push(event);
    return this;
  }
}

const window = { causeMs: 1_000, endMs: 2_000 };

test('the gap of a moved partition is the time between the batches of its two owners', () => {
  const { events } = new HistoryBuilder()
    .acquired(0, 0, 1)
    .batch(900, 0, 1)
    .batch(1_010, 0, 1)
    .revoked(1_050, 0, 1)
    .acquired(1_200, 0, 2)
    .batch(1_260, 0, 2)
    .batch(1_990, 0, 2)
    .batch(2_500, 0, 2);
  // The rebalance did not cause the long waits of the new owner after the move.
  expect(rebalanceGaps(events, window)).toEqual([
    {
      partition: 0,
      fromMember: 1,
      toMember: 2,
      fromMs: 1_010,
      toMs: 1_260,
      stoppedThoughKept: false,
      split: { detect: 40, revoke: 0, assign: 150, firstRecord: 60 },
    },
  ]);
});

test('only a partition that its owner released and acquired again counts as stopped though kept', () => {
  const { events } = new HistoryBuilder()
    .acquired(0, 0, 1)
    .acquired(0, 1, 2)
    .batch(990, 0, 1)
    .batch(990, 1, 2)
    .revoked(1_100, 0, 1)
    .acquired(1_150, 0, 1)
    .batch(1_180, 0, 1)
    .batch(1_400, 1, 2)
    // A longer gap, but no member released a partition.
    .batch(1_600, 0, 1)
    .batch(2_100, 0, 1)
    .batch(2_100, 1, 2);
  const gaps = rebalanceGaps(events, window);
  expect(gaps.map(({ partition, stoppedThoughKept }) => [partition, stoppedThoughKept])).toEqual([
    [0, true],
    [1, false],
  ]);
  expect(gaps[0]).toMatchObject({ fromMs: 990, toMs: 1_180 });
  expect(gaps[1]).toMatchObject({ fromMs: 1_400, toMs: 2_100 });
});

test('the time from a crash to the end of the session counts as detection', () => {
  const { events } = new HistoryBuilder()
    .acquired(0, 0, 1)
    .acquired(0, 1, 2)
    .batch(995, 0, 1)
    .batch(1_000, 1, 2)
    .batch(3_900, 1, 2)
    .revoked(4_000, 1, 2)
    .acquired(4_100, 0, 2)
    .acquired(4_100, 1, 2)
    .batch(4_110, 0, 2)
    .batch(4_110, 1, 2);
  const [moved, kept] = rebalanceGaps(events, { causeMs: 1_000, endMs: 4_110 });
  expect(moved).toMatchObject({ fromMember: 1, toMember: 2 });
  expect(moved?.split).toEqual({ detect: 3_005, revoke: 0, assign: 100, firstRecord: 10 });
  expect(kept).toMatchObject({ stoppedThoughKept: true, fromMs: 3_900, toMs: 4_110 });
});

test(`a gap lies between two batches, and its parts are non-negative and add up to it (seed ${seed})`, () => {
  const step = fc.record({
    what: fc.constantFrom('batch' as const, 'acquired' as const, 'revoked' as const),
    afterMs: fc.integer({ min: 0, max: 200 }),
    partition: fc.nat(2),
    member: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(3_000), fc.nat(3_000), (steps, a, b) => {
      const history = new HistoryBuilder();
      let atMs = 0;
      for (const { what, afterMs, partition, member } of steps) {
        atMs += afterMs;
        history[what](atMs, partition, member);
      }
      for (const gap of rebalanceGaps(history.events, { causeMs: Math.min(a, b), endMs: Math.max(a, b) })) {
        const { detect, revoke, assign, firstRecord } = gap.split;
        expect(Math.min(detect, revoke, assign, firstRecord)).toBeGreaterThanOrEqual(0);
        expect(detect + revoke + assign + firstRecord).toBeCloseTo(gap.toMs - gap.fromMs, 9);
        expect(gap.toMs).toBeGreaterThan(Math.min(a, b));
        expect(gap.fromMs).toBeLessThan(Math.max(a, b));
        if (gap.stoppedThoughKept) expect(gap.fromMember).toBe(gap.toMember);
        // The partition has no batch within the gap.
        const inside = history.events.filter(
          (event) =>
            event.type === 'batchApplied' &&
            event.partition === gap.partition &&
            event.atMs > gap.fromMs &&
            event.atMs < gap.toMs,
        );
        expect(inside).toEqual([]);
      }
    }),
    { seed, numRuns: 1_000 },
  );
});

test('an ownership begins when a member acquires the partition and ends with its lease', () => {
  const { events } = new HistoryBuilder().acquired(1, 0, 1).revoked(5, 0, 1).acquired(7, 0, 2).acquired(8, 1, 2);
  expect(ownerships(events)).toEqual([
    { partition: 0, member: 1, fromMs: 1, toMs: 5 },
    { partition: 0, member: 2, fromMs: 7, toMs: undefined },
    { partition: 1, member: 2, fromMs: 8, toMs: undefined },
  ]);
});
