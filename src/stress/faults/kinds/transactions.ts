import { randomUUID } from 'node:crypto';
import { TransactionProducer } from '../../../kafka/kafkajs/transactions.ts';
import { choosePartition, type FaultWorld } from '../fault-world.ts';
import { defineFault } from '../fault.ts';

/** Longest time that an unfinished transaction may hold up readers of committed records. */
const transactionTimeoutMs = 5_000;
const recordsEach = 20;

/**
 * Transactions among the ordinary records, every other one aborted. Aborted records are never
 * counted, and the offsets of transaction markers are not lost records.
 */
export const transactions = defineFault({
  kind: 'transactions',
  does: 'produces transactions between the other records and aborts every other one',
  scope: 'topic',
  lane: 'none',
  durationMs: [1_000, 3_000],
  needs: 'kafka',
  inSelfTest: true,
  aim: (world, choice) => {
    const partition = choosePartition(world, choice);
    return {
      text: `partition ${partition}`,
      begin: (signal) => {
        const done = sendTransactions(world, partition, signal);
        done.catch(() => undefined);
        return Promise.resolve(() => done);
      },
    };
  },
});

async function sendTransactions(
  { connection, topic, feed }: FaultWorld,
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
      switch (outcome) {
        case 'committed':
          feed.added(partition, values);
          break;
        case 'aborted':
          break;
        case 'unknown':
          feed.lostTrack();
          return;
      }
    }
  } finally {
    await producer.close();
  }
}
