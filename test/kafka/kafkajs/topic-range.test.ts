import { test } from 'vitest';
import { readTopicRange } from '../../../src/kafka/kafkajs/topic-range.ts';
import { expectAbortable, neverMs } from '../../support/silent-server.ts';

test('an abort ends a read that waits for brokers, and its connections', async () => {
  await expectAbortable((connection, signal) => readTopicRange(connection, 'topic', neverMs, signal));
});
