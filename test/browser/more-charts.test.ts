import { afterAll, beforeAll, expect, test } from 'vitest';
import { largest } from '../../src/statistics/extremes.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { axisScale } from './axis-scale.ts';
import { ReportBrowser, type OpenedPage } from './browser.ts';
import { earlierBenches, fullReport } from './full-report.ts';
import { drawingOf, valuesOf } from './in-page.js';

const report = fullReport();
const { latency, rebalance } = report;
if (latency === undefined || rebalance === undefined) throw new Error('the report has all sections');
const history = earlierBenches(report);

let browser: ReportBrowser;
let opened: OpenedPage;
beforeAll(async () => {
  browser = await ReportBrowser.launch();
  opened = await browser.open(await renderHtml(report, { history }), { widthPx: 1_280, colorScheme: 'light' });
});
afterAll(() => browser.close());

/** The values of all marks of one class along one axis, in drawing order. */
async function along(axis: 'x' | 'y', figure: string, marks: string, kind?: 'log'): Promise<number[]> {
  const drawing = await opened.page.evaluate(drawingOf, { figure, size: 'wide' as const, marks });
  const scale = axisScale(drawing[axis], kind);
  return drawing.points.map((point) => scale(point[axis]));
}

/** Expects each value within 2 % of the largest value, or of itself if `relative`. */
function expectNear(found: readonly number[], wanted: readonly number[], relative = false): void {
  expect(found.length).toBe(wanted.length);
  const most = largest(wanted.map(Math.abs));
  wanted.forEach((value, index) => {
    expect(Math.abs((found[index] ?? NaN) - value)).toBeLessThan((relative ? Math.abs(value) : most) / 50);
  });
}

test('percentile curves pass through the values of the report on a logarithmic axis', async () => {
  for (const { members, curves } of latency.points) {
    for (const key of ['corrected', 'sinceSent', 'closedLoop'] as const) {
      const values = curves[key].map(([, value]) => value);
      expectNear(await along('y', `percentiles-${members}`, `curve.${key}`, 'log'), values, true);
    }
    const table = await opened.page.evaluate(valuesOf, `percentiles-${members}`);
    expect(table.map((row) => row[1])).toEqual(curves.corrected.map(([, value]) => String(value)));
  }
});

test('charts of stages and gaps show the values of the report', async () => {
  const stages = ['produce', 'broker', 'fetch', 'queue', 'count'] as const;
  for (const { members, splitMs } of latency.points) {
    for (const name of ['p50', 'p99'] as const) {
      expectNear(
        await along('x', `split-${members}`, name),
        stages.map((stage) => splitMs[stage][name]),
      );
    }
  }
  for (const name of ['p50', 'max'] as const) {
    // The chart groups rows by cause and has one row per protocol.
    const causes = [...new Set(rebalance.rows.map(({ cause }) => cause))];
    const rows = causes.flatMap((cause) => rebalance.rows.filter((row) => row.cause === cause));
    expectNear(
      await along('x', 'gaps', name),
      rows.map(({ gapsMs }) => gapsMs[name]),
    );
  }
});

test('swim lanes have one bar per timeline row, and their tables list its times', async () => {
  for (const protocol of ['range', 'roundrobin', 'cooperative-sticky', 'consumer'] as const) {
    const rows = rebalance.timeline.filter((row) => row.protocol === protocol);
    const svg = opened.page.locator(`#lanes-${protocol} .wide > svg`);
    for (const kind of ['owned', 'gap'] as const) {
      expect(await svg.locator(`g.${kind} > rect`).count()).toBe(rows.filter((row) => row.kind === kind).length);
    }
    const marks = rebalance.marks.filter((mark) => mark.protocol === protocol);
    const table = await opened.page.evaluate(valuesOf, `lanes-${protocol}`);
    expect(table.slice(0, marks.length).map((row) => row[1])).toEqual(marks.map(({ atMs }) => String(atMs)));
    expect(table.slice(marks.length).map((row) => row.slice(3))).toEqual(
      rows.map(({ fromMs, toMs }) => [String(fromMs), String(toMs)]),
    );
  }
});

test('the history shows the benches of this machine in order, the current one last', async () => {
  const benches = [
    ...history.filter(({ machine }) => machine === report.environment.machine),
    { points: report.scaling },
  ];
  for (const lane of ['drain', 'work'] as const) {
    for (const members of [1, 5]) {
      const rates = benches.map(
        ({ points }) =>
          points.find((point) => point.lane === lane && point.members === members)?.recordsPerSecond ?? NaN,
      );
      const drawn = await along('y', `history-${lane}`, `members-${members}`);
      expect(drawn.length).toBe(13);
      const most = largest(report.scaling.map((point) => (point.lane === lane ? point.recordsPerSecond : 0)));
      drawn.forEach((value, index) => {
        expect(Math.abs(value - (rates[index] ?? NaN))).toBeLessThan(most / 50);
      });
    }
  }
});
