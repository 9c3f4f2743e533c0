import { produceToTopic } from '../../../dist/workload/produce-to-topic.js';
import { connectionOf } from './ours-group.js';
import { readTask, writeOutcome } from './program.js';

const timeoutMs = 30_000;

const task = readTask();
const startedAtMs = Date.now();
const { records, bytes } = await produceToTopic({
  connection: connectionOf(task),
  topic: task.topic,
  partitions: task.endOffsets.length,
  records: task.endOffsets.reduce((sum, end) => sum + end),
  workload: task.workload,
  timeoutMs,
});
await writeOutcome(task, { startedAtMs, endedAtMs: Date.now(), records, bytes }, new Map());
