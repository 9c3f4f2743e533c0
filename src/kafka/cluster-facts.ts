export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicDescription {
  readonly partitions: readonly {
    readonly partition: number;
    /** Node id; -1 when there is none. */
    readonly leader: number;
    readonly replicas: readonly number[];
    /** Replicas that have all records. */
    readonly inSync: readonly number[];
  }[];
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly beginOffset: number;
  /** Exclusive: up to there committed records can be read. Kafka's last stable offset. */
  readonly endOffset: number;
  /** Exclusive. Beyond `endOffset` while a transaction that began there is open, which holds back what follows. */
  readonly highWatermark: number;
}
