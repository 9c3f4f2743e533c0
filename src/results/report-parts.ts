import { z } from 'zod';
import { assignmentStrategies, groupProtocols } from '../config/group-protocols.ts';
import { lanes } from '../config/lanes.ts';
import { namesOf } from '../config/names-of.ts';
import { tokenizers } from '../config/tokenizers.ts';
import { curve, limiter, outlier, precision } from './curve-schema.ts';
import { accounting, changelog, samples, steady, usage } from './run-facts-schema.ts';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

const interval = z
  .strictObject({
    low: measure,
    high: measure,
    coverage: z
      .number()
      .min(0)
      .max(1)
      .describe('probability that an interval computed this way contains the true value'),
    method: z.enum(['range', 'order-statistics', 'bootstrap']),
  })
  .describe('95 % interval when there are enough samples; otherwise `coverage` is its actual level');

export const runReport = z.strictObject({
  lane: z.enum(lanes),
  members: atLeastOne,
  repetition: whole.describe('counted from 1; 0 for a warm-up'),
  warmUp: z.boolean().describe('a warm-up is listed here and excluded from `scaling`'),
  warmUpDetected: z.boolean().optional().describe('true when the rate of a measured run showed that it was a warm-up'),
  startedAt: z.iso.datetime().describe('when the gate opened'),
  records: whole.describe('records applied to the tables'),
  words: whole,
  bytes: whole.describe('bytes of record values'),
  durationMs: measure.describe(
    'from the opened gate to the last applied batch; in a durable run, to the last completed transaction',
  ),
  joinMs: measure.describe('from the start of the first thread until every member has its assignment'),
  recordsPerSecond: measure,
  wordsPerSecond: measure,
  mibPerSecond: measure.describe('MiB (2^20 bytes) of record values'),
  cpuMicrosPerRecord: measure.describe('CPU time of the whole process, user and system, all threads'),
  peakRssMib: measure.describe('peak of the whole process, by sampling'),
  refusedWrites: whole.describe('late writes refused by tables'),
  rebalances: whole.describe(
    'assignments and revocations of all members during the measurement; 0 in an undisturbed run',
  ),
  verified: z.boolean().describe('true only when records, words and the count of every word equal the reference'),
  accounting,
  usage,
  steady: steady.optional().describe('absent when the run was too short to separate its warm-up'),
  samples,
  changelog: changelog.optional().describe('present when the counts of the run were kept in Kafka'),
  differences: z.array(z.string()).optional().describe('the first differences from the reference, one per line'),
  perMember: z.array(
    z.strictObject({
      memberId: whole,
      partitions: z.array(whole).describe('empty for a standby'),
      records: whole,
      busyMs: measure.describe('spent on records: tokenizing, counting, service time'),
    }),
  ),
});

export const scalingReport = z.strictObject({
  lane: z.enum(lanes),
  members: atLeastOne,
  runs: atLeastOne.describe('number of runs behind the medians, without warm-ups'),
  recordsPerSecond: measure.describe('median over the runs, like every measure of this object'),
  wordsPerSecond: measure,
  mibPerSecond: measure,
  cpuMicrosPerRecord: measure,
  durationMs: measure,
  joinMs: measure,
  peakRssMib: measure.describe('maximum over the runs'),
  baselineMembers: atLeastOne.describe('the smallest measured number of members, which `speedup` is relative to'),
  speedup: measure.describe('recordsPerSecond divided by recordsPerSecond of the baseline'),
  efficiency: measure.describe(
    'speedup divided by the ideal speedup, which is min(members, partitions) divided by the same of the baseline',
  ),
  intervals: z.strictObject({ recordsPerSecond: interval, cpuMicrosPerRecord: interval, speedup: interval }),
  assignment: z.array(z.array(whole)).describe('partitions of each member in the last run; empty for a standby'),
  limiter,
  outliers: z
    .array(outlier)
    .describe('runs more than 3.5 robust standard deviations from the median (from 5 runs on): reported, not excluded'),
});

