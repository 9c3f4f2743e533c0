import { neverRestart } from '../../../dist/cluster/restart-policy.js';
import { Supervisor } from '../../../dist/cluster/supervisor.js';
import { groupDefaults } from '../../../dist/config/group.js';
import { nowMs } from '../../../dist/time/clock.js';
import { readTask, writeOutcome } from './program.js';

const settleMs = 30_000;
const reachMs = 3_600_000;

const task = readTask();
const supervisor = new Supervisor({
  topic: task.topic,
  connection: { bootstrapServers: task.bootstrapServers, source: 'managed', properties: {} },
  group: { ...groupDefaults, groupId: task.groupId },
  membersMax: task.members,
  beginOffsets: task.endOffsets.map(() => 0),
  endOffsets: task.endOffsets,
  restart: neverRestart,
});
for (let member = 0; member < task.members; member += 1) supervisor.addMember();
await supervisor.waitSettled({ timeoutMs: settleMs });
const clockToDateMs = Date.now() - nowMs();
const startedAtMs = supervisor.openGate() + clockToDateMs;
await supervisor.waitReached({ timeoutMs: reachMs });
const { members, records, bytes } = supervisor.snapshot();
const counts = supervisor.counts();
await supervisor.stop('drain');
const endedAtMs = members.reduce((last, { meter }) => Math.max(last, meter.lastAppliedAtMs), -Infinity) + clockToDateMs;
await writeOutcome(task, { startedAtMs, endedAtMs, records, bytes }, counts);
