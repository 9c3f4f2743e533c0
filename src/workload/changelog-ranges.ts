import type { ChangelogPartition } from '../kafka/kafkajs/changelog-reader.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';

/** Offsets [begin, end) of a partition and the number of records counted among them. */
interface CountedRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
  readonly records: number;
}

/**
 * The offsets that a changelog covers, for `verify`. Progress does not say where a count began: it is
 * the begin of the topic if every offset since then is a counted record. Otherwise 0 is assumed, with
 * which `verify` gives no verdict if records have been deleted since. Pure.
 * @param present - what the topic has now; undefined when it was deleted
 */
export function changelogRanges(
  partitions: readonly Pick<ChangelogPartition, 'partition' | 'progress'>[],
  present: Pick<TopicRange, 'beginOffsets'> | undefined,
): CountedRange[] {
  return partitions.map(({ partition, progress }) => {
    const [end, records] = [progress?.nextOffset ?? 0, progress?.records ?? 0];
    const presentBegin = present?.beginOffsets[partition] ?? 0;
    return { partition, begin: end - presentBegin === records ? presentBegin : 0, end, records };
  });
}
