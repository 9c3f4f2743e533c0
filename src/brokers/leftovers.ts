import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isAlive, pidNamespace } from './process-identity.ts';
import { userFolder } from './user-folder.ts';

const failedKept = 5;

/**
 * Prefix of a temporary folder's name. It names the owner (pid namespace, pid, start time of the
 * process), so that the folder has an owner as soon as it exists.
 */
export function ownedPrefix(): string {
  return `cluster-${pidNamespace()}-${process.pid}-${identify(process.pid)?.startTicks ?? 0}-`;
}

/**
 * Prefix of the name of a folder that keeps the logs of a failed start; such names sort by time.
 */
export function failedPrefix(): string {
  return `failed-${new Date().toISOString().replaceAll(/[:.]/g, '-')}-`;
}

/**
 * Removes the folders of processes that died without cleaning up (kill -9), and all but the newest
 * folders of failed starts.
 */
export async function removeLeftovers(): Promise<void> {
  const folder = await userFolder();
  const names = await readdir(folder);
  const failed = names.filter((name) => name.startsWith('failed-')).sort();
  for (const name of [...names.filter(isLeftover), ...failed.slice(0, -failedKept)]) {
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function isLeftover(name: string): boolean {
  const parts = /^cluster-(\d+)-(\d+)-(\d+)-/.exec(name);
  if (parts?.[1] !== pidNamespace()) return false;
  return !isAlive({ pid: Number(parts[2]), startTicks: Number(parts[3]) });
}
