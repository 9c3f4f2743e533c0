import type { BenchTopic } from './bench-topic.ts';
import { existingTopic } from './existing-topic.ts';
import type { ExperimentContext } from './experiment-context.ts';
import { makeTopic, recordsToFill } from './make-topic.ts';

/**
 * The topic of an experiment: an existing one with `--topic`, otherwise a new one, filled as the
 * options say.
 * @param serviceTimesUs - see MakeTopicOptions
 * @throws ClusterError of existingTopic and makeTopic; the signal's reason
 */
export function fillTopic(
  { config, workload, brokers, topic, progress }: ExperimentContext,
  serviceTimesUs: readonly number[],
): Promise<BenchTopic> {
  const { connection } = brokers;
  const { tokenizer, timeout: timeoutMs, partitions, replicationFactor } = config;
  const common = { connection, topic, serviceTimesUs, tokenizer, timeoutMs };
  if (config.topic !== undefined) return existingTopic(common, progress);
  const records = recordsToFill(config.numRecords, { workload, connection });
  return makeTopic({ ...common, partitions, replicationFactor, workload, records }, progress);
}
