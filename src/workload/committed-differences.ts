import type { Admin } from '../kafka/kafkajs/admin.ts';
import { nowMs } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { ChangelogDifference } from '../verify/changelog-difference.ts';

/** Committed offsets of a group, by partition; undefined where it has none. */
type CommittedOffsets = ReadonlyMap<number, number | undefined>;

const commitMsMax = 5_000;
const askAgainMs = 100;

export async function readCommittedOffsets(
  admin: Pick<Admin, 'committedOffsets'>,
  groupId: string,
  topic: string,
): Promise<CommittedOffsets> {
  const offsets = await admin.committedOffsets(groupId, topic);
  return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
}

/**
 * Compares the progress in a changelog with the committed offsets of its group.
 *
 * A group that counts commits between our two looks, so that the changelog lies between them. In a
 * group without members both are equal. The committed offsets of a transaction may become visible a
 * little later than its changelog records.
 * @param before - committed offsets that were read before the changelog
 * @param nextOffsets - progress in the changelog, by partition
 */
export async function committedDifferences(
  before: CommittedOffsets,
  nextOffsets: ReadonlyMap<number, number>,
  readCommitted: () => Promise<CommittedOffsets>,
): Promise<Extract<ChangelogDifference, { type: 'committed' }>[]> {
  const deadlineMs = nowMs() + commitMsMax;
  for (;;) {
    const after = await readCommitted();
    const partitions = [...new Set([...nextOffsets.keys(), ...before.keys()])].sort((a, b) => a - b);
    const differences = partitions.flatMap((partition) => {
      const next = nextOffsets.get(partition);
      const [first, last] = [before.get(partition), after.get(partition)];
      const agrees = next === undefined ? first === undefined : (first ?? 0) <= next && next <= (last ?? -1);
      return agrees ? [] : [{ type: 'committed' as const, partition, changelog: next, group: last }];
    });
    if (differences.length === 0 || nowMs() >= deadlineMs) return differences;
    await sleep(askAgainMs);
  }
}
