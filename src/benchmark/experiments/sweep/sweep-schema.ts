import { z } from 'zod';
import { assignmentStrategies, groupProtocols } from '../../../config/group-protocols.ts';
import { namesOf } from '../../../config/names-of.ts';
import { runReport } from '../../../results/report-parts.ts';

const atLeastOne = z.int().min(1);
const measure = z.number().min(0);

const variant = z.strictObject({
  label: z.string().describe('what distinguishes this variant from the others'),
  members: atLeastOne,
  groupProtocol: z.enum(namesOf(groupProtocols)),
  assignmentStrategy: z.enum(namesOf(assignmentStrategies)).optional().describe('absent under protocol consumer'),
  properties: z.record(z.string(), z.string()).describe('client properties that are swept'),
});

const run = z.strictObject({
  variant: z.int().min(0).describe('index in `variants`'),
  ...runReport.pick({
    repetition: true,
    warmUp: true,
    startedAt: true,
    records: true,
    words: true,
    durationMs: true,
    joinMs: true,
    recordsPerSecond: true,
    mibPerSecond: true,
    cpuMicrosPerRecord: true,
    peakRssMib: true,
    rebalances: true,
    verified: true,
    differences: true,
  }).shape,
});

const row = z.strictObject({
  variant: z.int().min(0),
  runs: atLeastOne.describe('number of runs behind the medians, without warm-ups'),
  recordsPerSecond: measure.describe('median'),
  range: z.strictObject({ low: measure, high: measure }).describe('slowest and fastest run, in records per second'),
  ratio: measure.optional().describe('recordsPerSecond divided by that of the first variant'),
  cpuMicrosPerRecord: measure.describe('median'),
  joinMs: measure.describe('median'),
});

/** Report section of `sweep`: the speed of a group for each value of a setting. */
export const sweepReport = z.strictObject({
  records: z.int().min(0).describe('records of each run'),
  partitions: atLeastOne,
  workUs: z.int().min(0).describe('service time per record, in microseconds'),
  variants: z.array(variant),
  rows: z.array(row).describe('one for each variant with a measured run'),
  runs: z.array(run).describe('in the order in which they were made'),
});

export type SweepVariant = Readonly<z.infer<typeof variant>>;
export type SweepRun = Readonly<z.infer<typeof run>>;
export type SweepRow = Readonly<z.infer<typeof row>>;
export type SweepReport = Readonly<z.infer<typeof sweepReport>>;
