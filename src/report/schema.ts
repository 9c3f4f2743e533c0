import { z } from 'zod';
import { lanes } from '../config/lanes.ts';
import { curve, limiter, outlier, precision } from './curve-schema.ts';
import { latencyReport } from './latency-schema.ts';
import { rebalanceReport } from './rebalance-schema.ts';
import { accounting, samples, steady, usage } from './run-facts-schema.ts';

/** Raised when a reader of older reports would misread a newer one; new fields alone do not raise it. */
export const schemaVersion = 1;

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

const interval = z
  .strictObject({
    low: measure,
    high: measure,
    coverage: z.number().min(0).max(1).describe('probability that an interval made this way holds the true value'),
    method: z.enum(['range', 'order-statistics', 'bootstrap']),
  })
  .describe('95 % where there are samples enough; `coverage` says what it is worth otherwise');

export const runReport = z.strictObject({
  lane: z.enum(lanes),
  members: atLeastOne,
  repetition: whole.describe('from 1; 0 for a warm-up'),
  warmUp: z.boolean().describe('listed, but left out of `scaling`'),
  warmUpDetected: z.boolean().optional().describe('true where a measured run was found to be one by its rate'),
  startedAt: z.iso.datetime().describe('the opening of the gate'),
  records: whole.describe('applied to tables'),
  words: whole,
  bytes: whole.describe('of record values'),
  durationMs: measure.describe('from the opening of the gate to the last batch applied'),
  joinMs: measure.describe('from the first thread started to the whole group assigned'),
  recordsPerSecond: measure,
  wordsPerSecond: measure,
  mibPerSecond: measure.describe('of record values, 2^20 bytes'),
  cpuMicrosPerRecord: measure.describe('CPU time of the whole process, user and system, all threads'),
  peakRssMib: measure.describe('of the whole process, sampled'),
  refusedWrites: whole.describe('late writes that tables refused'),
  rebalances: whole.describe('assignments and revocations while the clock ran, over all members: 0 where undisturbed'),
  verified: z
    .boolean()
    .describe('true only when records, words and the count of every word are those of the reference'),
  accounting,
  usage,
  steady: steady.optional().describe('missing where a run was too short to tell a warm-up from the rest'),
  samples,
  differences: z.array(z.string()).optional().describe('what differs from the reference, the first few, a line each'),
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
  runs: atLeastOne.describe('what the medians are of; warm-ups are not among them'),
  recordsPerSecond: measure.describe('median, as all measures here'),
  wordsPerSecond: measure,
  mibPerSecond: measure,
  cpuMicrosPerRecord: measure,
  durationMs: measure,
  joinMs: measure,
  peakRssMib: measure.describe('greatest of the runs'),
  baselineMembers: atLeastOne.describe('the smallest number of members measured: what `speedup` compares with'),
  speedup: measure.describe('recordsPerSecond over that of the baseline'),
  efficiency: measure.describe('speedup over the ideal one: min(members, partitions) over that of the baseline'),
  intervals: z.strictObject({ recordsPerSecond: interval, cpuMicrosPerRecord: interval, speedup: interval }),
  assignment: z.array(z.array(whole)).describe('partitions of each member in the last run; empty for a standby'),
  limiter,
  outliers: z
    .array(outlier)
    .describe('runs more than 3.5 robust standard deviations from the median (5 runs at least): named, not left out'),
});

const environment = z.strictObject({
  cpu: z.string(),
  cores: atLeastOne.describe('that this process may use: affinity and control groups limit them'),
  memoryMib: atLeastOne.describe('that this process may use: a control group limits it'),
  machineCores: atLeastOne.optional().describe('where the machine has more'),
  machineMemoryMib: atLeastOne.optional().describe('where the machine has more'),
  linkMbitPerSecond: measure.optional().describe('of the fastest network interface that tells it; not loopback'),
  platform: z.string().describe('operating system, kernel release and architecture'),
  node: z.string(),
  machine: z.string().describe('hash of CPU, cores, memory and architecture: reports of one machine have the same'),
  program: z.string().describe('version of consumer-cluster'),
  git: z
    .strictObject({ revision: z.string(), dirty: z.boolean().describe('with changes that are not committed') })
    .optional()
    .describe("of the program's folder, where it is a clone"),
  client: z.string().describe('version of the Confluent client'),
  librdkafka: z.string(),
  brokers: z.string().describe('where the brokers come from, in words'),
  brokerSource: z.enum(['managed', 'external', 'mock']).describe('`mock` is no yardstick'),
  kafka: z
    .strictObject({
      version: z.string().describe('of Apache Kafka: --kafka-version'),
      properties: z.record(z.string(), z.string()).describe('--broker-property; values that may be secret are hidden'),
      jvmOptions: z.array(z.string()).describe('--broker-jvm-option; values that may be secret are hidden'),
    })
    .optional()
    .describe('of managed brokers'),
  brokerSettings: z
    .record(z.string(), z.record(z.string(), z.string()))
    .describe("by broker id, what differs from Kafka's defaults; secrets left out; empty where brokers do not tell"),
});

const workload = z.strictObject({
  corpus: z.string(),
  seed: z.int().optional(),
  topic: z.string(),
  partitions: atLeastOne,
  records: whole,
  words: whole,
  bytes: whole.optional().describe('of record values, where known before a run'),
  reference: z
    .enum(['generated', 'recounted'])
    .describe('counted from the workload itself, or read back by another client'),
});

const laneReport = z.strictObject({
  lane: z.enum(lanes),
  workUs: whole.describe('service time a record, microseconds'),
  records: whole.describe('of each run; lane `work` reads a prefix of the topic'),
  words: whole,
  consumerProperties: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe("the members' client properties, of a group of one; never those given by the user, which may be secret"),
});

const settings = z.strictObject({
  members: z.array(atLeastOne),
  repetitions: atLeastOne,
  warmUps: whole,
  orderSeed: z.int(),
  groupProtocol: z.enum(['classic', 'consumer']),
  assignmentStrategy: z.enum(['range', 'roundrobin', 'cooperative-sticky']),
  sessionTimeoutMs: atLeastOne,
  tokenizer: z.enum(['unicode', 'ascii']),
  batchRecordsMax: atLeastOne,
  memoryMib: atLeastOne,
  commitIntervalMs: atLeastOne,
});

const verdict = z.strictObject({
  verified: z.boolean().describe('true only when all planned runs were made and every one is exact'),
  runsVerified: whole,
  runs: whole,
  runsPlanned: whole,
});

export const benchReport = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  kind: z.literal('bench'),
  status: z
    .enum(['complete', 'interrupted', 'failed'])
    .describe('anything but `complete` holds the runs made until then'),
  startedAt: z.iso.datetime(),
  elapsedMs: measure.describe('of the whole bench, brokers and producing included'),
  environment,
  workload,
  settings,
  lanes: z.array(laneReport),
  runs: z.array(runReport).describe('in the order they were made'),
  scaling: z.array(scalingReport),
  curves: z.array(curve).describe('a lane each that has three different loads'),
  precision: precision.optional().describe('where one was asked for'),
  verdict,
  latency: latencyReport.optional(),
  rebalance: rebalanceReport.optional(),
});

export type RunReport = Readonly<z.infer<typeof runReport>>;
export type ScalingReport = Readonly<z.infer<typeof scalingReport>>;
export type BenchReport = Readonly<z.infer<typeof benchReport>>;
