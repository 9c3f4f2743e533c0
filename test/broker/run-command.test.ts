import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { sharedBrokers } from '../support/brokers.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Types lines into `run` at their time, or sends it signals. Without lines its standard input is at its end. */
async function run(
  args: readonly string[],
  acts: readonly { readonly atMs: number; readonly type?: string; readonly signal?: NodeJS.Signals }[],
): Promise<Outcome> {
  const typed = acts.some(({ type }) => type !== undefined);
  const child = spawn(process.execPath, ['dist/cli.js', 'run', ...args], { stdio: 'pipe' });
  if (!typed) child.stdin.end();
  const timers = acts.map(({ atMs, type, signal }) =>
    setTimeout(() => {
      if (type !== undefined) child.stdin.write(`${type}\n`);
      if (signal !== undefined) child.kill(signal);
    }, atMs),
  );
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number];
  for (const timer of timers) clearTimeout(timer);
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

const verified = /^verified: every word of A and B equals the reference$/m;
/** Whether a check could judge depends on what happened; that none failed does not. */
const held = /^A: history: \d+ checks passed, 0 failed.*\nB: history: \d+ checks passed, 0 failed/m;

test('members are killed, drained and added under way, and every word is right', { timeout: 90_000 }, async () => {
  const { bootstrapServers } = await sharedBrokers();
  const { code, stdout, stderr } = await run(
    ['--bootstrap-server', bootstrapServers, '--duration', '12s', '--rate', '4000'],
    [
      { atMs: 5_000, type: 'kill A0' },
      { atMs: 6_000, type: 'drain B1' },
      { atMs: 7_000, type: 'add B' },
      { atMs: 7_500, type: 'kill Z9' },
    ],
  );
  expect(stdout, stderr).toMatch(verified);
  expect(stdout, stderr).toMatch(held);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^A: [\d,]+ records, [\d,]+ words, 1 crashes/m);
  expect(stderr).toContain("'kill Z9' is nothing that can be done");
});

test('a broker is killed (kill -9) and comes back, and every word is right', { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await run(
    ['--duration', '22s', '--rate', '3000'],
    [
      { atMs: 12_000, type: 'kill-broker 1' },
      { atMs: 17_000, type: 'restart-broker 1' },
    ],
  );
  expect(stderr).toContain('broker 1 was killed');
  expect(stdout, stderr).toMatch(verified);
  expect(stdout, stderr).toMatch(held);
  expect(code).toBe(0);
});

test('Ctrl-C ends the feed, and the groups count to the end', { timeout: 60_000 }, async () => {
  const { bootstrapServers } = await sharedBrokers();
  const { code, stdout, stderr } = await run(
    ['--bootstrap-server', bootstrapServers],
    [{ atMs: 8_000, signal: 'SIGINT' }],
  );
  expect(stdout, stderr).toMatch(verified);
  expect(stdout, stderr).toMatch(held);
  expect(code).toBe(0);
});

test('a second Ctrl-C ends it at once', { timeout: 60_000 }, async () => {
  const { bootstrapServers } = await sharedBrokers();
  const acts = [
    { atMs: 8_000, signal: 'SIGINT' },
    { atMs: 8_400, signal: 'SIGINT' },
  ] as const;
  const { code, stdout } = await run(
    ['--bootstrap-server', bootstrapServers, '--rate', '20000', '--work-us', '5000'],
    acts,
  );
  expect(stdout).toBe('');
  expect(code).toBe(130);
});
