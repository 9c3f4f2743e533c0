import { z } from 'zod';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

const percentiles = z
  .strictObject({
    count: whole,
    zeroOrLess: whole.describe('number of values of 0 or less; they are part of all figures'),
    min: z.number(),
    mean: z.number(),
    p50: z.number(),
    p75: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    p99_9: z.number(),
    p99_99: z.number(),
    max: z.number(),
  })
  .describe(
    'exact percentiles in milliseconds: the smallest value that the given percentage of values does not exceed',
  );

const curve = z
  .array(z.tuple([z.number().min(0).max(100), z.number()]))
  .describe(
    '[percentile, milliseconds], ascending, five steps for each halving of the distance to 100 %, as in HDR histogram plots',
  );

/** Stages of a record. They add up to the time from the record's schedule to its count. */
const split = z.strictObject({
  produce: percentiles.describe('from the scheduled time to the hand-over to the client'),
  broker: percentiles.describe('from the hand-over until the producer received the acknowledgement'),
  fetch: percentiles.describe(
    "from the acknowledgement to the arrival in the member's client; negative when the member received the record before the producer received its acknowledgement",
  ),
  queue: percentiles.describe("time in the member's client until its batch call; an upper bound, see docs/latency.md"),
  count: percentiles.describe('from the return of the batch call until the count is visible to readers'),
});

const views = {
  correctedMs: percentiles.describe('from the scheduled time to the count: corrected for coordinated omission'),
  sinceSentMs: percentiles.describe('from the hand-over to the client to the count: ignores delays of the producer'),
  closedLoopMs: percentiles.describe(
    'only of records that a closed-loop load generator would have sent, which waits for each record before it sends the next: shows what coordinated omission hides',
  ),
  splitMs: split,
};

const latencyRun = z.strictObject({
  members: atLeastOne,
  repetition: whole.describe('counted from 1; 0 for a warm-up or a probe of the capacity search'),
  ratePerSecond: measure.describe('scheduled records per second'),
  records: whole.describe('scheduled, produced and counted'),
  words: whole,
  warmUpRecords: whole.describe(
    'the first of these records, which are counted and verified and excluded from the percentiles',
  ),
  catchUpMs: z.number().describe('from the last scheduled time to the last count'),
  verified: z.boolean(),
  differences: z.array(z.string()).optional(),
  ...views,
});

const latencyPoint = z.strictObject({
  members: atLeastOne,
  runs: atLeastOne.describe('number of runs, whose records are pooled'),
  ...views,
  curves: z.strictObject({ corrected: curve, sinceSent: curve, closedLoop: curve }),
});

const capacity = z.strictObject({
  members: atLeastOne,
  p99MsBound: measure,
  ratePerSecond: measure
    .optional()
    .describe('the highest rate within the bound, confirmed by repetition; absent when no rate was'),
  limited: z
    .boolean()
    .optional()
    .describe('true when this is the highest rate that memory allows to probe: the capacity may be higher'),
  precision: measure.describe('upper limit of (failed rate / passed rate) - 1'),
  probes: z.array(
    z.strictObject({
      ratePerSecond: measure,
      purpose: z.enum(['bracket', 'bisect', 'repeat', 'confirm']),
      p99Ms: z.number(),
      catchUpMs: z.number(),
      passed: z.boolean(),
    }),
  ),
});

/** Report section of the experiment `latency`, which produces records on a fixed schedule. */
export const latencyReport = z.strictObject({
  ratePerSecond: measure,
  durationMs: measure.describe('length of the schedule of each run'),
  warmUpMs: measure.describe('the beginning of each schedule, which is excluded from the percentiles'),
  partitions: atLeastOne,
  producerProperties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  runs: z.array(latencyRun).describe('in the order in which they were made'),
  points: z.array(latencyPoint).describe('one for each number of members'),
  capacity: z.array(capacity).optional(),
});

export type LatencyPercentiles = Readonly<z.infer<typeof percentiles>>;
export type LatencyRun = Readonly<z.infer<typeof latencyRun>>;
export type LatencyPoint = Readonly<z.infer<typeof latencyPoint>>;
export type Capacity = Readonly<z.infer<typeof capacity>>;
export type LatencyReport = Readonly<z.infer<typeof latencyReport>>;
