import { fromErrorReport, type ClusterError } from '../errors.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';

/**
 * The events of a group, each with one object. Members are numbers from 0, and a replacement has a
 * new one; partitions are numbers from 0.
 */
export interface GroupEvents {
  /** A member's thread was started: at the start, by `addMember()`, or to replace one that crashed. */
  memberStarted: [event: { readonly memberId: number }];
  /** The member's whole assignment: no partitions for a standby. */
  assigned: [
    event: {
      readonly memberId: number;
      readonly partitions: readonly number[];
      /** Partitions that another member still holds; the member gets them when they are released. */
      readonly waiting: readonly number[];
    },
  ];
  /** Partitions released at the group's request; `lost` without a request. */
  revoked: [event: { readonly memberId: number; readonly partitions: readonly number[]; readonly lost: boolean }];
  /** The member has left the group, and its thread has ended. */
  memberLeft: [event: { readonly memberId: number }];
  /** The member's thread has ended without leaving; `error` is what ended it, unless it was killed. */
  memberCrashed: [event: { readonly memberId: number; readonly error: ClusterError | undefined }];
  /** The member makes no progress, so its partitions are taken from it and its thread is ended. */
  memberStuck: [event: { readonly memberId: number }];
  /**
   * The counts of a crashed member's partition are free for the next owner. `replayed` is true when a
   * batch had to be completed.
   */
  recovered: [event: { readonly memberId: number; readonly partition: number; readonly replayed: boolean }];
  /** The partition's counts were taken from a member that did not release them. */
  leaseRevoked: [event: { readonly memberId: number; readonly partition: number }];
  /** A member wrote after its partition was taken from it; nothing was changed. */
  writeRefused: [event: { readonly memberId: number; readonly partition: number }];
  /** Records were deleted from the topic before they were counted. `lastOffset` is inclusive. */
  recordsLost: [event: { readonly partition: number; readonly firstOffset: number; readonly lastOffset: number }];
  /** The topic has grown to this number of partitions, and the group counts all of them. */
  partitionsAdded: [event: { readonly partitions: number }];
  /** An error that ends nothing, such as a broker that is down; `memberId` if one member reported it. */
  warning: [event: { readonly memberId: number | undefined; readonly error: ClusterError }];
  /** The group cannot continue. The calls that wait for it reject with the same error. */
  failed: [error: ClusterError];
}

/** An event with its name and its arguments. */
export type NamedEvent = {
  [Name in keyof GroupEvents]: readonly [name: Name, ...GroupEvents[Name]];
}[keyof GroupEvents];

/** Converts the supervisor's events, and remembers the errors that end members. */
export class EventNames {
  readonly #errors = new Map<number, ClusterError>();

  /** @returns undefined for events that only the supervisor needs */
  named(event: ClusterEvent): NamedEvent | undefined {
    switch (event.type) {
      case 'started':
        return ['memberStarted', { memberId: event.memberId }];
      case 'assigned': {
        const { memberId, partitions, waiting } = event;
        return ['assigned', { memberId, partitions, waiting }];
      }
      case 'revoked': {
        const { memberId, partitions, lost } = event;
        return ['revoked', { memberId, partitions, lost }];
      }
      case 'exited': {
        const { memberId, crashed } = event;
        return crashed ? ['memberCrashed', { memberId, error: this.#take(memberId) }] : ['memberLeft', { memberId }];
      }
      case 'stuck':
        return ['memberStuck', { memberId: event.memberId }];
      case 'recovered': {
        const { memberId, partition, replayed } = event;
        return ['recovered', { memberId, partition, replayed }];
      }
      case 'leaseRevoked':
      case 'writeRefused':
        return [event.type, { memberId: event.memberId, partition: event.partition }];
      case 'recordsLost': {
        const { partition, firstOffset, lastOffset } = event;
        return ['recordsLost', { partition, firstOffset, lastOffset }];
      }
      case 'partitionsAdded':
        return ['partitionsAdded', { partitions: event.partitions }];
      case 'notice':
        return ['warning', { memberId: event.memberId, error: fromErrorReport(event.error) }];
      case 'topicTrouble':
        return ['warning', { memberId: undefined, error: fromErrorReport(event.error) }];
      case 'failed':
        this.#errors.set(event.memberId, fromErrorReport(event.error));
        return undefined;
      case 'joining':
      case 'left':
      case 'leftFor':
      case 'groupMemberId':
      case 'outOfRange':
      case 'restoreWanted':
      case 'changelog': // The library has no durable groups.
        return undefined;
    }
  }

  #take(memberId: number): ClusterError | undefined {
    const error = this.#errors.get(memberId);
    this.#errors.delete(memberId);
    return error;
  }
}
