/** A row by its name, or the exact row with the highest median rate among those with a prefix. */
export type ChosenRow = { readonly best: string } | { readonly row: string };

interface RatioGoal {
  readonly name: string;
  readonly ours: ChosenRow;
  readonly peer: ChosenRow;
  readonly atLeast: number;
}

/** Ratios of records per second, this program's over the peer's or over its own in memory. */
const bookRatios: readonly RatioGoal[] = [
  {
    name: 'produce, one thread, to producer-perf-test',
    ours: { row: 'ours-produce' },
    peer: { row: 'producer-perf-test' },
    atLeast: 1.5,
  },
  { name: 'drain, best, to the raw fetch', ours: { best: 'ours-drain-' }, peer: { row: 'raw-fetch' }, atLeast: 0.4 },
  { name: 'drain, best, to perf-test', ours: { best: 'ours-drain-' }, peer: { row: 'perf-test' }, atLeast: 3 },
  {
    name: 'drain, 1 member, to librdkafka in C',
    ours: { row: 'ours-drain-1' },
    peer: { row: 'librdkafka-c' },
    atLeast: 2,
  },
  {
    name: 'count, best, to perf-test draining',
    ours: { best: 'ours-count-' },
    peer: { row: 'perf-test' },
    atLeast: 1.3,
  },
  {
    name: 'count, best, to Streams exactly-once',
    ours: { best: 'ours-count-' },
    peer: { row: 'streams-exactly-once' },
    atLeast: 150,
  },
  {
    name: 'durable count, best, to Streams exactly-once',
    ours: { best: 'ours-durable-' },
    peer: { row: 'streams-exactly-once' },
    atLeast: 40,
  },
  {
    name: 'durable count, best, to the best count in memory',
    ours: { best: 'ours-durable-' },
    peer: { best: 'ours-count-' },
    atLeast: 0.7,
  },
  {
    name: 'count, 1 member, to Confluent consume(n) in a worker',
    ours: { row: 'ours-count-1' },
    peer: { row: 'confluent-count-1' },
    atLeast: 8,
  },
  { name: 'count, best, to kafkajs', ours: { best: 'ours-count-' }, peer: { row: 'kafkajs-count' }, atLeast: 5 },
];

interface BoundGoal {
  readonly name: string;
  readonly measure: 'cpuMicrosPerRecord' | 'peakRssMib';
  readonly ours: ChosenRow;
  readonly atMost: number;
}

const bookBounds: readonly BoundGoal[] = [
  {
    name: 'CPU us a record, counting, best',
    measure: 'cpuMicrosPerRecord',
    ours: { best: 'ours-count-' },
    atMost: 0.2,
  },
  { name: 'peak MiB, counting, 5 members', measure: 'peakRssMib', ours: { row: 'ours-count-5' }, atMost: 600 },
];

export interface PeerGoals {
  readonly ratios: readonly RatioGoal[];
  readonly bounds: readonly BoundGoal[];
}

/** For the lines of a book, 66 bytes on average. */
export const bookGoals: PeerGoals = { ratios: bookRatios, bounds: bookBounds };

/** For records of 1,000 bytes. */
export const longRecordGoals: PeerGoals = {
  ratios: [
    { name: 'drain, best, to perf-test', ours: { best: 'ours-drain-' }, peer: { row: 'perf-test' }, atLeast: 1.3 },
    {
      name: 'drain, 1 member, to librdkafka in C',
      ours: { row: 'ours-drain-1' },
      peer: { row: 'librdkafka-c' },
      atLeast: 1.3,
    },
  ],
  bounds: [],
};
