import { expect, test } from 'vitest';
import { renderTimeline } from '../../src/report/stress-timeline.ts';

test('draws each fault below the marks of its time', () => {
  const text = renderTimeline({
    sliceMs: 500,
    records: [100, 200, 0, 50],
    faults: [
      { kind: 'crash', target: 'member 1', beginMs: 600, endMs: 600 },
      { kind: 'stall', target: 'member 2', beginMs: 0, endMs: 1_600 },
    ],
  });
  expect(text.split('\n')).toEqual([
    'records counted, 0.5 s per mark, █ is 400 per second',
    '▄█ ▂',
    '└──┘ stall: member 2',
    ' ╵ crash: member 1',
  ]);
});
