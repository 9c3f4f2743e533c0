import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { consumerProperties } from '../config/consumer-properties.ts';
import type { BatchConsumer } from '../kafka/native/consumer.ts';
import { TransactionError } from '../kafka/native/transaction-error.ts';
import type { MemberTask } from '../protocol/member-task.ts';

/** Kafka's default, where the brokers decide it. */
const heartbeatMsByDefault = 5_000;
/** For the response to the heartbeat. */
const answerMs = 500;
const pollMs = 20;

/**
 * Waits for the next heartbeat when the producer of a static member was fenced. Either another
 * process has its group.instance.id, and the heartbeat says so, or the group had removed the member,
 * and other processes have ended its transaction. Without the wait, a replacement could take the
 * group.instance.id from a process that has taken it rightly.
 * @throws ClusterError memberFenced in the first case
 */
export async function fencingVerdict(
  error: unknown,
  { group, groupInstanceId }: Pick<MemberTask, 'group' | 'groupInstanceId'>,
  { client, clock }: { readonly client: Pick<BatchConsumer, 'consumeBatch'>; readonly clock: () => number },
): Promise<void> {
  if (groupInstanceId === undefined || !(error instanceof TransactionError) || error.outcome !== 'fatal') return;
  const properties = consumerProperties(group, { queuedKbytesMax: 1 });
  const deadlineMs = clock() + Number(properties['heartbeat.interval.ms'] ?? heartbeatMsByDefault) + answerMs;
  while (clock() < deadlineMs) {
    client.consumeBatch(pollMs, 1);
    await yieldToEvents();
  }
}
