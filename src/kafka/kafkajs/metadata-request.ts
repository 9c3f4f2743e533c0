import { createRequire } from 'node:module';
import type { TopicDescription } from '../cluster-facts.ts';
import type { KafkajsMessage } from './requests.ts';

export interface ClusterMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topicMetadata: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly {
    /**
     * Concerns only this partition, e.g. a missing leader, so the response as a whole is valid.
     */
    readonly partitionErrorCode: number;
    readonly partitionId: number;
    /** Node id; -1 for a partition without a leader. */
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
  }[];
}

interface Encoder {
  writeArray(elements: readonly string[]): Encoder;
  writeNullableArray(elements: readonly string[]): Encoder;
  writeBoolean(value: boolean): Encoder;
}

const require = createRequire(import.meta.url);
/** The newest that kafkajs decodes; brokers know it from Kafka 2.0 on. */
const apiVersion = 6;

/**
 * Metadata: the brokers, and exactly the named topics.
 * @param topics - `all` for every topic that the user may see
 * @returns a message whose answer fails with Kafka's error of the first named topic that has one
 */
export function metadataMessage(topics: readonly string[] | 'all'): KafkajsMessage<ClusterMetadata> {
  const Encoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
  const { decode } = require('kafkajs/src/protocol/requests/metadata/v6/response') as {
    readonly decode: (bytes: Buffer) => Promise<ClusterMetadata>;
  };
  const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
    readonly createErrorFromCode: (code: number) => Error;
  };
  // kafkajs's nullable array writes null, which is all topics, for an empty one.
  const encoder = topics === 'all' ? new Encoder().writeNullableArray([]) : new Encoder().writeArray(topics);
  // Does not create missing topics.
  const request = encoder.writeBoolean(false);
  return {
    request: { apiKey: 3, apiName: 'Metadata', apiVersion, encode: () => Promise.resolve(request) },
    response: {
      decode,
      parse: (answer: ClusterMetadata) => {
        const failed = answer.topicMetadata.find(({ topicErrorCode }) => topicErrorCode !== 0);
        if (failed !== undefined && topics !== 'all') return Promise.reject(createErrorFromCode(failed.topicErrorCode));
        return Promise.resolve(answer);
      },
    },
  };
}

/** Pure. Partitions in their order, which brokers do not keep. */
export function topicDescription({ partitionMetadata }: TopicMetadata): TopicDescription {
  const partitions = partitionMetadata.map(({ partitionId, leader, replicas, isr }) => ({
    partition: partitionId,
    leader,
    replicas,
    inSync: isr,
  }));
  return { partitions: partitions.sort((a, b) => a.partition - b.partition) };
}
