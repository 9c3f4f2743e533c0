import { counted, whole } from '../numbers.ts';

/**
 * A word whose counts differ; has the same fields as CountDifference in workload/compare-counts.ts.
 */
interface Difference {
  readonly word: string;
  readonly count: number;
  readonly reference: number;
}

export interface VerifyOutcome {
  readonly topic: string;
  readonly records: number;
  readonly words: number;
  readonly distinctWords: number;
  readonly differing: number;
  readonly missing: readonly Difference[];
  readonly extra: readonly Difference[];
  readonly different: readonly Difference[];
}

/**
 * Result of `verify`: one line when all counts are equal, otherwise the differing words with both
 * counts.
 */
export function renderVerify(outcome: VerifyOutcome): string {
  const { topic, differing } = outcome;
  const found = `${counted(outcome.words, 'word')}, ${whole(outcome.distinctWords)} distinct, in ${counted(outcome.records, 'record')} of ${topic}`;
  if (differing === 0) return `equal: ${found}`;
  const sections = [
    section('in the topic, not in the file', outcome.missing),
    section('in the file, not in the topic (or listed twice)', outcome.extra),
    section('with different counts', outcome.different),
  ];
  const listed = outcome.missing.length + outcome.extra.length + outcome.different.length;
  const more = differing > listed ? [`and ${whole(differing - listed)} more`] : [];
  return [`different: ${counted(differing, 'word')}; recounted ${found}`, ...sections.flat(), ...more].join('\n');
}

function section(title: string, differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  const lines = differences.map(
    ({ word, count, reference }) => `  ${JSON.stringify(word)}: file ${whole(count)}, topic ${whole(reference)}`,
  );
  return [`${title}:`, ...lines];
}
