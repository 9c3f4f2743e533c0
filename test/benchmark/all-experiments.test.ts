import { expect, test } from 'vitest';
import { experiments, type ExperimentId } from '../../src/benchmark/experiments/all-experiments.ts';
import type { Experiment } from '../../src/benchmark/experiments/experiment.ts';
import { renderBench } from '../../src/report/bench-text.ts';
import { renderJunit } from '../../src/report/formats/junit.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { metricsOf } from '../../src/report/formats/metrics.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderReportJson } from '../../src/report/report-json.ts';
import { fieldsOf } from '../../src/results/report-sections.ts';
import { tablesFor } from '../../src/results/table.ts';
import { benchReport, type BenchReport } from '../../src/results/schema.ts';
import { requireComparable } from '../../src/results/compare/comparable.ts';
import { compareHistory } from '../../src/results/compare/compare-history.ts';
import { compareReports } from '../../src/results/compare/compare-reports.ts';
import { historyEntryOf, parseHistory, type HistoryEntry } from '../../src/results/compare/history.ts';
import { sampleReport, sampleRun } from '../report/sample-report.ts';
import { samples } from './sample-sections.ts';

const ids = Object.keys(experiments) as ExperimentId[];
const withSection = (id: ExperimentId, section: unknown): BenchReport => {
  const sample = id === 'throughput' ? sampleReport([], { lanes: [] }) : sampleReport([sampleRun(1, 1)]);
  const fields = section === undefined ? {} : fieldsOf({ experiment: experiments[id], section });
  return benchReport.parse(JSON.parse(renderReportJson({ ...sample, ...fields, ...workloadOf(section) })));
};
/** Text as HTML contains it. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The workload of a report as a section with facts about it requires. */
function workloadOf(section: unknown): Partial<Pick<BenchReport, 'workload'>> {
  const { workload } = sampleReport([]);
  const {
    partitions = workload.partitions,
    records = workload.records,
    words = workload.words,
  } = {
    ...(section as Partial<typeof workload> | undefined),
  };
  return { workload: { ...workload, partitions, records, words } };
}

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
  const formats = {
    text: renderBench(report, { colour: false }),
    html: await renderHtml(report),
    markdown: renderMarkdown(report).replaceAll('\\', ''),
  };
  for (const format of ['text', 'html', 'markdown'] as const) {
    const tables = tablesFor(experiment.tables(section), format);
    expect(tables.length).toBeGreaterThan(0);
    for (const { title, columns, notes = [] } of tables) {
      const cells = columns.flatMap((column) => column.cells.map(({ text }) => text));
      const texts = [title, ...columns.map((column) => column.title), ...cells, ...notes];
      for (const text of texts) expect(formats[format], format).toContain(format === 'html' ? escaped(text) : text);
    }
  }
  expect(formats.html).toContain(`<h2 id="${id}">${experiment.title}</h2>`);
  const junit = renderJunit(report);
  const runs = experiment.runs(section);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.filter(({ seconds }) => seconds === 0)).toEqual([]);
  for (const group of new Set(runs.map((run) => run.group ?? id))) {
    const own = runs.filter((run) => (run.group ?? id) === group);
    expect(junit).toContain(`<testsuite name="bench ${group}" tests="${own.length}" failures="0"`);
  }
  for (const { name } of runs) expect(junit).toContain(`name="${name}`);
});

test.each(ids)('%s: text, Markdown, HTML and JUnit report a run with wrong counts as a failure', async (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const section = withWrongRun(samples[id].section);
  const report = withSection(id, section);
  const wrong = experiment.runs(section).filter(({ verified }) => !verified);
  expect(wrong).toHaveLength(1);
  const suite = wrong[0]?.group ?? id;
  const title = `${suite}, ${wrong[0]?.name ?? ''}: counts differ from the reference`;
  expect(renderBench(report, { colour: false })).toContain(`${title}\n  ${difference}`);
  const html = await renderHtml(report);
  expect(html).toContain(title);
  expect(html).toContain(`1 ${id} run with wrong counts`);
  expect(renderMarkdown(report)).toContain('❌ **1 run with wrong counts**');
  const junit = renderJunit(report);
  expect(junit).toMatch(new RegExp(`<testsuite name="bench ${suite}" tests="\\d+" failures="1"`));
  expect(junit).toContain('&quot;whale&quot;: 3 counted, 2 expected</failure>');
});

test.each(ids)('%s: metrics for CI tools have unique names', (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const metrics = metricsOf(withSection(id, samples[id].section));
  expect(metrics).toEqual(expect.arrayContaining([...experiment.metrics(samples[id].section)]));
  expect(new Set(metrics.map(({ path, measure }) => `${path} ${measure}`)).size).toBe(metrics.length);
});

test.each(ids)('%s: two reports compare, figure by figure, and a slower one is a regression', (id) => {
  const { section, slower: worse } = samples[id];
  const [report, slower] = [withSection(id, section), withSection(id, worse)];
  requireComparable([report, slower], { acrossMachines: false });
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const lanes = new Set(experiment.compared.series(section).map(({ lane }) => lane));
  const rows = (after: BenchReport) =>
    compareReports(report, after, options).rows.filter(({ lane }) => lanes.has(lane));
  const same = rows(report);
  expect(same.length).toBeGreaterThan(2);
  expect(same.every(({ change }) => change === 0)).toBe(true);
  const names = same.map(({ members, label, measure }) => `${label ?? members} ${measure}`);
  expect(new Set(names).size).toBe(names.length);
  expect(rows(slower).some(({ members, verdict }) => members === 'all' && verdict === 'regressed')).toBe(true);
  const missing = rows(withSection(id, undefined));
  expect(missing.length).toBeGreaterThan(1);
  expect(new Set(missing.map(({ verdict }) => verdict))).toEqual(new Set(['missing']));
});

test.each(ids)('%s: reports under different conditions are refused with the name of the condition', (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const { section, changed, condition } = samples[id];
  expect(Object.keys(experiment.compared.conditions(section))).toContain(condition);
  const refused = () => {
    requireComparable([withSection(id, section), withSection(id, changed)], { acrossMachines: false });
  };
  const prefix = experiment.inLanes === undefined ? `${id}, ` : '';
  expect(refused).toThrow(`the reports have different settings: ${prefix}${condition}: `);
});

test.each(ids)('%s: a history finds a slower report, and skips those under other conditions', (id) => {
  const experiment: Experiment<unknown, unknown> = experiments[id];
  const { section: usual, slower, changed } = samples[id];
  const lanes = new Set(experiment.compared.series(usual).map(({ lane }) => lane));
  const entry = (section: unknown, day: number): HistoryEntry =>
    historyEntryOf({ ...withSection(id, section), startedAt: `2026-11-${day}T10:00:00.000Z` });
  const days = [10, 11, 12, 13, 14, 15];
  const window = { ...options, window: 20, acrossMachines: false };
  const judge = (latest: unknown, earlier: unknown) => {
    const written = days.map((day) => JSON.stringify(entry(earlier, day))).join('\n');
    const { rows } = compareHistory(entry(latest, 20), parseHistory('history', written), window);
    const own = rows.filter(({ lane, members }) => lanes.has(lane) && members === 'all');
    return new Set(own.map(({ verdict }) => verdict));
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
