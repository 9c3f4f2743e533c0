import type { GroupConfig } from '../config/group.ts';
import type { BatchConsumer } from '../kafka/native/consumer.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import type { AssignedClient } from './assignment.ts';
import type { ReadClient } from './batch.ts';
import type { CommittingClient } from './commits.ts';
import type { DurableClient } from './durable-commits.ts';
import type { LatencyRecorder } from './latency-recorder.ts';
import type { MemberMemory } from './member-memory.ts';
import type { JoinedClient } from './membership-reports.ts';
import type { IdentifiedClient } from './topic-identity-check.ts';

/** The part of BatchConsumer that a turn needs. */
export interface TurnClient
  extends AssignedClient, ReadClient, CommittingClient, JoinedClient, IdentifiedClient, PolledClient {}
export type PolledClient = Pick<BatchConsumer, 'consumeBatch'>;

/** The part of a member's task that a turn needs. */
export type TurnTask = Pick<MemberTask, 'memberId' | 'topic' | 'endOffsets'> & {
  readonly group: Pick<GroupConfig, 'workUs' | 'commitIntervalMs' | 'groupProtocol' | 'batchRecordsMax'>;
};

export interface MemberTurnOptions {
  readonly task: TurnTask;
  readonly client: TurnClient;
  readonly memory: MemberMemory;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly post: (message: MemberMessage) => void;
  /** Only in a latency run. */
  readonly latency?: LatencyRecorder | undefined;
  /** Only in a durable group: commits counts and offsets in transactions. */
  readonly durable?: DurableClient | undefined;
}
