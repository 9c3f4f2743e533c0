import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import type { TopicGroup } from '../cluster/topic-group.ts';
import { FollowedTopic } from '../live-run/followed-topic.ts';
import { type Output } from '../output/output.ts';
import { renderFollowEnd } from '../report/follow-view.ts';
import { sleep, startTimer } from '../time/sleep.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import type { CommandContext } from './context.ts';
import { openCountsGroup } from './counts-group.ts';
import type { CountsFlags } from './counts-options.ts';
import { DurableLines } from './durable-lines.ts';
import { EventLines } from './event-lines.ts';
import { FollowLines } from './follow-lines.ts';
import { followJoin } from './follow-join.ts';
import { printCounts } from './print-counts.ts';

/** A hand-over that takes longer is explained. */
const leaveQuietlyMs = 1_000;

/**
 * Counts a topic and its new records until a signal or --duration ends it, and prints the words
 * that are counted by then.
 */
export async function followTopic(
  flags: CountsFlags,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  const events = new EventLines(context);
  const durableLines = flags.durable ? new DurableLines(context, () => supervisor) : undefined;
  const group = await openCountsGroup(flags, brokers, {
    toEnd: false,
    onEvent: (event) => {
      events.print('member ', event);
      durableLines?.event(event);
    },
  });
  const { supervisor, range } = group;
  if (range.heldBack.length > 0) context.warn(renderHeldBack(range.topic, range.heldBack));
  const followed = new FollowedTopic({ connection: brokers.connection, topic: range.topic, supervisor });
  const lines = new FollowLines(
    context,
    () => followed.view(),
    () => durableLines?.live,
  );
  const endFollowing = followJoin(brokers.connection, [supervisor], context);
  let how: 'drain' | 'kill' = 'kill';
  try {
    context.signal.throwIfAborted();
    for (let member = 0; member < flags.members; member += 1) supervisor.addMember();
    supervisor.openGate();
    const settled = supervisor.waitSettled({ timeoutMs: Infinity, signal: context.signal });
    settled.then(endFollowing, () => undefined);
    await untilStopped(supervisor, flags, context);
    how = context.killSignal.aborted ? 'kill' : 'drain';
  } finally {
    endFollowing();
    durableLines?.end();
    lines.end();
    await Promise.all([followed.end(), close(group, how, context)]);
  }
  context.killSignal.throwIfAborted();
  context.log(renderFollowEnd(followed.view()));
  const endOffsets = supervisor.snapshot().partitions.map(({ nextOffset }) => nextOffset);
  await printCounts(supervisor, { ...range, endOffsets }, flags, output);
}

/** Resolves after --duration or the first signal. @throws ClusterError with which the group failed */
async function untilStopped(
  { failed }: Supervisor,
  { duration = Infinity }: CountsFlags,
  context: CommandContext,
): Promise<void> {
  const signal = AbortSignal.any([context.signal, failed]);
  await sleep(duration, undefined, { signal }).catch(() => undefined);
  failed.throwIfAborted();
}

/** Ends the group. A second signal kills the members that are still leaving. */
async function close(group: TopicGroup, how: 'drain' | 'kill', context: CommandContext): Promise<void> {
  const { killSignal } = context;
  const kill = (): void => void group.supervisor.stop('kill');
  killSignal.addEventListener('abort', kill, { once: true });
  const timer = startTimer(leaveQuietlyMs, () => {
    context.log('the members are leaving the group; Ctrl-C again ends at once, without the counts');
  });
  try {
    const left = await group.close(how);
    if (left !== undefined) context.warn(left);
  } finally {
    timer.clear();
    killSignal.removeEventListener('abort', kill);
  }
}
