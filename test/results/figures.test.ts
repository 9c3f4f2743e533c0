import { expect, test } from 'vitest';
import { badFigure } from '../../src/results/figures.ts';
import { renderReportJson } from '../../src/report/report-json.ts';

test.each([
  [{ runs: [{ rate: 1 }, { rate: NaN }] }, 'runs[1].rate: NaN'],
  [{ a: { b: [0, Infinity] } }, 'a.b[1]: Infinity'],
  [{ a: 0, durationMs: -1_949_026 }, 'durationMs: -1949026'],
  [{ a: [1, null, 'NaN'], b: undefined }, undefined],
])('%j', (value, expected) => {
  expect(badFigure(value, { negativeAllowed: false })).toBe(expected);
});

test('a difference may be negative, a figure that is no number is never written', () => {
  expect(renderReportJson({ change: -0.5 })).toContain('-0.5');
  expect(() => renderReportJson({ runs: [{ recordsPerSecond: 0 / 0 }] })).toThrow(
    'runs[0].recordsPerSecond: NaN is not a finite number, so it cannot be reported',
  );
});
