import { expect, test } from 'vitest';
import { benchReport } from '../../src/results/schema.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

const report = sampleReport([sampleRun(1, 1), sampleRun(5, 1)]);

test('a report still conforms to its schema after serialization to JSON', () => {
  expect(benchReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test.each([
  ['an unknown field', { ...report, extra: 1 }],
  ['an unknown schema version', { ...report, schemaVersion: 2 }],
  ['a rate of NaN', { ...report, runs: [sampleRun(1, 1, { recordsPerSecond: NaN })] }],
  ['a run without a verdict', { ...report, runs: [{ ...sampleRun(1, 1), verified: undefined }] }],
  ['an unknown lane', { ...report, lanes: [{ ...report.lanes[0], lane: 'swim' }] }],
])('rejects %s', (_, value) => {
  expect(benchReport.safeParse(value).success).toBe(false);
});
