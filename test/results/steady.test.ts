import { expect, test } from 'vitest';
import { cpuMsOf, cpuMsOfAll, parseReceivedBytes } from '../../src/benchmark/process-usage.ts';
import { steadyOf } from '../../src/results/steady.ts';
import { spawnForTest } from '../support/spawned.ts';

function samples(perMember: readonly (readonly number[])[]) {
  const atMs = (perMember[0] ?? []).map((_, index) => 50 * (index + 1));
  const recordsPerMember = perMember.map((counts) => [...counts]);
  return { intervalMs: 50, atMs, recordsPerPartition: [], recordsPerMember, cpuMs: [], rssMib: [] };
}

test('the steady rate excludes the start and the tail', () => {
  // 3 slow intervals, 12 with 100 records each, then only the second member continues.
  const grow = (index: number): number => (index < 3 ? 10 * (index + 1) : 30 + 50 * (index - 2));
  const first = Array.from({ length: 20 }, (_, index) => grow(Math.min(14, index)));
  const second = Array.from({ length: 20 }, (_, index) => grow(index));
  expect(steadyOf(samples([first, second]))).toEqual({ fromMs: 150, toMs: 700, recordsPerSecond: 2_000 });
});

test('a standby does not end the steady part; a short run has no steady part', () => {
  const counts = Array.from({ length: 12 }, (_, index) => 10 * (index + 1));
  expect(steadyOf(samples([counts, counts.map(() => 0)]))).toMatchObject({ fromMs: 0, recordsPerSecond: 200 });
  expect(steadyOf(samples([[10, 20, 30]]))).toBeUndefined();
  expect(steadyOf(samples([]))).toBeUndefined();
});

test('measures the CPU time of another process', async () => {
  const child = spawnForTest(process.execPath, [
    '-e',
    'const t = Date.now(); while (process.cpuUsage().user < 3e5 && Date.now() - t < 3e4);setInterval(() => {}, 1e3); console.log("done")',
  ]);
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const pid = child.pid ?? 0;
    expect(cpuMsOf(pid)).toBeGreaterThanOrEqual(290);
    // Its garbage collector and compiler use CPU time between two readings.
    const [before, both, after] = [cpuMsOf(pid), cpuMsOfAll([pid, pid]), cpuMsOf(pid)];
    expect(both).toBeGreaterThanOrEqual(2 * (before ?? NaN));
    expect(both).toBeLessThanOrEqual(2 * (after ?? NaN));
    expect(cpuMsOfAll([])).toBeUndefined();
  } finally {
    child.kill('SIGKILL');
  }
});

test('adds up the received bytes of all interfaces', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000   10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
  eth0:   23   10    0    0    0     0          0         0        9      10    0    0    0     0       0          0
`;
  expect(parseReceivedBytes(text)).toBe(1_023);
});
