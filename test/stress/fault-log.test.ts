import { expect, test } from 'vitest';
import { FaultLog } from '../../src/stress/fault-log.ts';

const planned = { kind: 'broker-kill', atMs: 0, durationMs: 0, seed: 1 };

test('the log says of a fault what it hits, that it has no target, or why it failed, and keeps those without effect', () => {
  const lines: string[] = [];
  const log = new FaultLog({ record: () => undefined, log: (line) => lines.push(line.replace(/^.* s {2}/, '')) });
  const fault = { index: 0, planned, aim: { text: 'broker 1' } };
  log.onBegun(fault);
  log.onFailed(fault, 'no broker responded', false);
  log.onFailed(fault, 'the broker does not start', true);
  log.onSkipped(planned);
  expect(lines).toEqual([
    'broker-kill: broker 1',
    'broker-kill failed: no broker responded',
    'broker-kill failed: the broker does not start',
    'broker-kill skipped: no target',
  ]);
  expect(log.injected).toBe(0);
  expect(log.missed).toEqual(['broker-kill failed: no broker responded', 'broker-kill skipped: no target']);
});
