import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kafkaVersionByDefault } from '../../src/brokers/kafka-version.ts';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes.ts';
import { startCli, untilOutput } from '../support/spawned.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** A folder for temporary files, so that background brokers of this machine are not found. */
const env = { ...process.env, TMPDIR: mkdtempSync(join(tmpdir(), 'brokers-command-')) };

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env });
  return { stdout, stderr, status };
}

const bootstrapLine = /^bootstrap servers: (\S+)$/m;

test('keeps brokers running until they are stopped, and other commands find them', async () => {
  expect(run('brokers', 'status')).toMatchObject({ stdout: '', status: 1 });
  expect(run('brokers', 'stop')).toMatchObject({ stdout: '', status: 0 });

  for (const end of ['SIGINT', 'stop', 'SIGKILL'] as const) {
    const settings = ['--broker-property', 'num.io.threads=3', '--broker-jvm-option=-Dlab=1'];
    const keeper = startCli(['brokers', ...settings], { env });
    const text = await untilOutput(keeper.child.stdout, bootstrapLine);
    expect(text.match(/^(broker|controller) \d/gm)?.length).toBe(3);

    // For about a second after its heartbeats came late, the controller does not list a broker.
    let status = run('brokers', 'status', '--json');
    await eventually('both brokers serve', () => {
      if (status.status !== 0) status = run('brokers', 'status', '--json');
      return status.status === 0;
    });
    expect(status.stderr).toBe('');
    expect(JSON.parse(status.stdout)).toMatchObject({
      up: true,
      owner: { pid: keeper.child.pid },
      bootstrapServers: bootstrapLine.exec(text)?.[1],
      settings: { properties: { 'num.io.threads': '3' }, jvmOptions: ['-Dlab=1'] },
      nodes: [{ state: 'serving' }, { state: 'serving' }, { state: 'running' }],
    });
    const second = run('brokers');
    expect(second).toMatchObject({ stdout: '', status: 1 });
    expect(second.stderr).toMatch(/^error: background brokers are already running at [\d.:,]+ \(process \d+\)\nhint: /);
    if (end === 'SIGINT') refusesOtherSettings(keeper.child.pid);

    if (end === 'stop') expect(run('brokers', 'stop')).toMatchObject({ stdout: '', status: 0 });
    else keeper.child.kill(end);
    expect((await keeper.outcome).code).toEqual(end === 'SIGKILL' ? null : 0);
    expect(run('brokers', 'status')).toMatchObject({ stdout: '', status: 1 });
    await eventually('no process is left', () => processesWith(env.TMPDIR).length === 0);
  }
  // The last one was killed: its data waits for the next start, and nothing else is there.
  const folder = join(env.TMPDIR, `consumer-cluster-${process.getuid?.()}`);
  expect(readdirSync(folder).length).toBe(1);
  expect(statSync(folder).mode & 0o077).toBe(0);
});

/** Background brokers are used only where they are what was asked for. */
function refusesOtherSettings(pid: number | undefined): void {
  const verify = (...flags: string[]): ReturnType<typeof run> => run('counts', '--topic', 'no-such-topic', ...flags);
  const same = ['--broker-property', 'num.io.threads=3', '--broker-jvm-option=-Dlab=1'];
  for (const flags of [[], same, ['--kafka-version', kafkaVersionByDefault]]) {
    const { stderr, status } = verify(...flags);
    expect(stderr).toMatch(/^error: .*no-such-topic/m);
    expect(status).toBe(1);
  }
  expect(verify('--kafka-version', '3.9')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`of process ${pid} are Apache Kafka ${kafkaVersionByDefault}, not 3.9.`) as string,
  });
  expect(verify('--broker-property', 'num.io.threads=4')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`of process ${pid} have other settings`) as string,
  });
}

test('of two commands that start at once, one starts brokers and the other reports it', async () => {
  const starts = [startCli(['brokers'], { env }), startCli(['brokers'], { env })];
  const ready = starts.map(({ child }) => untilOutput(child.stdout, bootstrapLine));
  // The loser prints nothing.
  for (const promise of ready) promise.catch(() => undefined);
  const loser = await Promise.race(starts.map(({ outcome }, index) => outcome.then((ended) => ({ ...ended, index }))));
  expect(loser).toMatchObject({ code: 1, stdout: '' });
  expect(loser.stderr).toMatch(
    /^(starting two brokers\n)?error: (another `consumer-cluster brokers` is starting brokers|background brokers are already running .*)\nhint: .*\n$/,
  );
  const winner = starts[1 - loser.index];
  if (winner === undefined) throw new Error('no winner');
  await ready[1 - loser.index];
  winner.child.kill('SIGINT');
  expect((await winner.outcome).code).toBe(0);
});

test.each([
  [['--port', '0'], 2, '--port'],
  [['--port', 'ninety'], 2, '--port'],
  [['--data', '/dev/null/data'], 1, '--data'],
  [['--kafka-version', '2.8.0'], 2, '--kafka-version'],
  [['--broker-property', 'listeners=PLAINTEXT://:1'], 2, '--broker-property: listeners'],
  [['--broker-jvm-option', 'Xmx1g'], 2, '--broker-jvm-option'],
])('brokers %j is refused in one line that names the flag', (args, status, flag) => {
  const result = run('brokers', ...args);
  expect(result).toMatchObject({ stdout: '', status });
  expect(result.stderr).toMatch(new RegExp(`^(starting two brokers\n)?error: .*${flag}`));
});
