import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../src/cluster/supervisor-options.ts';
import { durableDefaults } from '../../src/config/group.ts';
import { ensureChangelogTopic } from '../../src/kafka/kafkajs/changelog-topic.ts';
import { changelogTopicOf } from '../../src/protocol/changelog-format.ts';
import { sharedBrokers } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';
import { fillTopic } from '../support/filled-topic.ts';
import { handovers } from '../support/protocols.ts';
import { testCluster, type TestCluster } from '../support/test-cluster.ts';

const partitions = 24;

type Restored = Extract<Extract<ClusterEvent, { type: 'changelog' }>['event'], { type: 'restored' }>;

function restoredOf({ events }: TestCluster): Restored[] {
  return events.flatMap((event) =>
    event.type === 'changelog' && event.event.type === 'restored' ? [event.event] : [],
  );
}

/** Partitions by how much of them the process has: those of its members, and complete tables of others. */
function holdingsOf({ supervisor }: TestCluster, endOffsets: readonly number[]) {
  const snapshot = supervisor.snapshot();
  const owned = snapshot.members.flatMap((member) => [...member.partitions] as number[]);
  const complete = snapshot.partitions.filter(({ partition, nextOffset }) => nextOffset === endOffsets[partition]);
  const copies = complete.map(({ partition }) => partition as number).filter((partition) => !owned.includes(partition));
  const filled = supervisor.readers.flatMap((reader, partition) =>
    reader.progress().distinctWords > 0 ? [partition] : [],
  );
  return { owned, copies, filled };
}

test.each(handovers)(
  '%s: each partition has one copy, which a takeover continues from the end of the changelog',
  async (name, protocol) => {
    const filled = await fillTopic(await sharedBrokers(), { records: 4_000, partitions });
    const { connection, topic, endOffsets, reference } = filled;
    const groupId = `copies-${randomUUID().slice(0, 8)}`;
    const changelogTopic = changelogTopicOf(groupId);
    await ensureChangelogTopic(connection, { topic: changelogTopic, source: topic, partitions, timeoutMs: 20_000 });
    const durable = { ...durableDefaults, changelogTopic, standby: 1 };
    // Static members name their process themselves.
    const staticMembership = name === 'cooperative-sticky';
    const start = (groupInstanceId: string): TestCluster => {
      const identity = staticMembership ? { staticMembership, groupInstanceId } : {};
      const cluster = testCluster(filled, { groupId, commitIntervalMs: 200, durable, ...protocol, ...identity });
      cluster.supervisor.addMember();
      cluster.supervisor.openGate();
      return cluster;
    };
    const processes = [start('first'), start('second'), start('third')];
    const all = [...endOffsets.keys()];
    // While members are still joining, two processes can hold everything between them: each must hold its share.
    const isPlaced = (): boolean => {
      const holdings = processes.map((process) => holdingsOf(process, endOffsets));
      const share = partitions / processes.length;
      const isEven = holdings.every(({ owned, copies }) => owned.length === share && copies.length === share);
      const owned = holdings.flatMap((each) => each.owned).sort((left, right) => left - right);
      const copies = holdings.flatMap((each) => each.copies).sort((left, right) => left - right);
      const filledTables = holdings.flatMap((each) => each.filled).length;
      const isEach = [owned, copies].every((each) => each.join() === all.join());
      return isEven && isEach && filledTables === 2 * partitions;
    };
    // Tables that a process held before the others came are kept for 30 s, and then emptied.
    await eventually(
      'each partition has one owner and one copy, shared evenly, and no other table has words',
      isPlaced,
      90_000,
    );

    const [victim, ...survivors] = processes as [TestCluster, TestCluster, TestCluster];
    const lost = holdingsOf(victim, endOffsets).owned;
    const before = survivors.map((process) => ({
      ...{ process, held: new Set(holdingsOf(process, endOffsets).copies), restored: restoredOf(process).length },
    }));
    // A copy that is read again from its start is empty for a while.
    const emptied: number[] = [];
    const lookForEmptied = (): void => {
      for (const { process, held } of before) {
        const { readers } = process.supervisor;
        for (const partition of held) {
          if (readers[partition]?.progress().distinctWords === 0) emptied.push(partition);
        }
      }
    };
    await victim.supervisor.stop('kill');
    const takenOver = () =>
      before.flatMap(({ process, held, restored }) =>
        restoredOf(process)
          .slice(restored)
          .filter(({ partition }) => lost.includes(partition))
          .map((each) => ({ ...each, hadCopy: held.has(each.partition) })),
      );
    await eventually(
      'the survivors own what the victim has owned',
      () => {
        lookForEmptied();
        return lost.every((partition) => takenOver().some((each) => each.partition === partition));
      },
      60_000,
    );
    const withCopy = takenOver().filter(({ hadCopy }) => hadCopy);
    // Nothing was committed since: the tail has no words.
    expect(withCopy.map((each) => each.words)).toEqual(withCopy.map(() => 0));
    expect(emptied).toEqual([]);

    // The group of two has copies of everything again.
    processes.shift();
    await eventually('both survivors hold everything', isPlaced, 60_000);
    for (const { supervisor } of processes) expect(supervisor.counts()).toEqual(reference.counts);
    await Promise.all(processes.map(({ supervisor }) => supervisor.stop('drain')));
  },
);
