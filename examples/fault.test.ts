// A fault test for CI: a member crashes and a broker is killed, and every word still counts once.
import { expect, test } from 'vitest';
import { produce, startBrokers, startGroup, verifyTopic } from 'consumer-cluster-wordcount';

test('nothing is lost or counted twice when a member and a broker are killed', async () => {
  const brokers = await startBrokers();
  try {
    const topic = 'books';
    await produce({ brokers, topic, records: 40_000 });
    const group = await startGroup({ brokers, topic, members: 3, workUs: 50 });
    const crashed: number[] = [];
    group.on('memberCrashed', ({ memberId }) => crashed.push(memberId));
    await group.killMember(0, { leave: false });
    await brokers.kill(2);
    // Records that arrive while the broker is gone.
    await produce({ brokers, topic, records: 5_000 });
    await brokers.restart(2);
    await group.untilCounted({ timeoutMs: 90_000 });
    const counts = await group.counts();
    await group.stop();

    expect(crashed).toEqual([0]);
    expect(group.snapshot()).toMatchObject({ records: 45_000 });
    expect(await verifyTopic({ brokers, counts })).toMatchObject({ equal: true, records: 45_000 });
  } finally {
    await brokers.stop();
  }
});
