import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { Admin } from '../../src/kafka/kafkajs/admin.ts';
import { changelogContents, createChangelog, keyedRows, producer, until } from '../kafka/native/test-transactions.ts';
import { eventually } from '../support/eventually.ts';
import { withProxiedBrokers } from '../support/proxied-brokers.ts';

// Each broker leads one partition, and one of them coordinates the transactions: for the other, only
// the Produce request is without a response.
test('a transaction is written whole after one that was aborted with records whose response was lost', async () => {
  await withProxiedBrokers(async ({ brokers, proxy, connection }) => {
    const topic = await createChangelog(brokers.connection);
    const admin = await Admin.connect(brokers.connection, { timeoutMs: 20_000 });
    onTestFinished(() => admin.close());
    const end = async (partition: number): Promise<number | undefined> =>
      (await admin.offsets(topic)).find((found) => found.partition === partition)?.highWatermark;
    const leader = async (partition: number): Promise<number> =>
      (await admin.topic(topic))?.partitions[partition]?.leader ?? -1;

    const transactionalId = randomUUID();
    const it = await producer({ connection, topic, transactionalId });
    for (const partition of [0, 1]) {
      const { bytes, rows } = keyedRows(['answered', 'unanswered', 'next'].map((key) => [partition, key, 1]));
      it.begin();
      it.produce(bytes, rows, 0, 1);
      await until(it, () => it.queued === 0);

      // The second record gets into the log, and its response is lost. It waits to be sent again
      // while its broker cannot be reached, until the abort discards it.
      const links = { clientIdPrefix: transactionalId, nodeIds: [await leader(partition)] };
      const hold = proxy.add({ ...links, toMember: { closed: true } });
      it.produce(bytes, rows, 1, 2);
      await eventually('the record is in the log', async () => (await end(partition)) === 2);
      const block = proxy.add({ ...links, toBroker: { closed: true } });
      proxy.resetInMidResponse(links);
      hold();
      await until(it, () => it.abort() || it.queued === 0);
      block();
      await until(it, () => it.abort());

      it.begin();
      it.produce(bytes, rows, 2, 3);
      await until(it, () => it.commit());
    }
    const { records } = await changelogContents(brokers.connection, topic, 2);
    expect(records).toEqual(['0 3 next=1', '1 3 next=1']);
  });
});
