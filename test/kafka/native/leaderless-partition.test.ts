import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BatchProducer } from '../../../src/kafka/native/producer.ts';
import { slicesOf } from '../../../src/kafka/native/slices.ts';
import { eventually } from '../../support/eventually.ts';
import { ProduceBrokers } from '../../support/produce-broker.ts';
import { mockConnection } from './test-group.ts';

const deliveryMs = 12_000;

function polled(producer: BatchProducer): BatchProducer {
  try {
    producer.poll();
  } catch {
    // Says that a record could not be delivered.
  }
  return producer;
}

test('records are delivered although others before them were given up without a leader', async () => {
  const brokers = await ProduceBrokers.start(1);
  onTestFinished(() => {
    brokers.close();
  });
  const producer = new BatchProducer({
    connection: mockConnection(brokers.bootstrapServers),
    clientId: 'test',
    properties: {
      'enable.idempotence': true,
      'delivery.timeout.ms': deliveryMs,
      'topic.metadata.refresh.fast.interval.ms': 20,
      'retry.backoff.ms': 5,
    },
  });
  onTestFinished(() => {
    producer.close();
  });
  await producer.connect(60_000);
  const produce = (value: string): Promise<void> =>
    producer.produce({ topic: 't', partition: 0, count: 1, values: slicesOf([Buffer.from(value)]) });
  await produce('before');
  await producer.flush(60_000);

  brokers.moveLeader(0, -1);
  await produce('given up');
  // The next record has a second to be delivered after this one is given up, and more than that.
  await sleep(deliveryMs - 1_000);
  await produce('delivered');
  await eventually('the first record is given up', () => polled(producer).failed === 1);
  brokers.moveLeader(0, 0);
  await eventually('the second record is delivered', () => polled(producer).delivered === 2);
  expect(brokers.records(0).map(([, value]) => String(value))).toEqual(['before', 'delivered']);
  expect(brokers.violations).toEqual([]);
});
