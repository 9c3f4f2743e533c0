import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/**
 * Vitest's global set-up: one folder for all temporary files of a run. Tests therefore do not find
 * the background brokers of this machine, and leave nothing behind. The folder is kept when a test
 * failed, because it holds the logs of brokers.
 */
export function setup({ vitest }: TestProject): void {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-cluster-test-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  // Programs that tests start are not started by npm, also under `npm test`.
  delete process.env['npm_lifecycle_event'];
  // Not in a teardown: Vitest calls that of the root first, while the shared brokers still use the
  // folder.
  vitest.onClose(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    if (vitest.state.getCountOfFailedTests() === 0) rmSync(folder, { recursive: true, force: true });
    else process.stderr.write(`temporary files are kept: ${folder}\n`);
  });
}
