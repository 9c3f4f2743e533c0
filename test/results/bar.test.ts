import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderBar } from '../../src/results/bar.ts';

test('draws a solid bar up to the value and dots up to the ideal', () => {
  const bar = (value: number, ideal: number): string => renderBar({ value, ideal, full: 4, width: 16 });
  expect([bar(1, 1), bar(1.9, 2), bar(2, 3), bar(3.97, 4), bar(0, 4), bar(9, 4)]).toMatchInlineSnapshot(`
    [
      "████            ",
      "███████▋        ",
      "████████····    ",
      "███████████████▉",
      "················",
      "████████████████",
    ]
  `);
});

test('has the given width and grows with the value', () => {
  const length = fc.double({ min: 0, max: 8, noNaN: true });
  fc.assert(
    fc.property(length, length, length, (one, other, ideal) => {
      const [low, high] = [one, other]
        .sort((a, b) => a - b)
        .map((value) => renderBar({ value, ideal, full: 4, width: 10 }));
      expect(low).toHaveLength(10);
      expect(solid(low ?? '')).toBeLessThanOrEqual(solid(high ?? ''));
    }),
  );
});

/** Filled eighths: block elements range from U+2588 (a full cell) to U+258F (one eighth). */
function solid(bar: string): number {
  return Array.from(bar).reduce((sum, cell) => {
    const code = cell.codePointAt(0) ?? 0;
    return sum + (code >= 0x2588 && code <= 0x258f ? 0x2590 - code : 0);
  }, 0);
}
