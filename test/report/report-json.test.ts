import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderReportJson } from '../../src/report/report-json.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);

test(`writes JSON that parses to the given value (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(renderReportJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed },
  );
});

test('writes a list of numbers on one line and leaves strings unchanged', () => {
  const value = { text: '[\n  1,\n  2\n]', series: [[1, -2.5, 3e-7], []], words: ['1', '2'] };
  const text = renderReportJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('    [1, -2.5, 3e-7],\n');
});
