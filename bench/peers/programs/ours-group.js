import { neverRestart } from '../../../dist/cluster/restart-policy.js';
import { Supervisor } from '../../../dist/cluster/supervisor.js';
import { nowMs } from '../../../dist/time/clock.js';

const settleMs = 30_000;
const reachMs = 3_600_000;

/**
 * Runs a group of the product until it has counted the whole topic.
 * @param {import('./program.js').ProgramTask} task
 * @param {import('../../../dist/config/group.js').GroupConfig} group
 * @returns the group, and when it began; milliseconds since 1970
 */
export async function countTopic(task, group) {
  const supervisor = new Supervisor({
    topic: task.topic,
    connection: connectionOf(task),
    group,
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
  return { supervisor, startedAtMs, clockToDateMs };
}

/** @param {import('./program.js').ProgramTask} task */
export function connectionOf({ bootstrapServers }) {
  return { bootstrapServers, source: 'managed', properties: {} };
}
