import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { smallest } from '../statistics/extremes.ts';

/** What this process may use of the machine. */
export interface MachineLimits {
  /** At least 1. */
  readonly cores: number;
  readonly memoryMib: number;
  /** What the machine itself has. */
  readonly machineCores: number;
  readonly machineMemoryMib: number;
}

const mebibyte = 2 ** 20;

/**
 * The machine as this process may use it: affinity and the control groups of a container limit it.
 * Node's own availableParallelism() knows control groups only in newer versions, and totalmem() in
 * none.
 * @param root - holds proc/ and sys/, for tests
 */
export function machineLimits(root = '/'): MachineLimits {
  const machineCores = Math.max(1, cpus().length);
  const machineMemoryMib = Math.max(1, Math.round(totalmem() / mebibyte));
  const groups = groupFolders(root);
  const quota = smallest(groups.map(coresOf));
  const limit = smallest(groups.map(memoryBytesOf));
  return {
    // Half a core is one that is slow: there is no fewer than one thread.
    cores: Math.max(1, Math.min(availableParallelism(), Math.ceil(quota))),
    memoryMib: Math.max(1, Math.min(machineMemoryMib, Math.floor(limit / mebibyte))),
    machineCores,
    machineMemoryMib,
  };
}

/**
 * Folders of this process's control groups and all above them, each of which may hold a limit; none
 * where there are none.
 */
function groupFolders(root: string): readonly string[] {
  const mounts = join(root, 'sys/fs/cgroup');
  return readLines(join(root, 'proc/self/cgroup')).flatMap((line) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    // Version 2 has one hierarchy without a name; version 1 has one for each controller, or a mount
    // under all their names.
    const names = controllers === '' ? ['', 'unified'] : [...controllers.split(','), controllers];
    return names.flatMap((name) => parents(join(mounts, name), path));
  });
}

/**
 * In a container the path may be that of the host, of which the container sees only the last folder
 * as its root.
 */
function parents(mount: string, path: string): readonly string[] {
  const folders = [mount];
  for (let inner = path; inner !== '/' && inner !== '.' && inner !== ''; inner = dirname(inner)) {
    folders.push(join(mount, inner));
  }
  return folders;
}

function coresOf(folder: string): number {
  const [quota = 'max', period] = readLines(join(folder, 'cpu.max'))[0]?.split(' ') ?? [];
  if (quota !== 'max') return ratio(Number(quota), Number(period));
  const [quotaUs, periodUs] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readNumber(join(folder, name)));
  // -1 stands for no quota.
  return quotaUs === undefined || quotaUs < 0 ? Infinity : ratio(quotaUs, periodUs ?? 0);
}

function memoryBytesOf(folder: string): number {
  const limits = ['memory.max', 'memory.high', 'memory.limit_in_bytes'].map((name) => readNumber(join(folder, name)));
  return smallest(limits.map((bytes) => bytes ?? Infinity));
}

function ratio(part: number, whole: number): number {
  return part > 0 && whole > 0 ? part / whole : Infinity;
}

/** @returns undefined where there is no such file, or it holds no number ("max") */
function readNumber(file: string): number | undefined {
  const value = Number.parseInt(readLines(file)[0] ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
