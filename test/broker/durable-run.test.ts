import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { sharedBrokers } from '../support/brokers.ts';
import { runCli, spawnForTest, startCli, untilOutput } from '../support/spawned.ts';

test('a durable run continues an earlier one, and shares its partitions with another process', async () => {
  const { bootstrapServers } = await sharedBrokers();
  const group = `lab-${randomUUID().slice(0, 8)}`;
  const durable = ['--durable', '-b', bootstrapServers, '--session-timeout', '6s', '--commit-interval', '200ms'];
  const members = ['--members-a', '1', '--members-b', '2', '--standby', '0'];
  const args = ['run', '--group', group, ...durable, ...members, '--rate', '500', '--partitions', '2'];

  const first = spawnForTest(process.execPath, ['dist/cli.js', ...args]);
  const printed = Promise.all([text(first.stdout), text(first.stderr)]);
  const exited = once(first, 'exit') as Promise<[number]>;
  await untilOutput(first.stderr, /A: [1-9][\d,]* counted/);
  first.stdin.write('kill A0\n');
  await untilOutput(first.stderr, /^member A0 was killed$/m);
  await untilOutput(first.stderr, /A1 \{0,1\} [1-9]/);
  first.stdin.write('stop\n');
  const [code] = await exited;
  const [stdout, stderr] = await printed;
  expect(stdout, stderr).toContain(
    `verified: the changelogs of A and B equal a recount of ${group}-records and the committed offsets, and every word the reference\n`,
  );
  expect(stdout).toMatch(/^A: [\d,]+ records, [\d,]+ words, 1 crash$/m);
  expect(code).toBe(0);

  const [, before = ''] = /^B: ([\d,]+) records/m.exec(stdout) ?? [];
  const second = startCli([...args, '--duration', '60s']);
  await untilOutput(second.child.stderr, /^A: this process owns 2 of 2 partitions: 0, 1$/m);
  const counts = ['counts', '-t', `${group}-records`, '--group', `${group}-a`, '--members', '1', '--follow'];
  const third = startCli([...counts, ...durable]);
  await Promise.all([
    untilOutput(third.child.stderr, /^this process owns 1 of 2 partitions: \d$/m),
    untilOutput(second.child.stderr, /^A: this process owns 1 of 2 partitions: \d$/m),
  ]);
  second.child.kill('SIGINT');
  const both = await second.outcome;
  // Other records than those of this run are in the topic, so its reference does not apply.
  expect(both.stdout, both.stderr).toContain(`a recount of ${group}-records and the committed offsets\n`);
  expect(both.code).toBe(130);
  const [, after = ''] = /^B: ([\d,]+) records/m.exec(both.stdout) ?? [];
  const [, produced = ''] = /^([\d,]+) records produced/m.exec(both.stdout) ?? [];
  const number = (figure: string): number => Number(figure.replaceAll(',', ''));
  expect(number(after)).toBe(number(before) + number(produced));
  third.child.kill('SIGINT');
  expect(await third.outcome).toMatchObject({ code: 0 });

  for (const name of ['a', 'b']) {
    const verified = await runCli(['verify', '--changelog', '--group', `${group}-${name}`, '-b', bootstrapServers]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(`${after} records`) as string });
  }
});
