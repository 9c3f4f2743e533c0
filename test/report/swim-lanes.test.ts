import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderSwimLanes, type SwimLanes } from '../../src/report/swim-lanes.ts';

const seed = Number(process.env['TEST_SEED'] ?? 1);
const protocol = 'range' as const;
const row = fc
  .record({
    partition: fc.nat(5),
    member: fc.nat(12),
    fromMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    lengthMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    kind: fc.constantFrom('owned' as const, 'gap' as const),
  })
  .map(({ lengthMs, ...others }) => ({ ...others, protocol, toMs: others.fromMs + lengthMs }));

function rectangles(svg: string): { x: number; width: number; kind: string }[] {
  const bars = svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*data-kind="(\w+)"/g);
  return [...bars].map(([, x, width, kind]) => ({ x: Number(x), width: Number(width), kind: kind ?? '' }));
}

test(`every row is a bar within the picture, and nothing in it is no number (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const svg = renderSwimLanes([{ title: 'range', rows, marks: [] }]);
      const bars = rectangles(svg);
      expect(bars).toHaveLength(rows.length);
      for (const kind of ['owned', 'gap']) {
        expect(bars.filter((bar) => bar.kind === kind)).toHaveLength(rows.filter((one) => one.kind === kind).length);
      }
      for (const { x, width } of bars) {
        expect(x).toBeGreaterThanOrEqual(92);
        expect(x + width).toBeLessThanOrEqual(960);
      }
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { seed, numRuns: 200 },
  );
});

test('it has a title and a description for those who do not see it, and follows the colour scheme', () => {
  const panel: SwimLanes = {
    title: 'cooperative-sticky',
    rows: [
      { protocol, partition: 0, member: 1, fromMs: 0, toMs: 1_000, kind: 'owned' },
      { protocol, partition: 0, member: 2, fromMs: 900, toMs: 1_234, kind: 'gap' },
    ],
    marks: [{ protocol, atMs: 900, cause: 'join', text: 'join, 1 to 2 members' }],
  };
  const svg = renderSwimLanes([panel]);
  expect(svg).toMatch(/role="img" aria-labelledby="lanes-title lanes-desc"/);
  expect(svg).toContain(
    '<desc id="lanes-desc">cooperative-sticky: 1 partitions, 1 changes of the members, 1 times a partition stood still, 334 ms at the longest.</desc>',
  );
  expect(svg).toContain('join, 1 to 2 members');
  expect(svg).toContain('prefers-color-scheme: dark');
});

test('text is text, never markup', () => {
  const rows = [{ protocol, partition: 0, member: 1, fromMs: 0, toMs: 9, kind: 'owned' as const }];
  const text = '<script>"&';
  const svg = renderSwimLanes([{ title: text, rows, marks: [{ protocol, atMs: 1, cause: 'join', text }] }]);
  expect(svg).not.toContain('<script');
  expect(svg.match(/&lt;script&gt;&quot;&amp;/g)).toHaveLength(3);
});
