import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { Retention } from './log-trimmer.ts';
import type { VerifiedHistoryOptions } from './verified-history.ts';

export interface LiveGroup {
  /** One letter, for people. */
  readonly name: string;
  readonly members: number;
  readonly config: GroupConfig;
}

export interface LiveGroupsOptions {
  readonly connection: Connection;
  readonly topic: string;
  readonly beginOffsets: readonly number[];
  readonly groups: readonly LiveGroup[];
  /** Brokers that may be killed, when they were started by this process. */
  readonly managed?: ManagedBrokers;
  /** Of the coordinator, see takeoverBounds. */
  readonly initialDelayMs: number;
  readonly topWords: number;
  /** False: no history is recorded, and none is checked. `file`: keep it there. */
  readonly history?: false | Omit<VerifiedHistoryOptions, 'groups'>;
  readonly onTruncation?: 'stop' | 'continue';
  /** What is deleted from the topic meanwhile; without it, nothing is. */
  readonly retention?: Retention;
  readonly onEvent: (group: string, event: ClusterEvent) => void;
}
