import type { Connection } from '../config/connection.ts';
import type { GroupConfig } from '../config/group.ts';
import type { HistoryMemory } from '../history/member-history.ts';
import type { LatencyTimestamps } from './cells/latency-timestamps.ts';
import type { MemberId } from './ids.ts';

/** Tables of consecutive partitions. */
export interface SharedTables {
  readonly tables: readonly SharedArrayBuffer[];
  /** Beside each table of a durable group, see src/count/durable-cells.ts; empty for other groups. */
  readonly durableCells: readonly SharedArrayBuffer[];
}

/** What a member's thread receives when it starts (its `workerData`). */
export interface MemberTask extends SharedTables {
  readonly memberId: MemberId;
  /**
   * No other member has it: librdkafka's sticky assignor loops for ever on equal client ids. A
   * static member of a durable group has that of its predecessor.
   */
  readonly clientId: string;
  /** group.instance.id of a static member, which its replacement reuses; undefined for a dynamic one. */
  readonly groupInstanceId: string | undefined;
  readonly topic: string;
  readonly connection: Connection;
  readonly group: GroupConfig;
  /** Share of the group's memory budget that the client of this member may hold fetched. */
  readonly queuedKbytesMax: number;
  /** The group's gate, see protocol/cells/gate.ts: closed means joined but paused. */
  readonly gate: SharedArrayBuffer;
  /** Which topic the group counts, see protocol/cells/counted-topic.ts. */
  readonly countedTopic: SharedArrayBuffer;
  /** This member's meter, see protocol/cells/meter.ts. */
  readonly meter: SharedArrayBuffer;
  /** Where the member records what it does; undefined when no history is kept. */
  readonly history: HistoryMemory | undefined;
  /** Offset per partition at which counting ends, exclusive; undefined counts for ever. */
  readonly endOffsets: readonly number[] | undefined;
  /** Where the timestamps of each record are recorded; undefined when they are not measured. */
  readonly latency: MeasuredRecords | undefined;
}

/** The records of a latency run, as members find them in the topic. */
export interface MeasuredRecords {
  readonly points: LatencyTimestamps;
  /** One a partition: offset of its first record of the run. */
  readonly beginOffsets: readonly number[];
}
