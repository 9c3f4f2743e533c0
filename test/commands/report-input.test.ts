import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readBenchHistory } from '../../src/commands/history-file.ts';
import { inputName, readInput } from '../../src/commands/read-input.ts';
import { parseReport, readReport } from '../../src/commands/report-input.ts';

test('a report from standard input is called so in errors', () => {
  expect(() => parseReport(inputName('-'), '')).toThrow(/^standard input is not JSON/);
  expect(inputName('a.json')).toBe('a.json');
});

test('a missing report, history and file of counts have the same form of error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-input-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'none');
  const reason = 'no such file or directory';
  const refused = (message: string): object => ({ code: 'input', message });
  await expect(readReport(path)).rejects.toMatchObject(refused(`can't read ${path}: ${reason}`));
  await expect(readBenchHistory(path)).rejects.toMatchObject(refused(`can't read ${path} (--history): ${reason}`));
  await expect(readInput(path, '--counts')).rejects.toMatchObject(refused(`can't read ${path} (--counts): ${reason}`));
});
