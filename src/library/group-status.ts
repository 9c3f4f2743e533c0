import type { GroupSnapshot } from '../cluster/snapshot.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';

/** The state of one member. */
export interface MemberStatus {
  readonly memberId: number;
  /** Where it is in its life; `standby` is a member without partitions. */
  readonly phase: 'starting' | 'joining' | 'assigned' | 'standby' | 'draining' | 'left' | 'crashed';
  readonly partitions: readonly number[];
  /** Records that it has counted. */
  readonly records: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Time that it has worked on records, in milliseconds. */
  readonly busyMs: number;
}

/** The state of one partition. */
export interface PartitionStatus {
  readonly partition: number;
  /** The member that owns it; undefined between two owners. */
  readonly owner: number | undefined;
  /** Offset of the next record to count. */
  readonly nextOffset: number;
  readonly records: number;
}

/** The state of a group at one time. Each partition is consistent in itself. */
export interface GroupStatus {
  readonly records: number;
  readonly words: number;
  /** Bytes of the values of the records. */
  readonly bytes: number;
  /** Writes that came too late and changed nothing. */
  readonly writesRefused: number;
  /** All members that there were, in the order of their start. */
  readonly members: readonly MemberStatus[];
  readonly partitions: readonly PartitionStatus[];
}

export function groupStatus({ records, words, bytes, refused, members, partitions }: GroupSnapshot): GroupStatus {
  return {
    ...{ records, words, bytes, writesRefused: refused, partitions },
    members: members.map(({ memberId, phase, partitions: own, meter }) => {
      return { memberId, phase, partitions: own, records: meter.records, bytes: meter.bytes, busyMs: meter.busyMs };
    }),
  };
}

/** The counted offsets of each partition. */
export function rangesOf({ partitions }: GroupSnapshot, { beginOffsets }: Pick<TopicRange, 'beginOffsets'>) {
  return partitions.map(({ partition, nextOffset, records }) => {
    return { partition, begin: beginOffsets[partition] ?? 0, end: nextOffset, records };
  });
}
