import { z } from 'zod';
import { benchReport } from '../results/schema.ts';

/** The JSON Schema of a bench's report, for validators of other languages: bench-report.schema.json beside this file. */
export function benchReportJsonSchema(): object {
  return {
    ...z.toJSONSchema(benchReport, { target: 'draft-2020-12' }),
    title: 'Report of consumer-cluster bench',
  };
}
