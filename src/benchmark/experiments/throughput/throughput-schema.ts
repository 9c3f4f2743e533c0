import { z } from 'zod';
import { laneFields } from '../../../results/report-parts.ts';

const whole = z.int().min(0);

/** Results of the lanes drain and work, with the facts of their topic. */
export const throughputReport = z.strictObject({
  ...laneFields,
  partitions: z.int().min(1),
  records: whole.describe('of the whole topic'),
  words: whole,
});

export type ThroughputReport = Readonly<z.infer<typeof throughputReport>>;
