import type { Admin } from 'kafkajs';
import { toClusterError } from '../../errors.ts';
import { nowMs } from '../../time/clock.ts';
import { finalError, rootError } from './errors.ts';
import { PassingError } from './retried.ts';

/** A broker whose heartbeats came late counts as down, on managed brokers for about a second. */
const fencedMsMax = 3_000;

export interface TopicRequest {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** The topic's own settings, such as `retention.ms`. */
  readonly config?: Readonly<Record<string, string>>;
}

/**
 * The request that creates a topic, for `retried`.
 * @param timeoutMs - after which the broker responds although not all brokers know the topic
 * @returns resolves with false when the topic existed before the first attempt
 */
export function topicRequest(
  admin: Pick<Admin, 'createTopics'>,
  { topic, partitions, replicationFactor, config = {} }: TopicRequest,
  timeoutMs: number,
): () => Promise<boolean> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const sinceMs = nowMs();
  let attempts = 0;
  return async () => {
    attempts += 1;
    try {
      const created = await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }],
        timeout: timeoutMs,
        waitForLeaders: false,
      });
      // An attempt whose response was lost may have created it.
      return created || attempts > 1;
    } catch (error) {
      if (rootError(error).type !== 'INVALID_REPLICATION_FACTOR' || nowMs() - sinceMs >= fencedMsMax) throw error;
      throw new PassingError(finalError(error, topic, new Map()) ?? toClusterError(error));
    }
  };
}
