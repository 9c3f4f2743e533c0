import type { ManagedBrokers } from '../brokers/managed-brokers.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { Retention } from './log-trimmer.ts';
import type { VerifiedHistoryOptions } from './verified-history.ts';

export interface LiveGroup {
  /** One letter, shown to users. */
  readonly name: string;
  readonly members: number;
  readonly config: GroupConfig;
}

export interface LiveGroupsOptions {
  readonly connection: Connection;
  readonly topic: string;
  /** Kafka's id of the topic, when the offsets were read from an existing one. */
  readonly topicId?: string;
  readonly beginOffsets: readonly number[];
  readonly groups: readonly LiveGroup[];
  /** Brokers that instructions may kill; present when this process started them. */
  readonly managed?: ManagedBrokers;
  /** The coordinator's group.initial.rebalance.delay.ms, see takeoverBounds. */
  readonly initialDelayMs: number;
  readonly topWords: number;
  /** False records and checks no history. `file` keeps it in a file. */
  readonly history?: false | Omit<VerifiedHistoryOptions, 'groups'>;
  readonly onTruncation?: 'stop' | 'continue';
  /** Which records are deleted during the run; undefined deletes none. */
  readonly retention?: Retention;
  readonly onEvent: (group: string, event: ClusterEvent) => void;
}
