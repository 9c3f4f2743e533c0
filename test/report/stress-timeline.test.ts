import { expect, test } from 'vitest';
import { renderTimeline } from '../../src/report/stress-timeline.ts';

test('draws each fault below the marks of its time', () => {
  const text = renderTimeline({
    sliceMs: 500,
    records: [100, 200, 0, 50],
    faults: [
      { kind: 'crash', target: 'member 1', beganAtMs: 600, endedAtMs: 600 },
      { kind: 'stall', target: 'member 2', beganAtMs: 0, endedAtMs: 1_600 },
    ],
  });
  expect(text.split('\n')).toEqual([
    'records counted, 0.5 s per mark, █ is 400 per second',
    '▄█ ▂',
    '└──┘ stall: member 2',
    ' ╵ crash: member 1',
  ]);
});
