import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the Java processes whose command line holds `text`. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return commandLine.includes('java') && commandLine.includes(text);
      } catch {
        return false;
      }
    });
}
