import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ManagedBrokers } from '../../src/brokers/managed-brokers.ts';
import { startManagedBrokers } from '../../src/brokers/managed.ts';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { emptyTopic } from '../support/empty-topic.ts';
import { eventually } from '../support/eventually.ts';
import { runCli, startCli, untilOutput, type CliProcess } from '../support/spawned.ts';

/** Longer than a restart takes here. */
const sessionMs = 20_000;
/** The members of a process have as many partitions. */
const members = 2;
const partitions = 4;

let brokers: ManagedBrokers;
let admin: Admin;
beforeAll(async () => {
  // Sessions of the consumer protocol have the length that the brokers set.
  const properties = { 'group.consumer.session.timeout.ms': String(sessionMs) };
  brokers = await startManagedBrokers({ settings: { properties, jvmOptions: [] } });
  admin = await Admin.connect(brokers.connection, { timeoutMs: 20_000 });
});
afterAll(async () => {
  await admin.close();
  await brokers.stop();
});

const isOwning = (list: string): RegExp => new RegExp(`^this process owns 2 of 4 partitions: ${list}$`, 'm');

/** One group, and a producer that fills its topic until the test has ended. */
async function durableGroup(protocol: readonly string[]) {
  const on = ['-b', brokers.connection.bootstrapServers];
  const topic = await emptyTopic(brokers.connection, partitions);
  const group = `static-${randomUUID().slice(0, 8)}`;
  const produce = ['produce', '-t', topic, ...on, '--num-records', '1m', '--rate', '500'];
  const producer = startCli([...produce, '--key', 'line-number']);
  const options = ['--durable', '--follow', '--members', String(members), '--commit-interval', '200ms', ...protocol];
  const start = (name: string, ...more: readonly string[]) => {
    const own = ['--static-membership', '--group-instance-id', name];
    return logged(startCli(['counts', '-t', topic, '--group', group, ...on, ...options, ...own, ...more]));
  };
  return { on, topic, group, producer, start };
}

/** A process, and what it has printed on stderr so far. */
function logged(cli: CliProcess) {
  let lines = '';
  cli.child.stderr.on('data', (piece: Buffer) => {
    lines += piece.toString();
  });
  onTestFinished((context) => {
    if (context.task.result?.state === 'fail') process.stderr.write(`${lines}\n`);
  });
  /** What it has printed about its partitions and members, without its periodic lines. */
  const changes = (): string[] => lines.split('\n').filter((line) => line !== '' && !line.includes('records counted'));
  return { ...cli, lines: () => lines, changes };
}

const classic = ['--session-timeout', `${sessionMs}ms`];
const protocols = [
  ['range', classic],
  ['cooperative-sticky', [...classic, '--assignment-strategy', 'cooperative-sticky']],
  ['consumer', ['--group-protocol', 'consumer']],
] as const;

/** Waits until the group has committed more records of each partition. */
async function counted(group: string, topic: string, more = 50): Promise<void> {
  const committed = async (): Promise<number[]> => {
    const offsets = (await admin.committedOffsets(group, topic)).map(
      ({ partition, offset }) => [partition, offset ?? 0] as const,
    );
    return Array.from({ length: partitions }, (_, partition) => new Map(offsets).get(partition) ?? 0);
  };
  const before = await committed();
  const isFar = async (): Promise<boolean> =>
    (await committed()).every((offset, partition) => offset >= (before[partition] ?? 0) + more);
  await eventually(`${more} records of each partition are committed`, isFar, 40_000);
}

/** Waits until all members have joined, and the processes have printed what they own. */
async function settled(group: string, processes: readonly ReturnType<typeof logged>[]): Promise<void> {
  const printed = (): string => processes.flatMap(({ changes }) => changes()).join();
  const isSettled = async (): Promise<boolean> => {
    const before = printed();
    const { state, members: joined = [] } = (await admin.describeGroup(group)) ?? {};
    await sleep(1_500);
    return state === 'Stable' && joined.length === 2 * members && printed() === before;
  };
  await eventually('the group is stable', isSettled);
}

describe.each(protocols)('static members of durable groups under %s', (_, protocol) => {
  test('a process that is killed and restarted within the session keeps its partitions; the other is undisturbed', async () => {
    const { on, topic, group, producer, start } = await durableGroup(protocol);
    const [first, second] = [start('one'), start('two')];
    await Promise.all([first, second].map(({ child }) => untilOutput(child.stderr, isOwning('.*'))));
    await counted(group, topic);
    await settled(group, [first, second]);
    const owned = /owns 2 of 4 partitions: (.*)$/m.exec(first.changes().at(-1) ?? '')?.[1];
    const before = second.changes();

    first.child.kill('SIGKILL');
    await first.outcome;
    const restarted = start('one');
    await untilOutput(restarted.child.stderr, isOwning(owned ?? 'unknown'));
    await counted(group, topic);
    expect(second.changes()).toEqual(before);

    // A graceful stop keeps the partitions for the next process, too.
    restarted.child.kill('SIGTERM');
    expect(await restarted.outcome).toMatchObject({ code: 0 });
    expect((await admin.describeGroup(group))?.members).toHaveLength(2 * members);
    const again = start('one');
    await untilOutput(again.child.stderr, isOwning(owned ?? 'unknown'));
    expect(second.changes()).toEqual(before);

    producer.child.kill('SIGINT');
    await producer.outcome;
    const ends = (await admin.offsets(topic)).map(({ endOffset }) => endOffset);
    const isDone = async (): Promise<boolean> =>
      (await admin.committedOffsets(group, topic)).every(({ partition, offset }) => offset === ends[partition]);
    await eventually('all is committed', isDone, 40_000);
    for (const { child } of [again, second]) child.kill('SIGTERM');
    for (const { outcome } of [again, second]) expect(await outcome).toMatchObject({ code: 0 });
    const verified = await runCli(['verify', '--changelog', '--group', group, '--topic', topic, ...on]);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
  });

  test('of two live processes with one name, one ends with an error, and the other counts on', async () => {
    const { topic, group, producer, start } = await durableGroup(protocol);
    const first = start('same', '--members', '1');
    await untilOutput(first.child.stderr, /^this process owns 4 of 4 partitions/m);
    await counted(group, topic);
    const second = start('same', '--members', '1');
    const { code, lines, other } = await Promise.race([
      first.outcome.then(({ code }) => ({ code, lines: first.lines(), other: second })),
      second.outcome.then(({ code }) => ({ code, lines: second.lines(), other: first })),
    ]);
    expect(code).toBe(1);
    expect(lines).toMatch(
      /^error: another member (took over|still uses) group\.instance\.id 'same-0' of group '.*'\n.*pass another --group-instance-id to each process$/m,
    );
    await counted(group, topic);
    other.child.kill('SIGTERM');
    expect(await other.outcome).toMatchObject({ code: 0 });
    producer.child.kill('SIGINT');
  });
});
