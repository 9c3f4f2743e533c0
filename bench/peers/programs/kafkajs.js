import kafkajs from 'kafkajs';
import { NaiveWords } from './naive-words.js';
import { readTask, writeOutcome } from './program.js';

const task = readTask();
const words = new NaiveWords();
const nextOffsets = task.endOffsets.map(() => 0);
let records = 0;
let bytes = 0;
let startedAtMs = 0;

function take(batch) {
  for (const { value } of batch.messages) {
    bytes += value.length;
    if (task.lane === 'count') words.add(value);
  }
  records += batch.messages.length;
  nextOffsets[batch.partition] = Number(batch.lastOffset()) + 1;
}

/** @returns {Promise<number>} the time at which the last partition reached its end */
function runToEnd(consumer, settings) {
  return new Promise((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    const eachBatch = async ({ batch }) => {
      take(batch);
      if (task.endOffsets.every((end, partition) => nextOffsets[partition] >= end)) resolve(Date.now());
    };
    consumer.run({ ...settings, eachBatch }).catch(reject);
  });
}

const { autoCommitInterval, partitionsConsumedConcurrently, ...fetching } = task.settings;
const client = new kafkajs.Kafka({
  brokers: task.bootstrapServers.split(','),
  clientId: task.groupId,
  logLevel: kafkajs.logLevel.ERROR,
});
const consumer = client.consumer({ groupId: task.groupId, ...fetching });
consumer.on('consumer.group_join', () => (startedAtMs = Date.now()));
await consumer.connect();
await consumer.subscribe({ topics: [task.topic], fromBeginning: true });
const endedAtMs = await runToEnd(consumer, { autoCommitInterval, partitionsConsumedConcurrently });
await consumer.disconnect();
await writeOutcome(task, { startedAtMs, endedAtMs, records, bytes }, words.counts);
