import { expect, test } from 'vitest';
import { renderFollowEnd, renderFollowLine, renderFollowView } from '../../src/report/follow-view.ts';
import type { FollowView } from '../../src/results/live-state.ts';

const view: FollowView = {
  topic: 'books',
  elapsedMs: 3_665_400,
  records: 324_990,
  recordsPerSecond: 5_001.4,
  lag: 1_010,
  refused: 0,
  topWords: [
    { word: 'the', count: 23_456 },
    { word: '𝒲'.repeat(25), count: 9_000 },
    { word: '𝒲'.repeat(24), count: 8_000 },
  ],
  members: [
    { memberId: 0, phase: 'crashed', partitions: [], recordsPerSecond: 0 },
    { memberId: 1, phase: 'assigned', partitions: [3, 0], recordsPerSecond: 5_001.4 },
    { memberId: 2, phase: 'standby', partitions: [], recordsPerSecond: 0 },
    { memberId: 3, phase: 'left', partitions: [], recordsPerSecond: 0 },
  ],
};

test('the view of a terminal shows totals, live members and top words; long words are cut', () => {
  expect(renderFollowView(view)).toBe(
    [
      '1:01:05  books: 324,990 records counted, 5,001/s, lag 1,010',
      '  members: 1 {0,3} 5,001/s · 2 standby',
      `  top: the 23,456, ${'𝒲'.repeat(24)}… 9,000, ${'𝒲'.repeat(24)} 8,000`,
    ].join('\n'),
  );
});

test('members with partitions come first, others are summed up, and the view always has three lines', () => {
  const members = Array.from({ length: 64 }, (_, memberId) => {
    if (memberId < 3) return { memberId, phase: 'standby', partitions: [], recordsPerSecond: 0 };
    return { memberId, phase: 'assigned', partitions: [memberId, 100], recordsPerSecond: 0 };
  });
  const [, line, ...others] = renderFollowView({ ...view, members, topWords: undefined }).split('\n');
  expect(line).toMatch(/^ {2}members: 3 \{3,100\} 0\/s · .* · 10 \{10,100\} 0\/s · 56 more$/);
  expect(others).toEqual(['  top: not shown, too many distinct words']);
  expect(renderFollowView({ ...view, topWords: [] }).split('\n')).toHaveLength(3);
});

test('the lines of a log name the lag, also when it is unknown', () => {
  const unknown = { ...view, elapsedMs: 65_000, lag: undefined, refused: 2, topWords: undefined };
  expect(renderFollowLine(unknown)).toBe(
    '1:05  books: 324,990 records counted, 5,001/s, lag unknown, 2 late writes refused',
  );
  expect(renderFollowEnd(unknown)).toBe('books: 324,990 records counted in 1:05, lag unknown');
});
