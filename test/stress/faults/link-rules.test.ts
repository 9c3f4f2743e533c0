import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { findPorts } from '../../../src/brokers/free-ports.ts';
import { BrokerProxy } from '../../../src/stress/faults/broker-proxy.ts';
import { clientIdOf } from '../../../src/stress/faults/proxied-connection.ts';
import { obstacleOf, type LinkRule } from '../../../src/stress/faults/link-rules.ts';
import { eventually } from '../../support/eventually.ts';

/**
 * A request of Kafka's protocol as far as the proxy looks: size, api key, version, correlation id,
 * client id.
 */
function request(clientId: string, rest = ''): Buffer {
  const id = Buffer.from(clientId);
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + id.length + rest.length, 0);
  head.writeInt16BE(18, 4);
  head.writeInt16BE(id.length, 12);
  return Buffer.concat([head, id, Buffer.from(rest)]);
}

test('finds the client id with its last byte, not before', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string(), (clientId, rest) => {
      const bytes = request(clientId, rest);
      const needed = 14 + Buffer.byteLength(clientId);
      expect(clientIdOf(bytes.subarray(0, needed - 1))).toBeUndefined();
      expect(clientIdOf(bytes.subarray(0, needed))).toBe(Buffer.from(clientId).toString());
    }),
  );
});

test('combines rules: the worst obstacle of each kind counts, for the named links only', () => {
  const rules: LinkRule[] = [
    { clientIdPrefix: 'a-', nodeIds: [1], toBroker: { delayMs: 50 } },
    { clientIdPrefix: 'a-1', nodeIds: [1, 2], toBroker: { bytesPerSecond: 100 }, toMember: { closed: true } },
    { clientIdPrefix: 'b-', nodeIds: [1], toBroker: { closed: true } },
  ];
  const link = { clientId: 'a-1-x', nodeId: 1, clientPort: 1 };
  expect(obstacleOf(rules, link, 'toBroker')).toEqual({ closed: false, delayMs: 50, bytesPerSecond: 100 });
  expect(obstacleOf(rules, link, 'toMember').closed).toBe(true);
  expect(obstacleOf(rules, { clientId: 'a-2', nodeId: 2, clientPort: 1 }, 'toMember').closed).toBe(false);
});

interface Echo {
  readonly proxy: BrokerProxy;
  /** A connection by way of the proxy, and all that came back on it. */
  readonly open: (clientId: string) => { readonly socket: Socket; text(): string };
}

/** A broker that answers every byte with itself, behind a proxy. */
async function echo(): Promise<Echo> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const brokerPort = (server.address() as AddressInfo).port;
  const [listenPort = 0] = await findPorts(1);
  const proxy = await BrokerProxy.start([{ nodeId: 1, listenPort, brokerPort }]);
  const sockets = new Set<Socket>();
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await proxy.stop();
    server.close();
  });
  const open: Echo['open'] = (clientId) => {
    let received = '';
    const socket = connect(listenPort, '127.0.0.1');
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.write(request(clientId));
    return { socket, text: () => received };
  };
  return { proxy, open };
}

test.each(['toBroker', 'toMember'] as const)(
  'a way closed %s holds everything back until it is healed',
  async (way) => {
    const { proxy, open } = await echo();
    const [cut, other] = [open('g-0-a'), open('g-1-a')];
    await eventually('both have a response', () => cut.text() !== '' && other.text() !== '');
    const heal = proxy.add({ clientIdPrefix: 'g-0-', nodeIds: [1], [way]: { closed: true } });
    cut.socket.write('first');
    other.socket.write('second');
    await eventually('the other continues', () => other.text().endsWith('second'));
    expect(cut.text()).not.toContain('first');
    heal();
    await eventually('the waiting bytes arrive', () => cut.text().endsWith('first'));
  },
);

test('resets one client in the middle of a response', async () => {
  const { proxy, open } = await echo();
  const [cut, other] = [open('g-0-a'), open('g-1-a')];
  await eventually('both have a response', () => cut.text() !== '' && other.text() !== '');
  const before = cut.text();
  expect(proxy.resetInMidResponse({ clientIdPrefix: 'g-0-', nodeIds: [1] })).toBe(1);
  cut.socket.write('0123456789');
  await eventually('cut', () => cut.socket.closed);
  expect(cut.text().slice(before.length).length).toBeLessThanOrEqual(5);
  other.socket.write('still there');
  await eventually('the other continues', () => other.text().endsWith('still there'));
  expect(proxy.connectionsOf('g-0-')).toBe(0);
});

test('delay and bandwidth limits pass all bytes, in order', async () => {
  const { proxy, open } = await echo();
  const slow = open('g-0-a');
  proxy.add({ clientIdPrefix: 'g-0-', nodeIds: [1], toMember: { delayMs: 5, bytesPerSecond: 1_000_000 } });
  const text = Array.from({ length: 2_000 }, (_, index) => `${index};`).join('');
  slow.socket.write(text);
  await eventually('all of it', () => slow.text().endsWith(text));
});
