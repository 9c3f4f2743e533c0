import type { GroupSnapshot } from '../cluster/snapshot.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import type { Connection } from '../config/connection.ts';
import { toErrorReport } from '../errors.ts';
import { Admin } from '../kafka/kafkajs/admin.ts';
import type { GroupDescription } from '../kafka/kafkajs/group-description.ts';
import { nowMs } from '../time/clock.ts';
import type { CommandContext } from './context.ts';
import { counted } from '../numbers.ts';

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
  let isOver = false;
  const timer = setInterval(() => {
    const joining = groups.filter((group) => isJoining(group.snapshot()));
    if (nowMs() < printAtMs || joining.length === 0) return;
    printAtMs = nowMs() + againMs;
    for (const group of joining) {
      void coordinatorView(connection, group.snapshot().groupId).then((view) => {
        const snapshot = group.snapshot();
        if (!isOver && isJoining(snapshot)) context.log(renderJoin(snapshot, view, nowMs() - startMs));
      });
    }
  }, lookMs);
  return () => {
    isOver = true;
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

/** True when a live member has not joined the group yet. */
function isJoining({ members }: GroupSnapshot): boolean {
  return members.some(({ phase }) => phase === 'starting' || phase === 'joining');
}

/**
 * The line that reports what a group waits for while its members join.
 * @param view - the coordinator's description; undefined if it does not know the group, an error
 *   message if it does not respond
 */
function renderJoin(
  { groupId, members }: GroupSnapshot,
  view: GroupDescription | string | undefined,
  elapsedMs: number,
): string {
  const live = members.filter(({ phase }) => phase !== 'left' && phase !== 'crashed');
  const joined = live.filter(({ phase }) => phase === 'assigned' || phase === 'standby');
  const count = `joined group ${groupId}: ${joined.length} of ${counted(live.length, 'member')}`;
  return `${count} after ${Math.round(elapsedMs / 1_000)} s; ${reasonOf(view)}`;
}

function reasonOf(view: GroupDescription | string | undefined): string {
  if (typeof view === 'string') return `its coordinator does not respond: ${view}`;
  if (view === undefined || view.members.length === 0) return 'its coordinator reports no member yet';
  const { state } = view;
  return `its coordinator reports ${counted(view.members.length, 'member')}: ${states.get(state) ?? state}`;
}

const states: ReadonlyMap<string, string> = new Map([
  ['PreparingRebalance', 'waiting for members to join (PreparingRebalance)'],
  ['CompletingRebalance', "waiting for the leader's assignment (CompletingRebalance)"],
  ['Assigning', 'the broker assigns partitions (Assigning)'],
  ['Reconciling', 'waiting for members to release partitions (Reconciling)'],
  ['Stable', 'every member has its assignment (Stable)'],
]);
