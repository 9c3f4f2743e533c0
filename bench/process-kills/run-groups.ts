import { randomUUID } from 'node:crypto';
import type { Connection } from '../../src/config/connection.ts';
import { createTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { nowMs } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';
import { ConsoleTail } from './console-tail.ts';
import { differences, readOffsets } from './final-check.ts';
import { KilledGroup } from './group-under-kill.ts';
import { SteadyFeed } from './steady-feed.ts';
import type { Takeovers } from './takeovers.ts';

export interface RunOptions {
  readonly connection: Connection;
  /** One group each. */
  readonly protocols: readonly string[];
  /** Processes are static members of their groups, and are restarted under their names. */
  readonly staticMembership: boolean;
  readonly kills: number;
  readonly seed: number;
  readonly processes: number;
  readonly members: number;
  readonly partitions: number;
  readonly rate: number;
  readonly standbyReplicas: string;
  readonly commitInterval: string;
  /** No further failures after this time. */
  readonly minutes: number;
  readonly logFolder: string;
  readonly log: (line: string) => void;
}

export interface GroupOutcome {
  readonly protocol: string;
  readonly takeovers: Takeovers;
  readonly commits: number;
  /** What has gone wrong; empty when everything was exact and in time. */
  readonly anomalies: readonly string[];
  readonly complaints: readonly string[];
}

const timeoutMs = 30_000;
/** Longest time without a further commit of the second reader, which starts when everything has ended. */
const rereadMs = 60_000;
const sessionTimeout = '3s';

export const protocolFlags: Readonly<Record<string, readonly string[]>> = {
  range: ['--assignment-strategy', 'range', '--session-timeout', sessionTimeout],
  roundrobin: ['--assignment-strategy', 'roundrobin', '--session-timeout', sessionTimeout],
  'cooperative-sticky': ['--assignment-strategy', 'cooperative-sticky', '--session-timeout', sessionTimeout],
  // The session timeout of the managed brokers is 3 s as well.
  consumer: ['--group-protocol', 'consumer'],
};

/** Kills processes of several groups that count the same topic, and compares what they have counted. */
export async function runGroups(options: RunOptions): Promise<GroupOutcome[]> {
  const { connection, partitions, rate, seed, protocols } = options;
  const topic = `kills-${randomUUID().slice(0, 8)}`;
  await createTopic({ connection, topic, partitions, replicationFactor: 2, timeoutMs });
  const feed = await SteadyFeed.start({ connection, topic, partitions, rate, seed });
  let feedEnd: Promise<void> | undefined;
  const killed = protocols.map(() => Promise.withResolvers<undefined>());
  const fed = Promise.all(killed.map(({ promise }) => promise)).then(() => (feedEnd ??= feed.end()));
  try {
    return await Promise.all(
      protocols.map((protocol, index) =>
        runGroup(options, {
          protocol,
          topic,
          feed,
          seed: seed + index,
          fed,
          onKilled: () => killed[index]?.resolve(undefined),
        }),
      ),
    );
  } finally {
    await (feedEnd ??= feed.end());
  }
}

interface GroupRun {
  readonly protocol: string;
  readonly topic: string;
  readonly feed: SteadyFeed;
  readonly seed: number;
  /** Resolves when all groups have survived their kills, and nothing more is produced. */
  readonly fed: Promise<void>;
  readonly onKilled: () => void;
}

async function runGroup(options: RunOptions, run: GroupRun): Promise<GroupOutcome> {
  const { connection, partitions, processes, kills, protocols, log } = options;
  const { bootstrapServers } = connection;
  const { protocol, topic, feed, seed } = run;
  const groupId = `${topic}-${protocol}`;
  const anomalies: string[] = [];
  const onAnomaly = (text: string): void => {
    anomalies.push(text);
    log(`${new Date().toISOString()} ANOMALY ${text}`);
  };
  const args = (number: number): readonly string[] => argumentsOf(options, run, { groupId, number });
  const group = new KilledGroup({
    ...{ groupId, protocol, args, processes, partitions, seed, feed, onAnomaly },
    logFolder: options.logFolder,
  });
  const changelog = `${groupId}-counts-changelog`;
  // The members check it, and read it only when there is something in it.
  await createTopic({
    ...{ connection, topic: changelog, partitions, replicationFactor: 2, timeoutMs },
    config: { 'cleanup.policy': 'compact' },
  });
  let commits = 0;
  const tail = new ConsoleTail({
    ...{ bootstrapServers, topic: changelog, partitions },
    onCommit: (partition, commit) => {
      commits += 1;
      group.onCommit(partition, commit);
    },
  });
  try {
    await group.start();
    log(`${groupId}: counts`);
    await group.run(Math.ceil(kills / protocols.length), nowMs() + options.minutes * 60_000);
    run.onKilled();
    await run.fed;
    await group.end();
    const reread = new ConsoleTail({ bootstrapServers, topic: changelog, partitions, onCommit: () => undefined });
    await untilRead(reread, feed.produced);
    const offsets = await readOffsets(bootstrapServers, topic, groupId);
    const expected = { produced: feed.produced, wordsOf: (partition: number) => feed.wordsOf(partition) };
    for (const { states } of [tail, reread])
      for (const line of differences(expected, { ...offsets, states })) onAnomaly(`${groupId}: ${line}`);
    await reread.end();
  } finally {
    run.onKilled();
    group.kill();
    await tail.end();
  }
  return { protocol, takeovers: group.takeovers, commits, anomalies, complaints: group.complaints };
}

function argumentsOf(
  options: RunOptions,
  { protocol, topic }: GroupRun,
  { groupId, number }: { readonly groupId: string; readonly number: number },
): readonly string[] {
  return [
    ...['counts', '--durable', '--follow', '-b', options.connection.bootstrapServers, '--topic', topic],
    ...['--group', groupId, '--members', String(options.members), '--standby-replicas', options.standbyReplicas],
    ...['--commit-interval', options.commitInterval, ...(protocolFlags[protocol] ?? [])],
    ...(options.staticMembership ? ['--static-membership', '--group-instance-id', `process-${number}`] : []),
  ];
}

/** Everything up to `ends`, and whatever comes in the second after it. A reader may start slowly. */
async function untilRead(tail: ConsoleTail, ends: readonly number[]): Promise<void> {
  let seen = '';
  let deadlineMs = nowMs() + rereadMs;
  while (tail.nextOffsets.some((offset, partition) => offset !== ends[partition]) && nowMs() < deadlineMs) {
    const now = tail.nextOffsets.join();
    if (now !== seen) deadlineMs = nowMs() + rereadMs;
    seen = now;
    await sleep(50);
  }
  await sleep(1_000);
}
