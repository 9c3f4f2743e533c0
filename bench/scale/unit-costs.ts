export interface UnitCost {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The command that measured it and the date, or where it is defined. */
  readonly source: string;
}

/** Costs that the computed figures of docs/scale.md rest on. Measure again, and change them here. */
export const unitCosts = {
  tableBytes: {
    what: 'resident memory per count of a process with one table of ten million words',
    value: 86,
    unit: 'B',
    source: '`bench -- large-table`, 29 Nov 2026, by its resident memory',
  },
  smallTableBytes: {
    what: 'memory per count in a table of two million words',
    value: 70.9,
    unit: 'B',
    source: '`BENCH_WORDS=2000000 bench -- large-table`, 29 Nov 2026',
  },
  restoredPerSecond: {
    what: 'counts that a process restores in a second',
    value: 2_500_000,
    unit: '/s',
    source: '`bench -- restore`, ten million words, 29 Nov 2026: docs/results/durable.md',
  },
  recordBytes: {
    what: 'changelog record besides the word: 8 bytes of the count and the lengths and deltas of the record format',
    value: 17,
    unit: 'B',
    source: "Kafka's record format, version 2",
  },
  requests: {
    what: 'coordinator requests per transaction: AddPartitionsToTxn, AddOffsetsToTxn, TxnOffsetCommit, EndTxn',
    value: 4,
    unit: '',
    source: 'docs/durable.md, transactions before KIP-890',
  },
  segmentBytes: {
    what: 'uncompacted newest segment per partition, at most',
    value: 64 * 2 ** 20,
    unit: 'B',
    source: '`segment.bytes` of the changelog (src/kafka/kafkajs/changelog-topic.ts)',
  },
  tableLimitBytes: {
    what: 'limit of one table',
    value: 2 ** 31,
    unit: 'B',
    source: 'src/cluster/table-registry.ts',
  },
  rankBytes: {
    what: 'memory per count while the counts of all partitions are added and ranked',
    value: 60,
    unit: 'B',
    source: 'src/count/merged-words.ts, src/count/sort-words.ts',
  },
} as const satisfies Readonly<Record<string, UnitCost>>;
