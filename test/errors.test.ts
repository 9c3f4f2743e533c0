import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { reasonOf, unreadable } from '../src/errors.ts';

test("an input that can't be read is not a usage error, whatever names it", async () => {
  const path = '/no/such/file';
  const cause: unknown = await readFile(path).catch((error: unknown) => error);
  const argument = unreadable(path, cause);
  expect([argument.exitCode, argument.message]).toEqual([1, `can't read ${path}: no such file or directory`]);
  const option = unreadable(path, cause, { option: '--counts', hint: 'write it first' });
  expect(option).toMatchObject({
    exitCode: 1,
    message: `can't read ${path} (--counts): no such file or directory`,
    hint: 'write it first',
    cause,
  });
});

test('the reason is what the system says, or the whole message of another error', () => {
  expect(reasonOf(new Error("EACCES: permission denied, open '/root/x'"))).toBe('permission denied');
  expect(reasonOf(new Error('too long'))).toBe('too long');
  expect(reasonOf('text')).toBe('text');
});
