import { groupDefaults } from '../../../dist/config/group.js';
import { countTopic } from './ours-group.js';
import { readTask, writeOutcome } from './program.js';

const task = readTask();
const { supervisor, startedAtMs, clockToDateMs } = await countTopic(task, { ...groupDefaults, groupId: task.groupId });
const { members, records, bytes } = supervisor.snapshot();
const counts = supervisor.counts();
await supervisor.stop('drain');
const endedAtMs = members.reduce((last, { meter }) => Math.max(last, meter.lastAppliedAtMs), -Infinity) + clockToDateMs;
await writeOutcome(task, { startedAtMs, endedAtMs, records, bytes }, counts);
