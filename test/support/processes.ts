import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Pids of the Java processes whose command line or working folder holds `text`. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (!commandLine.includes('java')) return false;
        return commandLine.includes(text) || readlinkSync(`/proc/${pid}/cwd`).includes(text);
      } catch {
        return false;
      }
    });
}
