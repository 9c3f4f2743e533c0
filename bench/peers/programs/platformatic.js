import { readTask, writeOutcome } from './program.js';

// This program runs on a newer Node, which has its own folder with the client: the second argument
// is the client's file.
const { Consumer } = await import(process.argv[3]);

const task = readTask();
const nextOffsets = task.endOffsets.map(() => 0);
let records = 0;
let bytes = 0;
let startedAtMs = 0;

/** @returns {Promise<number>} the time at which the last partition reached its end */
function runToEnd(stream) {
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', ({ partition, offset, value }) => {
      records += 1;
      bytes += value.length;
      nextOffsets[partition] = Number(offset) + 1;
      if (nextOffsets[partition] < task.endOffsets[partition]) return;
      if (task.endOffsets.every((end, index) => nextOffsets[index] >= end)) resolve(Date.now());
    });
  });
}

const consumer = new Consumer({
  groupId: task.groupId,
  clientId: task.groupId,
  bootstrapBrokers: task.bootstrapServers.split(','),
  ...task.settings,
});
consumer.on('consumer:group:join', () => (startedAtMs = Date.now()));
const endedAtMs = await runToEnd(await consumer.consume({ topics: [task.topic], mode: 'earliest' }));
await consumer.close(true);
await writeOutcome(task, { startedAtMs, endedAtMs, records, bytes }, new Map());
