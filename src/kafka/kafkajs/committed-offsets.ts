import type { Admin as KafkajsAdmin } from 'kafkajs';

/** Undefined where the group has no committed offset. */
export interface CommittedOffset {
  readonly partition: number;
  readonly offset: number | undefined;
}

/** In the order of the partitions. @throws a kafkajs error */
export async function committedOffsets(
  admin: KafkajsAdmin,
  group: string,
  topic: string,
): Promise<readonly CommittedOffset[]> {
  const answer = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return (answer[0]?.partitions ?? [])
    .map(({ partition, offset }) => ({ partition, offset: Number(offset) < 0 ? undefined : Number(offset) }))
    .sort((a, b) => a.partition - b.partition);
}

/** Topics of which the group has committed offsets, sorted. @throws a kafkajs error */
export async function committedTopics(admin: KafkajsAdmin, group: string): Promise<readonly string[]> {
  const topics = await admin.fetchOffsets({ groupId: group });
  return topics
    .filter(({ partitions }) => partitions.some(({ offset }) => Number(offset) >= 0))
    .map(({ topic }) => topic)
    .sort();
}
