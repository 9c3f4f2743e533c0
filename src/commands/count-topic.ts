import type { ResolvedBrokers } from '../brokers/resolve.ts';
import type { Supervisor } from '../cluster/supervisor.ts';
import type { ClusterEvent } from '../cluster/supervisor-options.ts';
import type { Connection } from '../config/connection.ts';
import { renderRetry, type ErrorReport } from '../errors.ts';
import type { TopicRange } from '../kafka/kafkajs/topic-range.ts';
import { type Output } from '../output/output.ts';
import { renderLostRecords } from '../report/lost-text.ts';
import { counted, whole } from '../numbers.ts';
import { renderHeldBack } from '../workload/held-back-text.ts';
import { followLastCommit } from './commit-lines.ts';
import type { CommandContext } from './context.ts';
import { openCountsGroup } from './counts-group.ts';
import type { CountsFlags } from './counts-options.ts';
import { DurableLines } from './durable-lines.ts';
import { followJoin } from './follow-join.ts';
import { printCounts } from './print-counts.ts';
import { requireCommitted } from './require-committed.ts';

/** Counts the records that the topic has now, and prints their words. */
export async function countTopic(
  flags: CountsFlags,
  brokers: ResolvedBrokers,
  context: CommandContext,
  output: Output | undefined,
): Promise<void> {
  let failure: ErrorReport | undefined;
  const onEvent = (event: ClusterEvent): void => {
    if (event.type === 'failed') failure = event.error;
    if (event.type === 'notice') context.notice(`member ${event.memberId}: ${event.error.message}`);
    if (event.type === 'topicTrouble') context.warn(renderRetry(event.error));
    if (event.type === 'recordsLost') context.warn(renderLostRecords(event));
    durableLines?.event(event);
  };
  const durableLines = flags.durable ? new DurableLines(context, () => supervisor) : undefined;
  const group = await openCountsGroup(flags, brokers, { toEnd: true, signal: context.signal, onEvent });
  const { supervisor, range } = group;
  if (range.heldBack.length > 0) context.warn(renderHeldBack(range.topic, range.heldBack));
  let how: 'drain' | 'kill' = 'kill';
  try {
    for (let member = 0; member < flags.members; member += 1) supervisor.addMember();
    supervisor.openGate();
    const counted = { connection: brokers.connection, range, durableLines };
    await waitWithProgress(supervisor, counted, flags, context);
    how = 'drain';
  } finally {
    durableLines?.end();
    const endLines = followLastCommit(supervisor, context);
    const left = await group.close(how).finally(endLines);
    if (left !== undefined) context.warn(left);
  }
  if (flags.durable) requireCommitted(supervisor.snapshot(), range.endOffsets, failure);
  await printCounts(supervisor, range, flags, output);
}

async function waitWithProgress(
  supervisor: Supervisor,
  {
    connection,
    range,
    durableLines,
  }: { readonly connection: Connection; readonly range: TopicRange; readonly durableLines: DurableLines | undefined },
  flags: CountsFlags,
  context: CommandContext,
): Promise<void> {
  const sum = (offsets: readonly number[]): number => offsets.reduce((total, offset) => total + offset, 0);
  const total = sum(range.endOffsets) - sum(range.beginOffsets);
  const timer = setInterval(() => {
    const { records } = supervisor.snapshot();
    const percent = total === 0 ? 100 : Math.floor((100 * records) / total);
    const counting = `counting ${flags.topic}: ${whole(records)} of ${counted(total, 'record')}, ${percent} %`;
    const restoring = durableLines?.live;
    context.live(restoring === undefined ? counting : `${counting}\n${restoring}`);
  }, 200);
  const endFollowing = followJoin(connection, [supervisor], context);
  try {
    await supervisor.waitReached({ timeoutMs: flags.deadline, timeoutOption: '--deadline', signal: context.signal });
  } finally {
    clearInterval(timer);
    endFollowing();
    context.endLive({ clear: true });
  }
}
