import { benchConfig, lanesOf, type BenchFlags } from './bench.ts';
import { isThroughputLane, latencyRecordsMax } from './lanes.ts';
import { groupRules } from './options/group-options.ts';
import { noEffect, type Rule } from './options/rules.ts';
import { workloadRules } from './options/workload-options.ts';

const ownTopic = 'with the lanes latency and rebalance, which create a separate topic';

const isPaced = (flags: BenchFlags): boolean => !lanesOf(flags).every(isThroughputLane);
const drainsNothing = (flags: BenchFlags): boolean => !lanesOf(flags).some(isThroughputLane);

type TopicFlags = Pick<
  BenchFlags,
  'topic' | 'partitions' | 'replicationFactor' | 'numRecords' | 'input' | 'vocabulary' | 'recordBytes' | 'nonAscii'
>;

/** Options of a new topic have no effect on an existing one. */
export const existingTopicRules: readonly Rule<TopicFlags>[] = [
  noEffect<TopicFlags>(
    ['partitions', 'replicationFactor', 'numRecords', 'input', 'vocabulary', 'recordBytes', 'nonAscii'],
    'with --topic: an existing topic is measured as it is',
    (_, isGiven) => isGiven('topic'),
  ),
];

/** What must hold between the options of a bench. */
export const benchRules: readonly Rule<BenchFlags>[] = [
  ...groupRules,
  ...workloadRules,
  ...existingTopicRules,
  noEffect<BenchFlags>(['topic'], ownTopic, isPaced),
  noEffect<BenchFlags>(['rate'], 'without --lane latency or --lane rebalance', (flags) => !isPaced(flags)),
  noEffect<BenchFlags>(
    ['duration', 'findCapacity', 'p99Ms'],
    'without --lane latency',
    (flags) => !lanesOf(flags).includes('latency'),
  ),
  noEffect<BenchFlags>(
    ['p99Ms'],
    'without --find-capacity',
    (flags) => lanesOf(flags).includes('latency') && !flags.findCapacity,
  ),
  noEffect<BenchFlags>(['workUs'], 'without --lane work', (flags) => !lanesOf(flags).includes('work')),
  noEffect<BenchFlags>(
    ['numRecords', 'untilPrecision'],
    'without --lane drain or --lane work; latency and rebalance have a --rate',
    drainsNothing,
  ),
  noEffect<BenchFlags>(
    ['members', 'warmUp'],
    'with --lane rebalance alone, whose members follow a fixed sequence',
    (flags) => lanesOf(flags).every((lane) => lane === 'rebalance'),
  ),
  (flags) => {
    const paced = lanesOf(flags).filter((lane) => !isThroughputLane(lane));
    if (!flags.durable || paced.length === 0) return [];
    const message = `--durable has no effect on --lane ${paced.join()}: only the lanes drain and work have durable groups`;
    return [{ message, hint: 'pass --lane drain, --lane work or both, or omit --durable' }];
  },
  noEffect<BenchFlags>(['commitInterval'], 'without --durable', ({ durable }) => !durable),
  noEffect<BenchFlags>(['maxTime'], 'without --until-precision', (_, isGiven) => !isGiven('untilPrecision')),
  limitLatencyRecords,
];

/** Limits the records of all runs of lane latency together, and of a capacity probe at its first rate. */
function limitLatencyRecords(flags: BenchFlags): ReturnType<Rule<BenchFlags>> {
  const config = benchConfig(flags);
  return config.lane.includes('latency') ? latencyRecordsProblems(config, '--lane latency') : [];
}

type LatencyFlags = Pick<BenchFlags, 'members' | 'repetitions' | 'rate' | 'duration' | 'findCapacity' | 'p99Ms'>;

/** What must hold between the options of `latency`. */
export const latencyRules: readonly Rule<LatencyFlags>[] = [
  noEffect<LatencyFlags>(['p99Ms'], 'without --find-capacity', ({ findCapacity }) => !findCapacity),
  ({ members = [2], repetitions = 3, ...flags }) =>
    latencyRecordsProblems({ ...flags, members, repetitions }, 'latency'),
];

function latencyRecordsProblems(
  { rate, duration, repetitions, members, findCapacity }: Required<Omit<LatencyFlags, 'p99Ms'>>,
  subject: string,
): ReturnType<Rule<LatencyFlags>> {
  const records = ((rate * duration) / 1_000) * (repetitions * members.length + (findCapacity ? 1 : 0));
  if (records <= latencyRecordsMax) return [];
  const limit = latencyRecordsMax.toLocaleString('en-US');
  return [
    {
      message: `${subject} would keep the timestamps of ${records.toLocaleString('en-US')} records; the limit is ${limit}`,
      hint: 'lower --rate, --duration or --repetitions',
    },
  ];
}
