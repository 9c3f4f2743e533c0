import { ClusterError } from '../errors.ts';
import { benchLanes, isThroughputLane, lanes, type BenchLane } from './lanes.ts';
import { commitIntervalOption, groupOptions } from './options/group-options.ts';
import { defineOption, defineSwitch, type FlagsOf, type ValueKind } from './options/option.ts';
import { anyDuration, anyText, countFrom, countsFrom, durationFrom, shareFrom, someOf } from './options/values.ts';
import { numRecordsOption, seedValue, workloadOptions, zipfDefaults } from './options/workload-options.ts';

/** Records of a bench without --num-records: a drain of a second, two minutes for all runs. */
export const recordsByDefault = 2_000_000;
/** The mock cluster keeps 5 MiB a partition. */
export const mockRecordsByDefault = 100_000;

/** Options of the plan: what is measured how often. */
export const planOptions = {
  topic: defineOption({
    flag: '-t, --topic <name>',
    help: 'measure an existing topic as it is',
    value: anyText,
    defaultText: 'a new topic, deleted afterwards',
  }),
  members: defineOption({
    flag: '--members <list>',
    help: 'numbers of members to measure',
    value: countsFrom(1, 64),
    defaultText: '1,2,3,4,5; lane latency: 2; --ab: 1,4',
  }),
  repetitions: defineOption({
    flag: '--repetitions <count>',
    help: 'runs of each lane and number of members',
    value: countFrom(1, 1_000),
    defaultText: '3; --ab: 10 pairs',
  }),
  lane: defineOption({
    flag: '--lane <list>',
    help: 'what is measured',
    value: someOf(benchLanes),
    defaultText: `${lanes.join()}; --ab: drain`,
  }),
  workUs: defineOption({
    flag: '--work-us <microseconds>',
    help: 'lane work: service time of each record',
    unit: 'µs',
    value: countFrom(1, 1_000_000),
    default: 100,
  }),
  warmUp: defineOption({
    flag: '--warm-up <count>',
    help: 'runs before the measured ones',
    value: countFrom(0, 100),
    default: 1,
  }),
  untilPrecision: defineOption({
    flag: '--until-precision <share>',
    help: 'repeat until the 95 % interval of every median lies within this share of it, for example 3%',
    value: shareFrom(0.001, 1),
  }),
  maxTime: defineOption({
    flag: '--max-time <duration>',
    help: 'start no further repetition for --until-precision after this time',
    value: anyDuration,
    default: 600_000,
  }),
};

const milliseconds: ValueKind<number> = {
  parse: (flag, text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw new ClusterError('usage', `${flag}: '${text}' is not a positive number of milliseconds`, {
      hint: 'write 50 or 2.5',
    });
  },
  allowed: 'above 0',
  show: String,
};

/** Options of the lanes that produce on a schedule. */
export const pacedOptions = {
  rate: defineOption({
    flag: '--rate <records>',
    help: 'lanes latency and rebalance: records per second',
    unit: 'records/s',
    value: countFrom(1, 10_000_000),
    default: 5_000,
  }),
  duration: defineOption({
    flag: '--duration <duration>',
    help: 'lane latency: length of each run',
    value: durationFrom({ min: 1_000, max: 1_800_000 }),
    default: 30_000,
  }),
  findCapacity: defineSwitch({
    flag: '--find-capacity',
    help: 'lane latency: search for the highest rate that meets --p99-ms',
  }),
  p99Ms: defineOption({
    flag: '--p99-ms <milliseconds>',
    help: '--find-capacity: limit of the 99th percentile',
    unit: 'ms',
    value: milliseconds,
    default: 50,
  }),
};

/** Options of the lanes drain and work whose groups keep their counts in Kafka (docs/durable.md). */
export const durableLaneOptions = {
  durable: defineSwitch({
    flag: '--durable',
    help: 'lanes drain and work: keep the counts of each run in a new changelog, which is verified and deleted',
  }),
  commitInterval: commitIntervalOption,
};

/** Options of a topic that is created for a measurement and filled during it. */
export const feedTopicOptions = {
  ...workloadOptions,
  seed: defineOption({
    flag: '--seed <number>',
    help: 'seed of the run order and of seeded words; the same seed gives the same bytes',
    value: seedValue,
    default: zipfDefaults.seed,
  }),
  partitions: defineOption({
    flag: '--partitions <count>',
    help: 'partitions of the new topic',
    value: countFrom(1, 1_000),
    default: 4,
  }),
  replicationFactor: defineOption({
    flag: '--replication-factor <count>',
    help: 'replicas of each partition of the new topic',
    value: countFrom(1, 100),
    defaultText: '2, or 1 with a single broker',
  }),
};

/** Options of a topic that is filled before the measurement. */
export const newTopicOptions = { numRecords: numRecordsOption, ...feedTopicOptions };

const engineOptions = {
  ...planOptions,
  ...pacedOptions,
  ...durableLaneOptions,
  ...newTopicOptions,
  ...groupOptions,
};

/** The flags of a bench as far as the benchmark engine needs them. */
export type BenchFlags = FlagsOf<typeof engineOptions> & { readonly ab?: readonly [a: string, b: string] };

/** A bench as it is carried out: the options, and the defaults that depend on other options. */
export interface BenchConfig extends BenchFlags {
  readonly lane: readonly BenchLane[];
  readonly members: readonly number[];
  readonly repetitions: number;
  /** How long brokers may take to answer. Milliseconds. */
  readonly timeout: number;
}

/** Pure: fills in --lane, --members and --repetitions. */
export function benchConfig<Flags extends BenchFlags>(
  flags: Flags,
): Flags & Pick<BenchConfig, 'lane' | 'members' | 'repetitions'> {
  const { ab, members, repetitions } = flags;
  const lane = lanesOf(flags);
  const sweep = lane.some(isThroughputLane) ? [1, 2, 3, 4, 5] : [2];
  return Object.freeze({
    ...flags,
    lane,
    members: members ?? (ab === undefined ? sweep : [1, 4]),
    repetitions: repetitions ?? (ab === undefined ? 3 : 10),
  });
}

/**
 * Pure: the configuration of an experiment's own command. Options that the command does not have
 * keep the defaults of `bench`, and no lane is measured.
 */
export function experimentConfig(
  flags: Partial<BenchFlags> & Pick<BenchConfig, 'timeout'>,
  facts: Pick<BenchConfig, 'members' | 'repetitions'>,
): BenchConfig {
  const defaults = Object.entries(engineOptions).map(([name, option]) => [name, option.default] as const);
  // Each default has the type of its option.
  const byDefault = Object.fromEntries(defaults.filter(([, value]) => value !== undefined)) as BenchFlags;
  return Object.freeze({ ...byDefault, ...flags, ...facts, lane: [] });
}

/** Pure: --lane or its default. */
export function lanesOf({ lane, ab }: BenchFlags): readonly BenchLane[] {
  return lane ?? (ab === undefined ? lanes : ['drain']);
}
