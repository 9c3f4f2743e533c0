import { expect, test } from 'vitest';
import { benchReport } from '../../src/results/schema.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

const report = sampleReport([sampleRun(1, 1), sampleRun(5, 1)]);

test('a report passes its schema, through JSON and back', () => {
  expect(benchReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test.each([
  ['a field nobody knows', { ...report, extra: 1 }],
  ['another version', { ...report, schemaVersion: 2 }],
  ['a rate that is none', { ...report, runs: [sampleRun(1, 1, { recordsPerSecond: NaN })] }],
  ['a run without a verdict', { ...report, runs: [{ ...sampleRun(1, 1), verified: undefined }] }],
  ['a lane that is none', { ...report, lanes: [{ ...report.lanes[0], lane: 'swim' }] }],
])('%s is refused', (_, value) => {
  expect(benchReport.safeParse(value).success).toBe(false);
});
