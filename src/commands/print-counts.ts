import type { Supervisor } from '../cluster/supervisor.ts';
import { ClusterError } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { type Output } from '../output/output.ts';
import { renderJson, renderTable, renderTsv, topOf } from '../report/counts-text.ts';

/** Default of --top with --format table. */
export const tableRows = 20;

/** How words are printed, by --format; `top` is the default of --top. */
export const countsFormats = {
  table: { render: renderTable, top: tableRows },
  tsv: { render: renderTsv, top: Infinity },
  json: { render: renderJson, top: Infinity },
} as const;

/** The flags of `counts` that decide how words are printed. */
interface PrintFlags {
  readonly format: keyof typeof countsFormats;
  readonly top?: number;
}

/**
 * Prints the counted words and the range of offsets that they come from. Call it when all members
 * have left.
 */
export async function printCounts(
  supervisor: Supervisor,
  range: TopicRange,
  flags: PrintFlags,
  output: Output | undefined,
): Promise<void> {
  const { records, words, partitions } = supervisor.snapshot();
  const { render, top: topByDefault } = countsFormats[flags.format];
  const top = flags.top ?? topByDefault;
  const ranked = supervisor.rankedWords(top);
  if (ranked === undefined)
    throw new ClusterError('internal', 'a table is still being written after all members have left');
  const { distinct, entries } = ranked;
  const { topic, topicId, beginOffsets, endOffsets } = range;
  const ranges = endOffsets.map((end, partition) => ({
    ...{ partition, begin: beginOffsets[partition] ?? 0, end },
    records: partitions[partition]?.records ?? 0,
  }));
  const facts = { topic, ...(topicId === undefined ? {} : { topicId }), partitions: endOffsets.length };
  const summary = { ...facts, records, words, distinctWords: distinct, ...topOf(top, distinct), ranges };
  await output?.write(() => render(summary, entries));
}
