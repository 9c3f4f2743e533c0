export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicDescription {
  readonly partitions: readonly {
    readonly partition: number;
    /** Node id; -1 for a partition without a leader. */
    readonly leader: number;
    readonly replicas: readonly number[];
    /** Replicas that have all records. */
    readonly inSync: readonly number[];
  }[];
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly beginOffset: number;
  /** Kafka's last stable offset, exclusive: committed records can be read up to it. */
  readonly endOffset: number;
  /**
   * Exclusive end of the log. Above `endOffset` while a transaction that began there is open; it
   * holds back the records that follow.
   */
  readonly highWatermark: number;
}
