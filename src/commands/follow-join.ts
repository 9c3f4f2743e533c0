import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import { toErrorReport } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import type { GroupDescription } from '../kafka/kafkajs/group-description.ts';
import { nowMs } from '../time/clock.ts';
import { isJoining, renderJoin } from './join-text.ts';
import type { CommandContext } from './context.ts';

const lookMs = 1_000;
/** Groups on brokers with Kafka's defaults take 3 to 7 s to join, which needs no message. */
const firstMs = 8_000;
const againMs = 10_000;
const askMs = 3_000;

/**
 * Logs what groups wait for when their members take long to join.
 * @returns a function that stops it
 */
export function followJoin(
  connection: Connection,
  groups: readonly Pick<Supervisor, 'snapshot'>[],
  context: Pick<CommandContext, 'log'>,
): () => void {
  const startMs = nowMs();
  let printAtMs = startMs + firstMs;
  const timer = setInterval(() => {
    const joining = groups.filter((group) => isJoining(group.snapshot()));
    if (nowMs() < printAtMs || joining.length === 0) return;
    printAtMs = nowMs() + againMs;
    for (const group of joining) {
      void coordinatorView(connection, group.snapshot().groupId).then((view) => {
        const snapshot = group.snapshot();
        if (isJoining(snapshot)) context.log(renderJoin(snapshot, view, nowMs() - startMs));
      });
    }
  }, lookMs);
  return () => {
    clearInterval(timer);
  };
}

/** @returns the error message when the coordinator does not respond */
async function coordinatorView(
  connection: Connection,
  groupId: string,
): Promise<GroupDescription | string | undefined> {
  try {
    const admin = await Admin.connect(connection, { timeoutMs: askMs });
    try {
      return await admin.describeGroup(groupId);
    } finally {
      await admin.close();
    }
  } catch (error) {
    return toErrorReport(error).message;
  }
}
