import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseReport } from '../../src/commands/report-input.ts';
import { historyEntryOf, parseHistory } from '../../src/results/compare/history.ts';
import { parsePropertiesFile } from '../../src/config/properties-file.ts';
import { parseScenario } from '../../src/stress/scenario-file.ts';
import { appendToFile } from '../../src/output/write-file.ts';
import { parseCountsFile } from '../../src/workload/counts-file.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';

const mark = '\uFEFF';
const report = sampleReport([sampleRun(1, 1), sampleRun(1, 2)]);
const line = JSON.stringify(historyEntryOf(report));

test.each([
  ['properties', (text: string) => parsePropertiesFile(text), 'security.protocol=SSL\n'],
  ['counts as TSV', (text: string) => parseCountsFile(text, 'f'), 'whale\t3\n'],
  ['counts as JSON', (text: string) => parseCountsFile(text, 'f'), '{"whale":3}'],
  ['a report', (text: string) => parseReport('f', text), JSON.stringify(report)],
  ['a history', (text: string) => parseHistory('f', text), `${line}\n`],
  ['a scenario', (text: string) => parseScenario(text, 'f'), 'duration: 10s\nmix: all\n'],
])('a byte order mark before %s changes nothing', (_, parse, text) => {
  expect(parse(mark + text)).toEqual(parse(text));
});

test('ignores a torn line of a history, and appends the next entry on a separate line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'torn-'));
  const file = join(folder, 'history.ndjson');
  try {
    for (const end of [1, 10, 30, line.length - 1]) {
      writeFileSync(file, `${line}\n${line.slice(0, end)}`);
      expect(parseHistory(file, readFileSync(file, 'utf8')).entries).toHaveLength(1);
      await appendToFile(file, `${line}\n`);
      await appendToFile(file, `${line}\n`);
      expect(parseHistory(file, readFileSync(file, 'utf8')).entries).toHaveLength(3);
    }
    appendFileSync(file, 'not an entry\n');
    expect(() => parseHistory(file, readFileSync(file, 'utf8'))).toThrow('line 5 is not a history entry');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
