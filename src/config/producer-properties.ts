import type { ClientProperties } from './consumer-properties.ts';

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** How long a record may take to arrive, with brokers failing over meanwhile. */
export const deliveryTimeoutMs = 120_000;

/**
 * Settings of the producer that fills topics, as librdkafka's properties. The user's own are laid over these.
 * @param options.keyed - partitions follow from the keys, as Java's client would choose them
 */
export function producerProperties(options: {
  readonly compression: Compression;
  readonly keyed: boolean;
}): ClientProperties {
  return {
    // Every record arrives once and in order, or its delivery report says that it did not.
    'enable.idempotence': true,
    acks: 'all',
    'delivery.timeout.ms': deliveryTimeoutMs,
    'compression.type': options.compression,
    ...(options.keyed ? { partitioner: 'murmur2_random' } : {}),
    // Full batches: the broker's work is by the batch.
    'linger.ms': 20,
    'batch.num.messages': 50_000,
    // The broker and the topic say how large a record may be, not the client.
    'message.max.bytes': 64 * 1_048_576,
    // What may wait here; a full queue makes us wait.
    'queue.buffering.max.messages': 500_000,
    'queue.buffering.max.kbytes': 128 * 1_024,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 1_000,
    'topic.metadata.refresh.interval.ms': 5_000,
  };
}

/** Settings of the producer that keeps a schedule: what is due goes out at once instead of waiting for full batches. */
export function latencyProducerProperties(): ClientProperties {
  return { ...producerProperties({ compression: 'none', keyed: false }), 'linger.ms': 0 };
}
