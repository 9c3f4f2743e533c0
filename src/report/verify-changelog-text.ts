import { counted, whole } from '../numbers.ts';
import type { ChangelogDifference } from '../verify/changelog-difference.ts';

export interface ChangelogOutcome {
  readonly topic: string;
  readonly groupId: string;
  readonly changelogTopic: string;
  /** Partitions with commits. */
  readonly partitions: number;
  readonly records: number;
  readonly words: number;
  readonly hasCommitted: boolean;
  readonly differences: readonly ChangelogDifference[];
  readonly differingWords: number;
}

/**
 * Result of `verify --changelog`: one line when the changelog, the committed offsets and the topic
 * agree, otherwise what differs.
 */
export function renderVerifyChangelog(outcome: ChangelogOutcome): string {
  const { topic, groupId, changelogTopic, differences, differingWords, hasCommitted } = outcome;
  const partitions = counted(outcome.partitions, 'partition');
  const found = `${counted(outcome.words, 'word')} in ${counted(outcome.records, 'record')} of ${topic}, ${partitions}`;
  const offsets = hasCommitted ? `, the committed offsets of group ${groupId}` : '';
  const note = hasCommitted ? [] : [`group ${groupId} has no committed offsets: they were not compared`];
  if (differences.length === 0)
    return [`equal: ${found}: ${changelogTopic}${offsets} and a recount agree`, ...note].join('\n');
  const differing = new Set(differences.map(({ partition }) => partition)).size;
  const listed = differences.filter(({ type }) => type === 'word').length;
  const more = differingWords > listed ? [`and ${counted(differingWords - listed, 'more word')}`] : [];
  const title = `different: ${counted(differing, 'partition')}, ${counted(differingWords, 'word')}; recounted ${found}`;
  return [title, ...differences.map((difference) => `  ${changelogDifferenceText(difference)}`), ...more, ...note].join(
    '\n',
  );
}

/** One line about a difference. */
export function changelogDifferenceText(difference: ChangelogDifference): string {
  const where = `partition ${difference.partition}`;
  switch (difference.type) {
    case 'word':
      return `${where}, ${JSON.stringify(difference.word)}: changelog ${whole(difference.changelog)}, topic ${whole(difference.topic)}`;
    case 'total':
      return `${where}, ${difference.name}: changelog ${text(difference.changelog)}, topic ${text(difference.topic)}`;
    case 'sum':
      return `${where}: the counts add up to ${whole(difference.counts)}, the word total in the progress is ${whole(difference.progress)}`;
    case 'committed':
      return `${where}, next offset: changelog ${text(difference.changelog)}, group ${text(difference.group)}`;
  }
}

/** Digests are printed as they are compared; offsets without separators, as other tools print them. */
function text(value: number | bigint | undefined): string {
  return value === undefined ? 'none' : String(value);
}
