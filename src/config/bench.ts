import { z } from 'zod';
import { WordcountError } from '../errors.ts';
import { benchLanes, isThroughputLane, latencyRecordsMax } from './lanes.ts';

export const membersMax = 64;
/** Of the order of the runs, without --seed. */
export const orderSeedByDefault = 1;

/** What a bench without --num-records produces: enough for a drain of a second, and two minutes for all runs. */
export const recordsByDefault = 2_000_000;
/** Of the lanes with a schedule: records a second. */
export const rateByDefault = 5_000;
/** Of one run of lane latency. */
export const durationMsByDefault = 30_000;
export const p99MsByDefault = 50;
/** The mock cluster keeps 5 MiB a partition. */
export const mockRecordsByDefault = 100_000;

const whole = z.int();

const benchSchema = z
  .strictObject({
    topic: z.string().min(1, 'the topic name is empty').optional(),
    partitions: whole.min(1).max(1_000).optional(),
    replicationFactor: whole.min(1).max(100).optional(),
    numRecords: whole.min(1).max(1e12).optional(),
    input: z.array(z.string()).min(1).optional(),
    vocabulary: whole.min(1).max(10_000_000).optional(),
    recordBytes: whole.min(1).max(1_048_576).optional(),
    nonAscii: z.number().min(0).max(1).optional(),
    seed: whole
      .min(0)
      .max(2 ** 32 - 1)
      .optional(),
    members: z.array(whole.min(1).max(membersMax)).min(1),
    repetitions: whole.min(1).max(1_000),
    warmUp: whole.min(0).max(100),
    untilPrecision: z.number().min(0.001).max(1).optional(),
    maxTime: whole.min(1).default(600_000),
    lane: z.array(z.enum(benchLanes)).min(1),
    rate: whole.min(1).max(10_000_000).optional(),
    duration: whole.min(1_000).max(1_800_000).optional(),
    findCapacity: z.boolean().optional(),
    p99Ms: z.number().positive().optional(),
    workUs: whole.min(1).max(1_000_000),
    json: z.string().min(1).optional(),
    appendHistory: z.string().min(1).optional(),
    ab: z.tuple([z.string().min(1), z.string().min(1)]).optional(),
    maxRegression: z.number().min(0.001).max(1).default(0.05),
    alpha: z.number().min(0.0001).max(0.5).default(0.05),
    html: z.string().min(1).optional(),
    svg: z.string().min(1).optional(),
    markdown: z.string().min(1).optional(),
    githubActionBenchmark: z.string().min(1).optional(),
    bencher: z.string().min(1).optional(),
    csv: z.string().min(1).optional(),
    junit: z.string().min(1).optional(),
    groupProtocol: z.enum(['classic', 'consumer']),
    assignmentStrategy: z.enum(['range', 'roundrobin', 'cooperative-sticky']),
    sessionTimeout: whole.min(1).optional(),
    tokenizer: z.enum(['unicode', 'ascii']),
    memoryMib: whole.min(1),
    bootstrapServer: z.string().optional(),
    commandConfig: z.string().optional(),
    commandProperty: z.array(z.string()).readonly().optional(),
    brokers: z.enum(['managed', 'mock']),
    kafkaVersion: z.string().optional(),
    brokerProperty: z.array(z.string()).readonly().optional(),
    brokerJvmOption: z.array(z.string()).readonly().optional(),
    timeout: whole.min(1),
  })
  .superRefine((options, context) => {
    const refuse = (name: keyof typeof options, message: string): void => {
      if (options[name] !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    };
    if (options.topic !== undefined) {
      for (const name of fillsTopic) refuse(name, 'is for topics that the bench fills; --topic is measured as it is');
    }
    if (options.ab !== undefined)
      for (const name of notOfAb) refuse(name, 'cannot be combined with --ab, which only prints a comparison');
    const { lane, findCapacity = false } = options;
    const isPaced = lane.includes('latency') || lane.includes('rebalance');
    if (isPaced) refuse('topic', 'is for the lanes drain and work; latency and rebalance produce to their own topics');
    if (isPaced && !lane.some(isThroughputLane))
      refuse('numRecords', 'is not for the lanes latency and rebalance; pass --rate');
    if (!isPaced) refuse('rate', 'is for the lanes latency and rebalance');
    if (!lane.includes('latency')) for (const name of ofLatency) refuse(name, 'is for lane latency');
    if (!lane.includes('rebalance')) refuse('svg', 'draws lane rebalance; add --lane rebalance');
    if (!findCapacity) refuse('p99Ms', 'needs --find-capacity');
    const records = latencyRecords(options);
    if (lane.includes('latency') && records > latencyRecordsMax) {
      const limit = latencyRecordsMax.toLocaleString('en-US');
      refuse(
        'lane',
        `latency keeps the timestamps of at most ${limit} records: lower --rate, --duration or --repetitions`,
      );
    }
  });

/** --ab makes no report. */
const notOfAb = [
  'untilPrecision',
  'appendHistory',
  'html',
  'svg',
  'markdown',
  'githubActionBenchmark',
  'bencher',
  'csv',
  'junit',
] as const;

const ofLatency = ['duration', 'findCapacity', 'p99Ms'] as const;

/** Records of all runs of the latency lane, and of a probe of --find-capacity at its first rate. */
function latencyRecords(options: {
  readonly members: readonly number[];
  readonly repetitions: number;
  readonly rate?: number | undefined;
  readonly duration?: number | undefined;
  readonly findCapacity?: boolean | undefined;
}): number {
  const { rate = rateByDefault, duration = durationMsByDefault, repetitions, members, findCapacity = false } = options;
  return ((rate * duration) / 1_000) * (repetitions * members.length + (findCapacity ? 1 : 0));
}

/** Options that say how a fresh topic is made. */
const fillsTopic = [
  'partitions',
  'replicationFactor',
  'numRecords',
  'input',
  'vocabulary',
  'recordBytes',
  'nonAscii',
] as const;

export type BenchConfig = Readonly<z.infer<typeof benchSchema>>;

/**
 * @param options - of the command line, each already a value of its kind
 * @throws WordcountError usage, naming the flag of the first problem and listing the others as hint
 */
export function parseBenchConfig(options: unknown): BenchConfig {
  const result = benchSchema.safeParse(options);
  if (result.success) return Object.freeze(result.data);
  const [first = 'wrong options', ...others] = result.error.issues.map(
    ({ path, message }) => `${flagOf(path[0])}: ${message}`,
  );
  throw new WordcountError('usage', first, others.length === 0 ? {} : { hint: others.join('; ') });
}

function flagOf(name: PropertyKey | undefined): string {
  if (name === undefined) return 'options';
  return `--${String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
