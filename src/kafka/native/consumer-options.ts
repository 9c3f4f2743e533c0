import type { Connection } from '../../config/connection.ts';
import type { ClusterError } from '../../errors.ts';
import type { NativePartition, NativeProperties } from './native-client.ts';

export interface Position {
  readonly partition: number;
  readonly offset: number;
}

export function withTopic(topic: string, positions: readonly Position[]): NativePartition[] {
  return positions.map(({ partition, offset }) => ({ topic, partition, offset }));
}

export function topicPartitions(topic: string, partitions: readonly number[]): NativePartition[] {
  return partitions.map((partition) => ({ topic, partition }));
}

export interface RebalanceEvent {
  readonly type: 'assign' | 'revoke';
  /** Lost without a revocation: other members may already own the partitions. */
  readonly lost: boolean;
  readonly partitions: readonly number[];
}

export interface CommitResult {
  readonly error: ClusterError | undefined;
  readonly positions: readonly Position[];
}

/**
 * Buffers for the records of a batch. `reserve` may replace both arrays: read them again after each
 * batch.
 */
export interface BatchBuffers {
  readonly values: Uint8Array;
  readonly rows: Float64Array;
  /** Grows both to at least the given sizes. Their content may be lost. */
  reserve(room: { readonly valuesBytes: number; readonly rowNumbers: number }): void;
}

export interface BatchConsumerOptions {
  readonly connection: Connection;
  readonly groupId: string;
  /** Unique per client: librdkafka's sticky assignor loops forever on equal ids. */
  readonly clientId: string;
  readonly topic: string;
  /** The consumer's own by default. */
  readonly buffers?: BatchBuffers;
  /** librdkafka's names; the connection's own properties win over these. */
  readonly properties: NativeProperties;
  /** Must be answered by (un)assigning exactly these partitions, immediately or later. */
  readonly onRebalance: (event: RebalanceEvent) => void;
  /** Errors that the client recovers from. May be frequent while brokers are down. */
  readonly onError: (error: ClusterError) => void;
  /**
   * The brokers do not have the next offset to fetch. With `auto.offset.reset` set to `error`, the
   * client stops fetching the partition until it is assigned again.
   */
  readonly onOutOfRange?: (partition: number) => void;
  readonly onCommit?: (result: CommitResult) => void;
}

/** Default buffers of a consumer without other buffers. */
export class OwnBuffers implements BatchBuffers {
  values = new Uint8Array(0);
  rows = new Float64Array(0);

  reserve({ valuesBytes, rowNumbers }: { readonly valuesBytes: number; readonly rowNumbers: number }): void {
    if (this.values.length < valuesBytes) this.values = new Uint8Array(valuesBytes);
    if (this.rows.length < rowNumbers) this.rows = new Float64Array(rowNumbers);
  }
}
