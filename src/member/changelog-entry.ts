import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { BatchSums } from '../count/batch-sums.ts';
import { DurableCells } from '../count/durable-cells.ts';
import { toErrorReport } from '../errors.ts';
import { ChangelogReader, keyedRow as row, keyedRowFields as rowFields } from '../kafka/native/changelog-reader.ts';
import type { ChangelogMessage, ChangelogOrder, ChangelogTask } from '../protocol/changelog-task.ts';
import { releasePages } from '../kafka/native/release-pages.ts';
import { nowMs } from '../time/clock.ts';
import { ChangelogFollower } from './changelog-follower.ts';

const port = parentPort;
if (port === null) throw new Error('changelog-entry must run in a worker thread');

const task = workerData as ChangelogTask;
const post = (message: ChangelogMessage): void => {
  port.postMessage(message);
};

async function follow(port: MessagePort): Promise<void> {
  const { group, tables, durableCells, topicId } = task;
  const sums = new BatchSums({
    tokenizer: group.tokenizer,
    fields: {
      stride: rowFields,
      start: row.valueStart,
      length: row.valueLength,
      keyStart: row.keyStart,
      keyLength: row.keyLength,
    },
  });
  const reader = new ChangelogReader({
    connection: task.connection,
    clientId: task.clientId,
    groupId: group.groupId,
    topic: group.durable.changelogTopic,
    buffers: sums,
    onError: (error) => {
      post({ type: 'notice', error: toErrorReport(error) });
    },
  });
  const follower = new ChangelogFollower({
    ...{ reader, sums, tables, topicId, post },
    durableCells: durableCells.map((cells) => new DurableCells(cells)),
    followsAll: group.durable.standby === 'all',
    releasePages,
    clock: nowMs,
  });
  const stopping = new AbortController();
  port.on('message', (order: ChangelogOrder) => {
    switch (order.type) {
      case 'restore':
        follower.restore(order);
        break;
      case 'tablesAdded': {
        const cells = order.durableCells.map((each) => new DurableCells(each));
        follower.addTables(order.firstPartition, order.tables, cells);
        break;
      }
      case 'hold':
        follower.hold(order.partitions);
        break;
      case 'stop':
        stopping.abort();
    }
  });
  while (!stopping.signal.aborted) {
    follower.run();
    await yieldToEvents();
  }
  follower.stop();
  reader.destroy();
}

/** Runs until the supervisor stops it. */
async function run(port: MessagePort): Promise<void> {
  try {
    await follow(port);
  } catch (error) {
    post({ type: 'failed', error: toErrorReport(error) });
  }
}

// Not awaited here: V8 of Node 22 aborts the process when terminate() meets the start of a module that awaits.
void run(port).finally(() => {
  port.close();
});
