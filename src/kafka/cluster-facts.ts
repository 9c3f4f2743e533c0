export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicDescription {
  readonly partitions: readonly {
    readonly partition: number;
    /** Node id, -1 while there is none. */
    readonly leader: number;
    readonly replicas: readonly number[];
    /** Replicas that have all records. */
    readonly inSync: readonly number[];
  }[];
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly beginOffset: number;
  /** Exclusive. */
  readonly endOffset: number;
}
