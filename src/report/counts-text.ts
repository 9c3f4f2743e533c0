import type { WordCount } from '../count/top-words.ts';
import { largest } from '../statistics/extremes.ts';
import { counted, whole } from '../numbers.ts';

/** Offsets [begin, end) of a partition, and the number of records counted in this range. */
export interface CountedRange {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
  readonly records: number;
}

/** Facts about a finished count, printed with its words. */
export interface CountSummary {
  readonly topic: string;
  /** Kafka's topic id, when it is known. */
  readonly topicId?: string;
  readonly ranges: readonly CountedRange[];
  readonly partitions: number;
  readonly records: number;
  readonly words: number;
  readonly distinctWords: number;
  /** Number of printed words, if there are more; see topOf. */
  readonly top?: number;
}

/** Pure: the field `top` of the summary, only if --top has cut words off. */
export function topOf(top: number, distinctWords: number): Pick<CountSummary, 'top'> {
  return top < distinctWords ? { top } : {};
}

/**
 * Renders tab-separated values: first a comment line that describes what was counted, for `verify`,
 * then one line per word in the given order. Words contain neither white space nor `#`, so no
 * escaping is necessary.
 */
export function* renderTsv(
  { topic, topicId, top, ranges }: CountSummary,
  words: Iterable<WordCount>,
): Generator<string> {
  yield `# ${JSON.stringify({ topic, topicId, top, ranges })}\n`;
  for (const { word, count } of words) yield `${word}\t${count}\n`;
}

/** Renders one JSON object: the summary, and `counts` as [word, count] pairs in the given order. */
export function* renderJson(summary: CountSummary, words: Iterable<WordCount>): Generator<string> {
  yield `${JSON.stringify(summary).slice(0, -1)},"counts":[`;
  let separator = '\n';
  for (const { word, count } of words) {
    yield `${separator}${JSON.stringify([word, count])}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Renders the words as a table, and below it the totals. */
export function* renderTable(summary: CountSummary, ranked: Iterable<WordCount>): Generator<string> {
  const words = [...ranked];
  const width = largest([4, ...words.map(({ word }) => word.length)]);
  const digits = largest([5, ...words.map(({ count }) => whole(count).length)]);
  yield `${'word'.padEnd(width)}  ${'count'.padStart(digits)}  share\n`;
  for (const { word, count } of words) {
    const share = ((100 * count) / Math.max(1, summary.words)).toFixed(2);
    yield `${word.padEnd(width)}  ${whole(count).padStart(digits)}  ${share.padStart(4)} %\n`;
  }
  const { topic, partitions, records, distinctWords } = summary;
  yield `${counted(summary.words, 'word')}, ${whole(distinctWords)} distinct, in ${counted(records, 'record')} of ${topic} (${counted(partitions, 'partition')})\n`;
}
