import type { TopicGroup } from '../cluster/topic-group.ts';
import type { FollowedTopic } from '../live-run/followed-topic.ts';
import { nowMs } from '../time/clock.ts';
import { sleep, startTimer } from '../time/sleep.ts';
import { followLastCommit } from './commit-lines.ts';
import type { CommandContext } from './context.ts';

/** A hand-over that takes longer is explained. */
const leaveQuietlyMs = 1_000;
/** Members that wait for brokers that do not respond are ended after this time. */
const leaveMsMax = 2_500;
const lookMs = 100;

interface Followed {
  readonly group: TopicGroup;
  readonly followed: FollowedTopic;
  readonly how: 'drain' | 'kill';
}

/**
 * Ends the group. A second signal kills the members that are still leaving, and so does this
 * function when the brokers do not respond: the tables are complete in either case.
 */
export async function endFollowed(
  { group, followed, how }: Followed,
  { durable }: { readonly durable: boolean },
  context: CommandContext,
): Promise<void> {
  const { killSignal } = context;
  const kill = (): Promise<void> => group.supervisor.stop('kill');
  const onKill = (): void => void kill();
  killSignal.addEventListener('abort', onKill, { once: true });
  const timer = startTimer(leaveQuietlyMs, () => {
    context.log('the members are leaving the group; Ctrl-C again ends at once, without the counts');
  });
  const ended = new AbortController();
  const endLines = followLastCommit(group.supervisor, context);
  try {
    const closed = group.close(how).then((left) => ({ left }));
    const outcome = await Promise.race([closed, untilHopeless(followed, ended.signal)]);
    if (outcome === undefined) {
      closed.catch(() => undefined);
      context.warn(`the brokers do not respond: the members end without leaving the group${durable ? recounted : ''}`);
      await kill();
      return;
    }
    if (outcome.left !== undefined) context.warn(outcome.left);
    await followed.end();
  } finally {
    ended.abort();
    timer.clear();
    endLines();
    killSignal.removeEventListener('abort', onKill);
  }
}

const recounted = '; what they have counted since their last commits will be counted again';

/** Resolves when members have had time to leave, and the brokers do not respond. */
async function untilHopeless(followed: FollowedTopic, signal: AbortSignal): Promise<undefined> {
  const startMs = nowMs();
  while (nowMs() - startMs < leaveMsMax || followed.brokersRespond) {
    await sleep(lookMs, undefined, { signal, ref: false });
  }
}
