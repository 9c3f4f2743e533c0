import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** @returns whether a TCP port belongs to a process; a port keeps its answer. Needs /proc. */
export function portsOf(pid: number): (port: number) => boolean {
  const known = new Map<number, boolean>();
  return (port) => {
    const before = known.get(port);
    if (before !== undefined) return before;
    const isIts = tcpPorts(pid).has(port);
    known.set(port, isIts);
    return isIts;
  };
}

/** Local ports of the IPv4 connections of a process; none when it has ended. */
export function tcpPorts(pid: number): ReadonlySet<number> {
  const inodes = new Set<string>();
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(?<inode>\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.groups?.['inode'];
      if (inode !== undefined) inodes.add(inode);
    }
    const [, ...lines] = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n');
    return new Set(lines.flatMap((line) => portOf(line, inodes)));
  } catch {
    return new Set();
  }
}

/** @param line - number, local address and port in hexadecimal digits, …, inode as the tenth field */
function portOf(line: string, inodes: ReadonlySet<string>): number[] {
  const fields = line.trim().split(/\s+/);
  if (!inodes.has(fields[9] ?? '')) return [];
  return [parseInt(fields[1]?.split(':')[1] ?? '', 16)];
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It has been closed meanwhile.
    return '';
  }
}
