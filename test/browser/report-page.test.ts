import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largest } from '../../src/statistics/extremes.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { axisScale } from './axis-scale.ts';
import { ReportBrowser, type Screen } from './browser.ts';
import { earlierBenches, fullReport } from './full-report.ts';
import { drawingOf, openAll, strays, valuesOf } from './in-page.js';

const report = fullReport();
const history = earlierBenches(report);
const html = await renderHtml(report, { history });
const screens: readonly Screen[] = [360, 1_280].flatMap((widthPx) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ widthPx, colorScheme })),
);
/** CI stores this folder as an artifact. */
const outputFolder = '.cache/ci-output';

let browser: ReportBrowser;
beforeAll(async () => {
  browser = await ReportBrowser.launch();
  await mkdir(outputFolder, { recursive: true });
});
afterAll(() => browser.close());

test.each(screens)('at $widthPx px, $colorScheme: logs and requests nothing and does not overflow', async (screen) => {
  const { page, complaints, requests } = await browser.open(html, screen);
  const { pageWidthPx, windowWidthPx, beyond, cut } = await page.evaluate(strays);
  expect({ pageWidthPx, beyond, cut }).toEqual({ pageWidthPx: screen.widthPx, beyond: [], cut: [] });
  expect(windowWidthPx).toBe(screen.widthPx);
  const dark = screen.colorScheme === 'dark' ? '-dark' : '';
  await page.screenshot({ path: `${outputFolder}/report-${screen.widthPx}${dark}.png`, fullPage: true });

  await page.evaluate(openAll);
  expect(await page.evaluate(strays)).toMatchObject({ pageWidthPx: screen.widthPx, beyond: [], cut: [] });
  expect(complaints).toEqual([]);
  expect(requests).toEqual([]);
  await page.close();
});

test.each([
  { widthPx: 360, colorScheme: 'dark' },
  { widthPx: 1_280, colorScheme: 'light' },
] as const)('at $widthPx px, $colorScheme: violates no accessibility rule', async (screen) => {
  const { page } = await browser.open(html, screen);
  await page.evaluate(openAll);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  const shown = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html: node }) => node.slice(0, 200)).join(' ')}`,
  );
  expect(shown).toEqual([]);
  await page.close();
});

test('each chart shows one of its two drawings with a description', async () => {
  for (const widthPx of [360, 1_280]) {
    const { page } = await browser.open(html, { widthPx, colorScheme: 'light' });
    const figures = await page.locator('figure').count();
    expect(figures).toBeGreaterThan(5);
    expect(await page.locator('figure svg[role=img]:visible').count()).toBe(figures);
    for (const svg of await page.locator('figure svg[role=img]').all()) {
      expect((await svg.getAttribute('aria-label'))?.length).toBeGreaterThan(20);
    }
    await page.close();
  }
});

test.each(['narrow', 'wide'] as const)(
  'the marks of the %s drawings are at the positions of their numbers',
  async (size) => {
    const { page } = await browser.open(html, { widthPx: size === 'narrow' ? 360 : 1_280, colorScheme: 'light' });
    const marksOf = async (figure: string, marks: string): Promise<{ x: number; y: number }[]> => {
      const { x, y, points } = await page.evaluate(drawingOf, { figure, size, marks });
      const [scaleX, scaleY] = [axisScale(x), axisScale(y)];
      return points.map((point) => ({ x: scaleX(point.x), y: scaleY(point.y) }));
    };
    for (const lane of ['drain', 'work'] as const) {
      const points = report.scaling.filter((point) => point.lane === lane);
      const curves = [
        ['speed-up', points.map(({ speedup }) => speedup)],
        ['efficiency', points.map(({ efficiency }) => 100 * efficiency)],
        ['cost', points.map(({ cpuMicrosPerRecord }) => cpuMicrosPerRecord)],
        [`rate-${lane}`, points.map(({ recordsPerSecond }) => recordsPerSecond)],
      ] as const;
      for (const [figure, expected] of curves) {
        const marks = await marksOf(figure, `median.${lane}`);
        const most = largest(expected);
        expect(marks.length, figure).toBe(expected.length);
        marks.forEach(({ x, y }, index) => {
          // Tolerance: 1 % of the axis. Lanes are offset by three pixels.
          expect(Math.abs(y - (expected[index] ?? NaN)), `${figure} ${lane}`).toBeLessThan(most / 100);
          expect(Math.abs(x - (points[index]?.members ?? NaN))).toBeLessThan(0.1);
        });
      }
      const low = await marksOf('speed-up', `low.${lane}`);
      const high = await marksOf('speed-up', `high.${lane}`);
      points.forEach(({ intervals: { speedup } }, index) => {
        expect(low[index]?.y).toBeCloseTo(speedup.low, 1);
        expect(high[index]?.y).toBeCloseTo(speedup.high, 1);
      });
      const runs = report.runs.filter((run) => run.lane === lane && !run.warmUp);
      const rings = await marksOf(`rate-${lane}`, 'runs');
      const most = largest(runs.map(({ recordsPerSecond }) => recordsPerSecond));
      expect(rings.length).toBe(runs.length);
      rings.forEach(({ y }, index) => {
        expect(Math.abs(y - (runs[index]?.recordsPerSecond ?? NaN))).toBeLessThan(most / 100);
      });
    }
    await page.close();
  },
);

test('the tables hold the exact numbers of the report', async () => {
  const { page } = await browser.open(html, { widthPx: 360, colorScheme: 'light' });
  const tableOf = async (figure: string): Promise<readonly (readonly string[])[]> => page.evaluate(valuesOf, figure);
  expect((await tableOf('speed-up')).map((row) => row.slice(0, 5))).toEqual(
    report.scaling.map(({ lane, members, speedup, intervals }) =>
      [lane, members, speedup, intervals.speedup.low, intervals.speedup.high].map(String),
    ),
  );
  expect((await tableOf('run-by-run')).map((row) => row[4])).toEqual(
    report.runs.map(({ recordsPerSecond }) => String(recordsPerSecond)),
  );
  const shares = await tableOf('shares');
  for (const { lane, members } of report.scaling) {
    const rows = shares.filter(([kind]) => kind === `${lane} · ${members}`);
    const run = report.runs.findLast((entry) => entry.lane === lane && entry.members === members && !entry.warmUp);
    const byMember = [...rows].sort((a, b) => Number(a[1]) - Number(b[1]));
    expect(byMember.map((row) => row[3])).toEqual(run?.perMember.map(({ records }) => String(records)));
  }
  await page.close();
});
