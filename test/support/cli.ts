import { execFile, type ChildProcess } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in a process of its own. @param onStart - is given the process while it runs */
export function cli(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/cli.js', ...args],
      { maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      },
    );
    onStart?.(child);
  });
}
