import { ClusterError } from '../../../errors.ts';
import { Admin } from '../../../kafka/kafkajs/admin.ts';
import { nowMs } from '../../../time/clock.ts';
import { sleep } from '../../../time/sleep.ts';
import { reread } from '../../../workload/reread.ts';
import { choosePartition, liveMembers, type FaultWorld } from '../fault-world.ts';
import { defineFault, instant } from '../fault.ts';
import { whileEmpty } from '../shared/while-empty.ts';

const timeoutMs = 10_000;
/**
 * Longest time that the feed may take to produce `lostRecords` records beyond the group's position.
 */
const aheadTimeoutMs = 5_000;
const lostRecords = 200;

/**
 * A retention shorter than the group's lag: while the group is empty, records that it has not
 * counted yet are deleted. It has to continue after them and report exactly the missing ones.
 */
export const recordsLost = defineFault({
  kind: 'records-lost',
  does: 'empties the group and deletes records that are not counted yet; exactly those have to be reported as lost',
  scope: 'process',
  lane: 'membership',
  durationMs: instant,
  needs: 'kafka',
  deletesRecords: true,
  aim: (world, choice) => {
    const partition = choosePartition(world, choice);
    return {
      text: `partition ${partition}`,
      begin: async () => {
        const admin = await Admin.connect(world.connection, { timeoutMs });
        try {
          await whileEmpty(world, () => deleteUncounted(world, partition, admin));
        } finally {
          await admin.close();
        }
        return undefined;
      },
    };
  },
});

async function deleteUncounted(world: FaultWorld, partition: number, admin: Admin): Promise<void> {
  const { connection, topic, group, feed, losses, perhapsLost } = world;
  const firstOffset = nextOffsetOf(world, partition);
  const lastOffset = firstOffset + lostRecords - 1;
  const ranges = [{ partition, begin: firstOffset, end: lastOffset + 1 }];
  await waitProduced(admin, topic, partition, lastOffset);
  const read = await reread({ connection, topic, ranges, tokenizer: group.tokenizer, timeoutMs });
  await admin.deleteRecords(topic, [{ partition, offset: lastOffset + 1 }]);
  if (nextOffsetOf(world, partition) === firstOffset && liveMembers(world).length === 0) {
    losses.push({ partition, firstOffset, lastOffset });
    feed.deleted(read.counts);
  } else {
    // A member that joined meanwhile may have counted some of them: the generator can't know which.
    perhapsLost.push({ partition, firstOffset, lastOffset });
    feed.lostTrack();
  }
}

function nextOffsetOf({ supervisor }: FaultWorld, partition: number): number {
  return supervisor.snapshot().partitions[partition]?.nextOffset ?? 0;
}

async function waitProduced(admin: Admin, topic: string, partition: number, offset: number): Promise<void> {
  const deadlineMs = nowMs() + aheadTimeoutMs;
  for (;;) {
    const offsets = await admin.offsets(topic);
    if ((offsets[partition]?.endOffset ?? 0) > offset) return;
    if (nowMs() > deadlineMs) {
      throw new ClusterError(
        'timeout',
        `partition ${partition} did not grow beyond offset ${offset} within ${aheadTimeoutMs} ms`,
      );
    }
    await sleep(100);
  }
}
