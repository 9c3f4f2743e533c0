import { expect, test } from 'vitest';
import { renderLiveView } from '../../src/report/live-view.ts';

test('shows the partitions of each member, lag, rates and top words', () => {
  const view = renderLiveView({
    elapsedMs: 65_400,
    produced: 325_000,
    producedPerSecond: 5_000,
    groups: [
      {
        name: 'A',
        records: 324_990,
        recordsPerSecond: 5_001.4,
        lag: 10,
        refused: 2,
        topWords: [
          { word: 'the', count: 23_456 },
          { word: 'of', count: 9_000 },
        ],
        members: [
          { memberId: 0, phase: 'crashed', partitions: [], recordsPerSecond: 0 },
          { memberId: 1, phase: 'assigned', partitions: [3, 0], recordsPerSecond: 5_001.4 },
          { memberId: 2, phase: 'standby', partitions: [], recordsPerSecond: 0 },
          { memberId: 3, phase: 'left', partitions: [], recordsPerSecond: 0 },
        ],
      },
    ],
  });
  expect(view).toMatchInlineSnapshot(`
    "1:05  topic: 325,000 records, 5,000/s in
      A: 324,990 counted, 5,001/s, lag 10, 2 late writes refused
         A0 crashed · A1 {0,3} 5,001/s · A2 standby
         top: the 23,456, of 9,000"
  `);
});
