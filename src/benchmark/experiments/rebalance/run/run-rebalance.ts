import { traitsOf } from '../../../../brokers/kafka-version.ts';
import { createTopic } from '../../../../kafka/kafkajs/create-topic.ts';
import { groupOf } from '../../../bench-settings.ts';
import { fedWorkload, type ExperimentContext, type ExperimentMade } from '../../../experiment-context.ts';
import { rebalanceProtocols, type RebalanceProtocol, type RebalanceReport } from '../rebalance-schema.ts';
import { runRebalanceLane } from './rebalance-lane.ts';

/** Measures membership changes of a group while a steady feed produces to a separate topic. */
export async function run(context: ExperimentContext): Promise<ExperimentMade<RebalanceReport>> {
  const { config, workload, brokers, topic, progress } = context;
  const { connection } = brokers;
  const { partitions, replicationFactor, repetitions, rate: ratePerSecond, timeout: timeoutMs } = config;
  await createTopic({ connection, topic, partitions, replicationFactor, timeoutMs });
  const group = groupOf(config, connection.source);
  const protocols = possibleProtocols(context);
  const {
    report: section,
    records,
    words,
    ...made
  } = await runRebalanceLane(
    { connection, topic, partitions, workload, group, protocols, repetitions, ratePerSecond, timeoutMs },
    progress,
  );
  return { ...made, section, workload: fedWorkload(context, { records, words }) };
}

/** The rebalance protocols that the brokers' Kafka version supports. */
function possibleProtocols({ brokers: { kafka }, progress }: ExperimentContext): readonly RebalanceProtocol[] {
  if (kafka === undefined || traitsOf(kafka.version).groupProtocols.consumer) return rebalanceProtocols;
  progress.log(`rebalance, without protocol consumer: Kafka ${kafka.version} does not support it`);
  return rebalanceProtocols.filter((name) => name !== 'consumer');
}
