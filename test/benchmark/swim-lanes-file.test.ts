import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderSwimLanesFile } from '../../src/benchmark/experiments/rebalance/figures/swim-lanes-file.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const row = fc
  .record({
    partition: fc.nat(5),
    member: fc.nat(12),
    fromMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    lengthMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    kind: fc.constantFrom('owned' as const, 'gap' as const),
  })
  .map(({ lengthMs, ...others }) => ({ ...others, protocol: 'range' as const, toMs: others.fromMs + lengthMs }));

test(`draws a bar for each row, and only finite numbers (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const svg = renderSwimLanesFile({ timeline: rows, marks: [] });
      const gaps = rows.filter(({ kind }) => kind === 'gap').length;
      expect(svg.match(/<title>partition \d+, gap, /g) ?? []).toHaveLength(gaps);
      expect(svg.match(/<title>partition \d+, member /g) ?? []).toHaveLength(rows.length - gaps);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { seed, numRuns: 200 },
  );
});