export const environment = z.strictObject({
  cpu: z.string(),
  cores: atLeastOne.describe('cores that this process may use, as limited by affinity and control groups'),
  memoryMib: atLeastOne.describe('memory that this process may use, as limited by its control group'),
  machineCores: atLeastOne.optional().describe('present when the machine has more'),
  machineMemoryMib: atLeastOne.optional().describe('present when the machine has more'),
  linkMbitPerSecond: measure
    .optional()
    .describe('speed of the fastest network interface that reports one; not loopback'),
  platform: z.string().describe('operating system, kernel release and architecture'),
  node: z.string(),
  machine: z.string().describe('hash of CPU, cores, memory and architecture; equal in all reports of one machine'),
  program: z.string().describe('version of consumer-cluster'),
  git: z
    .strictObject({ revision: z.string(), dirty: z.boolean().describe('true with uncommitted changes') })
    .optional()
    .describe("revision of the program's folder, when it is a clone"),
  client: z.string().describe('version of the Confluent client'),
  librdkafka: z.string(),
  brokers: z.string().describe('description of the brokers, for people'),
  brokerSource: z.enum(['managed', 'external', 'mock']).describe('`mock` is not suitable for benchmarking'),
  kafka: z
    .strictObject({
      version: z.string().describe('version of Apache Kafka (--kafka-version)'),
      properties: z
        .record(z.string(), z.string())
        .describe('from --broker-property, with values masked that may be secret'),
      jvmOptions: z.array(z.string()).describe('from --broker-jvm-option, with values masked that may be secret'),
    })
    .optional()
    .describe('present for managed brokers'),
  brokerSettings: z
    .record(z.string(), z.record(z.string(), z.string()))
    .describe("settings that differ from Kafka's defaults, by broker id, without secrets; empty when not readable"),
});

export const workload = z.strictObject({
  corpus: z.string(),
  seed: z.int().optional(),
  topic: z.string(),
  partitions: atLeastOne,
  records: whole,
  words: whole,
  bytes: whole.optional().describe('bytes of record values, when known before a run'),
  reference: z
    .enum(['generated', 'recounted'])
    .describe('counted from the workload itself, or read back by an independent client'),
});

export const laneReport = z.strictObject({
  lane: z.enum(lanes),
  workUs: whole.describe('service time per record, in microseconds'),
  records: whole.describe('records of each run; lane `work` reads a prefix of the topic'),
  words: whole,
  durable: z
    .strictObject({ commitIntervalMs: atLeastOne.describe('time between two transactions of a member') })
    .optional()
    .describe('present when the counts of each run were kept in Kafka'),
  consumerProperties: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe("client properties of the members in a group of one, without the user's own, which may be secret"),
});

export const settings = z.strictObject({
  members: z.array(atLeastOne),
  repetitions: atLeastOne,
  warmUps: whole,
  orderSeed: z.int(),
  groupProtocol: z.enum(namesOf(groupProtocols)),
  assignmentStrategy: z.enum(namesOf(assignmentStrategies)),
  sessionTimeoutMs: atLeastOne,
  tokenizer: z.enum(namesOf(tokenizers)),
  batchRecordsMax: atLeastOne,
  memoryMib: atLeastOne,
  commitIntervalMs: atLeastOne,
});

export const verdict = z.strictObject({
  verified: z.boolean().describe('true only when all planned runs were made and every count is exact'),
  runsVerified: whole,
  runs: whole,
  runsPlanned: whole,
});

/**
 * Results of the lanes drain and work, which version 1 of the format holds at the top level of a
 * report. Other experiments have a field of their own.
 */
export const laneFields = {
  lanes: z.array(laneReport),
  runs: z.array(runReport).describe('in the order in which they were made'),
  scaling: z.array(scalingReport),
  curves: z.array(curve).describe('one for each lane with at least four different loads'),
  precision: precision.optional().describe('present when --until-precision was passed'),
};

export type LaneResults = Readonly<z.infer<z.ZodObject<typeof laneFields>>>;
export type LaneReport = Readonly<z.infer<typeof laneReport>>;
export type RunReport = Readonly<z.infer<typeof runReport>>;
export type ScalingReport = Readonly<z.infer<typeof scalingReport>>;
export type Environment = Readonly<z.infer<typeof environment>>;
export type WorkloadFacts = Readonly<z.infer<typeof workload>>;
export type BenchSettings = Readonly<z.infer<typeof settings>>;
