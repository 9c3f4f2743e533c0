import type { Connection } from '../config/connection.ts';
import { topWords, type RankedWords } from '../count/top-words.ts';
import { ClusterError } from '../errors.ts';
import {
  readChangelog,
  type ChangelogPartition,
  type ReadChangelogOptions,
} from '../kafka/kafkajs/changelog-reader.ts';
import { requireComplete } from './changelog-counts.ts';
import { ChangelogTable, createChangelogSums } from './changelog-table.ts';

/** The most frequent words of a group, each partition as of its last commit. */
export interface RankedChangelog {
  readonly ranked: RankedWords;
  readonly partitions: readonly Omit<ChangelogPartition, 'counts'>[];
}

/**
 * Sums the counts of all partitions of a changelog, which may have more words than a Map.
 * @throws ClusterError input when the counts of a partition do not add up to its progress; limit when
 * a table is full; as readChangelog does
 */
export async function rankChangelog(
  connection: Connection,
  options: Omit<ReadChangelogOptions<ChangelogTable>, 'onPartition' | 'newCounts'> & { readonly top: number },
): Promise<RankedChangelog> {
  const { top, ...others } = options;
  const sums = createChangelogSums();
  const tables: ChangelogTable[] = [];
  const partitions: Omit<ChangelogPartition, 'counts'>[] = [];
  await readChangelog(connection, {
    ...others,
    newCounts: () => new ChangelogTable(sums),
    onPartition: ({ counts, ...partition }) => {
      requireComplete(options.topic, partition);
      partitions.push(partition);
      tables.push(counts);
    },
  });
  const ranked = topWords(
    tables.map(({ reader }) => reader),
    top,
  );
  if (ranked === undefined) throw new ClusterError('internal', 'a table of the changelog is being written');
  return { ranked, partitions };
}
