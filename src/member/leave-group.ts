import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { BatchConsumer } from '../kafka/native/consumer.ts';
import type { MemberTurn } from './turn.ts';

export type LeavingTurn = Pick<MemberTurn, 'mayRelease' | 'releaseMsMax' | 'finishCommit' | 'handOver' | 'reportLeft'>;
export type ClosedClient = Pick<BatchConsumer, 'close'>;

export interface LeaveOptions {
  readonly deadlineMs: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

/**
 * Leaves the group before the deadline. The tables are handed over before the group knows, so that
 * their next owners find them free.
 */
export async function leaveGroup(
  turn: LeavingTurn,
  client: ClosedClient,
  { deadlineMs, clock }: LeaveOptions,
): Promise<void> {
  await commitAnswered();
  turn.handOver();
  await commitAnswered();
  await client.close(Math.max(0, deadlineMs - clock()));
  turn.reportLeft();

  async function commitAnswered(): Promise<void> {
    const answerDeadlineMs = Math.min(clock() + turn.releaseMsMax, deadlineMs);
    while (!turn.mayRelease && clock() < answerDeadlineMs) {
      turn.finishCommit();
      await yieldToEvents();
    }
  }
}
