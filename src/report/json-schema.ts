import { z } from 'zod';
import { benchReport } from '../results/schema.ts';

/**
 * JSON Schema of the bench report, for validators in other languages; saved as
 * bench-report.schema.json in this folder.
 */
export function benchReportJsonSchema(): object {
  return {
    ...z.toJSONSchema(benchReport, { target: 'draft-2020-12' }),
    title: 'Report of consumer-cluster bench',
  };
}
