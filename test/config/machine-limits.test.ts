import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { memoryMibByDefault } from '../../src/config/group.ts';
import { machineLimits } from '../../src/config/machine-limits.ts';

/** A folder with such files, in the place of the kernel's. */
function rootWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'limits-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const machine = { cores: availableParallelism(), memoryMib: Math.round(totalmem() / 2 ** 20) };
const limited = { cores: 1, memoryMib: 512 };
const v1 = '3:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n';

test.each<[string, Readonly<Record<string, string>>, { cores: number; memoryMib: number }]>([
  ['no control groups', {}, machine],
  ['version 2, no limit', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, machine],
  [
    'version 2, in a container',
    {
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/cpu.max': '50000 100000\n',
      'sys/fs/cgroup/memory.max': '536870912\n',
    },
    limited,
  ],
  [
    'version 2, the limit above the own group',
    {
      'proc/self/cgroup': '0::/system.slice/a.service\n',
      'sys/fs/cgroup/system.slice/a.service/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/system.slice/a.service/memory.max': 'max\n',
      'sys/fs/cgroup/system.slice/cpu.max': '100000 100000\n',
      'sys/fs/cgroup/system.slice/memory.high': '536870912\n',
    },
    limited,
  ],
  [
    'version 1, path as on the host',
    {
      'proc/self/cgroup': v1,
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '536870912\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '90000\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    },
    limited,
  ],
  [
    'version 1, no limit',
    {
      'proc/self/cgroup': v1,
      'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us': '100000\n',
    },
    machine,
  ],
])('cores and memory: %s', (_, files, expected) => {
  expect(machineLimits(rootWith(files))).toMatchObject(expected);
});

test('reads limits of this machine that hold', () => {
  const { cores, memoryMib, machineCores, machineMemoryMib } = machineLimits();
  expect(cores).toBeLessThanOrEqual(machineCores);
  expect(memoryMib).toBeLessThanOrEqual(machineMemoryMib);
  expect(memoryMib).toBeGreaterThan(64);
});

test.each([
  [64, 8],
  [512, 32],
  [1_024, 64],
  [2_048, 128],
  [65_536, 128],
])('with %i MiB the members may hold %i MiB by default', (memoryMib, expected) => {
  expect(memoryMibByDefault(memoryMib)).toBe(expected);
});
