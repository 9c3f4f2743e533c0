import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { sharedBrokers } from '../support/brokers.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { smallest } from '../../src/statistics/extremes.ts';
import { eventually } from '../support/eventually.ts';
import { spawnForTest, untilOutput } from '../support/spawned.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Act {
  /** The output of `run` after which an action is due; by default its first live line. */
  readonly after?: RegExp;
  /** Since then. */
  readonly inMs: number;
  readonly type?: string;
  readonly signal?: NodeJS.Signals;
  /** Closes standard error, as when Ctrl-C ends the `tee` that reads it. */
  readonly closesStderr?: boolean;
}

const live = /^\d+:\d\d {2}topic: /m;

/**
 * Types lines into `run` at their time, or sends it signals. Without lines its standard input is at
 * its end.
 */
async function run(args: readonly string[], acts: readonly Act[], lifecycle = ''): Promise<Outcome> {
  const typed = acts.some(({ type }) => type !== undefined);
  const env = { ...process.env, npm_lifecycle_event: lifecycle };
  const child = spawnForTest(process.execPath, ['dist/cli.js', 'run', ...args], { env });
  const { stdin, stdout: out, stderr: err } = child;
  if (!typed) stdin.end();
  const timers: NodeJS.Timeout[] = [];
  let waiting = acts;
  let printed = '';
  err.on('data', (piece: Buffer) => {
    printed += piece.toString();
    const due = waiting.filter(({ after = live }) => after.test(printed));
    waiting = waiting.filter((act) => !due.includes(act));
    for (const { inMs, type, signal, closesStderr } of due) {
      const act = (): void => {
        if (closesStderr === true) child.stderr.destroy();
        if (type !== undefined) stdin.write(`${type}\n`);
        if (signal !== undefined) child.kill(signal);
      };
      timers.push(setTimeout(act, inMs));
    }
  });
  const output = Promise.all([text(out), text(err).catch(() => '')]);
  const [code] = (await once(child, 'exit')) as [number];
  for (const timer of timers) clearTimeout(timer);
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

const verified = /^verified: every word of A and B equals the reference$/m;
/** Whether a check could judge depends on what happened; that none failed does not. */
const held = /^A: history: \d+ checks passed, 0 failed.*\nB: history: \d+ checks passed, 0 failed/m;

test('members are killed, drained and added under way, and every word is right', async () => {
  const { bootstrapServers } = await sharedBrokers();
  const { code, stdout, stderr } = await run(
    ['--bootstrap-server', bootstrapServers, '--rate', '4000'],
    [
      { inMs: 2_000, type: 'kill A0' },
      { inMs: 3_000, type: 'drain B1' },
      { inMs: 4_000, type: 'add B' },
      { inMs: 4_500, type: 'kill Z9' },
      { inMs: 10_000, type: 'stop' },
    ],
  );
  expect(stdout, stderr).toMatch(verified);
  expect(stdout, stderr).toMatch(held);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^A: [\d,]+ records, [\d,]+ words, 1 crash,/m);
  expect(stderr).toContain("unknown instruction 'kill Z9'");
});

test('a broker is killed (kill -9) and comes back, and every word is right', async () => {
  const { code, stdout, stderr } = await run(
    ['--duration', '22s', '--rate', '3000'],
    [
      { inMs: 5_000, type: 'kill-broker 1' },
      { inMs: 10_000, type: 'restart-broker 1' },
    ],
  );
  expect(stderr).toContain('broker 1 was killed');
  expect(stdout, stderr).toMatch(verified);
  expect(stdout, stderr).toMatch(held);
  expect(code).toBe(0);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the feed, the groups count to the end, and the exit code says that it was interrupted',
  async (signal) => {
    const { bootstrapServers } = await sharedBrokers();
    const { code, stdout, stderr } = await run(
      ['--bootstrap-server', bootstrapServers],
      [{ inMs: 2_000, signal, closesStderr: signal === 'SIGINT' }],
    );
    expect(stdout, stderr).toMatch(verified);
    expect(stdout, stderr).toMatch(held);
    expect(code).toBe(130);
  },
);

test('the signal that npm forwards late does not count as a second Ctrl-C', async () => {
  const { bootstrapServers } = await sharedBrokers();
  // More than the 150 ms of a program without npm, and much less than the second with it.
  const acts = [2_000, 2_250].map((inMs) => ({ inMs, signal: 'SIGINT' }) as const);
  const { code, stdout, stderr } = await run(['--bootstrap-server', bootstrapServers], acts, 'start');
  expect(stdout, stderr).toMatch(verified);
  expect(code).toBe(130);
});

test('a second Ctrl-C ends it at once', async () => {
  const { bootstrapServers } = await sharedBrokers();
  const acts = [
    { inMs: 4_000, signal: 'SIGINT' },
    // Two within 150 ms are one: a terminal's, and npm's own.
    { after: /^the producer has stopped; the groups count to the end$/m, inMs: 300, signal: 'SIGINT' },
  ] as const;
  const { code, stdout } = await run(
    ['--bootstrap-server', bootstrapServers, '--rate', '20000', '--work-us', '5000'],
    acts,
  );
  expect(stdout).toBe('');
  expect(code).toBe(130);
});

const retained = 'a topic without an end holds no more than was asked for, and is still compared whole';
test(retained, { timeout: 360_000 }, async () => {
  const connection = await sharedBrokers();
  // Records are reread before they are deleted: on a busy machine too, that must be faster than the feed.
  const args = ['run', '-b', connection.bootstrapServers, '--rate', '10000', '--retain-mib', '4'];
  const child = spawnForTest(process.execPath, ['dist/cli.js', ...args]);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const exited = once(child, 'exit') as Promise<[number]>;
  const [, topic = ''] = /topic (run-\w+)/.exec(await untilOutput(child.stderr, /topic run-\w+,/)) ?? [];
  const admin = await Admin.connect(connection, { timeoutMs: 20_000 });
  const begins: number[] = [];
  await eventually(
    'records are deleted twice',
    async () => {
      const offsets = await admin.offsets(topic).catch(() => []);
      const begin = smallest(offsets.map(({ beginOffset }) => beginOffset));
      if (offsets.length > 0 && begin > (begins.at(-1) ?? 0)) begins.push(begin);
      return begins.length >= 2;
    },
    240_000,
  );
  await admin.close();
  child.stdin.write('stop\n');
  const [code] = await exited;
  const [stdout, stderr] = await output;
  expect(stdout).toMatch(verified);
  expect(stdout).toMatch(held);
  expect(stderr).not.toContain('could not delete counted records');
  expect(code).toBe(0);
});
