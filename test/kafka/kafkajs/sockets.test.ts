import { getEventListeners, once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { KafkajsSockets, withAttempt, type Sighting } from '../../../src/kafka/kafkajs/sockets.ts';

test('a connection that kafkajs begins after the close is ended at once', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const sockets = new KafkajsSockets({ properties: {} });
    sockets.destroy();
    // kafkajs passes null without TLS, although its types exclude that.
    const args = { host: '127.0.0.1', port, ssl: null as never, onConnect: () => undefined };
    const socket = sockets.factory(args);
    await expect(once(socket, 'connect')).rejects.toThrow('the client was closed');
    expect(socket.destroyed).toBe(true);
  } finally {
    server.close();
  }
});

test('a client closes when its signal is aborted, and removes its listener when it is closed', () => {
  const abort = new AbortController();
  const [first, second] = [1, 2].map(() => new KafkajsSockets({ properties: {} }, abort.signal));
  first?.destroy();
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
  expect(first?.closed.reason).toMatchObject({ code: 'brokerUnavailable', message: 'the client was closed' });
  abort.abort('over');
  expect(second?.closed.reason).toBe('over');
  expect(new KafkajsSockets({ properties: {} }, abort.signal).closed.reason).toBe('over');
});

test('an attempt that was cut off while it connected hides nothing that earlier ones have found', () => {
  const refused: Sighting = { kind: 'unreachable', code: 'ECONNREFUSED' };
  const connecting: Sighting = { kind: 'connecting' };
  const closed: Sighting = { kind: 'closed' };
  const before = new Map<string, Sighting>([
    ['a:1', refused],
    ['b:1', connecting],
    ['c:1', refused],
  ]);
  const after = new Map<string, Sighting>([
    ['a:1', connecting],
    ['b:1', refused],
    ['c:1', closed],
    ['d:1', connecting],
  ]);
  expect([...withAttempt(before, after)]).toEqual([
    ['a:1', refused],
    ['b:1', refused],
    ['c:1', closed],
    ['d:1', connecting],
  ]);
  expect(withAttempt(before, new Map())).toEqual(before);
});
