import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { nowMs } from '../../src/time/clock.ts';
import { timeLimit, within } from '../../src/time/time-limit.ts';

test('a time limit fires although only the waiting code references its signal', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const { signal } = timeLimit(100, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  collectGarbage();
  await expect.poll(() => signal.aborted, { timeout: 60_000 }).toBe(true);
});

test('another signal ends it earlier, or before it begins', () => {
  const other = new AbortController();
  const limit = timeLimit(60_000, other.signal);
  expect(limit.signal.aborted).toBe(false);
  other.abort();
  expect(limit.signal.aborted).toBe(true);
  limit.clear();
  expect(timeLimit(60_000, other.signal).signal.aborted).toBe(true);
});

test('an aborted signal ends the wait for an action, and no later one begins', async () => {
  const abort = new AbortController();
  let begun = 0;
  const action = (): Promise<never> => {
    begun += 1;
    return new Promise(() => undefined);
  };
  const run = (): Promise<never> => within(nowMs() + 600_000, action, abort.signal);
  const ended = expect(run()).rejects.toThrow('no longer wanted');
  abort.abort(new Error('no longer wanted'));
  await ended;
  await expect(run()).rejects.toThrow('no longer wanted');
  expect(begun).toBe(1);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});
