import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processesWith } from '../support/processes.ts';
import { runCli } from '../support/spawned.ts';

/** @returns an empty file system of that size; undefined where this user may not mount one */
function smallDisk(sizeMib: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'tmpfs', folder]);
  if (status !== 0) {
    process.stderr.write(`no small disk can be mounted here, so none is filled: ${String(stderr)}\n`);
    return undefined;
  }
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Folders of the logs that were kept, as the hint names them. */
const logsHint = /^hint: .*see the broker logs: (.*)$/m;

test('a disk that fills up is reported while records wait, and the logs are kept', async ({ skip }) => {
  const folder = smallDisk(96);
  if (folder === undefined) return skip('needs a mount');
  const args = ['produce', '--topic', 'big', '--num-records', '5m'];
  const { code, stdout, stderr } = await runCli(args, { env: { ...process.env, TMPDIR: folder } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^error: no space left on ${folder}`, 'm'));
  expect(readdirSync(logsHint.exec(stderr)?.[1] ?? '')).toContain('broker-1.log');
  expect(processesWith(folder)).toEqual([]);
});

test('a full disk is reported before any wait for a broker', async ({ skip }) => {
  const folder = smallDisk(8);
  if (folder === undefined) return skip('needs a mount');
  writeFileSync(join(folder, 'full'), Buffer.alloc(8 * 2 ** 20 - 65_536));
  const { code, stderr } = await runCli(['produce', '--topic', 'big'], { env: { ...process.env, TMPDIR: folder } });
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^error: no space left on ${folder}`, 'm'));
  expect(processesWith(folder)).toEqual([]);
});
