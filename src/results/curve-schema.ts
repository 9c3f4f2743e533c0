import { z } from 'zod';
import { lanes } from '../config/lanes.ts';

const atLeastOne = z.int().min(1);
const measure = z.number().min(0);
const share = z.number().min(0);

export const limiter = z
  .strictObject({
    name: z
      .enum(['partitions', 'service-time', 'cpu-of-members', 'cpu-of-brokers', 'cpu-of-others', 'network', 'none'])
      .describe('`none`: no measured resource was saturated, which leaves fetch waits, start-up and the tail'),
    shares: z.strictObject({
      machine: share.describe('share of the CPU time of all cores, used by all processes'),
      members: share.describe('share of the same CPU time, used by this process'),
      brokers: share.optional().describe('share of the same CPU time, used by managed brokers'),
      network: share
        .optional()
        .describe('share of the capacity of the fastest link; only when brokers run on other machines'),
      busiestMember: share.describe("share of the run's time that the busiest member spent working on records"),
      serviceTime: share.describe(
        "share of the run's time that the service times of the busiest member's records add up to",
      ),
    }),
  })
  .describe('what limited the speed of these runs, derived from medians');

export const outlier = z.strictObject({ repetition: atLeastOne, recordsPerSecond: measure });

export const curve = z
  .strictObject({
    lane: z.enum(lanes),
    recordsPerSecond: measure.describe('rate of a single member'),
    contention: measure.describe('share of the work that is serialized across members'),
    coherency: measure.describe('cost per pair of members'),
    peakLoad: measure
      .optional()
      .describe(
        'active members at peak throughput; absent when there is no peak up to 1.5 times the greatest measured load',
      ),
    rSquared: z.number().max(1),
    intervals: z
      .strictObject({
        recordsPerSecond: z.array(measure).length(2),
        contention: z.array(measure).length(2),
        coherency: z.array(measure).length(2),
      })
      .describe('lowest and highest value of each parameter over fits of single repetitions; see `coverage`'),
    coverage: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'coverage probability of the intervals; below 0.95 they are plain ranges; absent in reports before 0.2, which used a bootstrap',
      ),
  })
  .describe(
    'Universal Scalability Law: recordsPerSecond * n / (1 + contention * (n - 1) + coherency * n * (n - 1)), where n is the number of members that work at the same time: partitions / ceil(partitions / min(members, partitions))',
  );

export const precision = z
  .strictObject({
    wanted: measure.describe(
      'largest accepted distance from the median to an end of its 95 % interval, as a share of the median',
    ),
    reached: z.boolean(),
    worst: measure.optional().describe('absent while some median has no 95 % interval yet'),
  })
  .describe('precision of recordsPerSecond at every point of `scaling`');
