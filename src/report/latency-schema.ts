import { z } from 'zod';

const whole = z.int().min(0);
const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

const percentiles = z
  .strictObject({
    count: whole,
    zeroOrLess: whole.describe('values of 0 and below, which are among the others: no value is left out'),
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
  .describe('milliseconds; exact: the least value that so many percent of all values do not exceed');

const curve = z
  .array(z.tuple([z.number().min(0).max(100), z.number()]))
  .describe(
    '[percentile, milliseconds], rising, five steps for each halving of the distance to 100 %, as HDR plots have',
  );

/** Where a record's time went: adding up, record by record, to the time from its schedule to its count. */
const split = z.strictObject({
  produce: percentiles.describe('from the scheduled moment to the hand-over to the client'),
  broker: percentiles.describe('from there to the acknowledgement, as the producer heard of it'),
  fetch: percentiles.describe(
    "from there to the arrival in the member's client; below 0 where the member was served before the producer was told",
  ),
  queue: percentiles.describe(
    "in the member's client until its batch call; the most it can have been, see docs/latency.md",
  ),
  count: percentiles.describe("from the batch call's return to the table that readers see"),
});

const views = {
  correctedMs: percentiles.describe('from the scheduled moment to the count: nothing is omitted'),
  sinceSentMs: percentiles.describe('from the hand-over to the client to the count: what a late producer hides'),
  closedLoopMs: percentiles.describe(
    'of those records only that a tester would have sent who waits for each before the next: what coordinated omission hides',
  ),
  splitMs: split,
};

const latencyRun = z.strictObject({
  members: atLeastOne,
  repetition: whole.describe('from 1; 0 for a warm-up or a probe of the search for the capacity'),
  ratePerSecond: measure.describe('records a second, as scheduled'),
  records: whole.describe('scheduled, produced and counted'),
  words: whole,
  warmUpRecords: whole.describe('the first of them, counted and verified, but left out of the percentiles'),
  catchUpMs: z.number().describe('from the last scheduled moment to the last count'),
  verified: z.boolean(),
  differences: z.array(z.string()).optional(),
  ...views,
});

const latencyPoint = z.strictObject({
  members: atLeastOne,
  runs: atLeastOne.describe('whose records are taken together'),
  ...views,
  curves: z.strictObject({ corrected: curve, sinceSent: curve, closedLoop: curve }),
});

const capacity = z.strictObject({
  members: atLeastOne,
  p99MsBound: measure,
  ratePerSecond: measure.optional().describe('the highest rate that held the bound, also when repeated; none: absent'),
  limited: z
    .boolean()
    .optional()
    .describe('true where the rate found is the highest that memory allows to try: the capacity may be higher'),
  precision: measure.describe('the rate that failed over the rate that held, less 1, at most'),
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

/** Of lane `latency`: records produced on a schedule that nothing shifts. */
export const latencyReport = z.strictObject({
  ratePerSecond: measure,
  durationMs: measure.describe('of the schedule of each run'),
  warmUpMs: measure.describe('of it, at its beginning, left out of the percentiles'),
  partitions: atLeastOne,
  producerProperties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  runs: z.array(latencyRun).describe('in the order they were made'),
  points: z.array(latencyPoint).describe('one for each number of members'),
  capacity: z.array(capacity).optional(),
});

export type Percentiles = Readonly<z.infer<typeof percentiles>>;
export type LatencyRun = Readonly<z.infer<typeof latencyRun>>;
export type LatencyPoint = Readonly<z.infer<typeof latencyPoint>>;
export type Capacity = Readonly<z.infer<typeof capacity>>;
export type LatencyReport = Readonly<z.infer<typeof latencyReport>>;
