import type { BatchEvent, OwnershipEvent } from '../../history/event.ts';
import type { Check, CheckFold, Violation } from '../check.ts';
import { PartitionMap } from '../partition-map.ts';

export const exclusiveOwnership: Check = {
  name: 'exclusive-ownership',
  code: 'V1',
  definition:
    'The ownership intervals of a partition, from `acquired` to `released`, `fenced` or `recovered`, are disjoint. Lease epochs increase by exactly 1. Every batch is applied within an interval of its member and epoch.',
  start: (_context, report) => new Ownership(report),
};

interface Holding {
  readonly member: number;
  readonly epoch: number;
  readonly ticket: number;
}

interface PartitionState {
  holding: Holding | undefined;
  /** The holding that ended last. */
  ended: Holding;
}

type Fact = Extract<OwnershipEvent | BatchEvent, { readonly epoch: number }>;

class Ownership implements CheckFold {
  readonly #partitions = new PartitionMap<PartitionState>(() => ({
    holding: undefined,
    ended: { member: -1, epoch: 0, ticket: 0 },
  }));
  readonly #report: (violation: Violation) => void;

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  add(event: Parameters<CheckFold['add']>[0]): void {
    switch (event.type) {
      case 'acquired':
        this.#acquired(event);
        break;
      case 'released':
      case 'fenced':
        this.#expectHolder(event);
        this.#end(event);
        break;
      case 'recovered':
        this.#recovered(event);
        break;
      case 'batchApplied':
      case 'advanced':
        this.#expectHolder(event);
        break;
      default:
        break;
    }
  }

  finish(): Record<string, never> {
    return {};
  }

  #acquired(event: Fact): void {
    const state = this.#partitions.get(event.partition);
    const { holding, ended } = state;
    if (holding !== undefined) {
      this.#violated(event, `acquired by member ${event.member} while ${ownerText(holding)} held it`, [holding.ticket]);
    }
    const last = Math.max(holding?.epoch ?? 0, ended.epoch);
    if (event.epoch !== last + 1) this.#violated(event, `epoch ${event.epoch} follows epoch ${last}`, [ended.ticket]);
    state.holding = event;
  }

  /**
   * A member may die between a claim and its record, or between the record of a release and the
   * release.
   */
  #recovered(event: Fact): void {
    const { holding, ended } = this.#partitions.get(event.partition);
    const unrecorded = holding === undefined && event.epoch === ended.epoch + 1;
    const unreleased = holding === undefined && event.epoch === ended.epoch && event.member === ended.member;
    if (!unrecorded && !unreleased) this.#expectHolder(event);
    this.#end(event);
  }

  #end(event: Fact): void {
    const state = this.#partitions.get(event.partition);
    state.ended = event.epoch >= state.ended.epoch ? event : state.ended;
    state.holding = undefined;
  }

  #expectHolder(event: Fact): void {
    const { holding, ended } = this.#partitions.get(event.partition);
    if (holding?.member === event.member && holding.epoch === event.epoch) return;
    const holder = holding === undefined ? 'no member' : ownerText(holding);
    this.#violated(event, `${event.type} by ${ownerText(event)} while ${holder} held it`, [(holding ?? ended).ticket]);
  }

  #violated({ partition, ticket }: Fact, what: string, others: readonly number[]): void {
    const tickets = [...others.filter((other) => other > 0), ticket];
    this.#report({ message: `partition ${partition}: ${what}`, partition, tickets });
  }
}

function ownerText({ member, epoch }: { readonly member: number; readonly epoch: number }): string {
  return `member ${member} with epoch ${epoch}`;
}
