import type { Supervisor } from '../cluster/supervisor.ts';
import type { CheckResult } from '../verify/check.ts';
import { compareCounts } from '../workload/compare-counts.ts';
import type { Tokenizer } from '../workload/naive-count.ts';
import type { WeightedFeed } from '../workload/weighted-feed.ts';
import { expectedCounts } from './expected-counts.ts';

/** Every word of the product against what the generator knows it has produced. */
export async function checkCounts(run: {
  readonly supervisor: Supervisor;
  readonly feed: WeightedFeed;
  readonly tokenizer: Tokenizer;
}): Promise<CheckResult[]> {
  const { supervisor, feed, tokenizer } = run;
  const expected = await expectedCounts(feed, tokenizer);
  const comparison = compareCounts(supervisor.counts() ?? [], expected, 5);
  const lines = [...comparison.missing, ...comparison.extra, ...comparison.different].map(
    ({ word, count, reference }) => `${JSON.stringify(word.slice(0, 40))}: ${count} counted, ${reference} expected`,
  );
  return [
    {
      id: 'V4',
      name: 'exactly once',
      definition: 'every word is counted as often as it was produced',
      violations: lines.map((message) => ({ message, tickets: [] })),
      violationsTotal: comparison.differing,
      around: [],
    },
  ];
}
