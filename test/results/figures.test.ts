import { expect, test } from 'vitest';
import { badFigure } from '../../src/results/figures.ts';
import { renderReportJson } from '../../src/report/report-json.ts';

test.each([
  [{ runs: [{ rate: 1 }, { rate: NaN }] }, 'runs[1].rate: NaN'],
  [{ a: { b: [0, Infinity] } }, 'a.b[1]: Infinity'],
  [{ a: 0, durationMs: -1_949_026 }, 'durationMs: -1949026'],
  [{ a: [1, null, 'NaN'], b: undefined }, undefined],
])('locates the bad figure, if any, in %j', (value, expected) => {
  expect(badFigure(value, { negativeAllowed: false })).toBe(expected);
});

test('writes negative differences and rejects figures that are not finite', () => {
  expect(renderReportJson({ change: -0.5 })).toContain('-0.5');
  expect(() => renderReportJson({ runs: [{ recordsPerSecond: 0 / 0 }] })).toThrow(
    'runs[0].recordsPerSecond: NaN is not a finite number, so it cannot be reported',
  );
});
