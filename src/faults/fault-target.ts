import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import type { MemberSnapshot } from '../cluster/snapshot.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { LostRange } from '../verify/check.ts';
import type { WeightedFeed } from '../workload/weighted-feed.ts';
import type { BrokerProxy } from './broker-proxy.ts';
import type { FaultChoice } from './fault-choice.ts';

/** All that faults may lay hands on. */
export interface FaultTarget {
  readonly supervisor: Supervisor;
  readonly group: GroupConfig;
  readonly topic: string;
  readonly partitions: number;
  readonly feed: WeightedFeed;
  /** Straight to the brokers, past the proxy. */
  readonly connection: Connection;
  readonly managed?: ManagedBrokers;
  readonly proxy?: BrokerProxy;
  readonly membersMax: number;
  /** Whether members that stand still are ended by the supervisor. */
  readonly watchdog: boolean;
  /** Faults add what they have deleted before it was counted. */
  readonly losses: LostRange[];
  /** Those of which a member may have counted the beginning meanwhile. */
  readonly perhapsLost: LostRange[];
  /** To be told once the topic was made anew. @param stopped - whether the group has stopped with an error */
  readonly recreated: (stopped: boolean) => void;
}

/** Members that are in the group or on their way into it. */
export function liveMembers({ supervisor }: FaultTarget): readonly MemberSnapshot[] {
  return supervisor.snapshot().members.filter(({ phase }) => !['left', 'crashed', 'draining'].includes(phase));
}

/** Chooses a live member, one with partitions if there is any: the others have nothing to lose. */
export function chooseMember(target: FaultTarget, { random, wanted }: FaultChoice): MemberSnapshot | undefined {
  const live = liveMembers(target);
  const owners = live.filter(({ partitions }) => partitions.length > 0);
  const among = owners.length > 0 ? owners : live;
  return among.find(({ memberId }) => memberId === wanted) ?? among[Math.floor(random() * among.length)];
}

/** The ids with which the member's client, and nobody else's, comes to the brokers begin so. */
export function clientIdPrefix({ group }: FaultTarget, memberId: number): string {
  return `${group.groupId}-${memberId}-`;
}

/** Node ids of the brokers that this process has started. */
export function brokerIds({ managed }: FaultTarget): readonly number[] {
  return (managed?.nodes ?? []).filter(({ role }) => role === 'broker').map(({ nodeId }) => nodeId);
}

export function choosePartition({ partitions }: FaultTarget, { random, wanted }: FaultChoice): number {
  return wanted ?? Math.floor(random() * partitions);
}

export function chooseBroker(target: FaultTarget, { random, wanted }: FaultChoice): number | undefined {
  const ids = brokerIds(target);
  return ids.find((nodeId) => nodeId === wanted) ?? ids[Math.floor(random() * ids.length)];
}
