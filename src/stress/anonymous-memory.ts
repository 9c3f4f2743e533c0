import { readFileSync } from 'node:fs';

/**
 * Memory of this process other than pages of files, resident or swapped out, MiB. Pages of files, above
 * all Node's code, come and go with the system's page cache, 60 MiB of them.
 * @throws the system's error without /proc
 */
export function anonymousMib(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return (kib('RssAnon') + kib('VmSwap')) / 1_024;
}
