import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largest } from '../../src/statistics/extremes.ts';
import { sleep, startTimer, timerMsMax, timersFor } from '../../src/time/sleep.ts';
import { timeLimit } from '../../src/time/time-limit.ts';

test('the timers of a delay add up to it, and none is longer than Node allows', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 366 * 24 * 3_600_000, noNaN: true }), (ms) => {
      const timers = [...timersFor(ms)];
      expect(largest([0, ...timers])).toBeLessThanOrEqual(timerMsMax);
      expect(timers.reduce((sum, timerMs) => sum + timerMs, 0)).toBeCloseTo(ms, 3);
    }),
  );
});

test('a delay beyond 24 days does not end at once, with any kind of wait', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', onWarning);
  let ended = 0;
  const end = (): void => {
    ended += 1;
  };
  const over = new AbortController();
  const sleeping = sleep(2 ** 31 + 5, undefined, { signal: over.signal }).then(end);
  const forEver = sleep(Infinity, undefined, { signal: over.signal }).then(end);
  const timer = startTimer(2 ** 31, end);
  const limit = timeLimit(2 ** 40, over.signal);
  expect(await sleep(100, 'value')).toBe('value');
  expect(ended).toBe(0);
  expect(limit.signal.aborted).toBe(false);
  over.abort();
  timer.clear();
  await expect(sleeping).rejects.toThrow('aborted');
  await expect(forEver).rejects.toThrow('aborted');
  expect(limit.signal.aborted).toBe(true);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('a timer calls back once, and not after it was cleared', async () => {
  const called: string[] = [];
  startTimer(5, () => called.push('kept'));
  startTimer(5, () => called.push('cleared')).clear();
  await expect.poll(() => called, { timeout: 60_000 }).toEqual(['kept']);
  await sleep(30);
  expect(called).toEqual(['kept']);
});
