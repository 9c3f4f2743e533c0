import type { Output } from '../output/output.ts';
import { renderReportJson } from '../report/report-json.ts';
import type { BenchReport } from '../results/schema.ts';
import { parseReport } from './report-input.ts';

/** Writes the report of a bench if compare and report can read it; otherwise it is rejected. */
export async function writeReport(output: Output | undefined, report: BenchReport): Promise<void> {
  if (output === undefined) return;
  const text = renderReportJson(report);
  try {
    parseReport(output.path, text);
  } catch (error) {
    await output.reject(() => [text], error instanceof Error ? error : new Error(String(error)));
    return;
  }
  await output.write(() => [text]);
}
