import { z } from 'zod';
import { assignmentStrategies, groupProtocols } from '../../config/group-protocols.ts';
import { namesOf } from '../../config/names-of.ts';
import { runReport } from '../../results/report-parts.ts';

const atLeastOne = z.int().min(1);
const measure = z.number().min(0);
const whole = z.int().min(0);

const variant = z.strictObject({
  label: z.string().describe('what distinguishes this variant from the others'),
  members: atLeastOne,
  groupProtocol: z.enum(namesOf(groupProtocols)),
  assignmentStrategy: z.enum(namesOf(assignmentStrategies)).optional().describe('absent under protocol consumer'),
  workUs: whole.optional().describe('service time per record, in microseconds; absent: that of the section'),
  properties: z.record(z.string(), z.string()).describe('client properties that distinguish the variant'),
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

/** Report section of an experiment that compares the speed of variants of a group. */
export const variantsReport = z.strictObject({
  records: z.int().min(0).describe('records of each run; of the first variant when service times differ'),
  partitions: atLeastOne,
  workUs: z.int().min(0).describe('service time per record, in microseconds'),
  variants: z.array(variant),
  rows: z.array(row).describe('one for each variant with a measured run'),
  runs: z.array(run).describe('in the order in which they were made'),
});

export type ReportedVariant = Readonly<z.infer<typeof variant>>;
export type VariantRun = Readonly<z.infer<typeof run>>;
export type VariantRow = Readonly<z.infer<typeof row>>;
export type VariantsReport = Readonly<z.infer<typeof variantsReport>>;

export interface VariantsInput {
  readonly variants: readonly ReportedVariant[];
}
