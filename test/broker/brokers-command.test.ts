import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { processesWith } from '../support/processes.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** A folder for temporary files, so that brokers kept up on this machine by somebody else are not found. */
const env = { ...process.env, TMPDIR: mkdtempSync(join(tmpdir(), 'brokers-command-')) };

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env });
  return { stdout, stderr, status };
}

test('keeps brokers up until it is told to stop, and others find them meanwhile', { timeout: 240_000 }, async () => {
  expect(run('brokers', 'status')).toMatchObject({ stdout: '', status: 1 });
  expect(run('brokers', 'stop')).toMatchObject({ stdout: '', status: 0 });

  for (const end of ['SIGINT', 'stop', 'SIGKILL'] as const) {
    const keeper = spawn(process.execPath, [cli, 'brokers'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(keeper, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface(keeper.stdout)) {
      lines.push(line);
      if (line.startsWith('bootstrap servers: ')) break;
    }
    expect(lines.filter((line) => /^broker \d|^controller \d/.test(line)).length).toBe(3);

    const status = run('brokers', 'status', '--json');
    expect(status).toMatchObject({ stderr: '', status: 0 });
    expect(JSON.parse(status.stdout)).toMatchObject({
      up: true,
      owner: { pid: keeper.pid },
      bootstrapServers: lines.at(-1)?.replace('bootstrap servers: ', ''),
      nodes: [{ state: 'serving' }, { state: 'serving' }, { state: 'running' }],
    });
    const second = run('brokers');
    expect(second).toMatchObject({ stdout: '', status: 1 });
    expect(second.stderr).toMatch(/^error: brokers are up already at [\d.:,]+ \(process \d+\)\nhint: /);

    if (end === 'stop') expect(run('brokers', 'stop')).toMatchObject({ stdout: '', status: 0 });
    else keeper.kill(end);
    expect(await exited).toEqual(end === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null]);
    expect(run('brokers', 'status')).toMatchObject({ stdout: '', status: 1 });
    expect(processesWith(env.TMPDIR)).toEqual([]);
  }
  // The last one was killed: its data waits for the next start, and nothing else is there.
  const folder = join(env.TMPDIR, `consumer-cluster-${process.getuid?.()}`);
  expect(readdirSync(folder).length).toBe(1);
  expect(statSync(folder).mode & 0o077).toBe(0);
});

test.each([
  [['--port', '0'], 2, '--port'],
  [['--port', 'ninety'], 2, '--port'],
  [['--data', '/dev/null/data'], 1, '--data'],
])('brokers %j is refused in one line that names the flag', (args, status, flag) => {
  const result = run('brokers', ...args);
  expect(result).toMatchObject({ stdout: '', status });
  expect(result.stderr).toMatch(new RegExp(`^(starting two brokers\n)?error: .*${flag}`));
});
