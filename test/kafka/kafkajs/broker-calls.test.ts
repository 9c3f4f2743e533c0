import { expect, test } from 'vitest';
import { BrokerCalls } from '../../../src/kafka/kafkajs/broker-calls.ts';
import { neverMs, withSilentServer } from '../../support/silent-server.ts';

const closed = { code: 'brokerUnavailable', message: 'the client was closed' };

test('a call that is under way when its client is closed ends, and later ones do not begin', async () => {
  await withSilentServer(async ({ connection, reached }) => {
    const calls = new BrokerCalls(connection, { clientId: 'test', timeoutMs: neverMs });
    let attempts = 0;
    const call = (): Promise<unknown> =>
      calls.call('group', async (brokers) => {
        attempts += 1;
        await brokers.brokers();
      });
    const ended = expect(call()).rejects.toMatchObject(closed);
    await reached;
    await calls.close();
    await ended;
    await expect(call()).rejects.toMatchObject(closed);
    expect(attempts).toBe(0);
  });
});
