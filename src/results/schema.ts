import { z } from 'zod';
import { experiments, type ExperimentId } from '../benchmark/experiments/all-experiments.ts';
import { curve, precision } from './curve-schema.ts';
import { environment, laneReport, runReport, scalingReport, settings, verdict, workload } from './report-parts.ts';

/**
 * Incremented when readers of older reports would misinterpret newer ones. Added fields do not
 * increment it.
 */
export const schemaVersion = 1;

/** One optional section of the report for each experiment, named after its id. */
type SectionSchemas = { [Id in ExperimentId]: z.ZodOptional<(typeof experiments)[Id]['section']> };
const sections = Object.fromEntries(
  Object.entries(experiments).map(([id, { section }]) => [id, section.optional()]),
) as SectionSchemas;

export const benchReport = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  kind: z.literal('bench'),
  status: z
    .enum(['complete', 'interrupted', 'failed'])
    .describe('a report that is not `complete` holds the runs made up to that point'),
  startedAt: z.iso.datetime(),
  elapsedMs: z.number().min(0).describe('of the whole bench, including brokers and producing'),
  environment,
  workload,
  settings,
  lanes: z.array(laneReport),
  runs: z.array(runReport).describe('in the order in which they were made'),
  scaling: z.array(scalingReport),
  curves: z.array(curve).describe('one for each lane with at least four different loads'),
  precision: precision.optional().describe('present when --until-precision was passed'),
  verdict,
  ...sections,
});

export type BenchReport = Readonly<z.infer<typeof benchReport>>;
