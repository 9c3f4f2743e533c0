/** `ours` is a prefix of row names, or `best` for the row with the highest median rate. */
interface RatioGoal {
  readonly name: string;
  readonly ours: { readonly best: string } | { readonly row: string };
  /** Name of the peer's row. */
  readonly peer: string;
  readonly atLeast: number;
}

/** Ratios of records per second, this program's over the peer's. */
export const ratioGoals: readonly RatioGoal[] = [
  { name: 'drain, best, to perf-test', ours: { best: 'ours-drain-' }, peer: 'perf-test', atLeast: 1.5 },
  { name: 'drain, 1 member, to librdkafka in C', ours: { row: 'ours-drain-1' }, peer: 'librdkafka-c', atLeast: 0.9 },
  { name: 'count, best, to perf-test draining', ours: { best: 'ours-count-' }, peer: 'perf-test', atLeast: 0.7 },
  {
    name: 'count, best, to Streams exactly-once',
    ours: { best: 'ours-count-' },
    peer: 'streams-exactly-once',
    atLeast: 60,
  },
  {
    name: 'count, 1 member, to Confluent consume(n) in a worker',
    ours: { row: 'ours-count-1' },
    peer: 'confluent-count-1',
    atLeast: 8,
  },
  { name: 'count, best, to kafkajs', ours: { best: 'ours-count-' }, peer: 'kafkajs-count', atLeast: 5 },
];

interface BoundGoal {
  readonly name: string;
  readonly measure: 'cpuMicrosPerRecord' | 'peakRssMib';
  readonly ours: RatioGoal['ours'];
  readonly atMost: number;
}

export const boundGoals: readonly BoundGoal[] = [
  {
    name: 'CPU us a record, counting, best',
    measure: 'cpuMicrosPerRecord',
    ours: { best: 'ours-count-' },
    atMost: 0.45,
  },
  { name: 'peak MiB, counting, 5 members', measure: 'peakRssMib', ours: { row: 'ours-count-5' }, atMost: 600 },
];
