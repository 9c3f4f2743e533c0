import { expect, test } from 'vitest';
import { costRows, renderCostRows } from '../../bench/durable-costs/cost-rows.ts';

type Runs = Parameters<typeof costRows>[0]['runs'];

function run(
  wordsPerSecond: number,
  commitIntervalMs?: number,
  others: { warmUp?: boolean; verified?: boolean } = {},
): Runs[number] {
  const isDurable = commitIntervalMs !== undefined;
  const changelog = { transactions: 6, records: 500, bytes: 12_000 };
  return {
    variant: isDurable ? { durable: { commitIntervalMs } } : {},
    report: {
      warmUp: false,
      verified: true,
      wordsPerSecond,
      records: 1_000,
      ...(isDurable ? { changelog } : {}),
      ...others,
    },
  };
}

test('rates of durable runs are relative to the best run in memory, warm-ups and wrong runs excluded', () => {
  const runs = [
    ...[run(900, undefined, { warmUp: true }), run(400), run(500), run(300, 1_000), run(350, 1_000)],
    ...[run(200, 100), run(499, 100, { verified: false })],
  ];
  const rows = costRows({ vocabulary: 10_000, distinctWords: 9_000, runs });
  expect(
    rows.map(({ commitIntervalMs, inMemory, durable, ratio }) => [commitIntervalMs, inMemory, durable, ratio]),
  ).toEqual([
    [100, 500, 200, 0.4],
    [1_000, 500, 350, 0.7],
  ]);
  expect(renderCostRows(rows).split('\n')).toEqual([
    '| commit interval | vocabulary | distinct words | words/s in memory | words/s durable | ratio | transactions | changelog records per record | changelog bytes per record |',
    '| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| 0.1 s | 10,000 | 9,000 | 500 | 200 | 0.40 | 6 | 0.500 | 12.0 |',
    '| 1 s | 10,000 | 9,000 | 500 | 350 | 0.70 | 6 | 0.500 | 12.0 |',
  ]);
});

test('an interval without an exact run has no row', () => {
  expect(costRows({ vocabulary: 1, distinctWords: 1, runs: [run(5), run(4, 1_000, { verified: false })] })).toEqual([]);
});
