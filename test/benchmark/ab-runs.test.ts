import { expect, test } from 'vitest';
import { mediansOf } from '../../src/benchmark/experiments/ab/run/ab-runs.ts';

const run = (lane: 'drain' | 'work', members: number, recordsPerSecond: number, cpuMicrosPerRecord: number) => ({
  ...{ lane, members, recordsPerSecond, cpuMicrosPerRecord },
  ...{ warmUp: false, verified: true },
});

test('each lane and number of members yields one sample: the median of its runs', () => {
  const runs = [
    run('drain', 1, 100, 1.5),
    run('drain', 4, 300, 1),
    run('drain', 1, 900, 1.1),
    run('drain', 4, 200, 3),
    run('drain', 1, 120, 1.3),
    run('work', 1, 7, 9),
  ];
  expect(mediansOf(runs)).toEqual([
    { lane: 'drain', members: 1, recordsPerSecond: 120, cpuMicrosPerRecord: 1.3 },
    { lane: 'drain', members: 4, recordsPerSecond: 250, cpuMicrosPerRecord: 2 },
    { lane: 'work', members: 1, recordsPerSecond: 7, cpuMicrosPerRecord: 9 },
  ]);
});
