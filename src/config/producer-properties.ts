import type { ClientProperties } from './consumer-properties.ts';

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Longest time until a record is delivered, which allows for a failover of the brokers. */
export const deliveryTimeoutMs = 120_000;

/**
 * Settings of the producer that fills topics, as librdkafka's properties. The user's properties
 * override these.
 * @param options.keyed - partitions follow from the keys, as Java's client would choose them
 */
export function producerProperties(options: {
  readonly compression: Compression;
  readonly keyed: boolean;
}): ClientProperties {
  return {
    // Every record arrives once and in order, or its delivery report contains an error.
    'enable.idempotence': true,
    acks: 'all',
    'delivery.timeout.ms': deliveryTimeoutMs,
    'compression.type': options.compression,
    ...(options.keyed ? { partitioner: 'murmur2_random' } : {}),
    // Full batches reduce the broker's work, which depends on the number of batches.
    'linger.ms': 20,
    'batch.num.messages': 50_000,
    // The broker and the topic limit the size of a record and of a batch, not the client.
    'message.max.bytes': 64 * 1_048_576,
    // Limits of the client's queue; when it is full, the producer waits.
    'queue.buffering.max.messages': 500_000,
    'queue.buffering.max.kbytes': 128 * 1_024,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1_000,
    'topic.metadata.refresh.interval.ms': 5_000,
  };
}

/**
 * Settings of the producer that keeps a schedule: records are sent at once instead of waiting for
 * full batches.
 */
export function latencyProducerProperties(): ClientProperties {
  return { ...producerProperties({ compression: 'none', keyed: false }), 'linger.ms': 0 };
}
