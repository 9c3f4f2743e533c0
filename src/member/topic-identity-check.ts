import type { BatchConsumer } from '../kafka/native/consumer.ts';
import { topicReplaced } from '../kafka/topic-identity.ts';
import { agreeOnTopic } from '../protocol/cells/counted-topic.ts';

export type IdentifiedClient = Pick<BatchConsumer, 'topicId'>;

/** Keeps a member from counting a topic and its recreation, which has the same name, as one topic. */
export class TopicIdentityCheck {
  readonly #topic: string;
  readonly #countedTopic: SharedArrayBuffer;
  readonly #consumer: IdentifiedClient;
  #agreed: string | undefined;

  /** @param countedTopic - the id on which all members of the group agree, see protocol/cells/counted-topic.ts */
  constructor(topic: string, countedTopic: SharedArrayBuffer, consumer: IdentifiedClient) {
    this.#topic = topic;
    this.#countedTopic = countedTopic;
    this.#consumer = consumer;
  }

  /**
   * Call between taking and applying batches: the client fetches by the topic id that it knows, so
   * the delivered records came from the topic whose id it reports afterwards. Brokers that do not
   * report ids are trusted.
   * @throws ClusterError topicUnavailable when the records may have come from another topic than
   * the counted one
   */
  check(): void {
    const topicId = this.#consumer.topicId();
    if (topicId === '' || topicId === this.#agreed) return;
    if (topicId === null || !agreeOnTopic(this.#countedTopic, topicId)) throw topicReplaced(this.#topic);
    this.#agreed = topicId;
  }
}
