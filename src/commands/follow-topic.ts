import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import { FollowedTopic } from '../live-run/followed-topic.ts';
import { type Output } from '../output/output.ts';
import { renderFollowEnd } from '../report/follow-view.ts';
import { sleep } from '../time/sleep.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import type { CommandContext } from './context.ts';
import { openCountsGroup } from './counts-group.ts';
import type { CountsFlags } from './counts-options.ts';
import { DurableLines } from './durable-lines.ts';
import { EventLines } from './event-lines.ts';
import { endFollowed } from './follow-end.ts';
import { FollowLines } from './follow-lines.ts';
import { followJoin } from './follow-join.ts';
import { printCounts } from './print-counts.ts';

/**
 * Counts a topic and its new records until a signal or --duration ends it, or the group fails, and
 * prints the words that are counted by then.
 * @throws ClusterError with which the group failed
 */
export async function followTopic(
  flags: CountsFlags,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  let isEnding = false;
  const events = new EventLines(context);
  const durableLines = flags.durable ? new DurableLines(context, () => supervisor) : undefined;
  const group = await openCountsGroup(flags, brokers, {
    toEnd: false,
    signal: context.signal,
    onEvent: (event) => {
      // Members that are ended because the brokers do not respond have not crashed.
      if (!isEnding || event.type !== 'exited') events.print('member ', event);
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
  let failure: unknown;
  try {
    context.signal.throwIfAborted();
    for (let member = 0; member < flags.members; member += 1) supervisor.addMember();
    supervisor.openGate();
    const settled = supervisor.waitSettled({ timeoutMs: Infinity, signal: context.signal, isShared: flags.durable });
    settled.then(endFollowing, () => undefined);
    await untilStopped(supervisor, flags, context);
    how = context.killSignal.aborted ? 'kill' : 'drain';
  } catch (error) {
    failure = error;
  } finally {
    endFollowing();
    durableLines?.end();
    lines.end();
    isEnding = true;
    await endFollowed({ group, followed, how }, flags, context);
  }
  context.killSignal.throwIfAborted();
  if (failure !== undefined && !supervisor.failed.aborted) throw failure as Error;
  context.log(renderFollowEnd(followed.view()));
  const endOffsets = supervisor.snapshot().partitions.map(({ nextOffset }) => nextOffset);
  if (flags.durable && (failure !== undefined || !areRestored(supervisor))) {
    context.warn(`the committed counts are complete: consumer-cluster counts --from-changelog --group ${flags.group}`);
  } else if (failure === undefined || supervisor.snapshot().records > 0) {
    await printCounts(supervisor, { ...range, endOffsets }, flags, output);
  }
  if (failure !== undefined) throw failure as Error;
}

/** False while a table contains the words of a commit without its progress: the process ends within a restore. */
function areRestored({ readers }: Supervisor): boolean {
  return readers.every((reader) => {
    const snapshot = reader.snapshot();
    if (snapshot === undefined) return false;
    let words = 0;
    for (const count of snapshot.counts) words += count;
    return words === snapshot.progress.words;
  });
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
