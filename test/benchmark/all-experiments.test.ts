import { expect, test } from 'vitest';
import { experiments, type ExperimentId } from '../../src/benchmark/experiments/all-experiments.ts';
import type { Experiment } from '../../src/benchmark/experiments/experiment.ts';
import { renderBench } from '../../src/report/bench-text.ts';
import { renderJunit } from '../../src/report/formats/junit.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { metricsOf } from '../../src/report/formats/metrics.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderReportJson } from '../../src/report/report-json.ts';
import { benchReport, type BenchReport } from '../../src/results/schema.ts';
import { requireComparable } from '../../src/results/compare/comparable.ts';
import { compareHistory } from '../../src/results/compare/compare-history.ts';
import { compareReports } from '../../src/results/compare/compare-reports.ts';
import { historyEntryOf, parseHistory, type HistoryEntry } from '../../src/results/compare/history.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';
import { samples } from './sample-sections.ts';

const ids = Object.keys(experiments) as ExperimentId[];
const withSection = (id: ExperimentId, section: unknown): BenchReport => {
  const report = { ...sampleReport([sampleRun(1, 1)]), [id]: section };
  return benchReport.parse(JSON.parse(renderReportJson(report)));
};
const options = { maxRegression: 0.05, alpha: 0.05, ratiosOnly: false } as const;
const difference = '"whale": 3 counted, 2 expected';

/** The same section with wrong counts in its last run, and in its summary if it has one. */
function withWrongRun(section: object): unknown {
  const wrong = { verified: false, differences: [difference] };
  const runs = (section as { readonly runs: readonly object[] }).runs;
  const worse = runs.map((run, index) => (index === runs.length - 1 ? { ...run, ...wrong } : run));
  return { ...section, ...('verified' in section ? wrong : {}), runs: worse };
}

test.each(ids)('%s: the id equals the key, and the sample section conforms to its schema', (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  expect(experiment.id).toBe(id);
  expect(experiment.section.parse(samples[id].section)).toEqual(samples[id].section);
});

test.each(ids)('%s: tables and runs appear in text, Markdown, HTML and JUnit', async (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const section: unknown = samples[id].section;
  const report = withSection(id, section);
  const formats = { text: renderBench(report, { colour: false }), html: await renderHtml(report) };
  const markdown = renderMarkdown(report);
  const tables = experiment.tables(section);
  expect(tables.length).toBeGreaterThan(0);
  for (const { title, columns } of tables) {
    for (const [format, text] of Object.entries(formats)) {
      expect(text, format).toContain(title);
      for (const cell of columns.flatMap(({ cells }) => cells)) expect(text, format).toContain(cell.text);
    }
    for (const column of columns) expect(markdown).toContain(` ${column.title} `);
  }
  expect(formats.html).toContain(`<h2 id="${id}">${experiment.title}</h2>`);
  const junit = renderJunit(report);
  const runs = experiment.runs(section);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.filter(({ seconds }) => seconds === 0)).toEqual([]);
  expect(junit).toContain(`<testsuite name="bench ${id}" tests="${runs.length}" failures="0"`);
  for (const { name } of runs) expect(junit).toContain(`name="${name}`);
});

test.each(ids)('%s: text, Markdown, HTML and JUnit report a run with wrong counts as a failure', async (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const section = withWrongRun(samples[id].section);
  const report = withSection(id, section);
  const wrong = experiment.runs(section).filter(({ verified }) => !verified);
  expect(wrong).toHaveLength(1);
  const title = `${id}, ${wrong[0]?.name ?? ''}: counts differ from the reference`;
  expect(renderBench(report, { colour: false })).toContain(`${title}\n  ${difference}`);
  const html = await renderHtml(report);
  expect(html).toContain(title);
  expect(html).toContain(`1 ${id} run with wrong counts`);
  expect(renderMarkdown(report)).toContain('❌ **1 run with wrong counts**');
  const junit = renderJunit(report);
  expect(junit).toMatch(new RegExp(`<testsuite name="bench ${id}" tests="\\d+" failures="1"`));
  expect(junit).toContain('&quot;whale&quot;: 3 counted, 2 expected</failure>');
});

test.each(ids)('%s: metrics for CI tools have unique names', (id) => {
  const metrics = metricsOf(withSection(id, samples[id].section)).filter(({ path }) => path.startsWith(`${id}/`));
  expect(metrics.length).toBeGreaterThan(0);
  expect(new Set(metrics.map(({ path, measure }) => `${path} ${measure}`)).size).toBe(metrics.length);
});

test.each(ids)('%s: two reports compare, figure by figure, and a slower one is a regression', (id) => {
  const { section, slower: worse } = samples[id];
  const [report, slower] = [withSection(id, section), withSection(id, worse)];
  requireComparable([report, slower], { acrossMachines: false });
  const rows = (after: BenchReport) => compareReports(report, after, options).rows.filter(({ lane }) => lane === id);
  const same = rows(report);
  expect(same.length).toBeGreaterThan(2);
  expect(same.every(({ change }) => change === 0)).toBe(true);
  const names = same.map(({ members, label, measure }) => `${label ?? members} ${measure}`);
  expect(new Set(names).size).toBe(names.length);
  expect(rows(slower).some(({ members, verdict }) => members === 'all' && verdict === 'regressed')).toBe(true);
  const missing = compareReports(report, withSection(id, undefined), options).rows.filter(({ lane }) => lane === id);
  expect(new Set(missing.map(({ verdict }) => verdict))).toEqual(new Set(['missing']));
});

test.each(ids)('%s: reports under different conditions are refused with the name of the condition', (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const { section, changed, condition } = samples[id];
  expect(Object.keys(experiment.compared.conditions(section))).toContain(condition);
  const refused = () => {
    requireComparable([withSection(id, section), withSection(id, changed)], { acrossMachines: false });
  };
  expect(refused).toThrow(`the reports have different settings: ${id}, ${condition}: `);
});

test.each(ids)('%s: a history finds a slower report, and skips those under other conditions', (id) => {
  const { section: usual, slower, changed } = samples[id];
  const entry = (section: unknown, day: number): HistoryEntry =>
    historyEntryOf({ ...withSection(id, section), startedAt: `2026-11-${day}T10:00:00.000Z` });
  const days = [10, 11, 12, 13, 14, 15];
  const window = { ...options, window: 20, acrossMachines: false };
  const judge = (latest: unknown, earlier: unknown) => {
    const written = days.map((day) => JSON.stringify(entry(earlier, day))).join('\n');
    const { rows } = compareHistory(entry(latest, 20), parseHistory('history', written), window);
    return new Set(rows.filter(({ lane, members }) => lane === id && members === 'all').map(({ verdict }) => verdict));
  };
  expect(judge(slower, usual)).toContain('regressed');
  expect(judge(usual, usual)).toEqual(new Set(['same']));
  expect(judge(usual, changed)).toEqual(new Set());
});

test('a version 0.1 report without rebalance runs yields a single verdict for all protocols', () => {
  const older = { ...samples.rebalance.section, runs: undefined };
  const report = withSection('rebalance', older);
  expect(experiments.rebalance.runs(report.rebalance ?? samples.rebalance.section)).toEqual([
    expect.objectContaining({ name: 'counts under range, roundrobin, cooperative-sticky, consumer', verified: true }),
  ]);
});
