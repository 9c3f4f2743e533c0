import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'workload', 'forgotten-files.js');

test('a read that fails closes its file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  const file = join(folder, 'text');
  writeFileSync(file, `${'a line of text without an end '.repeat(100)}\n`.repeat(2_000));
  const output = await promisify(execFile)(process.execPath, ['--expose-gc', fixture, folder, file]);
  expect(output).toEqual({ stdout: '4\n', stderr: '' });
});
