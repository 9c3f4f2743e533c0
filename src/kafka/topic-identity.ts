import { WordcountError } from '../errors.ts';
import { FlexibleWriter, type FlexibleReader } from './flexible-bytes.ts';
import { kafkajsMessage, type KafkajsMessage } from './kafkajs-requests.ts';

/** What tells a topic from another of the same name: Kafka gives each a new id when it is created. */
export interface TopicIdentity {
  /** 32 hexadecimal digits. */
  readonly topicId: string;
  readonly partitions: number;
}

const unknownTopic = 3;

/** The topic has the name of the one that was counted, and another id. */
export function topicReplaced(topic: string): WordcountError {
  const message = `topic '${topic}' was deleted and made anew: its records are not those that were counted before`;
  return new WordcountError('topicUnavailable', message, { hint: 'count it anew' });
}

/** Metadata, version 12: the first that tells ids for names. The answer is undefined where the broker has no such topic. */
export function topicIdentityMessage(topic: string): KafkajsMessage<TopicIdentity | undefined> {
  const body = new FlexibleWriter()
    .noTags()
    .arrayOf(1)
    .bytes(Buffer.alloc(16))
    .text(topic)
    .noTags()
    // Neither is the topic to be created, nor are permissions to be told.
    .boolean(false)
    .boolean(false)
    .noTags();
  return kafkajsMessage({ apiKey: 3, apiName: 'Metadata', apiVersion: 12, body, read: readIdentity });
}

function readIdentity(answer: FlexibleReader): TopicIdentity | undefined {
  answer.tags();
  answer.int32();
  answer.array(() => {
    answer.int32();
    answer.text();
    answer.int32();
    answer.text();
    answer.tags();
  });
  answer.text();
  answer.int32();
  const [topic] = answer.array(() => readTopic(answer));
  if (topic === undefined || topic.errorCode === unknownTopic) return undefined;
  return { topicId: topic.topicId, partitions: topic.partitions };
}

function readTopic(answer: FlexibleReader): TopicIdentity & { readonly errorCode: number } {
  const errorCode = answer.int16();
  answer.text();
  const topicId = answer.bytes(16).toString('hex');
  answer.boolean();
  const partitions = answer.array(() => {
    answer.int16();
    answer.bytes(12);
    for (let list = 0; list < 3; list += 1) answer.array(() => answer.int32());
    answer.tags();
  });
  answer.int32();
  answer.tags();
  return { errorCode, topicId, partitions: partitions.length };
}
