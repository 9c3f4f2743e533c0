import { z } from 'zod';
import { lanes } from '../config/lanes.ts';

const atLeastOne = z.int().min(1);
const measure = z.number().min(0);
const share = z.number().min(0);

export const limiter = z
  .strictObject({
    name: z
      .enum(['partitions', 'service-time', 'cpu-of-members', 'cpu-of-brokers', 'cpu-of-others', 'network', 'none'])
      .describe('`none`: nothing measured was used up, so waiting for fetches, the start and the tail remain'),
    shares: z.strictObject({
      machine: share.describe('of the CPU time of all cores, used by whomever'),
      members: share.describe('of the same, used by this process'),
      brokers: share.optional().describe('of the same, used by managed brokers'),
      network: share.optional().describe('of the fastest link, where brokers are not on this machine'),
      busiestMember: share.describe("of the run's time in which the busiest member worked on records"),
      serviceTime: share.describe("of the run's time that the busiest member's records had to take"),
    }),
  })
  .describe('what kept these runs from being faster, from medians of what was measured');

export const outlier = z.strictObject({ repetition: atLeastOne, recordsPerSecond: measure });

export const curve = z
  .strictObject({
    lane: z.enum(lanes),
    recordsPerSecond: measure.describe('of one member'),
    contention: measure.describe('share of the work that members can only do one after the other'),
    coherency: measure.describe('cost of each pair of members'),
    peakLoad: measure
      .optional()
      .describe(
        'members at work with the greatest throughput; missing where there is none up to 1.5 times the greatest load measured',
      ),
    rSquared: z.number().max(1),
    intervals: z
      .strictObject({
        recordsPerSecond: z.array(measure).length(2),
        contention: z.array(measure).length(2),
        coherency: z.array(measure).length(2),
      })
      .describe('low and high of the parameters fitted to each repetition alone; `coverage` is what they are worth'),
    coverage: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'of the intervals, which are ranges where it is below 0.95; missing before 0.2, when they were of a bootstrap',
      ),
  })
  .describe(
    'Universal Scalability Law: recordsPerSecond * n / (1 + contention * (n - 1) + coherency * n * (n - 1)), where n is the members that work at once: partitions / ceil(partitions / min(members, partitions))',
  );

export const precision = z
  .strictObject({
    wanted: measure.describe('greatest distance of an end of the 95 % interval from its median, as a share of it'),
    reached: z.boolean(),
    worst: measure.optional().describe('missing where some median has no 95 % interval yet'),
  })
  .describe('of recordsPerSecond at every point of `scaling`');
