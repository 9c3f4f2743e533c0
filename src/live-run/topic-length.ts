import type { Connection } from '../config/connection.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { EndOffsetWatch } from './end-offset-watch.ts';

const intervalMs = 500;

/** Watches how many offsets a topic has, with the records of all producers. */
export class TopicLength {
  readonly #watch: EndOffsetWatch;
  #records: number | undefined;

  constructor(connection: Connection, { topic, beginOffsets }: Pick<TopicRange, 'topic' | 'beginOffsets'>) {
    // The supervisor's own check of the topic meets the same errors, and reports them.
    const ignore = (): void => undefined;
    this.#watch = new EndOffsetWatch({
      ...{ connection, topic, intervalMs, onTrouble: ignore, onLasting: ignore },
      onOffsets: (offsets) => {
        this.#records = offsets.reduce((sum, { partition, endOffset }) => {
          return sum + endOffset - (beginOffsets[partition] ?? 0);
        }, 0);
      },
    });
  }

  /** Undefined until the brokers have reported it. */
  get records(): number | undefined {
    return this.#records;
  }

  end(): Promise<void> {
    return this.#watch.end();
  }
}
