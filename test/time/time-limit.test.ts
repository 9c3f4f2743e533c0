import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { timeLimit } from '../../src/time/time-limit.ts';

test('a time limit fires although only the waiting code references its signal', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const { signal } = timeLimit(100, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  collectGarbage();
  await expect.poll(() => signal.aborted).toBe(true);
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
