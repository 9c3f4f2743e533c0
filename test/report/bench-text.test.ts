import { expect, test } from 'vitest';
import { runLine } from '../../src/benchmark/run-line.ts';
import { renderBench } from '../../src/report/bench-text.ts';
import { sampleReport, sampleRun } from './sample-report.ts';

const plain = { colour: false };
const runs = [1, 2].flatMap((repetition) => [1, 2, 3, 4, 5].map((members) => sampleRun(members, repetition)));

test('renders the table of a lane', () => {
  expect(renderBench(sampleReport(runs), plain)).toMatchInlineSnapshot(`
    "verified: 10 of 10 runs, every word

    Sample CPU, 2 cores, 23.4 GiB, Linux 6.1.0 x64, Node 20.20.2, Confluent client 1.10.1, librdkafka 2.15.1
    2 managed brokers, Apache Kafka 4.3.1; topic bench-1, 4 partitions, Moby-Dick; reference: the generated text

    work: 20,000 records, each served for 100 µs; medians of 2 runs
    members  records/s           range  words/s  MiB/s  speed-up              ideal 4x  efficiency  CPU µs/rec  join ms  partitions
          1        999    999 to 1,000   11,991    0.1      1.00  █████                      100 %        2.50      201  {0,1,2,3}
          2      1,997  1,996 to 1,998   23,964    0.1      2.00  ██████████                 100 %        2.50      202  {0,2} {1,3}
          3      1,997  1,996 to 1,998   23,964    0.1      2.00  ██████████·····             67 %        2.50      203  {0,3} {1} {2}
          4      3,988  3,984 to 3,992   47,856    0.3      3.99  ████████████████████       100 %        2.50      204  {0} {1} {2} {3}
          5      3,988  3,984 to 3,992   47,856    0.3      3.99  ████████████████████       100 %        2.50      205  {0} {1} {2} {3} -
    range: minimum and maximum of 2 runs, which are too few for an interval: pass --repetitions 6
    3 members share 4 partitions 2+1+1: those with 2 finish last, so the speed-up is at most 2.00
    a partition has one owner: members beyond 4 are standbys (-) and add no throughput
    limited by service time (1 to 3: 100 %), partitions (4 to 5: 100 %)
    Universal Scalability Law: not fitted (3 different loads, at least 4 needed): 4 partitions allow at most 3 different loads; pass --partitions 12 --members 1,2,3,4,6"
  `);
});

test('starts with wrong counts, partial results and unsuitable clusters', () => {
  const wrong = sampleRun(4, 1, { verified: false, differences: ["'whale': 3 counted, 4 expected"] });
  const report = sampleReport([sampleRun(1, 0, { warmUp: true }), wrong]);
  const text = renderBench(
    {
      ...report,
      status: 'interrupted',
      environment: { ...report.environment, brokerSource: 'mock' },
      verdict: { verified: false, runsVerified: 1, runs: 2, runsPlanned: 11 },
    },
    plain,
  );
  expect(text.split('\n').slice(0, 3)).toEqual([
    'NOT VERIFIED: wrong counts in 1 of 2 runs',
    'partial: interrupted after 2 of 11 runs',
    'mock cluster: not suitable for benchmarking',
  ]);
  expect(text).toContain(
    "work, 4 members, repetition 1: counts differ from the reference\n  'whale': 3 counted, 4 expected",
  );
});

test('reports a rebalance during the measurement', () => {
  const disturbed = sampleRun(2, 1, { rebalances: 4 });
  expect(runLine('work, 2 members', disturbed)).toContain(
    'joined in 202 ms, 4 rebalances during the run, all counts correct',
  );
  expect(renderBench(sampleReport([disturbed]), plain)).toContain('\n\n1 run had a rebalance during the measurement');
});

test('shows no spread for one repetition', () => {
  expect(renderBench(sampleReport([sampleRun(1, 1)]), plain)).not.toContain('± is');
});

test('colour adds escape sequences but does not change the text', () => {
  const coloured = renderBench(sampleReport(runs), { colour: true });
  expect(coloured).toContain('\u001b[32m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderBench(sampleReport(runs), plain));
});

test('renders a run in one line', () => {
  expect(runLine('work, 1 member', sampleRun(1, 0, { warmUp: true }))).toMatchInlineSnapshot(
    `"work, 1 member (warm-up): 1,000 records/s in 20,000 ms, joined in 201 ms, all counts correct"`,
  );
  expect(runLine('work, 2 members', sampleRun(2, 1, { verified: false }))).toMatchInlineSnapshot(
    `"work, 2 members: 1,998 records/s in 10,010 ms, joined in 202 ms, COUNTED WRONG"`,
  );
});
