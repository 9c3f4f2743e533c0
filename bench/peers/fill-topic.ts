import type { CommandContext } from '../../src/commands/context.ts';
import { createTopic, type NewTopic } from '../../src/kafka/kafkajs/create-topic.ts';
import { produceToTopic } from '../../src/workload/produce-to-topic.ts';
import { referenceCounts } from '../../src/workload/reference-counts.ts';
import type { Workload } from '../../src/workload/workload.ts';
import type { PeerTopic } from './peer.ts';

/** Creates and fills a topic, and computes its expected counts. */
export async function fillTopic(
  options: Omit<NewTopic, 'replicationFactor'> & { readonly workload: Workload; readonly records: number },
  { signal, log }: Pick<CommandContext, 'signal' | 'log'>,
): Promise<PeerTopic> {
  const { topic, partitions, workload, records } = options;
  await createTopic({ ...options, replicationFactor: undefined });
  const [produced, reference] = await Promise.all([
    produceToTopic({ ...options, signal }),
    referenceCounts(workload, { records, tokenizer: 'unicode', signal }),
  ]);
  signal.throwIfAborted();
  log(`filled ${topic}: ${records.toLocaleString('en-US')} records in ${(produced.durationMs / 1_000).toFixed(1)} s`);
  return {
    topic,
    workload,
    endOffsets: Array.from({ length: partitions }, (_, partition) => Math.ceil((records - partition) / partitions)),
    records,
    bytes: produced.bytes,
    words: reference.words,
    counts: reference.counts,
  };
}
