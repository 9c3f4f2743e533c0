import { expect, test } from 'vitest';
import { waitUntil } from '../../src/time/wait-until.ts';

const never = (): boolean => false;
const what = (limit: string): string => `not done ${limit}: 3 left`;

test('the error of a wait names its limit, and the option that sets it', async () => {
  await expect(waitUntil(never, { timeoutMs: 1 }, what)).rejects.toMatchObject({
    code: 'timeout',
    message: 'not done within 1 ms: 3 left',
    hint: undefined,
  });
  await expect(waitUntil(never, { timeoutMs: 1, timeoutOption: '--deadline' }, what)).rejects.toMatchObject({
    code: 'timeout',
    message: 'not done within 1 ms (--deadline): 3 left',
    hint: 'pass a longer --deadline',
  });
});

test('a limit for the time without progress is named so', async () => {
  const progress = (): number => 0;
  await expect(waitUntil(never, { timeoutMs: 0, progress }, what)).rejects.toThrow(
    'not done within 0 s of the last progress: 3 left',
  );
});
