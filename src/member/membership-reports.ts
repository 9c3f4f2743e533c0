import type { GroupConfig } from '../config/group.ts';
import type { BatchConsumer, RebalanceEvent } from '../kafka/native/consumer.ts';
import type { Partition } from '../protocol/ids.ts';
import type { MemberTask } from '../protocol/member-task.ts';
import type { MemberMessage } from '../protocol/messages.ts';
import type { Assignment } from './assignment.ts';

/** The part of a member's client and task that its reports need. */
export type JoinedClient = Pick<BatchConsumer, 'generation' | 'memberId'>;
export type ReportTask = Pick<MemberTask, 'memberId'> & { readonly group: Pick<GroupConfig, 'groupProtocol'> };

/** Interval of state queries, each a round trip to the client's thread. */
const queryIntervalMs = 50;

/** Reports to the supervisor what the group has assigned to this member, and its id in the group. */
export class MembershipReports {
  readonly #task: ReportTask;
  readonly #client: JoinedClient;
  readonly #assignment: Assignment;
  readonly #clock: () => number;
  readonly #post: (message: MemberMessage) => void;
  /** The supervisor knows the current assignment. */
  #assignmentReported = false;
  /** The member id that was reported; undefined when the coordinator may have given another since. */
  #reportedId: string | undefined;
  #queriedAtMs = 0;

  constructor(
    task: ReportTask,
    client: JoinedClient,
    assignment: Assignment,
    { clock, post }: { readonly clock: () => number; readonly post: (message: MemberMessage) => void },
  ) {
    this.#task = task;
    this.#client = client;
    this.#assignment = assignment;
    this.#clock = clock;
    this.#post = post;
  }

  assigned(): void {
    this.#assignmentReported = true;
    this.#post({
      type: 'assigned',
      memberId: this.#task.memberId,
      partitions: [...this.#assignment.owned.values()].map(({ partition }) => partition),
      waiting: this.#assignment.waitingPartitions,
    });
  }

  revoked({ partitions, lost }: RebalanceEvent): void {
    this.#assignmentReported = false;
    this.#post({ type: 'revoked', memberId: this.#task.memberId, partitions: partitions as Partition[], lost });
  }

  /** A member that was out of the group gets another id. */
  onRebalance(): void {
    this.#reportedId = undefined;
  }

  /**
   * Polls state that the client does not push: the member id in the group, which the supervisor
   * needs to leave on behalf of a dead member. Under the consumer protocol a member without
   * partitions gets no callback; only its epoch shows that it has joined.
   */
  poll(): void {
    const knowsAssignment = this.#assignmentReported || this.#task.group.groupProtocol === 'classic';
    if (knowsAssignment && this.#reportedId !== undefined) return;
    if (this.#clock() - this.#queriedAtMs < queryIntervalMs) return;
    this.#queriedAtMs = this.#clock();
    if (this.#reportedId === undefined) this.#reportId();
    if (!knowsAssignment && this.#client.generation() > 0) this.assigned();
  }

  #reportId(): void {
    const groupMemberId = this.#client.memberId();
    if (groupMemberId === '') return;
    this.#reportedId = groupMemberId;
    this.#post({ type: 'groupMemberId', memberId: this.#task.memberId, groupMemberId });
  }
}
