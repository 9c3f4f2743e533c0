import { z } from 'zod';
import { sectionExperiments, type SectionId } from '../benchmark/experiments/all-experiments.ts';
import { environment, laneFields, settings, verdict, workload } from './report-parts.ts';

/**
 * Incremented when readers of older reports would misinterpret newer ones. Added fields do not
 * increment it.
 */
export const schemaVersion = 1;

/** An optional field of the report for each experiment, named after its id. */
type SectionSchemas = { [Id in SectionId]: z.ZodOptional<(typeof sectionExperiments)[Id]['section']> };
const sections = Object.fromEntries(
  Object.entries(sectionExperiments).map(([id, { section }]) => [id, section.optional()]),
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
  ...laneFields,
  verdict,
  ...sections,
});

/** The report of a bench. Names of fields carry their units; `report/bench-report.schema.json` describes them. */
export type BenchReport = Readonly<z.infer<typeof benchReport>>;
