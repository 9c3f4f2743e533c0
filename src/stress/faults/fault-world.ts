import type { ManagedBrokers } from '../../brokers/managed-brokers.ts';
import type { MemberSnapshot } from '../../cluster/snapshot.ts';
import type { Supervisor } from '../../cluster/supervisor.ts';
import type { Connection } from '../../config/connection.ts';
import type { GroupConfig } from '../../config/group.ts';
import type { LostRange } from '../../verify/check.ts';
import type { WeightedFeed } from '../../workload/weighted-feed.ts';
import type { BrokerProxy } from './broker-proxy.ts';

/** Everything a fault of brokers may act on. */
export interface BrokerWorld {
  readonly group: Pick<GroupConfig, 'groupId'>;
  readonly topic: string;
  readonly partitions: number;
  /** Connects directly to the brokers, not through the proxy. */
  readonly connection: Connection;
  readonly managed?: ManagedBrokers;
}

/** Everything a fault of a group in this process may act on. */
export interface FaultWorld extends BrokerWorld {
  readonly supervisor: Supervisor;
  readonly group: GroupConfig;
  readonly feed: WeightedFeed;
  readonly proxy?: BrokerProxy;
  readonly membersMax: number;
  /** True when the supervisor ends members whose loop is blocked. */
  readonly watchdog: boolean;
  /** Faults add the ranges that they have deleted before any member counted them. */
  readonly losses: LostRange[];
  /** Faults add deleted ranges of which a member may have counted the beginning. */
  readonly perhapsLost: LostRange[];
  /**
   * Call it after the topic was recreated.
   * @param stopped - true when the group has stopped with an error
   */
  readonly onTopicRecreated: (stopped: boolean) => void;
}

/** The random number and the number on which a fault's choice depends. */
export interface FaultChoice {
  /** Returns numbers in [0, 1). */
  readonly random: () => number;
  /** The member, broker or partition that a scenario file requests. */
  readonly requested: number | undefined;
  readonly durationMs: number;
}

const endingPhases: readonly MemberSnapshot['phase'][] = ['left', 'crashed', 'draining'];

/** Members that are in the group or about to join it. */
export function liveMembers({ supervisor }: FaultWorld): readonly MemberSnapshot[] {
  return supervisor.snapshot().members.filter(({ phase }) => !endingPhases.includes(phase));
}

/**
 * Adds members until `count` are live, or the group stops: an interrupted run ends it while faults
 * are still healing.
 * @param pause - called after each
 */
export async function addMembersUpTo(world: FaultWorld, count: number, pause?: () => Promise<void>): Promise<void> {
  const { supervisor } = world;
  while (liveMembers(world).length < count && supervisor.takesMembers) {
    supervisor.addMember();
    await pause?.();
  }
}

/**
 * Chooses a live member. Members without partitions have nothing to lose, so they are chosen only
 * if no member has any.
 */
export function chooseMember(world: FaultWorld, { random, requested }: FaultChoice): MemberSnapshot | undefined {
  const live = liveMembers(world);
  const owners = live.filter(({ partitions }) => partitions.length > 0);
  const among = owners.length > 0 ? owners : live;
  return among.find(({ memberId }) => memberId === requested) ?? among[Math.floor(random() * among.length)];
}

/** The prefix of this member's client ids; no other member's begin with it. */
export function clientIdPrefix({ group }: FaultWorld, memberId: number): string {
  return `${group.groupId}-${memberId}-`;
}

/** Node ids of the brokers that this process started. */
export function brokerIds({ managed }: BrokerWorld): readonly number[] {
  return (managed?.nodes ?? []).filter(({ role }) => role === 'broker').map(({ nodeId }) => nodeId);
}

export function choosePartition({ partitions }: BrokerWorld, { random, requested }: FaultChoice): number {
  return requested ?? Math.floor(random() * partitions);
}

export function chooseBroker(world: BrokerWorld, { random, requested }: FaultChoice): number | undefined {
  const ids = brokerIds(world);
  return ids.find((nodeId) => nodeId === requested) ?? ids[Math.floor(random() * ids.length)];
}
