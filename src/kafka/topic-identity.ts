import { ClusterError } from '../errors.ts';
import type { LeaderlessPartition } from './no-leader.ts';

/**
 * Distinguishes a topic from another one of the same name: Kafka assigns a new id at each creation.
 */
export interface TopicIdentity {
  /** 32 hexadecimal digits; undefined from brokers that do not report ids (before Kafka 3.0). */
  readonly topicId: string | undefined;
  readonly partitions: number;
  readonly leaderless: readonly LeaderlessPartition[];
}

/** Error for a topic that has the name of the counted one and another id. */
export function topicReplaced(topic: string): ClusterError {
  const message = `topic '${topic}' was deleted and recreated; its records are not the ones counted before`;
  return new ClusterError('topicUnavailable', message, { hint: 'start the count again' });
}
