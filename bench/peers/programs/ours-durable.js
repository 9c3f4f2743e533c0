import { stopDurable } from '../../../dist/cluster/stop-durable.js';
import { durableDefaults, groupDefaults } from '../../../dist/config/group.js';
import { ensureChangelogTopic } from '../../../dist/kafka/kafkajs/changelog-topic.js';
import { changelogTopicOf } from '../../../dist/protocol/changelog-format.js';
import { nowMs } from '../../../dist/time/clock.js';
import { changelogCounts } from '../../../dist/workload/changelog-counts.js';
import { connectionOf, countTopic } from './ours-group.js';
import { readTask, writeOutcome } from './program.js';

const timeoutMs = 30_000;

const task = readTask();
const { groupId, topic: source, endOffsets } = task;
const connection = connectionOf(task);
const topic = changelogTopicOf(groupId);
await ensureChangelogTopic(connection, { topic, source, partitions: endOffsets.length, timeoutMs });
const group = { ...groupDefaults, groupId, durable: { ...durableDefaults, changelogTopic: topic } };
const { supervisor, startedAtMs, clockToDateMs } = await countTopic(task, group);
let endedAtMs = NaN;
await stopDurable(supervisor, () => {
  endedAtMs = nowMs() + clockToDateMs;
});
// What counts is what the brokers have: another client reads the changelog after the clock has stopped.
const { counts, partitions } = await changelogCounts(connection, { topic, timeoutMs });
const sum = (name) => partitions.reduce((total, { progress }) => total + (progress?.[name] ?? 0), 0);
await writeOutcome(task, { startedAtMs, endedAtMs, records: sum('records'), bytes: sum('bytes') }, counts);
