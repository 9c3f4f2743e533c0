import { producerProperties } from '../../../config/producer-properties.ts';
import { ClusterError } from '../../../errors.ts';
import { BatchProducer } from '../../../kafka/native/producer.ts';
import { slicesOf } from '../../../kafka/native/slices.ts';
import { nowMs } from '../../../time/clock.ts';
import { sleep } from '../../../time/sleep.ts';
import type { FaultWorld } from '../fault-world.ts';

const timeoutMs = 20_000;
const retryMs = 100;

/**
 * Produces records with a separate client, which learns of new partitions immediately; the feed's
 * client does not.
 */
export async function produceOwn(
  { connection, topic }: FaultWorld,
  records: readonly { readonly partition: number; readonly value: Buffer; readonly count: number }[],
): Promise<void> {
  const producer = new BatchProducer({
    connection,
    clientId: `consumer-cluster-fault-${topic}`,
    properties: producerProperties({ compression: 'none', keyed: false }),
  });
  try {
    await producer.connect(timeoutMs);
    for (const { partition, value, count } of records) {
      const values = slicesOf(Array.from({ length: count }, () => value));
      await onceKnown(() => producer.produce({ topic, partition, count, values }));
    }
    await producer.flush(timeoutMs);
  } finally {
    producer.close();
  }
}

/**
 * Retries until the broker that this client asks has learned of the change: brokers learn of a
 * change one after the other.
 */
async function onceKnown(action: () => Promise<void>): Promise<void> {
  const deadlineMs = nowMs() + timeoutMs;
  for (;;) {
    try {
      await action();
      return;
    } catch (error) {
      const isNew = error instanceof ClusterError && error.code === 'topicUnavailable';
      if (!isNew || nowMs() > deadlineMs) throw error;
    }
    await sleep(retryMs);
  }
}
