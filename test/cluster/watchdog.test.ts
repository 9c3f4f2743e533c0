import { expect, test } from 'vitest';
import { Watchdog } from '../../src/cluster/watchdog.ts';
import type { MemberId } from '../../src/protocol/ids.ts';

const a = 0 as MemberId;
const b = 1 as MemberId;

/** Looks every 100 ms from `fromMs` to `toMs`; b turns at each look. */
function watch(
  watchdog: Watchdog,
  turnsOfA: (atMs: number) => number,
  fromMs: number,
  toMs: number,
): [number, MemberId[]][] {
  const found: [number, MemberId[]][] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += 100) {
    const stuck = watchdog.look(
      new Map([
        [a, turnsOfA(atMs)],
        [b, atMs],
      ]),
      atMs,
    );
    if (stuck.length > 0) found.push([atMs, stuck]);
  }
  return found;
}

test('finds a member whose loop makes no turn, after the limit and not before', () => {
  const found = watch(new Watchdog(1_000), (atMs) => Math.min(atMs, 500), 0, 1_500);
  expect(found).toEqual([[1_500, [a]]]);
});

test('finds no member while all loops turn', () => {
  expect(watch(new Watchdog(1_000), (atMs) => atMs, 0, 5_000)).toEqual([]);
});

test('finds no member when the supervisor itself was paused', () => {
  const watchdog = new Watchdog(1_000);
  expect(watch(watchdog, () => 7, 0, 500)).toEqual([]);
  expect(watch(watchdog, () => 7, 60_500, 61_400)).toEqual([]);
  expect(watch(watchdog, () => 7, 61_500, 61_500)).toEqual([[61_500, [a]]]);
});

test('returns the time since the last turn of a loop', () => {
  const watchdog = new Watchdog(Infinity);
  watch(watchdog, (atMs) => Math.min(atMs, 500), 0, 1_500);
  expect([watchdog.stillMs(a, 1_500), watchdog.stillMs(b, 1_500), watchdog.stillMs(2 as MemberId, 1_500)]).toEqual([
    1_000, 0, 0,
  ]);
});
