import { randomUUID } from 'node:crypto';
import { TransactionProducer } from '../../kafka/transactions.ts';
import { choosePartition, type FaultTarget } from '../fault-target.ts';
import type { Fault } from '../fault.ts';

/** Longest that an unended transaction may hold up readers of committed records. */
const transactionTimeoutMs = 5_000;
const recordsEach = 20;

/**
 * Transactions among the ordinary records, every other one aborted. Aborted records are never counted, and markers leave
 * holes in the offsets that are no loss.
 */
export const transactions: Fault = {
  kind: 'transactions',
  aim: (target, choice) => {
    const partition = choosePartition(target, choice);
    return {
      text: `partition ${partition}`,
      begin: (signal) => {
        const done = sendTransactions(target, partition, signal);
        done.catch(() => undefined);
        return Promise.resolve(() => done);
      },
    };
  },
};

async function sendTransactions(
  { connection, topic, feed }: FaultTarget,
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  const transactionalId = `stress-${randomUUID().slice(0, 8)}`;
  const producer = new TransactionProducer(connection, { topic, transactionalId, transactionTimeoutMs });
  try {
    await producer.connect();
    for (let round = 0; !signal.aborted; round += 1) {
      const end = round % 2 === 0 ? 'abort' : 'commit';
      const values = Array.from({ length: recordsEach }, (_, index) => Buffer.from(`${end}ted ${round} ${index}`));
      const outcome = await producer.send(partition, values, end);
      if (outcome === 'committed') feed.added(partition, values);
      if (outcome !== 'unknown') continue;
      feed.lostTrack();
      return;
    }
  } finally {
    await producer.close();
  }
}
