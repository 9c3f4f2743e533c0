import type { Admin as KafkajsAdmin } from 'kafkajs';
import type { GroupCoordinators } from './group-coordinators.ts';

/** Undefined where the group has no committed offset. */
export interface CommittedOffset {
  readonly partition: number;
  readonly offset: number | undefined;
}

export interface OffsetCalls {
  readonly admin: KafkajsAdmin;
  /** kafkajs's own search for the coordinator hides that this user is not authorized. */
  readonly groups: Pick<GroupCoordinators, 'coordinatorOf'>;
}

/** In the order of the partitions. @throws a kafkajs error */
export async function committedOffsets(
  { admin, groups }: OffsetCalls,
  group: string,
  topic: string,
): Promise<readonly CommittedOffset[]> {
  await groups.coordinatorOf(group);
  const answer = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return (answer[0]?.partitions ?? [])
    .map(({ partition, offset }) => ({ partition, offset: Number(offset) < 0 ? undefined : Number(offset) }))
    .sort((a, b) => a.partition - b.partition);
}

/** Topics of which the group has committed offsets, sorted. @throws a kafkajs error */
export async function committedTopics({ admin, groups }: OffsetCalls, group: string): Promise<readonly string[]> {
  await groups.coordinatorOf(group);
  const topics = await admin.fetchOffsets({ groupId: group });
  return topics
    .filter(({ partitions }) => partitions.some(({ offset }) => Number(offset) >= 0))
    .map(({ topic }) => topic)
    .sort();
}
