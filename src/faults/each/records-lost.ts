import { WordcountError } from '../../errors.ts';
import { Admin } from '../../kafka/admin.ts';
import { nowMs } from '../../metrics/clock.ts';
import { sleep } from '../../metrics/sleep.ts';
import { reread } from '../../workload/reread.ts';
import { choosePartition, liveMembers, type FaultTarget } from '../fault-target.ts';
import type { Fault } from '../fault.ts';
import { whileEmpty } from './while-empty.ts';

const timeoutMs = 10_000;
/** Longest that the feed may take to put so many records behind where the group stands. */
const aheadMsMax = 5_000;
const lostRecords = 200;

/**
 * Retention that overtakes the group: while nobody is in it, records that it has not counted yet are deleted. It must go on
 * behind them and say exactly which are missing.
 */
export const recordsLost: Fault = {
  kind: 'records-lost',
  aim: (target, choice) => {
    const partition = choosePartition(target, choice);
    return {
      text: `partition ${partition}`,
      begin: async () => {
        const admin = await Admin.connect(target.connection, { timeoutMs });
        try {
          await whileEmpty(target, () => deleteUncounted(target, partition, admin));
        } finally {
          await admin.close();
        }
        return undefined;
      },
    };
  },
};

async function deleteUncounted(target: FaultTarget, partition: number, admin: Admin): Promise<void> {
  const { connection, topic, group, feed, losses, perhapsLost } = target;
  const firstOffset = nextOffsetOf(target, partition);
  const lastOffset = firstOffset + lostRecords - 1;
  const ranges = [{ partition, begin: firstOffset, end: lastOffset + 1 }];
  await untilThere(admin, topic, partition, lastOffset);
  const read = await reread({ connection, topic, ranges, tokenizer: group.tokenizer, timeoutMs });
  await admin.deleteRecords(topic, [{ partition, offset: lastOffset + 1 }]);
  if (nextOffsetOf(target, partition) === firstOffset && liveMembers(target).length === 0) {
    losses.push({ partition, firstOffset, lastOffset });
    feed.deleted(read.counts);
  } else {
    // A member that came in between may have counted some of them: the generator can't tell which.
    perhapsLost.push({ partition, firstOffset, lastOffset });
    feed.lostTrack();
  }
}

function nextOffsetOf({ supervisor }: FaultTarget, partition: number): number {
  return supervisor.snapshot().partitions[partition]?.nextOffset ?? 0;
}

async function untilThere(admin: Admin, topic: string, partition: number, offset: number): Promise<void> {
  const beforeMs = nowMs() + aheadMsMax;
  for (;;) {
    const offsets = await admin.offsets(topic);
    if ((offsets[partition]?.endOffset ?? 0) > offset) return;
    if (nowMs() > beforeMs) throw new WordcountError('timeout', `partition ${partition} did not grow beyond ${offset}`);
    await sleep(100);
  }
}
