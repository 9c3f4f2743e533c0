import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { smallest } from '../statistics/extremes.ts';

/** The part of the machine that this process may use. */
export interface MachineLimits {
  /** At least 1. */
  readonly cores: number;
  readonly memoryMib: number;
  /** Figures of the machine itself. */
  readonly machineCores: number;
  readonly machineMemoryMib: number;
}

const mebibyte = 2 ** 20;

/**
 * The limits of this process: processor affinity, and the control groups of a container. Node's
 * availableParallelism() knows control groups only in newer versions, and totalmem() in no version.
 * @param root - the folder of proc/ and sys/; tests pass another one
 */
export function machineLimits(root = '/'): MachineLimits {
  const machineCores = Math.max(1, cpus().length);
  const machineMemoryMib = Math.max(1, Math.round(totalmem() / mebibyte));
  const groups = groupFolders(root);
  const quota = smallest(groups.map(coresOf));
  const limit = smallest(groups.map(memoryBytesOf));
  return {
    // A quota of half a core still gives one thread.
    cores: Math.max(1, Math.min(availableParallelism(), Math.ceil(quota))),
    memoryMib: Math.max(1, Math.min(machineMemoryMib, Math.floor(limit / mebibyte))),
    machineCores,
    machineMemoryMib,
  };
}

/**
 * Folders of this process's control groups and all their parents, each of which may set a limit;
 * empty without control groups.
 */
function groupFolders(root: string): readonly string[] {
  const mounts = join(root, 'sys/fs/cgroup');
  return readLines(join(root, 'proc/self/cgroup')).flatMap((line) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    // Version 2 has one hierarchy without a name; version 1 has one per controller, or a mount
    // under all their names.
    const names = controllers === '' ? ['', 'unified'] : [...controllers.split(','), controllers];
    return names.flatMap((name) => parents(join(mounts, name), path));
  });
}

/**
 * In a container the path may be that of the host. The container sees only its last folder, as the
 * root.
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
  // -1 means no quota.
  return quotaUs === undefined || quotaUs < 0 ? Infinity : ratio(quotaUs, periodUs ?? 0);
}

function memoryBytesOf(folder: string): number {
  const limits = ['memory.max', 'memory.high', 'memory.limit_in_bytes'].map((name) => readNumber(join(folder, name)));
  return smallest(limits.map((bytes) => bytes ?? Infinity));
}

function ratio(part: number, whole: number): number {
  return part > 0 && whole > 0 ? part / whole : Infinity;
}

/** @returns undefined when the file does not exist or contains no number ("max") */
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
