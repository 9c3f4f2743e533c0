import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { BatchConsumer } from '../kafka/native/consumer.ts';
import type { MemberTurn } from './turn.ts';

export type LeavingTurn = Pick<
  MemberTurn,
  'mayRelease' | 'releaseMsMax' | 'advancedMs' | 'finishCommit' | 'handOver' | 'reportLeft'
>;
export type ClosedClient = Pick<BatchConsumer, 'close'>;

export interface LeaveOptions {
  /** Longest time without progress of the last commit. */
  readonly timeoutMs: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

/**
 * Leaves the group, once its last commit is complete. The tables are handed over before the group
 * knows, so that their next owners find them free.
 */
export async function leaveGroup(
  turn: LeavingTurn,
  client: ClosedClient,
  { timeoutMs, clock }: LeaveOptions,
): Promise<void> {
  const startMs = clock();
  const deadlineMs = (): number => Math.max(startMs, turn.advancedMs) + timeoutMs;
  await commitAnswered();
  turn.handOver();
  await commitAnswered();
  await client.close(Math.max(0, deadlineMs() - clock()));
  turn.reportLeft();

  async function commitAnswered(): Promise<void> {
    const sinceMs = clock();
    const answerDeadlineMs = (): number => Math.max(sinceMs, turn.advancedMs) + turn.releaseMsMax;
    while (!turn.mayRelease && clock() < Math.min(answerDeadlineMs(), deadlineMs())) {
      turn.finishCommit();
      await yieldToEvents();
    }
  }
}
