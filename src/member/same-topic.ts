import type { BatchConsumer } from '../kafka/native/consumer.ts';
import { topicReplaced } from '../kafka/topic-identity.ts';
import { agreeOnTopic } from '../protocol/cells/counted-topic.ts';
import type { MemberTask } from '../protocol/member-task.ts';

/** Keeps a member from counting two topics of the same name as one: the second was made after the first was deleted. */
export class SameTopic {
  readonly #task: Pick<MemberTask, 'topic' | 'countedTopic'>;
  readonly #consumer: Pick<BatchConsumer, 'topicId'>;
  #agreed: string | undefined;

  constructor(task: Pick<MemberTask, 'topic' | 'countedTopic'>, consumer: Pick<BatchConsumer, 'topicId'>) {
    this.#task = task;
    this.#consumer = consumer;
  }

  /**
   * Call between taking and applying batches: the client fetches by the topic id that it knows, so
   * the delivered records came from the topic whose id it reports afterwards. Brokers that do not
   * report ids are trusted.
   * @throws WordcountError topicUnavailable when the records may have come from another topic than
   * the counted one
   */
  check(): void {
    const topicId = this.#consumer.topicId();
    if (topicId === '' || topicId === this.#agreed) return;
    if (topicId === null || !agreeOnTopic(this.#task.countedTopic, topicId)) throw topicReplaced(this.#task.topic);
    this.#agreed = topicId;
  }
}
